//! Queue, show, approve and reject, down to the review at the server.

use super::house::{House, reviews, text, writes};
use crate::support::{github::sha, program::wait};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn what_was_shown_is_what_is_approved_and_the_server_has_the_review() {
    for (org, host) in
        [("e2e-approve", "GITHUB_FAKE"), ("e2e-approve-direct", "GITHUB_FAKE_DIRECT")]
    {
        let house = House::build(org, host).await.polled();
        let queue = house.done(&["queue"]).stdout;
        for words in ["Change 7", "copilot", "pending"] {
            assert!(queue.contains(words), "{queue}");
        }
        assert!(!queue.contains("Change 8"), "a person's pull request waits for nobody: {queue}");

        let (id, digest) = house.action("Change 7");
        let shown = house.done(&["show", &id]).stdout;
        for words in
            ["+DROP TABLE carts;", &sha('a'), &digest, "copilot/github-user-id", "migrations/7.sql"]
        {
            assert!(shown.to_lowercase().contains(&words.to_lowercase()), "{words} in {shown}");
        }

        house.world.forget_requests().await;
        let ran = house.done(&["approve", &id, "--digest", &digest, "--reason", "read it whole"]);

        assert!(ran.stderr.contains("this will be sent, once"), "{ran:?}");
        assert!(ran.stderr.contains(&format!("POST /repos/{org}/shop/pulls/7/reviews")), "{ran:?}");
        let kept = reviews(&house.world).await;
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(kept[0]["state"], "APPROVED");
        assert_eq!(kept[0]["commit_id"], sha('a'));
        let order = ran.stdout.lines().find_map(|line| line.trim().strip_prefix("order")).unwrap();
        let body = format!("read it whole\n\nCountersign order {} by robin", order.trim());
        assert_eq!(text(&kept[0], "body"), body);
        // What was announced is what was sent, but for the order's id.
        let announced = ran.stderr.replace("o-…", order.trim());
        for line in body.lines().filter(|line| !line.is_empty()) {
            assert!(announced.contains(line), "{line} in {announced}");
        }
        assert_eq!(writes(&house.world).await.len(), 1);

        let again = house.program.run(&["approve", &id, "--digest", &digest]);
        assert_eq!(again.status, 77, "{again:?}");
        assert_eq!(writes(&house.world).await.len(), 1, "nothing is sent twice");
        let history = house.done(&["activity"]).stdout;
        for kind in ["source", "decided", "ordered", "answered"] {
            assert!(history.contains(kind), "{kind} in {history}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn a_rejection_requests_changes_with_the_reason() {
    let house = House::build("e2e-reject", "GITHUB_FAKE").await.polled();
    let (id, digest) = house.action("Change 7");
    let reason = "--reason=drops the table";
    let ran = house.done(&["reject", &id, "--digest", &digest, reason, "--json"]).json();
    assert_eq!((text(&ran, "outcome"), text(&ran, "id")), ("done", &*id));
    let kept = reviews(&house.world).await;
    assert_eq!(kept[0]["state"], "CHANGES_REQUESTED");
    assert!(text(&kept[0], "body").starts_with("drops the table\n\nCountersign order o-"));
    assert_eq!(house.done(&["show", &id, "--json"]).json()["action"]["state"], "rejected");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn a_waiting_deployment_is_approved_for_exactly_what_was_shown() {
    for (org, host) in [("e2e-deploy", "GITHUB_FAKE"), ("e2e-deploy-direct", "GITHUB_FAKE_DIRECT")]
    {
        let house = House::build(org, host).await.polled();
        let (id, digest) = house.action("Release 4");
        let shown = house.done(&["show", &id]).stdout;
        assert!(shown.contains("+destroy = true"), "{shown}");
        house.done(&["approve", &id, "--digest", &digest]);
        let state = house.world.state().await;
        let approvals = &state["repos"]["shop"]["runs"][0]["approvals"];
        assert_eq!(approvals[0]["environments"], json!([11, 12]));
        assert_eq!(approvals[0]["state"], "approved");
        assert_eq!(state["repos"]["shop"]["runs"][0]["pending"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn a_head_that_moved_between_show_and_approve_is_refused_and_shown_again() {
    let house = House::build("e2e-moved", "GITHUB_FAKE").await.polled();
    let (id, digest) = house.action("Change 7");
    house
        .world
        .change_pull("shop", 7, json!({"head": {"ref": "copilot/change-7", "sha": sha('b')}}))
        .await;
    house.world.forget_requests().await;

    let ran = house.program.run(&["approve", &id, "--digest", &digest]);

    assert_eq!(ran.status, 77, "{ran:?}");
    let now = house.action("Change 7").1;
    assert_ne!(now, digest);
    assert!(ran.stderr.contains(&now) && ran.stderr.contains(&sha('b')), "{ran:?}");
    assert!(ran.stderr.contains("nothing was sent"), "{ran:?}");
    assert_eq!(writes(&house.world).await, []);
    // Over a second console's poll the same digest is refused before the server is even asked.
    house.done(&["queue", "--poll"]);
    house.world.forget_requests().await;
    let stale = house.program.run(&["approve", &id, "--digest", &digest, "--json"]);
    assert_eq!((stale.status, text(&stale.error(), "kind")), (77, "changed"), "{stale:?}");
    assert_eq!(house.world.requests().await, []);

    house.done(&["approve", &id, "--digest", &now]);
    assert_eq!(reviews(&house.world).await[0]["commit_id"], sha('b'));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn of_two_processes_that_approve_at_once_one_reviews() {
    let house = House::build("e2e-race", "GITHUB_FAKE_DIRECT").await.polled();
    let (id, digest) = house.action("Change 7");
    for _ in 0..3 {
        let arguments = ["approve", &id, "--digest", &digest];
        let started: Vec<_> =
            (0..4).map(|_| house.program.command(&arguments).spawn().unwrap()).collect();
        let ended: Vec<_> = started.into_iter().map(wait).collect();
        let good = ended.iter().filter(|ran| ran.status == 0).count();
        assert!(good <= 1, "{ended:#?}");
        // The others came while it was decided, or after.
        assert!(ended.iter().all(|ran| [0, 75, 77].contains(&ran.status)), "{ended:#?}");
    }
    assert_eq!(reviews(&house.world).await.len(), 1);
    assert_eq!(writes(&house.world).await.len(), 1);
}
