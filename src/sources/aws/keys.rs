//! The access keys of all users: one request a user, so spread over polls where users are many.
//!
//! ```text
//!   users, longest unread first ─▶ ListAccessKeys, until the time of this poll is used up
//!                                      └▶ the rest is a gap: the store keeps what it had of them,
//!                                         marked stale, and the next poll begins with them
//! ```
//!
//! Answers are not carried over here: an order given meanwhile by anyone, in any process, would
//! make an old answer say that a revoked key is active.

use super::{
    inventory::AccessKey,
    listing::{CONCURRENCY, list_keys},
};
use crate::{
    domain::{FaultKind, SourceFault},
    sources::Progress,
};
use aws_sdk_iam::Client;
use futures::{StreamExt, stream};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Time one poll may spend on this. With the 30 s for last uses it leaves room for the rest within
/// the two minutes a poll may take.
const BUDGET: Duration = Duration::from_secs(50);

/// Users whose keys could not be listed before we give up, when not one could be.
const HOPELESS_AFTER: usize = 20;

/// What was read of the users' keys.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Keys of each user that has any; their last use is asked for apart.
    pub(super) by_user: HashMap<String, Vec<AccessKey>>,
    /// Why the listing is incomplete, if it is.
    pub(super) fault: Option<SourceFault>,
}

/// When each user's keys were last listed, by this process.
#[derive(Debug, Clone)]
pub(super) struct KeyRounds {
    read: Arc<Mutex<HashMap<String, Instant>>>,
    budget: Duration,
}

impl Default for KeyRounds {
    fn default() -> Self {
        Self { read: Arc::default(), budget: BUDGET }
    }
}

impl KeyRounds {
    /// With another limit on the time of one poll.
    pub(super) fn with_budget(self, budget: Duration) -> Self {
        Self { budget, ..self }
    }

    /// Lists the keys of as many users as the time allows.
    pub(super) async fn read(&self, iam: &Client, users: Vec<String>, progress: &Progress) -> Keys {
        let (start, total) = (Instant::now(), users.len());
        let mut reads = stream::iter(self.in_turn(users))
            .map(|user| async move {
                let read = list_keys(iam, &user).await;
                (user, read)
            })
            // In order, so that who is first in turn is never overtaken when the time is over.
            .buffered(CONCURRENCY);
        let mut keys = Keys::default();
        let (mut done, mut failed) = (0, 0);
        progress.step("access keys", 0, Some(total));
        while let Some((user, read)) = reads.next().await {
            done += 1;
            progress.step("access keys", done, Some(total));
            match read {
                Ok(read) => {
                    self.remember(&user);
                    if !read.is_empty() {
                        keys.by_user.insert(user, read);
                    }
                }
                // Deleted since the users were listed.
                Err(gone) if gone.kind == FaultKind::NotFound => {}
                Err(why) => {
                    failed += 1;
                    let stop = why.kind == FaultKind::BadToken
                        || (failed >= HOPELESS_AFTER && failed == done);
                    keys.fault.get_or_insert(why);
                    if stop {
                        break;
                    }
                }
            }
            if start.elapsed() >= self.budget {
                break;
            }
        }
        let unread = failed + (total - done);
        if let Some(fault) = &mut keys.fault {
            let detail = format!("{unread} of {total} users not read. {}", fault.detail.raw());
            fault.detail = detail.into();
        } else if unread > 0 {
            let seconds = self.budget.as_secs();
            keys.fault = Some(SourceFault::new(
                FaultKind::Timeout,
                "iam:ListAccessKeys",
                format!(
                    "{unread} of {total} users not read within the {seconds} s a poll may spend on \
                     keys; what is shown of them is from before, and the next poll begins with them"
                ),
            ));
        }
        keys
    }

    /// Users never read first, then the longest unread. Users that are gone are forgotten.
    fn in_turn(&self, mut users: Vec<String>) -> Vec<String> {
        // Where each process reads only once, every one begins with other users.
        let cut = getrandom::u32().map_or(0, |n| n as usize % users.len().max(1));
        users.rotate_left(cut);
        if let Ok(mut read) = self.read.lock() {
            let mut kept = HashMap::with_capacity(read.len());
            for user in &users {
                if let Some(at) = read.remove(user) {
                    kept.insert(user.clone(), at);
                }
            }
            users.sort_by_key(|user| kept.get(user).copied());
            *read = kept;
        }
        users
    }

    fn remember(&self, user: &str) {
        if let Ok(mut read) = self.read.lock() {
            read.insert(user.to_owned(), Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KeyRounds;

    fn users(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_user_that_was_not_reached_comes_first_next_time() {
        let rounds = KeyRounds::default();
        for user in ["ada", "bo"] {
            rounds.remember(user);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        for _ in 0..20 {
            let order = rounds.in_turn(users(&["ada", "bo", "cy"]));
            assert_eq!(order, ["cy", "ada", "bo"]);
        }
    }

    #[test]
    fn a_user_that_is_gone_is_forgotten() {
        let rounds = KeyRounds::default();
        rounds.remember("ada");
        rounds.in_turn(users(&["bo"]));
        assert!(rounds.read.lock().unwrap().is_empty());
    }
}
