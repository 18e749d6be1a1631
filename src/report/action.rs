//! One action, whole.

use super::{Cell, Ink, Page, Report, Tone, queue::ActionView, ruling, words};
use crate::{
    domain::{
        Action, Asker, Assessment, Change, Check, CheckState, Class, Diff, Effect, FileStatus,
        Found, Review, ReviewState, Subject, Tier, ToolMatch, Untrusted, Verb,
    },
    store::ActionRow,
    trust::{Outlook, Proof, Yours},
};
use jiff::Timestamp;
use serde::Serialize;

/// An action with evidence, files, checks, reviews and diff.
pub struct ActionPage<'a> {
    row: &'a ActionRow,
    action: &'a Action,
    assessed: &'a Assessment,
    outlook: &'a Outlook,
    now: Timestamp,
    with_diff: bool,
}

/// Effects that are told one by one.
const TOLD: usize = 12;

impl<'a> ActionPage<'a> {
    /// An action as the store keeps it, with what it would do and how far it is.
    pub fn new(
        row: &'a ActionRow,
        action: &'a Action,
        assessed: &'a Assessment,
        outlook: &'a Outlook,
        now: Timestamp,
    ) -> Self {
        Self { row, action, assessed, outlook, now, with_diff: true }
    }

    /// Without the diff.
    #[must_use]
    pub fn without_diff(mut self) -> Self {
        self.with_diff = false;
        self
    }

    /// The page.
    pub fn page(&self) -> Page {
        let (row, action) = (self.row, self.action);
        let mut page = Page::new()
            .field("id", Cell::own(row.id.as_str()))
            .field("title", Cell::outside(&action.title))
            .field("state", words::state(row.state, row.stale))
            .field("kind", Cell::own(words::subject_kind(&action.subject)))
            .field("target", Cell::outside(&action.target.name))
            .field("environment", words::environment(action.target.environment))
            .field("tier", Cell::own(action.tier().to_string()))
            .field("tool", Cell::own(words::holders(std::slice::from_ref(&action.tool))))
            .field("requester", Cell::outside(&action.requester));
        if !action.authors.is_empty() {
            page = page.field("made by", Cell::outside(&action.made_by()));
        }
        page = page.field("source", Cell::own(row.source.as_str()));
        page = subject(page, &action.subject)
            .field("opened", words::since(action.opened, self.now))
            .field("last seen", words::since(row.last_seen, self.now))
            .field("url", Cell::outside(&action.url))
            .field("digest", Cell::own(row.digest.to_string()));
        if let Some(ruled) = &action.ruling {
            page = ruling::policy(page, ruled, self.outlook, self.now);
        }
        page = would_do(page, self.assessed);
        if let Some(asker) = &action.asker {
            page = ruling::asker(page, asker);
        }
        page = page.heading("behind it").item(tool_line(&action.tool)).and(evidence(&action.tool));
        let is_claimed =
            action.asker.as_ref().is_some_and(|asker| asker.claimed == action.description);
        if !action.description.is_empty() && !is_claimed {
            page = page.heading("what the requester says").block(&action.description);
        }
        if !row.decisions.is_empty() {
            page = page.heading("decisions");
            for decision in &row.decisions {
                page = page.item(Cell::outside(&Untrusted::new(format!(
                    "{} {} by {}, digest {}{}",
                    words::moment(decision.at),
                    decision.verdict.past(),
                    decision.reviewer.0.raw(),
                    decision.digest.short(),
                    because(&decision.reason),
                ))));
                page = page.detail(proof(&Proof::of(decision)));
            }
        }
        page = checks(page, &action.checks);
        page = reviews(page, &action.reviews);
        change(page, &action.change, self.with_diff)
    }
}

/// What proves whose decision it is.
fn proof(proof: &Proof) -> Cell {
    let tone = if proof.is_signed() { Tone::Quiet } else { Tone::Bad };
    match proof {
        Proof::Broken(why) => Cell::outside(&format!("{proof}: {why}").into()).tone(tone),
        Proof::Unsigned | Proof::Signed { .. } => Cell::own(proof.to_string()).tone(tone),
    }
}

/// What it would do, what weighs most first.
fn would_do(page: Page, assessed: &Assessment) -> Page {
    let class = assessed.class();
    let cell = Cell::own(class.to_string()).tone(tone(class));
    // The files of a change are listed further down.
    let found = assessed.by_weight().into_iter().filter(|one| !one.is_listed());
    let found: Vec<Found<'_>> = found.collect();
    let mut page = page.heading("what it would do").item(cell);
    for one in found.iter().take(TOLD) {
        page = page.detail(Cell::outside(&one.told()).tone(tone(one.class())));
    }
    match found.len().saturating_sub(TOLD) {
        0 => page,
        more => page.detail(Cell::own(format!("and {more} more"))),
    }
}

const fn tone(class: Class) -> Tone {
    match class {
        Class::ReadOnly => Tone::Good,
        Class::Mutating => Tone::Plain,
        Class::Opaque => Tone::Warning,
        Class::Destructive => Tone::Bad,
    }
}

fn because(reason: &Untrusted) -> String {
    if reason.is_empty() { String::new() } else { format!(": {}", reason.raw()) }
}

fn subject(page: Page, subject: &Subject) -> Page {
    match subject {
        Subject::PullRequest { repo, number, head_sha, head_ref, base_ref } => page
            .field("pull request", Cell::own(format!("{repo}#{number}")))
            .field("head", Cell::own(head_sha))
            .field("from branch", Cell::outside(head_ref))
            .field("into branch", Cell::outside(base_ref)),
        Subject::Deployment {
            repo,
            run_id,
            attempt,
            workflow,
            head_sha,
            head_ref,
            environments,
        } => {
            let names: Vec<Untrusted> = environments
                .iter()
                .map(|deployed| {
                    let note = if deployed.can_approve { "" } else { " (not ours to approve)" };
                    Untrusted::new(format!("{}{note}", deployed.name.raw()))
                })
                .collect();
            page.field("run", Cell::own(format!("{repo} run {run_id}, attempt {attempt}")))
                .field("workflow", Cell::outside(workflow))
                .field("commit", Cell::own(head_sha))
                .detail(Cell::own(
                    "the diff is that of this commit alone, not of all the run deploys",
                ))
                .field("branch", Cell::outside(head_ref))
                .field("environments", words::list(&names))
        }
        Subject::Command { argv, cwd, program, program_digest, host, pid, nonce: _, pins } => {
            let words: Vec<String> = argv.iter().map(|word| format!("{:?}", word.raw())).collect();
            let page = page
                .field("command", Cell::outside(&Untrusted::new(words.join(" "))))
                .field("directory", Cell::outside(cwd))
                .field("program", Cell::outside(program))
                .field("program digest", Cell::own(program_digest.to_string()))
                .field(
                    "waits on",
                    Cell::outside(&Untrusted::new(format!("{} (process {pid})", host.raw()))),
                );
            ruling::pinned(page, pins)
        }
        Subject::Call { .. } => ruling::call(page, subject),
    }
}

/// A tool by all its names.
pub(super) fn tool_line(tool: &ToolMatch) -> Cell {
    Cell::own(format!("{} ({}, {})", tool.name, tool.tool, tool.confidence))
}

/// What points to a tool, strongest first.
pub(super) fn evidence(tool: &ToolMatch) -> Page {
    tool.evidence.iter().fold(Page::new(), |page, piece| {
        page.detail(Cell::outside(&Untrusted::new(format!(
            "{}: {} [rule {}]",
            piece.confidence,
            piece.clue.value.raw(),
            piece.rule
        ))))
    })
}

fn checks(page: Page, checks: &[Check]) -> Page {
    if checks.is_empty() {
        return page;
    }
    checks.iter().fold(page.heading("checks"), |page, check| {
        let (word, tone) = match check.state {
            CheckState::Running => ("running", Tone::Warning),
            CheckState::Passed => ("passed", Tone::Good),
            CheckState::Failed => ("failed", Tone::Bad),
            CheckState::Neutral => ("neutral", Tone::Quiet),
        };
        let line = format!("{word:<8} {}", check.name.raw());
        page.item(Cell::outside(&Untrusted::new(line)).tone(tone))
    })
}

fn reviews(page: Page, reviews: &[Review]) -> Page {
    if reviews.is_empty() {
        return page;
    }
    reviews.iter().fold(page.heading("reviews already there"), |page, review| {
        let word = match review.state {
            ReviewState::Approved => "approved",
            ReviewState::ChangesRequested => "changes requested",
            ReviewState::Commented => "commented",
            ReviewState::Dismissed => "dismissed",
        };
        let line = format!("{word} by {} at {}", review.by.raw(), review.commit.raw());
        page.item(Cell::outside(&Untrusted::new(line)))
    })
}

fn change(page: Page, change: &Change, with_diff: bool) -> Page {
    if change.files.is_empty() && change.diff == Diff::None {
        return page;
    }
    let complete = if change.files_complete { "" } else { "; the source did not list every file" };
    let mut page = page.heading(format!(
        "files: {} (+{} -{}){complete}",
        change.files.len(),
        change.additions,
        change.deletions
    ));
    for file in &change.files {
        let status = match file.status {
            FileStatus::Added => "added",
            FileStatus::Modified => "modified",
            FileStatus::Removed => "removed",
            FileStatus::Renamed => "renamed",
            FileStatus::Other => "other",
        };
        let line =
            format!("{status:<8} +{} -{}  {}", file.additions, file.deletions, file.path.raw());
        page = page.item(Cell::outside(&Untrusted::new(line)));
    }
    match &change.diff {
        Diff::Text(text) if with_diff => page.heading("diff").diff(text),
        Diff::Unavailable(why) => {
            page.heading("diff").item(Cell::own(format!("not available: {why}")).tone(Tone::Bad))
        }
        Diff::Text(_) | Diff::None => page,
    }
}

impl Report for ActionPage<'_> {
    fn human(&self, ink: Ink) -> String {
        self.page().text(ink)
    }

    fn name(&self) -> &'static str {
        "action"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body {
            action: Whole {
                row: ActionView::of(self.row, self.outlook),
                tier: self.action.tier(),
                authors: &self.action.authors,
                you: &self.outlook.yours,
                asker: self.action.asker.as_ref(),
                would_do: WouldDo::of(self.assessed),
                description: &self.action.description,
                url: &self.action.url,
                change: ChangeView {
                    files: &self.action.change.files,
                    files_complete: self.action.change.files_complete,
                    diff: self.with_diff.then_some(&self.action.change.diff),
                },
                check_runs: &self.action.checks,
                reviews: &self.action.reviews,
            },
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    action: Whole<'a>,
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    row: ActionView<'a>,
    tier: Tier,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authors: &'a [Untrusted],
    you: &'a Yours,
    #[serde(skip_serializing_if = "Option::is_none")]
    asker: Option<&'a Asker>,
    would_do: WouldDo<'a>,
    description: &'a Untrusted,
    url: &'a Untrusted,
    change: ChangeView<'a>,
    check_runs: &'a [Check],
    reviews: &'a [Review],
}

#[derive(Serialize)]
struct WouldDo<'a> {
    class: Class,
    effects: Vec<EffectView<'a>>,
    opaque: Vec<&'a str>,
}

#[derive(Serialize)]
struct EffectView<'a> {
    verb: Verb,
    service: &'a str,
    resource: &'a Untrusted,
    class: Class,
    because: &'a str,
}

impl<'a> WouldDo<'a> {
    fn of(assessed: &'a Assessment) -> Self {
        let effect = |effect: &'a Effect| EffectView {
            verb: effect.verb,
            service: &effect.service,
            resource: &effect.resource,
            class: effect.class(),
            because: effect.because(),
        };
        Self {
            class: assessed.class(),
            effects: assessed.effects.iter().map(effect).collect(),
            opaque: assessed.opaque.iter().map(|opaque| opaque.because.as_ref()).collect(),
        }
    }
}

#[derive(Serialize)]
struct ChangeView<'a> {
    files: &'a [crate::domain::FileChange],
    files_complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<&'a Diff>,
}

#[cfg(test)]
mod tests {
    use super::ActionPage;
    use crate::report::{Ink, Report as _, json, samples};

    #[test]
    fn the_page_reads_like_this() {
        let action = samples::action();
        let row = samples::action_row(&action);
        let (assessed, outlook) = (samples::assessed(), samples::outlook(&row));
        let page = ActionPage::new(&row, &action, &assessed, &outlook, samples::now());
        insta::assert_snapshot!(page.human(Ink::default()));
    }

    #[test]
    fn without_the_diff_neither_form_holds_it() {
        let action = samples::action();
        let row = samples::action_row(&action);
        let (assessed, outlook) = (samples::assessed(), samples::outlook(&row));
        let page =
            ActionPage::new(&row, &action, &assessed, &outlook, samples::now()).without_diff();
        assert!(!page.human(Ink::default()).contains("DROP TABLE"));
        let written = json(&page, samples::now()).unwrap();
        assert!(!written.contains("DROP TABLE"));
        insta::assert_snapshot!(written);
    }

    #[test]
    fn no_field_of_a_hostile_action_reaches_the_terminal_raw() {
        let hostile = "x\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}";
        let mut action = samples::action();
        action.title = hostile.into();
        action.description = hostile.into();
        action.requester = hostile.into();
        action.url = hostile.into();
        action.target.name = hostile.into();
        action.change.files[0].path = hostile.into();
        action.checks[0].name = hostile.into();
        action.tool.evidence[0].clue.value = hostile.into();
        action.change.diff = crate::domain::Diff::Text(hostile.into());
        let row = samples::action_row(&action);
        let (assessed, outlook) = (samples::assessed(), samples::outlook(&row));
        let page = ActionPage::new(&row, &action, &assessed, &outlook, samples::now());
        let shown = page.human(Ink::default());
        let bad = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}'];
        assert!(!shown.contains(bad), "{}", shown.escape_debug());
    }

    #[test]
    fn a_held_call_tells_who_is_missing_and_who_asks() {
        let action = samples::held_call();
        let row = samples::action_row(&action);
        let (assessed, outlook) = (samples::assessed(), samples::outlook(&row));
        let page = ActionPage::new(&row, &action, &assessed, &outlook, samples::now());
        insta::assert_snapshot!(page.human(Ink::default()));
        insta::assert_snapshot!(json(&page, samples::now()).unwrap());
    }
}
