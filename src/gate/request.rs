//! What a waiting process asks for, as an action in the queue.

use super::{
    Guard, Program, ProgramError, RequestFault, Surroundings, beside::Beside, guard::Unruled,
    operands, plan::Plan, source_name,
};
use crate::{
    classify::{self, Files, NoFiles, Setting},
    domain::{
        Action, Asker, Assessment, Change, Diff, Part, Pin, Place, PlaceKind, Subject, Target,
        ToolMatch, Untrusted, nonce,
    },
    policy::Staging,
    text::{SafeText, hidden_in},
};
use jiff::Timestamp;
use std::{ffi::OsString, sync::Arc};

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
    /// The environment it will get.
    pub surroundings: Surroundings,
    /// What the agent says it is for.
    pub reason: Untrusted,
    /// What the agent says it lands on.
    pub target: Option<String>,
    /// What is known of who asks.
    pub asker: Asker,
    /// Files it depends on, as they were when it was looked at.
    pub(super) pins: Vec<Pin>,
    /// What it would do.
    pub(super) found: Assessment,
    /// The plan it applies, if it applies one.
    pub(super) plan: Option<Arc<Plan>>,
}

impl Request {
    /// A command that asks for leave.
    pub fn new(
        argv: Vec<String>,
        program: Program,
        tool: ToolMatch,
        surroundings: Surroundings,
    ) -> Self {
        Self {
            argv,
            program,
            tool,
            surroundings,
            reason: Untrusted::default(),
            target: None,
            asker: Asker::default(),
            pins: Vec::new(),
            found: Assessment::default(),
            plan: None,
        }
    }

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

    /// Judges the command and pins the files it depends on.
    pub(super) fn look(&mut self, guard: &Guard) -> Result<(), ProgramError> {
        let cwd = self.program.cwd().to_owned();
        let beside = Beside::new(&cwd);
        self.found = self.judged(&self.argv, &beside, guard);
        for path in self.program.interpreters() {
            beside
                .pin_program(path.clone())
                .map_err(|why| ProgramError::Unreadable { path: path.clone(), why })?;
        }
        for name in operands::files(&self.argv) {
            beside.pin(name);
        }
        self.pins = beside.pins();
        Ok(())
    }

    /// What a command would do in the place of this one.
    fn judged(&self, argv: &[String], files: &dyn Files, guard: &Guard) -> Assessment {
        let setting = Setting {
            files,
            places: &*guard.places,
            environment: self.landing(guard).environment,
            ..Setting::default()
        };
        let words: Vec<&str> = argv.iter().map(String::as_str).collect();
        classify::argv_with(&words, &self.surroundings.for_classifier(), &setting)
    }

    /// What it lands on. An agent's word can only make it stricter.
    pub(super) fn landing(&self, guard: &Guard) -> Target {
        let Some(name) = &self.target else {
            let (name, environment) = (guard.host.as_str().into(), guard.environment);
            return Target { name, environment };
        };
        let place = Place { kind: PlaceKind::Name, name: name.into() };
        let environment = guard.places.environment(&place).min(guard.environment);
        Target { name: name.as_str().into(), environment }
    }

    /// Another command of the same agent, as an action that was put to policy: what the gate
    /// itself would run first.
    pub(super) fn errand(
        &self,
        argv: Vec<String>,
        guard: &Guard,
        now: Timestamp,
    ) -> Result<Action, RequestFault> {
        let found = self.judged(&argv, &NoFiles, guard);
        let other = Self { argv, found, plan: None, ..self.clone() };
        other.action(guard, Staging::Unknown, now)
    }

    /// The action that asks for leave, with a fresh nonce, put to policy.
    pub(super) fn action(
        &self,
        guard: &Guard,
        staging: Staging,
        now: Timestamp,
    ) -> Result<Action, RequestFault> {
        let source = source_name(&guard.host);
        let mut pins = self.surroundings.pins();
        pins.extend(self.pins.iter().cloned());
        pins.extend(self.plan.as_ref().map(|plan| plan.pin()));
        let argv = self.plan.as_ref().map_or(&self.argv, |plan| &plan.argv);
        let subject = Subject::Command {
            argv: argv.iter().map(Untrusted::new).collect(),
            cwd: Untrusted::new(self.program.cwd().to_string_lossy()),
            program: Untrusted::new(self.program.path().to_string_lossy()),
            program_digest: self.program.digest(),
            host: Untrusted::new(&guard.host),
            pid: std::process::id(),
            nonce: nonce().map_err(RequestFault::NoRandomness)?,
            pins,
        };
        let diff = self.plan.as_ref().map_or(Diff::None, |plan| plan.shown.clone());
        let action = Action {
            id: subject.id(&source),
            source,
            part: Part::new("commands"),
            subject,
            tool: self.tool.clone(),
            requester: guard.requester.clone(),
            authors: Vec::new(),
            title: Untrusted::new(title(&self.argv)),
            description: self.reason.clone(),
            target: self.landing(guard),
            opened: now,
            url: Untrusted::default(),
            change: Change {
                additions: 0,
                deletions: 0,
                files: Vec::new(),
                files_complete: true,
                diff,
            },
            checks: Vec::new(),
            reviews: Vec::new(),
            asker: Some(self.asker.clone()),
            found: None,
            ruling: None,
        };
        let hidden = !hidden_in(&action).is_empty();
        Ok(guard.rule(Unruled { action, found: self.found.clone(), hidden, staging }))
    }

    /// The command in one line that may be shown.
    pub fn shown(&self) -> SafeText {
        SafeText::line(&Untrusted::new(title(&self.argv)))
    }
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
