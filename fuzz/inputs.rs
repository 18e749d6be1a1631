//! What is checked of any input of the classifier. Part of the fuzz targets and of its own tests.

use crate::{
    classify::{self, Dialect, Setting},
    domain::{Assessment, Class},
};

/// A plan: no panic, no hang, and what is not well-formed is never harmless.
pub fn plan(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let found = classify::plan(&text, &Setting::default());
    places(&text, &found);
    // Messages are a line each, so that the whole is no JSON.
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if !text.lines().all(|line| line.trim().is_empty() || is_json(line))
        && !is_json(text.trim_start_matches('\u{feff}'))
    {
        assert!(found.class() >= Class::Opaque, "{text}");
    }
}

/// Manifests, templates, change sets and the output of `kubectl diff`: no panic, no hang, and
/// nothing that is applied is harmless.
pub fn manifest(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    places(&text, &classify::manifest(&text, &Setting::default()));
}

/// SQL: no panic, no hang, and nothing that follows hides a statement that stands before it.
pub fn sql(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let after = format!("DROP TABLE t;\n{text}");
    for dialect in [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite, Dialect::Generic] {
        places(&text, &classify::query(&text, dialect, &Setting::default()));
        let found = classify::query(&after, dialect, &Setting::default());
        places(&after, &found);
        assert!(found.class() >= Class::Opaque, "{dialect:?} {after}");
    }
}

/// Command lines: no panic, no hang, and a command more makes no whole milder.
pub fn shell(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let setting = Setting::default();
    let found = classify::command(&text, &setting);
    places(&text, &found);
    let more = format!("rm -rf /srv/data\n{text}");
    let whole = classify::command(&more, &setting);
    places(&more, &whole);
    // What follows may not hide it, unless it makes a function of that name.
    if !text.contains("rm") {
        assert_eq!(whole.class(), Class::Destructive, "{text}");
    }
}

/// A file more at the front, which drops a table.
const DROPS: &str = "diff --git a/db/1.sql b/db/1.sql\nnew file mode 100644\n--- /dev/null\n\
                     +++ b/db/1.sql\n@@ -0,0 +1 @@\n+DROP TABLE orders;\n";

/// Diffs: no panic, no hang, and a file more makes no whole milder.
pub fn diff(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let setting = Setting::default();
    places(&text, &classify::diff(&text, &setting));
    let more = format!("{DROPS}{text}");
    let whole = classify::diff(&more, &setting);
    places(&more, &whole);
    assert_eq!(whole.class(), Class::Destructive, "{text}");
    for dependency in classify::diff::dependencies(&text) {
        assert!(text.get(dependency.evidence.start..dependency.evidence.end).is_some(), "{text}");
    }
}

/// Calls of tools, and programs given on the command line: no panic, no hang.
pub fn words(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let setting = Setting::default();
    let call = format!("mcp:server/tool {text}");
    places(&call, &classify::command(&call, &setting));
    for start in [
        ["python3", "-c"],
        ["node", "-e"],
        ["ruby", "-e"],
        ["perl", "-e"],
        ["php", "-r"],
        ["awk", "--"],
        ["pwsh", "-c"],
        ["cmd", "/c"],
        ["mongosh", "--eval"],
        ["sed", "-e"],
        ["redis-cli", "--"],
        ["jq", "--"],
    ] {
        let words = [start[0], start[1], &text];
        places(&words.join(" "), &classify::argv(&words, &setting));
    }
}

/// Every place is one of the input.
fn places(text: &str, found: &Assessment) {
    let effects = found.effects.iter().map(|effect| effect.evidence);
    for place in effects.chain(found.opaque.iter().map(|opaque| opaque.evidence)) {
        assert!(text.get(place.start..place.end).is_some(), "{place:?} {text}");
    }
}
