//! The program on a server's store: configured by a URL, made by `store init`, watched by `doctor`.

use crate::support::{
    postgres,
    program::{Program, wait},
};
use countersign::{
    domain::{Action, ActionState},
    store::{Address, PgStore, Store},
};
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command, time::Duration};

/// Whatever it is, one person's word is enough.
const ONE_APPROVAL: &str = "// version: 2
@id(\"one\") @tier(\"any\") @approvals(\"1\") @signing(\"unsigned\")
permit (principal, action, resource);
";

/// A program that keeps everything in a database of its own.
async fn on_a_server() -> (Program, PgStore) {
    let url = postgres::url(&postgres::new_database().await);
    let program = Program::configured(format!("[store]\nurl = \"{url}\"\n"));
    let store = PgStore::open(&Address::parse(&url).unwrap()).await.unwrap();
    (program, store)
}

/// A script that says in a file that it ran.
fn deployable(program: &Program) {
    let script = program.write("deploy", "#!/bin/sh\necho \"$1\" >> ran\n");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_store_on_a_server_is_made_by_init_and_used_by_its_url() {
    let name = format!("made_{}", std::process::id());
    postgres::run(&postgres::server(), &format!("CREATE DATABASE {name}")).await;
    let url = postgres::url(&name);
    let program = Program::configured(format!("[store]\nurl = \"{url}\"\n"));
    let before = program.run(&["queue"]);
    assert_ne!(before.status, 0);
    assert!(before.stderr.contains("countersign store init"), "{before:?}");
    let made = program.run(&["store", "init"]);
    assert_eq!(made.status, 0, "{made:?}");
    assert!(made.stdout.contains("tables: made"), "{made:?}");
    assert!(made.stdout.contains("countersign_reviewer"), "{made:?}");
    let again = program.run(&["store", "init", "--url", &url]);
    assert!(again.stdout.contains("tables: up to date"), "{again:?}");
    let queue = program.run(&["queue", "--json"]);
    assert_eq!(queue.status, 0, "{queue:?}");
    let named = Program::new();
    assert_eq!(named.run(&["--store", &url, "queue", "--json"]).status, 0);
    assert!(!named.store_path().exists(), "no file is made beside");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn what_a_gate_lets_through_is_logged_on_its_host_and_taken_in() {
    let (program, store) = on_a_server().await;
    let ran = program.run(&["gate", "exec", "--", "ls"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let beside = fs::read_dir(program.path("state/countersign")).unwrap();
    let beside: Vec<String> =
        beside.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(beside.iter().any(|name| name.ends_with(".store.let-through")), "{beside:?}");
    assert!(beside.iter().any(|name| name.ends_with(".store.policy")), "{beside:?}");
    assert!(!beside.iter().any(|name| name.contains("countersign.db")), "{beside:?}");
    assert_eq!(program.run(&["queue"]).status, 0);
    assert_eq!(store.autonomous(10, None).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn doctor_says_what_there_is_to_say_of_a_server() {
    let (program, _) = on_a_server().await;
    let told = program.run(&["doctor"]);
    assert!(told.stdout.contains("postgres://postgres@"), "{told:?}");
    assert!(told.stdout.contains("fsync"), "the test server keeps nothing: {told:?}");
}

#[test]
fn a_password_is_seen_nowhere() {
    let secret = "hunter2-hunter2";
    let configured =
        Program::configured(format!("[store]\nurl = \"postgres://ana:{secret}@db.example/s\"\n"));
    let file = Program::configured(
        "[store]\nurl = \"postgres://ana@127.0.0.1:9/s\"\npassword_file = \"secret\"\n",
    );
    let path = file.write("config/countersign/secret", format!("{secret}\n"));
    let mut told = vec![
        configured.run(&["queue"]),
        configured.run(&["config", "check"]),
        configured.run(&["config", "show"]),
        configured.run(&["--store", &format!("postgres://ana:{secret}@db.example/s"), "queue"]),
        file.run(&["config", "show"]),
        file.run(&["queue"]),
    ];
    assert!(told[5].stderr.contains("chmod 600"), "{:?}", told[5]);
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    let traced = file.run(&["config", "show", "--verbose"]);
    told.push(traced);
    for said in &told {
        assert!(!said.stdout.contains(secret) && !said.stderr.contains(secret), "{said:?}");
    }
    assert!(told[0].stderr.contains("looks like a secret"), "{:?}", told[0]);
    let kept = fs::read_dir(file.path("state/countersign")).unwrap();
    for entry in kept {
        let text = fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains(secret));
    }
}

#[test]
fn a_store_is_in_one_place() {
    let both = Program::configured("[store]\npath = \"a.db\"\nurl = \"postgres://db/s\"\n");
    let told = both.run(&["config", "check"]);
    assert_ne!(told.status, 0);
    assert!(told.stdout.contains("names both") || told.stderr.contains("names both"), "{told:?}");
}

/// A library that has a program see another time than it is.
fn another_time(folder: &Path) -> std::path::PathBuf {
    let source = folder.join("clock.c");
    fs::write(
        &source,
        "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <stdlib.h>\n#include <time.h>\n\
         int clock_gettime(clockid_t clock, struct timespec *time) {\n\
           int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, \"clock_gettime\");\n\
           int done = real(clock, time);\n\
           const char *off = getenv(\"CLOCK_OFF\");\n\
           if (off && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))\n\
             time->tv_sec += atol(off);\n\
           return done;\n}\n",
    )
    .unwrap();
    let library = folder.join("clock.so");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status()
        .unwrap();
    assert!(made.success());
    library
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn hosts_whose_clocks_are_hours_apart_agree_by_the_databases_time() {
    for (agents, reviewers) in [("3600", "-3600"), ("-3600", "3600")] {
        let url = postgres::url(&postgres::new_database().await);
        let text = format!("[store]\nurl = \"{url}\"\n[policy]\nfile = \"one.cedar\"\n");
        let folder = tempfile::tempdir().unwrap();
        let library = another_time(folder.path());
        let off = |by: &str| {
            let program = Program::configured(&text);
            program.write("config/countersign/one.cedar", ONE_APPROVAL);
            program.with("LD_PRELOAD", library.to_str().unwrap()).with("CLOCK_OFF", by)
        };
        let (agent, reviewer) = (off(agents), off(reviewers));
        deployable(&agent);
        let child = agent
            .command(&["gate", "exec", "--timeout", "60s", "--", "./deploy", "now"])
            .spawn()
            .unwrap();
        let store = PgStore::open(&Address::parse(&url).unwrap()).await.unwrap();
        let action = waiting(&store).await;
        let digest = action.digest().unwrap().to_string();
        let approved = reviewer.run(&["approve", action.id.as_str(), "--digest", &digest]);
        assert_eq!(approved.status, 0, "{approved:?}");
        let ran = tokio::task::spawn_blocking(move || wait(child)).await.unwrap();
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(fs::read_to_string(agent.path("ran")).unwrap(), "now\n");
        let row = store.action(&action.id).await.unwrap().unwrap().0;
        assert_eq!((row.state, row.decisions.len()), (ActionState::Approved, 1));
        let apart = store.now().duration_since(row.decisions[0].at).as_secs();
        assert!(apart.abs() < 600, "decided at the database's time, {apart} s ago");
    }
}

/// The one action that waits, once it does.
async fn waiting(store: &PgStore) -> Action {
    for _ in 0..600 {
        if let Some(row) = store.actions(false).await.unwrap().pop() {
            return store.action(&row.id).await.unwrap().unwrap().1;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nobody asked");
}
