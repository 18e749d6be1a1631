//! An agent that is stopped.

use super::audited;
use crate::{
    attacks::office::{Office, says, signed_by_two},
    support::{
        memory::call,
        program::{Program, wait},
    },
};
use countersign::{
    domain::{Action, Locked, Subject, Turn},
    gate::{HoldError, locks},
    review::TurnError,
};
use std::{
    process::Stdio,
    time::{Duration, Instant},
};

/// A call of another session of the same agent.
fn of_session(session: &str, nonce: &str) -> Action {
    let mut action = Action { ruling: Some(signed_by_two()), ..call("terraform plan", nonce) };
    if let Subject::Call { session: name, .. } = &mut action.subject {
        *name = session.into();
    }
    action
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_session_gets_nothing_through_until_somebody_else_unlocks_it() {
    let office = Office::open().await;
    let what = Locked::Session("session-1".into());
    let locked = office.desk("ana").turn(what.clone(), Turn::Lock, "it loops".into()).await;
    assert!(locked.unwrap().signed.is_some());

    let refused = office.passes(&of_session("session-1", "n1")).await.unwrap_err();
    assert!(matches!(refused, HoldError::Locked(_)), "{refused}");
    says(&refused.to_string(), &["session", "ana", "it loops", "countersign unlock"]);
    assert!(office.passes(&of_session("session-2", "n2")).await.is_ok());

    let own = office.desk("ana").turn(what.clone(), Turn::Unlock, "fine now".into()).await;
    assert!(matches!(own, Err(TurnError::Yours)), "{own:?}");
    office.desk("ines").turn(what.clone(), Turn::Unlock, "looked at it".into()).await.unwrap();
    assert!(office.passes(&of_session("session-1", "n3")).await.is_ok());
    let again = office.desk("ines").turn(what, Turn::Unlock, "again".into()).await;
    assert!(matches!(again, Err(TurnError::NotLocked)), "{again:?}");

    let report = audited(&office).await;
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(report.signatures, 2, "both turns are entries, and signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_a_host_where_nobody_polls_is_stopped_as_well() {
    let office = Office::open().await;
    let asked = of_session("session-1", "n1");
    let until = tokio::time::Instant::now() + Duration::from_mins(1);
    // Nobody writes a file beside the store there.
    let (beside, roster) = (office.path("other-host.db"), office.roster());
    let queue =
        countersign::gate::Queue { store: &*office.store, beside: &beside, reviewers: &roster };
    let locked = async {
        while office.store.actions(false).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let what = Locked::Session("session-1".into());
        office.desk("ana").turn(what, Turn::Lock, "it loops".into()).await.unwrap();
    };

    let (held, ()) = tokio::join!(countersign::gate::hold(queue, &asked, until), locked);

    assert!(matches!(held, Err(HoldError::Locked(_))), "{held:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn gates_that_never_open_the_store_see_it_beside_the_store() {
    let office = Office::open().await;
    let (path, what) = (office.path("store.db"), Locked::Host("bastion".into()));
    let action = of_session("any", "n1");
    assert_eq!(locks::against(&path, &action), None);
    office.desk("ana").turn(what.clone(), Turn::Lock, "it loops".into()).await.unwrap();
    locks::note(&path, &*office.store).await.unwrap();
    says(&locks::against(&path, &action).unwrap().to_string(), &["host", "bastion", "ana"]);

    std::fs::write(locks::path(&path), "{").unwrap();
    says(&locks::against(&path, &action).unwrap().to_string(), &["so everything is"]);

    office.desk("tom").turn(what, Turn::Unlock, "done".into()).await.unwrap();
    locks::note(&path, &*office.store).await.unwrap();
    assert_eq!(locks::against(&path, &action), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_does_not_wait_for_a_key_and_going_on_does() {
    let office = Office::open().await;
    let what = Locked::Tool(countersign::domain::ToolId::new("claude-code"));
    let nobody = office.desk("nobody");
    let lock = nobody.turn(what.clone(), Turn::Lock, "smoke".into()).await.unwrap();
    assert_eq!(lock.signed, None);
    let mute = office.desk("nina").turn(what, Turn::Unlock, "fine".into()).await;
    assert!(matches!(mute, Err(TurnError::NotSigned(_))), "{mute:?}");
}

/// A program that runs under the gate is told to end, by a command of another terminal.
#[test]
fn a_command_that_runs_is_ended() {
    let program = Program::new();
    let mut gate = program.command(&["gate", "exec", "--", "sleep", "60"]);
    let child = gate.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let begun = Instant::now();
    let locked = program.run(&["lock", &format!("host:{host}"), "--reason", "smoke", "--json"]);
    assert_eq!(locked.status, 0, "{}", locked.stderr);
    let ended = wait(child);
    assert!(begun.elapsed() < Duration::from_secs(40));
    assert_eq!(ended.status, 128 + 15, "{}", ended.stderr);
    says(&ended.stderr, &["is being ended", "smoke"]);

    let refused = program.run(&["gate", "exec", "--", "sleep", "60"]);
    assert_eq!(refused.status, 77, "{}", refused.stderr);
    says(&refused.stderr, &["is locked by", "smoke"]);
    let listed = program.run(&["lock"]);
    says(&listed.stdout, &["host:", "smoke"]);
}
