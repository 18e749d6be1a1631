//! A whole store read as it is at one moment, or written anew in one transaction.

use super::{
    db::{Db, Many, query},
    trouble::Trouble,
};
use crate::store::moving::{Column, Holds, Row, TABLES, Table, Value};

/// Values a statement may carry, well below SQLite's 32,766 and PostgreSQL's 65,535.
const VALUES: usize = 4000;

/// Rows of a table in the order of its key.
pub(in crate::store) async fn rows(
    db: &mut Db,
    table: &Table,
    after: Option<&Row>,
    limit: u32,
) -> Result<Vec<Row>, Trouble> {
    let (keys, columns) = (names(table.keys()), names(table.columns));
    let mut select = Many::new(db, &format!("SELECT {columns} FROM {}", table.name));
    let mut values = Vec::new();
    if let Some(after) = after {
        let places: Vec<String> = (1..=table.key).map(|at| format!("${at}")).collect();
        select.push(&format!(" WHERE ({keys}) > ({})", places.join(", ")));
        values.extend(after.iter().take(table.key));
    }
    select.push(&format!(" ORDER BY {keys} LIMIT {limit}"));
    let mut select = select.query(true);
    for value in values {
        select = match value {
            Value::Null => select.bind(None::<i64>),
            Value::Number(number) => select.bind(*number),
            Value::Text(text) => select.bind(text.as_str()),
            Value::Bytes(bytes) => select.bind(bytes.as_slice()),
        };
    }
    let found = select.fetch_all(db).await?;
    found
        .iter()
        .map(|row| {
            let read = |(at, column): (usize, &Column)| {
                Ok(match column.holds {
                    Holds::Numbers => {
                        row.try_get::<Option<i64>>(at)?.map_or(Value::Null, Value::Number)
                    }
                    Holds::Texts => {
                        row.try_get::<Option<String>>(at)?.map_or(Value::Null, Value::Text)
                    }
                    Holds::Bytes => Value::Bytes(row.try_get(at)?),
                })
            };
            table.columns.iter().enumerate().map(read).collect()
        })
        .collect()
}

/// How many rows a table has.
pub(in crate::store) async fn count(db: &mut Db, table: &Table) -> Result<u64, Trouble> {
    let count = Many::new(db, &format!("SELECT count(*) FROM {}", table.name)).query(true);
    let count: i64 = count.fetch_one(db).await?.try_get(0)?;
    Ok(count.unsigned_abs())
}

/// Takes everything out of the tables, and what guards them; answers how to put the guards back.
pub(in crate::store) async fn clear(db: &mut Db) -> Result<Vec<String>, Trouble> {
    let mut guards = Vec::new();
    if matches!(db, Db::Sqlite(..)) {
        let found = query(
            "SELECT name, sql FROM sqlite_schema \
             WHERE type = 'trigger' AND tbl_name LIKE 'ledger%'",
        )
        .fetch_all(db)
        .await?;
        for row in &found {
            let name: &str = row.try_get(0)?;
            Many::new(db, &format!("DROP TRIGGER {name}")).query(false).execute(db).await?;
            guards.push(row.try_get(1)?);
        }
    }
    upkeep(db).await?;
    if matches!(db, Db::Postgres(_)) {
        query("DELETE FROM ledger_pending").execute(db).await?;
    }
    for table in TABLES.iter().rev() {
        Many::new(db, &format!("DELETE FROM {}", table.name)).query(false).execute(db).await?;
    }
    Ok(guards)
}

/// Says that the guards on a server's tables are to let this pass; they ask whose tables these are.
pub(in crate::store) async fn upkeep(db: &mut Db) -> Result<(), Trouble> {
    if matches!(db, Db::Postgres(_)) {
        let on = "SELECT set_config('countersign.upkeep', 'on', true)";
        query(on).fetch_one(db).await?;
    }
    Ok(())
}

/// Adds rows.
pub(in crate::store) async fn put(db: &mut Db, table: &Table, rows: &[Row]) -> Result<(), Trouble> {
    let columns = names(table.columns);
    for piece in rows.chunks((VALUES / table.columns.len()).max(1)) {
        let mut insert = Many::new(db, &format!("INSERT INTO {} ({columns}) ", table.name));
        insert.push_values(piece, |into, row| {
            for value in row {
                match value {
                    Value::Null => into.push("NULL"),
                    Value::Number(number) => into.push_bind(*number),
                    Value::Text(text) => into.push_bind(text.as_str()),
                    Value::Bytes(bytes) => into.push_bind(bytes.as_slice()),
                };
            }
        });
        insert.query(false).execute(db).await?;
    }
    Ok(())
}

/// Puts the guards back, and tells whoever shows lists to read them anew.
pub(in crate::store) async fn finish(db: &mut Db, guards: &[String]) -> Result<(), Trouble> {
    for guard in guards {
        Many::new(db, guard).query(false).execute(db).await?;
    }
    query("UPDATE meta SET anew = version + 1").execute(db).await?;
    Ok(())
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}
