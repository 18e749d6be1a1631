//! From the recorded organisation to credentials and pending actions.

use super::{
    diff,
    forge::{Account, Commit, DeployKey, Forge, Installation, NamedCheck, Pull, Run, ScopeName},
};
use crate::{
    domain::{
        Action, Check, Clue, ClueKind, Credential, CredentialStatus, Deployed, Environment, Fact,
        LastUsed, Locator, Part, Principal, PrincipalKind, Review, SecretScope, SourceName,
        Subject, Target, ToolMatch, Untrusted,
    },
    sources::{Lens, authors::Authors},
};

/// The clues, strongest kinds first, that an author, a branch and commits give.
fn clues(author: &Account, branch: &str, commits: &[Commit]) -> Vec<Clue> {
    let mut clues = vec![
        Clue::new(ClueKind::GithubUserId, author.id.to_string()),
        Clue::new(ClueKind::GithubLogin, &author.login),
        Clue::new(ClueKind::Branch, branch),
    ];
    for commit in commits {
        clues.push(Clue::new(ClueKind::GitEmail, &commit.author_email));
        clues.extend(commit.trailers.iter().map(|line| Clue::new(ClueKind::CommitTrailer, line)));
    }
    clues
}

/// Who made the change.
fn authors(commits: &[Commit], requester: &str) -> Vec<Untrusted> {
    let mut authors = Authors::default();
    for commit in commits {
        let trailers = commit.trailers.iter().map(String::as_str);
        authors.commit(None, Some(&commit.author_email), trailers);
    }
    authors.told(requester)
}

/// Reads the organisation as `source` would list it.
pub(super) struct Listing<'a> {
    pub source: &'a SourceName,
    pub lens: &'a Lens,
    pub forge: &'a Forge,
}

impl Listing<'_> {
    /// App installations, deploy keys and Actions secrets.
    pub fn credentials(&self) -> Vec<Credential> {
        let installations = self.forge.installations.iter().map(|app| self.installation(app));
        let keys = self.forge.deploy_keys.iter().map(|key| self.deploy_key(key));
        let secrets = (0..self.forge.secrets.len()).filter_map(|index| self.secret(index));
        installations.chain(keys).chain(secrets).collect()
    }

    /// Every open pull request and waiting run that an AI tool is behind.
    pub fn actions(&self) -> Vec<Action> {
        let pulls = self.forge.pulls.iter().filter_map(|pull| self.pull(pull));
        let runs = self.forge.runs.iter().filter_map(|run| self.run(run));
        pulls.chain(runs).collect()
    }

    fn tool(&self, clues: &[Clue]) -> Option<ToolMatch> {
        self.lens.catalogue.recognise(clues).into_iter().next()
    }

    /// One pull request, if it is open and an AI tool is behind it.
    pub fn pull(&self, pull: &Pull) -> Option<Action> {
        if pull.state != "open" {
            return None;
        }
        let tool = self.tool(&clues(&pull.user, &pull.head.branch, &pull.commits))?;
        let subject = Subject::PullRequest {
            repo: pull.repo.clone(),
            number: pull.number,
            head_sha: pull.head.sha.clone(),
            head_ref: Untrusted::new(&pull.head.branch),
            base_ref: Untrusted::new(&pull.base),
        };
        Some(Action {
            id: subject.id(self.source),
            source: self.source.clone(),
            part: Part::new(format!("pull-requests {}", pull.repo)),
            tool,
            requester: Untrusted::new(&pull.user.login),
            authors: authors(&pull.commits, &pull.user.login),
            title: Untrusted::new(&pull.title),
            description: Untrusted::new(&pull.body),
            target: Target {
                name: Untrusted::new(format!("{}:{}", pull.repo, pull.base)),
                environment: self.lens.production.repo(&pull.repo),
            },
            opened: pull.created_at,
            url: Untrusted::new(format!("https://github.com/{}/pull/{}", pull.repo, pull.number)),
            change: diff::change(&diff::recorded(&pull.diff).unwrap_or_else(|| pull.diff.clone())),
            checks: checks(&pull.checks),
            reviews: pull
                .reviews
                .iter()
                .map(|review| Review {
                    by: Untrusted::new(&review.by),
                    state: review.state,
                    commit: Untrusted::new(&review.commit),
                })
                .collect(),
            asker: None,
            found: None,
            ruling: None,
            subject,
        })
    }

    /// One run, if it waits for an environment and an AI tool is behind it.
    pub fn run(&self, run: &Run) -> Option<Action> {
        if run.status != "waiting" || run.pending.is_empty() {
            return None;
        }
        let tool = self.tool(&clues(&run.actor, &run.head.branch, &run.commits))?;
        let subject = Subject::Deployment {
            repo: run.repo.clone(),
            run_id: run.id,
            attempt: run.attempt,
            workflow: Untrusted::new(&run.workflow),
            head_sha: run.head.sha.clone(),
            head_ref: Untrusted::new(&run.head.branch),
            environments: run
                .pending
                .iter()
                .map(|environment| Deployed {
                    id: environment.id,
                    name: Untrusted::new(&environment.name),
                    can_approve: environment.can_approve,
                })
                .collect(),
        };
        let names: Vec<&str> = run.pending.iter().map(|pending| pending.name.as_str()).collect();
        // Environment orders production first, so the most careful reading wins.
        let environment = run
            .pending
            .iter()
            .map(|pending| self.lens.production.environment(&Untrusted::new(&pending.name)))
            .min()
            .unwrap_or(Environment::Unknown);
        Some(Action {
            id: subject.id(self.source),
            source: self.source.clone(),
            part: Part::new(format!("deployments {}", run.repo)),
            tool,
            requester: Untrusted::new(&run.actor.login),
            authors: authors(&run.commits, &run.actor.login),
            title: Untrusted::new(&run.title),
            description: Untrusted::new(format!("{}, started by {}", run.workflow, run.event)),
            target: Target { name: Untrusted::new(names.join(", ")), environment },
            opened: run.created_at,
            url: Untrusted::new(format!("https://github.com/{}/actions/runs/{}", run.repo, run.id)),
            change: diff::change(&diff::recorded(&run.diff).unwrap_or_else(|| run.diff.clone())),
            checks: Vec::new(),
            reviews: Vec::new(),
            asker: None,
            found: None,
            ruling: None,
            subject,
        })
    }

    fn credential(&self, locator: Locator, part: &str, principal: Principal) -> Credential {
        Credential {
            id: locator.id(self.source),
            source: self.source.clone(),
            part: Part::new(part),
            locator,
            label: principal.name.clone(),
            principal,
            environment: Environment::Unknown,
            status: CredentialStatus::Active,
            created: None,
            last_used: LastUsed::Unknown,
            grants: Vec::new(),
            facts: Vec::new(),
            holders: Vec::new(),
            reach: None,
        }
    }

    fn principal(&self, kind: PrincipalKind, name: &str) -> Principal {
        Principal {
            kind,
            name: Untrusted::new(name),
            native: Untrusted::new(name),
            home: Untrusted::new(&self.forge.org),
        }
    }

    fn installation(&self, app: &Installation) -> Credential {
        let locator = Locator::AppInstallation {
            org: self.forge.org.clone(),
            installation: app.id,
            slug: app.app_slug.clone(),
        };
        let principal = self.principal(PrincipalKind::GithubApp, &app.app_slug);
        let mut found = self.credential(locator, "installations", principal);
        found.created = Some(app.created_at);
        // An installation on all repositories reaches the production ones too.
        if app.repository_selection == "all" {
            found.environment = self
                .forge
                .pulls
                .iter()
                .map(|pull| self.lens.production.repo(&pull.repo))
                .min()
                .unwrap_or(Environment::Unknown);
        }
        let mut permissions: Vec<_> = app.permissions.iter().collect();
        permissions.sort_by_key(|(name, access)| {
            (access.as_str() != "write", name.as_str() != "administration")
        });
        found.grants = permissions
            .into_iter()
            .map(|(name, access)| Untrusted::new(format!("{name}: {access}")))
            .collect();
        found.facts = vec![
            Fact::new("repositories", &app.repository_selection),
            Fact::new("installation", app.id.to_string()),
            Fact::at("permissions changed", app.updated_at),
        ];
        found.holders =
            self.lens.catalogue.recognise(&[Clue::new(ClueKind::GithubAppSlug, &app.app_slug)]);
        found
    }

    fn deploy_key(&self, key: &DeployKey) -> Credential {
        let locator = Locator::DeployKey { repo: key.repo.clone(), key: key.id };
        let principal = self.principal(PrincipalKind::Repository, &key.repo.to_string());
        let mut found = self.credential(locator, &format!("deploy-keys {}", key.repo), principal);
        found.label = Untrusted::new(&key.title);
        found.environment = self.lens.production.repo(&key.repo);
        found.created = Some(key.created_at);
        found.last_used = key
            .last_used
            .map_or(LastUsed::Never, |at| LastUsed::At { at, what: Untrusted::new("git") });
        found.grants = vec![Untrusted::new(if key.read_only { "read" } else { "write" })];
        found.facts = vec![Fact::new("public key", &key.key), Fact::new("added by", &key.added_by)];
        found.holders = self.lens.catalogue.recognise(&[
            Clue::new(ClueKind::KeyTitle, &key.title),
            Clue::new(ClueKind::GithubLogin, &key.added_by),
            Clue::new(ClueKind::GithubUserId, key.added_by_id.to_string()),
        ]);
        found
    }

    fn secret(&self, index: usize) -> Option<Credential> {
        let secret = self.forge.secrets.get(index)?;
        let (scope, principal, environment, place) = match secret.scope {
            ScopeName::Org => (
                SecretScope::Org { org: self.forge.org.clone() },
                self.principal(PrincipalKind::Organisation, &self.forge.org),
                Environment::Unknown,
                format!("organisation {}", self.forge.org),
            ),
            ScopeName::Repo => {
                let repo = secret.repo.clone()?;
                (
                    SecretScope::Repo { repo: repo.clone() },
                    self.principal(PrincipalKind::Repository, &repo.to_string()),
                    self.lens.production.repo(&repo),
                    format!("repository {repo}"),
                )
            }
            ScopeName::Environment => {
                let repo = secret.repo.clone()?;
                let name = secret.environment.clone()?;
                let reaches = self
                    .lens
                    .production
                    .environment(&Untrusted::new(&name))
                    .min(self.lens.production.repo(&repo));
                (
                    SecretScope::Environment { repo: repo.clone(), environment: name.clone() },
                    self.principal(PrincipalKind::Repository, &repo.to_string()),
                    reaches,
                    format!("environment {name} of {repo}"),
                )
            }
        };
        let mut clues = vec![Clue::new(ClueKind::SecretName, &secret.name)];
        if let Some(environment) = &secret.environment {
            clues.push(Clue::new(ClueKind::SecretEnvironment, environment));
        }
        let locator = Locator::ActionsSecret { scope, name: secret.name.clone() };
        let mut found = self.credential(locator, &format!("secrets {place}"), principal);
        found.label = Untrusted::new(&secret.name);
        found.environment = environment;
        found.created = Some(secret.created_at);
        found.grants = vec![Untrusted::new("value readable by workflows")];
        found.facts =
            vec![Fact::new("defined in", place), Fact::at("value changed", secret.updated_at)];
        found.holders = self.lens.catalogue.recognise(&clues);
        Some(found)
    }
}

fn checks(recorded: &[NamedCheck]) -> Vec<Check> {
    recorded
        .iter()
        .map(|check| Check { name: Untrusted::new(&check.name), state: check.state })
        .collect()
}
