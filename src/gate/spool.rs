//! The log of what was let through, written without opening the store.
//!
//! ```text
//!   hook ─append─▶ STORE.let-through ─rename─▶ …taken ─▶ Store::let_through ─▶ removed
//!                  one line a record            (whoever opens the store next)
//! ```
//!
//! What cannot be written here is not let through. A record that is taken in twice counts once.

use crate::domain::LetThrough;
use std::{
    ffi::OsString,
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Where records of the gates that use this store are appended.
pub fn path(store: &Path) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(".let-through");
    name.into()
}

/// Appends one record.
pub fn append(store: &Path, record: &LetThrough) -> io::Result<()> {
    let mut line = vec![b'\n'];
    serde_json::to_writer(&mut line, record)?;
    line.push(b'\n');
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path(store))?;
    file.write_all(&line)
}
