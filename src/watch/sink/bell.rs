//! The terminal's bell.

use super::super::{Answer, Event, News, Undelivered};
use std::{
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

/// Between two strokes, so that they are heard as two.
const STROKE: Duration = Duration::from_millis(250);

/// Rings, where there is a terminal: once, and three times for a broken glass. Where there is none nobody would hear it, and nothing is lost:
/// what happened is a line of the watch's output too.
pub(super) async fn ring(news: &News) -> Result<Answer, Undelivered> {
    if !io::stderr().is_terminal() {
        return Ok(Answer { said: "there is no terminal to ring on".to_owned() });
    }
    let strokes = if news.event == Event::BreakGlass { 3 } else { 1 };
    for stroke in 0..strokes {
        if stroke > 0 {
            tokio::time::sleep(STROKE).await;
        }
        let mut stderr = io::stderr().lock();
        stderr
            .write_all(b"\x07")
            .and_then(|()| stderr.flush())
            .map_err(|error| Undelivered::later(error.to_string()))?;
    }
    Ok(Answer { said: "rang".to_owned() })
}
