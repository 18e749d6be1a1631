//! What statements that deny take away again.

use super::{Call, Entrant, aws, brought::Brought};
use crate::iam::{Condition, Party, Principals, Rule, Truth};

/// What the denials leave of an admission.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub calls: Vec<Call>,
    /// The statements that took calls away for good.
    pub denied_by: Vec<String>,
    /// What must hold because a deny has the opposite: conditions that narrow.
    pub narrowing: Vec<Condition>,
    /// What must hold, in words.
    pub conditions: Vec<String>,
}

/// Weighs every deny against an entrant and the calls it was allowed.
pub(super) fn weigh(denials: &[&Rule], entrant: &Entrant, calls: &[Call]) -> Left {
    let mut left = Left { calls: calls.to_vec(), ..Left::default() };
    for rule in denials {
        let hit: Vec<Call> =
            left.calls.iter().copied().filter(|call| rule.covers_action(call.action())).collect();
        let covers = covers(rule, entrant);
        if hit.is_empty() || covers == Truth::No {
            continue;
        }
        let context = Brought(entrant);
        let holds = rule.conditions_hold(&context);
        if holds == Truth::No {
            continue;
        }
        if covers == Truth::Yes && holds == Truth::Yes {
            left.calls.retain(|call| !hit.contains(call));
            left.denied_by.push(rule.name());
            continue;
        }
        let statement = rule.statement();
        if let (Truth::Yes, [only]) = (covers, &*statement.conditions)
            && let Some(narrowing) = opposite(only)
        {
            left.narrowing.push(narrowing);
            continue;
        }
        let mut open = rule.open_conditions(&context);
        if covers == Truth::Depends {
            open.push("the caller is whom it names".to_owned());
        }
        left.conditions.push(format!(
            "{} does not deny: not ({})",
            rule.name(),
            open.join(" and ")
        ));
    }
    left
}

/// A deny of everything that is *not* like these lets in what is.
fn opposite(condition: &Condition) -> Option<Condition> {
    let operator = match &*condition.operator.to_ascii_lowercase() {
        "stringnotequals" | "stringnotequalsifexists" => "StringEquals",
        "stringnotlike" | "stringnotlikeifexists" => "StringLike",
        "arnnotlike" | "arnnotequals" | "arnnotlikeifexists" | "arnnotequalsifexists" => "ArnLike",
        _ => return None,
    };
    Some(Condition { operator: operator.into(), ..condition.clone() })
}

fn covers(rule: &Rule, entrant: &Entrant) -> Truth {
    match &rule.statement().principals {
        None => Truth::No,
        Some(Principals::Only(parties)) => {
            parties.iter().map(|party| names(party, entrant)).max().unwrap_or(Truth::No)
        }
        Some(Principals::AllBut(parties)) => {
            parties.iter().map(|party| names(party, entrant)).max().unwrap_or(Truth::No).negate()
        }
    }
}

/// Whether a party of a statement is the entrant; `Depends` if it is a part of it.
fn names(party: &Party, entrant: &Entrant) -> Truth {
    let named = Entrant::of(party);
    match (&named, entrant) {
        (Entrant::Anyone, _) => Truth::Yes,
        (named, entrant) if named == entrant => Truth::Yes,
        (Entrant::Account(account), Entrant::Principal(arn)) => {
            Truth::from(aws::account_in(arn) == Some(account))
        }
        (Entrant::Principal(arn), Entrant::Account(account))
            if aws::account_in(arn) == Some(account) =>
        {
            Truth::Depends
        }
        (Entrant::Account(_) | Entrant::Principal(_), Entrant::Anyone | Entrant::AnyoneBut(_)) => {
            Truth::Depends
        }
        _ => Truth::No,
    }
}
