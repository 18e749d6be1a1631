//! Signs the ledger's heads, and remembers the last one.
//!
//! ```text
//!   ledger has grown ─▶ continues the head that was signed last? ─no─▶ rolled back, or rewritten
//!                              │yes                                     (told; nothing is signed)
//!                              └▶ sign ─▶ keep in the store ─▶ remember beside the key
//! ```
//!
//! What is remembered beside the key is out of reach for whoever only has the database: signing a
//! head is also looking whether the store still is what it was.

use crate::{
    ledger::{
        Checkpoint, Edge, Head, KeyError, Shelf, ShelfError, SigningKey, Signs, TreeError,
        check_consistency, consistency, consistency_needs, fetch, root,
    },
    store::StoreError,
};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Between two heads, where nothing asks for one at once.
const EVERY: Duration = Duration::from_mins(1);

/// Why no head was signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Entries that a signed head covers are gone.
    #[error(
        "the ledger was rolled back: a head of {before} entries was signed here, and it has {now}. Entries were cut off, or an older copy of the store was put back"
    )]
    RolledBack {
        /// Entries of the last head.
        before: u64,
        /// Entries there are.
        now: u64,
    },
    /// Entries that a signed head covers are others now.
    #[error(
        "the ledger was rewritten: its first {size} entries are not those whose head was signed here"
    )]
    Rewritten {
        /// Entries of the last head.
        size: u64,
    },
    /// Another key signed before.
    #[error("the ledger's heads are signed by another key than {path}: {why}")]
    OtherKey {
        /// Ours.
        path: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// What is remembered beside the key cannot be used.
    #[error("the last head, kept in {path}, cannot be used: {why}")]
    Memory {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The tree.
    #[error("the ledger's tree: {0}")]
    Tree(#[from] TreeError),
    /// The store.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The key of a ledger, and what was signed with it last.
pub struct Seal {
    key: SigningKey,
    file: PathBuf,
    memory: PathBuf,
    last: Mutex<Option<Instant>>,
    told: Mutex<Option<String>>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Seal {
    /// The key in this file, with the last head in `memory`. Where there is no key, one is made,
    /// unless the ledger has heads already: then somebody else signs them, and `None` is the answer.
    pub async fn open(
        file: &Path,
        memory: &Path,
        origin: &str,
        ledger: &dyn Shelf,
    ) -> Result<Option<Self>, SealError> {
        let key = if file.exists() {
            SigningKey::load(file, Signs::Heads)?
        } else if ledger.ledger_heads(0).await?.is_empty() {
            match SigningKey::create(file, origin, Signs::Heads) {
                // Another process was quicker.
                Err(KeyError::Exists { .. }) => SigningKey::load(file, Signs::Heads)?,
                made => made?,
            }
        } else {
            return Ok(None);
        };
        let (file, memory) = (file.to_owned(), memory.to_owned());
        Ok(Some(Self { key, file, memory, last: Mutex::new(None), told: Mutex::new(None) }))
    }

    /// The key.
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The head that was signed here last.
    pub fn remembered(&self) -> Result<Option<Checkpoint>, SealError> {
        let path = self.memory.clone();
        let note = match fs::read_to_string(&path) {
            Ok(note) => note,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SealError::Memory { path, why: error.to_string() }),
        };
        Ok(Some(self.open_note(&note)?.checkpoint))
    }

    fn open_note(&self, note: &str) -> Result<Head, SealError> {
        let head = Head::open(note, self.key.public(), &[]);
        head.map_err(|why| SealError::OtherKey { path: self.file.clone(), why: why.to_string() })
    }

    /// Signs a head if the ledger has grown, and none was signed lately. What goes wrong is logged
    /// once, and answered by [`Seal::trouble`].
    pub async fn in_time(&self, ledger: &dyn Shelf) {
        let lately = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let lately = last.is_some_and(|last| last.elapsed() < EVERY);
            if !lately {
                *last = Some(Instant::now());
            }
            lately
        };
        if !lately {
            self.at_once(ledger).await;
        }
    }

    /// As [`Seal::in_time`], however lately one was signed: something was let through.
    pub async fn at_once(&self, ledger: &dyn Shelf) {
        let failed = self.sign(ledger).await.err().map(|error| error.to_string());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = failed.as_ref().filter(|failed| told.as_ref() != Some(*failed)) {
            tracing::error!(%error, "no head of the ledger was signed");
        }
        *told = failed;
    }

    /// Why no head could be signed the last time, if so.
    pub fn trouble(&self) -> Option<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs a head of the ledger as it is, if it continues the last one and has grown.
    pub async fn sign(&self, ledger: &dyn Shelf) -> Result<Option<Checkpoint>, SealError> {
        let (last, head) = self.continued(ledger).await?;
        if last.as_ref().map_or(0, |last| last.size) == head.size {
            return Ok(None);
        }
        let note = head.sign(&self.key)?;
        ledger.keep_head(head.size, &note).await?;
        self.remember(&note)?;
        Ok(Some(head))
    }

    /// Looks whether the ledger continues the last head, and signs nothing. Answers that head, where
    /// there is one, and the one the ledger has now.
    pub async fn continued(
        &self,
        ledger: &dyn Shelf,
    ) -> Result<(Option<Checkpoint>, Checkpoint), SealError> {
        let size = ledger.ledger_size().await?;
        let last = match self.remembered()? {
            Some(head) => Some(head),
            None => self.kept(ledger).await?,
        };
        let origin = self.key.public().name().to_owned();
        let now = root(size, &fetch(ledger, &Edge::needs(size)).await?)?;
        let now = Checkpoint { origin, size, root: now };
        let Some(last) = last else { return Ok((None, now)) };
        if last.size > size {
            return Err(SealError::RolledBack { before: last.size, now: size });
        }
        let continues = if last.size == size {
            last.root == now.root
        } else {
            let nodes = fetch(ledger, &consistency_needs(last.size, size)).await?;
            let (old, new) = ((last.size, last.root), (size, now.root));
            consistency(last.size, size, &nodes)
                .is_ok_and(|proof| check_consistency(&proof, old, new).is_ok())
        };
        if !continues {
            return Err(SealError::Rewritten { size: last.size });
        }
        Ok((Some(last), now))
    }

    /// The last head the store keeps, where none is remembered: it has to be ours.
    async fn kept(&self, ledger: &dyn Shelf) -> Result<Option<Checkpoint>, SealError> {
        match ledger.ledger_heads(0).await?.last() {
            Some(note) => Ok(Some(self.open_note(note)?.checkpoint)),
            None => Ok(None),
        }
    }

    fn remember(&self, note: &str) -> Result<(), SealError> {
        let path = self.memory.clone();
        let mut beside = path.clone().into_os_string();
        beside.push(format!(".{}", std::process::id()));
        let written = write(Path::new(&beside), note).and_then(|()| fs::rename(&beside, &path));
        written.map_err(|why| SealError::Memory { path, why: why.to_string() })
    }
}

fn write(path: &Path, note: &str) -> io::Result<()> {
    use io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(note.as_bytes())?;
    file.sync_all()
}
