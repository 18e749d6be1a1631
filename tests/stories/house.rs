//! The house stays as `ARCHITECTURE.md` says: who may import whom, where outside text may be
//! taken raw, and that no file outgrows its reader.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Every room and the rooms it may import, from the ground floor up.
const ROOMS: [(&str, &[&str]); 17] = [
    ("domain", &[]),
    ("text", &["domain"]),
    ("config", &["domain", "text"]),
    ("catalogue", &["domain"]),
    ("iam", &["domain"]),
    ("classify", &["domain"]),
    ("policy", &["domain", "config"]),
    ("trust", &["domain", "config"]),
    ("ledger", &["domain", "trust"]),
    ("store", &["domain", "ledger"]),
    ("sources", &["domain", "text", "config", "catalogue", "classify", "iam"]),
    ("review", &["domain", "text", "classify", "policy", "trust", "ledger", "store", "sources"]),
    ("gate", &["domain", "text", "catalogue", "classify", "policy", "trust", "store", "sources"]),
    ("watch", &["domain", "text", "config", "store", "sources", "review"]),
    ("console", &["domain", "text", "config", "trust", "store", "sources", "review"]),
    ("report", &["domain", "text", "iam", "trust", "store", "sources"]),
    (
        "cli",
        &[
            "domain",
            "text",
            "config",
            "catalogue",
            "iam",
            "classify",
            "policy",
            "trust",
            "ledger",
            "store",
            "sources",
            "review",
            "gate",
            "watch",
            "console",
            "report",
        ],
    ),
];

/// Where the top floors take the raw value of outside text: how often, and why that is no way
/// round `SafeText`. Whoever adds one says here what becomes of it.
const RAW: [(&str, usize, &str); 35] = [
    ("cli/apart/request.rs", 1, "joined with words of ours and Untrusted again"),
    ("cli/demo.rs", 1, "a name for the roster and, quoted, for the agent's configuration"),
    ("cli/doctor/people.rs", 4, "joined with words of ours and Untrusted again"),
    ("cli/doctor/signing.rs", 1, "joined with words of ours and Untrusted again"),
    ("cli/failure.rs", 1, "joined with words of ours and Untrusted again"),
    ("cli/iam/origin.rs", 1, "joined with words of ours and Untrusted again"),
    ("cli/policy/diff.rs", 1, "made safe as a whole by `Said`"),
    ("cli/policy/explain.rs", 2, "made safe as a whole by `Said`"),
    ("cli/polling.rs", 2, "joined with words of ours and Untrusted again"),
    ("console/diff/mod.rs", 1, "parsed; every line drawn goes through SafeText"),
    ("console/state/rows.rs", 17, "compared, the filter's haystack, or Untrusted again"),
    ("console/update/answers.rs", 6, "made safe as a whole by `mixed`"),
    ("console/update/confirm.rs", 1, "compared with what was typed"),
    ("console/update/copy.rs", 5, "the clipboard gets the value itself; hidden ones are refused"),
    ("console/view/action.rs", 1, "joined with words of ours and Untrusted again"),
    ("console/view/command.rs", 3, "looked at; what is drawn goes through SafeText"),
    ("console/view/dialog.rs", 1, "compared with what was typed"),
    ("console/view/queue.rs", 1, "shortened, and Untrusted again"),
    ("console/view/reach.rs", 1, "compared: the account at home"),
    ("console/worker.rs", 2, "looked at; what is drawn goes through SafeText"),
    ("report/action.rs", 10, "joined with words of ours and Untrusted again"),
    ("report/checkup.rs", 1, "joined with words of ours and Untrusted again"),
    ("report/classified.rs", 2, "joined with words of ours and Untrusted again"),
    ("report/credential.rs", 2, "joined again, or compared: the account at home"),
    ("report/findings.rs", 18, "compared, or joined into a message that is Untrusted again"),
    ("report/iam/audit.rs", 1, "joined with words of ours and Untrusted again"),
    ("report/locks.rs", 1, "joined with words of ours and Untrusted again"),
    ("report/page.rs", 1, "cut into lines, each of which goes through SafeText"),
    ("report/preview.rs", 1, "joined with words of ours and Untrusted again"),
    ("report/reach.rs", 5, "joined, or broken into lines; Untrusted again"),
    ("report/ruling.rs", 8, "joined with words of ours and Untrusted again"),
    ("report/sources.rs", 1, "joined with words of ours and Untrusted again"),
    ("report/words.rs", 4, "joined with words of ours and Untrusted again"),
    ("watch/look.rs", 1, "through `safe`, which is SafeText"),
    (
        "watch/tell.rs",
        16,
        "through `safe`, which is SafeText, or `News::new`, which takes it there",
    ),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A file's code without comments and without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The first names behind every `crate::`, also of those grouped in braces.
fn imported(code: &str) -> BTreeSet<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut names = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let after = &code[at + found.len()..];
        let Some(group) = after.strip_prefix('{') else {
            names.insert(name(after));
            continue;
        };
        let (mut depth, mut begins) = (0, true);
        for (at, c) in group.char_indices() {
            if depth == 0 && begins && !c.is_whitespace() && c != '}' {
                names.insert(name(&group[at..]));
                begins = false;
            }
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                _ => {}
            }
        }
    }
    names
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::{\n domain::{A, B},\n store::C, text,\n};\nlet x = crate::iam::load();";
    let names: Vec<String> = imported(code).into_iter().collect();
    assert_eq!(names, ["domain", "iam", "store", "text"]);
}

#[test]
fn no_room_imports_one_it_may_not() {
    let mut wrong = Vec::new();
    for (room, may) in ROOMS {
        for file in files_below(&root().join("src").join(room)) {
            for name in imported(&code(&file)) {
                if name != room && !may.contains(&name.as_str()) {
                    wrong.push(format!("{} imports {name}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_stands_in_the_table_and_imports_run_one_way() {
    let rooms: BTreeSet<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let told: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(rooms, told);
    let mut below: BTreeSet<&str> = BTreeSet::new();
    for (room, may) in ROOMS {
        for other in may {
            assert!(below.contains(other), "{room} imports {other}, which is not below it");
        }
        below.insert(room);
    }
}

#[test]
fn the_table_of_the_architecture_page_is_the_one_kept_here() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [room, _, may] = cells[..] else { continue };
        let Some(room) = room.trim_matches('`').strip_suffix('/') else { continue };
        let may = match may {
            "nothing" => BTreeSet::new(),
            "all" => ROOMS.iter().map(|(name, _)| *name).filter(|name| *name != room).collect(),
            list => list.split(", ").collect(),
        };
        told.insert(room, may);
    }
    let kept: BTreeMap<&str, BTreeSet<&str>> =
        ROOMS.iter().map(|(room, may)| (*room, may.iter().copied().collect())).collect();
    assert_eq!(told, kept);
}

#[test]
fn every_room_says_what_it_is_for() {
    for (room, _) in ROOMS {
        let text = fs::read_to_string(root().join("src").join(room).join("mod.rs")).unwrap();
        let doc = text.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>();
        assert!(doc.join(" ").len() > 60, "src/{room}/mod.rs: {doc:?}");
    }
}

#[test]
fn no_file_outgrows_its_reader() {
    for folder in ["src", "tests", "benches"] {
        for file in files_below(&root().join(folder)) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= 600, "{} has {lines} lines", file.display());
        }
    }
}

#[test]
fn outside_text_is_taken_raw_only_where_that_was_looked_at() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for room in ["console", "report", "cli", "watch"] {
        for file in files_below(&root().join("src").join(room)) {
            let count = code(&file).matches(".raw()").count();
            if count > 0 && !file.ends_with("tests.rs") {
                let name = file.strip_prefix(root().join("src")).unwrap();
                found.insert(name.to_string_lossy().into_owned(), count);
            }
        }
    }
    let reviewed: BTreeMap<String, usize> =
        RAW.iter().map(|(file, count, _)| ((*file).to_owned(), *count)).collect();
    assert_eq!(found, reviewed, "look at what is new, then tell in RAW why it is safe");
}
