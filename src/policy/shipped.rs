//! The policy a new installation has, and the schema of all policies.

const TEXT: &str = include_str!("../../data/policy.cedar");
const SCHEMA: &str = include_str!("../../data/policy.cedarschema");

/// The text of the policy a new installation has.
pub const fn shipped_text() -> &'static str {
    TEXT
}

/// The same rules for where nobody has a key yet: what they ask people for may go unsigned. Its
/// version is lower than the shipped one's, so that the way leads from this to that and not back.
pub fn unsigned_text() -> String {
    const ASKED: &str = "@confirm(\"type-target\")\n";
    const UNSIGNED: &str = "@signing(\"unsigned\")\n";
    let rules = TEXT.split_once('\n').map_or(TEXT, |(_, rules)| rules);
    let rules = rules.replace(UNSIGNED, "").replace(ASKED, &format!("{ASKED}{UNSIGNED}"));
    format!("// version: 1\n{rules}")
}

/// The schema every policy is checked against.
pub const fn shipped_schema() -> &'static str {
    SCHEMA
}
