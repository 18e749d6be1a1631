//! What holds a principal back, and what lifts that.

use super::{answer, path, reaches, start, with_admin};
use crate::iam::{
    Document, Truth,
    world::{
        Sides,
        builder::{ACCOUNT, AccountBuilder, Says, allow, allow_all_but, deny},
    },
};

#[test]
fn a_boundary_caps_what_is_granted_to_oneself() {
    let account = AccountBuilder::new().policy("cap", allow("s3:* iam:PutUserPolicy", "*"));
    let account = start(account, "iam:PutUserPolicy").bounded_by("cap");
    assert_eq!(reaches(&account), Truth::No);
}

#[test]
fn a_boundary_that_can_be_taken_away_holds_nobody() {
    let both = "iam:PutUserPolicy iam:DeleteUserPermissionsBoundary";
    let account = AccountBuilder::new().policy("cap", allow(both, "*"));
    let account = start(account, both).bounded_by("cap");
    assert_eq!(reaches(&account), Truth::Yes);
    assert_eq!(path(&account), ["put-user-policy + delete-user-boundary>administrator"]);
}

#[test]
fn an_administrator_within_a_boundary_is_none() {
    let account = AccountBuilder::new().policy("cap", allow("s3:*", "*"));
    let world = account.user("start").admin().bounded_by("cap").world();
    let told = answer(&world, "start");
    assert_eq!((told.admin, told.reaches_admin), (Truth::No, Truth::No));
}

#[test]
fn a_boundary_that_the_file_leaves_out_is_unknown() {
    let missing = "arn:aws:iam::111122223333:policy/missing";
    let world = AccountBuilder::new().user("start").admin().bounded_by(missing).world();
    assert_eq!(answer(&world, "start").admin, Truth::Depends);
}

/// Whether `start`, who may grant itself anything, does so under these SCPs, a level each.
fn under(levels: &[Says], management: bool) -> Truth {
    let level =
        |says: &Says| vec![(Box::from("scp"), Document::from_text(&says.document().to_string()))];
    let scps = levels.iter().map(level).collect();
    let sides = Sides {
        scps: Some([(Box::from(ACCOUNT), scps)].into()),
        management_account: management.then(|| ACCOUNT.into()),
        ..Sides::default()
    };
    let account = start(AccountBuilder::new(), "iam:PutUserPolicy iam:CreateUser");
    answer(&account.world_with(sides), "start").reaches_admin
}

#[test]
fn every_level_of_scps_has_to_allow() {
    let all = allow("*", "*");
    assert_eq!(under(&[all.clone(), all.clone()], false), Truth::Yes);
    assert_eq!(under(&[all.clone(), allow("s3:*", "*")], false), Truth::No);
    assert_eq!(under(&[all.clone().and(deny("iam:*", "*")), all.clone()], false), Truth::No);
    assert_eq!(under(&[all.and(deny("iam:*", "*"))], true), Truth::Yes, "not bound by them");
}

#[test]
fn a_guard_rail_does_not_make_an_administrator_harmless() {
    let rail = allow("*", "*").and(deny("iam:CreateUser cloudtrail:StopLogging", "*"));
    assert_eq!(under(&[rail], false), Truth::Yes);
}

#[test]
fn what_an_administrator_depends_on_is_told() {
    let own = allow("*", "*").when("Bool", "aws:MultiFactorAuthPresent", "true");
    let told = answer(&AccountBuilder::new().user("start").inline(own).world(), "start");
    assert_eq!((told.admin, told.reaches_admin), (Truth::Depends, Truth::Depends));
    let said = told.path.iter().flat_map(|step| &step.conditions).cloned().collect::<String>();
    assert!(said.contains("aws:MultiFactorAuthPresent"), "{:?}", told.path);
}

#[test]
fn a_service_linked_role_climbs_nowhere() {
    let account = with_admin().trusted_by_account();
    let account = account.role_at("/aws-service-role/ssm.amazonaws.com/", "start");
    assert_eq!(reaches(&account.inline(allow("sts:AssumeRole", "*"))), Truth::No);
}

#[test]
fn a_boundary_caps_a_role_that_is_named_but_not_a_user() {
    let arn = "arn:aws:iam::111122223333:";
    let trusting = |who: &str| {
        with_admin().trusted_by(&format!("{arn}{who}/start")).policy("cap", allow("s3:*", "*"))
    };
    assert_eq!(reaches(&trusting("user").user("start").bounded_by("cap")), Truth::Yes);
    assert_eq!(reaches(&trusting("role").role("start").bounded_by("cap")), Truth::No);
}

#[test]
fn a_target_within_a_boundary_gives_only_what_is_left() {
    let account = AccountBuilder::new()
        .policy("cap", allow("s3:*", "*"))
        .user("boss")
        .admin()
        .bounded_by("cap");
    assert_eq!(reaches(&start(account, "iam:CreateAccessKey")), Truth::No);
}

#[test]
fn a_deny_in_another_policy_stops_a_step() {
    let account = start(AccountBuilder::new(), "iam:*").inline(deny("iam:*", "*"));
    assert_eq!(reaches(&account), Truth::No);
    let all = start(AccountBuilder::new(), "*").inline(deny("*", "*"));
    assert_eq!(reaches(&all), Truth::No);
}

#[test]
fn a_deny_of_one_target_leaves_the_others() {
    let account = with_admin().trusted_by_account().role("other").admin().trusted_by_account();
    let account = start(account, "sts:AssumeRole")
        .inline(deny("sts:AssumeRole", "arn:aws:iam::111122223333:role/boss"));
    assert_eq!(path(&account), ["assume-role>other"]);
}

#[test]
fn what_an_allow_leaves_out_is_not_allowed() {
    let power = AccountBuilder::new().user("start").inline(allow_all_but("iam:*", "*"));
    assert_eq!(reaches(&power), Truth::No);
    let creating = AccountBuilder::new()
        .user("start")
        .inline(allow_all_but("iam:Update* iam:Create* iam:Attach*", "*"));
    assert_eq!(reaches(&creating), Truth::Yes, "`iam:PutUserPolicy` is still there");
}

#[test]
fn roles_that_only_aws_edits_are_no_targets() {
    for path in ["/aws-service-role/config.amazonaws.com/", "/aws-reserved/sso.amazonaws.com/"] {
        let account = AccountBuilder::new().role_at(path, "boss").admin();
        assert_eq!(reaches(&start(account, "iam:UpdateAssumeRolePolicy")), Truth::No, "{path}");
    }
}
