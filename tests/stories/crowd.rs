//! Many at one store: agents that ask, reviewers that approve, a console that looks, and any of
//! them killed at any moment.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod at_once;
mod console;
mod killed;
mod scene;
mod steps;

use crate::support::program::Program;
use countersign::{
    domain::{ActionId, ActionState, Reviewer, Untrusted, Verdict},
    policy::unsigned_text,
    review::{Carried, DecideError, Review, Rules, Timing},
    store::{ActionRow, SqliteStore, Store},
    trust::Roster,
};
use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc, time::Duration};

/// Two people who may agree to anything together.
const REVIEWERS: [&str; 2] = ["ana", "ines"];

/// A reviewer at a handle on the store of their own, who waits for nobody.
fn reviewer(store: &Arc<SqliteStore>, name: &str) -> Review {
    let store = Arc::clone(store) as Arc<dyn Store>;
    Review::new(store, Vec::new(), Reviewer(name.into()))
        .with_timing(Timing { gate: Duration::ZERO, ..Timing::default() })
        .under(rules())
}

fn rules() -> Rules {
    let everybody = REVIEWERS.map(str::to_owned);
    let reviewers = Roster::new([("senior".to_owned(), everybody)]).into();
    Rules { reviewers, ..Rules::default() }
}

/// Approves what is shown. Says whether it counted; that somebody was faster is no failure.
async fn approve(review: &Review, row: &ActionRow) -> bool {
    let decided = review.decide(&row.id, row.digest, Verdict::Approve, Untrusted::default()).await;
    match decided {
        Ok(Carried::Answered(_) | Carried::Waiting(_) | Carried::Counted(_)) => true,
        Err(
            DecideError::Again
            | DecideError::Ended(_)
            | DecideError::Busy(_)
            | DecideError::Changed(_)
            | DecideError::Forbidden(_),
        ) => false,
        Err(error) => panic!("{} could not approve: {error}", review.reviewer().0.raw()),
    }
}

/// A home with a program in it that says in a file that it ran: `./deploy NAME`.
fn home() -> Program {
    let program = Program::configured(format!(
        "[groups]\nsenior = {REVIEWERS:?}\n\n[policy]\nfile = \"unsigned.cedar\"\n"
    ));
    program.write("config/countersign/unsigned.cedar", unsigned_text());
    let script = program.write("deploy", "#!/bin/sh\necho \"$1\" >> ran\n");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

/// How often `./deploy NAME` ran.
fn runs(program: &Program, name: &str) -> usize {
    let ran = fs::read_to_string(program.path("ran")).unwrap_or_default();
    ran.lines().filter(|line| *line == name).count()
}

fn is_open(state: ActionState) -> bool {
    matches!(state, ActionState::Pending | ActionState::Deciding)
}

async fn row(store: &SqliteStore, id: &ActionId) -> ActionRow {
    store.action(id).await.unwrap().unwrap().0
}
