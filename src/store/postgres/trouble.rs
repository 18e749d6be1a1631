//! What can go wrong with a server: what passes by itself, and how the rest is told to a person.

use super::Address;
use crate::store::{StoreError, sql::Trouble};
use std::path::PathBuf;

// SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html
const CONNECTION: &str = "08";
const SERIALIZATION: &str = "40001";
const DEADLOCK: &str = "40P01";
const LOCK_NOT_AVAILABLE: &str = "55P03";
const INSUFFICIENT_PRIVILEGE: &str = "42501";
const WRONG_LOGIN: &str = "28";
const NO_DATABASE: &str = "3D000";
const DISK_FULL: &str = "53100";
const RESOURCES: &str = "53";
const INTERVENTION: &str = "57P";
const IDLE_IN_TRANSACTION: &str = "25P03";
const READ_ONLY: &str = "25006";
const IO: &str = "58030";
const DAMAGED: &str = "XX001";

fn state(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Whether the connection is gone, and what was asked last may or may not have been done.
pub(super) fn is_gone(error: &sqlx::Error) -> bool {
    match state(error) {
        Some(state) => {
            state.starts_with(CONNECTION)
                || state.starts_with(INTERVENTION)
                || state == IDLE_IN_TRANSACTION
        }
        None => !matches!(error, sqlx::Error::PoolClosed | sqlx::Error::RowNotFound),
    }
}

/// Whether it is likely to pass, and nothing of what was tried is kept.
pub(super) fn is_passing(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::TooLate | Trouble::Lost(_) => true,
        Trouble::Sql(error) => match error {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => true,
            other => state(other).is_some_and(|state| {
                matches!(state.as_str(), SERIALIZATION | DEADLOCK | LOCK_NOT_AVAILABLE)
                    || (state.starts_with(RESOURCES) && state != DISK_FULL)
                    || is_gone(other)
            }),
        },
        Trouble::Unreadable(_) | Trouble::Missing(..) | Trouble::Wrong(_) | Trouble::Told(_) => {
            false
        }
    }
}

/// Names the server, the cause and what to do.
pub(super) fn explain(trouble: Trouble, address: &Address, waited_seconds: u64) -> StoreError {
    let server = address.to_string();
    let path = PathBuf::from(&server);
    let error = match trouble {
        Trouble::Missing(what, id) => return StoreError::Missing { what, id },
        Trouble::Unreadable(why) => return StoreError::Damaged { path, why },
        Trouble::Wrong(why) => return StoreError::Database(why),
        Trouble::Told(error) => return *error,
        Trouble::Lost(why) => return StoreError::Unreachable { server, why },
        Trouble::TooLate => {
            let why = "it does not answer in time".to_owned();
            return StoreError::Unreachable { server, why };
        }
        Trouble::Sql(error) => error,
    };
    let why = error.as_database_error().map_or_else(|| error.to_string(), |e| e.message().into());
    let Some(state) = state(&error) else {
        return match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                StoreError::Damaged { path, why }
            }
            sqlx::Error::PoolTimedOut => StoreError::Unreachable {
                server,
                why: format!("no connection within {waited_seconds} s"),
            },
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => {
                StoreError::Unreachable { server, why }
            }
            _ => StoreError::Database(why),
        };
    };
    match state.as_str() {
        LOCK_NOT_AVAILABLE => StoreError::Locked { path, seconds: waited_seconds },
        INSUFFICIENT_PRIVILEGE => StoreError::Denied { server, why },
        DISK_FULL | IO => StoreError::ServerFull { server, why },
        DAMAGED => StoreError::Damaged { path, why },
        READ_ONLY | NO_DATABASE => StoreError::Unreachable { server, why },
        _ if state.starts_with(WRONG_LOGIN) => StoreError::Denied { server, why },
        _ if is_gone(&error) || state.starts_with(RESOURCES) => {
            StoreError::Unreachable { server, why }
        }
        _ => StoreError::Database(why),
    }
}
