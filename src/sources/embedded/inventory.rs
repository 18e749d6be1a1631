//! From recorded AWS state to credentials.

use super::{
    SEAL_POLICY,
    access::{Access, AttachedPolicy, Details, Key, KeyStatus, Role, Tag, User},
};
use crate::{
    domain::{
        Clue, ClueKind, Credential, CredentialStatus, Fact, LastUsed, Locator, Part, Principal,
        PrincipalKind, SourceName, Untrusted,
    },
    sources::Lens,
};
use serde_json::Value;

/// Policies that give nearly everything; shown first.
const BROAD: [&str; 2] = ["AdministratorAccess", "PowerUserAccess"];

/// Reads one account's credentials as `source` would list them.
pub(super) struct Inventory<'a> {
    pub source: &'a SourceName,
    pub lens: &'a Lens,
    pub details: &'a Details,
    pub access: &'a Access,
}

impl Inventory<'_> {
    /// Every credential of the account, AI-held or not.
    pub fn credentials(&self) -> Vec<Credential> {
        let keys = self.access.keys.iter().filter_map(|key| self.access_key(key));
        let passwords = self.access.passwords.iter().filter_map(|profile| {
            let user = self.user(&profile.user_name)?;
            let locator = Locator::ConsolePassword {
                account: self.access.account.clone(),
                user: user.user_name.clone(),
            };
            let used = profile.password_last_used;
            let mut found = self.credential(locator, "passwords", user_principal(user), "console");
            found.created = Some(profile.create_date);
            found.last_used = used.map_or(LastUsed::Never, |at| LastUsed::At {
                at,
                what: Untrusted::new("console sign-in"),
            });
            self.describe_user(&mut found, user);
            found.facts.push(Fact::new("MFA", if profile.mfa_enabled { "yes" } else { "none" }));
            Some(found)
        });
        let roles = self.details.roles.iter().map(|role| self.role(role));
        let providers = self.access.providers.iter().map(|provider| {
            let locator = Locator::FederationProvider {
                account: self.access.account.clone(),
                arn: provider.arn.clone(),
                protocol: provider.protocol,
            };
            let name = provider.arn.rsplit_once("provider/").map_or("", |(_, name)| name);
            let principal = Principal {
                kind: PrincipalKind::FederatedIdentity,
                name: Untrusted::new(name),
                native: Untrusted::new(&provider.arn),
                home: Untrusted::new(&self.access.account),
            };
            let mut found = self.credential(locator, "providers", principal, name);
            found.created = Some(provider.create_date);
            for client in &provider.client_ids {
                found.facts.push(Fact::new("audience", client));
            }
            if !provider.url.is_empty() {
                let clues = [Clue::new(ClueKind::OidcIssuer, &provider.url)];
                found.holders = self.lens.catalogue.recognise(&clues);
            }
            found
        });
        keys.chain(passwords).chain(roles).chain(providers).collect()
    }

    fn user(&self, name: &str) -> Option<&User> {
        self.details.users.iter().find(|user| user.user_name == name)
    }

    /// A credential with everything unknown but its place and its principal.
    fn credential(
        &self,
        locator: Locator,
        part: &str,
        principal: Principal,
        label: &str,
    ) -> Credential {
        Credential {
            id: locator.id(self.source),
            source: self.source.clone(),
            part: Part::new(part),
            locator,
            principal,
            label: Untrusted::new(label),
            environment: self.lens.production.account(&self.access.account, None),
            status: CredentialStatus::Active,
            created: None,
            last_used: LastUsed::Unknown,
            grants: Vec::new(),
            facts: vec![Fact::new(
                "account",
                format!("{} ({})", self.access.account, self.access.account_alias),
            )],
            holders: Vec::new(),
        }
    }

    fn access_key(&self, key: &Key) -> Option<Credential> {
        let user = self.user(&key.user_name)?;
        let locator = Locator::AccessKey {
            account: self.access.account.clone(),
            user: user.user_name.clone(),
            key_id: key.access_key_id.clone(),
        };
        let mut found =
            self.credential(locator, "access-keys", user_principal(user), &key.access_key_id);
        found.created = Some(key.create_date);
        if key.status == KeyStatus::Inactive {
            found.status = CredentialStatus::Inactive;
        }
        found.last_used =
            key.access_key_last_used.as_ref().map_or(LastUsed::Never, |used| LastUsed::At {
                at: used.last_used_date,
                what: Untrusted::new(format!("{} in {}", used.service_name, used.region)),
            });
        self.describe_user(&mut found, user);
        Some(found)
    }

    fn role(&self, role: &Role) -> Credential {
        let locator = Locator::RoleTrust {
            account: self.access.account.clone(),
            role: role.role_name.clone(),
        };
        let principal = Principal {
            kind: PrincipalKind::IamRole,
            name: Untrusted::new(&role.role_name),
            native: Untrusted::new(&role.arn),
            home: Untrusted::new(&self.access.account),
        };
        let mut found = self.credential(locator, "roles", principal, &role.role_name);
        found.created = Some(role.create_date);
        found.last_used = role.role_last_used.last_used_date.map_or(LastUsed::Never, |at| {
            let region = role.role_last_used.region.as_deref().unwrap_or("an unknown region");
            LastUsed::At { at, what: Untrusted::new(region) }
        });
        if role.role_policy_list.iter().any(|policy| policy.policy_name == SEAL_POLICY) {
            found.status = CredentialStatus::Sealed;
        }
        let inline = role.role_policy_list.iter().map(|policy| policy.policy_name.as_str());
        found.grants = grants(&role.attached_managed_policies, inline);
        found.facts.push(Fact::new("path", &role.path));

        let mut clues = naming_clues(&role.role_name, &role.path, &role.tags);
        clues.extend(policy_clues(&role.attached_managed_policies));
        for trusted in trusted(&role.assume_role_policy_document) {
            found.facts.push(Fact::new("trusts", trusted.text()));
            clues.extend(trusted.clue());
        }
        if let Some(boundary) = &role.permissions_boundary {
            found.facts.push(Fact::new("permission boundary", &boundary.permissions_boundary_arn));
        }
        found.facts.extend(tag_facts(&role.tags));
        found.holders = self.lens.catalogue.recognise(&clues);
        found
    }

    /// What a user's credentials have in common: grants, facts, holders.
    fn describe_user(&self, found: &mut Credential, user: &User) {
        let inline = user.user_policy_list.iter().map(|policy| policy.policy_name.as_str());
        found.grants = grants(&user.attached_managed_policies, inline);
        found.facts.push(Fact::new("path", &user.path));
        for name in &user.group_list {
            let group = self.details.groups.iter().find(|group| &group.group_name == name);
            let policies = group.map_or(&[][..], |group| &group.attached_managed_policies);
            found.facts.push(Fact::new("group", name));
            found.grants.extend(
                policies
                    .iter()
                    .map(|policy| Untrusted::new(format!("{} (group {name})", policy.policy_name))),
            );
        }
        if let Some(boundary) = &user.permissions_boundary {
            found.facts.push(Fact::new("permission boundary", &boundary.permissions_boundary_arn));
        }
        found.facts.extend(tag_facts(&user.tags));
        let mut clues = naming_clues(&user.user_name, &user.path, &user.tags);
        clues.extend(policy_clues(&user.attached_managed_policies));
        found.holders = self.lens.catalogue.recognise(&clues);
    }
}

fn user_principal(user: &User) -> Principal {
    Principal {
        kind: PrincipalKind::IamUser,
        name: Untrusted::new(&user.user_name),
        native: Untrusted::new(&user.arn),
        home: Untrusted::new(user.arn.split(':').nth(4).unwrap_or_default()),
    }
}

fn grants<'a>(
    attached: &'a [AttachedPolicy],
    inline: impl Iterator<Item = &'a str>,
) -> Vec<Untrusted> {
    let mut names: Vec<&str> = attached.iter().map(|policy| policy.policy_name.as_str()).collect();
    names.sort_by_key(|name| !BROAD.contains(name));
    names.into_iter().chain(inline).map(Untrusted::new).collect()
}

fn naming_clues(name: &str, path: &str, tags: &[Tag]) -> Vec<Clue> {
    let mut clues = vec![Clue::new(ClueKind::IamName, name), Clue::new(ClueKind::IamPath, path)];
    clues.extend(
        tags.iter().map(|tag| Clue::new(ClueKind::IamTag, format!("{}={}", tag.key, tag.value))),
    );
    clues
}

fn policy_clues(attached: &[AttachedPolicy]) -> impl Iterator<Item = Clue> {
    attached.iter().map(|policy| Clue::new(ClueKind::ManagedPolicy, &policy.policy_arn))
}

fn tag_facts(tags: &[Tag]) -> impl Iterator<Item = Fact> {
    tags.iter().map(|tag| Fact::new(format!("tag {}", tag.key), &tag.value))
}

/// Someone a trust policy lets in.
enum Trusted<'a> {
    Service(&'a str),
    Principal(&'a str),
    Subject { issuer: &'a str, pattern: &'a str },
}

impl Trusted<'_> {
    fn text(&self) -> String {
        match self {
            Self::Service(name) | Self::Principal(name) => (*name).to_owned(),
            Self::Subject { issuer, pattern } => format!("{issuer}: {pattern}"),
        }
    }

    fn clue(&self) -> Option<Clue> {
        match self {
            Self::Service(name) => Some(Clue::new(ClueKind::TrustedService, *name)),
            Self::Subject { issuer, pattern } => {
                Some(Clue::new(ClueKind::OidcSubject, format!("{issuer}|{pattern}")))
            }
            Self::Principal(_) => None,
        }
    }
}

/// Who the recorded trust policies of this world let in. Their statements are lists of one form
/// (one principal, one condition operator with plain strings); reading policies in general is the
/// work of the `iam` room.
fn trusted(document: &Value) -> Vec<Trusted<'_>> {
    let statements = document.get("Statement").and_then(Value::as_array);
    let mut out = Vec::new();
    for statement in statements.into_iter().flatten() {
        let Some(principals) = statement.get("Principal").and_then(Value::as_object) else {
            continue;
        };
        for (kind, name) in principals {
            let Some(name) = name.as_str() else { continue };
            out.push(if kind == "Service" {
                Trusted::Service(name)
            } else {
                Trusted::Principal(name)
            });
        }
        let operators = statement.get("Condition").and_then(Value::as_object);
        for (key, wanted) in operators
            .into_iter()
            .flat_map(|operators| operators.values())
            .filter_map(Value::as_object)
            .flatten()
        {
            if let (Some(issuer), Some(pattern)) = (key.strip_suffix(":sub"), wanted.as_str()) {
                out.push(Trusted::Subject { issuer, pattern });
            }
        }
    }
    out
}
