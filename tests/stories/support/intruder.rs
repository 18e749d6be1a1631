//! Somebody with nothing but SQL, at a store that is a file.

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;

/// The store as SQLite has it, without its rules about what belongs to what.
pub async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Takes the store's guards away, and then does each of these, which has to touch something.
pub async fn hand(path: &Path, statements: &[&str]) {
    let mut db = raw(path).await;
    let guards: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .fetch_all(&mut db)
            .await
            .unwrap();
    for guard in guards {
        let drop = sqlx::AssertSqlSafe(format!("DROP TRIGGER {guard}"));
        sqlx::query(drop).execute(&mut db).await.unwrap();
    }
    for statement in statements {
        let done = sqlx::query(sqlx::AssertSqlSafe(*statement)).execute(&mut db).await.unwrap();
        assert!(done.rows_affected() > 0, "touched nothing: {statement}");
    }
    db.close().await.unwrap();
}
