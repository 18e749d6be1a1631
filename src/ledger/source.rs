//! Entries as they come to be checked: in batches, with the heads between them.
//!
//! ```text
//!   store ──▶ ┐                        ┌─▶ verify
//!             ├─ Piece, Piece, Piece ──┤
//!   export ─▶ ┘  (batch, head, batch)  └─▶ export   {"export":"countersign-ledger@v1","key":"…"}
//!                                                   {"about":…}          an entry, as it is
//!                                                   {"pruned":"…"}       only its hash is left
//!                                                   {"head":"…"}         signed at this size
//! ```
//!
//! An export is one file of lines. A head stands behind the last entry it covers, so that whoever
//! reads from the first line on can check it there and then.

use super::{
    checkpoint::Head,
    key::{KeyError, VerifierKey},
    tree::Hash,
};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufRead, Write},
    ops::Range,
};

/// The format of an export.
pub const EXPORT: &str = "countersign-ledger@v1";

/// A batch ends after so many bytes: large enough to keep a thread busy, small enough to wait for.
const BATCH: usize = 1 << 20;

/// Longest line of an export; entries are far shorter.
const LONGEST: usize = 64 << 20;

/// What is there of one entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// Its bytes, here in the batch.
    Whole(Range<usize>),
    /// Only its hash: it was pruned.
    Pruned(Hash),
}

/// Entries that follow each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Number of the first.
    pub first: u64,
    bytes: Vec<u8>,
    kept: Vec<Kept>,
}

/// One entry of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line<'a> {
    /// Its bytes.
    Whole(&'a [u8]),
    /// Its hash.
    Pruned(Hash),
}

impl Batch {
    /// An empty batch whose first entry will have this number.
    pub fn new(first: u64) -> Self {
        Self { first, ..Self::default() }
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: &[u8]) {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(entry);
        self.kept.push(Kept::Whole(from..self.bytes.len()));
    }

    /// Adds an entry of which only the hash is left.
    pub fn push_pruned(&mut self, leaf: Hash) {
        self.kept.push(Kept::Pruned(leaf));
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether it is worth a thread's while.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= BATCH || self.kept.len() >= BATCH / 64
    }

    /// The number of the entry after the last.
    pub fn next(&self) -> u64 {
        self.first + self.kept.len() as u64
    }

    /// The entries, with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (u64, Line<'_>)> {
        (self.first..).zip(&self.kept).map(|(number, kept)| {
            let line = match kept {
                Kept::Whole(range) => Line::Whole(self.bytes.get(range.clone()).unwrap_or(&[])),
                Kept::Pruned(leaf) => Line::Pruned(*leaf),
            };
            (number, line)
        })
    }
}

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Entries.
    Batch(Batch),
    /// A signed head of all entries so far.
    Head(String),
}

/// Why entries could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be read.
    #[error("the export cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It is no export.
    #[error("line {line}: {why}")]
    Form {
        /// Which line, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// The key in it is none.
    #[error("line 1: {0}")]
    Key(#[from] KeyError),
    /// The store failed.
    #[error("{0}")]
    Store(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    export: String,
    key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pruned {
    pruned: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    head: String,
}

/// Writes an export, line by line.
pub struct ExportWriter<W> {
    out: W,
}

impl<W: Write> ExportWriter<W> {
    /// Begins an export of the ledger with this key.
    pub fn new(mut out: W, key: &VerifierKey) -> io::Result<Self> {
        let first = First { export: EXPORT.to_owned(), key: key.to_string() };
        line(&mut out, &first)?;
        Ok(Self { out })
    }

    /// Writes a piece.
    pub fn write(&mut self, piece: &Piece) -> io::Result<()> {
        match piece {
            Piece::Head(note) => line(&mut self.out, &Signed { head: note.clone() }),
            Piece::Batch(batch) => batch.lines().try_for_each(|(_, kept)| match kept {
                Line::Whole(entry) => {
                    self.out.write_all(entry)?;
                    self.out.write_all(b"\n")
                }
                Line::Pruned(leaf) => line(&mut self.out, &Pruned { pruned: leaf.to_string() }),
            }),
        }
    }

    /// Ends it.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

fn line<T: Serialize>(out: &mut impl Write, value: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Reads an export, piece by piece.
pub struct Export<R> {
    input: R,
    key: VerifierKey,
    batch: Batch,
    /// A line that ended the batch before.
    held: Option<Piece>,
    number: u64,
    ended: bool,
}

impl<R: BufRead> Export<R> {
    /// Begins to read.
    pub fn open(mut input: R) -> Result<Self, SourceError> {
        let mut text = String::new();
        io::Read::take(&mut input, 4096).read_line(&mut text)?;
        let wrong = |why: String| SourceError::Form { line: 1, why };
        let first: First = serde_json::from_str(&text)
            .map_err(|_| wrong(format!("this is no export of a ledger ({EXPORT})")))?;
        if first.export != EXPORT {
            return Err(wrong(format!("the export's format is not {EXPORT}")));
        }
        let key = first.key.parse()?;
        Ok(Self { input, key, batch: Batch::default(), held: None, number: 1, ended: false })
    }

    /// The ledger's key, as the export itself names it: to be compared with one kept elsewhere.
    pub const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Reads on, until a batch is full or a head comes.
    fn read(&mut self) -> Result<Option<Piece>, SourceError> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        while !self.ended && !self.batch.is_full() {
            let from = self.batch.bytes.len();
            let read = self.input.read_until(b'\n', &mut self.batch.bytes)?;
            self.number += 1;
            let wrong = |why: &str| SourceError::Form { line: self.number, why: why.to_owned() };
            if read == 0 {
                self.ended = true;
                break;
            }
            if read > LONGEST {
                return Err(wrong("no entry is that long"));
            }
            if self.batch.bytes.pop() != Some(b'\n') {
                return Err(wrong("the line does not end; the export was cut off"));
            }
            let line = &self.batch.bytes[from..];
            if line.starts_with(br#"{"head":"#) {
                let signed: Signed = serde_json::from_slice(line)
                    .map_err(|_| wrong("this line is no signed head"))?;
                self.batch.bytes.truncate(from);
                self.held = Some(Piece::Head(signed.head));
                break;
            }
            if line.starts_with(br#"{"pruned":"#) {
                let leaf = serde_json::from_slice::<Pruned>(line)
                    .ok()
                    .and_then(|line| Hash::parse_hash(&line.pruned).ok())
                    .ok_or_else(|| wrong("this line is no hash of a pruned entry"))?;
                self.batch.bytes.truncate(from);
                self.batch.kept.push(Kept::Pruned(leaf));
                continue;
            }
            let end = self.batch.bytes.len();
            self.batch.kept.push(Kept::Whole(from..end));
        }
        if self.batch.is_empty() {
            return Ok(self.held.take());
        }
        let next = Batch::new(self.batch.next());
        Ok(Some(Piece::Batch(std::mem::replace(&mut self.batch, next))))
    }
}

impl<R: BufRead> Iterator for Export<R> {
    type Item = Result<Piece, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read();
        if read.is_err() {
            (self.ended, self.batch, self.held) = (true, Batch::default(), None);
        }
        read.transpose()
    }
}

/// Entries that are there already, with heads at their places.
pub fn pieces(entries: &[Vec<u8>], notes: &[String]) -> Vec<Piece> {
    let mut heads: Vec<(u64, &String)> = notes
        .iter()
        .map(|note| (Head::claimed(note).map_or(u64::MAX, |head| head.size), note))
        .collect();
    heads.sort_by_key(|(size, _)| *size);
    let mut heads = heads.into_iter().peekable();
    let (mut pieces, mut batch) = (Vec::new(), Batch::new(0));
    for entry in entries {
        while let Some((_, note)) = heads.next_if(|(size, _)| *size <= batch.next()) {
            put(&mut pieces, &mut batch);
            pieces.push(Piece::Head(note.clone()));
        }
        batch.push(entry);
        if batch.is_full() {
            put(&mut pieces, &mut batch);
        }
    }
    put(&mut pieces, &mut batch);
    pieces.extend(heads.map(|(_, note)| Piece::Head(note.clone())));
    pieces
}

fn put(pieces: &mut Vec<Piece>, batch: &mut Batch) {
    let next = Batch::new(batch.next());
    let full = std::mem::replace(batch, next);
    if !full.is_empty() {
        pieces.push(Piece::Batch(full));
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, Export, ExportWriter, Line, Piece, pieces};
    use crate::ledger::{
        checkpoint::{Checkpoint, tests::key},
        key::Signs,
        tree::{Edge, leaf_hash},
    };

    #[test]
    fn what_was_written_comes_back_in_the_same_order() {
        let key = key("example.com/prod", Signs::Heads);
        let entries: Vec<Vec<u8>> =
            (0..40_000).map(|n| format!("{{\"n\":{n}}}").into_bytes()).collect();
        let mut edge = Edge::default();
        let mut notes = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if at == 5 || at == 30_000 {
                let origin = "example.com/prod".to_owned();
                let head = Checkpoint { origin, size: edge.size(), root: edge.root() };
                notes.push(head.sign(&key).unwrap());
            }
            edge.extend(leaf_hash(entry));
        }
        let mut out = ExportWriter::new(Vec::new(), key.public()).unwrap();
        let given = pieces(&entries, &notes);
        for piece in &given {
            out.write(piece).unwrap();
        }
        let mut pruned = Batch::new(40_000);
        pruned.push_pruned(leaf_hash(b"gone"));
        out.write(&Piece::Batch(pruned)).unwrap();
        let text = out.finish().unwrap();

        let read = Export::open(text.as_slice()).unwrap();
        assert_eq!(read.key(), key.public());
        let read: Vec<Piece> = read.map(Result::unwrap).collect();
        let (mut lines, mut heads) = (0, Vec::new());
        for piece in &read {
            match piece {
                Piece::Head(note) => heads.push((lines, note.clone())),
                Piece::Batch(batch) => {
                    for (number, line) in batch.lines() {
                        assert_eq!(number, lines);
                        match line {
                            Line::Whole(bytes) => {
                                assert_eq!(bytes, entries[usize::try_from(lines).unwrap()]);
                            }
                            Line::Pruned(leaf) => assert_eq!(leaf, leaf_hash(b"gone")),
                        }
                        lines += 1;
                    }
                }
            }
        }
        assert_eq!(lines, 40_001);
        assert_eq!(heads, [(5, notes[0].clone()), (30_000, notes[1].clone())]);
    }

    #[test]
    fn a_line_that_was_cut_off_is_told() {
        let key = key("example.com/prod", Signs::Heads);
        let out = ExportWriter::new(Vec::new(), key.public()).unwrap();
        let mut text = out.finish().unwrap();
        text.extend_from_slice(b"{\"a\":1}\n{\"b\"");
        let read: Vec<_> = Export::open(text.as_slice()).unwrap().collect();
        assert!(read.iter().any(Result::is_err), "{read:?}");
        assert!(Export::open(&b"{\"other\":1}\n"[..]).is_err());
    }
}
