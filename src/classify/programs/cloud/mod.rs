//! The command lines of the large clouds: `aws`, `gcloud`, `az`.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
