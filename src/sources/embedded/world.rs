//! The directory that holds the embedded world, and the only way its files change.

use super::{EmbeddedAccount, EmbeddedForge, LosesAccess, when::settle_times};
use crate::{
    config::ProductionRules,
    domain::{FaultKind, SourceFault},
    sources::{Lens, Source},
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The recorded state, by the file it becomes.
const RECORDED: &[(&str, &str)] = &[
    (
        "production-authorization-details.json",
        include_str!("../../../data/demo/authorization-details.json"),
    ),
    ("production-access.json", include_str!("../../../data/demo/access.json")),
    (
        "analytics-authorization-details.json",
        include_str!("../../../data/demo/analytics/authorization-details.json"),
    ),
    ("analytics-access.json", include_str!("../../../data/demo/analytics/access.json")),
    ("github.json", include_str!("../../../data/demo/github.json")),
];

/// AWS account that is production in the embedded world.
const PRODUCTION_ACCOUNT: &str = "719204460183";

/// A directory with the state of a small company in it. Clones and other processes may share it:
/// every change is made under one lock and replaces a file whole.
#[derive(Debug, Clone)]
pub struct World {
    dir: PathBuf,
}

impl World {
    /// Writes the recorded world into `dir`, which must exist, with ages counted back from `now`.
    pub fn create(dir: &Path, now: Timestamp) -> Result<Self, SourceFault> {
        let world = Self { dir: dir.to_owned() };
        for (name, text) in RECORDED {
            let mut value: Value = serde_json::from_str(text).map_err(|e| malformed(name, &e))?;
            settle_times(&mut value, now);
            world.replace(name, &value)?;
        }
        Ok(world)
    }

    /// A world that was written before.
    pub fn open(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// What is production in this world: one account, the repositories that reach it, every
    /// environment named after it, and no host.
    pub fn production_rules() -> ProductionRules {
        ProductionRules {
            account_ids: vec![PRODUCTION_ACCOUNT.to_owned()],
            repos: vec!["larkspur/infra".to_owned(), "larkspur/ledger-api".to_owned()],
            environments: vec!["production*".to_owned()],
            ..ProductionRules::default()
        }
    }

    /// Every source of this world. One of them loses its access after the first poll, so that a
    /// failing source can be seen too.
    pub fn sources(&self, lens: &Lens) -> Vec<Arc<dyn Source>> {
        let account = |name| EmbeddedAccount::new(self.clone(), name, lens.clone());
        vec![
            Arc::new(account("production")),
            Arc::new(LosesAccess::after(
                1,
                Arc::new(account("analytics")),
                SourceFault::new(
                    FaultKind::Forbidden,
                    "iam:ListAccessKeys",
                    "AccessDenied (403), simulated by the demo: CountersignReader is not \
                     authorized to perform iam:ListAccessKeys",
                )
                .missing("iam:ListAccessKeys"),
            )),
            Arc::new(EmbeddedForge::new(self.clone(), lens.clone())),
        ]
    }

    /// Reads one file of state.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<T, SourceFault> {
        serde_json::from_slice(&self.text(name)?).map_err(|e| malformed(name, &e))
    }

    /// The bytes of one file of state.
    pub(super) fn text(&self, name: &str) -> Result<Vec<u8>, SourceFault> {
        fs::read(self.dir.join(name)).map_err(|e| local(name, &e))
    }

    /// Changes one file of state: all of `change` happens, or nothing.
    pub(super) fn change<T, R>(
        &self,
        name: &str,
        change: impl FnOnce(&mut T) -> Result<R, String>,
    ) -> Result<Result<R, String>, SourceFault>
    where
        T: DeserializeOwned + Serialize,
    {
        let lock = File::create(self.dir.join("lock")).map_err(|e| local("lock", &e))?;
        lock.lock().map_err(|e| local("lock", &e))?;
        let mut state: T = self.read(name)?;
        let outcome = change(&mut state);
        if outcome.is_ok() {
            self.replace(name, &state)?;
        }
        Ok(outcome)
    }

    /// Writes beside and renames, so that a reader sees the old file or the new one, never half.
    fn replace<T: Serialize>(&self, name: &str, value: &T) -> Result<(), SourceFault> {
        let text = serde_json::to_vec_pretty(value).map_err(|e| malformed(name, &e))?;
        let beside = self.dir.join(format!("{name}.new"));
        let written = File::create(&beside)
            .and_then(|mut file| file.write_all(&text))
            .and_then(|()| fs::rename(&beside, self.dir.join(name)));
        written.map_err(|e| local(name, &e))
    }
}

fn local(name: &str, error: &io::Error) -> SourceFault {
    SourceFault::new(FaultKind::Local, format!("demo world: {name}"), error.to_string())
}

fn malformed(name: &str, error: &serde_json::Error) -> SourceFault {
    SourceFault::new(FaultKind::Malformed, format!("demo world: {name}"), error.to_string())
}
