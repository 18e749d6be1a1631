//! What entries tell, by their kind, and how it is written down.

use super::{EntryError, EntryKind, field, owned, wrong};
use crate::domain::{
    Action, ActionId, Decision, Diff, Digest, DigestError, LetThrough, Lock, Order, OrderId,
    PolicyId, Receipt, Requirement, Ruling, SourceName, Target, Untrusted,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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
    /// Which kind of thing it is.
    pub subject: Kind,
    /// What policy said of it; none where it was not asked.
    #[serde(default)]
    pub ruling: Option<Ruling>,
}

/// What kind of thing waits, and what of it the ledger needs.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// A review that somebody owes for what went ahead by one person's word.
    FollowUp {
        /// The action that went ahead.
        of: ActionId,
    },
    /// Anything else.
    #[serde(other)]
    Other,
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
    /// Whether nobody is in any group and nobody has a key: what holds where nothing was ever said.
    pub fn says_nothing(&self) -> bool {
        self.whole().is_ok_and(|(text, _)| {
            text.groups.is_empty() && text.people.is_empty() && text.signers.is_none()
        })
    }

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
    /// Something was stopped, or let go on.
    Lock(Box<Lock>),
    /// What was let through.
    Autonomous(Vec<LetThrough>),
    /// An action ended.
    Ended(Ended),
    /// The ledger was taken care of.
    Upkeep(Upkeep),
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
    /// It as RFC 8785 JSON.
    pub(super) fn canonical(&self) -> Result<String, serde_json::Error> {
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
            Self::Lock(it) => to_string(it),
            Self::Autonomous(actions) => to_string(&Batch { actions }),
            Self::Ended(it) => to_string(it),
            Self::Upkeep(it) => to_string(it),
        }
    }

    /// Reads it back.
    pub(super) fn read(kind: EntryKind, text: &str) -> Result<Self, EntryError> {
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
            EntryKind::Decision | EntryKind::BreakGlass | EntryKind::Withdrawal => {
                let decision: Box<Decision> = owned(text)?;
                let is = EntryKind::of(decision.verdict);
                if is != kind {
                    let why = format!("a decision of that verdict is told as `{is}`");
                    return Err(wrong("body.verdict", why));
                }
                Self::Decision(decision)
            }
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
            EntryKind::Lock => Self::Lock(owned(text)?),
            EntryKind::Autonomous => Self::Autonomous(owned::<Batch<_>>(text)?.actions),
            EntryKind::Ended => Self::Ended(owned(text)?),
            EntryKind::Upkeep => Self::Upkeep(owned(text)?),
        })
    }
}
