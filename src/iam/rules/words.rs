//! Conditions in words, for a person who has to find out whether they hold.

use super::{
    super::Condition,
    operator::{Comparison, Operator, Order, Set},
};

/// More values than this are counted, not listed.
const MAX_LISTED: usize = 6;

/// "`aws:MultiFactorAuthPresent` is true". The key is set in backticks; `values` are the
/// condition's, with variables filled in.
pub(super) fn describe(
    written: &Condition,
    operator: Option<Operator>,
    values: &[String],
) -> String {
    let key = format!("`{}`", written.key);
    let Some(operator) = operator else {
        return format!(
            "{key} passes `{}` of {} (an operator that AWS does not document)",
            written.operator,
            list(values, "or"),
        );
    };
    if operator.comparison == Comparison::Null {
        return null(&key, values);
    }
    let subject = match operator.set {
        Set::One => key,
        Set::All => format!("every value of {key}"),
        Set::Any => format!("some value of {key}"),
    };
    let joint = if operator.is_negated { "nor" } else { "or" };
    let values = list(values, joint);
    let relation = relation(operator);
    let tail = if operator.if_exists && operator.set == Set::One { ", or is absent" } else { "" };
    format!("{subject} {relation} {values}{tail}")
}

fn null(key: &str, values: &[String]) -> String {
    match values {
        [value] if value.eq_ignore_ascii_case("true") => format!("{key} is absent"),
        [value] if value.eq_ignore_ascii_case("false") => format!("{key} is present"),
        values => format!("whether {key} is absent is {}", list(values, "or")),
    }
}

fn relation(operator: Operator) -> &'static str {
    match (operator.comparison, operator.is_negated) {
        (Comparison::StringEquals, true) => "is not",
        (Comparison::StringEqualsIgnoreCase, false) => "is, in any case,",
        (Comparison::StringEqualsIgnoreCase, true) => "is not, in any case,",
        (Comparison::StringLike | Comparison::Arn, false) => "is like",
        (Comparison::StringLike | Comparison::Arn, true) => "is not like",
        (Comparison::IpAddress, false) => "is within",
        (Comparison::IpAddress, true) => "is not within",
        (Comparison::Binary, _) => "is, in base64,",
        (Comparison::Date(order), is_negated) => match order {
            Order::Equal if is_negated => "is not at",
            Order::Equal => "is at",
            Order::Less => "is before",
            Order::LessOrEqual => "is not after",
            Order::Greater => "is after",
            Order::GreaterOrEqual => "is not before",
        },
        (Comparison::Numeric(order), is_negated) => match order {
            Order::Equal if is_negated => "is not",
            Order::Equal => "is",
            Order::Less => "is less than",
            Order::LessOrEqual => "is at most",
            Order::Greater => "is more than",
            Order::GreaterOrEqual => "is at least",
        },
        (Comparison::StringEquals | Comparison::Bool | Comparison::Null, _) => "is",
    }
}

fn list(values: &[String], joint: &str) -> String {
    let quoted = |value: &str| if value.is_empty() { "empty".to_owned() } else { value.to_owned() };
    match values {
        [] => "nothing".to_owned(),
        [one] => quoted(one),
        [all @ .., last] if values.len() <= MAX_LISTED => {
            let all: Vec<_> = all.iter().map(|value| quoted(value)).collect();
            format!("{} {joint} {}", all.join(", "), quoted(last))
        }
        values => {
            let first: Vec<_> = values[..MAX_LISTED - 1].iter().map(|v| quoted(v)).collect();
            let more = values.len() - first.len();
            format!("{} {joint} {more} more", first.join(", "))
        }
    }
}
