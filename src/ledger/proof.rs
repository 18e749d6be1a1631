//! Proofs as files: C2SP tlog-proof.
//!
//! ```text
//!   c2sp.org/tlog-proof@v1
//!   index 73894
//!   gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=     neighbour first, then upwards
//!   …
//!                                                    an empty line
//!   (the checkpoint, as it is)
//! ```

use super::{
    checkpoint::{CheckpointFault, Head},
    key::VerifierKey,
    tree::{Hash, TreeError, check_inclusion, leaf_hash},
};
use std::fmt::Write as _;

const FIRST: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2^63 entries has no longer proof.
const LONGEST: usize = 64;

/// A proof that an entry is in the tree of a signed head.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// Number of the entry, from 0.
    pub index: u64,
    /// Hashes from the entry's neighbour upwards (RFC 6962, 2.1.1).
    pub hashes: Vec<Hash>,
    /// The signed head.
    pub note: String,
}

/// Why a proof does not prove it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// It is not written as one.
    #[error("line {line} of the proof: {why}")]
    Form {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// Its head is not believed.
    #[error("the proof's checkpoint: {0}")]
    Head(#[from] CheckpointFault),
    /// It does not lead to the head's root.
    #[error("entry {index}: {why}")]
    Tree {
        /// Which entry.
        index: u64,
        /// What is wrong.
        why: TreeError,
    },
}

impl Proof {
    /// The file.
    pub fn text(&self) -> String {
        written(format!("{FIRST}\nindex {}\n", self.index), &self.hashes, &self.note)
    }

    /// Reads a file, strictly. Extra data is passed over: nobody vouches for it.
    pub fn read(text: &str) -> Result<Self, ProofFault> {
        let (head, note) = apart(text)?;
        let mut lines = numbered(head).peekable();
        if lines.next().map(|(_, line)| line) != Some(FIRST) {
            return Err(wrong(1, "this is no tlog-proof of version 1"));
        }
        if lines.peek().is_some_and(|(_, line)| line.starts_with("extra ")) {
            lines.next();
        }
        let (at, line) = lines.next().unwrap_or((2, ""));
        let digits = line.strip_prefix("index ").unwrap_or_default();
        let index: u64 = digits.parse().map_err(|_| wrong(at, "expected `index` and a number"))?;
        if index.to_string() != digits {
            return Err(wrong(at, "the number is not written plainly"));
        }
        Ok(Self { index, hashes: hashes(lines)?, note: note.to_owned() })
    }

    /// Checks that `entry` is in the ledger of this key; answers the head it is proved for.
    pub fn check(
        &self,
        entry: &[u8],
        ledger: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<Head, ProofFault> {
        let head = Head::open(&self.note, ledger, witnesses)?;
        let (size, root) = (head.checkpoint.size, head.checkpoint.root);
        check_inclusion(&self.hashes, size, root, self.index, leaf_hash(entry))
            .map_err(|why| ProofFault::Tree { index: self.index, why })?;
        Ok(head)
    }
}

/// A head on its way to a witness: from which size on it is proved, the proof, and the head. This
/// is the body of an `add-checkpoint` request of C2SP tlog-witness.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The size the witness knows, 0 if none.
    pub old: u64,
    /// The proof that the new tree begins with that old one (RFC 6962, 2.1.2).
    pub hashes: Vec<Hash>,
    /// The signed head.
    pub note: String,
}

impl Submission {
    /// The file.
    pub fn text(&self) -> String {
        written(format!("old {}\n", self.old), &self.hashes, &self.note)
    }

    /// Reads a file, strictly.
    pub fn read(text: &str) -> Result<Self, ProofFault> {
        let (head, note) = apart(text)?;
        let mut lines = numbered(head);
        let first = lines.next().map_or("", |(_, line)| line);
        let digits = first.strip_prefix("old ").unwrap_or_default();
        let old: u64 = digits.parse().map_err(|_| wrong(1, "expected `old` and a number"))?;
        Ok(Self { old, hashes: hashes(lines)?, note: note.to_owned() })
    }
}

fn wrong(line: usize, why: &'static str) -> ProofFault {
    ProofFault::Form { line, why }
}

/// What stands first, a line for each hash, and the head behind an empty line.
fn written(mut text: String, hashes: &[Hash], note: &str) -> String {
    for hash in hashes {
        let _ = writeln!(text, "{hash}");
    }
    text + "\n" + note
}

fn apart(text: &str) -> Result<(&str, &str), ProofFault> {
    text.split_once("\n\n").ok_or_else(|| wrong(1, "there is no checkpoint behind it"))
}

/// The lines, from 1 on.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').enumerate().map(|(at, line)| (at + 1, line))
}

fn hashes<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Result<Vec<Hash>, ProofFault> {
    let mut hashes = Vec::new();
    for (at, line) in lines {
        if hashes.len() == LONGEST {
            return Err(wrong(at, "no proof is that long"));
        }
        hashes.push(Hash::parse_hash(line).map_err(|_| wrong(at, "this is no hash"))?);
    }
    Ok(hashes)
}

#[cfg(test)]
mod tests {
    use super::{Proof, ProofFault, Submission};
    use crate::ledger::{
        checkpoint::{Checkpoint, tests::key},
        key::{SigningKey, Signs},
        tree::{Edge, Hash, inclusion, leaf_hash},
    };

    fn proved() -> (SigningKey, Vec<Vec<u8>>, Proof) {
        let ledger = key("example.com/prod", Signs::Heads);
        let entries: Vec<Vec<u8>> = (0..11_u8).map(|n| vec![n; 3]).collect();
        let (mut edge, mut nodes) = (Edge::default(), Vec::new());
        for entry in &entries {
            nodes.extend(edge.push(leaf_hash(entry)).1);
        }
        let head = Checkpoint { origin: "example.com/prod".into(), size: 11, root: edge.root() };
        let note = head.sign(&ledger).unwrap();
        let proof = Proof { index: 6, hashes: inclusion(11, 6, &nodes).unwrap(), note };
        (ledger, entries, proof)
    }

    #[test]
    fn a_proof_reads_back_and_proves_its_entry_alone() {
        let (ledger, entries, proof) = proved();
        let read = Proof::read(&proof.text()).unwrap();
        assert_eq!(read, proof);
        assert_eq!(read.check(&entries[6], ledger.public(), &[]).unwrap().checkpoint.size, 11);
        let other = read.check(&entries[5], ledger.public(), &[]);
        assert!(matches!(other, Err(ProofFault::Tree { index: 6, .. })), "{other:?}");
        let extra = proof.text().replacen("index", "extra eHl6\nindex", 1);
        assert_eq!(Proof::read(&extra).unwrap(), proof);
    }

    #[test]
    fn no_byte_of_it_can_be_another() {
        let (ledger, entries, proof) = proved();
        let text = proof.text();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            let read = Proof::read(&altered);
            let good = read.and_then(|read| read.check(&entries[6], ledger.public(), &[]));
            assert!(good.is_err(), "byte {at}: {altered}");
        }
    }

    #[test]
    fn a_submission_reads_back() {
        let sent = Submission { old: 4, hashes: vec![Hash([7; 32])], note: "x\n1\n".into() };
        assert_eq!(Submission::read(&sent.text()).unwrap(), sent);
        assert!(Submission::read("old x\n\nnote\n").is_err());
    }
}
