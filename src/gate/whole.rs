//! Small files beside the store: written beside the old one and put in its place, so that nobody
//! reads half of one.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

/// Whether a file had to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// It was not there, or said something else.
    Anew,
    /// It said just that.
    There,
}

/// Writes it, readable by whoever may read the store: their gates have to see it. With `lasting` it
/// is on the disk when this returns.
pub(super) fn write(path: &Path, text: &[u8], store: &Path, lasting: bool) -> io::Result<Written> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(Written::There);
    }
    let nonce = crate::domain::nonce().map_err(io::Error::other)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{nonce}"));
    let mode = 0o600 | (fs::metadata(store)?.mode() & 0o040);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&beside)
        .and_then(|mut file| {
            file.write_all(text)?;
            if lasting { file.sync_all() } else { Ok(()) }
        })
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.map(|()| Written::Anew)
}
