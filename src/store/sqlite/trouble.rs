//! How what went wrong with the file is told to a person.

use crate::store::{StoreError, sql::Trouble};
use std::path::Path;

// Primary result codes, https://www.sqlite.org/rescode.html; extended codes carry them in the low
// eight bits.
const PERM: i64 = 3;
const BUSY: i64 = 5;
const LOCKED: i64 = 6;
const READONLY: i64 = 8;
const IOERR: i64 = 10;
const CORRUPT: i64 = 11;
const FULL: i64 = 13;
const CANTOPEN: i64 = 14;
const NOTADB: i64 = 26;

/// The primary SQLite result code of an error, if it came from SQLite.
pub(super) fn result_code(error: &sqlx::Error) -> Option<i64> {
    let code = error.as_database_error()?.code()?;
    code.parse::<i64>().ok().map(|extended| extended & 0xff)
}

/// Whether another connection was in the way.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(result_code(error), Some(BUSY | LOCKED)) || matches!(error, sqlx::Error::PoolTimedOut)
}

/// Names the file, the cause and what to do.
pub(super) fn explain(trouble: Trouble, path: &Path, waited_seconds: u64) -> StoreError {
    let path = path.to_owned();
    let error = match trouble {
        Trouble::Missing(what, id) => return StoreError::Missing { what, id },
        Trouble::Unreadable(why) => return StoreError::Damaged { path, why },
        Trouble::Wrong(why) | Trouble::Lost(why) => return StoreError::Database(why),
        Trouble::TooLate => return StoreError::Locked { path, seconds: waited_seconds },
        Trouble::Told(error) => return *error,
        Trouble::Sql(error) => error,
    };
    if is_busy(&error) {
        return StoreError::Locked { path, seconds: waited_seconds };
    }
    let why = error.as_database_error().map_or_else(|| error.to_string(), |e| e.message().into());
    match result_code(&error) {
        Some(PERM | READONLY | FULL | CANTOPEN | IOERR) => StoreError::NotWritable { path, why },
        Some(CORRUPT | NOTADB) => StoreError::Damaged { path, why },
        _ => match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                StoreError::Damaged { path, why }
            }
            _ => StoreError::Database(why),
        },
    }
}
