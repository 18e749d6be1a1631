//! What can be wrong with a ledger, said so that somebody can act on it.

use crate::domain::{OrderId, PolicyId, Untrusted};
use serde::Serialize;
use std::fmt;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The entry, by its number from 0; none where it is about a head or the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// The action, credential or order it is about, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What is wrong.
    #[serde(flatten)]
    pub wrong: Wrong,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum Wrong {
    /// The bytes of an entry are not canonical JSON.
    #[error("is not canonical JSON (RFC 8785): byte {at}: {why}")]
    NotCanonical {
        /// Where in it.
        at: usize,
        /// What is wrong there.
        why: &'static str,
    },
    /// A field of an entry is missing or wrong.
    #[error("field `{field}`: {why}")]
    Field {
        /// Its path.
        field: String,
        /// What is wrong with it.
        why: String,
    },
    /// The text is gone, and nobody said so.
    #[error("its text is gone, and no entry says that it was pruned")]
    Lost,
    /// An entry is not the one that was there when a head was kept.
    #[error("is not in the tree of the checkpoint that was given: it was altered since")]
    Altered,
    /// A head does not count.
    #[error("the head of {size} entries is not believed: {why}")]
    Head {
        /// The size it claims.
        size: u64,
        /// Why.
        why: String,
    },
    /// A head says other entries than there are.
    #[error(
        "the entries up to here make the root {found}, and the ledger signed {signed} for {size} of them: an \
         entry among them was changed, added, deleted or moved"
    )]
    Root {
        /// Entries it covers.
        size: u64,
        /// What was signed.
        signed: String,
        /// What the entries make.
        found: String,
    },
    /// A head covers more entries than there are.
    #[error(
        "a head of {signed} entries was signed, and only {found} are there: the ledger was cut off, or an old \
         copy was put back"
    )]
    CutOff {
        /// Entries of the head.
        signed: u64,
        /// Entries there are.
        found: u64,
    },
    /// The head that was kept elsewhere is not of this ledger's past.
    #[error(
        "this ledger does not continue the checkpoint that was given ({size} entries, root {kept}; here their \
         root is {found}): it was rewritten"
    )]
    NotContinued {
        /// Entries of the kept head.
        size: u64,
        /// Its root.
        kept: String,
        /// The root here.
        found: String,
    },
    /// Nobody signed the ledger yet.
    #[error("no signed head covers any of it: make one with `countersign ledger checkpoint`")]
    NoHead,
    /// Fewer known witnesses cosigned than were asked for.
    #[error("{found} of the known witnesses cosigned the newest head, and {wanted} are asked for")]
    Witnesses {
        /// How many did.
        found: usize,
        /// How many have to.
        wanted: usize,
    },
    /// An entry is about something else than its body.
    #[error("field `about`: the entry is filed under another id than `{is}`, which it tells of")]
    About {
        /// The id in its body.
        is: String,
    },
    /// A digest does not belong to what it names.
    #[error("field `{field}`: this digest is not that of what it names, which is {is}")]
    Digest {
        /// Its path.
        field: &'static str,
        /// What it should be.
        is: String,
    },
    /// A decision or order on what was never asked for, or not like this.
    #[error(
        "nothing was asked for before it that it could be about (no request with that id and digest)"
    )]
    Unasked,
    /// A decision is not what it says.
    #[error("the decision of {by:?} does not hold: {why}")]
    Doubt {
        /// Whose it says it is.
        by: Untrusted,
        /// Why not.
        why: String,
    },
    /// The same signed statement a second time.
    #[error("its signed statement was used before, in entry {first}: it is a replay")]
    Replayed {
        /// Where first.
        first: u64,
    },
    /// An approval without enough people.
    #[error("order {order} was given without its quorum: {missing}{}", with(.void))]
    Quorum {
        /// The order.
        order: OrderId,
        /// How far it was, and what was missing.
        missing: String,
        /// Decisions that did not count, and why.
        void: Vec<Untrusted>,
    },
    /// An approval that somebody had rejected.
    #[error("order {order} approves what {by:?} had rejected")]
    Rejected {
        /// The order.
        order: OrderId,
        /// Who rejected.
        by: Untrusted,
    },
    /// A rejection nobody gave.
    #[error("order {order} rejects what nobody had rejected")]
    NotRejected {
        /// The order.
        order: OrderId,
    },
    /// The same order twice.
    #[error("order {order} was written down before, in entry {first}")]
    OrderTwice {
        /// The order.
        order: OrderId,
        /// Where first.
        first: u64,
    },
    /// A second order for what was carried out already.
    #[error(
        "order {order} is a second one: entry {first} ordered the same, and it was carried out"
    )]
    OrderAgain {
        /// The second order.
        order: OrderId,
        /// Where the first is.
        first: u64,
    },
    /// An answer was handed out twice.
    #[error("the answer of order {order} was handed out before, in entry {first}")]
    TakenTwice {
        /// The order.
        order: OrderId,
        /// Where first.
        first: u64,
    },
    /// About an order that nobody gave.
    #[error("order {order} was never written down")]
    NoSuchOrder {
        /// The order.
        order: OrderId,
    },
    /// A second answer to an order.
    #[error("order {order} was answered before, in entry {first}")]
    AnsweredTwice {
        /// The order.
        order: OrderId,
        /// Where first.
        first: u64,
    },
    /// An older policy came into force.
    #[error("policy {given} came into force after {newest}: the policy was rolled back")]
    PolicyOlder {
        /// The one.
        given: PolicyIs,
        /// The newest before.
        newest: PolicyIs,
    },
    /// A version has two texts.
    #[error("policy {given} has the version of {before} and another text")]
    PolicyOther {
        /// The one.
        given: PolicyIs,
        /// The other.
        before: PolicyIs,
    },
    /// An order under a policy that was not in force.
    #[error("order {order} was given under policy {ruled}, while {} was in force", in_force(.now.as_ref()))]
    PolicyNotInForce {
        /// The order.
        order: OrderId,
        /// The policy that ruled on the action.
        ruled: PolicyIs,
        /// The one in force.
        now: Option<PolicyIs>,
    },
    /// A roster that cannot be used.
    #[error("the roster cannot be used: {0}", .why)]
    Roster {
        /// Why.
        why: String,
    },
    /// A word to stop something, or to let it go on, is not whose it says.
    #[error("the word of {by:?} to {turn} does not hold: {why}")]
    Turn {
        /// Whose it says it is.
        by: Untrusted,
        /// `lock`, `unlock`.
        turn: &'static str,
        /// Why not.
        why: String,
    },
    /// The last roster is not the one that is known to hold.
    #[error(
        "the ledger's last roster is {found}, and {wanted} holds here: somebody changed the reviewers, their \
         keys or groups without the ledger, or wrote another roster into it"
    )]
    OtherRoster {
        /// The ledger's.
        found: String,
        /// The one that holds.
        wanted: String,
    },
    /// An import where entries were signed already.
    #[error(
        "says that all before it was imported, but heads were signed before it, or it counts wrongly: it would \
         excuse what was done by nobody's rules"
    )]
    LateImport,
    /// Somebody looked at their own deed.
    #[error("{by:?} cannot review afterwards what they did alone")]
    OwnReview {
        /// Who.
        by: Untrusted,
    },
    /// Something went ahead alone that was not let through.
    #[error(
        "the autonomous action {id} is written down as let through, and policy had not let it through"
    )]
    NotLetThrough {
        /// Its id.
        id: String,
    },
}

/// A policy, as faults tell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PolicyIs(pub PolicyId);

impl fmt::Display for PolicyIs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn in_force(now: Option<&PolicyIs>) -> String {
    now.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn with(void: &[Untrusted]) -> String {
    void.iter().fold(String::new(), |text, one| format!("{text}; {one:?}"))
}

impl Wrong {
    /// Whether it is no fault of what a store held before it had a ledger.
    pub(super) const fn is_forgiven_where_imported(&self) -> bool {
        matches!(
            self,
            Self::Unasked
                | Self::Doubt { .. }
                | Self::Turn { .. }
                | Self::Quorum { .. }
                | Self::Rejected { .. }
                | Self::NotRejected { .. }
                | Self::NoSuchOrder { .. }
                | Self::OrderAgain { .. }
                | Self::PolicyNotInForce { .. }
        )
    }
}

impl Fault {
    /// About an entry.
    pub(super) fn at(entry: u64, wrong: Wrong) -> Self {
        Self { entry: Some(entry), about: None, wrong }
    }

    /// About an entry that tells of this.
    pub(super) fn about(entry: u64, about: &str, wrong: Wrong) -> Self {
        Self { entry: Some(entry), about: Some(about.to_owned()), wrong }
    }

    /// About the whole, or a head.
    pub(super) fn whole(wrong: Wrong) -> Self {
        Self { entry: None, about: None, wrong }
    }
}

/// `entry 7, a-0123456789: field …`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = self.entry {
            write!(f, "entry {entry}")?;
            if let Some(about) = &self.about {
                write!(f, ", {}", about.escape_debug())?;
            }
            f.write_str(": ")?;
        }
        self.wrong.fmt(f)
    }
}
