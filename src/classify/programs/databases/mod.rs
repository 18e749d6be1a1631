//! Database clients and brokers: `psql`, `redis-cli`, `kafka-topics`.

mod client;
mod mysql;
mod psql;
mod redis;
mod script;
mod sqlite;

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    psql::PSQL,
    mysql::MYSQL,
    mysql::DUMP,
    mysql::ADMIN,
    mysql::IMPORT,
    mysql::CHECK,
    mysql::LOOK,
    mysql::ONLINE,
    redis::REDIS,
    sqlite::SQLITE,
];
