//! What is remembered of the policy in force, so that a harmless command need not ask it.
//!
//! ```text
//!   slow: Policy ─adopt_policy─▶ store ─▶ Mark { id, program, free } ─▶ STORE.policy
//!   fast: text of the policy ─digest─▶ the same as in STORE.policy? ─no─▶ slow
//!                                        └─ yes, and reading is free ─▶ Ruling without Cedar
//! ```
//!
//! Loading and checking a policy takes longer than a harmless command may. What it says of
//! everything that only reads hangs on its text alone, so it is found out once, when the store
//! adopts it, and kept beside the store with the digest of the text and the version of this
//! program. Whoever then reads the very same text knows the answer; for whoever reads any other
//! (a newer one, an older one that the store has to refuse, none where there was one) the mark says
//! nothing, and the policy is asked. Whoever can write the mark can write the store.

use super::{
    asker::{content, plain_file},
    whole::{self, Written},
};
use crate::{
    domain::{Digest, Leave, PolicyId, Ruling},
    policy::{Free, Policy},
    store::{AdoptError, Store},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// A mark is far shorter.
const LONGEST: u64 = 64 << 10;

/// Which program found it out: another version may read the same policy differently.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    program: String,
    policy: PolicyId,
    free: Option<Free>,
}

/// Where the mark of a store lies.
pub fn path(store: &Path) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(".policy");
    name.into()
}

impl Mark {
    /// What the policy says of everything that only reads, if it lets all of that through.
    pub fn free(self) -> Option<Ruling> {
        let Self { policy, free, program: _ } = self;
        let Free { tier, rules } = free?;
        Some(Ruling { policy, tier, leave: Leave::LetThrough, rules })
    }
}

/// The mark of the policy with this text, if it is the one that the store adopted last.
pub fn of(store: &Path, text: Digest) -> Option<Mark> {
    let (file, found) = plain_file(&path(store))?;
    let of_store = store.metadata().ok()?;
    let ours = rustix::process::geteuid().as_raw();
    let trusted = [ours, of_store.uid(), 0].contains(&found.uid()) && found.mode() & 0o002 == 0;
    let bytes = trusted.then(|| content(&file, found.len(), LONGEST)).flatten()?;
    let mark: Mark = serde_json::from_slice(&bytes).ok()?;
    (mark.program == PROGRAM && mark.policy.digest == text).then_some(mark)
}

/// Has the store adopt a policy, and remembers what it says of everything that only reads. A mark
/// that cannot be written costs time, not safety.
pub async fn adopt(
    path: &Path,
    store: &dyn Store,
    policy: &Policy,
    now: Timestamp,
) -> Result<(), AdoptError> {
    let id = policy.id();
    store.adopt_policy(&id, Some(policy.text()), now).await?;
    let mark = Mark { program: PROGRAM.to_owned(), policy: id, free: policy.reading_is_free() };
    if matches!(write(path, &mark), Ok(Written::Anew)) {
        // Somebody may have adopted a newer one since, and this mark may lie over theirs.
        let still = store.adopt_policy(&id, Some(policy.text()), now).await;
        if still.is_err() {
            let _ = fs::remove_file(self::path(path));
        }
        return still;
    }
    Ok(())
}

fn write(store: &Path, mark: &Mark) -> io::Result<Written> {
    whole::write(&path(store), &serde_json::to_vec(mark)?, store, false)
}
