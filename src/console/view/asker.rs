//! Who asks at the gate: what this machine knows, and what the agent claims.
//!
//! ```text
//!  asked by     agent (uid 1004), 4 min ago, 2026-11-20 14:28
//!  isolation    container
//!  processes    claude 4711 ← node 4702 ← tmux 880
//!  session      7f3a…
//!  repository   tidewater/infra, claude/resize at 81c2f0d
//!  claims       Free the disk first; the old volume is not used.
//! ```

use super::sheet::Sheet;
use crate::{
    console::theme::Role,
    domain::{Asker, Isolation, Subject, Untrusted},
    text::SafeText,
};

/// Processes that are told one by one.
const PROCESSES: usize = 12;

/// What is known of who asks, less what stands with the call already. `brief` where there is room
/// for little.
pub(super) fn told(sheet: &mut Sheet<'_>, asker: &Asker, call: Option<&Subject>, brief: bool) {
    let is_told = |value: &Untrusted| match call {
        Some(Subject::Call { cwd, session, .. }) => value == cwd || value == session,
        Some(Subject::Command { cwd, .. }) => value == cwd,
        _ => value.is_empty(),
    };
    if !brief {
        isolation(sheet, asker.isolation);
        processes(sheet, asker);
        if !asker.session.is_empty() && !is_told(&asker.session) {
            sheet.pair("its session", &asker.session);
        }
        if !asker.cwd.is_empty() && !is_told(&asker.cwd) {
            sheet.pair("asks from", &asker.cwd);
        }
    }
    repository(sheet, asker);
    if !asker.claimed.is_empty() {
        let mut value = vec![sheet.say("claimed  ", Role::Warning)];
        value.extend(sheet.safe_text(&SafeText::block(&asker.claimed), Role::Text));
        sheet.pair_spans("its reason", value);
    }
}

fn isolation(sheet: &mut Sheet<'_>, isolation: Isolation) {
    let (text, role) = match isolation {
        Isolation::Vm => ("virtual machine", Role::Text),
        Isolation::Container => ("container", Role::Text),
        Isolation::None => ("none: it runs on the machine itself", Role::Warning),
        Isolation::Unknown => ("unknown", Role::Dim),
    };
    sheet.pair_own("isolation", text, role);
}

/// The nearest first, in one line.
fn processes(sheet: &mut Sheet<'_>, asker: &Asker) {
    if asker.processes.is_empty() {
        return;
    }
    let mut value = Vec::new();
    for (index, process) in asker.processes.iter().take(PROCESSES).enumerate() {
        if index > 0 {
            value.push(sheet.say(" ← ", Role::Dim));
        }
        value.extend(sheet.safe(&process.name, Role::Text));
        value.push(sheet.say(&format!(" {}", process.pid), Role::Dim));
    }
    let more = asker.processes.len().saturating_sub(PROCESSES);
    if more > 0 {
        value.push(sheet.say(&format!(" ← {more} more"), Role::Dim));
    }
    sheet.pair_spans("processes", value);
}

fn repository(sheet: &mut Sheet<'_>, asker: &Asker) {
    let Some(checkout) = &asker.checkout else { return };
    let named = if checkout.origin.is_empty() { &checkout.root } else { &checkout.origin };
    let mut value = sheet.safe(named, Role::Text);
    if !checkout.branch.is_empty() {
        value.push(sheet.say(", ", Role::Dim));
        value.extend(sheet.safe(&checkout.branch, Role::Text));
    }
    let commit: String = checkout.commit.chars().take(7).collect();
    if !commit.is_empty() {
        value.push(sheet.say(" at ", Role::Dim));
        value.extend(sheet.safe(&commit.into(), Role::Text));
    }
    sheet.pair_spans("repository", value);
}
