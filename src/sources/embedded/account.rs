//! An AWS account of the embedded world.

use super::{
    World,
    access::{Access, KeyStatus},
    calls,
};
use crate::{
    domain::{
        Action, Call, Count, Credential, Fate, FaultKind, Locator, Observation, Order, OrderKind,
        Outcome, Part, Preview, Receipt, SourceFault, SourceKind, SourceName, Undo, Untrusted,
    },
    iam::{AuthorizationDetails, load_reader},
    sources::{
        Diagnosis, Lens, Progress, Reread, Source, Verdict,
        aws::{
            SEAL_DOCUMENT, SEAL_POLICY_NAME, Seal,
            inventory::Inventory,
            reach::{Beside, Reaches},
            seal_of,
        },
    },
};
use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::Path;

/// Reads and changes one recorded account.
pub struct EmbeddedAccount {
    world: World,
    name: SourceName,
    details_file: String,
    access_file: String,
    lens: Lens,
}

impl EmbeddedAccount {
    /// The account whose files start with `account` (`production`, `analytics`).
    pub fn new(world: World, account: &str, lens: Lens) -> Self {
        Self {
            world,
            name: SourceName::new(SourceKind::Aws, account),
            details_file: format!("{account}-authorization-details.json"),
            access_file: format!("{account}-access.json"),
            lens,
        }
    }

    fn cannot(&self, during: &str, why: &str) -> SourceFault {
        SourceFault::new(FaultKind::Refused, format!("{}: {during}", self.name), why)
    }

    /// The order that undoes another, where there is one.
    fn inverse(order: &OrderKind) -> Option<OrderKind> {
        match order {
            OrderKind::SetAccessKey { user, key_id, active } => Some(OrderKind::SetAccessKey {
                user: user.clone(),
                key_id: key_id.clone(),
                active: !active,
            }),
            OrderKind::SealRole { role } => Some(OrderKind::UnsealRole { role: role.clone() }),
            OrderKind::UnsealRole { role } => Some(OrderKind::SealRole { role: role.clone() }),
            _ => None,
        }
    }

    fn preview(order: OrderKind, last_used: crate::domain::LastUsed) -> Preview {
        let undo = Self::inverse(&order).and_then(|back| calls::of(&back).pop()).map_or_else(
            || Undo::No { because: "there is no call that takes it back".to_owned() },
            |call| Undo::By { call },
        );
        Preview { calls: calls::of(&order), order, last_used, undo, warnings: Vec::new() }
    }

    fn set_key(&self, key_id: &str, active: bool) -> Result<Result<String, String>, SourceFault> {
        self.world.change(&self.access_file, |access: &mut Access| {
            let key = access.keys.iter_mut().find(|key| key.access_key_id == key_id);
            let key = key.ok_or("NoSuchEntity (404): there is no such access key")?;
            key.status = if active { KeyStatus::Active } else { KeyStatus::Inactive };
            Ok(format!("200 UpdateAccessKey: {key_id} is {:?}", key.status))
        })
    }

    /// The authorization details, read as those of any account are.
    fn details(&self) -> Result<AuthorizationDetails, SourceFault> {
        let file = &self.details_file;
        let text = self.world.text(file)?;
        let loaded = load_reader(Path::new(file), text.as_slice());
        loaded.map(|loaded| loaded.details).map_err(|error| {
            SourceFault::new(FaultKind::Malformed, format!("demo world: {file}"), error.to_string())
        })
    }

    fn seal(&self, name: &str, seal: bool) -> Result<Result<String, String>, SourceFault> {
        let change = |details: &mut Value| {
            let policies = inline_policies(details, name)
                .ok_or_else(|| format!("NoSuchEntity (404): there is no role {name}"))?;
            let before = policies.len();
            policies.retain(|policy| policy["PolicyName"] != SEAL_POLICY_NAME);
            if seal {
                let document: Value =
                    serde_json::from_str(SEAL_DOCUMENT).map_err(|error| error.to_string())?;
                policies.push(json!({"PolicyName": SEAL_POLICY_NAME, "PolicyDocument": document}));
                return Ok(format!("200 PutRolePolicy: {SEAL_POLICY_NAME} is on {name}"));
            }
            if policies.len() == before {
                return Err(format!("NoSuchEntity (404): {name} carries no {SEAL_POLICY_NAME}"));
            }
            Ok(format!("200 DeleteRolePolicy: {SEAL_POLICY_NAME} taken off {name}"))
        };
        self.world.change(&self.details_file, change)
    }
}

/// The inline policies of a role, in the recorded document.
fn inline_policies<'a>(details: &'a mut Value, role: &str) -> Option<&'a mut Vec<Value>> {
    let mut roles = details.get_mut("RoleDetailList")?.as_array_mut()?.iter_mut();
    roles.find(|found| found["RoleName"] == role)?.get_mut("RolePolicyList")?.as_array_mut()
}

#[async_trait]
impl Source for EmbeddedAccount {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Embedded
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        let details = self.details()?;
        let access: Access = self.world.read(&self.access_file)?;
        progress.step("users", details.users.len(), Some(details.users.len()));
        let reach =
            Reaches::of_account(self.name.as_str(), details.clone(), &Beside::default()).await;
        let inventory = Inventory {
            source: &self.name,
            lens: &self.lens,
            declared: None,
            alias: Some(&access.account_alias),
            reach: &reach,
        };
        let mut credentials =
            inventory.access_keys(&details, &access.keys_by_user(), &Part::new("access-keys"));
        credentials.extend(inventory.roles(&details, &Part::new("roles")));
        let providers = access.identity_providers();
        credentials.extend(inventory.providers(&providers, &Part::new("identity providers")));
        Ok(Observation {
            identity: Untrusted::new(&access.caller_arn),
            credentials,
            actions: Vec::new(),
            counts: vec![
                Count::new("users", details.users.len()),
                Count::new("groups", details.groups.len()),
                Count::new("roles", details.roles.len()),
                Count::new("policies", details.policies.len()),
                Count::new("access keys", access.keys.len()),
                Count::new("identity providers", access.providers.len()),
            ],
            gaps: Vec::new(),
        })
    }

    async fn reread(&self, _: &Action) -> Result<Reread, SourceFault> {
        Ok(Reread::Ended("no action waits in an AWS account of the demo world".to_owned()))
    }

    async fn preview_revoke(&self, credential: &Credential) -> Result<Preview, SourceFault> {
        let last_used = credential.last_used.clone();
        match &credential.locator {
            Locator::AccessKey { user, key_id, .. } => {
                let access: Access = self.world.read(&self.access_file)?;
                let others = access
                    .keys
                    .iter()
                    .filter(|key| &key.user_name == user && &key.access_key_id != key_id)
                    .filter(|key| key.status == KeyStatus::Active)
                    .count();
                let order = OrderKind::SetAccessKey {
                    user: user.clone(),
                    key_id: key_id.clone(),
                    active: false,
                };
                let mut preview = Self::preview(order, last_used);
                if others > 0 {
                    preview.warnings.push(format!("{user} has {others} more active access key(s)"));
                }
                Ok(preview)
            }
            Locator::RoleTrust { role, .. } => {
                if credential.principal.native.raw().contains(":role/aws-service-role/") {
                    return Err(self.cannot("PutRolePolicy", "AWS owns service-linked roles"));
                }
                let mut preview =
                    Self::preview(OrderKind::SealRole { role: role.clone() }, last_used);
                preview.warnings.push(
                    "the deny reaches sessions that are open already, those of people too"
                        .to_owned(),
                );
                Ok(preview)
            }
            Locator::FederationProvider { .. } => Err(self.cannot(
                "revoke",
                "an identity provider serves many roles: seal the roles that trust it instead",
            )),
            _ => Err(self.cannot("revoke", "this account holds no such credential")),
        }
    }

    async fn preview_restore(&self, revoked: &Order) -> Result<Preview, SourceFault> {
        Self::inverse(&revoked.kind)
            .map(|order| Self::preview(order, crate::domain::LastUsed::Unknown))
            .ok_or_else(|| self.cannot("restore", "there is no call that takes it back"))
    }

    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        calls::of(order)
    }

    async fn carry_out(&self, order: &Order) -> Result<Receipt, SourceFault> {
        let answered = match &order.kind {
            OrderKind::SetAccessKey { key_id, active, .. } => self.set_key(key_id, *active)?,
            OrderKind::SealRole { role } => self.seal(role, true)?,
            OrderKind::UnsealRole { role } => self.seal(role, false)?,
            _ => return Err(self.cannot("carry out", "an AWS account cannot do that")),
        };
        Ok(receipt(order, answered))
    }

    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault> {
        let done = match &order.kind {
            OrderKind::SetAccessKey { key_id, active, .. } => {
                let wanted = if *active { KeyStatus::Active } else { KeyStatus::Inactive };
                let access: Access = self.world.read(&self.access_file)?;
                access.keys.iter().any(|key| &key.access_key_id == key_id && key.status == wanted)
            }
            OrderKind::SealRole { role } | OrderKind::UnsealRole { role } => {
                let details = self.details()?;
                let found = details.roles.iter().find(|found| &found.name == role);
                let sealed = found.is_some_and(|found| seal_of(found) == Seal::Ours);
                sealed == matches!(order.kind, OrderKind::SealRole { .. })
            }
            _ => return Ok(Fate::Unknown),
        };
        Ok(if done { Fate::Done } else { Fate::NotDone })
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        let verdict = match self.world.read::<Access>(&self.access_file) {
            Ok(access) => Verdict::Good { saw: Untrusted::new(access.caller_arn) },
            Err(fault) => Verdict::Bad { next_step: fault.next_step(), problem: fault.detail },
        };
        vec![Diagnosis { what: "sts:GetCallerIdentity (demo world)".to_owned(), verdict }]
    }
}

/// What the embedded world answers, marked as its own.
pub(super) fn receipt(order: &Order, answered: Result<String, String>) -> Receipt {
    let (outcome, answer) = match answered {
        Ok(answer) => (Outcome::Done, answer),
        Err(answer) => (Outcome::Refused, answer),
    };
    Receipt {
        order: order.id.clone(),
        outcome,
        answer: Untrusted::new(format!("{answer} (demo world)")),
        at: Timestamp::now(),
    }
}
