//! Workflow runs that wait for an environment, and of those the ones an AI tool stands behind.
//!
//! A run is an AI tool's when the tool started it, or when it deploys a commit of the tool: by
//! author, committer or trailer, or by the pull request the commit came from.

use super::{
    client::{Ask, Session},
    clues::Clues,
    diff, pulls, secrets, wire,
};
use crate::{
    domain::{
        Action, Deployed, Environment, Part, RepoName, SourceFault, Subject, Target, Untrusted,
    },
    sources::{Lens, Reread, authors::Authors},
};

/// The permission reading runs needs.
pub(super) const PERMISSION: &str = "Actions: read";
/// Most pages of files of one commit (GitHub stops at 3,000 files, 300 a page or fewer).
const MOST_FILES: usize = 3000;
/// Most pull requests of one commit that are looked at.
const MOST_PULLS: usize = 3;

/// The listing they come from.
pub(super) fn part(repo: &RepoName) -> Part {
    Part::new(format!("deployments {repo}"))
}

/// Every run of a repository that waits.
pub(super) async fn waiting(
    session: &Session<'_>,
    repo: &RepoName,
) -> (Vec<wire::Run>, Option<SourceFault>) {
    let ask = Ask::json(format!("/repos/{repo}/actions/runs?status=waiting&per_page=100"))
        .needs(PERMISSION);
    let listing = session.pages::<wire::Runs>(&ask).await;
    (listing.items, listing.fault)
}

/// The environments a run waits for right now, in order of id.
pub(super) async fn pending(
    session: &Session<'_>,
    repo: &RepoName,
    run: u64,
) -> Result<Vec<Deployed>, SourceFault> {
    let ask = Ask::json(format!("/repos/{repo}/actions/runs/{run}/pending_deployments"))
        .needs(PERMISSION);
    let pending: Vec<wire::PendingDeployment> = session.json(&ask).await?;
    let mut environments: Vec<Deployed> = pending
        .into_iter()
        .filter_map(|waits| {
            Some(Deployed {
                id: waits.environment.id?,
                name: waits.environment.name.unwrap_or_default().into(),
                can_approve: waits.current_user_can_approve,
            })
        })
        .collect();
    environments.sort_by_key(|environment| environment.id);
    environments.dedup_by_key(|environment| environment.id);
    Ok(environments)
}

/// Where a run reaches that waits for several environments: one of production is enough.
fn reach_of_all(lens: &Lens, repo: &RepoName, environments: &[Deployed]) -> Environment {
    let reaches = environments.iter().map(|one| secrets::reach_of(lens, repo, one.name.raw()));
    // `Environment` orders production first.
    reaches.min().unwrap_or(Environment::Unknown)
}

/// Who made the change that a commit deploys. A merge brings in what others wrote.
fn authors(commit: &wire::Commit, requester: &str) -> Vec<Untrusted> {
    let mut authors = Authors::default();
    pulls::add_authors(&mut authors, commit);
    if commit.parents.len() > 1 {
        authors.and_others();
    }
    authors.told(requester)
}

impl pulls::Reader<'_> {
    /// The action a waiting run is, or nothing when it waits for no environment (any more) or no
    /// AI tool stands behind it.
    pub(super) async fn deployment(
        &self,
        repo: &RepoName,
        run: &wire::Run,
        before: Option<&Action>,
    ) -> Result<Option<pulls::Found>, SourceFault> {
        let environments = pending(self.session, repo, run.id).await?;
        if environments.is_empty() {
            return Ok(None);
        }
        let (commit, files_complete) = self.commit(repo, &run.head_sha).await?;
        let mut clues = Clues::default();
        clues.run(run);
        clues.commit(&commit);
        let mut tool = self.lens.catalogue.recognise(clues.as_slice()).into_iter().next();
        if tool.is_none() {
            self.clues_of_pulls(repo, &run.head_sha, &mut clues).await?;
            tool = self.lens.catalogue.recognise(clues.as_slice()).into_iter().next();
        }
        let Some(tool) = tool.or_else(|| before.map(|action| action.tool.clone())) else {
            return Ok(None);
        };
        let ask =
            Ask::diff(format!("/repos/{repo}/commits/{}", run.head_sha)).needs("Contents: read");
        let mut change = diff::change(self.session, &ask, &commit.files, files_complete).await?;
        if let Some(stats) = &commit.stats {
            change.additions = stats.additions;
            change.deletions = stats.deletions;
        }
        let mut gaps = Vec::new();
        let checks = pulls::checks(self.session, repo, &run.head_sha).await;
        let checks = pulls::or_gap(checks, pulls::checks_part(repo), &mut gaps);
        let workflow = run.name.clone().unwrap_or_else(|| "workflow".to_owned());
        let names: Vec<&str> = environments.iter().map(|one| one.name.raw()).collect();
        let target = Target {
            name: names.join(", ").into(),
            environment: reach_of_all(self.lens, repo, &environments),
        };
        let requester = run.triggering_actor.as_ref().or(run.actor.as_ref());
        let requester = requester.map_or("ghost", |who| who.login.as_str());
        let title = run.display_title.clone().unwrap_or_else(|| workflow.clone());
        let subject = Subject::Deployment {
            repo: repo.clone(),
            run_id: run.id,
            attempt: run.attempt,
            workflow: workflow.into(),
            head_sha: run.head_sha.clone(),
            head_ref: run.head_branch.clone().unwrap_or_default().into(),
            environments,
        };
        let action = Action {
            id: subject.id(self.source),
            source: self.source.clone(),
            part: part(repo),
            subject,
            tool,
            requester: requester.into(),
            authors: authors(&commit, requester),
            title: title.into(),
            description: commit.git.message.into(),
            target,
            opened: run.started_at.unwrap_or(run.created_at),
            url: Untrusted::new(&*run.html_url),
            change,
            checks,
            reviews: Vec::new(),
            asker: None,
            found: None,
            ruling: None,
        };
        Ok(Some(pulls::Found { action, gaps }))
    }

    /// A commit with its files, page by page, and whether those are all.
    async fn commit(
        &self,
        repo: &RepoName,
        sha: &str,
    ) -> Result<(wire::Commit, bool), SourceFault> {
        let ask =
            Ask::json(format!("/repos/{repo}/commits/{sha}?per_page=100")).needs("Contents: read");
        let listing = self.session.pages::<Option<wire::Commit>>(&ask).await;
        let mut pages = listing.items.into_iter();
        let Some(mut commit) = pages.next() else {
            return Err(listing.fault.unwrap_or_else(|| {
                SourceFault::new(crate::domain::FaultKind::Malformed, ask.during(), "no commit")
            }));
        };
        commit.files.extend(pages.flat_map(|page| page.files));
        let complete = listing.fault.is_none() && commit.files.len() < MOST_FILES;
        Ok((commit, complete))
    }

    /// Clues of the pull requests a commit came from.
    async fn clues_of_pulls(
        &self,
        repo: &RepoName,
        sha: &str,
        clues: &mut Clues,
    ) -> Result<(), SourceFault> {
        let ask = Ask::json(format!("/repos/{repo}/commits/{sha}/pulls?per_page=100"))
            .needs(pulls::PERMISSION);
        let pulls: Vec<wire::Pull> = self.session.json(&ask).await?;
        for pull in pulls.iter().take(MOST_PULLS) {
            clues.pull(pull);
            for commit in self.commits(repo, pull.number).await? {
                clues.commit(&commit);
            }
        }
        Ok(())
    }

    /// Reads one waiting run again, whole.
    pub(super) async fn reread_deployment(
        &self,
        repo: &RepoName,
        run_id: u64,
        before: &Action,
    ) -> Result<Reread, SourceFault> {
        let ask = Ask::json(format!("/repos/{repo}/actions/runs/{run_id}")).needs(PERMISSION);
        let run: wire::Run = self.session.json(&ask).await?;
        // A run with several jobs may be `in_progress` while one of them waits: only the pending
        // list says.
        if run.status.as_deref() == Some("completed") {
            return Ok(Reread::Ended(format!("run {run_id} has ended")));
        }
        Ok(match self.deployment(repo, &run, Some(before)).await? {
            Some(found) => Reread::Waiting(Box::new(found.action)),
            None => Reread::Ended(format!("run {run_id} no longer waits for any environment")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::reach_of_all;
    use crate::{
        catalogue::Catalogue,
        config::ProductionRules,
        domain::{Deployed, Environment},
        sources::Lens,
    };

    #[test]
    fn one_environment_of_production_makes_the_run_one_of_production() {
        let production =
            ProductionRules { environments: vec!["prod*".into()], ..ProductionRules::default() };
        let lens = Lens { catalogue: Catalogue::default().into(), production: production.into() };
        let reach = |names: &[&str]| {
            let waits: Vec<_> = names
                .iter()
                .map(|name| Deployed { id: 1, name: (*name).into(), can_approve: true })
                .collect();
            reach_of_all(&lens, &"acme/shop".parse().unwrap(), &waits)
        };
        assert_eq!(reach(&["staging", "prod-eu", "test"]), Environment::Production);
        assert_eq!(reach(&["staging", "test"]), Environment::NonProduction);
        assert_eq!(reach(&["staging", "pr\u{43e}d"]), Environment::Unknown);
        assert_eq!(reach(&[]), Environment::Unknown);
    }
}
