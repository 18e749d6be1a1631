//! What a confirmation says: exactly what will be done.

use super::{
    action::environment, asker, call, command, credential::used, effects, ruling, sheet::Sheet,
};
use crate::{
    console::{
        state::{
            State,
            dialog::{Dialog, Shown, Subject, hindrance},
        },
        theme::{Role, Theme},
    },
    domain::{Call, Locked, Preview, Subject as What, Turn, Undo, Verdict},
    store::CredentialRow,
    text::SafeText,
    trust::{Outlook, Yours},
};
use ratatui::text::Line;

pub(super) fn lines(
    dialog: &Dialog,
    width: u16,
    state: &State,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(width, theme);
    match &dialog.subject {
        Subject::Decide { verdict, shown: Some(shown), .. } => {
            decision(&mut sheet, *verdict, shown, state);
        }
        Subject::Revoke(row, preview) | Subject::Restore(row, preview) => {
            let is_revoke = matches!(dialog.subject, Subject::Revoke(..));
            credential(&mut sheet, row);
            if let Some(preview) = preview {
                previewed(&mut sheet, preview, is_revoke, state);
            }
        }
        Subject::Lock(what, turn) => turned(&mut sheet, what, *turn, state),
        Subject::Decide { shown: None, .. } => {}
    }
    sheet.into_lines()
}

fn turned(sheet: &mut Sheet<'_>, what: &Locked, turn: Turn, state: &State) {
    sheet.pair(what.kind(), &what.name());
    let text = match turn {
        Turn::Lock => {
            "Every gate refuses it from now on, until another reviewer unlocks it. A command that runs \
             under `gate exec` is ended; what a host was already told to run cannot be called back."
        }
        Turn::Unlock => "Gates put it to policy again from now on.",
    };
    for lock in state.locks.iter().filter(|lock| lock.what == *what) {
        let mut value = sheet.safe(&lock.reviewer.0, Role::Text);
        value.push(sheet.say(": ", Role::Dim));
        value.extend(sheet.safe(&lock.reason, Role::Text));
        sheet.pair_spans("locked by", value);
    }
    sheet.own(text, Role::Text);
}

fn decision(sheet: &mut Sheet<'_>, verdict: Verdict, shown: &Shown, state: &State) {
    let action = &shown.action;
    let is_at_gate = matches!(action.subject, What::Command { .. } | What::Call { .. });
    if !is_at_gate {
        sheet.untrusted(&action.title, Role::Title);
    }
    match &action.subject {
        What::PullRequest { repo, number, head_sha, .. } => {
            sheet.pair("pull request", &format!("{repo}#{number}").into());
            sheet.pair("head", &head_sha.as_str().into());
        }
        What::Deployment { repo, run_id, head_sha, environments, .. } => {
            sheet.pair("run", &format!("{repo} run {run_id}").into());
            for environment in environments {
                sheet.pair("environment", &environment.name);
            }
            sheet.pair("commit", &head_sha.as_str().into());
        }
        What::Call { .. } => {
            call::told(sheet, &action.subject, shown.script.as_ref(), false);
        }
        What::Command { .. } => {
            command::told(sheet, &action.subject, shown.script.as_ref(), false);
        }
        What::FollowUp { of, by, reason, .. } => {
            let mut value = vec![sheet.say("BREAK-GLASS by ", Role::Danger)];
            value.extend(sheet.safe(&by.0, Role::Danger));
            sheet.pair_spans("to review", value);
            sheet.pair("said", reason);
            sheet.pair("let through", &of.as_str().into());
        }
    }
    let by = vec![
        sheet.say(&action.tool.name, Role::Accent),
        sheet.say(&format!(", {}", action.tool.confidence), Role::Dim),
    ];
    sheet.pair_spans("tool", by);
    if !is_at_gate {
        sheet.pair("target", &action.target.name);
    }
    environment(sheet, action.target.environment);
    effects::told(sheet, &shown.would_do, true);
    if let Some(asker) = &action.asker {
        asker::told(sheet, asker, Some(&action.subject), true);
    }
    if let Some(ruled) = &action.ruling {
        ruling::told(sheet, ruled, &shown.outlook, state, false);
        ruling::by(sheet, ruled);
    }
    sheet.pair_own("digest", &shown.digest.short(), Role::Dim);
    if !shown.hidden.is_empty() {
        let text = format!("Hidden or look-alike characters in {}.", shown.hidden.join(", "));
        sheet.own(&text, Role::Danger);
    }
    if verdict == Verdict::Withdraw {
        sheet.heading("Sends nothing");
        sheet.own("Your approval is taken back. What others approved still counts.", Role::Text);
        return;
    }
    let calls = shown.calls(verdict);
    if calls.is_empty() {
        sheet.blank();
        let text = format!(
            "Nothing can be sent: `{}` is not among this console's sources.",
            action.source
        );
        sheet.own(&text, Role::Danger);
        return;
    }
    if verdict == Verdict::Approve && !matches!(shown.outlook.yours, Yours::Decides) {
        counts(sheet, &shown.outlook);
        return;
    }
    if verdict == Verdict::BreakGlass {
        sheet.heading("You alone let this go ahead");
        let loud = "With a security key that you touch. It stays in red on every console until \
                    somebody else has signed that they have looked at it.";
        sheet.own(loud, Role::Danger);
    }
    sends(sheet, calls);
    sheet.own(&meaning(verdict, &action.subject), Role::Text);
    let again = if is_at_gate {
        "Just before, the gate looks again: if it is no longer what you see, nothing is sent."
    } else {
        "Just before, the source is read again: if it is no longer what you see, nothing is sent."
    };
    sheet.own(again, Role::Dim);
}

/// An approval that does not decide sends nothing yet.
fn counts(sheet: &mut Sheet<'_>, outlook: &Outlook) {
    if let Some(why) = hindrance(outlook) {
        sheet.heading("Sends nothing");
        sheet.untrusted(&format!("{why}.").into(), Role::Danger);
        return;
    }
    sheet.heading("Sends nothing yet");
    sheet.own("Your approval is counted. It goes ahead when the others agree too.", Role::Text);
}

/// What the call means, in words.
fn meaning(verdict: Verdict, subject: &What) -> String {
    match (verdict.ordered(), subject) {
        (Verdict::Approve, What::FollowUp { .. }) => "That says: seen, and right.".to_owned(),
        (_, What::FollowUp { .. }) => "That says: seen, and wrong.".to_owned(),
        (Verdict::Approve, What::PullRequest { .. }) => {
            "That approves exactly this commit.".to_owned()
        }
        (_, What::PullRequest { .. }) => "That requests changes to exactly this commit.".to_owned(),
        (verdict, What::Deployment { environments, .. }) => {
            let word = if verdict.lets() { "approves" } else { "rejects" };
            let which = if environments.len() == 1 {
                "this environment".to_owned()
            } else {
                format!("exactly these {} environments", environments.len())
            };
            format!("That {word} {which} of this run.")
        }
        (Verdict::Approve, What::Command { .. }) => {
            "That lets the waiting process run exactly this command.".to_owned()
        }
        (Verdict::Approve, What::Call { .. }) => {
            "That lets the very same call pass, once.".to_owned()
        }
        (_, What::Call { .. }) => "That refuses the call; the agent is told why.".to_owned(),
        (_, What::Command { .. }) => {
            "That refuses the waiting process; the command does not run.".to_owned()
        }
    }
}

fn credential(sheet: &mut Sheet<'_>, row: &CredentialRow) {
    let credential = &row.credential;
    let mut name = sheet.safe(&credential.label, Role::Title);
    name.push(sheet.say(&format!("  {}", credential.kind()), Role::Dim));
    sheet.spans(name);
    sheet.pair("acts as", &credential.principal.native);
    environment(sheet, credential.environment);
    for held in &credential.holders {
        let value = vec![
            sheet.say(&held.name, Role::Accent),
            sheet.say(&format!(", {}", held.confidence), Role::Dim),
        ];
        sheet.pair_spans("held by", value);
    }
}

fn previewed(sheet: &mut Sheet<'_>, preview: &Preview, is_revoke: bool, state: &State) {
    if is_revoke {
        used(sheet, &preview.last_used, state);
    }
    sends(sheet, &preview.calls);
    for warning in &preview.warnings {
        sheet.untrusted(&format!("▲ {warning}").into(), Role::Warning);
    }
    if is_revoke {
        match &preview.undo {
            Undo::By { call: back } => {
                sheet.heading("The way back");
                sent(sheet, back);
            }
            Undo::No { because } => {
                sheet.heading("There is no way back");
                sheet.untrusted(&because.as_str().into(), Role::Danger);
            }
        }
    }
}

fn sends(sheet: &mut Sheet<'_>, calls: &[Call]) {
    let noun = if calls.len() == 1 { "this call, once" } else { "these calls, each once" };
    sheet.heading(&format!("Sends {noun}"));
    for one in calls {
        sent(sheet, one);
    }
}

fn sent(sheet: &mut Sheet<'_>, call: &Call) {
    let mut line = vec![sheet.say("  ", Role::Dim)];
    line.extend(sheet.safe(&call.operation, Role::Accent));
    sheet.spans(line);
    for (name, value) in &call.parameters {
        // A value of several lines keeps them, each under the first.
        let mut lead = format!("    {name} = ");
        for part in SafeText::block(value).lines() {
            let columns = lead.chars().count();
            let mut line = vec![sheet.say(&lead, Role::Dim)];
            line.extend(sheet.safe_text(&part, Role::Text));
            sheet.spans(line);
            lead = " ".repeat(columns);
        }
    }
}
