//! `countersign break-glass`

use crate::{
    cli::{
        Global,
        decide::{Asked, Seen},
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::{ActionId, Untrusted, Verdict},
    review::{SHORTEST_REASON, is_a_reason},
};
use clap::{Args, builder::NonEmptyStringValueParser};

/// Let a held action through alone, in an emergency; somebody else has to review it afterwards
#[derive(Debug, Args)]
pub struct BreakGlass {
    /// Id of the action
    #[arg(value_name = "ID")]
    id: ActionId,
    /// Why, in 20 characters or more; whoever reviews it has nothing else
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    reason: String,
    /// Digest of what you saw, as `show` prints it; without it, the action is shown here and you
    /// are asked
    #[arg(long, value_name = "DIGEST")]
    digest: Option<Seen>,
}

impl BreakGlass {
    /// Breaks it.
    pub(in crate::cli) async fn run(
        self,
        global: &Global,
        output: Output,
    ) -> Result<Exit, Failure> {
        if !is_a_reason(&Untrusted::new(self.reason.as_str())) {
            let text = format!(
                "a reason of at least {SHORTEST_REASON} characters that says something is needed: \
                 whoever reviews it afterwards has nothing else"
            );
            return Err(Failure::new(Kind::Usage, text).next("say more with --reason TEXT"));
        }
        Asked { id: self.id, verdict: Verdict::BreakGlass, reason: self.reason, seen: self.digest }
            .run(global, output)
            .await
    }
}
