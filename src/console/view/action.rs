//! The detail of an action: what, by whom, on what, how it stands; the diff follows below.
//!
//! ```text
//!  Drop legacy orders table
//!  environment  ◆ production
//!  would do     ▲ destructive
//!               delete `orders` (migration): the table and its rows are gone
//!  tool         Claude Code, observed
//!                 commit trailer `Co-Authored-By: …`
//!  target       acme/shop main
//!  …
//!  What it says
//!  …
//!  Diff  3 files   +12 −340
//! ```

use super::{asker, call, change, command, effects, queue::environment_mark, ruling, sheet::Sheet};
use crate::{
    console::{
        clock::{ago, date},
        msg::LoadedAction,
        state::State,
        theme::{Role, Theme},
    },
    domain::{Action, ActionState, Clue, ClueKind, Environment, Subject, ToolMatch, Untrusted},
    store::{QueueRow, Waits},
    text::SafeText,
    trust::Proof,
};
use ratatui::text::{Line, Span};

pub(super) fn page(state: &State, width: u16, brief: bool, theme: &Theme) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(width, theme);
    let open = if brief { state.open_selected() } else { state.open.as_ref() };
    match (open, state.queue.selected()) {
        (Some(open), row) => {
            let row = row.map(AsRef::as_ref).filter(|row: &&QueueRow| row.id == open.id);
            head(&mut sheet, &open.loaded, row, (state, brief));
            if !brief {
                rest(&mut sheet, &open.loaded.action, row, state);
            }
        }
        (None, Some(row)) => {
            let short = if row.waits == Waits::Command { &row.name } else { &row.title };
            sheet.untrusted(short, Role::Title);
            environment(&mut sheet, row.target.environment);
            let value = vec![sheet.say(&row.tool, Role::Accent)];
            sheet.pair_spans("tool", value);
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

/// One line for what waits. A command is told word by word further down, so its title is its
/// program and its host.
fn title(sheet: &mut Sheet<'_>, subject: &Subject, title: &Untrusted) {
    match subject {
        Subject::Command { argv, host, .. } => {
            let short = format!("{} on {}", command::program(argv), host.raw());
            sheet.untrusted(&short.into(), Role::Title);
        }
        Subject::Call { via, tool, host, .. } => {
            let mut value = sheet.safe(tool, Role::Title);
            value.push(sheet.say(&format!(" through {via} on "), Role::Title));
            value.extend(sheet.safe(host, Role::Title));
            sheet.spans(value);
        }
        _ => sheet.untrusted(title, Role::Title),
    }
}

fn head(
    sheet: &mut Sheet<'_>,
    loaded: &LoadedAction,
    row: Option<&QueueRow>,
    (state, brief): (&State, bool),
) {
    let (action, hidden) = (&loaded.action, &loaded.hidden);
    title(sheet, &action.subject, &action.title);
    if !hidden.is_empty() {
        let text = format!(
            " Hidden or look-alike characters in {}: those that hide are shown as <U+…>. It can only be approved by typing its digest. ",
            hidden.join(", ")
        );
        sheet.own(&text, Role::HiddenToken);
    }
    let is_at_gate = matches!(action.subject, Subject::Command { .. } | Subject::Call { .. });
    if is_at_gate && brief {
        // What it is comes first where hardly more has room.
        command::told(sheet, &action.subject, loaded.script.as_ref(), true);
        call::told(sheet, &action.subject, loaded.script.as_ref(), true);
        policy(sheet, action, row, (state, true));
        environment(sheet, action.target.environment);
        effects::told(sheet, &loaded.would_do, true);
        let by = vec![sheet.say(&action.tool.name, Role::Accent), sheet.say(" for ", Role::Dim)];
        let by = by.into_iter().chain(sheet.safe(&action.requester, Role::Text)).collect();
        sheet.pair_spans("asked by", by);
        return;
    }
    environment(sheet, action.target.environment);
    effects::told(sheet, &loaded.would_do, brief);
    if let Some(row) = row {
        standing(sheet, row);
    }
    policy(sheet, action, row, (state, brief));
    tool(sheet, &action.tool, brief);
    if is_at_gate {
        if action.asker.as_ref().is_none_or(|asker| asker.claimed != action.description) {
            let says = sheet.safe_text(&SafeText::block(&action.description), Role::Text);
            sheet.pair_spans("it says", says);
        }
        command::told(sheet, &action.subject, loaded.script.as_ref(), false);
        call::told(sheet, &action.subject, loaded.script.as_ref(), false);
    } else {
        sheet.pair("target", &action.target.name);
        subject(sheet, &action.subject);
    }
    let mut by = sheet.safe(&action.requester, Role::Text);
    let opened =
        format!(", {}, {}", ago(state.now.wall, action.opened), date(action.opened, &state.zone));
    by.push(sheet.say(&opened, Role::Dim));
    sheet.pair_spans("asked by", by);
    if !action.authors.is_empty() {
        sheet.pair("made by", &action.made_by());
    }
    if let Some(asker) = &action.asker {
        asker::told(sheet, asker, Some(&action.subject), false);
    }
}

/// How far it is, where policy was asked.
fn policy(
    sheet: &mut Sheet<'_>,
    action: &Action,
    row: Option<&QueueRow>,
    (state, brief): (&State, bool),
) {
    if let (Some(ruled), Some(row)) = (&action.ruling, row) {
        ruling::told(sheet, ruled, &state.outlook(row), state, brief);
    }
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

fn standing(sheet: &mut Sheet<'_>, row: &QueueRow) {
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
        Subject::PullRequest { head_sha, head_ref, base_ref, .. } => {
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
        Subject::Command { .. } | Subject::Call { .. } => {}
        Subject::FollowUp { of, by, reason, order, .. } => {
            let mut value = vec![sheet.say("BREAK-GLASS by ", Role::Danger)];
            value.extend(sheet.safe(&by.0, Role::Danger));
            sheet.pair_spans("to review", value);
            sheet.pair("said", reason);
            sheet.pair("let through", &format!("{of} (order {order})").into());
        }
    }
}

fn rest(sheet: &mut Sheet<'_>, action: &Action, row: Option<&QueueRow>, state: &State) {
    if !action.url.is_empty() {
        sheet.pair("address", &action.url);
    }
    if let Some(ruled) = &action.ruling {
        ruling::by(sheet, ruled);
    }
    if let Some(digest) = state.open_digest() {
        sheet.pair_own("digest", &digest.short(), Role::Dim);
    }
    change::judged(sheet, action);
    for decision in row.map_or(&[][..], |row| row.decisions.as_slice()) {
        let mut value = vec![sheet.say(&format!("{} by ", decision.verdict.past()), Role::Dim)];
        value.extend(sheet.safe(&decision.reviewer.0, Role::Text));
        value.push(sheet.say(&format!(" {}", ago(state.now.wall, decision.at)), Role::Dim));
        if !decision.reason.is_empty() {
            value.push(sheet.say(": ", Role::Dim));
            value.extend(sheet.safe(&decision.reason, Role::Text));
        }
        let proof = Proof::of(decision);
        let role = if proof.is_signed() { Role::Dim } else { Role::Danger };
        value.push(sheet.say(&format!(", {proof}"), role));
        sheet.pair_spans("decided", value);
    }
    let is_told = matches!(action.subject, Subject::Command { .. } | Subject::Call { .. });
    if !action.description.is_empty() && !is_told {
        sheet.heading("What it says");
        sheet.untrusted(&action.description, Role::Text);
    }
    change::files(sheet, action);
}
