//! `countersign gate`: the agent's side.

mod changing;
pub mod exec;
pub mod hook;
mod in_force;
pub mod install;
pub mod mcp;
pub(super) mod place;
pub mod status;
pub mod uninstall;

use super::{Global, exit::Exit, failure::Failure, output::Output};
use crate::{
    domain::Untrusted,
    gate::{self, Guard},
    policy::Policy,
    review::Rules,
    sources::Lens,
};
use clap::{Args, Subcommand};
use std::{path::Path, process::ExitCode, sync::Arc};

/// The agent's side: ask for leave and wait for it.
#[derive(Debug, Clone, Args)]
pub struct GateArgs {
    /// What to ask for.
    #[command(subcommand)]
    pub command: GateCommand,
}

/// What an agent can ask for.
#[derive(Debug, Clone, Subcommand)]
pub enum GateCommand {
    /// Run a command once a reviewer has approved exactly it; its exit status is passed on
    Exec(exec::ExecArgs),
    /// Answer an agent's host before it runs a tool: reads the host's JSON from stdin
    Hook(hook::HookArgs),
    /// Put the hook into the configuration of an agent's host, with the settings that fail closed
    Install(install::InstallArgs),
    /// Take the hook out again
    Uninstall(uninstall::UninstallArgs),
    /// Say of every host what the gate is worth there, and send a call through it as a test
    Status(status::StatusArgs),
    /// Stand between an agent and an MCP server: calls of tools are put to policy, the rest passes
    Mcp(mcp::McpArgs),
}

impl GateArgs {
    /// The line of a hook, which is answered before anything else is set up.
    pub(super) fn hook(&self, global: &Global) -> Option<hook::Line> {
        let GateCommand::Hook(args) = &self.command else { return None };
        Some(hook::Line {
            host: args.host.clone(),
            wait: args.wait,
            store: global.store.clone(),
            config: global.config.clone(),
        })
    }

    /// Whether this is an agent that asks, and not a person who sets the gate up.
    pub(super) const fn is_asking(&self) -> bool {
        match self.command {
            GateCommand::Exec(_) | GateCommand::Hook(_) | GateCommand::Mcp(_) => true,
            GateCommand::Install(_) | GateCommand::Uninstall(_) | GateCommand::Status(_) => false,
        }
    }
}

/// Answers whoever asks.
pub async fn run(
    args: &GateArgs,
    store: &Path,
    lens: &Lens,
    rules: &Rules,
    verbose: bool,
) -> ExitCode {
    match &args.command {
        // Answered before it comes to this; what is not answered is no yes.
        GateCommand::Exec(args) => {
            ExitCode::from(exec::run(args, store, lens, rules, verbose).await)
        }
        // Not with the rules of its start.
        GateCommand::Mcp(_)
        | GateCommand::Hook(_)
        | GateCommand::Install(_)
        | GateCommand::Uninstall(_)
        | GateCommand::Status(_) => ExitCode::from(2),
    }
}

/// Stands in front of a server, if this is to. Its rules are read for every call: broken ones refuse
/// calls and leave the server running, so that the agent hears why.
pub(super) async fn serve(args: &GateArgs, store: &Path, global: &Global) -> Option<ExitCode> {
    let GateCommand::Mcp(args) = &args.command else { return None };
    Some(ExitCode::from(mcp::run(args, store, global).await))
}

/// Sets the gate up, takes it down, or looks at it.
pub(super) async fn set_up(
    args: &GateArgs,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    match &args.command {
        GateCommand::Install(args) => install::run(args, global, output).await,
        GateCommand::Uninstall(args) => uninstall::run(args, global, output).await,
        GateCommand::Status(args) => status::run(args, output).await,
        GateCommand::Exec(_) | GateCommand::Hook(_) | GateCommand::Mcp(_) => Ok(Exit::Usage),
    }
}

/// What a gate on this host knows.
fn guard(lens: &Lens, rules: &Rules) -> Result<Guard, String> {
    let host = gate::host_name();
    Ok(Guard {
        policy: match &rules.policy {
            Some(policy) => Arc::clone(policy),
            None => Arc::new(Policy::shipped().map_err(|error| error.to_string())?),
        },
        places: lens.production.clone(),
        environment: lens.production.host(&host),
        host,
        requester: Untrusted::new(gate::asker::account()),
    })
}
