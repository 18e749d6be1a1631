//! What was not read, or is too much to be looked at, is no "no".

use super::{NOW, answer, options, path, reaches, start, with_admin};
use crate::iam::{
    Document, Truth,
    permissions::Weigher,
    reach::{audit, can, who_can},
    world::{
        PrincipalId, Sides, World,
        builder::{ACCOUNT, AccountBuilder, allow},
        testing::worlds,
    },
};

const ARN: &str = "arn:aws:iam::111122223333:";
const MISSING: &str = "arn:aws:iam::111122223333:policy/missing";

fn conditions(world: &World, name: &str) -> String {
    let steps = answer(world, name).path;
    steps.iter().flat_map(|step| step.conditions.clone()).collect::<Vec<_>>().join("; ")
}

fn of(world: &World, name: &str) -> PrincipalId {
    let at = world.principals.iter().position(|principal| &*principal.name == name).unwrap();
    PrincipalId(u32::try_from(at).unwrap())
}

#[test]
fn nobody_of_a_half_read_account_is_out_of_reach() {
    let mut world = with_admin().user("start").world();
    world.accounts[0].is_complete = false;
    let told = answer(&world, "start");
    assert_eq!(told.reaches_admin, Truth::Depends);
    assert_eq!(told.path[0].technique, "not-known");
    assert!(conditions(&world, "start").contains(ACCOUNT), "{:?}", told.path);
    assert_eq!(reaches(&with_admin().user("start")), Truth::No, "all of it was read");
}

#[test]
fn a_half_read_account_matters_to_whoever_may_assume_its_roles() {
    let half = AccountBuilder::of("222233334444").role("other");
    let reach = |here: AccountBuilder| {
        let mut world = worlds(&[here, half.clone()]);
        world.accounts[1].is_complete = false;
        answer(&world, "start").reaches_admin
    };
    assert_eq!(reach(start(AccountBuilder::new(), "sts:AssumeRole")), Truth::Depends);
    assert_eq!(reach(AccountBuilder::new().user("start")), Truth::No);
    let elsewhere = allow("sts:AssumeRole", "arn:aws:iam::333344445555:role/*");
    assert_eq!(reach(AccountBuilder::new().user("start").inline(elsewhere)), Truth::No);
    // Through another, too.
    let through = AccountBuilder::new()
        .role("hop")
        .inline(allow("sts:AssumeRole", "*"))
        .trusted_by(&format!("{ARN}user/start"));
    assert_eq!(reach(through.user("start")), Truth::Depends);
}

#[test]
fn a_policy_nobody_can_read_may_allow_and_deny_anything() {
    let unread = || AccountBuilder::new().user("start").attach(MISSING);
    let world = unread().world();
    let told = answer(&world, "start");
    assert_eq!((told.admin, told.reaches_admin), (Truth::Depends, Truth::Depends));
    assert!(!conditions(&world, "start").is_empty(), "{:?}", told.path);
    let id = of(&world, "start");
    assert_eq!(Weigher::at(&world, NOW).weigh(id).admin(), Truth::Depends);
    let ruling = can(&world, id, "s3:GetObject", "arn:aws:s3:::a/b", &options());
    assert_eq!(ruling.allowed, Truth::Depends);
    assert!(ruling.conditions.join(" ").contains("missing"), "{:?}", ruling.conditions);
    assert_eq!(who_can(&world, "s3:GetObject", "arn:aws:s3:::a/b", &options()).len(), 1);
    // It may deny what another policy allows.
    let world = unread().inline(allow("iam:PutUserPolicy", "*")).world();
    assert_eq!(answer(&world, "start").reaches_admin, Truth::Depends);
    // A boundary holds all the same.
    let bound = AccountBuilder::new().policy("cap", allow("s3:*", "*"));
    let bound = bound.user("start").attach(MISSING).bounded_by("cap");
    assert_eq!(reaches(&bound), Truth::No);
}

#[test]
fn a_target_nobody_can_read_may_be_an_administrator() {
    let account = AccountBuilder::new().user("boss").attach(MISSING);
    let account = start(account, "iam:CreateAccessKey");
    assert_eq!(reaches(&account), Truth::Depends);
    assert_eq!(path(&account)[0], "create-access-key>boss");
}

#[test]
fn a_group_nobody_can_read_counts_for_its_members() {
    let account = AccountBuilder::new().user("start").member_of("nowhere");
    assert_eq!(reaches(&account), Truth::Depends);
}

#[test]
fn an_scp_nobody_can_read_is_neither_a_grant_nor_a_wall() {
    let sides = || {
        let scps = vec![vec![("scp".into(), Document::from_text("nonsense"))]];
        Sides { scps: Some([(ACCOUNT.into(), scps)].into()), ..Sides::default() }
    };
    let world = start(AccountBuilder::new(), "iam:PutUserPolicy").world_with(sides());
    assert_eq!(answer(&world, "start").reaches_admin, Truth::Depends);
    let ruling = can(&world, of(&world, "start"), "s3:GetObject", "*", &options());
    assert_eq!(ruling.allowed, Truth::No, "its own policies do not allow it");
    let world = AccountBuilder::new().user("start").world_with(sides());
    assert_eq!(answer(&world, "start").reaches_admin, Truth::No);
}

#[test]
fn a_trust_policy_nobody_can_read_may_let_anybody_in() {
    let account = with_admin().trust("this is no policy").user("start");
    let world = account.world();
    assert_eq!(answer(&world, "start").reaches_admin, Truth::Depends);
    assert!(conditions(&world, "start").contains("role/boss"), "{}", conditions(&world, "start"));
    let boss = format!("{ARN}role/boss");
    let ruling = can(&world, of(&world, "start"), "sts:AssumeRole", &boss, &options());
    assert_eq!(ruling.allowed, Truth::Depends);
    let pass = start(
        with_admin().trust("this is no policy"),
        "iam:PassRole lambda:CreateFunction lambda:InvokeFunction",
    );
    let told = answer(&pass.world(), "start");
    assert_eq!(told.reaches_admin, Truth::Depends);
}

#[test]
fn a_name_beyond_the_patterns_that_are_kept_is_conditional() {
    let arn = |name: &str| format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}");
    let many: Vec<String> = (0..200).map(|index| arn(&format!("f{index}"))).collect();
    let account = with_admin()
        .trusted_by_service("lambda.amazonaws.com")
        .user("start")
        .inline(allow("iam:PassRole", "*").and(allow("lambda:CreateFunction", &many.join(" "))))
        // Only the last of them.
        .inline(allow("lambda:InvokeFunction", &arn("f199")));
    assert_eq!(reaches(&account), Truth::Depends);
    let told = conditions(&account.world(), "start");
    assert!(told.contains("beyond the first 64"), "{told}");
}

#[test]
fn a_policy_beyond_those_that_are_tried_is_conditional() {
    let mut account = AccountBuilder::new();
    for index in 0..40 {
        account = account.policy(&format!("all-{index:02}"), allow("*", "*"));
    }
    let own = allow("iam:AttachUserPolicy", "*");
    let only = |name: &str| {
        let own = own.clone().when("ArnEquals", "iam:PolicyARN", &format!("{ARN}policy/{name}"));
        reaches(&account.clone().user("start").inline(own))
    };
    assert_eq!(only("all-03"), Truth::Yes);
    assert_eq!(only("all-39"), Truth::Depends);
}

#[test]
fn somebody_beyond_those_looked_at_singly_is_conditional() {
    // Each is held by a boundary, and only the last by one that can be lifted for use.
    let mut account = AccountBuilder::new().policy("cap", allow("s3:*", "*"));
    for index in 0..600 {
        account = account.role(&format!("r{index:03}")).trusted_by_account().bounded_by("cap");
    }
    let last = account.role("z").trusted_by_account().bounded_by("cap").admin();
    let both = "sts:AssumeRole iam:DeleteRolePermissionsBoundary";
    let account = start(last, both);
    let world = account.world();
    assert_eq!(answer(&world, "start").reaches_admin, Truth::Depends);
    assert!(conditions(&world, "start").contains("beyond the first 512"));
    assert_eq!(audit(&world, &options()).problems, []);
}
