//! Accounts as files: the output of `aws iam get-account-authorization-details`, audited offline.
//!
//! ```text
//!   file ─▶ iam::load_file ─▶ inventory ─▶ credentials ─┐
//!   file ─▶   …                                         ├─▶ Observation
//!   bad file ─▶ Gap with file, line and column ─────────┘
//! ```
//!
//! A snapshot holds no access keys, passwords or providers; a user stands for all that
//! authenticates as it. Nothing can be revoked in a file. A file that has not changed since the
//! last poll is not read again.

mod file;

use super::{Diagnosis, Lens, Progress, Reread, Source, Verdict};
use crate::{
    config::SnapshotFiles,
    domain::{
        Action, Call, Count, Credential, Fate, FaultKind, Gap, Observation, Order, OrderKind,
        Preview, Receipt, SourceFault, SourceKind, SourceName,
    },
};
use async_trait::async_trait;
use file::{FileView, Reader, Views};
use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
};

/// Files configured under one `[[snapshot]]`.
#[derive(Debug, Clone)]
pub struct SnapshotSource {
    name: SourceName,
    files: Vec<PathBuf>,
    reader: Reader,
}

impl SnapshotSource {
    /// Sets the source up; reads nothing yet.
    pub fn open(settings: &SnapshotFiles, lens: Lens) -> Self {
        let name = SourceName::new(SourceKind::Snapshot, &settings.name);
        let reader = Reader::new(name.clone(), lens, settings);
        Self { name, files: settings.files.clone(), reader }
    }

    /// Reads the files off the async threads: a large one takes seconds.
    async fn views(&self, progress: &Progress) -> Result<Views, SourceFault> {
        let (reader, files, progress) = (self.reader.clone(), self.files.clone(), progress.clone());
        let read = tokio::task::spawn_blocking(move || reader.views(&files, &progress)).await;
        read.map_err(|stopped| {
            SourceFault::new(FaultKind::Local, "read the files", stopped.to_string())
        })
    }

    fn nothing_to_do(&self, during: &str) -> SourceFault {
        SourceFault::new(
            FaultKind::Refused,
            during,
            format!(
                "{} is a file: nothing can be revoked there. Configure the account under [[aws]] to act on it",
                self.name
            ),
        )
    }
}

/// Puts files together; where two hold the same principal, the one listed later counts.
#[derive(Default)]
struct Together {
    credentials: Vec<Credential>,
    accounts: BTreeSet<String>,
    users: usize,
    roles: usize,
    policies: usize,
    gaps: Vec<Gap>,
}

impl Together {
    fn add(&mut self, view: &FileView) {
        self.accounts.extend(view.accounts.iter().cloned());
        self.users += view.users;
        self.roles += view.roles;
        self.policies += view.policies;
        self.gaps.extend(view.gaps.iter().cloned());
        self.credentials.extend(view.credentials.iter().cloned());
    }

    /// Removes what a later file holds too, and says so at the earlier one.
    fn without_repeats(mut self) -> Self {
        let mut last = HashMap::new();
        for (index, credential) in self.credentials.iter().enumerate() {
            last.insert(credential.id.clone(), index);
        }
        let mut repeats = HashMap::new();
        let (mut index, mut kept) = (0, Vec::with_capacity(last.len()));
        for credential in self.credentials {
            if last.get(&credential.id) == Some(&index) {
                kept.push(credential);
            } else {
                *repeats.entry(credential.part).or_insert(0_usize) += 1;
            }
            index += 1;
        }
        self.credentials = kept;
        self.gaps.extend(repeats.into_iter().map(|(part, number)| {
            let detail = format!(
                "{number} of its users and roles are in a file listed after it too; those were taken"
            );
            let fault = SourceFault::new(FaultKind::Local, part.0.clone(), detail);
            Gap { part, fault }
        }));
        self
    }
}

#[async_trait]
impl Source for SnapshotSource {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Snapshot
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        let mut all = Together::default();
        let mut first_fault = None;
        let mut read = 0;
        let views = self.views(progress).await?;
        all.gaps.extend(views.gaps);
        for (path, view) in self.files.iter().zip(views.files) {
            match view {
                Ok(view) => {
                    read += 1;
                    all.add(&view);
                }
                Err(fault) => {
                    first_fault.get_or_insert_with(|| fault.clone());
                    all.gaps.push(Gap { part: file::part(path), fault });
                }
            }
        }
        if let (0, Some(fault)) = (read, first_fault) {
            return Err(fault);
        }
        let all = all.without_repeats();
        let names: Vec<String> = self.files.iter().map(|path| path.display().to_string()).collect();
        Ok(Observation {
            identity: names.join(", ").into(),
            counts: vec![
                Count::new("files", read),
                Count::new("accounts", all.accounts.len()),
                Count::new("users", all.users),
                Count::new("roles", all.roles),
                Count::new("policies", all.policies),
            ],
            credentials: all.credentials,
            actions: Vec::new(),
            gaps: all.gaps,
        })
    }

    async fn reread(&self, _action: &Action) -> Result<Reread, SourceFault> {
        Err(self.nothing_to_do("read again"))
    }

    async fn preview_revoke(&self, _credential: &Credential) -> Result<Preview, SourceFault> {
        Err(self.nothing_to_do("revoke"))
    }

    async fn preview_restore(&self, _revoked: &Order) -> Result<Preview, SourceFault> {
        Err(self.nothing_to_do("restore"))
    }

    fn calls(&self, _order: &OrderKind) -> Vec<Call> {
        Vec::new()
    }

    async fn carry_out(&self, _order: &Order) -> Result<Receipt, SourceFault> {
        Err(self.nothing_to_do("carry out"))
    }

    async fn fate(&self, _order: &Order) -> Result<Fate, SourceFault> {
        Ok(Fate::NotDone)
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        let mut all = Vec::new();
        let views = match self.views(&Progress::new()).await {
            Ok(views) => views,
            Err(fault) => {
                let files = self.files.iter().map(|_| Err(fault.clone())).collect();
                Views { files, gaps: Vec::new() }
            }
        };
        for gap in views.gaps {
            let problem = gap.fault.detail.clone();
            let verdict = Verdict::Warning { problem, next_step: gap.fault.next_step() };
            all.push(Diagnosis { what: gap.part.0.clone(), verdict });
        }
        for (path, view) in self.files.iter().zip(views.files) {
            let verdict = match view {
                Ok(view) => match view.gaps.first() {
                    None => Verdict::Good { saw: view.describe().into() },
                    Some(gap) => Verdict::Warning {
                        problem: gap.fault.detail.clone(),
                        next_step: gap.fault.next_step(),
                    },
                },
                Err(fault) => Verdict::Bad { next_step: fault.next_step(), problem: fault.detail },
            };
            all.push(Diagnosis { what: path.display().to_string(), verdict });
        }
        all
    }
}
