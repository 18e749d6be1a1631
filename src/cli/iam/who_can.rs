//! `countersign iam who-can`

use super::{
    files,
    origin::Origin,
    question::{self, FailOn},
};
use crate::{
    cli::{Global, exit::Exit, failure::Failure, output::Output},
    iam::reach::{self, Options},
    report::{Resting, WhoCanReport},
};
use clap::Args;

/// List everybody who may do something
#[derive(Debug, Args)]
pub struct WhoCan {
    /// What, as policies write it; it may be a pattern (s3:Delete*)
    action: String,
    /// On what: an ARN, or `*` for an action that knows no resources
    resource: String,
    #[command(flatten)]
    origin: Origin,
    /// Exit with 3 when somebody is allowed to (or perhaps is)
    #[arg(long, value_name = "ANSWER")]
    fail_on: Option<FailOn>,
}

impl WhoCan {
    /// Asks about everybody and tells.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let actions = question::actions(&self.action, output)?;
        let only = if let [one] = actions.as_slice() { Some(one.as_str()) } else { None };
        let resource = question::resource(only, &self.resource, output)?;
        let world = self.origin.world(global, output).await?;
        let options = Options::default();
        let mut answers = Vec::new();
        for action in &actions {
            let all = reach::who_can(&world, action, &resource, &options);
            answers.extend(all.into_iter().map(|(id, ruling)| (action.as_str(), id, ruling)));
        }
        answers.sort_by_key(|(_, id, _)| *id);
        let report = WhoCanReport::new(&world, &self.action, &resource, &answers);
        let problems: Vec<_> = world.problems.iter().collect();
        output.stream(&Resting::new(&report, &problems))?;
        files::tell(&problems, &world, output);
        let fails = self.fail_on.is_some_and(|it| report.somebody(it.least()));
        Ok(files::ending(&world, fails, self.fail_on.is_some()))
    }
}
