//! Who may decide, who signed, and when enough of them have.
//!
//! ```text
//!   armour ──sshsig──▶ Signature { by: Key, flags }     key, certificate: which keys count at all
//!   allowed_signers, revocation list, groups, people ─▶ Roster ◀─now()─ LiveRoster
//!   Matter + decisions + Roster ──▶ quorum::stand ──▶ Standing: met, or who is missing, what is void
//!                       with one person's eyes ──▶ Outlook: may they, and would it decide
//!   Statement ──Pen──▶ agent ──▶ Signed
//! ```
//!
//! Bytes from outside are read by `wire` and believed only after their signature was checked. Where
//! no keys are set up, decisions are unsigned, and every place that shows one says so.

mod agent;
mod certificate;
mod duty;
mod file;
mod key;
mod keys;
mod krl;
mod live;
mod outlook;
mod pen;
mod proof;
mod quorum;
mod reviewers;
mod roster;
mod sign;
mod signers;
mod sshsig;
mod statement;
mod vouch;
pub mod wire;

#[cfg(test)]
#[path = "../../tests/stories/signing/fake_agent.rs"]
mod fake_agent;
#[cfg(test)]
mod fuzzing;
#[cfg(test)]
#[path = "../../tests/stories/signing/soft.rs"]
mod soft;

pub use agent::{Agent, AgentFault, Identities, Identity, Step};
pub use certificate::{Certificate, CertificateFault, Validity};
pub use duty::{Duty, DutyFault, OnDuty};
pub use file::{FileFault, LONGEST_FILE};
pub use key::{
    BlobFault, Fingerprint, Flags, KeyFault, KeyKind, LONGEST_KEY, NotAFingerprint, PublicKey,
};
pub use keys::{Keys, Objection};
pub use krl::{Revocation, Revoked, RevokedFault};
pub use live::LiveRoster;
pub use outlook::{Asked, Barrier, Outlook, Yours};
pub use pen::{Hand, Pen, PenError};
pub use proof::Proof;
pub use quorum::{Matter, Missing, Standing, Void, stand};
pub use reviewers::{Reviewers, roster};
pub use roster::{Account, Roster};
pub use sign::{KeyChoice, SignFault, sign};
pub use signers::{
    Line, LineFault, NotATime, NotAllowed, PatternFault, Patterns, Signers, SignersFault,
    SignersFaults,
};
pub use sshsig::{
    Key, LONGEST_ARMOUR, Signature, SignatureFault, Sshsig, armour, signed_data, verify,
};
pub use statement::{LONGEST_STATEMENT, StatementFault, read_statement, state};
pub use vouch::{Demand, Doubt, Lack, OUT_OF_BAND, SKEW, Vouched, vouch};
