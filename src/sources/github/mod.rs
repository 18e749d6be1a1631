//! The github source.
