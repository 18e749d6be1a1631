//! Where configuration and state live.

use directories::{BaseDirs, ProjectDirs};
use std::path::PathBuf;

/// The files a configuration is read from, and the directories paths in it may start from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locations {
    /// The system's file. It need not exist.
    pub system: Option<PathBuf>,
    /// The user's file. It need not exist; not read when `explicit` is given.
    pub user: Option<PathBuf>,
    /// `--config FILE`. It must exist.
    pub explicit: Option<PathBuf>,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
    /// Where the store lies unless `[store] path` says otherwise.
    pub state: Option<PathBuf>,
}

impl Locations {
    /// The standard places by the XDG Base Directory Specification: `$XDG_CONFIG_HOME` or
    /// `~/.config`, and `$XDG_STATE_HOME` or `~/.local/state`, with `countersign/` below them.
    pub fn standard(explicit: Option<PathBuf>) -> Self {
        // A relative HOME would scatter stores over every directory the program is started in.
        let home = BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
        let home = home.filter(|home| home.is_absolute());
        let project = home.as_ref().and_then(|_| ProjectDirs::from("", "", "countersign"));
        Self {
            system: Some("/etc/countersign/config.toml".into()),
            user: project.as_ref().map(|dirs| dirs.config_dir().join("config.toml")),
            explicit,
            home,
            state: project.map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned()),
        }
    }

    /// The store's file unless `[store] path` says otherwise. None without a home directory.
    pub fn default_store(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|state| state.join("countersign.db"))
    }
}
