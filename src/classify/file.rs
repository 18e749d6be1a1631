//! What a tool does to a file without a shell, judged as what a shell would do to it.
//!
//! ```text
//!   path + FileWork ─▶ cat > 'path'   cat >> 'path'   rm   mv   cat 'path' ─▶ shell ─▶ effects
//!                   └▶ guards: who decides what an agent may do, what others run ─▶ a grant
//! ```
//!
//! So a file that the shell or git runs later, a key, a device or a file of the system weighs the
//! same whichever tool writes it.

use super::{Data, Judge, Variables, Word, diff};
use crate::domain::Verb;

/// What is done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileWork<'a> {
    /// It is looked at.
    Read,
    /// It holds this from then on, if that is known.
    Whole(Option<&'a str>),
    /// A part of it is changed; the rest is not known.
    Part,
    /// It is removed.
    Gone,
    /// It has this name from then on.
    MovedTo(&'a str),
}

/// Longer contents are not looked into.
const LONGEST: usize = 64 * 1024;

/// Files that run elsewhere with the rights of others, or decide which tools an agent has and
/// what holds it back, beside those that the judge of diffs knows. Parts of paths.
const GUARDED: &[(&str, &str)] = &[
    (".github/workflows/", "it runs in CI, with its secrets"),
    (".github/actions/", "it runs in CI, with its secrets"),
    (".gitlab-ci.yml", "it runs in CI, with its secrets"),
    (".circleci/", "it runs in CI, with its secrets"),
    (".buildkite/", "it runs in CI, with its secrets"),
    ("azure-pipelines.yml", "it runs in CI, with its secrets"),
    ("bitbucket-pipelines.yml", "it runs in CI, with its secrets"),
    ("Jenkinsfile", "it runs in CI, with its secrets"),
    (".config/countersign/", "who has to sign is decided there"),
    (".local/state/countersign/", "what was decided is kept there"),
    (".local/share/countersign/", "what was decided is kept there"),
    ("etc/countersign/", "who has to sign is decided there"),
    (".claude/hooks", "the hooks that hold an agent back are there"),
    (".claude.json", "which tools an agent may call is decided there"),
    ("etc/claude-code/", "the hooks that hold an agent back are configured there"),
    (".cursor/mcp.json", "which tools an agent may call is decided there"),
    ("etc/cursor/", "the hooks that hold an agent back are configured there"),
    ("etc/codex/", "the hooks that hold an agent back are configured there"),
    ("etc/gemini-cli/", "the hooks that hold an agent back are configured there"),
    (".gemini/trustedFolders.json", "which folders may run code is decided there"),
    (".amazonq/", "the hooks that hold an agent back are configured there"),
    (".aws/amazonq/", "the hooks that hold an agent back are configured there"),
    (".copilot/", "the hooks that hold an agent back are configured there"),
    (".github/copilot/", "the hooks that hold an agent back are configured there"),
    ("etc/github-copilot/", "the hooks that hold an agent back are configured there"),
    (".codeium/windsurf/", "the hooks that hold an agent back are configured there"),
    ("etc/windsurf/", "the hooks that hold an agent back are configured there"),
    (".config/devin/", "the hooks that hold an agent back are configured there"),
    (".opencode/", "the hooks that hold an agent back are configured there"),
    (".config/opencode/", "the hooks that hold an agent back are configured there"),
    ("opencode.json", "which plugins an agent has is decided there"),
    (".config/git/", "git runs what is named there"),
    (".gitconfig", "git runs what is named there"),
    (".git/config", "git runs what is named there"),
    (".ssh/config", "ssh runs what is named there"),
    (".config/systemd/", "it is run without being asked"),
    (".config/autostart/", "it is run without being asked"),
    ("Library/LaunchAgents/", "it is run without being asked"),
    ("Library/LaunchDaemons/", "it is run without being asked"),
];

/// Judges what is done to a file.
pub(super) fn touch(path: &Word, work: FileWork<'_>, judge: &mut Judge<'_>) {
    let (span, name) = (path.span(), quoted(path.text()));
    let mut stdin = Data::Unknown(span);
    let script = match work {
        FileWork::Read => format!("cat -- {name}"),
        FileWork::Whole(text) => {
            if let Some(text) = text.filter(|text| text.len() <= LONGEST) {
                stdin = Data::Text(Word::made(text.to_owned(), span));
            }
            format!("cat > {name}")
        }
        FileWork::Part => format!("cat >> {name}"),
        FileWork::Gone => format!("rm -- {name}"),
        FileWork::MovedTo(other) => format!("mv -- {name} {}", quoted(other)),
    };
    judge.script(&Word::made(script, span), &Variables::default(), &stdin);
    if work == FileWork::Read {
        return;
    }
    if let Some(why) = guarded(path.text()) {
        let back = format!("write what it held before; {why}");
        judge.changes(Verb::Grant, "protected-file", path.text(), span, back);
    }
}

/// Why a file is more than a file, if it is.
fn guarded(path: &str) -> Option<&'static str> {
    let here = |(part, _): &&(&str, &str)| {
        path.starts_with(part)
            || path.match_indices('/').any(|(at, _)| path[at + 1..].starts_with(part))
    };
    diff::protected(path).or_else(|| GUARDED.iter().find(here).map(|(_, why)| *why))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
