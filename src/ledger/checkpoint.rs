//! Heads of the tree, signed: C2SP tlog-checkpoint in a C2SP signed note.
//!
//! ```text
//!   countersign.example.com/prod                        origin: the ledger key's name
//!   109482                                              entries
//!   sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=        root
//!
//!   — countersign.example.com/prod hI2DJw…              the ledger's signature
//!   — witness.example/w1 mJirIklj…                      cosignatures, each with its time
//! ```

use super::{
    key::{KeyError, SigningKey, Signs, VerifierKey},
    tree::Hash,
};
use jiff::Timestamp;
use serde::Serialize;
use signed_note::{Note, Signature};
use std::fmt;

/// Size and root of a tree, and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Whose: the name of the ledger's key.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root of the tree of so many entries.
    pub root: Hash,
}

/// A witness's word that it saw this head, and none that contradicts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cosigned {
    /// The witness, by its key's name.
    pub witness: String,
    /// When it said so.
    pub at: Timestamp,
}

/// A head whose signature was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// Known witnesses that cosigned it.
    pub cosigned: Vec<Cosigned>,
    /// The whole text, as it was.
    pub note: String,
}

/// Why a text is no head of this ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointFault {
    /// It is no signed note with a checkpoint in it.
    #[error("this is no checkpoint (C2SP tlog-checkpoint): {0}")]
    Form(&'static str),
    /// Another ledger's.
    #[error("this is a head of the ledger `{found}`, not of `{wanted}`")]
    OtherLedger {
        /// Whose it says it is.
        found: String,
        /// Whose it should be.
        wanted: String,
    },
    /// The name is right, and the key is another one.
    #[error(
        "it is signed with another key of the same name ({found:08x}, where {wanted:08x} is known). A ledger keeps \
         its key for life, so this is another ledger, or the key was swapped"
    )]
    OtherKey {
        /// Id of the key that signed.
        found: u32,
        /// Id of the known key.
        wanted: u32,
    },
    /// Nobody known signed it.
    #[error("the ledger has not signed it")]
    Unsigned,
    /// The signature does not belong to this text.
    #[error("the signature of `{0}` does not fit: the head or the signature was altered")]
    BadSignature(String),
}

impl Checkpoint {
    /// The text that is signed: three lines.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    fn read(text: &[u8]) -> Result<Self, CheckpointFault> {
        let read = tlog_tiles::Checkpoint::from_bytes(text)
            .map_err(|_| CheckpointFault::Form("its three lines are not origin, size and root"))?;
        if !read.extension().is_empty() {
            return Err(CheckpointFault::Form("it has more than three lines"));
        }
        Ok(Self { origin: read.origin().to_owned(), size: read.size(), root: *read.hash() })
    }

    /// Signs it; the origin has to be the key's name.
    pub fn sign(&self, key: &SigningKey) -> Result<String, KeyError> {
        key.public().must_sign(Signs::Heads)?;
        let text = self.text();
        let signature = key.sign(&[], text.as_bytes())?;
        note(&text, &[signature])
    }
}

fn note(text: &str, signatures: &[Signature]) -> Result<String, KeyError> {
    let note = Note::new(text.as_bytes(), signatures).map_err(|_| KeyError::Form("public"))?;
    Ok(String::from_utf8_lossy(&note.to_bytes()).into_owned())
}

impl Head {
    /// Reads a signed head, and believes it only if the ledger's key signed it. A cosignature by
    /// a known witness has to be right too; those of strangers are passed over.
    pub fn open(
        note: &str,
        ledger: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<Self, CheckpointFault> {
        let (text, signatures) = parts(note)?;
        let checkpoint = Checkpoint::read(text.as_bytes())?;
        if checkpoint.origin != ledger.name() {
            let (found, wanted) = (checkpoint.origin, ledger.name().to_owned());
            return Err(CheckpointFault::OtherLedger { found, wanted });
        }
        let (mut signed, mut other) = (false, None);
        let mut cosigned: Vec<Cosigned> = Vec::new();
        for signature in &signatures {
            let (name, id, bytes) = (signature.name(), signature.id(), signature.signature());
            if name == ledger.name() && id == ledger.id() {
                if !ledger.verifies(text.as_bytes(), bytes) {
                    return Err(CheckpointFault::BadSignature(name.to_owned()));
                }
                signed = true;
            } else if name == ledger.name() {
                other = Some(id);
            }
            let known = witnesses.iter().find(|key| key.name() == name && key.id() == id);
            let Some(witness) = known else { continue };
            let at = cosignature(witness, &text, bytes)
                .ok_or_else(|| CheckpointFault::BadSignature(name.to_owned()))?;
            if cosigned.iter().all(|one| one.witness != name) {
                cosigned.push(Cosigned { witness: name.to_owned(), at });
            }
        }
        match (signed, other) {
            (true, _) => Ok(Self { checkpoint, cosigned, note: note.to_owned() }),
            (false, Some(found)) => Err(CheckpointFault::OtherKey { found, wanted: ledger.id() }),
            (false, None) => Err(CheckpointFault::Unsigned),
        }
    }

    /// What a head says, without believing it: for telling which one it claims to be.
    pub fn claimed(note: &str) -> Result<Checkpoint, CheckpointFault> {
        Checkpoint::read(parts(note)?.0.as_bytes())
    }

    /// The head with a witness's cosignature added, as of now.
    pub fn cosign(&self, witness: &SigningKey, at: Timestamp) -> Result<String, KeyError> {
        witness.public().must_sign(Signs::Cosignatures)?;
        let text = self.checkpoint.text();
        let time = u64::try_from(at.as_second()).unwrap_or_default();
        let signature =
            witness.sign(&time.to_be_bytes(), cosigned_message(&text, time).as_bytes())?;
        let (_, mut signatures) = parts(&self.note).map_err(|_| KeyError::Form("public"))?;
        signatures.retain(|old| old.name() != signature.name() || old.id() != signature.id());
        signatures.push(signature);
        note(&text, &signatures)
    }

    /// The head with all signatures of both notes; both have to be of the very same head.
    pub fn merged(&self, other: &Self) -> Result<String, CheckpointFault> {
        if self.checkpoint != other.checkpoint {
            return Err(CheckpointFault::Form("the two are not the same head"));
        }
        let (text, mut signatures) = parts(&self.note)?;
        for signature in parts(&other.note)?.1 {
            let same =
                |old: &Signature| old.name() == signature.name() && old.id() == signature.id();
            if !signatures.iter().any(same) {
                signatures.push(signature);
            }
        }
        note(&text, &signatures).map_err(|_| CheckpointFault::Form("it cannot be written"))
    }
}

fn parts(note: &str) -> Result<(String, Vec<Signature>), CheckpointFault> {
    const NO_NOTE: CheckpointFault = CheckpointFault::Form("it is no signed note");
    let read = Note::from_bytes(note.as_bytes()).map_err(|_| NO_NOTE)?;
    let text = String::from_utf8(read.text().to_vec()).map_err(|_| NO_NOTE)?;
    // The library keeps the signatures to itself; they are the lines behind the text.
    let lines = note.get(text.len() + 1..).ok_or(NO_NOTE)?;
    let signatures = lines.lines().map(|line| Signature::from_bytes(line.as_bytes()));
    Ok((text, signatures.collect::<Result<_, _>>().map_err(|_| NO_NOTE)?))
}

/// What a witness signs (C2SP tlog-cosignature, Ed25519).
fn cosigned_message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// When a witness cosigned, if this is its cosignature.
fn cosignature(witness: &VerifierKey, text: &str, bytes: &[u8]) -> Option<Timestamp> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    let message = cosigned_message(text, time);
    let right =
        witness.signs() == Signs::Cosignatures && witness.verifies(message.as_bytes(), signature);
    right.then(|| Timestamp::from_second(i64::try_from(time).ok()?).ok()).flatten()
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries, root {}", self.size, self.root)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Checkpoint, CheckpointFault, Head};
    use crate::ledger::{
        key::{SigningKey, Signs},
        tree::leaf_hash,
    };
    use jiff::Timestamp;

    pub(in crate::ledger) fn key(name: &str, signs: Signs) -> SigningKey {
        let folder = tempfile::tempdir().unwrap();
        SigningKey::create(&folder.path().join("key"), name, signs).unwrap()
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "example.com/prod".to_owned(), size: 7, root: leaf_hash(b"x") }
    }

    #[test]
    fn a_head_is_believed_as_it_was_signed_and_no_other_way() {
        let ledger = key("example.com/prod", Signs::Heads);
        let note = checkpoint().sign(&ledger).unwrap();
        let head = Head::open(&note, ledger.public(), &[]).unwrap();
        assert_eq!(head.checkpoint, checkpoint());
        let larger = note.replacen("\n7\n", "\n8\n", 1);
        let bad = Head::open(&larger, ledger.public(), &[]);
        assert_eq!(bad, Err(CheckpointFault::BadSignature("example.com/prod".to_owned())));
        for wrong in [note.replacen("\n7\n", "\n07\n", 1), note.replacen("\n\n", "\nmore\n\n", 1)] {
            let read = Head::open(&wrong, ledger.public(), &[]);
            assert!(matches!(read, Err(CheckpointFault::Form(_))), "{wrong}");
        }
    }

    #[test]
    fn a_swapped_key_is_told_from_another_ledger() {
        let ledger = key("example.com/prod", Signs::Heads);
        let swapped = key("example.com/prod", Signs::Heads);
        let note = checkpoint().sign(&swapped).unwrap();
        let read = Head::open(&note, ledger.public(), &[]);
        assert!(matches!(read, Err(CheckpointFault::OtherKey { .. })), "{read:?}");
        let other = key("example.com/test", Signs::Heads);
        let read = Head::open(&note, other.public(), &[]);
        assert!(matches!(read, Err(CheckpointFault::OtherLedger { .. })), "{read:?}");
    }

    #[test]
    fn a_cosignature_carries_its_time() {
        let ledger = key("example.com/prod", Signs::Heads);
        let witness = key("witness.example/w1", Signs::Cosignatures);
        let note = checkpoint().sign(&ledger).unwrap();
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let head = Head::open(&note, ledger.public(), &[]).unwrap();
        let cosigned = head.cosign(&witness, at).unwrap();
        let known = [witness.public().clone()];
        let head = Head::open(&cosigned, ledger.public(), &known).unwrap();
        assert_eq!(head.cosigned[0].at, at);
        let plain = Head::open(&note, ledger.public(), &[]).unwrap();
        assert_eq!(plain.merged(&head).unwrap(), cosigned);
        // A witness's key alone does not make a head.
        let alone: Vec<&str> = cosigned.lines().filter(|l| !l.starts_with("— example")).collect();
        let alone = alone.join("\n") + "\n";
        assert_eq!(Head::open(&alone, ledger.public(), &known), Err(CheckpointFault::Unsigned));
    }
}
