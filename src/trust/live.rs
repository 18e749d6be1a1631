//! The roster as it is now: read once, and again when one of its files changes.
//!
//! ```text
//!   [trust] signers, revoked + [groups] + [people] ─▶ LiveRoster ─now()─▶ Arc<Roster>
//!   [groups_from] ─▶ Duty: the last answer ─┘   files changed since? ─ by place, size, time ─▶ read again
//!                                               an answer too old by now? ────────────────────▶ read again
//! ```

use super::{Duty, DutyFault, Keys, Roster};
use crate::config::Config;
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// A group that could not be read is looked at again after so long, whatever happens to its file: it
/// may only be one from a clock that was ahead.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// Where the roster comes from, and the roster itself.
#[derive(Debug, Clone, Default)]
pub struct LiveRoster(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    files: Option<Files>,
    groups: BTreeMap<String, Vec<String>>,
    people: BTreeMap<String, Vec<String>>,
    duties: Vec<Duty>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    stamps: Vec<Stamp>,
    /// When an answer in it is too old.
    until: Option<Timestamp>,
    roster: Option<Arc<Roster>>,
}

/// Where the keys are.
#[derive(Debug, Clone)]
struct Files {
    signers: PathBuf,
    revoked: Option<PathBuf>,
}

/// What of a file changes when its content does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp(Option<(u64, u64, u64, i64, i64, i64, i64)>);

impl Stamp {
    fn of(path: &Path) -> Self {
        Self(fs::metadata(path).ok().map(|about| {
            (
                about.dev(),
                about.ino(),
                about.size(),
                about.mtime(),
                about.mtime_nsec(),
                about.ctime(),
                about.ctime_nsec(),
            )
        }))
    }
}

impl LiveRoster {
    /// What a configuration says. Reads nothing yet.
    pub fn of(config: &Config) -> Self {
        let files = config
            .trust
            .signers
            .clone()
            .map(|signers| Files { signers, revoked: config.trust.revoked.clone() });
        Self(Arc::new(Inner {
            files,
            groups: config.groups.clone(),
            people: config.people.clone(),
            duties: Duty::all(config),
            kept: Mutex::default(),
        }))
    }

    /// The roster now. Where its files cannot be used, one under which nobody can approve, which
    /// says why.
    pub fn now(&self) -> Arc<Roster> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (stamps, time) = (self.0.stamps(), Timestamp::now());
        if kept.stamps == stamps
            && kept.until.is_none_or(|until| time < until)
            && let Some(roster) = &kept.roster
        {
            return Arc::clone(roster);
        }
        let (roster, until) = self.0.read(time);
        let roster = Arc::new(roster);
        // The stamps of before the reading: a file that changed meanwhile is read once more.
        *kept = Kept { stamps, until, roster: Some(Arc::clone(&roster)) };
        roster
    }

    /// Whether commands tell who is in some groups.
    pub fn asks(&self) -> bool {
        !self.0.duties.is_empty()
    }

    /// Asks the commands whose last answer is older than it should be; gives what went wrong. Takes
    /// up to ten seconds a command, and hardly any time where nothing is to be asked.
    pub fn refresh(&self) -> Vec<DutyFault> {
        let now = Timestamp::now();
        self.0.duties.iter().filter_map(|duty| duty.refresh(now).err()).collect()
    }
}

impl From<Arc<Roster>> for LiveRoster {
    /// A roster that never changes.
    fn from(roster: Arc<Roster>) -> Self {
        let kept = Mutex::new(Kept { roster: Some(roster), ..Kept::default() });
        Self(Arc::new(Inner { kept, ..Inner::default() }))
    }
}

impl From<Roster> for LiveRoster {
    fn from(roster: Roster) -> Self {
        Arc::new(roster).into()
    }
}

impl Inner {
    fn stamps(&self) -> Vec<Stamp> {
        let files = self.files.iter();
        let paths = files.flat_map(|files| [Some(&files.signers), files.revoked.as_ref()]);
        let duties = self.duties.iter().filter_map(|duty| duty.file.as_ref());
        paths.flatten().chain(duties).map(|path| Stamp::of(path)).collect()
    }

    fn read(&self, now: Timestamp) -> (Roster, Option<Timestamp>) {
        let keys = self.files.as_ref().map_or_else(Keys::default, |files| {
            Keys::load(&files.signers, files.revoked.as_deref())
        });
        let (mut groups, mut empty, mut until) = (self.groups.clone(), Vec::new(), None);
        for duty in &self.duties {
            let (members, holds) = match duty.members(now) {
                Ok(found) => (found.members.into_iter().collect(), found.until),
                Err(fault) => {
                    empty.push(fault);
                    (Vec::new(), now.checked_add(AGAIN).unwrap_or(now))
                }
            };
            groups.insert(duty.group.clone(), members);
            until = Some(until.map_or(holds, |until: Timestamp| until.min(holds)));
        }
        let roster = Roster::new(groups).with_people(self.people.clone()).with_keys(keys);
        (roster.with_empty(empty), until)
    }
}
