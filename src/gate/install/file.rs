//! Reading a host's file, and putting another in its place: whole or not at all.

use rustix::process::geteuid;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown},
    path::{Path, PathBuf},
};

/// A host's settings are never this large.
const LARGEST: u64 = 4 << 20;

/// What is kept beside a file that is changed, until the change is taken back. It does not end in
/// `.json`, so that no host takes it for an agent or a hook.
const KEPT: &str = ".before-countersign";

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// The system says no.
    #[error("{path}: {why}", path = path.display())]
    System {
        /// The file.
        path: PathBuf,
        /// Its words.
        why: io::Error,
    },
    /// What is there is no file, or none a host would have written.
    #[error("{path} {what}", path = path.display())]
    Odd {
        /// The file.
        path: PathBuf,
        /// What is odd about it.
        what: &'static str,
    },
    /// Somebody else wrote it in the meantime.
    #[error("{path} has changed since it was read", path = .0.display())]
    Changed(PathBuf),
}

impl FileFault {
    /// Whether an administrator could.
    pub fn is_denied(&self) -> bool {
        let denied = [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem];
        matches!(self, Self::System { why, .. } if denied.contains(&why.kind()))
    }
}

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where it really lies.
    pub path: PathBuf,
    /// Whether the way there goes over a link.
    pub linked: bool,
    /// What it holds; none where there is no file.
    pub text: Option<String>,
}

fn system(path: &Path) -> impl FnOnce(io::Error) -> FileFault + '_ {
    |why| FileFault::System { path: path.to_owned(), why }
}

/// Reads a file. A link is followed, but not by an administrator through a directory that others
/// can write: who may set the link would choose what is written.
pub fn read(path: &Path) -> Result<Seen, FileFault> {
    let odd = |what| FileFault::Odd { path: path.to_owned(), what };
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            return Ok(Seen { path: path.to_owned(), linked: false, text: None });
        }
        Err(why) => return Err(system(path)(why)),
    };
    let linked = meta.is_symlink();
    let real = if linked {
        fs::canonicalize(path).map_err(|_| odd("is a link that leads nowhere"))?
    } else {
        path.to_owned()
    };
    if linked && geteuid().is_root() && meta.uid() != 0 {
        return Err(odd(
            "is a link that somebody other than root has set; root does not follow it",
        ));
    }
    let mut file = OpenOptions::new()
        .read(true)
        // A pipe in its place would wait for ever.
        .custom_flags(i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default())
        .open(&real)
        .map_err(system(&real))?;
    let meta = file.metadata().map_err(system(&real))?;
    if !meta.is_file() {
        return Err(odd("is no file"));
    }
    if meta.len() > LARGEST {
        return Err(odd("is larger than any host's settings"));
    }
    let mut bytes = Vec::new();
    (&mut file).take(LARGEST).read_to_end(&mut bytes).map_err(system(&real))?;
    let text = String::from_utf8(bytes).map_err(|_| odd("is not UTF-8"))?;
    Ok(Seen { path: real, linked, text: Some(text) })
}

/// What was kept of a file before it was changed.
pub fn kept(path: &Path) -> Option<String> {
    read(&kept_path(path)).ok()?.text
}

/// Where that is kept.
pub fn kept_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(KEPT);
    PathBuf::from(name)
}

/// Keeps what a file held beside it.
pub fn keep(seen: &Seen) -> Result<Option<PathBuf>, FileFault> {
    let Some(text) = &seen.text else { return Ok(None) };
    let beside = kept_path(&seen.path);
    put(&beside, text, fs::metadata(&seen.path).ok().as_ref())?;
    Ok(Some(beside))
}

/// Removes what was kept; that it is gone already is fine.
pub fn forget(path: &Path) -> Result<(), FileFault> {
    gone(&kept_path(path))
}

/// Puts a new text in the place of what was seen, or takes the file away. Nothing is written where
/// the file is not what was seen any more.
pub fn replace(seen: &Seen, text: Option<&str>) -> Result<(), FileFault> {
    let now = read(&seen.path)?;
    if now.text != seen.text {
        return Err(FileFault::Changed(seen.path.clone()));
    }
    match text {
        Some(text) => put(&seen.path, text, fs::metadata(&seen.path).ok().as_ref()),
        None => gone(&seen.path),
    }
}

fn gone(path: &Path) -> Result<(), FileFault> {
    match fs::remove_file(path) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(system(path)(why)),
        _ => Ok(()),
    }
}

/// A new file beside the old one, on the disk, then in its place: mode and owner as before.
fn put(path: &Path, text: &str, like: Option<&fs::Metadata>) -> Result<(), FileFault> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder).map_err(system(folder))?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let fresh = PathBuf::from(name);
    let written = write_new(&fresh, text, like).and_then(|()| fs::rename(&fresh, path));
    if let Err(why) = written {
        let _ = fs::remove_file(&fresh);
        return Err(system(path)(why));
    }
    // Some file systems cannot sync a directory; the rename has happened all the same.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn write_new(path: &Path, text: &str, like: Option<&fs::Metadata>) -> io::Result<()> {
    // Left behind by one of ours that was killed and had this number.
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    let mode = like.map_or(0o644, |meta| meta.mode() & 0o7777);
    if let Some(meta) = like {
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (meta.uid(), meta.gid()) {
            fchown(&file, Some(meta.uid()), Some(meta.gid()))?;
        }
    }
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::{FileFault, keep, kept, read, replace};
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[test]
    fn a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::write(&path, "{}").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let seen = read(&path).unwrap();
        keep(&seen).unwrap();
        replace(&seen, Some("{\"a\":1}")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"a\":1}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(kept(&path).as_deref(), Some("{}"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_somebody_else_wrote_in_the_meantime_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let seen = read(&path).unwrap();
        fs::write(&path, "theirs").unwrap();
        assert!(matches!(replace(&seen, Some("ours")), Err(FileFault::Changed(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    }

    #[test]
    fn a_link_is_followed_and_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.json"), folder.path().join("link.json"));
        fs::write(&real, "{}").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let seen = read(&link).unwrap();
        assert!(seen.linked);
        replace(&seen, Some("[]")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "[]");
        fs::remove_file(&real).unwrap();
        assert!(read(&link).unwrap_err().to_string().ends_with("is a link that leads nowhere"));
    }

    #[test]
    fn what_is_no_file_is_said_to_be_none() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().ends_with("is no file"));
        let bytes = folder.path().join("bytes");
        fs::write(&bytes, [0xff, 0xfe]).unwrap();
        assert!(read(&bytes).unwrap_err().to_string().ends_with("is not UTF-8"));
    }
}
