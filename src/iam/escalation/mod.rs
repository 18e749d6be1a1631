//! The catalogue of escalations: which actions together give which other principal's power.
//!
//! Its data is `data/escalation.toml`.
