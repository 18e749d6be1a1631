//! A store kept in a file, and put back from it.
//!
//! ```text
//!   store ─▶ FILE.part ─▶ compared with its ledger ─▶ FILE          (online, all or nothing)
//!   FILE ─▶ a copy beside it ─▶ compared ─▶ older than what is there? ─▶ store   (one transaction)
//! ```
//!
//! A backup is a store of its own: an SQLite file, whatever the store is that was backed up.

use super::{Compared, Copied, CopyError, Step, compare, copy};
use crate::{
    ledger::{self, Checkpoint, Entry, Fetched, Hash, ShelfError, Upkeep},
    store::{SqliteStore, Store, StoreError},
};
use serde::Serialize;
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// What a backup has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    /// What was copied.
    #[serde(flatten)]
    pub copied: Copied,
    /// What holding it against its own ledger found.
    pub compared: Compared,
}

/// What putting a backup back does to the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "ledger")]
pub enum Back {
    /// The backup continues what is there, or there is nothing.
    Forward {
        /// Entries there were.
        before: u64,
        /// Entries the backup has.
        with: u64,
    },
    /// Entries that are there, or that a head was signed of, are not in the backup.
    RolledBack {
        /// Entries there were, or a known head has.
        before: u64,
        /// Entries the backup has.
        with: u64,
    },
    /// The two are different ledgers, or one was rewritten.
    Another {
        /// Entries there were, or a known head has.
        before: u64,
        /// Entries the backup has.
        with: u64,
    },
}

/// Why nothing was kept, or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file already.
    #[error("{path} is there already. Give another name, or move it away")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written or read.
    #[error("cannot use {path}: {why}. Make room there, or give another place")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
    /// It is a store that somebody works with.
    #[error("{path} is a store in use, not a backup: its log is not empty. Use `store copy`")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// Its rows do not say what its ledger says.
    #[error("{path} is not good: {first}, and {more} more. Nothing was changed")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first thing that is wrong.
        first: String,
        /// How many more there are.
        more: u64,
    },
    /// The ledger failed.
    #[error("the ledger cannot be read: {0}")]
    Ledger(#[from] ShelfError),
    /// It could not be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps a store, whoever writes meanwhile, in a new file that only we may read.
pub async fn backup(
    from: &dyn Store,
    file: &Path,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Result<Kept, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists { path: file.to_owned() });
    }
    let part = beside(file, "part");
    let told = |why| BackupError::File { path: part.clone(), why };
    clear(&part).map_err(told)?;
    let kept = async {
        let to = SqliteStore::open(&part).await?;
        let written = written(from, &to, tell).await;
        to.close().await;
        written
    };
    match kept.await {
        Ok(kept) => {
            // Nobody may have made one meanwhile: a name is only taken where there is none.
            fs::hard_link(&part, file)
                .and_then(|()| clear(&part))
                .and_then(|()| sync(file))
                .map_err(|why| BackupError::File { path: file.to_owned(), why })?;
            Ok(kept)
        }
        Err(error) => {
            let _ = clear(&part);
            Err(error)
        }
    }
}

async fn written(
    from: &dyn Store,
    to: &SqliteStore,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Result<Kept, BackupError> {
    let copied = copy(from, to, false, tell).await?;
    let compared = compare(to).await?;
    Ok(Kept { copied, compared })
}

/// A backup that was looked at.
#[derive(Debug)]
pub struct Checked {
    store: SqliteStore,
    place: PathBuf,
    /// What holding it against its own ledger found.
    pub compared: Compared,
}

impl Checked {
    /// Looks at a backup. The file itself stays as it is: it is opened as a copy beside `near`.
    pub async fn open(file: &Path, near: &Path) -> Result<Self, BackupError> {
        let told = |why| BackupError::File { path: file.to_owned(), why };
        let log = with_suffix(file, "-wal");
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            return Err(BackupError::InUse { path: file.to_owned() });
        }
        let place = beside(near, "restore");
        clear(&place).map_err(told)?;
        let copied = private(&place).and_then(|()| fs::copy(file, &place));
        let opened = match copied {
            Ok(_) => SqliteStore::open(&place).await.map_err(BackupError::from),
            Err(why) => Err(told(why)),
        };
        let checked = async {
            let store = opened?;
            let compared = compare(&store).await?;
            Ok((store, compared))
        };
        match checked.await {
            Ok((store, compared)) => Ok(Self { store, place, compared }),
            Err(error) => {
                let _ = clear(&place);
                Err(error)
            }
        }
    }

    /// What putting it back would do to the ledger of `to`. `heads` are others that are known to
    /// have been signed.
    pub async fn back(&self, to: &dyn Store, heads: &[Checkpoint]) -> Result<Back, BackupError> {
        let with = self.compared.entries;
        let before = to.shelf().ledger_size().await?;
        let mut known = vec![(before, root(to, before).await?)];
        known.extend(heads.iter().map(|head| (head.size, head.root)));
        let mut worst = Back::Forward { before, with };
        for (size, theirs) in known {
            if size > with {
                // What is there may continue the backup, or be another ledger from the start.
                let same = size != before || root(to, with).await? == self.compared.root;
                if !same {
                    return Ok(Back::Another { before: size, with });
                }
                worst = Back::RolledBack { before: size, with };
            } else if root(&self.store, size).await? != theirs {
                return Ok(Back::Another { before: size, with });
            }
        }
        Ok(worst)
    }

    /// Puts it back: what `to` held is gone. A line of its ledger says so.
    pub async fn put(
        &self,
        to: &dyn Store,
        back: &Back,
        tell: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Copied, BackupError> {
        let copied = copy(&self.store, to, true, tell).await?;
        let (Back::Forward { before, with }
        | Back::RolledBack { before, with }
        | Back::Another { before, with }) = *back;
        let told = Upkeep::Restored { before, with };
        to.tell(&[Entry::upkeep(told, jiff::Timestamp::now())]).await?;
        Ok(copied)
    }

    /// Closes it and takes the copy away.
    pub async fn close(self) {
        self.store.close().await;
        let _ = clear(&self.place);
    }
}

/// The root of the first `size` entries of a store.
async fn root(store: &dyn Store, size: u64) -> Result<Hash, ShelfError> {
    let needs = ledger::Edge::needs(size);
    let nodes = store.shelf().ledger_nodes(&needs).await?;
    Ok(ledger::root(size, &Fetched::new(&needs, &nodes)?)?)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// A name of this process's own beside a file.
fn beside(path: &Path, what: &str) -> PathBuf {
    with_suffix(path, &format!(".{what}-{}", std::process::id()))
}

/// Takes a store's file away, with what SQLite keeps beside it.
fn clear(path: &Path) -> io::Result<()> {
    for suffix in ["-wal", "-shm", "-journal", ".next", ".turn", ""] {
        match fs::remove_file(with_suffix(path, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes a file that only we may read, for what is copied into it.
fn private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
