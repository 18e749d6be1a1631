//! How long to wait before a receiver is tried again.

use std::time::Duration;

/// The pause after the first failure.
const FIRST: Duration = Duration::from_secs(1);
/// A receiver that fails is tried at least this often.
const LONGEST: Duration = Duration::from_mins(5);
/// No word of a receiver keeps us away longer.
const LONGEST_ASKED_FOR: Duration = Duration::from_hours(1);

/// The pause after the nth failure in a row (from 1): doubling, spread by half either way so that
/// many watches do not come back together, never shorter than the receiver asked for. `chance` is
/// uniform in 0..1.
pub(super) fn after_failure(failures: u32, asked: Option<Duration>, chance: f64) -> Duration {
    let grown = FIRST.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST);
    let spread = grown.mul_f64(0.5 + chance);
    asked.map_or(spread, |asked| spread.max(asked.min(LONGEST_ASKED_FOR)))
}

#[cfg(test)]
mod tests {
    use super::after_failure;
    use std::time::Duration;

    #[test]
    fn pauses_double_up_to_five_minutes_and_are_spread() {
        let pauses: Vec<u64> = (1..12).map(|n| after_failure(n, None, 0.5).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert!(after_failure(3, None, 0.0) < after_failure(3, None, 1.0));
        assert!(after_failure(u32::MAX, None, 1.0) <= Duration::from_secs(450));
    }

    #[test]
    fn a_receiver_that_says_when_is_not_tried_earlier_nor_believed_for_ever() {
        let asked = Some(Duration::from_mins(2));
        assert_eq!(after_failure(1, asked, 0.0), Duration::from_mins(2));
        let absurd = Some(Duration::from_secs(u64::MAX / 4));
        assert_eq!(after_failure(1, absurd, 0.0), Duration::from_hours(1));
    }
}
