//! From the configuration to the rules everybody decides by: policy, groups, freezes.
//!
//! ```text
//!   [policy] file ─▶ Policy ◀─ Installation ◀─ [policy] time_zone, freeze; [gate] protected;
//!   [groups], [trust] ─▶ LiveRoster              [production] customer_facing; where our own files are
//! ```

use super::{
    Global, assemble, duty,
    failure::{Failure, Kind},
};
use crate::{
    config::{Config, Locations},
    gate,
    policy::{Freeze, Installation, Policy, PolicyError},
    review::Rules,
    store::AdoptError,
    trust::LiveRoster,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What the configuration says beside the rules.
pub(super) fn installation(
    config: &Config,
    locations: &Locations,
    store: Option<&Path>,
) -> Installation {
    let frozen = config.policy.frozen().into_iter();
    let configs = [&locations.system, &locations.user, &locations.explicit];
    let trust = &config.trust;
    let named = [
        &config.policy.file,
        &config.catalogue.file,
        &locations.state,
        &trust.signers,
        &trust.revoked,
    ];
    let own = configs.into_iter().chain(named).flatten().map(PathBuf::as_path).chain(store);
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut protected = Installation::default().protected;
    protected.extend(gate::host_files());
    protected.extend(own.map(absolute));
    if let Some(store) = store {
        protected.extend(gate::protected(&[], store, &super::gate::place::around()).list());
    }
    protected.extend(super::gate::place::own_programs().unwrap_or_default());
    protected.extend(config.gate.protected.iter().cloned());
    Installation {
        zone: config.policy.zone(),
        freezes: frozen
            .map(|frozen| Freeze { from: frozen.from, to: frozen.to, reason: frozen.reason })
            .collect(),
        customer_facing: config.production.customer_facing.clone(),
        protected,
        home: locations.home.clone(),
    }
}

/// The policy in force, for this installation.
pub(super) fn policy(global: &Global, config: &Config) -> Result<Arc<Policy>, Failure> {
    let store = assemble::store_path(global, config).ok();
    let installation = installation(config, &assemble::locations(global), store.as_deref());
    let policy = match &config.policy.file {
        Some(file) => Policy::load(file),
        None => Policy::shipped(),
    };
    Ok(Arc::new(policy.map_err(|error| failure(&error))?.at(installation)))
}

/// A policy that cannot be used.
pub(super) fn failure(error: &PolicyError) -> Failure {
    let text = error.to_string();
    // A failure begins with that word by itself.
    Failure::new(Kind::Config, text.strip_prefix("error: ").unwrap_or(&text))
        .next("put it right; `countersign policy check` looks at all of it again")
}

/// A policy that another one has overtaken.
pub(super) fn not_adopted(error: AdoptError) -> Failure {
    match error {
        AdoptError::Store(error) => error.into(),
        AdoptError::Older { .. } | AdoptError::Other { .. } => {
            Failure::new(Kind::Config, error.to_string())
                .next("raise the number in its line `// version: …`, or name the newer file")
        }
    }
}

/// Who may decide, with the groups that commands tell of.
pub(super) fn reviewers(config: &Config) -> LiveRoster {
    let groups = duty::groups(config).0;
    LiveRoster::of(&Config { groups, ..config.clone() })
}

/// What a desk decides by.
pub(super) fn rules(global: &Global, config: &Config) -> Result<Rules, Failure> {
    Ok(Rules { policy: Some(policy(global, config)?), reviewers: reviewers(config) })
}
