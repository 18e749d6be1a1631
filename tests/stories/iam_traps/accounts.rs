//! What is known of an account, what is not, and who climbs in it.

use super::builders::*;
use serde_json::{Value, json};

/// An administrator by one condition.
fn admin_when(operator: &str, key: &str, value: &str) -> [Says; 1] {
    [allow("*").when(operator, key, value)]
}

/// `IAM/reference_policies_condition-keys.html`: what only the caller's request says
#[test]
fn what_the_caller_brings_is_a_named_condition_and_no_yes_or_no() {
    let is = audit(
        &[
            user("mfa", admin_when("Bool", "aws:MultiFactorAuthPresent", "true")),
            user("office", admin_when("IpAddress", "aws:SourceIp", "203.0.113.0/24")),
            user("plain", [allow("*")]),
        ],
        &[],
    );
    assert_eq!(
        [is.admin("mfa"), is.admin("office"), is.admin("plain")],
        ["conditional", "conditional", "yes"]
    );
    assert!(is.told("mfa").contains("aws:MultiFactorAuthPresent"), "{}", is.told("mfa"));
    assert!(is.told("office").contains("aws:SourceIp"), "{}", is.told("office"));
}

/// `IAM/reference_policies_condition-keys.html`: what the account says of the caller is known
#[test]
fn what_the_account_says_of_the_caller_is_decided() {
    let is = audit(
        &[
            user("me", admin_when("StringEquals", "aws:username", "me")),
            user("you", admin_when("StringEquals", "aws:username", "me")),
            user("here", admin_when("StringEquals", "aws:PrincipalAccount", ACCOUNT)),
            user("there", admin_when("StringEquals", "aws:PrincipalAccount", OTHER)),
        ],
        &[],
    );
    assert_eq!(
        ["me", "you", "here", "there"].map(|name| is.admin(name)),
        ["yes", "no", "yes", "no"]
    );
}

/// `IAM/reference_policies_evaluation-logic.html`: allowed in one policy, denied in another
#[test]
fn an_allow_in_one_policy_and_a_deny_in_another_make_no_way() {
    let mut climber = user("climber", [allow("iam:AttachUserPolicy")]);
    climber["UserPolicyList"].as_array_mut().unwrap().push(json!({
        "PolicyName": "guard", "PolicyDocument": policy([deny("iam:AttachUserPolicy")]),
    }));
    let is = audit(&[climber, user("free", [allow("iam:AttachUserPolicy")])], &[]);
    assert_eq!([is.reaches("climber"), is.reaches("free")], ["no", "yes"]);
}

/// `IAM/reference_policies_elements_notaction.html`
#[test]
fn all_but_one_service_is_enough_to_climb() {
    let is = audit(
        &[
            user("all-but-s3", [allow("s3:*").but()]),
            user("all-but-iam", [allow(json!(["iam:*", "sts:*", "sso:*"])).but()]),
        ],
        &[],
    );
    assert_eq!([is.admin("all-but-s3"), is.admin("all-but-iam")], ["yes", "no"]);
}

fn bounded(arn: &str) -> Value {
    let mut user = user("bounded", [allow("*")]);
    user["PermissionsBoundary"] =
        json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn });
    user
}

/// `IAM/APIReference/API_GetAccountAuthorizationDetails.html`: a policy that is only a boundary may
/// be left out of what it returns
#[test]
fn a_boundary_missing_from_the_file_is_unknown_and_not_none() {
    let is = audit(&[bounded("arn:aws:iam::111122223333:policy/limits")], &[]);
    assert_eq!(is.admin("bounded"), "conditional");
    assert!(is.problems().contains("policy/limits"), "{}", is.problems());
}

/// `IAM/reference_policies_grammar.html`: nothing that is not understood is passed over, and the rest
/// of the account is analysed
#[test]
fn a_policy_that_cannot_be_read_is_unknown_and_not_empty() {
    let broken = |name: &str| {
        let mut user = user(name, []);
        user["UserPolicyList"][0]["PolicyDocument"] = json!({ "Statement": "everything" });
        user
    };
    let mut held = broken("held");
    held["UserPolicyList"].as_array_mut().unwrap().push(json!({
        "PolicyName": "guard", "PolicyDocument": policy([deny("*")]),
    }));
    let is = audit(&[broken("broken"), held, user("whole", [allow("s3:*")])], &[]);
    assert_eq!(["broken", "held", "whole"].map(|name| is.admin(name)), ["conditional", "no", "no"]);
    assert!(is.problems().contains("user/broken own"), "{}", is.problems());
}

/// `IAM/access_policies_boundaries.html`
#[test]
fn a_boundary_in_the_file_counts_for_users_and_roles() {
    let arn = "arn:aws:iam::111122223333:policy/limits";
    let mut bound_role = role("bound-role", allow("sts:AssumeRole").trusting(BOB), [allow("*")]);
    bound_role["PermissionsBoundary"] = bounded(arn)["PermissionsBoundary"].clone();
    let file = json!({
        "UserDetailList": [bounded(arn)], "GroupDetailList": [], "RoleDetailList": [bound_role],
        "Policies": [{
            "PolicyName": "limits", "PolicyId": "ANPALIMITS", "Arn": arn, "Path": "/",
            "DefaultVersionId": "v1", "IsAttachable": true, "PolicyVersionList": [
                { "VersionId": "v1", "IsDefaultVersion": true,
                  "Document": policy([allow(json!(["s3:*", "ec2:*"]))]) },
            ],
        }],
    });
    let is = Audit::of(&[file]);
    assert_eq!(
        [is.admin("bounded"), is.admin("bound-role"), is.reaches("bounded")],
        ["no", "no", "no"]
    );
}

/// `IAM/APIReference/API_GetAccountAuthorizationDetails.html`: documents are URL-encoded; the AWS
/// CLI decodes them
#[test]
fn documents_are_read_encoded_and_plain() {
    let plain = user("plain", [allow("*")]);
    let mut encoded = user("encoded", [allow("*")]);
    let text = encoded["UserPolicyList"][0]["PolicyDocument"].to_string();
    let escaped = text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02X}"));
    encoded["UserPolicyList"][0]["PolicyDocument"] = json!(escaped);
    let is = audit(&[plain, encoded], &[]);
    assert_eq!([is.admin("plain"), is.admin("encoded")], ["yes", "yes"]);
}

/// `IAM/APIReference/API_UserDetail.html`: `GroupList` holds names
#[test]
fn groups_are_found_by_name() {
    let mut member = user("member", []);
    member["GroupList"] = json!(["chiefs"]);
    let file = json!({
        "UserDetailList": [member], "RoleDetailList": [], "Policies": [],
        "GroupDetailList": [{
            "Path": "/teams/", "GroupName": "chiefs", "GroupId": "AGPACHIEFS",
            "Arn": "arn:aws:iam::111122223333:group/teams/chiefs", "AttachedManagedPolicies": [],
            "GroupPolicyList": [{ "PolicyName": "all", "PolicyDocument": policy([allow("*")]) }],
        }],
    });
    assert_eq!(Audit::of(&[file]).admin("member"), "yes");
}

/// `IAM/APIReference/API_AddUserToGroup.html`: a new user has no more than the group it is put into
#[test]
fn a_new_user_is_as_strong_as_its_group() {
    let with_group = |says: Says| {
        let creator = allow(json!(["iam:CreateUser", "iam:AddUserToGroup", "iam:CreateAccessKey"]));
        Audit::of(&[json!({
            "UserDetailList": [user("creator", [creator])], "RoleDetailList": [], "Policies": [],
            "GroupDetailList": [{
                "Path": "/", "GroupName": "team", "GroupId": "AGPATEAM",
                "Arn": "arn:aws:iam::111122223333:group/team", "AttachedManagedPolicies": [],
                "GroupPolicyList": [{ "PolicyName": "own", "PolicyDocument": policy([says]) }],
            }],
        })])
    };
    assert_eq!(with_group(allow("s3:*")).reaches("creator"), "no");
    assert_eq!(with_group(allow("*")).reaches("creator"), "yes");
}

/// `IAM/using-service-linked-roles.html`, and IAM Identity Center User Guide, `using-service-linked-roles.html`:
/// only AWS edits them
#[test]
fn roles_that_aws_keeps_cannot_be_edited() {
    let at = |name: &str, path: &str| {
        let mut role =
            role(name, allow("sts:AssumeRole").trusting(service("config")), [allow("*")]);
        role["Path"] = json!(path);
        role["Arn"] = json!(format!("arn:aws:iam::{ACCOUNT}:role{path}{name}"));
        role
    };
    let edit = [allow(json!(["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]))];
    let kept = [
        at("AWSServiceRoleForConfig", "/aws-service-role/config.amazonaws.com/"),
        at("AWSReservedSSO_Admin_0123456789abcdef", "/aws-reserved/sso.amazonaws.com/"),
    ];
    assert_eq!(audit(&[user("editor", edit.clone())], &kept).reaches("editor"), "no");
    let own = [at("Admin", "/")];
    assert_eq!(audit(&[user("editor", edit)], &own).reaches("editor"), "yes");
}

/// `IAM/id_roles_use_passrole.html`
#[test]
fn a_role_is_passed_only_to_a_service_it_trusts() {
    let passer = || {
        user(
            "passer",
            [allow(json!(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]))],
        )
    };
    let trusting =
        |name: &str| role("chief", allow("sts:AssumeRole").trusting(service(name)), [allow("*")]);
    assert_eq!(audit(&[passer()], &[trusting("lambda")]).reaches("passer"), "yes");
    assert_eq!(audit(&[passer()], &[trusting("ec2")]).reaches("passer"), "no");
}

/// `IAM/id_roles_use_passrole.html`, `iam:PassedToService`
#[test]
fn a_role_is_not_passed_to_a_service_the_policy_leaves_out() {
    let passer = |service: &str| {
        let pass = allow("iam:PassRole").when("StringEquals", "iam:PassedToService", service);
        user("passer", [pass, allow(json!(["lambda:CreateFunction", "lambda:InvokeFunction"]))])
    };
    assert_eq!(audit(&[passer("lambda.amazonaws.com")], &[chief()]).reaches("passer"), "yes");
    assert_eq!(audit(&[passer("ec2.amazonaws.com")], &[chief()]).reaches("passer"), "no");
}

/// A path over something that must be there already: Lambda Developer Guide,
/// `configuration-function-zip.html`
#[test]
fn what_must_exist_already_is_a_condition_and_no_way_without_a_role_for_it() {
    let coder =
        || user("coder", [allow(json!(["lambda:UpdateFunctionCode", "lambda:InvokeFunction"]))]);
    let is = audit(&[coder()], &[chief()]);
    assert_eq!(is.reaches("coder"), "conditional");
    assert!(is.told("coder").contains("Lambda function"), "{}", is.told("coder"));
    let trusting = role("chief", allow("sts:AssumeRole").trusting(service("ec2")), [allow("*")]);
    assert_eq!(audit(&[coder()], &[trusting]).reaches("coder"), "no");
}

/// `IAM/reference_policies_evaluation-logic-cross-account.html`: 5,000 users and 5,000 roles fill an
/// account, so paths have to lead through several
#[test]
fn paths_lead_from_one_account_into_another() {
    let mut far = role("far-chief", allow("sts:AssumeRole").trusting(BOB), [allow("*")]);
    far["Arn"] = json!(format!("arn:aws:iam::{OTHER}:role/far-chief"));
    let file = |users: Vec<Value>, roles: Vec<Value>| json!({ "UserDetailList": users, "GroupDetailList": [], "RoleDetailList": roles, "Policies": [] });
    let may = file(vec![user("bob", [allow("sts:AssumeRole")])], vec![]);
    let may_not = file(vec![user("bob", [allow("s3:*")])], vec![]);
    let there = file(vec![], vec![far]);
    assert_eq!(Audit::of(&[may, there.clone()]).reaches("bob"), "yes");
    assert_eq!(Audit::of(&[may_not, there]).reaches("bob"), "no");
}

/// Who has all of IAM hands itself the rest; who has it taken away by a deny or a boundary does not
/// (`IAM/reference_policies_evaluation-logic.html`)
#[test]
fn full_control_of_iam_makes_an_administrator_and_a_deny_of_it_unmakes_one() {
    let is = audit(
        &[
            user("iam-only", [allow("iam:*")]),
            user("by-arn", [allow("iam:*").on("arn:aws:iam::*:*")]),
            user(
                "own-user-only",
                [allow("iam:*").on("arn:aws:iam::111122223333:user/own-user-only")],
            ),
            user("no-iam", [allow("*"), deny("iam:*")]),
            user("no-iam-by-arn", [allow("*"), deny("iam:*").on("arn:aws:iam::*:*")]),
            user("guarded", [allow("*"), deny("iam:*").on("arn:aws:iam::*:role/breakglass")]),
            user(
                "no-new-users",
                [allow("*"), deny(json!(["iam:CreateUser", "iam:CreateAccessKey"]))],
            ),
        ],
        &[],
    );
    let admins = ["iam-only", "by-arn", "guarded", "no-new-users"];
    assert_eq!(admins.map(|name| is.admin(name)), ["yes"; 4]);
    let others = ["own-user-only", "no-iam", "no-iam-by-arn"];
    assert_eq!(others.map(|name| is.admin(name)), ["no"; 3]);
    // It can still give itself everything.
    assert_eq!(others.map(|name| is.reaches(name)), ["yes", "no", "no"]);
}
