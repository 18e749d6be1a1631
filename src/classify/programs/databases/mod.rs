//! Database clients and brokers: `psql`, `redis-cli`, `kafka-topics`.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
