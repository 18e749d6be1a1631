//! `countersign gate install HOST`.

use super::{
    changing::{self, Manner},
    place::{self, ScopeArgs},
};
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    gate::install::{self, Around, Change, Filling, Profile, Scope},
};
use clap::Args;

/// `countersign gate install`
#[derive(Debug, Clone, Args)]
pub struct InstallArgs {
    /// The agent's host: claude-code, cursor, codex, gemini, kiro, copilot, windsurf, devin, opencode
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

/// Shows the difference, asks, writes.
pub(super) async fn run(
    args: &InstallArgs,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let host = place::host(&args.host)?;
    let scope = args.scope.scope();
    let around = place::around();
    let command = place::installed(host, global)?.line().map_err(|fault| {
        Failure::new(Kind::Usage, fault.to_string())
            .next("put the program, or what --config and --store name, at a plainer path")
    })?;
    let filling = Filling { command, seconds: host.patience() };
    let work_out = || {
        let mut changes = Vec::new();
        for spot in place::spots(host, scope, &around)? {
            let fault = |fault| changing::failure(&fault, host, scope, "install");
            let had = install::hooks(&spot, filling.seconds, host.id).map_err(fault)?;
            let change = Change::install(&spot, &filling, host.id).map_err(fault)?;
            changes.push((change, !had.found.is_empty()));
        }
        Ok(changes)
    };
    let manner = Manner { verb: "install", dry_run: args.dry_run, yes: args.yes };
    changing::carry_out(host, work_out, manner, notes(host, scope, &around), output).await
}

/// What whoever installs it has to know.
fn notes(host: &Profile, scope: Scope, around: &Around) -> Vec<String> {
    let mut notes = Vec::new();
    let elsewhere = [Scope::User, Scope::Project, Scope::Managed]
        .into_iter()
        .filter(|other| *other != scope)
        .filter(|other| {
            around.of(host, *other).iter().any(|spot| {
                install::hooks(spot, host.patience(), host.id)
                    .is_ok_and(|hooks| !hooks.found.is_empty())
            })
        });
    for other in elsewhere {
        notes.push(format!(
            "note: it is installed in the {} place too; one place is enough, and two ask twice",
            other.word()
        ));
    }
    if scope == Scope::Project {
        notes.push(
            "note: the project's file names this machine's program; where it is not, the hook \
             fails"
                .to_owned(),
        );
    }
    if let Some(then) = host.then.filter(|_| !(host.id == "codex" && scope == Scope::Managed)) {
        notes.push(format!("next: {then}"));
    }
    notes.push(format!("next: countersign gate status {}", host.id));
    notes
}
