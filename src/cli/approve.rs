//! `countersign approve`

use super::{
    Global,
    decide::{Asked, Seen},
    exit::Exit,
    failure::Failure,
    output::Output,
};
use crate::domain::{ActionId, Verdict};
use clap::Args;

/// Approve an action, exactly as it was shown
#[derive(Debug, Args)]
pub struct Approve {
    /// Id of the action
    #[arg(value_name = "ID")]
    id: ActionId,
    /// Why; it is sent along
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Digest of what you saw, as `show` prints it; without it, the action is shown here and you
    /// are asked
    #[arg(long, value_name = "DIGEST")]
    digest: Option<Seen>,
}

impl Approve {
    /// Approves.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        Asked { id: self.id, verdict: Verdict::Approve, reason: self.reason, seen: self.digest }
            .run(global, output)
            .await
    }
}
