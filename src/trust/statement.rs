//! The text a reviewer signs: written from a decision, and read back without trusting it.

use crate::domain::{DECISION, Decision, Digest, Made, PolicyId, Statement, nonce};
use jiff::Timestamp;

/// Longest statement that is read, in bytes. A reason is its only part of any length.
pub const LONGEST_STATEMENT: usize = 64 * 1024;

/// Why a text is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    /// It is longer than any is.
    #[error("the signed text is longer than {LONGEST_STATEMENT} bytes")]
    TooLong,
    /// It is not in the form of one.
    #[error("the signed text is not a decision of this program: {0}")]
    Form(String),
    /// It is of another format.
    #[error("the signed text is not of the format {DECISION}; was it made by another version?")]
    Format,
    /// The same could be written in another way.
    #[error(
        "the signed text is not in canonical form (RFC 8785), so it may show other than it says"
    )]
    NotCanonical,
    /// Its nonce is none.
    #[error("the signed text has no nonce of 32 hex digits, so it could be told twice")]
    Nonce,
}

/// What a reviewer is to sign for this decision: under which policy and roster, and until when it
/// counts.
pub fn state(
    decision: &Decision,
    policy: Option<PolicyId>,
    roster: Digest,
    expires: Timestamp,
) -> Result<Statement, getrandom::Error> {
    let nonce = nonce()?;
    Ok(Statement {
        format: DECISION.to_owned(),
        action: decision.action.clone(),
        digest: decision.digest,
        verdict: decision.verdict,
        reason: decision.reason.clone(),
        reviewer: decision.reviewer.clone(),
        at: decision.at,
        nonce,
        policy,
        roster,
        expires,
        made: Made::Desk,
    })
}

/// Reads a statement, which has one form only.
pub fn read_statement(text: &str) -> Result<Statement, StatementFault> {
    if text.len() > LONGEST_STATEMENT {
        return Err(StatementFault::TooLong);
    }
    let statement: Statement =
        serde_json::from_str(text).map_err(|wrong| StatementFault::Form(wrong.to_string()))?;
    if statement.format != DECISION {
        return Err(StatementFault::Format);
    }
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if statement.nonce.len() != 32 || !statement.nonce.bytes().all(hex) {
        return Err(StatementFault::Nonce);
    }
    match statement.canonical() {
        Ok(canonical) if canonical == text => Ok(statement),
        _ => Err(StatementFault::NotCanonical),
    }
}
