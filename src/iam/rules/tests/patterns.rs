//! Patterns against brute force on a small alphabet.

use super::super::{ArnPattern, Glob};
use proptest::prelude::*;

/// Every text of `a`, `b` and `:` up to this length.
const LONGEST: usize = 6;

fn texts() -> &'static [String] {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    TEXTS.get_or_init(|| {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..LONGEST {
            let until = all.len();
            for at in from..until {
                for character in ["a", "b", ":"] {
                    all.push(format!("{}{character}", all[at]));
                }
            }
            from = until;
        }
        all
    })
}

/// Matching as it is defined, without any cleverness.
fn plainly(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skip| plainly(rest, &text[skip..])),
        Some((b'?', rest)) => !text.is_empty() && plainly(rest, &text[1..]),
        Some((own, rest)) => text.first() == Some(own) && plainly(rest, &text[1..]),
    }
}

/// The same for ARNs: segment against segment.
fn plainly_arn(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    for _ in 0..5 {
        if !pattern.is_empty() && pattern.ends_with('*') && !pattern.contains(':') {
            // The star at the end runs on; what stands before it stays in its segment.
            let head = &pattern[..pattern.len() - 1];
            return (0..=text.len()).any(|end| {
                !text[..end].contains(':') && plainly(head.as_bytes(), &text.as_bytes()[..end])
            });
        }
        match (pattern.split_once(':'), text.split_once(':')) {
            (Some((own, rest)), Some((segment, others))) => {
                if !plainly(own.as_bytes(), segment.as_bytes()) {
                    return false;
                }
                (pattern, text) = (rest, others);
            }
            (None, None) => break,
            _ => return false,
        }
    }
    plainly(pattern.as_bytes(), text.as_bytes())
}

fn pattern() -> impl Strategy<Value = String> {
    "[ab:*?]{0,6}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_glob_matches_what_its_definition_says(pattern in pattern()) {
        let glob = Glob::new(&pattern);
        for text in texts() {
            let expected = plainly(pattern.as_bytes(), text.as_bytes());
            prop_assert_eq!(glob.matches(text), expected, "{} {}", pattern, text);
        }
    }

    #[test]
    fn an_arn_pattern_matches_segment_by_segment(pattern in "[ab:*?]{0,5}:?[ab:*?]{0,5}") {
        let arn = ArnPattern::new(&pattern);
        for text in texts() {
            let expected = plainly_arn(&pattern, text);
            prop_assert_eq!(arn.matches(text), expected, "{} {}", pattern, text);
        }
    }

    #[test]
    fn contains_and_overlaps_agree_with_brute_force(left in "[ab*?]{0,3}", right in "[ab*?]{0,3}") {
        let (outer, inner) = (Glob::new(&left), Glob::new(&right));
        let mut common = texts().iter().filter(|t| outer.matches(t) && inner.matches(t));
        prop_assert_eq!(outer.overlaps(&inner), common.next().is_some(), "{} {}", left, right);
        let is_within = texts().iter().all(|t| !inner.matches(t) || outer.matches(t));
        prop_assert_eq!(outer.contains(&inner), is_within, "{} {}", left, right);
    }

    #[test]
    fn a_longer_pattern_is_never_said_to_contain_what_it_does_not(
        left in pattern(), right in pattern(),
    ) {
        let (outer, inner) = (ArnPattern::new(&left), ArnPattern::new(&right));
        let overlaps = outer.overlaps(&inner);
        for text in texts().iter().filter(|text| inner.matches(text)) {
            prop_assert!(!outer.matches(text) || overlaps, "{} {} {}", left, right, text);
            prop_assert!(outer.matches(text) || !outer.contains(&inner), "{} {} {}", left, right, text);
        }
    }
}

#[test]
fn a_question_mark_is_one_character_whatever_its_bytes() {
    let glob = Glob::new("a?b");
    assert!(glob.matches("aéb") && glob.matches("a😀b"));
    assert!(!glob.matches("aéeb"));
    assert!(Glob::new("*?").matches("é"));
    assert!(!Glob::new("??").matches("é"));
}

#[test]
fn hostile_patterns_are_answered_in_time() {
    let stars = "*a".repeat(500) + "b";
    let text = "a".repeat(5_000);
    assert!(!Glob::new(&stars).matches(&text));
    let (long, other) = (Glob::new(&"?a*".repeat(2_000)), Glob::new(&"a?*".repeat(2_000)));
    assert!(long.overlaps(&other), "too long to compare, so it is not ruled out");
    assert!(!long.contains(&other));
}

#[test]
fn a_pattern_with_a_variable_left_in_it_contains_nothing_else() {
    let open = ArnPattern::with_escapes("arn:aws:s3:::${aws:username}/*");
    assert!(!open.matches("arn:aws:s3:::ann/x"));
    assert!(!open.contains(&ArnPattern::new("arn:aws:s3:::ann/*")));
    assert!(open.overlaps(&ArnPattern::new("arn:aws:s3:::ann/*")), "it may come to that");
    assert!(Glob::with_escapes("a${*}*").matches("a*b"));
    assert!(!Glob::with_escapes("a${*}*").matches("ab"));
}

#[test]
fn many_open_braces_are_read_in_one_pass() {
    let text = "${".repeat(1_000_000);
    assert!(Glob::with_escapes(&text).matches(&text));
    let closed = format!("{text}}}");
    // The last one names nothing.
    assert!(Glob::with_escapes(&closed).matches(&closed));
}
