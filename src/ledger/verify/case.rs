//! One order with the decisions behind it, as the rules of its time see them.
//!
//! ```text
//!   request + roster + policy of the time ─┐
//!   decisions that were not used up ───────┼─▶ trust::stand ─▶ met? rejected? or Fault
//!   order ─────────────────────────────────┘
//! ```
//!
//! It is computed anew from what was signed, by the rules the desk and the gates go by; nothing that
//! the store concluded is believed.

use super::fault::{Fault, Wrong};
use crate::{
    domain::{
        ActionId, Decision, Digest, Lock, OrderId, PolicyId, Requirement, Turn, Untrusted, Verdict,
    },
    ledger::entry::RosterInForce,
    trust::{
        Account, Doubt, Keys, Matter, Objection, Reviewers, Revoked, Roster, Signers, stand,
        vouch_turn,
    },
};
use jiff::{Timestamp, tz::TimeZone};
use std::sync::Arc;

/// Reviewers, keys and groups as they were from one entry on.
#[derive(Debug, Default)]
pub(super) struct RosterThen {
    roster: Roster,
    /// Whether an entry told it; without one, nobody is in a group and nobody has a key.
    is_told: bool,
}

impl RosterThen {
    /// Reads a roster and checks that its digest names what is in it.
    pub(super) fn read(entry: &RosterInForce) -> Result<Self, Wrong> {
        let unusable = |why: String| Wrong::Roster { why };
        let (text, revoked) = entry.whole().map_err(super::pool::wrong)?;
        let revoked = match revoked {
            Some(bytes) => Revoked::parse(&bytes).map_err(|error| unusable(error.to_string()))?,
            None => Revoked::default(),
        };
        // Another host's zone is not known; a file that is to mean the same everywhere says `Z`.
        let keys = match &entry.signers {
            Some(text) => {
                let signers = Signers::parse(text.raw().as_bytes(), &TimeZone::UTC)
                    .map_err(|error| unusable(error.to_string()))?;
                Keys::once(Reviewers { signers, revoked })
            }
            None => Keys::None,
        };
        let roster = Roster::new(text.groups).with_people(text.people).with_keys(keys);
        if roster.digest() != entry.digest {
            let why = "there is more in it than this program knows; a newer one may".to_owned();
            return Err(unusable(why));
        }
        Ok(Self { roster, is_told: true })
    }

    /// Whether two names are one person's.
    pub(super) fn is_one(&self, one: &Untrusted, other: &Untrusted) -> bool {
        self.roster.person(one.raw()) == self.roster.person(other.raw())
    }
}

/// An action as it was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub action: ActionId,
    pub digest: Digest,
    pub requirement: Requirement,
    pub policy: Option<PolicyId>,
    pub requester: Untrusted,
    pub at_github: bool,
    pub opened: Timestamp,
    /// What went ahead alone, where this is the review of it.
    pub follows: Option<ActionId>,
}

impl Asked {
    fn matter(&self, now: Timestamp) -> Matter<'_> {
        Matter {
            action: &self.action,
            digest: self.digest,
            requirement: &self.requirement,
            policy: self.policy,
            account: Account { name: &self.requester, at_github: self.at_github },
            since: Some(self.opened),
            now,
        }
    }
}

/// A decision, with the rules that held when it was given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub entry: u64,
    pub at: Timestamp,
    pub decision: Arc<Decision>,
    pub asked: Arc<Asked>,
    pub roster: Arc<RosterThen>,
}

/// What an order is to prove.
#[derive(Debug)]
pub(super) struct Ordered {
    pub entry: u64,
    pub order: OrderId,
    pub verdict: Verdict,
    pub at: Timestamp,
}

/// Somebody's word to stop something or to let it go on, with who counted then.
#[derive(Debug)]
pub(super) struct Turned {
    pub entry: u64,
    pub at: Timestamp,
    pub lock: Box<Lock>,
    pub roster: Arc<RosterThen>,
}

/// What is to be checked.
#[derive(Debug)]
pub(super) enum Case {
    /// Decisions, and the order that used them up, if one did.
    Order {
        asked: Arc<Asked>,
        roster: Arc<RosterThen>,
        given: Vec<Given>,
        ordered: Option<Ordered>,
    },
    /// Something was stopped, or let go on.
    Lock(Turned),
}

/// What checking found.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub faults: Vec<Fault>,
    pub signatures: u64,
    pub unsigned: u64,
}

impl Given {
    pub(super) fn by(&self) -> Untrusted {
        self.decision.reviewer.0.clone()
    }

    /// Why it does not hold by itself, at the time it was given. That is a fault, unless it is
    /// merely not signed, or not well enough: such a decision is there, and counts for nothing.
    fn fault(&self) -> Option<Fault> {
        let matter = self.asked.matter(self.at);
        let Err(Objection::Doubt(why)) = self.roster.roster.counts(&self.decision, &matter) else {
            return None;
        };
        if matches!(why, Doubt::Unsigned | Doubt::NoSigners | Doubt::Lack(_)) {
            return None;
        }
        let wrong = Wrong::Doubt { by: self.by(), why: why.to_string() };
        Some(Fault::about(self.entry, self.asked.action.as_str(), wrong))
    }
}

impl Judged {
    fn count(&mut self, is_signed: bool) {
        if is_signed {
            self.signatures += 1;
        } else {
            self.unsigned += 1;
        }
    }
}

impl Case {
    /// Checks it.
    pub(super) fn judge(&self) -> Judged {
        let mut judged = Judged::default();
        match self {
            Self::Order { asked, roster, given, ordered } => {
                for one in given {
                    judged.count(one.decision.signed.is_some());
                }
                match ordered {
                    Some(ordered) => order(asked, roster, given, ordered, &mut judged.faults),
                    None => judged.faults.extend(given.iter().filter_map(Given::fault)),
                }
            }
            Self::Lock(turned) => {
                judged.count(turned.lock.signed.is_some());
                judged.faults.extend(lock(turned));
            }
        }
        judged
    }
}

fn order(
    asked: &Asked,
    then: &RosterThen,
    given: &[Given],
    ordered: &Ordered,
    faults: &mut Vec<Fault>,
) {
    let decisions = given.iter().map(|one| &*one.decision);
    let standing = stand(&asked.matter(ordered.at), decisions, &then.roster);
    if standing.void.is_empty() {
        // All that count hold; a withdrawal only takes away, and is looked at by itself.
        let back = given.iter().filter(|one| one.decision.verdict == Verdict::Withdraw);
        faults.extend(back.filter_map(Given::fault));
    } else {
        faults.extend(given.iter().filter_map(Given::fault));
    }
    let order = ordered.order.clone();
    let wrong = match (ordered.verdict.ordered(), &standing.rejected) {
        (Verdict::Approve, Some(by)) => Some(Wrong::Rejected { order, by: by.0.clone() }),
        (Verdict::Approve, None) if standing.is_met() => None,
        (Verdict::Approve, None) => {
            let untold = if then.is_told { "" } else { " (no entry before tells a roster)" };
            let missing = format!("{standing}{untold}");
            let void = standing.void.iter().map(|one| Untrusted::new(one.told())).collect();
            Some(Wrong::Quorum { order, missing, void })
        }
        (_, Some(_)) => None,
        (_, None) => Some(Wrong::NotRejected { order }),
    };
    let fault = |wrong| Fault::about(ordered.entry, asked.action.as_str(), wrong);
    faults.extend(wrong.map(fault));
}

/// Where anybody has a key, whoever lets something go on has signed for it. Stopping is safe, and
/// holds without.
fn lock(turned: &Turned) -> Option<Fault> {
    let Turned { entry, at, lock, roster } = turned;
    let unsigned = lock.turn == Turn::Lock && lock.signed.is_none();
    let why =
        vouch_turn(lock, roster.roster.keys().reviewers(), *at).err().filter(|_| !unsigned)?;
    let (by, turn) = (lock.reviewer.0.clone(), lock.turn.word());
    Some(Fault::about(*entry, "lock", Wrong::Turn { by, turn, why: why.to_string() }))
}
