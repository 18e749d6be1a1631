//! Statements that nobody waits for, sent together with the next one that is.
//!
//! ```text
//!   INSERT … later ─┐
//!   UPDATE … later ─┼─▶ "INSERT …; UPDATE …; SELECT …" ─▶ the database's thread
//!   SELECT … fetch ─┘
//! ```
//!
//! On a file every statement is a question and an answer between two threads, while everybody else
//! who wants to write waits; on a busy machine each of those takes longer than the statement. They
//! are carried out in the order in which they were made, and one that fails fails the transaction.

use super::db::{Query, Value};

/// A statement with more values is no small one, and goes by itself.
const FEW: usize = 64;

/// So many are sent at once at most.
const MANY: usize = 256;

/// What waits to be sent.
#[derive(Default)]
pub(in crate::store) struct Later {
    sql: String,
    values: Vec<Value<'static>>,
}

impl Later {
    /// Whether a statement may wait.
    pub(super) fn takes(&self, query: &Query<'_>) -> bool {
        query.values.len() <= FEW && self.values.len() + query.values.len() <= MANY
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.sql.is_empty()
    }

    /// Keeps a statement.
    pub(super) fn add(&mut self, query: Query<'_>) {
        if !self.sql.is_empty() {
            self.sql.push_str("; ");
        }
        numbered(&query.sql, self.values.len(), &mut self.sql);
        self.values.extend(query.values.into_iter().map(Value::owned));
    }

    /// What waits, and then this.
    pub(super) fn before<'q>(&mut self, query: Query<'q>) -> Query<'q> {
        if self.is_empty() {
            return query;
        }
        let persistent = query.persistent;
        let mut all = std::mem::take(self);
        all.add(query);
        Query { persistent, ..all.into() }
    }
}

impl From<Later> for Query<'_> {
    fn from(later: Later) -> Self {
        Self { sql: later.sql.into(), values: later.values, persistent: true }
    }
}

/// Writes a statement whose first placeholder follows `before` others. Its placeholders are all
/// `$1`, `$2`, … or all `?`.
fn numbered(sql: &str, before: usize, to: &mut String) {
    let (mut quoted, mut next) = (false, before);
    let mut rest = sql.chars().peekable();
    while let Some(one) = rest.next() {
        match one {
            '\'' => quoted = !quoted,
            '?' if !quoted => {
                next += 1;
                number(to, next);
                continue;
            }
            '$' if !quoted => {
                let mut own = 0;
                while let Some(digit) = rest.peek().and_then(|digit| digit.to_digit(10)) {
                    own = own * 10 + digit as usize;
                    rest.next();
                }
                number(to, before + own);
                continue;
            }
            _ => {}
        }
        to.push(one);
    }
}

fn number(to: &mut String, number: usize) {
    to.push('$');
    to.push_str(&number.to_string());
}

#[cfg(test)]
mod tests {
    use super::{Later, Query};
    use crate::store::sql::db::query;

    fn sql(query: &Query<'_>) -> (String, usize) {
        (query.sql.clone().into_owned(), query.values.len())
    }

    #[test]
    fn what_waits_goes_before_and_every_value_keeps_its_place() {
        let mut later = Later::default();
        later.add(query("INSERT INTO a VALUES (?, ?)").bind(1_i64).bind(2_i64));
        later.add(query("UPDATE b SET c = $2, d = 'what? $1' WHERE e = $1").bind("e").bind("c"));
        let all = later.before(query("SELECT f FROM g WHERE h = $1").bind("h"));
        let text = "INSERT INTO a VALUES ($1, $2); \
            UPDATE b SET c = $4, d = 'what? $1' WHERE e = $3; SELECT f FROM g WHERE h = $5";
        assert_eq!(sql(&all), (text.to_owned(), 5));
        assert!(later.is_empty());
    }

    #[test]
    fn where_nothing_waits_a_statement_stays_as_it_is() {
        let alone = Later::default().before(query("SELECT f FROM g WHERE h = ?").bind("h"));
        assert_eq!(sql(&alone), ("SELECT f FROM g WHERE h = ?".to_owned(), 1));
    }
}
