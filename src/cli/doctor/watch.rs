//! Whether news reach anybody.

use super::{super::watch::health, Global, bad, good, warning};
use crate::{
    config::{Address, Config},
    sources::{Diagnosis, kept},
};

/// The running watch, and where its secrets are kept.
pub(super) async fn checks(global: &Global, config: &Config) -> Vec<Diagnosis> {
    let mut checks = match health(global).await {
        Ok(health) if health.healthy => vec![good("running", "and does its work")],
        Ok(health) => health
            .reasons
            .iter()
            .map(|reason| {
                warning(
                    "running",
                    reason.to_string(),
                    "`countersign watch` has to run somewhere: docs/watch.md has a service for it",
                )
            })
            .collect(),
        Err(failure) => vec![bad("running", &failure)],
    };
    for notify in &config.notify {
        let addresses = [&notify.webhook, &notify.slack].into_iter().flatten();
        let kept_addresses = addresses.filter_map(|address| match address {
            Address::Kept(from) => Some(from),
            Address::Given(_) => None,
        });
        for complaint in kept_addresses.chain(&notify.secret).filter_map(kept::complaint) {
            let next = "take that away: `chmod go-rwx` it, and make a new secret";
            checks.push(warning(&notify.name, complaint, next));
        }
    }
    checks
}
