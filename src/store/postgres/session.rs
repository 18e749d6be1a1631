//! One transaction on a server.
//!
//! ```text
//!   begin ─▶ … ─▶ COMMIT ──answered──▶ kept
//!              │      └──connection lost──▶ the server is asked by the name we gave it
//!              └─dropped half-way──▶ the connection is closed, so the server forgets it all
//! ```

use crate::{domain::nonce, store::sql::Trouble};
use jiff::Timestamp;
use sqlx::{Executor as _, PgConnection, Postgres, pool::PoolConnection};
use std::time::Duration;

/// A view holds no lock that others wait for, and a whole store may be read in one.
const VIEW: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
     SET LOCAL idle_in_transaction_session_timeout TO '10min'";

/// A transaction, and the name by which it is found again.
pub(in crate::store) struct Session {
    connection: PoolConnection<Postgres>,
    now: Timestamp,
    /// Its line in `commits`; none for a view.
    token: Option<String>,
    beside: bool,
    open: bool,
    /// Whether it adds entries to the ledger, which wait for their places.
    tells: bool,
    /// How long the server may take over one statement.
    answer: Duration,
}

impl Session {
    /// A consistent view, as of `now`.
    pub(super) async fn view(
        mut connection: PoolConnection<Postgres>,
        now: Timestamp,
        answer: Duration,
    ) -> Result<Self, Trouble> {
        connection.execute(VIEW).await?;
        Ok(Self { connection, now, token: None, beside: true, open: true, tells: false, answer })
    }

    /// A write: one after the other where `beside` is not set, else together with others. What it
    /// reads is what was kept before it had the lock.
    pub(super) async fn write(
        connection: PoolConnection<Postgres>,
        beside: bool,
        answer: Duration,
    ) -> Result<Self, Trouble> {
        let now = Timestamp::UNIX_EPOCH;
        let mut begun =
            Self { connection, now, token: None, beside, open: true, tells: false, answer };
        begun.connection.execute("BEGIN").await?;
        let lock = if beside {
            "WITH named AS (INSERT INTO commits (token, at, kept) \
             VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 1)) \
             UPDATE bumps SET n = n + 1 WHERE slot = pg_backend_pid() % 256 \
             RETURNING (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
        } else {
            "WITH named AS (INSERT INTO commits (token, at, kept) \
             VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 1)) \
             SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM meta FOR UPDATE"
        };
        let token = token()?;
        let locked = sqlx::query_scalar(lock).bind(&token).fetch_one(&mut *begun.connection);
        let now: i64 =
            tokio::time::timeout(answer, locked).await.map_err(|_| Trouble::TooLate)??;
        begun.now = time(now)?;
        begun.token = Some(token);
        Ok(begun)
    }

    /// The connection it is on.
    pub(in crate::store) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// How long the server may take over one statement. A wire that fell silent says nothing, ever.
    pub(in crate::store) fn answer(&self) -> Duration {
        self.answer
    }

    /// It adds entries to the ledger.
    pub(in crate::store) fn tells(&mut self) {
        self.tells = true;
    }

    /// Whether it added entries to the ledger.
    pub(super) fn told(&self) -> bool {
        self.tells
    }

    /// The database's time when it began.
    pub(in crate::store) fn now(&self) -> Timestamp {
        self.now
    }

    /// Its line in `commits`, where it writes.
    pub(super) fn token(&self) -> Option<String> {
        self.token.clone()
    }

    /// Tells the others that something was written; who writes beside others did so first of all.
    pub(super) async fn bump(&mut self) -> Result<(), Trouble> {
        if !self.beside {
            let bump = sqlx::query("UPDATE meta SET version = version + 1");
            bump.execute(&mut *self.connection).await?;
        }
        Ok(())
    }

    /// Ends it for good.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        // Whoever notifies commits one at a time; who writes beside others is found by polling.
        let commit = if self.beside { "COMMIT" } else { "NOTIFY countersign; COMMIT" };
        self.connection.execute(commit).await?;
        self.open = false;
        Ok(())
    }

    /// Ends it with nothing kept.
    pub(super) async fn rollback(mut self) -> Result<(), Trouble> {
        self.connection.execute("ROLLBACK").await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

/// A name for a write that no other has.
fn token() -> Result<String, Trouble> {
    let wrong = |error| Trouble::Wrong(format!("the system gives no random numbers: {error}"));
    nonce().map_err(wrong)
}

/// A time as the server gave it.
pub(super) fn time(millis: i64) -> Result<Timestamp, Trouble> {
    Timestamp::from_millisecond(millis)
        .map_err(|error| Trouble::Unreadable(format!("the server's time is out of range: {error}")))
}
