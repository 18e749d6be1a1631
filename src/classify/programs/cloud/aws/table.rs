//! The table of operations, searched where it lies.
//!
//! ```text
//!   account⇥P disable-region enable-region⇥R get-… list-…⇥W delete-alternate-contact …
//!   codedeploy⇥= deploy
//! ```
//!
//! Lines are sorted, and so are the operations of one level, so both are found by halving. `data/aws-commands/README.md` says where the table comes from.

use std::{cmp::Ordering, sync::LazyLock};

/// The lines of a table: what stands before the first tab, and what stands behind it.
type Table = LazyLock<Vec<(&'static str, &'static str)>>;

static COMMANDS: Table =
    LazyLock::new(|| lines(include_str!("../../../../../data/aws-commands.txt")));
static VERDICTS: Table =
    LazyLock::new(|| lines(include_str!("../../../../../data/aws-commands/verdicts.tsv")));

/// How far an operation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Looks only.
    Read,
    /// Writes.
    Write,
    /// Manages permissions.
    Permissions,
    /// Tags.
    Tag,
}

/// An operation of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operation {
    /// Its name on the command line.
    pub name: &'static str,
    /// How far it goes.
    pub level: Level,
}

/// The service and the operation, as the CLI spells them.
pub(super) fn find_exact(service: &str, operation: &str) -> Option<(&'static str, Operation)> {
    let (service, columns) = self::service(service)?;
    Some((service, exactly(columns, operation)?))
}

/// The service and the operation, as anybody spells them.
pub(super) fn find(service: &str, operation: &str) -> Option<(&'static str, Operation)> {
    let service = service.to_ascii_lowercase().replace(['_', ' '], "-");
    let plain = service.replace('-', "");
    let found = self::service(&service).or_else(|| self::service(&plain));
    let (service, columns) = found?;
    let exact = exactly(columns, operation);
    let squashed = |operation: &str| among(columns, |name| same(name, operation));
    let operation = exact.or_else(|| squashed(operation)).or_else(|| {
        squashed(operation.strip_suffix("Command").or_else(|| operation.strip_suffix("Async"))?)
    })?;
    Some((service, operation))
}

/// A service by its name on the command line or in an SDK, and its columns.
pub(super) fn service(name: &str) -> Option<(&'static str, &'static str)> {
    let (found, columns) = line(&COMMANDS, name)?;
    match columns.strip_prefix("= ") {
        Some(other) => line(&COMMANDS, other),
        None => Some((found, columns)),
    }
}

/// What was decided by hand about an operation: a word and a text.
pub(super) fn decided(service: &str, operation: &str) -> Option<(&'static str, &'static str)> {
    let exact = line(&VERDICTS, &format!("{service} {operation}"));
    let (_, columns) = exact.or_else(|| line(&VERDICTS, &format!("* {operation}")))?;
    columns.split_once('\t')
}

fn exactly(columns: &'static str, operation: &str) -> Option<Operation> {
    levels(columns)
        .find_map(|(level, names)| Some(Operation { name: halved(names, operation)?, level }))
}

fn among(columns: &'static str, wanted: impl Fn(&str) -> bool) -> Option<Operation> {
    levels(columns).find_map(|(level, names)| {
        Some(Operation { name: names.split(' ').find(|name| wanted(name))?, level })
    })
}

/// The operations of a service, by how far they go.
fn levels(columns: &'static str) -> impl Iterator<Item = (Level, &'static str)> {
    columns.split('\t').filter_map(|column| {
        let (level, names) = column.split_once(' ')?;
        let level = match level {
            "R" => Level::Read,
            "P" => Level::Permissions,
            "T" => Level::Tag,
            _ => Level::Write,
        };
        Some((level, names))
    })
}

/// Whether two names are the same but for case, dashes and underscores.
pub(super) fn same(one: &str, other: &str) -> bool {
    squash(one).eq(squash(other))
}

/// The letters of a name without what tells spellings apart.
pub(super) fn squash(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().filter(|b| !matches!(b, b'-' | b'_')).map(|b| b.to_ascii_lowercase())
}

fn lines(table: &'static str) -> Vec<(&'static str, &'static str)> {
    table.lines().filter_map(|line| line.split_once('\t')).collect()
}

/// The line of a sorted table that begins with this key.
fn line(table: &Table, key: &str) -> Option<(&'static str, &'static str)> {
    let at = table.binary_search_by(|(found, _)| (*found).cmp(key)).ok()?;
    table.get(at).copied()
}

/// A word among sorted ones with a blank between.
fn halved(words: &'static str, wanted: &str) -> Option<&'static str> {
    let bytes = words.as_bytes();
    let (mut from, mut to) = (0, words.len());
    while from < to {
        let middle = usize::midpoint(from, to);
        let start = bytes[from..middle].iter().rposition(|b| *b == b' ');
        let start = start.map_or(from, |at| from + at + 1);
        let length = bytes[start..].iter().position(|b| *b == b' ');
        let end = length.map_or(words.len(), |length| start + length);
        let found = words.get(start..end)?;
        match found.cmp(wanted) {
            Ordering::Equal => return Some(found),
            Ordering::Less => from = end + 1,
            Ordering::Greater => to = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_every_line_is_found() {
        for table in [&COMMANDS, &VERDICTS] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
            assert!(table.iter().all(|row| line(table, row.0) == Some(*row)));
            assert_eq!(line(table, "zzz"), None);
            assert_eq!(line(table, ""), None);
        }
        for (_, columns) in COMMANDS.iter().filter(|(_, columns)| !columns.starts_with('=')) {
            for (level, names) in levels(columns) {
                let each = names.split(' ').map(|name| Operation { name, level });
                assert!(each.into_iter().all(|known| exactly(columns, known.name) == Some(known)));
            }
            assert_eq!(exactly(columns, "zzz"), None);
            assert_eq!(exactly(columns, ""), None);
        }
    }

    #[test]
    fn what_was_decided_is_about_operations_that_exist() {
        for (row, _) in VERDICTS.iter() {
            let (service, operation) = row.split_once(' ').unwrap();
            assert!(service == "*" || find_exact(service, operation).is_some(), "{row}");
        }
    }

    #[test]
    fn sdks_spell_otherwise() {
        let wanted = find_exact("rds", "delete-db-instance");
        assert!(wanted.is_some());
        for name in ["delete_db_instance", "DeleteDBInstance", "deleteDBInstance"] {
            assert_eq!(find("RDS", name), wanted);
        }
        assert_eq!(find("rds", "DeleteDBInstanceCommand"), wanted);
        assert_eq!(find("s3", "delete_bucket"), find_exact("s3api", "delete-bucket"));
        assert_eq!(find("codedeploy", "stop_deployment"), find_exact("deploy", "stop-deployment"));
        assert_eq!(find("rds", "no_such_thing"), None);
    }
}
