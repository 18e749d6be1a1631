//! `countersign gate`: the agent's side.

pub mod exec;
pub mod hook;

use super::Global;
use crate::sources::Lens;
use clap::{Args, Subcommand};
use std::{path::Path, process::ExitCode};

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
}

/// Does what was asked for.
pub async fn run(args: &GateArgs, store: &Path, lens: &Lens) -> ExitCode {
    match &args.command {
        GateCommand::Exec(args) => ExitCode::from(exec::run(args, store, lens).await),
        // Answered before it comes to this; what is not answered is no yes.
        GateCommand::Hook(_) => ExitCode::from(2),
    }
}
