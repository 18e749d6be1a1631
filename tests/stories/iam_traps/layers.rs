//! Boundaries, sessions, accounts, keys, organisations.

use super::builders::*;
use serde_json::json;

/// `IAM/access_policies_boundaries.html`, "Evaluating effective permissions with boundaries"
#[test]
fn a_boundary_caps_a_grant_to_the_role_but_none_to_the_session_or_user() {
    let bounded = |who: &str, named: &str| {
        ask("s3:GetObject").by(who).boundary([allow("ec2:*")]).resource([allow("s3:*").to(named)])
    };
    decides([
        (bounded(SESSION, ROLE), NOT_ALLOWED),
        (bounded(SESSION, SESSION), ALLOWED),
        (bounded(BOB, BOB), ALLOWED),
        (bounded(BOB, BOB).boundary([deny("s3:*")]), DENIED),
    ]);
}

/// `IAM/reference_policies_evaluation-logic-cross-account.html`
#[test]
fn a_boundary_always_caps_who_comes_from_another_account() {
    let abroad = |bound| {
        ask("s3:GetObject")
            .by(STRANGER)
            .identity([allow("*")])
            .boundary([allow(bound)])
            .resource([allow("s3:*").to(STRANGER)])
    };
    decides([(abroad("ec2:*"), NOT_ALLOWED), (abroad("s3:*"), ALLOWED)]);
}

/// `IAM/reference_policies_elements_notprincipal.html`
#[test]
fn an_exception_from_a_deny_is_void_for_who_has_a_boundary() {
    let excepted = || {
        ask("s3:GetObject")
            .identity([allow("*")])
            .resource([deny("s3:*").not_to(json!([BOB, ROOT]))])
    };
    decides([(excepted(), ALLOWED), (excepted().boundary([allow("*")]), DENIED)]);
}

/// `IAM/reference_policies_elements_notprincipal.html`: the account is listed for the sake of the
/// services that look at it first
#[test]
fn an_account_listed_beside_its_user_exempts_nobody_else_of_it() {
    let but = |list: &[&str]| {
        ask("s3:GetObject").identity([allow("*")]).resource([deny("s3:*").not_to(json!(list))])
    };
    decides([(but(&[ANN, ROOT]), DENIED), (but(&[BOB, ROOT]), ALLOWED), (but(&[ROOT]), ALLOWED)]);
}

/// `IAM/access_policies.html`, "Session policies"
#[test]
fn a_session_policy_caps_identity_and_role_grants_but_no_grant_to_the_session() {
    let session = || ask("s3:GetObject").by(SESSION).session([allow("ec2:*")]);
    decides([
        (session().identity([allow("*")]), NOT_ALLOWED),
        (session().resource([allow("s3:*").to(ROLE)]), NOT_ALLOWED),
        (session().resource([allow("s3:*").to(SESSION)]), ALLOWED),
    ]);
}

/// `IAM/reference_policies_evaluation-logic-cross-account.html`
#[test]
fn two_accounts_both_have_to_agree() {
    let abroad = || ask("s3:GetObject").by(STRANGER);
    decides([
        (abroad().identity([allow("*")]), NOT_ALLOWED),
        (abroad().resource([allow("s3:*").to(STRANGER)]), NOT_ALLOWED),
        (abroad().identity([allow("*")]).resource([allow("s3:*").to(STRANGER)]), ALLOWED),
        (abroad().resource([allow("s3:*").to("*")]), NOT_ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_principal.html`, "AWS account principals", "All principals"
#[test]
fn an_account_only_delegates_and_a_star_grants_at_home() {
    let named = |who: &str| ask("s3:GetObject").resource([allow("s3:*").to(who)]);
    decides([
        (named(ACCOUNT), NOT_ALLOWED),
        (named(ROOT), NOT_ALLOWED),
        (named(ROOT).identity([allow("s3:*")]), ALLOWED),
        (named("*"), ALLOWED),
        (named("*").by(json!({ "type": "Anonymous" })), ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_principal.html`
#[test]
fn the_id_of_somebody_deleted_names_nobody() {
    let named = |id: &str, who: &str| ask("s3:GetObject").by(who).resource([allow("s3:*").to(id)]);
    decides([
        (named("AIDAQXZEAEXAMPLEUSER1", BOB), NOT_ALLOWED),
        (named("AROAQXZEAEXAMPLEROLE1", SESSION), NOT_ALLOWED),
    ]);
}

/// `KMS/key-policy-default.html`
#[test]
fn a_key_delegates_to_the_account_or_the_identity_counts_for_nothing() {
    let key = |named: &str| ask("kms:Decrypt").of(KEY).resource([allow("kms:*").to(named)]);
    decides([
        (key(ROOT).identity([allow("*")]), ALLOWED),
        (key(ROOT), NOT_ALLOWED),
        (key(ANN).identity([allow("*")]), NOT_ALLOWED),
        (key(BOB), ALLOWED),
    ]);
}

/// `Organizations/orgs_manage_policies_scps_evaluation.html`
#[test]
fn every_level_has_to_allow() {
    let under = |levels: [&str; 3]| {
        ask("s3:GetObject").identity([allow("*")]).scps(levels.map(|actions| vec![allow(actions)]))
    };
    decides([
        (under(["*", "*", "s3:*"]), ALLOWED),
        (under(["*", "ec2:*", "*"]), NOT_ALLOWED),
        (under(["s3:Put*", "s3:*", "*"]), NOT_ALLOWED),
    ]);
}

/// `Organizations/orgs_manage_policies_scps.html`, "Tasks and entities not restricted by SCPs"
#[test]
fn scps_bind_root_of_a_member_but_neither_the_management_account_nor_linked_roles() {
    let guarded = |who: &str| {
        ask("s3:GetObject").by(who).identity([allow("*")]).scps([vec![allow("*"), deny("s3:*")]])
    };
    let linked = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/run";
    decides([
        (guarded(BOB), DENIED),
        (guarded(ROOT), DENIED),
        (guarded(linked), ALLOWED),
        (guarded(BOB).set("managementAccount", ACCOUNT), ALLOWED),
        (guarded(BOB).set("managementAccount", OTHER), DENIED),
    ]);
}

/// `Organizations/orgs_manage_policies_rcps.html`
#[test]
fn rcps_bind_some_services_and_everybody_but_linked_roles() {
    let guarded = |ask: Ask| ask.identity([allow("*")]).rcp([deny("*").to("*")]);
    let get = || guarded(ask("s3:GetObject"));
    let terminate =
        ask("ec2:TerminateInstances").of("arn:aws:ec2:us-east-1:111122223333:instance/i-1");
    decides([
        (get(), DENIED),
        (get().by(json!({ "type": "Anonymous" })).resource([allow("s3:*").to("*")]), DENIED),
        (get().set("managementAccount", ACCOUNT), ALLOWED),
        (get().by("arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/run"), ALLOWED),
        (guarded(terminate), ALLOWED),
    ]);
}

/// `STS/latest/APIReference/API_GetCallerIdentity.html`
#[test]
fn everybody_may_ask_who_they_are() {
    let who = || ask("sts:GetCallerIdentity").of("*");
    decides([(who(), ALLOWED), (who().identity([deny("*")]), ALLOWED)]);
}

/// Service Authorization Reference, "Actions table": actions without a resource type
#[test]
fn an_action_without_resources_is_granted_on_the_star_alone() {
    let list =
        |pattern: &str| ask("s3:ListAllMyBuckets").of("*").identity([allow("s3:*").on(pattern)]);
    decides([
        (list("*"), ALLOWED),
        (list("arn:aws:s3:::*"), NOT_ALLOWED),
        (list("*").identity([deny("s3:*").on("arn:aws:s3:::shop")]), ALLOWED),
    ]);
}
