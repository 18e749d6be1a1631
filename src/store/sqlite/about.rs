//! What `doctor` asks the file about itself.

use super::SqliteStore;
use crate::store::{About, sql::Trouble};

impl SqliteStore {
    pub(super) async fn look(&self) -> Result<About, Trouble> {
        let schema: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&self.reader)
            .await?;
        Ok(About {
            place: self.path.display().to_string(),
            schema: schema.unwrap_or(0),
            free: self.free_bytes(),
            warnings: Vec::new(),
        })
    }

    /// Bytes that are free for us where the file lies; `None` where the system does not tell.
    fn free_bytes(&self) -> Option<u64> {
        let found = rustix::fs::statvfs(&self.path).ok()?;
        found.f_bavail.checked_mul(found.f_frsize)
    }
}
