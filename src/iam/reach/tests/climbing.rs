//! Each kind of step, where it is possible.

use super::{answer, path, reaches, start, with_admin};
use crate::iam::{
    Truth,
    reach::audit,
    world::{
        Resource, Sides,
        builder::{AccountBuilder, allow, let_in},
        testing::worlds,
    },
};

const ARN: &str = "arn:aws:iam::111122223333:";

#[test]
fn a_role_that_names_the_user_needs_no_permission_of_the_user() {
    let account = with_admin().trusted_by(&format!("{ARN}user/start")).user("start");
    assert_eq!(reaches(&account), Truth::Yes);
    assert_eq!(path(&account), ["assume-role>boss"]);
}

#[test]
fn a_role_that_trusts_the_account_needs_the_users_permission_too() {
    let account = with_admin().trusted_by_account();
    assert_eq!(reaches(&account.clone().user("start")), Truth::No);
    assert_eq!(reaches(&start(account, "sts:AssumeRole")), Truth::Yes);
}

#[test]
fn roles_are_assumed_one_from_the_other() {
    let account = with_admin()
        .trusted_by(&format!("{ARN}role/middle"))
        .role("middle")
        .trusted_by(&format!("{ARN}user/start"))
        .user("start");
    assert_eq!(path(&account), ["assume-role>middle", "assume-role>boss"]);
}

#[test]
fn between_accounts_both_sides_have_to_agree() {
    let there =
        |trusted: &str| AccountBuilder::of("222233334444").role("boss").admin().trusted_by(trusted);
    let here = start(AccountBuilder::new(), "sts:AssumeRole");
    let silent = AccountBuilder::new().user("start");
    let named = format!("{ARN}user/start");
    let reach = |accounts: &[AccountBuilder]| answer(&worlds(accounts), "start").reaches_admin;
    assert_eq!(reach(&[here.clone(), there("111122223333")]), Truth::Yes);
    assert_eq!(reach(&[here.clone(), there(&named)]), Truth::Yes);
    assert_eq!(reach(&[silent, there(&named)]), Truth::No, "a name alone is not enough abroad");
    assert_eq!(reach(&[here, there("333344445555")]), Truth::No);
}

#[test]
fn what_is_granted_to_oneself_makes_an_administrator() {
    for (actions, technique) in
        [("iam:PutUserPolicy", "put-user-policy"), ("iam:AttachUserPolicy", "attach-user-policy")]
    {
        let account = start(AccountBuilder::new(), actions);
        assert_eq!(reaches(&account), Truth::Yes, "{actions}");
        assert_eq!(path(&account), [format!("{technique}>administrator")]);
    }
    let role = AccountBuilder::new().role("start").inline(allow("iam:PutRolePolicy", "*"));
    assert_eq!(reaches(&role), Truth::Yes);
}

#[test]
fn a_policy_that_is_ones_own_can_be_rewritten() {
    let rewrite = allow("iam:CreatePolicyVersion", "arn:aws:iam::*:policy/own-*");
    let own = AccountBuilder::new()
        .policy("own-tools", rewrite.clone())
        .user("start")
        .attach("own-tools");
    assert_eq!(path(&own), ["create-policy-version>administrator"]);
    let others = AccountBuilder::new()
        .policy("own-tools", allow("s3:GetObject", "*"))
        .user("start")
        .inline(rewrite);
    assert_eq!(reaches(&others), Truth::No, "nobody has that policy");
}

#[test]
fn an_older_version_counts_for_what_it_says() {
    let policy = |older: &str| {
        AccountBuilder::new()
            .policy("own", allow("iam:SetDefaultPolicyVersion", "*"))
            .version("v1", allow(older, "*"))
            .user("start")
            .attach("own")
    };
    assert_eq!(reaches(&policy("*")), Truth::Yes);
    assert_eq!(reaches(&policy("s3:*")), Truth::Depends, "unless somebody adds a better one");
    assert_eq!(path(&policy("s3:*")), ["set-default-policy-version-later>administrator"]);
}

#[test]
fn credentials_of_another_user_are_its_power() {
    let account = start(AccountBuilder::new().user("boss").admin(), "iam:CreateAccessKey");
    assert_eq!(path(&account), ["create-access-key>boss"]);
    let powerless = start(AccountBuilder::new().user("other"), "iam:CreateAccessKey");
    assert_eq!(reaches(&powerless), Truth::No);
}

#[test]
fn a_group_is_joined_for_what_it_has() {
    let group = |actions: &str| {
        let account = AccountBuilder::new().group("ops").inline(allow(actions, "*"));
        start(account, "iam:AddUserToGroup")
    };
    assert_eq!(path(&group("*")), ["add-user-to-group>administrator"]);
    assert_eq!(reaches(&group("s3:*")), Truth::No);
    // Not an administrator at once, but able to become one.
    let account = group("iam:AttachUserPolicy");
    assert_eq!(reaches(&account), Truth::Yes);
    assert!(path(&account)[0].starts_with("add-user-to-group + "), "{:?}", path(&account));
}

#[test]
fn a_role_is_made_stronger_and_then_assumed() {
    let account = AccountBuilder::new().role("tool").trusted_by(&format!("{ARN}user/start"));
    let account = start(account, "iam:AttachRolePolicy");
    assert_eq!(path(&account), ["attach-role-policy + assume-role>administrator"]);
}

#[test]
fn a_trust_policy_is_rewritten() {
    assert_eq!(
        path(&start(with_admin(), "iam:UpdateAssumeRolePolicy")),
        ["update-assume-role-policy>boss"]
    );
}

#[test]
fn a_role_is_passed_to_a_service_that_runs_code() {
    let account = with_admin().trusted_by_service("lambda.amazonaws.com");
    let all = "iam:PassRole lambda:CreateFunction lambda:InvokeFunction";
    assert_eq!(reaches(&start(account.clone(), all)), Truth::Yes);
    assert_eq!(reaches(&start(account, "lambda:CreateFunction lambda:InvokeFunction")), Truth::No);
    let ec2 = with_admin().trusted_by_service("ec2.amazonaws.com");
    assert_eq!(reaches(&start(ec2, all)), Truth::No, "the role does not trust that service");
}

#[test]
fn the_pieces_of_a_technique_may_stand_in_several_policies() {
    let account = with_admin()
        .trusted_by_service("ec2.amazonaws.com")
        .profile("boss")
        .user("start")
        .inline(allow("iam:PassRole", "*"))
        .inline(allow("ec2:RunInstances", "*"));
    assert_eq!(reaches(&account), Truth::Yes);
}

#[test]
fn code_that_runs_already_depends_on_whether_it_does() {
    let account =
        start(with_admin().trusted_by_service("lambda.amazonaws.com"), "lambda:UpdateFunctionCode");
    let told = answer(&account.world(), "start");
    assert_eq!(told.reaches_admin, Truth::Depends);
    let said = told.path[0].conditions.join("; ");
    assert!(
        said.contains("a Lambda function runs as arn:aws:iam::111122223333:role/boss"),
        "{said}"
    );
    let none = start(with_admin(), "lambda:UpdateFunctionCode");
    assert_eq!(reaches(&none), Truth::No, "no role that a function could run as");
}

#[test]
fn a_list_of_resources_decides_whether_code_runs() {
    let account = start(
        with_admin().trusted_by_service("ec2.amazonaws.com").profile("boss"),
        "ssm:SendCommand",
    );
    let with = |role: Option<&str>| {
        let resources = role.map(|role| Resource {
            arn: "arn:aws:ec2:eu-west-1:111122223333:instance/i-1".into(),
            role: Some(format!("{ARN}role/{role}").into()),
        });
        let sides = Sides { resources: Some(resources.into_iter().collect()), ..Sides::default() };
        answer(&account.world_with(sides), "start").reaches_admin
    };
    assert_eq!(with(Some("boss")), Truth::Yes);
    assert_eq!(with(Some("other")), Truth::No);
    assert_eq!(with(None), Truth::No);
}

#[test]
fn whoever_comes_from_outside_is_told_with_its_role() {
    let account = AccountBuilder::new()
        .role("deploy")
        .admin()
        .trusted_by_oidc(
            "token.actions.githubusercontent.com",
            "sts.amazonaws.com",
            "repo:acme/shop:*",
        )
        .role("vendor")
        .trusted_by("414141414141")
        .role("inside")
        .trusted_by_account();
    let audit = audit(&account.world(), &super::options());
    let told: Vec<_> = audit
        .entry_points
        .iter()
        .map(|door| (door.role.rsplit('/').next().unwrap(), &*door.how, door.reaches_admin))
        .collect();
    assert_eq!(
        told,
        [("deploy", "oidc", Truth::Yes), ("vendor", "assume-role", Truth::No)],
        "{:#?}",
        audit.entry_points
    );
}

#[test]
fn anyone_may_mean_everybody_here() {
    let account = with_admin().trusting(let_in("*", "sts:AssumeRole")).user("start");
    assert_eq!(reaches(&account), Truth::Yes);
}
