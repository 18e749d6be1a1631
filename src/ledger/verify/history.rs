//! What the entries tell, in order: who asked, who agreed under which rules, what was ordered.
//!
//! ```text
//!   request ─▶ decision … decision ─▶ order ─▶ taken, receipt        each order once, each answer once
//!   policy, roster: what held from there on      break-glass ─▶ follow-up, or open
//! ```
//!
//! It only remembers and compares; signatures are checked by the threads, a [`Case`] at a time.

use super::{
    From, OpenReview,
    case::{Asked, Case, Given, Ordered, RosterThen, Turned},
    fault::{Fault, PolicyIs, Wrong},
};
use crate::{
    domain::{
        ActionId, CredentialId, Decision, Digest, Leave, Lock, Locked, Order, OrderId, Outcome,
        PolicyId, SourceKind, Turn, Untrusted, Verdict,
    },
    ledger::entry::{Body, Entry, Kind, PolicyInForce, Requested, RosterInForce, Upkeep},
};
use jiff::Timestamp;
use std::{collections::HashMap, sync::Arc};

#[derive(Default)]
struct Action {
    asked: Option<Arc<Asked>>,
    /// Decisions no order has used up.
    given: Vec<Given>,
    /// The newest order, and the decisions it used up, for as long as it may be called off.
    used: Option<(OrderId, Vec<Given>)>,
    /// The newest order that approved it, and for which content.
    approved: Option<(u64, OrderId, Digest)>,
}

struct Known {
    entry: u64,
    /// What became of it, and where that stands.
    answered: Option<(u64, Outcome)>,
    taken: Option<u64>,
}

/// All that is remembered on the way.
#[derive(Default)]
pub(super) struct History {
    actions: HashMap<ActionId, Action>,
    orders: HashMap<OrderId, Known>,
    nonces: HashMap<u128, u64>,
    policy: Option<PolicyId>,
    roster: Arc<RosterThen>,
    open: Vec<OpenReview>,
    /// Who stopped what is stopped.
    locked: HashMap<Locked, Vec<Untrusted>>,
    /// Entries before this one only tell what was found when the ledger began.
    pub imported: u64,
    /// An entry that says so, and how many it says.
    pub imports: Option<(u64, u64)>,
    pub policies: Vec<From<PolicyId>>,
    pub rosters: Vec<From<Digest>>,
    pub pruned: Vec<(u64, u64)>,
    pub counts: Counts,
    faults: Vec<Fault>,
    cases: Vec<Case>,
    silent: bool,
}

/// How much of what was there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Actions that were asked for, each as often as its content changed.
    pub requests: u64,
    /// Decisions.
    pub decisions: u64,
    /// Orders, those about credentials included.
    pub orders: u64,
    /// Autonomous actions that were let through.
    pub autonomous: u64,
}

impl History {
    /// Takes an entry from before what is checked, only to know what it said.
    pub(super) fn remember(&mut self, number: u64, entry: &Entry) {
        self.silent = true;
        self.take(number, entry);
        self.silent = false;
        self.faults.clear();
        self.cases.clear();
        self.counts = Counts::default();
    }

    /// What was found since it was last asked for.
    pub(super) fn found(&mut self) -> (Vec<Fault>, Vec<Case>) {
        (std::mem::take(&mut self.faults), std::mem::take(&mut self.cases))
    }

    /// What is left at the end: decisions that no order used up, and what nobody looked at yet.
    pub(super) fn end(&mut self) -> (Vec<Case>, Vec<OpenReview>) {
        let cases = self.actions.values_mut().filter_map(|action| {
            let given = std::mem::take(&mut action.given);
            let asked = Arc::clone(given.first().map(|one| &one.asked)?);
            let roster = Arc::clone(&self.roster);
            Some(Case::Order { asked, roster, given, ordered: None })
        });
        (cases.collect(), std::mem::take(&mut self.open))
    }

    fn fault(&mut self, number: u64, about: &str, wrong: Wrong) {
        self.faults.push(Fault::about(number, about, wrong));
    }

    /// Takes the next entry.
    pub(super) fn take(&mut self, number: u64, entry: &Entry) {
        let about = entry.about.as_str();
        let is = match &entry.body {
            Body::Request(_) | Body::Receipt(_) | Body::Autonomous(_) => None,
            Body::Decision(it) => Some(it.action.as_str()),
            Body::Order(it) => it.action.as_ref().map(ActionId::as_str),
            Body::Revocation(it) => it.credential.as_ref().map(CredentialId::as_str),
            Body::Taken(it) => Some(it.action.as_str()),
            Body::Ended(it) => Some(it.action.as_str()),
            Body::Lock(_) => Some("lock"),
            Body::Policy(_) => Some("policy"),
            Body::Roster(_) => Some("roster"),
            Body::Upkeep(_) => Some("ledger"),
        };
        if let Some(is) = is.filter(|is| *is != about) {
            self.fault(number, about, Wrong::About { is: is.to_owned() });
        }
        match &entry.body {
            Body::Request(it) => self.request(number, about, it),
            Body::Decision(it) => self.decision(number, entry.at, it),
            Body::Order(it) => self.order(number, entry.at, it),
            Body::Revocation(it) => {
                self.counts.orders += 1;
                self.once(number, about, &it.id);
            }
            Body::Taken(it) => self.taken(number, about, &it.order),
            Body::Receipt(it) => self.receipt(number, about, &it.order, it.outcome),
            Body::Policy(it) => {
                self.policies.push(From { entry: number, at: entry.at, is: it.policy });
                self.policy(number, it);
            }
            Body::Roster(it) => {
                self.rosters.push(From { entry: number, at: entry.at, is: it.digest });
                self.roster(number, it);
            }
            Body::Lock(it) => self.lock(number, entry.at, it),
            Body::Autonomous(all) => {
                self.counts.autonomous += all.len() as u64;
                for one in all.iter().filter(|one| !matches!(one.ruling.leave, Leave::LetThrough)) {
                    let id = one.id.clone();
                    self.fault(number, about, Wrong::NotLetThrough { id });
                }
            }
            Body::Upkeep(Upkeep::Imported { entries }) => self.imports = Some((number, *entries)),
            Body::Upkeep(Upkeep::Pruned { entries, .. }) => self.pruned.extend(entries),
            Body::Upkeep(Upkeep::Restored { .. }) | Body::Ended(_) => {}
        }
    }

    fn request(&mut self, number: u64, about: &str, it: &Requested) {
        self.counts.requests += 1;
        let is = Digest::of_bytes(it.action.as_bytes());
        if is != it.digest {
            let wrong = Wrong::Digest { field: "body.digest", is: is.to_string() };
            self.fault(number, about, wrong);
        }
        let shown = match it.shown() {
            Ok(shown) => shown,
            Err(error) => {
                let (field, why) = ("body.action".to_owned(), error.to_string());
                return self.fault(number, about, Wrong::Field { field, why });
            }
        };
        if let Ok(is) = Digest::of_canonical(&it.diff)
            && is != shown.diff
        {
            let wrong = Wrong::Digest { field: "body.action.diff", is: is.to_string() };
            self.fault(number, about, wrong);
        }
        let Ok(action) = about.parse::<ActionId>() else {
            let (field, why) = ("about".to_owned(), "this is no id of an action".to_owned());
            return self.fault(number, about, Wrong::Field { field, why });
        };
        let kind = shown.source.as_str().split('/').next().unwrap_or_default();
        let asked = Asked {
            action: action.clone(),
            digest: it.digest,
            requirement: shown.requirement(),
            policy: shown.ruling.as_ref().map(|ruling| ruling.policy),
            requester: shown.requester,
            at_github: kind == SourceKind::Github.to_string(),
            opened: it.opened,
            follows: match shown.subject {
                Kind::FollowUp { of } => Some(of),
                Kind::Other => None,
            },
        };
        self.actions.entry(action).or_default().asked = Some(Arc::new(asked));
    }

    fn decision(&mut self, number: u64, at: Timestamp, it: &Decision) {
        self.counts.decisions += 1;
        if let Some(signed) = &it.signed
            && let Ok(Nonce { nonce }) = serde_json::from_str(&signed.statement)
            && let Ok(nonce) = u128::from_str_radix(nonce, 16)
            && let Some(first) = self.nonces.insert(nonce, number)
        {
            self.fault(number, it.action.as_str(), Wrong::Replayed { first });
        }
        let roster = Arc::clone(&self.roster);
        if it.verdict == Verdict::BreakGlass {
            let (action, by) = (it.action.clone(), it.reviewer.0.clone());
            self.open.push(OpenReview { entry: number, action, by, at });
        }
        let action = self.actions.entry(it.action.clone()).or_default();
        if it.verdict == Verdict::Withdraw {
            // Before anybody fetched its answer: what the order had used up is there again.
            let back = action
                .used
                .take_if(|(order, _)| self.orders.get(order).is_some_and(Known::was_called_off));
            action.given.splice(..0, back.into_iter().flat_map(|(_, given)| given));
        }
        let asked = action.asked.as_ref().filter(|asked| asked.digest == it.digest);
        match asked {
            Some(asked) => {
                let (asked, decision) = (Arc::clone(asked), Arc::new(it.clone()));
                action.given.push(Given { entry: number, at, decision, asked, roster });
            }
            None => self.fault(number, it.action.as_str(), Wrong::Unasked),
        }
    }

    /// Notes an order, and whether it was there before.
    fn once(&mut self, number: u64, about: &str, order: &OrderId) {
        let known = Known { entry: number, answered: None, taken: None };
        match self.orders.get(order) {
            Some(before) => {
                let (order, first) = (order.clone(), before.entry);
                self.fault(number, about, Wrong::OrderTwice { order, first });
            }
            None => {
                self.orders.insert(order.clone(), known);
            }
        }
    }

    fn order(&mut self, number: u64, at: Timestamp, it: &Order) {
        self.counts.orders += 1;
        let Some(id) = it.action.clone() else {
            return self.once(number, it.id.as_str(), &it.id);
        };
        self.once(number, id.as_str(), &it.id);
        let (roster, in_force) = (Arc::clone(&self.roster), self.policy);
        let Some(verdict) = it.kind.verdict() else {
            return self.fault(number, id.as_str(), Wrong::Unasked);
        };
        let action = self.actions.entry(id.clone()).or_default();
        let Some(asked) = action.asked.clone() else {
            return self.fault(number, id.as_str(), Wrong::Unasked);
        };
        let given = std::mem::take(&mut action.given);
        action.used = Some((it.id.clone(), given.clone()));
        let order = it.id.clone();
        let mut wrong = Vec::new();
        if verdict == Verdict::Approve {
            if let Some((first, before, digest)) = &action.approved
                && *digest == asked.digest
                && self.orders.get(before).is_some_and(Known::is_done)
            {
                wrong.push(Wrong::OrderAgain { order: order.clone(), first: *first });
            }
            if asked.policy.is_some() && asked.policy != in_force {
                wrong.extend(asked.policy.map(|ruled| Wrong::PolicyNotInForce {
                    order: order.clone(),
                    ruled: PolicyIs(ruled),
                    now: in_force.map(PolicyIs),
                }));
            }
            action.approved = Some((number, order.clone(), asked.digest));
        }
        for wrong in wrong {
            self.fault(number, id.as_str(), wrong);
        }
        if let Some(of) = &asked.follows {
            self.looked_at(number, of, &given, &roster);
        }
        let ordered = Some(Ordered { entry: number, order, verdict, at });
        self.cases.push(Case::Order { asked, roster, given, ordered });
    }

    /// Nothing calls this order off any more, so nobody asks for what it had used up.
    fn settle(&mut self, about: &str, order: &OrderId) {
        let action = about.parse().ok().and_then(|id: ActionId| self.actions.get_mut(&id));
        if let Some(action) = action {
            action.used.take_if(|(used, _)| used == order);
        }
    }

    fn taken(&mut self, number: u64, about: &str, order: &OrderId) {
        self.settle(about, order);
        let id = order.clone();
        let wrong = match self.orders.get_mut(order) {
            None => Some(Wrong::NoSuchOrder { order: id }),
            Some(known) => {
                known.taken.replace(number).map(|first| Wrong::TakenTwice { order: id, first })
            }
        };
        if let Some(wrong) = wrong {
            self.fault(number, about, wrong);
        }
    }

    fn receipt(&mut self, number: u64, about: &str, order: &OrderId, outcome: Outcome) {
        if outcome != Outcome::Refused {
            self.settle(about, order);
        }
        let id = order.clone();
        let wrong = match self.orders.get_mut(order) {
            None => Some(Wrong::NoSuchOrder { order: id }),
            Some(known) => match known.answered.replace((number, outcome)) {
                // Nobody knew what had become of it, and now somebody does.
                None | Some((_, Outcome::Unknown)) => None,
                // It was taken for refused, and whoever carried it out came back late.
                Some((_, Outcome::Refused)) if outcome == Outcome::Done => None,
                Some((first, _)) => Some(Wrong::AnsweredTwice { order: id, first }),
            },
        };
        if let Some(wrong) = wrong {
            self.fault(number, about, wrong);
        }
    }

    fn policy(&mut self, number: u64, it: &PolicyInForce) {
        let given = it.policy;
        if let Some(text) = &it.text
            && self.policy.is_none_or(|before| before != given)
        {
            let is = Digest::of_bytes(text.raw().as_bytes());
            if is != given.digest {
                let wrong = Wrong::Digest { field: "body.digest", is: is.to_string() };
                self.fault(number, "policy", wrong);
            }
        }
        if let Some(newest) = self.policy {
            let (given, newest) = (PolicyIs(given), PolicyIs(newest));
            if given.0.version < newest.0.version {
                return self.fault(number, "policy", Wrong::PolicyOlder { given, newest });
            }
            if given.0.version == newest.0.version && given.0.digest != newest.0.digest {
                let before = newest;
                return self.fault(number, "policy", Wrong::PolicyOther { given, before });
            }
        }
        self.policy = Some(given);
    }

    fn roster(&mut self, number: u64, it: &RosterInForce) {
        match RosterThen::read(it) {
            Ok(roster) => self.roster = Arc::new(roster),
            Err(wrong) => self.fault(number, "roster", wrong),
        }
    }

    /// Somebody looked at what went ahead by one person's word; it has to be somebody else.
    fn looked_at(&mut self, number: u64, of: &ActionId, by: &[Given], roster: &RosterThen) {
        let alone = self.open.iter().filter(|open| open.action == *of);
        let own = alone.filter(|open| by.iter().any(|one| roster.is_one(&one.by(), &open.by)));
        if let Some(by) = own.map(|open| open.by.clone()).next() {
            return self.fault(number, of.as_str(), Wrong::OwnReview { by });
        }
        self.open.retain(|open| open.action != *of);
    }

    fn lock(&mut self, number: u64, at: Timestamp, it: &Lock) {
        let (lock, roster) = (Box::new(it.clone()), Arc::clone(&self.roster));
        let by = it.reviewer.0.clone();
        if it.turn == Turn::Lock {
            self.locked.entry(it.what.clone()).or_default().push(by);
        } else {
            let stopped = self.locked.remove(&it.what).unwrap_or_default();
            if stopped.iter().any(|one| roster.is_one(one, &by)) {
                let why = "whoever stopped it does not let it go on".to_owned();
                self.fault(number, "lock", Wrong::Turn { by, turn: it.turn.word(), why });
            }
        }
        self.cases.push(Case::Lock(Turned { entry: number, at, lock, roster }));
    }
}

/// What makes a statement one of a kind; whether it is a statement at all is looked at with its
/// signature.
#[derive(serde::Deserialize)]
struct Nonce<'a> {
    nonce: &'a str,
}

impl Known {
    /// Nobody had taken its answer when it was taken back.
    fn was_called_off(&self) -> bool {
        self.taken.is_none() && self.answered.is_some_and(|(_, it)| it == Outcome::Refused)
    }

    fn is_done(&self) -> bool {
        self.answered.is_some_and(|(_, outcome)| outcome == Outcome::Done)
    }
}
