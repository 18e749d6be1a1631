//! The terminal's bell.

use super::super::{Answer, News, Undelivered};
use std::io::{self, IsTerminal as _, Write as _};

/// Rings, where there is a terminal. Where there is none nobody would hear it, and nothing is lost:
/// what happened is a line of the watch's output too.
#[allow(clippy::unused_async, reason = "as the other ways")]
pub(super) async fn ring(_news: &News) -> Result<Answer, Undelivered> {
    let mut stderr = io::stderr().lock();
    if !stderr.is_terminal() {
        return Ok(Answer { said: "there is no terminal to ring on".to_owned() });
    }
    stderr
        .write_all(b"\x07")
        .and_then(|()| stderr.flush())
        .map_err(|error| Undelivered::later(error.to_string()))?;
    Ok(Answer { said: "rang".to_owned() })
}
