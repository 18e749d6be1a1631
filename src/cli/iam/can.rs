//! `countersign iam can`

use super::{
    files,
    origin::Origin,
    question::{self, FailOn},
};
use crate::{
    cli::{Global, exit::Exit, failure::Failure, output::Output},
    domain::Certainty,
    iam::reach::{self, Options},
    report::{Asked, CanReport, Resting},
};
use clap::Args;

/// Tell whether a principal may do something, and which statement says so
#[derive(Debug, Args)]
pub struct Can {
    /// Who: an ARN, or a name only one has
    principal: String,
    /// What, as policies write it (s3:DeleteBucket)
    action: String,
    /// On what: an ARN, or `*` for an action that knows no resources
    resource: String,
    #[command(flatten)]
    origin: Origin,
    /// Exit with 3 when it is allowed (or perhaps is)
    #[arg(long, value_name = "ANSWER")]
    fail_on: Option<FailOn>,
}

impl Can {
    /// Asks and tells.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let (action, resource) = question::action(&self.action, &self.resource, output)?;
        let world = self.origin.world(global, output).await?;
        let id = files::principal(&world, &self.principal)?;
        let ruling = reach::can(&world, id, &action, &resource, &Options::default());
        let asked = Asked { action: &action, resource: &resource };
        let problems = world.problems_about(id, &resource);
        let answer = CanReport::new(&world, id, asked, &ruling, &[]);
        output.report(&Resting::new(&answer, &problems))?;
        files::tell(&problems, &world, output);
        let fails = |it: FailOn| Certainty::from(ruling.allowed) >= it.least();
        Ok(files::ending(&world, self.fail_on.is_some_and(fails), self.fail_on.is_some()))
    }
}
