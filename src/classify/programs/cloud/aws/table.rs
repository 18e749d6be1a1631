//! The table of operations, searched where it lies.
//!
//! ```text
//!   account⇥P disable-region enable-region⇥R get-… list-…⇥W delete-alternate-contact …
//!   codedeploy⇥= deploy
//! ```
//!
//! Lines are sorted, so a service is found by halving; within its line the operations are looked
//! through. `data/aws-commands/README.md` says where the table comes from.

use std::cmp::Ordering;

static COMMANDS: &str = include_str!("../../../../../data/aws-commands.txt");
static VERDICTS: &str = include_str!("../../../../../data/aws-commands/verdicts.tsv");

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
    Some((service, among(columns, |name| name == operation)?))
}

/// The service and the operation, as anybody spells them.
pub(super) fn find(service: &str, operation: &str) -> Option<(&'static str, Operation)> {
    let service = service.to_ascii_lowercase().replace(['_', ' '], "-");
    let plain = service.replace('-', "");
    let found = self::service(&service).or_else(|| self::service(&plain));
    let (service, columns) = found?;
    let exact = among(columns, |name| name == operation);
    let squashed = |operation: &str| among(columns, |name| same(name, operation));
    let operation = exact.or_else(|| squashed(operation)).or_else(|| {
        squashed(operation.strip_suffix("Command").or_else(|| operation.strip_suffix("Async"))?)
    })?;
    Some((service, operation))
}

/// A service by its name on the command line or in an SDK, and its columns.
pub(super) fn service(name: &str) -> Option<(&'static str, &'static str)> {
    let (found, columns) = line(COMMANDS, name)?;
    match columns.strip_prefix("= ") {
        Some(other) => line(COMMANDS, other),
        None => Some((found, columns)),
    }
}

/// What was decided by hand about an operation: a word and a text.
pub(super) fn decided(service: &str, operation: &str) -> Option<(&'static str, &'static str)> {
    let exact = line(VERDICTS, &format!("{service} {operation}"));
    let (_, columns) = exact.or_else(|| line(VERDICTS, &format!("* {operation}")))?;
    columns.split_once('\t')
}

fn among(columns: &'static str, wanted: impl Fn(&str) -> bool) -> Option<Operation> {
    columns.split('\t').find_map(|column| {
        let (level, names) = column.split_once(' ')?;
        let name = names.split(' ').find(|name| wanted(name))?;
        let level = match level {
            "R" => Level::Read,
            "P" => Level::Permissions,
            "T" => Level::Tag,
            _ => Level::Write,
        };
        Some(Operation { name, level })
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

/// The line of a sorted table that begins with this key, without the tab behind it.
fn line(table: &'static str, key: &str) -> Option<(&'static str, &'static str)> {
    let bytes = table.as_bytes();
    let (mut from, mut to) = (0, table.len());
    while from < to {
        let middle = usize::midpoint(from, to);
        let start = bytes[..middle].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let start = start.max(from);
        let length = bytes[start..].iter().position(|b| *b == b'\n');
        let end = length.map_or(table.len(), |length| start + length);
        let (found, columns) = table.get(start..end)?.split_once('\t')?;
        match found.cmp(key) {
            Ordering::Equal => return Some((found, columns)),
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
        for table in [COMMANDS, VERDICTS] {
            let keys: Vec<_> = table.lines().map(|l| l.split_once('\t').unwrap().0).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(keys.iter().all(|key| line(table, key).unwrap().0 == *key));
            assert_eq!(line(table, "zzz"), None);
            assert_eq!(line(table, ""), None);
        }
    }

    #[test]
    fn what_was_decided_is_about_operations_that_exist() {
        for row in VERDICTS.lines() {
            let (service, operation) = row.split_once('\t').unwrap().0.split_once(' ').unwrap();
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
