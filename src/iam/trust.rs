//! Who may assume a role, as its trust policy says.

use super::{Condition, Effect, Party, Policy, Principals};

/// One party a trust policy lets in, and under which conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust<'a> {
    /// Who.
    pub party: &'a Party,
    /// All of these must hold; which of them do is not known offline.
    pub conditions: &'a [Condition],
    /// `party` is an exception: everybody *but* those named is let in.
    pub is_exception: bool,
}

/// Every party the policy's `Allow` statements name. What `Deny` statements take away again is
/// for evaluation to say.
pub fn trusts(policy: &Policy) -> impl Iterator<Item = Trust<'_>> {
    policy.statements.iter().filter(|s| s.effect == Effect::Allow).flat_map(|statement| {
        let (parties, is_exception) = match &statement.principals {
            Some(Principals::Only(parties)) => (&**parties, false),
            Some(Principals::AllBut(parties)) => (&**parties, true),
            None => (&[][..], false),
        };
        let conditions = statement.conditions.as_slice();
        parties.iter().map(move |party| Trust { party, conditions, is_exception })
    })
}

impl<'a> Trust<'a> {
    /// Issuer of the OIDC provider that is trusted, without `https://`; none for other parties.
    pub fn oidc_issuer(&self) -> Option<&'a str> {
        let Party::Federated(name) = self.party else { return None };
        if self.is_exception {
            return None;
        }
        match name.split_once(":oidc-provider/") {
            Some((_, issuer)) => Some(issuer),
            // Providers built into STS are named by their host alone.
            None if !name.contains(':') && name.contains('.') => Some(name),
            None => None,
        }
    }

    /// Patterns of the token's `sub` claim that are let in, as far as conditions name them.
    pub fn subjects(&self) -> impl Iterator<Item = &'a str> {
        let key = self.oidc_issuer().map(|issuer| format!("{issuer}:sub"));
        let conditions = self.conditions;
        conditions
            .iter()
            .filter(move |condition| {
                key.as_deref().is_some_and(|key| condition.key.eq_ignore_ascii_case(key))
                    && is_positive_match(&condition.operator)
            })
            .flat_map(|condition| condition.values.iter().map(|value| &**value))
    }

    /// One line for a person: who, and under which conditions.
    pub fn describe(&self) -> String {
        let who = match self.party {
            Party::Anyone => "anyone".to_owned(),
            Party::Aws(name) if &**name == "*" => "anyone in AWS".to_owned(),
            Party::Aws(name) => name.to_string(),
            Party::Service(name) => format!("service {name}"),
            Party::Federated(name) => format!("provider {name}"),
            Party::CanonicalUser(name) => format!("canonical user {name}"),
        };
        let mut line = if self.is_exception { format!("everybody but {who}") } else { who };
        for (index, condition) in self.conditions.iter().enumerate() {
            let joint = if index == 0 { " when " } else { " and " };
            line.push_str(joint);
            line.push_str(&condition.describe());
        }
        line
    }
}

impl Condition {
    /// As written, on one line.
    pub fn describe(&self) -> String {
        format!("{} {} {}", self.key, self.operator, self.values.join(" | "))
    }
}

/// Whether an operator admits exactly what its values name (`StringEquals`, `StringLike`, with
/// any set prefix and `IfExists`).
fn is_positive_match(operator: &str) -> bool {
    let plain = operator.rsplit(':').next().unwrap_or(operator);
    let plain = plain.strip_suffix("IfExists").unwrap_or(plain);
    ["StringEquals", "StringLike", "StringEqualsIgnoreCase"]
        .iter()
        .any(|known| plain.eq_ignore_ascii_case(known))
}
