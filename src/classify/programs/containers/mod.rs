//! Clusters and containers: `kubectl`, `helm`, `docker`.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
