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

use super::{Review, assess};
use crate::{
    domain::{Action, ActionId, Digest, Leave, Observation, Ruling, Subject, Untrusted},
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
    at: Timestamp,
    ruling: Arc<Ruling>,
}

impl Kept {
    fn holds(&self, content: Digest, circumstances: &Circumstances) -> bool {
        let age = circumstances.now.as_millisecond() - self.at.as_millisecond();
        self.content == content
            && self.staging == circumstances.staging
            && (0..REMEMBERED).contains(&age)
    }
}

/// Whether policy was asked at the gate.
fn is_at_gate(action: &Action) -> bool {
    matches!(action.subject, Subject::Command { .. } | Subject::Call { .. })
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
        let circumstances =
            Circumstances { staging: staging(&action, &staged), ..Circumstances::at(now) };
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
        let circumstances = Circumstances::at(now);
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
        Subject::Command { .. } | Subject::Call { .. } | Subject::FollowUp { .. } => None,
    }
}

fn staging(action: &Action, staged: &HashSet<String>) -> Staging {
    match commit(&action.subject) {
        Some(commit) if staged.contains(&commit) => Staging::Succeeded,
        Some(_) => Staging::NotSeen,
        None => Staging::Unknown,
    }
}

/// Whether who asks made the change; none where the source does not tell.
fn is_author(action: &Action) -> Option<bool> {
    let known = !action.authors.is_empty();
    // Names of accounts differ in more than case.
    let asked = |name: &Untrusted| name.raw().eq_ignore_ascii_case(action.requester.raw());
    known.then(|| action.authors.iter().any(asked))
}

/// What policy says; a failure inside is a refusal, as every other one.
fn rule(policy: &Policy, action: &Action, circumstances: &Circumstances) -> Ruling {
    let asked = catch_unwind(AssertUnwindSafe(|| {
        let found = assess(action);
        let circumstances = Circumstances {
            hidden: !hidden_in(action).is_empty(),
            author: is_author(action),
            ..circumstances.clone()
        };
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
                at: circumstances.now,
                ruling: Arc::new(rule(policy, action, &circumstances)),
            });
            action.ruling = Some((*ruled.ruling).clone());
            now.insert(action.id.clone(), ruled);
        }
        *kept = now;
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, REMEMBERED, Rulings};
    use crate::{
        domain::{
            Action, Change, Confidence, Diff, Digest, Environment, Part, SourceKind, SourceName,
            Subject, Target, ToolId, ToolMatch,
        },
        policy::{Circumstances, Policy, Staging},
    };
    use jiff::{SignedDuration, Timestamp};
    use std::{collections::HashSet, sync::Arc};

    fn pull_request(title: &str) -> Action {
        let source = SourceName::new(SourceKind::Github, "acme");
        let subject = Subject::PullRequest {
            repo: "acme/shop".parse().unwrap(),
            number: 7,
            head_sha: "aaa".into(),
            head_ref: "fix".into(),
            base_ref: "main".into(),
        };
        let diff = Diff::Text("+++ b/readme\n@@ -0,0 +1 @@\n+hello\n".into());
        Action {
            id: subject.id(&source),
            source,
            part: Part::new("pull-requests"),
            subject,
            tool: ToolMatch {
                tool: ToolId::new("copilot"),
                name: "Copilot".into(),
                confidence: Confidence::Observed,
                evidence: Vec::new(),
            },
            requester: "Copilot".into(),
            authors: Vec::new(),
            title: title.into(),
            description: "".into(),
            target: Target { name: "acme/shop".into(), environment: Environment::Production },
            opened: Timestamp::UNIX_EPOCH,
            url: "".into(),
            change: Change {
                additions: 1,
                deletions: 0,
                files: Vec::new(),
                files_complete: true,
                diff,
            },
            checks: Vec::new(),
            reviews: Vec::new(),
            asker: None,
            found: None,
            ruling: None,
        }
    }

    /// The ruling that is remembered after a poll at a time that showed this.
    fn polled(rulings: &Rulings, title: &str, at: Timestamp, staged: &[&str]) -> usize {
        let policy = Policy::shipped().unwrap();
        let staged: HashSet<String> = staged.iter().map(|one| (*one).to_owned()).collect();
        let mut actions = [pull_request(title)];
        rulings.rule_all(&policy, &mut actions, Circumstances::at(at), &staged);
        assert!(actions[0].ruling.is_some());
        let kept = rulings.kept.lock().unwrap();
        Arc::as_ptr(&kept.values().next().unwrap().ruling).addr()
    }

    #[test]
    fn what_was_seen_before_is_not_put_to_policy_again() {
        let (rulings, now) = (Rulings::default(), Timestamp::now());
        let later = now + SignedDuration::from_mins(5);
        assert_eq!(polled(&rulings, "a", now, &[]), polled(&rulings, "a", later, &[]));
    }

    #[test]
    fn another_content_another_fact_or_another_hour_is_put_to_policy() {
        let now = Timestamp::now();
        let action = Digest::of_bytes(b"a");
        let rulings = Rulings::default();
        polled(&rulings, "a", now, &[]);
        let kept = rulings.kept.lock().unwrap().drain().next().unwrap().1;
        let kept = Kept { content: action, ..kept };
        let at = |at| Circumstances { staging: Staging::NotSeen, ..Circumstances::at(at) };
        assert!(kept.holds(action, &at(now)));
        assert!(!kept.holds(Digest::of_bytes(b"b"), &at(now)));
        assert!(!kept.holds(action, &Circumstances { staging: Staging::Succeeded, ..at(now) }));
        assert!(!kept.holds(action, &at(now + SignedDuration::from_millis(REMEMBERED))));
        assert!(!kept.holds(action, &at(now - SignedDuration::from_secs(1))), "the clock was set");
    }

    #[test]
    fn what_is_listed_no_more_is_forgotten() {
        let rulings = Rulings::default();
        polled(&rulings, "a", Timestamp::now(), &[]);
        let policy = Policy::shipped().unwrap();
        let now = Circumstances::at(Timestamp::now());
        rulings.rule_all(&policy, &mut [], now, &HashSet::new());
        assert!(rulings.kept.lock().unwrap().is_empty());
    }
}
