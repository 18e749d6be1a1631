//! `expect` and `unbuffer`.
//!
//! From expect(1) and unbuffer(1) (<https://core.tcl-lang.org/expect/index>), 2026-11. A script of
//! expect is Tcl that talks to a program: it is not read.

use super::front::{self, Own};
use crate::classify::{Call, Judge};

/// Judges `expect` and `unbuffer`.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::new("cfD", &[]).read(call.arguments());
    if front::base(&call.words[0]) == "unbuffer" {
        return if front.rest.is_empty() {
            judge.reads("system", "", call.span());
        } else {
            front::run(front.rest, call, judge);
        };
    }
    if front.has(&["-v"]) {
        return judge.reads("system", "", call.span());
    }
    judge.opaque(call.span(), "what the dialogue types is not read");
}
