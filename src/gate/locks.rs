//! What is locked, beside the store, so that even a glance sees it.
//!
//! ```text
//!   lock, unlock, every poll ─▶ Store::locks ─▶ STORE.locks    (no file: nothing is locked)
//!   hook, exec, MCP proxy, running child ─▶ STORE.locks ─▶ does it cover this? ─▶ refused, and why
//! ```
//!
//! The store is where a lock is kept; the file is what gates look at, because most of them never
//! open the store. A file that is there and cannot be read locks everything. Whoever can take the
//! file away can write the store.

use super::whole;
use crate::{
    domain::{Action, Lock, Untrusted},
    store::{Store, StoreError},
};
use std::{
    ffi::OsString,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// More than anybody locks.
const LONGEST: u64 = 1 << 20;

/// A lock that covers what was asked; the words for whoever is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockedOut {
    /// Somebody locked it.
    #[error(
        "{kind} {name:?} is locked by {by:?}: {reason}. Another reviewer can lift it with `countersign \
         unlock`",
        kind = .0.what.kind(),
        name = .0.what.name().raw(),
        by = .0.reviewer.0.raw(),
        reason = .0.reason.raw(),
    )]
    By(Box<Lock>),
    /// What is locked cannot be read, so everything is.
    #[error("{path} says what is locked and cannot be read, so everything is: {why}. Put it right, or \
             run `countersign lock` without arguments, which writes it anew", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
}

impl LockedOut {
    /// It as outside text: names and reasons come from people and agents.
    pub fn told(&self) -> Untrusted {
        Untrusted::new(self.to_string())
    }
}

/// Where a store's locks lie.
pub fn path(store: &Path) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(".locks");
    name.into()
}

/// The lock that covers an action, if one does.
pub fn against(store: &Path, action: &Action) -> Option<LockedOut> {
    match read(store) {
        Ok(all) => {
            let found = all.into_iter().find(|lock| lock.what.covers(action));
            found.map(|lock| LockedOut::By(Box::new(lock)))
        }
        Err(why) => Some(LockedOut::Unreadable { path: path(store), why: why.to_string() }),
    }
}

/// As [`against`], and what the store itself says: where nobody polls on this host, the file may not
/// have been written yet.
pub async fn in_force(
    beside: &Path,
    store: &dyn Store,
    action: &Action,
) -> Result<Option<LockedOut>, StoreError> {
    if let Some(out) = against(beside, action) {
        return Ok(Some(out));
    }
    let found = store.locks().await?.into_iter().find(|lock| lock.what.covers(action));
    Ok(found.map(|lock| LockedOut::By(Box::new(lock))))
}

/// What is locked. No file is no lock.
fn read(store: &Path) -> io::Result<Vec<Lock>> {
    let file = match fs::File::open(path(store)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other("it is longer than 1 MiB"));
    }
    Ok(serde_json::from_slice(&bytes)?)
}

/// Writes what the store has locked beside it.
pub async fn note(path: &Path, store: &dyn Store) -> Result<Vec<Lock>, StoreError> {
    // Somebody may lock while this writes: whoever writes last has to have read last.
    let mut locks = store.locks().await?;
    for _ in 0..8 {
        write(path, &locks).map_err(|why| {
            StoreError::Database(format!("{} cannot be written: {why}", self::path(path).display()))
        })?;
        let now = store.locks().await?;
        if now == locks {
            break;
        }
        locks = now;
    }
    Ok(locks)
}

fn write(store: &Path, locks: &[Lock]) -> io::Result<()> {
    let path = path(store);
    if locks.is_empty() {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    whole::write(&path, &serde_json::to_vec(locks)?, store, true).map(|_| ())
}
