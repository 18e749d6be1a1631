//! Sets and single decisions come to the same.

use super::{bob, id, under};
use crate::iam::{
    Facts, Rules, Truth,
    evaluate::{Caller, Layers, Named, Request, decide},
    permissions::Weigher,
    world::{
        Attachment, Boundary, PrincipalId, World,
        builder::{
            Says, allow, allow_all_but, allow_elsewhere, deny, deny_all_but, deny_elsewhere,
        },
    },
};
use proptest::prelude::*;
use std::sync::Arc;

/// 2026-11-20.
const NOW: i64 = 1_795_132_800;
const BOB: &str = "arn:aws:iam::111122223333:user/bob";

const ACTIONS: [&str; 12] = [
    "*",
    "s3:*",
    "s3:Get*",
    "s3:GetObject",
    "s3:DeleteBucket",
    "s3:ListAllMyBuckets",
    "iam:*",
    "iam:PassRole",
    "ec2:*",
    "*:Delete*",
    "sts:AssumeRole",
    "S3:putobject",
];

const RESOURCES: [&str; 14] = [
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::a",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::a*",
    "arn:aws:s3:::*/x",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${aws:SourceIp}/*",
    "arn:aws:s3:::b/*",
    "arn:aws:iam::111122223333:role/*",
    "arn:aws:iam::*:role/app-*",
    "arn:aws:iam::111122223333:role/app-1",
    "arn:aws:ec2:*:*:instance/*",
    "arn:aws:ec2:eu-west-1:111122223333:instance/i-?",
];

const REQUESTS: [(&str, &str); 16] = [
    ("s3:GetObject", "arn:aws:s3:::a/x"),
    ("s3:GetObject", "arn:aws:s3:::ab/y"),
    ("s3:PutObject", "arn:aws:s3:::b/bob/1"),
    ("s3:GetObject", "arn:aws:s3:::b/10.0.0.1/1"),
    ("s3:DeleteObject", "arn:aws:s3:::b/x"),
    ("s3:DeleteBucket", "arn:aws:s3:::a"),
    ("s3:DeleteBucket", "arn:aws:s3:::other"),
    ("s3:ListAllMyBuckets", "*"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/app-1"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/web"),
    ("iam:DeleteRole", "arn:aws:iam::111122223333:role/app-2"),
    ("iam:ListUsers", "*"),
    ("ec2:TerminateInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
    ("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-22"),
    ("ec2:DescribeInstances", "*"),
    ("ec2:DeleteVolume", "arn:aws:ec2:us-east-1:111122223333:volume/vol-1"),
];

const CONDITIONS: [(&str, &str, &str); 6] = [
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("StringEquals", "aws:username", "bob"),
    ("StringEquals", "aws:username", "eve"),
    ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:user/bob"),
    ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("StringNotEqualsIfExists", "aws:RequestedRegion", "eu-west-1"),
];

fn some(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(of), 1..4).prop_map(|some| some.join(" "))
}

fn says() -> impl Strategy<Value = Says> {
    let condition = prop::option::weighted(0.4, prop::sample::select(&CONDITIONS[..]));
    (0u8..9, some(&ACTIONS), some(&RESOURCES), condition).prop_map(
        |(kind, actions, resources, condition)| {
            let (actions, resources) = (&*actions, &*resources);
            let says = match kind {
                0 => deny(actions, resources),
                1 => deny_all_but(actions, resources),
                2 => allow_all_but(actions, resources),
                3 => allow_elsewhere(actions, resources),
                4 => deny_elsewhere(actions, resources),
                _ => allow(actions, resources),
            };
            match condition {
                Some((operator, key, value)) => says.when(operator, key, value),
                None => says,
            }
        },
    )
}

fn layer() -> impl Strategy<Value = Vec<Says>> {
    let rest = prop::collection::vec(says(), 0..3);
    (any::<bool>(), rest).prop_map(|(is_open, mut rest)| {
        if is_open {
            rest.push(allow("*", "*"));
        }
        rest
    })
}

fn compiled(all: &[Says]) -> Arc<Rules> {
    let whole = all.iter().cloned().reduce(Says::and);
    let text = whole.map(|says| says.document().to_string());
    let text = text.unwrap_or_else(|| r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned());
    Arc::new(Rules::compile(&crate::iam::Policy::parse(&text).unwrap()))
}

fn named(attachments: &[Attachment]) -> Vec<Named<'_>> {
    attachments
        .iter()
        .map(|it| Named { name: &it.name, rules: it.document.as_deref().unwrap() })
        .collect()
}

/// What one decision at a time says.
fn decided(world: &World, action: &str, resource: &str) -> Truth {
    let caller = Caller::User(BOB.into());
    let request = Request {
        caller: &caller,
        action,
        resource,
        resource_account: Some("111122223333"),
        is_wildcard_only: resource == "*",
    };
    let principal = &world.principals[0];
    let layers = Layers {
        identity: named(&principal.policies),
        boundary: match &principal.boundary {
            Boundary::Known { arn, document } => Some(vec![Named { name: arn, rules: document }]),
            _ => None,
        },
        scps: world.accounts[0]
            .scps
            .as_ref()
            .map(|levels| levels.iter().map(|level| named(level)).collect()),
        ..Layers::default()
    };
    decide(&request, &layers, &Facts::of_principal(BOB, [], NOW)).allowed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sets_agree_with_single_decisions(
        identity in prop::collection::vec(says(), 1..6),
        boundary in prop::option::weighted(0.4, layer()),
        levels in prop::option::weighted(0.4, prop::collection::vec(layer(), 1..3)),
    ) {
        let mut world = match &levels {
            Some(levels) => {
                let levels: Vec<&[Says]> = levels.iter().map(|level| &**level).collect();
                under(&identity, &levels)
            }
            None => bob(&identity),
        };
        if let Some(boundary) = boundary {
            let arn = "arn:aws:iam::111122223333:policy/edge".into();
            world.principals[0].boundary = Boundary::Known { arn, document: compiled(&boundary) };
        }

        let permissions = Weigher::at(&world, NOW).weigh(PrincipalId(0));

        for (action, resource) in REQUESTS {
            let told = permissions.may(id(action), resource);
            prop_assert_eq!(told, decided(&world, action, resource), "{} {}", action, resource);
            prop_assert!(permissions.allowed(id(action)) >= told);
        }
    }
}
