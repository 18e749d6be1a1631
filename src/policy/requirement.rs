//! How requirements add up: the strictest counts in each respect.

use crate::domain::{BreakGlass, Confirm, Requirement, Signing};
use std::cmp::Ordering;

/// Seconds a request waits where a rule says nothing.
pub(super) const EXPIRES: u64 = 30 * 60;

/// What a policy asks of an action no rule speaks of, at the very least.
pub(super) fn floor() -> Requirement {
    Requirement {
        approvals: 2,
        from: vec!["senior".to_owned()],
        expires: EXPIRES,
        run_within: EXPIRES,
        confirm: Confirm::TypeTarget,
        signing: Signing::Signed,
        break_glass: BreakGlass::default(),
    }
}

/// Both at once.
pub(super) fn join(mut one: Requirement, other: &Requirement) -> Requirement {
    one.approvals = one.approvals.max(other.approvals);
    one.from.extend(other.from.iter().cloned());
    one.from.sort();
    one.from.dedup();
    one.expires = one.expires.min(other.expires);
    one.run_within = one.run_within.min(other.run_within);
    one.confirm = one.confirm.max(other.confirm);
    one.signing = one.signing.max(other.signing);
    one.break_glass = one.break_glass.max(other.break_glass);
    one
}

/// Which of two is stricter, to name a tier by it.
pub(super) fn by_strictness(one: &Requirement, other: &Requirement) -> Ordering {
    let weight =
        |r: &Requirement| (r.approvals, r.from.len(), r.signing, r.confirm, u64::MAX - r.expires);
    weight(one).cmp(&weight(other))
}
