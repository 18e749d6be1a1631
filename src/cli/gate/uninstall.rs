//! `countersign gate uninstall HOST`.

use super::{
    changing::{self, Manner},
    place::{self, ScopeArgs},
};
use crate::{
    cli::{Global, exit::Exit, failure::Failure, output::Output},
    gate::install::{self, Change},
};
use clap::Args;

/// `countersign gate uninstall`
#[derive(Debug, Clone, Args)]
pub struct UninstallArgs {
    /// The agent's host
    pub host: String,
    /// Where.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Only show what would change
    #[arg(long)]
    pub dry_run: bool,
    /// Do it without asking
    #[arg(long)]
    pub yes: bool,
}

/// Shows the difference, asks, takes the hook out.
pub(super) async fn run(
    args: &UninstallArgs,
    _global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let host = place::host(&args.host)?;
    let scope = args.scope.scope();
    let around = place::around();
    let seconds = host.patience();
    let work_out = || {
        let mut changes = Vec::new();
        for spot in place::spots(host, scope, &around)? {
            let fault = |fault| changing::failure(&fault, host, scope, "uninstall");
            let had = install::hooks(&spot, seconds, host.id).map_err(fault)?;
            let change = Change::uninstall(&spot, seconds, host.id).map_err(fault)?;
            changes.push((change, !had.found.is_empty()));
        }
        Ok(changes)
    };
    let manner = Manner { verb: "uninstall", dry_run: args.dry_run, yes: args.yes };
    changing::carry_out(host, work_out, manner, Vec::new(), output).await
}
