//! The commands, on a store in which people agreed to something with their keys.

use super::world::{Asked, World};
use crate::support::{
    intruder::hand,
    program::{Program, Ran},
};
use countersign::{
    domain::{Outcome, Receipt, Signing, Verdict},
    ledger::Entry,
    store::{Counted, Store as _},
};
use jiff::{SignedDuration, Timestamp};
use std::{fs, process::Command};

struct Team {
    program: Program,
    world: World,
    asked: Asked,
}

impl Team {
    /// An action from its request to its receipt, in the store of a host.
    async fn new() -> Self {
        let program = Program::new();
        let began = Timestamp::now() - SignedDuration::from_mins(5);
        let began = Timestamp::from_millisecond(began.as_millisecond()).unwrap();
        let mut world = World::starting(began, SignedDuration::from_secs(1));
        let store = program.store().await;
        store.adopt_policy(&world.policy, None, began).await.unwrap();
        store.tell(&[Entry::read(&world.entries[1]).unwrap()]).await.unwrap();
        store.close().await;
        let asked = Self::agree(&program, &mut world, 1).await;
        Self { program, world, asked }
    }

    async fn agree(program: &Program, world: &mut World, number: u64) -> Asked {
        let store = program.store().await;
        let at = world.now();
        let asked = world.wish(number, "agent", Signing::Signed, at);
        store.ask(&asked.action, at).await.unwrap();
        let mira = world.decision(&asked, "mira", Verdict::Approve);
        let ines = world.decision(&asked, "ines", Verdict::Approve);
        let order = world.draw_up(&asked, Verdict::Approve);
        store.decide(&mira, &order, &|_| false).await.unwrap();
        let counted = store.decide(&ines, &order, &|all| all.len() == 2).await.unwrap();
        assert_eq!(counted, Counted::Ordered);
        let taken = store.take_answer(&asked.id).await.unwrap().unwrap();
        let at = Timestamp::now();
        let receipt =
            Receipt { order: taken.id, outcome: Outcome::Done, answer: "exit 0".into(), at };
        store.settle(&receipt.order, &receipt).await.unwrap();
        store.close().await;
        asked
    }

    fn run(&self, line: &[&str]) -> Ran {
        self.program.run(line)
    }

    /// Somebody with nothing but SQL.
    async fn hand(&self, statements: &[&str]) {
        hand(&self.program.store_path(), statements).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_signed_and_the_ledger_verified_whole_and_from_a_checkpoint_on() {
    let mut team = Team::new().await;
    let nothing = team.run(&["ledger", "verify"]);
    assert_eq!(nothing.status, 2, "the key is not there yet: {nothing:?}");

    let signed = team.run(&["ledger", "checkpoint"]);
    assert_eq!(signed.status, 0, "{signed:?}");
    let kept = team.program.write("kept", &signed.stdout);
    let told = team.run(&["ledger", "verify", "--json"]);
    assert_eq!(told.status, 0, "{told:?}");
    let report = told.json();
    let expected = serde_json::json!({
        "report": "ledger-verify", "good": true, "heads": 1, "signatures": 2, "unsigned": 0,
        "faults": [], "open": [],
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&report[field], value, "{field}: {report:#}");
    }
    assert_eq!(report["covered"], report["size"]);

    Team::agree(&team.program, &mut team.world, 2).await;
    assert_eq!(team.run(&["ledger", "checkpoint"]).status, 0);
    let since = team.run(&["ledger", "verify", "--since", kept.to_str().unwrap(), "--json"]);
    assert_eq!(since.status, 0, "{since:?}");
    assert_eq!(since.json()["checked"], 6, "{since:?}");
    assert_eq!(since.json()["since"], report["size"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_verified_elsewhere_and_a_changed_line_is_named() {
    let team = Team::new().await;
    assert_eq!(team.run(&["ledger", "checkpoint"]).status, 0);
    let file = team.program.path("ledger.jsonl");
    let file = file.to_str().unwrap();
    let told = team.run(&["ledger", "export", "-o", file]);
    assert_eq!(told.status, 0, "{told:?}");
    assert_eq!(team.run(&["ledger", "export"]).stdout, fs::read_to_string(file).unwrap());

    let elsewhere = Program::new();
    let told = elsewhere.run(&["ledger", "verify", "--from", file]);
    assert_eq!(told.status, 0, "{told:?}");
    assert!(told.stdout.contains("compare it with one you know"), "{told:?}");
    let text = fs::read_to_string(file).unwrap().replace("exit 0", "exit 1");
    let altered = elsewhere.write("altered.jsonl", text);
    let told = elsewhere.run(&["ledger", "verify", "--from", altered.to_str().unwrap()]);
    assert_eq!(told.status, 3, "{told:?}");
    assert!(told.stdout.contains("an entry among them was changed"), "{told:?}");
    let other = World::new().key.public().to_string();
    let told = elsewhere.run(&["ledger", "verify", "--from", file, "--key", &other]);
    assert_eq!(told.status, 3, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_is_proved_and_an_action_with_all_of_them() {
    let team = Team::new().await;
    assert_eq!(team.run(&["ledger", "checkpoint"]).status, 0);
    let proof = team.run(&["ledger", "prove", "2"]);
    assert_eq!(proof.status, 0, "{proof:?}");
    assert!(proof.stdout.starts_with("c2sp.org/tlog-proof@v1\nindex 2\n"), "{proof:?}");
    let many = team.run(&["ledger", "prove", team.asked.id.as_str()]);
    assert_eq!(many.status, 2, "{many:?}");
    let folder = team.program.path("proofs");
    let all = ["ledger", "prove", team.asked.id.as_str(), "-o", folder.to_str().unwrap()];
    assert_eq!(team.run(&all).status, 0);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 12);
    assert_eq!(team.run(&["ledger", "prove", "a-0000000000"]).status, 1);
    assert_eq!(team.run(&["ledger", "prove", "99"]).status, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_reveals_a_store_that_was_put_back() {
    let mut team = Team::new().await;
    let head = team.run(&["ledger", "checkpoint", "--json"]).json();
    let key = head["key"].as_str().unwrap();
    let folder = team.program.path("witness");
    let folder = folder.to_str().unwrap();
    let made =
        team.run(&["ledger", "witness", "init", folder, "--name", "w.example", "--ledger", key]);
    assert_eq!(made.status, 0, "{made:?}");
    let witness = made.stdout.lines().next().unwrap().to_owned();
    let cosigned = team.run(&["ledger", "witness", "cosign", folder]);
    assert_eq!(cosigned.status, 0, "{cosigned:?}");
    assert!(cosigned.stdout.contains("— w.example "), "{cosigned:?}");
    let asked_for = ["ledger", "verify", "--witness", &witness, "--cosigned", "1"];
    assert_eq!(team.run(&asked_for).status, 0);

    // By file, as between two machines. Whoever closes a store last leaves one file of it.
    team.program.store().await.close().await;
    let old = fs::read(team.program.store_path()).unwrap();
    Team::agree(&team.program, &mut team.world, 2).await;
    let size = head["size"].to_string();
    let sent = team.run(&["ledger", "checkpoint", "--since", &size]);
    let sent = team.program.write("sent", &sent.stdout);
    assert_eq!(team.run(&asked_for).status, 3, "the new head is not cosigned yet");
    let cosigned = team.run(&["ledger", "witness", "cosign", folder, sent.to_str().unwrap()]);
    assert_eq!(cosigned.status, 0, "{cosigned:?}");
    let cosigned = team.program.write("cosigned", &cosigned.stdout);
    let cosigned = cosigned.to_str().unwrap();
    let added = team.run(&["ledger", "witness", "add", cosigned, "--witness", &witness]);
    assert_eq!(added.status, 0, "{added:?}");
    assert_eq!(team.run(&asked_for).status, 0);

    // The store of yesterday, and nobody here who remembers.
    fs::write(team.program.store_path(), old).unwrap();
    for gone in ["-wal", "-shm", ".ledger-head"] {
        let mut path = team.program.store_path().into_os_string();
        path.push(gone);
        drop(fs::remove_file(path));
    }
    let told = team.run(&["ledger", "verify", "--key", key]);
    assert_eq!(told.status, 0, "by itself it looks whole: {told:?}");
    let refused = team.run(&["ledger", "witness", "cosign", folder]);
    assert_eq!(refused.status, 77, "{refused:?}");
    assert!(refused.stderr.contains("an old copy was put back"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_put_into_the_store_by_hand_is_no_approval() {
    let team = Team::new().await;
    assert_eq!(team.run(&["ledger", "checkpoint"]).status, 0);
    team.hand(&[
        "UPDATE ledger_entries SET body = replace(body, 'exit 0', 'exit 9') WHERE entry = 7",
    ])
    .await;
    let told = team.run(&["ledger", "verify"]);
    assert_eq!(told.status, 3, "{told:?}");
    assert!(told.stdout.contains("an entry among them was changed"), "{told:?}");
    assert!(told.is_harmless());
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_written_and_checked_without_the_program() {
    let team = Team::new().await;
    let unsigned = team.program.path("none");
    assert_eq!(team.run(&["ledger", "checkpoint"]).status, 0);
    let folder = team.program.path("evidence");
    let to = folder.to_str().unwrap();
    let made = team.run(&["evidence", team.asked.id.as_str(), "-o", to]);
    assert_eq!(made.status, 0, "{made:?}");
    let line = made.stdout.lines().last().unwrap();
    let line = line.strip_prefix("check them with: ").unwrap();
    let checked = Command::new("dash").args(["-c", line]).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success() && said.contains("approved exactly this"), "{said}");
    assert_eq!(team.run(&["evidence", team.asked.id.as_str(), "-o", to]).status, 77);
    let none = unsigned.to_str().unwrap();
    let never = ["evidence", "--from", "2020-01-01", "--to", "2020-01-02", "-o", none];
    assert_eq!(team.run(&never).status, 1);
    let today = ["evidence", "--from", "2020-01-01", "-o", none, "--json"];
    let made = team.run(&today);
    assert_eq!(made.json()["actions"], 1, "{made:?}");
}
