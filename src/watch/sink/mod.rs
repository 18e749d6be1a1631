//! Receivers: who is told, and how.
//!
//! ```text
//!   News ─┬─ webhook  POST JSON, signed: HMAC-SHA-256 over time and body
//!         ├─ slack    POST { "text": … }
//!         ├─ command  JSON on standard input, own process group, bare environment, a limit
//!         └─ bell     one character to the terminal
//! ```
//!
//! Addresses and secrets are read each time they are used, so that one that was replaced needs no
//! restart. None of them is in any message of ours: a receiver is told by its name.

mod bell;
mod command;
mod post;
mod slack;
mod webhook;

use super::{Answer, Event, News, Undelivered};
use crate::config::{Address, NotifySettings, TokenFrom};
use std::{collections::BTreeSet, time::Duration};

/// One receiver.
#[derive(Debug, Clone)]
pub struct Sink {
    name: String,
    /// None: everything.
    on: Option<BTreeSet<Event>>,
    way: Way,
    timeout: Duration,
}

#[derive(Debug, Clone)]
enum Way {
    Webhook { address: Address, secret: TokenFrom },
    Slack { address: Address },
    Command { argv: Vec<String> },
    Bell,
}

/// The receivers that are configured. Loading the configuration has checked each.
pub fn sinks(settings: &[NotifySettings]) -> Vec<Sink> {
    settings.iter().filter_map(Sink::of).collect()
}

impl Sink {
    fn of(settings: &NotifySettings) -> Option<Self> {
        let NotifySettings { name, on, webhook, secret, slack, command, bell, timeout_seconds } =
            settings;
        let way = match (webhook, secret, slack, command, bell) {
            (Some(address), Some(secret), ..) => {
                Way::Webhook { address: address.clone(), secret: secret.clone() }
            }
            (_, _, Some(address), ..) => Way::Slack { address: address.clone() },
            (_, _, _, Some(argv), _) => Way::Command { argv: argv.clone() },
            (.., true) => Way::Bell,
            _ => return None,
        };
        let event = |word: &String| serde_json::from_value(word.as_str().into()).ok();
        Some(Self {
            name: name.clone(),
            on: on.as_ref().map(|on| on.iter().filter_map(event).collect()),
            way,
            timeout: Duration::from_secs(*timeout_seconds),
        })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is told of this.
    pub fn wants(&self, event: Event) -> bool {
        event.is_for_all() || self.on.as_ref().is_none_or(|on| on.contains(&event))
    }

    /// Tells it, once.
    pub async fn deliver(&self, news: &News) -> Result<Answer, Undelivered> {
        let told = async {
            match &self.way {
                Way::Webhook { address, secret } => webhook::post(address, secret, news).await,
                Way::Slack { address } => slack::post(address, news).await,
                Way::Command { argv } => command::run(argv, news).await,
                Way::Bell => bell::ring(news).await,
            }
        };
        tokio::time::timeout(self.timeout, told).await.unwrap_or_else(|_| {
            let seconds = self.timeout.as_secs();
            Err(Undelivered::later(format!("no answer within {seconds} s")))
        })
    }
}
