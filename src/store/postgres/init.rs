//! Making a store on a server: roles, tables, rights. Run again, it renews what is there.
//!
//! ```text
//!   roles ─▶ as countersign_owner: schema ─▶ migrations ─▶ rights ─▶ what was done, in words
//! ```

use super::{
    Address,
    open::{MIGRATIONS, check_server, known_schema, schema},
    trouble::explain,
};
use crate::store::{StoreError, sql::Trouble};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, migrate::MigrateError};
use std::{path::PathBuf, time::Duration};

/// The roles, and what each is for.
const ROLES: [(&str, &str); 4] = [
    ("countersign_owner", "owns the tables"),
    ("countersign_reviewer", "polls, decides and carries out"),
    ("countersign_agent", "asks, and reads the answers to what it asked itself"),
    ("countersign_auditor", "reads"),
];

const RIGHTS: &str = include_str!("rights.sql");

/// The lock of whoever makes a store: `countersign init` as a number.
const ONE_AT_A_TIME: i64 = 0x0063_7369_6e69_7401;

/// How long the server may take to answer at first.
const PATIENCE: Duration = Duration::from_secs(15);

/// Makes the store at this address, or brings it up to date; answers what was done, a line each.
/// Whoever does it may make roles and may create in this database.
pub async fn init(address: &Address) -> Result<Vec<String>, StoreError> {
    let told = |trouble| explain(trouble, address, PATIENCE.as_secs());
    let connecting = PgConnection::connect_with(address.options());
    let connected = tokio::time::timeout(PATIENCE, connecting).await;
    let mut db =
        connected.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(|error| told(error.into()))?;
    let done = make(&mut db, address).await;
    // What was made stands, however the connection ends.
    let _ = db.close().await;
    done.map_err(told)
}

async fn make(db: &mut PgConnection, address: &Address) -> Result<Vec<String>, Trouble> {
    check_server(db, address).await?;
    let mut done = Vec::new();
    db.execute("SET client_min_messages TO warning").await?;
    // Grants on one object collide; whoever comes second waits until the first hangs up.
    sqlx::query("SELECT pg_advisory_lock($1)").bind(ONE_AT_A_TIME).execute(&mut *db).await?;
    for (role, what) in ROLES {
        done.push(make_role(db, role, what).await?);
    }
    let member: bool =
        sqlx::query_scalar("SELECT pg_has_role(current_user, 'countersign_owner', 'MEMBER')")
            .fetch_one(&mut *db)
            .await?;
    if !member {
        db.execute("GRANT countersign_owner TO CURRENT_USER").await?;
    }
    db.execute(
        "DO $$ BEGIN \
           EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO countersign_owner', \
             current_database()); \
           EXECUTE format('GRANT CONNECT ON DATABASE %I TO countersign_reviewer, \
             countersign_agent, countersign_auditor', current_database()); \
         END $$",
    )
    .await?;
    db.execute("SET ROLE countersign_owner").await?;
    db.execute("CREATE SCHEMA IF NOT EXISTS countersign").await?;
    db.execute("SET search_path TO countersign, pg_temp").await?;
    let (before, known) = (schema(db).await?, known_schema());
    if let Some(found) = before.filter(|found| *found > known) {
        let path = PathBuf::from(address.to_string());
        return Err(Trouble::Told(Box::new(StoreError::UnknownSchema { path, found, known })));
    }
    match MIGRATIONS.run_direct(None, &mut *db, false).await {
        Ok(()) => {}
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            return Err(error.into());
        }
        Err(other) => return Err(Trouble::Unreadable(other.to_string())),
    }
    done.push(match before {
        None => format!("tables: made (schema version {known})"),
        Some(found) if found < known => format!("tables: brought from version {found} to {known}"),
        Some(_) => format!("tables: up to date (schema version {known})"),
    });
    let mut rights = db.begin().await?;
    // Two that do this at once would trip over each other's policies.
    rights.execute("SELECT only_row FROM meta FOR UPDATE").await?;
    rights.execute(RIGHTS).await?;
    rights.commit().await?;
    done.push("rights and row security: renewed".to_owned());
    Ok(done)
}

/// Roles belong to the whole server: another database's store may have made them.
async fn make_role(
    db: &mut PgConnection,
    role: &'static str,
    what: &'static str,
) -> Result<String, Trouble> {
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
            .bind(role)
            .fetch_one(&mut *db)
            .await?;
    if there {
        return Ok(format!("role {role}: there already ({what})"));
    }
    // Another may make it between the question and this.
    let make = format!(
        "DO $$ BEGIN CREATE ROLE {role} NOLOGIN; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    db.execute(AssertSqlSafe(make)).await?;
    Ok(format!("role {role}: made ({what})"))
}
