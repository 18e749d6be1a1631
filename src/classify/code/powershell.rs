//! Not read yet.

use crate::classify::{Call, Judge, Word};

/// Judges.
pub(super) fn read(text: &Word, _call: &Call<'_>, judge: &mut Judge<'_>) {
    judge.opaque(text.span(), "not read yet");
}
