//! How often whoever waits looks whether there is an answer.

use std::time::Duration;

/// Nobody waits longer than that for an answer that is there.
const SELDOM: Duration = Duration::from_secs(2);

/// How long to wait after a look that took so long. A slow one tells of a busy machine; if hundreds
/// who wait went on looking as often, those they wait for would never get on.
pub(super) fn pause(every: Duration, look: Duration) -> Duration {
    (look * 10).min(SELDOM).max(every)
}

#[cfg(test)]
mod tests {
    use super::pause;
    use std::time::Duration;

    #[test]
    fn the_busier_the_machine_the_seldomer_a_look() {
        let every = Duration::from_millis(100);
        for (look, pauses) in [(2, 100), (10, 100), (50, 500), (60_000, 2000)] {
            let paused = pause(every, Duration::from_millis(look));
            assert_eq!(paused, Duration::from_millis(pauses), "{look} ms");
        }
        let minute = Duration::from_mins(1);
        assert_eq!(pause(minute, Duration::from_secs(1)), minute);
    }
}
