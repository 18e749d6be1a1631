//! The GitHub organisation of the embedded world.

use super::{
    World,
    account::receipt,
    calls,
    forge::{Forge, Pull, RecordedReview, Run, ScopeName, Secret},
    pulls::Listing,
};
use crate::{
    domain::{
        Action, Call, Count, Credential, Fact, Fate, FaultKind, Locator, Observation, Order,
        OrderKind, Preview, Receipt, RepoName, ReviewState, SecretScope, SourceFault, SourceKind,
        SourceName, Subject, Undo, Untrusted, Verdict as Decided,
    },
    sources::{Diagnosis, Lens, Progress, Reread, Source, Verdict},
};
use async_trait::async_trait;

/// The file of the organisation's state.
const FILE: &str = "github.json";

/// Reads and changes the recorded organisation.
pub struct EmbeddedForge {
    world: World,
    name: SourceName,
    lens: Lens,
}

impl EmbeddedForge {
    /// The organisation in `world`.
    pub fn new(world: World, lens: Lens) -> Self {
        Self { world, name: SourceName::new(SourceKind::Github, "larkspur"), lens }
    }

    /// Somebody pushes to a pull request: its head becomes `sha` and its diff `diff`. Reviews
    /// stay, as on GitHub, and name the commit they were about.
    pub fn push(
        &self,
        repo: &RepoName,
        number: u64,
        sha: &str,
        diff: &str,
    ) -> Result<(), SourceFault> {
        let pushed = self.world.change(FILE, |forge: &mut Forge| {
            let pull = pull_mut(forge, repo, number)?;
            sha.clone_into(&mut pull.head.sha);
            diff.clone_into(&mut pull.diff);
            Ok(())
        })?;
        pushed.map_err(|why| self.cannot("push", &why))
    }

    /// Somebody closes a pull request elsewhere.
    pub fn close(&self, repo: &RepoName, number: u64) -> Result<(), SourceFault> {
        let closed = self.world.change(FILE, |forge: &mut Forge| {
            "closed".clone_into(&mut pull_mut(forge, repo, number)?.state);
            Ok(())
        })?;
        closed.map_err(|why| self.cannot("close", &why))
    }

    fn cannot(&self, during: &str, why: &str) -> SourceFault {
        SourceFault::new(FaultKind::Refused, format!("{}: {during}", self.name), why)
    }

    fn read(&self) -> Result<Forge, SourceFault> {
        self.world.read(FILE)
    }

    fn apply(forge: &mut Forge, order: &Order) -> Result<String, String> {
        match &order.kind {
            OrderKind::ReviewPullRequest { repo, number, commit_id, verdict, body } => {
                let by = forge.login.clone();
                let pull = pull_mut(forge, repo, *number)?;
                if pull.state != "open" {
                    return Err("422 the pull request is closed".to_owned());
                }
                if &pull.head.sha != commit_id {
                    return Err("422 commit_id is not the head of the pull request".to_owned());
                }
                pull.reviews.push(review(&by, *verdict, commit_id, &signed(body, order)));
                Ok(format!("200 review of {repo}#{number} at {}", short(commit_id)))
            }
            OrderKind::ReviewDeployment { repo, run_id, environment_ids, verdict, comment } => {
                let by = forge.login.clone();
                let run = run_mut(forge, repo, *run_id)?;
                for id in environment_ids {
                    let pending = run.pending.iter().find(|pending| pending.id == *id);
                    let pending = pending.ok_or("422 an environment no longer waits")?;
                    if !pending.can_approve {
                        return Err(format!("403 {} may not review {}", by, pending.name));
                    }
                }
                run.pending.retain(|pending| !environment_ids.contains(&pending.id));
                if !verdict.lets() {
                    "failure".clone_into(&mut run.status);
                } else if run.pending.is_empty() {
                    "in_progress".clone_into(&mut run.status);
                }
                let commit = run.head.sha.clone();
                run.reviews.push(review(&by, *verdict, &commit, &signed(comment, order)));
                Ok(format!("200 run {run_id} of {repo} is {}", run.status))
            }
            OrderKind::DeleteDeployKey { repo, key, .. } => {
                let before = forge.deploy_keys.len();
                forge.deploy_keys.retain(|found| !(found.repo == *repo && found.id == *key));
                if forge.deploy_keys.len() == before {
                    return Err("404 there is no such deploy key".to_owned());
                }
                Ok(format!("204 deploy key {key} of {repo} deleted"))
            }
            OrderKind::DeleteActionsSecret { scope, name } => {
                let before = forge.secrets.len();
                forge.secrets.retain(|found| !(found.name == *name && is_in(found, scope)));
                if forge.secrets.len() == before {
                    return Err("404 there is no such secret".to_owned());
                }
                Ok(format!("204 secret {name} deleted"))
            }
            _ => Err("422 a GitHub organisation cannot do that".to_owned()),
        }
    }
}

fn pull_mut<'a>(
    forge: &'a mut Forge,
    repo: &RepoName,
    number: u64,
) -> Result<&'a mut Pull, String> {
    let mut pulls = forge.pulls.iter_mut();
    pulls
        .find(|pull| pull.repo == *repo && pull.number == number)
        .ok_or_else(|| "404 there is no such pull request".to_owned())
}

fn run_mut<'a>(forge: &'a mut Forge, repo: &RepoName, id: u64) -> Result<&'a mut Run, String> {
    let mut runs = forge.runs.iter_mut();
    runs.find(|run| run.repo == *repo && run.id == id)
        .ok_or_else(|| "404 there is no such run".to_owned())
}

fn review(by: &str, verdict: Decided, commit: &str, body: &str) -> RecordedReview {
    RecordedReview {
        by: by.to_owned(),
        state: if verdict.lets() { ReviewState::Approved } else { ReviewState::ChangesRequested },
        commit: commit.to_owned(),
        body: body.to_owned(),
    }
}

/// A review carries the id of its order, so that its fate can be read back.
fn signed(text: &Untrusted, order: &Order) -> String {
    format!("{}\n\ncountersign {}", text.raw(), order.id)
}

fn is_in(secret: &Secret, scope: &SecretScope) -> bool {
    match scope {
        SecretScope::Org { .. } => secret.scope == ScopeName::Org,
        SecretScope::Repo { repo } => {
            secret.scope == ScopeName::Repo && secret.repo.as_ref() == Some(repo)
        }
        SecretScope::Environment { repo, environment } => {
            secret.scope == ScopeName::Environment
                && secret.repo.as_ref() == Some(repo)
                && secret.environment.as_ref() == Some(environment)
        }
    }
}

fn short(sha: &str) -> &str {
    sha.get(..10).unwrap_or(sha)
}

fn fact(credential: &Credential, name: &str) -> Untrusted {
    let found: Option<&Fact> = credential.facts.iter().find(|fact| fact.name == name);
    found.map(|fact| fact.value.clone()).unwrap_or_default()
}

#[async_trait]
impl Source for EmbeddedForge {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Embedded
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        let forge = self.read()?;
        progress.step("pull requests", forge.pulls.len(), Some(forge.pulls.len()));
        let listing = Listing { source: &self.name, lens: &self.lens, forge: &forge };
        let waiting = forge.runs.iter().filter(|run| run.status == "waiting").count();
        Ok(Observation {
            identity: Untrusted::new(&forge.login),
            credentials: listing.credentials(),
            actions: listing.actions(),
            counts: vec![
                Count::new("installations", forge.installations.len()),
                Count::new("deploy keys", forge.deploy_keys.len()),
                Count::new("secrets", forge.secrets.len()),
                Count::new("pull requests", forge.pulls.len()),
                Count::new("waiting runs", waiting),
            ],
            gaps: Vec::new(),
        })
    }

    async fn reread(&self, action: &Action) -> Result<Reread, SourceFault> {
        let forge = self.read()?;
        let listing = Listing { source: &self.name, lens: &self.lens, forge: &forge };
        let (now, ended) = match &action.subject {
            Subject::PullRequest { repo, number, .. } => {
                let mut pulls = forge.pulls.iter();
                let pull = pulls.find(|pull| pull.repo == *repo && pull.number == *number);
                (pull.and_then(|pull| listing.pull(pull)), "the pull request is not open any more")
            }
            Subject::Deployment { repo, run_id, .. } => {
                let mut runs = forge.runs.iter();
                let run = runs.find(|run| run.repo == *repo && run.id == *run_id);
                (run.and_then(|run| listing.run(run)), "the run does not wait any more")
            }
            Subject::Command { .. } | Subject::Call { .. } | Subject::FollowUp { .. } => {
                (None, "no process waits in the demo world")
            }
        };
        Ok(now
            .map_or_else(|| Reread::Ended(ended.to_owned()), |now| Reread::Waiting(Box::new(now))))
    }

    async fn preview_revoke(&self, credential: &Credential) -> Result<Preview, SourceFault> {
        let (order, because, warning) = match &credential.locator {
            Locator::DeployKey { repo, key } => (
                OrderKind::DeleteDeployKey {
                    repo: repo.clone(),
                    key: *key,
                    title: credential.label.clone(),
                    public_key: fact(credential, "public key"),
                    read_only: credential.grants.iter().all(|grant| grant.raw() == "read"),
                },
                "GitHub keeps no deleted key; its public half is kept in the receipt, so that it \
                 can be added again",
                None,
            ),
            Locator::ActionsSecret { scope, name } => (
                OrderKind::DeleteActionsSecret { scope: scope.clone(), name: name.clone() },
                "a secret's value can never be read back: it has to be set again by its owner",
                Some("workflows that use it will fail from now on".to_owned()),
            ),
            _ => {
                return Err(self.cannot(
                    "revoke",
                    "an app installation is removed by an owner in the organisation's settings",
                ));
            }
        };
        Ok(Preview {
            calls: calls::of(&order),
            order,
            last_used: credential.last_used.clone(),
            undo: Undo::No { because: because.to_owned() },
            warnings: warning.into_iter().collect(),
        })
    }

    async fn preview_restore(&self, _: &Order) -> Result<Preview, SourceFault> {
        let why = "what was deleted has to be added again by hand; the receipt names it";
        Err(self.cannot("restore", why))
    }

    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        calls::of(order)
    }

    async fn carry_out(&self, order: &Order) -> Result<Receipt, SourceFault> {
        let answered = self.world.change(FILE, |forge: &mut Forge| Self::apply(forge, order))?;
        Ok(receipt(order, answered))
    }

    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault> {
        let forge = self.read()?;
        let carries_id = |reviews: &[RecordedReview]| {
            reviews.iter().any(|review| review.body.contains(order.id.as_str()))
        };
        let done = match &order.kind {
            OrderKind::ReviewPullRequest { repo, number, .. } => forge
                .pulls
                .iter()
                .filter(|pull| pull.repo == *repo && pull.number == *number)
                .any(|pull| carries_id(&pull.reviews)),
            OrderKind::ReviewDeployment { repo, run_id, .. } => forge
                .runs
                .iter()
                .filter(|run| run.repo == *repo && run.id == *run_id)
                .any(|run| carries_id(&run.reviews)),
            OrderKind::DeleteDeployKey { repo, key, .. } => {
                !forge.deploy_keys.iter().any(|found| found.repo == *repo && found.id == *key)
            }
            OrderKind::DeleteActionsSecret { scope, name } => {
                !forge.secrets.iter().any(|found| found.name == *name && is_in(found, scope))
            }
            _ => return Ok(Fate::Unknown),
        };
        Ok(if done { Fate::Done } else { Fate::NotDone })
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        let verdict = match self.read() {
            Ok(forge) => Verdict::Good { saw: Untrusted::new(forge.login) },
            Err(fault) => Verdict::Bad { next_step: fault.next_step(), problem: fault.detail },
        };
        vec![Diagnosis { what: "GET /user (demo world)".to_owned(), verdict }]
    }
}
