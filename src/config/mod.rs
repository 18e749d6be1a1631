//! Layered TOML configuration, typed and validated.
//!
//! ```text
//!   built-in defaults  ◀ /etc/countersign/config.toml ◀ ~/.config/countersign/config.toml (or --config)
//!            └────────────────────┬───────────────────────────┘
//!                                 ▼
//!                    Config, each value with its origin
//! ```

mod production;

pub use production::ProductionRules;
