//! Which file a command would run, and whether it is still the same.
//!
//! ```text
//!   pin   name, cwd, PATH ─▶ path, digest, identity of the directory
//!   ready path ─open─▶ handle ─▶ digest the same? ─▶ Ready: started through the handle where
//!         cwd  ─open─▶ handle ─▶ the same inode?           somebody else could swap the path
//! ```

use super::beside;
use crate::domain::Digest;
use rustix::fs::{Mode, OFlags};
use sha2::{Digest as _, Sha256};
use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{self, Read as _, Seek as _},
    os::{
        fd::{AsRawFd as _, OwnedFd},
        unix::fs::{MetadataExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
};

/// Larger programs are refused: they cannot be read twice in reasonable time.
pub(super) const LARGEST: u64 = 1 << 30;
/// Longest first line of a script that names its interpreter; the kernel reads less.
const LONGEST_SHEBANG: usize = 512;

/// Why a program cannot be run through the gate.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// No such program.
    #[error("there is no program `{0}` here or in an absolute directory of PATH")]
    NotFound(String),
    /// It is there and no program.
    #[error("{0} cannot be run: it is a directory, or not executable")]
    NotRunnable(PathBuf),
    /// It is there and cannot be read, so nobody can say what was approved.
    #[error("the program {path} cannot be read, so it cannot be pinned: {why}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
    /// It is larger than anything we would read.
    #[error("the program {0} is larger than 1 GiB and cannot be pinned")]
    TooLarge(PathBuf),
    /// It is not the file that was shown.
    #[error("the program {0} has changed since it was shown")]
    Changed(PathBuf),
    /// The working directory is not the one that was shown.
    #[error("the working directory {0} is not the one that was shown")]
    Moved(PathBuf),
}

/// A program file and a working directory, pinned.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    digest: Digest,
    cwd: PathBuf,
    /// Device and inode of the working directory: a path alone can be pointed elsewhere.
    cwd_identity: (u64, u64),
    /// What its first line names, if it is a script.
    interpreters: Vec<PathBuf>,
}

/// A program and a directory that were looked at through handles, ready to be started.
pub(super) struct Ready {
    /// What to start: the path, or the handle's name under `/proc`.
    pub program: PathBuf,
    /// Where to start it: the handle's name under `/proc`.
    pub cwd: PathBuf,
    /// Have to stay open until it is started.
    _open: (File, OwnedFd),
}

impl Program {
    /// Finds `name` as a shell would and pins it together with `cwd`. Relative directories in
    /// `search` (PATH) are skipped: whoever may write there would choose the program.
    pub fn pin(name: &OsStr, cwd: &Path, search: Option<OsString>) -> Result<Self, ProgramError> {
        let search = search.unwrap_or_default();
        let path = if name.as_encoded_bytes().contains(&b'/') {
            let path = cwd.join(name);
            if path.exists() && !is_executable(&path) {
                return Err(ProgramError::NotRunnable(path));
            }
            Some(path).filter(|path| path.exists())
        } else {
            found(name, &search)
        };
        let path = path.ok_or_else(|| {
            ProgramError::NotFound(name.to_string_lossy().escape_debug().to_string())
        })?;
        let (digest, file) = read(&path)?;
        let interpreters = shebang(file).map_or_else(Vec::new, |line| interpreters(&line, &search));
        let cwd_identity = identity(cwd)?;
        Ok(Self { path, digest, cwd: cwd.to_owned(), cwd_identity, interpreters })
    }

    /// The program file, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Digest of its bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The working directory.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// What runs it, if it is a script: the interpreter its first line names, and what `env` there
    /// would find.
    pub(super) fn interpreters(&self) -> &[PathBuf] {
        &self.interpreters
    }

    /// Reads both again, through handles: is this still what was shown?
    ///
    /// A program that somebody other than root could swap is started through the handle that was
    /// read. A script has to be started by its path, because its interpreter opens it anew; there,
    /// and for bytes that are written into the very same file, a moment is left between the look
    /// and the start.
    pub(super) fn ready(&self) -> Result<Ready, ProgramError> {
        let moved = || ProgramError::Moved(self.cwd.clone());
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let cwd = rustix::fs::open(&self.cwd, flags, Mode::empty()).map_err(|_| moved())?;
        let found = rustix::fs::fstat(&cwd).map_err(|_| moved())?;
        if (found.st_dev, found.st_ino) != self.cwd_identity || found.st_nlink == 0 {
            return Err(moved());
        }
        let (digest, file) = read(&self.path)?;
        if digest != self.digest {
            return Err(ProgramError::Changed(self.path.clone()));
        }
        let by_path = !self.interpreters.is_empty() || is_roots_alone(&self.path);
        let program = handle(file.as_raw_fd()).filter(|_| !by_path);
        Ok(Ready {
            program: program.unwrap_or_else(|| self.path.clone()),
            cwd: handle(cwd.as_raw_fd()).unwrap_or_else(|| self.cwd.clone()),
            _open: (file, cwd),
        })
    }
}

/// The name under `/proc` of something that is open, where there is a `/proc`.
pub(super) fn handle(fd: i32) -> Option<PathBuf> {
    let path = PathBuf::from(format!("/proc/self/fd/{fd}"));
    path.exists().then_some(path)
}

/// Whether nobody but root can put another file at this path.
fn is_roots_alone(path: &Path) -> bool {
    if rustix::process::geteuid().is_root() {
        return false;
    }
    let Ok(path) = path.canonicalize() else { return false };
    path.ancestors().all(|part| {
        fs::metadata(part).is_ok_and(|found| found.uid() == 0 && found.mode() & 0o022 == 0)
    })
}

fn found(name: &OsStr, search: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(search)
        .filter(|dir| dir.is_absolute())
        .map(|dir| dir.join(name))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn identity(dir: &Path) -> Result<(u64, u64), ProgramError> {
    let found = fs::metadata(dir).map_err(|_| ProgramError::Moved(dir.to_owned()))?;
    Ok((found.dev(), found.ino()))
}

fn read(path: &Path) -> Result<(Digest, File), ProgramError> {
    let unreadable = |why| ProgramError::Unreadable { path: path.to_owned(), why };
    let Some(file) = beside::open(path).map_err(unreadable)? else {
        return Err(unreadable(io::Error::other("it is no plain file")));
    };
    let digest = digest(&file, LARGEST).map_err(unreadable)?;
    Ok((digest.ok_or_else(|| ProgramError::TooLarge(path.to_owned()))?, file))
}

/// The digest of a whole file, or nothing where it is too large.
pub(super) fn digest(mut file: &File, largest: u64) -> io::Result<Option<Digest>> {
    let (mut hash, mut left, mut piece) = (Sha256::new(), largest, vec![0; 64 * 1024]);
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let Some(rest) = left.checked_sub(read as u64) else { return Ok(None) };
        left = rest;
        hash.update(&piece[..read]);
    }
    Ok(Some(Digest::of_sha256(hash.finalize().into())))
}

/// The first line of a script, without `#!`.
fn shebang(mut file: File) -> Option<String> {
    file.rewind().ok()?;
    let mut head = Vec::new();
    file.take(LONGEST_SHEBANG as u64).read_to_end(&mut head).ok()?;
    let line = head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    Some(String::from_utf8_lossy(line).into_owned())
}

/// The programs a script's first line starts. A script without one that can be read is still a
/// script, so what cannot be found is named all the same.
fn interpreters(line: &str, search: &OsStr) -> Vec<PathBuf> {
    let mut words = line.split_whitespace();
    let Some(first) = words.next() else { return vec![PathBuf::from("/bin/sh")] };
    let mut programs = vec![PathBuf::from(first)];
    if first.ends_with("/env") {
        let named = words.find(|word| !word.starts_with('-') && !word.contains('='));
        programs.extend(named.and_then(|name| found(OsStr::new(name), search)));
    }
    programs
}

#[cfg(test)]
mod tests {
    use super::{Program, ProgramError};
    use std::{
        ffi::OsStr,
        fs,
        os::unix::fs::PermissionsExt as _,
        path::{Path, PathBuf},
    };

    fn tool(dir: &Path, text: &str) -> Program {
        let path = dir.join("tool");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Program::pin(OsStr::new("./tool"), dir, Some("/usr/bin:/bin".into())).unwrap()
    }

    #[test]
    fn a_script_names_what_runs_it() {
        let dir = tempfile::tempdir().unwrap();
        let direct = tool(dir.path(), "#!/bin/sh -e\ntrue\n");
        assert_eq!(direct.interpreters(), [PathBuf::from("/bin/sh")]);
        let found = tool(dir.path(), "#!/usr/bin/env -S A=1 sh\ntrue\n");
        let env = PathBuf::from("/usr/bin/env");
        assert_eq!(found.interpreters(), [env, PathBuf::from("/usr/bin/sh")]);
        let started = found.ready().unwrap().program;
        assert_eq!(started, dir.path().join("./tool"), "its interpreter opens it by its path");
    }

    #[test]
    fn what_is_no_longer_the_same_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let program = tool(dir.path(), "#!/bin/sh\ntrue\n");
        assert!(program.ready().is_ok());
        fs::write(dir.path().join("tool"), "#!/bin/sh\nfalse\n").unwrap();
        assert!(matches!(program.ready(), Err(ProgramError::Changed(_))));
        drop(dir);
        assert!(matches!(program.ready(), Err(ProgramError::Moved(_))));
    }
}
