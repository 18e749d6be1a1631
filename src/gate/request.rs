//! What a waiting process asks for, as an action in the queue.

use super::{Program, source_name};
use crate::{
    domain::{Action, Change, Diff, Environment, Part, Subject, Target, ToolMatch, Untrusted},
    text::SafeText,
};
use jiff::Timestamp;
use std::ffi::OsString;

/// Longest command, in bytes over all its arguments, that a person can be asked to read.
const LONGEST: usize = 128 * 1024;
/// Characters of the command that fit a title; the whole is in the subject.
const TITLE: usize = 160;

/// Why a command cannot even be asked for.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Nothing to run.
    #[error("no command given: countersign gate exec -- CMD ARGS…")]
    Empty,
    /// What cannot be shown faithfully cannot be approved.
    #[error("argument {0} is not UTF-8, so it cannot be shown faithfully")]
    NotText(usize),
    /// Nobody can read that.
    #[error(
        "the command is {0} bytes long; more than {LONGEST} cannot be reviewed. Put it in a file"
    )]
    TooLong(usize),
    /// No randomness for the nonce.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
}

/// A command, pinned and named, before it is put into the queue.
#[derive(Debug, Clone)]
pub struct Request {
    /// Program and arguments, as given.
    pub argv: Vec<String>,
    /// The program file and the working directory.
    pub program: Program,
    /// Who asks.
    pub tool: ToolMatch,
    /// What the agent says it is for.
    pub reason: Untrusted,
    /// The account that asks.
    pub requester: Untrusted,
    /// The host it would run on.
    pub host: String,
    /// Whether that host is production.
    pub environment: Environment,
}

impl Request {
    /// Checks that every argument can be shown.
    pub fn argv(arguments: Vec<OsString>) -> Result<Vec<String>, RequestError> {
        let length: usize = arguments.iter().map(|argument| argument.len()).sum();
        if length > LONGEST {
            return Err(RequestError::TooLong(length));
        }
        let argv: Vec<String> = arguments
            .into_iter()
            .enumerate()
            .map(|(index, argument)| {
                argument.into_string().map_err(|_| RequestError::NotText(index))
            })
            .collect::<Result<_, _>>()?;
        if argv.first().is_none_or(String::is_empty) {
            return Err(RequestError::Empty);
        }
        Ok(argv)
    }

    /// The action that waits for an answer to this request, with a fresh nonce.
    pub fn action(&self, now: Timestamp, until: Timestamp) -> Result<Action, RequestError> {
        let mut nonce = [0_u8; 16];
        getrandom::fill(&mut nonce).map_err(RequestError::NoRandomness)?;
        let source = source_name(&self.host);
        let subject = Subject::Command {
            argv: self.argv.iter().map(Untrusted::new).collect(),
            cwd: Untrusted::new(self.program.cwd().to_string_lossy()),
            program: Untrusted::new(self.program.path().to_string_lossy()),
            program_digest: self.program.digest(),
            host: Untrusted::new(&self.host),
            pid: std::process::id(),
            nonce: hex(&nonce),
            pins: Vec::new(),
        };
        let until = until.strftime("%Y-%m-%d %H:%M:%S UTC");
        Ok(Action {
            id: subject.id(&source),
            source,
            part: Part::new("commands"),
            subject,
            tool: self.tool.clone(),
            requester: self.requester.clone(),
            title: Untrusted::new(title(&self.argv)),
            description: Untrusted::new(format!(
                "{}\n\nA process waits for the answer until {until}; then it is told no.",
                if self.reason.is_empty() { "No reason was given." } else { self.reason.raw() }
            )),
            target: Target { name: Untrusted::new(&self.host), environment: self.environment },
            opened: now,
            url: Untrusted::default(),
            change: Change {
                additions: 0,
                deletions: 0,
                files: Vec::new(),
                files_complete: true,
                diff: Diff::None,
            },
            checks: Vec::new(),
            reviews: Vec::new(),
            asker: None,
            found: None,
            ruling: None,
        })
    }

    /// The command in one line that may be shown.
    pub fn shown(&self) -> SafeText {
        SafeText::line(&Untrusted::new(title(&self.argv)))
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What would run, in one line, cut where a title ends: a shell's script without the shell, and
/// any other command as one would type it.
fn title(argv: &[String]) -> String {
    let line = script(argv).unwrap_or_else(|| {
        argv.iter().map(|argument| quoted(argument)).collect::<Vec<_>>().join(" ")
    });
    let length = line.chars().count();
    if length <= TITLE {
        return line;
    }
    let kept: String = line.chars().take(TITLE).collect();
    format!("{kept} … ({} more characters)", length - TITLE)
}

/// The script of `sh -c SCRIPT` in one line: without the lines that do nothing by themselves
/// (blank ones, comments, a bare `set`).
fn script(argv: &[String]) -> Option<String> {
    let [shell, flags, script] = argv else { return None };
    let shell = shell.rsplit('/').next().unwrap_or(shell);
    let is_shell = ["sh", "bash", "dash", "zsh", "ksh"].contains(&shell);
    let flags = flags.strip_prefix('-')?.strip_suffix('c')?;
    if !is_shell || !flags.chars().all(|c| c.is_ascii_lowercase()) {
        return None;
    }
    let plain_set = |line: &str| {
        line.strip_prefix("set -")
            .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_lowercase() || "- ".contains(c)))
    };
    let works = |line: &&str| !line.is_empty() && !line.starts_with('#') && !plain_set(line);
    let lines: Vec<_> = script.lines().map(str::trim).filter(works).collect();
    let mut title = String::new();
    for line in &lines {
        if !title.is_empty() {
            let goes_on = ["do", "then", "else", "{", "(", "|", "&&", "||", ";", "\\"];
            let joint = if goes_on.iter().any(|end| title.ends_with(end)) { " " } else { "; " };
            title.push_str(joint);
        }
        title.push_str(line);
    }
    (!title.is_empty()).then_some(title)
}

fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{Request, RequestError, title};
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_title_reads_like_what_one_would_type() {
        assert_eq!(title(&strings(&["rm", "-rf", "a b", ""])), "rm -rf 'a b' ''");
        assert_eq!(title(&strings(&["echo", "it's"])), r"echo 'it'\''s'");
    }

    #[test]
    fn a_script_is_titled_by_what_it_does() {
        let text = "# tidy\nset -eu\n\nrm -rv production\nfor p in a b; do\n  touch $p\ndone\n";
        assert_eq!(
            title(&strings(&["sh", "-c", text])),
            "rm -rv production; for p in a b; do touch $p; done"
        );
        assert_eq!(title(&strings(&["/bin/bash", "-euc", "set -e; rm x"])), "set -e; rm x");
        assert_eq!(title(&strings(&["sh", "-c", "# nothing"])), "sh -c '# nothing'");
        assert_eq!(title(&strings(&["sh", "-c", "echo $1", "x", "y"])), "sh -c 'echo $1' x y");
    }

    #[test]
    fn a_long_command_says_how_much_is_cut() {
        let text = title(&strings(&["echo", &"x".repeat(500)]));
        assert!(text.ends_with("(345 more characters)"), "{text}");
    }

    #[test]
    fn what_cannot_be_shown_cannot_be_asked_for() {
        let hidden = vec![OsString::from("ls"), OsString::from_vec(vec![0xff])];
        assert!(matches!(Request::argv(hidden), Err(RequestError::NotText(1))));
        assert!(matches!(Request::argv(Vec::new()), Err(RequestError::Empty)));
        let long = vec![OsString::from("x".repeat(200_000))];
        assert!(matches!(Request::argv(long), Err(RequestError::TooLong(200_000))));
    }
}
