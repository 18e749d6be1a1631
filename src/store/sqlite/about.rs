//! What `doctor` asks the file about itself.

use super::{SqliteStore, open::on_network};
use crate::store::{About, sql::Trouble};

impl SqliteStore {
    pub(super) async fn look(&self) -> Result<About, Trouble> {
        let schema: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&self.reader)
            .await?;
        let mut warnings = Vec::new();
        if on_network(&self.path) {
            warnings.push((
                "filesystem",
                "it is on a network filesystem: slower, and two hosts that share it can damage it"
                    .to_owned(),
                "put it on a local disk with `path` under [store], or on a server with `url`",
            ));
        }
        Ok(About {
            place: self.path.display().to_string(),
            schema: schema.unwrap_or(0),
            free: self.free_bytes(),
            warnings,
        })
    }

    /// Bytes that are free for us where the file lies; `None` where the system does not tell.
    fn free_bytes(&self) -> Option<u64> {
        let found = rustix::fs::statvfs(&self.path).ok()?;
        found.f_bavail.checked_mul(found.f_frsize)
    }
}
