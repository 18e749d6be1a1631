//! The demo as a whole, without its screen: the real program waits at its gate as the agent.

use countersign::{
    cli::demo::{DemoArgs, DemoDesk, Farewell, run},
    domain::{ActionState, Reviewer, Subject, Untrusted, Verdict},
    store::ActionRow,
    trust::Yours,
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_countersign");

/// Runs the demo with `person` in place of the console; gives what is said at the end and the
/// directory it was in.
async fn demo(person: impl AsyncFnOnce(&DemoDesk)) -> (Farewell, PathBuf) {
    let reviewer = Reviewer(Untrusted::new("imogen"));
    let console = async |desk: DemoDesk| {
        person(&desk).await;
        desk.dir
    };
    let ran = run(&DemoArgs::default(), reviewer, Path::new(PROGRAM), console).await;
    let (dir, farewell) = ran.unwrap();
    (farewell, dir)
}

async fn waiting_command(desk: &DemoDesk) -> ActionRow {
    let rows = desk.review.store().actions(false).await.unwrap();
    let mut commands = rows.into_iter();
    commands.find(|row| matches!(row.subject, Subject::Command { .. })).unwrap()
}

async fn decide(desk: &DemoDesk, verdict: Verdict, reason: &str) -> ActionRow {
    let row = waiting_command(desk).await;
    let reason = Untrusted::new(reason);
    desk.review.decide(&row.id, row.digest, verdict, reason).await.unwrap();
    row
}

/// Waits for a line of the history, for at most half a minute.
async fn told(desk: &DemoDesk, wanted: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let lines = desk.review.store().activity(200, None).await.unwrap();
        if lines.iter().any(|line| line.what.raw().contains(wanted)) {
            return;
        }
        assert!(Instant::now() < deadline, "the history never said: {wanted}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_approved_agent_runs_where_everybody_can_see_it() {
    let (farewell, dir) = demo(async |desk| {
        let held = desk.dir.join("agent/production/database");
        let before = std::fs::read_to_string(&held).unwrap();
        assert!(before.contains("running"), "nothing has happened yet: {before}");
        decide(desk, Verdict::Approve, "agreed").await;
        told(desk, "agent: done: production is clean").await;
        assert_eq!(std::fs::read_to_string(&held).unwrap(), "state = empty\n");
    })
    .await;
    assert!(farewell.text.contains("was approved and ran to its end"), "{}", farewell.text);
    assert!(farewell.text.contains("removed 'production/database'"), "{}", farewell.text);
    assert!(!dir.exists(), "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rejected_agent_is_told_why_and_does_nothing() {
    let (farewell, dir) = demo(async |desk| {
        let row = decide(desk, Verdict::Reject, "not on a Friday").await;
        let store = desk.review.store();
        told(desk, "told no").await;
        let (row, _) = store.action(&row.id).await.unwrap().unwrap();
        assert_eq!(row.state, ActionState::Rejected);
        told(desk, "agent: countersign: rejected").await;
        let held = std::fs::read_to_string(desk.dir.join("agent/production/database")).unwrap();
        assert!(held.contains("running"), "{held}");
    })
    .await;
    assert!(farewell.text.contains("was refused"), "{}", farewell.text);
    assert!(farewell.text.contains("not on a Friday"), "{}", farewell.text);
    assert!(!dir.exists(), "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_nobody_answered_is_told_no_when_the_console_closes() {
    let (farewell, dir) = demo(async |desk| {
        let sources = desk.review.store().sources().await.unwrap();
        let failing = sources.iter().find(|source| source.name.as_str() == "aws/analytics");
        let fault = failing.unwrap().fault.clone().unwrap();
        assert_eq!(fault.missing_permission.as_deref(), Some("iam:ListAccessKeys"));
        let held = desk.review.store().credentials(false).await.unwrap();
        assert!(held.len() >= 35, "{} credentials", held.len());
        assert!(held.iter().any(|row| row.stale), "the failing account is shown as stale");
        assert_eq!(desk.review.store().actions(false).await.unwrap().len(), 10);
        let row = waiting_command(desk).await;
        let outlook = desk.review.outlook(&row, jiff::Timestamp::now());
        assert_eq!(outlook.standing.needed, 2, "the shipped policy asks for two");
        assert_eq!(outlook.yours, Yours::Decides, "a colleague has agreed already");
        let passed = desk.review.store().autonomous(10, None).await.unwrap();
        let titles: Vec<_> = passed.iter().map(|row| row.record.title.raw()).collect();
        assert_eq!(titles, ["ls -l production"]);
        told(desk, "boundary `production-stays`").await;
    })
    .await;
    assert!(farewell.text.contains("it has been told no"), "{}", farewell.text);
    assert!(!dir.exists(), "nothing is left behind");
}
