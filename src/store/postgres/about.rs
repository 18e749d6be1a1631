//! What `doctor` asks the server about itself and the way to it.

use super::{PgStore, session::time};
use crate::store::{About, sql::Trouble};
use jiff::Timestamp;

/// Clocks this far apart, in seconds, are worth telling. Nothing goes wrong by it: the database's
/// time counts.
const APART: i64 = 5;

impl PgStore {
    pub(super) async fn look(&self) -> Result<About, Trouble> {
        let (schema, now, unlogged): (Option<i64>, i64, bool) = sqlx::query_as(
            "SELECT (SELECT max(version) FROM _sqlx_migrations), \
             (extract(epoch FROM clock_timestamp()) * 1000)::bigint, \
             current_setting('fsync') = 'off' OR current_setting('full_page_writes') = 'off'",
        )
        .fetch_one(&self.pool)
        .await?;
        let now = time(now)?;
        self.clock.told(now);
        let mut warnings = Vec::new();
        if let Some(problem) = self.address.warning() {
            let next = "change `url` under [store]";
            warnings.push(("way to the server", problem.to_owned(), next));
        }
        let apart = Timestamp::now().duration_since(now).as_secs();
        if apart.abs() > APART {
            warnings.push((
                "clocks",
                format!("this host's is {apart} s off the database's, whose time counts"),
                "have both set by NTP",
            ));
        }
        if unlogged {
            warnings.push((
                "durability",
                "the server runs with fsync or full_page_writes off: a power cut can lose or \
                 damage what was decided"
                    .to_owned(),
                "switch both on in postgresql.conf",
            ));
        }
        Ok(About {
            place: self.address.to_string(),
            schema: schema.unwrap_or(0),
            free: None,
            warnings,
        })
    }
}
