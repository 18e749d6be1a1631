//! Whether an approval is one: every layer, by this gate's own roster, policy and clock.
//!
//! ```text
//!   order (from the store) ─▶ decisions behind it ─▶ each: signed? by whose key? valid then? flags?
//!                                                    this action? this policy, this roster?
//!        ─▶ enough different people, nobody rejects ─▶ still in time ─▶ not used before ─▶ passes
//! ```
//!
//! The store is only asked where the decisions are. What they prove is looked at here, so whoever
//! can write to the store gains nothing that a reviewer's key has not signed.

use super::used::{self, UsedError};
use crate::{
    domain::{Action, Decision, Digest, DigestError, Order, Requirement, Verdict},
    store::ActionRow,
    trust::{Account, Matter, Roster, Standing, Void, stand},
};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// Why an approval is none.
#[derive(Debug, thiserror::Error)]
pub enum NotAgreed {
    /// Nothing can be verified.
    #[error("the reviewers' keys cannot be used: {0}")]
    Keys(String),
    /// Somebody has rejected it.
    #[error("{0} has rejected it")]
    Rejected(String),
    /// Not enough people, by what counts here.
    #[error("the approvals in the queue do not count here: {}", told(.0))]
    TooFew(Box<Standing>),
    /// It was approved too long ago.
    #[error("it was approved at {0:.0}, and may not be carried out as late as this")]
    Late(Timestamp),
    /// It was let through with these approvals before.
    #[error("these approvals were used already; what they let through cannot run twice")]
    Used,
    /// Whether it was, cannot be told.
    #[error("it cannot be noted that these approvals are used: {0}")]
    Unnoted(#[from] UsedError),
    /// It is not held, so nobody can have been asked.
    #[error("nobody was asked for it")]
    NotHeld,
    /// It has no digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
}

/// What is missing, and why what is there does not count.
fn told(standing: &Standing) -> String {
    let mut all = vec![standing.to_string()];
    all.extend(standing.void.iter().map(Void::told));
    all.join("; ")
}

/// What a gate holds an order against.
pub(super) struct Claim<'a> {
    /// What this gate asked for, ruled by its own policy.
    pub asked: &'a Action,
    /// What the reviewers were shown; for a command the same.
    pub shown: &'a Action,
    /// The reviewers.
    pub roster: &'a Roster,
    /// The time.
    pub now: Timestamp,
}

impl Claim<'_> {
    /// What is decided upon, at a time.
    fn matter(&self, digest: Digest, now: Timestamp) -> Option<Matter<'_>> {
        let ruling = self.asked.ruling.as_ref();
        ruling?.requirement()?;
        let account = Account::behind(&self.asked.source, &self.asked.requester);
        Some(Matter::of(&self.shown.id, digest, ruling, account, now).since(self.shown.opened))
    }

    /// The decisions behind an order, where they are enough.
    fn behind(&self, row: &ActionRow, order: &Order) -> Result<Vec<Decision>, NotAgreed> {
        if let Some(why) = self.roster.keys().broken() {
            return Err(NotAgreed::Keys(why.to_owned()));
        }
        let digest = self.shown.digest()?;
        let matter = |at| self.matter(digest, at).ok_or(NotAgreed::NotHeld);
        let decisions: Vec<Decision> = row.behind(&order.id).into_iter().cloned().collect();
        // When it was decided, as the reviewers' keys have it: an approval has to count then, and
        // from then on it may be carried out for a while.
        let mut decided = None;
        for one in &decisions {
            if self.roster.counts(one, &matter(one.at)?).is_ok() {
                decided = decided.max(Some(one.at));
            }
        }
        let decided = decided.unwrap_or(self.now);
        let standing = stand(&matter(decided)?, &decisions, self.roster);
        if let Some(who) = &standing.rejected {
            return Err(NotAgreed::Rejected(who.0.raw().to_owned()));
        }
        if !standing.is_met() {
            return Err(NotAgreed::TooFew(Box::new(standing)));
        }
        let requirement = matter(decided)?.requirement;
        if !in_time(decided, self.now, requirement) {
            return Err(NotAgreed::Late(decided));
        }
        Ok(decisions)
    }

    /// Whether enough of the right people agreed to it, and notes, beside the store and for good,
    /// that these approvals are used.
    pub(super) fn take(
        &self,
        store: &Path,
        row: &ActionRow,
        order: &Order,
    ) -> Result<(), NotAgreed> {
        let decisions = self.behind(row, order)?;
        let approvals = decisions.iter().filter(|one| one.verdict == Verdict::Approve);
        match used::note(store, &self.shown.id, approvals, self.now)? {
            used::Noted::First => Ok(()),
            used::Noted::Before => Err(NotAgreed::Used),
        }
    }
}

/// Whether what was approved then may still be carried out.
fn in_time(decided: Timestamp, now: Timestamp, requirement: &Requirement) -> bool {
    // Either way round: a clock that was set back must not let an approval live on.
    let age = now.duration_since(decided).abs();
    age < SignedDuration::try_from(requirement.usable()).unwrap_or(SignedDuration::MAX)
}
