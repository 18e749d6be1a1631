//! Infrastructure as code, configuration and secrets: `terraform`, `pulumi`, `ansible`, `vault`.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
