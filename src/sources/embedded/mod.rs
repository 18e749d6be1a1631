//! A small company to look at and to act on, with no account and no network.
//!
//! Larkspur Freight exists nowhere but in `data/demo/`. Its recorded AWS accounts and GitHub
//! organisation are written into one directory when the demo starts; several sources read that
//! directory, and what a reviewer orders is carried out on the files in it, so a decision can be
//! seen in the next poll like anywhere else.
//!
//! ```text
//!   data/demo/*.json ──World::create──▶ directory ──▶ EmbeddedAccount ──┐
//!   (times count back                    one file a    EmbeddedForge  ──┴─▶ Observation
//!    from the start)                     system, each        │
//!                                        replaced whole ◀────┘ carry_out
//! ```
//!
//! Every answer says that it comes from the demo world; nothing here talks to anything outside
//! its directory.

mod access;
mod account;
mod calls;
mod diff;
mod faulty;
mod forge;
mod github;
mod pulls;
mod when;
mod world;

pub use account::EmbeddedAccount;
pub use faulty::LosesAccess;
pub use github::EmbeddedForge;
pub use world::World;
