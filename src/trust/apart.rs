//! Decisions made on a reviewer's own machine: the request that is carried there, and the answer
//! that is carried back.
//!
//! ```text
//!   desk: Action ─▶ Exported ─ file ─▶ own machine: is it whole? ─▶ shown, judged, signed
//!   desk: queue  ◀─ vouched  ◀─ file ◀─ Answer { statement, signature }
//! ```
//!
//! A hostile desk can show one thing and have another signed. What is read here is therefore held
//! against itself: the digest that is signed is worked out from the very action that is shown.

use super::{LONGEST_ARMOUR, LONGEST_STATEMENT, StatementFault, read_statement};
use crate::domain::{
    Action, DECISION, Decision, Digest, DigestError, Made, PolicyId, Requirement, Reviewer, Ruling,
    Signed, Statement, Untrusted, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The format of a request that is carried away.
pub const REQUEST: &str = "countersign-request@v1";
/// The format of an answer that is carried back.
pub const ANSWER: &str = "countersign-answer@v1";
/// Longest request that is read, in bytes: an action with a large diff is the most of it.
pub const LONGEST_REQUEST: usize = 64 << 20;
/// Longest answer that is read, in bytes.
pub const LONGEST_ANSWER: usize = 2 * (LONGEST_STATEMENT + LONGEST_ARMOUR);

/// Why a file cannot be used. Whoever tells it names the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApartFault {
    /// It is longer than any is.
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    /// It is no JSON of this form.
    #[error("it is damaged, or of another kind: {0}")]
    Form(String),
    /// It is of another format.
    #[error("`format` is not {0}; was it made by another version, or for something else?")]
    Format(&'static str),
    /// It could be written in another way, so it may say more than it shows.
    #[error("`{field}` is not as this program writes it: the file was changed after it was made")]
    NotCanonical {
        /// Where.
        field: String,
    },
    /// A field does not follow from the action, as it does where nobody changed the file.
    #[error(
        "`{field}` does not fit the action in the file: one of them was altered. Export it anew"
    )]
    Altered {
        /// Which.
        field: &'static str,
    },
    /// Its time is over.
    #[error("`expires`: it waited until {0:.0} and can be answered no more")]
    Expired(Timestamp),
    /// The action has no digest.
    #[error("`action` cannot be named by a digest: {0}")]
    NoDigest(String),
    /// What was signed is no decision.
    #[error("`statement`: {0}")]
    Statement(#[from] StatementFault),
    /// It was made in another way.
    #[error(
        "`statement`: it says it was made at the queue, not on the reviewer's own machine; sign the \
         request with `countersign sign`"
    )]
    MadeHere,
}

/// A statement without what only whoever signs it can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skeleton {
    /// [`DECISION`].
    pub format: String,
    /// On what.
    pub action: crate::domain::ActionId,
    /// Of exactly what is shown.
    pub digest: Digest,
    /// Which way.
    pub verdict: Verdict,
    /// The policy it is given under.
    pub policy: Option<PolicyId>,
    /// The reviewers it is given under.
    pub roster: Digest,
    /// [`Made::OwnMachine`].
    pub made: Made,
}

/// Both ways it can be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skeletons {
    /// To let it go ahead.
    pub approve: Skeleton,
    /// To stop it.
    pub reject: Skeleton,
}

/// A request as it is carried to a reviewer's own machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// [`REQUEST`].
    pub format: String,
    /// What waits, whole.
    pub action: Action,
    /// Its digest.
    pub digest: Digest,
    /// Who has to agree.
    pub requirement: Requirement,
    /// The policy that asks for them.
    pub policy: Option<PolicyId>,
    /// The reviewers it is asked under.
    pub roster: Digest,
    /// For whom it was exported, by the desk's word.
    pub reviewer: Reviewer,
    /// Until when it can be answered.
    pub expires: Timestamp,
    /// What can be said to it.
    pub statements: Skeletons,
}

fn asked(action: &Action) -> &Requirement {
    static ONE_APPROVAL: Requirement = Requirement::ONE_APPROVAL;
    action.ruling.as_ref().and_then(Ruling::requirement).unwrap_or(&ONE_APPROVAL)
}

fn skeleton(action: &Action, digest: Digest, verdict: Verdict, roster: Digest) -> Skeleton {
    Skeleton {
        format: DECISION.to_owned(),
        action: action.id.clone(),
        digest,
        verdict,
        policy: action.ruling.as_ref().map(|ruling| ruling.policy),
        roster,
        made: Made::OwnMachine,
    }
}

impl Exported {
    /// A request to be carried away.
    pub fn of(
        action: Action,
        roster: Digest,
        reviewer: Reviewer,
        expires: Timestamp,
    ) -> Result<Self, DigestError> {
        let digest = action.digest()?;
        Ok(Self {
            format: REQUEST.to_owned(),
            digest,
            requirement: asked(&action).clone(),
            policy: action.ruling.as_ref().map(|ruling| ruling.policy),
            roster,
            reviewer,
            expires,
            statements: Skeletons {
                approve: skeleton(&action, digest, Verdict::Approve, roster),
                reject: skeleton(&action, digest, Verdict::Reject, roster),
            },
            action,
        })
    }

    /// Its file: RFC 8785 JSON and a line end.
    pub fn file(&self) -> Result<String, serde_json::Error> {
        serde_json_canonicalizer::to_string(self).map(|text| text + "\n")
    }

    /// Reads a file and holds it against itself. What it says of policy and roster only the desk can
    /// check, and does.
    pub fn read(text: &str, now: Timestamp) -> Result<Self, ApartFault> {
        let read: Self = strictly(text, LONGEST_REQUEST, REQUEST)?;
        let digest = read.action.digest().map_err(|why| ApartFault::NoDigest(why.to_string()))?;
        let fits = [
            ("digest", read.digest == digest),
            ("action.id", read.action.id == read.action.subject.id(&read.action.source)),
            ("requirement", read.requirement == *asked(&read.action)),
            ("policy", read.policy == read.action.ruling.as_ref().map(|ruling| ruling.policy)),
            (
                "statements.approve",
                read.statements.approve
                    == skeleton(&read.action, digest, Verdict::Approve, read.roster),
            ),
            (
                "statements.reject",
                read.statements.reject
                    == skeleton(&read.action, digest, Verdict::Reject, read.roster),
            ),
        ];
        if let Some((field, _)) = fits.into_iter().find(|(_, fits)| !fits) {
            return Err(ApartFault::Altered { field });
        }
        if read.expires <= now {
            return Err(ApartFault::Expired(read.expires));
        }
        Ok(read)
    }

    /// What a reviewer signs to answer it so.
    pub fn statement(
        &self,
        verdict: Verdict,
        reviewer: Reviewer,
        reason: Untrusted,
        at: Timestamp,
    ) -> Result<Statement, getrandom::Error> {
        let waits = SignedDuration::try_from(self.requirement.lifetime());
        let counts = at.saturating_add(waits.unwrap_or(SignedDuration::MAX));
        let decision = Decision {
            action: self.action.id.clone(),
            digest: self.digest,
            verdict,
            reviewer,
            reason,
            at,
            signed: None,
        };
        let expires = counts.unwrap_or(Timestamp::MAX);
        let mut statement = super::state(&decision, self.policy, self.roster, expires)?;
        statement.made = Made::OwnMachine;
        Ok(statement)
    }
}

/// A signed decision as it is carried back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// [`ANSWER`].
    pub format: String,
    /// The very text that was signed.
    pub statement: String,
    /// The armoured signature over it.
    pub signature: String,
}

impl Answer {
    /// An answer with its signature.
    pub fn of(signed: Signed) -> Self {
        Self { format: ANSWER.to_owned(), statement: signed.statement, signature: signed.signature }
    }

    /// Its file: RFC 8785 JSON and a line end.
    pub fn file(&self) -> Result<String, serde_json::Error> {
        serde_json_canonicalizer::to_string(self).map(|text| text + "\n")
    }

    /// Reads a file.
    pub fn read(text: &str) -> Result<Self, ApartFault> {
        strictly(text, LONGEST_ANSWER, ANSWER)
    }

    /// The decision it claims to be. Nothing of it is proved yet but that it is one.
    pub fn decision(self) -> Result<Decision, ApartFault> {
        let Statement { action, digest, verdict, reviewer, reason, at, made, .. } =
            read_statement(&self.statement)?;
        if made != Made::OwnMachine {
            return Err(ApartFault::MadeHere);
        }
        let signed = Some(Signed { statement: self.statement, signature: self.signature });
        Ok(Decision { action, digest, verdict, reviewer, reason, at, signed })
    }
}

/// Reads a file in its one form.
fn strictly<T>(text: &str, longest: usize, format: &'static str) -> Result<T, ApartFault>
where
    T: Serialize + for<'de> Deserialize<'de>,
{
    if text.len() > longest {
        return Err(ApartFault::TooLong(longest));
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    let whole: Value =
        serde_json::from_str(text).map_err(|wrong| ApartFault::Form(wrong.to_string()))?;
    if whole.get("format").and_then(Value::as_str) != Some(format) {
        return Err(ApartFault::Format(format));
    }
    let read: T =
        serde_json::from_str(text).map_err(|wrong| ApartFault::Form(wrong.to_string()))?;
    let again = serde_json_canonicalizer::to_string(&read)
        .map_err(|wrong| ApartFault::Form(wrong.to_string()))?;
    if again != text {
        let again = serde_json::from_str(&again).unwrap_or(Value::Null);
        let field = differs(&whole, &again, "").unwrap_or_else(|| "the order of fields".to_owned());
        return Err(ApartFault::NotCanonical { field });
    }
    Ok(read)
}

/// Where two values differ first, as a path.
fn differs(one: &Value, other: &Value, at: &str) -> Option<String> {
    let inside = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.keys().chain(other.keys()).find_map(|key| match (one.get(key), other.get(key)) {
                (Some(one), Some(other)) => differs(one, other, &inside(key)),
                _ => Some(inside(key)),
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .enumerate()
            .find_map(|(index, (one, other))| differs(one, other, &inside(&index.to_string()))),
        _ if one == other => None,
        _ => Some(if at.is_empty() { "the whole".to_owned() } else { at.to_owned() }),
    }
}

#[cfg(test)]
#[path = "apart_tests.rs"]
mod tests;
