//! The aws source.
