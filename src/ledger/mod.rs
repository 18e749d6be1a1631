//! Append-only entries in a Merkle tree that proves itself.
//!
//! History is kept by the store's activity feed until the ledger's own issue.
