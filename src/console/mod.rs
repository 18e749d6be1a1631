//! The terminal user interface.

pub mod diff;
