//! Whether a decision is what it says, by whom it says, and counts here and now.
//!
//! ```text
//!   Decision ──▶ its statement says the same ──▶ about this action, policy and roster ──▶ in time
//!            ──▶ the signature fits ──▶ key not revoked ──▶ theirs at that time ──▶ touched
//!                                                             └─▶ Vouched, or the first Doubt
//! ```
//!
//! Every layer is looked at each time. Nothing that the store says is believed: it could have been
//! written by whoever wants to pass.

use super::{
    certificate::Certificate,
    key::{Fingerprint, Flags},
    krl::Revocation,
    reviewers::Reviewers,
    signers::{Line, NotAllowed},
    sshsig::{Signature, SignatureFault, verify},
    statement::{StatementFault, read_statement},
};
use crate::domain::{ActionId, DECISION, Decision, Digest, PolicyId, Signed, Signing, Statement};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// How far a reviewer's clock may be ahead of ours, and behind the one that asked.
pub const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Marks, in `namespaces="…"` of a line of the allowed signers, a key that is kept away from agents
/// that are forwarded. No signature shows where it was made, so who keeps the list has to say it.
pub const OUT_OF_BAND: &str = "countersign-out-of-band@v1";

/// What a decision has to be about, and how it has to be made.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// On which action.
    pub action: &'a ActionId,
    /// Digest of what is there now.
    pub digest: Digest,
    /// The policy that holds; none where policy was not asked.
    pub policy: Option<PolicyId>,
    /// The digest of the roster that holds.
    pub roster: Digest,
    /// How it has to be signed.
    pub signing: Signing,
    /// Since when it could be decided: nobody decides what was not asked yet.
    pub since: Option<Timestamp>,
    /// How long after it was made a decision may count at most.
    pub longest: SignedDuration,
    /// The time, by a clock that is ours.
    pub now: Timestamp,
}

/// A decision that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vouched {
    /// By whom, as groups name them.
    pub reviewer: String,
    /// The one name of whoever has several: who counts once.
    pub person: String,
    /// With which key; none: unsigned. Two decisions with one key are one person's, too.
    pub key: Option<Fingerprint>,
    /// Whether somebody touched the key for it.
    pub touch: bool,
    /// Whether the key knew who.
    pub verified: bool,
    /// When.
    pub at: Timestamp,
    /// Until when it counts; none for what is unsigned.
    pub expires: Option<Timestamp>,
    /// What makes it one of a kind; empty for what is unsigned.
    pub nonce: String,
}

/// How a signature is too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// The key is no security key.
    #[error(
        "policy asks for a security key that is touched (`ssh-keygen -t ed25519-sk`), and this key is \
         in software"
    )]
    Software,
    /// Nobody touched it.
    #[error(
        "the security key was not touched for this signature; sign again with one made without \
         no-touch-required, and touch it"
    )]
    Touch,
    /// It did not know who touched it.
    #[error(
        "the security key did not ask who was there; sign with one that asks for a PIN or a finger \
         (`ssh-keygen -t ed25519-sk -O verify-required`)"
    )]
    Verified,
}

/// Why a decision does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Nobody signed it.
    #[error(
        "the decision is not signed, and here only signed ones count: anybody who can write to the \
         store could have made it. Decide again with a key in your ssh-agent"
    )]
    Unsigned,
    /// It is signed or has to be, and nobody says whose keys count.
    #[error(
        "policy asks for signed decisions, and no file of signers says whose count: set `[trust] \
         signers`"
    )]
    NoSigners,
    /// What was signed is no decision.
    #[error(transparent)]
    Statement(#[from] StatementFault),
    /// What was signed says something else than the store.
    #[error(
        "the store says something else than what was signed ({0}): the store was changed. Do not carry \
         this out; find out who wrote to it"
    )]
    Differs(&'static str),
    /// It is about another action.
    #[error(
        "the decision is about another action; it was copied here. Find out who wrote to the store"
    )]
    OtherAction,
    /// It is about something that looked otherwise.
    #[error("what was decided on is not what is there now; look at it again and decide again")]
    OtherContent,
    /// It was given under another policy.
    #[error("the policy has changed since it was decided; look at it again and decide again")]
    OtherPolicy,
    /// It was given under another roster.
    #[error(
        "the reviewers, their keys or groups have changed since it was decided; look at it again and \
         decide again"
    )]
    OtherRoster,
    /// It was made later than now.
    #[error(
        "the decision is from {at}, which has not come yet: a clock is wrong by more than {} minutes. \
         Set the clock of the reviewer's machine, or of this one",
        SKEW.as_mins()
    )]
    Future {
        /// When it says to be made.
        at: Timestamp,
    },
    /// It was made before anybody asked.
    #[error(
        "the decision is from {at} and what it is on was asked only at {since}: a clock is wrong, or it \
         was made for something else"
    )]
    Early {
        /// When it says to be made.
        at: Timestamp,
        /// When it was asked.
        since: Timestamp,
    },
    /// It counts no more.
    #[error("the decision counted until {0}; decide again")]
    Expired(Timestamp),
    /// It wants to count longer than it may.
    #[error(
        "the decision says to count until {expires}, longer than policy lets one; decide again with \
         this version"
    )]
    TooLong {
        /// Until when it says to count.
        expires: Timestamp,
    },
    /// The signature is none, or not one over this.
    #[error("the decision's signature does not hold: {0}")]
    Signature(#[from] SignatureFault),
    /// Its key counts no more.
    #[error(
        "{0}. Whoever signed has to make a new key, have it added to the allowed signers, and decide \
         again"
    )]
    Revoked(Revocation),
    /// The key is not this person's, not for this, or not at that time.
    #[error("the decision does not count as signed by its reviewer: {0}")]
    NotAllowed(#[from] NotAllowed),
    /// The signature is too little.
    #[error(transparent)]
    Lack(#[from] Lack),
    /// The key may be one that a hostile host can use.
    #[error(
        "policy asks for a decision signed on the reviewer's own machine: `countersign request export`, \
         sign there, `countersign request import`. Line {line} of the allowed signers does not say that \
         this key is kept away from forwarded agents; where it is, add {OUT_OF_BAND} to its namespaces"
    )]
    NotOutOfBand {
        /// The line of the key.
        line: usize,
    },
}

/// Looks at every layer of a decision. Without reviewers nobody has keys yet, and only what needs no
/// signature counts; with them only what is signed.
pub fn vouch(
    decision: &Decision,
    on: &Demand<'_>,
    reviewers: Option<&Reviewers>,
) -> Result<Vouched, Doubt> {
    let Some(reviewers) = reviewers else { return unsigned(decision, on) };
    let signed = decision.signed.as_ref().ok_or(Doubt::Unsigned)?;
    let statement = read_statement(&signed.statement)?;
    same(decision, &statement)?;
    about(decision, on)?;
    under(&statement, on)?;
    in_time(&statement, on)?;
    let (signature, line) = by_reviewer(signed, &statement, reviewers)?;
    enough(on.signing, &signature)?;
    if on.signing == Signing::OutOfBand && !is_kept_away(line) {
        return Err(Doubt::NotOutOfBand { line: line.number });
    }
    let reviewer = statement.reviewer.0.raw().to_owned();
    let flags = signature.flags.unwrap_or(Flags { touch: false, verified: false, counter: 0 });
    Ok(Vouched {
        person: reviewers.signers.person(&reviewer).to_owned(),
        reviewer,
        key: Some(signature.by.fingerprint()),
        touch: flags.touch,
        verified: flags.verified,
        at: statement.at,
        expires: Some(statement.expires),
        nonce: statement.nonce,
    })
}

/// Whether a signature is as strong as policy, and its own certificate, ask.
pub(super) fn enough(signing: Signing, signature: &Signature) -> Result<(), Lack> {
    let certificate = signature.by.certificate();
    let needs_verified =
        signing >= Signing::Verified || certificate.is_some_and(Certificate::needs_verified);
    if signing < Signing::Touch && !needs_verified {
        return Ok(());
    }
    match signature.flags {
        None => Err(Lack::Software),
        Some(Flags { touch: false, .. }) if signing >= Signing::Touch => Err(Lack::Touch),
        Some(Flags { verified: false, .. }) if needs_verified => Err(Lack::Verified),
        Some(_) => Ok(()),
    }
}

/// As long as nobody has a key: by whoever the store says.
fn unsigned(decision: &Decision, on: &Demand<'_>) -> Result<Vouched, Doubt> {
    if on.signing > Signing::Unsigned {
        return Err(Doubt::NoSigners);
    }
    about(decision, on)?;
    if decision.at > on.now.saturating_add(SKEW).unwrap_or(Timestamp::MAX) {
        return Err(Doubt::Future { at: decision.at });
    }
    let reviewer = decision.reviewer.0.raw().to_owned();
    Ok(Vouched {
        person: reviewer.clone(),
        reviewer,
        key: None,
        touch: false,
        verified: false,
        at: decision.at,
        expires: None,
        nonce: String::new(),
    })
}

/// What the store says is what was signed, in every field.
pub(super) fn same(decision: &Decision, statement: &Statement) -> Result<(), Doubt> {
    let fields = [
        ("the action", decision.action == statement.action),
        ("what was shown", decision.digest == statement.digest),
        ("approve or reject", decision.verdict == statement.verdict),
        ("the reviewer", decision.reviewer == statement.reviewer),
        ("the reason", decision.reason == statement.reason),
        ("the time", decision.at == statement.at),
    ];
    match fields.into_iter().find(|(_, is_same)| !is_same) {
        Some((field, _)) => Err(Doubt::Differs(field)),
        None => Ok(()),
    }
}

fn about(decision: &Decision, on: &Demand<'_>) -> Result<(), Doubt> {
    if decision.action != *on.action {
        return Err(Doubt::OtherAction);
    }
    if decision.digest != on.digest {
        return Err(Doubt::OtherContent);
    }
    Ok(())
}

fn under(statement: &Statement, on: &Demand<'_>) -> Result<(), Doubt> {
    if statement.policy != on.policy {
        return Err(Doubt::OtherPolicy);
    }
    if statement.roster != on.roster {
        return Err(Doubt::OtherRoster);
    }
    Ok(())
}

/// The times are the signer's own words: what bounds them is ours.
fn in_time(statement: &Statement, on: &Demand<'_>) -> Result<(), Doubt> {
    let (at, expires) = (statement.at, statement.expires);
    let later = |time: Timestamp, by| time.saturating_add(by).unwrap_or(Timestamp::MAX);
    if at > later(on.now, SKEW) {
        return Err(Doubt::Future { at });
    }
    if let Some(since) = on.since.filter(|since| later(at, SKEW) < *since) {
        return Err(Doubt::Early { at, since });
    }
    if on.now > expires {
        return Err(Doubt::Expired(expires));
    }
    if expires > later(at, on.longest) {
        return Err(Doubt::TooLong { expires });
    }
    Ok(())
}

/// The signature fits, by a key that was theirs then and is not revoked now.
fn by_reviewer<'a>(
    signed: &Signed,
    statement: &Statement,
    reviewers: &'a Reviewers,
) -> Result<(Signature, &'a Line), Doubt> {
    let signature = verify(&signed.signature, DECISION, signed.statement.as_bytes())?;
    if let Some(why) = reviewers.revoked.why(&signature.by) {
        return Err(Doubt::Revoked(why));
    }
    let who = statement.reviewer.0.raw();
    let line = reviewers.signers.allows(&signature.by, who, DECISION, statement.at)?;
    Ok((signature, line))
}

/// Said in so many words: a `*` says it of no key.
fn is_kept_away(line: &Line) -> bool {
    let written = line.namespaces.as_ref().map(super::signers::Patterns::written);
    written.is_some_and(|list| list.split(',').any(|one| one == OUT_OF_BAND))
}

#[cfg(test)]
mod tests;
