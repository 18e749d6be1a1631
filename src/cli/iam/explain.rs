//! `countersign iam explain`

use super::{files, origin::Origin, question};
use crate::{
    cli::{Global, exit::Exit, failure::Failure, output::Output},
    iam::reach::{self, Options},
    report::{Asked, CanReport, PrincipalReach, Resting, SaysReport},
};
use clap::Args;

/// Tell why: how far a principal gets and who gets into it, or which statements speak of an action
#[derive(Debug, Args)]
pub struct Explain {
    /// Who: an ARN, or a name only one has
    principal: String,
    /// What, as policies write it (s3:DeleteBucket)
    action: Option<String>,
    /// On what: an ARN; without it, the statements for any resource are told
    resource: Option<String>,
    #[command(flatten)]
    origin: Origin,
}

impl Explain {
    /// Asks and tells.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let wanted = match &self.action {
            Some(action) => {
                let resource = self.resource.as_deref().unwrap_or("*");
                Some(question::action(action, resource, output)?)
            }
            None => None,
        };
        let world = self.origin.world(global, output).await?;
        let id = files::principal(&world, &self.principal)?;
        let options = Options::default();
        match (&wanted, &self.resource) {
            (None, _) => {
                files::step(output, "following every path");
                let audit = reach::audit(&world, &options);
                files::step(output, "");
                let arn = world.principals.get(id.0 as usize).map_or("", |it| &*it.arn);
                let inside = reach::who_can(&world, "sts:AssumeRole", arn, &options);
                let page = PrincipalReach::new(&world, &audit, id).with_callers(&inside);
                // A path leads through others, so whatever is wrong with them counts.
                let problems: Vec<_> = world.problems.iter().chain(&audit.problems).collect();
                output.report(&Resting::new(&page, &problems))?;
                files::tell(&problems, &world, output);
            }
            (Some((action, _)), None) => {
                let says = reach::says(&world, id, action, None, &options);
                let problems = world.problems_about(id, "*");
                let answer = SaysReport::new(&world, id, action, &says);
                output.report(&Resting::new(&answer, &problems))?;
                files::tell(&problems, &world, output);
            }
            (Some((action, resource)), Some(_)) => {
                let says = reach::says(&world, id, action, Some(resource), &options);
                let ruling = reach::can(&world, id, action, resource, &options);
                let asked = Asked { action, resource };
                let problems = world.problems_about(id, resource);
                let answer = CanReport::new(&world, id, asked, &ruling, &says);
                output.report(&Resting::new(&answer, &problems))?;
                files::tell(&problems, &world, output);
            }
        }
        Ok(files::ending(&world, false, false))
    }
}
