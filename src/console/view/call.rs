//! A tool call an agent wants to make, told by what it is.
//!
//! ```text
//!  command      rm -rv production          a shell's line
//!  writes       deploy/prod.tfvars         files
//!  tool         github / merge_pull        a server's tool, its arguments one by one
//!    number     412
//!  runs in      /srv/quotes
//!  through      claude-code: Bash, on bastion-2
//! ```

use super::{
    command::{coloured, words},
    sheet::Sheet,
};
use crate::{
    console::{msg::Script, theme::Role},
    domain::{CallInput, Pin, Subject},
};

/// The call. `brief` where there is room for little: then only what it does.
pub(super) fn told(sheet: &mut Sheet<'_>, what: &Subject, script: Option<&Script>, brief: bool) {
    let Subject::Call { via, tool, input, cwd, session, host, pins, .. } = what else { return };
    let call = CallInput::of(via, tool, input);
    if let Some((server, name)) = &call.server {
        let mut value = sheet.safe(server, Role::Accent);
        value.push(sheet.say(" / ", Role::Dim));
        value.extend(sheet.safe(name, Role::Accent));
        sheet.pair_spans("MCP tool", value);
    }
    if let Some(command) = &call.command {
        let lines = match script {
            Some(script) => coloured(sheet, script),
            None => words(sheet, command),
        };
        labelled(sheet, "command", lines);
    }
    for (index, path) in call.paths.iter().enumerate() {
        let label = if index == 0 { "files" } else { "" };
        sheet.pair(label, path);
    }
    let is_told = call.command.is_some() || !call.paths.is_empty();
    if brief && is_told {
        return;
    }
    for (name, value) in &call.arguments {
        let mut label = sheet.safe(name, Role::Dim);
        if label.is_empty() {
            label.push(sheet.say("input", Role::Dim));
        }
        let mut lines = words(sheet, value).into_iter();
        let mut first = label;
        first.push(sheet.say(" = ", Role::Dim));
        first.extend(lines.next().unwrap_or_default());
        sheet.pair_spans(if is_told { "also" } else { "argument" }, first);
        for line in lines {
            sheet.pair_spans("", line);
        }
    }
    if brief {
        return;
    }
    sheet.pair("runs in", cwd);
    let mut value = vec![sheet.say(via, Role::Text), sheet.say(": ", Role::Dim)];
    value.extend(sheet.safe(tool, Role::Text));
    value.push(sheet.say(", on ", Role::Dim));
    value.extend(sheet.safe(host, Role::Text));
    sheet.pair_spans("through", value);
    if !session.is_empty() {
        let mut value = sheet.safe(session, Role::Text);
        value.push(sheet.say("  no other session may use the approval", Role::Dim));
        sheet.pair_spans("session", value);
    }
    pinned(sheet, pins);
}

fn labelled(sheet: &mut Sheet<'_>, label: &str, lines: Vec<Vec<ratatui::text::Span<'static>>>) {
    for (index, line) in lines.into_iter().enumerate() {
        sheet.pair_spans(if index == 0 { label } else { "" }, line);
    }
}

/// What else has to be the same when it runs.
pub(super) fn pinned(sheet: &mut Sheet<'_>, pins: &[Pin]) {
    for (index, pin) in pins.iter().enumerate() {
        let value = match pin {
            Pin::File { path, digest } => {
                let mut value = sheet.safe(path, Role::Text);
                value.push(sheet.say(&format!("  sha256 {}", digest.short()), Role::Dim));
                value
            }
            Pin::Missing { path } => {
                let mut value = sheet.safe(path, Role::Text);
                value.push(sheet.say("  is not there, and has to stay away", Role::Dim));
                value
            }
            Pin::Variable { name, digest } => {
                let state = if digest.is_some() { "as it is now" } else { "not set" };
                let mut value = sheet.safe(&name.as_str().into(), Role::Text);
                value.push(sheet.say(&format!("  variable, {state}"), Role::Dim));
                value
            }
        };
        sheet.pair_spans(if index == 0 { "pinned" } else { "" }, value);
    }
}
