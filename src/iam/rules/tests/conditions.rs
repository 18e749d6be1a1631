//! Concrete requests: every operator, absent keys, sets, variables.

use super::{holds, in_version, request, request_many, rule, when};
use crate::iam::Truth;

// Page of all operators: reference_policies_elements_condition_operators.html

#[test]
fn strings_are_compared_with_case_and_without_wildcards() {
    let equals = r#"{"StringEquals":{"aws:username":["ann","b*"]}}"#;
    assert!(holds(equals, &[("aws:username", "ann")]));
    assert!(holds(equals, &[("aws:username", "b*")]));
    assert!(!holds(equals, &[("aws:username", "Ann")]));
    assert!(!holds(equals, &[("aws:username", "bob")]));
    let ignoring = r#"{"StringEqualsIgnoreCase":{"aws:username":"ÄNN"}}"#;
    assert!(holds(ignoring, &[("aws:username", "änn")]));
    assert!(!holds(ignoring, &[("aws:username", "än")]));
}

#[test]
fn string_like_takes_wildcards_and_nothing_else() {
    let like = r#"{"StringLike":{"k":["a*c?","(x|y)+.[z]"]}}"#;
    for (value, expected) in [
        ("abcd", true),
        ("acd", true),
        ("ac", false),
        ("a/b:c.", true),
        ("(x|y)+.[z]", true),
        ("x.z", false),
        ("a\nc\n", true),
        ("acé", true),
    ] {
        assert_eq!(holds(like, &[("k", value)]), expected, "{value:?}");
    }
}

#[test]
fn several_values_are_any_of_them_and_with_a_negated_operator_none_of_them() {
    let not = r#"{"StringNotEquals":{"k":["a","b"]}}"#;
    assert!(holds(not, &[("k", "c")]));
    assert!(!holds(not, &[("k", "a")]));
    assert!(!holds(not, &[("k", "b")]));
}

#[test]
fn several_keys_and_operators_must_all_hold() {
    let all = r#"{"StringEquals":{"a":"1","b":"2"},"Bool":{"c":"true"}}"#;
    assert!(holds(all, &[("a", "1"), ("b", "2"), ("c", "true")]));
    assert!(!holds(all, &[("a", "1"), ("b", "x"), ("c", "true")]));
    assert!(!holds(all, &[("a", "1"), ("b", "2"), ("c", "false")]));
}

#[test]
fn names_of_keys_and_operators_know_no_case() {
    // reference_policies_elements_condition.html
    assert!(holds(r#"{"stringEQUALS":{"AWS:UserName":"ann"}}"#, &[("aws:username", "ann")]));
    assert!(holds(r#"{"boolIFEXISTS":{"AWS:secureTransport":"TRUE"}}"#, &[]));
}

#[test]
fn an_absent_key_fails_what_asks_for_a_match_and_passes_what_asks_for_none() {
    for (operator, value, expected) in [
        ("StringEquals", "x", false),
        ("StringLike", "*", false),
        ("StringNotEquals", "x", true),
        ("StringNotEqualsIgnoreCase", "x", true),
        ("StringNotLike", "*", true),
        ("NumericLessThan", "3", false),
        ("NumericNotEquals", "3", true),
        ("DateGreaterThan", "2020-01-01", false),
        ("DateNotEquals", "2020-01-01", true),
        ("Bool", "true", false),
        ("Bool", "false", false),
        ("BinaryEquals", "QQ==", false),
        ("IpAddress", "0.0.0.0/0", false),
        ("NotIpAddress", "10.0.0.0/8", true),
        ("ArnLike", "arn:aws:iam::*:role/*", false),
        ("ArnNotLike", "arn:aws:iam::*:role/*", true),
        ("ArnNotEquals", "arn:aws:iam::*:role/*", true),
    ] {
        let condition = format!(r#"{{"{operator}":{{"k":"{value}"}}}}"#);
        assert_eq!(holds(&condition, &[]), expected, "{operator}");
        let if_exists = format!(r#"{{"{operator}IfExists":{{"k":"{value}"}}}}"#);
        assert!(holds(&if_exists, &[]), "{operator}IfExists");
    }
}

#[test]
fn if_exists_still_compares_a_key_that_is_there() {
    let condition = r#"{"StringEqualsIfExists":{"k":"a"}}"#;
    assert!(holds(condition, &[("k", "a")]));
    assert!(!holds(condition, &[("k", "b")]));
    let address = r#"{"IpAddressIfExists":{"aws:SourceIp":"10.0.0.0/8"}}"#;
    assert!(holds(address, &[("aws:SourceIp", "10.1.2.3")]));
    assert!(!holds(address, &[("aws:SourceIp", "11.1.2.3")]));
}

#[test]
fn null_asks_whether_the_key_is_there() {
    let absent = r#"{"Null":{"aws:TokenIssueTime":"true"}}"#;
    let present = r#"{"Null":{"aws:TokenIssueTime":false}}"#;
    assert!(holds(absent, &[]) && !holds(present, &[]));
    let key = [("aws:TokenIssueTime", "2026-01-01T00:00:00Z")];
    assert!(!holds(absent, &key) && holds(present, &key));
    // No values at all are as good as no key.
    assert_eq!(when(absent).conditions_hold(&request_many("aws:TokenIssueTime", &[])), Truth::Yes);
}

#[test]
fn null_has_no_if_exists_and_no_set_form() {
    for operator in ["NullIfExists", "ForAnyValue:Null", "StringEquls", "BoolNot", ""] {
        let rule = when(&format!(r#"{{"{operator}":{{"k":"true"}}}}"#));
        assert_eq!(rule.conditions_hold(&request(&[])), Truth::Depends, "{operator}");
    }
}

#[test]
fn numbers_compare_as_numbers() {
    for (operator, policy, own, expected) in [
        ("NumericEquals", "10", "10.0", true),
        ("NumericEquals", "0.1", "0.10", true),
        ("NumericLessThan", "10", "9", true),
        ("NumericLessThan", "10", "10", false),
        ("NumericLessThanEquals", "10", "10", true),
        ("NumericGreaterThan", "-2", "-1.5", true),
        ("NumericGreaterThanEquals", "3600", "3600", true),
        ("NumericNotEquals", "1", "2", true),
        ("NumericLessThan", "a", "9", false),
        ("NumericLessThan", "10", "a", false),
        ("NumericLessThan", "10", "", false),
        ("NumericLessThan", "99999999999999999999999999999999999999999", "1", false),
    ] {
        let condition = format!(r#"{{"{operator}":{{"k":"{policy}"}}}}"#);
        assert_eq!(holds(&condition, &[("k", own)]), expected, "{own} {operator} {policy}");
    }
    assert!(holds(r#"{"NumericLessThanEquals":{"k":[1,100.5]}}"#, &[("k", "100")]));
}

#[test]
fn dates_take_the_forms_of_w3c_and_seconds() {
    for (operator, policy, own, expected) in [
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", true),
        ("DateEquals", "2026-01-01", "2026-01-01T00:00:00Z", true),
        ("DateEquals", "2026", "2026-01-01T00:00Z", true),
        ("DateEquals", "2026-03", "2026-03-01T00:00:00+00:00", true),
        ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", true),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "1767225601", true),
        ("DateGreaterThanEquals", "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z", true),
        ("DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", false),
        ("DateNotEquals", "2026-01-01", "2026-01-02", true),
        ("DateLessThan", "soon", "2026-01-02", false),
        ("DateLessThan", "2026-01-02", "soon", false),
    ] {
        let condition = format!(r#"{{"{operator}":{{"k":"{policy}"}}}}"#);
        assert_eq!(holds(&condition, &[("k", own)]), expected, "{own} {operator} {policy}");
    }
}

#[test]
fn addresses_lie_in_ranges_of_their_own_family() {
    for (range, own, expected) in [
        ("203.0.113.0/24", "203.0.113.255", true),
        ("203.0.113.77/24", "203.0.113.1", true),
        ("203.0.113.0/24", "203.0.114.0", false),
        ("203.0.113.7", "203.0.113.7", true),
        ("0.0.0.0/0", "198.51.100.1", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8::/32", "2001:DB8:1::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("::/0", "2001:db9::1", true),
        ("203.0.113.0/33", "203.0.113.0", false),
        ("x", "203.0.113.0", false),
        ("203.0.113.0/24", "x", false),
    ] {
        let condition = format!(r#"{{"IpAddress":{{"aws:SourceIp":"{range}"}}}}"#);
        let not = format!(r#"{{"NotIpAddress":{{"aws:SourceIp":"{range}"}}}}"#);
        assert_eq!(holds(&condition, &[("aws:SourceIp", own)]), expected, "{own} in {range}");
        assert_eq!(holds(&not, &[("aws:SourceIp", own)]), !expected, "{own} not in {range}");
    }
}

#[test]
fn arns_are_compared_by_segment_and_equals_is_like() {
    for operator in ["ArnEquals", "ArnLike"] {
        for (pattern, own, expected) in [
            ("arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:role/a/b", true),
            ("arn:aws:iam::*:role/a", "arn:aws:iam::111122223333:role/a", true),
            ("arn:*:iam::1111222233??:role/a", "arn:aws:iam::111122223333:role/a", true),
            ("arn:aws:sns:*:topic", "arn:aws:sns:eu-west-1:111122223333:topic", false),
            ("arn:aws:sns:*", "arn:aws:sns:eu-west-1:111122223333:topic", false),
            ("arn:aws:logs:*:*:*", "arn:aws:logs:eu-west-1:1:log-group:a:b", true),
            ("arn:aws:iam::*:role/a", "arn:aws:iam::111122223333:role/A", false),
            ("arn:aws:iam::*:role/a", "role/a", false),
        ] {
            let condition = format!(r#"{{"{operator}":{{"aws:PrincipalArn":"{pattern}"}}}}"#);
            let actual = holds(&condition, &[("aws:PrincipalArn", own)]);
            assert_eq!(actual, expected, "{operator} {pattern} {own}");
        }
    }
}

#[test]
fn a_star_of_an_arn_operator_takes_one_segment_where_string_like_takes_several() {
    let pattern = "arn:aws:someservice:*:111122223333:finance/*";
    let own =
        "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
    let asked = |operator: &str| {
        holds(
            &format!(r#"{{"{operator}":{{"aws:SourceArn":"{pattern}"}}}}"#),
            &[("aws:SourceArn", own)],
        )
    };
    assert!(asked("StringLike"));
    assert!(!asked("ArnLike"));
}

#[test]
fn booleans_and_numbers_may_be_written_as_such() {
    assert!(holds(r#"{"Bool":{"aws:SecureTransport":true}}"#, &[("aws:SecureTransport", "true")]));
    assert!(!holds(r#"{"Bool":{"k":"yes"}}"#, &[("k", "yes")]), "not a boolean");
}

// reference_policies_condition-single-vs-multi-valued-context-keys.html

#[test]
fn all_values_must_match_and_none_do_so_too() {
    let condition = r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#;
    let asked = |all: &[&str]| when(condition).conditions_hold(&request_many("aws:TagKeys", all));
    assert_eq!(asked(&["a"]), Truth::Yes);
    assert_eq!(asked(&["a", "b"]), Truth::Yes);
    assert_eq!(asked(&["a", "c"]), Truth::No);
    assert_eq!(asked(&[]), Truth::Yes);
    assert_eq!(asked(&[""]), Truth::Yes);
    assert!(holds(condition, &[]), "an absent key");
}

#[test]
fn any_value_must_match_and_of_none_none_does() {
    let condition = r#"{"ForAnyValue:StringLike":{"aws:TagKeys":["a*","b"]}}"#;
    let asked = |all: &[&str]| when(condition).conditions_hold(&request_many("aws:TagKeys", all));
    assert_eq!(asked(&["x", "ab"]), Truth::Yes);
    assert_eq!(asked(&["x", "y"]), Truth::No);
    assert_eq!(asked(&[]), Truth::No);
    assert!(!holds(condition, &[]), "an absent key");
    let if_exists = r#"{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":"a*"}}"#;
    assert!(!holds(if_exists, &[]), "the set operator sees no value to match");
}

#[test]
fn negated_set_operators_negate_for_each_value() {
    let all = r#"{"ForAllValues:StringNotEquals":{"k":["a","b"]}}"#;
    let any = r#"{"ForAnyValue:StringNotEquals":{"k":["a","b"]}}"#;
    for (values, for_all, for_any) in [
        (&["a", "b"][..], false, false),
        (&["a", "c"], false, true),
        (&["c", "d"], true, true),
        (&[], true, false),
    ] {
        let request = request_many("k", values);
        assert_eq!(when(all).conditions_hold(&request), for_all.into(), "all {values:?}");
        assert_eq!(when(any).conditions_hold(&request), for_any.into(), "any {values:?}");
    }
}

#[test]
fn several_values_without_a_set_operator_match_nothing() {
    for operator in ["StringEquals", "StringLike", "StringNotEquals", "StringEqualsIfExists"] {
        let rule = when(&format!(r#"{{"{operator}":{{"aws:TagKeys":"a"}}}}"#));
        let asked = rule.conditions_hold(&request_many("aws:TagKeys", &["a", "b"]));
        assert_eq!(asked, Truth::No, "{operator}");
    }
}

#[test]
fn set_operators_take_a_single_value_as_a_set_of_one() {
    assert!(holds(r#"{"ForAnyValue:StringEquals":{"k":"a"}}"#, &[("k", "a")]));
    assert!(!holds(r#"{"ForAllValues:StringEquals":{"k":"a"}}"#, &[("k", "b")]));
}

// reference_policies_variables.html

#[test]
fn variables_stand_in_condition_values() {
    let condition = r#"{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}"#;
    let same = [("aws:ResourceTag/team", "a*"), ("aws:PrincipalTag/team", "a*")];
    assert!(holds(condition, &same));
    assert!(!holds(condition, &[("aws:ResourceTag/team", "b"), ("aws:PrincipalTag/team", "a")]));
    let like = r#"{"StringLike":{"s3:prefix":"home/${aws:username}/*"}}"#;
    assert!(holds(like, &[("s3:prefix", "home/ann/x"), ("aws:username", "ann")]));
    assert!(!holds(like, &[("s3:prefix", "home/bob/x"), ("aws:username", "*")]), "literal");
    assert!(holds(like, &[("s3:prefix", "home/*/x"), ("aws:username", "*")]));
}

#[test]
fn a_variable_without_value_equals_nothing() {
    let own = [("aws:ResourceTag/team", "")];
    assert!(!holds(
        r#"{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}"#,
        &own
    ));
    assert!(holds(
        r#"{"StringNotEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}"#,
        &own
    ));
    assert!(holds(
        r#"{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team, 'none'}"}}"#,
        &[("aws:ResourceTag/team", "none")]
    ));
}

#[test]
fn without_version_2012_a_variable_is_plain_text() {
    let elements =
        r#""Action":"*","Resource":"*","Condition":{"StringEquals":{"k":"${aws:username}"}}"#;
    let literal = request(&[("k", "${aws:username}"), ("aws:username", "ann")]);
    let filled = request(&[("k", "ann"), ("aws:username", "ann")]);
    assert_eq!(in_version("2008-10-17", elements).conditions_hold(&literal), Truth::Yes);
    assert_eq!(in_version("2008-10-17", elements).conditions_hold(&filled), Truth::No);
    assert_eq!(rule(elements).conditions_hold(&literal), Truth::No);
    assert_eq!(rule(elements).conditions_hold(&filled), Truth::Yes);
}

#[test]
fn escapes_are_plain_characters() {
    let like = r#"{"StringLike":{"k":"a${*}b${?}c${$}{d}*"}}"#;
    assert!(holds(like, &[("k", "a*b?c${d}z")]));
    assert!(!holds(like, &[("k", "aXb?c${d}")]));
    assert!(!holds(like, &[("k", "a*bXc${d}")]));
}

#[test]
fn of_the_other_operators_only_bool_takes_variables() {
    let same = [("k", "true"), ("aws:SecureTransport", "true"), ("n", "1")];
    assert!(holds(r#"{"Bool":{"k":"${aws:SecureTransport}"}}"#, &same));
    assert!(!holds(r#"{"Bool":{"k":"${aws:ViaAWSService}"}}"#, &same));
    assert!(!holds(r#"{"NumericEquals":{"n":"${n}"}}"#, &same));
}
