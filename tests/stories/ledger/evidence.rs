//! A bundle is checked by tools that are on every machine, and not by us.

use super::{
    soft::SoftKey,
    world::{Asked, Shelf, World},
};
use countersign::{
    domain::{Digest, Signing, Verdict},
    ledger::{
        Entry, RosterInForce,
        evidence::{Bundle, EvidenceError, Wanted, gather},
    },
};
use std::{collections::BTreeMap, fs, path::Path, process::Command};

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

/// What `verify.sh` says of these actions, after somebody did something to the files.
fn found(
    world: &World,
    actions: &[&Asked],
    deed: impl FnOnce(&mut BTreeMap<String, Vec<u8>>),
) -> (String, bool) {
    let wanted = Wanted::Actions(actions.iter().map(|asked| asked.id.clone()).collect());
    let mut bundle = bundle(world, &wanted);
    deed(&mut bundle.files);
    let folder = tempfile::tempdir().unwrap();
    write(&bundle.listed_anew(), folder.path());
    check("dash", folder.path(), None)
}

/// Alters the text of the first file whose path ends so.
fn edit(files: &mut BTreeMap<String, Vec<u8>>, end: &str, deed: impl FnOnce(&str) -> String) {
    let mut of = files.iter_mut().filter(|(path, _)| path.ends_with(end));
    let content = of.next().unwrap().1;
    *content = deed(&String::from_utf8(content.clone()).unwrap()).into_bytes();
}

fn swap(text: &str, one: &str, other: &str) -> String {
    text.replace(one, "\0").replace(other, one).replace('\0', other)
}

fn without_line(text: &str, number: usize) -> String {
    let lines = text.lines().enumerate().filter(|(at, _)| *at != number);
    lines.flat_map(|(_, line)| [line, "\n"]).collect()
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
            "mira approved exactly this",
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
        if ["README.txt", "verify.sh", "SHA256SUMS"].contains(&path.as_str()) {
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

/// The script says that it does not count who agreed; what it says of each of them it checks.
#[test]
fn a_key_that_was_not_touched_is_bad_and_what_is_not_checked_is_said() {
    let mut world = World::new();
    let few = world.ask(1);
    world.approve(&few, &["mira"]);
    world.order(&few, Verdict::Approve);
    world.head();
    let (said, good) = found(&world, &[&few], |_| ());
    assert!(good && said.contains("enough of the right people agreed is not checked"), "{said}");
    let untouched = world.ask_for(2, "agent", Signing::Touch);
    let decision = world.decision_with(&untouched, "rowan", "rowan", Verdict::Approve, 0);
    world.push(&Entry::decision(&decision));
    world.head();
    let (said, good) = found(&world, &[&untouched], |_| ());
    assert!(!good && said.contains("policy asked for a touched security key"), "{said}");
}

#[test]
fn a_broken_glass_and_what_was_taken_back_are_signed_too() {
    let mut world = World::new();
    let alone = world.ask(1);
    let touched = world.decision_with(&alone, "rowan", "rowan", Verdict::BreakGlass, 1);
    world.push(&Entry::decision(&touched));
    world.order(&alone, Verdict::Approve);
    let back = world.ask(2);
    world.decide(&back, "ines", Verdict::Approve);
    world.decide(&back, "ines", Verdict::Withdraw);
    let soft = world.ask(3);
    world.decide(&soft, "ines", Verdict::BreakGlass);
    world.head();
    let (said, good) = found(&world, &[&alone, &back], |_| ());
    assert!(good, "{said}");
    for line in [
        "rowan broke the glass for exactly this",
        "ines approved exactly this",
        "ines took back approving exactly this",
    ] {
        assert!(said.contains(line), "`{line}` is not in {said}");
    }
    let (said, good) = found(&world, &[&soft], |_| ());
    assert!(!good && said.contains("touched security key"), "{said}");
}

/// What somebody does who can write every file of the bundle, and makes a new list of them.
#[test]
fn every_tampering_is_told_by_what_it_contradicts() {
    type Deed = fn(&mut BTreeMap<String, Vec<u8>>);
    let deeds: [(&str, &str, Deed); 12] = [
        ("a line of allowed_signers swapped", "not the reviewers and keys", |files| {
            edit(files, "allowed_signers", |text| swap(text, "ines ", "mira "));
        }),
        ("and the roster that names it", "not the reviewers and keys", |files| {
            edit(files, "allowed_signers", |text| swap(text, "ines ", "mira "));
            let signers =
                files.iter().find(|(path, _)| path.ends_with("allowed_signers")).unwrap().1;
            let signers = Digest::of_bytes(signers).to_string();
            edit(files, "/roster.json", |text| {
                let at = text.find("\"signers\":\"").unwrap() + 11;
                format!("{}{signers}{}", &text[..at], &text[at + signers.len()..])
            });
        }),
        ("the diff altered", "diff or digest", |files| {
            edit(files, ".diff", |text| text.replace("payments", "invoices"));
        }),
        ("the action altered", "diff or digest", |files| {
            edit(files, ".action", |text| text.replace("dropdb", "showdb"));
        }),
        ("a row of the population removed", "population.csv", |files| {
            edit(files, "population.csv", |text| without_line(text, 3));
        }),
        ("and its entry", "not all entries", |files| {
            edit(files, "population.csv", |text| without_line(text, 3));
            edit(files, "population.jsonl", |text| without_line(text, 2));
        }),
        ("two entries in another order", "not all entries", |files| {
            edit(files, "population.jsonl", |text| {
                let mut lines: Vec<&str> = text.lines().collect();
                lines.swap(1, 2);
                lines.join("\n") + "\n"
            });
        }),
        ("the checkpoint swapped for the earlier one", "not all entries", |files| {
            let before = files["checkpoint.before"].clone();
            files.insert("checkpoint".to_owned(), before);
        }),
        ("the checkpoint saying another size", "has not signed this", |files| {
            edit(files, "checkpoint", |text| text.replacen("\n25\n", "\n24\n", 1));
        }),
        ("a rejection left out", "it is missing", |files| {
            files.retain(|path, _| !path.contains("entry-00000017"));
        }),
        ("a decision without its signature", "nobody signed it", |files| {
            files.retain(|path, _| !path.ends_with("17-decision.statement"));
        }),
        ("another's decision in its place", "is not the one in the ledger", |files| {
            for end in ["statement", "sig"] {
                let other = |path: &&String| path.ends_with(&format!("10-decision.{end}"));
                let other = files[files.keys().find(other).unwrap()].clone();
                edit(files, &format!("09-decision.{end}"), |_| String::from_utf8(other).unwrap());
            }
        }),
    ];
    let (world, wanted) = world();
    let whole = bundle(&world, &wanted);
    for (turn, (what, says, deed)) in deeds.into_iter().enumerate() {
        let mut bundle = whole.clone();
        deed(&mut bundle.files);
        assert_ne!(bundle, whole, "{what}");
        let folder = tempfile::tempdir().unwrap();
        write(&bundle.listed_anew(), folder.path());
        let shell = if turn % 2 == 0 { "dash" } else { "bash" };
        let (said, good) = check(shell, folder.path(), None);
        let told = said.lines().any(|line| line.starts_with("BAD ") && line.contains(says));
        assert!(!good && told, "{what}: {said}");
    }
}

#[test]
fn a_key_that_was_revoked_then_is_told_and_a_list_of_them_is_not_left_out() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.decide(&asked, "ines", Verdict::Approve);
    let revoked = world.folder.path().join("revoked");
    let key = world.folder.path().join("ines.pub");
    fs::write(&key, format!("{}\n", world.keys["ines"].line())).unwrap();
    let made = Command::new("ssh-keygen").arg("-kqf").arg(&revoked).arg(&key).status().unwrap();
    assert!(made.success());
    let signers = world.signers();
    let revoked = fs::read(&revoked).unwrap();
    let written = serde_json::json!({
        "format": "countersign-roster@v1", "groups": {}, "people": {},
        "revoked": Digest::of_bytes(&revoked), "signers": Digest::of_bytes(signers.as_bytes()),
    });
    let written = serde_json_canonicalizer::to_string(&written).unwrap();
    let roster = RosterInForce::of(written, Some(&signers), Some(&revoked));
    world.roster = roster.digest;
    let at = world.now();
    world.push(&Entry::roster(roster, at));
    let later = world.ask(2);
    world.decide(&later, "ines", Verdict::Approve);
    world.decide(&later, "mira", Verdict::Approve);
    world.head();
    let (said, good) = found(&world, &[&asked], |_| ());
    assert!(good, "it was hers then: {said}");
    let (said, good) = found(&world, &[&later], |_| ());
    assert!(
        !good
            && said.contains("-decision.sig: ssh-keygen")
            && said.contains("mira approved exactly this"),
        "{said}"
    );
    let (said, good) =
        found(&world, &[&later], |files| files.retain(|path, _| !path.ends_with("revoked")));
    assert!(!good && !said.contains("approved exactly this"), "{said}");
}

#[test]
fn a_reviewer_of_any_name_is_found() {
    let mut world = World::new();
    world.keys.insert("corp\\zoë", SoftKey::new("ssh-ed25519"));
    let signers = world.signers();
    world.keep_roster(&signers);
    let asked = world.ask(1);
    world.decide(&asked, "corp\\zoë", Verdict::Approve);
    world.head();
    let (said, good) = found(&world, &[&asked], |_| ());
    assert!(good && said.contains("corp\\zoë approved exactly this"), "{said}");
}

#[test]
fn a_folder_of_any_name_is_checked() {
    let (world, wanted) = small_world();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("-q4 $(touch x) 'and' \"more\" *\nü");
    fs::create_dir(&folder).unwrap();
    write(&bundle(&world, &wanted), &folder);
    for shell in ["dash", "bash"] {
        let (said, good) = check(shell, &folder, None);
        assert!(good && !folder.join("x").exists(), "{shell}: {said}");
    }
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
