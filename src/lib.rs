//! Countersign: the second key for AI agents in production.
//!
//! It shows which AI tools hold production credentials, holds every AI-initiated production
//! action until a person has agreed to exactly what was shown, and takes credentials away again.
//!
//! ```text
//!  sources ──▶ domain ──▶ policy ──▶ store + ledger ──▶ console / cli / report
//!     ▲    (iam, classify,     ▲                            │
//!     │     catalogue add      │                            ▼ a decision
//!     └──── meaning)       gate (agents)  ◀── review: agreed? then carry out
//! ```
//!
//! `ARCHITECTURE.md` says what each room is for and which may know which.

pub mod catalogue;
pub mod classify;
pub mod cli;
pub mod config;
pub mod console;
pub mod domain;
pub mod gate;
pub mod iam;
pub mod ledger;
pub mod policy;
pub mod report;
pub mod review;
pub mod sources;
pub mod store;
pub mod text;
pub mod trust;
pub mod watch;
