//! The command line as clap reads it. One struct a subcommand, in the subcommand's own file.

use super::{
    activity::Activity,
    approve::Approve,
    audit::Audit,
    classify::Classify,
    completions::Completions,
    config::ConfigCommand,
    demo::DemoArgs,
    doctor::Doctor,
    gate::GateArgs,
    iam::IamCommand,
    init::Init,
    ledger::{Evidence, LedgerCommand},
    man::Man,
    policy::PolicyCommand,
    queue::Queue,
    reject::Reject,
    restore::Restore,
    revoke::Revoke,
    show::Show,
    sources::Sources,
    store::StoreCommand,
    watch::Watch,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// See which AI tools hold production credentials, decide on what they want to do, and take
/// credentials away. Without a command, opens the console.
#[derive(Debug, Parser)]
#[command(
    name = "countersign",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 done, 1 failure, 2 usage, 3 findings at or above --fail-on, \
                  75 still pending, 77 refused, 130 stopped by Ctrl-C."
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Read this configuration file instead of the one in the XDG configuration directory
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Keep everything in this SQLite file, or on this server (`postgres://…`), instead of the
    /// configured one
    #[arg(long, global = true, value_name = "FILE_OR_URL")]
    pub store: Option<PathBuf>,
    /// Write one JSON object to stdout; errors as JSON to stderr
    #[arg(long, global = true)]
    pub json: bool,
    /// Write a detailed log file to the XDG state directory (`COUNTERSIGN_LOG` sets the filter)
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// The subcommands. Each says what it does in its own file.
#[allow(missing_docs, reason = "clap would print a comment here instead of the command's own")]
#[derive(Debug, Subcommand)]
pub enum Command {
    Audit(Audit),
    Queue(Queue),
    Show(Show),
    Approve(Approve),
    Reject(Reject),
    Revoke(Revoke),
    Restore(Restore),
    Activity(Activity),
    Sources(Sources),
    Watch(Watch),
    Doctor(Doctor),
    Init(Init),
    /// Check or show the effective configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    Demo(DemoArgs),
    Gate(GateArgs),
    /// What AWS principals may do, and how far they get
    #[command(subcommand)]
    Iam(IamCommand),
    Classify(Classify),
    #[command(subcommand)]
    Policy(PolicyCommand),
    #[command(subcommand)]
    Store(StoreCommand),
    #[command(subcommand)]
    Ledger(LedgerCommand),
    Evidence(Evidence),
    Completions(Completions),
    Man(Man),
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_of_every_command_may_stand_before_and_after_it() {
        for line in [["countersign", "--json", "queue"], ["countersign", "queue", "--json"]] {
            assert!(Cli::try_parse_from(line).unwrap().global.json, "{line:?}");
        }
    }

    #[test]
    fn an_id_of_the_wrong_kind_is_a_usage_error_that_names_the_right_list() {
        let error = Cli::try_parse_from(["countersign", "approve", "c-0123456789"]).unwrap_err();
        assert!(error.to_string().contains("countersign queue"), "{error}");
        let error = Cli::try_parse_from(["countersign", "revoke", "a-0123456789"]).unwrap_err();
        assert!(error.to_string().contains("countersign audit"), "{error}");
    }

    #[test]
    fn a_rejection_without_a_reason_is_a_usage_error() {
        assert!(Cli::try_parse_from(["countersign", "reject", "a-0123456789"]).is_err());
    }
}
