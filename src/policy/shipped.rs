//! The policy a new installation has, and the schema of all policies.

const TEXT: &str = include_str!("../../data/policy.cedar");
const SCHEMA: &str = include_str!("../../data/policy.cedarschema");

/// The text of the policy a new installation has.
pub const fn shipped_text() -> &'static str {
    TEXT
}

/// The schema every policy is checked against.
pub const fn shipped_schema() -> &'static str {
    SCHEMA
}
