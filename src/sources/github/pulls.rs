//! Open pull requests, and of those the ones an AI tool opened or committed to.
//!
//! ```text
//!   list ──clues: author, branch──▶ sure? ──no──▶ commits: trailers, addresses ──▶ a tool? ─no─▶ left
//!                                     └──yes─────────────────────────────────────────┘ yes
//!      commits · files · diff ─▶ read the head once more ─▶ same? ─▶ checks · reviews ─▶ Action
//! ```
//!
//! What a head holds never changes, so it is read once and remembered; an unchanged pull request
//! costs three conditional requests a poll.

use super::{
    client::{Ask, Session},
    clues::{Clues, trailers},
    diff, wire,
};
use crate::{
    domain::{
        Action, Change, Check, CheckState, Confidence, FaultKind, Gap, Part, RepoName, Review,
        ReviewState, SourceFault, SourceName, Subject, Target, ToolMatch, Untrusted,
    },
    sources::{Lens, Reread, authors::Authors},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

/// The permission reading pull requests needs.
pub(super) const PERMISSION: &str = "Pull requests: read";
/// Most files GitHub lists of one pull request (REST API, "List pull requests files").
const MOST_FILES: usize = 3000;
/// Most commits GitHub lists of one pull request (REST API, "List commits on a pull request").
const MOST_COMMITS: usize = 250;
/// How often a moving head is chased before giving up.
const CHASES: usize = 3;

/// The listing they come from. A pull request that cannot be read whole makes a gap in it.
pub(super) fn part(repo: &RepoName) -> Part {
    Part::new(format!("pull-requests {repo}"))
}

/// An action as read, with what could not be read beside it. Checks and reviews are no part of
/// what a decision names, so an action is shown without them rather than not at all.
#[derive(Debug)]
pub(super) struct Found {
    /// The action.
    pub(super) action: Action,
    /// Side listings that failed.
    pub(super) gaps: Vec<Gap>,
}

/// What one head holds.
#[derive(Debug)]
struct Content {
    /// The pull request at the moment its content was whole.
    pull: wire::Pull,
    commits: Vec<wire::Commit>,
    change: Change,
}

/// What is known of a pull request at one head and one base.
#[derive(Debug, Clone)]
enum Known {
    /// No AI tool is behind it.
    Human,
    /// An AI tool is; its content.
    Ai(Arc<Content>),
}

/// Remembers what heads hold, from poll to poll. Only what the last poll saw is kept.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<Head, (Known, u64)>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Head {
    repo: RepoName,
    number: u64,
    sha: String,
    from: String,
    base: String,
    into: String,
}

impl Head {
    fn of(repo: &RepoName, pull: &wire::Pull) -> Self {
        Self {
            repo: repo.clone(),
            number: pull.number,
            sha: pull.head.sha.clone(),
            from: pull.head.name.clone(),
            base: pull.base.sha.clone(),
            into: pull.base.name.clone(),
        }
    }
}

impl Memory {
    fn recall(&self, head: &Head, round: u64) -> Option<Known> {
        let mut heads = self.0.lock().ok()?;
        let (known, seen) = heads.get_mut(head)?;
        *seen = round;
        Some(known.clone())
    }

    fn learn(&self, head: Head, known: Known, round: u64) {
        if let Ok(mut heads) = self.0.lock() {
            heads.insert(head, (known, round));
        }
    }

    /// Forgets what this poll did not see.
    pub(super) fn forget_before(&self, round: u64) {
        if let Ok(mut heads) = self.0.lock() {
            heads.retain(|_, (_, seen)| *seen >= round);
        }
    }
}

/// Reads pull requests for one source.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The way out.
    pub(super) session: &'a Session<'a>,
    /// Which source it is.
    pub(super) source: &'a SourceName,
    /// Who is an AI tool, what is production.
    pub(super) lens: &'a Lens,
}

/// Every open pull request of a repository, newest first.
pub(super) async fn list(
    session: &Session<'_>,
    repo: &RepoName,
) -> (Vec<wire::Pull>, Option<SourceFault>) {
    let ask = Ask::json(format!("/repos/{repo}/pulls?state=open&per_page=100")).needs(PERMISSION);
    let mut listing = session.pages::<Vec<wire::Pull>>(&ask).await;
    // One opened between two pages pushes another onto both.
    let mut numbers = HashSet::new();
    listing.items.retain(|pull| numbers.insert(pull.number));
    (listing.items, listing.fault)
}

impl Reader<'_> {
    /// The action a listed pull request is, or nothing when no AI tool is behind it.
    pub(super) async fn action(
        &self,
        repo: &RepoName,
        pull: &wire::Pull,
        memory: &Memory,
        round: u64,
    ) -> Result<Option<Found>, SourceFault> {
        let head = Head::of(repo, pull);
        let known = if let Some(known) = memory.recall(&head, round) {
            known
        } else {
            let known = self.find_out(repo, pull).await?;
            memory.learn(head, known.clone(), round);
            known
        };
        let Known::Ai(content) = known else { return Ok(None) };
        // Title and text may be edited without the head moving: the listing has them newer.
        let newest = if content.pull.head.sha == pull.head.sha { pull } else { &content.pull };
        let Some(tool) = self.recognise(newest, &content.commits) else { return Ok(None) };
        Ok(Some(self.assemble(repo, newest, &content, tool).await))
    }

    async fn find_out(&self, repo: &RepoName, pull: &wire::Pull) -> Result<Known, SourceFault> {
        let mut clues = Clues::default();
        clues.pull(pull);
        let sure = self.lens.catalogue.recognise(clues.as_slice()).into_iter().next();
        if sure.as_ref().is_none_or(|tool| tool.confidence < Confidence::Observed) {
            for commit in self.commits(repo, pull.number).await? {
                clues.commit(&commit);
            }
        }
        if self.lens.catalogue.recognise(clues.as_slice()).is_empty() {
            return Ok(Known::Human);
        }
        Ok(Known::Ai(Arc::new(self.content(repo, pull.clone()).await?)))
    }

    /// Commits, files and diff of one head, read so that they belong together: after reading,
    /// the head is asked for once more, and a head that moved is read afresh.
    async fn content(&self, repo: &RepoName, mut pull: wire::Pull) -> Result<Content, SourceFault> {
        let address = format!("/repos/{repo}/pulls/{}", pull.number);
        let alone = Ask::json(&*address).needs(PERMISSION);
        for _ in 0..CHASES {
            let files = async {
                let ask = Ask::json(format!("{address}/files?per_page=100")).needs(PERMISSION);
                let listing = self.session.pages::<Vec<wire::File>>(&ask).await;
                listing.fault.map_or(Ok(listing.items), Err)
            };
            let (commits, files) =
                futures::future::try_join(self.commits(repo, pull.number), files).await?;
            let listed_all = files.len() < MOST_FILES;
            let diff = Ask::diff(&*address).needs(PERMISSION);
            let mut change = diff::change(self.session, &diff, &files, listed_all).await?;
            let now: wire::Pull = self.session.json(&alone).await?;
            if now.head.sha == pull.head.sha {
                change.additions = now.additions.unwrap_or(change.additions);
                change.deletions = now.deletions.unwrap_or(change.deletions);
                if let Some(all) = now.changed_files {
                    change.files_complete &= files.len() as u64 >= all;
                }
                return Ok(Content { pull: now, commits, change });
            }
            pull = now;
        }
        let words = "its head moved while it was read, several times over";
        Err(SourceFault::new(FaultKind::Refused, alone.during(), words))
    }

    pub(super) async fn commits(
        &self,
        repo: &RepoName,
        number: u64,
    ) -> Result<Vec<wire::Commit>, SourceFault> {
        let path = format!("/repos/{repo}/pulls/{number}/commits?per_page=100");
        let listing =
            self.session.pages::<Vec<wire::Commit>>(&Ask::json(path).needs(PERMISSION)).await;
        listing.fault.map_or(Ok(listing.items), Err)
    }

    fn recognise(&self, pull: &wire::Pull, commits: &[wire::Commit]) -> Option<ToolMatch> {
        let mut clues = Clues::default();
        clues.pull(pull);
        for commit in commits {
            clues.commit(commit);
        }
        self.lens.catalogue.recognise(clues.as_slice()).into_iter().next()
    }

    async fn assemble(
        &self,
        repo: &RepoName,
        pull: &wire::Pull,
        content: &Content,
        tool: ToolMatch,
    ) -> Found {
        let (checks, reviews) = futures::future::join(
            checks(self.session, repo, &pull.head.sha),
            self.reviews(repo, pull.number),
        )
        .await;
        let mut gaps = Vec::new();
        let checks = or_gap(checks, checks_part(repo), &mut gaps);
        let reviews = or_gap(reviews, Part::new(format!("reviews {repo}")), &mut gaps);
        let requester = pull.user.as_ref().map_or("ghost", |user| user.login.as_str());
        let subject = Subject::PullRequest {
            repo: repo.clone(),
            number: pull.number,
            head_sha: pull.head.sha.clone(),
            head_ref: Untrusted::new(&*pull.head.name),
            base_ref: Untrusted::new(&*pull.base.name),
        };
        let action = Action {
            id: subject.id(self.source),
            source: self.source.clone(),
            part: part(repo),
            subject,
            tool,
            authors: authors(&content.commits, requester),
            requester: requester.into(),
            title: Untrusted::new(&*pull.title),
            description: pull.body.clone().unwrap_or_default().into(),
            target: Target {
                name: format!("{repo}:{}", pull.base.name).into(),
                environment: self.lens.production.repo(repo),
            },
            opened: pull.created_at,
            url: Untrusted::new(&*pull.html_url),
            change: content.change.clone(),
            checks,
            reviews,
            asker: None,
            found: None,
            ruling: None,
        };
        Found { action, gaps }
    }

    async fn reviews(&self, repo: &RepoName, number: u64) -> Result<Vec<Review>, SourceFault> {
        let listing = self.all_reviews(repo, number).await;
        let reviews = listing.0.into_iter().filter_map(|review| {
            let state = match review.state.as_str() {
                "APPROVED" => ReviewState::Approved,
                "CHANGES_REQUESTED" => ReviewState::ChangesRequested,
                "DISMISSED" => ReviewState::Dismissed,
                // A review its author has not sent yet.
                "PENDING" => return None,
                _ => ReviewState::Commented,
            };
            Some(Review {
                by: review.user.map_or_else(|| "ghost".to_owned(), |user| user.login).into(),
                state,
                commit: review.commit_id.unwrap_or_default().into(),
            })
        });
        listing.1.map_or(Ok(reviews.collect()), Err)
    }

    /// Every review of a pull request, as it came.
    pub(super) async fn all_reviews(
        &self,
        repo: &RepoName,
        number: u64,
    ) -> (Vec<wire::Review>, Option<SourceFault>) {
        let path = format!("/repos/{repo}/pulls/{number}/reviews?per_page=100");
        let listing =
            self.session.pages::<Vec<wire::Review>>(&Ask::json(path).needs(PERMISSION)).await;
        (listing.items, listing.fault)
    }

    /// Reads one pull request again, whole.
    pub(super) async fn reread(
        &self,
        repo: &RepoName,
        number: u64,
        before: &Action,
    ) -> Result<Reread, SourceFault> {
        let ask = Ask::json(format!("/repos/{repo}/pulls/{number}")).needs(PERMISSION);
        let pull: wire::Pull = self.session.json(&ask).await?;
        if let Some(why) = ended(&pull) {
            return Ok(Reread::Ended(why));
        }
        let content = self.content(repo, pull).await?;
        if let Some(why) = ended(&content.pull) {
            return Ok(Reread::Ended(why));
        }
        // Where the clues are gone it is still the pull request that was shown; whatever else
        // changed, the digest tells.
        let tool =
            self.recognise(&content.pull, &content.commits).unwrap_or_else(|| before.tool.clone());
        let found = self.assemble(repo, &content.pull, &content, tool).await;
        Ok(Reread::Waiting(Box::new(found.action)))
    }
}

/// Who made the change of these commits.
fn authors(commits: &[wire::Commit], requester: &str) -> Vec<Untrusted> {
    let mut authors = Authors::default();
    for commit in commits {
        add_authors(&mut authors, commit);
    }
    if commits.len() >= MOST_COMMITS {
        authors.and_others();
    }
    authors.told(requester)
}

/// Whoever is named as the author of a commit, or as one of them.
pub(super) fn add_authors(authors: &mut Authors, commit: &wire::Commit) {
    let account = commit.author.as_ref().map(|account| account.login.as_str());
    let address = commit.git.author.as_ref().and_then(|author| author.email.as_deref());
    authors.commit(account, address, trailers(&commit.git.message));
}

/// The listing checks and commit statuses come from.
pub(super) fn checks_part(repo: &RepoName) -> Part {
    Part::new(format!("checks {repo}"))
}

/// What was read, or nothing and a gap.
pub(super) fn or_gap<T: Default>(
    read: Result<T, SourceFault>,
    part: Part,
    gaps: &mut Vec<Gap>,
) -> T {
    read.unwrap_or_else(|fault| {
        gaps.push(Gap { part, fault });
        T::default()
    })
}

fn ended(pull: &wire::Pull) -> Option<String> {
    if pull.state == "open" {
        return None;
    }
    Some(match (&pull.merged_at, &pull.merged_by) {
        (Some(at), Some(who)) => {
            format!("pull request #{} was merged by {} at {at}", pull.number, plain(&who.login))
        }
        (Some(at), None) => format!("pull request #{} was merged at {at}", pull.number),
        (None, _) => format!("pull request #{} was closed", pull.number),
    })
}

/// A login in a sentence of ours: GitHub allows letters, digits, `-` and a `[bot]` suffix.
pub(super) fn plain(login: &str) -> String {
    login.chars().filter(|c| c.is_ascii_alphanumeric() || "-_[]".contains(*c)).take(60).collect()
}

/// Check runs and commit statuses of a commit.
pub(super) async fn checks(
    session: &Session<'_>,
    repo: &RepoName,
    sha: &str,
) -> Result<Vec<Check>, SourceFault> {
    let runs = async {
        let ask = Ask::json(format!("/repos/{repo}/commits/{sha}/check-runs?per_page=100"))
            .needs("Checks: read");
        let listing = session.pages::<wire::CheckRuns>(&ask).await;
        listing.fault.map_or(Ok(listing.items), Err)
    };
    let statuses = async {
        let ask = Ask::json(format!("/repos/{repo}/commits/{sha}/status?per_page=100"))
            .needs("Commit statuses: read");
        session.json::<wire::CombinedStatus>(&ask).await
    };
    let (runs, statuses) = futures::future::try_join(runs, statuses).await?;
    let runs = runs.into_iter().map(|run| Check {
        state: match (run.status.as_str(), run.conclusion.as_deref()) {
            ("completed", Some("success")) => CheckState::Passed,
            ("completed", Some("neutral" | "skipped" | "cancelled" | "stale")) => {
                CheckState::Neutral
            }
            ("completed", _) => CheckState::Failed,
            _ => CheckState::Running,
        },
        name: run.name.into(),
    });
    let statuses = statuses.statuses.into_iter().map(|status| Check {
        state: match status.state.as_str() {
            "success" => CheckState::Passed,
            "pending" => CheckState::Running,
            _ => CheckState::Failed,
        },
        name: status.context.into(),
    });
    Ok(runs.chain(statuses).collect())
}
