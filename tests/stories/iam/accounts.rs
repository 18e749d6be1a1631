//! Small accounts for the stories.

use serde_json::{Value, json};

pub const ACCOUNT: &str = "111122223333";
pub const OTHER: &str = "444455556666";

pub fn allow(actions: &Value, resources: &Value) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "Given", "Effect": "Allow", "Action": actions, "Resource": resources }],
    })
}

pub fn user(account: &str, name: &str, document: &Value) -> Value {
    json!({
        "Path": "/", "UserName": name, "UserId": format!("AIDA{name}"),
        "Arn": format!("arn:aws:iam::{account}:user/{name}"),
        "CreateDate": "2026-01-01T00:00:00+00:00", "GroupList": [], "AttachedManagedPolicies": [],
        "UserPolicyList": [{ "PolicyName": "own", "PolicyDocument": document }],
        "Tags": [{ "Key": "ai-tool", "Value": "claude-code" }],
    })
}

pub fn role(account: &str, name: &str, trusted: &Value, document: &Value) -> Value {
    json!({
        "Path": "/", "RoleName": name, "RoleId": format!("AROA{name}"),
        "Arn": format!("arn:aws:iam::{account}:role/{name}"),
        "CreateDate": "2026-01-01T00:00:00+00:00", "InstanceProfileList": [],
        "AttachedManagedPolicies": [], "Tags": [],
        "RolePolicyList": [{ "PolicyName": "own", "PolicyDocument": document }],
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole" }],
        },
    })
}

pub fn file(users: &[Value], roles: &[Value]) -> String {
    json!({
        "UserDetailList": users, "GroupDetailList": [], "RoleDetailList": roles, "Policies": [],
    })
    .to_string()
}

/// A deployer that can pass a Lambda role which may assume an administrator; a cleaner who
/// deletes buckets; a reader.
pub fn climbing() -> String {
    let arn = |what: &str| json!(format!("arn:aws:iam::{ACCOUNT}:{what}"));
    file(
        &[
            user(
                ACCOUNT,
                "deployer",
                &json!({
                    "Version": "2012-10-17",
                    "Statement": [
                        { "Effect": "Allow", "Resource": "*",
                          "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"] },
                        { "Effect": "Allow", "Action": "iam:PassRole",
                          "Resource": arn("role/worker") },
                    ],
                }),
            ),
            user(
                ACCOUNT,
                "cleaner",
                &allow(&json!("s3:DeleteBucket"), &json!("arn:aws:s3:::shop-*")),
            ),
            user(ACCOUNT, "reader", &allow(&json!("ec2:DescribeInstances"), &json!("*"))),
        ],
        &[
            role(
                ACCOUNT,
                "worker",
                &json!({ "Service": "lambda.amazonaws.com" }),
                &allow(&json!("sts:AssumeRole"), &arn("role/chief")),
            ),
            role(
                ACCOUNT,
                "chief",
                &json!({ "AWS": arn("role/worker") }),
                &allow(&json!("*"), &json!("*")),
            ),
        ],
    )
}
