//! Reading one account: authorization details, access keys, identity providers, alias.

use super::{
    connect::Clients,
    convert::{Pages, time},
    fault::{fault, malformed},
    inventory::{AccessKey, Provider},
};
use crate::{
    domain::{FaultKind, LastUsed, Protocol, SourceFault},
    iam::{AuthorizationDetails, Tag},
    sources::Progress,
};
use aws_sdk_iam::{Client, types::StatusType};
use futures::{StreamExt, stream};
use std::collections::HashSet;

/// Entries asked for per page; the most AWS allows.
const PAGE_ITEMS: i32 = 1000;

/// Most pages of one listing: AWS may answer with fewer entries than asked for, but an account
/// holds at most some ten thousand.
const MAX_PAGES: usize = 2000;

/// Requests under way at once. IAM throttles an account as a whole, so more would only starve
/// others.
pub(super) const CONCURRENCY: usize = 8;

/// Guards a listing against a server that never comes to an end.
#[derive(Debug, Default)]
struct Markers(HashSet<String>);

impl Markers {
    /// The marker of the next page, or none when this was the last one.
    fn next(
        &mut self,
        call: &str,
        is_truncated: bool,
        marker: Option<String>,
    ) -> Result<Option<String>, SourceFault> {
        if !is_truncated {
            return Ok(None);
        }
        let Some(marker) = marker.filter(|marker| !marker.is_empty()) else {
            return Err(malformed(call, "more pages were announced, but no marker was given"));
        };
        if !self.0.insert(marker.clone()) {
            return Err(malformed(call, "the marker of the next page repeats itself"));
        }
        if self.0.len() > MAX_PAGES {
            return Err(malformed(call, &format!("more than {MAX_PAGES} pages")));
        }
        Ok(Some(marker))
    }
}

/// As whom we ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// Account id, 12 digits.
    pub(super) account: String,
    /// ARN of the user or session.
    pub(super) arn: String,
}

pub(super) async fn identity(clients: &Clients) -> Result<Identity, SourceFault> {
    let call = "sts:GetCallerIdentity";
    let answer = clients.sts.get_caller_identity().send().await.map_err(|error| {
        let mut why = fault(call, &error);
        if why.kind == FaultKind::BadToken {
            why.detail = format!("{}: {}", clients.origin, why.detail.raw()).into();
        }
        why
    })?;
    match (answer.account, answer.arn) {
        (Some(account), Some(arn)) => Ok(Identity { account, arn }),
        _ => Err(malformed(call, "the answer names no account or no ARN")),
    }
}

pub(super) async fn authorization_details(
    iam: &Client,
    progress: &Progress,
) -> Result<AuthorizationDetails, SourceFault> {
    let call = "iam:GetAccountAuthorizationDetails";
    let mut pages = Pages::default();
    let (mut markers, mut marker) = (Markers::default(), None);
    loop {
        let answer = iam
            .get_account_authorization_details()
            .max_items(PAGE_ITEMS)
            .set_marker(marker.take())
            .send()
            .await
            .map_err(|error| fault(call, &error))?;
        let next = markers.next(call, answer.is_truncated, answer.marker.clone())?;
        pages.absorb(answer)?;
        progress.step("users and roles", pages.principals(), None);
        match next {
            Some(next) => marker = Some(next),
            None => return pages.finish(),
        }
    }
}

/// A user's keys; when they were last used is asked apart.
pub(super) async fn list_keys(iam: &Client, user: &str) -> Result<Vec<AccessKey>, SourceFault> {
    let call = "iam:ListAccessKeys";
    let mut keys = Vec::new();
    let (mut markers, mut marker) = (Markers::default(), None);
    loop {
        let answer = iam
            .list_access_keys()
            .user_name(user)
            .set_marker(marker.take())
            .send()
            .await
            .map_err(|error| fault(call, &error))?;
        for key in answer.access_key_metadata {
            let id = key.access_key_id.ok_or_else(|| malformed(call, "a key has no id"))?;
            let status = key.status.ok_or_else(|| malformed(call, "a key has no status"))?;
            keys.push(AccessKey {
                id,
                is_active: status == StatusType::Active,
                created: key.create_date.and_then(time),
                last_used: LastUsed::Unknown,
            });
        }
        match markers.next(call, answer.is_truncated, answer.marker)? {
            Some(next) => marker = Some(next),
            None => return Ok(keys),
        }
    }
}

pub(super) async fn last_used(iam: &Client, key_id: &str) -> Result<LastUsed, SourceFault> {
    let call = "iam:GetAccessKeyLastUsed";
    let answer = iam
        .get_access_key_last_used()
        .access_key_id(key_id)
        .send()
        .await
        .map_err(|error| fault(call, &error))?;
    let Some(last) = answer.access_key_last_used else { return Ok(LastUsed::Unknown) };
    Ok(match last.last_used_date.and_then(time) {
        Some(at) => {
            LastUsed::At { at, what: format!("{} in {}", last.service_name, last.region).into() }
        }
        // AWS writes `N/A` for service and region of a key that was never used.
        None => LastUsed::Never,
    })
}

pub(super) async fn oidc_providers(iam: &Client) -> Result<Vec<Provider>, SourceFault> {
    let call = "iam:ListOpenIDConnectProviders";
    let answer =
        iam.list_open_id_connect_providers().send().await.map_err(|error| fault(call, &error))?;
    let arns: Vec<String> = answer
        .open_id_connect_provider_list
        .unwrap_or_default()
        .into_iter()
        .map(|entry| entry.arn.ok_or_else(|| malformed(call, "a provider has no ARN")))
        .collect::<Result<_, _>>()?;
    let mut reads =
        stream::iter(arns).map(|arn| oidc_provider(iam, arn)).buffer_unordered(CONCURRENCY);
    let mut providers = Vec::new();
    while let Some(read) = reads.next().await {
        match read {
            Ok(provider) => providers.push(provider),
            Err(gone) if gone.kind == FaultKind::NotFound => {}
            Err(why) => return Err(why),
        }
    }
    providers.sort_by(|a, b| a.arn.cmp(&b.arn));
    Ok(providers)
}

async fn oidc_provider(iam: &Client, arn: String) -> Result<Provider, SourceFault> {
    let call = "iam:GetOpenIDConnectProvider";
    let answer = iam
        .get_open_id_connect_provider()
        .open_id_connect_provider_arn(&arn)
        .send()
        .await
        .map_err(|error| fault(call, &error))?;
    let url = answer.url.ok_or_else(|| malformed(call, "the provider has no URL"))?;
    let tags = answer.tags.unwrap_or_default();
    Ok(Provider {
        arn,
        protocol: Protocol::Oidc,
        issuer: Some(url.strip_prefix("https://").unwrap_or(&url).to_owned()),
        created: answer.create_date.and_then(time),
        client_ids: answer.client_id_list.unwrap_or_default(),
        valid_until: None,
        tags: tags.into_iter().map(|tag| Tag { key: tag.key, value: tag.value }).collect(),
    })
}

pub(super) async fn saml_providers(iam: &Client) -> Result<Vec<Provider>, SourceFault> {
    let call = "iam:ListSAMLProviders";
    let answer = iam.list_saml_providers().send().await.map_err(|error| fault(call, &error))?;
    answer
        .saml_provider_list
        .unwrap_or_default()
        .into_iter()
        .map(|entry| {
            Ok(Provider {
                arn: entry.arn.ok_or_else(|| malformed(call, "a provider has no ARN"))?,
                protocol: Protocol::Saml,
                issuer: None,
                created: entry.create_date.and_then(time),
                client_ids: Vec::new(),
                valid_until: entry.valid_until.and_then(time),
                tags: Vec::new(),
            })
        })
        .collect()
}

/// An account has one alias at most.
pub(super) async fn alias(iam: &Client) -> Result<Option<String>, SourceFault> {
    let call = "iam:ListAccountAliases";
    let answer = iam.list_account_aliases().send().await.map_err(|error| fault(call, &error))?;
    Ok(answer.account_aliases.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::{FaultKind, MAX_PAGES, Markers};

    #[test]
    fn a_marker_that_repeats_ends_the_listing_with_a_fault() {
        let mut markers = Markers::default();
        assert_eq!(markers.next("c", true, Some("a".to_owned())).unwrap().as_deref(), Some("a"));
        assert_eq!(markers.next("c", true, Some("b".to_owned())).unwrap().as_deref(), Some("b"));
        let fault = markers.next("c", true, Some("a".to_owned())).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Malformed);
        assert!(Markers::default().next("c", true, None).is_err());
        assert_eq!(Markers::default().next("c", false, Some("x".to_owned())).unwrap(), None);
    }

    #[test]
    fn a_listing_without_end_is_cut_off() {
        let mut markers = Markers::default();
        let failed_at =
            (0..MAX_PAGES * 2).find(|n| markers.next("c", true, Some(n.to_string())).is_err());
        assert_eq!(failed_at, Some(MAX_PAGES));
    }
}
