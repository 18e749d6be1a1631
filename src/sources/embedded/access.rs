//! What the calls of an AWS inventory besides `GetAccountAuthorizationDetails` would have
//! answered, recorded; fields are named as AWS names them.

use crate::{
    domain::{LastUsed, Protocol, Untrusted},
    sources::aws::inventory,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// `ListAccessKeys`, `GetAccessKeyLastUsed`, the provider listings, `ListAccountAliases` and
/// `GetCallerIdentity`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Access {
    pub account_alias: String,
    pub caller_arn: String,
    #[serde(rename = "AccessKeyMetadata")]
    pub keys: Vec<Key>,
    pub providers: Vec<Provider>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Key {
    pub user_name: String,
    pub access_key_id: String,
    pub status: KeyStatus,
    pub create_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_key_last_used: Option<KeyLastUsed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub(super) enum KeyStatus {
    Active,
    Inactive,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyLastUsed {
    pub last_used_date: Timestamp,
    pub service_name: String,
    pub region: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Provider {
    pub arn: String,
    pub protocol: Protocol,
    pub url: String,
    pub create_date: Timestamp,
    pub client_ids: Vec<String>,
}

impl Access {
    /// The keys by user, as a live account lists them.
    pub fn keys_by_user(&self) -> HashMap<String, Vec<inventory::AccessKey>> {
        let mut keys: HashMap<String, Vec<inventory::AccessKey>> = HashMap::new();
        for key in &self.keys {
            keys.entry(key.user_name.clone()).or_default().push(inventory::AccessKey {
                id: key.access_key_id.clone(),
                is_active: key.status == KeyStatus::Active,
                created: Some(key.create_date),
                last_used: key.access_key_last_used.as_ref().map_or(LastUsed::Never, |used| {
                    let what = format!("{} in {}", used.service_name, used.region);
                    LastUsed::At { at: used.last_used_date, what: Untrusted::new(what) }
                }),
            });
        }
        keys
    }

    /// The identity providers, as a live account lists them.
    pub fn identity_providers(&self) -> Vec<inventory::Provider> {
        let read = |provider: &Provider| inventory::Provider {
            arn: provider.arn.clone(),
            protocol: provider.protocol,
            issuer: Some(provider.url.clone()).filter(|url| !url.is_empty()),
            created: Some(provider.create_date),
            client_ids: provider.client_ids.clone(),
            valid_until: None,
            tags: Vec::new(),
        };
        self.providers.iter().map(read).collect()
    }
}
