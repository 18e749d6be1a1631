//! Which approvals were used on this host, in files that no store can take back.
//!
//! ```text
//!   approval ─▶ STORE.used/DIGEST, made only where it is not there ─┬▶ made: the first
//!                                                                   └▶ there: used before
//! ```
//!
//! The store hands an approval out once. Whoever can write to the store could make it do so again;
//! this is what keeps them from it. An approval names one action, and an action one host, so what
//! this host knows is enough. What has expired long ago is cleared away.

use crate::domain::{ActionId, Decision, Digest};
use jiff::Timestamp;
use std::{
    ffi::OsString,
    fs::{DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

/// An approval waits for a week at most, and may be carried out for another.
const KEPT: Duration = Duration::from_hours(24 * 15);

/// Why it could not be noted; the approval is then not obeyed.
#[derive(Debug, thiserror::Error)]
pub enum UsedError {
    /// The directory is not ours alone.
    #[error("{0} can be written by others, or belongs to another account. Remove it")]
    Exposed(PathBuf),
    /// The system would not have it.
    #[error("{path}: {why}. Make room there, or make it writable")]
    Io {
        /// The directory or file.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
}

/// Whether anybody was quicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noted {
    /// Nobody has used any of them.
    First,
    /// One of them was used.
    Before,
}

/// Where the approvals are that this account's gates have used.
pub(super) fn folder(store: &Path) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(".used");
    let uid = rustix::process::geteuid().as_raw();
    if store.metadata().is_ok_and(|store| store.uid() != uid) {
        name.push(format!("-{uid}"));
    }
    name.into()
}

/// Notes that these approvals are used. Of several gates at once, one is the first. Those that
/// nobody signed are not noted: whoever can write to the store can make as many as they like.
pub(super) fn note<'a>(
    store: &Path,
    action: &ActionId,
    approvals: impl Iterator<Item = &'a Decision>,
    now: Timestamp,
) -> Result<Noted, UsedError> {
    let signed = approvals.filter_map(|one| one.signed.as_ref());
    let mut names: Vec<String> =
        signed.map(|one| Digest::of_bytes(one.statement.as_bytes()).hex()).collect();
    if names.is_empty() {
        return Ok(Noted::First);
    }
    // In one order for all, so that of two gates one finds the first file made.
    names.sort_unstable();
    names.dedup();
    let folder = folder(store);
    open(&folder)?;
    clear(&folder, now);
    for name in names {
        let path = folder.join(name);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let written = made.and_then(|mut file| {
            use io::Write as _;
            writeln!(file, "{action} {now}")?;
            // What is not on the disk would be forgotten when the power fails.
            file.sync_all()
        });
        match written {
            Ok(()) => {}
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => return Ok(Noted::Before),
            Err(why) => return Err(UsedError::Io { path, why }),
        }
    }
    Ok(Noted::First)
}

fn open(folder: &Path) -> Result<(), UsedError> {
    let io = |why| UsedError::Io { path: folder.to_owned(), why };
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(why) if why.kind() != io::ErrorKind::AlreadyExists => return Err(io(why)),
        _ => {}
    }
    let found = folder.symlink_metadata().map_err(io)?;
    let ours = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw();
    if ours && found.mode() & 0o022 == 0 {
        Ok(())
    } else {
        Err(UsedError::Exposed(folder.to_owned()))
    }
}

/// Removes what no approval can be any more. What cannot be removed stays.
fn clear(folder: &Path, now: Timestamp) {
    let Ok(entries) = folder.read_dir() else { return };
    let now = std::time::SystemTime::from(now);
    for entry in entries.filter_map(Result::ok) {
        let old = entry
            .metadata()
            .and_then(|about| about.modified())
            .is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > KEPT));
        if old {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
