//! What the entries come to, as far as rows have to say the same.

use crate::{
    domain::{Digest, LetThrough, Order, OrderState, Outcome, PolicyId, Receipt, Verdict},
    ledger::{Body, Entry},
};
use std::collections::HashMap;

/// A decision that was written down.
pub(super) struct Decided {
    pub entry: u64,
    pub action: String,
    /// Digest of all it says.
    pub says: Option<Digest>,
    /// The order that used it up.
    pub spent: Option<String>,
}

/// An order that was written down.
pub(super) struct Ordered {
    pub entry: u64,
    pub id: String,
    /// What it is about.
    pub about: String,
    pub verdict: Option<Verdict>,
    /// Digest of all it says.
    pub says: Option<Digest>,
    /// When it was taken, in milliseconds, and by which entry.
    pub taken: Option<(u64, i64)>,
    /// The last answer, by digest, and by which entry.
    pub receipt: Option<(u64, Option<Digest>)>,
    pub state: OrderState,
}

/// All of it.
#[derive(Default)]
pub(super) struct Told {
    /// The digest an action had last, by its id.
    pub requests: HashMap<String, (u64, Digest)>,
    pub decisions: Vec<Decided>,
    pub orders: Vec<Ordered>,
    by_order: HashMap<String, usize>,
    unspent: HashMap<String, Vec<usize>>,
    pub policies: Vec<(u64, PolicyId)>,
    /// What was let through, by id.
    pub let_through: HashMap<String, (u64, Option<Digest>)>,
}

/// Digest of a value, where it has one: rows and entries write the same value differently.
pub(super) fn says<T: serde::Serialize>(value: &T) -> Option<Digest> {
    Digest::of_canonical(value).ok()
}

impl Told {
    /// Takes the next entry in.
    pub fn add(&mut self, at: u64, entry: Entry) {
        let millis = entry.at.as_millisecond();
        match entry.body {
            Body::Request(it) => {
                self.requests.insert(entry.about, (at, it.digest));
            }
            Body::Decision(it) => {
                let action = it.action.to_string();
                if it.verdict == Verdict::Withdraw {
                    self.give_back(&action);
                }
                self.unspent.entry(action.clone()).or_default().push(self.decisions.len());
                let says = says(&*it);
                self.decisions.push(Decided { entry: at, action, says, spent: None });
            }
            Body::Order(it) | Body::Revocation(it) => self.order(at, &it),
            Body::Taken(it) => {
                if let Some(order) = self.known(it.order.as_str()) {
                    order.taken = Some((at, millis));
                }
            }
            Body::Receipt(it) => self.receipt(at, &it),
            Body::Policy(it) => self.policies.push((at, it.policy)),
            Body::Autonomous(records) => {
                let records = records.iter().map(|it: &LetThrough| (it.id.clone(), (at, says(it))));
                self.let_through.extend(records);
            }
            _ => {}
        }
    }

    fn known(&mut self, order: &str) -> Option<&mut Ordered> {
        let at = *self.by_order.get(order)?;
        self.orders.get_mut(at)
    }

    /// An approval was taken back before anybody used it: what its order had used up is there again.
    fn give_back(&mut self, action: &str) {
        let last = self.orders.iter().rev().find(|order| order.about == action);
        let Some(last) =
            last.filter(|last| last.state == OrderState::Refused && last.taken.is_none())
        else {
            return;
        };
        for (at, decision) in self.decisions.iter_mut().enumerate() {
            if decision.spent.as_deref() == Some(last.id.as_str()) {
                decision.spent = None;
                self.unspent.entry(action.to_owned()).or_default().push(at);
            }
        }
    }

    fn order(&mut self, at: u64, order: &Order) {
        let id = order.id.to_string();
        if let Some(action) = &order.action {
            for decision in self.unspent.remove(action.as_str()).unwrap_or_default() {
                if let Some(decision) = self.decisions.get_mut(decision) {
                    decision.spent = Some(id.clone());
                }
            }
        }
        let action = order.action.as_ref().map(ToString::to_string);
        let credential = order.credential.as_ref().map(ToString::to_string);
        self.by_order.insert(id.clone(), self.orders.len());
        self.orders.push(Ordered {
            entry: at,
            about: action.or(credential).unwrap_or_else(|| id.clone()),
            id,
            verdict: order.kind.verdict(),
            says: says(order),
            taken: None,
            receipt: None,
            state: OrderState::Intended,
        });
    }

    fn receipt(&mut self, at: u64, receipt: &Receipt) {
        let Some(order) = self.known(receipt.order.as_str()) else { return };
        order.receipt = Some((at, says(receipt)));
        order.state = match receipt.outcome {
            Outcome::Done => OrderState::Done,
            Outcome::Refused => OrderState::Refused,
            Outcome::Unknown => OrderState::Unknown,
        };
    }
}
