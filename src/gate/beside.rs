//! Reads the files a command depends on, and remembers each one, so that it can be compared later.
//!
//! ```text
//!   classify ──read(name)──▶ Beside ──▶ text, or nothing
//!   operands ──pin(name)───▶   │
//!                              └─ pins() ─▶ Pin::File, Pin::Missing ─(after approval)─▶ compare
//! ```
//!
//! Only plain files are read, without waiting (a pipe would hold the gate up), and up to a bound.

use super::program::{self, LARGEST};
use crate::{
    classify::Files,
    domain::{Digest, Pin, Untrusted},
};
use rustix::fs::{Mode, OFlags};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// Longest file that the classifier gets to read; longer ones are opaque to it.
const LONGEST_TEXT: u64 = 1 << 20;
/// Largest file that is pinned for being named by an argument.
const LARGEST_OPERAND: u64 = 256 << 20;
/// Files that are remembered. What lies beyond is not read, and so is opaque.
const MOST: usize = 256;

/// What a file was like when it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Is(Digest),
    Missing,
    /// It is there and cannot be pinned: a pipe, a device, a directory, too large, not ours to
    /// read. Nothing of it was used.
    Unused,
}

/// The files beside a command.
pub(super) struct Beside<'a> {
    cwd: &'a Path,
    seen: RefCell<BTreeMap<PathBuf, Seen>>,
}

/// How a pinned file differs from what was shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// Its bytes are others.
    #[error("the file {0} has changed since it was shown")]
    Changed(PathBuf),
    /// It is no longer there, or can no longer be read.
    #[error("the file {0} can no longer be read")]
    Gone(PathBuf),
    /// It was not there.
    #[error("the file {0} was not there when it was shown, and is now")]
    Appeared(PathBuf),
}

impl<'a> Beside<'a> {
    /// The files beside a command that runs in `cwd`.
    pub fn new(cwd: &'a Path) -> Self {
        Self { cwd, seen: RefCell::default() }
    }

    /// Remembers a file that an argument names, if it is one.
    pub fn pin(&self, name: &str) {
        let path = self.cwd.join(name);
        if self.has_room(&path) && path.is_file() {
            let seen = match digest(&path, LARGEST_OPERAND) {
                Ok(Some(digest)) => Seen::Is(digest),
                Ok(None) | Err(_) => Seen::Unused,
            };
            self.seen.borrow_mut().entry(path).or_insert(seen);
        }
    }

    /// Remembers the file a program is started by, however large.
    pub fn pin_program(&self, path: PathBuf) -> io::Result<()> {
        let Some(digest) = digest(&path, LARGEST)? else { return Ok(()) };
        self.seen.borrow_mut().insert(path, Seen::Is(digest));
        Ok(())
    }

    fn has_room(&self, path: &Path) -> bool {
        let seen = self.seen.borrow();
        seen.len() < MOST || seen.contains_key(path)
    }

    /// All that was looked at, by path. A path that is not UTF-8 cannot be shown, and no argument
    /// that is shown can name it.
    pub fn pins(&self) -> Vec<Pin> {
        let pin = |(path, seen): (&PathBuf, &Seen)| {
            let path = Untrusted::new(path.to_str()?);
            match *seen {
                Seen::Is(digest) => Some(Pin::File { path, digest }),
                Seen::Missing => Some(Pin::Missing { path }),
                Seen::Unused => None,
            }
        };
        self.seen.borrow().iter().filter_map(pin).collect()
    }
}

impl Files for Beside<'_> {
    fn read(&self, name: &str) -> Option<String> {
        if name.contains('\0') {
            return None;
        }
        let path = self.cwd.join(name);
        if !self.has_room(&path) {
            return None;
        }
        let (seen, text) = match bytes(&path) {
            Ok(Some(bytes)) => (Seen::Is(Digest::of_bytes(&bytes)), String::from_utf8(bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (Seen::Missing, None),
            Ok(None) | Err(_) => (Seen::Unused, None),
        };
        let first = *self.seen.borrow_mut().entry(path).or_insert(seen);
        // A file that changes between two looks is not judged by either.
        text.filter(|_| first == seen)
    }
}

/// Compares the pinned files with what is there now.
pub(super) fn compare(pins: &[Pin]) -> Vec<Difference> {
    pins.iter().filter_map(difference).collect()
}

fn difference(pin: &Pin) -> Option<Difference> {
    match pin {
        Pin::File { path, digest: shown } => {
            let path = PathBuf::from(path.raw());
            match digest(&path, LARGEST) {
                Ok(Some(now)) if now == *shown => None,
                Ok(Some(_)) => Some(Difference::Changed(path)),
                Ok(None) | Err(_) => Some(Difference::Gone(path)),
            }
        }
        Pin::Missing { path } => {
            let path = PathBuf::from(path.raw());
            path.symlink_metadata().is_ok().then_some(Difference::Appeared(path))
        }
        // The command gets the variables that were read when it was asked for.
        Pin::Variable { .. } => None,
    }
}

/// The file, if it is a plain one; opened without waiting for anybody at the other end of a pipe.
pub(super) fn open(path: &Path) -> io::Result<Option<File>> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    Ok(file.metadata()?.is_file().then_some(file))
}

fn bytes(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(LONGEST_TEXT + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LONGEST_TEXT).then_some(bytes))
}

fn digest(path: &Path, largest: u64) -> io::Result<Option<Digest>> {
    let Some(file) = open(path)? else { return Ok(None) };
    program::digest(&file, largest)
}

#[cfg(test)]
mod tests {
    use super::{Beside, Difference, compare};
    use crate::classify::Files as _;
    use rustix::fs::{CWD, FileType, Mode};
    use std::{fs, path::Path};

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn write(dir: &Path, name: &str, text: &str) {
        fs::write(dir.join(name), text).unwrap();
    }

    #[test]
    fn what_was_read_is_compared_later() {
        let dir = folder();
        write(dir.path(), "deploy.sh", "echo one");
        let beside = Beside::new(dir.path());
        assert_eq!(beside.read("deploy.sh").as_deref(), Some("echo one"));
        assert_eq!(beside.read("absent"), None);
        let pins = beside.pins();
        assert_eq!(compare(&pins), []);

        write(dir.path(), "deploy.sh", "echo two");
        write(dir.path(), "absent", "");
        let (absent, script) = (dir.path().join("absent"), dir.path().join("deploy.sh"));
        assert_eq!(compare(&pins), [Difference::Appeared(absent), Difference::Changed(script)]);
    }

    #[test]
    fn a_link_that_points_elsewhere_is_a_change() {
        let dir = folder();
        write(dir.path(), "one", "1");
        write(dir.path(), "two", "2");
        let link = dir.path().join("plan");
        std::os::unix::fs::symlink("one", &link).unwrap();
        let beside = Beside::new(dir.path());
        beside.pin("plan");
        let pins = beside.pins();
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("two", &link).unwrap();
        assert_eq!(compare(&pins), [Difference::Changed(link)]);
    }

    #[test]
    fn a_pipe_or_a_device_is_not_read() {
        let dir = folder();
        rustix::fs::mknodat(CWD, dir.path().join("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        let beside = Beside::new(dir.path());
        for name in ["pipe", "/dev/zero", ".", "bad\0name"] {
            assert_eq!(beside.read(name), None, "{name:?}");
            beside.pin(name);
        }
        assert_eq!(beside.pins(), []);
    }

    #[test]
    fn a_file_that_changes_between_two_looks_is_not_judged() {
        let dir = folder();
        write(dir.path(), "a.sh", "echo one");
        let beside = Beside::new(dir.path());
        assert!(beside.read("a.sh").is_some());
        write(dir.path(), "a.sh", "rm -rf /");
        assert_eq!(beside.read("a.sh"), None);
    }
}
