//! What SQL would do.

use super::{Judge, Word};

/// Which SQL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `PostgreSQL` and what speaks like it.
    Postgres,
    /// `MySQL` and `MariaDB`.
    MySql,
    /// `SQLite`.
    Sqlite,
    /// Not known.
    Generic,
}

impl Dialect {
    /// The service of its effects, where no program names a better one.
    pub const fn service(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::MySql => "mysql",
            Self::Sqlite => "sqlite",
            Self::Generic => "sql",
        }
    }
}

/// Judges one or several statements.
pub fn query(query: &Word, _dialect: Dialect, _service: &'static str, judge: &mut Judge<'_>) {
    judge.opaque(query.span(), "SQL is not read yet");
}
