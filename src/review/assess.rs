//! What an action would do, said before anybody agrees to it.
//!
//! ```text
//!   the command that waits ─▶ classify::argv ─┐
//!   the diff of the change ─▶ classify::diff ─┴─▶ Assessment
//! ```
//!
//! It is worked out from what a decision is bound to (the digest covers command and diff), and kept
//! nowhere: a better classifier tells more about the same action.

use crate::{
    classify::{self, Setting},
    domain::{Action, Assessment, Diff, Opaque, Span, Subject, Untrusted},
};

/// What an action would do. A change whose diff is not there, or not whole, is opaque.
pub fn assess(action: &Action) -> Assessment {
    if let Some(found) = &action.found {
        return found.clone();
    }
    let setting = Setting { environment: action.target.environment, ..Setting::default() };
    if let Subject::Command { argv, .. } = &action.subject {
        let words: Vec<&str> = argv.iter().map(Untrusted::raw).collect();
        return classify::argv(&words, &setting);
    }
    let mut found = match &action.change.diff {
        Diff::Text(diff) => classify::diff(diff.raw(), &setting),
        Diff::Unavailable(_) | Diff::None => unread("its diff is not there"),
    };
    if !action.change.files_complete {
        found.opaque.extend(unread("not all of its files are there").opaque);
    }
    found
}

fn unread(because: &'static str) -> Assessment {
    let opaque = Opaque { evidence: Span::default(), because: because.into() };
    Assessment { effects: Vec::new(), opaque: vec![opaque] }
}
