//! Large invented worlds, the same in every run.

use countersign::domain::{
    Action, Change, Check, CheckState, Clue, ClueKind, Confidence, Credential, CredentialStatus,
    Diff, Environment, Evidence, Fact, FileChange, FileStatus, LastUsed, Locator, Observation,
    Part, Principal, PrincipalKind, SourceKind, SourceName, Subject, Target, ToolId, ToolMatch,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Numbers that look random and are the same in every run (the `SplitMix64` generator).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % limit as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

pub fn now() -> Timestamp {
    "2026-11-20T14:00:00Z".parse().unwrap()
}

const WORDS: [&str; 16] = [
    "ledger", "refund", "orders", "index", "schema", "retry", "invoice", "export", "nightly",
    "gateway", "session", "storage", "rates", "customs", "parcel", "label",
];

pub fn source() -> SourceName {
    SourceName::new(SourceKind::Github, "lanternworks")
}

fn tool(id: &str, name: &str, clues: &[(ClueKind, String)]) -> ToolMatch {
    let evidence = clues.iter().map(|(kind, value)| Evidence {
        clue: Clue::new(*kind, value.as_str()),
        rule: format!("{id}/rule"),
        confidence: Confidence::Observed,
    });
    ToolMatch {
        tool: ToolId::new(id),
        name: name.to_owned(),
        confidence: Confidence::Observed,
        evidence: evidence.collect(),
    }
}

fn action(number: u64, dice: &mut Dice) -> Action {
    let source = source();
    let (id, name, login) = *dice.pick(&[
        ("copilot", "GitHub Copilot coding agent", "Copilot"),
        ("devin", "Devin", "devin-ai-integration[bot]"),
        ("claude-code", "Claude Code", "claude[bot]"),
    ]);
    let repo = format!("lanternworks/{}", dice.pick(&["checkout", "parcels", "billing-api"]));
    let branch = format!("{id}/{number}-{}", dice.pick(&WORDS));
    let subject = Subject::PullRequest {
        repo: repo.parse().unwrap(),
        number,
        head_sha: format!("{:016x}{:016x}{:08x}", dice.roll(), dice.roll(), number),
        head_ref: branch.as_str().into(),
        base_ref: "main".into(),
    };
    let title = format!(
        "{} the {} and the {} of change {number}",
        dice.pick(&["Rework", "Fix", "Drop"]),
        dice.pick(&WORDS),
        dice.pick(&WORDS)
    );
    let path = format!("src/{}/{}.rs", dice.pick(&WORDS), dice.pick(&WORDS));
    Action {
        id: subject.id(&source),
        part: Part::new(format!("pull-requests {repo}")),
        source,
        subject,
        tool: tool(
            id,
            name,
            &[(ClueKind::GithubLogin, login.to_owned()), (ClueKind::Branch, branch)],
        ),
        requester: login.into(),
        authors: Vec::new(),
        title: title.as_str().into(),
        description: format!("{title}. Both sides are written together now.").into(),
        target: Target {
            name: format!("{repo}:main").into(),
            environment: Environment::Production,
        },
        opened: now() - SignedDuration::from_secs(i64::try_from(number).unwrap() * 37),
        url: format!("https://github.com/{repo}/pull/{number}").into(),
        change: Change {
            additions: 1,
            deletions: 1,
            files: vec![FileChange {
                path: path.as_str().into(),
                status: FileStatus::Modified,
                additions: 1,
                deletions: 1,
            }],
            files_complete: true,
            diff: Diff::Text(
                format!(
                    "--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-let a = {number};\n+let b = 2;\n"
                )
                .into(),
            ),
        },
        checks: vec![Check { name: "ci".into(), state: CheckState::Passed }],
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: None,
    }
}

/// So many pull requests that wait.
pub fn queue(count: u64) -> Observation {
    let mut dice = Dice::new(1);
    Observation {
        identity: "lanternworks-reader".into(),
        actions: (1..=count).map(|number| action(number, &mut dice)).collect(),
        ..Observation::default()
    }
}

fn access_key(number: usize, dice: &mut Dice) -> Credential {
    let (source, account) = (SourceName::new(SourceKind::Aws, "prod"), "111122223333".to_owned());
    let user = format!("{}-{}-{number}", dice.pick(&WORDS), dice.pick(&WORDS));
    let key_id = format!("AKIA{:016X}", dice.roll());
    let arn = format!("arn:aws:iam::{account}:user/{user}");
    let locator =
        Locator::AccessKey { account: account.clone(), user: user.clone(), key_id: key_id.clone() };
    Credential {
        id: locator.id(&source),
        source,
        part: Part::new("access-keys"),
        locator,
        principal: Principal {
            kind: PrincipalKind::IamUser,
            name: user.as_str().into(),
            native: arn.as_str().into(),
            home: account.into(),
        },
        label: key_id.into(),
        environment: Environment::Production,
        status: CredentialStatus::Active,
        created: Some(now()),
        last_used: LastUsed::Never,
        grants: vec!["AmazonS3ReadOnlyAccess".into(), "deploy-everything".into()],
        facts: vec![Fact::new("ARN", arn), Fact::new("groups", "builders, readers")],
        holders: number
            .is_multiple_of(10)
            .then(|| tool("claude-code", "Claude Code", &[(ClueKind::IamName, user)]))
            .into_iter()
            .collect(),
        reach: None,
    }
}

/// So many access keys, one in ten of them held by an AI tool.
pub fn inventory(count: usize) -> Observation {
    let mut dice = Dice::new(2);
    Observation {
        identity: "arn:aws:iam::111122223333:user/reader".into(),
        credentials: (0..count).map(|number| access_key(number, &mut dice)).collect(),
        ..Observation::default()
    }
}

fn statement(dice: &mut Dice) -> Value {
    let service = dice.pick(&["s3", "ecs", "rds", "sqs", "dynamodb", "logs"]);
    let verbs = ["Get*", "List*", "PutObject", "DeleteTable", "UpdateService", "*"];
    let count = 1 + dice.below(5);
    let actions: Vec<_> = (0..count).map(|_| format!("{service}:{}", dice.pick(&verbs))).collect();
    json!({
        "Effect": if dice.below(12) == 0 { "Deny" } else { "Allow" },
        "Action": actions,
        "Resource": format!("arn:aws:{service}:eu-west-1:111122223333:{}/*", dice.pick(&WORDS)),
        "Condition": { "StringEquals": { "aws:RequestedRegion": "eu-west-1" } },
    })
}

fn policy(dice: &mut Dice) -> Value {
    let statements: Vec<_> = (0..=dice.below(3)).map(|_| statement(dice)).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The answer of `aws iam get-account-authorization-details` for an account of so many users and
/// roles, 2 of 5 of them users; one in fifty belongs to an AI tool.
pub fn account(principals: usize) -> Vec<u8> {
    let mut dice = Dice::new(3);
    let (mut users, mut roles) = (Vec::new(), Vec::new());
    for number in 0..principals {
        let mut name = String::new();
        let _ = write!(name, "{}-{}-{number}", dice.pick(&WORDS), dice.pick(&WORDS));
        let path = if number % 50 == 0 { "/agents/claude-code/" } else { "/service/" };
        let inline = json!([{ "PolicyName": "own", "PolicyDocument": policy(&mut dice) }]);
        let attached = json!([{
            "PolicyName": "shared",
            "PolicyArn": format!("arn:aws:iam::111122223333:policy/shared-{}", dice.below(200)),
        }]);
        let tags = json!([{ "Key": "team", "Value": dice.pick(&WORDS) }]);
        if number % 5 < 2 {
            users.push(json!({
                "Path": path, "UserName": name, "UserId": format!("AIDA{number:017}"),
                "Arn": format!("arn:aws:iam::111122223333:user{path}{name}"),
                "CreateDate": "2024-03-01T10:00:00+00:00", "UserPolicyList": inline,
                "GroupList": [format!("group-{}", dice.below(40))],
                "AttachedManagedPolicies": attached, "Tags": tags,
            }));
        } else {
            roles.push(json!({
                "Path": path, "RoleName": name, "RoleId": format!("AROA{number:017}"),
                "Arn": format!("arn:aws:iam::111122223333:role{path}{name}"),
                "CreateDate": "2024-03-01T10:00:00+00:00",
                "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Action": "sts:AssumeRole",
                    "Principal": { "Service": dice.pick(&["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]) },
                }] },
                "InstanceProfileList": [], "RolePolicyList": inline,
                "AttachedManagedPolicies": attached, "Tags": tags,
                "RoleLastUsed": { "LastUsedDate": "2026-11-01T08:00:00+00:00", "Region": "eu-west-1" },
            }));
        }
    }
    let groups: Vec<_> = (0..40)
        .map(|number| json!({
            "Path": "/", "GroupName": format!("group-{number}"), "GroupId": format!("AGPA{number:017}"),
            "Arn": format!("arn:aws:iam::111122223333:group/group-{number}"),
            "CreateDate": "2024-03-01T10:00:00+00:00",
            "GroupPolicyList": [{ "PolicyName": "own", "PolicyDocument": policy(&mut dice) }],
            "AttachedManagedPolicies": [],
        }))
        .collect();
    let policies: Vec<_> = (0..200)
        .map(|number| {
            json!({
                "PolicyName": format!("shared-{number}"), "PolicyId": format!("ANPA{number:017}"),
                "Arn": format!("arn:aws:iam::111122223333:policy/shared-{number}"), "Path": "/",
                "DefaultVersionId": "v1", "AttachmentCount": 1, "PermissionsBoundaryUsageCount": 0,
                "IsAttachable": true, "CreateDate": "2024-03-01T10:00:00+00:00",
                "UpdateDate": "2024-03-01T10:00:00+00:00",
                "PolicyVersionList": [{ "Document": policy(&mut dice), "VersionId": "v1",
                    "IsDefaultVersion": true, "CreateDate": "2024-03-01T10:00:00+00:00" }],
            })
        })
        .collect();
    serde_json::to_vec_pretty(&json!({
        "UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles,
        "Policies": policies, "IsTruncated": false,
    }))
    .unwrap()
}
