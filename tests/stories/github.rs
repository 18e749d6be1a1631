//! GitHub: what is read from it, what is decided there, what is taken away.
//!
//! ```text
//!   queue, deployments, credentials, faults ──▶ the stateful fake, behind GitHub's description
//!   emulate ──▶ a server somebody else wrote      prism ──▶ GitHub's description itself
//! ```

mod credentials;
mod deployments;
mod emulate;
mod faults;
mod prism;
mod queue;

use countersign::{
    domain::{Action, Credential, Observation, SourceFault},
    sources::{Progress, Reread, Source},
};

/// Polls, and expects to have seen everything.
async fn poll_whole(source: &dyn Source) -> Observation {
    let seen = source.poll(&Progress::new()).await.expect("the poll goes well");
    assert!(seen.gaps.is_empty(), "gaps: {:#?}", seen.gaps);
    seen
}

/// The one action of a world that has one.
fn only_action(seen: &Observation) -> Action {
    let titles: Vec<_> = seen.actions.iter().map(|action| &action.title).collect();
    assert_eq!(seen.actions.len(), 1, "{titles:?}");
    seen.actions[0].clone()
}

/// Reads an action again that still waits.
async fn again(source: &dyn Source, action: &Action) -> Action {
    match source.reread(action).await.expect("it can be read again") {
        Reread::Waiting(action) => *action,
        Reread::Ended(why) => panic!("it ended: {why}"),
    }
}

/// A credential by its label.
fn labelled<'a>(seen: &'a Observation, label: &str) -> &'a Credential {
    seen.credentials
        .iter()
        .find(|credential| credential.label.raw() == label)
        .unwrap_or_else(|| panic!("no credential {label}"))
}

/// What a fault says, with its call and its words.
fn told(fault: &SourceFault) -> String {
    format!("{fault}: {}", fault.detail.raw())
}
