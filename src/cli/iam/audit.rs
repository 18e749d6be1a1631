//! `countersign iam audit`

use super::files::{self, Files};
use crate::{
    cli::{
        audit::Format,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::Certainty,
    iam::reach,
    report::{IamAudit, PrincipalReach, Resting},
};
use clap::{Args, ValueEnum};

/// Tell who is and who becomes an administrator, by which path, and what each could destroy
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    files: Files,
    /// Also list those who reach nothing, and do not stop long lists
    #[arg(long)]
    all: bool,
    /// One principal in depth, by ARN or by a name only one has
    #[arg(long, value_name = "PRINCIPAL", conflicts_with_all = ["all", "fail_on"])]
    principal: Option<String>,
    /// Exit with 3 when somebody who is no administrator becomes one (or perhaps does)
    #[arg(long, value_name = "REACH")]
    fail_on: Option<Threshold>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "table", conflicts_with = "json")]
    format: Format,
}

/// `--fail-on`
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Threshold {
    /// Somebody becomes an administrator
    ReachesAdmin,
    /// Somebody becomes one if something holds that the files do not say
    Conditional,
}

impl Audit {
    /// Reads the files, asks the engine, writes what it says.
    pub(super) fn run(self, output: Output) -> Result<Exit, Failure> {
        let world = self.files.world(output)?;
        files::step(output, "following every path");
        let audit = reach::audit(&world, &reach::Options::default());
        files::step(output, "");
        if let Some(name) = &self.principal {
            let page = PrincipalReach::new(&world, &audit, files::principal(&world, name)?);
            let problems: Vec<_> = world.problems.iter().chain(&audit.problems).collect();
            let page = Resting::new(&page, &problems);
            match self.format {
                Format::Table => output.report(&page)?,
                Format::Json => output.as_json().stream(&page)?,
                Format::Csv | Format::Markdown => {
                    return Err(Failure::new(Kind::Usage, "one principal is a page, not a list")
                        .next("use --format table or json with --principal"));
                }
            }
            files::tell(&problems, &world, output);
            return Ok(files::ending(&world, false, false));
        }
        let report = IamAudit::new(&world, &audit, self.all);
        match self.format {
            Format::Table => output.stream(&report)?,
            Format::Json => output.as_json().stream(&report)?,
            Format::Csv => output.text(&report.csv())?,
            Format::Markdown => output.text(&report.markdown())?,
        }
        let least = self.fail_on.map(|threshold| match threshold {
            Threshold::ReachesAdmin => Certainty::Yes,
            Threshold::Conditional => Certainty::Conditional,
        });
        let exit = if least.is_some_and(|least| report.somebody_climbs(least)) {
            Exit::Findings
        } else if world.damaged_files > 0
            || least.is_some() && world.accounts.iter().any(|account| !account.is_complete)
        {
            // A pipeline must not take what nobody could read for clean.
            files::tell_damage(&world, output);
            Exit::Failure
        } else {
            Exit::Done
        };
        // Taking both down again takes longer than writing them, and the process ends here.
        std::mem::forget((world, audit));
        Ok(exit)
    }
}
