//! The files that lie beside a command, below `--cwd`.

use crate::{
    classify::Files,
    cli::failure::{Failure, Kind},
};
use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

/// Longest file that is read beside a command, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Reads files below one directory, and none outside of it.
pub(super) struct Beside {
    root: PathBuf,
}

impl Beside {
    /// Below this directory.
    pub(super) fn below(directory: &Path) -> Result<Self, Failure> {
        let unread = |why: String| {
            Failure::new(Kind::Usage, format!("--cwd {}: {why}", directory.display()))
                .next("name the directory the command would run in")
        };
        let root = directory.canonicalize().map_err(|error| unread(error.to_string()))?;
        if root.is_dir() { Ok(Self { root }) } else { Err(unread("is no directory".to_owned())) }
    }
}

impl Files for Beside {
    fn read(&self, name: &str) -> Option<String> {
        // Symbolic links are followed before it is looked where the file is.
        let path = self.root.join(name).canonicalize().ok()?;
        if !path.starts_with(&self.root) || !path.is_file() {
            return None;
        }
        let mut text = String::new();
        let file = File::open(path).ok()?;
        file.take(LONGEST + 1).read_to_string(&mut text).ok()?;
        (text.len() as u64 <= LONGEST).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Beside;
    use crate::classify::Files as _;

    #[test]
    fn files_below_are_read_and_none_outside_also_not_through_a_link() {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("work");
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(root.join("sub/run.sh"), "ls").unwrap();
        std::fs::write(outside.path().join("secret"), "s").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), root.join("link")).unwrap();
        let beside = Beside::below(&root).unwrap();
        assert_eq!(beside.read("sub/run.sh").as_deref(), Some("ls"));
        assert_eq!(beside.read("./sub/../sub/run.sh").as_deref(), Some("ls"));
        for name in ["../secret", "link", "sub", "none", "/etc/hostname", ""] {
            assert_eq!(beside.read(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_too_long_or_not_text_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("long"), vec![b'a'; 1024 * 1024 + 1]).unwrap();
        std::fs::write(root.path().join("binary"), [0xff, 0xfe]).unwrap();
        let beside = Beside::below(root.path()).unwrap();
        assert_eq!(beside.read("long"), None);
        assert_eq!(beside.read("binary"), None);
    }
}
