//! One order with the decisions behind it, as the rules of its time see them.
//!
//! ```text
//!   request + roster + policy of the time ─┐
//!   decisions that were not used up ───────┼─▶ vouch each ─▶ people, groups ─▶ met? or Fault
//!   order ─────────────────────────────────┘
//! ```
//!
//! It is computed anew from what was signed; nothing that the store concluded is believed.

use super::fault::{Fault, Wrong};
use crate::{
    domain::{
        ActionId, Decision, Digest, OrderId, PolicyId, Requirement, Reviewer, Signing, Untrusted,
        Verdict,
    },
    ledger::entry::{Deed, RosterInForce},
    trust::{Demand, Doubt, Reviewers, Revoked, Signers, Vouched, vouch},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Reviewers, keys and groups as they were from one entry on.
#[derive(Debug, Default)]
pub(super) struct RosterThen {
    pub digest: Option<Digest>,
    reviewers: Option<Reviewers>,
    groups: BTreeMap<String, BTreeSet<String>>,
    people: BTreeMap<String, BTreeSet<String>>,
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
        let signers = match &entry.signers {
            Some(text) => Some(
                Signers::parse(text.raw().as_bytes(), &TimeZone::UTC)
                    .map_err(|error| unusable(error.to_string()))?,
            ),
            None => None,
        };
        let sets = |all: BTreeMap<String, Vec<String>>| {
            all.into_iter().map(|(name, all)| (name, all.into_iter().collect())).collect()
        };
        Ok(Self {
            digest: Some(entry.digest),
            reviewers: signers.map(|signers| Reviewers { signers, revoked }),
            groups: sets(text.groups),
            people: sets(text.people),
        })
    }

    /// Whether anybody has a key.
    pub(super) const fn has_keys(&self) -> bool {
        self.reviewers.is_some()
    }

    fn person<'a>(&'a self, name: &'a str) -> &'a str {
        self.reviewers.as_ref().map_or(name, |all| all.signers.person(name))
    }

    fn is_in(&self, group: &str, reviewer: &str) -> bool {
        let person = self.person(reviewer);
        let members = self.groups.get(group).into_iter().flatten();
        members.map(String::as_str).any(|member| self.person(member) == person)
    }

    /// Whether this reviewer is the one who asked, by name or by an account of theirs.
    fn asked_it(&self, reviewer: &str, asked: &Asked) -> bool {
        let account = asked.requester.raw();
        let listed = self.people.get(self.person(reviewer)).is_some_and(|accounts| {
            accounts.iter().any(|one| match one.strip_prefix("github:") {
                Some(login) => asked.at_github && login.eq_ignore_ascii_case(account),
                None => !asked.at_github && one == account,
            })
        });
        let local = reviewer.split('@').next().unwrap_or(reviewer);
        listed
            || self.has_keys() && [reviewer, local].iter().any(|n| n.eq_ignore_ascii_case(account))
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
}

/// A decision, with the rules that held when it was given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub entry: u64,
    pub at: Timestamp,
    pub decision: Box<Decision>,
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
    /// It was given by one person alone, for a reason, and stands on that.
    pub alone: bool,
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
    /// What one person did alone, or afterwards.
    Deed { entry: u64, at: Timestamp, deed: Box<Deed>, given: Box<Given>, signing: Signing },
}

/// What checking found.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub faults: Vec<Fault>,
    pub signatures: u64,
    pub unsigned: u64,
}

impl Given {
    fn demand(&self, asked: &Asked, roster: &RosterThen, now: Timestamp) -> Result<Vouched, Doubt> {
        let lifetime = SignedDuration::try_from(asked.requirement.lifetime());
        let demand = Demand {
            action: &self.asked.action,
            digest: asked.digest,
            policy: asked.policy,
            // A ledger without a roster has no keys either, and then nobody looks at this.
            roster: roster.digest.unwrap_or(asked.digest),
            signing: asked.requirement.signing,
            since: Some(asked.opened),
            longest: lifetime.unwrap_or(SignedDuration::MAX),
            now,
        };
        vouch(&self.decision, &demand, roster.reviewers.as_ref())
    }

    fn by(&self) -> Untrusted {
        self.decision.reviewer.0.clone()
    }

    /// Why it does not count for itself, at the time it was given. That is a fault, unless it is
    /// merely not signed, or not well enough: such a decision is there, and counts for nothing.
    fn fault(&self) -> Option<Fault> {
        let why = self.demand(&self.asked, &self.roster, self.at).err()?;
        if matches!(why, Doubt::Unsigned | Doubt::NoSigners | Doubt::Lack(_)) {
            return None;
        }
        let wrong = Wrong::Doubt { by: self.by(), why: why.to_string() };
        Some(Fault::about(self.entry, self.asked.action.as_str(), wrong))
    }
}

impl Case {
    /// Checks it.
    pub(super) fn judge(&self) -> Judged {
        match self {
            Self::Order { asked, roster, given, ordered } => {
                order(asked, roster, given, ordered.as_ref())
            }
            Self::Deed { entry, at, deed, given, signing } => {
                deed_alone(*entry, *at, deed, given, *signing)
            }
        }
    }
}

fn order(asked: &Asked, roster: &RosterThen, given: &[Given], ordered: Option<&Ordered>) -> Judged {
    let mut judged = Judged::default();
    let mut agreed = Agreed::default();
    let (mut rejected, mut void) = (None, Vec::new());
    for (at, one) in given.iter().enumerate() {
        match one.decision.signed {
            Some(_) => judged.signatures += 1,
            None => judged.unsigned += 1,
        }
        let Some(ordered) = ordered else {
            judged.faults.extend(one.fault());
            continue;
        };
        match one.demand(asked, roster, ordered.at) {
            // A withdrawal takes away what its reviewer had agreed to before it.
            Ok(_) if one.decision.verdict == Verdict::Withdraw || is_taken_back(given, at) => {}
            // Whoever went ahead alone is told of by an entry of its own.
            Ok(_) if one.decision.verdict == Verdict::BreakGlass => {}
            Ok(_) if one.decision.verdict == Verdict::Reject => {
                rejected.get_or_insert_with(|| one.by());
            }
            Ok(vouched) if roster.asked_it(&vouched.reviewer, asked) => {
                let why = format!("{}: who asked for it cannot agree to it", vouched.reviewer);
                void.push(Untrusted::new(why));
            }
            Ok(vouched) => agreed.add(&vouched),
            Err(why) => {
                void.push(Untrusted::new(format!("{}: {why}", one.by().raw())));
                judged.faults.extend(one.fault());
            }
        }
    }
    let Some(ordered) = ordered else { return judged };
    let order = ordered.order.clone();
    let wrong = match (ordered.verdict.ordered(), rejected) {
        (Verdict::Approve, Some(by)) => Some(Wrong::Rejected { order, by }),
        (Verdict::Approve, None) if ordered.alone => None,
        (Verdict::Approve, None) => agreed
            .missing(&asked.requirement, roster)
            .map(|missing| Wrong::Quorum { order, missing, void }),
        (_, Some(_)) => None,
        (_, None) => Some(Wrong::NotRejected { order }),
    };
    let fault = |wrong| Fault::about(ordered.entry, asked.action.as_str(), wrong);
    judged.faults.extend(wrong.map(fault));
    judged
}

/// Whether the reviewer took this approval back later.
fn is_taken_back(given: &[Given], at: usize) -> bool {
    let Some(one) = given.get(at).map(|one| &one.decision) else { return false };
    let mut later = given.iter().skip(at + 1).map(|later| &later.decision);
    one.verdict.lets()
        && later.any(|it| it.verdict == Verdict::Withdraw && it.reviewer == one.reviewer)
}

/// People who agreed: by name, by who they are, by key.
#[derive(Default)]
struct Agreed {
    names: BTreeSet<String>,
    people: BTreeSet<String>,
    keys: BTreeSet<String>,
}

impl Agreed {
    /// One key is one person, whatever names it may sign with, and one person is one, whatever keys
    /// they have.
    fn add(&mut self, vouched: &Vouched) {
        let key = vouched.key.as_ref().map(ToString::to_string);
        if key.is_some_and(|key| !self.keys.insert(key)) {
            return;
        }
        if self.people.insert(vouched.person.clone()) {
            self.names.insert(vouched.reviewer.clone());
        }
    }

    fn missing(&self, requirement: &Requirement, roster: &RosterThen) -> Option<String> {
        let needed = requirement.approvals.max(1) as usize;
        let mut missing = Vec::new();
        for group in &requirement.from {
            if !self.names.iter().any(|name| roster.is_in(group, name)) {
                missing.push(format!("one of {group}"));
            }
        }
        if self.people.len() < needed {
            missing.push(format!("{} more", needed - self.people.len()));
        }
        let here = self.people.len();
        // Groups and keys are known from the ledger alone.
        let untold = if roster.digest.is_some() { "" } else { " (no entry before tells a roster)" };
        (!missing.is_empty()).then(|| {
            format!("{here} of {needed} agreed, missing: {}{untold}", missing.join(" and "))
        })
    }
}

/// What one person did alone has to be signed by them, where anybody has keys.
fn deed_alone(entry: u64, at: Timestamp, deed: &Deed, given: &Given, signing: Signing) -> Judged {
    let mut judged = Judged::default();
    match deed.signed {
        Some(_) => judged.signatures += 1,
        None => judged.unsigned += 1,
    }
    if !given.roster.has_keys() {
        return judged;
    }
    let mut requirement = given.asked.requirement.clone();
    requirement.signing = signing;
    let asked = Asked {
        action: deed.action.clone(),
        digest: deed.digest,
        requirement,
        policy: given.asked.policy,
        requester: given.asked.requester.clone(),
        at_github: given.asked.at_github,
        opened: given.asked.opened,
    };
    if let Err(why) = given.demand(&asked, &given.roster, at) {
        let by: &Reviewer = &deed.by;
        let wrong = Wrong::Doubt { by: by.0.clone(), why: why.to_string() };
        judged.faults.push(Fault::about(entry, deed.action.as_str(), wrong));
    }
    judged
}
