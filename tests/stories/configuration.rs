//! Finding, layering and checking the configuration.
