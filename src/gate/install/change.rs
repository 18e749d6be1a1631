//! One file's change: worked out, shown, made.

use super::{
    around::Spot,
    command::Installed,
    file::{self, FileFault, Seen},
    json::TextFault,
    opencode, plan,
    profile::{Filling, Form, Scope},
};
use similar::TextDiff;
use std::path::{Path, PathBuf};

/// Why a file's change cannot be worked out or made.
#[derive(Debug, thiserror::Error)]
pub enum ChangeFault {
    /// It cannot be read or written.
    #[error(transparent)]
    File(#[from] FileFault),
    /// It cannot be understood.
    #[error("{path}: {fault}", path = path.display())]
    Text {
        /// The file.
        path: PathBuf,
        /// Where and what.
        fault: TextFault,
    },
    /// A file of another kind stands in the place of ours.
    #[error("{path} is not ours: take it away, or give ours another directory", path = .0.display())]
    NotOurs(PathBuf),
}

/// What is to become of one file.
#[derive(Debug, Clone)]
pub struct Change {
    /// For whom the file counts.
    pub scope: Scope,
    /// The file as the host names it.
    pub shown: PathBuf,
    /// The file as it was found.
    pub seen: Seen,
    /// What it is to hold; none where it is to go.
    pub after: Option<String>,
    /// Whether the hook comes or goes.
    comes: bool,
}

impl Change {
    /// Puts the hook into a file.
    pub fn install(spot: &Spot, filling: &Filling, host: &str) -> Result<Self, ChangeFault> {
        let seen = file::read(&spot.path)?;
        let text = seen.text.as_deref().unwrap_or_default();
        let after = match spot.form {
            Form::Json(form) => {
                plan::with(text, form, filling, host).map_err(|fault| at(&spot.path, fault))?
            }
            Form::Plugin => {
                if !text.trim().is_empty() && opencode::read(text).is_none() {
                    return Err(ChangeFault::NotOurs(spot.path.clone()));
                }
                opencode::text(&filling.command)
            }
        };
        Ok(Self::of(spot, seen, Some(after), true))
    }

    /// Takes the hook out of a file.
    pub fn uninstall(spot: &Spot, seconds: u64, host: &str) -> Result<Self, ChangeFault> {
        let seen = file::read(&spot.path)?;
        let after = match (&seen.text, spot.form) {
            (None, _) => None,
            (Some(text), Form::Json(form)) => {
                let before = file::kept(&seen.path);
                plan::without(text, form, host, seconds, before.as_deref())
                    .map_err(|fault| at(&spot.path, fault))?
            }
            (Some(text), Form::Plugin) => {
                if opencode::read(text).is_none() {
                    Some(text.clone())
                } else {
                    None
                }
            }
        };
        Ok(Self::of(spot, seen, after, false))
    }

    fn of(spot: &Spot, seen: Seen, after: Option<String>, comes: bool) -> Self {
        Self { scope: spot.scope, shown: spot.path.clone(), seen, after, comes }
    }

    /// Whether there is nothing to do.
    pub fn is_nothing(&self) -> bool {
        self.seen.text == self.after
    }

    /// In a word, for JSON.
    pub fn word(&self) -> &'static str {
        match (&self.seen.text, &self.after) {
            (before, after) if before == after => "none",
            (None, _) => "create",
            (Some(_), None) => "remove",
            (Some(_), Some(_)) => "change",
        }
    }

    /// As a unified diff.
    pub fn diff(&self) -> String {
        let before = self.seen.text.as_deref().unwrap_or_default();
        let after = self.after.as_deref().unwrap_or_default();
        let name = |there: bool| {
            if there { self.shown.display().to_string() } else { "/dev/null".to_owned() }
        };
        TextDiff::from_lines(before, after)
            .unified_diff()
            .header(&name(self.seen.text.is_some()), &name(self.after.is_some()))
            .to_string()
    }

    /// Makes it, if the file still is what was seen; gives where the old text was kept.
    pub fn make(&self, had_hook: bool) -> Result<Option<PathBuf>, ChangeFault> {
        // With a hook of ours in it already, what was kept then is what has to come back.
        let beside = if self.comes && !had_hook { file::keep(&self.seen)? } else { None };
        file::replace(&self.seen, self.after.as_deref())?;
        if !self.comes && file::kept(&self.seen.path) == self.after {
            file::forget(&self.seen.path)?;
        }
        Ok(beside)
    }
}

fn at(path: &Path, fault: TextFault) -> ChangeFault {
    ChangeFault::Text { path: path.to_owned(), fault }
}

/// What is found of ours in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    /// The event it is for; empty where a file is for all.
    pub event: String,
    /// The line the host runs.
    pub command: String,
    /// The same, read.
    pub runs: Installed,
    /// Whether a failing hook is a refusal, as far as the file can say so.
    pub closed: bool,
    /// Whether it is as it would be installed today, apart from the command.
    pub current: bool,
}

/// The hooks of ours in a file, and the events that have none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hooks {
    /// Those found.
    pub found: Vec<Hook>,
    /// Events without.
    pub missing: Vec<String>,
}

/// Looks for hooks of ours in a file.
pub fn hooks(spot: &Spot, seconds: u64, host: &str) -> Result<Hooks, ChangeFault> {
    let Some(text) = file::read(&spot.path)?.text else { return Ok(Hooks::default()) };
    let form = match spot.form {
        Form::Plugin => {
            let found = opencode::read(&text).into_iter().map(|runs| {
                let command = runs.line().unwrap_or_default();
                let current = opencode::text(&command) == text;
                Hook { event: String::new(), command, runs, closed: true, current }
            });
            return Ok(Hooks { found: found.collect(), missing: Vec::new() });
        }
        Form::Json(form) => form,
    };
    let found = plan::found(&text, form, host).map_err(|fault| at(&spot.path, fault))?;
    let events = form.lists.iter().filter_map(|event| event.path.last().copied());
    let missing = events
        .filter(|event| found.iter().all(|found| found.event != *event))
        .map(str::to_owned)
        .collect();
    let found = found
        .into_iter()
        .map(|found| {
            let runs = Installed { host: host.to_owned(), ..found.runs.clone() };
            let filling = Filling { command: runs.line().unwrap_or_default(), seconds };
            let event = form.lists.get(found.list);
            let wanted = event.map(|event| plan::entry(form, event, &filling).value());
            Hook {
                event: found.event.to_owned(),
                current: wanted.as_ref() == Some(&found.element),
                command: found.command,
                runs: found.runs,
                closed: found.closed,
            }
        })
        .collect();
    Ok(Hooks { found, missing })
}
