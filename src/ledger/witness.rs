//! Somebody else who remembers: a witness keeps the last head it saw, and cosigns only what
//! continues it.
//!
//! ```text
//!   head + consistency proof ──▶ witness ──▶ cosignature (C2SP tlog-cosignature, Ed25519)
//!                                   │ remembers the head, in a file of its own
//!                                   └ smaller? another root? ──▶ Refusal: rolled back, forked
//! ```
//!
//! Whoever can write the database and has the ledger's key can cut the ledger off and sign what is
//! left. What they cannot do is make a witness on another machine forget.

use super::{
    checkpoint::{Checkpoint, CheckpointFault, Head},
    key::{KeyError, SigningKey, VerifierKey, sync_folder},
    proof::Submission,
    tree::{Hash, TreeError, check_consistency},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

const FORMAT: &str = "countersign-witness@v1";

/// What a witness remembers of one ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    format: String,
    /// The ledger's key.
    ledger: String,
    /// The last head it cosigned, with the signatures it had.
    last: Option<String>,
}

/// Why a witness does not cosign.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The head itself is not good.
    #[error("not cosigned: {0}")]
    Head(#[from] CheckpointFault),
    /// Entries that were there are gone.
    #[error(
        "not cosigned: the ledger had {before} entries when it was last seen here, and now has {now}. Entries \
         were cut off, or an old copy was put back"
    )]
    RolledBack {
        /// Entries when last seen.
        before: u64,
        /// Entries now.
        now: u64,
    },
    /// Entries that were there are others now.
    #[error(
        "not cosigned: the first {size} entries are no longer those that were seen here ({why}). The \
         ledger was rewritten"
    )]
    Forked {
        /// How many were seen.
        size: u64,
        /// What does not fit.
        why: TreeError,
    },
    /// The proof starts elsewhere.
    #[error(
        "not cosigned: the proof starts at {given} entries, and {known} were seen here last. Ask for \
         it with `countersign ledger checkpoint --since {known}`"
    )]
    OtherStart {
        /// Where the proof starts.
        given: u64,
        /// What the witness knows.
        known: u64,
    },
    /// The witness's own file or key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What it remembers cannot be read or written.
    #[error("cannot use what the witness remembers, {path}: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl Memory {
    /// A witness that has seen nothing yet of the ledger with this key.
    pub fn of(ledger: &VerifierKey) -> Self {
        Self { format: FORMAT.to_owned(), ledger: ledger.to_string(), last: None }
    }

    /// The ledger's key.
    pub fn ledger(&self) -> Result<VerifierKey, KeyError> {
        self.ledger.parse()
    }

    /// The last head it saw.
    pub fn last(&self) -> Result<Option<Checkpoint>, Refusal> {
        let Some(note) = &self.last else { return Ok(None) };
        Ok(Some(Head::open(note, &self.ledger()?, &[])?.checkpoint))
    }

    /// How many entries it knows of.
    pub fn size(&self) -> Result<u64, Refusal> {
        Ok(self.last()?.map_or(0, |last| last.size))
    }

    /// Cosigns a head if it continues the last one; remembers it. The answer is the head with the
    /// cosignature. Write the memory down before handing it out.
    pub fn cosign(
        &mut self,
        submitted: &Submission,
        key: &SigningKey,
        at: Timestamp,
    ) -> Result<String, Refusal> {
        let head = Head::open(&submitted.note, &self.ledger()?, &[])?;
        self.must_continue(&head.checkpoint, submitted.old, &submitted.hashes)?;
        let cosigned = head.cosign(key, at)?;
        self.last = Some(cosigned.clone());
        Ok(cosigned)
    }

    fn must_continue(&self, now: &Checkpoint, old: u64, proof: &[Hash]) -> Result<(), Refusal> {
        let Some(last) = self.last()? else { return Ok(()) };
        if now.size < last.size {
            return Err(Refusal::RolledBack { before: last.size, now: now.size });
        }
        let forked = |why| Refusal::Forked { size: last.size, why };
        if now.size == last.size {
            let same = now.root == last.root;
            return if same { Ok(()) } else { Err(forked(TreeError::Disproved)) };
        }
        if old != last.size {
            return Err(Refusal::OtherStart { given: old, known: last.size });
        }
        check_consistency(proof, (last.size, last.root), (now.size, now.root)).map_err(forked)
    }

    /// Reads what a witness remembers.
    pub fn load(path: &Path) -> Result<Self, Refusal> {
        let told = |why: String| Refusal::File { path: path.to_owned(), why };
        let text = fs::read_to_string(path).map_err(|error| told(error.to_string()))?;
        let memory: Self = serde_json::from_str(&text).map_err(|error| told(error.to_string()))?;
        if memory.format != FORMAT {
            return Err(told(format!("its format is not {FORMAT}")));
        }
        Ok(memory)
    }

    /// Writes it down, all or nothing.
    pub fn save(&self, path: &Path) -> Result<(), Refusal> {
        let told = |why: String| Refusal::File { path: path.to_owned(), why };
        let text = serde_json::to_string_pretty(self).map_err(|error| told(error.to_string()))?;
        replace(path, text.as_bytes()).map_err(|error| told(error.to_string()))
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder(path)
}

#[cfg(test)]
mod tests {
    use super::{Memory, Refusal};
    use crate::ledger::{
        checkpoint::{Checkpoint, tests::key},
        key::{SigningKey, Signs},
        proof::Submission,
        tree::{Edge, Hash, consistency, leaf_hash, root},
    };
    use jiff::Timestamp;

    struct Log {
        key: SigningKey,
        edge: Edge,
        nodes: Vec<Hash>,
    }

    impl Log {
        fn of(key: SigningKey, entries: &[&str]) -> Self {
            let mut log = Self { key, edge: Edge::default(), nodes: Vec::new() };
            for entry in entries {
                log.nodes.extend(log.edge.push(leaf_hash(entry.as_bytes())).1);
            }
            log
        }

        fn head(&self, old: u64, size: u64) -> Submission {
            let root = root(size, &self.nodes).unwrap();
            let head = Checkpoint { origin: self.key.public().name().to_owned(), size, root };
            let hashes = consistency(old.min(size), size, &self.nodes).unwrap();
            Submission { old, hashes, note: head.sign(&self.key).unwrap() }
        }
    }

    #[test]
    fn a_witness_follows_what_grows_and_nothing_else() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("ledger.key");
        let ledger = SigningKey::create(&kept, "example.com/prod", Signs::Heads).unwrap();
        let me = key("witness.example", Signs::Cosignatures);
        let log = Log::of(ledger, &["a", "b", "c", "d", "e"]);
        let mut memory = Memory::of(log.key.public());
        memory.cosign(&log.head(0, 3), &me, at).unwrap();
        memory.cosign(&log.head(3, 3), &me, at).unwrap();
        let elsewhere = memory.cosign(&log.head(2, 5), &me, at);
        assert!(matches!(elsewhere, Err(Refusal::OtherStart { given: 2, known: 3 })));
        memory.cosign(&log.head(3, 5), &me, at).unwrap();

        let file = folder.path().join("memory");
        memory.save(&file).unwrap();
        let mut memory = Memory::load(&file).unwrap();
        assert_eq!(memory.size().unwrap(), 5);
        let back = memory.cosign(&log.head(0, 4), &me, at);
        assert!(matches!(back, Err(Refusal::RolledBack { before: 5, now: 4 })), "{back:?}");

        // Whoever has the ledger's key rewrites an entry and goes on from there.
        let ledger = SigningKey::load(&kept, Signs::Heads).unwrap();
        let forged = Log::of(ledger, &["a", "b", "X", "d", "e", "f"]);
        for size in [5, 6] {
            let fork = memory.cosign(&forged.head(5, size), &me, at);
            assert!(matches!(fork, Err(Refusal::Forked { size: 5, .. })), "{fork:?}");
        }

        let stranger =
            Log::of(key("example.com/prod", Signs::Heads), &["a", "b", "c", "d", "e", "f"]);
        let swapped = memory.cosign(&stranger.head(5, 6), &me, at);
        assert!(matches!(swapped, Err(Refusal::Head(_))), "{swapped:?}");
        assert_eq!(memory.size().unwrap(), 5, "a refusal changes nothing");
    }
}
