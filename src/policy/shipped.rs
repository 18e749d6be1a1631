//! The policy a new installation has, and the schema of all policies.

const TEXT: &str = include_str!("../../data/policy.cedar");
const SCHEMA: &str = include_str!("../../data/policy.cedarschema");

/// The text of the policy a new installation has.
pub const fn shipped_text() -> &'static str {
    TEXT
}

/// The same rules for where nobody has a key yet: what they ask people for may go unsigned. A text
/// of its own, so a policy of its own: give it a file, and a version.
pub fn unsigned_text() -> String {
    const ASKED: &str = "@confirm(\"type-target\")\n";
    const UNSIGNED: &str = "@signing(\"unsigned\")\n";
    TEXT.replace(UNSIGNED, "").replace(ASKED, &format!("{ASKED}{UNSIGNED}"))
}

/// The schema every policy is checked against.
pub const fn shipped_schema() -> &'static str {
    SCHEMA
}
