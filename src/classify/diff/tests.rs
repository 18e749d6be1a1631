//! Diffs as agents write them, and what is said of them.

use super::{Registry, dependencies};
use crate::{
    classify::{Setting, cases, diff},
    domain::{Assessment, Class, Verb},
};

/// A diff of one file, whose lines carry their marks.
fn changed(path: &str, lines: &[&str]) -> String {
    let count = |mark: char| lines.iter().filter(|line| !line.starts_with(mark)).count();
    let (old, new) = (count('+'), count('-'));
    let head = format!("diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n");
    format!("{head}@@ -1,{old} +1,{new} @@\n{}\n", lines.join("\n"))
}

fn judged(path: &str, lines: &[&str]) -> Assessment {
    diff(&changed(path, lines), &Setting::default())
}

fn has(found: &Assessment, verb: Verb, service: &str) -> bool {
    found.effects.iter().any(|effect| effect.verb == verb && effect.service == service)
}

#[test]
fn a_plain_change_can_be_reverted() {
    let found = judged("src/main.rs", &[" fn main() {", "-    a();", "+    b();", " }"]);
    assert_eq!(found.class(), Class::Mutating);
    assert_eq!(found.effects.len(), 1);
}

#[test]
fn an_empty_diff_changes_nothing_and_what_is_no_diff_is_opaque() {
    assert_eq!(diff("", &Setting::default()).class(), Class::ReadOnly);
    assert_eq!(diff("hello", &Setting::default()).class(), Class::Opaque);
    let cut = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,9 @@\n+a\n";
    assert_eq!(diff(cut, &Setting::default()).class(), Class::Opaque);
}

#[test]
fn a_migration_that_drops_is_destructive_and_its_way_back_does_not_count() {
    let up = ["+def upgrade():", "+    op.drop_column('users', 'email')"];
    assert_eq!(judged("alembic/versions/1.py", &up).class(), Class::Destructive);
    let down = [
        "+def upgrade():",
        "+    op.add_column('users', x)",
        "+def downgrade():",
        "+    op.drop_column('users', 'email')",
    ];
    assert_eq!(judged("alembic/versions/1.py", &down).class(), Class::Mutating);
    let ruby = ["+  def change", "+    drop_table :orders", "+  end"];
    assert_eq!(judged("db/migrate/1_drop.rb", &ruby).class(), Class::Destructive);
    let comment = ["+    # drop_table :orders is for later"];
    assert_eq!(judged("db/migrate/1_drop.rb", &comment).class(), Class::Mutating);
}

#[test]
fn a_workflow_that_gets_more_power_is_told() {
    let path = ".github/workflows/ci.yml";
    let found = judged(path, &[" permissions:", "-  contents: read", "+  contents: write"]);
    assert!(has(&found, Verb::Grant, "github-actions"), "{found:?}");
    let found = judged(path, &[" permissions:", "-  contents: write", "+  contents: read"]);
    assert!(!has(&found, Verb::Grant, "github-actions"), "{found:?}");
    let found = judged(path, &[" jobs:", "   deploy:", "-    environment: production"]);
    assert_eq!(found.class(), Class::Destructive, "{found:?}");
}

#[test]
fn statements_and_guards_that_open_the_door_are_told() {
    let found = judged("iam.json", &["-  \"Action\": \"s3:GetObject\",", "+  \"Action\": \"*\","]);
    assert!(has(&found, Verb::Grant, "permissions"), "{found:?}");
    let found = judged("iam.tf", &[" actions = [", "-  \"s3:GetObject\",", "+  \"s3:*\",", " ]"]);
    assert!(has(&found, Verb::Grant, "permissions"), "{found:?}");
    let found =
        judged("db.tf", &["-  deletion_protection = true", "+  deletion_protection = false"]);
    assert_eq!(found.class(), Class::Destructive, "{found:?}");
    let found = judged("db.tf", &[" lifecycle {", "-    prevent_destroy = true", " }"]);
    assert_eq!(found.class(), Class::Destructive, "{found:?}");
    let found = judged("db.tf", &["-resource \"aws_db_instance\" \"main\" {", "-}"]);
    assert_eq!(found.class(), Class::Destructive, "{found:?}");
    let found = judged("notes.md", &["+deletion_protection = false"]);
    assert_eq!(found.class(), Class::Mutating, "{found:?}");
}

#[test]
fn the_hooks_that_hold_an_agent_back_are_protected() {
    let found = judged(".claude/settings.json", &["-  \"hooks\": {}", "+  \"x\": 1"]);
    assert!(has(&found, Verb::Grant, "protected-file"), "{found:?}");
    let found = judged("sub/.github/CODEOWNERS", &["-* @acme/sec"]);
    assert!(has(&found, Verb::Grant, "protected-file"), "{found:?}");
}

#[test]
fn a_secret_is_told_by_how_it_begins_only() {
    let token = ["gh", "p_0a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h"].concat();
    let line = format!("+token: {token}");
    let text = changed("deploy.yml", &[&line]);
    let found = diff(&text, &Setting::default());
    assert_eq!(found.class(), Class::Destructive);
    assert!(!format!("{found:?}").contains(&token));
    let evidence = found.effects.iter().find(|e| e.verb == Verb::Reveal).unwrap().evidence;
    assert!(!text[evidence.start..evidence.end].contains(&token));
}

#[test]
fn a_lock_file_alone_is_told() {
    let found = judged("Cargo.lock", &["-version = \"1.0.0\"", "+version = \"1.0.1\""]);
    assert!(has(&found, Verb::Update, "lockfile"), "{found:?}");
    let both = changed("Cargo.toml", &["+serde = \"1\""])
        + &changed("Cargo.lock", &["-version = \"1.0.0\"", "+version = \"1.0.1\""]);
    assert!(!has(&diff(&both, &Setting::default()), Verb::Update, "lockfile"));
}

#[test]
fn packages_that_are_new_are_listed_and_new_versions_of_old_ones_are_not() {
    let names = |path: &str, lines: &[&str]| -> Vec<(Registry, String, String)> {
        let found = dependencies(&changed(path, lines));
        found.into_iter().map(|found| (found.registry, found.name, found.version)).collect()
    };
    let one =
        |registry, name: &str, version: &str| vec![(registry, name.to_owned(), version.to_owned())];
    assert_eq!(
        names(
            "Cargo.toml",
            &[
                " [dependencies]",
                "-serde = \"1.0\"",
                "+serde = \"1.1\"",
                "+tokoi = { version = \"1\" }",
                "+own = { path = \"x\" }"
            ]
        ),
        one(Registry::Crates, "tokoi", "1")
    );
    assert_eq!(
        names(
            "web/package.json",
            &[
                "   \"dependencies\": {",
                "+    \"@acme/lodahs\": \"^1.2.0\",",
                "+    \"x\": \"file:../x\""
            ]
        ),
        one(Registry::Npm, "@acme/lodahs", "^1.2.0")
    );
    assert_eq!(
        names(
            "requirements-dev.txt",
            &["+reqeusts>=2.0  # http", "+-r other.txt", "+https://x/y.whl"]
        ),
        one(Registry::PyPi, "reqeusts", ">=2.0")
    );
    assert_eq!(
        names("pyproject.toml", &[" dependencies = [", "+  \"flaskk[async]>=2\",", " ]"]),
        one(Registry::PyPi, "flaskk", "[async]>=2")
    );
    assert_eq!(
        names("go.mod", &[" require (", "+\tgithub.com/acme/x v1.2.3 // indirect", " )"]),
        one(Registry::Go, "github.com/acme/x", "v1.2.3")
    );
}

#[test]
fn every_diff_of_the_corpus_is_told_as_expected() {
    cases::check("diffs", diff);
}

#[test]
fn whatever_is_left_of_a_diff_does_no_harm() {
    for text in cases::inputs("diffs") {
        cases::survive(&text, cases::diff);
    }
}

#[test]
fn whatever_a_tool_or_an_interpreter_is_given_does_no_harm() {
    for text in cases::inputs("diffs").iter().chain(&cases::inputs("plans")).take(30) {
        let start: String = text.chars().take(400).collect();
        cases::survive(&start, cases::words);
    }
}
