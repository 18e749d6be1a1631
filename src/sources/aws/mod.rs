//! A live AWS account: who is in it, with which keys and trusts, and switching them off and on.
//!
//! ```text
//!   GetCallerIdentity ─▶ identity
//!   GetAccountAuthorizationDetails ─▶ users, roles, policies ─┐
//!        └▶ ListAccessKeys × users ─▶ GetAccessKeyLastUsed    ├─▶ inventory ─▶ Observation
//!   OIDC and SAML providers, alias ───────────────────────────┘
//!   Order ─▶ UpdateAccessKey │ PutRolePolicy │ DeleteRolePolicy ─▶ Receipt
//! ```
//!
//! Reads are repeated when AWS throttles; writes go through a client of their own that sends
//! everything exactly once.

mod confirm;
mod connect;
mod convert;
mod diagnose;
mod fault;
pub mod inventory;
mod keys;
mod last_use;
mod listing;
mod orders;
mod preview;
pub mod reach;
mod seal;

pub use aws_sdk_iam::config::SharedCredentialsProvider;
pub(in crate::sources) use orders::calls;
pub use seal::{SEAL_DOCUMENT, SEAL_POLICY_NAME};
pub(in crate::sources) use seal::{Seal, seal_of};

use super::{Diagnosis, Lens, Progress, Reread, Source};
use crate::{
    config::AwsAccount,
    domain::{
        Action, Call, Count, Credential, Fate, FaultKind, Gap, Observation, Order, OrderKind, Part,
        Preview, Receipt, SourceFault, SourceKind, SourceName,
    },
    iam::AuthorizationDetails,
};
use async_trait::async_trait;
use connect::Clients;
use inventory::{Inventory, unreadable_policies};
use keys::KeyRounds;
use last_use::LastUses;
use reach::{Beside, Reaches};
use std::time::Duration;

/// One AWS account, as configured in `[[aws]]`.
#[derive(Debug, Clone)]
pub struct AwsSource {
    name: SourceName,
    declared: Option<bool>,
    lens: Lens,
    beside: Beside,
    clients: Clients,
    key_rounds: KeyRounds,
    last_uses: LastUses,
}

impl AwsSource {
    /// Sets the source up with the standard credential chain, the profile and the role of the
    /// settings. Nobody is asked yet, so nothing can fail: a missing profile, a wrong endpoint or
    /// a refused role is a fault of the first poll.
    pub async fn connect(settings: &AwsAccount, lens: Lens) -> Self {
        Self::with(settings, lens, None).await
    }

    /// The same, with credentials that are already at hand in place of the standard chain.
    pub async fn connect_as(
        settings: &AwsAccount,
        lens: Lens,
        base: SharedCredentialsProvider,
    ) -> Self {
        Self::with(settings, lens, Some(base)).await
    }

    /// Everything IAM says of the account, all pages of it, as a poll reads it.
    pub async fn authorization_details(
        &self,
        progress: &Progress,
    ) -> Result<AuthorizationDetails, SourceFault> {
        listing::authorization_details(&self.clients.iam, progress).await
    }

    /// With another limit on the time one poll may spend on listing keys.
    #[must_use]
    pub fn with_key_budget(self, budget: Duration) -> Self {
        Self { key_rounds: self.key_rounds.with_budget(budget), ..self }
    }

    async fn with(
        settings: &AwsAccount,
        lens: Lens,
        base: Option<SharedCredentialsProvider>,
    ) -> Self {
        Self {
            name: SourceName::new(SourceKind::Aws, &settings.name),
            declared: settings.production,
            beside: settings.into(),
            lens,
            clients: Clients::new(settings, base).await,
            key_rounds: KeyRounds::default(),
            last_uses: LastUses::default(),
        }
    }

    /// Keys of the users, and gaps for what could not be read of them.
    async fn read_keys(
        &self,
        details: &AuthorizationDetails,
        inventory: &Inventory<'_>,
        progress: &Progress,
        seen: &mut Observation,
    ) {
        let part = Part::new("access-keys");
        let users = details.users.iter().map(|user| user.name.clone()).collect();
        let mut keys = self.key_rounds.read(&self.clients.iam, users, progress).await;
        let unasked = self.last_uses.fill(&self.clients.iam, &mut keys, progress).await;
        let credentials = inventory.access_keys(details, &keys.by_user, &part);
        seen.counts.push(Count::new("access keys", credentials.len()));
        seen.credentials.extend(credentials);
        seen.gaps.extend(keys.fault.map(|fault| Gap { part, fault }));
        let part = Part::new("last use of access keys");
        seen.gaps.extend(unasked.map(|fault| Gap { part, fault }));
    }
}

#[async_trait]
impl Source for AwsSource {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Aws
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        let iam = &self.clients.iam;
        progress.step("identity", 0, None);
        let identity = listing::identity(&self.clients).await?;
        let (details, oidc, saml, alias) = tokio::join!(
            listing::authorization_details(iam, progress),
            listing::oidc_providers(iam),
            listing::saml_providers(iam),
            listing::alias(iam),
        );
        if let (Err(fault), Err(_), Err(_)) = (&details, &oidc, &saml) {
            return Err(fault.clone());
        }
        let mut seen = Observation { identity: identity.arn.into(), ..Observation::default() };
        let alias = alias.unwrap_or_else(|fault| {
            seen.gaps.push(Gap { part: Part::new("account alias"), fault });
            None
        });
        let reach = match &details {
            Ok(details) => {
                progress.step("paths", 0, None);
                let name = self.name.as_str();
                Reaches::of_account(name, details.clone(), &self.beside).await
            }
            Err(_) => Reaches::default(),
        };
        seen.gaps.extend(reach.gaps.iter().cloned());
        let inventory = Inventory {
            source: &self.name,
            lens: &self.lens,
            declared: self.declared,
            alias: alias.as_deref(),
            reach: &reach,
        };
        for (part, what, read) in
            [("oidc-providers", "OIDC providers", oidc), ("saml-providers", "SAML providers", saml)]
        {
            let part = Part::new(part);
            match read {
                Ok(list) => {
                    seen.counts.push(Count::new(what, list.len()));
                    seen.credentials.extend(inventory.providers(&list, &part));
                }
                Err(fault) => seen.gaps.push(Gap { part, fault }),
            }
        }
        match details {
            Ok(details) => {
                let part = Part::new("roles");
                seen.credentials.extend(inventory.roles(&details, &part));
                seen.counts.push(Count::new("users", details.users.len()));
                seen.counts.push(Count::new("roles", details.roles.len()));
                seen.counts.push(Count::new("policies", details.policies.len()));
                let call = "iam:GetAccountAuthorizationDetails";
                let part = Part::new("policy documents");
                seen.gaps.extend(unreadable_policies(&details, part, FaultKind::Malformed, call));
                self.read_keys(&details, &inventory, progress, &mut seen).await;
            }
            // Whose keys to list is not known either.
            Err(fault) => seen.gaps.extend(
                ["roles", "access-keys"]
                    .map(|part| Gap { part: Part::new(part), fault: fault.clone() }),
            ),
        }
        Ok(seen)
    }

    async fn reread(&self, action: &Action) -> Result<Reread, SourceFault> {
        Err(SourceFault::new(
            FaultKind::Refused,
            "read again",
            format!("{} waits in {}; an AWS account holds no actions", action.id, action.source),
        ))
    }

    async fn preview_revoke(&self, credential: &Credential) -> Result<Preview, SourceFault> {
        preview::preview_revoke(&self.clients, &self.name, credential).await
    }

    async fn preview_restore(&self, revoked: &Order) -> Result<Preview, SourceFault> {
        preview::preview_restore(&self.clients, &self.name, revoked).await
    }

    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        calls(order)
    }

    async fn carry_out(&self, order: &Order) -> Result<Receipt, SourceFault> {
        orders::carry_out(&self.clients, &self.name, order).await
    }

    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault> {
        orders::fate(&self.clients, &self.name, order).await
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        let mut all = diagnose::diagnose(&self.clients).await;
        all.extend(self.beside.diagnose());
        all
    }
}
