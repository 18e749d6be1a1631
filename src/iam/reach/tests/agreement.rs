//! Sets and single decisions agree.

use super::{NOW, options};
use crate::iam::{
    Document, Truth,
    escalation::Catalogue,
    reach::{
        can,
        climb::{By, Climber},
        ground::Ground,
    },
    world::{
        Kind, PrincipalId, Sides, World,
        builder::{ACCOUNT, AccountBuilder, Says, allow, allow_all_but, deny, let_in},
    },
};
use proptest::prelude::*;

const ARN: &str = "arn:aws:iam::111122223333:";

fn statement() -> impl Strategy<Value = Says> {
    let actions =
        prop_oneof![Just("sts:AssumeRole"), Just("sts:*"), Just("*"), Just("iam:*"), Just("s3:*"),];
    let resources = prop_oneof![
        Just("*".to_owned()),
        Just(format!("{ARN}role/*")),
        Just(format!("{ARN}role/a*")),
        Just(format!("{ARN}role/b1")),
        Just(format!("{ARN}role/${{aws:PrincipalTag/peer}}")),
        Just("arn:aws:iam::*:role/?2".to_owned()),
    ];
    let condition = prop_oneof![
        3 => Just(None),
        1 => Just(Some(("Bool", "aws:MultiFactorAuthPresent", "true"))),
        1 => Just(Some(("StringEquals", "aws:ResourceTag/team", "ops"))),
        1 => Just(Some(("StringEquals", "aws:PrincipalTag/team", "ops"))),
        1 => Just(Some(("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a*"))),
    ];
    (0..4, actions, resources, condition).prop_map(|(kind, actions, resources, condition)| {
        let says = match kind {
            0 | 1 => allow(actions, &resources),
            2 => allow_all_but(actions, &resources),
            _ => deny(actions, &resources),
        };
        match condition {
            Some((operator, key, value)) => says.when(operator, key, value),
            None => says,
        }
    })
}

fn trust() -> impl Strategy<Value = Option<serde_json::Value>> {
    let who = prop_oneof![
        Just(format!("{ARN}root")),
        Just("*".to_owned()),
        Just(format!("{ARN}role/a1")),
        Just(format!("{ARN}user/b2")),
        Just("222233334444".to_owned()),
        Just("arn:aws:sts::111122223333:assumed-role/a1/deploy".to_owned()),
    ];
    let condition = prop_oneof![
        6 => Just(None),
        2 => Just(Some(("Bool", "aws:MultiFactorAuthPresent", "true"))),
        2 => Just(Some(("StringEquals", "aws:PrincipalTag/team", "ops"))),
        1 => Just(Some(("StringEquals", "sts:ExternalId", "secret"))),
        1 => Just(Some(("StringEquals", "sts:RoleSessionName", "${aws:username}"))),
        1 => Just(Some(("StringEquals", "aws:SourceAccount", "111122223333"))),
        1 => Just(Some(("StringEquals", "aws:PrincipalOrgID", "o-1"))),
    ];
    let who = proptest::collection::vec(who, 1..3);
    let statement = (who, condition, 0..8).prop_map(|(who, condition, kind)| {
        let says = let_in(serde_json::json!({"AWS": who}), "sts:AssumeRole");
        let says = match condition {
            Some((operator, key, value)) => says.when(operator, key, value),
            None => says,
        };
        let mut document = says.document();
        let statement = &mut document["Statement"][0];
        if kind < 2 {
            statement["Effect"] = "Deny".into();
        }
        if kind == 1 || kind == 2 {
            statement["NotPrincipal"] = statement["Principal"].take();
            statement.as_object_mut().unwrap().remove("Principal");
        }
        statement.clone()
    });
    prop_oneof![
        1 => Just(None),
        1 => Just(Some("nobody can read this".into())),
        8 => proptest::collection::vec(statement, 1..3).prop_map(|statements| {
            Some(serde_json::json!({"Version": "2012-10-17", "Statement": statements}))
        }),
    ]
}

prop_compose! {
    fn account()(
        people in proptest::collection::vec(
            (any::<bool>(), proptest::collection::vec(statement(), 0..3), 0..8, any::<bool>(), trust()),
            2..6,
        ),
        cap in statement(),
        scp in proptest::option::weighted(0.3, proptest::option::weighted(0.7, statement())),
    ) -> (AccountBuilder, Option<Option<Says>>) {
        let mut account = AccountBuilder::new().policy("cap", cap);
        for (index, (is_user, policies, bound, is_tagged, trust)) in people.into_iter().enumerate() {
            let name = format!("{}{index}", if index % 2 == 0 { "b" } else { "a" });
            account = if is_user { account.user(&name) } else { account.role(&name) };
            if let Some(trust) = trust.filter(|_| !is_user) {
                account = account.trust(trust);
            }
            for policy in policies {
                account = account.inline(policy);
            }
            account = match bound {
                0 | 1 => account.bounded_by("cap"),
                2 => account.bounded_by("missing"),
                3 => account.attach("missing"),
                _ => account,
            };
            if is_tagged {
                account = account.tag("team", "ops").tag("peer", "b2");
            }
        }
        (account, scp)
    }
}

/// With one level of SCPs: everything, and something that may not be readable.
fn world(account: &AccountBuilder, scp: Option<&Option<Says>>) -> World {
    let Some(scp) = scp else { return account.world() };
    let text = match scp {
        Some(says) => says.document().to_string(),
        None => "nobody can read this".to_owned(),
    };
    let scps = vec![vec![("scp".into(), Document::from_text(&text))]];
    let sides = Sides { scps: Some([(ACCOUNT.into(), scps)].into()), ..Sides::default() };
    account.world_with(sides)
}

/// Who can assume whom, as the sets say.
fn by_sets(world: &World) -> Vec<(u32, u32, Truth)> {
    let catalogue = Catalogue::default();
    let ground = Ground::new(world, &catalogue, NOW);
    let mut climber = Climber::new(&ground, false);
    let mut all = Vec::new();
    for from in (0u32..).take(world.principals.len()) {
        for hop in climber.climb(PrincipalId(from)).hops {
            if hop.means.by == By::Assume {
                for place in hop.targets.may.iter() {
                    let to = ground.at(hop.account, place).unwrap();
                    all.push((from, to.0, hop.targets.of(place)));
                }
            }
        }
    }
    all.sort();
    all
}

proptest! {
    #[test]
    fn whom_the_sets_let_in_a_single_decision_lets_in_too((account, scp) in account()) {
        let world = world(&account, scp.as_ref());
        let mut single = Vec::new();
        for from in (0u32..).take(world.principals.len()) {
            for (to, target) in (0u32..).zip(&world.principals) {
                let is_role = target.kind == Kind::Role;
                if from != to && is_role {
                    let ruling = can(&world, PrincipalId(from), "sts:AssumeRole", &target.arn, &options());
                    if ruling.allowed.is_possible() {
                        single.push((from, to, ruling.allowed));
                    }
                }
            }
        }
        prop_assert_eq!(by_sets(&world), single, "{} under {:?}", account.text(), scp);
    }
}
