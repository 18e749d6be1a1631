//! The same words for the same things, on every page.

use super::{Cell, Tone};
use crate::domain::{
    ActionState, Call, CredentialStatus, Environment, LastUsed, OrderState, Outcome, Severity,
    SourceFault, Subject, ToolMatch, Untrusted,
};
use jiff::Timestamp;

/// How long ago, in one unit: `40 s`, `12 min`, `3 h`, `5 d`. A time that has not come yet is
/// `in 5 min`.
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second());
    let length = |seconds: i64| match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    };
    if seconds < 0 { format!("in {}", length(-seconds)) } else { length(seconds) }
}

/// A time to the second, in UTC.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An age for people and a time for machines.
pub(super) fn when(at: Timestamp, now: Timestamp) -> Cell {
    Cell::own(age(at, now)).exact(moment(at))
}

/// A time with its age.
pub(super) fn since(at: Timestamp, now: Timestamp) -> Cell {
    let age = age(at, now);
    let suffix = if age.starts_with("in ") { "" } else { " ago" };
    Cell::own(format!("{} ({age}{suffix})", moment(at)))
}

/// When it was last used, short.
pub(super) fn last_used(used: &LastUsed, now: Timestamp) -> Cell {
    match used {
        LastUsed::At { at, .. } => when(*at, now),
        LastUsed::Never => Cell::own("never"),
        LastUsed::Unknown => Cell::own("unknown").tone(Tone::Quiet),
    }
}

/// When it was last used and for what.
pub(super) fn last_used_long(used: &LastUsed, now: Timestamp) -> Cell {
    match used {
        LastUsed::At { at, what } if what.is_empty() => since(*at, now),
        LastUsed::At { at, what } => Cell::outside(&Untrusted::new(format!(
            "{} ({} ago), {}",
            moment(*at),
            age(*at, now),
            what.raw()
        ))),
        LastUsed::Never => Cell::own("never"),
        LastUsed::Unknown => Cell::own("unknown: the source does not say"),
    }
}

/// Tools with their confidence: `claude-code (observed), kiro (inferred)`.
pub fn holders(holders: &[ToolMatch]) -> String {
    holders
        .iter()
        .map(|holder| format!("{} ({})", holder.tool, holder.confidence))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What kind of thing waits.
pub fn subject_kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::PullRequest { .. } => "pull request",
        Subject::Deployment { .. } => "deployment",
        Subject::Command { .. } => "command",
        Subject::Call { .. } => "tool call",
        Subject::FollowUp { .. } => "follow-up review",
    }
}

/// A fault in one line, without the advice.
pub fn fault_line(fault: &SourceFault) -> Untrusted {
    let permission = fault
        .missing_permission
        .as_ref()
        .map(|permission| format!(" (missing permission: {permission})"))
        .unwrap_or_default();
    if fault.detail.is_empty() {
        Untrusted::new(format!("{fault}{permission}"))
    } else {
        Untrusted::new(format!("{fault}{permission}: {}", fault.detail.raw()))
    }
}

/// A call in one line: the operation and its parameters.
pub fn call_line(call: &Call) -> Untrusted {
    let parameters: Vec<String> =
        call.parameters.iter().map(|(name, value)| format!("{name} = {}", value.raw())).collect();
    if parameters.is_empty() {
        call.operation.clone()
    } else {
        Untrusted::new(format!("{}  {}", call.operation.raw(), parameters.join(", ")))
    }
}

pub(super) fn environment(environment: Environment) -> Cell {
    Cell::own(environment.to_string()).tone(match environment {
        Environment::Production => Tone::Bad,
        Environment::Unknown => Tone::Warning,
        Environment::NonProduction => Tone::Plain,
    })
}

pub(super) fn status(status: CredentialStatus, stale: bool) -> Cell {
    let word = if stale { format!("{status} (stale)") } else { status.to_string() };
    Cell::own(word).tone(match (stale, status) {
        (true, _) => Tone::Warning,
        (_, CredentialStatus::Active) => Tone::Plain,
        (_, CredentialStatus::Inactive | CredentialStatus::Sealed) => Tone::Good,
        (_, CredentialStatus::Gone) => Tone::Quiet,
    })
}

pub(super) fn state(state: ActionState, outdated: bool) -> Cell {
    let word = if outdated { format!("{state} (stale)") } else { state.to_string() };
    Cell::own(word).tone(match (outdated, state) {
        (true, _) | (_, ActionState::Pending | ActionState::Deciding) => Tone::Warning,
        (_, ActionState::Approved) => Tone::Good,
        (_, ActionState::Rejected | ActionState::Failed) => Tone::Bad,
        (_, ActionState::Gone) => Tone::Quiet,
    })
}

pub(super) fn severity(severity: Severity) -> Cell {
    Cell::own(severity.to_string()).tone(match severity {
        Severity::High => Tone::Bad,
        Severity::Medium => Tone::Warning,
        Severity::Low | Severity::Info => Tone::Plain,
    })
}

pub(super) fn order_state(state: OrderState) -> Cell {
    Cell::own(state.to_string()).tone(match state {
        OrderState::Done => Tone::Good,
        OrderState::Refused => Tone::Bad,
        OrderState::Intended | OrderState::Unknown => Tone::Warning,
    })
}

pub(super) fn outcome(outcome: Outcome) -> Cell {
    match outcome {
        Outcome::Done => Cell::own("done").tone(Tone::Good),
        Outcome::Refused => Cell::own("refused; nothing changed").tone(Tone::Bad),
        Outcome::Unknown => {
            Cell::own("unknown: no answer that can be relied on").tone(Tone::Warning)
        }
    }
}

/// A list of words from outside as one cell.
pub(super) fn list(words: &[Untrusted]) -> Cell {
    let joined = words.iter().map(Untrusted::raw).collect::<Vec<_>>().join(", ");
    Cell::outside(&Untrusted::new(joined))
}

#[cfg(test)]
mod tests {
    use super::age;
    use jiff::Timestamp;

    #[test]
    fn an_age_is_told_in_the_largest_unit_that_fits() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ages = [0, 59, 60, 3_599, 3_600, 86_400, 400 * 86_400].map(|s| age(at(0), at(s)));
        assert_eq!(ages, ["0 s", "59 s", "1 min", "59 min", "1 h", "1 d", "400 d"]);
        assert_eq!(age(at(120), at(0)), "in 2 min");
    }
}
