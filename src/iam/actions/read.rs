//! Reading the shipped table. Its columns are described in `data/aws-actions/README.md`.

use super::{Access, table::ActionTable};
use crate::iam::Glob;
use std::io::Read as _;

static SHIPPED: &[u8] = include_bytes!("../../../data/aws-actions.tsv.gz");

/// The unpacked table is 0.8 MB; a damaged length must not make us reserve the machine.
const MAX_BYTES: u64 = 16 << 20;

/// What is wrong with the table: only a developer ever sees it, in a test.
#[derive(Debug, thiserror::Error)]
pub(super) enum TableError {
    #[error("cannot be unpacked: {0}")]
    Packed(#[from] std::io::Error),
    #[error("line {line}: {what}")]
    Line { line: usize, what: &'static str },
}

/// Unpacks and reads the table the program was built with.
pub(super) fn shipped() -> Result<ActionTable, TableError> {
    let mut text = String::with_capacity(1 << 20);
    flate2::read::GzDecoder::new(SHIPPED).take(MAX_BYTES).read_to_string(&mut text)?;
    parse(&text)
}

/// Reads the unpacked text: the ARN templates, an empty line, then services with their actions.
pub(super) fn parse(text: &str) -> Result<ActionTable, TableError> {
    let mut table = ActionTable::default();
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    for (_, line) in lines.by_ref() {
        if line.is_empty() {
            break;
        }
        table.templates.push(Glob::new(line));
    }
    let mut names = String::with_capacity(text.len());
    let mut dependents = Vec::new();
    let mut service = "";
    for (line, content) in lines {
        let wrong = |what| TableError::Line { line, what };
        if let Some(prefix) = content.strip_prefix('@') {
            service = prefix;
            table.open_service(prefix);
            continue;
        }
        let mut columns = content.split('\t');
        let (Some(name), Some(level)) = (columns.next(), columns.next()) else {
            return Err(wrong("an action needs a name and a level"));
        };
        names.push_str(service);
        names.push(':');
        names.push_str(name);
        let access = access(level).ok_or_else(|| wrong("no such access level"))?;
        let id = table.push(names.len(), access).ok_or_else(|| wrong("too many actions"))?;
        for resource in columns.next().unwrap_or_default().split_ascii_whitespace() {
            let number = resource.trim_start_matches('!');
            let template = number.parse().map_err(|_| wrong("not the number of a template"))?;
            table
                .push_resource(template, number.len() < resource.len())
                .ok_or_else(|| wrong("no such template"))?;
        }
        let depends_on = columns.next().unwrap_or_default();
        if !depends_on.is_empty() {
            dependents.push((id, depends_on));
        }
    }
    table.close(names);
    for (id, names) in dependents {
        let ids = names.split_ascii_whitespace().filter_map(|name| table.find(name)).collect();
        table.set_dependent(id, ids);
    }
    Ok(table)
}

fn access(level: &str) -> Option<Access> {
    Some(match level {
        "L" => Access::List,
        "R" => Access::Read,
        "W" => Access::Write,
        "P" => Access::Permissions,
        "T" => Access::Tagging,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::actions::{ActionId, ActionSet};

    #[test]
    fn the_shipped_table_loads_whole() {
        let table = shipped().unwrap();

        assert_eq!(table.len(), 22_013);
        assert!(table.len() <= ActionSet::CAPACITY);
        assert_eq!(table.services().count(), 456);
        for id in table.ids() {
            assert_eq!(table.find(&table.name_of(id).to_uppercase()), Some(id));
        }
    }

    #[test]
    fn rows_are_sorted_so_that_prefixes_lie_together() {
        let table = shipped().unwrap();

        let names: Vec<_> = table.ids().map(|id| table.name_of(id).to_lowercase()).collect();

        assert!(names.is_sorted());
    }

    #[test]
    fn every_dependent_action_is_in_the_table() {
        let text = {
            let mut text = String::new();
            flate2::read::GzDecoder::new(SHIPPED).read_to_string(&mut text).unwrap();
            text
        };
        let table = shipped().unwrap();

        let missing: std::collections::BTreeSet<_> = text
            .lines()
            .filter_map(|line| line.split('\t').nth(3))
            .flat_map(str::split_ascii_whitespace)
            .filter(|name| table.find(name).is_none())
            .collect();

        // These exist in AWS's pages only as something another action depends on.
        assert!(missing.len() < 40, "{missing:?}");
    }

    #[test]
    fn a_damaged_table_is_told_by_its_line() {
        for (text, line) in [
            ("arn:*:s3:::*\n\n@s3\nGetObject\n", 4),
            ("\n@s3\nGetObject\tX\n", 3),
            ("arn:*:s3:::*\n\n@s3\nGetObject\tR\t7\n", 4),
            ("arn:*:s3:::*\n\n@s3\nGetObject\tR\t!x\n", 4),
        ] {
            let Err(TableError::Line { line: told, .. }) = parse(text) else {
                panic!("{text:?} was read");
            };
            assert_eq!(told, line, "{text:?}");
        }
    }

    #[test]
    fn an_empty_text_is_an_empty_table() {
        let table = parse("").unwrap();

        assert_eq!(table.len(), 0);
        assert_eq!(table.find("s3:GetObject"), None);
        assert_eq!(table.name_of(ActionId(7)), "");
    }
}
