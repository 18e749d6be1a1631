//! Programs that send a request: `curl`, `wget`, `http`.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
