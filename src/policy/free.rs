//! What a policy says of everything that only reads, without evaluating it.

use super::{
    Policy,
    rules::{Rule, Says},
    shipped::shipped_text,
};
use crate::domain::{Digest, PolicyId};
use cedar_policy::{ActionConstraint, EntityUid, PrincipalConstraint, ResourceConstraint};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The version in the head of the shipped policy; a test compares.
const VERSION: u64 = 2;
/// The rule of the shipped policy that lets reading through; a test asks Cedar.
const READING: &[&str] = &["read-only"];

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
    /// Whether it lets everything through that only reads, and by which rules. None where some rule
    /// has to be asked.
    ///
    /// Looked at without evaluating: every rule whose scope admits `Action::"read"` must be a
    /// permit of everybody and everything, without conditions, that nobody has to agree to.
    pub fn reading_is_free(&self) -> Option<Free> {
        let read: EntityUid = r#"Action::"read""#.parse().ok()?;
        let mut free: Vec<&Rule> = Vec::new();
        for (rule, policy) in self.rules() {
            let admits = match policy.action_constraint() {
                ActionConstraint::Any => true,
                ActionConstraint::Eq(action) => action == read,
                // `change` is the only group, and reading is not in it.
                ActionConstraint::In(actions) => actions.contains(&read),
            };
            if !admits {
                continue;
            }
            let unconditional = !policy.has_non_scope_constraint()
                && policy.principal_constraint() == PrincipalConstraint::Any
                && policy.resource_constraint() == ResourceConstraint::Any;
            if rule.says != Says::LetThrough || !unconditional {
                return None;
            }
            free.push(rule);
        }
        free.sort_by_key(|rule| rule.line);
        let tier = free.first()?.tier.clone();
        let mut rules: Vec<String> = free.into_iter().map(|rule| rule.id.clone()).collect();
        rules.sort();
        Some(Free { tier, rules })
    }
}

/// Digest of the shipped policy's text, without reading the policy.
pub fn shipped_digest() -> Digest {
    shipped_reading_is_free().0.digest
}

/// Which policy the shipped one is, and by which of its rules everything that only reads is let
/// through. Costs one digest of the text; nothing is parsed.
pub fn shipped_reading_is_free() -> (PolicyId, &'static [&'static str]) {
    static ID: OnceLock<PolicyId> = OnceLock::new();
    let digest = || Digest::of_bytes(shipped_text().as_bytes());
    (*ID.get_or_init(|| PolicyId { version: VERSION, digest: digest() }), READING)
}

#[cfg(test)]
mod tests {
    use super::{Free, shipped_reading_is_free};
    use crate::policy::Policy;

    fn free(rules: &str) -> Option<Free> {
        let text = format!("// version: 1\n{rules}");
        Policy::parse(&text, "p").unwrap_or_else(|error| panic!("{error}")).reading_is_free()
    }

    #[test]
    fn what_is_known_of_the_shipped_policy_is_what_cedar_says() {
        let policy = Policy::shipped().unwrap();
        let (id, rules) = shipped_reading_is_free();
        assert_eq!(policy.id(), id);
        assert_eq!(policy.reading_is_free().unwrap().rules, rules);
    }

    #[test]
    fn reading_is_free_only_where_no_rule_could_say_otherwise() {
        let open = "@id(\"a\") @approvals(\"0\") permit (principal, action, resource);";
        assert_eq!(free(open).unwrap().rules, ["a"]);
        assert_eq!(free(""), None);
        for other in [
            "@id(\"b\") @approvals(\"1\") permit (principal, action, resource);",
            "@id(\"b\") @approvals(\"1\") permit (principal, action == Action::\"read\", resource);",
            "@id(\"b\") @because(\"x\") forbid (principal, action, resource) when { resource.protected };",
            "@id(\"b\") @approvals(\"1\") permit (principal, action in [Action::\"read\", Action::\"run\"], resource) when { context.hidden };",
            "@id(\"b\") @approvals(\"0\") permit (principal, action, resource is Effect) when { context.hidden };",
        ] {
            assert_eq!(free(&format!("{open}\n{other}")), None, "{other}");
        }
        let change = "@id(\"b\") @approvals(\"1\") permit (principal, action in Action::\"change\", resource);";
        assert!(free(&format!("{open}\n{change}")).is_some());
    }
}
