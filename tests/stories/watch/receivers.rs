//! What is sent, and to whom.

use super::{SECRET, asks, bodies, by_openssl, taking, told, told_at, waiting};
use crate::support::{
    hostile::{Hostile, Reply},
    memory,
    program::Program,
};
use countersign::{domain::ActionState, store::Store as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_told_once_and_openssl_confirms_the_signature() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    waiting(&program, &[asks(7, "Tidy up")]).await;
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("waiting") && ran.stdout.contains("Tidy up"), "{ran:?}");
    let log = receiver.log();
    let [request] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!(request.call, "POST /in");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("countersign-signature"), by_openssl(request));
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["format"], "countersign-watch@v1");
    assert_eq!(body["id"], request.header("countersign-id"));
    assert_eq!(body["event"], "waiting");
    assert_eq!(body["action"]["title"], "Tidy up");
    assert_eq!(body["action"]["environment"], "production");
    assert!(body["action"]["needs"].as_str().unwrap().contains("0 of 1"), "{body}");
    assert!(body["action"]["look"].as_str().unwrap().starts_with("countersign show a-"), "{body}");
    let again = program.run(&["watch", "--once"]);
    assert_eq!((again.status, receiver.log().len()), (0, 1), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_acts_hides_or_is_secret_leaves_the_house() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "").with("GITHUB_TOKEN", "ghp_canary0123456789abcdef");
    let hostile = asks(7, "a\u{1b}]0;x\u{7}\u{202e}b\r\nghp_0123456789abcdefABCD \u{200b}c");
    waiting(&program, &[hostile]).await;
    let ran = program.run(&["-v", "watch", "--once"]);
    assert!(ran.status == 0 && ran.is_harmless(), "{ran:?}");
    let log = receiver.log();
    let all = format!("{log:?}{ran:?}");
    let state = fs::read_to_string(program.path("state/countersign/countersign.db.watch")).unwrap();
    let kept = fs::read_to_string(program.path("state/countersign/countersign.log")).unwrap();
    for text in [&all, &state, &kept] {
        for secret in [SECRET, "canary0123", "0123456789abcdefABCD"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    let body = &log[0].body;
    assert!(!body.contains(['\u{1b}', '\u{202e}', '\u{200b}', '\u{7}']), "{body}");
    assert!(!body.contains("\\u001b") && !body.contains("\\r"), "{body}");
    assert!(body.contains("<U+202E>"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_it_is_told_and_a_receiver_hears_only_what_it_asked_for() {
    let (all, few) = (taking().await, taking().await);
    let more = format!(
        "[[notify]]\nname = \"few\"\nwebhook = \"{}/few\"\nsecret = {{ file = \"secret\" }}\n\
         on = [\"ended\", \"changed\"]\n",
        few.url
    );
    let program = told_at(&all.url, &more);
    let (kept, closed) = (asks(7, "Kept"), asks(8, "Closed"));
    waiting(&program, &[kept.clone(), closed]).await;
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let mut moved = kept;
    moved.title = "Kept, and changed".into();
    waiting(&program, &[moved]).await;
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let mut heard = told(&all);
    heard[..2].sort();
    let expected = ["waiting Closed", "waiting Kept", "changed Kept, and changed", "ended Closed"];
    assert_eq!(heard, expected);
    assert_eq!(told(&few), expected[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_and_went_while_nobody_watched_is_told_with_its_end() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let action = asks(9, "Quick");
    waiting(&program, std::slice::from_ref(&action)).await;
    waiting(&program, &[]).await;
    let store = program.store().await;
    let (row, _) = store.action(&action.id).await.unwrap().unwrap();
    assert_eq!(row.state, ActionState::Gone);
    store.close().await;
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    assert_eq!(told(&receiver), ["ended Quick"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_fails_and_recovers_is_told_once_each() {
    let receiver = taking().await;
    let program =
        told_at(&receiver.url, "[[snapshot]]\nname = \"files\"\nfiles = [\"account.json\"]\n");
    for _ in 0..2 {
        assert_eq!(program.run(&["watch", "--once"]).status, 0);
    }
    program.write(
        "config/countersign/account.json",
        json!({ "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": [] })
            .to_string(),
    );
    for _ in 0..2 {
        assert_eq!(program.run(&["watch", "--once"]).status, 0);
    }
    assert_eq!(told(&receiver), ["source-failing", "source-recovered"]);
    let said = bodies(&receiver);
    assert_eq!(said[0]["outage"]["source"], "snapshot/files");
    assert!(said[0]["outage"]["fault"].as_str().unwrap().contains("account.json"), "{said:?}");
    assert!(said[1]["outage"].get("fault").is_none(), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_policy_and_other_people_are_told() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let shipped = program.run(&["policy", "show"]).stdout;
    let version = "// version: ";
    let at = shipped.find(version).unwrap() + version.len();
    let end = shipped[at..].find(|c: char| !c.is_ascii_digit()).unwrap();
    let number: u64 = shipped[at..at + end].parse().unwrap();
    let newer = format!("{}{}{}", &shipped[..at], number + 1, &shipped[at + end..]);
    program.write("config/countersign/own.cedar", newer);
    let config = fs::read_to_string(program.path("config/countersign/config.toml")).unwrap();
    let more = "[policy]\nfile = \"own.cedar\"\n[groups]\nsenior = [\"rowan\"]\n";
    program.write("config/countersign/config.toml", format!("{config}{more}"));
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let mut heard = told(&receiver);
    heard.sort();
    assert_eq!(heard, ["policy", "roster"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_a_gate_stopped_at_a_boundary_is_told() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let config = program.path("config/countersign/config.toml").display().to_string();
    let ran = program.run(&["gate", "exec", "--", "rm", "-f", &config]);
    assert_eq!(ran.status, 77, "{ran:?}");
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(told(&receiver), ["boundary"], "{ran:?}");
    let body = &bodies(&receiver)[0];
    assert!(body["summary"].as_str().unwrap().contains("nobody may approve"), "{body}");
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    assert_eq!(receiver.log().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn slack_gets_its_own_form_from_an_address_that_is_kept_as_a_secret() {
    let receiver = Hostile::answering(|_| Reply::of(200, "text/plain", "ok")).await;
    let program = Program::configured("[[notify]]\nname = \"chat\"\nslack = { env = \"CHAT\" }\n")
        .with("CHAT", &format!("{}/services/T0/B0/canaryofslack", receiver.url));
    waiting(&program, &[asks(7, "<!channel> now")]).await;
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let body = &bodies(&receiver)[0];
    assert!(body["text"].as_str().unwrap().contains("&lt;!channel&gt; now"), "{body}");
    assert!(!format!("{ran:?}").contains("canaryofslack"), "{ran:?}");
    let down = Program::configured("[[notify]]\nname = \"chat\"\nslack = { env = \"CHAT\" }\n")
        .with("CHAT", "http://127.0.0.1:9/services/T0/B0/canaryofslack");
    let ran = down.run(&["watch", "--test", "chat"]);
    assert!(ran.status == 1 && ran.stderr.contains("cannot be reached"), "{ran:?}");
    assert!(!format!("{ran:?}").contains("canaryofslack"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_gets_the_json_and_none_of_our_secrets() {
    let program = Program::configured(
        "[[notify]]\nname = \"desk\"\n\
         command = [\"sh\", \"-c\", \"{ cat; env; } > \\\"$HOME/heard\\\"; echo thanks\"]\n",
    )
    .with("GITHUB_TOKEN", "ghp_canary0123456789abcdef")
    .with("AWS_SECRET_ACCESS_KEY", "canaryofaws");
    waiting(&program, &[asks(7, "Tidy up")]).await;
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let heard = fs::read_to_string(program.path("heard")).unwrap();
    let (json, environment) = heard.split_once('\n').unwrap();
    let body: Value = serde_json::from_str(json).unwrap();
    assert_eq!(body["action"]["title"], "Tidy up");
    assert!(environment.contains("COUNTERSIGN_EVENT=waiting"), "{environment}");
    assert!(environment.contains("PATH="), "{environment}");
    assert!(!environment.contains("canary"), "{environment}");
    let tried = program.run(&["watch", "--test", "desk"]);
    assert!(tried.status == 0 && tried.stdout.contains("ended with 0: thanks"), "{tried:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_shows_the_answer_and_a_name_that_is_none_those_there_are() {
    let receiver = Hostile::answering(|_| Reply::json(422, "{\"no\":\"\\u001b[2J\"}")).await;
    let program = told_at(&receiver.url, "");
    let ran = program.run(&["watch", "--test", "pager"]);
    assert!(ran.status == 1 && ran.stderr.contains("HTTP 422"), "{ran:?}");
    assert!(ran.is_harmless(), "{ran:?}");
    assert_eq!(told(&receiver), ["test"]);
    let ran = program.run(&["watch", "--test", "pagr"]);
    assert!(ran.status == 2 && ran.stderr.contains("pager"), "{ran:?}");
    let good = taking().await;
    let program = told_at(&good.url, "");
    let ran = program.run(&["--json", "watch", "--test", "pager"]);
    assert_eq!(ran.json()["answer"], "HTTP 204 No Content", "{ran:?}");
    assert_eq!(ran.json()["report"], "watch-test");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_new_hears_of_all_that_waits_and_the_others_of_nothing_twice() {
    let (old, new) = (taking().await, taking().await);
    let program = told_at(&old.url, "");
    waiting(&program, &[asks(7, "First")]).await;
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let config = fs::read_to_string(program.path("config/countersign/config.toml")).unwrap();
    let more = format!(
        "[[notify]]\nname = \"new\"\nwebhook = \"{}\"\nsecret = {{ file = \"secret\" }}\n",
        new.url
    );
    program.write("config/countersign/config.toml", format!("{config}{more}"));
    waiting(&program, &[asks(7, "First"), asks(8, "Second")]).await;
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    assert_eq!(told(&old), ["waiting First", "waiting Second"]);
    let mut heard = told(&new);
    heard.sort();
    assert_eq!(heard, ["waiting First", "waiting Second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_at_a_gate_is_told_again_before_its_end_and_when_it_is_over() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "[watch]\nexpiring_seconds = 5\n");
    let now = Timestamp::now();
    let mut call = memory::call("{\"command\":\"make deploy\"}", "n1");
    call.ruling = Some(memory::held(2, &["senior"]));
    // It waits for half an hour, and five minutes of that are left.
    call.opened = now - SignedDuration::from_mins(25);
    let store = program.store().await;
    store.put_action(&call, now).await.unwrap();
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let body = bodies(&receiver).remove(0);
    assert_eq!(
        (&body["event"], &body["action"]["tier"]),
        (&json!("waiting"), &json!("destructive"))
    );
    let needs = body["action"]["needs"].as_str().unwrap();
    assert!(needs.contains("0 of 2") && needs.contains("senior"), "{body}");
    let until: Timestamp = body["action"]["expires"].as_str().unwrap().parse().unwrap();
    assert_eq!(until.duration_since(call.opened), SignedDuration::from_mins(30));

    let path = program.path("config/countersign/config.toml");
    let sooner = fs::read_to_string(&path).unwrap().replace("= 5\n", "= 600\n");
    fs::write(&path, sooner).unwrap();
    for _ in 0..2 {
        assert_eq!(program.run(&["watch", "--once"]).status, 0);
    }
    assert_eq!(bodies(&receiver)[1]["event"], "expiring");
    assert_eq!(receiver.log().len(), 2, "it is said once");

    store.expire(now + SignedDuration::from_mins(31)).await.unwrap();
    store.close().await;
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let last = &bodies(&receiver)[2];
    assert_eq!(last["event"], "expired");
    assert!(last["detail"].as_str().unwrap().contains("nobody decided in time"), "{last}");
}
