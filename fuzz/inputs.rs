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

/// Every place is one of the input.
fn places(text: &str, found: &Assessment) {
    let effects = found.effects.iter().map(|effect| effect.evidence);
    for place in effects.chain(found.opaque.iter().map(|opaque| opaque.evidence)) {
        assert!(text.get(place.start..place.end).is_some(), "{place:?} {text}");
    }
}
