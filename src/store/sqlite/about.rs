//! What `doctor` asks the store about itself.

use super::{SqliteStore, Trouble};
use crate::store::StoreError;

impl SqliteStore {
    /// Version of the schema in the file: the number of its newest migration.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        let found: Result<Option<i64>, sqlx::Error> =
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
                .fetch_one(&self.reader)
                .await;
        Ok(found.map_err(|error| self.explain(Trouble::from(error)))?.unwrap_or(0))
    }

    /// Bytes that are free for us where the file lies; `None` where the system does not tell.
    pub fn free_bytes(&self) -> Option<u64> {
        let found = rustix::fs::statvfs(&self.path).ok()?;
        found.f_bavail.checked_mul(found.f_frsize)
    }
}
