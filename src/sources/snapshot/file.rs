//! Files, read and turned into credentials; kept until they change.
//!
//! How far a principal gets is asked of all files together, because roles of one account let in
//! principals of another. When one file changes, the others are read again for that.

use crate::{
    config::SnapshotFiles,
    domain::{Credential, FaultKind, Gap, Part, SourceFault, SourceName},
    iam::{AuthorizationDetails, account_of, load_file, world::Input},
    sources::{
        Lens, Progress,
        aws::{
            inventory::{Inventory, unreadable_policies},
            reach::{Beside, Reaches},
        },
    },
};
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

/// What one file holds.
#[derive(Debug, Clone)]
pub(super) struct FileView {
    /// Users and roles.
    pub(super) credentials: Vec<Credential>,
    /// Account ids found in it.
    pub(super) accounts: BTreeSet<String>,
    /// How many users.
    pub(super) users: usize,
    /// How many roles.
    pub(super) roles: usize,
    /// How many managed policies.
    pub(super) policies: usize,
    /// What in it could not be understood.
    pub(super) gaps: Vec<Gap>,
}

impl FileView {
    /// The same with what is known of reach.
    fn with(&self, reach: &Reaches) -> Self {
        let mut view = self.clone();
        for credential in &mut view.credentials {
            credential.reach = reach.get(credential.principal.native.raw());
        }
        view
    }

    /// One line for `doctor`.
    pub(super) fn describe(&self) -> String {
        let accounts: Vec<&str> = self.accounts.iter().map(String::as_str).collect();
        let (users, roles) = (self.users, self.roles);
        format!("account {}: {users} users, {roles} roles", accounts.join(", "))
    }
}

/// Size and time of a file; a change of either means reading it again.
type Stamp = (u64, Option<SystemTime>);

/// None: it is not there.
fn stamp(path: &Path) -> Option<Stamp> {
    std::fs::metadata(path).ok().map(|file| (file.len(), file.modified().ok()))
}

/// The last good reading of each file, over which of them reach was asked, beside which others,
/// and what was missing for that.
#[derive(Debug, Default)]
struct Readings {
    files: HashMap<PathBuf, (Stamp, Arc<FileView>)>,
    joined: Vec<(PathBuf, Stamp)>,
    beside: Vec<Option<Stamp>>,
    gaps: Vec<Gap>,
}

/// What is known of each file.
#[derive(Debug)]
pub(super) struct Views {
    /// In the order they were asked for.
    pub(super) files: Vec<Result<Arc<FileView>, SourceFault>>,
    /// What of the files beside them could not be read.
    pub(super) gaps: Vec<Gap>,
}

/// Reads files and remembers the last good reading of each.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    source: SourceName,
    lens: Lens,
    declared: Option<bool>,
    beside: Beside,
    read: Arc<Mutex<Readings>>,
}

/// The listing a file is.
pub(super) fn part(path: &Path) -> Part {
    Part::new(format!("file {}", path.display()))
}

impl Reader {
    pub(super) fn new(source: SourceName, lens: Lens, settings: &SnapshotFiles) -> Self {
        let (declared, beside) = (settings.production, settings.into());
        Self { source, lens, declared, beside, read: Arc::default() }
    }

    /// Reads files, or gives what was read of those that have not changed since. Blocks.
    pub(super) fn views(&self, paths: &[PathBuf], progress: &Progress) -> Views {
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut views = Vec::with_capacity(paths.len());
        let mut inputs = HashMap::new();
        let mut joined = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            progress.step("files", index, Some(paths.len()));
            let stamp = stamp(path);
            let unchanged = known.files.get(path).filter(|(then, _)| Some(then) == stamp.as_ref());
            let view = match unchanged {
                Some((_, view)) => Ok(view.clone()),
                None => self.fresh(path).map(|(view, input)| {
                    inputs.insert(path.clone(), input);
                    Arc::new(view)
                }),
            };
            if let (Ok(view), Some(stamp)) = (&view, stamp) {
                known.files.insert(path.clone(), (stamp, view.clone()));
                joined.push((path.clone(), stamp));
            }
            views.push(view);
        }
        let beside: Vec<_> = self.beside.paths().map(|path| stamp(path)).collect();
        if !inputs.is_empty() || known.joined != joined || known.beside != beside {
            progress.step("paths", 0, None);
            let all = joined.iter().filter_map(|(path, _)| {
                // Of a file that did not change only the credentials were kept.
                inputs.remove(path).or_else(|| self.fresh(path).ok().map(|(_, input)| input))
            });
            let reach = Reaches::of(all, &self.beside);
            for (path, view) in paths.iter().zip(&mut views) {
                if let Ok(view) = view {
                    *view = Arc::new(view.with(&reach));
                    if let Some((_, kept)) = known.files.get_mut(path) {
                        *kept = view.clone();
                    }
                }
            }
            known.joined = joined;
            known.beside = beside;
            known.gaps = reach.gaps;
        }
        Views { files: views, gaps: known.gaps.clone() }
    }

    fn fresh(&self, path: &Path) -> Result<(FileView, Input), SourceFault> {
        let during = format!("read {}", path.display());
        let loaded = load_file(path)
            .map_err(|error| SourceFault::new(FaultKind::Local, &during, error.to_string()))?;
        let details = loaded.details;
        let part = part(path);
        let inventory = Inventory {
            source: &self.source,
            lens: &self.lens,
            declared: self.declared,
            alias: None,
            reach: &Reaches::default(),
        };
        let mut credentials = inventory.users(&details, &part);
        credentials.extend(inventory.roles(&details, &part));
        let mut gaps = Vec::new();
        if loaded.is_truncated {
            let detail = format!(
                "{}: holds only the first pages (IsTruncated is true). Export it again without --no-paginate and --max-items",
                path.display()
            );
            let fault = SourceFault::new(FaultKind::Local, &during, detail);
            gaps.push(Gap { part, fault });
        }
        if let Some(first) = loaded.problems.first() {
            let others = match loaded.problems.len() - 1 {
                0 => String::new(),
                n => format!(" (and {n} more)"),
            };
            let detail = format!("{}: {}{others}", first.r#where, first.what);
            let part = Part::new(format!("entries of {}", path.display()));
            gaps.push(Gap { part, fault: SourceFault::new(FaultKind::Local, &during, detail) });
        }
        let unread = Part::new(format!("policy documents of {}", path.display()));
        gaps.extend(unreadable_policies(&details, unread, FaultKind::Local, &during));
        let view = FileView {
            accounts: accounts(&details),
            users: details.users.len(),
            roles: details.roles.len(),
            policies: details.policies.len(),
            credentials,
            gaps,
        };
        let input = Input {
            is_continued: loaded.is_truncated,
            missing: loaded.missing,
            is_damaged: loaded.has_lost_entries,
            problems: loaded.problems,
            ..Input::new(path.display().to_string(), details)
        };
        Ok((view, input))
    }
}

fn accounts(details: &AuthorizationDetails) -> BTreeSet<String> {
    let users = details.users.iter().map(|user| user.arn.as_str());
    let arns = users.chain(details.roles.iter().map(|role| role.arn.as_str()));
    arns.filter_map(account_of).map(str::to_owned).collect()
}
