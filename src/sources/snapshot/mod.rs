//! The snapshot source.
