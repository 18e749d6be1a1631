//! Whether somebody's word to lock or unlock is theirs.
//!
//! ```text
//!   Lock ─▶ its statement says the same ─▶ recent ─▶ the signature fits ─▶ not revoked ─▶ theirs
//! ```

use super::{Reviewers, StatementFault, verify, vouch::Doubt};
use crate::domain::{DECISION, LOCK, Lock, LockStatement};
use jiff::{SignedDuration, Timestamp};

/// How long after it was signed it can be given, and how far clocks may differ.
const RECENT: SignedDuration = SignedDuration::from_mins(5);

/// Looks at every layer of a lock or unlock. Without reviewers nobody has keys, and a name is all
/// there is.
pub fn vouch_turn(lock: &Lock, reviewers: Option<&Reviewers>, now: Timestamp) -> Result<(), Doubt> {
    let Some(reviewers) = reviewers else { return Ok(()) };
    let signed = lock.signed.as_ref().ok_or(Doubt::Unsigned)?;
    let statement: LockStatement = serde_json::from_str(&signed.statement)
        .map_err(|wrong| StatementFault::Form(wrong.to_string()))?;
    if statement.format != LOCK {
        return Err(StatementFault::Format.into());
    }
    if statement.canonical().ok().as_deref() != Some(&signed.statement) {
        return Err(StatementFault::NotCanonical.into());
    }
    if !statement.says(lock) {
        return Err(Doubt::Differs("what is locked, by whom, or why"));
    }
    if statement.at.duration_since(now) > RECENT {
        return Err(Doubt::Future { at: statement.at });
    }
    if now.duration_since(statement.at) > RECENT {
        return Err(Doubt::Expired(statement.at.saturating_add(RECENT).unwrap_or(Timestamp::MAX)));
    }
    let signature = verify(&signed.signature, DECISION, signed.statement.as_bytes())?;
    if let Some(why) = reviewers.revoked.why(&signature.by) {
        return Err(Doubt::Revoked(why));
    }
    let who = lock.reviewer.0.raw();
    reviewers.signers.allows(&signature.by, who, DECISION, statement.at)?;
    Ok(())
}
