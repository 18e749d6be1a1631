//! The command line: one file a subcommand, no logic of its own.
//!
//! ```text
//!   args ─▶ Cli ─▶ assemble: config ─▶ store ─▶ sources ─▶ Desk { review, poller }
//!                      │
//!                      ▼
//!           audit queue show approve … ─▶ report ─▶ output: stdout (results, table or JSON)
//!                      │                                └─▶ stderr (notices, previews, errors)
//!                      ▼
//!                exit status (0 1 2 3 75 77 130)
//! ```
//!
//! A command never writes to stdout but through [`output::Output`], and never ends the program
//! but through [`exit::Exit`].

mod activity;
mod apart;
mod approve;
mod args;
mod ask;
mod assemble;
mod audit;
mod classify;
mod clock;
mod completions;
mod config;
mod decide;
pub mod demo;
mod doctor;
mod duty;
pub mod exit;
pub mod failure;
pub mod gate;
mod iam;
mod init;
mod ledger;
mod lines;
mod logs;
mod man;
mod open;
pub mod output;
mod people;
mod policy;
mod polling;
mod queue;
mod reject;
mod restore;
mod revoke;
mod rules;
mod show;
mod sources;
mod store;
mod terminal;
mod watch;
mod withdraw;

pub use args::{Cli, Command, Global};
pub use assemble::Desk;

use crate::{domain::Untrusted, text::SafeText};
use clap::Parser as _;
use exit::Exit;
use failure::{Failure, Kind};
use output::Output;

use std::process::ExitCode;

/// Runs the program and gives its exit status.
pub fn main() -> ExitCode {
    // Before anything else is set up: an agent waits, and asks again before its every step.
    if let Some(line) = gate::hook::Line::recognise(std::env::args_os().skip(1)) {
        return gate::hook::run(&line);
    }
    // What follows `--` belongs to the command of `gate exec`.
    let json = std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--json");
    let output = Output::new(json);
    let ended = match Cli::try_parse() {
        Ok(cli) => {
            if let Some(Command::Gate(gate)) = &cli.command
                && let Some(line) = gate.hook(&cli.global)
            {
                return gate::hook::run(&line);
            }
            run(cli, output)
        }
        Err(error) => not_understood(&error, output),
    };
    ended.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit().into()
    })
}

/// Runs `countersign-hook`, which hosts start instead of `countersign` because it is small.
pub fn hook() -> ExitCode {
    // Without HOME the system's list of accounts would be asked, through libraries that a program
    // linked statically must not load: another release of them may lie there by now.
    let is_at_home = std::env::var_os("HOME").is_some_and(|home| !home.is_empty());
    let line = gate::hook::Line::recognise(std::env::args_os().skip(1)).filter(|_| is_at_home);
    if let Some(line) = line {
        return gate::hook::glance(&line);
    }
    eprintln!("countersign-hook: {}", gate::hook::whole(None));
    // What most hosts take for a no.
    ExitCode::from(2)
}

/// clap's own ending: help and version are results, everything else a usage error.
fn not_understood(error: &clap::Error, output: Output) -> Result<ExitCode, Failure> {
    if error.use_stderr() {
        if output.is_json() {
            let text = error.render().to_string();
            let message = text.trim().trim_start_matches("error: ").to_owned();
            return Err(Failure::new(Kind::Usage, message).next("see `countersign --help`"));
        }
        // clap quotes what was typed as it came.
        let text = Untrusted::new(error.render().to_string());
        output.aside(&format!("{}\n", SafeText::block(&text).as_str().trim_end()));
        return Ok(Exit::Usage.into());
    }
    output.text(&error.render().to_string())?;
    Ok(Exit::Done.into())
}

fn run(cli: Cli, output: Output) -> Result<ExitCode, Failure> {
    // The pretty hook is only for faults of our own; everything expected is a `Failure`. It can
    // be installed once a process, and a second time changes nothing.
    let _ = color_eyre::install();
    logs::start(&cli.global)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| color_eyre::Report::new(error).wrap_err("cannot start the runtime"))?;
    let ended = runtime.block_on(dispatch(cli, output));
    // A source that hangs in a blocking call must not hold up the exit.
    runtime.shutdown_background();
    ended
}

async fn dispatch(cli: Cli, output: Output) -> Result<ExitCode, Failure> {
    let Cli { global, command } = cli;
    let global = &global;
    let Some(command) = command else {
        return open::run(global, output).await;
    };
    let exit = match command {
        Command::Audit(args) => args.run(global, output).await,
        Command::Queue(args) => args.run(global, output).await,
        Command::Show(args) => args.run(global, output).await,
        Command::Approve(args) => args.run(global, output).await,
        Command::Reject(args) => args.run(global, output).await,
        Command::Withdraw(args) => args.run(global, output).await,
        Command::BreakGlass(args) => args.run(global, output).await,
        Command::Lock(args) => args.run(global, output).await,
        Command::Unlock(args) => args.run(global, output).await,
        Command::Request(command) => command.run(global, output).await,
        Command::Sign(args) => args.run(global, output).await,
        Command::Revoke(args) => args.run(global, output).await,
        Command::Restore(args) => args.run(global, output).await,
        Command::Activity(args) => args.run(global, output).await,
        Command::Sources(args) => args.run(global, output).await,
        Command::Watch(args) => Box::pin(args.run(global, output)).await,
        Command::Doctor(args) => doctor::run(args, global, output).await,
        Command::Init(args) => args.run(global, output),
        Command::Config(command) => command.run(global, output),
        Command::Completions(args) => args.run(output),
        Command::Man(args) => args.run(output),
        Command::Classify(args) => args.run(global, output).await,
        Command::Iam(command) => Box::pin(command.run(global, output)).await,
        Command::Store(command) => Box::pin(command.run(global, output)).await,
        Command::Ledger(command) => Box::pin(command.run(global, output)).await,
        Command::Evidence(args) => Box::pin(args.run(global, output)).await,
        Command::Policy(command) => Box::pin(command.run(global, output)).await,
        Command::Demo(args) => return open::demo(&args, output).await,
        Command::Gate(args) if !args.is_asking() => gate::set_up(&args, global, output).await,
        Command::Gate(args) => return Ok(at_the_gate(&args, global, output).await),
    };
    exit.map(ExitCode::from)
}

/// The gate fails closed: whatever keeps it from asking is a refusal, so that an agent's script
/// never takes it for the command's own failure.
async fn at_the_gate(args: &gate::GateArgs, global: &Global, output: Output) -> ExitCode {
    let loaded = assemble::load(global);
    let placed = loaded.and_then(|loaded| {
        let store = assemble::store_path(global, &loaded.config)?;
        Ok((loaded, store))
    });
    if let Ok((_, store)) = &placed
        && let Some(status) = gate::serve(args, store, global).await
    {
        return status;
    }
    let ready = placed.and_then(|(loaded, store)| {
        let rules = rules::rules(global, &loaded.config)?;
        Ok((store, assemble::lens(&loaded.config)?, rules))
    });
    match ready {
        Ok((store, lens, rules)) => {
            // Asked beside: most commands need nobody.
            let _asking = duty::keep_asking(&rules.reviewers);
            gate::run(args, &store, &lens, &rules, global.verbose).await
        }
        Err(failure) => {
            output.failure(&failure);
            Exit::Refused.into()
        }
    }
}
