//! What is said to be sure depends on nothing; what depends says on what.

use super::options;
use crate::iam::{
    Document, Truth,
    reach::audit,
    world::{
        Sides, World,
        builder::{ACCOUNT, AccountBuilder, Says, allow, allow_elsewhere, deny, deny_elsewhere},
    },
};
use proptest::prelude::*;

const ARN: &str = "arn:aws:iam::111122223333:";

fn statement() -> impl Strategy<Value = Says> {
    let actions = proptest::sample::select(vec![
        "*",
        "iam:*",
        "sts:AssumeRole",
        "iam:PassRole",
        "lambda:*",
        "lambda:CreateFunction lambda:InvokeFunction",
        "iam:AttachRolePolicy iam:AttachUserPolicy",
        "iam:PutRolePolicy",
        "iam:PutUserPolicy",
        "iam:CreateAccessKey iam:CreateLoginProfile",
        "iam:UpdateAssumeRolePolicy",
        "iam:CreatePolicyVersion iam:SetDefaultPolicyVersion",
        "iam:AddUserToGroup",
        "iam:PutGroupPolicy",
        "iam:DeleteRolePermissionsBoundary iam:DeleteUserPermissionsBoundary",
        "iam:CreateUser iam:CreateRole",
        "s3:*",
    ]);
    let resources = prop_oneof![
        4 => Just("*".to_owned()),
        1 => Just(format!("{ARN}role/*")),
        1 => Just(format!("{ARN}*/a*")),
        1 => Just(format!("{ARN}user/${{aws:username}}")),
        1 => Just(format!("{ARN}group/g")),
        1 => Just(format!("arn:aws:lambda:*:{ACCOUNT}:function:x-*")),
    ];
    let condition = prop_oneof![
        8 => Just(None),
        1 => Just(Some(("Bool", "aws:MultiFactorAuthPresent", "true"))),
        1 => Just(Some(("StringEquals", "aws:ResourceTag/team", "ops"))),
        1 => Just(Some(("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"))),
        1 => Just(Some(("StringEquals", "iam:PassedToService", "apprunner.amazonaws.com"))),
        1 => Just(Some(("ArnLike", "iam:PolicyARN", "arn:aws:iam::aws:policy/Adm*"))),
        1 => Just(Some(("ArnLike", "iam:PermissionsBoundary", "arn:aws:iam::*:policy/cap"))),
    ];
    (0..8, actions, resources, condition).prop_map(|(kind, actions, resources, condition)| {
        let says = match kind {
            0 => deny(actions, &resources),
            1 => deny_elsewhere(actions, &resources),
            2 => allow_elsewhere(actions, &resources),
            _ => allow(actions, &resources),
        };
        match condition {
            Some((operator, key, value)) => says.when(operator, key, value),
            None => says,
        }
    })
}

prop_compose! {
    fn account()(
        people in proptest::collection::vec(
            (
                0..2,
                proptest::collection::vec(statement(), 0..4),
                0..8,
                0..6,
                0..4,
            ),
            2..6,
        ),
        cap in statement(),
        own in statement(),
        group in statement(),
        scp in proptest::option::weighted(0.2, statement()),
    ) -> (AccountBuilder, Option<Says>) {
        let mut account = AccountBuilder::new()
            .policy("cap", cap)
            .policy("own", own)
            .version("v0", allow("iam:*", "*"))
            .group("g")
            .inline(group)
            .user("boss")
            .admin();
        for (index, (kind, policies, bound, trust, extra)) in people.into_iter().enumerate() {
            let name = format!("{}{index}", if index % 2 == 0 { "b" } else { "a" });
            account = if kind == 0 {
                account.user(&name)
            } else {
                let role = account.role(&name);
                match trust {
                    0 => role.trusted_by_account(),
                    1 => role.trusted_by_service("lambda.amazonaws.com"),
                    2 => role.trusted_by_service("tasks.apprunner.amazonaws.com"),
                    3 => role.trusted_by(&format!("{ARN}role/a1 {ARN}user/b0")),
                    _ => role,
                }
            };
            for policy in policies {
                account = account.inline(policy);
            }
            account = match bound {
                0 => account.bounded_by("cap"),
                1 => account.bounded_by("missing"),
                2 => account.attach("missing"),
                3 => account.attach("own"),
                _ => account,
            };
            account = match extra {
                0 if kind == 0 => account.member_of("g"),
                1 => account.tag("team", "ops"),
                _ => account,
            };
        }
        (account, scp)
    }
}

fn world(account: &AccountBuilder, scp: Option<&Says>) -> World {
    let Some(scp) = scp else { return account.world() };
    let text = allow("*", "*").and(scp.clone()).document().to_string();
    let scps = vec![vec![("scp".into(), Document::from_text(&text))]];
    account.world_with(Sides { scps: Some([(ACCOUNT.into(), scps)].into()), ..Sides::default() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn single_decisions_bear_out_what_the_sets_say((account, scp) in account()) {
        let world = world(&account, scp.as_ref());
        let audit = audit(&world, &options());
        for (principal, answer) in world.principals.iter().zip(&audit.answers) {
            let said: Vec<&String> =
                answer.path.iter().flat_map(|step| &step.conditions).collect();
            let at = || format!("{}: {:#?}\n{}\n{scp:?}", principal.arn, answer, account.text());
            match (answer.admin, answer.reaches_admin) {
                (Truth::Yes, reaches) => prop_assert_eq!(reaches, Truth::Yes, "{}", at()),
                (_, Truth::No) => prop_assert!(answer.path.is_empty(), "{}", at()),
                (_, Truth::Depends) => prop_assert!(!said.is_empty(), "{}", at()),
                (_, Truth::Yes) => {
                    prop_assert!(said.is_empty() && !answer.path.is_empty(), "{}", at());
                }
            }
            let chain = answer.path.windows(2).all(|two| two[0].to == two[1].from);
            prop_assert!(chain, "{}", at());
        }
    }
}
