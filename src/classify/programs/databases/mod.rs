//! Database clients and brokers: `psql`, `redis-cli`, `kafka-topics`.

mod client;
mod psql;
mod script;

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[psql::PSQL];
