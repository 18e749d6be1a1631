//! `countersign policy`: is it good, what does it say, and why.
//!
//! ```text
//!   FILE ─▶ check                      what is wrong with it, with line and column
//!           show                       the text in force
//!   an action, a command ─▶ explain    which rules match which effect, and what that comes to
//!   TESTS.toml ─▶ test                 given this, expect that
//!   OLD, NEW + the store ─▶ diff       what would have changed in the last days
//! ```

mod diff;
mod explain;
mod given;
mod test;

use super::{Global, assemble, exit::Exit, failure::Failure, output::Output, rules};
use crate::{
    config::Problem,
    domain::PolicyId,
    policy::{Policy, PolicyError},
    report::Said,
};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Check, show, explain, test and compare policies
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  \
        countersign policy show > policy.cedar\n  \
        countersign policy check policy.cedar\n  \
        countersign policy explain --command 'kubectl delete ns payments' --env production\n  \
        countersign policy test tests/*.toml --policy policy.cedar\n  \
        countersign policy diff policy.cedar new.cedar --days 30")]
pub enum PolicyCommand {
    /// Look for every mistake in a policy at once; without FILE, in the one in force
    ///
    /// Exits with 1 when there is one.
    Check {
        /// The policy
        file: Option<PathBuf>,
    },
    /// Print the policy in force, or the schema that policies are checked against
    Show(Show),
    /// Tell what an action, or a command that nobody asked for yet, needs, and why
    Explain(explain::Explain),
    /// Run tests of a policy: TOML files with `[[test]]` sections
    ///
    /// Exits with 3 when one fails, and with 1 when one cannot be run. docs/policy.md tells what a
    /// test may say.
    Test(test::Test),
    /// Tell which recorded actions another policy would have treated otherwise
    Diff(diff::Compare),
}

/// `countersign policy show`
#[derive(Debug, Args)]
pub struct Show {
    /// The shipped policy instead of the one in force
    #[arg(long, conflicts_with = "schema")]
    shipped: bool,
    /// The shipped policy for as long as nobody has a key: what it holds may be approved unsigned
    #[arg(long, conflicts_with_all = ["schema", "shipped"])]
    unsigned: bool,
    /// The schema
    #[arg(long)]
    schema: bool,
}

impl PolicyCommand {
    /// Does what was asked for.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        match self {
            Self::Check { file } => check(file.as_deref(), global, output),
            Self::Show(args) => show(&args, global, output),
            Self::Explain(args) => args.run(global, output).await,
            Self::Test(args) => args.run(global, output),
            Self::Diff(args) => args.run(global, output).await,
        }
    }
}

/// What checking a policy found.
#[derive(Debug, Serialize)]
struct CheckReport {
    /// The file; none: the shipped policy.
    file: Option<PathBuf>,
    /// Which policy; none where something is wrong with it.
    policy: Option<PolicyId>,
    /// How many rules it has.
    rules: usize,
    /// What is wrong.
    problems: Vec<Problem>,
    /// What is odd.
    warnings: Vec<String>,
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        let Some(policy) = &self.policy else {
            return PolicyError { problems: self.problems.clone() }.fmt(f);
        };
        let file = self.file.as_deref().map_or("the shipped policy".into(), Path::to_string_lossy);
        let rules = if self.rules == 1 { "rule" } else { "rules" };
        write!(f, "{file}: good, {policy}, {} {rules}.", self.rules)
    }
}

fn check(file: Option<&Path>, global: &Global, output: Output) -> Result<Exit, Failure> {
    let config = assemble::load(global)?.config;
    let file = file.or(config.policy.file.as_deref());
    let read = match file {
        Some(file) => Policy::load(file),
        None => Policy::shipped(),
    };
    let mut found = CheckReport {
        file: file.map(Path::to_owned),
        policy: None,
        rules: 0,
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    match read {
        Ok(policy) => {
            found.policy = Some(policy.id());
            found.rules = policy.count();
            let empty = |group: &&String| config.groups.get(*group).is_none_or(Vec::is_empty);
            found.warnings = policy.groups().iter().filter(empty).map(nobody_in).collect();
        }
        Err(error) => found.problems = error.problems,
    }
    output.report(&Said::new("policy-check", &found))?;
    Ok(if found.problems.is_empty() { Exit::Done } else { Exit::Failure })
}

fn nobody_in(group: &String) -> String {
    format!(
        "nobody is in the group `{group}`, so what needs it can never be approved: \
         [groups] {group} = [\"…\"] names its members"
    )
}

/// The text of a policy.
#[derive(Debug, Serialize)]
struct Text {
    /// Which policy; none for the schema.
    policy: Option<PolicyId>,
    /// It.
    text: String,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn show(args: &Show, global: &Global, output: Output) -> Result<Exit, Failure> {
    let text = if args.schema {
        Text { policy: None, text: crate::policy::shipped_schema().to_owned() }
    } else {
        let policy = if args.shipped {
            Policy::shipped().map_err(|error| rules::failure(&error))?
        } else if args.unsigned {
            Policy::parse(&crate::policy::unsigned_text(), "unsigned.cedar")
                .map_err(|error| rules::failure(&error))?
        } else {
            let config = assemble::load(global)?.config;
            rules::policy(global, &config)?.as_ref().clone()
        };
        Text { policy: Some(policy.id()), text: policy.text().to_owned() }
    };
    output.report(&Said::new("policy", &text))?;
    Ok(Exit::Done)
}

/// The policy a command is about: the named file, else the one in force; for this installation.
fn named(file: Option<&Path>, global: &Global) -> Result<(Policy, crate::config::Config), Failure> {
    let mut config = assemble::load(global)?.config;
    if let Some(file) = file {
        config.policy.file = Some(file.to_owned());
    }
    let policy = rules::policy(global, &config)?;
    Ok((policy.as_ref().clone(), config))
}
