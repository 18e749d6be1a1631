//! The files that say who counts: read whole, bounded, and only where not everybody can write.

use super::{krl::RevokedFault, signers::SignersFaults};
use std::{
    fs,
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// Largest file that is read, in bytes.
pub const LONGEST_FILE: u64 = 4 * 1024 * 1024;

/// Every user may write.
const BY_ALL: u32 = 0o002;
/// In such a folder only a file's owner may take it away.
const STICKY: u32 = 0o1000;

/// Why a file of signers or of revoked keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// It cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("{} is not a file", .0.display())]
    NotAFile(PathBuf),
    /// Everybody can write to it.
    #[error(
        "{} can be written by every user of this host, so anybody could add a key: run `chmod o-w` on it",
        .0.display()
    )]
    Open(PathBuf),
    /// Everybody can put another one in its place.
    #[error(
        "every user of this host can put another file in the place of {}: run `chmod o-w` on its folder",
        .0.display()
    )]
    OpenFolder(PathBuf),
    /// It is larger than it can sensibly be.
    #[error("{} is larger than {LONGEST_FILE} bytes", .0.display())]
    TooLong(PathBuf),
    /// It says something that is no list of signers.
    #[error("{}: {faults}", path.display())]
    Signers {
        /// Which.
        path: PathBuf,
        /// What is wrong in it.
        faults: SignersFaults,
    },
    /// It says something that is no list of revoked keys.
    #[error("{}: {fault}", path.display())]
    Revoked {
        /// Which.
        path: PathBuf,
        /// What is wrong in it.
        fault: RevokedFault,
    },
}

/// A file's bytes, if it is one that can be believed.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, FileFault> {
    let unreadable = |source| FileFault::Unreadable { path: path.to_owned(), source };
    // A pipe would be waited for when it is opened.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(FileFault::NotAFile(path.to_owned()));
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if about.permissions().mode() & BY_ALL != 0 {
        return Err(FileFault::Open(path.to_owned()));
    }
    let real = path.canonicalize().map_err(unreadable)?;
    let folder = fs::metadata(real.parent().unwrap_or(&real)).map_err(unreadable)?;
    if folder.permissions().mode() & (BY_ALL | STICKY) == BY_ALL {
        return Err(FileFault::OpenFolder(path.to_owned()));
    }
    if about.len() > LONGEST_FILE {
        return Err(FileFault::TooLong(path.to_owned()));
    }
    let mut content = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut content).map_err(unreadable)?;
    if content.len() as u64 > LONGEST_FILE {
        return Err(FileFault::TooLong(path.to_owned()));
    }
    Ok(content)
}
