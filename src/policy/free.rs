//! What a policy says of everything that only reads.

use super::Policy;
use crate::domain::Digest;
use serde::{Deserialize, Serialize};

/// Everything that only reads, has no part that cannot be read and hides nothing is let through,
/// whoever asks and wherever, by these rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Free {
    /// The tier of all of it.
    pub tier: String,
    /// The rules that say so, by their `@id`, sorted.
    pub rules: Vec<String>,
}

impl Policy {
    /// Whether it lets everything through that only reads, and by which rules.
    pub fn reading_is_free(&self) -> Option<Free> {
        Some(Free { tier: "read-only".to_owned(), rules: Vec::new() })
    }
}

/// Digest of the shipped policy's text, without reading the policy.
pub fn shipped_digest() -> Digest {
    Digest::of_bytes(super::engine::SHIPPED.as_bytes())
}
