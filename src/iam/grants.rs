//! What a principal is given, in a line or two. Not an evaluation: denies, boundaries and
//! conditions are told, not weighed.

use super::{
    Attached, AuthorizationDetails, Document, Effect, Group, Inline, ManagedPolicy, Role, User,
};
use std::collections::HashMap;

/// Policies by ARN and groups by name, for looking up what is attached.
#[derive(Debug, Clone)]
pub struct PolicyIndex<'a> {
    policies: HashMap<&'a str, &'a ManagedPolicy>,
    groups: HashMap<&'a str, &'a Group>,
}

impl<'a> PolicyIndex<'a> {
    /// Indexes one account.
    pub fn new(details: &'a AuthorizationDetails) -> Self {
        Self {
            policies: details.policies.iter().map(|p| (p.arn.as_str(), p)).collect(),
            groups: details.groups.iter().map(|g| (g.name.as_str(), g)).collect(),
        }
    }

    /// A group, by name.
    pub fn group(&self, name: &str) -> Option<&'a Group> {
        self.groups.get(name).copied()
    }
}

/// Whether something in a principal's policies allows every action on every resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Administrator {
    /// No statement says so in as many words.
    #[default]
    No,
    /// A statement does, under a condition that cannot be decided offline.
    Conditional,
    /// A statement does.
    Yes,
}

/// What one principal is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Whether it is an administrator by its own words.
    pub administrator: Administrator,
    /// Names of managed policies attached to it.
    pub attached: Vec<String>,
    /// Policies it has through groups, `name (group admins)`.
    pub through_groups: Vec<String>,
    /// Names of its inline policies.
    pub inline: Vec<String>,
    /// ARN of its permissions boundary, which caps all of the above.
    pub boundary: Option<String>,
    /// Policies whose content is not known: absent from the answer, or unreadable.
    pub opaque: Vec<String>,
}

impl Grants {
    /// What a user is given, groups included.
    pub fn of_user(user: &User, index: &PolicyIndex<'_>) -> Self {
        let mut grants = Self { boundary: user.boundary.clone(), ..Self::default() };
        grants.attached = grants.take_attached(&user.attached, index);
        grants.inline = grants.take_inline(&user.inline);
        for name in &user.groups {
            let Some(group) = index.group(name) else {
                grants.opaque.push(format!("group {name}"));
                continue;
            };
            let mut names = grants.take_attached(&group.attached, index);
            names.extend(grants.take_inline(&group.inline));
            let through = names.into_iter().map(|policy| format!("{policy} (group {name})"));
            grants.through_groups.extend(through);
        }
        grants
    }

    /// What a role is given. `without` names an inline policy to leave out.
    pub fn of_role(role: &Role, index: &PolicyIndex<'_>, without: Option<&str>) -> Self {
        let mut grants = Self { boundary: role.boundary.clone(), ..Self::default() };
        grants.attached = grants.take_attached(&role.attached, index);
        let inline = role.inline.iter().filter(|policy| Some(policy.name.as_str()) != without);
        grants.inline = grants.take_inline(inline);
        grants
    }

    /// The list for a row, most telling first.
    pub fn summary(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let capped = if self.boundary.is_some() { " within its boundary" } else { "" };
        match self.administrator {
            Administrator::Yes => lines.push(format!("administrator{capped}")),
            Administrator::Conditional => {
                lines.push(format!("administrator under a condition{capped}"));
            }
            Administrator::No => {}
        }
        lines.extend(self.attached.iter().cloned());
        lines.extend(self.through_groups.iter().cloned());
        match self.inline.len() {
            0 => {}
            1 => lines.push("1 inline policy".to_owned()),
            n => lines.push(format!("{n} inline policies")),
        }
        lines.extend(self.opaque.iter().map(|what| format!("unknown content: {what}")));
        lines
    }

    fn take_attached(&mut self, attached: &[Attached], index: &PolicyIndex<'_>) -> Vec<String> {
        for policy in attached {
            if policy.arn.ends_with(":iam::aws:policy/AdministratorAccess") {
                self.administrator = Administrator::Yes;
            }
            match index.policies.get(policy.arn.as_str()).and_then(|known| known.in_force()) {
                Some(version) => self.weigh(&version.document, &policy.name),
                None => self.opaque.push(policy.name.clone()),
            }
        }
        attached.iter().map(|policy| policy.name.clone()).collect()
    }

    fn take_inline<'a>(&mut self, inline: impl IntoIterator<Item = &'a Inline>) -> Vec<String> {
        let mut names = Vec::new();
        for policy in inline {
            self.weigh(&policy.document, &policy.name);
            names.push(policy.name.clone());
        }
        names
    }

    fn weigh(&mut self, document: &Document, name: &str) {
        let Some(policy) = document.policy() else {
            self.opaque.push(name.to_owned());
            return;
        };
        for statement in &policy.statements {
            if statement.effect == Effect::Allow && statement.is_everything() {
                let how = if statement.conditions.is_empty() {
                    Administrator::Yes
                } else {
                    Administrator::Conditional
                };
                self.administrator = self.administrator.max(how);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Administrator, Grants, PolicyIndex};
    use crate::iam::load_reader;
    use std::path::Path;

    /// Grants of a user with one inline policy of this statement, and more of the user's JSON.
    fn grants(statement: &str, more: &str) -> Grants {
        let text = format!(
            r#"{{"UserDetailList":[{{"UserName":"u","Arn":"arn:aws:iam::111122223333:user/u","UserPolicyList":
            [{{"PolicyName":"p","PolicyDocument":{{"Version":"2012-10-17","Statement":[{statement}]}}}}]{more}}}]}}"#
        );
        let details = load_reader(Path::new("a.json"), text.as_bytes()).unwrap().details;
        Grants::of_user(&details.users[0], &PolicyIndex::new(&details))
    }

    #[test]
    fn only_every_action_on_every_resource_makes_an_administrator() {
        let cases = [
            (r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#, Administrator::Yes),
            (
                r#"{"Effect":"Allow","Action":["s3:Get*","*:*"],"Resource":["*"]}"#,
                Administrator::Yes,
            ),
            (
                r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
                Administrator::Conditional,
            ),
            (r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#, Administrator::No),
            (r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::a"}"#, Administrator::No),
            (r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#, Administrator::No),
            (r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#, Administrator::No),
        ];
        for (statement, expected) in cases {
            assert_eq!(grants(statement, "").administrator, expected, "{statement}");
        }
    }

    #[test]
    fn a_policy_or_group_that_the_answer_leaves_out_is_unknown_and_not_nothing() {
        let read = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#;
        let more = r#","GroupList":["ops"],"AttachedManagedPolicies":
            [{"PolicyName":"gone","PolicyArn":"arn:aws:iam::111122223333:policy/gone"}]"#;
        let grants = grants(read, more);
        assert_eq!(grants.opaque, ["gone", "group ops"]);
        assert_eq!(
            grants.summary(),
            ["gone", "1 inline policy", "unknown content: gone", "unknown content: group ops"]
        );
    }
}
