//! `countersign show`

use super::{
    Desk, Global,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    domain::{ActionId, CredentialId},
    report::{ActionPage, CredentialPage},
    review,
};
use clap::Args;
use jiff::Timestamp;
use std::str::FromStr;

/// Show one action or credential, whole
#[derive(Debug, Args)]
pub struct Show {
    /// Id of an action (a-…) or a credential (c-…)
    id: Shown,
    /// Leave out the diff
    #[arg(long)]
    no_diff: bool,
}

/// What can be shown.
#[derive(Debug, Clone)]
enum Shown {
    Action(ActionId),
    Credential(CredentialId),
}

impl FromStr for Shown {
    type Err = crate::domain::IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("c-") {
            text.parse().map(Self::Credential)
        } else {
            text.parse().map(Self::Action)
        }
    }
}

impl Show {
    /// Tells all there is about one thing.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        let store = desk.review.store();
        let now = Timestamp::now();
        match self.id {
            Shown::Action(id) => {
                let Some((row, action)) = store.action(&id).await? else {
                    return Err(Failure::new(Kind::NotFound, format!("no action `{id}`"))
                        .next("`countersign queue --closed` lists every action"));
                };
                let assessed = review::assess(&action);
                let outlook = desk.review.outlook(&row, now);
                let page = ActionPage::new(&row, &action, &assessed, &outlook, now);
                output.report(&if self.no_diff { page.without_diff() } else { page })?;
            }
            Shown::Credential(id) => {
                let Some(row) = store.credential(&id).await? else {
                    return Err(Failure::new(Kind::NotFound, format!("no credential `{id}`"))
                        .next("`countersign audit --all` lists every credential"));
                };
                output.report(&CredentialPage::new(&row, now))?;
            }
        }
        Ok(Exit::Done)
    }
}
