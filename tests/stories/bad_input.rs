//! Bad input: a clear message, nothing lost, nothing let through.

use crate::support::{
    memory,
    program::{Program, snapshot_of},
};
use countersign::domain::{Diff, SourceKind, SourceName};
use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    os::unix::fs::PermissionsExt as _,
    time::{Duration, Instant},
};

/// A home with one snapshot of these bytes.
fn with_snapshot(bytes: impl AsRef<[u8]>) -> Program {
    let program = Program::new();
    let file = program.write("account.json", bytes);
    program.write("config/countersign/config.toml", snapshot_of(&file));
    program
}

#[test]
fn a_truncated_snapshot_is_named_with_where_it_ends() {
    let program = with_snapshot(r#"{"UserDetailList": [{"UserName": "agent", "#);
    let ran = program.run(&["audit"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("account.json:1:"), "{ran:?}");
    assert!(ran.stderr.contains("next:"), "{ran:?}");
}

#[test]
fn a_snapshot_that_goes_bad_does_not_take_the_last_good_data_along() {
    let role = serde_json::json!({
        "UserDetailList": [], "GroupDetailList": [], "Policies": [], "IsTruncated": false,
        "RoleDetailList": [{
            "Path": "/", "RoleName": "helper", "RoleId": "AROAEXAMPLE0000000001",
            "Arn": "arn:aws:iam::111122223333:role/helper",
            "CreateDate": "2025-01-01T00:00:00+00:00",
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [] },
            "InstanceProfileList": [], "RolePolicyList": [], "AttachedManagedPolicies": [],
            "Tags": [{ "Key": "ai-tool", "Value": "claude-code" }],
        }],
    });
    let program = with_snapshot(role.to_string());
    let before = program.run(&["--json", "audit"]);
    assert_eq!(before.status, 0, "{before:?}");
    let id = before.json()["credentials"][0]["id"].clone();
    program.write("account.json", "{\"UserDetailList\": [");
    let after = program.run(&["--json", "audit"]);
    assert_eq!(after.status, 1, "{after:?}");
    let value = after.json();
    assert_eq!(value["complete"], false);
    assert_eq!(value["credentials"][0]["id"], id);
    assert_eq!(value["credentials"][0]["stale"], true);
}

#[test]
fn a_200_megabyte_snapshot_is_read_or_refused_in_bounded_time() {
    let program = Program::new();
    let path = program.path("account.json");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    write!(
        file,
        "{{\"GroupDetailList\":[],\"Policies\":[],\"RoleDetailList\":[],\"UserDetailList\":["
    )
    .unwrap();
    let padding = "x".repeat(4000);
    for number in 0..50_000_u32 {
        let comma = if number == 0 { "" } else { "," };
        write!(
            file,
            "{comma}{{\"Path\":\"/\",\"UserName\":\"u{number}\",\"UserId\":\"AIDA{number:017}\",\
             \"Arn\":\"arn:aws:iam::111122223333:user/u{number}\",\
             \"CreateDate\":\"2025-01-01T00:00:00+00:00\",\"GroupList\":[],\
             \"AttachedManagedPolicies\":[],\
             \"Tags\":[{{\"Key\":\"note\",\"Value\":\"{padding}\"}}]}}"
        )
        .unwrap();
    }
    write!(file, "],\"IsTruncated\":false}}").unwrap();
    drop(file);
    assert!(fs::metadata(&path).unwrap().len() > 200 * 1024 * 1024);
    let limit = "\n[poll]\ntimeout_seconds = 30\n";
    program.write("config/countersign/config.toml", snapshot_of(&path) + limit);

    let started = Instant::now();
    let ran = program.run(&["audit"]);
    assert!(started.elapsed() < Duration::from_secs(75), "{:?}", started.elapsed());
    match ran.status {
        0 => assert!(ran.stdout.contains("AI-held"), "{ran:?}"),
        1 => assert!(ran.stderr.contains("snapshot/prod"), "{ran:?}"),
        other => panic!("{other}: {ran:?}"),
    }
}

#[test]
fn a_snapshot_that_is_not_text_is_named() {
    let ran = with_snapshot(b"\xff\xfe\x00{".as_slice()).run(&["audit"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("account.json"), "{ran:?}");
    assert!(ran.is_harmless(), "{ran:?}");
}

#[test]
fn a_configuration_that_is_not_utf_8_is_named() {
    let program = Program::configured(b"[ui]\ntheme = \"\xff\xfe\"\n".as_slice());
    let ran = program.run(&["queue"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("config.toml"), "{ran:?}");
    assert!(ran.stderr.contains("UTF-8"), "{ran:?}");
}

#[test]
fn two_accounts_of_one_name_are_an_error_with_its_place() {
    let program = Program::configured("[[aws]]\nname = \"prod\"\n\n[[aws]]\nname = \"prod\"\n");
    let ran = program.run(&["--json", "queue"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let error = ran.error();
    assert_eq!(error["kind"], "config");
    assert!(error["message"].as_str().unwrap().contains("config.toml:"), "{error}");
    assert!(!program.store_path().exists(), "nothing is opened with a wrong configuration");
}

#[test]
fn a_store_directory_that_cannot_be_written_is_named_with_the_way_out() {
    let program = Program::new();
    let folder = program.path("frozen");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write everywhere; there a place that no file system allows serves the same.
    let path = if rustix::process::geteuid().is_root() {
        "/proc/countersign.db".to_owned()
    } else {
        folder.join("countersign.db").display().to_string()
    };
    let ran = program.run(&["--store", &path, "queue"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains(&path) && ran.stderr.contains("--store"), "{ran:?}");
}

#[tokio::test]
async fn a_store_somebody_else_holds_is_said_to_be_locked_and_keeps_what_it_had() {
    use sqlx::{Connection as _, Executor as _, SqliteConnection};
    let program = Program::new();
    let action = memory::pull_request(&SourceName::new(SourceKind::Github, "acme"), 7, "9f3c");
    program.waits(&action).await;
    let url = format!("sqlite://{}", program.store_path().display());
    let mut holder = SqliteConnection::connect(&url).await.unwrap();
    holder.execute("BEGIN EXCLUSIVE").await.unwrap();
    let ran = tokio::task::spawn_blocking(move || {
        let ran = program.run(&["--json", "queue", "--poll"]);
        (ran, program)
    })
    .await
    .unwrap();
    let (ran, program) = ran;
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(ran.error()["kind"], "store");
    assert!(ran.error()["message"].as_str().unwrap().contains("locked"), "{ran:?}");
    holder.execute("ROLLBACK").await.unwrap();
    holder.close().await.unwrap();
    let after = program.run(&["--json", "queue"]).json();
    assert_eq!(after["actions"][0]["id"], action.id.as_str());
}

#[tokio::test]
async fn a_store_of_a_later_version_is_left_alone() {
    use sqlx::{Connection as _, Executor as _, SqliteConnection};
    let program = Program::new();
    countersign::store::Store::close(&program.store().await).await;
    let url = format!("sqlite://{}", program.store_path().display());
    let mut later = SqliteConnection::connect(&url).await.unwrap();
    later
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (29990101000000, 'later', 1, x'00', 0)",
        )
        .await
        .unwrap();
    later.close().await.unwrap();
    let ran = program.run(&["--json", "queue"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let error = ran.error();
    assert_eq!(error["kind"], "store");
    assert!(error["message"].as_str().unwrap().contains("29990101000000"), "{error}");
    assert!(error["next_step"].as_str().is_some_and(|step| step.contains("newer")), "{error}");
}

#[test]
fn a_file_that_is_no_store_is_left_as_it_was() {
    let program = Program::new();
    let path = program.write("notes.txt", "these are my notes\n".repeat(100));
    let ran = program.run(&["--store", path.to_str().unwrap(), "queue"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("notes.txt"), "{ran:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "these are my notes\n".repeat(100));
}

#[tokio::test]
async fn a_title_full_of_escape_sequences_is_shown_and_never_obeyed() {
    let hostile = "Tidy\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m \u{202e}pu\u{200b}\r\nok";
    let program = Program::new();
    let mut action = memory::pull_request(&SourceName::new(SourceKind::Github, "acme"), 7, "9f3c");
    action.title = hostile.into();
    action.description = hostile.into();
    action.requester = hostile.into();
    action.url = hostile.into();
    action.change.files[0].path = hostile.into();
    action.change.diff = Diff::Text(format!("@@ -1 +1 @@\n-a\n+{hostile}\n").into());
    program.waits(&action).await;
    let id = action.id.to_string();
    for line in [
        &["queue"][..],
        &["show", &id],
        &["activity"],
        &["--json", "queue"],
        &["--json", "show", &id],
        &["--json", "activity"],
    ] {
        let ran = program.run(line);
        assert_eq!(ran.status, 0, "{line:?}: {ran:?}");
        assert!(ran.is_harmless(), "{line:?}: {}", ran.stdout.escape_debug());
    }
    assert!(program.run(&["queue"]).stdout.contains("<U+202E>"), "hidden things are shown");
    let value = program.run(&["--json", "queue"]).json();
    assert_eq!(value["actions"][0]["title"], hostile, "JSON keeps it exactly");
}

#[test]
fn hostile_arguments_come_back_harmless() {
    let program = Program::new();
    for line in [
        &["show", "a-\u{1b}[2J"][..],
        &["approve", "\u{9b}2J\u{202e}"],
        &["audit", "--tool", "\u{1b}[2J", "--no-poll"],
        &["--config", "\u{1b}[2J", "queue"],
        &["--store", "/proc/\u{1b}[2J", "queue"],
        &["\u{1b}[2Jaudit"],
    ] {
        let ran = program.run(line);
        assert_ne!(ran.status, 0, "{line:?}: {ran:?}");
        assert!(ran.is_harmless(), "{line:?}: {}", ran.stderr.escape_debug());
    }
}
