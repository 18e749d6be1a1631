//! Condition operators where the key is absent, has several values, or has none.

use super::builders::*;
use serde_json::json;

fn given(operator: &str, key: &str, value: &str) -> Ask {
    ask("s3:GetObject").identity([allow("*").when(operator, key, value)])
}

fn but(operator: &str, key: &str, value: &str) -> Ask {
    ask("s3:GetObject").identity([allow("*"), deny("*").when(operator, key, value)])
}

/// `IAM/reference_policies_elements_condition_operators.html`
#[test]
fn a_negated_operator_holds_for_an_absent_key() {
    decides([
        (but("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), DENIED),
        (but("StringNotLike", "aws:PrincipalTag/team", "ops*"), DENIED),
        (but("StringNotEquals", "aws:PrincipalOrgID", "o-a"), DENIED),
        (but("ArnNotLike", "aws:SourceArn", "arn:aws:sns:*:*:t"), DENIED),
        (given("StringEquals", "aws:PrincipalTag/team", "ops"), NOT_ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_condition_operators.html`, `…IfExists`
#[test]
fn false_is_not_what_an_absent_key_says() {
    let key = "aws:MultiFactorAuthPresent";
    decides([
        (given("Bool", key, "false"), NOT_ALLOWED),
        (given("BoolIfExists", key, "false"), ALLOWED),
        (but("Bool", key, "false"), ALLOWED),
        (but("BoolIfExists", key, "false"), DENIED),
    ]);
}

/// `IAM/reference_policies_elements_condition_operators.html`, `…IfExists`
#[test]
fn if_exists_says_nothing_of_a_key_that_is_there() {
    decides([
        (given("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24"), ALLOWED),
        (
            given("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24")
                .with("aws:SourceIp", "198.51.100.1"),
            NOT_ALLOWED,
        ),
        (
            given("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24")
                .with("aws:SourceIp", "203.0.113.7"),
            ALLOWED,
        ),
        (given("NumericEqualsIfExists", "s3:max-keys", "10").with("s3:max-keys", "10"), ALLOWED),
    ]);
}

/// `IAM/reference_policies_condition-single-vs-multi-valued-context-keys.html`
#[test]
fn all_of_no_values_holds_and_any_of_none_does_not() {
    decides([
        (given("ForAllValues:StringEquals", "aws:TagKeys", "team"), ALLOWED),
        (given("ForAnyValue:StringEquals", "aws:TagKeys", "team"), NOT_ALLOWED),
        (
            given("ForAllValues:StringEquals", "aws:TagKeys", "team")
                .with("aws:TagKeys", json!(["team", "site"])),
            NOT_ALLOWED,
        ),
        (
            given("ForAnyValue:StringEquals", "aws:TagKeys", "team")
                .with("aws:TagKeys", json!(["team", "site"])),
            ALLOWED,
        ),
    ]);
}

/// `IAM/reference_policies_condition-single-vs-multi-valued-context-keys.html`
#[test]
fn several_values_need_a_set_operator() {
    let tags = |operator| {
        given(operator, "aws:TagKeys", "team").with("aws:TagKeys", json!(["team", "site"]))
    };
    decides([(tags("StringEquals"), NOT_ALLOWED), (tags("ForAnyValue:StringEquals"), ALLOWED)]);
}

/// `IAM/reference_policies_elements_condition_operators.html`, "Null"
#[test]
fn null_asks_whether_the_key_is_there() {
    let issued = |ask: Ask| ask.with("aws:TokenIssueTime", "2026-06-01T00:00:00Z");
    decides([
        (given("Null", "aws:TokenIssueTime", "true"), ALLOWED),
        (given("Null", "aws:TokenIssueTime", "false"), NOT_ALLOWED),
        (issued(given("Null", "aws:TokenIssueTime", "true")), NOT_ALLOWED),
        (issued(given("Null", "aws:TokenIssueTime", "false")), ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_condition_operators.html`, "ARN condition operators"
#[test]
fn arns_are_compared_alike_by_both_operators() {
    let topic = "arn:aws:sns:us-east-1:111122223333:orders";
    let of = |operator| {
        given(operator, "aws:SourceArn", "arn:aws:sns:*:*:orders").with("aws:SourceArn", topic)
    };
    decides([
        (of("ArnEquals"), ALLOWED),
        (of("ArnLike"), ALLOWED),
        (of("ArnNotEquals"), NOT_ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_condition_operators.html`, "String condition operators"
#[test]
fn string_equals_takes_a_star_for_a_star() {
    let of = |operator| {
        given(operator, "aws:PrincipalTag/team", "o*").with("aws:PrincipalTag/team", "ops")
    };
    decides([(of("StringEquals"), NOT_ALLOWED), (of("StringLike"), ALLOWED)]);
}

/// `IAM/reference_policies_grammar.html`
#[test]
fn an_operator_nobody_knows_is_an_error_and_no_answer() {
    decides([(given("StringResembles", "aws:username", "bob"), "error")]);
}
