//! Clients for one account: where to ask, as whom, how long to wait, what may be repeated.

use super::confirm::ConfirmedByIam;
use crate::config::AwsAccount;
use aws_config::{
    BehaviorVersion, ConfigLoader, Region, SdkConfig,
    environment::EnvironmentVariableRegionProvider,
    meta::region::RegionProviderChain,
    profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider},
    provider_config::ProviderConfig,
    retry::RetryConfig,
    sts::AssumeRoleProvider,
    timeout::TimeoutConfig,
};
use aws_sdk_iam::config::{ProvideCredentials, SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_http_client::{
    Builder, Connector,
    proxy::ProxyConfig,
    tls::{Provider, rustls_provider::CryptoMode},
};
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// One attempt. A page of a full account takes a few seconds to put together.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(45);

/// Reads are repeated when throttled or cut off; IAM allows few requests a second.
const READ_ATTEMPTS: u32 = 5;

/// Longest first pause between two attempts; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// Name of our sessions when a role is assumed; it is what `CloudTrail` shows.
const SESSION_NAME: &str = "countersign";

/// The clients of one account.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    /// For reads: repeats them within reason.
    pub(super) iam: aws_sdk_iam::Client,
    /// For writes: sends each exactly once.
    pub(super) iam_writes: aws_sdk_iam::Client,
    /// For asking who we are.
    pub(super) sts: aws_sdk_sts::Client,
    /// Credentials that are at work: the configured ones, and the role's if one is assumed.
    credentials: Vec<SharedCredentialsProvider>,
    /// Where the credentials should come from, for messages.
    pub(super) origin: String,
}

impl Clients {
    /// Sets up clients; asks nobody yet. `base` takes the place of the standard credential chain.
    pub(super) async fn new(
        settings: &AwsAccount,
        base: Option<SharedCredentialsProvider>,
    ) -> Self {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client())
            .region(region(settings))
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(READ_ATTEMPTS)
                    .with_initial_backoff(FIRST_PAUSE),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .build(),
            );
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        let base = match (base, &settings.profile) {
            (None, Some(profile)) => Some(of_profile(profile, settings).await),
            (base, _) => base,
        };
        if let Some(url) = &settings.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if let Some(base) = base {
            loader = loader.credentials_provider(base);
        }
        let (config, credentials) = assumed(loader, settings).await;
        let once = aws_sdk_iam::config::Builder::from(&config)
            .retry_config(RetryConfig::disabled())
            .interceptor(ConfirmedByIam)
            .build();
        Self {
            iam: aws_sdk_iam::Client::new(&config),
            iam_writes: aws_sdk_iam::Client::from_conf(once),
            sts: aws_sdk_sts::Client::new(&config),
            credentials,
            origin: match &settings.profile {
                Some(profile) => format!("profile `{profile}`"),
                None => "the standard credential chain".to_owned(),
            },
        }
    }

    /// Whether we ourselves sign with this access key.
    pub(super) async fn signs_with(&self, key_id: &str) -> bool {
        for provider in &self.credentials {
            let found = provider.provide_credentials().await;
            if found.is_ok_and(|credentials| credentials.access_key_id() == key_id) {
                return true;
            }
        }
        false
    }
}

/// The SDK's own client with the proxies of the environment (`HTTPS_PROXY`, `NO_PROXY` …), which it
/// leaves alone by itself and every other AWS tool follows.
fn http_client() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build()
    })
}

/// The profile that is named, and nothing else: the standard chain would fall back on the
/// environment or the machine's own role, and act as somebody the settings do not name.
async fn of_profile(profile: &str, settings: &AwsAccount) -> SharedCredentialsProvider {
    let around = ProviderConfig::without_region()
        .with_region(region(settings).region().await)
        .with_http_client(http_client());
    SharedCredentialsProvider::new(
        ProfileFileCredentialsProvider::builder().profile_name(profile).configure(&around).build(),
    )
}

async fn assumed(
    loader: ConfigLoader,
    settings: &AwsAccount,
) -> (SdkConfig, Vec<SharedCredentialsProvider>) {
    let config = loader.load().await;
    let mut credentials: Vec<_> = config.credentials_provider().into_iter().collect();
    let Some(role) = &settings.role_arn else { return (config, credentials) };
    let mut assume =
        AssumeRoleProvider::builder(role).session_name(SESSION_NAME).configure(&config);
    if let Some(id) = &settings.external_id {
        assume = assume.external_id(id);
    }
    let provider = SharedCredentialsProvider::new(assume.build().await);
    credentials.push(provider.clone());
    (config.into_builder().credentials_provider(provider).build(), credentials)
}

/// The configured region, else that of the environment or profile, else us-east-1. The instance
/// metadata service is left out: away from EC2 it only costs time, and IAM is global anyway.
fn region(settings: &AwsAccount) -> RegionProviderChain {
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    RegionProviderChain::first_try(settings.region.clone().map(Region::new))
        .or_else(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build())
        .or_else(Region::from_static("us-east-1"))
}
