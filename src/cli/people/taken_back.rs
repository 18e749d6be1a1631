//! `countersign withdraw`

use crate::{
    cli::{Desk, Global, decide::under_way, exit::Exit, failure::Failure, output::Output},
    domain::{ActionId, Untrusted},
    report::Counted,
};
use clap::Args;

/// Take your approval of an action back, before anybody used it
#[derive(Debug, Args)]
pub struct Withdraw {
    /// Id of the action
    #[arg(value_name = "ID")]
    id: ActionId,
    /// Why; it stays in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

impl Withdraw {
    /// Takes it back. Nothing is asked first: it only takes away.
    pub(in crate::cli) async fn run(
        self,
        global: &Global,
        output: Output,
    ) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        let withdrawing = desk.review.withdraw(&self.id, Untrusted::new(self.reason));
        let standing = under_way(withdrawing, output).await?;
        output.report(&Counted::withdrawn(&self.id, &standing))?;
        Ok(Exit::Done)
    }
}
