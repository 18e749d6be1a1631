//! What applying a Terraform plan would do.

use super::{Judge, Word};

/// Judges the JSON of `terraform show -json`.
pub fn plan(plan: &Word, judge: &mut Judge<'_>) {
    judge.opaque(plan.span(), "plans are not read yet");
}
