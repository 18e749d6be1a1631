//! `countersign reject`

use super::{
    Global,
    decide::{Asked, Seen},
    exit::Exit,
    failure::Failure,
    output::Output,
};
use crate::domain::{ActionId, Verdict};
use clap::{Args, builder::NonEmptyStringValueParser};

/// Reject an action, exactly as it was shown
#[derive(Debug, Args)]
pub struct Reject {
    /// Id of the action
    #[arg(value_name = "ID")]
    id: ActionId,
    /// Why; the agent's owner will read it
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    reason: String,
    /// Digest of what you saw, as `show` prints it; without it, the action is shown here and you
    /// are asked
    #[arg(long, value_name = "DIGEST")]
    digest: Option<Seen>,
}

impl Reject {
    /// Rejects.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        Asked { id: self.id, verdict: Verdict::Reject, reason: self.reason, seen: self.digest }
            .run(global, output)
            .await
    }
}
