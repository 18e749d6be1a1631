//! `kill -9` at every step of a held action, by name. Then everything is started again, and what
//! really ran is compared with what people agreed to: nothing ran unapproved, nothing twice, and no
//! decision is lost.
//!
//! ```text
//!   gate, hook:  asking asked waiting │ taking taken (starting running) settling settled
//!   reviewers:                deciding decided │ ordered
//!                -ing: inside of the store's transaction; after the bar: there are approvals
//! ```

use super::{
    approve,
    console::Desk,
    is_open, row, runs,
    scene::{Scene, Victim, allows, by_robin},
};
use countersign::{
    domain::{ActionState, OrderState},
    store::ActionRow,
};
use std::time::{Duration, Instant};
use tokio::{
    task::{JoinSet, block_in_place},
    time::sleep,
};

/// Steps of a gate that runs a command.
const GATE: [&str; 9] =
    ["asking", "asked", "waiting", "taking", "taken", "starting", "running", "settling", "settled"];
/// Steps of a hook that holds a call.
const HOOK: [&str; 7] = ["asking", "asked", "waiting", "taking", "taken", "settling", "settled"];
/// Steps before anybody has agreed.
const BEFORE: [&str; 3] = ["asking", "asked", "waiting"];
/// Steps of somebody who decides: the order is written with the decision that is the last one.
const REVIEWER: [&str; 4] = ["deciding", "decided", "deciding the last", "ordered"];

/// Kills a gate at a step; whatever became of its command, the same one is asked for anew.
async fn gate(scene: &Scene, step: &str) {
    let name = format!("gate-{step}");
    let gate = Victim::halting(scene.gate(&name), step);
    if !BEFORE.contains(&step) {
        let first = scene.seen(&gate, &name).await.unwrap();
        scene.approved_by_all(&first).await;
    }
    gate.until_it_halts().await;
    let started = ["running", "settling", "settled"].contains(&step);
    if !started {
        assert_eq!(runs(&scene.program, &name), 0, "{step}: it ran already");
    }
    gate.kill().await;
    let end = Instant::now() + Duration::from_secs(30);
    while started && runs(&scene.program, &name) == 0 {
        assert!(Instant::now() < end, "{step}: what was started never ran");
        sleep(Duration::from_millis(5)).await;
    }

    scene.looked_at().await;
    let known = scene.asked(&name).await;
    assert_eq!(known.len(), usize::from(step != "asking"), "{step}: {known:?}");
    for row in &known {
        is_over(scene, row, step).await;
    }

    let again = Victim::of(scene.gate(&name));
    let second = scene.seen(&again, &name).await.unwrap();
    assert!(known.iter().all(|row| row.id != second.id), "{step}: an old approval would serve it");
    assert_eq!(runs(&scene.program, &name), usize::from(started), "{step}: it ran unasked");
    scene.approved_by_all(&second).await;
    let ended = again.end().await;
    assert_eq!(ended.status, 0, "{step}: {ended:?}");
    assert_eq!(runs(&scene.program, &name), usize::from(started) + 1, "{step}");
    for row in &known {
        is_over(scene, row, step).await;
    }
}

/// What the store says of a request whose gate was killed at a step.
async fn is_over(scene: &Scene, first: &ActionRow, step: &str) {
    let first = row(&scene.store, &first.id).await;
    let order = scene.order(&first).await.map(|order| order.state);
    let agreed = if BEFORE.contains(&step) { 0 } else { 2 };
    assert_eq!(first.decisions.len(), agreed, "{step}: a decision is lost: {first:?}");
    assert!(!is_open(first.state), "{step}: nobody waits for it any more: {first:?}");
    let expected = match step {
        "asked" | "waiting" => None,
        // Nobody had it: it is sure that nothing ran.
        "taking" => Some(OrderState::Refused),
        "settled" => Some(OrderState::Done),
        // Taken, and its gate said nothing more.
        _ => Some(OrderState::Unknown),
    };
    assert_eq!(order, expected, "{step}: {first:?}");
    assert_eq!(first.state == ActionState::Approved, step == "settled", "{step}: {first:?}");
}

/// Kills a hook at a step; its agent makes the very same call again.
async fn hook(scene: &Scene, step: &str) {
    let name = format!("hook-{step}");
    let mut command = scene.hook();
    command.env(super::scene::HALT, step);
    let hook = scene.call(command, &name);
    if !BEFORE.contains(&step) {
        let first = scene.seen(&hook, &name).await.unwrap();
        scene.approved_by_all(&first).await;
    }
    hook.until_it_halts().await;
    let died = hook.kill().await;
    assert!(!allows(&died), "{step}: {died:?}");
    scene.looked_at().await;
    let first = scene.asked(&name).await;
    assert_eq!(first.len(), usize::from(step != "asking"), "{step}: {first:?}");

    let again = scene.call(scene.hook(), &name);
    scene.approved_until_ended(&again, &name).await;
    let passed = again.end().await;
    assert!(allows(&passed), "{step}: {passed:?}");
    let all = scene.asked(&name).await;
    // What nobody had taken still serves the call; what was taken serves nobody else.
    let serves = ["asked", "waiting", "taking"].contains(&step);
    let asked = if serves || step == "asking" { 1 } else { 2 };
    assert_eq!(all.len(), asked, "{step}: {all:?}");
    for row in &all {
        assert_eq!(row.decisions.len(), 2, "{step}: a decision is lost: {row:?}");
    }
    let done = if step == "settled" { 2 } else { 1 };
    assert_eq!(scene.used(&name).await, done, "{step}");
    assert!(scene.waiting(&name).await.is_none(), "{step}: nothing waits");

    // Once, and not once more.
    let mut third = scene.hook();
    third.args(["--wait", "1s"]);
    let third = scene.call(third, &name).end().await;
    assert!(!allows(&third), "{step}: {third:?}");
}

/// Kills somebody who approves, with a command or at a console, at a step; the command that waits
/// runs once, when enough have agreed.
async fn reviewer(scene: &Scene, step: &str, at_console: bool) {
    let name =
        format!("{}-{}", if at_console { "console" } else { "approve" }, step.replace(' ', "-"));
    let gate = Victim::of(scene.gate(&name));
    let shown = scene.seen(&gate, &name).await.unwrap();
    let last = ["deciding the last", "ordered"].contains(&step);
    if last {
        assert!(approve(&scene.reviewers[0], &shown).await);
    }
    let halt = step.split(' ').next().unwrap();
    if at_console {
        block_in_place(|| {
            let mut desk = Desk::open(&scene.program, Some(halt));
            desk.opens(&name);
            desk.confirms();
            desk.until_it_halts();
            desk.kill();
        });
    } else {
        let reviewer = Victim::halting(scene.decide("approve", &shown), halt);
        reviewer.until_it_halts().await;
        reviewer.kill().await;
    }
    let kept = usize::from(halt != "deciding");
    let first = row(&scene.store, &shown.id).await;
    assert_eq!(by_robin(&first), kept, "{step}: {first:?}");
    assert_eq!(first.decisions.len(), kept + usize::from(last), "{step}: {first:?}");
    assert_eq!(scene.order(&first).await.is_some(), step == "ordered", "{step}");

    if kept == 0 {
        // Whoever was killed says it again, at the same place.
        if at_console {
            block_in_place(|| {
                let mut desk = Desk::open(&scene.program, None);
                desk.opens(&name);
                desk.confirms();
                desk.wait_for(if last { "Approved" } else { "Counted for" });
                desk.kill();
            });
        } else {
            let again = Victim::of(scene.decide("approve", &shown)).end().await;
            assert_eq!(again.status, if last { 0 } else { 75 }, "{step}: {again:?}");
        }
    } else if !last {
        // To say it again changes nothing.
        let again = Victim::of(scene.decide("approve", &shown)).end().await;
        assert_eq!(again.status, 75, "{step}: {again:?}");
    }
    if !last {
        assert_eq!(runs(&scene.program, &name), 0, "{step}: one is not enough");
        assert!(approve(&scene.reviewers[0], &shown).await);
    }
    let ended = gate.end().await;
    assert_eq!(ended.status, 0, "{step}: {ended:?}");
    assert_eq!(runs(&scene.program, &name), 1, "{step}");
    let first = row(&scene.store, &shown.id).await;
    assert_eq!((first.decisions.len(), by_robin(&first)), (2, 1), "{step}: {first:?}");
    assert_eq!(first.state, ActionState::Approved, "{step}: {first:?}");
}

/// Kills somebody who rejects; the command never runs.
async fn refuser(scene: &Scene, step: &str) {
    let name = format!("reject-{step}");
    let gate = Victim::of(scene.gate(&name));
    let shown = scene.seen(&gate, &name).await.unwrap();
    let reviewer = Victim::halting(scene.decide("reject", &shown), step);
    reviewer.until_it_halts().await;
    reviewer.kill().await;
    if step == "deciding" {
        assert!(row(&scene.store, &shown.id).await.decisions.is_empty(), "{step}");
        let again = Victim::of(scene.decide("reject", &shown)).end().await;
        assert_eq!(again.status, 0, "{step}: {again:?}");
    }
    let ended = gate.end().await;
    assert_eq!(ended.status, 77, "{step}: {ended:?}");
    let first = row(&scene.store, &shown.id).await;
    assert_eq!((first.state, first.decisions.len()), (ActionState::Rejected, 1), "{step}");
    assert_eq!(runs(&scene.program, &name), 0, "{step}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes a quarter of a minute: make test"]
async fn whoever_is_killed_at_any_step_nothing_runs_unapproved_or_twice_and_no_decision_is_lost() {
    let mut all = JoinSet::new();
    all.spawn(async {
        let scene = Scene::new().await;
        for step in GATE {
            println!("gate {step}");
            gate(&scene, step).await;
        }
    });
    // Two of these wait until a hook that took an answer is taken for dead; side by side.
    for step in HOOK {
        all.spawn(async move {
            println!("hook {step}");
            hook(&Scene::new().await, step).await;
        });
    }
    all.spawn(async {
        let scene = Scene::new().await;
        for step in REVIEWER {
            println!("approve {step}");
            reviewer(&scene, step, false).await;
        }
        for step in ["deciding", "ordered"] {
            println!("reject {step}");
            refuser(&scene, step).await;
        }
    });
    all.spawn(async {
        let scene = Scene::new().await;
        for step in REVIEWER {
            println!("console {step}");
            reviewer(&scene, step, true).await;
        }
    });
    while let Some(ended) = all.join_next().await {
        ended.unwrap();
    }
}
