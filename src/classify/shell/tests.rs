//! Tests of the shell: its words are compared with those of the real `bash`.

use super::{Call, Data, Judge, Variables, Word, pattern, read, script};
use crate::classify::{Setting, is_hole};
use proptest::prelude::*;
use std::process::Command;

/// What a script prints, as far as it is known, and why parts of it could not be read.
fn ours(text: &str) -> (Option<String>, Vec<String>) {
    let setting = Setting::default();
    let mut judge = Judge::new(text, &setting);
    let word = Word::exact(text, 0);
    let printed = script(&word, &Variables::default(), &Data::Nothing, &mut judge);
    let unread = read::script(&word).unread.iter().map(|(_, why)| (*why).to_owned()).collect();
    let text = match printed {
        Data::Nothing => Some(String::new()),
        Data::Text(word) => word.known().map(str::to_owned),
        Data::Unknown(_) => None,
    };
    (text, unread)
}

/// What `bash` prints, if it reads the script without complaint.
fn theirs(text: &str) -> Option<String> {
    let nowhere = tempfile::tempdir().unwrap();
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-c", text])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(nowhere.path())
        .output()
        .expect("bash is needed for this test");
    output.stderr.is_empty().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Lines whose words are all known. Each is what follows `p`, which prints its words.
const LINES: &str = include_str!("lines.txt");

#[test]
fn the_words_are_those_of_bash() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in LINES.split("\n%%\n").map(|line| line.trim_end_matches('\n')) {
        if line.is_empty() {
            continue;
        }
        count += 1;
        let theirs = theirs(line).unwrap_or_else(|| panic!("bash does not take {line:?}"));
        let (ours, unread) = ours(line);
        if ours.as_deref() != Some(&theirs) || !unread.is_empty() {
            wrong.push(format!("{line}\n  bash {theirs:?}\n  ours {ours:?} {unread:?}"));
        }
    }
    assert!(count >= 150, "only {count} lines");
    assert!(wrong.is_empty(), "{} of {count} lines:\n{}", wrong.len(), wrong.join("\n"));
}

fn fragment() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "a",
        "b c",
        "'q r'",
        "\"d e\"",
        "''",
        "\"\"",
        "\\x",
        "\\ ",
        "\\\\",
        "$A",
        "\"$A\"",
        "${A}",
        "$B",
        "\"$B\"",
        "$C",
        "${C}",
        "\"${C}\"",
        "$E",
        "\"$E\"",
        "${A:-x}",
        "${E:-y z}",
        "${E:+n}",
        "${A:+'m n'}",
        "${#A}",
        "${A%a*}",
        "${A#*a}",
        "${A/a/o}",
        "${A//a/}",
        "${A^^}",
        "${A:1:2}",
        "${A: -2}",
        "{x,y}",
        "{1..3}",
        "{c..a}",
        "{a,b}{c,d}",
        "{}",
        "{a}",
        "{a,",
        "a,b}",
        "$'\\x41\\n'",
        "$'it\\'s'",
        "$(echo s)",
        "$(echo 's t')",
        "\"$(echo 's t')\"",
        "`echo u`",
        "$(echo $A)",
        "\"${L[@]}\"",
        "${L[@]}",
        "\"${L[*]}\"",
        "${L[1]}",
        "${#L[@]}",
        " ",
        " ",
        " ",
        "*",
        "?",
        "[a-c]",
        "~x",
        "=",
        ":",
        ",",
        "-",
        "#",
        "%",
        "\"$\"",
        "!",
        "^",
        "a=b",
        "@",
        "\"`echo v`\"",
        "\"\\$A\"",
        "\"\\\\\"",
        "\"\\a\"",
        "'\\'",
        "\\\n",
        "é",
        "${D}",
        "\"$D\"",
    ]);
    fixed.prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_words_are_those_of_bash(
        parts in prop::collection::vec(fragment(), 1..8),
        separators in prop::sample::select(vec!["", "IFS=:; ", "IFS=' a'; ", "IFS=; "]),
    ) {
        let line = format!(
            "A='banana split'; B=' x  y '; C='p:q::r'; D=':a:'; E=; L=(one 'two three' ''); \
             {separators}printf '<%s>' x {}",
            parts.concat()
        );
        if let Some(theirs) = theirs(&line) {
            let (ours, unread) = ours(&line);
            prop_assert!(unread.is_empty(), "{line}\n{unread:?}");
            if let Some(ours) = ours.filter(|ours| !ours.contains(is_hole)) {
                prop_assert_eq!(ours, theirs, "{}", line);
            }
        }
    }
}

#[test]
fn patterns_fit_as_in_the_shell() {
    for (text, pattern, fits) in [
        ("banana", "b*a", true),
        ("banana", "b?n*", true),
        ("banana", "[a-c]*", true),
        ("banana", "[!a-c]*", false),
        ("a*b", "a\\*b", true),
        ("axb", "a\\*b", false),
        ("", "*", true),
        ("", "?", false),
    ] {
        assert_eq!(pattern::is_fit(text, pattern), Some(fits), "{text} {pattern}");
    }
}

/// What the parts of a script that are not closed or nested without end come to: never a panic,
/// never more steps than there are.
#[test]
fn nothing_nested_takes_more_than_the_steps() {
    for part in [
        "(",
        "((",
        "$(",
        "$((",
        "{ ",
        "\"$(",
        "`",
        "if a; then ",
        "while a; do ",
        "a|",
        "a|a|",
        "<<a ",
        "<<a\n",
        "{a,b}",
        "{a,b}{a,b}",
        "{",
        "${a:-",
        "\"${a:-",
        "case a in a) ",
        "case a in a) (",
        "a() { ",
        "a() (",
        "[[ ",
        "[[ (",
        "!",
        "! ",
        "time ",
        "<(",
        ">(",
        "$[",
        "$'",
        "'",
        "\"",
        "\\",
        "&",
        "&&",
        ";",
        ";;",
        "|",
        "a=(",
        "a[",
        "a=",
        "for a in ",
        "select a in b; do ",
        "coproc ",
        "function a { ",
        "<<<",
        ">",
        "2>&1 ",
        "eval ",
        "eval eval ",
        "$a",
        "${!a}",
        "${#",
        "*",
        "@(",
        "?(a|",
        "\u{e9}",
        "\r",
        "\0",
        "~",
        "`echo ",
        "\\`",
        "trap '",
        "alias a=b;",
        "a;",
        "x=$x$x;",
        "$(<a)",
        "[[ a =~ (",
        "$(( (",
        "${a/",
        "${a:",
        "${a[",
        "#",
        "\n",
    ] {
        let text = part.repeat(64 * 1024 / part.len());
        let _ = ours(&text);
        let _ = ours(&format!("x=1; {text}"));
    }
}

/// A value that doubles with each command is given up, not grown.
#[test]
fn values_do_not_grow_without_end() {
    let text = format!("x=aaaaaaaa; {}eval $x", "x=$x$x;".repeat(60));
    let setting = Setting::default();
    let assessment = crate::classify::command(&text, &setting);
    assert!(!assessment.opaque.is_empty());
}

#[test]
fn what_is_printed_keeps_its_place() {
    let text = "  eval 'frobnicate x'";
    let assessment = crate::classify::command(text, &Setting::default());
    let at = assessment.opaque[0].evidence;
    assert_eq!(&text[at.start..at.end], "frobnicate");
    let text = "é=1; echo 'frobnicate x' | while read -r; do :; done; frobnicate";
    let assessment = crate::classify::command(text, &Setting::default());
    let at = assessment.opaque[0].evidence;
    assert_eq!(&text[at.start..at.end], "é=1");
    let last = assessment.opaque[1].evidence;
    assert_eq!(&text[last.start..last.end], "frobnicate");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_input_panics(text in "[-a-z0-9 '\"$(){}\\[\\]<>|&;\\\\\n\r\t`#!~*?=:/@^,%+é\u{fdd0}\u{fdd1}]{0,60}") {
        crate::classify::cases::shell(text.as_bytes());
    }
}

#[test]
fn a_call_without_words_is_nothing() {
    let setting = Setting::default();
    let mut judge = Judge::new("", &setting);
    let variables = Variables::default();
    let call = Call { words: &[], variables: &variables, stdin: &Data::Nothing };
    judge.call(&call);
    assert!(judge.finish().opaque.is_empty());
}
