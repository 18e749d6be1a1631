//! One file, read and turned into credentials; kept until it changes.

use crate::{
    domain::{Credential, FaultKind, Gap, Part, SourceFault, SourceName},
    iam::{AuthorizationDetails, account_of, load_file},
    sources::{
        Lens,
        aws::inventory::{Inventory, unreadable_policies},
    },
};
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::SystemTime,
};

/// What one file holds.
#[derive(Debug)]
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
    /// One line for `doctor`.
    pub(super) fn describe(&self) -> String {
        let accounts: Vec<&str> = self.accounts.iter().map(String::as_str).collect();
        let (users, roles) = (self.users, self.roles);
        format!("account {}: {users} users, {roles} roles", accounts.join(", "))
    }
}

/// Size and time of a file; a change of either means reading it again.
type Stamp = (u64, Option<SystemTime>);

/// The last good reading of each file.
type Readings = HashMap<PathBuf, (Stamp, Arc<FileView>)>;

/// Reads files and remembers the last good reading of each.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    source: SourceName,
    lens: Lens,
    declared: Option<bool>,
    read: Arc<Mutex<Readings>>,
}

/// The listing a file is.
pub(super) fn part(path: &Path) -> Part {
    Part::new(format!("file {}", path.display()))
}

impl Reader {
    pub(super) fn new(source: SourceName, lens: Lens, declared: Option<bool>) -> Self {
        Self { source, lens, declared, read: Arc::default() }
    }

    /// Reads a file, or gives what was read when it has not changed since. Blocks.
    pub(super) fn view(&self, path: &Path) -> Result<Arc<FileView>, SourceFault> {
        let stamp = std::fs::metadata(path).ok().map(|file| (file.len(), file.modified().ok()));
        if let (Some(stamp), Ok(read)) = (&stamp, self.read.lock())
            && let Some((known, view)) = read.get(path)
            && known == stamp
        {
            return Ok(view.clone());
        }
        let view = Arc::new(self.fresh(path)?);
        if let (Some(stamp), Ok(mut read)) = (stamp, self.read.lock()) {
            read.insert(path.to_owned(), (stamp, view.clone()));
        }
        Ok(view)
    }

    fn fresh(&self, path: &Path) -> Result<FileView, SourceFault> {
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
        Ok(FileView {
            accounts: accounts(&details),
            users: details.users.len(),
            roles: details.roles.len(),
            policies: details.policies.len(),
            credentials,
            gaps,
        })
    }
}

fn accounts(details: &AuthorizationDetails) -> BTreeSet<String> {
    let users = details.users.iter().map(|user| user.arn.as_str());
    let arns = users.chain(details.roles.iter().map(|role| role.arn.as_str()));
    arns.filter_map(account_of).map(str::to_owned).collect()
}
