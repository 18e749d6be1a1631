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
pub mod evidence;
mod key;
mod proof;
mod reading;
mod shelf;
mod source;
mod tree;
pub mod verify;
mod witness;

pub use canonical::NotCanonical;
pub use checkpoint::{Checkpoint, CheckpointFault, Cosigned, Head};
pub use entry::{
    Body, ENTRY, Ended, Entry, EntryError, EntryKind, PolicyInForce, Requested, RosterInForce,
    RosterText, Shown, Taken, Upkeep, WriteError,
};
pub use key::{KeyError, SigningKey, Signs, VerifierKey};
pub use proof::{Proof, ProofFault, Submission};
pub use reading::{Reading, since};
pub use shelf::{NoShelf, Shelf, ShelfError, edge, fetch};
pub use source::{Batch, EXPORT, Export, ExportWriter, Kept, Line, Piece, SourceError, pieces};
pub use tree::{
    EMPTY_ROOT, Edge, Fetched, Hash, Nodes, TreeError, check_consistency, check_inclusion,
    consistency, consistency_needs, inclusion, inclusion_needs, leaf_hash, leaf_index, node_count,
    node_hash, root,
};
pub use witness::{Memory, Refusal};
