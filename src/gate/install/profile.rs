//! What is known of a host: where it reads its hooks, in what form, and how it treats them.

use super::json::Json;

/// For whom a file of a host counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One account on this machine.
    User,
    /// One project, for whoever works in it.
    Project,
    /// Everybody on this machine; only an administrator can change it.
    Managed,
}

impl Scope {
    /// As the option is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
            Self::Managed => "managed",
        }
    }
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The home directory.
    Home,
    /// The directory a variable names; where it is not set, this one below the home directory.
    Variable(&'static str, &'static str),
    /// The project's top directory.
    Project,
    /// The top of the file system.
    Root,
}

/// What lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A file with other things in it, too.
    File,
    /// A directory: every `*.json` in it is an agent of its own and needs the hook.
    Agents,
}

/// A place a host reads hooks from.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// For whom it counts.
    pub scope: Scope,
    /// Where its path begins.
    pub base: Base,
    /// The rest of its path.
    pub below: &'static str,
    /// A file, or a directory of them.
    pub holds: Holds,
    /// How hooks are written there.
    pub form: &'static Form,
}

/// How a file holds a hook.
#[derive(Debug)]
pub enum Form {
    /// In JSON.
    Json(JsonForm),
    /// As a program of the host's own language, a file of ours.
    Plugin,
}

/// How a JSON file holds a hook.
#[derive(Debug)]
pub struct JsonForm {
    /// The lists it stands in, one an event.
    pub lists: &'static [EventList],
    /// Whether an element of such a list is a group that has the hooks in its own `hooks`.
    pub grouped: bool,
    /// Where a hook has its command.
    pub command: &'static [&'static str],
    /// The `version` such a file must have.
    pub version: Option<FileVersion>,
    /// The member that makes the host treat a failing hook as a refusal, with its value.
    pub closed_by: Option<(&'static str, &'static str)>,
    /// An element of the list.
    pub entry: fn(&Filling) -> Json,
}

/// A list of hooks.
#[derive(Debug, Clone, Copy)]
pub struct EventList {
    /// The names on the way to it, the event last.
    pub path: &'static [&'static str],
    /// The adapter that answers there, where it is not the host's first one.
    pub adapter: Option<&'static str>,
}

/// The `version` of a file of hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileVersion {
    /// A number.
    Number(u64),
    /// A word.
    Word(&'static str),
}

impl FileVersion {
    /// As it is written.
    pub fn json(self) -> Json {
        match self {
            Self::Number(number) => Json::Number(number),
            Self::Word(word) => Json::text(word),
        }
    }
}

/// What differs from one installation to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// The command, ready for a shell.
    pub command: String,
    /// Seconds the host waits.
    pub seconds: u64,
}

/// The shell a host hands the command to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// `sh -c`
    Sh,
    /// `bash -c`
    Bash,
    /// `$SHELL -lc`
    Login,
}

/// What a host does with the tool call then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// It does not run.
    Closed,
    /// Nobody here knows.
    Unknown,
    /// It runs.
    Open,
}

impl Ends {
    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Unknown => "unknown",
            Self::Open => "open",
        }
    }
}

/// A version as hosts number theirs.
pub type Version = [u32; 3];

/// How a host of some versions treats a hook that fails.
#[derive(Debug, Clone, Copy)]
pub struct Behaviour {
    /// The first such version; none where it was always so.
    pub since: Option<Version>,
    /// When the hook crashes, or cannot be started.
    pub crash: Ends,
    /// When it does not answer in time.
    pub timeout: Ends,
}

/// Whether the calls of an agent's own agents pass through the hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covered {
    /// They do.
    Yes,
    /// They do not, or not all.
    No,
    /// Nobody here knows.
    Unknown,
}

impl Covered {
    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// A switch in a host's own settings that turns hooks off.
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// The path of names to it.
    pub path: &'static [&'static str],
    /// The value, as JSON, with which hooks are off.
    pub off: &'static str,
    /// Whether hooks of the managed place go on all the same.
    pub managed_stay: bool,
}

/// A host.
#[derive(Debug)]
pub struct Profile {
    /// Its name on the command line.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What its programs are called.
    pub programs: &'static [&'static str],
    /// Directories that are there where it was used, below the home directory.
    pub traces: &'static [&'static str],
    /// Where it reads hooks.
    pub places: &'static [Place],
    /// Other files and directories that decide whether hooks run.
    pub guarded: &'static [(Base, &'static str)],
    /// The shell it hands the command to.
    pub shell: Shell,
    /// Seconds it waits where no adapter says otherwise.
    pub seconds: u64,
    /// How it treats a hook that fails, when it is installed as here; newest version first.
    pub behaviours: &'static [Behaviour],
    /// The same for a hook without the closing member.
    pub unclosed: Behaviour,
    /// Whether its agents' agents are covered, and what is known of it.
    pub subagents: (Covered, &'static str),
    /// Switches that turn hooks off.
    pub switches: &'static [Switch],
    /// What else somebody who relies on it has to know.
    pub notes: &'static [&'static str],
    /// What has to be done by hand after installing.
    pub then: Option<&'static str>,
    /// Where this was read.
    pub source: &'static str,
    /// What it sends before it runs a shell command; `@COMMAND@` and `@CWD@` stand for JSON
    /// strings.
    pub probe: &'static str,
    /// Whether it would leave the call alone after this answer.
    pub refuses: fn(&Answered) -> bool,
}

/// What a hook's process left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answered {
    /// Exit status; none where a signal ended it.
    pub status: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Profile {
    /// How this version treats a failing hook. Where the version is not known and it depends on
    /// it, that is not known either.
    pub fn behaviour(&self, version: Option<Version>, closed: bool) -> Behaviour {
        if !closed {
            return self.unclosed;
        }
        let applies = |behaviour: &&Behaviour| match (behaviour.since, version) {
            (None, _) => true,
            (Some(since), Some(version)) => version >= since,
            (Some(_), None) => false,
        };
        let known = self.behaviours.iter().find(applies).copied().unwrap_or(self.unclosed);
        if version.is_some() {
            return known;
        }
        let all = |ends: fn(&Behaviour) -> Ends| {
            let same = self.behaviours.iter().all(|behaviour| ends(behaviour) == ends(&known));
            if same { ends(&known) } else { Ends::Unknown }
        };
        Behaviour { since: None, crash: all(|b| b.crash), timeout: all(|b| b.timeout) }
    }
}
