//! `countersign iam path`

use super::{files, origin::Origin};
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    iam::{
        account_of,
        reach::{self, Bound, Options},
    },
    report::{PathsReport, Resting},
};
use clap::Args;

/// Draw how somebody gets from one principal to another, or to an administrator
#[derive(Debug, Args)]
pub struct Path {
    /// Where it begins: a principal (ARN or name), a service (lambda.amazonaws.com), an account id
    /// or a provider's ARN
    #[arg(value_name = "FROM")]
    start: String,
    /// Where it ends: a principal (ARN or name), or `admin` for any administrator
    #[arg(value_name = "TO", default_value = "admin")]
    end: String,
    #[command(flatten)]
    origin: Origin,
    /// Draw every path, not only the shortest
    #[arg(long)]
    all: bool,
    /// Longest path to look for
    #[arg(long, value_name = "STEPS", default_value = "6",
          value_parser = clap::value_parser!(u8).range(1..=32))]
    max_steps: u8,
    /// Exit with 3 when there is a path
    #[arg(long = "fail-on-path")]
    fails_if_found: bool,
}

impl Path {
    /// Looks for paths and draws them.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let world = self.origin.world(global, output).await?;
        let name = |party: &str| -> Result<String, Failure> {
            let is_outside = party.contains(".amazonaws.com")
                || party.contains("-provider/")
                || party.bytes().all(|byte| byte.is_ascii_digit())
                || account_of(party).is_some() && party.ends_with(":root");
            if is_outside || party == "admin" {
                return Ok(party.to_owned());
            }
            let id = files::principal(&world, party)?;
            Ok(world.principals.get(id.0 as usize).map_or(party, |it| &it.arn).to_owned())
        };
        let (from, to) = (name(&self.start)?, name(&self.end)?);
        if from == "admin" {
            return Err(Failure::new(Kind::Usage, "a path begins at somebody, not at `admin`")
                .next("`iam audit` lists the administrators"));
        }
        let bound = Bound { steps: usize::from(self.max_steps), ..Bound::default() };
        files::step(output, "following every path");
        let paths = reach::paths(&world, &from, &to, bound, &Options::default());
        files::step(output, "");
        let problems: Vec<_> = world.problems.iter().collect();
        let answer = PathsReport::new(&world, &from, &to, &paths, self.all);
        output.report(&Resting::new(&answer, &problems))?;
        files::tell(&problems, &world, output);
        let found = self.fails_if_found && !paths.paths.is_empty();
        Ok(files::ending(&world, found, self.fails_if_found))
    }
}
