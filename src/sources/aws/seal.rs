//! The deny-all policy that takes a role out of use: one fixed name, one exact document.

use crate::iam::{Policy, Role};

/// Name of the inline policy. Fixed, so that any console on any host finds it again.
pub const SEAL_POLICY_NAME: &str = "CountersignSeal";

/// What it says: an explicit deny of everything, which no other policy can outvote (IAM User
/// Guide, "Policy evaluation logic").
pub const SEAL_DOCUMENT: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"CountersignSeal","Effect":"Deny","Action":"*","Resource":"*"}]}"#;

/// How a role stands with the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// No policy of that name.
    None,
    /// Exactly ours.
    Ours,
    /// A policy of that name that says something else; not ours to overwrite or delete.
    Foreign,
}

/// How the role stands, from its inline policies.
pub fn seal_of(role: &Role) -> Seal {
    match role.inline.iter().find(|policy| policy.name == SEAL_POLICY_NAME) {
        None => Seal::None,
        Some(policy) => is_ours(policy.document.policy()),
    }
}

/// Whether a document found under our name is ours, plain or URL-encoded.
pub fn seal_in(document: &str) -> Seal {
    is_ours(Policy::parse(document).ok().as_ref())
}

fn is_ours(found: Option<&Policy>) -> Seal {
    match (found, Policy::parse(SEAL_DOCUMENT)) {
        (Some(found), Ok(ours)) if *found == ours => Seal::Ours,
        _ => Seal::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::{SEAL_DOCUMENT, Seal, seal_in};

    #[test]
    fn only_our_exact_policy_counts_as_the_seal() {
        assert_eq!(seal_in(SEAL_DOCUMENT), Seal::Ours);
        let weaker = SEAL_DOCUMENT.replace("\"Resource\":\"*\"", "\"Resource\":\"arn:aws:s3:::a\"");
        assert_eq!(seal_in(&weaker), Seal::Foreign);
        assert_eq!(seal_in("not json"), Seal::Foreign);
    }
}
