//! The policy a new installation has, and what is known of it without reading it.

use crate::domain::{Digest, PolicyId};
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../data/policy.cedar");
const SCHEMA: &str = include_str!("../../data/policy.cedarschema");
/// The version in the head of the shipped policy; a test compares.
const VERSION: u64 = 1;
/// The rule that lets reading through; a test asks Cedar.
const READING: &[&str] = &["read-only"];

/// The text of the policy a new installation has.
pub const fn shipped_text() -> &'static str {
    TEXT
}

/// The schema every policy is checked against.
pub const fn shipped_schema() -> &'static str {
    SCHEMA
}

/// Which policy the shipped one is, and by which of its rules an action that only reads is let
/// through whatever else is known of it. Costs one digest of the text; nothing is parsed.
pub fn shipped_reading_is_free() -> (PolicyId, &'static [&'static str]) {
    static ID: OnceLock<PolicyId> = OnceLock::new();
    let id =
        ID.get_or_init(|| PolicyId { version: VERSION, digest: Digest::of_bytes(TEXT.as_bytes()) });
    (*id, READING)
}

#[cfg(test)]
mod tests {
    use super::{shipped_reading_is_free, shipped_text};
    use crate::policy::Policy;

    #[test]
    fn what_is_known_of_the_shipped_policy_is_what_cedar_says() {
        let policy = Policy::parse(shipped_text(), "policy.cedar").unwrap();
        let (id, rules) = shipped_reading_is_free();
        assert_eq!(policy.id(), id);
        assert_eq!(policy.reading_is_free().unwrap(), rules);
    }
}
