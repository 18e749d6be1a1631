//! `countersign restore`

use super::{Desk, Global, exit::Exit, failure::Failure, output::Output, withdraw::Withdrawal};
use clap::Args;

/// Give a revoked credential back, where that is possible
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    what: Withdrawal,
}

impl Restore {
    /// Previews, asks, restores.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let what = self.what;
        what.require_consent("restore", output)?;
        let desk = Desk::open(global).await?;
        let credential = what.credential(&desk).await?;
        let preview = desk.review.preview_restore(&what.id).await?;
        if !what.agreed("restore", &credential, &preview, output).await? {
            return Ok(Exit::Done);
        }
        let order = desk.review.restore(&what.id, &preview, what.why());
        what.carry("restore", order, output).await
    }
}
