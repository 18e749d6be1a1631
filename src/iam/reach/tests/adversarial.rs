//! Worlds in which a step looks possible and is not, or not for the one it would have to be.

use super::{answer, path, reaches, start, with_admin};
use crate::iam::{
    Document, Truth,
    world::{
        Sides, World,
        builder::{
            ACCOUNT, AccountBuilder, Says, allow, allow_elsewhere, deny, deny_elsewhere, let_in,
        },
        testing::worlds,
    },
};

const ARN: &str = "arn:aws:iam::111122223333:";
const THERE: &str = "222233334444";

fn says(account: AccountBuilder, says: Says) -> AccountBuilder {
    account.user("start").inline(says)
}

fn scp(account: &str, says: &Says) -> Sides {
    let level = vec![("scp".into(), Document::from_text(&says.document().to_string()))];
    Sides { scps: Some([(account.into(), vec![level])].into()), ..Sides::default() }
}

#[test]
fn a_condition_that_differs_from_target_to_target_holds_for_some_only() {
    let own = || {
        allow("iam:CreateAccessKey", "*").when(
            "StringEquals",
            "aws:ResourceTag/owner",
            "${aws:username}",
        )
    };
    let boss = |owner: &str| AccountBuilder::new().user("boss").admin().tag("owner", owner);
    assert_eq!(reaches(&says(boss("start"), own())), Truth::Yes);
    assert_eq!(reaches(&says(boss("else"), own())), Truth::No);
    let not_mine = deny("iam:CreateAccessKey", "*").when(
        "StringNotEquals",
        "iam:ResourceTag/owner",
        "${aws:username}",
    );
    let all = allow("iam:CreateAccessKey", "*").and(not_mine);
    assert_eq!(reaches(&says(boss("else"), all.clone())), Truth::No);
    assert_eq!(reaches(&says(boss("start"), all)), Truth::Yes);
}

#[test]
fn two_steps_on_two_functions_make_no_technique() {
    let boss = || with_admin().trusted_by_service("lambda.amazonaws.com");
    let of = |create: &str, invoke: &str| {
        let function = |name: &str| format!("arn:aws:lambda:*:{ACCOUNT}:function:{name}");
        let own = allow("iam:PassRole", "*")
            .and(allow("lambda:CreateFunction", &function(create)))
            .and(allow("lambda:InvokeFunction", &function(invoke)));
        path(&says(boss(), own))
    };
    assert_eq!(of("a*", "a*").first().unwrap(), "lambda-create-invoke>boss");
    assert!(!of("a*", "b*").iter().any(|step| step.starts_with("lambda-create-invoke")));
}

#[test]
fn a_user_that_is_made_is_the_one_that_is_raised() {
    let of = |made: &str, raised: &str| {
        let user = |name: &str| format!("{ARN}user/{name}");
        let own = allow("iam:CreateUser iam:CreateAccessKey", &user(made))
            .and(allow("iam:AttachUserPolicy", &user(raised)));
        reaches(&says(AccountBuilder::new(), own))
    };
    assert_eq!(of("ci-*", "ci-*"), Truth::Yes);
    assert_eq!(of("ci-*", "ops-*"), Truth::No);
}

#[test]
fn the_one_name_a_variable_stands_for_is_no_name_of_ones_choice() {
    let own = || allow("iam:AttachUserPolicy", &format!("{ARN}user/${{aws:username}}"));
    let make = || allow("iam:CreateUser iam:CreateAccessKey", &format!("{ARN}user/ci-*"));
    let role = AccountBuilder::new().role("start").inline(own().and(make()));
    assert_eq!(reaches(&role), Truth::No, "a role has no user's name");
    let other = own().and(make()).and(deny("iam:*", &format!("{ARN}user/start")));
    assert_eq!(reaches(&says(AccountBuilder::new(), other)), Truth::No);
}

#[test]
fn a_name_that_a_later_step_asks_for_is_held_against_the_earlier_ones() {
    let user = format!("{ARN}user/ci-*");
    let later = || allow("iam:AttachUserPolicy iam:CreateAccessKey", &user);
    let elsewhere = later().and(allow_elsewhere("iam:CreateUser", &user));
    assert_eq!(reaches(&says(AccountBuilder::new(), elsewhere)), Truth::No);
    let denied = later().and(allow("iam:CreateUser", "*")).and(deny("iam:CreateUser", &user));
    assert_eq!(reaches(&says(AccountBuilder::new(), denied)), Truth::No);
    let allowed = later().and(allow("iam:CreateUser", "*"));
    assert_eq!(reaches(&says(AccountBuilder::new(), allowed)), Truth::Yes);
}

#[test]
fn passing_one_role_and_using_another_is_nothing() {
    let account = with_admin()
        .trusted_by_service("lambda.amazonaws.com")
        .role("small")
        .trusted_by_service("lambda.amazonaws.com");
    let run = || allow("lambda:CreateFunction lambda:InvokeFunction", "*");
    let small = run().and(allow("iam:PassRole", &format!("{ARN}role/small")));
    assert_eq!(reaches(&says(account.clone(), small)), Truth::No);
    let others = run().and(allow_elsewhere("iam:PassRole", &format!("{ARN}role/boss")));
    assert_eq!(reaches(&says(account.clone(), others)), Truth::No);
    let denied = run()
        .and(allow("iam:PassRole", "*"))
        .and(deny_elsewhere("iam:PassRole", &format!("{ARN}role/small")));
    assert_eq!(reaches(&says(account, denied)), Truth::No);
}

#[test]
fn a_deny_of_everything_but_one_resource_leaves_that_one() {
    let account = || with_admin().trusted_by_account();
    let but = |resource: &str| {
        let own = allow("sts:AssumeRole", "*").and(deny_elsewhere("sts:AssumeRole", resource));
        reaches(&says(account(), own))
    };
    assert_eq!(but(&format!("{ARN}role/other")), Truth::No);
    assert_eq!(but(&format!("{ARN}role/boss")), Truth::Yes);
}

#[test]
fn the_scps_of_the_account_one_comes_to_bind_there() {
    let here = start(AccountBuilder::new(), "sts:AssumeRole");
    let there = AccountBuilder::of(THERE).role("boss").admin().trusted_by(ACCOUNT);
    let reach = |sides: Sides| {
        let inputs = [here.input("here.json"), there.input("there.json")];
        let world = World::build(inputs, sides);
        answer(&world, "start").reaches_admin
    };
    let all = allow("*", "*");
    assert_eq!(reach(Sides::default()), Truth::Yes);
    assert_eq!(reach(scp(THERE, &all.clone().and(deny("iam:*", "*")))), Truth::No);
    assert_eq!(reach(scp(ACCOUNT, &all.clone().and(deny("iam:*", "*")))), Truth::Yes);
    assert_eq!(reach(scp(ACCOUNT, &all.clone().and(deny("sts:*", "*")))), Truth::No);
    assert_eq!(reach(scp(THERE, &all.and(deny("sts:*", "*")))), Truth::Yes, "the caller's bind");
}

#[test]
fn nobody_edits_or_passes_what_is_another_accounts() {
    let here = start(AccountBuilder::new(), "iam:CreateAccessKey iam:PassRole lambda:*");
    let there = AccountBuilder::of(THERE)
        .user("boss")
        .admin()
        .role("run")
        .admin()
        .trusted_by_service("lambda.amazonaws.com");
    assert_eq!(answer(&worlds(&[here, there]), "start").reaches_admin, Truth::No);
}

#[test]
fn a_role_that_is_named_abroad_within_a_boundary_does_not_come_in() {
    let bound = |cap: &str| {
        let here = AccountBuilder::new().policy("cap", allow(cap, "*")).role("start");
        let here = here.inline(allow("sts:AssumeRole", "*")).bounded_by("cap");
        let there = AccountBuilder::of(THERE).role("boss").admin();
        let there = there.trusted_by(&format!("{ARN}role/start"));
        answer(&worlds(&[here, there]), "start").reaches_admin
    };
    assert_eq!(bound("sts:*"), Truth::Yes);
    assert_eq!(bound("s3:*"), Truth::No);
}

#[test]
fn what_a_group_gives_or_denies_counts_for_its_members_only() {
    let group = || AccountBuilder::new().group("ops").inline(allow("s3:*", "*"));
    let policy = allow("iam:PutGroupPolicy", &format!("{ARN}group/ops"));
    let member = group().user("start").member_of("ops").inline(policy.clone());
    assert_eq!(reaches(&member), Truth::Yes);
    let other = group().user("start").inline(policy);
    assert_eq!(reaches(&other), Truth::No, "nobody is in that group");
    let denied = AccountBuilder::new().group("no").inline(deny("iam:*", "*"));
    let denied = denied.user("start").member_of("no").inline(allow("iam:PutUserPolicy", "*"));
    assert_eq!(reaches(&denied), Truth::No);
}

#[test]
fn a_target_that_its_group_holds_down_gives_nothing() {
    let account = AccountBuilder::new().group("held").inline(deny("iam:*", "*"));
    let account = account.user("boss").admin().member_of("held");
    assert_eq!(reaches(&start(account, "iam:CreateAccessKey")), Truth::No);
}

#[test]
fn a_member_is_put_into_the_group_that_is_allowed() {
    let account = || AccountBuilder::new().group("ops").admin().group("readers");
    let of = |group: &str| {
        reaches(&says(account(), allow("iam:AddUserToGroup", &format!("{ARN}group/{group}"))))
    };
    assert_eq!(of("ops"), Truth::Yes);
    assert_eq!(of("readers"), Truth::No);
}

#[test]
fn only_a_policy_that_gives_everything_helps_when_it_is_attached() {
    let account = || AccountBuilder::new().policy("all", allow("*", "*"));
    let no_aws = |operator: &str| {
        let aws = "arn:aws:iam::aws:policy/AdministratorAccess";
        let no = deny("iam:AttachUserPolicy", "*").when(operator, "iam:PolicyARN", aws);
        allow("iam:AttachUserPolicy", "*").and(no)
    };
    assert_eq!(reaches(&says(AccountBuilder::new(), no_aws("ArnEquals"))), Truth::No);
    assert_eq!(reaches(&says(account(), no_aws("ArnEquals"))), Truth::Yes);
}

#[test]
fn who_may_only_make_users_within_a_boundary_makes_no_administrator() {
    let cap = format!("{ARN}policy/cap");
    let own = allow("iam:CreateUser iam:AttachUserPolicy iam:PutUserPolicy", "*")
        .when("StringEquals", "iam:PermissionsBoundary", &cap)
        .and(allow("iam:CreateAccessKey", "*"));
    let account = AccountBuilder::new().policy("cap", allow("s3:*", "*"));
    assert_ne!(reaches(&says(account, own)), Truth::Yes);
}

#[test]
fn a_rewritten_trust_is_no_use_where_assuming_is_denied() {
    let own = allow("iam:UpdateAssumeRolePolicy", "*").and(deny("sts:*", "*"));
    assert_ne!(reaches(&says(with_admin(), own)), Truth::Yes);
}

#[test]
fn a_deny_in_the_trust_policy_is_minded() {
    let not = |who: &str| {
        let mut no =
            let_in(serde_json::json!({"AWS": format!("{ARN}user/{who}")}), "sts:AssumeRole")
                .document();
        no["Statement"][0]["Effect"] = "Deny".into();
        let mut all = no;
        let yes = let_in(serde_json::json!({"AWS": ACCOUNT}), "sts:AssumeRole").document();
        let yes = yes["Statement"][0].clone();
        all["Statement"].as_array_mut().unwrap().push(yes);
        reaches(&start(with_admin().trust(all), "sts:AssumeRole"))
    };
    assert_eq!(not("start"), Truth::No);
    assert_eq!(not("other"), Truth::Yes);
}

#[test]
fn a_deny_at_another_time_of_day_or_place_is_a_condition() {
    let own = allow("iam:PutUserPolicy", "*").and(deny("iam:*", "*").when(
        "NotIpAddress",
        "aws:SourceIp",
        "203.0.113.0/24",
    ));
    assert_eq!(reaches(&says(AccountBuilder::new(), own)), Truth::Depends);
    let over = allow("iam:PutUserPolicy", "*").and(deny("iam:*", "*").when(
        "DateLessThan",
        "aws:CurrentTime",
        "2020-01-01T00:00:00Z",
    ));
    assert_eq!(reaches(&says(AccountBuilder::new(), over)), Truth::Yes);
}

#[test]
fn a_raised_user_is_still_within_its_boundary_and_scps() {
    let account = || AccountBuilder::new().policy("cap", allow("s3:*", "*")).user("other");
    let own = || allow("iam:PutUserPolicy iam:CreateAccessKey", &format!("{ARN}user/other"));
    assert_eq!(reaches(&says(account(), own())), Truth::Yes);
    assert_eq!(reaches(&says(account().bounded_by("cap"), own())), Truth::No);
    let sides = scp(
        ACCOUNT,
        &allow("*", "*").and(deny("iam:Attach* iam:Put*", "*").when(
            "ArnLike",
            "aws:PrincipalArn",
            &format!("{ARN}user/other"),
        )),
    );
    let world = says(account(), own()).world_with(sides);
    assert_eq!(answer(&world, "start").reaches_admin, Truth::No);
}
