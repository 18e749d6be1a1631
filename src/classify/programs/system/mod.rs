//! The programs of the system itself: files, texts, services, packages.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
