//! Repositories, builds and package registries.

mod checks;
mod forge;
mod git;
mod goals;
mod languages;
mod node;
mod notebooks;
mod python;
mod rust;
mod scripts;
mod versions;

use super::{Program, count, join};

const PARTS: &[&[Program]] = &[
    checks::PROGRAMS,
    forge::PROGRAMS,
    languages::PROGRAMS,
    git::PROGRAMS,
    goals::PROGRAMS,
    node::PROGRAMS,
    notebooks::PROGRAMS,
    python::PROGRAMS,
    rust::PROGRAMS,
    scripts::PROGRAMS,
    versions::PROGRAMS,
];

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &join::<{ count(PARTS) }>(PARTS);
