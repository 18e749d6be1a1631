//! The nouns: what a tool, a credential, an action and a decision *are*.
//!
//! The ground floor. It does no I/O, knows no other room and holds no async code, so every
//! rule about identity and meaning can be tested with plain values.
//!
//! ```text
//!   Clue ──(catalogue)──▶ ToolMatch ──┐
//!                                     ├──▶ Holding   "this tool holds this credential"
//!   Credential ───────────────────────┘
//!   Action ──(policy)──▶ Ruling      who has to agree, or that nobody may
//!   Action ──digest──▶ Decision ──▶ Order ──▶ Receipt
//! ```
//!
//! Words are those of `ARCHITECTURE.md`: a *tool* holds a *credential*; an *action* waits for a
//! *decision*; an *order* is what a source is told to do and a *receipt* is what it answered.

mod action;
mod activity;
mod asker;
mod call;
mod credential;
mod decision;
mod digest;
mod effect;
mod environment;
mod fault;
mod finding;
mod holding;
mod id;
mod lock;
mod observation;
mod order;
mod random;
mod reach;
mod ruling;
mod statement;
mod tier;
mod untrusted;

pub use action::{
    Action, ActionState, Change, Check, CheckState, Deployed, Diff, FileChange, FileStatus, Pin,
    Review, ReviewState, Subject, Target,
};
pub use activity::{Activity, ActivityKind};
pub use asker::{Asker, Checkout, Isolation, LetThrough, Process};
pub use call::CallInput;
pub use credential::{
    Credential, CredentialKind, CredentialStatus, Fact, LastUsed, Locator, Principal,
    PrincipalKind, Protocol, SecretScope,
};
pub use decision::{Decision, Reviewer, Signed, Verdict};
pub use digest::{Digest, DigestError};
pub use effect::{
    Assessment, Class, Effect, FILES_OF_A_CHANGE, Found, Opaque, Reversibility, Span, Verb, Words,
};
pub use environment::{Environment, Place, PlaceKind, Places};
pub use fault::{FaultKind, SourceFault};
pub use finding::{Finding, Severity};
pub use holding::{Clue, ClueKind, Confidence, Evidence, Holding, Tool, ToolId, ToolMatch};
pub use id::{ActionId, CredentialId, IdError, OrderId, Part, RepoName, SourceKind, SourceName};
pub use lock::{LOCK, Lock, LockStatement, Locked, Turn};
pub use observation::{Count, Gap, Health, Observation, SourceState};
pub use order::{Call, Fate, Order, OrderKind, OrderState, Outcome, Preview, Receipt, Undo};
pub use random::{chance, nonce};
pub use reach::{
    Certainty, Few, MOST_ACTIONS, MOST_RESOURCES, MOST_SERVICES, MOST_STEPS, Power, Reach,
    ReachStep, party,
};
pub use ruling::{BreakGlass, Confirm, Leave, PolicyId, Requirement, Ruling, Signing};
pub use statement::{DECISION, Made, Statement};
pub use tier::Tier;
pub use untrusted::Untrusted;
