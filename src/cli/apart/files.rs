//! Files that are carried, and `-` for the streams.

use crate::cli::failure::{Failure, Kind};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// Whether a path stands for a stream.
pub(super) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a file is called in a message.
pub(super) fn name(path: &Path) -> String {
    if is_stream(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// A failure that names the file.
pub(super) fn unusable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(Kind::Refused, format!("{}: {why}", name(path)))
}

/// Reads a file, or standard input for `-`; no more than `longest` bytes and one.
pub(super) fn read(path: &Path, longest: usize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let most = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
    let found = if is_stream(path) {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    found.map_err(|error| {
        Failure::new(Kind::Io, format!("{}: {error}", name(path)))
            .next("give a file that can be read")
    })?;
    String::from_utf8(bytes).map_err(|_| unusable(path, &"it is damaged: it is no UTF-8 text"))
}

/// Writes a file that is not there yet, readable by its owner alone: a request can hold a diff.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        Failure::new(Kind::Io, format!("{}: {error}", path.display()))
            .next("name a file that is not there yet with -o")
    })
}
