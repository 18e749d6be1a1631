//! Hearing of what others write, over one connection for everybody in this process.
//!
//! ```text
//!   first to wait ─▶ LISTEN on a connection of its own ─▶ NOTIFY ─▶ all who wait wake, and look
//!                        └─ lost: connected anew by itself; meanwhile they look when their time is over
//! ```

use super::Address;
use sqlx::postgres::{PgListener, PgPoolOptions};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    sync::{Notify, futures::OwnedNotified},
    task::JoinHandle,
};

/// What is told where: every write does.
const CHANNEL: &str = "countersign";

/// Between two tries to listen, at most; on average half of it.
const PAUSE: Duration = Duration::from_secs(20);

/// Begins to listen when somebody first waits, and ends with the store.
#[derive(Debug, Default)]
pub(super) struct Ear {
    heard: Arc<Notify>,
    listening: OnceLock<JoinHandle<()>>,
}

impl Ear {
    /// Wakes whoever waits for it at the next write of anybody.
    pub(super) fn next(&self, address: &Address) -> OwnedNotified {
        let heard = Arc::clone(&self.heard).notified_owned();
        self.listening.get_or_init(|| {
            let (address, heard) = (address.clone(), Arc::clone(&self.heard));
            tokio::spawn(async move {
                loop {
                    let ended = listen(&address, &heard).await;
                    tracing::debug!(?ended, "not listening to the store's server");
                    tokio::time::sleep(PAUSE.mul_f64(crate::domain::chance())).await;
                }
            })
        });
        heard
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(listening) = self.listening.get() {
            listening.abort();
        }
    }
}

/// Wakes those who wait, as long as the connection can be had.
async fn listen(address: &Address, heard: &Notify) -> Result<(), sqlx::Error> {
    // Not out of the store's own few connections, which writers need.
    let alone = PgPoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(address.options().clone());
    let mut listener = PgListener::connect_with(&alone).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // What was written before, or while the connection was lost, was not heard.
        heard.notify_waiters();
        listener.try_recv().await?;
    }
}
