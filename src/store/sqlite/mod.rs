//! The store in one SQLite file, through sqlx.
//!
//! ```text
//!   writes ──▶ turn ──▶ writer (1 connection) ── BEGIN IMMEDIATE … bump meta.version … COMMIT ──▶ file
//!   reads  ──▶ readers (3, query only) ◀────────────── write-ahead log ─────────────────────────────┘
//! ```
//!
//! Every write is one transaction that takes the write lock at its start, so two processes never
//! act on the same earlier state. `synchronous` stays `FULL`: an order has to be on the disk
//! before it is sent.

mod about;
mod filesystem;
mod open;
mod trouble;
mod turn;

use super::{
    About, StoreError,
    sql::{Backend, Beside, Db, OnFile, Tries, Trouble, import, is_due, query},
};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::{
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Mutex, time::timeout};
use trouble::{explain, is_busy};

pub(in crate::store) use turn::Turn;

/// Everything remembered, in one file that several processes may share.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
    path: PathBuf,
    patience: Duration,
    /// Who of this process writes next.
    queue: Arc<Mutex<()>>,
}

impl SqliteStore {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins to write when it is our turn. Whoever does not queue (an older release, another
    /// program) may have the lock all the same, or the queue may not move: then everybody waits
    /// random times, which are nearly fair.
    async fn next(&self) -> Result<Db, sqlx::Error> {
        let here = Arc::clone(&self.queue).lock_owned().await;
        let others = self.while_others_write(STUCK.min(self.patience), turn::wait(&self.path));
        let turn = Turn::new(here, others.await.flatten());
        let mut longest = FIRST_PAUSE;
        loop {
            match begin(&self.writer, "BEGIN IMMEDIATE").await {
                Err(error) if is_busy(&error) => {
                    tokio::time::sleep(longest.mul_f64(crate::domain::chance())).await;
                    longest = (longest * 2).min(LONGEST_PAUSE);
                }
                answer => return Ok(Db::Sqlite(OnFile::new(answer?, turn))),
            }
        }
    }

    /// Waits for something, as long as anybody writes meanwhile. None: for `patience` nobody did.
    async fn while_others_write<T>(
        &self,
        patience: Duration,
        wait: impl Future<Output = T>,
    ) -> Option<T> {
        let mut wait = pin!(wait);
        // Nearly always it is there at once, and then nothing is asked.
        if let Ok(done) = timeout(open::BRIEFLY.min(patience), &mut wait).await {
            return Some(done);
        }
        let mut before = self.now_at().await.ok();
        loop {
            if let Ok(done) = timeout(patience, &mut wait).await {
                return Some(done);
            }
            let now = self.now_at().await.ok();
            if now.is_none() || now == before {
                return None;
            }
            before = now;
        }
    }

    /// Writes what stood here before the ledger into it, once.
    async fn import(&self) -> Result<(), Trouble> {
        let mut look = self.read().await?;
        let due = is_due(&mut look).await?;
        self.leave(look).await?;
        if due {
            let mut db = self.write(Beside::Nobody).await?;
            import(&mut db).await?;
            self.keep(db).await?;
        }
        Ok(())
    }
}

/// The first pause between two tries to write is at most so long,
const FIRST_PAUSE: Duration = Duration::from_millis(4);
/// and later ones so long.
const LONGEST_PAUSE: Duration = Duration::from_millis(64);
/// A queue in which nothing moves so long is left: whoever is first in it may be stopped.
const STUCK: Duration = Duration::from_secs(2);

/// Begins a transaction. Where SQLite ended the last one by itself (the disk was full, or could not
/// be read), the driver still counts it: that connection is closed, and another one opened.
async fn begin(
    pool: &SqlitePool,
    how: &'static str,
) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    loop {
        match pool.begin_with(how).await {
            Err(sqlx::Error::InvalidSavePointStatement) => pool.acquire().await?.close().await?,
            answer => return answer,
        }
    }
}

#[async_trait]
impl Backend for SqliteStore {
    async fn read(&self) -> Result<Db, Trouble> {
        Ok(Db::Sqlite(OnFile::new(begin(&self.reader, "BEGIN").await?, Turn::default())))
    }

    /// Takes the write lock. Waits as long as others get on with theirs: many who write are no
    /// reason to give up, one who keeps the lock is.
    async fn write(&self, _beside: Beside) -> Result<Db, Trouble> {
        let begun = self.while_others_write(self.patience, self.next()).await;
        Ok(begun.ok_or(Trouble::TooLate)??)
    }

    async fn keep(&self, mut db: Db) -> Result<(), Trouble> {
        query("UPDATE meta SET version = version + 1").later(&mut db).await?;
        match db {
            Db::Sqlite(mut file) => {
                file.flush().await?;
                let OnFile { transaction, turn, .. } = file;
                transaction.commit().await?;
                drop(turn);
                Ok(())
            }
            Db::Postgres(_) => Err(Trouble::Wrong("a transaction of another store".into())),
        }
    }

    async fn leave(&self, db: Db) -> Result<(), Trouble> {
        match db {
            Db::Sqlite(file) => {
                let OnFile { transaction, turn, .. } = file;
                transaction.rollback().await?;
                drop(turn);
                Ok(())
            }
            Db::Postgres(_) => Err(Trouble::Wrong("a transaction of another store".into())),
        }
    }

    async fn again(&self, _trouble: &Trouble, _tries: &mut Tries) -> bool {
        false
    }

    fn limit(&self) -> Duration {
        // A file does not hang, and its locks have their own patience.
        Duration::MAX
    }

    fn explain(&self, trouble: Trouble) -> StoreError {
        explain(trouble, &self.path, self.patience.as_secs())
    }

    async fn now_at(&self) -> Result<i64, Trouble> {
        Ok(sqlx::query_scalar("SELECT version FROM meta").fetch_one(&self.reader).await?)
    }

    fn of_lists(&self, version: i64) -> i64 {
        version
    }

    async fn about(&self) -> Result<About, Trouble> {
        self.look().await
    }

    async fn shut(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    fn clock(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn until(&self, _version: i64, at_most: Duration) {
        tokio::time::sleep(at_most).await;
    }
}
