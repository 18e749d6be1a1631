//! Where a question is asked: of files, or of the live inventory.
//!
//! ```text
//!   --from FILE… ─────────────────────────────▶ files ─┐
//!   otherwise, of the configuration:                    ├─▶ World
//!     [[aws]] ──asked now, read-only, all pages─────────┤
//!     [[snapshot]] ──its files, read now────────────────┤
//!     scps, resource_policies, resources of those ──────┘
//! ```
//!
//! The store keeps no policies, so nothing of a live answer is from before.

use super::files::{self, Beside};
use crate::{
    cli::{
        Global, assemble,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::{SourceFault, Untrusted},
    iam::world::{self, Input, World},
    report,
    sources::{
        Progress,
        aws::{AwsSource, reach::Beside as Named},
    },
};
use clap::Args;
use std::path::PathBuf;

/// `--from` and what belongs to it.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Origin {
    /// Ask these files (output of `aws iam get-account-authorization-details`, `-` is standard
    /// input) instead of the configured AWS accounts and snapshots
    #[arg(long, value_name = "FILE", num_args = 1..)]
    from: Vec<PathBuf>,
    /// Of the configured sources, only this one (aws/prod, or prod)
    #[arg(long, value_name = "SOURCE", conflicts_with = "from")]
    source: Option<String>,
    #[command(flatten)]
    beside: Beside,
}

impl Origin {
    /// Reads it.
    pub(super) async fn world(&self, global: &Global, output: Output) -> Result<World, Failure> {
        if self.from.is_empty() {
            self.live(global, output).await
        } else {
            files::read(&self.beside.with(self.from.clone()), output)
        }
    }

    async fn live(&self, global: &Global, output: Output) -> Result<World, Failure> {
        let config = assemble::load(global)?.config;
        let lens = assemble::lens(&config)?;
        let wanted = |kind: &str, name: &str| {
            self.source.as_ref().is_none_or(|it| it == name || *it == format!("{kind}/{name}"))
        };
        let mut inputs = Vec::new();
        for account in config.aws.iter().filter(|account| wanted("aws", &account.name)) {
            let name = format!("aws/{}", account.name);
            files::step(output, &format!("asking {name}"));
            let source = AwsSource::connect(account, lens.clone()).await;
            let progress = Progress::new();
            let read = tokio::select! {
                read = tokio::time::timeout(
                    config.poll.timeout(),
                    source.authorization_details(&progress),
                ) => read,
                _ = tokio::signal::ctrl_c() => {
                    files::step(output, "");
                    return Err(Failure::new(Kind::Interrupted, format!("stopped while asking {name}")));
                }
            };
            files::step(output, "");
            match read {
                Ok(Ok(details)) => inputs.push(Input::new(name, details)),
                Ok(Err(fault)) => return Err(not_read(&name, &fault)),
                Err(_) => {
                    return Err(Failure::new(
                        Kind::Source,
                        format!(
                            "{name} did not answer within {} s",
                            config.poll.timeout().as_secs()
                        ),
                    )
                    .next("try again, or give it longer with `[poll] timeout`"));
                }
            }
        }
        let snapshots = || config.snapshot.iter().filter(|it| wanted("snapshot", &it.name));
        let paths: Vec<PathBuf> = snapshots().flat_map(|it| it.files.iter().cloned()).collect();
        if inputs.is_empty() && paths.is_empty() {
            return Err(nothing_to_ask(self.source.as_deref()));
        }
        let accounts = config.aws.iter().filter(|it| wanted("aws", &it.name)).map(Named::from);
        let configured: Vec<_> = accounts.chain(snapshots().map(Named::from)).collect();
        let files = self.beside(&configured, paths, output);
        if inputs.is_empty() {
            return files::read(&files, output);
        }
        files::step(output, "reading");
        let world = World::load_with(inputs, &files, &|_, _| {});
        files::step(output, "");
        world.map_err(|error| files::failure(&error))
    }

    /// What the command names beside the accounts, and for each kind it does not name, what the
    /// configuration does.
    fn beside(&self, configured: &[Named], paths: Vec<PathBuf>, output: Output) -> world::Files {
        let mut files = self.beside.with(paths);
        let together = |pick: fn(&Named) -> &Option<PathBuf>| {
            // Accounts of one organisation name the same file.
            let mut all: Vec<PathBuf> = Vec::new();
            for path in configured.iter().filter_map(|one| pick(one).clone()) {
                if !all.contains(&path) {
                    all.push(path);
                }
            }
            all
        };
        if files.scps.is_empty() {
            files.scps = together(|one| &one.scps);
        }
        if files.resource_policies.is_empty() {
            files.resource_policies = together(|one| &one.resource_policies);
        }
        if files.resources.is_empty() {
            // What is on no list does not exist, so a list of some accounts says nothing of others.
            if configured.iter().all(|one| one.resources.is_some()) {
                files.resources = together(|one| &one.resources);
            } else if configured.iter().any(|one| one.resources.is_some()) {
                output.notice(
                    "warning: not every source asked has a list of `resources`, so none is used; \
                     name one with --source, or give --resources",
                );
            }
        }
        files
    }
}

fn nothing_to_ask(source: Option<&str>) -> Failure {
    match source {
        Some(name) => {
            let what = format!("no AWS account and no snapshot is called {name}");
            Failure::new(Kind::NotFound, Untrusted::new(what))
                .next("`countersign sources` lists what is configured")
        }
        None => Failure::new(Kind::Config, "no AWS account and no snapshot is configured").next(
            "ask files with --from FILE, or add [[aws]] or [[snapshot]] to the configuration",
        ),
    }
}

fn not_read(name: &str, fault: &SourceFault) -> Failure {
    let line = report::fault_line(fault);
    Failure::new(Kind::Source, Untrusted::new(format!("{name}: {}", line.raw())))
        .next(fault.next_step())
}
