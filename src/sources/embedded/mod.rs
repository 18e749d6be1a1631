//! The embedded source.
