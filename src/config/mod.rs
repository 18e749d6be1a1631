//! Layered TOML configuration, typed and validated.
//!
//! ```text
//!   built-in defaults  ◀ /etc/countersign/config.toml ◀ ~/.config/countersign/config.toml (or --config)
//!            └────────────────────┬───────────────────────────┘
//!                                 ▼
//!                    Config, each value with its origin
//! ```

mod model;
mod production;

pub use model::{
    AwsAccount, CatalogueSettings, Config, GithubSettings, PollSettings, SnapshotFiles,
    StoreSettings, TokenFrom, UiSettings,
};
pub use production::ProductionRules;
