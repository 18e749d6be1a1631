//! When each key was last used: one request a key, so spread over polls where keys are many.
//!
//! ```text
//!   keys ─▶ known and fresh? ─yes─▶ as known
//!             │no, longest unasked first
//!             ▼
//!           ask, until the time for this poll is used up ─▶ the next poll goes on
//! ```
//!
//! AWS itself reports last use with a delay, so an answer some minutes old is as good as a new
//! one. A preview asks again.

use super::{
    inventory::AccessKey,
    keys::Keys,
    listing::{CONCURRENCY, last_used},
};
use crate::{
    domain::{FaultKind, LastUsed, SourceFault},
    sources::Progress,
};
use aws_sdk_iam::Client;
use futures::{StreamExt, stream};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// An answer younger than this is not asked for again.
const FRESH: Duration = Duration::from_mins(5);

/// Time one poll may spend on this.
const BUDGET: Duration = Duration::from_secs(30);

/// What is known of each key, from this poll and earlier ones.
#[derive(Debug, Clone, Default)]
pub(super) struct LastUses(Arc<Mutex<HashMap<String, Known>>>);

#[derive(Debug, Clone)]
struct Known {
    asked: Instant,
    answer: LastUsed,
}

impl LastUses {
    /// Fills in when the keys were last used; says why where that could not be found out.
    pub(super) async fn fill(
        &self,
        iam: &Client,
        keys: &mut Keys,
        progress: &Progress,
    ) -> Option<SourceFault> {
        let due = self.due(&keys.by_user, keys.fault.is_none());
        let fault = self.ask(iam, due, progress).await;
        let mut unknown = 0_usize;
        if let Ok(known) = self.0.lock() {
            for key in keys.by_user.values_mut().flatten() {
                match known.get(&key.id) {
                    Some(known) => key.last_used = known.answer.clone(),
                    None => unknown += 1,
                }
            }
        }
        fault.or_else(|| {
            (unknown > 0).then(|| {
                SourceFault::new(
                    FaultKind::Timeout,
                    "iam:GetAccessKeyLastUsed",
                    format!("{unknown} keys not asked yet; the next poll goes on with them"),
                )
            })
        })
    }

    /// Keys to ask about: those never asked first, then the longest unasked. Keys that are gone
    /// are forgotten, which only a `complete` listing can tell.
    fn due(&self, keys: &HashMap<String, Vec<AccessKey>>, complete: bool) -> Vec<String> {
        let ids: Vec<&str> = keys.values().flatten().map(|key| key.id.as_str()).collect();
        let Ok(mut known) = self.0.lock() else { return Vec::new() };
        let mut kept = HashMap::with_capacity(ids.len());
        let mut due = Vec::new();
        for id in ids {
            let earlier = known.remove(id);
            let asked = earlier.as_ref().map(|known| known.asked);
            if asked.is_none_or(|asked| asked.elapsed() >= FRESH) {
                due.push((asked, id.to_owned()));
            }
            if let Some(earlier) = earlier {
                kept.insert(id.to_owned(), earlier);
            }
        }
        if complete {
            *known = kept;
        } else {
            known.extend(kept);
        }
        due.sort_unstable();
        due.into_iter().map(|(_, id)| id).collect()
    }

    async fn ask(
        &self,
        iam: &Client,
        due: Vec<String>,
        progress: &Progress,
    ) -> Option<SourceFault> {
        let (start, total, mut done) = (Instant::now(), due.len(), 0);
        let mut reads = stream::iter(due)
            .map(|id| async move {
                let answer = last_used(iam, &id).await;
                (id, answer)
            })
            .buffer_unordered(CONCURRENCY);
        let mut fault = None;
        while let Some((id, answer)) = reads.next().await {
            done += 1;
            progress.step("last use of access keys", done, Some(total));
            match answer {
                Ok(answer) => self.remember(id, answer),
                // Deleted since it was listed.
                Err(gone) if gone.kind == FaultKind::NotFound => {}
                Err(why) => {
                    // What is refused for one key is refused for all.
                    let is_hopeless = !why.is_transient();
                    fault.get_or_insert(why);
                    if is_hopeless {
                        break;
                    }
                }
            }
            if start.elapsed() >= BUDGET {
                break;
            }
        }
        fault
    }

    fn remember(&self, id: String, answer: LastUsed) {
        if let Ok(mut known) = self.0.lock() {
            known.insert(id, Known { asked: Instant::now(), answer });
        }
    }
}
