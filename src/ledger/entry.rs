//! One entry of the ledger: what happened, as one line of canonical JSON.
//!
//! ```text
//!   {"about":"a-0123456789","at":"2026-11-20T17:00:00Z","body":{…},
//!    "entry":"countersign-entry@v1","kind":"decision"}              (one line, RFC 8785)
//! ```
//!
//! The bytes are what the tree hashes and what an auditor reads, so they are written once and
//! never again: reading checks that they are canonical and does not write them anew, because a
//! later version of this program may know more fields than the one that wrote them.

use super::canonical;
use crate::domain::{
    Action, ActionId, Decision, Diff, Digest, DigestError, LetThrough, Order, OrderId, PolicyId,
    Receipt, Requirement, Reviewer, Ruling, Signed, SourceName, Target, Untrusted,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::{collections::BTreeMap, fmt};

/// The format of an entry; later formats get another name.
pub const ENTRY: &str = "countersign-entry@v1";

/// What an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// An action came into the queue, or its content changed.
    Request,
    /// A reviewer decided.
    Decision,
    /// An order was written down that answers an action.
    Order,
    /// An order was written down that takes a credential away, or gives it back.
    Revocation,
    /// A gate took the answer to its request.
    Taken,
    /// A source answered an order.
    Receipt,
    /// A policy came into force.
    Policy,
    /// Reviewers, their keys or groups changed.
    Roster,
    /// Somebody went ahead alone, for a reason.
    BreakGlass,
    /// Somebody else looked at what was done alone.
    FollowUp,
    /// A reviewer took their approval back before it was used.
    Withdrawal,
    /// A reviewer stopped what was approved.
    Lock,
    /// Autonomous actions that were let through.
    Autonomous,
    /// An action ended without being carried out: voided, expired, gone.
    Ended,
    /// The ledger itself was taken care of: entries imported, pruned, put back from a backup.
    Upkeep,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Request,
        Self::Decision,
        Self::Order,
        Self::Revocation,
        Self::Taken,
        Self::Receipt,
        Self::Policy,
        Self::Roster,
        Self::BreakGlass,
        Self::FollowUp,
        Self::Withdrawal,
        Self::Lock,
        Self::Autonomous,
        Self::Ended,
        Self::Upkeep,
    ];

    /// Its name in an entry.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Decision => "decision",
            Self::Order => "order",
            Self::Revocation => "revocation",
            Self::Taken => "taken",
            Self::Receipt => "receipt",
            Self::Policy => "policy",
            Self::Roster => "roster",
            Self::BreakGlass => "break-glass",
            Self::FollowUp => "follow-up",
            Self::Withdrawal => "withdrawal",
            Self::Lock => "lock",
            Self::Autonomous => "autonomous",
            Self::Ended => "ended",
            Self::Upkeep => "upkeep",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// An action as it was shown: what its digest names, byte for byte, and its diff.
#[derive(Debug, Clone, PartialEq)]
pub struct Requested {
    /// SHA-256 of `action`.
    pub digest: Digest,
    /// [`Action::canonical`]. It names the diff by its digest.
    pub action: String,
    /// The diff, whose RFC 8785 form has that digest.
    pub diff: Diff,
    /// When it was asked.
    pub opened: Timestamp,
}

/// What the ledger needs of a canonical action; everything else in it is for people.
#[derive(Debug, Clone, Deserialize)]
pub struct Shown {
    /// Where it waits.
    pub source: SourceName,
    /// Who asked.
    pub requester: Untrusted,
    /// The AI tool behind it.
    pub tool: String,
    /// One line on what it is.
    pub title: Untrusted,
    /// What it lands on.
    pub target: Target,
    /// Digest of the RFC 8785 form of its diff.
    pub diff: Digest,
    /// What policy said of it; none where it was not asked.
    #[serde(default)]
    pub ruling: Option<Ruling>,
}

impl Shown {
    /// Who had to agree.
    pub fn requirement(&self) -> Requirement {
        let asked = self.ruling.as_ref().and_then(Ruling::requirement).cloned();
        asked.unwrap_or(Requirement::ONE_APPROVAL)
    }
}

impl Requested {
    /// An action as it is now.
    pub fn of(action: &Action) -> Result<Self, DigestError> {
        let canonical = action.canonical()?;
        Ok(Self {
            digest: Digest::of_bytes(canonical.as_bytes()),
            action: canonical,
            diff: action.change.diff.clone(),
            opened: action.opened,
        })
    }

    /// What the ledger needs of it.
    pub fn shown(&self) -> Result<Shown, serde_json::Error> {
        serde_json::from_str(&self.action)
    }
}

/// A policy that came into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyInForce {
    /// Its version and digest.
    #[serde(flatten)]
    pub policy: PolicyId,
    /// Its text, if whoever adopted it had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Untrusted>,
}

/// Reviewers, their keys and groups, as they were from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterInForce {
    /// SHA-256 of `roster`: what statements name it by.
    pub digest: Digest,
    /// The roster as canonical JSON: groups, people, and the digests of the two files.
    pub roster: String,
    /// Text of the allowed signers file; none: nobody has a key, and nothing is signed.
    pub signers: Option<Untrusted>,
    /// The file of revoked keys (OpenSSH, PROTOCOL.krl), in base64.
    pub revoked: Option<String>,
}

/// What the ledger needs of a roster's canonical form; there may be more in it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RosterText {
    /// Members of each group.
    pub groups: BTreeMap<String, Vec<String>>,
    /// Accounts of each person: what they may have asked for themselves.
    #[serde(default)]
    pub people: BTreeMap<String, Vec<String>>,
    /// SHA-256 of the allowed signers file.
    pub signers: Option<Digest>,
    /// SHA-256 of the file of revoked keys.
    pub revoked: Option<Digest>,
}

impl RosterInForce {
    /// A roster by its canonical form, with the two files it names.
    pub fn of(roster: String, signers: Option<&str>, revoked: Option<&[u8]>) -> Self {
        Self {
            digest: Digest::of_bytes(roster.as_bytes()),
            roster,
            signers: signers.map(Untrusted::new),
            revoked: revoked.map(|bytes| BASE64_STANDARD.encode(bytes)),
        }
    }

    /// What is in it, if it is whole: its digest is that of its text, and its files are those that
    /// the text names. The second part is the content of the file of revoked keys.
    pub fn whole(&self) -> Result<(RosterText, Option<Vec<u8>>), EntryError> {
        let unlike =
            |field: &str| wrong(field, "its SHA-256 is not the one it is named by".to_owned());
        if Digest::of_bytes(self.roster.as_bytes()) != self.digest {
            return Err(unlike("body.roster"));
        }
        let text: RosterText = field("body.roster", &self.roster)?;
        let signers = self.signers.as_ref().map(|text| Digest::of_bytes(text.raw().as_bytes()));
        if signers != text.signers {
            return Err(unlike("body.signers"));
        }
        let revoked = match &self.revoked {
            Some(encoded) => Some(
                BASE64_STANDARD
                    .decode(encoded)
                    .map_err(|_| wrong("body.revoked", "this is not base64".to_owned()))?,
            ),
            None => None,
        };
        if revoked.as_deref().map(Digest::of_bytes) != text.revoked {
            return Err(unlike("body.revoked"));
        }
        Ok((text, revoked))
    }
}

/// What one person did about an action, apart from deciding: broke the glass, took an approval
/// back, stopped it, looked at it afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// About which action.
    pub action: ActionId,
    /// Its digest as it was shown.
    pub digest: Digest,
    /// The order it led to, or was about; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// By whom.
    pub by: Reviewer,
    /// Why.
    pub reason: Untrusted,
    /// What they signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

/// That a gate took the answer to its request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The order that was handed out.
    pub order: OrderId,
    /// The action it answers.
    pub action: ActionId,
}

/// That an action ended without being carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Which.
    pub action: ActionId,
    /// Why, in words of ours.
    pub because: Untrusted,
}

/// What was done to the ledger itself, besides appending to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "did", deny_unknown_fields)]
pub enum Upkeep {
    /// The entries before this one tell what stood in a store that had no ledger yet: that it stood
    /// there on that day is all they prove.
    Imported {
        /// How many.
        entries: u64,
    },
    /// The texts of old entries were taken away; their hashes stay.
    Pruned {
        /// What was older than this, and over.
        before: Timestamp,
        /// First and last of each run of entries.
        entries: Vec<(u64, u64)>,
    },
    /// A backup took the place of what was there.
    Restored {
        /// Entries that were there before.
        before: u64,
        /// Entries the backup had.
        with: u64,
    },
}

/// What an entry tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// An action as it was shown.
    Request(Box<Requested>),
    /// A decision, with what was signed.
    Decision(Box<Decision>),
    /// An order that answers an action.
    Order(Box<Order>),
    /// An order about a credential.
    Revocation(Box<Order>),
    /// An answer was taken.
    Taken(Taken),
    /// What a source answered.
    Receipt(Box<Receipt>),
    /// A policy.
    Policy(PolicyInForce),
    /// A roster.
    Roster(Box<RosterInForce>),
    /// Somebody went ahead alone.
    BreakGlass(Box<Deed>),
    /// Somebody else looked at it.
    FollowUp(Box<Deed>),
    /// An approval was taken back.
    Withdrawal(Box<Deed>),
    /// What was approved was stopped.
    Lock(Box<Deed>),
    /// What was let through.
    Autonomous(Vec<LetThrough>),
    /// An action ended.
    Ended(Ended),
    /// The ledger was taken care of.
    Upkeep(Upkeep),
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was written down.
    pub at: Timestamp,
    /// Id of what it is about: an action, an order, a credential; `policy`, `roster`, `ledger`, or a
    /// source.
    pub about: String,
    /// What it tells.
    pub body: Body,
}

/// What is wrong with an entry's bytes, without its number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The bytes are no canonical JSON.
    #[error("it is not canonical JSON (RFC 8785): {0}")]
    NotCanonical(#[from] canonical::NotCanonical),
    /// A field is missing, or is not what it has to be.
    #[error("field `{field}`: {why}")]
    Field {
        /// Its path: `kind`, `body.digest`.
        field: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Why an entry could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It has no canonical form.
    #[error("the entry cannot be written: {0}")]
    NotCanonical(#[from] serde_json::Error),
    /// Its action has no digest.
    #[error("the entry cannot be written: {0}")]
    NoDigest(#[from] DigestError),
}

impl Entry {
    /// An action came in, or its content changed.
    pub fn request(action: &Action, at: Timestamp) -> Result<Self, WriteError> {
        let body = Body::Request(Box::new(Requested::of(action)?));
        Ok(Self { at, about: action.id.to_string(), body })
    }

    /// A decision.
    pub fn decision(decision: &Decision) -> Self {
        let body = Body::Decision(Box::new(decision.clone()));
        Self { at: decision.at, about: decision.action.to_string(), body }
    }

    /// An order: on an action, or on a credential.
    pub fn order(order: &Order) -> Self {
        let boxed = Box::new(order.clone());
        let (about, body) = match (&order.action, &order.credential) {
            (Some(action), _) => (action.to_string(), Body::Order(boxed)),
            (None, Some(credential)) => (credential.to_string(), Body::Revocation(boxed)),
            (None, None) => (order.id.to_string(), Body::Order(boxed)),
        };
        Self { at: order.at, about, body }
    }

    /// A gate took the answer to its request.
    pub fn taken(order: &Order, action: &ActionId, at: Timestamp) -> Self {
        let body = Body::Taken(Taken { order: order.id.clone(), action: action.clone() });
        Self { at, about: action.to_string(), body }
    }

    /// What a source answered. `about` is the action or credential of the order.
    pub fn receipt(receipt: &Receipt, about: &str) -> Self {
        let body = Body::Receipt(Box::new(receipt.clone()));
        Self { at: receipt.at, about: about.to_owned(), body }
    }

    /// A policy came into force.
    pub fn policy(policy: PolicyId, text: Option<Untrusted>, at: Timestamp) -> Self {
        let body = Body::Policy(PolicyInForce { policy, text });
        Self { at, about: "policy".to_owned(), body }
    }

    /// A roster came into force.
    pub fn roster(roster: RosterInForce, at: Timestamp) -> Self {
        Self { at, about: "roster".to_owned(), body: Body::Roster(Box::new(roster)) }
    }

    /// Somebody did something about an action: broke the glass, took an approval back, …
    pub fn deed(body: fn(Box<Deed>) -> Body, deed: Deed, at: Timestamp) -> Self {
        Self { at, about: deed.action.to_string(), body: body(Box::new(deed)) }
    }

    /// Autonomous actions of one source that were let through.
    pub fn autonomous(source: &SourceName, batch: Vec<LetThrough>, at: Timestamp) -> Self {
        Self { at, about: source.to_string(), body: Body::Autonomous(batch) }
    }

    /// An action ended without being carried out.
    pub fn ended(action: &ActionId, because: Untrusted, at: Timestamp) -> Self {
        let body = Body::Ended(Ended { action: action.clone(), because });
        Self { at, about: action.to_string(), body }
    }

    /// The ledger itself was taken care of.
    pub fn upkeep(did: Upkeep, at: Timestamp) -> Self {
        Self { at, about: "ledger".to_owned(), body: Body::Upkeep(did) }
    }

    /// Which kind it is.
    pub const fn kind(&self) -> EntryKind {
        match &self.body {
            Body::Request(_) => EntryKind::Request,
            Body::Decision(_) => EntryKind::Decision,
            Body::Order(_) => EntryKind::Order,
            Body::Revocation(_) => EntryKind::Revocation,
            Body::Taken(_) => EntryKind::Taken,
            Body::Receipt(_) => EntryKind::Receipt,
            Body::Policy(_) => EntryKind::Policy,
            Body::Roster(_) => EntryKind::Roster,
            Body::BreakGlass(_) => EntryKind::BreakGlass,
            Body::FollowUp(_) => EntryKind::FollowUp,
            Body::Withdrawal(_) => EntryKind::Withdrawal,
            Body::Lock(_) => EntryKind::Lock,
            Body::Autonomous(_) => EntryKind::Autonomous,
            Body::Ended(_) => EntryKind::Ended,
            Body::Upkeep(_) => EntryKind::Upkeep,
        }
    }

    /// Its bytes: one line of canonical JSON, without a line break. This is what the tree hashes.
    pub fn bytes(&self) -> Result<Vec<u8>, WriteError> {
        let body = self.body.canonical()?;
        let about = serde_json_canonicalizer::to_string(&self.about)?;
        let (at, kind) = (self.at, self.kind());
        Ok(format!(
            r#"{{"about":{about},"at":"{at}","body":{body},"entry":"{ENTRY}","kind":"{kind}"}}"#
        )
        .into_bytes())
    }

    /// Reads an entry back, strictly: its bytes have to be canonical and all it needs there.
    pub fn read(bytes: &[u8]) -> Result<Self, EntryError> {
        canonical::check(bytes)?;
        Self::read_canonical(bytes)
    }

    /// Reads an entry whose bytes are known to be canonical.
    pub fn read_canonical(bytes: &[u8]) -> Result<Self, EntryError> {
        let line: Line<'_> = field("", std::str::from_utf8(bytes).unwrap_or_default())?;
        if line.entry != ENTRY {
            return Err(wrong("entry", format!("`{ENTRY}` is expected")));
        }
        let kind = EntryKind::ALL.into_iter().find(|kind| kind.word() == line.kind);
        let kind = kind.ok_or_else(|| {
            wrong("kind", "this program knows no such kind of entry; a newer one may".to_owned())
        })?;
        Ok(Self { at: line.at, about: line.about, body: Body::read(kind, line.body.get())? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    about: String,
    at: Timestamp,
    #[serde(borrow)]
    body: &'a RawValue,
    entry: String,
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestBody<'a> {
    #[serde(borrow)]
    action: &'a RawValue,
    diff: Diff,
    digest: Digest,
    opened: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RosterBody<'a> {
    digest: Digest,
    #[serde(default)]
    revoked: Option<String>,
    #[serde(borrow)]
    roster: &'a RawValue,
    #[serde(default)]
    signers: Option<Untrusted>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch<L> {
    actions: L,
}

impl Body {
    fn canonical(&self) -> Result<String, serde_json::Error> {
        use serde_json_canonicalizer::to_string;
        match self {
            Self::Request(it) => {
                let Requested { digest, action, diff, opened } = it.as_ref();
                let diff = to_string(diff)?;
                // The action goes in as it is: its bytes are what the digest names.
                Ok(format!(
                    r#"{{"action":{action},"diff":{diff},"digest":"{digest}","opened":"{opened}"}}"#
                ))
            }
            Self::Decision(it) => to_string(it),
            Self::Order(it) | Self::Revocation(it) => to_string(it),
            Self::Taken(it) => to_string(it),
            Self::Receipt(it) => to_string(it),
            Self::Policy(it) => to_string(it),
            Self::Roster(it) => {
                let RosterInForce { digest, roster, signers, revoked } = it.as_ref();
                let mut text = format!(r#"{{"digest":"{digest}""#);
                if let Some(revoked) = revoked {
                    text = format!(r#"{text},"revoked":{}"#, to_string(revoked)?);
                }
                text = format!(r#"{text},"roster":{roster}"#);
                if let Some(signers) = signers {
                    text = format!(r#"{text},"signers":{}"#, to_string(signers)?);
                }
                Ok(text + "}")
            }
            Self::BreakGlass(it) | Self::FollowUp(it) | Self::Withdrawal(it) | Self::Lock(it) => {
                to_string(it)
            }
            Self::Autonomous(actions) => to_string(&Batch { actions }),
            Self::Ended(it) => to_string(it),
            Self::Upkeep(it) => to_string(it),
        }
    }

    fn read(kind: EntryKind, text: &str) -> Result<Self, EntryError> {
        Ok(match kind {
            EntryKind::Request => {
                let body: RequestBody<'_> = field("body", text)?;
                Self::Request(Box::new(Requested {
                    digest: body.digest,
                    action: body.action.get().to_owned(),
                    diff: body.diff,
                    opened: body.opened,
                }))
            }
            EntryKind::Decision => Self::Decision(owned(text)?),
            EntryKind::Order => Self::Order(owned(text)?),
            EntryKind::Revocation => Self::Revocation(owned(text)?),
            EntryKind::Taken => Self::Taken(owned(text)?),
            EntryKind::Receipt => Self::Receipt(owned(text)?),
            EntryKind::Policy => Self::Policy(owned(text)?),
            EntryKind::Roster => {
                let body: RosterBody<'_> = field("body", text)?;
                Self::Roster(Box::new(RosterInForce {
                    digest: body.digest,
                    roster: body.roster.get().to_owned(),
                    signers: body.signers,
                    revoked: body.revoked,
                }))
            }
            EntryKind::BreakGlass => Self::BreakGlass(owned(text)?),
            EntryKind::FollowUp => Self::FollowUp(owned(text)?),
            EntryKind::Withdrawal => Self::Withdrawal(owned(text)?),
            EntryKind::Lock => Self::Lock(owned(text)?),
            EntryKind::Autonomous => Self::Autonomous(owned::<Batch<_>>(text)?.actions),
            EntryKind::Ended => Self::Ended(owned(text)?),
            EntryKind::Upkeep => Self::Upkeep(owned(text)?),
        })
    }
}

fn owned<T: DeserializeOwned>(text: &str) -> Result<T, EntryError> {
    field("body", text)
}

fn field<'a, T: Deserialize<'a>>(name: &str, text: &'a str) -> Result<T, EntryError> {
    serde_json::from_str(text).map_err(|error| {
        // Canonical JSON is one line, so the column is the byte; the words of the parser end with it.
        let mut path = canonical::path_at(text.as_bytes(), error.column().saturating_sub(1));
        let words = error.to_string();
        let why = words.split(" at line ").next().unwrap_or_default().to_owned();
        let told = ["missing field `", "unknown field `"]
            .iter()
            .find_map(|start| why.strip_prefix(start)?.split('`').next());
        if let Some(told) = told {
            // That shows where the name before is still the last one that was read.
            path.truncate(path.rfind('.').map_or(0, |dot| dot + 1));
            path.push_str(told);
        }
        let dot = if name.is_empty() || path.is_empty() { "" } else { "." };
        wrong(&format!("{name}{dot}{path}"), why)
    })
}

fn wrong(field: &str, why: String) -> EntryError {
    EntryError::Field { field: field.to_owned(), why }
}

#[cfg(test)]
mod tests;
