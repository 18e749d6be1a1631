//! Groups whose members a command tells: asked again when their time has come.

use super::output::Output;
use crate::{review::Rules, trust::LiveRoster};
use std::time::Duration;
use tokio::task::AbortHandle;

/// How often somebody who stays looks whether a command has to be asked.
const LOOK: Duration = Duration::from_secs(15);

/// Asks the commands whose answers are old. What goes wrong shows in the roster.
pub(super) async fn refresh(reviewers: &LiveRoster) {
    if !reviewers.asks() {
        return;
    }
    let reviewers = reviewers.clone();
    // Only a runtime that shuts down takes the work away, and then nobody waits for it.
    let _ = tokio::task::spawn_blocking(move || log(&reviewers)).await;
}

fn log(reviewers: &LiveRoster) {
    for fault in reviewers.refresh() {
        tracing::warn!(%fault, "a group was not told anew");
    }
}

/// Goes on asking for as long as what it gives is kept.
pub(super) fn keep_asking(reviewers: &LiveRoster) -> Option<Asking> {
    reviewers.asks().then(|| {
        let reviewers = reviewers.clone();
        let task = tokio::spawn(async move {
            loop {
                refresh(&reviewers).await;
                tokio::time::sleep(LOOK).await;
            }
        });
        Asking(task.abort_handle())
    })
}

/// Commands are asked as long as this is there.
#[derive(Debug)]
pub(super) struct Asking(AbortHandle);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Says which groups nobody is in because their command did not tell.
pub(super) fn tell(rules: &Rules, output: Output) {
    for fault in rules.reviewers.now().empty() {
        output.notice(format!("warning: {fault}"));
        output.notice("  next: `countersign doctor` asks its command and shows what it says");
    }
}
