//! The detail of an action: what, by whom, on what, how it stands; the diff follows below.
//!
//! ```text
//!  Drop legacy orders table
//!  ◆ production
//!  tool         Claude Code, observed
//!                 commit trailer `Co-Authored-By: …`
//!  target       acme/shop main
//!  …
//!  Files  3
//!    M db/migrate/0042.sql   +12 −340
//! ```

use super::{queue::environment_mark, rules::grouped, sheet::Sheet};
use crate::{
    console::{
        clock::{ago, date},
        state::State,
        theme::{Role, Theme},
    },
    domain::{
        Action, ActionState, CheckState, Clue, ClueKind, Diff, Environment, FileStatus,
        ReviewState, Subject, ToolMatch,
    },
    store::ActionRow,
};
use ratatui::text::{Line, Span};

/// Checks and reviews shown at most; the number of the others is told.
const MOST_LINES: usize = 12;

/// How many files are listed above the diff.
const FILES: usize = 40;

pub(super) fn page(state: &State, width: u16, brief: bool, theme: &Theme) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(width, theme);
    let open = if brief { state.open_selected() } else { state.open.as_ref() };
    match (open, state.queue.selected()) {
        (Some(open), row) => {
            let row = row.filter(|row| row.id == open.id);
            head(&mut sheet, &open.loaded.action, row, &open.loaded.hidden, (state, brief));
            if !brief {
                rest(&mut sheet, &open.loaded.action, row, state);
            }
        }
        (None, Some(row)) => {
            sheet.untrusted(&row.title, Role::Title);
            environment(&mut sheet, row.target.environment);
            tool(&mut sheet, &row.tool, true);
            sheet.pair("target", &row.target.name);
            sheet.pair("asked by", &row.requester);
            if !brief {
                sheet.blank();
                sheet.own("Reading it…", Role::Dim);
            }
        }
        (None, None) => {}
    }
    sheet.into_lines()
}

fn head(
    sheet: &mut Sheet<'_>,
    action: &Action,
    row: Option<&ActionRow>,
    hidden: &[&str],
    (state, brief): (&State, bool),
) {
    sheet.untrusted(&action.title, Role::Title);
    if !hidden.is_empty() {
        let text = format!(
            " Hidden or look-alike characters in {}: those that hide are shown as <U+…>. It can only be approved by typing its digest. ",
            hidden.join(", ")
        );
        sheet.own(&text, Role::HiddenToken);
    }
    environment(sheet, action.target.environment);
    if let Some(row) = row {
        standing(sheet, row);
    }
    tool(sheet, &action.tool, brief);
    sheet.pair("target", &action.target.name);
    subject(sheet, &action.subject);
    sheet.pair("asked by", &action.requester);
    let opened =
        format!("{}, {}", ago(state.now.wall, action.opened), date(action.opened, &state.zone));
    sheet.pair_own("opened", &opened, Role::Text);
}

/// Production or not, as a word.
pub(super) fn environment(sheet: &mut Sheet<'_>, environment: Environment) {
    let (mark, role) = environment_mark(environment);
    let text = match environment {
        Environment::Production => "production",
        Environment::Unknown => "unknown; treated as production",
        Environment::NonProduction => "not production",
    };
    let value = vec![sheet.say(&format!("{mark} {text}"), role)];
    sheet.pair_spans("environment", value);
}

fn standing(sheet: &mut Sheet<'_>, row: &ActionRow) {
    let text = match row.state {
        ActionState::Pending if row.stale => "waits (from before: its source cannot be read)",
        ActionState::Pending => return,
        ActionState::Deciding => "a decision is on its way",
        ActionState::Approved => "approved",
        ActionState::Rejected => "rejected",
        ActionState::Failed => "came to nothing, and cannot be decided again",
        ActionState::Gone => "ended elsewhere",
    };
    sheet.pair_own("state", text, Role::Warning);
}

/// The tool, and every piece of evidence for it.
pub(super) fn tool(sheet: &mut Sheet<'_>, found: &ToolMatch, brief: bool) {
    let value = vec![
        sheet.say(&found.name, Role::Accent),
        sheet.say(&format!(", {}", found.confidence), Role::Dim),
    ];
    sheet.pair_spans("tool", value);
    let shown = if brief { 1 } else { found.evidence.len().min(8) };
    for evidence in found.evidence.iter().take(shown) {
        let mut value = vec![sheet.say(clue_name(&evidence.clue), Role::Dim), Span::raw(" ")];
        value.extend(sheet.safe(&evidence.clue.value, Role::Text));
        if evidence.confidence != found.confidence {
            value.push(sheet.say(&format!("  {}", evidence.confidence), Role::Dim));
        }
        sheet.pair_spans("", value);
    }
}

fn clue_name(clue: &Clue) -> &'static str {
    match clue.kind {
        ClueKind::GithubUserId => "GitHub user id",
        ClueKind::GithubLogin => "GitHub login",
        ClueKind::GithubAppSlug => "GitHub App",
        ClueKind::GitEmail => "commit address",
        ClueKind::CommitTrailer => "commit trailer",
        ClueKind::Branch => "branch",
        ClueKind::IamName => "IAM name",
        ClueKind::IamPath => "IAM path",
        ClueKind::IamTag => "IAM tag",
        ClueKind::TrustedService => "trusts service",
        ClueKind::ManagedPolicy => "managed policy",
        ClueKind::OidcIssuer => "OIDC issuer",
        ClueKind::OidcSubject => "OIDC subject",
        ClueKind::SecretEnvironment => "environment",
        ClueKind::SecretName => "secret name",
        ClueKind::KeyTitle => "key title",
        ClueKind::Declared => "declared",
    }
}

fn subject(sheet: &mut Sheet<'_>, subject: &Subject) {
    match subject {
        Subject::PullRequest { repo, number, head_sha, head_ref, base_ref } => {
            sheet.pair("pull request", &format!("{repo}#{number}").into());
            let mut value = sheet.safe(head_ref, Role::Text);
            value.push(sheet.say(" → ", Role::Dim));
            value.extend(sheet.safe(base_ref, Role::Text));
            sheet.pair_spans("branches", value);
            sheet.pair("head", &head_sha.as_str().into());
        }
        Subject::Deployment {
            repo,
            run_id,
            attempt,
            workflow,
            head_sha,
            head_ref,
            environments,
        } => {
            let mut value = sheet.safe(workflow, Role::Text);
            value.push(sheet.say(&format!(", {repo} run {run_id}, attempt {attempt}"), Role::Dim));
            sheet.pair_spans("workflow", value);
            for environment in environments {
                let mut value = sheet.safe(&environment.name, Role::Text);
                if !environment.can_approve {
                    value.push(sheet.say("  our identity may not approve it", Role::Warning));
                }
                sheet.pair_spans("waits for", value);
            }
            let mut value = sheet.safe(&head_sha.as_str().into(), Role::Text);
            value.push(sheet.say(" of ", Role::Dim));
            value.extend(sheet.safe(head_ref, Role::Text));
            sheet.pair_spans("commit", value);
            let only = "the diff is that of this commit alone, not of all the run deploys";
            sheet.pair_own("", only, Role::Dim);
        }
        Subject::Command { argv, cwd, program, program_digest, host, pid, .. } => {
            for (index, word) in argv.iter().enumerate() {
                let label = if index == 0 { "command" } else { "" };
                sheet.pair(label, word);
            }
            sheet.pair("runs in", cwd);
            sheet.pair("program", program);
            sheet.pair_own("its digest", &program_digest.short(), Role::Dim);
            let mut value = sheet.safe(host, Role::Text);
            value.push(sheet.say(&format!(", process {pid}"), Role::Dim));
            sheet.pair_spans("host", value);
        }
    }
}

/// Says how many lines of a list are left out.
fn more(sheet: &mut Sheet<'_>, all: usize) {
    if all > MOST_LINES {
        sheet.pair_own("", &format!("and {} more", all - MOST_LINES), Role::Dim);
    }
}

fn rest(sheet: &mut Sheet<'_>, action: &Action, row: Option<&ActionRow>, state: &State) {
    if !action.url.is_empty() {
        sheet.pair("address", &action.url);
    }
    if let Some(digest) = state.open_digest() {
        sheet.pair_own("digest", &digest.short(), Role::Dim);
    }
    // Bad news first, so that no number of good checks pushes it out of sight.
    let mut checks: Vec<_> = action.checks.iter().collect();
    checks.sort_by_key(|check| match check.state {
        CheckState::Failed => 0,
        CheckState::Running => 1,
        CheckState::Passed | CheckState::Neutral => 2,
    });
    for (index, check) in checks.iter().take(MOST_LINES).enumerate() {
        let (mark, role) = match check.state {
            CheckState::Passed => ("✓ passed ", Role::Ok),
            CheckState::Failed => ("✗ failed ", Role::Danger),
            CheckState::Running => ("◌ running", Role::Warning),
            CheckState::Neutral => ("· neutral", Role::Dim),
        };
        let mut value = vec![sheet.say(mark, role), Span::raw("  ")];
        value.extend(sheet.safe(&check.name, Role::Text));
        sheet.pair_spans(if index == 0 { "checks" } else { "" }, value);
    }
    more(sheet, action.checks.len());
    // The newest reviews are the last.
    let older = action.reviews.len().saturating_sub(MOST_LINES);
    for (index, review) in action.reviews.iter().skip(older).enumerate() {
        let (mark, role) = match review.state {
            ReviewState::Approved => ("✓ approved by ", Role::Ok),
            ReviewState::ChangesRequested => ("✗ changes requested by ", Role::Danger),
            ReviewState::Commented => ("· comment by ", Role::Dim),
            ReviewState::Dismissed => ("· dismissed, by ", Role::Dim),
        };
        let mut value = vec![sheet.say(mark, role)];
        value.extend(sheet.safe(&review.by, Role::Text));
        sheet.pair_spans(if index == 0 { "reviews" } else { "" }, value);
    }
    more(sheet, action.reviews.len());
    for decision in row.map_or(&[][..], |row| row.decisions.as_slice()) {
        let mut value = vec![sheet.say(&format!("{} by ", decision.verdict), Role::Dim)];
        value.extend(sheet.safe(&decision.reviewer.0, Role::Text));
        value.push(sheet.say(&format!(" {}", ago(state.now.wall, decision.at)), Role::Dim));
        if !decision.reason.is_empty() {
            value.push(sheet.say(": ", Role::Dim));
            value.extend(sheet.safe(&decision.reason, Role::Text));
        }
        sheet.pair_spans("decided", value);
    }
    if !action.description.is_empty() {
        sheet.heading("What it says");
        sheet.untrusted(&action.description, Role::Text);
    }
    files(sheet, action);
}

fn files(sheet: &mut Sheet<'_>, action: &Action) {
    let change = &action.change;
    if !change.files.is_empty() {
        let count = if change.files_complete {
            grouped(change.files.len())
        } else {
            format!("{} and more", grouped(change.files.len()))
        };
        sheet.heading(&format!("Files  {count}   +{} −{}", change.additions, change.deletions));
    }
    for file in change.files.iter().take(FILES) {
        let (mark, role) = match file.status {
            FileStatus::Added => ("added    ", Role::Ok),
            FileStatus::Modified => ("changed  ", Role::Dim),
            FileStatus::Removed => ("removed  ", Role::Danger),
            FileStatus::Renamed => ("renamed  ", Role::Dim),
            FileStatus::Other => ("other    ", Role::Dim),
        };
        let mut value = vec![sheet.say(mark, role)];
        value.extend(sheet.safe(&file.path, Role::Text));
        value.push(sheet.say(&format!("  +{} −{}", file.additions, file.deletions), Role::Dim));
        sheet.spans(value);
    }
    if change.files.len() > FILES {
        let left = change.files.len() - FILES;
        sheet.own(&format!("and {left} more; the diff below has them all"), Role::Dim);
    }
    if !change.files_complete {
        sheet.own("The source did not list every file.", Role::Warning);
    }
    match &change.diff {
        Diff::Text(_) => {
            sheet.heading("Diff");
        }
        Diff::Unavailable(why) => {
            sheet.heading("Diff");
            sheet.untrusted(&format!("There is none to read: {why}").into(), Role::Warning);
        }
        Diff::None => {}
    }
}
