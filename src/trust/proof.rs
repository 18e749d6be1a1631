//! What a decision says of itself, whether or not it counts: for whoever reads old ones.
//!
//! ```text
//!   Decision ─▶ signed? ─▶ signature fits, and says the same ─▶ Proof: unsigned, broken, by this key
//! ```

use super::{
    key::{Fingerprint, Flags},
    statement::read_statement,
    verify,
    vouch::same,
};
use crate::domain::{DECISION, Decision};
use std::fmt;

/// What proves whose decision it is. Whether that key was theirs then, and whether the decision
/// counted, only [`vouch`](super::vouch()) under the roster of the time can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Nothing: whoever can write to the store can have written it.
    Unsigned,
    /// There is a signature, and it does not hold; why.
    Broken(String),
    /// This key signed exactly this.
    Signed {
        /// The key.
        key: Fingerprint,
        /// How it was used, of a security key.
        flags: Option<Flags>,
    },
}

impl Proof {
    /// Of a decision.
    pub fn of(decision: &Decision) -> Self {
        let Some(signed) = &decision.signed else { return Self::Unsigned };
        let text = &signed.statement;
        let holds = match verify(&signed.signature, DECISION, text.as_bytes()) {
            Ok(signature) => signature,
            Err(fault) => return Self::Broken(fault.to_string()),
        };
        let statement = match read_statement(text) {
            Ok(statement) => statement,
            Err(fault) => return Self::Broken(fault.to_string()),
        };
        match same(decision, &statement) {
            Ok(()) => Self::Signed { key: holds.by.fingerprint(), flags: holds.flags },
            Err(doubt) => Self::Broken(doubt.to_string()),
        }
    }

    /// Whether a key proves it.
    pub const fn is_signed(&self) -> bool {
        matches!(self, Self::Signed { .. })
    }
}

/// `unsigned`, `signed with SHA256:…`, `touched`.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => f.write_str("unsigned"),
            Self::Broken(_) => f.write_str("its signature does not hold"),
            Self::Signed { key, flags } => {
                write!(f, "signed with {key}")?;
                match flags {
                    Some(flags) if flags.verified => f.write_str(", touched, with a PIN or finger"),
                    Some(flags) if flags.touch => f.write_str(", touched"),
                    Some(_) => f.write_str(", not touched"),
                    None => Ok(()),
                }
            }
        }
    }
}
