//! The corpus of manifests, and inputs that are cut or changed.

use crate::{
    classify::{self, Setting, cases},
    domain::{Class, Environment, Place, Places},
};

#[test]
fn the_corpus_is_judged_as_expected() {
    cases::check("manifests", classify::manifest);
}

#[test]
fn cut_and_changed_manifests_do_no_harm() {
    for input in cases::inputs("manifests") {
        cases::survive(&input, cases::manifest);
    }
}

#[test]
fn hostile_manifests_are_refused_in_time() {
    let hostile = [
        "[".repeat(65_536),
        "- ".repeat(32_768),
        "{a: ".repeat(16_384),
        "? ".repeat(32_768),
        "&a ".repeat(20_000),
        "!".repeat(65_536),
        "a: \"".to_owned() + &"\\".repeat(65_536),
        "--- \n".repeat(13_000),
        "-\n".repeat(32_768),
        "a: |\n".to_owned() + &"\n".repeat(65_536),
        "kind: List\nitems:\n".to_owned() + &"- {kind: List, items: [{kind: Pod}]}\n".repeat(1_500),
        "@@ -1,9 +1,9 @@\n--- a\n+++ b\n".repeat(2_000),
        "x: *a\n".repeat(10_000),
        " \t".repeat(32_768),
        "'".repeat(65_535),
    ];
    for text in hostile {
        let begin = std::time::Instant::now();
        let found = classify::manifest(&text, &Setting::default());
        assert!(found.class() >= Class::Mutating, "{text:.40}");
        // Generous: this is neither an optimised build nor an idle machine.
        assert!(begin.elapsed().as_secs() < 5, "{text:.40}: {:?}", begin.elapsed());
        println!("{:?} {text:.20}", begin.elapsed());
    }
}

struct Staging;

impl Places for Staging {
    fn environment(&self, place: &Place<'_>) -> Environment {
        match &*place.name {
            "staging" => Environment::NonProduction,
            "prod" => Environment::Production,
            _ => Environment::Unknown,
        }
    }
}

#[test]
fn each_object_is_where_its_own_namespace_is() {
    let setting = Setting { places: &Staging, ..Setting::default() };
    let text = "kind: Pod\nmetadata: {name: x, namespace: staging}\n---\n\
                kind: ClusterRole\nmetadata: {name: x}\n---\n\
                kind: Pod\nmetadata: {name: x, namespace: prod}\n";
    let found = classify::manifest(text, &setting);
    let places: Vec<Environment> = found.effects.iter().map(|it| it.environment).collect();
    let expected = [Environment::NonProduction, Environment::Unknown, Environment::Production];
    assert_eq!(places, expected);
}
