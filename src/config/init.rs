//! `countersign init`: a file to start from.

use super::locations::Locations;
use serde::Serialize;
use std::{
    fmt, fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

/// Why no file was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is one already.
    #[error("{0} is there already; edit it, or overwrite it with --force")]
    Exists(PathBuf),
    /// Nobody knows where it should go.
    #[error("there is no home directory to put it in; say where with --config FILE")]
    Nowhere,
    /// The system did not let us.
    #[error("{path} cannot be written: {error}")]
    Unwritable {
        /// The file or its directory.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
}

/// A written file and what to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Initialised {
    /// The file.
    pub path: PathBuf,
    /// The next steps, in order.
    pub next: Vec<String>,
}

impl fmt::Display for Initialised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrote {}. What to do next:", self.path.display())?;
        for (index, step) in self.next.iter().enumerate() {
            write!(f, "\n  {}. {step}", index + 1)?;
        }
        Ok(())
    }
}

/// The content of a fresh file: the few options most people set, commented out.
pub fn starter_file() -> &'static str {
    include_str!("starter.toml")
}

/// Writes the starter file to `--config FILE` or the user's place. An existing file stays unless
/// `force` is set; readable and writable by the user alone.
pub fn init(locations: &Locations, force: bool) -> Result<Initialised, InitError> {
    let path = locations.explicit.as_ref().or(locations.user.as_ref()).ok_or(InitError::Nowhere)?;
    if !force && path.symlink_metadata().is_ok() {
        return Err(InitError::Exists(path.clone()));
    }
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        fs::create_dir_all(directory)
            .map_err(|error| InitError::Unwritable { path: directory.to_owned(), error })?;
    }
    write(path, force).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => InitError::Exists(path.clone()),
        _ => InitError::Unwritable { path: path.clone(), error },
    })?;
    let command = match &locations.explicit {
        Some(path) => format!("countersign --config {}", path.display()),
        None => "countersign".to_owned(),
    };
    Ok(Initialised {
        path: path.clone(),
        next: vec![
            format!("open {} and take the # from the sources you have", path.display()),
            format!("{command} config check    (finds every mistake in it at once)"),
            format!("{command} doctor          (tries each source and names missing permissions)"),
            format!("{command}                 (opens the console)"),
        ],
    })
}

/// Writes beside the file and moves it there, so that nobody ever reads half of it.
fn write(path: &Path, force: bool) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    if !force {
        // `create_new` also refuses a file that appeared since we looked.
        return options.open(path)?.write_all(starter_file().as_bytes());
    }
    let beside = path.with_extension(format!("toml.new-{}", std::process::id()));
    let written = options
        .open(&beside)
        .and_then(|mut file| {
            file.write_all(starter_file().as_bytes()).and_then(|()| file.sync_all())
        })
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one worth telling.
        let _ = fs::remove_file(&beside);
    }
    written
}
