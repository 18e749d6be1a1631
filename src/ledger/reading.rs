//! Reading a ledger from the store: all of it, or what is new and what that rests on.
//!
//! ```text
//!   Reading ─▶ batch, head, batch …                    all of it, a page at a time
//!   since(kept head) ─▶ edge at its size               its root has to be the kept one
//!                       new pieces
//!                       earlier entries about the same actions, policy, roster: each proven
//! ```

use super::{
    checkpoint::{Checkpoint, Head},
    entry::Entry,
    shelf::{Shelf, ShelfError, fetch},
    source::{Batch, Line, Piece},
    tree::{Edge, Fetched, check_inclusion, inclusion, inclusion_needs, leaf_hash, leaf_index},
    verify::Start,
};
use std::collections::{BTreeSet, VecDeque};

/// Entries asked for at a time.
const PAGE: u32 = 2_000;

/// A ledger that is being read, as it was when reading began.
#[derive(Debug)]
pub struct Reading {
    next: u64,
    size: u64,
    heads: VecDeque<(u64, String)>,
}

impl Reading {
    /// Begins at an entry. Heads are asked for before the size, so that none is ahead of it unless
    /// entries are gone.
    pub async fn begin(shelf: &dyn Shelf, from: u64) -> Result<Self, ShelfError> {
        let notes = shelf.ledger_heads(from).await?;
        let size = shelf.ledger_size().await?;
        let mut heads: Vec<(u64, String)> = notes
            .into_iter()
            .map(|note| (Head::claimed(&note).map_or(u64::MAX, |head| head.size), note))
            .collect();
        heads.sort_by_key(|(size, _)| *size);
        Ok(Self { next: from, size, heads: heads.into() })
    }

    /// How many entries there are.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self, place: &dyn Shelf) -> Result<Option<Piece>, ShelfError> {
        let at_head = self.heads.front().is_some_and(|head| head.0 <= self.next);
        if at_head || self.next >= self.size {
            return Ok(self.heads.pop_front().map(|(_, note)| Piece::Head(note)));
        }
        let end = self.heads.front().map_or(self.size, |head| self.size.min(head.0));
        let limit = u32::try_from(end - self.next).unwrap_or(PAGE).min(PAGE);
        let entries = place.ledger_entries(self.next, limit).await?;
        if entries.is_empty() {
            let lost = format!("entry {} of the ledger is missing from the store", self.next);
            return Err(ShelfError::Store(lost));
        }
        let mut batch = Batch::new(self.next);
        let pruned: Vec<u64> = (self.next..)
            .zip(&entries)
            .filter(|(_, entry)| entry.is_none())
            .map(|(number, _)| leaf_index(number))
            .collect();
        let mut leaves = if pruned.is_empty() {
            Vec::new().into_iter()
        } else {
            place.ledger_nodes(&pruned).await?.into_iter()
        };
        for entry in &entries {
            match (entry, entry.is_none().then(|| leaves.next()).flatten()) {
                (Some(bytes), _) => batch.push(bytes),
                (None, Some(leaf)) => batch.push_pruned(leaf),
                (None, None) => break,
            }
        }
        self.next = batch.next();
        Ok(Some(Piece::Batch(batch)))
    }
}

/// What is new since a head that was kept, and what it rests on.
pub async fn since(
    shelf: &dyn Shelf,
    kept: &Checkpoint,
) -> Result<(Start, Vec<Piece>), ShelfError> {
    let size = shelf.ledger_size().await?;
    if size < kept.size {
        let edge = Edge::of(size, shelf.ledger_nodes(&Edge::needs(size)).await?)?;
        return Ok((Start { edge, ..Start::default() }, Vec::new()));
    }
    let edge = Edge::of(kept.size, shelf.ledger_nodes(&Edge::needs(kept.size)).await?)?;
    let mut start = Start { edge, ..Start::default() };
    let mut reading = Reading::begin(shelf, kept.size).await?;
    let mut pieces = Vec::new();
    while let Some(piece) = reading.next(shelf).await? {
        pieces.push(piece);
    }
    if start.edge.root() == kept.root {
        for number in rests_on(shelf, kept.size, &pieces).await? {
            match proven(shelf, kept, number).await? {
                Some(entry) => start.context.extend(entry.map(|entry| (number, entry))),
                None => start.altered.push(number),
            }
        }
    }
    Ok((start, pieces))
}

/// Numbers of the earlier entries that these rest on, in order.
async fn rests_on(
    shelf: &dyn Shelf,
    before: u64,
    pieces: &[Piece],
) -> Result<BTreeSet<u64>, ShelfError> {
    let mut about = BTreeSet::new();
    for piece in pieces {
        let Piece::Batch(batch) = piece else { continue };
        about.extend(batch.lines().filter_map(|(_, line)| match line {
            Line::Whole(bytes) => Entry::read(bytes).ok().map(|entry| entry.about),
            Line::Pruned(_) => None,
        }));
    }
    let mut numbers = BTreeSet::new();
    for id in &about {
        let earlier = shelf.ledger_about(id).await?;
        numbers.extend(earlier.into_iter().filter(|number| *number < before));
    }
    for what in ["policy", "roster"] {
        let earlier = shelf.ledger_about(what).await?;
        numbers.extend(earlier.into_iter().rfind(|number| *number < before));
    }
    Ok(numbers)
}

/// An earlier entry, if it is in the tree of the kept head; none if it is not. What was pruned
/// cannot be read, which is no fault here.
async fn proven(
    shelf: &dyn Shelf,
    kept: &Checkpoint,
    number: u64,
) -> Result<Option<Option<Entry>>, ShelfError> {
    let Some(bytes) = shelf.ledger_entries(number, 1).await?.into_iter().next().flatten() else {
        return Ok(Some(None));
    };
    let nodes: Fetched = fetch(shelf, &inclusion_needs(kept.size, number)).await?;
    let proof = inclusion(kept.size, number, &nodes)?;
    let proved = check_inclusion(&proof, kept.size, kept.root, number, leaf_hash(&bytes));
    Ok(proved.is_ok().then(|| Entry::read(&bytes).ok()))
}
