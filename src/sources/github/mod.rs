//! A GitHub organisation or a set of repositories: app installations, deploy keys, Actions
//! secrets, AI pull requests, waiting deployments.
//!
//! ```text
//!             poll.rs ─────────▶ account, keys, secrets, pulls, deployments ──▶ Observation
//!   Source ──▶ orders.rs ──────▶ one request, sent once ──▶ Receipt
//!             preview.rs, diagnose.rs        │
//!                                            ▼
//!                client.rs: token read at use (token.rs), same origin, 8 at a time,
//!                conditional (cache.rs), faults in words (fault.rs), fields we read (wire.rs)
//! ```

mod account;
mod cache;
mod client;
mod clues;
mod deployments;
mod diagnose;
mod diff;
mod echo;
mod fault;
mod keys;
mod orders;
mod poll;
mod preview;
mod proxy;
mod pulls;
mod secrets;
#[cfg(test)]
mod tests;
mod token;
mod wire;

pub(in crate::sources) use orders::calls;
pub use poll::name_of;

use super::{Diagnosis, Lens, Progress, Reread, Source};
use crate::{
    config::GithubSettings,
    domain::{
        Action, Call, Credential, Fate, FaultKind, Observation, Order, OrderKind, Preview, Receipt,
        SourceFault, SourceKind, SourceName, Subject,
    },
};
use async_trait::async_trait;
use std::sync::atomic::{AtomicU64, Ordering};

/// One `[[github]]` section at work.
pub struct GithubSource {
    name: SourceName,
    settings: GithubSettings,
    lens: Lens,
    client: client::Client,
    memory: pulls::Memory,
    polls: AtomicU64,
}

impl GithubSource {
    /// Prepares a source; sends nothing and reads no token yet. Has to be called inside a tokio
    /// runtime.
    ///
    /// Fails with [`FaultKind::Local`] when the section names neither an organisation nor a
    /// repository, or its `host` is not an address a token may be sent to.
    pub fn connect(settings: &GithubSettings, lens: Lens) -> Result<Self, SourceFault> {
        let name = name_of(settings).ok_or_else(|| {
            let what = "a [[github]] section of config.toml";
            SourceFault::new(FaultKind::Local, what, "it names neither `org` nor `repos`")
        })?;
        if let Some(org) = &settings.org
            && !org.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        {
            let what = "`org` of a [[github]] section of config.toml";
            let words = format!("`{}` is not the login of an organisation", org.escape_debug());
            return Err(SourceFault::new(FaultKind::Local, what, words));
        }
        Ok(Self {
            name: SourceName::new(SourceKind::Github, &name),
            settings: settings.clone(),
            lens,
            client: client::Client::new(settings.host.as_deref(), settings.token.clone())?,
            memory: pulls::Memory::default(),
            polls: AtomicU64::new(0),
        })
    }

    fn reader<'a>(&'a self, session: &'a client::Session<'a>) -> pulls::Reader<'a> {
        pulls::Reader { session, source: &self.name, lens: &self.lens }
    }

    /// Where a browser finds this GitHub: `github.com`, or the server an API root belongs to.
    fn web(&self) -> &str {
        match self.client.base() {
            "https://api.github.com" => "https://github.com",
            other => other.trim_end_matches("/api/v3"),
        }
    }
}

#[async_trait]
impl Source for GithubSource {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Github
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        let session = self.client.session(false).await?;
        let seen = poll::Poll {
            settings: &self.settings,
            reader: self.reader(&session),
            memory: &self.memory,
            number: self.polls.fetch_add(1, Ordering::Relaxed) + 1,
            progress,
        }
        .run()
        .await;
        progress.clear();
        seen
    }

    async fn reread(&self, action: &Action) -> Result<Reread, SourceFault> {
        let session = self.client.session(true).await?;
        let reader = self.reader(&session);
        match &action.subject {
            Subject::PullRequest { repo, number, .. } => reader.reread(repo, *number, action).await,
            Subject::Deployment { repo, run_id, .. } => {
                reader.reread_deployment(repo, *run_id, action).await
            }
            Subject::Command { .. } | Subject::Call { .. } | Subject::FollowUp { .. } => {
                Err(SourceFault::new(
                    FaultKind::Local,
                    format!("reread of {}", action.id),
                    "a command waits at the gate, not at GitHub",
                ))
            }
        }
    }

    async fn preview_revoke(&self, credential: &Credential) -> Result<Preview, SourceFault> {
        let session = self.client.session(true).await?;
        preview::revoke(&session, self.web(), credential).await
    }

    async fn preview_restore(&self, revoked: &Order) -> Result<Preview, SourceFault> {
        Err(preview::restore(revoked))
    }

    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        calls(order)
    }

    async fn carry_out(&self, order: &Order) -> Result<Receipt, SourceFault> {
        orders::carry_out(&self.client, order).await
    }

    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault> {
        let session = self.client.session(true).await?;
        orders::fate(&session, &self.reader(&session), order).await
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::run(&self.client, &self.settings).await
    }
}
