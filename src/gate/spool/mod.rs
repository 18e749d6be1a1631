//! The log of what was let through, written without opening the store.
//!
//! ```text
//!   hook ─append─▶ STORE.let-through ─rename─▶ ….taken-ID ─▶ Store::let_through ─▶ removed
//!        (shared   one line a record           (exclusive        (by id: twice      └▶ ….unreadable-ID
//!          lock)                                  lock)            counts once)        where a line is
//! ```
//!
//! What cannot be written here is not let through. A record is one `write` of one line with a line
//! break before and behind, so that what a full disk cut off spoils no other record. A writer holds
//! a shared lock from before it looks whether the file is still in its place until it has written;
//! whoever takes the records in renames first, and reads only once it has the lock alone. So a
//! record is either in a file that is still to be taken in, or in the store; after a crash at any
//! point the file lies where the next one finds it.
//!
//! A record is not waited for until it is on the disk (that alone would take longer than a harmless
//! command may): what was let through in the last seconds before the power fails can be missing.
//!
//! An account that is not the store's own has a file of its own beside it (`…-UID`), readable by
//! the store's group where the store is.
//!
//! What nobody may approve and was stopped is a record here too, and a line of history once it is
//! taken in.

mod taken;
#[cfg(test)]
mod tests;

pub use taken::{TakenIn, take_in, unreadable};

use crate::domain::{Action, Leave, LetThrough};
use rustix::fs::OFlags;
use std::{
    ffi::OsString,
    fs::{File, Metadata, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// A file this long is taken in before more is written.
const FULL: u64 = 1 << 20;
/// A record this long is not for a log that is read whole.
const LONGEST: usize = 256 << 10;
/// How often the file may be taken away while one record is written.
const AGAIN: u32 = 16;

/// Why a record could not be appended; what it is about is then not let through.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// There is no store to log beside.
    #[error("there is no store {path} yet")]
    NoStore {
        /// The store.
        path: PathBuf,
    },
    /// It is to be taken in first.
    #[error("the log is full and has to be taken into the store first")]
    Full,
    /// The record is too long for a line.
    #[error("the record is {0} bytes long, which is more than the log takes")]
    TooLong(usize),
    /// It is not a file that only we, and those who may write the store, can write.
    #[error("{path} is not trusted: {why}. Remove it")]
    Exposed {
        /// The log.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The system would not have it.
    #[error("{path}: {why}")]
    Io {
        /// The log.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
    /// The record has no form as JSON.
    #[error("the record cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl SpoolError {
    /// Whether the store itself may still take the record.
    pub const fn is_for_the_store(&self) -> bool {
        matches!(self, Self::NoStore { .. } | Self::Full | Self::TooLong(_))
    }
}

/// Where the records that wait to be taken into a store lie: the beginning of every such file.
fn base(store: &Path) -> OsString {
    let mut name = OsString::from(store);
    name.push(".let-through");
    name
}

/// Where this account's gates append their records.
pub fn path(store: &Path) -> PathBuf {
    path_for(store, store.metadata().ok().as_ref())
}

fn path_for(store: &Path, found: Option<&Metadata>) -> PathBuf {
    let mut name = base(store);
    let uid = rustix::process::geteuid().as_raw();
    if found.is_some_and(|store| store.uid() != uid) {
        name.push(format!("-{uid}"));
    }
    name.into()
}

/// Appends one record.
pub fn append(store: &Path, record: &LetThrough) -> Result<(), SpoolError> {
    let mut line = Vec::with_capacity(2048);
    line.push(b'\n');
    serde_json::to_writer(&mut line, record)?;
    line.push(b'\n');
    if line.len() > LONGEST {
        return Err(SpoolError::TooLong(line.len()));
    }
    let found = store.metadata().map_err(|_| SpoolError::NoStore { path: store.to_owned() })?;
    let path = path_for(store, Some(&found));
    let io = |why| SpoolError::Io { path: path.clone(), why };
    for _ in 0..AGAIN {
        let mut file = open(&path, &found)?;
        // Whoever has it alone has renamed it, and is done with it soon.
        file.lock_shared().map_err(io)?;
        let ours = file.metadata().map_err(io)?;
        match path.symlink_metadata() {
            Ok(there) if (there.dev(), there.ino()) == (ours.dev(), ours.ino()) => {}
            Ok(_) => continue,
            Err(why) if why.kind() == io::ErrorKind::NotFound => continue,
            Err(why) => return Err(io(why)),
        }
        if ours.len().saturating_add(line.len() as u64) > FULL {
            return Err(SpoolError::Full);
        }
        let written = file.write(&line).map_err(io)?;
        if written < line.len() {
            let why = io::Error::new(io::ErrorKind::WriteZero, "only a part could be written");
            return Err(io(why));
        }
        return Ok(());
    }
    Err(io(io::Error::other("it was taken away again and again")))
}

/// Appends a record of what was stopped at a boundary. The stop does not hang on it: whoever cannot
/// log it stops it all the same.
pub(super) fn stopped(store: &Path, action: &Action) {
    let Some(ruling) = &action.ruling else { return };
    if !matches!(ruling.leave, Leave::Boundary { .. }) {
        return;
    }
    let found = action.found.clone().unwrap_or_default();
    if let Ok(record) = super::guard::record(action, &found, ruling.clone()) {
        let _ = append(store, &record);
    }
}

/// Opens the log, making it where it is missing.
fn open(path: &Path, store: &Metadata) -> Result<File, SpoolError> {
    let io = |why| SpoolError::Io { path: path.to_owned(), why };
    let careful = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).bits();
    let mut options = OpenOptions::new();
    options.append(true).mode(0o600).custom_flags(i32::try_from(careful).unwrap_or_default());
    let file = match options.open(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            match options.clone().create_new(true).open(path) {
                Ok(file) => {
                    share(&file, store).map_err(io)?;
                    file
                }
                // Another one was quicker.
                Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {
                    options.open(path).map_err(io)?
                }
                Err(why) => return Err(io(why)),
            }
        }
        opened => opened.map_err(io)?,
    };
    let found = file.metadata().map_err(io)?;
    match wrong_with(&found, rustix::process::geteuid().as_raw()) {
        Some(why) => Err(SpoolError::Exposed { path: path.to_owned(), why }),
        None => Ok(file),
    }
}

/// Lets the store's group read a new log where it reads the store.
fn share(file: &File, store: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if store.mode() & 0o040 != 0 {
        std::os::unix::fs::fchown(file, None, Some(store.gid()))?;
        file.set_permissions(std::fs::Permissions::from_mode(0o640))?;
    }
    Ok(())
}

/// Why a file is no log of this account's.
fn wrong_with(found: &Metadata, owner: u32) -> Option<&'static str> {
    if !found.is_file() {
        Some("it is no plain file")
    } else if found.uid() != owner {
        Some("it belongs to another account")
    } else if found.mode() & 0o022 != 0 {
        Some("others can write it")
    } else if found.nlink() > 1 {
        Some("it has a second name")
    } else {
        None
    }
}
