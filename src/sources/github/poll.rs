//! One look at everything: phase by phase, so that progress means something.
//!
//! ```text
//!   identity ─▶ repositories ─▶ per repository: keys, secrets, open pull requests, waiting runs
//!                            └▶ organisation: apps, secrets
//!            ─▶ per pull request: what its head holds ─▶ per waiting run: what it deploys
//! ```
//!
//! Whatever cannot be read becomes a gap of its listing; the rest goes on.

use super::{
    account::{self, Repo},
    client::Session,
    deployments, keys, pulls, secrets, wire,
};
use crate::{
    config::GithubSettings,
    domain::{
        Action, Count, Credential, Environment, Gap, Observation, Part, RepoName, SecretScope,
        SourceFault,
    },
    sources::Progress,
};
use futures::{StreamExt as _, future::join, stream};
use std::collections::HashMap;

/// Repositories, pull requests and runs looked at side by side; the client bounds requests.
const SIDE_BY_SIDE: usize = 16;

/// What one repository showed.
#[derive(Debug)]
struct Shown {
    repo: RepoName,
    keys: Vec<Credential>,
    secrets: Vec<Credential>,
    pulls: Vec<wire::Pull>,
    runs: Vec<wire::Run>,
    gaps: Vec<Gap>,
}

/// Collects gaps: one a listing, however many of its things could not be read.
#[derive(Debug, Default)]
struct Gaps(Vec<(Gap, usize)>, HashMap<Part, usize>);

impl Gaps {
    fn add(&mut self, gap: Gap) {
        if let Some(at) = self.1.get(&gap.part) {
            self.0[*at].1 += 1;
        } else {
            self.1.insert(gap.part.clone(), self.0.len());
            self.0.push((gap, 0));
        }
    }

    /// The first fault, when not one of so many listings could be read.
    fn of_everything(&self, listings: usize) -> Option<SourceFault> {
        let (gap, _) = self.0.first()?;
        (self.0.len() >= listings).then(|| gap.fault.clone())
    }

    fn into_vec(self) -> Vec<Gap> {
        self.0
            .into_iter()
            .map(|(mut gap, more)| {
                if more > 0 {
                    let words = format!("{} (and {more} more like it)", gap.fault.detail.raw());
                    gap.fault.detail = words.into();
                }
                gap
            })
            .collect()
    }
}

/// Everything a poll needs.
pub(super) struct Poll<'a> {
    pub(super) settings: &'a GithubSettings,
    pub(super) reader: pulls::Reader<'a>,
    pub(super) memory: &'a pulls::Memory,
    /// Number of this poll, growing.
    pub(super) number: u64,
    pub(super) progress: &'a Progress,
}

impl Poll<'_> {
    fn session(&self) -> &Session<'_> {
        self.reader.session
    }

    /// Looks at everything once.
    pub(super) async fn run(self) -> Result<Observation, SourceFault> {
        self.progress.step("identity", 0, None);
        let identity = account::identity(self.session()).await?;
        self.progress.step("repositories", 0, None);
        let repos = self.repositories().await?;
        let (org, shown) = join(self.organisation(&repos), self.each_repository(&repos)).await;
        let mut gaps = Gaps::default();
        let mut seen = Observation { identity, ..Observation::default() };
        let (apps, org_secrets, org_gaps) = org;
        for gap in org_gaps {
            gaps.add(gap);
        }
        let mut counts = vec![
            Count::new("repositories", repos.len()),
            Count::new("app installations", apps.len()),
        ];
        seen.credentials.extend(apps);
        let mut secrets = org_secrets.len();
        seen.credentials.extend(org_secrets);
        let (mut keys, mut pulls, mut runs) = (0, Vec::new(), Vec::new());
        for one in shown {
            for gap in one.gaps {
                gaps.add(gap);
            }
            keys += one.keys.len();
            secrets += one.secrets.len();
            seen.credentials.extend(one.keys);
            seen.credentials.extend(one.secrets);
            pulls.extend(one.pulls.into_iter().map(|pull| (one.repo.clone(), pull)));
            runs.extend(one.runs.into_iter().map(|run| (one.repo.clone(), run)));
        }
        counts.push(Count::new("deploy keys", keys));
        counts.push(Count::new("Actions secrets", secrets));
        counts.push(Count::new("open pull requests", pulls.len()));
        counts.push(Count::new("waiting runs", runs.len()));
        if let Some(fault) = gaps.of_everything(self.listings(&repos)) {
            return Err(fault);
        }
        self.pull_requests(pulls, &mut seen.actions, &mut gaps).await;
        self.deployments(runs, &mut seen.actions, &mut gaps).await;
        counts.push(Count::new("AI actions", seen.actions.len()));
        self.memory.forget_before(self.number);
        seen.counts = counts;
        seen.gaps = gaps.into_vec();
        Ok(seen)
    }

    /// How many listings a poll of these repositories asks for.
    fn listings(&self, repos: &[Repo]) -> usize {
        let of_repo = |repo: &Repo| if repo.archived { 3 } else { 5 };
        let of_org = if self.settings.org.is_some() { 2 } else { 0 };
        repos.iter().map(of_repo).sum::<usize>() + of_org
    }

    async fn repositories(&self) -> Result<Vec<Repo>, SourceFault> {
        let mut repos = match &self.settings.org {
            Some(org) => account::repositories(self.session(), org).await?,
            None => Vec::new(),
        };
        for name in &self.settings.repos {
            // GitHub takes a name in any case; read twice, one pull request would wait twice.
            let same = |repo: &Repo| repo.name.to_string().eq_ignore_ascii_case(&name.to_string());
            if !repos.iter().any(same) {
                repos.push(Repo { name: name.clone(), archived: false });
            }
        }
        Ok(repos)
    }

    async fn organisation(&self, repos: &[Repo]) -> (Vec<Credential>, Vec<Credential>, Vec<Gap>) {
        let Some(org) = &self.settings.org else {
            return (Vec::new(), Vec::new(), Vec::new());
        };
        let (source, lens) = (self.reader.source, self.reader.lens);
        // What the whole organisation shares reaches production as soon as one repository is.
        let production =
            repos.iter().any(|repo| lens.production.repo(&repo.name) == Environment::Production);
        let reach = if production { Environment::Production } else { Environment::Unknown };
        let scope = SecretScope::Org { org: org.clone() };
        let ((apps, no_apps), (found, no_secrets)) = join(
            account::installations(self.session(), source, lens, org, reach),
            secrets::list(self.session(), source, lens, &scope, reach),
        )
        .await;
        let mut gaps = Vec::new();
        gaps.extend(no_apps.map(|fault| Gap { part: account::installations_part(org), fault }));
        gaps.extend(no_secrets.map(|fault| Gap { part: secrets::part(&scope), fault }));
        (apps, found, gaps)
    }

    async fn each_repository(&self, repos: &[Repo]) -> Vec<Shown> {
        let mut shown = Vec::with_capacity(repos.len());
        let mut looks = stream::iter(repos.to_vec())
            .map(|repo| async move { Box::pin(self.repository(&repo)).await })
            .buffered(SIDE_BY_SIDE);
        while let Some(one) = looks.next().await {
            shown.push(one);
            self.progress.step("repositories", shown.len(), Some(repos.len()));
        }
        shown
    }

    async fn repository(&self, repo: &Repo) -> Shown {
        let name = &repo.name;
        let pending = async {
            if repo.archived {
                return ((Vec::new(), None), (Vec::new(), None));
            }
            join(pulls::list(self.session(), name), deployments::waiting(self.session(), name))
                .await
        };
        let ((keys, no_keys), (secrets, mut gaps), ((pulls, no_pulls), (runs, no_runs))) =
            futures::future::join3(
                Box::pin(keys::list(self.session(), self.reader.source, self.reader.lens, name)),
                Box::pin(self.secrets_of(name)),
                Box::pin(pending),
            )
            .await;
        for (part, fault) in [
            (keys::part(name), no_keys),
            (pulls::part(name), no_pulls),
            (deployments::part(name), no_runs),
        ] {
            gaps.extend(fault.map(|fault| Gap { part, fault }));
        }
        Shown { repo: name.clone(), keys, secrets, pulls, runs, gaps }
    }

    async fn secrets_of(&self, repo: &RepoName) -> (Vec<Credential>, Vec<Gap>) {
        let (source, lens) = (self.reader.source, self.reader.lens);
        let own = SecretScope::Repo { repo: repo.clone() };
        let reach = lens.production.repo(repo);
        let ((mut found, fault), (environments, no_environments)) = join(
            secrets::list(self.session(), source, lens, &own, reach),
            secrets::environments(self.session(), repo),
        )
        .await;
        let mut gaps = Vec::new();
        gaps.extend(fault.map(|fault| Gap { part: secrets::part(&own), fault }));
        let of_environments =
            |environment: String| SecretScope::Environment { repo: repo.clone(), environment };
        let part = secrets::part(&of_environments(String::new()));
        gaps.extend(no_environments.map(|fault| Gap { part: part.clone(), fault }));
        for environment in environments {
            let reach = secrets::reach_of(lens, repo, &environment);
            let scope = of_environments(environment);
            let (more, fault) = secrets::list(self.session(), source, lens, &scope, reach).await;
            found.extend(more);
            gaps.extend(fault.map(|fault| Gap { part: part.clone(), fault }));
        }
        (found, gaps)
    }

    async fn pull_requests(
        &self,
        pulls: Vec<(RepoName, wire::Pull)>,
        actions: &mut Vec<Action>,
        gaps: &mut Gaps,
    ) {
        let total = pulls.len();
        let mut looks = stream::iter(pulls)
            .map(|(repo, pull)| async move {
                let look = self.reader.action(&repo, &pull, self.memory, self.number).await;
                (pulls::part(&repo), look)
            })
            .buffered(SIDE_BY_SIDE);
        let mut done = 0;
        while let Some((part, result)) = looks.next().await {
            done += 1;
            self.progress.step("pull requests", done, Some(total));
            match result {
                Ok(found) => take(found, actions, gaps),
                Err(fault) => gaps.add(Gap { part, fault }),
            }
        }
    }

    async fn deployments(
        &self,
        runs: Vec<(RepoName, wire::Run)>,
        actions: &mut Vec<Action>,
        gaps: &mut Gaps,
    ) {
        let total = runs.len();
        let mut looks = stream::iter(runs)
            .map(|(repo, run)| async move {
                let look = self.reader.deployment(&repo, &run, None).await;
                (deployments::part(&repo), look)
            })
            .buffered(SIDE_BY_SIDE);
        let mut done = 0;
        while let Some((part, result)) = looks.next().await {
            done += 1;
            self.progress.step("waiting runs", done, Some(total));
            match result {
                Ok(found) => take(found, actions, gaps),
                Err(fault) => gaps.add(Gap { part, fault }),
            }
        }
    }
}

fn take(found: Option<pulls::Found>, actions: &mut Vec<Action>, gaps: &mut Gaps) {
    if let Some(found) = found {
        actions.push(found.action);
        for gap in found.gaps {
            gaps.add(gap);
        }
    }
}

/// The name people give a source that was not named: its organisation, or the owner of its first
/// repository.
pub fn name_of(settings: &GithubSettings) -> Option<String> {
    settings
        .name
        .clone()
        .or_else(|| settings.org.clone())
        .or_else(|| settings.repos.first().map(|repo| repo.owner().to_owned()))
}
