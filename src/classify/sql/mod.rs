//! What SQL would do.
//!
//! ```text
//!   text ─▶ tokens (sqlparser, by dialect) ─▶ statements ─▶ Reader ─▶ found ─▶ Judge
//!                                               │             │ functions with side effects
//!                                               │             │ WHERE that is always true (sqlparser)
//!                                               └─ Session: BEGIN … ROLLBACK takes back
//! ```
//!
//! Statements are told apart by their tokens and judged one by one, so that one which no parser
//! knows never hides another. What a statement does is read from its leading words, from the
//! statements nested in it and from the functions it calls; conditions are parsed.

mod condition;
mod functions;
mod objects;
mod procedure;
mod server;
mod session;
mod statement;
#[cfg(test)]
mod tests;
mod tokens;
mod transaction;

use super::{Judge, Word};
use session::Session;

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

    /// Whether a change of the schema can be rolled back with its transaction.
    const fn rolls_schema_back(self) -> bool {
        matches!(self, Self::Postgres | Self::Sqlite)
    }
}

/// Judges one or several statements.
pub fn query(query: &Word, dialect: Dialect, service: &'static str, judge: &mut Judge<'_>) {
    queries(std::slice::from_ref(query), dialect, service, judge);
}

/// Judges several texts given to one session, one after the other.
pub fn queries(pieces: &[Word], dialect: Dialect, service: &'static str, judge: &mut Judge<'_>) {
    for piece in pieces.iter().filter(|piece| piece.may_inject()) {
        judge.opaque(piece.span(), "an unknown value becomes part of the query");
    }
    read(pieces, dialect, service, judge);
    // Whether a backslash hides a quote depends on the dialect.
    let hides = |piece: &Word| piece.text().contains("\\'") || piece.text().contains("\\\"");
    if dialect == Dialect::Generic && pieces.iter().any(hides) {
        read(pieces, Dialect::MySql, service, judge);
    }
}

fn read(pieces: &[Word], dialect: Dialect, service: &'static str, judge: &mut Judge<'_>) {
    let mut session = Session::new(dialect);
    for piece in pieces {
        if !session.read(piece, judge) {
            break;
        }
    }
    session.report(service, judge);
}
