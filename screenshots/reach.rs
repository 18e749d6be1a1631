//! How far the pictured principals get.

use countersign::domain::{Certainty, Few, Power, Reach, ReachStep, Untrusted};

fn few(words: &[&str]) -> Few<Untrusted> {
    Few::of(words, usize::MAX, |&word| word.into())
}

fn step(from: &str, technique: &str, to: &str, actions: &[&str], conditions: &[&str]) -> ReachStep {
    let arn = |what: &str| format!("arn:aws:iam::412058817734:{what}").into();
    ReachStep {
        from: arn(from),
        to: arn(to),
        technique: technique.to_owned(),
        actions: few(actions),
        on: few(&[]),
        conditions: few(conditions),
        because: few(&["deploy: Statement[0]"]),
    }
}

fn power(service: &str, actions: &[&str], more: u32, resources: &[&str], because: &str) -> Power {
    let full = |action: &&str| format!("{service}:{action}");
    Power {
        service: service.to_owned(),
        actions: Few { more, ..Few::of(actions, usize::MAX, full) },
        resources: few(resources),
        conditions: few(&[]),
        because: few(&[because]),
    }
}

/// Every action on everything.
pub fn administrator() -> Reach {
    Reach {
        admin: Certainty::Yes,
        reaches_admin: Certainty::Yes,
        breadth: 21_870,
        ..Reach::default()
    }
}

/// An agent's role that makes a function run as a role that may become an administrator.
pub fn climber() -> Reach {
    Reach {
        reaches_admin: Certainty::Yes,
        path: Few {
            listed: vec![
                step(
                    "role/bedrock-ops-agent",
                    "lambda-create-function",
                    "role/label-printer",
                    &["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
                    &[],
                ),
                step(
                    "role/label-printer",
                    "assume-role",
                    "role/platform",
                    &["sts:AssumeRole"],
                    &[],
                ),
            ],
            more: 0,
        },
        destructive: Few {
            listed: vec![
                power(
                    "rds",
                    &["DeleteDBCluster", "DeleteDBInstance", "DeleteDBSnapshot"],
                    9,
                    &["*"],
                    "AmazonRDSFullAccess: Statement[0]",
                ),
                power(
                    "s3",
                    &["DeleteObject", "PutLifecycleConfiguration"],
                    0,
                    &["arn:aws:s3:::parcel-archive/*"],
                    "ops-tools: Archive",
                ),
            ],
            more: 0,
        },
        exposure: Few {
            listed: vec![power(
                "secretsmanager",
                &["GetSecretValue"],
                0,
                &["arn:aws:secretsmanager:*:412058817734:secret:prod/*"],
                "ops-tools: Secrets",
            )],
            more: 0,
        },
        breadth: 412,
        ..Reach::default()
    }
}

/// Somebody who becomes an administrator only if something holds.
pub fn perhaps() -> Reach {
    Reach {
        reaches_admin: Certainty::Conditional,
        path: Few {
            listed: vec![step(
                "user/nightly-agent",
                "assume-role",
                "role/platform",
                &["sts:AssumeRole"],
                &["`aws:MultiFactorAuthPresent` is true"],
            )],
            more: 0,
        },
        breadth: 131,
        ..Reach::default()
    }
}
