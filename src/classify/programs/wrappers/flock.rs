//! `flock`: runs a command while it holds a lock.
//!
//! From flock(1) of util-linux (<https://man7.org/linux/man-pages/man1/flock.1.html>), 2026-11.

use super::front::{self, Own};
use crate::classify::{Call, Judge};

/// Judges `flock`.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own = Own::new("wEc", &["--wait", "--timeout", "--conflict-exit-code", "--command"]);
    let mut front = own.read(call.arguments());
    if let Some(script) = front.value(&["-c", "--command"]) {
        return front::run_script(script, call, judge);
    }
    let _lock = front.operand();
    let inner = own.read(front.rest);
    if let Some(script) = inner.value(&["-c", "--command"]) {
        return front::run_script(script, call, judge);
    }
    if inner.rest.is_empty() {
        return judge.reads("system", "", call.span());
    }
    front::run(inner.rest, call, judge);
}
