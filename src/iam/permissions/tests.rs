//! What principals may do, in small worlds.

use super::*;
use crate::iam::{
    Facts, Policy, Rules,
    actions::ActionTable,
    world::{
        Attachment, Boundary, Kind,
        builder::{
            AccountBuilder, Says, allow, allow_all_but, allow_elsewhere, deny, deny_all_but,
            deny_elsewhere,
        },
    },
};

use std::slice;

mod agreement;

fn id(action: &str) -> ActionId {
    ActionTable::get().find(action).unwrap_or_else(|| panic!("no {action}"))
}

fn bob(policies: &[Says]) -> World {
    let start = AccountBuilder::new().user("bob");
    policies.iter().fold(start, |account, says| account.inline(says.document())).world()
}

fn first(world: &World) -> Permissions {
    Permissions::of(world, PrincipalId(0))
}

fn of(policies: &[Says]) -> Permissions {
    first(&bob(policies))
}

fn bounded(policies: &[Says], boundary: &Says) -> Permissions {
    let start = AccountBuilder::new().policy("edge", boundary.document()).user("bob");
    let account = start.bounded_by("edge");
    let account = policies.iter().fold(account, |account, says| account.inline(says.document()));
    first(&account.world())
}

fn under(policies: &[Says], levels: &[&[Says]]) -> World {
    let mut world = bob(policies);
    let level = |level: &&[Says]| -> Vec<Attachment> {
        let compiled = level.iter().map(|says| {
            Arc::new(Rules::compile(&Policy::parse(&says.document().to_string()).unwrap()))
        });
        let attachment = |document| Attachment {
            name: "scp".into(),
            document: Some(document),
            managed: None,
            group: None,
        };
        compiled.map(attachment).collect()
    };
    world.accounts[0].scps = Some(levels.iter().map(level).collect());
    world
}

/// The resources of an action, with what they depend on.
fn told(permissions: &Permissions, action: &str) -> Vec<String> {
    let grants = permissions.resources(id(action));
    let mut all: Vec<_> = grants
        .map(|grant| {
            let mut words = grant.resources().join(" | ");
            for condition in grant.conditions() {
                words.push_str(" if ");
                words.push_str(condition);
            }
            words
        })
        .collect();
    all.sort();
    all
}

#[test]
fn an_allow_grants_its_actions_on_its_resources() {
    let may = of(&[allow("s3:GetObject", "arn:aws:s3:::logs/*")]);

    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::logs/a"), Truth::Yes);
    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::other/a"), Truth::No);
    assert_eq!(may.allowed(id("s3:PutObject")), Truth::No);
    assert_eq!(may.breadth(), 1);
}

#[test]
fn a_resource_that_the_action_cannot_have_grants_nothing() {
    let may = of(&[
        allow("lambda:CreateFunction ec2:DescribeInstances", "arn:aws:s3:::logs/*"),
        allow("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/AdministratorAccess"),
        allow("iam:PassRole", "arn:aws:iam::999999999999:role/*"),
    ]);

    assert_eq!(may.breadth(), 0);
}

#[test]
fn actions_of_one_statement_go_to_the_resources_they_can_have() {
    let may = of(&[allow("s3:*", "arn:aws:s3:::logs arn:aws:s3:::logs/*")]);

    assert_eq!(told(&may, "s3:DeleteBucket"), ["arn:aws:s3:::logs"]);
    assert_eq!(told(&may, "s3:DeleteObject"), ["arn:aws:s3:::logs/*"]);
    assert_eq!(may.allowed(id("s3:ListAllMyBuckets")), Truth::No);
}

#[test]
fn a_condition_that_is_open_is_told() {
    let may = of(&[allow("s3:GetObject", "*").when("Bool", "aws:MultiFactorAuthPresent", "true")]);

    assert_eq!(may.allowed(id("s3:GetObject")), Truth::Depends);
    assert_eq!(told(&may, "s3:GetObject"), ["* if `aws:MultiFactorAuthPresent` is true"]);
}

#[test]
fn what_is_known_of_the_caller_decides() {
    let tagged = |team| {
        let says = allow("s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/team}/${aws:username}/*")
            .and(allow("s3:PutObject", "*").when("StringEquals", "aws:PrincipalTag/team", "shop"));
        first(&AccountBuilder::new().user("bob").tag("team", team).inline(says.document()).world())
    };

    assert_eq!(told(&tagged("shop"), "s3:GetObject"), ["arn:aws:s3:::shop/bob/*"]);
    assert_eq!(tagged("shop").allowed(id("s3:PutObject")), Truth::Yes);
    assert_eq!(tagged("web").allowed(id("s3:PutObject")), Truth::No);
}

#[test]
fn a_variable_nobody_knows_makes_it_depend() {
    let may = of(&[allow("s3:GetObject", "arn:aws:s3:::b/${aws:SourceIp}/* arn:aws:s3:::c/*")]);

    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::b/x/y"), Truth::Depends);
    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::c/x"), Truth::Yes);
}

#[test]
fn more_knowledge_of_the_request_settles_what_depends() {
    let says = allow("iam:PassRole", "*").when(
        "StringEquals",
        "iam:PassedToService",
        "lambda.amazonaws.com",
    );
    let may = of(&[says]);
    let role = "arn:aws:iam::111122223333:role/r";
    let to = |service: &str| {
        let mut facts = Facts::new();
        facts.set("iam:PassedToService", service);
        may.may_in(id("iam:PassRole"), role, &facts)
    };

    assert_eq!(may.may(id("iam:PassRole"), role), Truth::Depends);
    assert_eq!(to("lambda.amazonaws.com"), Truth::Yes);
    assert_eq!(to("ec2.amazonaws.com"), Truth::No);
}

#[test]
fn a_deny_becomes_an_exception_or_takes_it_all() {
    let may = of(&[
        allow("s3:GetObject", "*"),
        allow("s3:PutObject", "arn:aws:s3:::prod/*"),
        deny("s3:*", "arn:aws:s3:::prod/*"),
    ]);

    assert_eq!(told(&may, "s3:GetObject"), ["* | not arn:aws:s3:::prod/*"]);
    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::prod/a"), Truth::No);
    assert_eq!(may.allowed(id("s3:PutObject")), Truth::No);
}

#[test]
fn a_deny_that_may_not_apply_is_told_as_a_condition() {
    let may = of(&[
        allow("s3:GetObject", "*"),
        deny("s3:*", "arn:aws:s3:::prod/*").when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ]);

    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::test/a"), Truth::Yes);
    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::prod/a"), Truth::Depends);
    assert!(told(&may, "s3:GetObject").iter().any(|words| words.contains("unless `aws:SourceIp`")));
}

#[test]
fn a_deny_of_other_resources_narrows() {
    let may = of(&[
        allow("s3:GetObject s3:ListAllMyBuckets", "*"),
        deny_elsewhere("s3:*", "arn:aws:s3:::ours/*"),
    ]);

    assert_eq!(told(&may, "s3:GetObject"), ["arn:aws:s3:::ours/*"]);
    assert_eq!(may.allowed(id("s3:ListAllMyBuckets")), Truth::No);
}

#[test]
fn not_action_and_not_resource_grant_the_rest() {
    let may =
        of(&[allow_all_but("iam:*", "*"), allow_elsewhere("iam:GetUser", "arn:aws:iam::*:user/x")]);

    assert_eq!(may.allowed(id("iam:PassRole")), Truth::No);
    assert_eq!(may.allowed(id("s3:GetObject")), Truth::Yes);
    assert_eq!(told(&may, "iam:GetUser"), ["* | not arn:aws:iam::*:user/x"]);
}

#[test]
fn a_boundary_limits_and_grants_nothing() {
    let may = bounded(
        &[allow("s3:GetObject", "arn:aws:s3:::logs*"), allow("ec2:*", "*")],
        &allow("s3:*", "arn:aws:s3:::logs-prod/*").and(allow("iam:*", "*")),
    );

    assert_eq!(told(&may, "s3:GetObject"), ["arn:aws:s3:::logs-prod/*"]);
    assert_eq!(may.allowed(id("ec2:RunInstances")), Truth::No);
    assert_eq!(may.allowed(id("iam:PassRole")), Truth::No);
}

#[test]
fn a_boundary_that_is_missing_from_the_file_makes_everything_depend() {
    let mut world = bob(&[allow("s3:GetObject", "*")]);
    world.principals[0].boundary = Boundary::Unknown { arn: "arn:aws:iam::1:policy/edge".into() };

    let may = first(&world);

    assert_eq!(may.allowed(id("s3:GetObject")), Truth::Depends);
    assert_eq!(may.allowed(id("s3:PutObject")), Truth::No);
}

#[test]
fn a_policy_that_could_not_be_read_may_grant_and_may_deny() {
    let mut world = bob(&[allow("s3:GetObject", "*"), allow("s3:PutObject", "*")]);
    world.principals[0].policies[1].document = None;

    let may = first(&world);

    assert_eq!(may.allowed(id("s3:GetObject")), Truth::Depends);
    assert_eq!(may.allowed(id("ec2:RunInstances")), Truth::Depends);
    assert_eq!(may.breadth(), 1, "what nobody could read is no breadth");
    assert!(may.destructive().is_empty());
}

#[test]
fn every_level_of_service_control_policies_has_to_allow() {
    let all = allow("*", "*");
    let world = under(&[allow("s3:* ec2:*", "*")], &[slice::from_ref(&all), &[allow("s3:*", "*")]]);
    assert_eq!(first(&world).allowed(id("ec2:RunInstances")), Truth::No);
    assert_eq!(first(&world).allowed(id("s3:GetObject")), Truth::Yes);

    let world =
        under(&[allow("s3:*", "*")], &[slice::from_ref(&all), &[deny("s3:*", "*"), all.clone()]]);
    assert_eq!(first(&world).allowed(id("s3:GetObject")), Truth::No);

    let world = under(&[allow("s3:*", "*")], &[&[]]);
    assert_eq!(first(&world).breadth(), 0);
}

#[test]
fn service_control_policies_do_not_bind_the_management_account() {
    let mut world = under(&[allow("s3:*", "*")], &[&[deny("*", "*")]]);
    world.accounts[0].is_management = true;

    assert_eq!(first(&world).allowed(id("s3:GetObject")), Truth::Yes);
}

#[test]
fn an_exception_by_the_callers_arn_is_decided() {
    let scp = deny("s3:*", "*").when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:user/bob");
    let world = under(&[allow("s3:*", "*")], &[&[allow("*", "*"), scp]]);
    assert_eq!(first(&world).allowed(id("s3:GetObject")), Truth::Yes);

    let scp = deny("s3:*", "*").when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:user/eve");
    let world = under(&[allow("s3:*", "*")], &[&[allow("*", "*"), scp]]);
    assert_eq!(first(&world).allowed(id("s3:GetObject")), Truth::No);
}

#[test]
fn everything_on_everything_is_an_administrator_and_narrow_denies_leave_it_one() {
    let all = || allow("*", "*");
    for denied in [
        deny("cloudtrail:StopLogging guardduty:*", "*"),
        deny("*", "arn:aws:s3:::audit/*"),
        deny_all_but("iam:* sts:* organizations:*", "*").when(
            "StringNotEquals",
            "aws:RequestedRegion",
            "eu-west-1",
        ),
        deny("iam:DeleteRole", "arn:aws:iam::*:role/protected"),
    ] {
        assert_eq!(of(&[all(), denied.clone()]).admin(), Truth::Yes, "{denied:?}");
    }
}

#[test]
fn who_cannot_give_permissions_or_only_that_is_no_administrator() {
    let all = || allow("*", "*");
    for policies in [
        vec![all(), deny("iam:*", "*")],
        vec![allow_all_but("iam:* organizations:* account:*", "*")],
        vec![allow_all_but("iam:*", "*"), allow("iam:AttachUserPolicy iam:PutRolePolicy", "*")],
        vec![all(), deny_all_but("s3:*", "*")],
        vec![allow("*", "arn:aws:s3:::*")],
    ] {
        assert_eq!(of(&policies).admin(), Truth::No, "{policies:?}");
    }
    assert_eq!(bounded(&[all()], &allow("s3:*", "*")).admin(), Truth::No);
    assert_eq!(first(&under(&[all()], &[&[allow("s3:*", "*")]])).admin(), Truth::No);
}

#[test]
fn everything_put_together_from_two_policies_is_an_administrator() {
    assert_eq!(of(&[allow_all_but("iam:*", "*"), allow("iam:*", "*")]).admin(), Truth::Yes);
    assert_eq!(of(&[allow("iam:*", "*")]).admin(), Truth::Yes);
    assert_eq!(of(&[allow("iam:*", "arn:aws:iam::*:*")]).admin(), Truth::Yes);
    assert_eq!(of(&[allow("iam:*", "arn:aws:iam::*:role/*")]).admin(), Truth::No);
}

#[test]
fn an_administrator_under_a_condition_depends() {
    let mfa = allow("*", "*").when("Bool", "aws:MultiFactorAuthPresent", "true");
    assert_eq!(of(slice::from_ref(&mfa)).admin(), Truth::Depends);
    assert_eq!(of(&[mfa, allow("iam:*", "*")]).admin(), Truth::Yes, "IAM is the rest");

    let locked = deny("*", "*").when("BoolIfExists", "aws:MultiFactorAuthPresent", "false");
    assert_eq!(of(&[allow("*", "*"), locked]).admin(), Truth::Depends);
}

#[test]
fn destruction_is_told_by_service_with_resources_and_statements() {
    let may = of(&[
        allow("s3:*", "arn:aws:s3:::logs arn:aws:s3:::logs/*").sid("Logs"),
        allow("rds:DeleteDBInstance", "*").when("Bool", "aws:MultiFactorAuthPresent", "true"),
    ]);

    let destructive = may.destructive();
    let rds = destructive.iter().find(|one| one.service == "rds").unwrap();
    let objects = destructive.iter().find(|one| one.actions.contains(&id("s3:DeleteObject")));
    let objects = objects.unwrap();

    assert_eq!(&*rds.conditions, ["`aws:MultiFactorAuthPresent` is true"]);
    assert_eq!(&*objects.resources, ["arn:aws:s3:::logs/*"]);
    assert_eq!(&*objects.because, ["inline-0: Logs"]);
    assert!(may.exposure().iter().any(|one| one.actions.contains(&id("s3:GetObject"))));
}

#[test]
fn what_everything_on_everything_says_already_is_not_told_again() {
    let may = of(&[
        allow("*", "*"),
        allow("s3:DeleteObject", "arn:aws:s3:::logs/*"),
        allow("ec2:*", "*").when("Bool", "aws:MultiFactorAuthPresent", "true"),
    ]);

    assert!(
        may.destructive().iter().all(|one| *one.resources == ["*"] && one.conditions.is_empty())
    );
    let services: Vec<_> = may.destructive().iter().map(|one| one.service).collect();
    let mut once = services.clone();
    once.dedup();
    assert_eq!(services, once);
}

#[test]
fn exceptions_are_told_only_where_they_matter() {
    let may = of(&[
        allow("s3:DeleteObject ec2:TerminateInstances", "*"),
        deny("*", "arn:aws:s3:::audit/*"),
    ]);

    let of_service = |service| {
        let list = may.destructive();
        let one = list.iter().find(|one| one.service == service).unwrap();
        one.resources.to_vec()
    };
    assert_eq!(of_service("s3"), ["*", "not arn:aws:s3:::audit/*"]);
    assert_eq!(of_service("ec2"), ["*"]);
}

#[test]
fn principals_with_the_same_policies_share_what_was_computed() {
    let start = AccountBuilder::new().aws_policy("AdministratorAccess", allow("*", "*").document());
    let world = start.user("a").admin().user("b").admin().role("c").admin().world();
    let mut weigher = Weigher::new(&world);
    let [a, b, c] = [0, 1, 2].map(|index| weigher.weigh(PrincipalId(index)));

    assert!(a.is_shared_with(&b));
    assert!(Arc::ptr_eq(&a.destructive(), &b.destructive()));
    assert_eq!(world.principals[2].kind, Kind::Role);
    assert_eq!(c.admin(), Truth::Yes);
}

/// One policy of many statements, which `World` would compile the same way.
fn of_statements(statements: impl Iterator<Item = String>) -> Permissions {
    let statements: Vec<_> = statements.collect();
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let mut world = bob(&[allow("s3:GetObject", "*")]);
    let rules = Rules::compile(&Policy::parse(&text).unwrap());
    world.principals[0].policies[0].document = Some(Arc::new(rules));
    first(&world)
}

fn on_bucket(effect: &str, index: usize) -> String {
    let resource = format!("arn:aws:s3:::b{index}/*");
    format!(
        r#"{{"Effect":"{effect}","Action":["s3:GetObject","s3:Put*"],"Resource":"{resource}"}}"#
    )
}

#[test]
fn statements_beyond_what_can_be_weighed_are_told() {
    let may =
        of_statements((0..4_000).flat_map(|at| [on_bucket("Allow", at), on_bucket("Deny", at)]));

    let told = may.may(id("s3:GetObject"), "arn:aws:s3:::b3999/x");

    assert_ne!(told, Truth::Yes);
    assert!(told_conditions(&may).contains("too many statements"));
}

#[test]
fn a_thousand_denies_of_one_allow_are_all_exceptions() {
    let all = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#.to_owned();
    let may = of_statements((0..1_000).map(|at| on_bucket("Deny", at)).chain([all]));

    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::b77/x"), Truth::No);
    assert_eq!(may.may(id("s3:GetObject"), "arn:aws:s3:::c/x"), Truth::Yes);
}

fn told_conditions(permissions: &Permissions) -> String {
    let first = permissions.grants().next().unwrap();
    first.conditions().join("; ")
}

#[test]
fn somebody_who_is_not_there_may_nothing() {
    assert_eq!(Permissions::of(&World::default(), PrincipalId(3)).breadth(), 0);
}
