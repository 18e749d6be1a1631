//! The lines of `terraform plan -json`: one message a line, the planned changes among them.
//!
//! Format: <https://developer.hashicorp.com/terraform/internals/machine-readable-ui> (2026-11). It
//! says what is done to what, but not which settings change, so that an update may do more than it
//! shows.

use super::{refuse, service, types::Types};
use crate::{
    classify::{
        Judge, Word,
        tree::{self, Node},
    },
    domain::Verb,
};

/// Judges the messages.
pub fn stream(of: &Word, judge: &mut Judge<'_>) {
    let mut start = 0;
    let mut planned = false;
    for line in of.text().split_inclusive('\n') {
        let whole = of.part(start..start + line.len());
        start += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let message = match tree::json(whole.text()) {
            Ok(message) => message,
            Err(bad) => {
                refuse(&whole, bad, judge);
                continue;
            }
        };
        match message.text_of("type") {
            Some("planned_change") => {
                planned = true;
                change(&whole, message.get("change"), judge);
            }
            Some("change_summary") => planned = true,
            Some("diagnostic") if message.text_of("@level") == Some("error") => {
                let at = message.get("@level").map_or(message.at, |level| level.at);
                let because =
                    "planning ended with an error, so that it is not all that would be done";
                judge.opaque(whole.at(at.start..at.end), because);
            }
            _ => {}
        }
    }
    if !planned {
        judge.opaque(super::start_of(of), "these messages say nothing of what would change");
    }
}

fn change(of: &Word, change: Option<&Node<'_>>, judge: &mut Judge<'_>) {
    let resource = change.and_then(|change| change.get("resource"));
    let (Some(change), Some(address)) = (change, resource.and_then(|it| it.get("addr"))) else {
        judge.opaque(super::start_of(of), "a change without the address of what it changes");
        return;
    };
    let at = of.at(address.at.start..address.at.end);
    let name = address.text().unwrap_or_default();
    let kind = resource.and_then(|it| it.text_of("resource_type")).unwrap_or_default();
    let service = service("terraform", kind);
    let back = "apply the configuration from before";
    match change.text_of("action") {
        Some("noop" | "no-op") => {}
        Some("read") => judge.reads(service, name, at),
        Some("create") => judge.changes(Verb::Create, service, name, at, "destroy it again"),
        Some("update") => {
            judge.changes(Verb::Update, service, name, at, back);
            let because = "these messages do not say which settings change: give the JSON of \
                           `terraform show -json FILE`";
            judge.opaque(at, because);
        }
        Some("import" | "move" | "forget" | "remove") => {
            judge.changes(Verb::Update, service, name, at, back);
        }
        Some("delete" | "replace") => {
            let what = Types::known().holds(kind);
            let lost =
                what.map_or("it is gone for good".to_owned(), |what| format!("{what} are gone"));
            judge.destroys(Verb::Delete, service, name, at, lost);
        }
        _ => judge.opaque(at, "it is not known what this change does"),
    }
}
