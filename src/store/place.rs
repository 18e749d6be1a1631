//! Where a store is: a SQLite file, or a short file that names a server.
//!
//! ```text
//!   store.db           SQLite format 3 …                      ─▶ SqliteStore
//!   server-1f….store   postgres://ana@db/store?sslmode=…      ─▶ PgStore
//!                      password_file = /run/secrets/store     (a second line, where one is named)
//! ```
//!
//! What lies beside a store on this host (the log of the gates, the mark of the policy) lies beside
//! that short file. So a path is enough for everybody, and only who opens it has to look.

use super::{Address, PgStore, SqliteStore, Store, StoreError};
use crate::domain::Digest;
use std::{
    fmt::Write as _,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A file that is longer names no server.
const LONGEST: u64 = 4096;

/// How long opening and every later call wait for a server and for others, if nothing else is said.
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens the store at this path, waiting up to half a minute where it is held or does not answer.
pub async fn open(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    open_patiently(path, PATIENCE).await
}

/// As [`open`], waiting up to `patience`, now and at every later call.
pub async fn open_patiently(path: &Path, patience: Duration) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match server(path)? {
        Some(address) => Arc::new(PgStore::open_patiently(&address, patience).await?),
        None => Arc::new(SqliteStore::open_patiently(path, patience).await?),
    })
}

/// The server a file names, with the password where the file says which file holds it; `None` for
/// every other file.
pub fn server(path: &Path) -> Result<Option<Address>, StoreError> {
    let Ok(file) = File::open(path) else { return Ok(None) };
    let Ok(found) = file.metadata() else { return Ok(None) };
    if !found.is_file() || found.len() > LONGEST {
        return Ok(None);
    }
    let mut text = String::new();
    if file.take(LONGEST).read_to_string(&mut text).is_err() || !Address::is_url(&text) {
        return Ok(None);
    }
    let exposed = found.mode() & 0o022 != 0;
    if exposed {
        return Err(StoreError::Exposed { path: path.to_owned() });
    }
    let mut lines = text.lines();
    let unfit = |server: &str, why: String| StoreError::Unfit { server: server.to_owned(), why };
    let address = Address::parse(lines.next().unwrap_or_default())
        .map_err(|error| unfit(&path.display().to_string(), error.to_string()))?;
    let Some(file) = lines.find_map(|line| line.strip_prefix("password_file = ")) else {
        return Ok(Some(address));
    };
    let password = password(Path::new(file))
        .map_err(|why| unfit(&address.to_string(), format!("the password file {file}: {why}")))?;
    Ok(Some(address.with_password(&password)))
}

/// The first line of a file only its owner can read.
fn password(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let found = file.metadata().map_err(|error| error.to_string())?;
    if found.mode() & 0o077 != 0 {
        return Err("others can read it; take that away with `chmod 600`".to_owned());
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| error.to_string())?;
    let first = text.lines().next().unwrap_or_default();
    if first.is_empty() { Err("it is empty".to_owned()) } else { Ok(first.to_owned()) }
}

/// The file in `folder` that names this server, made where it is missing. One a server, whatever
/// was opened before.
pub fn stand_in(
    url: &str,
    password_file: Option<&Path>,
    folder: &Path,
) -> Result<PathBuf, StoreError> {
    let path = stand_in_place(url, folder)?;
    let mut text = format!("{url}\n");
    if let Some(file) = password_file {
        let _ = writeln!(text, "password_file = {}", file.display());
    }
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return Ok(path);
    }
    write(&path, &text)
        .map_err(|why| StoreError::NotWritable { path: path.clone(), why: why.to_string() })?;
    Ok(path)
}

/// Where [`stand_in`] makes its file.
pub fn stand_in_place(url: &str, folder: &Path) -> Result<PathBuf, StoreError> {
    let address = Address::parse(url).map_err(|error| StoreError::Unfit {
        server: "of the store".to_owned(),
        why: error.to_string(),
    })?;
    let digest = Digest::of_bytes(address.to_string().as_bytes()).hex();
    let name: String = digest.chars().take(16).collect();
    Ok(folder.join(format!("server-{name}.store")))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut beside = path.to_owned().into_os_string();
    beside.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_server_is_named_by_a_file_of_ones_own() {
        let home = tempfile::tempdir().unwrap();
        let url = "postgres://ana@db.example/store?sslmode=verify-full";
        let path = stand_in(url, None, home.path()).unwrap();
        assert_eq!(stand_in(url, None, home.path()).unwrap(), path);
        let address = server(&path).unwrap().unwrap();
        assert_eq!(address.to_string(), "postgres://ana@db.example:5432/store");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o620)).unwrap();
        assert!(matches!(server(&path), Err(StoreError::Exposed { .. })));
    }

    #[test]
    fn a_password_is_read_from_a_file_nobody_else_can_read() {
        let home = tempfile::tempdir().unwrap();
        let secret = home.path().join("secret");
        fs::write(&secret, "hunter2\n").unwrap();
        let url = "postgres://ana@db.example/store";
        let path = stand_in(url, Some(&secret), home.path()).unwrap();
        let error = server(&path).unwrap_err().to_string();
        assert!(error.contains("chmod 600") && !error.contains("hunter2"), "{error}");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(server(&path).unwrap().is_some());
        assert!(!fs::read_to_string(&path).unwrap().contains("hunter2"));
    }

    #[test]
    fn every_other_file_is_none() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("store.db");
        assert!(server(&path).unwrap().is_none());
        fs::write(&path, b"SQLite format 3\0").unwrap();
        assert!(server(&path).unwrap().is_none());
        fs::write(&path, "mysql://db/store\n").unwrap();
        assert!(server(&path).unwrap().is_none());
    }
}
