use super::*;
use crate::{
    classify::{Data, HOLE, HOLES, Setting, Variables},
    domain::{Assessment, Class},
};

const LOST: Does = Does::Destroys(Verb::Delete, "it is gone");

static GNU: Cli = Cli {
    valued: &["-n", "--namespace", "-f"],
    flags: &["--quiet"],
    rules: &[
        Rule::reads("get"),
        Rule::reads("state"),
        Rule::deletes("state rm", "it is gone").dry(&["--dry-run"]),
        Rule::updates("logs", "nothing").flags(&["-f"]).when(&[("--hard", LOST)]),
        Rule::reads("log").when(&[("--hard", LOST)]),
        Rule::new("exec", Does::Asks(inner)).ends(1).valued(&["-h", "--user"]),
        Rule::new("into", Does::Asks(inner)),
        Rule::deletes("delete", "it is gone").dry(&["--dry-run"]),
        Rule::reads("volume $"),
        Rule::updates("role *", "set it back"),
        Rule::reads("role list"),
        Rule::creates("name", "delete it").named(Named::Option("--name")),
    ],
    ..Cli::new("test")
};

static SINGLE: Cli = Cli {
    style: Style::Single,
    valued: &["-chdir", "-var"],
    harmless: &["-help"],
    rules: &[Rule::opaque("apply", "it asks").when(&[("-auto-approve", LOST)])],
    ..Cli::new("test")
};

/// Deletes when the words that are run say so.
fn inner(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let deletes = matched.rest.first().is_some_and(|word| word.is("rm"));
    assert!(matched.own().iter().all(|word| word.is("box")));
    matched.does(if deletes { LOST } else { Does::Reads }, Named::Nothing, judge);
}

fn assess(cli: &'static Cli, words: &str) -> Assessment {
    let mut offset = 0;
    let mut all = Vec::new();
    for text in words.split(' ') {
        let known = text.replace('?', &HOLE.to_string()).replace('%', &HOLES.to_string());
        all.push(Word::made(known, Span::new(offset, offset + text.len())));
        offset += text.len() + 1;
    }
    let setting = Setting::default();
    let mut found = Judge::new(words, &setting);
    let call = Call { words: &all, variables: &Variables::default(), stdin: &Data::Nothing };
    judge(cli, &call, &mut found);
    found.finish()
}

fn class(words: &str) -> Class {
    assess(&GNU, words).class()
}

#[test]
fn options_may_stand_before_the_subcommand() {
    assert_eq!(class("x -n prod delete it"), Class::Destructive);
    assert_eq!(class("x -nprod delete it"), Class::Destructive);
    assert_eq!(class("x -n=prod delete it"), Class::Destructive);
    assert_eq!(class("x --namespace=prod --quiet get delete"), Class::ReadOnly);
    assert_eq!(class("x -qn prod get delete"), Class::ReadOnly);
}

#[test]
fn an_unknown_option_is_tried_both_ways() {
    assert_eq!(class("x --token t delete it"), Class::Destructive);
    assert_eq!(class("x --token get delete"), Class::Opaque);
    assert_eq!(class("x get --token delete"), Class::ReadOnly);
}

#[test]
fn only_a_dry_run_that_is_meant_counts() {
    assert_eq!(class("x delete it --dry-run"), Class::ReadOnly);
    assert_eq!(class("x delete it --dry-run=server"), Class::ReadOnly);
    for not in ["=none", "=false", "=F", "=0", "=off", "=?", "=none --dry-run=f"] {
        assert_eq!(class(&format!("x delete it --dry-run{not}")), Class::Destructive, "{not}");
    }
    assert_eq!(class("x delete -n --dry-run it"), Class::Destructive);
    assert_eq!(class("x delete it --dry-run none"), Class::Destructive);
    assert_eq!(class("x delete -- --dry-run"), Class::Destructive);
}

#[test]
fn an_option_means_what_its_subcommand_says() {
    assert_eq!(class("x logs -f --hard"), Class::Destructive);
    assert_eq!(class("x -f file logs it"), Class::Mutating, "before it, the program's own count");
    assert_eq!(class("x exec -h host box rm"), Class::Destructive);
    assert_eq!(class("x -h exec box rm"), Class::ReadOnly);
}

#[test]
fn what_is_run_keeps_its_own_options() {
    assert_eq!(class("x exec --user me box rm --help"), Class::Destructive);
    assert_eq!(class("x exec -- box rm --help"), Class::Destructive);
    assert_eq!(class("x exec --help box rm"), Class::ReadOnly);
    assert_eq!(class("x into box -- rm --help"), Class::Destructive);
    assert_eq!(class("x into box -n root -- ls"), Class::ReadOnly);
}

#[test]
fn what_is_not_known_may_be_worse() {
    assert_eq!(class("x get ?"), Class::ReadOnly);
    assert_eq!(class("x ? it"), Class::Opaque);
    assert_eq!(class("x ? --help"), Class::Opaque);
    assert_eq!(class("x state ? it"), Class::Opaque);
    assert_eq!(class("x logs -n ?"), Class::Mutating);
    assert_eq!(class("x logs %"), Class::Mutating, "a name, as most variables are");
    assert_eq!(class("x logs %args"), Class::Opaque);
    assert_eq!(class("x log %"), Class::Opaque);
}

#[test]
fn a_named_word_goes_before_any() {
    assert_eq!(class("x role list"), Class::ReadOnly);
    assert_eq!(class("x role it"), Class::Mutating);
    assert_eq!(class("x role"), Class::Opaque);
    assert_eq!(class("x volume"), Class::ReadOnly);
    assert_eq!(class("x volume shrink"), Class::Opaque);
}

#[test]
fn one_dash_may_be_a_long_option() {
    let single = |words| assess(&SINGLE, words).class();
    assert_eq!(single("x -chdir=envs/prod apply -auto-approve"), Class::Destructive);
    assert_eq!(single("x -chdir envs/prod apply --auto-approve"), Class::Destructive);
    assert_eq!(single("x apply -auto-approve=false"), Class::Opaque);
    assert_eq!(single("x apply -auto-approve -help"), Class::ReadOnly);
    assert_eq!(single("x apply -auto-approve -var -help"), Class::Destructive);
}

#[test]
fn the_evidence_is_the_program_and_its_subcommand() {
    let found = assess(&GNU, "x -n prod state rm it");
    assert_eq!(found.effects[0].evidence, Span::new(0, 18));
    assert_eq!(found.effects[0].resource.raw(), "it");
    assert_eq!(assess(&GNU, "x name --name=box").effects[0].resource.raw(), "box");
}

#[test]
fn words_of_any_shape_are_survived() {
    for words in ["x", "x -", "x --", "x --=", "x -=", "x -é=ü", "x exec", "x exec --", "x --é"]
    {
        let _ = class(words);
        let _ = assess(&SINGLE, words);
    }
}

#[test]
fn a_cluster_without_end_is_not_read() {
    let letters = "a".repeat(400);
    assert_eq!(class(&format!("x get -{letters}")), Class::Opaque);
    assert_eq!(class(&format!("x get -n{letters}")), Class::ReadOnly);
}

/// Any program that is known, called with words that nobody would write.
#[test]
fn every_program_survives_any_words() {
    let hole = HOLE.to_string();
    let holes = HOLES.to_string();
    let nasty = [
        "",
        "-",
        "--",
        "---",
        "-é",
        "--é=",
        "=",
        "-=",
        "--=x",
        "é",
        "*",
        "$",
        "-x=é",
        "{",
        "[",
        "\"",
        "'",
        "\\",
        "a=b",
        "a:b",
        "://",
        "@",
        "/",
        ".",
        "..",
        "\u{0}",
        "\u{202e}",
        "-c",
        "-e",
        "-f",
        "-h",
        "run",
        "exec",
        "delete",
        "apply",
        "get",
        "secret/",
        ",",
        "-p",
        "{\"metadata\":",
        "SELECT",
        ";",
        &hole,
        &holes,
    ];
    let names: Vec<&str> = super::super::BY_NAME.iter().map(|(name, _)| *name).collect();
    let mut seed = 7_usize;
    let setting = Setting::default();
    for name in names {
        for length in 0..12 {
            let mut text = name.to_owned();
            let mut words = vec![Word::exact(name, 0)];
            for _ in 0..length {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let word = nasty[(seed >> 33) % nasty.len()];
                words.push(Word::exact(word, text.len() + 1));
                text = format!("{text} {word}");
            }
            let mut found = Judge::new(&text, &setting);
            let call =
                Call { words: &words, variables: &Variables::default(), stdin: &Data::Nothing };
            super::super::judge(&call, &mut found);
            for effect in found.finish().effects {
                assert!(text.get(effect.evidence.start..effect.evidence.end).is_some(), "{text}");
            }
        }
    }
}

#[test]
fn every_name_is_one_program_and_is_found() {
    let mut names: Vec<&str> = super::super::BY_NAME.iter().map(|(name, _)| *name).collect();
    for name in &names {
        assert!(super::super::by_name(name).is_some(), "{name}");
    }
    for unknown in ["", "no-such-program", "l"] {
        assert!(super::super::by_name(unknown).is_none(), "{unknown}");
    }
    let all = names.len();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|two| two[0] == two[1]).collect();
    assert!(twice.is_empty(), "of {all}: {twice:?}");
}
