//! The store of a team, on a PostgreSQL server (15 or newer), through sqlx.
//!
//! ```text
//!   writes ──▶ BEGIN … SELECT … FROM meta FOR UPDATE … version + 1 … COMMIT ──▶ one at a time
//!   adds   ──▶ BEGIN … INSERT … bumps[pid % 256] + 1 … COMMIT               ──▶ side by side
//!   reads  ──▶ BEGIN REPEATABLE READ READ ONLY … COMMIT
//!   lost connection ──▶ pause, again; a commit nobody answered is looked up by its number
//! ```
//!
//! The lock on the only row of `meta` makes what changes a list happen one after the other, as on
//! a file: nothing has to be tried again because two met, and the number rows carry grows in the
//! order in which they are seen. What is only added goes on beside it. The database's time counts,
//! because the clocks of several hosts do not agree.

mod about;
mod address;
mod clock;
mod ear;
mod init;
mod ledger;
mod open;
mod session;
mod trouble;

pub use address::{Address, AddressError};
pub use init::init;
pub(in crate::store) use session::Session;

use super::{
    About, StoreError,
    sql::{Backend, Beside, Db, Many, Tries, Trouble},
};
use async_trait::async_trait;
use clock::Clock;
use ear::Ear;
use jiff::Timestamp;
use ledger::Placing;
use sqlx::PgPool;
use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};
use trouble::{explain, is_gone, is_passing};

/// Everything remembered, on a server that several hosts share.
#[derive(Debug, Clone)]
pub struct PgStore {
    pool: PgPool,
    address: Address,
    clock: Arc<Clock>,
    patience: Duration,
    /// Whether this login may give entries of the ledger their places.
    places: bool,
    /// When this process last gave some.
    placing: Arc<Placing>,
    /// Hears of others' writes.
    ear: Arc<Ear>,
}

/// The first pause before another try is at most so long,
const FIRST_PAUSE: Duration = Duration::from_millis(25);
/// and later ones so long.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Bits of a version that count what was added beside others; the rest counts changes of lists.
const BESIDE_BITS: u32 = 20;

impl PgStore {
    /// Where it is, without the password.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// How long the server may take over one statement: long enough for others who hold the lock,
    /// short enough for another try.
    fn answer(&self) -> Duration {
        answer(self.patience)
    }

    /// Whether a transaction whose commit nobody answered was kept. Its line is in `commits` then; a
    /// line of ours waits for one that is still open there, and keeps out one that has not begun to
    /// commit.
    async fn was_kept(&self, token: &str) -> Result<bool, Trouble> {
        let begun = Instant::now();
        loop {
            let asked = async {
                let mut connection = self.pool.acquire().await?;
                sqlx::query(
                    "INSERT INTO commits (token, at, kept) VALUES \
                     ($1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0) \
                     ON CONFLICT DO NOTHING",
                )
                .bind(token)
                .execute(&mut *connection)
                .await?;
                sqlx::query_scalar::<_, i32>("SELECT kept FROM commits WHERE token = $1")
                    .bind(token)
                    .fetch_optional(&mut *connection)
                    .await
            };
            if let Ok(Ok(Some(kept))) = tokio::time::timeout(self.answer(), asked).await {
                return Ok(kept == 1);
            }
            if begun.elapsed() > self.patience + SETTLED {
                let server = self.address.to_string();
                return Err(Trouble::Told(Box::new(StoreError::Unsure { server })));
            }
            tokio::time::sleep(LONGEST_PAUSE / 4).await;
        }
    }
}

fn answer(patience: Duration) -> Duration {
    patience.clamp(Duration::from_secs(1), Duration::from_secs(10))
}

/// The server ends a transaction whose client is gone within this time.
const SETTLED: Duration = Duration::from_secs(15);

fn of_other() -> Trouble {
    Trouble::Wrong("a transaction of another store".into())
}

#[async_trait]
impl Backend for PgStore {
    async fn read(&self) -> Result<Db, Trouble> {
        let connection = self.pool.acquire().await?;
        Ok(Db::Postgres(Session::view(connection, self.clock.now(), self.answer()).await?))
    }

    async fn write(&self, beside: Beside) -> Result<Db, Trouble> {
        let connection = self.pool.acquire().await?;
        let session = Session::write(connection, beside == Beside::Others, self.answer()).await?;
        self.clock.told(session.now());
        Ok(Db::Postgres(session))
    }

    async fn keep(&self, db: Db) -> Result<(), Trouble> {
        let Db::Postgres(mut session) = db else { return Err(of_other()) };
        tokio::time::timeout(self.answer(), session.bump())
            .await
            .unwrap_or(Err(Trouble::TooLate))?;
        let (token, told) = (session.token(), session.told());
        let lost = match tokio::time::timeout(self.answer(), session.commit()).await {
            Ok(Ok(())) => {
                if told {
                    // It is kept; its place may be given later, by anybody.
                    self.place_soon().await;
                }
                return Ok(());
            }
            Ok(Err(error)) if !is_gone(&error) => return Err(error.into()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer to the commit".to_owned(),
        };
        let Some(token) = token else { return Err(Trouble::Lost(lost)) };
        if self.was_kept(&token).await? { Ok(()) } else { Err(Trouble::Lost(lost)) }
    }

    async fn leave(&self, db: Db) -> Result<(), Trouble> {
        let Db::Postgres(session) = db else { return Err(of_other()) };
        // What it answered stands, whatever becomes of its connection now.
        let _ = tokio::time::timeout(self.answer(), session.rollback()).await;
        Ok(())
    }

    async fn again(&self, trouble: &Trouble, tries: &mut Tries) -> bool {
        let longest = FIRST_PAUSE.saturating_mul(1 << tries.count.min(8)).min(LONGEST_PAUSE);
        tries.count += 1;
        if !is_passing(trouble) || tries.begun.elapsed() + longest >= self.patience {
            return false;
        }
        tokio::time::sleep(longest.mul_f64(crate::domain::chance())).await;
        true
    }

    fn limit(&self) -> Duration {
        // A first poll of a large account writes tens of thousands of rows.
        self.patience.max(Duration::from_mins(10))
    }

    async fn ready_ledger(&self) {
        // Who reads sees what has a place; that not all of it has one yet is no failure.
        let _ = tokio::time::timeout(self.limit(), self.place_now()).await;
    }

    async fn filled(&self, db: &mut Db) -> Result<(), Trouble> {
        for table in ["decisions", "orders", "activity", "autonomous", "ledger_heads"] {
            let next = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'seq'), \
                 (SELECT coalesce(max(seq), 0) + 1 FROM {table}), false)"
            );
            Many::new(db, &next).query(false).fetch_one(db).await?;
        }
        Ok(())
    }

    fn explain(&self, trouble: Trouble) -> StoreError {
        explain(trouble, &self.address, self.patience.as_secs())
    }

    async fn now_at(&self) -> Result<i64, Trouble> {
        let (version, now): (i64, i64) = sqlx::query_as(
            "SELECT (version << $1::int) | ((SELECT sum(n) FROM bumps)::bigint & ((1 << $1::int) - 1)), \
             (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM meta",
        )
        .bind(i32::try_from(BESIDE_BITS).unwrap_or(20))
        .fetch_one(&self.pool)
        .await?;
        self.clock.told(session::time(now)?);
        Ok(version)
    }

    fn of_lists(&self, version: i64) -> i64 {
        version >> BESIDE_BITS
    }

    async fn about(&self) -> Result<About, Trouble> {
        self.look().await
    }

    async fn shut(&self) {
        self.pool.close().await;
    }

    fn clock(&self) -> Timestamp {
        self.clock.now()
    }

    async fn until(&self, version: i64, at_most: Duration) {
        let mut heard = pin!(self.ear.next(&self.address));
        // Whoever waits from here on misses nothing; what was written before is looked for.
        heard.as_mut().enable();
        let waiting = async {
            let now: i64 =
                sqlx::query_scalar("SELECT version FROM meta").fetch_one(&self.pool).await?;
            if now == self.of_lists(version) {
                heard.await;
            }
            Ok::<_, sqlx::Error>(())
        };
        let begun = Instant::now();
        if !matches!(tokio::time::timeout(at_most, waiting).await, Ok(Err(_))) {
            return;
        }
        // A server that is away is not asked again and again.
        tokio::time::sleep(at_most.saturating_sub(begun.elapsed())).await;
    }
}
