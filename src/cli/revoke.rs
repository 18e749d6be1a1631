//! `countersign revoke`

use super::{Desk, Global, exit::Exit, failure::Failure, output::Output, withdraw::Withdrawal};
use clap::Args;

/// Take a credential away, after showing exactly what will be sent
#[derive(Debug, Args)]
pub struct Revoke {
    #[command(flatten)]
    what: Withdrawal,
}

impl Revoke {
    /// Previews, asks, revokes.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let what = self.what;
        what.require_consent("revoke", output)?;
        let desk = Desk::open(global).await?;
        let credential = what.credential(&desk).await?;
        let preview = desk.review.preview_revoke(&what.id).await?;
        if !what.agreed("revoke", &credential, &preview, output).await? {
            return Ok(Exit::Done);
        }
        let order = desk.review.revoke(&what.id, &preview, what.why());
        what.carry("revoke", order, output).await
    }
}
