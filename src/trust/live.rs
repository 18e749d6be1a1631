//! The roster as it is now: read once, and again when one of its files changes.
//!
//! ```text
//!   [trust] signers, revoked + [groups] + [people] ─▶ LiveRoster ─now()─▶ Arc<Roster>
//!                       files changed since? ─ by place, size, time ─▶ read again
//! ```

use super::{Keys, Roster};
use crate::config::Config;
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Where the roster comes from, and the roster itself.
#[derive(Debug, Clone, Default)]
pub struct LiveRoster(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    files: Option<Files>,
    groups: BTreeMap<String, Vec<String>>,
    people: BTreeMap<String, Vec<String>>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    stamps: Vec<Stamp>,
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
            kept: Mutex::default(),
        }))
    }

    /// The roster now. Where its files cannot be used, one under which nobody can approve, which
    /// says why.
    pub fn now(&self) -> Arc<Roster> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let stamps = self.0.stamps();
        if kept.stamps == stamps
            && let Some(roster) = &kept.roster
        {
            return Arc::clone(roster);
        }
        let roster = Arc::new(self.0.read());
        // The stamps of before the reading: a file that changed meanwhile is read once more.
        *kept = Kept { stamps, roster: Some(Arc::clone(&roster)) };
        roster
    }
}

impl From<Arc<Roster>> for LiveRoster {
    /// A roster that never changes.
    fn from(roster: Arc<Roster>) -> Self {
        let kept = Mutex::new(Kept { stamps: Vec::new(), roster: Some(roster) });
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
        paths.flatten().map(|path| Stamp::of(path)).collect()
    }

    fn read(&self) -> Roster {
        let keys = self.files.as_ref().map_or_else(Keys::default, |files| {
            Keys::load(&files.signers, files.revoked.as_deref())
        });
        Roster::new(self.groups.clone()).with_people(self.people.clone()).with_keys(keys)
    }
}
