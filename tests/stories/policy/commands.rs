//! `countersign policy`: check, show, explain, test, diff.

use crate::support::program::Program;
use countersign::{
    domain::{LetThrough, SourceKind, SourceName, ToolId},
    policy::{Policy, shipped_text},
    store::{SqliteStore, Store as _},
};
use jiff::Timestamp;

const TESTS: &str = r#"
[[test]]
name = "a namespace of production stays"
given.command = "kubectl delete ns payments"
given.environment = "production"
expect.boundary = "production-stays"

[[test]]
name = "scaling needs one person"
given.command = "kubectl scale deploy/web --replicas=3"
expect.tier = "production"
expect.approvals = 1
expect.from = []
expect.expires = "30m"
expect.confirm = "type-target"
expect.rules = ["reversible-in-production"]

[[test]]
name = "tests may run"
given.argv = ["npm", "test"]
given.isolation = "container"
expect.let_through = true
expect.approvals = 0

[[test]]
name = "an MCP tool nobody knows"
given.mcp = 'acme/do_it {"a":1}'
expect.tier = "opaque"
expect.from = ["senior"]

[[test]]
name = "a table is lost"
given.sql = "DROP TABLE orders"
given.time = 2026-11-20T14:30:00Z
expect.approvals = 2
"#;

#[test]
fn check_tells_every_mistake_and_the_groups_nobody_is_in() {
    let program = Program::configured("[groups]\nsecurity = [\"ada\"]\n");
    let good = program.run(&["policy", "check"]);
    assert_eq!(good.status, 0, "{good:?}");
    assert!(good.stdout.contains("nobody is in the group `senior`"), "{good:?}");
    assert!(good.stdout.contains("the shipped policy: good, version 2"), "{good:?}");
    let file = program.write("bad.cedar", "// version: 1\npermit (principal, action, resource);");
    let bad = program.run(&["policy", "check", file.to_str().unwrap()]);
    assert_eq!(bad.status, 1, "{bad:?}");
    assert!(bad.stdout.contains("bad.cedar:2:1"), "{bad:?}");
    assert!(bad.stdout.contains("The policy has 2 problems."), "{bad:?}");
    let json = program.run(&["policy", "check", file.to_str().unwrap(), "--json"]).json();
    assert_eq!(json["problems"][0]["place"]["line"], 2, "{json}");
    assert_eq!(json["policy"], serde_json::Value::Null);
}

#[test]
fn what_show_prints_is_a_policy() {
    let program = Program::new();
    let shown = program.run(&["policy", "show"]);
    assert_eq!(shown.stdout.trim(), shipped_text().trim());
    assert!(Policy::parse(&shown.stdout, "shown").is_ok());
    assert!(program.run(&["policy", "show", "--schema"]).stdout.contains("entity Effect"));
}

#[test]
fn explain_names_the_rules_of_each_effect() {
    let program = Program::new();
    let ran = program.run(&["policy", "explain", "--command", "npm test; git push origin main"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for told in [
        "held for 1 person; 30 min",
        "tier production, policy version 2",
        "update `origin main` (git): branch, unknown",
        "reversible-in-production decides",
        "reversible-local-work matches",
    ] {
        assert!(ran.stdout.contains(told), "{told}\n{}", ran.stdout);
    }
    let lines = ["policy", "explain", "--env", "production", "--json", "--", "dropdb", "shop"];
    let json = program.run(&lines).json();
    assert_eq!(json["ruling"]["leave"]["is"], "boundary", "{json}");
    assert_eq!(json["effects"][0]["kind"], "database", "{json}");
    assert_eq!(program.run(&["policy", "explain"]).status, 2);
    assert_eq!(program.run(&["policy", "explain", "a-0123456789"]).status, 1);
}

#[test]
fn tests_of_a_policy_pass_fail_or_cannot_be_run() {
    let program = Program::new();
    let file = program.write("tests.toml", TESTS);
    let file = file.to_str().unwrap();
    let good = program.run(&["policy", "test", file]);
    assert_eq!((good.status, good.stdout.trim()), (0, "5 passed, 0 failed"), "{good:?}");

    let wide =
        "// version: 2\n@id(\"all\") @approvals(\"0\") permit (principal, action, resource);";
    let wide = program.write("wide.cedar", wide);
    let bad = program.run(&["policy", "test", file, "--policy", wide.to_str().unwrap()]);
    assert_eq!(bad.status, 3, "{bad:?}");
    assert!(bad.stdout.contains("scaling needs one person"), "{bad:?}");
    assert!(bad.stdout.contains("expected tier = production; approvals = 1"), "{bad:?}");
    assert!(bad.stdout.contains("came     let through, and logged (tier all)"), "{bad:?}");
    // The boundary of the program holds whatever the policy says.
    assert!(bad.stdout.contains("2 passed, 3 failed"), "{bad:?}");

    for (text, why) in [
        ("", "missing field `test`"),
        ("test = []", "holds no [[test]]"),
        ("[[test]]\nname = \"x\"\ngiven.command = \"ls\"\nexpect.tiers = \"a\"", "tiers"),
        ("[[test]]\nname = \"x\"\ngiven.command = \"ls\"\nexpect = {}", "expects nothing"),
        ("[[test]]\nname = \"x\"\ngiven = {}\nexpect.tier = \"a\"", "exactly one of command"),
    ] {
        let file = program.write("odd.toml", text);
        let ran = program.run(&["policy", "test", file.to_str().unwrap()]);
        assert_eq!(ran.status, 1, "{text}: {ran:?}");
        assert!(ran.stderr.contains(why), "{text}: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn diff_tells_what_would_have_changed() {
    let program = Program::new();
    let store = SqliteStore::open(&program.store_path()).await.unwrap();
    let ran = super::case::asked("npm test");
    let record = |id: &str, days: i64| LetThrough {
        id: id.to_owned(),
        at: Timestamp::now() - jiff::SignedDuration::from_hours(24 * days),
        source: SourceName::new(SourceKind::Gate, "desk7"),
        tool: ToolId::new("claude-code"),
        requester: "kim".into(),
        title: "npm test".into(),
        asker: countersign::domain::Asker::default(),
        found: ran.found.clone(),
        ruling: ran.by(&Policy::shipped().unwrap()),
    };
    store.let_through(&[record("old", 40), record("new", 1)]).await.unwrap();
    drop(store);
    let old = program.write("old.cedar", shipped_text());
    let new = shipped_text().replace("// version: 1", "// version: 2");
    let stricter = new.replace(
        "@id(\"reversible-local-work\")\n@tier(\"reversible\")\n@approvals(\"0\")",
        "@id(\"reversible-local-work\")\n@tier(\"asked\")\n@approvals(\"1\")",
    );
    let new = program.write("new.cedar", stricter);
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let ran = program.run(&["policy", "diff", old, new]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("npm test"), "{ran:?}");
    assert!(ran.stdout.contains("was let through, and logged (tier reversible)"), "{ran:?}");
    assert!(ran.stdout.contains("now held for 1 person"), "{ran:?}");
    assert!(ran.stdout.contains("1 of 1 recorded actions of the last 30 days"), "{ran:?}");
    let json = program.run(&["policy", "diff", old, new, "--days", "90", "--json"]).json();
    assert_eq!(json["changed"].as_array().unwrap().len(), 2, "{json}");
    assert_eq!(json["new"]["version"], 2, "{json}");
}
