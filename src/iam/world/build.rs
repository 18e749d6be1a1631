//! From authorization details to a [`World`]: the first step, which takes one input after another.
//!
//! ```text
//!   Input ─take─▶ accounts, policies (compiled), groups, drafts of principals
//!                    │                                       │ names and ARNs only
//!                    └──────────── resolve.rs ◀──────────────┘
//! ```
//!
//! Two steps, because a page may name policies and groups that come with a later page or file of
//! the same account. The details are dropped as they are taken.

use super::{
    Account, AccountId, Attachment, Boundary, Document, Group, GroupId, Kind, Managed, PolicyId,
    Principal, PrincipalId, Problem, Resource, World, gaps::Unknown, intern::Interned,
};
use crate::iam::{
    self, Attached, AuthorizationDetails, Document as Written, Inline, ManagedPolicy, Tag,
    account_of,
};
use foldhash::{HashMap, HashSet};

/// What one file, or one live account, says.
#[derive(Debug, Default)]
pub struct Input {
    /// How it is told in problems: the file's path, the account's alias.
    pub name: String,
    /// The content.
    pub details: AuthorizationDetails,
    /// Lists it does not have at all (`RoleDetailList`).
    pub missing: Vec<&'static str>,
    /// More pages follow, it says itself; another input may have them.
    pub is_continued: bool,
    /// Part of it is gone for good: it was cut, or entries could not be read.
    pub is_damaged: bool,
    /// What could not be read of it.
    pub problems: Vec<Problem>,
}

impl Input {
    /// An input that is whole.
    pub fn new(name: impl Into<String>, details: AuthorizationDetails) -> Self {
        Self { name: name.into(), details, ..Self::default() }
    }
}

/// Policies with their names, level by level from the root down.
pub type Levels = Vec<Vec<(Box<str>, Written)>>;

/// What is known beside the authorization details.
#[derive(Debug, Default)]
pub struct Sides {
    /// Service control policies by account id. None: no organisation, or not known.
    pub scps: Option<std::collections::HashMap<Box<str>, Levels>>,
    /// The organisation's management account.
    pub management_account: Option<Box<str>>,
    /// Policies of resources, by ARN.
    pub resource_policies: Vec<(Box<str>, Written)>,
    /// Resources known to exist. None: nobody looked.
    pub resources: Option<Vec<Resource>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl World {
    /// Puts accounts together. Nothing fails: what is wrong is among [`World::problems`].
    pub fn build(inputs: impl IntoIterator<Item = Input>, sides: Sides) -> Self {
        let mut building = Building::default();
        for input in inputs {
            building.take(input);
        }
        building.finish(sides)
    }

    /// One account, whole, and nothing beside it.
    pub fn of(name: &str, details: AuthorizationDetails) -> Self {
        Self::build([Input::new(name, details)], Sides::default())
    }
}

/// A world in the making.
#[derive(Default)]
pub(super) struct Building {
    pub(super) world: World,
    pub(super) interned: Interned,
    accounts: HashMap<(Box<str>, Box<str>), AccountId>,
    /// By position in [`World::accounts`].
    pub(super) coverage: Vec<Coverage>,
    /// Of the input before.
    last_accounts: Vec<AccountId>,
    seen: HashSet<Box<str>>,
    /// By account and ARN.
    pub(super) policies: HashMap<AccountId, HashMap<Box<str>, PolicyId>>,
    /// By account and name.
    pub(super) groups: HashMap<AccountId, HashMap<Box<str>, GroupId>>,
    /// What AWS's policies say, whichever file says it: they are the same everywhere.
    pub(super) aws: HashMap<Box<str>, Option<Document>>,
    /// By position in [`World::groups`].
    pub(super) group_drafts: Vec<Vec<Attached>>,
    /// By position in [`World::principals`].
    pub(super) drafts: Vec<Draft>,
    pub(super) unknown: Unknown,
}

/// What of a principal can be resolved only when all inputs are in.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) attached: Vec<Attached>,
    pub(super) groups: Vec<String>,
    pub(super) boundary: Option<String>,
}

/// How much of an account the inputs hold.
#[derive(Default)]
pub(super) struct Coverage {
    /// Names of the inputs.
    pub(super) inputs: Vec<String>,
    /// Lists that no input has.
    pub(super) missing: Vec<&'static str>,
    /// An input does not say that more follows.
    pub(super) has_end: bool,
    pub(super) is_damaged: bool,
}

pub(super) const NOTHING_TO_ANALYSE: &str = "it names no user, role or group, so there is nothing in it to analyse. If the account has some, export it again with permission for iam:GetAccountAuthorizationDetails";

/// What is common to the entries of an input while it is taken.
#[derive(Default)]
pub(super) struct Taking {
    name: String,
    accounts: Vec<AccountId>,
    /// How many ARNs were there already, and the first of them.
    repeated: Option<(Box<str>, usize)>,
    has_policies: bool,
}

impl Taking {
    pub(super) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

impl Building {
    pub(super) fn take(&mut self, mut input: Input) {
        let mut taking = Taking::of(&input.name);
        self.part(std::mem::take(&mut input.details), &mut taking);
        self.end(input, taking);
    }

    /// Takes some of an input.
    pub(super) fn part(&mut self, details: AuthorizationDetails, taking: &mut Taking) {
        taking.has_policies |= !details.policies.is_empty();
        for policy in details.policies {
            self.policy(policy, taking);
        }
        for group in details.groups {
            self.group(group, taking);
        }
        for user in details.users {
            self.user(user, taking);
        }
        for role in details.roles {
            self.role(role, taking);
        }
    }

    /// Takes what is to be said of an input as a whole, after its parts.
    pub(super) fn end(&mut self, mut input: Input, mut taking: Taking) {
        self.world.problems.append(&mut input.problems);
        if taking.accounts.is_empty() {
            // A page that holds only AWS's own policies goes on where the one before it ended.
            if taking.has_policies {
                taking.accounts.clone_from(&self.last_accounts);
            }
            if taking.accounts.is_empty() {
                self.problem(&taking.name, NOTHING_TO_ANALYSE);
            }
        } else {
            self.last_accounts.clone_from(&taking.accounts);
        }
        self.tell_repeated(&taking);
        for id in taking.accounts {
            let Some(coverage) = self.coverage.get_mut(id.0 as usize) else { continue };
            if coverage.inputs.is_empty() {
                coverage.missing.clone_from(&input.missing);
            } else {
                coverage.missing.retain(|list| input.missing.contains(list));
            }
            coverage.inputs.push(taking.name.clone());
            coverage.has_end |= !input.is_continued;
            coverage.is_damaged |= input.is_damaged;
        }
    }

    fn tell_repeated(&mut self, taking: &Taking) {
        let Some((first, count)) = &taking.repeated else { return };
        let what = match count - 1 {
            0 => format!("{first} was there already; the first is kept, this one is passed over"),
            more => format!(
                "{first} and {more} more were there already; the first of each is kept, these are passed over"
            ),
        };
        self.problem(&taking.name, what);
    }

    pub(super) fn problem(&mut self, r#where: impl Into<String>, what: impl Into<String>) {
        self.world.problems.push(Problem { r#where: r#where.into(), what: what.into() });
    }

    /// The account of an entry that is not known yet.
    fn admit(&mut self, arn: &str, taking: &mut Taking) -> Option<AccountId> {
        let Some(id) = account_of(arn) else {
            self.problem(
                format!("{}: {arn}", taking.name),
                "its ARN names no account of 12 digits, so it is not analysed",
            );
            return None;
        };
        let partition = arn.split(':').nth(1).unwrap_or_default();
        let account = self.account(partition, id);
        if !taking.accounts.contains(&account) {
            taking.accounts.push(account);
        }
        if self.seen.insert(arn.into()) {
            return Some(account);
        }
        taking.repeated.get_or_insert_with(|| (arn.into(), 0)).1 += 1;
        None
    }

    fn account(&mut self, partition: &str, id: &str) -> AccountId {
        let key = (Box::from(partition), Box::from(id));
        if let Some(account) = self.accounts.get(&key) {
            return *account;
        }
        let account = AccountId(position(self.world.accounts.len()));
        self.world.accounts.push(Account {
            id: key.1.clone(),
            partition: key.0.clone(),
            scps: None,
            is_management: false,
            is_complete: true,
        });
        self.coverage.push(Coverage::default());
        self.accounts.insert(key, account);
        account
    }

    fn compile(
        &mut self,
        written: &Written,
        r#where: impl FnOnce() -> String,
        consequence: &str,
    ) -> Option<Document> {
        match written {
            Written::Read(policy) => Some(self.interned.compile(policy)),
            Written::Unreadable(why) => {
                self.problem(r#where(), format!("{why}; {consequence}"));
                None
            }
        }
    }

    fn policy(&mut self, policy: ManagedPolicy, taking: &mut Taking) {
        let is_aws = is_aws(&policy.arn);
        let account = if is_aws {
            if self.aws.contains_key(policy.arn.as_str()) {
                return;
            }
            None
        } else {
            let Some(account) = self.admit(&policy.arn, taking) else { return };
            Some(account)
        };
        let name = &taking.name;
        let mut document = None;
        let mut others = Vec::new();
        let mut has_default = false;
        for version in &policy.versions {
            let r#where = || format!("{name}: {} {}", policy.arn, version.id);
            if version.is_default {
                has_default = true;
                let consequence = "what it gives or forbids those it is attached to is unknown";
                document = self.compile(&version.document, r#where, consequence);
            } else if !is_aws {
                let consequence = "what it would give once it is made the default is unknown";
                if let Some(other) = self.compile(&version.document, r#where, consequence) {
                    others.push((Box::from(version.id.as_str()), other));
                }
            }
        }
        if !has_default {
            self.problem(
                format!("{name}: {}", policy.arn),
                "none of its versions is the default one, so what it gives or forbids those it is attached to is unknown",
            );
        }
        let Some(account) = account else {
            self.aws.insert(policy.arn.into(), document);
            return;
        };
        self.add_policy(account, policy.arn.into(), document, others.into());
    }

    pub(super) fn add_policy(
        &mut self,
        account: AccountId,
        arn: Box<str>,
        document: Option<Document>,
        others: Box<[(Box<str>, Document)]>,
    ) -> PolicyId {
        let id = PolicyId(position(self.world.policies.len()));
        self.policies.entry(account).or_default().insert(arn.clone(), id);
        let is_aws = is_aws(&arn);
        let (principals, groups) = (Vec::new(), Vec::new());
        self.world.policies.push(Managed { arn, is_aws, document, others, principals, groups });
        id
    }

    fn inline(&mut self, inline: &[Inline], arn: &str, taking: &Taking) -> Vec<Attachment> {
        let name = &taking.name;
        let consequence = "what it gives or forbids is unknown";
        let attachments = inline.iter().map(|policy| Attachment {
            name: policy.name.as_str().into(),
            document: self.compile(
                &policy.document,
                || format!("{name}: {arn} {}", policy.name),
                consequence,
            ),
            managed: None,
            group: None,
        });
        attachments.collect()
    }

    fn group(&mut self, group: iam::Group, taking: &mut Taking) {
        let Some(account) = self.admit(&group.arn, taking) else { return };
        let policies = self.inline(&group.inline, &group.arn, taking).into();
        let id = GroupId(position(self.world.groups.len()));
        self.groups.entry(account).or_default().insert(group.name.as_str().into(), id);
        let (arn, name) = (group.arn.into(), group.name.into());
        self.world.groups.push(Group { arn, name, account, policies, members: Vec::new() });
        self.group_drafts.push(group.attached);
    }

    fn user(&mut self, user: iam::User, taking: &mut Taking) {
        let Some(account) = self.admit(&user.arn, taking) else { return };
        let policies = self.inline(&user.inline, &user.arn, taking).into();
        self.drafts.push(Draft {
            attached: user.attached,
            groups: user.groups,
            boundary: user.boundary,
        });
        self.world.principals.push(Principal {
            arn: user.arn.into(),
            name: user.name.into(),
            kind: Kind::User,
            account,
            tags: tags(user.tags),
            policies,
            groups: Box::default(),
            boundary: Boundary::None,
            trust: None,
            instance_profiles: Box::default(),
            is_service_linked: false,
            is_reserved: false,
        });
    }

    fn role(&mut self, role: iam::Role, taking: &mut Taking) {
        let Some(account) = self.admit(&role.arn, taking) else { return };
        let policies = self.inline(&role.inline, &role.arn, taking).into();
        let name = &taking.name;
        let trust = self.compile(
            &role.trust,
            || format!("{name}: {} trust policy", role.arn),
            "who may assume the role is unknown",
        );
        self.drafts.push(Draft {
            attached: role.attached,
            groups: Vec::new(),
            boundary: role.boundary,
        });
        self.world.principals.push(Principal {
            is_service_linked: role.arn.contains(":role/aws-service-role/"),
            is_reserved: role.arn.contains(":role/aws-reserved/"),
            arn: role.arn.into(),
            name: role.name.into(),
            kind: Kind::Role,
            account,
            tags: tags(role.tags),
            policies,
            groups: Box::default(),
            boundary: Boundary::None,
            trust,
            instance_profiles: role.instance_profiles.into_iter().map(Into::into).collect(),
        });
    }
}

fn tags(tags: Vec<Tag>) -> Box<[(Box<str>, Box<str>)]> {
    tags.into_iter().map(|tag| (tag.key.into(), tag.value.into())).collect()
}

fn is_aws(arn: &str) -> bool {
    arn.contains(":iam::aws:policy/")
}

/// A position as ids hold it. Files are bounded far below the number of ids.
pub(super) fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl PrincipalId {
    pub(super) fn at(position: usize) -> Self {
        Self(self::position(position))
    }
}
