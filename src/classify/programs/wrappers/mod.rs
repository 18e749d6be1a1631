//! Programs that run another program, and languages that take a program as an argument.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
