//! What ordinary policies say.

use super::chance::Chance;
use serde_json::{Value, json};

pub const TEAMS: [&str; 6] = ["shop", "billing", "search", "data", "platform", "risk"];
pub const STAGES: [&str; 3] = ["prod", "stage", "dev"];
const REGIONS: [&str; 3] = ["eu-west-1", "eu-central-1", "us-east-1"];

pub fn policy(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

pub fn allow(actions: &[&str], resources: &[&str]) -> Value {
    json!({"Effect": "Allow", "Action": one_or_many(actions), "Resource": one_or_many(resources)})
}

pub fn deny(actions: &[&str], resources: &[&str]) -> Value {
    json!({"Effect": "Deny", "Action": one_or_many(actions), "Resource": one_or_many(resources)})
}

/// One value is written as a string by some and as a list by others; both are to be read.
fn one_or_many(all: &[&str]) -> Value {
    if let [one] = all { json!(one) } else { json!(all) }
}

pub fn when(mut statement: Value, operator: &str, key: &str, values: Value) -> Value {
    statement["Condition"][operator][key] = values;
    statement
}

pub fn bucket(chance: &mut Chance, at: usize) -> String {
    format!("{}-{}-{at:04}", chance.one(&TEAMS), chance.one(&STAGES))
}

/// One to four statements of everyday work, none of which leads to an administrator.
pub fn everyday(chance: &mut Chance, account: &str) -> Value {
    let count = 1 + chance.below(4);
    let statements: Vec<Value> = (0..count).map(|_| statement(chance, account)).collect();
    policy(&statements)
}

fn statement(chance: &mut Chance, account: &str) -> Value {
    let (team, stage) = (*chance.one(&TEAMS), *chance.one(&STAGES));
    let region = *chance.one(&REGIONS);
    let number = chance.below(400);
    let bucket = format!("arn:aws:s3:::{team}-{stage}-{number:04}");
    let inside = format!("{bucket}/*");
    match chance.below(16) {
        0 | 1 => allow(&["s3:GetObject", "s3:PutObject"], &[&inside]),
        2 => allow(&["s3:ListBucket"], &[&bucket]),
        3 => allow(&["s3:DeleteObject", "s3:DeleteObjectVersion"], &[&inside]),
        4 => allow(&["s3:Get*", "s3:List*"], &[&format!("{bucket}/home/${{aws:username}}/*")]),
        5 => allow(
            &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"],
            &[&format!("arn:aws:dynamodb:{region}:{account}:table/{team}-*")],
        ),
        6 => allow(
            &["dynamodb:DeleteTable"],
            &[&format!("arn:aws:dynamodb:{region}:{account}:table/{team}-dev-*")],
        ),
        7 => allow(
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            &[&format!("arn:aws:logs:*:{account}:log-group:/{team}/*")],
        ),
        8 => allow(&["ec2:Describe*", "cloudwatch:Get*", "cloudwatch:List*"], &["*"]),
        9 => when(
            allow(
                &["ec2:StopInstances", "ec2:TerminateInstances"],
                &[&format!("arn:aws:ec2:*:{account}:instance/*")],
            ),
            "StringEquals",
            "aws:ResourceTag/team",
            json!("${aws:PrincipalTag/team}"),
        ),
        10 => allow(
            &["secretsmanager:GetSecretValue"],
            &[&format!("arn:aws:secretsmanager:{region}:{account}:secret:{stage}/{team}-*")],
        ),
        11 => when(
            allow(&["kms:Decrypt"], &[&format!("arn:aws:kms:{region}:{account}:key/*")]),
            "StringLike",
            "kms:ViaService",
            json!([format!("s3.{region}.amazonaws.com")]),
        ),
        12 => when(
            json!({"Effect": "Deny", "NotAction": ["iam:GetUser", "sts:GetSessionToken"],
                   "Resource": "*"}),
            "BoolIfExists",
            "aws:MultiFactorAuthPresent",
            json!("false"),
        ),
        13 => json!({"Effect": "Allow", "Action": "s3:GetObjectTagging", "NotResource": inside}),
        14 => when(
            allow(&["sqs:SendMessage"], &[&format!("arn:aws:sqs:*:{account}:{team}-*")]),
            "IpAddress",
            "aws:SourceIp",
            json!(["203.0.113.0/24", "2001:db8::/32"]),
        ),
        _ => when(
            allow(&["rds:DeleteDBInstance", "rds:DeleteDBSnapshot"], &["*"]),
            "DateLessThan",
            "aws:CurrentTime",
            json!("2030-01-01T00:00:00Z"),
        ),
    }
}
