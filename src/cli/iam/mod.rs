//! `countersign iam`: what AWS's policies really allow.
//!
//! ```text
//!   FILE… ────────────────▶ World ── audit ──▶ who is, who becomes an administrator; powers; doors
//!   --from FILE…, or the ─▶ World ─┬─ can, who-can ──▶ single decisions, with the statement
//!   configured accounts            ├─ path ──▶ ways from one principal to another
//!                                  └─ explain ──▶ why
//!   requests, one a line ── simulate ──▶ answers, one a line
//! ```

mod audit;
mod can;
mod explain;
mod files;
mod nearest;
mod origin;
mod path;
mod question;
mod simulate;
mod who_can;

use super::{Global, exit::Exit, failure::Failure, output::Output};
use audit::Audit;
use can::Can;
use clap::Subcommand;
use explain::Explain;
use path::Path;
use simulate::Simulate;
use who_can::WhoCan;

/// What AWS principals may do, and how far they get
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "clap would print a comment here instead of the command's own")]
pub enum IamCommand {
    Audit(Audit),
    Can(Can),
    WhoCan(WhoCan),
    Path(Path),
    Explain(Explain),
    Simulate(Simulate),
}

impl IamCommand {
    /// Runs the subcommand.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        match self {
            Self::Audit(args) => args.run(output),
            Self::Can(args) => Box::pin(args.run(global, output)).await,
            Self::WhoCan(args) => Box::pin(args.run(global, output)).await,
            Self::Path(args) => Box::pin(args.run(global, output)).await,
            Self::Explain(args) => Box::pin(args.run(global, output)).await,
            Self::Simulate(args) => args.run(output),
        }
    }
}
