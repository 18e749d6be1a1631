//! Where a watch keeps what it knows: three files beside the store.
//!
//! ```text
//!   STORE.watch        memory and queues; written anew and renamed, on the disk before it counts
//!   STORE.watch-lock   held as long as a watch runs
//!   STORE.watch-beat   how the watch is doing, for `--check`
//! ```

use rustix::fs::OFlags;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// A file longer than that was not written by a watch.
const LONGEST: u64 = 256 << 20;
/// A check holds the lock for a moment, which is no other watch.
const MOMENT: Duration = Duration::from_secs(1);

/// Why the place cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Another watch has it.
    #[error("another `countersign watch` runs on this store (it holds {path})")]
    Taken {
        /// The lock.
        path: PathBuf,
    },
    /// The system would not have it.
    #[error("{path}: {why}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
    /// It is not what a watch writes.
    #[error("{path} is not what a watch writes: {why}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// The files' place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    base: PathBuf,
}

/// Held as long as a watch runs.
#[derive(Debug)]
pub struct Held {
    _file: File,
}

impl Place {
    /// Beside a store.
    pub fn beside(store: &Path) -> Self {
        Self { base: store.to_owned() }
    }

    fn path(&self, end: &str) -> PathBuf {
        let mut name = OsString::from(&self.base);
        name.push(end);
        name.into()
    }

    /// Memory and queues.
    pub fn state(&self) -> PathBuf {
        self.path(".watch")
    }

    /// How the watch is doing.
    pub fn beat(&self) -> PathBuf {
        self.path(".watch-beat")
    }

    /// The lock.
    pub fn lock(&self) -> PathBuf {
        self.path(".watch-lock")
    }

    /// Takes the place for this process.
    pub fn hold(&self) -> Result<Held, PlaceError> {
        let path = self.lock();
        let io = |why| PlaceError::Io { path: path.clone(), why };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600).custom_flags(careful());
        let file = options.open(&path).map_err(io)?;
        let until = Instant::now() + MOMENT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Held { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => return Err(PlaceError::Taken { path }),
                Err(TryLockError::Error(why)) => return Err(io(why)),
            }
        }
    }

    /// Whether some process holds it.
    pub fn is_held(&self) -> Result<bool, PlaceError> {
        let path = self.lock();
        let io = |why| PlaceError::Io { path: path.clone(), why };
        let mut options = OpenOptions::new();
        let file = match options.read(true).custom_flags(careful()).open(&path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened.map_err(io)?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(why)) => Err(io(why)),
        }
    }

    /// Reads one of the files; none where it is not there.
    pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, PlaceError> {
        let io = |why| PlaceError::Io { path: path.to_owned(), why };
        let mut options = OpenOptions::new();
        let file = match options.read(true).custom_flags(careful()).open(path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(io)?,
        };
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes).map_err(io)?;
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|why| PlaceError::Unreadable { path: path.to_owned(), why: why.to_string() })
    }

    /// Writes one of the files anew: whoever reads it sees all of the old or all of the new.
    pub(super) fn write<T: Serialize>(
        path: &Path,
        value: &T,
        durable: bool,
    ) -> Result<(), PlaceError> {
        let io = |why| PlaceError::Io { path: path.to_owned(), why };
        let bytes = serde_json::to_vec(value).map_err(|why| io(why.into()))?;
        let mut name = OsString::from(path);
        name.push("-new");
        let new = PathBuf::from(name);
        let written = || -> io::Result<()> {
            // What a crash left there is nobody's.
            let _ = fs::remove_file(&new);
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(0o600).custom_flags(careful());
            let mut file = options.open(&new)?;
            file.write_all(&bytes)?;
            if durable {
                file.sync_all()?;
            }
            fs::rename(&new, path)?;
            if let (true, Some(folder)) = (durable, path.parent()) {
                File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?
                    .sync_all()?;
            }
            Ok(())
        };
        written().map_err(|why| {
            let _ = fs::remove_file(&new);
            io(why)
        })
    }

    /// Moves a file that cannot be read out of the way, for a person to look at.
    pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
        let mut name = OsString::from(path);
        name.push(".unreadable");
        let aside = PathBuf::from(name);
        fs::rename(path, &aside)?;
        Ok(aside)
    }
}

/// Follows no link that somebody else put there, and waits for nothing.
fn careful() -> i32 {
    let flags =
        OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);
    i32::try_from(flags.bits()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Place, PlaceError};

    #[test]
    fn one_watch_holds_the_place_and_a_check_sees_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::beside(&folder.path().join("s.db"));
        assert!(!place.is_held().unwrap());
        let held = place.hold().unwrap();
        assert!(place.is_held().unwrap());
        assert!(matches!(place.hold(), Err(PlaceError::Taken { .. })));
        drop(held);
        assert!(!place.is_held().unwrap());
        place.hold().unwrap();
    }

    #[test]
    fn a_file_is_whole_or_not_there_and_garbage_is_said_to_be_that() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::beside(&folder.path().join("s.db"));
        assert_eq!(Place::read::<Vec<u8>>(&place.state()).unwrap(), None);
        Place::write(&place.state(), &[1, 2], true).unwrap();
        Place::write(&place.state(), &[3], true).unwrap();
        assert_eq!(Place::read(&place.state()).unwrap(), Some(vec![3]));
        std::fs::write(place.state(), "{").unwrap();
        let error = Place::read::<Vec<u8>>(&place.state()).unwrap_err();
        assert!(matches!(error, PlaceError::Unreadable { .. }));
        assert!(Place::set_aside(&place.state()).unwrap().exists());
    }
}
