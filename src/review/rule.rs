//! What polled sources show, put to policy.
//!
//! ```text
//!   Observation ─▶ each action: seen like this before? ─yes─▶ the ruling of then
//!                                    │no
//!                                    └─ assess ─▶ Case ─▶ Policy::rule ─▶ kept
//! ```
//!
//! What waits at a gate was put to policy there. A ruling may hang on the time, so one that is
//! remembered holds for an hour at most, and every decision asks anew.

use super::{Review, Rules, assess};
use crate::{
    domain::{Action, ActionId, Digest, Leave, Observation, Ruling, Subject},
    policy::{Case, Circumstances, Policy, Staging},
    store::StoreError,
    text::hidden_in,
};
use jiff::Timestamp;
use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

/// Milliseconds a ruling is remembered while nothing it hangs on changes.
const REMEMBERED: i64 = 60 * 60 * 1000;

/// The rulings on what one source showed last.
#[derive(Default)]
pub(super) struct Rulings {
    kept: Mutex<HashMap<ActionId, Kept>>,
}

/// A ruling, and what it hangs on.
struct Kept {
    content: Digest,
    staging: Staging,
    freeze: Option<String>,
    at: Timestamp,
    ruling: Arc<Ruling>,
}

impl Kept {
    fn holds(&self, content: Digest, circumstances: &Circumstances) -> bool {
        let age = circumstances.now.as_millisecond() - self.at.as_millisecond();
        self.content == content
            && self.staging == circumstances.staging
            && self.freeze == circumstances.freeze
            && (0..REMEMBERED).contains(&age)
    }
}

/// Whether policy was asked at the gate.
fn is_at_gate(action: &Action) -> bool {
    matches!(action.subject, Subject::Command { .. } | Subject::Call { .. })
}

impl Rules {
    fn frozen(&self, now: Timestamp) -> Option<String> {
        self.freeze.as_ref().and_then(|frozen| frozen(now))
    }
}

impl Review {
    /// An action that was just read, put to policy. Without a policy here, `before` stays what was
    /// said of it: a host that knows no rules takes none away.
    pub(super) async fn ruled(
        &self,
        mut action: Action,
        before: Option<&Ruling>,
        now: Timestamp,
    ) -> Result<Action, StoreError> {
        let Some(policy) = &self.rules.policy else {
            action.ruling = before.cloned();
            return Ok(action);
        };
        let staged = self.staged([&action].into_iter()).await?;
        let circumstances = Circumstances {
            freeze: self.rules.frozen(now),
            staging: staging(&action, &staged),
            ..Circumstances::at(now)
        };
        action.ruling = Some(rule(policy, &action, &circumstances));
        Ok(action)
    }

    /// Everything a poll saw, put to policy.
    pub(super) async fn all_ruled(
        &self,
        rulings: &Arc<Rulings>,
        mut seen: Observation,
        now: Timestamp,
    ) -> Result<Observation, StoreError> {
        let Some(policy) = self.rules.policy.clone() else { return Ok(seen) };
        if seen.actions.iter().all(is_at_gate) {
            return Ok(seen);
        }
        let staged = self.staged(seen.actions.iter()).await?;
        let circumstances =
            Circumstances { freeze: self.rules.frozen(now), ..Circumstances::at(now) };
        let rulings = Arc::clone(rulings);
        let work = tokio::task::spawn_blocking(move || {
            rulings.rule_all(&policy, &mut seen.actions, circumstances, &staged);
            seen
        });
        // Nothing in there can panic that is not caught; a runtime that shuts down may cancel it.
        work.await.map_err(|error| StoreError::Database(format!("policy was not asked: {error}")))
    }

    /// The commits among these that were let go ahead outside production before.
    async fn staged(
        &self,
        actions: impl Iterator<Item = &Action>,
    ) -> Result<HashSet<String>, StoreError> {
        let commits: Vec<String> = actions.filter_map(|action| commit(&action.subject)).collect();
        if commits.is_empty() {
            return Ok(HashSet::new());
        }
        self.store.staged(&commits).await
    }
}

/// The commit something is about, as the store names it.
fn commit(subject: &Subject) -> Option<String> {
    match subject {
        Subject::PullRequest { repo, head_sha, .. }
        | Subject::Deployment { repo, head_sha, .. } => Some(format!("{repo}@{head_sha}")),
        Subject::Command { .. } | Subject::Call { .. } => None,
    }
}

fn staging(action: &Action, staged: &HashSet<String>) -> Staging {
    match commit(&action.subject) {
        Some(commit) if staged.contains(&commit) => Staging::Succeeded,
        Some(_) => Staging::NotSeen,
        None => Staging::Unknown,
    }
}

/// What policy says; a failure inside is a refusal, as every other one.
fn rule(policy: &Policy, action: &Action, circumstances: &Circumstances) -> Ruling {
    let asked = catch_unwind(AssertUnwindSafe(|| {
        let found = assess(action);
        let circumstances =
            Circumstances { hidden: !hidden_in(action).is_empty(), ..circumstances.clone() };
        policy.rule(Case { action, found: &found, circumstances: &circumstances })
    }));
    asked.unwrap_or_else(|_| Ruling {
        policy: policy.id(),
        tier: "refused".to_owned(),
        leave: Leave::Refused {
            because: "asking policy failed inside countersign; please report it".into(),
        },
        rules: Vec::new(),
    })
}

impl Rulings {
    fn rule_all(
        &self,
        policy: &Policy,
        actions: &mut [Action],
        mut circumstances: Circumstances,
        staged: &HashSet<String>,
    ) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut now = HashMap::with_capacity(actions.len());
        for action in actions.iter_mut().filter(|action| !is_at_gate(action)) {
            // A source does not rule; what is hashed is what it showed.
            action.ruling = None;
            circumstances.staging = staging(action, staged);
            let content = serde_json::to_vec(action).map(|bytes| Digest::of_bytes(&bytes)).ok();
            let known = kept.remove(&action.id).filter(|known| {
                content.is_some_and(|content| known.holds(content, &circumstances))
            });
            let ruled = known.unwrap_or_else(|| Kept {
                content: content.unwrap_or_else(|| Digest::of_bytes(b"")),
                staging: circumstances.staging,
                freeze: circumstances.freeze.clone(),
                at: circumstances.now,
                ruling: Arc::new(rule(policy, action, &circumstances)),
            });
            action.ruling = Some((*ruled.ruling).clone());
            now.insert(action.id.clone(), ruled);
        }
        *kept = now;
    }
}
