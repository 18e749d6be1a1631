//! Where the places of a host are on this machine.

use super::{
    hosts::HOSTS,
    profile::{Base, Form, Holds, Place, Profile, Scope},
};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What paths begin with here. Nothing below reads the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The home directory of whoever runs the agents.
    pub home: Option<PathBuf>,
    /// The top directory of the project.
    pub project: Option<PathBuf>,
    /// The top of the file system; another one only in tests.
    pub root: PathBuf,
    /// Variables that name directories of hosts.
    pub variables: BTreeMap<&'static str, PathBuf>,
}

/// A file a hook belongs into, there or not.
#[derive(Debug, Clone)]
pub struct Spot {
    /// For whom it counts.
    pub scope: Scope,
    /// The file.
    pub path: PathBuf,
    /// How hooks are written there.
    pub form: &'static Form,
    /// Whether it is one agent's of several.
    pub agent: bool,
}

impl Around {
    /// As the environment says. A relative directory counts for nothing.
    pub fn new(
        home: Option<PathBuf>,
        project: Option<PathBuf>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Self {
        let bases = HOSTS.iter().flat_map(|host| {
            let places = host.places.iter().map(|place| place.base);
            places.chain(host.guarded.iter().map(|(base, _)| *base))
        });
        let variables = bases.filter_map(|base| match base {
            Base::Variable(name, _) => {
                let path = PathBuf::from(variable(name)?);
                path.is_absolute().then_some((name, path))
            }
            _ => None,
        });
        Self { home, project, root: PathBuf::from("/"), variables: variables.collect() }
    }

    /// Where a path leads; none where what it begins with is not known.
    pub fn path(&self, base: Base, below: &str) -> Option<PathBuf> {
        let from = match base {
            Base::Home => self.home.clone()?,
            Base::Project => self.project.clone()?,
            Base::Root => self.root.clone(),
            Base::Variable(name, otherwise) => match self.variables.get(name) {
                Some(path) => path.clone(),
                None => self.home.as_ref()?.join(otherwise),
            },
        };
        Some(from.join(below))
    }

    /// The files a place stands for: itself, or every agent's there is.
    pub fn spots(&self, place: &Place) -> Vec<Spot> {
        let Some(path) = self.path(place.base, place.below) else { return Vec::new() };
        let spot =
            |path: PathBuf, agent| Spot { scope: place.scope, path, form: place.form, agent };
        match place.holds {
            Holds::File => vec![spot(path, false)],
            Holds::Agents => agents_in(&path).into_iter().map(|path| spot(path, true)).collect(),
        }
    }

    /// Every file of a host in one scope.
    pub fn of(&self, host: &Profile, scope: Scope) -> Vec<Spot> {
        let places = host.places.iter().filter(|place| place.scope == scope);
        places.flat_map(|place| self.spots(place)).collect()
    }
}

/// The agents' files in a directory, by name. A directory that is not there has none.
fn agents_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    found.sort();
    found
}

/// The top directory of the project `from` lies in: the nearest with a `.git`, else itself.
pub fn project_top(from: &Path) -> PathBuf {
    let top = from.ancestors().find(|folder| folder.join(".git").exists());
    top.unwrap_or(from).to_owned()
}
