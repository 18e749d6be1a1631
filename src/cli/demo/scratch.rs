//! A directory of our own that is gone when we are.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

/// Where the directory is put, instead of the system's place for temporary files.
pub(super) const PLACE: &str = "COUNTERSIGN_DEMO_DIR";

/// A directory only we may enter; removed when dropped, unless it is to be kept.
pub(super) struct Scratch {
    path: PathBuf,
    keep: bool,
}

impl Scratch {
    /// Makes it in `COUNTERSIGN_DEMO_DIR` or the system's place for temporary files.
    pub fn make(keep: bool) -> io::Result<Self> {
        let place = std::env::var_os(PLACE).map_or_else(std::env::temp_dir, PathBuf::from);
        let mut random = [0_u8; 6];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let name = random.iter().fold("countersign-demo-".to_owned(), |mut name, byte| {
            use std::fmt::Write as _;
            let _ = write!(name, "{byte:02x}");
            name
        });
        let path = std::path::absolute(place)?.join(name);
        // Fails if it is there already, so nobody can have prepared it for us.
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self { path, keep })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a directory in it.
    pub fn folder(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            // Somebody may still be writing into it; whatever is left is in the system's place
            // for temporary files, in a directory with our name.
            let _ = fs::remove_dir_all(&self.path).or_else(|_| fs::remove_dir_all(&self.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scratch;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn it_is_private_and_gone_afterwards() {
        let scratch = Scratch::make(false).unwrap();
        let path = scratch.path().to_owned();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        std::fs::write(scratch.folder("sub").unwrap().join("file"), b"x").unwrap();
        drop(scratch);
        assert!(!path.exists());
    }
}
