//! A small audited world, made by hand.

use crate::iam::{
    Truth,
    actions::ActionTable,
    reach::{Answer, Audit, Capability, EntryPoint, Step},
    world::{Account, AccountId, Boundary, Kind, Principal, Problem, World},
};

const ACCOUNT: &str = "111122223333";

pub(super) fn add_account(world: &mut World) {
    world.accounts.push(Account {
        id: ACCOUNT.into(),
        partition: "aws".into(),
        scps: None,
        is_management: false,
        is_complete: true,
    });
}

fn principal(kind: Kind, name: &str) -> Principal {
    let word = if kind == Kind::User { "user" } else { "role" };
    Principal {
        arn: format!("arn:aws:iam::{ACCOUNT}:{word}/{name}").into(),
        name: name.into(),
        kind,
        account: AccountId(0),
        tags: Box::default(),
        policies: Box::default(),
        groups: Box::default(),
        boundary: Boundary::None,
        trust: None,
        instance_profiles: Box::default(),
        is_service_linked: false,
        is_reserved: false,
    }
}

pub(super) fn add_administrator(world: &mut World, audit: &mut Audit, name: &str) {
    world.principals.push(principal(Kind::Role, name));
    audit.answers.push(Answer {
        admin: Truth::Yes,
        reaches_admin: Truth::Yes,
        allowed_actions: 21_000,
        ..Answer::default()
    });
}

fn step(from: &str, technique: &str, to: &str, actions: &[&str], conditions: &[&str]) -> Step {
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
    Step {
        from: format!("arn:aws:iam::{ACCOUNT}:{from}"),
        to: if to == "administrator" {
            to.to_owned()
        } else {
            format!("arn:aws:iam::{ACCOUNT}:{to}")
        },
        technique: technique.to_owned(),
        actions: words(actions),
        on: Vec::new(),
        conditions: words(conditions),
    }
}

/// A user who climbs over a role, another who perhaps does, one who only reads, a role that is an
/// administrator and that any repository gets into.
pub(super) fn climbing() -> (World, Audit) {
    let (mut world, mut audit) = (World::default(), Audit::default());
    add_account(&mut world);
    let names = ["deploy-agent", "night-shift", "reader"];
    world.principals.extend(names.map(|name| principal(Kind::User, name)));
    audit.answers.push(Answer {
        reaches_admin: Truth::Yes,
        path: vec![
            step(
                "user/deploy-agent",
                "passrole-lambda",
                "role/ci-runner",
                &["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
                &[],
            ),
            step("role/ci-runner", "assume-role", "role/org-admin", &["sts:AssumeRole"], &[]),
        ],
        destructive: [Capability {
            service: "s3",
            actions: ActionTable::get().find("s3:DeleteBucket").into_iter().collect(),
            resources: ["arn:aws:s3:::shop-*".to_owned()].into(),
            conditions: [].into(),
            because: ["data: Cleanup".to_owned()].into(),
        }]
        .into(),
        allowed_actions: 43,
        ..Answer::default()
    });
    audit.answers.push(Answer {
        reaches_admin: Truth::Depends,
        path: vec![step(
            "user/night-shift",
            "update-login-profile",
            "administrator",
            &["iam:UpdateLoginProfile"],
            &["`aws:MultiFactorAuthPresent` is true"],
        )],
        allowed_actions: 3,
        ..Answer::default()
    });
    audit.answers.push(Answer { allowed_actions: 12, ..Answer::default() });
    add_administrator(&mut world, &mut audit, "org-admin");
    audit.entry_points.push(EntryPoint {
        who: "repo:* of token.actions.githubusercontent.com".to_owned(),
        role: format!("arn:aws:iam::{ACCOUNT}:role/org-admin"),
        how: "oidc".to_owned(),
        conditions: Vec::new(),
        warning: Some("any repository on GitHub".to_owned()),
        reaches_admin: Truth::Yes,
    });
    world.problems.push(Problem {
        r#where: "accounts/prod.json:12: role/broken, policy inline-0".to_owned(),
        what: "unknown operator `StringMatch`; the statement is taken as opaque".to_owned(),
    });
    (world, audit)
}
