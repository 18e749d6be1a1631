//! What tools for AWS policies get wrong, one test a trap, asked of the program itself.
//!
//! ```text
//!   language, conditions, layers, trust ── one request a line ──▶ iam simulate --jsonl
//!   accounts, federation                ── a small account ────▶ iam audit --format json
//!   decisions.jsonl                     ── a table: rule, request, what AWS decides
//! ```
//!
//! Every test names the page it follows. `IAM/` is <https://docs.aws.amazon.com/IAM/latest/UserGuide/>,
//! `Organizations/` <https://docs.aws.amazon.com/organizations/latest/userguide/>, `KMS/`
//! <https://docs.aws.amazon.com/kms/latest/developerguide/>, `GitHub/` <https://docs.github.com/en/actions/>.

mod accounts;
mod builders;
mod conditions;
mod decisions;
mod federation;
mod language;
mod layers;
mod trust;
