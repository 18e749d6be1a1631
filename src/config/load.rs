//! Reads the layers, lays them on one another and makes the typed configuration.

use super::{
    document::Document,
    effective::{Setting, settings},
    layer::Layer,
    locations::Locations,
    model::Config,
    problem::{ConfigError, Place, Problem},
    read::{Base, read},
};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Why a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileRole {
    /// `/etc/countersign/config.toml`
    System,
    /// The user's own.
    User,
    /// Named by `--config`.
    Explicit,
}

/// A file that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRead {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub role: FileRole,
    /// Whether there was one.
    pub found: bool,
}

/// A configuration, and where it came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values. `[store] path` and every `[[github]] name` are filled in, `[[aws]] production`
    /// where `[production] profiles` matches its profile; all paths are absolute.
    pub config: Config,
    /// The files looked for, lowest layer first.
    pub files: Vec<FileRead>,
    pub(super) settings: Vec<Setting>,
}

/// Reads the configuration. Every fault of every file is reported at once.
///
/// No file at all is a configuration too: the defaults, without any source.
pub fn load(locations: &Locations) -> Result<Loaded, ConfigError> {
    let user = if locations.explicit.is_some() { None } else { locations.user.as_ref() };
    let layers = [
        (FileRole::System, locations.system.as_ref()),
        (FileRole::User, user),
        (FileRole::Explicit, locations.explicit.as_ref()),
    ];
    let (mut merged, mut files, mut problems) = (Layer::default(), Vec::new(), Vec::new());
    for (role, path) in layers.into_iter().filter_map(|(role, path)| Some((role, path?))) {
        let found = match read_file(path, role, locations.home.as_deref()) {
            Ok(Some(layer)) => {
                merged.cover(layer);
                true
            }
            Ok(None) => false,
            Err(faults) => {
                problems.extend(faults);
                true
            }
        };
        files.push(FileRead { path: path.clone(), role, found });
    }
    if !problems.is_empty() {
        return Err(ConfigError::new(problems));
    }
    for (name, placed) in merged.groups_of_two_places() {
        let place = Place { file: placed.file.to_path_buf(), line: placed.line, column: 1 };
        let message = format!("`{name}` stands in [groups] of another file too");
        let problem = Problem { place: Some(place), ..Problem::new(message) };
        problems.push(problem.help("keep one of the two"));
    }
    if !problems.is_empty() {
        return Err(ConfigError::new(problems));
    }
    merged.apply_profile_rules();
    let default_store = locations.default_store().filter(|_| !merged.has_store_url());
    let settings = settings(&merged, default_store.as_deref());
    let mut config = merged.into_config().map_err(|error| {
        ConfigError::new(vec![Problem::new(format!(
            "a value passed every check and still does not fit: {}",
            error.message()
        ))])
    })?;
    config.store.path = config.store.path.or(default_store);
    Ok(Loaded { config, files, settings })
}

fn read_file(
    path: &Path,
    role: FileRole,
    home: Option<&Path>,
) -> Result<Option<Layer>, Vec<Problem>> {
    let Some(document) = Document::read(path).map_err(|problem| vec![*problem])? else {
        if role == FileRole::Explicit {
            let message = format!("{}: there is no such file", path.display());
            let help = "check --config, or leave it out to read your own file";
            return Err(vec![Problem::new(message).help(help)]);
        }
        return Ok(None);
    };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let directory = absolute.parent().unwrap_or(Path::new("/"));
    read(&document, Base { directory, home }).map(Some)
}
