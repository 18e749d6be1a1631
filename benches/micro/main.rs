//! Small parts, measured by criterion; its reports are in `target/criterion`.

#![allow(missing_docs, reason = "criterion's macros make public functions without documentation")]
#![allow(clippy::expect_used, reason = "a measurement has nobody to hand an error to")]

mod digest;
mod text;

use criterion::{Criterion, criterion_group, criterion_main};
use std::time::Duration;

/// Short runs: these figures are looked at for their size, not for their last digit.
fn short() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_200))
}

criterion_group! {
    name = benches;
    config = short();
    targets =
        digest::action_digest, digest::plain_hash,
        text::safe_text, text::catalogue, text::diff
}
criterion_main!(benches);
