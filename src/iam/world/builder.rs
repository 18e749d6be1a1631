//! Accounts for tests, in a few words each.
//!
//! ```text
//!   AccountBuilder::new().user("bob").inline(allow("iam:PassRole", "*"))
//!                        .role("deploy").trusted_by_service("lambda.amazonaws.com").admin()
//!     ──json──▶ authorization details      ──world──▶ World (inside the crate)
//! ```
//!
//! Each call that describes (`inline`, `attach`, `tag`) is about the last user, role, group or
//! policy. Lists are written with blanks between: `"s3:GetObject s3:PutObject"`. This file uses
//! only `serde_json`, so that the stories include it by path as well.

#![allow(dead_code, reason = "each user of this file needs other parts of it")]

use serde_json::{Value, json};

/// The account everything is in unless it is said otherwise.
pub const ACCOUNT: &str = "111122223333";

/// A statement in the making.
#[derive(Debug, Clone)]
pub struct Says(Vec<Value>);

/// Allows these actions on these resources.
pub fn allow(actions: &str, resources: &str) -> Says {
    statement("Allow", "Action", actions, "Resource", resources)
}

/// Allows every action but these.
pub fn allow_all_but(actions: &str, resources: &str) -> Says {
    statement("Allow", "NotAction", actions, "Resource", resources)
}

/// Allows these actions on every resource but these.
pub fn allow_elsewhere(actions: &str, resources: &str) -> Says {
    statement("Allow", "Action", actions, "NotResource", resources)
}

/// Forbids.
pub fn deny(actions: &str, resources: &str) -> Says {
    statement("Deny", "Action", actions, "Resource", resources)
}

/// Forbids every action but these.
pub fn deny_all_but(actions: &str, resources: &str) -> Says {
    statement("Deny", "NotAction", actions, "Resource", resources)
}

/// Forbids these actions on every resource but these.
pub fn deny_elsewhere(actions: &str, resources: &str) -> Says {
    statement("Deny", "Action", actions, "NotResource", resources)
}

fn statement(
    effect: &str,
    action_key: &str,
    actions: &str,
    resource_key: &str,
    resources: &str,
) -> Says {
    Says(vec![json!({
        "Effect": effect, action_key: words(actions), resource_key: words(resources)
    })])
}

/// A statement of a trust or resource policy: `principal` as JSON (`"*"`, `{"AWS": "…"}`).
pub fn let_in(principal: impl Into<Value>, actions: &str) -> Says {
    Says(vec![json!({
        "Effect": "Allow", "Principal": principal.into(), "Action": words(actions)
    })])
}

/// One value stays a string, as people write it.
fn words(text: &str) -> Value {
    let all: Vec<&str> = text.split_whitespace().collect();
    if let [one] = all[..] { json!(one) } else { json!(all) }
}

impl Says {
    /// Another statement.
    #[must_use]
    pub fn and(mut self, other: Says) -> Self {
        self.0.extend(other.0);
        self
    }

    /// A condition of the last statement; several values with blanks between.
    #[must_use]
    pub fn when(self, operator: &str, key: &str, values: &str) -> Self {
        self.when_value(operator, key, words(values))
    }

    /// A condition whose values are given as JSON.
    #[must_use]
    pub fn when_value(mut self, operator: &str, key: &str, values: Value) -> Self {
        if let Some(last) = self.0.last_mut() {
            last["Condition"][operator][key] = values;
        }
        self
    }

    /// The name of the last statement.
    #[must_use]
    pub fn sid(mut self, sid: &str) -> Self {
        if let Some(last) = self.0.last_mut() {
            last["Sid"] = json!(sid);
        }
        self
    }

    /// The resources of the last statement, for resource policies.
    #[must_use]
    pub fn on(mut self, resources: &str) -> Self {
        if let Some(last) = self.0.last_mut() {
            last["Resource"] = words(resources);
        }
        self
    }

    /// The policy document.
    pub fn document(&self) -> Value {
        json!({"Version": "2012-10-17", "Statement": self.0})
    }
}

impl From<Says> for Value {
    fn from(says: Says) -> Self {
        says.document()
    }
}

/// Where the last entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    User,
    Group,
    Role,
    Policy,
}

impl Kind {
    fn list(self) -> &'static str {
        match self {
            Self::User => "UserDetailList",
            Self::Group => "GroupDetailList",
            Self::Role => "RoleDetailList",
            Self::Policy => "Policies",
        }
    }

    fn inline(self) -> &'static str {
        match self {
            Self::User => "UserPolicyList",
            Self::Group => "GroupPolicyList",
            Self::Role | Self::Policy => "RolePolicyList",
        }
    }
}

/// Authorization details in the making.
#[derive(Debug, Clone)]
pub struct AccountBuilder {
    id: String,
    partition: String,
    details: Value,
    last: Kind,
}

impl Default for AccountBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl AccountBuilder {
    /// [`ACCOUNT`], empty.
    pub fn new() -> Self {
        Self::of(ACCOUNT)
    }

    /// An empty account.
    pub fn of(id: &str) -> Self {
        let details = json!({
            "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []
        });
        Self { id: id.to_owned(), partition: "aws".to_owned(), details, last: Kind::User }
    }

    /// Another partition (`aws-cn`); to be said first.
    #[must_use]
    pub fn partition(mut self, partition: &str) -> Self {
        partition.clone_into(&mut self.partition);
        self
    }

    /// `arn:aws:iam::<account>:<what>`.
    pub fn arn(&self, what: &str) -> String {
        format!("arn:{}:iam::{}:{what}", self.partition, self.id)
    }

    fn entity(mut self, kind: Kind, entity: Value) -> Self {
        self.last = kind;
        if let Some(list) = self.details[kind.list()].as_array_mut() {
            list.push(entity);
        }
        self
    }

    fn last(&mut self) -> &mut Value {
        let list = &mut self.details[self.last.list()];
        let at = list.as_array().map_or(0, |list| list.len().saturating_sub(1));
        &mut list[at]
    }

    fn push(mut self, key: &str, item: Value) -> Self {
        let list = &mut self.last()[key];
        if list.is_null() {
            *list = json!([]);
        }
        if let Some(list) = list.as_array_mut() {
            list.push(item);
        }
        self
    }

    /// Any member of the last entity, as it is in the file.
    #[must_use]
    pub fn raw(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.last()[key] = value.into();
        self
    }

    /// A user.
    #[must_use]
    pub fn user(self, name: &str) -> Self {
        let arn = self.arn(&format!("user/{name}"));
        self.entity(
            Kind::User,
            json!({"Path": "/", "UserName": name, "Arn": arn, "UserPolicyList": [],
                   "GroupList": [], "AttachedManagedPolicies": [], "Tags": []}),
        )
    }

    /// A group.
    #[must_use]
    pub fn group(self, name: &str) -> Self {
        let arn = self.arn(&format!("group/{name}"));
        self.entity(
            Kind::Group,
            json!({"Path": "/", "GroupName": name, "Arn": arn, "GroupPolicyList": [],
                   "AttachedManagedPolicies": []}),
        )
    }

    /// A role that nobody may assume yet.
    #[must_use]
    pub fn role(self, name: &str) -> Self {
        self.role_at("/", name)
    }

    /// A role at a path (`/aws-service-role/lex.amazonaws.com/`).
    #[must_use]
    pub fn role_at(self, path: &str, name: &str) -> Self {
        let arn = self.arn(&format!("role{path}{name}"));
        self.entity(
            Kind::Role,
            json!({"Path": path, "RoleName": name, "Arn": arn, "RolePolicyList": [],
                   "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
                   "InstanceProfileList": [], "AttachedManagedPolicies": [], "Tags": []}),
        )
    }

    /// A customer managed policy.
    #[must_use]
    pub fn policy(self, name: &str, document: impl Into<Value>) -> Self {
        let arn = self.arn(&format!("policy/{name}"));
        self.policy_entry(&arn, name, &document.into())
    }

    /// One of AWS's own policies, with content.
    #[must_use]
    pub fn aws_policy(self, name: &str, document: impl Into<Value>) -> Self {
        let arn = format!("arn:{}:iam::aws:policy/{name}", self.partition);
        self.policy_entry(&arn, name, &document.into())
    }

    fn policy_entry(self, arn: &str, name: &str, document: &Value) -> Self {
        self.entity(
            Kind::Policy,
            json!({"PolicyName": name, "Arn": arn, "Path": "/", "DefaultVersionId": "v1",
                   "PolicyVersionList": [
                     {"VersionId": "v1", "IsDefaultVersion": true, "Document": document}]}),
        )
    }

    /// A version of the last policy that is not the default.
    #[must_use]
    pub fn version(self, id: &str, document: impl Into<Value>) -> Self {
        let document: Value = document.into();
        self.push(
            "PolicyVersionList",
            json!({"VersionId": id, "IsDefaultVersion": false, "Document": document}),
        )
    }

    /// An inline policy, named `inline-0`, `inline-1`, …
    #[must_use]
    pub fn inline(mut self, document: impl Into<Value>) -> Self {
        let key = self.last.inline();
        let count = self.last()[key].as_array().map_or(0, Vec::len);
        let document: Value = document.into();
        self.push(key, json!({"PolicyName": format!("inline-{count}"), "PolicyDocument": document}))
    }

    /// Attaches a policy: the name of one in this account, or an ARN.
    #[must_use]
    pub fn attach(self, policy: &str) -> Self {
        let arn = self.policy_arn(policy);
        let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
        self.push("AttachedManagedPolicies", json!({"PolicyName": name, "PolicyArn": arn}))
    }

    fn policy_arn(&self, policy: &str) -> String {
        if policy.starts_with("arn:") {
            policy.to_owned()
        } else {
            self.arn(&format!("policy/{policy}"))
        }
    }

    /// Attaches one of AWS's own policies.
    #[must_use]
    pub fn attach_aws(self, name: &str) -> Self {
        let arn = format!("arn:{}:iam::aws:policy/{name}", self.partition);
        self.attach(&arn)
    }

    /// Attaches `AdministratorAccess`.
    #[must_use]
    pub fn admin(self) -> Self {
        self.attach_aws("AdministratorAccess")
    }

    /// Puts the last user into a group.
    #[must_use]
    pub fn member_of(self, group: &str) -> Self {
        self.push("GroupList", json!(group))
    }

    /// Sets a permissions boundary: the name of a policy in this account, or an ARN.
    #[must_use]
    pub fn bounded_by(self, policy: &str) -> Self {
        let arn = self.policy_arn(policy);
        self.raw(
            "PermissionsBoundary",
            json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}),
        )
    }

    /// A tag.
    #[must_use]
    pub fn tag(self, key: &str, value: &str) -> Self {
        self.push("Tags", json!({"Key": key, "Value": value}))
    }

    /// Replaces the trust policy of the last role.
    #[must_use]
    pub fn trust(self, document: impl Into<Value>) -> Self {
        self.raw("AssumeRolePolicyDocument", document)
    }

    /// Adds to the trust policy of the last role.
    #[must_use]
    pub fn trusting(mut self, says: Says) -> Self {
        if let Some(list) = self.last()["AssumeRolePolicyDocument"]["Statement"].as_array_mut() {
            list.extend(says.0);
        }
        self
    }

    /// Lets a service assume the last role.
    #[must_use]
    pub fn trusted_by_service(self, service: &str) -> Self {
        self.trusting(let_in(json!({"Service": service}), "sts:AssumeRole"))
    }

    /// Lets these assume the last role: ARNs, account ids, `*`.
    #[must_use]
    pub fn trusted_by(self, who: &str) -> Self {
        self.trusting(let_in(json!({"AWS": words(who)}), "sts:AssumeRole"))
    }

    /// Lets this account decide who assumes the last role.
    #[must_use]
    pub fn trusted_by_account(self) -> Self {
        let root = self.arn("root");
        self.trusted_by(&root)
    }

    /// Lets those in who come through an OIDC provider (`token.actions.githubusercontent.com`)
    /// with this audience and a subject like this one.
    #[must_use]
    pub fn trusted_by_oidc(self, issuer: &str, audience: &str, subject: &str) -> Self {
        let provider = self.arn(&format!("oidc-provider/{issuer}"));
        self.trusting(
            let_in(json!({"Federated": provider}), "sts:AssumeRoleWithWebIdentity")
                .when("StringEquals", &format!("{issuer}:aud"), audience)
                .when("StringLike", &format!("{issuer}:sub"), subject),
        )
    }

    /// Gives the last role an instance profile.
    #[must_use]
    pub fn profile(self, name: &str) -> Self {
        let arn = self.arn(&format!("instance-profile/{name}"));
        self.push("InstanceProfileList", json!({"InstanceProfileName": name, "Arn": arn}))
    }

    /// Takes a list out of the file altogether.
    #[must_use]
    pub fn without(mut self, list: &str) -> Self {
        if let Some(details) = self.details.as_object_mut() {
            details.remove(list);
        }
        self
    }

    /// The authorization details.
    pub fn json(&self) -> Value {
        self.details.clone()
    }

    /// The file, its lists in AWS's order.
    pub fn text(&self) -> String {
        let lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];
        let members: Vec<String> = lists
            .iter()
            .filter_map(|list| Some(format!("\"{list}\":{}", self.details.get(list)?)))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}
