//! `terraform apply` through the gate: the plan is made, shown, pinned, and applied as it is.
//!
//! With the real `terraform` and its built-in `terraform_data`, which needs no network. Where it
//! is not installed these stories say so on standard error and check nothing; with
//! `REQUIRE_TERRAFORM=1` that is a failure.

use super::desk::{Queue, guard, request, terms, until};
use countersign::{
    classify::NoPlaces,
    domain::{Action, Diff, Environment, Pin, Subject, Untrusted, Verdict},
    gate::{Ended, Notice},
    store::Counted,
};
use std::{
    fs,
    io::Write as _,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;

const PLANTED: &str = "canary-5up3r-s3cr3t";

fn is_installed() -> bool {
    let found = Command::new("terraform").arg("version").output().is_ok();
    if !found {
        // Past the test harness, which keeps what passing tests print to itself.
        let _ = writeln!(
            std::io::stderr(),
            "\nNOT TESTED: terraform is not installed, so nothing is known about `gate exec -- \
             terraform apply`. Put terraform 1.11 or later into PATH.\n"
        );
        assert!(std::env::var("REQUIRE_TERRAFORM").as_deref() != Ok("1"), "terraform is missing");
    }
    found
}

fn terraform(dir: &Path, arguments: &[&str]) -> String {
    let ran = Command::new("terraform")
        .args(arguments)
        .current_dir(dir)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("TF_IN_AUTOMATION", "1")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    String::from_utf8(ran.stdout).unwrap()
}

fn write(dir: &Path, input: &str) {
    let text = format!(
        "variable \"token\" {{\n  sensitive = true\n  default = \"{PLANTED}\"\n}}\n\
         resource \"terraform_data\" \"app\" {{\n  input = \"{input}\"\n  \
         triggers_replace = [\"{input}\"]\n}}\n\
         resource \"terraform_data\" \"hidden\" {{\n  input = var.token\n}}\n"
    );
    fs::write(dir.join("main.tf"), text).unwrap();
}

/// What is there now.
fn applied(dir: &Path) -> String {
    terraform(dir, &["show", "-no-color"])
}

/// A configuration that was applied with `one` and now says `two`.
fn changed() -> TempDir {
    let dir = TempDir::new().unwrap();
    write(dir.path(), "one");
    terraform(dir.path(), &["init", "-no-color"]);
    terraform(dir.path(), &["apply", "-auto-approve", "-no-color"]);
    write(dir.path(), "two");
    dir
}

struct Asked {
    waiting: super::desk::Waiting,
    said: Arc<Mutex<Vec<Notice>>>,
}

fn start(queue: &Queue, dir: TempDir, argv: &[&str]) -> Asked {
    let variables =
        [("TF_CLI_CONFIG_FILE", "/dev/null"), ("TF_IN_AUTOMATION", "1"), ("TF_CLI_ARGS", "")];
    let request = request(dir.path(), argv, &variables);
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&said);
    let guard = guard(Environment::Production, Arc::new(NoPlaces));
    let say = move |notice: &Notice| heard.lock().unwrap().push(notice.clone());
    Asked { waiting: queue.start(guard, terms(), dir, request, say), said }
}

fn shown(action: &Action) -> &str {
    let Diff::Text(text) = &action.change.diff else { panic!("no plan: {:?}", action.change) };
    text.raw()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs terraform: make test"]
async fn the_plan_is_shown_to_two_people_and_then_applied_as_it_was() {
    if !is_installed() {
        return;
    }
    let queue = Queue::new().await;
    let Asked { waiting, said } =
        start(&queue, changed(), &["terraform", "apply", "-auto-approve", "-no-color"]);
    let action = queue.asked(&waiting.dir).await;
    assert_eq!(action.title, Untrusted::new("terraform apply -auto-approve -no-color"));
    let plan = shown(&action);
    assert!(plan.contains("terraform_data.app must be replaced"), "{plan}");
    assert!(said.lock().unwrap().iter().any(|notice| matches!(notice, Notice::Planned(_))));
    let found = action.found.as_ref().unwrap();
    assert!(found.effects.iter().any(|effect| effect.resource.raw() == "terraform_data.app"));
    let kept = serde_json::to_string(&action).unwrap();
    assert!(!kept.contains(PLANTED), "what is marked as sensitive is nowhere");
    let Subject::Command { argv, pins, .. } = &action.subject else { panic!("not a command") };
    assert_eq!(argv[1].raw(), "apply");
    assert!(
        pins.iter().any(|pin| matches!(pin, Pin::File { path, .. } if path.raw().contains("plan")))
    );

    // What the files say while people read is of no account: what was shown is what is applied.
    write(waiting.dir.path(), "three");
    assert_eq!(queue.decide(&action, Verdict::Approve, "piet").await, Counted::Waiting);
    assert!(applied(waiting.dir.path()).contains("\"one\""), "one approval of two");
    assert_eq!(queue.decide(&action, Verdict::Approve, "imogen").await, Counted::Ordered);
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    let now = applied(waiting.dir.path());
    assert!(now.contains("\"two\"") && !now.contains("\"three\""), "{now}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs terraform: make test"]
async fn a_destroy_shows_what_goes() {
    if !is_installed() {
        return;
    }
    let queue = Queue::new().await;
    let argv = ["terraform", "destroy", "-auto-approve", "-target=terraform_data.app"];
    let Asked { waiting, .. } = start(&queue, changed(), &argv);
    let action = queue.asked(&waiting.dir).await;
    assert!(shown(&action).contains("will be destroyed"), "{}", shown(&action));
    queue.approve(&action).await;
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    let now = applied(waiting.dir.path());
    assert!(!now.contains("terraform_data.app") && now.contains("terraform_data.hidden"), "{now}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs terraform: make test"]
async fn a_saved_plan_is_shown_and_what_is_put_in_its_place_is_not_applied() {
    if !is_installed() {
        return;
    }
    let queue = Queue::new().await;
    let dir = changed();
    terraform(dir.path(), &["plan", "-no-color", "-out=tfplan"]);
    let Asked { waiting, .. } = start(&queue, dir, &["terraform", "apply", "tfplan"]);
    let action = queue.asked(&waiting.dir).await;
    assert!(shown(&action).contains("terraform_data.app must be replaced"));
    fs::write(waiting.dir.path().join("tfplan"), "something else").unwrap();
    queue.approve(&action).await;
    let refused = waiting.ended.await.unwrap().unwrap_err().to_string();
    assert!(refused.contains("tfplan has changed since it was shown"), "{refused}");
    assert!(applied(waiting.dir.path()).contains("\"one\""));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs terraform: make test"]
async fn a_plan_that_fails_or_changes_nothing_asks_nobody() {
    if !is_installed() {
        return;
    }
    let queue = Queue::new().await;
    let dir = changed();
    fs::write(dir.path().join("main.tf"), "resource {").unwrap();
    let Asked { waiting, .. } = start(&queue, dir, &["terraform", "apply"]);
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::NotPlanned { status: 1 });

    let dir = changed();
    write(dir.path(), "one");
    let Asked { waiting, .. } = start(&queue, dir, &["terraform", "apply"]);
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::NothingToDo);
    assert!(queue.actions().await.is_empty(), "nobody was asked");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs terraform: make test"]
async fn another_directory_is_planned_there() {
    if !is_installed() {
        return;
    }
    let queue = Queue::new().await;
    let (outer, inner) = (TempDir::new().unwrap(), changed());
    let chdir = format!("-chdir={}", inner.path().display());
    let argv = ["terraform", &chdir, "apply", "-var", "token=other"];
    let Asked { waiting, .. } = start(&queue, outer, &argv);
    let action = queue.asked(&waiting.dir).await;
    queue.approve(&action).await;
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    until("the change", async || applied(inner.path()).contains("\"two\"").then_some(())).await;
}
