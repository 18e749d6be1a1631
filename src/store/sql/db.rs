//! A transaction on either database, asked with one text of SQL.
//!
//! ```text
//!   query("… $1 …").bind(value).fetch_one(db) ──▶ Db ──┬─ SQLite
//!   row.try_get(0)  ◀──────────────────────────────────┴─ PostgreSQL
//! ```
//!
//! Columns are whole numbers, texts and bytes in both, so nothing has to be converted but truth
//! (0 and 1) and the one character PostgreSQL cannot keep in a text, NUL.

use super::{later::Later, trouble::Trouble};
use crate::store::{postgres::Session, sqlite::Turn};
use futures::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use jiff::Timestamp;
use sqlx::{
    AssertSqlSafe, Postgres, Row as _, Sqlite, Transaction,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};
use std::{borrow::Cow, time::Duration};

/// A transaction, and what time it is for it.
pub(in crate::store) enum Db {
    /// On a file.
    Sqlite(OnFile),
    /// On a server.
    Postgres(Session),
}

/// A transaction on a file.
pub(in crate::store) struct OnFile {
    pub transaction: Transaction<'static, Sqlite>,
    /// Lasts as long.
    pub turn: Turn,
    later: Later,
}

impl OnFile {
    /// Begun, with nothing done in it.
    pub(in crate::store) fn new(transaction: Transaction<'static, Sqlite>, turn: Turn) -> Self {
        Self { transaction, turn, later: Later::default() }
    }

    /// Carries out what waits.
    pub(in crate::store) async fn flush(&mut self) -> Result<(), Trouble> {
        if !self.later.is_empty() {
            let all = Query::from(std::mem::take(&mut self.later)).sqlite();
            all.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }
}

impl Db {
    /// The time that counts for what is written here: where several hosts write, the database's.
    pub(in crate::store) fn now(&self) -> Timestamp {
        match self {
            Self::Sqlite(..) => Timestamp::now(),
            Self::Postgres(session) => session.now(),
        }
    }
}

/// A value for a placeholder.
#[derive(Clone)]
pub(in crate::store) enum Value<'q> {
    Whole(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
}

impl Value<'_> {
    /// The same, and what it was made from may go.
    pub(super) fn owned(self) -> Value<'static> {
        match self {
            Self::Whole(whole) => Value::Whole(whole),
            Self::Text(text) => Value::Text(text.map(|text| Cow::Owned(text.into_owned()))),
            Self::Bytes(bytes) => Value::Bytes(bytes.map(|bytes| Cow::Owned(bytes.into_owned()))),
        }
    }
}

macro_rules! value {
    ($($from:ty, $with:expr;)*) => {
        $(impl<'q> From<$from> for Value<'q> {
            fn from(value: $from) -> Self {
                #[allow(clippy::redundant_closure_call, reason = "one shape for all of them")]
                ($with)(value)
            }
        })*
    };
}

value! {
    i64, |whole| Self::Whole(Some(whole));
    Option<i64>, Self::Whole;
    u32, |whole| Self::Whole(Some(i64::from(whole)));
    bool, |truth| Self::Whole(Some(i64::from(truth)));
    &'q str, |text| Self::Text(Some(Cow::Borrowed(text)));
    &'q String, |text: &'q String| Self::Text(Some(Cow::Borrowed(text.as_str())));
    String, |text| Self::Text(Some(Cow::Owned(text)));
    Option<&'q str>, |text: Option<&'q str>| Self::Text(text.map(Cow::Borrowed));
    Option<String>, |text: Option<String>| Self::Text(text.map(Cow::Owned));
    &'q [u8], |bytes| Self::Bytes(Some(Cow::Borrowed(bytes)));
    Option<&'q [u8]>, |bytes: Option<&'q [u8]>| Self::Bytes(bytes.map(Cow::Borrowed));
}

/// What stands in a text for the character PostgreSQL refuses there. What is compared by its exact
/// text (bodies, definitions) is JSON, in which that character is written otherwise.
const NUL: &str = "\u{2400}";

fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', NUL)) } else { text }
}

/// A statement with its values.
#[must_use]
pub(in crate::store) struct Query<'q> {
    pub(super) sql: Cow<'static, str>,
    pub(super) values: Vec<Value<'q>>,
    pub(super) persistent: bool,
}

/// A statement. Its placeholders are `$1`, `$2`, …, which both databases understand.
pub(in crate::store) fn query<'q>(sql: &'static str) -> Query<'q> {
    Query { sql: Cow::Borrowed(sql), values: Vec::new(), persistent: true }
}

/// A statement that answers one value a row.
pub(in crate::store) fn query_scalar<'q>(sql: &'static str) -> Scalar<'q> {
    Scalar(query(sql))
}

impl<'q> Query<'q> {
    /// Gives the next placeholder its value.
    pub(in crate::store) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    fn sqlite(self) -> sqlx::query::Query<'q, Sqlite, SqliteArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.sql.into_owned()));
        for value in self.values {
            query = match value {
                Value::Whole(whole) => query.bind(whole),
                Value::Text(text) => query.bind(text.map(Cow::into_owned)),
                Value::Bytes(bytes) => query.bind(bytes.map(Cow::into_owned)),
            };
        }
        query.persistent(self.persistent)
    }

    fn postgres(self) -> sqlx::query::Query<'q, Postgres, PgArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.sql.into_owned()));
        for value in self.values {
            query = match value {
                Value::Whole(whole) => query.bind(whole),
                Value::Text(text) => query.bind(text.map(without_nul).map(Cow::into_owned)),
                Value::Bytes(bytes) => query.bind(bytes.map(Cow::into_owned)),
            };
        }
        query.persistent(self.persistent)
    }

    /// Carries it out before the next statement that answers anything, or before the transaction
    /// ends; at once where that is not slower.
    pub(in crate::store) async fn later(self, db: &mut Db) -> Result<(), Trouble> {
        match db {
            Db::Sqlite(file) if file.later.takes(&self) => file.later.add(self),
            _ => {
                self.execute(db).await?;
            }
        }
        Ok(())
    }

    /// Carries it out; answers how many rows it touched.
    pub(in crate::store) async fn execute(self, db: &mut Db) -> Result<u64, Trouble> {
        Ok(match db {
            Db::Sqlite(file) => {
                file.flush().await?;
                self.sqlite().execute(&mut *file.transaction).await?.rows_affected()
            }
            Db::Postgres(session) => {
                let answer = session.answer();
                answered(answer, self.postgres().execute(session.connection()))
                    .await?
                    .rows_affected()
            }
        })
    }

    /// Every row, one at a time.
    pub(in crate::store) fn fetch<'c>(self, db: &'c mut Db) -> BoxStream<'c, Result<Row, Trouble>>
    where
        'q: 'c,
    {
        match db {
            Db::Sqlite(file) => file
                .later
                .before(self)
                .sqlite()
                .fetch(&mut *file.transaction)
                .map_ok(Row::Sqlite)
                .map_err(Trouble::Sql)
                .boxed(),
            Db::Postgres(session) => self
                .postgres()
                .fetch(session.connection())
                .map_ok(Row::Postgres)
                .map_err(Trouble::Sql)
                .boxed(),
        }
    }

    /// Every row.
    pub(in crate::store) async fn fetch_all(self, db: &mut Db) -> Result<Vec<Row>, Trouble> {
        self.fetch(db).try_collect().await
    }

    /// The first row, if there is one.
    pub(in crate::store) async fn fetch_optional(
        self,
        db: &mut Db,
    ) -> Result<Option<Row>, Trouble> {
        Ok(match db {
            Db::Sqlite(file) => {
                let query = file.later.before(self).sqlite();
                query.fetch_optional(&mut *file.transaction).await?.map(Row::Sqlite)
            }
            Db::Postgres(session) => {
                let answer = session.answer();
                let row = self.postgres().fetch_optional(session.connection());
                answered(answer, row).await?.map(Row::Postgres)
            }
        })
    }

    /// The row that has to be there.
    pub(in crate::store) async fn fetch_one(self, db: &mut Db) -> Result<Row, Trouble> {
        self.fetch_optional(db).await?.ok_or(Trouble::Sql(sqlx::Error::RowNotFound))
    }
}

/// What a server answers within this time.
async fn answered<T>(
    time: Duration,
    asked: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(time, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Trouble::TooLate),
    }
}

/// A statement that answers one value a row.
#[must_use]
pub(in crate::store) struct Scalar<'q>(Query<'q>);

impl<'q> Scalar<'q> {
    /// Gives the next placeholder its value.
    pub(in crate::store) fn bind(self, value: impl Into<Value<'q>>) -> Self {
        Self(self.0.bind(value))
    }

    /// The value that has to be there.
    pub(in crate::store) async fn fetch_one<T: Column>(self, db: &mut Db) -> Result<T, Trouble> {
        self.0.fetch_one(db).await?.try_get(0)
    }

    /// The value, if there is a row.
    pub(in crate::store) async fn fetch_optional<T: Column>(
        self,
        db: &mut Db,
    ) -> Result<Option<T>, Trouble> {
        self.0.fetch_optional(db).await?.map(|row| row.try_get(0)).transpose()
    }

    /// The values of all rows.
    pub(in crate::store) async fn fetch_all<T: Column>(
        self,
        db: &mut Db,
    ) -> Result<Vec<T>, Trouble> {
        self.0.fetch_all(db).await?.iter().map(|row| row.try_get(0)).collect()
    }
}

/// A row of either database.
pub(in crate::store) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value in a column, counted from 0.
    pub(in crate::store) fn try_get<'r, T: ColumnOf<'r>>(
        &'r self,
        column: usize,
    ) -> Result<T, Trouble> {
        Ok(match self {
            Self::Sqlite(row) => T::sqlite(row, column)?,
            Self::Postgres(row) => T::postgres(row, column)?,
        })
    }
}

/// What a column can hold, for as long as its row is there.
pub(in crate::store) trait ColumnOf<'r>: Sized {
    fn sqlite(row: &'r SqliteRow, column: usize) -> Result<Self, sqlx::Error>;
    fn postgres(row: &'r PgRow, column: usize) -> Result<Self, sqlx::Error>;
}

/// What a column can hold, and the row may go.
pub(in crate::store) trait Column: for<'r> ColumnOf<'r> {}
impl<T: for<'r> ColumnOf<'r>> Column for T {}

macro_rules! column {
    ($($kind:ty),*) => {
        $(impl<'r> ColumnOf<'r> for $kind {
            fn sqlite(row: &'r SqliteRow, column: usize) -> Result<Self, sqlx::Error> {
                row.try_get(column)
            }

            fn postgres(row: &'r PgRow, column: usize) -> Result<Self, sqlx::Error> {
                row.try_get(column)
            }
        })*
    };
}

column!(i64, Option<i64>, &'r str, Option<&'r str>, String, Option<String>, Vec<u8>);

impl<'r> ColumnOf<'r> for bool {
    fn sqlite(row: &'r SqliteRow, column: usize) -> Result<Self, sqlx::Error> {
        row.try_get(column)
    }

    /// A condition is true or false there; a column is 1 or 0.
    fn postgres(row: &'r PgRow, column: usize) -> Result<Self, sqlx::Error> {
        row.try_get::<bool, _>(column).or_else(|_| Ok(row.try_get::<i64, _>(column)? != 0))
    }
}

/// A statement over many rows, made piece by piece.
pub(in crate::store) struct Many<'q> {
    sql: String,
    values: Vec<Value<'q>>,
    /// SQLite looks every named placeholder up in a list; over a thousand of them that is slow.
    numbered: bool,
}

impl<'q> Many<'q> {
    /// Begins it.
    pub(in crate::store) fn new(db: &Db, sql: &str) -> Self {
        let numbered = matches!(db, Db::Postgres(_));
        Self { sql: sql.to_owned(), values: Vec::new(), numbered }
    }

    /// Adds text.
    pub(in crate::store) fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// Adds `VALUES (…), (…)`, a row for each.
    pub(in crate::store) fn push_values<T>(
        &mut self,
        rows: impl IntoIterator<Item = T>,
        mut row: impl FnMut(&mut Fields<'_, 'q>, T),
    ) {
        self.sql.push_str("VALUES ");
        for (index, each) in rows.into_iter().enumerate() {
            self.sql.push_str(if index == 0 { "(" } else { ", (" });
            row(&mut Fields { of: self, first: true }, each);
            self.sql.push(')');
        }
    }

    /// The statement, remembered for the next time or not.
    pub(in crate::store) fn query(self, persistent: bool) -> Query<'q> {
        Query { sql: Cow::Owned(self.sql), values: self.values, persistent }
    }
}

/// The fields of one row of [`Many`].
pub(in crate::store) struct Fields<'m, 'q> {
    of: &'m mut Many<'q>,
    first: bool,
}

impl<'q> Fields<'_, 'q> {
    /// Adds SQL for the next field.
    pub(in crate::store) fn push(&mut self, sql: &str) -> &mut Self {
        if !std::mem::take(&mut self.first) {
            self.of.sql.push_str(", ");
        }
        self.of.sql.push_str(sql);
        self
    }

    /// Adds a value for the next field.
    pub(in crate::store) fn push_bind(&mut self, value: impl Into<Value<'q>>) -> &mut Self {
        self.of.values.push(value.into());
        if self.of.numbered {
            let number = self.of.values.len();
            self.push(&format!("${number}"))
        } else {
            self.push("?")
        }
    }
}
