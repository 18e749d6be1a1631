//! Users, groups, roles and policies of a synthetic account.
//!
//! The first positions of each list are planted: a few administrators, climbers of every kind,
//! and their doubles whom something stops. The rest is everyday work.

use super::{
    Plan, Truth,
    chance::Chance,
    says::{STAGES, TEAMS, allow, deny, everyday, policy, when},
};
use serde_json::{Value, json};

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const GITHUB: &str = "token.actions.githubusercontent.com";

/// How many there are of each.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub users: usize,
    pub groups: usize,
    pub roles: usize,
    pub policies: usize,
}

/// An account in the making.
pub struct Account<'a> {
    id: &'a str,
    pub size: Size,
    pub truth: Truth,
    chance: Chance,
}

/// What a user or role is given, and what it proves.
struct Given {
    statements: Vec<Value>,
    attached: Vec<String>,
    groups: Vec<String>,
    boundary: Option<&'static str>,
}

impl Given {
    fn says(statements: Vec<Value>) -> Self {
        Self { statements, attached: Vec::new(), groups: Vec::new(), boundary: None }
    }
}

/// How often each planted kind is there: once for every so many users or roles.
const ONCE_IN: usize = 500;

/// Customer policies with a meaning of their own; those that follow are everyday.
const FIXED_POLICIES: usize = 4;

impl<'a> Account<'a> {
    pub fn new(plan: Plan<'a>) -> Self {
        let users = plan.principals * 2 / 5;
        let size = Size {
            users,
            groups: users / 25 + 2,
            roles: plan.principals - users,
            policies: plan.principals / 6 + FIXED_POLICIES,
        };
        Self { id: plan.account, size, truth: Truth::default(), chance: Chance::of(plan.seed) }
    }

    fn arn(&self, what: &str) -> String {
        format!("arn:aws:iam::{}:{what}", self.id)
    }

    fn everyday_policy(&mut self) -> String {
        let at = FIXED_POLICIES + self.chance.below(self.size.policies - FIXED_POLICIES);
        self.arn(&format!("policy/work-{at:05}"))
    }

    /// Which planted kind a position is, if it is one.
    fn kind(at: usize, kinds: usize) -> Option<usize> {
        let kind = at % ONCE_IN;
        (kind < kinds).then_some(kind)
    }

    pub fn user(&mut self, at: usize) -> Value {
        let name = format!("{}-{at:05}", self.chance.one(&["kim", "lee", "ana", "bot", "ci"]));
        let arn = self.arn(&format!("user/{name}"));
        let given = self.planted_user(at, &arn).unwrap_or_else(|| self.everyday_given(true));
        let mut user = self.principal("User", "/", &name, &arn, &given);
        user["GroupList"] = json!(given.groups);
        user
    }

    /// The first users are an administrator, climbers, and those who are stopped.
    fn planted_user(&mut self, at: usize, arn: &str) -> Option<Given> {
        let root = self.arn("");
        let any = |what: &str| format!("{root}{what}/*");
        let own = [arn];
        let mut climb = |how, statements| {
            self.truth.climbers.push((arn.to_owned(), how));
            Given::says(statements)
        };
        let given = match Self::kind(at, 10)? {
            0 => {
                self.truth.administrators.push(arn.to_owned());
                let mut given = Given::says(Vec::new());
                given.attached.push(ADMIN.to_owned());
                given
            }
            1 => climb("rewrites its own inline policy", vec![allow(&["iam:PutUserPolicy"], &own)]),
            2 => climb("attaches a policy to itself", vec![allow(&["iam:AttachUserPolicy"], &own)]),
            3 => climb(
                "makes keys for an administrator",
                vec![allow(&["iam:CreateAccessKey"], &[&any("user")])],
            ),
            4 => climb("joins the administrators", vec![allow(&["iam:AddUserToGroup"], &["*"])]),
            5 => climb(
                "passes an administrator's role to a function of its own",
                vec![
                    allow(&["iam:PassRole"], &[&any("role")]),
                    allow(&["lambda:CreateFunction", "lambda:InvokeFunction"], &["*"]),
                ],
            ),
            6 => {
                self.truth.stopped.push((arn.to_owned(), "a statement that forbids"));
                Given::says(vec![allow(&["iam:*"], &own), deny(&["iam:*"], &["*"])])
            }
            7 => {
                self.truth.stopped.push((arn.to_owned(), "its permissions boundary"));
                let statements = vec![allow(&["iam:AttachUserPolicy"], &own)];
                Given { boundary: Some("boundary-no-iam"), ..Given::says(statements) }
            }
            8 => {
                self.truth.stopped.push((arn.to_owned(), "another user's name in the resource"));
                let other = format!("{arn}-not");
                Given::says(vec![allow(&["iam:PutUserPolicy"], &[&other])])
            }
            _ => {
                self.truth.stopped.push((arn.to_owned(), "the service it may pass roles to"));
                Given::says(vec![
                    when(
                        allow(&["iam:PassRole"], &["*"]),
                        "StringEquals",
                        "iam:PassedToService",
                        json!("nothing.amazonaws.com"),
                    ),
                    allow(&["lambda:CreateFunction", "lambda:InvokeFunction"], &["*"]),
                ])
            }
        };
        Some(given)
    }

    fn everyday_given(&mut self, is_user: bool) -> Given {
        let mut given = Given::says(Vec::new());
        for _ in 0..self.chance.below(4) {
            let policy = self.everyday_policy();
            if !given.attached.contains(&policy) {
                given.attached.push(policy);
            }
        }
        if is_user && !self.chance.once_in(4) {
            // The first group is the administrators'.
            given.groups.push(group(1 + self.chance.below(self.size.groups - 1)));
        }
        given.boundary = self.chance.once_in(9).then_some("boundary-team");
        given
    }

    fn principal(&mut self, kind: &str, path: &str, name: &str, arn: &str, given: &Given) -> Value {
        let mut inline = Vec::new();
        if given.statements.is_empty() {
            if self.chance.once_in(3) && !given.attached.iter().any(|arn| arn == ADMIN) {
                inline.push(json!({"PolicyName": "own", "PolicyDocument": everyday(&mut self.chance, self.id)}));
            }
        } else {
            let document = policy(&given.statements);
            inline.push(json!({"PolicyName": "own", "PolicyDocument": document}));
        }
        let (team, stage) = (*self.chance.one(&TEAMS), *self.chance.one(&STAGES));
        let mut entry = json!({
            "Path": path, "Arn": arn, "CreateDate": "2025-05-05T05:05:05+00:00",
            "Tags": [{"Key": "team", "Value": team}, {"Key": "stage", "Value": stage}],
        });
        let prefix = if kind == "User" { "AIDA" } else { "AROA" };
        entry[format!("{kind}Id")] = json!(unique_id(prefix, arn));
        entry[format!("{kind}Name")] = json!(name);
        entry[format!("{kind}PolicyList")] = json!(inline);
        entry["AttachedManagedPolicies"] = attached(&given.attached);
        if let Some(boundary) = given.boundary {
            entry["PermissionsBoundary"] = json!({
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": self.arn(&format!("policy/{boundary}")),
            });
        }
        entry
    }

    pub fn group(&mut self, at: usize) -> Value {
        let name = group(at);
        let policies = if at == 0 { vec![ADMIN.to_owned()] } else { vec![self.everyday_policy()] };
        let arn = self.arn(&format!("group/{name}"));
        json!({
            "Path": "/", "GroupName": name, "GroupId": unique_id("AGPA", &arn), "Arn": arn,
            "CreateDate": "2025-05-05T05:05:05+00:00", "GroupPolicyList": [],
            "AttachedManagedPolicies": attached(&policies),
        })
    }

    pub fn role(&mut self, at: usize) -> Value {
        let (path, name) = match at % 50 {
            30 => ("/aws-service-role/config.amazonaws.com/", format!("AWSServiceRoleFor{at:05}")),
            31 => ("/aws-reserved/sso.amazonaws.com/", format!("AWSReservedSSO_Work_{at:016x}")),
            _ => ("/", role(at)),
        };
        let arn = self.arn(&format!("role{path}{name}"));
        let trust = self.trust(at, &arn);
        let given = self.planted_role(at, &arn).unwrap_or_else(|| self.everyday_given(false));
        let mut entry = self.principal("Role", path, &name, &arn, &given);
        entry["AssumeRolePolicyDocument"] = trust;
        entry["InstanceProfileList"] = json!([]);
        entry["RoleLastUsed"] = json!({});
        entry
    }

    fn planted_role(&mut self, at: usize, arn: &str) -> Option<Given> {
        let block = at - at % ONCE_IN;
        let given = match Self::kind(at, 6)? {
            // A function's role with everything, which others may pass.
            0 => {
                self.truth.administrators.push(arn.to_owned());
                let mut given = Given::says(Vec::new());
                given.attached.push(ADMIN.to_owned());
                given
            }
            // 1 may become 2, 2 may become 3, and 3 attaches to itself.
            hop @ (1 | 2) => {
                self.truth.climbers.push((arn.to_owned(), "assumes role after role"));
                let next = self.arn(&format!("role/{}", role(block + hop + 1)));
                Given::says(vec![allow(&["sts:AssumeRole"], &[&next])])
            }
            3 => {
                self.truth.climbers.push((arn.to_owned(), "attaches a policy to itself"));
                Given::says(vec![allow(&["iam:AttachRolePolicy"], &[arn])])
            }
            4 => {
                self.truth.stopped.push((arn.to_owned(), "the other role does not trust it"));
                let admin = self.arn(&format!("role/{}", role(block)));
                Given::says(vec![allow(&["sts:AssumeRole"], &[&admin])])
            }
            _ => {
                self.truth.stopped.push((arn.to_owned(), "its permissions boundary"));
                let statements = vec![allow(&["iam:*"], &["*"])];
                Given { boundary: Some("boundary-no-iam"), ..Given::says(statements) }
            }
        };
        Some(given)
    }

    fn trust(&mut self, at: usize, arn: &str) -> Value {
        let assume =
            |who: Value| json!({"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"});
        let block = at - at % ONCE_IN;
        let statement = match at % ONCE_IN {
            0 => assume(json!({"Service": "lambda.amazonaws.com"})),
            hop @ (2 | 3) => {
                let before = self.arn(&format!("role/{}", role(block + hop - 1)));
                assume(json!({"AWS": before}))
            }
            _ => match at % 50 {
                30 => assume(json!({"Service": "config.amazonaws.com"})),
                31 => self.saml(),
                _ => self.everyday_trust(at, arn),
            },
        };
        policy(&[statement])
    }

    fn saml(&self) -> Value {
        let provider = self.arn("saml-provider/AWSSSO_0123_DO_NOT_DELETE");
        when(
            json!({"Effect": "Allow", "Principal": {"Federated": provider},
                   "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"]}),
            "StringEquals",
            "SAML:aud",
            json!("https://signin.aws.amazon.com/saml"),
        )
    }

    fn everyday_trust(&mut self, at: usize, arn: &str) -> Value {
        let assume =
            |who: Value| json!({"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"});
        let services = ["lambda", "ec2", "ecs-tasks", "glue", "states", "bedrock", "codebuild"];
        match self.chance.below(10) {
            0..=4 => {
                let service = format!("{}.amazonaws.com", self.chance.one(&services));
                assume(json!({"Service": service}))
            }
            5 | 6 => self.github(arn),
            7 => when(
                assume(json!({"AWS": "arn:aws:iam::999900001111:root"})),
                "StringEquals",
                "sts:ExternalId",
                json!(format!("customer-{at}")),
            ),
            8 => {
                self.truth.open.push((arn.to_owned(), "another account without an external id"));
                assume(json!({"AWS": "999900001111"}))
            }
            _ => when(
                assume(json!({"AWS": self.arn("root")})),
                "Bool",
                "aws:MultiFactorAuthPresent",
                json!("true"),
            ),
        }
    }

    fn github(&mut self, arn: &str) -> Value {
        let team = *self.chance.one(&TEAMS);
        let (subject, is_open) = match self.chance.below(8) {
            0 => (Some("repo:exampl*".to_owned()), true),
            1 => (None, true),
            2 => (Some(format!("repo:example/{team}:*")), false),
            _ => (Some(format!("repo:example/{team}:ref:refs/heads/main")), false),
        };
        if is_open {
            self.truth.open.push((arn.to_owned(), "repositories of others"));
        }
        let provider = self.arn(&format!("oidc-provider/{GITHUB}"));
        let statement = when(
            json!({"Effect": "Allow", "Principal": {"Federated": provider},
                   "Action": "sts:AssumeRoleWithWebIdentity"}),
            "StringEquals",
            &format!("{GITHUB}:aud"),
            json!("sts.amazonaws.com"),
        );
        match subject {
            Some(subject) => {
                when(statement, "StringLike", &format!("{GITHUB}:sub"), json!(subject))
            }
            None => statement,
        }
    }

    pub fn policy(&mut self, at: usize) -> Value {
        let (name, document) = match at {
            0 => (
                "boundary-no-iam".to_owned(),
                policy(&[
                    json!({"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}),
                ]),
            ),
            1 => (
                "boundary-team".to_owned(),
                policy(&[
                    allow(&["s3:*", "dynamodb:*", "logs:*", "sqs:*", "kms:*", "rds:*"], &["*"]),
                    deny(&["*:Delete*"], &["arn:aws:s3:::*-prod-*"]),
                ]),
            ),
            2 => {
                let everything = policy(&[allow(&["*"], &["*"])]);
                return managed("AdministratorAccess", ADMIN, &everything);
            }
            3 => ("unused".to_owned(), policy(&[allow(&["*"], &["*"])])),
            _ => (format!("work-{at:05}"), everyday(&mut self.chance, self.id)),
        };
        let arn = self.arn(&format!("policy/{name}"));
        managed(&name, &arn, &document)
    }
}

fn role(at: usize) -> String {
    format!("work-{at:05}")
}

fn group(at: usize) -> String {
    if at == 0 { "administrators".to_owned() } else { format!("team-{at:03}") }
}

fn attached(arns: &[String]) -> Value {
    let all = arns.iter().map(
        |arn| json!({"PolicyName": arn.rsplit('/').next().unwrap_or_default(), "PolicyArn": arn}),
    );
    Value::Array(all.collect())
}

/// In AWS's form: four letters for the kind, then what no other has.
fn unique_id(prefix: &str, arn: &str) -> String {
    let mix = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    let sum = arn.bytes().fold(0xCBF2_9CE4_8422_2325, mix);
    format!("{prefix}{:017}", sum % 100_000_000_000_000_000)
}

fn managed(name: &str, arn: &str, document: &Value) -> Value {
    json!({
        "PolicyName": name, "Arn": arn, "Path": "/", "DefaultVersionId": "v1",
        "PolicyId": unique_id("ANPA", arn), "AttachmentCount": 1,
        "PermissionsBoundaryUsageCount": 0, "IsAttachable": true,
        "CreateDate": "2025-05-05T05:05:05+00:00", "UpdateDate": "2025-05-05T05:05:05+00:00",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": document,
                               "CreateDate": "2025-05-05T05:05:05+00:00"}],
    })
}
