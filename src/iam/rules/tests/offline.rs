//! What is not known stays open, and only that.

use super::when;
use crate::iam::{Context, Facts, Known, NothingKnown, Truth};

/// A context in which every key is known alike.
struct Every(Known<'static>);

impl Context for Every {
    fn known(&self, _key: &str) -> Known<'_> {
        self.0.clone()
    }
}

fn offline(condition: &str) -> Truth {
    when(condition).conditions_hold(&NothingKnown)
}

fn present(condition: &str) -> Truth {
    when(condition).conditions_hold(&Every(Known::Present))
}

#[test]
fn an_unknown_key_leaves_open_what_can_go_both_ways() {
    for condition in [
        r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        r#"{"StringEquals":{"k":"a"}}"#,
        r#"{"StringNotEqualsIfExists":{"k":"a"}}"#,
        r#"{"Null":{"k":"true"}}"#,
        r#"{"StringLike":{"k":"*"}}"#,
        r#"{"ForAllValues:StringEquals":{"k":"a"}}"#,
        r#"{"ForAnyValue:StringEquals":{"k":"a"}}"#,
        r#"{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
    ] {
        assert_eq!(offline(condition), Truth::Depends, "{condition}");
    }
}

#[test]
fn what_can_only_go_one_way_is_decided() {
    for (condition, expected) in [
        (r#"{"Null":{"k":["true","false"]}}"#, Truth::Yes),
        (r#"{"StringLikeIfExists":{"k":"*"}}"#, Truth::Yes),
        (r#"{"BoolIfExists":{"k":["true","false"]}}"#, Truth::Yes),
        (r#"{"ForAllValues:StringLike":{"k":"*"}}"#, Truth::Yes),
        (r#"{"NumericLessThan":{"k":"many"}}"#, Truth::No),
        (r#"{"IpAddress":{"k":"x"}}"#, Truth::No),
        (r#"{"NotIpAddress":{"k":"x"}}"#, Truth::Yes),
        (r#"{"ArnLike":{"k":"*"}}"#, Truth::No),
        (r#"{"StringEquals":{"k":[]}}"#, Truth::No),
    ] {
        assert_eq!(offline(condition), expected, "{condition}");
    }
}

#[test]
fn a_key_that_is_there_decides_what_hangs_on_presence_alone() {
    assert_eq!(present(r#"{"StringLike":{"k":"*"}}"#), Truth::Yes);
    assert_eq!(present(r#"{"StringNotLike":{"k":"*"}}"#), Truth::No);
    assert_eq!(present(r#"{"Null":{"k":"true"}}"#), Truth::No);
    assert_eq!(present(r#"{"Null":{"k":"false"}}"#), Truth::Yes);
    assert_eq!(present(r#"{"IpAddress":{"k":["0.0.0.0/0","::/0"]}}"#), Truth::Yes);
    assert_eq!(present(r#"{"IpAddress":{"k":"0.0.0.0/0"}}"#), Truth::Depends);
    assert_eq!(present(r#"{"StringEquals":{"k":"a"}}"#), Truth::Depends);
}

#[test]
fn a_moment_is_compared_as_far_as_it_is_known() {
    // 2026-11-19 12:00 to 2026-11-21.
    let (from, until) = (1_795_089_600, 1_795_219_200);
    let token = |may_be_absent| Every(Known::Moment { from, until, may_be_absent });
    let asked = |condition: &str, absent| when(condition).conditions_hold(&token(absent));
    let before = r#"{"DateLessThan":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}}"#;
    let after = r#"{"DateGreaterThan":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}}"#;
    let within = r#"{"DateGreaterThan":{"aws:TokenIssueTime":"2026-11-20T00:00:00Z"}}"#;
    assert_eq!(asked(before, false), Truth::No);
    assert_eq!(asked(before, true), Truth::No);
    assert_eq!(asked(after, false), Truth::Yes);
    assert_eq!(asked(after, true), Truth::Depends);
    assert_eq!(asked(within, false), Truth::Depends);
    assert_eq!(asked(r#"{"DateLessThanIfExists":{"k":"2020-01-01"}}"#, true), Truth::Depends);
    assert_eq!(asked(r#"{"DateNotEquals":{"k":"2020-01-01"}}"#, true), Truth::Yes);
    assert_eq!(asked(r#"{"DateEquals":{"k":"2026-11-20"}}"#, false), Truth::Depends);
    assert_eq!(asked(r#"{"NumericLessThan":{"aws:EpochTime":"1577836800"}}"#, false), Truth::No);
    assert_eq!(asked(r#"{"Null":{"k":"true"}}"#, false), Truth::No);
    assert_eq!(asked(r#"{"Null":{"k":"true"}}"#, true), Truth::Depends);
}

#[test]
fn conditions_on_one_key_that_exclude_each_other_never_hold() {
    for condition in [
        r#"{"StringEquals":{"k":"a"},"StringLike":{"K":"b*"}}"#,
        r#"{"StringEquals":{"k":["a","b"]},"StringNotEquals":{"k":["a","b"]}}"#,
        r#"{"StringLike":{"k":"a*"},"StringLikeIfExists":{"k":"b*"}}"#,
        r#"{"StringEquals":{"k":"a"},"Null":{"k":"true"}}"#,
        r#"{"Bool":{"k":"true"},"BoolIfExists":{"k":"false"}}"#,
    ] {
        assert_eq!(offline(condition), Truth::No, "{condition}");
    }
    for condition in [
        r#"{"StringEquals":{"k":"a"},"StringLike":{"k":"a*"}}"#,
        r#"{"StringEqualsIfExists":{"k":"a"},"StringLikeIfExists":{"k":"b*"}}"#,
        r#"{"StringNotEquals":{"k":"a"},"StringNotLike":{"k":"b*"}}"#,
        r#"{"ForAnyValue:StringEquals":{"k":"a"},"ForAllValues:StringEquals":{"k":["a","b"]}}"#,
    ] {
        assert_eq!(offline(condition), Truth::Depends, "{condition}");
    }
}

#[test]
fn an_unknown_operator_is_never_decided() {
    assert_eq!(offline(r#"{"StringEquls":{"k":"a"}}"#), Truth::Depends);
    assert_eq!(offline(r#"{"StringEquls":{"k":"a"},"NumericEquals":{"k":"x"}}"#), Truth::No);
}

#[test]
fn open_conditions_are_told_in_words() {
    for (condition, words) in [
        (r#"{"Bool":{"aws:MultiFactorAuthPresent":true}}"#, "`aws:MultiFactorAuthPresent` is true"),
        (
            r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#,
            "`aws:SourceIp` is within 203.0.113.0/24",
        ),
        (r#"{"StringEquals":{"sts:ExternalId":"ext-1"}}"#, "`sts:ExternalId` is ext-1"),
        (
            r#"{"StringEquals":{"iam:PassedToService":["lambda.amazonaws.com","ec2.amazonaws.com"]}}"#,
            "`iam:PassedToService` is lambda.amazonaws.com or ec2.amazonaws.com",
        ),
        (r#"{"StringNotLike":{"k":["a*","b*"]}}"#, "`k` is not like a* nor b*"),
        (
            r#"{"NumericLessThanEqualsIfExists":{"aws:MultiFactorAuthAge":3600}}"#,
            "`aws:MultiFactorAuthAge` is at most 3600, or is absent",
        ),
        (r#"{"Null":{"k":"false"}}"#, "`k` is present"),
        (r#"{"ForAllValues:StringEquals":{"k":"a"}}"#, "every value of `k` is a"),
        (
            r#"{"Sounds":{"k":"a"}}"#,
            "`k` passes `Sounds` of a (an operator that AWS does not document)",
        ),
        (
            r#"{"StringEquals":{"k":["1","2","3","4","5","6","7","8"]}}"#,
            "`k` is 1, 2, 3, 4, 5 or 3 more",
        ),
    ] {
        assert_eq!(when(condition).open_conditions(&NothingKnown), [words], "{condition}");
    }
    let both = r#"{"Bool":{"k":"true"},"NumericLessThan":{"n":"x"}}"#;
    assert_eq!(when(both).open_conditions(&NothingKnown), ["`k` is true"], "decided ones are not");
}

#[test]
fn known_variables_are_filled_in_when_told() {
    let mut facts = Facts::new();
    facts.set("aws:PrincipalTag/team", "shop");
    let condition =
        r#"{"StringLike":{"aws:ResourceTag/team":["${aws:PrincipalTag/team}-*","${aws:userid}"]}}"#;
    assert_eq!(
        when(condition).open_conditions(&facts),
        ["`aws:ResourceTag/team` is like shop-* or ${aws:userid}"]
    );
}

#[test]
fn very_many_conditions_and_values_are_not_compared_with_each_other() {
    let values = |from: usize| {
        let all: Vec<_> = (from..from + 20_000).map(|n| format!("\"{n}\"")).collect();
        all.join(",")
    };
    let (some, others) = (values(0), values(50_000));
    let apart = format!(r#"{{"StringEquals":{{"k":[{some}]}},"StringLike":{{"k":[{others}]}}}}"#);
    assert_eq!(offline(&apart), Truth::Depends);
    let keys: Vec<_> = (0..20_000).map(|n| format!("\"k{n}\":\"a\"")).collect();
    assert_eq!(offline(&format!(r#"{{"StringEquals":{{{}}}}}"#, keys.join(","))), Truth::Depends);
}
