//! A file that a tool writes: which one it really is, and what is done to it.
//!
//! ```text
//!   path as given + cwd ─▶ absolute, without `..` ─▶ through links, if there are any
//!                             └─────────┬───────────────────┘ both are judged
//!                                       ▼
//!                        inside of the cwd: version control may have it
//! ```

use crate::{
    classify::{self, FileWork, Setting},
    domain::{Assessment, Reversibility, Verb},
};
use std::{
    ffi::OsString,
    path::{Component, Path, PathBuf},
};

/// What is done to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It holds this from then on, if that is known.
    Whole(Option<String>),
    /// A part of it is changed.
    Part,
    /// It is removed.
    Gone,
    /// It has this name from then on, and may be changed too.
    MovedTo(String),
}

/// A file that a tool writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    path: String,
    /// What it is behind links, where that is another.
    real: Option<String>,
    change: Edit,
    inside: bool,
}

impl Written {
    /// A file by the name a tool gives it, in this working directory. Looks where links lead.
    pub fn new(path: &str, cwd: &str, change: Edit) -> Self {
        let (path, real, inside) = resolved(path, cwd);
        let change = match change {
            Edit::MovedTo(to) => Edit::MovedTo(resolved(&to, cwd).0),
            other => other,
        };
        Self { path, real, change, inside }
    }

    /// What it would do.
    pub fn assess(&self, setting: &Setting<'_>) -> Assessment {
        let mut found = classify::file(&self.path, self.work(), setting);
        // A program that reads nothing but what it is given is no effect of its own.
        found.effects.retain(|effect| effect.verb != Verb::Read);
        if let Edit::MovedTo(to) = &self.change {
            let there = classify::file(to, FileWork::Whole(None), setting);
            add(&mut found, there);
        }
        if self.inside {
            for effect in found.effects.iter_mut().filter(|effect| effect.service == "files") {
                let plain = effect.verb == Verb::Update && self.change != Edit::Gone;
                if plain && matches!(effect.reversible, Reversibility::Reversible(_)) {
                    effect.reversible =
                        Reversibility::Reversible("restore it from version control".into());
                }
            }
        }
        if let Some(real) = &self.real {
            add(&mut found, classify::file(real, self.work(), setting));
        }
        found
    }

    /// It in a few words.
    pub fn told(&self) -> String {
        let path = &self.path;
        match &self.change {
            Edit::Whole(_) => format!("write {path}"),
            Edit::Part => format!("edit {path}"),
            Edit::Gone => format!("delete {path}"),
            Edit::MovedTo(to) => format!("move {path} to {to}"),
        }
    }

    fn work(&self) -> FileWork<'_> {
        match &self.change {
            Edit::Whole(text) => FileWork::Whole(text.as_deref()),
            Edit::Part => FileWork::Part,
            Edit::Gone => FileWork::Gone,
            Edit::MovedTo(to) => FileWork::MovedTo(to),
        }
    }
}

/// Adds what another name of the file is beyond a file.
fn add(found: &mut Assessment, other: Assessment) {
    let plain = |verb: Verb, reversible: &Reversibility| {
        matches!(verb, Verb::Update | Verb::Read)
            && !matches!(reversible, Reversibility::Irreversible(_))
    };
    let more = other.effects.into_iter().filter(|e| !plain(e.verb, &e.reversible));
    found.effects.extend(more);
    found.opaque.extend(other.opaque);
}

/// The absolute name, the one behind links if it is another, and whether both are below the
/// working directory.
fn resolved(path: &str, cwd: &str) -> (String, Option<String>, bool) {
    let home = path
        .strip_prefix("~/")
        .and_then(|rest| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(rest)));
    let whole = home.unwrap_or_else(|| Path::new(cwd).join(path));
    let whole = plain(&whole);
    let folder = plain(Path::new(cwd));
    let below = |path: &Path, folder: &Path| {
        folder.is_absolute() && folder.parent().is_some() && path.starts_with(folder)
    };
    let mut inside = below(&whole, &folder);
    let real = behind(&whole).filter(|real| *real != whole);
    if let Some(real) = &real {
        inside &= below(real, &behind(&folder).unwrap_or(folder));
    }
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    (text(whole), real.map(text), inside)
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if whole.file_name().is_some() => {
                whole.pop();
            }
            Component::ParentDir if whole.has_root() => {}
            other => whole.push(other),
        }
    }
    whole
}

/// Where the system would write: the part of a path that exists, through its links, and the rest.
fn behind(path: &Path) -> Option<PathBuf> {
    /// Deeper than any path that can be opened.
    const DEEPEST: usize = 2048;
    let mut rest: Vec<OsString> = Vec::new();
    let mut here = path.to_path_buf();
    for _ in 0..DEEPEST {
        if let Ok(mut real) = here.canonicalize() {
            real.extend(rest.iter().rev());
            return Some(real);
        }
        // A link to what is not there yet leads somewhere all the same.
        if let Ok(to) = here.read_link() {
            here = plain(&here.parent()?.join(to));
            continue;
        }
        rest.push(here.file_name()?.to_owned());
        here = here.parent()?.to_path_buf();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Edit, Written, resolved};
    use crate::{
        classify::Setting,
        domain::{Class, Verb},
    };
    use std::os::unix::fs::symlink;

    #[test]
    fn a_name_is_taken_from_the_working_directory() {
        let (path, real, inside) = resolved("src/../a//b", "/nowhere/here");
        assert_eq!((path.as_str(), real, inside), ("/nowhere/here/a/b", None, true));
        assert_eq!(resolved("../x", "/nowhere/here").0, "/nowhere/x");
        assert!(!resolved("../x", "/nowhere/here").2);
        assert!(!resolved("/etc/x", "/").2, "the root is no project");
        assert_eq!(resolved("/../../etc/x", "/work").0, "/etc/x");
    }

    #[test]
    fn a_link_does_not_hide_where_it_leads() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().canonicalize().unwrap();
        let project = home.join("project");
        std::fs::create_dir_all(&project).unwrap();
        std::fs::create_dir_all(home.join(".claude")).unwrap();
        symlink(home.join(".claude"), project.join("notes")).unwrap();
        symlink(home.join(".bashrc"), project.join("todo")).unwrap();
        let cwd = project.to_str().unwrap();
        let assess =
            |path: &str, change| Written::new(path, cwd, change).assess(&Setting::default());
        let settings = assess("notes/settings.json", Edit::Whole(None));
        assert!(settings.effects.iter().any(|e| e.verb == Verb::Grant), "{settings:?}");
        assert!(settings.effects.iter().all(|e| !e.because().contains("version control")));
        let profile = assess("todo", Edit::Whole(None));
        assert_eq!(profile.class(), Class::Opaque, "{profile:?}");
    }

    #[test]
    fn links_that_lead_to_each_other_end() {
        let folder = tempfile::tempdir().unwrap();
        symlink("b", folder.path().join("a")).unwrap();
        symlink("a", folder.path().join("b")).unwrap();
        let cwd = folder.path().to_str().unwrap();
        assert_eq!(resolved("a", cwd).1, None);
    }
}
