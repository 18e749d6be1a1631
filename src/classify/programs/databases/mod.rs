//! Database clients and brokers: `psql`, `redis-cli`, `kafka-topics`.

mod brokers;
mod client;
mod documents;
mod engines;
mod mysql;
mod oracle;
mod postgres;
mod psql;
mod queues;
mod redis;
mod script;
mod sqlite;

use super::Program;

/// Each file's programs.
const PARTS: &[&[Program]] = &[
    &[psql::PSQL, redis::REDIS, sqlite::SQLITE],
    mysql::PROGRAMS,
    postgres::TOOLS,
    engines::ENGINES,
    documents::DOCUMENTS,
    brokers::BROKERS,
    brokers::KAFKA,
    oracle::ORACLE,
    queues::QUEUES,
];

const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
};

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &{
    let mut all = [psql::PSQL; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut program = 0;
        while program < PARTS[part].len() {
            all[at] = PARTS[part][program];
            at += 1;
            program += 1;
        }
        part += 1;
    }
    all
};
