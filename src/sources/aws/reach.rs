//! How far the users and roles of accounts get, for the credentials a source lists.
//!
//! ```text
//!   AuthorizationDetails ─┬─▶ iam::World ─▶ iam::reach ─▶ Reaches: ARN ─▶ Reach
//!   files beside them ────┘       └─ what of those files cannot be read ─▶ Gap
//! ```
//!
//! Service control policies and which resources exist are not read with an account; where the
//! configuration names files of them, those are read with every poll.

use crate::{
    config::{AwsAccount, SnapshotFiles},
    domain::{FaultKind, Gap, Part, Reach, SourceFault},
    iam::{
        AuthorizationDetails, Bounds,
        reach::{self, Options},
        told,
        world::{Files, FilesError, Input, World},
    },
    sources::{Diagnosis, Verdict},
};
use std::{collections::HashMap, iter, path::PathBuf, sync::Arc};

/// The files that say what an account itself does not, as the configuration names them.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Service control policies.
    pub scps: Option<PathBuf>,
    /// Policies of resources.
    pub resource_policies: Option<PathBuf>,
    /// Resources that exist.
    pub resources: Option<PathBuf>,
}

impl From<&AwsAccount> for Beside {
    fn from(settings: &AwsAccount) -> Self {
        let AwsAccount { scps, resource_policies, resources, .. } = settings.clone();
        Self { scps, resource_policies, resources }
    }
}

impl From<&SnapshotFiles> for Beside {
    fn from(settings: &SnapshotFiles) -> Self {
        let SnapshotFiles { scps, resource_policies, resources, .. } = settings.clone();
        Self { scps, resource_policies, resources }
    }
}

impl Beside {
    /// All of them.
    pub fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.scps.iter().chain(&self.resource_policies).chain(&self.resources)
    }

    /// Whether the files can be read, for `doctor`. None: there are none.
    pub fn diagnose(&self) -> Option<Diagnosis> {
        let names: Vec<String> = self.paths().map(|path| path.display().to_string()).collect();
        if names.is_empty() {
            return None;
        }
        let verdict = match World::load_with(Vec::new(), &self.files(), &|_, _| {}) {
            Ok(_) => Verdict::Good { saw: names.join(", ").into() },
            Err(error) => {
                let fault = unreadable(&error).fault;
                Verdict::Bad { next_step: fault.next_step(), problem: fault.detail }
            }
        };
        Some(Diagnosis { what: "reach".to_owned(), verdict })
    }

    fn files(&self) -> Files {
        Files {
            scps: self.scps.iter().cloned().collect(),
            resource_policies: self.resource_policies.iter().cloned().collect(),
            resources: self.resources.iter().cloned().collect(),
            ..Files::default()
        }
    }
}

/// The reach of every user and role, by ARN.
#[derive(Debug, Default)]
pub struct Reaches {
    by_arn: HashMap<Box<str>, Arc<Reach>>,
    /// What of the files beside the accounts could not be read.
    pub gaps: Vec<Gap>,
}

impl Reaches {
    /// Asks the engine about these accounts together. Takes up to a second for an account as
    /// large as AWS lets them be. Where a file beside them cannot be read nothing is known:
    /// without it more would seem allowed, or less reachable, than is.
    pub fn of(inputs: impl IntoIterator<Item = Input>, beside: &Beside) -> Self {
        let inputs = inputs.into_iter().collect();
        let world = match World::load_with(inputs, &beside.files(), &|_, _| {}) {
            Ok(world) => world,
            Err(error) => return Self { gaps: vec![unreadable(&error)], ..Self::default() },
        };
        let audit = reach::audit(&world, &Options::default());
        let all = world.principals.iter().zip(&audit.answers);
        let by_arn = all
            .map(|(principal, answer)| {
                (principal.arn.clone(), Arc::new(told(&world, answer, Bounds::KEPT)))
            })
            .collect();
        Self { by_arn, gaps: not_whole(&world).into_iter().collect() }
    }

    /// The same for one account, off the threads that answer: nothing is known should that stop.
    pub async fn of_account(name: &str, details: AuthorizationDetails, beside: &Beside) -> Self {
        let (input, beside) = (Input::new(name, details), beside.clone());
        let asked = tokio::task::spawn_blocking(move || Self::of(iter::once(input), &beside));
        asked.await.unwrap_or_default()
    }

    /// The reach of one.
    pub fn get(&self, arn: &str) -> Option<Arc<Reach>> {
        self.by_arn.get(arn).cloned()
    }
}

fn unreadable(error: &FilesError) -> Gap {
    gap(format!("{error}. Until then the reach of nobody here is known"))
}

/// What is wrong within the files that could be read.
fn not_whole(world: &World) -> Option<Gap> {
    let (first, rest) = world.problems_beside().split_first()?;
    let others = match rest.len() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Some(gap(format!("{}: {}{others}", first.r#where, first.what)))
}

fn gap(detail: String) -> Gap {
    let fault = SourceFault::new(FaultKind::Local, "read what binds the account", detail);
    Gap { part: Part::new("reach"), fault }
}
