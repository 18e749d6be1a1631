//! Which file a command would run, and whether it is still the same.

use crate::domain::Digest;
use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{self, Read as _},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// Larger programs are refused: they cannot be read twice in reasonable time.
const LARGEST: u64 = 1 << 30;

/// Why a program cannot be run through the gate.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// No such program.
    #[error("there is no program `{0}` here or in an absolute directory of PATH")]
    NotFound(String),
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
}

impl Program {
    /// Finds `name` as a shell would and pins it together with `cwd`. Relative directories in
    /// `search` (PATH) are skipped: whoever may write there would choose the program.
    pub fn pin(name: &OsStr, cwd: &Path, search: Option<OsString>) -> Result<Self, ProgramError> {
        let path = if name.as_encoded_bytes().contains(&b'/') {
            Some(cwd.join(name)).filter(|path| is_executable(path))
        } else {
            std::env::split_paths(&search.unwrap_or_default())
                .filter(|dir| dir.is_absolute())
                .map(|dir| dir.join(name))
                .find(|path| is_executable(path))
        };
        let path = path.ok_or_else(|| {
            ProgramError::NotFound(name.to_string_lossy().escape_debug().to_string())
        })?;
        let digest = digest(&path)?;
        let cwd_identity = identity(cwd)?;
        Ok(Self { path, digest, cwd: cwd.to_owned(), cwd_identity })
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

    /// Reads both again: is this still what was shown?
    pub fn check(&self) -> Result<(), ProgramError> {
        if identity(&self.cwd)? != self.cwd_identity {
            return Err(ProgramError::Moved(self.cwd.clone()));
        }
        if digest(&self.path)? != self.digest {
            return Err(ProgramError::Changed(self.path.clone()));
        }
        Ok(())
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn identity(dir: &Path) -> Result<(u64, u64), ProgramError> {
    let found = fs::metadata(dir).map_err(|_| ProgramError::Moved(dir.to_owned()))?;
    Ok((found.dev(), found.ino()))
}

fn digest(path: &Path) -> Result<Digest, ProgramError> {
    let unreadable = |why| ProgramError::Unreadable { path: path.to_owned(), why };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large from one that just fits.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ProgramError::TooLarge(path.to_owned()));
    }
    Ok(Digest::of_bytes(&bytes))
}
