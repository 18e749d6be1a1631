//! What the store does for the ledger.
//!
//! ```text
//!   a write ──(same transaction)──▶ entries + nodes       ledger_entries, ledger_nodes
//!   a signed head ───keep_head────▶ heads                 ledger_heads
//! ```
//!
//! The trait only reads, and keeps heads: entries are appended by the store itself, in the
//! transaction of the write they tell of, with [`super::Edge`] and
//! [`leaf_hash`](super::leaf_hash).

use super::{Edge, Fetched, Hash, TreeError};
use async_trait::async_trait;

/// Why the store could not answer, in its words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShelfError {
    /// The store failed.
    #[error("{0}")]
    Store(String),
    /// It lacks parts of the tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// Where entries, nodes of the tree and heads are kept.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// How many entries are in the tree. Those that wait to be put into it do not count.
    async fn ledger_size(&self) -> Result<u64, ShelfError>;

    /// The bytes of entries, from number `from` on, at most `limit`, as they were appended; none
    /// where an entry was pruned, whose hash is still a node of the tree.
    async fn ledger_entries(
        &self,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Option<Vec<u8>>>, ShelfError>;

    /// The hashes of nodes by their numbers, in the order they are asked for; an error where one
    /// is missing.
    async fn ledger_nodes(&self, indexes: &[u64]) -> Result<Vec<Hash>, ShelfError>;

    /// Numbers of the entries about this id (an action, an order, a credential), in order.
    async fn ledger_about(&self, about: &str) -> Result<Vec<u64>, ShelfError>;

    /// Signed heads of at least this size, smallest first: texts of C2SP checkpoints, with
    /// whatever cosignatures were kept with them.
    async fn ledger_heads(&self, from: u64) -> Result<Vec<String>, ShelfError>;

    /// Keeps a signed head of this size. Another text for a size that is there takes its place
    /// only where it is the same head with more signatures; the caller has checked that.
    async fn keep_head(&self, size: u64, note: &str) -> Result<(), ShelfError>;
}

/// The edge of a store's tree, as it is now.
pub async fn edge(shelf: &dyn Shelf) -> Result<Edge, ShelfError> {
    let size = shelf.ledger_size().await?;
    Ok(Edge::of(size, shelf.ledger_nodes(&Edge::needs(size)).await?)?)
}

/// Fetches nodes, for a proof.
pub async fn fetch(shelf: &dyn Shelf, indexes: &[u64]) -> Result<Fetched, ShelfError> {
    Ok(Fetched::new(indexes, &shelf.ledger_nodes(indexes).await?)?)
}

/// The shelf of a store that keeps no ledger: empty, and nothing can be kept on it.
#[derive(Debug, Clone, Copy)]
pub struct NoShelf;

#[async_trait]
impl Shelf for NoShelf {
    async fn ledger_size(&self) -> Result<u64, ShelfError> {
        Ok(0)
    }

    async fn ledger_entries(
        &self,
        _from: u64,
        _limit: u32,
    ) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
        Ok(Vec::new())
    }

    async fn ledger_nodes(&self, indexes: &[u64]) -> Result<Vec<Hash>, ShelfError> {
        match indexes.first() {
            Some(index) => Err(TreeError::MissingNode { index: *index }.into()),
            None => Ok(Vec::new()),
        }
    }

    async fn ledger_about(&self, _about: &str) -> Result<Vec<u64>, ShelfError> {
        Ok(Vec::new())
    }

    async fn ledger_heads(&self, _from: u64) -> Result<Vec<String>, ShelfError> {
        Ok(Vec::new())
    }

    async fn keep_head(&self, _size: u64, _note: &str) -> Result<(), ShelfError> {
        Err(ShelfError::Store("this store keeps no ledger".to_owned()))
    }
}
