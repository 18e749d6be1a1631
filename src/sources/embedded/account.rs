//! An AWS account of the embedded world.

use super::{
    SEAL_POLICY, World,
    access::{Access, Details, InlinePolicy, KeyStatus},
    calls,
    inventory::Inventory,
};
use crate::{
    domain::{
        Action, Call, Count, Credential, Fate, FaultKind, Locator, Observation, Order, OrderKind,
        Outcome, Preview, Receipt, SourceFault, SourceKind, SourceName, Undo, Untrusted,
    },
    sources::{Diagnosis, Lens, Progress, Reread, Source, Verdict},
};
use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::json;

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

    fn seal(&self, name: &str, seal: bool) -> Result<Result<String, String>, SourceFault> {
        self.world.change(&self.details_file, |details: &mut Details| {
            let role = details.roles.iter_mut().find(|role| role.role_name == name);
            let role = role.ok_or("NoSuchEntity (404): there is no such role")?;
            let before = role.role_policy_list.len();
            role.role_policy_list.retain(|policy| policy.policy_name != SEAL_POLICY);
            if seal {
                role.role_policy_list.push(InlinePolicy {
                    policy_name: SEAL_POLICY.to_owned(),
                    policy_document: json!({
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
                    }),
                });
                return Ok(format!("200 PutRolePolicy: {SEAL_POLICY} denies everything to {name}"));
            }
            if role.role_policy_list.len() == before {
                return Err(format!("NoSuchEntity (404): {name} carries no {SEAL_POLICY}"));
            }
            Ok(format!("200 DeleteRolePolicy: {SEAL_POLICY} taken off {name}"))
        })
    }
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
        let details: Details = self.world.read(&self.details_file)?;
        let access: Access = self.world.read(&self.access_file)?;
        progress.step("users", details.users.len(), Some(details.users.len()));
        let inventory =
            Inventory { source: &self.name, lens: &self.lens, details: &details, access: &access };
        Ok(Observation {
            identity: Untrusted::new(&access.caller_arn),
            credentials: inventory.credentials(),
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
            Locator::ConsolePassword { .. } => Err(self.cannot(
                "revoke",
                "console passwords are not taken away from here: use iam:DeleteLoginProfile",
            )),
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
                let details: Details = self.world.read(&self.details_file)?;
                let sealed = details
                    .roles
                    .iter()
                    .filter(|found| &found.role_name == role)
                    .flat_map(|found| &found.role_policy_list)
                    .any(|policy| policy.policy_name == SEAL_POLICY);
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
