//! One person alone, in an emergency: what is asked of them, and what they leave behind.
//!
//! ```text
//!   held ─▶ reason, 20 characters ─▶ a key that is touched ─▶ Store::break_glass
//!                                       decision + order + follow-up review in one ─▶ goes ahead
//!   follow-up ─▶ waits in the queue until somebody else signs: seen and right, or seen and wrong
//! ```

use super::{DecideError, Review};
use crate::{
    domain::{
        Action, BreakGlass, Change, Decision, Diff, Digest, Leave, Order, Outcome, Part, Receipt,
        Requirement, Reviewer, Ruling, SourceKind, SourceName, Subject, Untrusted, Verdict,
    },
    trust::Roster,
};
use jiff::Timestamp;

/// Characters a reason has to have at least.
pub const SHORTEST_REASON: usize = 20;

/// Where follow-up reviews wait. No source lists them, so nothing but a decision ends one.
fn place() -> SourceName {
    SourceName::new(SourceKind::Gate, "break-glass")
}

/// Whether a reason says something: so many characters, and not one of them over and over.
pub fn is_a_reason(reason: &Untrusted) -> bool {
    let mut letters: Vec<char> = reason.raw().chars().filter(|c| !c.is_whitespace()).collect();
    let long = reason.raw().trim().chars().count() >= SHORTEST_REASON;
    letters.sort_unstable();
    letters.dedup();
    long && letters.len() > 4
}

/// Why nobody, or not so, may break the glass for this.
pub(super) fn may_break(
    action: &Action,
    reason: &Untrusted,
    roster: &Roster,
) -> Result<(), DecideError> {
    let Some(requirement) = action.ruling.as_ref().and_then(Ruling::requirement) else {
        return Err(DecideError::Forbidden(
            "policy holds it for nobody, so there is no glass to break".to_owned(),
        ));
    };
    if matches!(action.subject, Subject::FollowUp { .. })
        || requirement.break_glass == BreakGlass::Never
    {
        let why = "policy lets nobody break the glass for it (`@break_glass(\"never\")`)";
        return Err(DecideError::Forbidden(why.to_owned()));
    }
    if roster.keys().is_none() {
        let why = "breaking the glass takes a signature by a security key that is touched, and no \
                   reviewers' keys are set up (`[trust] signers`)";
        return Err(DecideError::Forbidden(why.to_owned()));
    }
    if !is_a_reason(reason) {
        return Err(DecideError::ShortReason);
    }
    Ok(())
}

/// The review that somebody else owes.
pub(super) fn follow_up(action: &Action, decision: &Decision, order: &Order) -> Action {
    let Decision { reviewer: Reviewer(who), reason, .. } = decision;
    let source = place();
    let subject = Subject::FollowUp {
        of: action.id.clone(),
        digest: decision.digest,
        order: order.id.clone(),
        by: decision.reviewer.clone(),
        reason: reason.clone(),
    };
    let title = format!("break-glass by {}: {}", who.raw(), action.title.raw());
    let told = format!(
        "{} let {} go ahead alone: {}\n\nSomebody else looks at it now, whatever came of it. Approve \
         says: seen, and right. Reject says: seen, and wrong. Both say why. `countersign show {}` \
         shows what it was.",
        who.raw(),
        action.id,
        reason.raw(),
        action.id
    );
    let policy = action.ruling.as_ref().map(|ruling| ruling.policy);
    Action {
        id: subject.id(&source),
        source,
        part: Part::new("follow-up reviews"),
        subject,
        tool: action.tool.clone(),
        requester: who.clone(),
        authors: Vec::new(),
        title: Untrusted::new(title),
        description: Untrusted::new(told),
        target: action.target.clone(),
        opened: decision.at,
        url: action.url.clone(),
        change: Change {
            additions: 0,
            deletions: 0,
            files: Vec::new(),
            files_complete: true,
            diff: Diff::None,
        },
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: action.asker.clone(),
        found: action.found.clone(),
        ruling: policy.map(|policy| Ruling {
            policy,
            tier: "break-glass".to_owned(),
            leave: Leave::Held(Requirement::AFTERWARDS),
            rules: Vec::new(),
        }),
    }
}

/// Why this person cannot decide on a follow-up so, if they cannot.
pub(super) fn may_follow_up(
    action: &Action,
    who: &Reviewer,
    reason: &Untrusted,
    roster: &Roster,
) -> Result<(), DecideError> {
    let Subject::FollowUp { by, .. } = &action.subject else { return Ok(()) };
    if roster.person(by.0.raw()) == roster.person(who.0.raw()) {
        let why = "you broke the glass yourself; somebody else has to look at it";
        return Err(DecideError::NotYou(why.to_owned()));
    }
    if reason.raw().trim().is_empty() {
        return Err(DecideError::ReasonRequired);
    }
    Ok(())
}

/// What is written down when a follow-up was decided: nothing is sent anywhere.
pub(super) fn seen(order: &Order, verdict: Verdict, at: Timestamp) -> Receipt {
    let answer = match verdict.ordered() {
        Verdict::Approve => "looked at: right",
        _ => "looked at: wrong",
    };
    Receipt { order: order.id.clone(), outcome: Outcome::Done, answer: Untrusted::new(answer), at }
}

impl Review {
    /// Lets an action go ahead by the word of whoever decides here alone, exactly as it was shown.
    pub async fn break_glass(
        &self,
        id: &crate::domain::ActionId,
        shown: Digest,
        reason: Untrusted,
    ) -> Result<super::Carried, DecideError> {
        self.decide(id, shown, Verdict::BreakGlass, reason).await
    }
}

#[cfg(test)]
mod tests {
    use super::is_a_reason;

    #[test]
    fn a_reason_says_something() {
        assert!(is_a_reason(&"checkout is down, nobody else is awake".into()));
        assert!(!is_a_reason(&"emergency".into()));
        assert!(!is_a_reason(&"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".into()));
        assert!(!is_a_reason(&"         emergency          ".into()));
    }
}
