//! Repositories, builds and package registries.

mod forge;
mod git;

use super::{Program, count, join};

const PARTS: &[&[Program]] = &[forge::PROGRAMS, git::PROGRAMS];

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &join::<{ count(PARTS) }>(PARTS);
