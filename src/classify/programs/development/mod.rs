//! Repositories, builds and package registries.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
