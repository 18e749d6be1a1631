//! From what IAM says to credentials with holders; the same for a live account and for a file.
//!
//! ```text
//!   AuthorizationDetails ─┬─ roles ────────────▶ RoleTrust ──┐
//!   AccessKey (live only) ┼─ users × keys ─────▶ AccessKey   ├─▶ clues ─▶ catalogue ─▶ holders
//!                         ├─ users (no keys) ──▶ IamUser     │
//!   providers (live only) ┴────────────────────▶ Federation ─┘
//! ```

use super::{
    reach::Reaches,
    seal::{SEAL_POLICY_NAME, Seal, seal_of},
};
use crate::{
    domain::{
        Clue, ClueKind, Credential, CredentialStatus, Environment, Fact, FaultKind, Gap, LastUsed,
        Locator, Part, Principal, PrincipalKind, Protocol, SourceFault, SourceName, Untrusted,
    },
    iam::{
        AuthorizationDetails, Document, Grants, PolicyIndex, Role, Tag, User, account_of,
        role_clues, trusts, user_clues,
    },
    sources::Lens,
};
use jiff::Timestamp;
use std::collections::HashMap;

/// An access key as a live account lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// `AKIA…`.
    pub id: String,
    /// Whether it authenticates.
    pub is_active: bool,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was used.
    pub last_used: LastUsed,
}

/// An identity provider as a live account lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its ARN.
    pub arn: String,
    /// OIDC or SAML.
    pub protocol: Protocol,
    /// Issuer of an OIDC provider, without `https://`.
    pub issuer: Option<String>,
    /// When it was registered.
    pub created: Option<Timestamp>,
    /// Client ids (audiences) an OIDC provider takes tokens for.
    pub client_ids: Vec<String>,
    /// Until when a SAML provider's metadata is valid.
    pub valid_until: Option<Timestamp>,
    /// Its tags, where they are read.
    pub tags: Vec<Tag>,
}

/// What all credentials of one source have in common.
#[derive(Debug, Clone, Copy)]
pub struct Inventory<'a> {
    /// Which source they are from.
    pub source: &'a SourceName,
    /// Who is an AI tool, and what is production.
    pub lens: &'a Lens,
    /// `production = …` of the configuration entry.
    pub declared: Option<bool>,
    /// The account's alias, where it is known.
    pub alias: Option<&'a str>,
    /// How far its users and roles get, where that has been asked.
    pub reach: &'a Reaches,
}

impl Inventory<'_> {
    /// One credential for every access key of the users. Users that are gone are passed over.
    pub fn access_keys(
        &self,
        details: &AuthorizationDetails,
        keys: &HashMap<String, Vec<AccessKey>>,
        part: &Part,
    ) -> Vec<Credential> {
        let index = PolicyIndex::new(details);
        let mut all = Vec::new();
        for user in &details.users {
            let Some(keys) = keys.get(&user.name).filter(|keys| !keys.is_empty()) else { continue };
            let template = self.user(user, &index, part);
            for key in keys {
                let account = account_id(&user.arn);
                let locator =
                    Locator::AccessKey { account, user: user.name.clone(), key_id: key.id.clone() };
                all.push(Credential {
                    id: locator.id(self.source),
                    locator,
                    label: key.id.as_str().into(),
                    status: if key.is_active {
                        CredentialStatus::Active
                    } else {
                        CredentialStatus::Inactive
                    },
                    created: key.created,
                    last_used: key.last_used.clone(),
                    ..template.clone()
                });
            }
        }
        all
    }

    /// One credential for every user, where keys cannot be listed.
    pub fn users(&self, details: &AuthorizationDetails, part: &Part) -> Vec<Credential> {
        let index = PolicyIndex::new(details);
        details.users.iter().map(|user| self.user(user, &index, part)).collect()
    }

    /// One credential for every role.
    pub fn roles(&self, details: &AuthorizationDetails, part: &Part) -> Vec<Credential> {
        let index = PolicyIndex::new(details);
        details.roles.iter().map(|role| self.role(role, &index, part)).collect()
    }

    /// One credential for every identity provider.
    pub fn providers(&self, providers: &[Provider], part: &Part) -> Vec<Credential> {
        providers.iter().map(|provider| self.provider(provider, part)).collect()
    }

    /// The user as such: [`Inventory::access_keys`] puts a key in its place.
    fn user(&self, user: &User, index: &PolicyIndex<'_>, part: &Part) -> Credential {
        let account = account_id(&user.arn);
        let grants = Grants::of_user(user, index);
        let mut facts = self.facts(&user.arn, &user.path, &account);
        if let Some(created) = user.created {
            facts.push(Fact::at("user created", created));
        }
        if !user.groups.is_empty() {
            facts.push(Fact::new("groups", user.groups.join(", ")));
        }
        facts.extend(grant_facts(&grants));
        facts.extend(tag_facts(&user.tags));
        let locator = Locator::IamUser { account: account.clone(), user: user.name.clone() };
        Credential {
            id: locator.id(self.source),
            source: self.source.clone(),
            part: part.clone(),
            locator,
            principal: principal(PrincipalKind::IamUser, &user.name, &user.arn, &account),
            label: user.name.as_str().into(),
            environment: self.environment(&account),
            status: CredentialStatus::Active,
            created: user.created,
            last_used: LastUsed::Unknown,
            grants: grants.summary().into_iter().map(Untrusted::new).collect(),
            facts,
            holders: self.lens.catalogue.recognise(&user_clues(user, index)),
            reach: self.reach.get(&user.arn),
        }
    }

    fn role(&self, role: &Role, index: &PolicyIndex<'_>, part: &Part) -> Credential {
        let account = account_id(&role.arn);
        let seal = seal_of(role);
        let without = (seal == Seal::Ours).then_some(SEAL_POLICY_NAME);
        let grants = Grants::of_role(role, index, without);
        let mut facts = self.facts(&role.arn, &role.path, &account);
        match &role.trust {
            Document::Read(policy) => {
                facts.extend(trusts(policy).map(|trust| Fact::new("trusts", trust.describe())));
            }
            Document::Unreadable(why) => {
                facts.push(Fact::new("trusts", format!("unknown: {why}")));
            }
        }
        facts.extend(grant_facts(&grants));
        if !role.instance_profiles.is_empty() {
            facts.push(Fact::new("instance profiles", role.instance_profiles.join(", ")));
        }
        if role.is_managed_by_aws() {
            facts.push(Fact::new("managed by", "AWS: this account cannot edit it"));
        }
        if seal == Seal::Foreign {
            facts.push(Fact::new(
                "not sealed",
                format!("an inline policy named {SEAL_POLICY_NAME} is not the one we write"),
            ));
        }
        facts.extend(tag_facts(&role.tags));
        let last_used = match role.last_used.as_ref().map(|last| (last.at, &last.region)) {
            None => LastUsed::Unknown,
            Some((Some(at), region)) => {
                LastUsed::At { at, what: region.clone().unwrap_or_default().into() }
            }
            Some((None, _)) => {
                facts.push(Fact::new("last use", "not within the 400 days AWS keeps"));
                LastUsed::Never
            }
        };
        let locator = Locator::RoleTrust { account: account.clone(), role: role.name.clone() };
        Credential {
            id: locator.id(self.source),
            source: self.source.clone(),
            part: part.clone(),
            locator,
            principal: principal(PrincipalKind::IamRole, &role.name, &role.arn, &account),
            label: role.name.as_str().into(),
            environment: self.environment(&account),
            status: if seal == Seal::Ours {
                CredentialStatus::Sealed
            } else {
                CredentialStatus::Active
            },
            created: role.created,
            last_used,
            grants: grants.summary().into_iter().map(Untrusted::new).collect(),
            facts,
            holders: self.lens.catalogue.recognise(&role_clues(role)),
            reach: self.reach.get(&role.arn),
        }
    }

    fn provider(&self, provider: &Provider, part: &Part) -> Credential {
        let account = account_id(&provider.arn);
        let name = match &provider.issuer {
            Some(issuer) => issuer.as_str(),
            None => provider.arn.rsplit('/').next().unwrap_or(&provider.arn),
        };
        let mut clues: Vec<Clue> =
            provider.issuer.iter().map(|i| Clue::new(ClueKind::OidcIssuer, i.as_str())).collect();
        clues.extend(
            provider
                .tags
                .iter()
                .map(|t| Clue::new(ClueKind::IamTag, format!("{}={}", t.key, t.value))),
        );
        let mut facts = self.facts(&provider.arn, "/", &account);
        if let Some(until) = provider.valid_until {
            facts.push(Fact::at("metadata valid until", until));
        }
        facts.extend(tag_facts(&provider.tags));
        let audiences =
            provider.client_ids.iter().map(|id| Untrusted::new(format!("audience {id}")));
        let locator = Locator::FederationProvider {
            account: account.clone(),
            arn: provider.arn.clone(),
            protocol: provider.protocol,
        };
        Credential {
            id: locator.id(self.source),
            source: self.source.clone(),
            part: part.clone(),
            locator,
            principal: principal(PrincipalKind::FederatedIdentity, name, &provider.arn, &account),
            label: name.into(),
            environment: self.environment(&account),
            status: CredentialStatus::Active,
            created: provider.created,
            last_used: LastUsed::Unknown,
            grants: audiences.collect(),
            facts,
            holders: self.lens.catalogue.recognise(&clues),
            reach: None,
        }
    }

    fn environment(&self, account: &str) -> Environment {
        self.lens.production.account(account, self.declared)
    }

    fn facts(&self, arn: &str, path: &str, account: &str) -> Vec<Fact> {
        let mut facts = vec![Fact::new("ARN", arn)];
        facts.push(match self.alias {
            Some(alias) => Fact::new("account", format!("{account} ({alias})")),
            None => Fact::new("account", account),
        });
        if path != "/" {
            facts.push(Fact::new("path", path));
        }
        facts
    }
}

/// A gap that says which policies cannot be read, if there are any.
pub fn unreadable_policies(
    details: &AuthorizationDetails,
    part: Part,
    kind: FaultKind,
    during: &str,
) -> Option<Gap> {
    let mut all = details.unreadable();
    let (arn, name, why) = all.next()?;
    let others = match all.count() {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    let detail = format!("{arn}, {name}: {why}{others}. What it grants is not known");
    Some(Gap { part, fault: SourceFault::new(kind, during, detail) })
}

/// The account in an ARN; ARNs without one are shown as such rather than guessed at.
fn account_id(arn: &str) -> String {
    account_of(arn).unwrap_or("unknown").to_owned()
}

fn principal(kind: PrincipalKind, name: &str, arn: &str, account: &str) -> Principal {
    Principal { kind, name: name.into(), native: arn.into(), home: account.into() }
}

fn grant_facts(grants: &Grants) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(boundary) = &grants.boundary {
        facts.push(Fact::new("permission boundary", boundary.as_str()));
    }
    for (name, list) in [
        ("attached policies", &grants.attached),
        ("policies through groups", &grants.through_groups),
        ("inline policies", &grants.inline),
        ("policies of unknown content", &grants.opaque),
    ] {
        if !list.is_empty() {
            facts.push(Fact::new(name, list.join(", ")));
        }
    }
    facts
}

fn tag_facts(tags: &[Tag]) -> impl Iterator<Item = Fact> {
    tags.iter().map(|tag| Fact::new("tag", format!("{} = {}", tag.key, tag.value)))
}
