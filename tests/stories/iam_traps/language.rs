//! Actions, resources, variables.

use super::builders::*;
use serde_json::json;

/// `IAM/reference_policies_elements_notaction.html`
#[test]
fn an_allow_of_all_but_some_grants_every_other_service() {
    let but_s3 = || [allow("s3:*").but()];
    decides([
        (ask("iam:PassRole").of(TARGET).identity(but_s3()), ALLOWED),
        (
            ask("sts:AssumeRole")
                .of(TARGET)
                .identity(but_s3())
                .resource([allow("sts:AssumeRole").trusting(ROOT)]),
            ALLOWED,
        ),
        (ask("s3:GetObject").identity(but_s3()), NOT_ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_notaction.html`
#[test]
fn a_deny_of_all_but_some_leaves_those_alone() {
    let guarded = |action| ask(action).identity([allow("*")]).identity([deny("s3:*").but()]);
    decides([
        (guarded("s3:GetObject"), ALLOWED),
        (guarded("iam:CreateUser").of(ANN), DENIED),
        (ask("s3:GetObject").identity([deny("iam:*").but()]), DENIED),
        (ask("iam:CreateUser").of(ANN).identity([deny("iam:*").but()]), NOT_ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_notresource.html`
#[test]
fn all_but_a_resource_is_every_other_one() {
    let but_payroll =
        |says: fn(&'static str) -> Says| says("s3:*").not_on("arn:aws:s3:::payroll/*");
    let payroll = "arn:aws:s3:::payroll/1";
    decides([
        (ask("s3:GetObject").identity([but_payroll(allow)]), ALLOWED),
        (ask("s3:GetObject").of(payroll).identity([but_payroll(allow)]), NOT_ALLOWED),
        (ask("s3:GetObject").of(payroll).identity([allow("*"), but_payroll(deny)]), ALLOWED),
        (ask("s3:GetObject").identity([allow("*"), but_payroll(deny)]), DENIED),
    ]);
}

/// `IAM/reference_policies_evaluation-logic.html`
#[test]
fn statements_are_told_apart_and_a_deny_of_any_policy_counts() {
    decides([
        // Half of it in one statement and half in another is not the whole.
        (
            ask("s3:GetObject")
                .identity([allow("s3:*").on("arn:aws:s3:::other/*"), allow("ec2:*")]),
            NOT_ALLOWED,
        ),
        (ask("s3:GetObject").identity([allow("*")]).identity([deny("s3:GetObject")]), DENIED),
    ]);
}

/// `IAM/reference_policies_elements_resource.html`
#[test]
fn a_star_crosses_slashes_and_stays_within_its_part_of_an_arn() {
    let queue = "arn:aws:sqs:us-east-1:111122223333:orders";
    let send =
        |pattern: &str| ask("sqs:SendMessage").of(queue).identity([allow("sqs:*").on(pattern)]);
    decides([
        (
            ask("s3:GetObject")
                .of("arn:aws:s3:::shop/a/b")
                .identity([allow("s3:*").on("arn:aws:s3:::shop/*")]),
            ALLOWED,
        ),
        (send("arn:aws:sqs:*:111122223333:orders"), ALLOWED),
        (send("arn:aws:sqs:*:*:ord?rs"), ALLOWED),
        (send("arn:aws:sqs:*:444455556666:*"), NOT_ALLOWED),
        (send("arn:aws:sqs:eu-*:111122223333:orders"), NOT_ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_action.html`, `IAM/reference_policies_elements_resource.html`
#[test]
fn actions_are_read_in_any_case_and_resources_are_not() {
    let of =
        |action: &str, pattern: &str| ask("s3:GetObject").identity([allow(action).on(pattern)]);
    decides([
        (of("S3:gEToBJECT", OBJECT), ALLOWED),
        (of("s3:GetObject", "arn:aws:s3:::shop/ORDERS/1"), NOT_ALLOWED),
    ]);
}

/// `IAM/reference_policies_variables.html`
#[test]
fn signs_that_mean_something_elsewhere_stand_for_themselves() {
    let of = |pattern: &str| ask("s3:GetObject").identity([allow("s3:*").on(pattern)]);
    let star = |resource: &str| of("arn:aws:s3:::shop/${*}").of(resource);
    decides([
        (of("arn:aws:s3:::shop/orders/[0-9]"), NOT_ALLOWED),
        (of("arn:aws:s3:::shop.orders/1"), NOT_ALLOWED),
        (of("arn:aws:s3:::shop/orders/1+"), NOT_ALLOWED),
        (of("arn:aws:s3:::shop/orders/(1)").of("arn:aws:s3:::shop/orders/(1)"), ALLOWED),
        (star(OBJECT), NOT_ALLOWED),
        (star("arn:aws:s3:::shop/*"), ALLOWED),
    ]);
}

fn home() -> [Says; 1] {
    [allow("s3:*").on("arn:aws:s3:::shop/${aws:username}/*")]
}

/// `IAM/reference_policies_elements_version.html`
#[test]
fn variables_are_filled_in_under_the_new_version_only() {
    let of = |version| {
        let own = json!([dated(version, home())]);
        ask("s3:GetObject")
            .of("arn:aws:s3:::shop/bob/1")
            .with("aws:username", "bob")
            .set("identity", own)
    };
    decides([
        (of("2012-10-17"), ALLOWED),
        (of("2008-10-17"), NOT_ALLOWED),
        (of("2008-10-17").of("arn:aws:s3:::shop/${aws:username}/1"), ALLOWED),
    ]);
}

/// `IAM/reference_policies_variables.html`
#[test]
fn a_statement_with_an_absent_variable_does_not_apply() {
    let session = || ask("s3:GetObject").by(SESSION);
    decides([
        (session().identity(home()), NOT_ALLOWED),
        (
            session().identity([allow("*"), deny("s3:*").on("arn:aws:s3:::${aws:username}/*")]),
            ALLOWED,
        ),
    ]);
}

/// `IAM/reference_policies_variables.html`, "Specifying default values"
#[test]
fn an_absent_variable_may_have_a_default_and_a_star_in_a_value_is_a_star() {
    let team = || {
        ask("s3:GetObject")
            .identity([allow("s3:*").on("arn:aws:s3:::shop/${aws:PrincipalTag/team, 'orders'}/*")])
    };
    decides([
        (team(), ALLOWED),
        (team().with("aws:PrincipalTag/team", "ops"), NOT_ALLOWED),
        (team().with("aws:PrincipalTag/team", "*"), NOT_ALLOWED),
    ]);
}
