//! Whether something touches what belongs to the gate itself.
//!
//! Paths are compared as they are written: `~`, `$HOME`, `.` and `..` are worked out, relative ones
//! start at the working directory. Nothing is looked up on the disk here, so a symbolic link is
//! not seen through; a path that cannot be known (`$X/config`) is opaque to the classifier anyway.
//!
//! ```text
//!   effect on files ─▶ each path it names ─┐
//!   another change, an opaque part ─▶ each word of its place in the input ─┴─▶ below a protected path,
//!                                             or, where it removes or moves a directory, above one
//! ```

use super::Installation;
use crate::domain::{Action, Effect, Span, Subject, Untrusted, Verb};
use std::{
    borrow::Cow,
    path::{Component, Path, PathBuf},
};

/// Where our own files are, unless somebody said otherwise, in any home and for the whole machine.
pub(super) const OWN: [&str; 3] =
    [".config/countersign", ".local/state/countersign", "/etc/countersign"];

/// Programs that start others on another machine, some only with one of these words.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("ssh", &[]),
    ("autossh", &[]),
    ("mosh", &[]),
    ("sftp", &[]),
    ("pssh", &[]),
    ("pdsh", &[]),
    ("clush", &[]),
    ("ansible", &[]),
    ("salt", &[]),
    ("knife", &["ssh"]),
    ("kubectl", &["exec", "cp", "debug", "run"]),
    ("oc", &["exec", "rsh", "cp", "rsync"]),
    ("aws", &["ssm", "execute-command"]),
    ("gcloud", &["ssh", "scp"]),
    ("az", &["run-command", "ssh"]),
    ("heroku", &["run"]),
    ("fly", &["ssh", "console"]),
    ("flyctl", &["ssh", "console"]),
    ("railway", &["ssh"]),
    ("doctl", &["ssh"]),
    ("eb", &["ssh"]),
    ("cf", &["ssh"]),
    ("nomad", &["exec"]),
    ("vagrant", &["ssh"]),
];

/// Where an action starts from, and what it was read from.
pub(super) struct Reach<'a> {
    cwd: &'a str,
    home: Option<&'a Path>,
    /// The text that evidence points into; empty where it is not at hand.
    text: Cow<'a, str>,
}

impl<'a> Reach<'a> {
    pub fn of(action: &'a Action, installation: &'a Installation) -> Self {
        let home = installation.home.as_deref();
        let asked = action.asker.as_ref().map_or("", |asker| asker.cwd.raw());
        let (cwd, text): (&str, Cow<'a, str>) = match &action.subject {
            Subject::Command { argv, cwd, .. } => {
                let words: Vec<&str> = argv.iter().map(Untrusted::raw).collect();
                (cwd.raw(), words.join(" ").into())
            }
            // The title is what the classifier read, word for word: a shell's line, or the call of
            // an MCP tool.
            Subject::Call { cwd, .. } => (cwd.raw(), action.title.raw().into()),
            Subject::PullRequest { .. } | Subject::Deployment { .. } | Subject::FollowUp { .. } => {
                ("", "".into())
            }
        };
        Self { cwd: if cwd.is_empty() { asked } else { cwd }, home, text }
    }

    /// Whether an effect comes from a program that was started on another machine, or copies to
    /// one. By the words in front of it in the same command, so `ssh web1 uptime; make` builds
    /// here.
    pub fn is_elsewhere(&self, effect: &Effect) -> bool {
        let copies = |word: &str| {
            let host = word.split(':').next().unwrap_or_default();
            host.len() > 1
                && host.len() < word.len()
                && !host.contains('/')
                && !word.contains("://")
        };
        if effect.service == "files" && effect.resource.raw().split_whitespace().any(copies) {
            return true;
        }
        let front = self.front(effect.evidence);
        let mut words = words(front).map(|word| word.rsplit('/').next().unwrap_or(word));
        words.any(|word| {
            let elsewhere = |(program, marks): &&(&str, &[&str])| {
                *program == word
                    && (marks.is_empty() || marks.iter().any(|mark| front.contains(mark)))
            };
            ELSEWHERE.iter().find(elsewhere).is_some()
        })
    }

    /// The command that holds an evidence, up to its end: from behind the last `;`, `&`, `|` or new
    /// line in front of it that stands outside of quotes.
    fn front(&self, evidence: Span) -> &str {
        let end = self.text.floor_char_boundary(evidence.end.min(self.text.len()));
        let start = evidence.start.min(end);
        let (mut begins, mut quote) = (0, None);
        for (at, c) in self.text[..end].char_indices().take_while(|(at, _)| *at < start) {
            match (c, quote) {
                ('"' | '\'', None) => quote = Some(c),
                (c, Some(open)) if c == open => quote = None,
                (';' | '&' | '|' | '\n', None) => begins = at + 1,
                _ => {}
            }
        }
        &self.text[begins..end]
    }

    /// Whether the command that holds an evidence names a protected path.
    pub fn mentions(&self, evidence: Span, installation: &Installation) -> bool {
        let front = self.front(evidence);
        let behind = &self.text[self.text.floor_char_boundary(evidence.end)..];
        let end = behind.find([';', '&', '|', '\n']).unwrap_or(behind.len());
        let mut all = words(front).chain(words(&behind[..end]));
        all.any(|word| self.is_protected(word, false, installation))
    }

    /// Whether anything in the input names a protected path.
    fn mentions_anywhere(&self, installation: &Installation) -> bool {
        words(&self.text).any(|word| self.is_protected(word, false, installation))
    }

    /// Whether a word, as a path, lies below something protected, or above it where `above` is set.
    fn is_protected(&self, word: &str, above: bool, installation: &Installation) -> bool {
        let Some(path) = self.resolve(word) else { return false };
        installation.protected.iter().any(|protected| {
            if protected.is_absolute() {
                let protected = lexical(protected);
                return covered(&path, &protected) || above && protected.starts_with(&path);
            }
            let whole: Vec<Component<'_>> = path.components().collect();
            let part: Vec<Component<'_>> = protected.components().collect();
            // `.claude/settings.json` itself and what is below it; `.claude` where it goes away.
            whole.windows(part.len().max(1)).any(|window| window == part)
                || above && part.len() > 1 && whole.last() == part.first()
        })
    }

    /// A word as an absolute path without `.` and `..`.
    fn resolve(&self, word: &str) -> Option<PathBuf> {
        let word = word.strip_prefix("file://").unwrap_or(word);
        if word.is_empty() || word.contains("://") {
            return None;
        }
        let from_home = ["~", "$HOME", "${HOME}"].iter().find_map(|name| {
            word.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let path = match (from_home, self.home) {
            (Some(rest), Some(home)) => home.join(rest.trim_start_matches('/')),
            // Below an unknown home the relative patterns still tell.
            (Some(rest), None) => Path::new("/~").join(rest.trim_start_matches('/')),
            (None, _) => Path::new(if self.cwd.is_empty() { "/" } else { self.cwd }).join(word),
        };
        Some(lexical(&path))
    }
}

/// A path, or a file beside it that belongs to it (`countersign.db-wal`).
fn covered(path: &Path, protected: &Path) -> bool {
    if path.starts_with(protected) {
        return true;
    }
    let (Some(name), Some(own)) = (path.file_name(), protected.file_name()) else { return false };
    let rest = name.as_encoded_bytes().strip_prefix(own.as_encoded_bytes());
    path.parent() == protected.parent() && rest.is_some_and(|rest| matches!(rest[0], b'-' | b'.'))
}

/// Without `.` and `..`, by the letters alone.
fn lexical(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// Words a path may stand in: apart by blanks, and behind `=`, `:`, quotes and redirections.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || "\"'`=:,;|&<>()[]{}".contains(c);
    text.split_whitespace().chain(text.split(apart)).filter(|word| !word.is_empty())
}

/// Whether an effect touches something protected.
pub(super) fn touches(effect: &Effect, installation: &Installation, reach: &Reach<'_>) -> bool {
    // What changes the gate by its own commands.
    if effect.service == "countersign" && effect.verb != Verb::Grant {
        return true;
    }
    let resource = effect.resource.raw();
    let because = effect.because();
    // A gate that is killed says nothing, and some hosts take that for a yes.
    if effect.service == "processes" && effect.verb != Verb::Read && words(resource).any(is_ours) {
        return true;
    }
    let goes_away =
        matches!(effect.verb, Verb::Delete | Verb::Grant) || because.contains("move it");
    let named = std::iter::once(resource).chain(words(resource));
    if effect.service == "files" {
        return named
            .into_iter()
            .any(|path| reach.is_protected(path.trim_end_matches("/*"), goes_away, installation));
    }
    // A database in a file: which, may stand anywhere in the line.
    if effect.service == "sqlite" && reach.mentions_anywhere(installation) {
        return true;
    }
    // A program of its own: what it names is no path, but its command may hold one.
    named
        .into_iter()
        .any(|word| word.contains('/') && reach.is_protected(word, false, installation))
        || reach.mentions(effect.evidence, installation)
}

/// Whether a word names our processes to `pkill` and the like, which take a part of the name.
fn is_ours(word: &str) -> bool {
    word.contains("countersign") || word.len() >= 4 && "countersign-hook".contains(word)
}

/// Whether a path as written is that one or below it.
pub(super) fn below(word: &str, path: &str) -> bool {
    lexical(Path::new(word)).starts_with(path)
}

#[cfg(test)]
mod tests {
    use super::{Reach, covered};
    use crate::policy::Installation;
    use std::path::{Path, PathBuf};

    fn hits(word: &str, above: bool) -> bool {
        let installation = Installation {
            protected: vec![
                PathBuf::from("/home/kim/.config/countersign"),
                PathBuf::from("/home/kim/state/countersign.db"),
                PathBuf::from(".claude/settings.json"),
            ],
            ..Installation::default()
        };
        let home = Path::new("/home/kim");
        let reach = Reach { cwd: "/home/kim/shop", home: Some(home), text: "".into() };
        reach.is_protected(word, above, &installation)
    }

    #[test]
    fn every_way_to_write_a_path_is_the_same_path() {
        for word in [
            "/home/kim/.config/countersign/config.toml",
            "~/.config/countersign",
            "$HOME/.config/countersign/policy.cedar",
            "../.config/countersign/x",
            ".././shop/../.config/countersign/x",
            "/home/kim//.config/./countersign/x",
            "../state/countersign.db-wal",
            "../state/countersign.db.let-through",
            ".claude/settings.json",
            "/srv/other/.claude/settings.json",
        ] {
            assert!(hits(word, false), "{word}");
        }
        for word in
            ["src/main.rs", "countersign", "~/.config/other", "../state/countersign2.db", ""]
        {
            assert!(!hits(word, false), "{word}");
        }
    }

    #[test]
    fn what_is_above_counts_only_where_it_goes_away() {
        for word in ["~", "/", "~/.config", ".claude", "/home/kim"] {
            assert!(!hits(word, false), "{word}");
            assert!(hits(word, true), "{word}");
        }
        assert!(!hits("~/shop/target", true));
    }

    #[test]
    fn a_name_that_only_begins_alike_is_another_file() {
        assert!(covered(Path::new("/a/db-wal"), Path::new("/a/db")));
        assert!(!covered(Path::new("/a/db2"), Path::new("/a/db")));
        assert!(!covered(Path::new("/b/db-wal"), Path::new("/a/db")));
    }
}
