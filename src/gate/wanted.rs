//! What an agent wants to do with a tool, and what that would do.
//!
//! ```text
//!   hook payload, MCP call ─▶ Wanted ─▶ assess ─(classify)─▶ Assessment
//!                               │ a line, files, a call, addresses: as a shell would do it
//!                               └ what nobody can judge from here: opaque, and says why
//! ```

use super::Written;
use crate::{
    classify::{self, FileWork, Setting},
    domain::{
        Assessment, Effect, Environment, Opaque, Reversibility, Span, Untrusted, Verb, Words,
    },
};
use serde_json::Value;

/// Names of files and addresses that a title tells; it says how many more there are.
const TOLD: usize = 3;
/// What the classifier knows a call of an MCP tool by, in front of its title.
const CALL: &str = "mcp:";

/// What a tool call comes to, whatever its host calls the tool.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// A line for a shell.
    Shell {
        /// The line.
        command: String,
    },
    /// Files are written, moved or removed, by the host's own tools.
    Write {
        /// What is done to each.
        files: Vec<Written>,
    },
    /// Files are read, searched or listed; nothing leaves the machine but to the model.
    Look {
        /// Their paths; none where a whole folder is searched or listed.
        paths: Vec<String>,
    },
    /// A tool of an MCP server.
    Mcp {
        /// The server's name; empty where the host does not say.
        server: String,
        /// The tool's.
        tool: String,
        /// Its arguments.
        arguments: Value,
    },
    /// Addresses are fetched. What stands in an address leaves the machine with it.
    Fetch {
        /// The addresses.
        urls: Vec<String>,
    },
    /// The vendor's search engine is asked.
    Search {
        /// For what.
        query: String,
    },
    /// The host's own business that touches nothing outside it: its to-do list, its plan, an event
    /// that is no call at all.
    Own,
    /// A tool that is known, but not what it will do.
    Unseen {
        /// Its name.
        tool: String,
        /// Why nobody can tell from here.
        because: Words,
    },
    /// A tool nobody here knows.
    Unknown {
        /// Its name.
        tool: String,
    },
}

impl Wanted {
    /// What it would do.
    pub fn assess(&self, setting: &Setting<'_>) -> Assessment {
        match self {
            Self::Shell { command } => classify::command(command, setting),
            Self::Write { files } => all(files.iter().map(|file| file.assess(setting))),
            Self::Look { paths } => {
                all(paths.iter().map(|path| classify::file(path, FileWork::Read, setting)))
            }
            Self::Own => Assessment::default(),
            Self::Mcp { server, tool, arguments } => {
                if !is_name(server) && !server.is_empty() || !is_name(tool) {
                    return opaque("the name of the tool cannot be told from other words".into());
                }
                let title = format!("{CALL}{server}/{tool} {arguments}");
                moved(classify::command(&title, setting), CALL.len())
            }
            Self::Fetch { urls } if urls.is_empty() => {
                opaque("which address is fetched is not known".into())
            }
            Self::Fetch { urls } => {
                all(urls.iter().map(|url| classify::argv(&["curl", "--", url], setting)))
            }
            Self::Search { query } => searched(query, setting.environment),
            Self::Unseen { because, .. } => opaque(because.clone()),
            Self::Unknown { tool } => {
                opaque(format!("the tool {} is not known here", tool.escape_debug()).into())
            }
        }
    }

    /// It in one line, as one would type it. Evidence of a line or an MCP call points into it.
    pub fn title(&self) -> Untrusted {
        match self {
            Self::Shell { command } => command.as_str().into(),
            Self::Write { files } => told(files.iter().map(Written::told)).into(),
            Self::Look { paths } if paths.is_empty() => "look at files".into(),
            Self::Look { paths } => format!("read {}", told(paths.iter().cloned())).into(),
            Self::Own => "the agent's own business".into(),
            Self::Mcp { server, tool, arguments } => format!("{server}/{tool} {arguments}").into(),
            Self::Fetch { urls } => format!("fetch {}", told(urls.iter().cloned())).into(),
            Self::Search { query } => format!("search the web for {query}").into(),
            Self::Unseen { tool, .. } | Self::Unknown { tool } => tool.as_str().into(),
        }
    }
}

/// The first few, and how many more.
fn told(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(TOLD);
    let first: Vec<String> = items.take(TOLD).collect();
    match more {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// A name that ends where the classifier of MCP calls takes it to end.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:@/".contains(c))
}

fn all(parts: impl Iterator<Item = Assessment>) -> Assessment {
    let mut whole = Assessment::default();
    for part in parts {
        whole.effects.extend(part.effects);
        whole.opaque.extend(part.opaque);
    }
    // Where it stands in a text that nobody is shown says nothing.
    whole.effects.iter_mut().for_each(|effect| effect.evidence = Span::default());
    whole.opaque.iter_mut().for_each(|opaque| opaque.evidence = Span::default());
    whole
}

/// With evidence in a text that lacks so many bytes at its beginning.
fn moved(mut found: Assessment, by: usize) -> Assessment {
    let effects = found.effects.iter_mut().map(|effect| &mut effect.evidence);
    for span in effects.chain(found.opaque.iter_mut().map(|opaque| &mut opaque.evidence)) {
        *span = Span::new(span.start.saturating_sub(by), span.end.saturating_sub(by));
    }
    found
}

fn opaque(because: Words) -> Assessment {
    Assessment { effects: Vec::new(), opaque: vec![Opaque { evidence: Span::default(), because }] }
}

fn searched(query: &str, environment: Environment) -> Assessment {
    let effect = Effect {
        verb: Verb::Read,
        service: "web".into(),
        resource: query.into(),
        environment,
        reversible: Reversibility::Unchanged,
        evidence: Span::default(),
    };
    Assessment { effects: vec![effect], opaque: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use crate::{
        classify::Setting,
        domain::{Assessment, Class, Verb},
        gate::{Edit, Written},
    };
    use serde_json::json;

    fn assess(wanted: &Wanted) -> Assessment {
        wanted.assess(&Setting::default())
    }

    fn written(path: &str, change: Edit) -> Wanted {
        Wanted::Write { files: vec![Written::new(path, "/work", change)] }
    }

    fn whole(path: &str, text: &str) -> Wanted {
        written(path, Edit::Whole(Some(text.to_owned())))
    }

    #[test]
    fn a_file_of_the_project_is_written_with_a_way_back() {
        let found = assess(&whole("src/a.rs", "fn main() {}"));
        assert_eq!(found.class(), Class::Mutating);
        let [effect] = found.effects.as_slice() else { panic!("{found:?}") };
        assert_eq!((&*effect.service, effect.resource.raw()), ("files", "/work/src/a.rs"));
        assert!(effect.because().contains("version control"), "{}", effect.because());
    }

    #[test]
    fn a_file_elsewhere_is_not_said_to_be_under_version_control() {
        for path in ["/srv/www/index.html", "../other/a.rs", "~/notes.txt"] {
            let found = assess(&whole(path, "x"));
            assert_eq!(found.class(), Class::Mutating, "{path}");
            let silent = found.effects.iter().all(|e| !e.because().contains("version control"));
            assert!(silent, "{path}: {found:?}");
        }
    }

    #[test]
    fn what_is_run_later_is_read_as_what_it_will_run() {
        let harmless = assess(&whole("/home/robin/.bashrc", "alias ll='ls -l'\n"));
        assert_eq!(harmless.class(), Class::Mutating);
        let harm = assess(&whole("/home/robin/.bashrc", "aws s3 rb s3://backups --force\n"));
        assert_eq!(harm.class(), Class::Destructive);
        for path in ["/home/robin/.bashrc", ".git/hooks/pre-commit", ".envrc"] {
            assert_eq!(assess(&written(path, Edit::Part)).class(), Class::Opaque, "{path}");
        }
    }

    #[test]
    fn what_decides_over_agents_or_runs_elsewhere_is_a_grant() {
        for path in [
            "/home/robin/.claude/settings.json",
            ".cursor/hooks.json",
            ".github/workflows/ci.yml",
            "/home/robin/.config/countersign/policy.cedar",
            "/home/robin/.local/state/countersign/countersign.db",
            "/etc/claude-code/managed-settings.json",
            ".kiro/agents/default.json",
            ".opencode/plugins/countersign.js",
            ".git/config",
            "/home/robin/.config/systemd/user/x.service",
        ] {
            let found = assess(&whole(path, "x"));
            let granted = found.effects.iter().any(|effect| effect.verb == Verb::Grant);
            assert!(granted, "{path}: {found:?}");
        }
        let plain = assess(&whole(".kiro/specs/login/design.md", "x"));
        assert!(plain.effects.iter().all(|effect| effect.verb != Verb::Grant), "{plain:?}");
    }

    #[test]
    fn keys_and_the_system_are_not_just_files() {
        let keys = assess(&whole("/home/robin/.ssh/authorized_keys", "ssh-ed25519 AAAA x"));
        assert_eq!(keys.class(), Class::Destructive);
        assert_eq!(assess(&whole("/usr/bin/ls", "x")).class(), Class::Destructive);
        assert_eq!(assess(&written("/etc/cron.d/x", Edit::Whole(None))).class(), Class::Opaque);
    }

    #[test]
    fn removing_is_as_grave_as_in_a_shell_and_moving_can_be_undone() {
        assert_eq!(assess(&written("src/a.rs", Edit::Gone)).class(), Class::Destructive);
        let to = Edit::MovedTo("src/b.rs".to_owned());
        assert_eq!(assess(&written("src/a.rs", to)).class(), Class::Mutating);
        let to = Edit::MovedTo("/home/robin/.bashrc".to_owned());
        assert_eq!(assess(&written("src/a.rs", to)).class(), Class::Opaque);
    }

    #[test]
    fn looking_is_harmless_but_for_secrets() {
        let look = |path: &str| assess(&Wanted::Look { paths: vec![path.to_owned()] });
        assert_eq!(look("/work/README.md").class(), Class::ReadOnly);
        assert_eq!(look("/home/robin/.aws/credentials").effects[0].verb, Verb::Reveal);
        let it = look("/work/it's; rm -rf x");
        assert_eq!(it.class(), Class::ReadOnly, "{it:?}");
    }

    #[test]
    fn an_address_is_judged_as_curl_would_use_it() {
        let fetch = |url: &str| assess(&Wanted::Fetch { urls: vec![url.to_owned()] }).class();
        assert_eq!(fetch("https://docs.rs/serde"), Class::ReadOnly);
        assert_eq!(fetch("-o/home/robin/.bashrc"), Class::ReadOnly);
        assert_eq!(assess(&Wanted::Fetch { urls: Vec::new() }).class(), Class::Opaque);
    }

    #[test]
    fn a_name_with_other_words_in_it_is_nobodys_tool() {
        let call = |tool: &str| {
            let (server, tool) = ("x".to_owned(), tool.to_owned());
            assess(&Wanted::Mcp { server, tool, arguments: json!({}) }).class()
        };
        assert_eq!(call("list_items"), Class::ReadOnly);
        for odd in ["list_items {}", "list items", "", "list\u{200b}items"] {
            assert_eq!(call(odd), Class::Opaque, "{odd}");
        }
    }

    #[test]
    fn evidence_of_a_call_points_into_its_title() {
        let (server, tool) = ("fs".to_owned(), "write_file".to_owned());
        let arguments = json!({"path": "/etc/passwd", "content": "x"});
        let wanted = Wanted::Mcp { server, tool, arguments };
        let (found, title) = (assess(&wanted), wanted.title());
        let evidence = found.effects[0].evidence;
        let words = title.raw().get(evidence.start..evidence.end).unwrap();
        assert!(title.raw().starts_with(words) || words.contains("write_file"), "{words}");
    }

    #[test]
    fn a_title_of_many_files_tells_how_many() {
        let files = ["a", "b", "c", "d", "e"].map(|p| Written::new(p, "/w", Edit::Part));
        let title = Wanted::Write { files: files.to_vec() }.title();
        assert_eq!(title.raw(), "edit /w/a, edit /w/b, edit /w/c and 2 more");
    }
}
