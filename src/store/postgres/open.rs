//! Opening: what server, what schema, and whether this program knows it.
//!
//! ```text
//!   connect ─▶ 15 or newer, UTF-8? ─▶ schema `countersign` there? ─▶ neither older nor newer ─▶ open
//!                                       └─ no, or older: `countersign store init`
//! ```

use super::{Address, Clock, PgStore, answer, session::time, trouble::explain};
use crate::store::{StoreError, sql::Trouble};
use sqlx::{
    Executor as _, PgConnection,
    migrate::Migrator,
    postgres::{PgPool, PgPoolOptions},
};
use std::{path::PathBuf, sync::Arc, time::Duration};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/postgres/migrations");

/// Connections of one process. Few, because there are many processes.
const CONNECTIONS: u32 = 4;

/// The oldest server whose ways are known here, as `server_version_num`.
const OLDEST: i64 = 150_000;

/// What every connection is told: where the tables are, and that a transaction whose client fell
/// silent ends soon, because others may wait for it.
const MANNERS: &str = "SET search_path TO countersign, pg_temp; \
     SET client_min_messages TO warning; \
     SET synchronous_commit TO on; \
     SET idle_in_transaction_session_timeout TO '10s'; \
     SET tcp_keepalives_idle TO 5; SET tcp_keepalives_interval TO 3; \
     SET tcp_keepalives_count TO 3; SET tcp_user_timeout TO 15000";

impl PgStore {
    /// Opens the store at this address, waiting up to thirty seconds for the server and for others
    /// who write, now and at every later call.
    pub async fn open(address: &Address) -> Result<Self, StoreError> {
        Self::open_patiently(address, Duration::from_secs(30)).await
    }

    /// As [`PgStore::open`], waiting up to `patience`.
    pub async fn open_patiently(address: &Address, patience: Duration) -> Result<Self, StoreError> {
        let told = |trouble| explain(trouble, address, patience.as_secs());
        let pool = pool(address, patience);
        let mut first = match pool.acquire().await {
            Ok(first) => first,
            Err(error) => return Err(told(why_not(address, error).await)),
        };
        check_server(&mut first, address).await.map_err(told)?;
        check_schema(&mut first, address).await.map_err(told)?;
        let now: i64 =
            sqlx::query_scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
                .fetch_one(&mut *first)
                .await
                .map_err(|error| told(error.into()))?;
        let places: bool = sqlx::query_scalar(
            "SELECT has_function_privilege('place_entries(bigint, bigint[], bigint, bytea[], \
             bytea[])', 'EXECUTE')",
        )
        .fetch_one(&mut *first)
        .await
        .map_err(|error| told(error.into()))?;
        let clock = Arc::new(Clock::set_to(time(now).map_err(told)?));
        if places {
            // Nobody asks any more what became of a commit of yesterday. What is left costs room only.
            let _ = sqlx::query("DELETE FROM commits WHERE at < $1")
                .bind(now - DAY)
                .execute(&mut *first)
                .await;
        }
        drop(first);
        let (placing, ear) = (Arc::default(), Arc::default());
        Ok(Self { pool, address: address.clone(), clock, patience, places, placing, ear })
    }
}

/// Milliseconds.
const DAY: i64 = 24 * 3_600_000;

fn pool(address: &Address, patience: Duration) -> PgPool {
    // The server gives up first, and says why.
    let lock_timeout = answer(patience).mul_f64(0.8).as_millis();
    // No timers of the pool's own: an idle console must not wake up.
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(answer(patience))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(MANNERS).await?;
                sqlx::query("SELECT set_config('lock_timeout', $1, false)")
                    .bind(lock_timeout.to_string())
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .connect_lazy_with(address.options().clone())
}

/// A pool that ran out of time does not say why; the server may.
async fn why_not(address: &Address, error: sqlx::Error) -> Trouble {
    use sqlx::Connection as _;
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error.into();
    }
    let once = PgConnection::connect_with(address.options());
    match tokio::time::timeout(Duration::from_secs(2), once).await {
        Ok(Err(why)) => why.into(),
        Ok(Ok(_)) | Err(_) => error.into(),
    }
}

/// Refuses a server whose ways are not known here.
pub(super) async fn check_server(db: &mut PgConnection, address: &Address) -> Result<(), Trouble> {
    let (version, encoding, name): (i64, String, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::bigint, \
         current_setting('server_encoding'), current_setting('server_version')",
    )
    .fetch_one(db)
    .await?;
    let why = if version < OLDEST {
        format!("it is PostgreSQL {name}, and 15 or newer is needed")
    } else if encoding != "UTF8" {
        format!("the database's encoding is {encoding}, and UTF8 is needed")
    } else {
        return Ok(());
    };
    let server = address.to_string();
    Err(Trouble::Told(Box::new(StoreError::Unfit { server, why })))
}

/// The version of the schema that is there; none where there is none.
pub(super) async fn schema(db: &mut PgConnection) -> Result<Option<i64>, Trouble> {
    let there: bool =
        sqlx::query_scalar("SELECT to_regclass('countersign._sqlx_migrations') IS NOT NULL")
            .fetch_one(&mut *db)
            .await?;
    if !there {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("SELECT max(version) FROM countersign._sqlx_migrations")
        .fetch_one(db)
        .await?)
}

pub(super) fn known_schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

async fn check_schema(db: &mut PgConnection, address: &Address) -> Result<(), Trouble> {
    let (found, known) = (schema(db).await?, known_schema());
    let server = address.to_string();
    let error = match found {
        Some(found) if found == known => return Ok(()),
        Some(found) if found > known => {
            StoreError::UnknownSchema { path: PathBuf::from(server), found, known }
        }
        Some(_) => StoreError::Unprepared { server, what: "an older store" },
        None => StoreError::Unprepared { server, what: "no store yet" },
    };
    Err(Trouble::Told(Box::new(error)))
}
