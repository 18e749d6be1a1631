//! Layered TOML configuration, typed and validated.
//!
//! ```text
//!  defaults ◀── /etc/countersign/config.toml ◀── ~/.config/countersign/config.toml (or --config)
//!                        │
//!      document (text, lines) ─▶ read (against schema, shape) ─▶ layer (merge) ─▶ load
//!                        │                                                         │
//!                        ▼                                                         ▼
//!            problem: every fault at once,                        Loaded: Config, and for each
//!            with file, line, column, excerpt                     value where it came from
//! ```
//!
//! How layers combine: a key of a section (`[store]`, `[production]`, `[poll]`, `[ui]`,
//! `[policy]`, `[groups]`, `[groups_from]`, `[gate]`, `[watch]`, `[catalogue]`) replaces the same key of the layer below, lists as a whole. An entry of a list
//! of sections (`[[aws]]`, `[[github]]`, `[[snapshot]]`, `[[notify]]`) is added to those of the layer below, or
//! takes the place, as a whole, of the one with the same name. Two entries with one name in one
//! file are an error. With `--config FILE`, FILE is read instead of the user's own file; the
//! system's file still lies below it.

mod check;
pub(crate) mod document;
mod effective;
mod freeze;
mod hints;
mod init;
mod layer;
mod load;
mod locations;
mod model;
pub(crate) mod nearest;
pub(crate) mod problem;
mod production;
mod read;
mod schema;
pub(crate) mod secret;
mod shape;
mod show;
mod span;

pub use check::{CheckReport, check};
pub use effective::{Origin, Setting};
pub use freeze::Frozen;
pub use init::{InitError, Initialised, init, starter_file};
pub use load::{FileRead, FileRole, Loaded, load};
pub use locations::Locations;
pub use model::{
    Address, AwsAccount, CatalogueSettings, Config, GateSettings, GithubSettings, GroupFrom,
    NotifySettings, PolicySettings, PollSettings, SnapshotFiles, StoreSettings, TokenFrom,
    TrustSettings, UiSettings, WatchSettings,
};
pub use problem::{ConfigError, Place, Problem};
pub use production::{ProductionRules, covers, says_production};
pub use shape::EVENTS;
pub use show::{Shown, show};
