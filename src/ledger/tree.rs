//! The hash tree over entries (RFC 6962, section 2.1).
//!
//! ```text
//!            root of 5
//!           /         \
//!        h(0..4)       \        peaks of the edge: h(0..4), l4
//!        /     \        \
//!     h(0..2) h(2..4)    \      nodes are kept in the order in which they come to be:
//!      / \     / \        \     l0 l1 h(0..2) l2 l3 h(2..4) h(0..4) l4 …
//!     l0 l1   l2 l3       l4    0  1  2       3  4  5       6       7
//! ```
//!
//! A complete node never changes, so the store only ever adds rows. An append needs the edge, which
//! is one hash for each bit of the size that is set. Numbering and proofs are those of `tlog_tiles`.

use aws_lc_rs::digest;
use std::collections::BTreeMap;
use tlog_tiles::{HashReader, tlog};

pub use tlog_tiles::Hash;

/// The root of a tree without entries: the SHA-256 of nothing.
pub const EMPTY_ROOT: Hash = tlog::EMPTY_HASH;

/// Why a tree could not be computed, or a proof not made or believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// Whoever keeps the nodes did not have them all.
    #[error("node {index} of the tree is missing: the store lost it, or never had this entry")]
    MissingNode {
        /// Number of the first that is missing.
        index: u64,
    },
    /// Another number of nodes was given than was asked for.
    #[error("{given} nodes of the tree were given where {wanted} were asked for")]
    Count {
        /// How many were asked for.
        wanted: usize,
        /// How many there are.
        given: usize,
    },
    /// An entry, or an earlier size, that the tree does not have.
    #[error("a tree of {size} entries has no {what} {number}")]
    Outside {
        /// Entries in the tree.
        size: u64,
        /// `entry`, or `earlier size`.
        what: &'static str,
        /// What was asked for.
        number: u64,
    },
    /// The hashes of a proof do not lead to the root.
    #[error("the proof does not lead to the root")]
    Disproved,
    /// The nodes could not be read.
    #[error("the nodes of the tree could not be read: {0}")]
    Unread(String),
}

/// Where the nodes of a tree can be read.
pub trait Nodes {
    /// The hashes of these nodes, by their numbers, in the order they are asked for.
    fn read(&self, indexes: &[u64]) -> Result<Vec<Hash>, TreeError>;
}

/// Nodes that were fetched before they are used.
#[derive(Debug, Clone, Default)]
pub struct Fetched(BTreeMap<u64, Hash>);

impl Fetched {
    /// These nodes with these hashes.
    pub fn new(indexes: &[u64], hashes: &[Hash]) -> Result<Self, TreeError> {
        counted(indexes.len(), hashes.len())?;
        Ok(Self(indexes.iter().copied().zip(hashes.iter().copied()).collect()))
    }
}

impl Nodes for Fetched {
    fn read(&self, indexes: &[u64]) -> Result<Vec<Hash>, TreeError> {
        let one =
            |index| self.0.get(index).copied().ok_or(TreeError::MissingNode { index: *index });
        indexes.iter().map(one).collect()
    }
}

/// Every node from the first on, in order.
impl Nodes for Vec<Hash> {
    fn read(&self, indexes: &[u64]) -> Result<Vec<Hash>, TreeError> {
        let one = |index: &u64| {
            let at = usize::try_from(*index).ok();
            at.and_then(|at| self.get(at)).copied().ok_or(TreeError::MissingNode { index: *index })
        };
        indexes.iter().map(one).collect()
    }
}

fn counted(wanted: usize, given: usize) -> Result<(), TreeError> {
    if wanted == given { Ok(()) } else { Err(TreeError::Count { wanted, given }) }
}

/// The hash of an entry: `SHA-256(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&[0]);
    context.update(entry);
    hash(&context.finish())
}

/// The hash of two nodes: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let mut both = [1; 65];
    both[1..33].copy_from_slice(&left.0);
    both[33..].copy_from_slice(&right.0);
    hash(&digest::digest(&digest::SHA256, &both))
}

fn hash(digest: &digest::Digest) -> Hash {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Hash(bytes)
}

/// The right edge of a tree: all that an append needs to know of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edge {
    size: u64,
    /// Roots of the complete trees it is made of, largest first.
    peaks: Vec<Hash>,
}

impl Edge {
    /// The nodes to read for the edge of a tree of this size, in order; at most 64.
    pub fn needs(size: u64) -> Vec<u64> {
        tlog::sub_tree_index(0, size, Vec::new())
    }

    /// The edge of a tree of this size, from the nodes [`Edge::needs`] names.
    pub fn of(size: u64, hashes: Vec<Hash>) -> Result<Self, TreeError> {
        counted(size.count_ones() as usize, hashes.len())?;
        Ok(Self { size, peaks: hashes })
    }

    /// The edge of a tree whose nodes can be read.
    pub fn read(size: u64, nodes: &impl Nodes) -> Result<Self, TreeError> {
        Self::of(size, nodes.read(&Self::needs(size))?)
    }

    /// Entries in the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry by its [`leaf_hash`]. Answers the number of its first new node and the new
    /// nodes, which follow each other from there on: two on average.
    pub fn push(&mut self, leaf: Hash) -> (u64, Vec<Hash>) {
        let first = tlog::stored_hash_index(0, self.size);
        let mut nodes = vec![leaf];
        let mut joined = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            joined = node_hash(left, joined);
            nodes.push(joined);
        }
        self.peaks.push(joined);
        self.size += 1;
        (first, nodes)
    }

    /// Adds an entry where nobody keeps the nodes.
    pub fn extend(&mut self, leaf: Hash) {
        let mut joined = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            joined = node_hash(left, joined);
        }
        self.peaks.push(joined);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return EMPTY_ROOT };
        peaks.fold(last, |right, left| node_hash(left, right))
    }
}

/// How many nodes a tree of this size has.
pub fn node_count(size: u64) -> u64 {
    tlog::stored_hash_count(size)
}

/// The number of the node that is an entry's own hash.
pub fn leaf_index(entry: u64) -> u64 {
    tlog::stored_hash_index(0, entry)
}

/// The root of a tree whose nodes can be read.
pub fn root(size: u64, nodes: &impl Nodes) -> Result<Hash, TreeError> {
    Ok(Edge::read(size, nodes)?.root())
}

/// The proof that entry `index` is in the tree of `size` entries, from its neighbour upwards.
pub fn inclusion(size: u64, index: u64, nodes: &impl Nodes) -> Result<Vec<Hash>, TreeError> {
    if index >= size {
        return Err(TreeError::Outside { size, what: "entry", number: index });
    }
    asked(nodes, |reader| tlog::prove_record(size, index, reader))
}

/// The proof that the tree of `new` entries begins with that of `old` ones.
pub fn consistency(old: u64, new: u64, nodes: &impl Nodes) -> Result<Vec<Hash>, TreeError> {
    if old > new {
        return Err(TreeError::Outside { size: new, what: "earlier size", number: old });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    asked(nodes, |reader| tlog::prove_tree(new, old, reader))
}

/// The nodes that [`inclusion`] will read.
pub fn inclusion_needs(size: u64, index: u64) -> Vec<u64> {
    Noted::by(|nodes| inclusion(size, index, nodes))
}

/// The nodes that [`consistency`] will read.
pub fn consistency_needs(old: u64, new: u64) -> Vec<u64> {
    Noted::by(|nodes| consistency(old, new, nodes))
}

/// Checks that a proof leads from an entry's hash to the root.
pub fn check_inclusion(
    proof: &[Hash],
    size: u64,
    root: Hash,
    index: u64,
    leaf: Hash,
) -> Result<(), TreeError> {
    if index >= size {
        return Err(TreeError::Outside { size, what: "entry", number: index });
    }
    tlog::check_record(&proof.to_vec(), size, root, index, leaf).map_err(|_| TreeError::Disproved)
}

/// Checks that a proof leads from one root to a later one. Everything begins with the empty tree.
pub fn check_consistency(
    proof: &[Hash],
    (old, old_root): (u64, Hash),
    (new, new_root): (u64, Hash),
) -> Result<(), TreeError> {
    if old > new {
        return Err(TreeError::Outside { size: new, what: "earlier size", number: old });
    }
    if old == 0 {
        let right = proof.is_empty() && old_root == EMPTY_ROOT;
        return if right { Ok(()) } else { Err(TreeError::Disproved) };
    }
    tlog::check_tree(&proof.to_vec(), new, new_root, old, old_root)
        .map_err(|_| TreeError::Disproved)
}

/// Asks the library, and hands its reader's own error on.
fn asked<N: Nodes, T>(
    nodes: &N,
    ask: impl FnOnce(&Reader<'_, N>) -> Result<T, tlog::Error>,
) -> Result<T, TreeError> {
    let reader = Reader { nodes, failed: std::cell::RefCell::new(None) };
    ask(&reader).map_err(|_| reader.failed.take().unwrap_or(TreeError::Disproved))
}

struct Reader<'a, N> {
    nodes: &'a N,
    failed: std::cell::RefCell<Option<TreeError>>,
}

impl<N: Nodes> HashReader for Reader<'_, N> {
    // The library panics where the number is wrong; a store must not be able to bring that about.
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog::Error> {
        let read = self
            .nodes
            .read(indexes)
            .and_then(|hashes| counted(indexes.len(), hashes.len()).map(|()| hashes));
        read.map_err(|error| {
            *self.failed.borrow_mut() = Some(error);
            tlog::Error::IndexesNotInTree
        })
    }
}

/// Has no nodes, but notes which ones were asked for.
#[derive(Default)]
struct Noted(std::cell::RefCell<Vec<u64>>);

impl Noted {
    fn by<T>(ask: impl FnOnce(&Self) -> Result<T, TreeError>) -> Vec<u64> {
        let noted = Self::default();
        drop(ask(&noted));
        noted.0.take()
    }
}

impl Nodes for Noted {
    fn read(&self, indexes: &[u64]) -> Result<Vec<Hash>, TreeError> {
        self.0.borrow_mut().extend_from_slice(indexes);
        Ok(vec![Hash::default(); indexes.len()])
    }
}

#[cfg(test)]
mod tests;
