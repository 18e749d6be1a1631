//! Append-only entries in a Merkle tree that proves itself.
//!
//! ```text
//!   what happened ─▶ Entry ─bytes─▶ leaf ─▶ Edge ─▶ nodes, root
//!                      │                               │ signed: checkpoint (C2SP signed note)
//!                      └────────── the store keeps ────┘   through Shelf
//! ```
//!
//! No I/O of its own: what is kept, and where, is the store's, behind [`Shelf`].

mod canonical;
mod checkpoint;
mod entry;
mod key;
mod proof;
mod shelf;
mod tree;
mod witness;

pub use canonical::NotCanonical;
pub use checkpoint::{Checkpoint, CheckpointFault, Cosigned, Head};
pub use entry::{
    Body, Deed, ENTRY, Ended, Entry, EntryError, EntryKind, PolicyInForce, Requested,
    RosterInForce, Shown, Taken, Upkeep, WriteError,
};
pub use key::{KeyError, SigningKey, Signs, VerifierKey};
pub use proof::{Proof, ProofFault, Submission};
pub use shelf::{NoShelf, Shelf, ShelfError, edge, fetch};
pub use tree::{
    EMPTY_ROOT, Edge, Fetched, Hash, Nodes, TreeError, check_consistency, check_inclusion,
    consistency, consistency_needs, inclusion, inclusion_needs, leaf_hash, node_count, node_hash,
    root,
};
pub use witness::{Memory, Refusal};
