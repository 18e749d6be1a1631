//! Groups whose members a command tells: who is on call.
//!
//! ```text
//!   [groups_from] oncall ─▶ Duty ─refresh─▶ command ─▶ one name a line ─▶ STATE/groups/oncall.json
//!                                 (older than `every`?)   strict, bounded         │
//!            Roster ◀── members: no older than `at_most`, written by us ◀─────────┘
//! ```
//!
//! Everybody keeps files of their own: in a folder that several may write, one of them could put
//! themselves on call. Whatever is wrong with an answer, the group is empty and says why.

use crate::config::{Config, GroupFrom, Locations, secret::without_secrets};
use jiff::{SignedDuration, Timestamp};
use rustix::{
    fs::OFlags,
    process::{Pid, Signal},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write as _},
    os::unix::{
        fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant, SystemTime},
};

/// Bytes of an answer at most.
const LONGEST: u64 = 64 << 10;
/// People in a group at most.
const MOST: usize = 1_000;
/// Characters of a name at most.
const LONGEST_NAME: usize = 256;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// A command that failed is left alone for so long, or for `every` where that is shorter.
const PAUSE: Duration = Duration::from_mins(1);
/// A clock may be set back by so much before an answer is one from the future.
const AHEAD: SignedDuration = SignedDuration::from_mins(1);
/// What a command gets of our environment. Whatever else is there may hold secrets.
const KEPT: [&str; 8] = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

/// A group whose members a command tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The group.
    pub group: String,
    /// Who tells, how often, and how old an answer may be.
    pub from: GroupFrom,
    /// Where the answer is kept. None: there is no home directory, and so no answer.
    pub file: Option<PathBuf>,
}

/// Who is in such a group, and until when that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDuty {
    /// Its members.
    pub members: BTreeSet<String>,
    /// When the answer is too old.
    pub until: Timestamp,
    /// When the command gave it.
    pub at: Timestamp,
}

/// Why nobody is in a group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nobody is in the group {group}: {why}")]
pub struct DutyFault {
    /// The group.
    pub group: String,
    /// What is wrong.
    pub why: String,
}

/// What is kept of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    format: u32,
    at: Timestamp,
    members: BTreeSet<String>,
}

impl Duty {
    /// Those of a configuration.
    pub fn all(config: &Config) -> Vec<Self> {
        let folder = Locations::standard(None).state.map(|state| state.join("groups"));
        Self::all_in(config, folder.as_deref())
    }

    /// Those of a configuration, kept in this folder.
    pub fn all_in(config: &Config, folder: Option<&Path>) -> Vec<Self> {
        let duty = |(group, from): (&String, &GroupFrom)| Self {
            group: group.clone(),
            from: from.clone(),
            file: folder.map(|folder| folder.join(format!("{group}.json"))),
        };
        config.groups_from.iter().map(duty).collect()
    }

    fn fault(&self, why: impl Into<String>) -> DutyFault {
        DutyFault { group: self.group.clone(), why: why.into() }
    }

    fn file(&self) -> Result<&Path, DutyFault> {
        let none = "there is no home directory to keep the answer of its command in";
        self.file.as_deref().ok_or_else(|| self.fault(none))
    }

    /// Who is in it now, by the last answer.
    pub fn members(&self, now: Timestamp) -> Result<OnDuty, DutyFault> {
        let path = self.file()?;
        let kept = match read(path) {
            Ok(Some(kept)) => kept,
            Ok(None) => return Err(self.fault("its command has not answered yet")),
            Err(why) => return Err(self.fault(format!("{}: {why}", path.display()))),
        };
        let at_most = SignedDuration::try_from(self.from.at_most()).unwrap_or(SignedDuration::ZERO);
        let until = kept.at.checked_add(at_most).unwrap_or(kept.at);
        let when = kept.at.strftime("%Y-%m-%d %H:%M UTC");
        if until <= now {
            let limit = &self.from.at_most;
            return Err(self.fault(format!(
                "the last answer of its command is from {when}, older than {limit}"
            )));
        }
        if kept.at.duration_since(now) > AHEAD {
            return Err(self.fault(format!("the last answer is from {when}, which is yet to come")));
        }
        Ok(OnDuty { members: kept.members, until, at: kept.at })
    }

    /// Asks the command where the last answer is older than `every`; says whether it did. Takes up to
    /// ten seconds. Where it fails, the last answer stays until it is too old.
    pub fn refresh(&self, now: Timestamp) -> Result<bool, DutyFault> {
        let path = self.file()?;
        let every = self.from.every();
        if let Ok(last) = self.members(now)
            && now.duration_since(last.at).unsigned_abs() < every
        {
            return Ok(false);
        }
        let io = |why: io::Error| self.fault(format!("{}: {why}", path.display()));
        if let Some(folder) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
        }
        let lock = beside(path, ".asking");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600).custom_flags(careful());
        let lock = options.open(&lock).map_err(io)?;
        // Somebody else is just asking.
        if lock.try_lock().is_err() {
            return Ok(false);
        }
        let tried = lock.metadata().and_then(|about| about.modified()).map_err(io)?;
        let is_new = lock.metadata().is_ok_and(|about| about.len() == 0);
        let lately = tried.elapsed().is_ok_and(|age| age < every.min(PAUSE));
        if lately && !is_new {
            return Ok(false);
        }
        (&lock).write_all(b".").and_then(|()| lock.set_modified(SystemTime::now())).map_err(io)?;
        let answer = ask(&self.from.command).and_then(|answer| names(&answer));
        let members = answer.map_err(|why| self.fault(format!("its command failed: {why}")))?;
        let kept = Kept { format: 1, at: Timestamp::now(), members };
        write(path, &kept).map_err(io)?;
        Ok(true)
    }
}

/// The names of an answer: one a line, and nothing else.
fn names(answer: &[u8]) -> Result<BTreeSet<String>, String> {
    let text = str::from_utf8(answer).map_err(|_| "its answer is not UTF-8".to_owned())?;
    let mut names = BTreeSet::new();
    for (at, line) in text.lines().enumerate() {
        let plain = |c: char| c.is_alphanumeric() || "-_.@+:".contains(c);
        let is_name = !line.is_empty()
            && line.chars().count() <= LONGEST_NAME
            && line.chars().all(plain)
            && !line.starts_with('-');
        if !is_name {
            return Err(format!(
                "line {} of its answer is no name: letters, digits and -_.@+: are",
                at + 1
            ));
        }
        names.insert(line.to_owned());
    }
    if names.len() > MOST {
        return Err(format!("it names {} people, more than {MOST}", names.len()));
    }
    Ok(names)
}

/// Runs the command in a process group of its own, and ends all of it when its time is over.
fn ask(argv: &[String]) -> Result<Vec<u8>, String> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err("it is empty".to_owned());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    let group = Pid::from_child(&child);
    let (out, errors) = (listen(child.stdout.take()), listen(child.stderr.take()));
    let until = Instant::now() + PATIENCE;
    let ended: Option<io::Result<ExitStatus>> = loop {
        match child.try_wait() {
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            Ok(None) => break None,
            Ok(Some(status)) => break Some(Ok(status)),
            Err(error) => break Some(Err(error)),
        }
    };
    // Also what it left behind: that would hold its output open.
    let _ = rustix::process::kill_process_group(group, Signal::KILL);
    let Some(ended) = ended else {
        let _ = child.wait();
        return Err(format!("it did not end within {} s", PATIENCE.as_secs()));
    };
    let status = ended.map_err(|error| error.to_string())?;
    let heard = |from: mpsc::Receiver<Vec<u8>>| {
        from.recv_timeout(Duration::from_secs(1)).map_err(|_| "its output never ended".to_owned())
    };
    // Before its status: whoever is listened to no longer may be ended by just that.
    let answer = heard(out);
    if answer.as_ref().is_ok_and(|answer| answer.len() as u64 > LONGEST) {
        return Err("its answer is longer than 64 KiB".to_owned());
    }
    if !status.success() {
        // Its answer is not repeated; only what it complained about.
        let said = heard(errors).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let said: String = without_secrets(said.trim()).chars().take(200).collect();
        return Err(format!("{status}: {said}"));
    }
    answer
}

/// Reads a stream in the background: as much of it as counts, and one byte.
fn listen(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (said, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = (&mut stream).take(LONGEST + 1).read_to_end(&mut bytes);
        }
        let _ = said.send(bytes);
    });
    heard
}

/// An answer that was kept by us, or by root, where nobody else could change it.
fn read(path: &Path) -> Result<Option<Kept>, String> {
    let mut options = OpenOptions::new();
    let file = match options.read(true).custom_flags(careful()).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|error| error.to_string())?,
    };
    let about = file.metadata().map_err(|error| error.to_string())?;
    let us = rustix::process::geteuid().as_raw();
    if !about.is_file() || about.mode() & 0o022 != 0 || ![us, 0].contains(&about.uid()) {
        return Err("others than us could have written it; remove it".to_owned());
    }
    let mut text = String::new();
    let taken = file.take(LONGEST * 4).read_to_string(&mut text);
    taken.map_err(|error| error.to_string())?;
    let kept: Kept = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if kept.format != 1 || kept.members.len() > MOST {
        return Err("it is of another countersign".to_owned());
    }
    Ok(Some(kept))
}

/// Written anew and renamed: whoever reads sees the old answer or the new one.
fn write(path: &Path, kept: &Kept) -> io::Result<()> {
    let new = beside(path, "-new");
    let _ = fs::remove_file(&new);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).custom_flags(careful());
    let mut file: File = options.open(&new)?;
    file.write_all(serde_json::to_string(kept)?.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// Follows no link, and waits for nothing.
fn careful() -> i32 {
    let flags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
    i32::try_from(flags.bits()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Duty, names};
    use crate::config::GroupFrom;
    use jiff::{SignedDuration, Timestamp};
    use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

    fn duty(folder: &Path, script: &str) -> Duty {
        let command = ["sh", "-c", script].map(str::to_owned).to_vec();
        let from = GroupFrom { command, every: "5m".to_owned(), at_most: "1h".to_owned() };
        let file = Some(folder.join("groups/oncall.json"));
        Duty { group: "oncall".to_owned(), from, file }
    }

    fn members(duty: &Duty, now: Timestamp) -> Result<Vec<String>, String> {
        let found = duty.members(now).map_err(|fault| fault.to_string())?;
        Ok(found.members.into_iter().collect())
    }

    #[test]
    fn who_is_on_call_is_asked_kept_and_too_old_after_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let duty = duty(folder.path(), "echo rowan; echo kim@example.com");
        let now = Timestamp::now();
        assert!(members(&duty, now).unwrap_err().contains("not answered yet"));
        assert_eq!(duty.refresh(now), Ok(true));
        assert_eq!(duty.refresh(Timestamp::now()), Ok(false), "it is fresh");
        assert_eq!(members(&duty, now).unwrap(), ["kim@example.com", "rowan"]);
        let later = now + SignedDuration::from_mins(61);
        assert!(members(&duty, later).unwrap_err().contains("older than 1h"));
        let before = now - SignedDuration::from_mins(5);
        assert!(members(&duty, before).unwrap_err().contains("yet to come"));
    }

    #[test]
    fn an_answer_that_is_not_one_name_a_line_is_none() {
        for answer in
            ["rowan kim", "rowan,kim", "*", "rowan\n\nkim", "# on call", "-x", "a\u{202e}"]
        {
            assert!(names(answer.as_bytes()).is_err(), "{answer}");
        }
        assert!(names(b"\xff").is_err());
        assert!(names("x".repeat(300).as_bytes()).is_err());
        assert!(names("a1\n".repeat(9).as_bytes()).unwrap().len() == 1);
        assert_eq!(names(b"").unwrap().len(), 0, "nobody is on call");
    }

    #[test]
    fn a_command_that_fails_keeps_the_last_answer_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        for (script, says) in [
            ("echo no >&2; exit 3", "no"),
            ("head -c 70000 /dev/zero | tr '\\0' a", "64 KiB"),
            ("echo a b", "line 1"),
            ("exec /no/such/program", "its command failed"),
        ] {
            let duty = duty(folder.path(), script);
            let fault = duty.refresh(Timestamp::now()).unwrap_err().to_string();
            assert!(fault.contains(says), "{script}: {fault}");
            assert_eq!(duty.refresh(Timestamp::now()), Ok(false), "it is not asked at once again");
            fs::remove_dir_all(folder.path().join("groups")).unwrap();
        }
    }

    #[test]
    fn an_answer_that_others_could_have_written_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let duty = duty(folder.path(), "echo rowan");
        duty.refresh(Timestamp::now()).unwrap();
        let file = duty.file.clone().unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).unwrap();
        assert!(members(&duty, Timestamp::now()).unwrap_err().contains("others than us"));
        fs::remove_file(&file).unwrap();
        fs::write(folder.path().join("mine"), "{}").unwrap();
        std::os::unix::fs::symlink(folder.path().join("mine"), &file).unwrap();
        assert!(members(&duty, Timestamp::now()).is_err());
    }
}
