//! How long to wait before a source is asked again.

use crate::domain::SourceFault;
use std::time::Duration;

/// A failing source is asked at least this often, so that a repair is noticed.
const LONGEST: Duration = Duration::from_mins(15);

/// No word of a server keeps us away longer than this: GitHub's limits reset within the hour, and
/// a wrong header must not silence a source for ever.
const LONGEST_ASKED_FOR: Duration = Duration::from_hours(1);

/// The pause after an answer: the interval, spread a little so that several consoles and sources
/// do not march in step. `chance` is uniform in 0..1.
pub(super) fn after_answer(interval: Duration, chance: f64) -> Duration {
    interval.mul_f64(0.95 + 0.1 * chance)
}

/// The pause after the nth failure in a row (from 1): doubling from the interval, spread by a
/// fifth either way, and never shorter than the server asked for.
pub(super) fn after_failure(
    interval: Duration,
    failures: u32,
    fault: &SourceFault,
    chance: f64,
) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let grown = interval.saturating_mul(1 << doublings).min(LONGEST.max(interval));
    let spread = grown.mul_f64(0.8 + 0.4 * chance);
    match fault.retry_after {
        // Only later than asked for, never earlier.
        Some(asked) => spread.max(asked.min(LONGEST_ASKED_FOR).mul_f64(1.0 + 0.1 * chance)),
        None => spread,
    }
}

#[cfg(test)]
mod tests {
    use super::{after_answer, after_failure};
    use crate::domain::{FaultKind, SourceFault};
    use std::time::Duration;

    const MINUTE: Duration = Duration::from_mins(1);

    fn down() -> SourceFault {
        SourceFault::new(FaultKind::ServerError, "GET /", "502")
    }

    #[test]
    fn pauses_double_with_every_failure_up_to_a_quarter_of_an_hour() {
        let pauses: Vec<u64> =
            (1..8).map(|n| after_failure(MINUTE, n, &down(), 0.5).as_secs()).collect();
        assert_eq!(pauses, [60, 120, 240, 480, 900, 900, 900]);
    }

    #[test]
    fn a_long_interval_is_not_shortened_by_failures() {
        let hour = Duration::from_hours(1);
        assert_eq!(after_failure(hour, 9, &down(), 0.5), hour);
    }

    #[test]
    fn two_sources_that_fail_together_do_not_come_back_together() {
        let early = after_failure(MINUTE, 3, &down(), 0.0);
        let late = after_failure(MINUTE, 3, &down(), 1.0);
        assert!(late > early + MINUTE, "{early:?} {late:?}");
        assert!(after_answer(MINUTE, 0.0) < after_answer(MINUTE, 1.0));
    }

    #[test]
    fn a_server_that_says_when_is_never_asked_earlier() {
        let limited = down().retry_after(Duration::from_mins(30));
        for chance in [0.0, 0.5, 1.0] {
            assert!(after_failure(MINUTE, 1, &limited, chance) >= Duration::from_mins(30));
        }
    }

    #[test]
    fn an_absurd_wait_is_cut_to_an_hour() {
        let absurd = down().retry_after(Duration::from_secs(u64::MAX / 4));
        let pause = after_failure(MINUTE, 1, &absurd, 1.0);
        assert!(pause <= Duration::from_secs(4000), "{pause:?}");
    }

    #[test]
    fn thousands_of_failures_do_not_overflow() {
        assert!(after_failure(MINUTE, u32::MAX, &down(), 1.0) <= Duration::from_mins(18));
    }
}
