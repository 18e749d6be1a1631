//! A bundle is checked by tools that are on every machine, and not by us.

use super::world::{Shelf, World};
use countersign::{
    domain::{Signing, Verdict},
    ledger::{
        Entry,
        evidence::{Bundle, EvidenceError, Wanted, gather},
    },
};
use std::{fs, path::Path, process::Command};

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn bundle(world: &World, wanted: &Wanted) -> Bundle {
    wait(gather(&Shelf::of(world), world.key.public(), wanted)).unwrap()
}

fn write(bundle: &Bundle, folder: &Path) {
    for (path, content) in &bundle.files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// What `verify.sh` says, and whether it is content.
fn check(shell: &str, folder: &Path, key: Option<&str>) -> (String, bool) {
    let mut command = Command::new(shell);
    command.arg(folder.join("verify.sh")).args(key).env_clear().env("PATH", "/usr/bin:/bin");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let noise = String::from_utf8_lossy(&output.stderr).into_owned();
    (said + &noise, output.status.success())
}

/// One signed head, something before it, and between it and the next an action with all there is.
fn world() -> (World, Wanted) {
    let mut world = World::new();
    world.whole(1);
    world.head();
    // What people write must not be taken for a command, a pattern or a field.
    world.reason = "a \\ \"b\" '$(touch /tmp/x)' `id` * %s \u{1b}[2J\n\"reviewer\":\"eve\",\"kind\":\"order\"} \u{202e}é";
    let second = world.whole(2);
    let touched = world.ask_for(3, "agent", Signing::Touch);
    for flags in [0, 1] {
        let decision = world.decision_with(&touched, "rowan", "rowan", Verdict::Approve, flags);
        if flags == 1 {
            world.push(&Entry::decision(&decision));
        }
    }
    let refused = world.ask(4);
    world.decide(&refused, "ines", Verdict::Reject);
    world.order(&refused, Verdict::Reject);
    world.whole(5);
    world.head();
    (world, Wanted::Actions(vec![second.id, touched.id, refused.id]))
}

#[test]
fn every_shell_finds_a_whole_bundle_good() {
    let (world, wanted) = world();
    let bundle = bundle(&world, &wanted);
    assert_eq!(bundle.population, (8, 25));
    let folder = tempfile::tempdir().unwrap();
    write(&bundle, folder.path());
    let key = world.key.public().to_string();
    for shell in ["dash", "bash"] {
        let (said, good) = check(shell, folder.path(), Some(&key));
        assert!(good && !said.contains("BAD"), "{shell}: {said}");
        for line in [
            "has its quorum: 2 of 2, \"mira\" \"ines\"",
            "ines rejected exactly this",
            "rowan approved exactly this",
            "population: these 17 entries are all there are between the heads of 8 and 25",
            "and the one you know",
        ] {
            assert!(said.contains(line), "{shell}: `{line}` is not in {said}");
        }
        assert!(said.lines().all(|line| line.is_empty() || line.starts_with("GOOD")), "{said}");
    }
}

/// As little as there can be with every kind of file.
fn small_world() -> (World, Wanted) {
    let mut world = World::new();
    world.head();
    let asked = world.ask(1);
    world.approve(&asked, &["mira", "ines"]);
    world.order(&asked, Verdict::Approve);
    world.head();
    (world, Wanted::Actions(vec![asked.id]))
}

#[test]
fn one_byte_in_any_file_is_told() {
    let (world, wanted) = small_world();
    let bundle = bundle(&world, &wanted);
    for (turn, (path, content)) in bundle.files.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        write(&bundle, folder.path());
        let mut altered = content.clone();
        // Another place in every file, and another letter that may stand there.
        let at = (turn * 37 + altered.len() / 2) % altered.len();
        altered[at] = if altered[at] == b'e' { b'a' } else { b'e' };
        fs::write(folder.path().join(path), altered).unwrap();
        let shell = if turn % 2 == 0 { "dash" } else { "bash" };
        let (said, good) = check(shell, folder.path(), None);
        assert!(!good, "{path}: {said}");
        let bad = said.lines().any(|line| line.starts_with("BAD   "));
        // A script that was altered may not run at all.
        assert!(bad || path == "verify.sh", "{path}: {said}");
    }
}

/// The list of digests can be written anew by whoever alters a file, so nothing may rest on it.
#[test]
fn a_file_that_was_altered_with_its_digest_is_told_by_what_it_contradicts() {
    let (world, wanted) = small_world();
    let whole = bundle(&world, &wanted);
    for (path, content) in &whole.files {
        if ["README.txt", "verify.sh", "SHA256SUMS", "SHA256SUMS.sha256"].contains(&path.as_str()) {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut bundle = whole.clone();
        let mut altered = content.clone();
        let at = altered.len() / 2;
        altered[at] = match altered[at] {
            b'0'..=b'8' | b'a'..=b'e' | b'A'..=b'Y' => altered[at] + 1,
            b'9' => b'1',
            _ => b'a',
        };
        bundle.files.insert(path.clone(), altered);
        write(&bundle.listed_anew(), folder.path());
        let (said, good) = check("dash", folder.path(), None);
        assert!(!good && said.contains("BAD   "), "{path}: {said}");
    }
}

#[test]
fn another_ledgers_key_is_not_the_known_one() {
    let (world, wanted) = world();
    let folder = tempfile::tempdir().unwrap();
    write(&bundle(&world, &wanted), folder.path());
    let other = World::new().key.public().to_string();
    let (said, good) = check("dash", folder.path(), Some(&other));
    assert!(!good && said.contains("not the key you know"), "{said}");
}

#[test]
fn an_order_without_its_quorum_is_bad_in_the_bundle_too() {
    let mut world = World::new();
    let few = world.ask(1);
    world.approve(&few, &["mira"]);
    world.order(&few, Verdict::Approve);
    let own = world.ask_for(2, "ines", Signing::Signed);
    world.approve(&own, &["mira", "ines"]);
    world.order(&own, Verdict::Approve);
    let untouched = world.ask_for(3, "agent", Signing::Touch);
    let decision = world.decision_with(&untouched, "rowan", "rowan", Verdict::Approve, 0);
    world.push(&Entry::decision(&decision));
    world.head();
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted::Actions(vec![few.id, own.id, untouched.id]);
    write(&bundle(&world, &wanted), folder.path());
    let (said, good) = check("bash", folder.path(), None);
    assert!(!good, "{said}");
    for line in [
        "quorum: 1 of 2 agreed, missing: one of \"senior\" 1 more",
        "asked for a touched security key",
    ] {
        assert!(said.contains(line), "`{line}` is not in {said}");
    }
    assert_eq!(said.matches("quorum: 1 of 2").count(), 2, "{said}");
}

#[test]
fn a_time_is_as_good_as_a_list_and_what_nobody_signed_is_no_evidence() {
    let (mut world, _) = world();
    let time = |text: &str| text.parse().unwrap();
    let day = Wanted::Period(time("2026-11-20T00:00:00Z"), time("2026-11-21T00:00:00Z"));
    let found = bundle(&world, &day);
    assert_eq!((found.actions, found.population), (5, (0, 25)));
    let never = Wanted::Period(time("2020-01-01T00:00:00Z"), time("2020-01-02T00:00:00Z"));
    let shelf = Shelf::of(&world);
    let none = wait(gather(&shelf, world.key.public(), &never));
    assert!(matches!(none, Err(EvidenceError::Nothing)), "{none:?}");
    let late = world.whole(9);
    let shelf = Shelf::of(&world);
    let none = wait(gather(&shelf, world.key.public(), &Wanted::Actions(vec![late.id])));
    assert!(matches!(none, Err(EvidenceError::NoHead(_))), "{none:?}");
}
