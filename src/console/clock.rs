//! Times and ages as people read them.
//!
//! Ages count whole minutes up to the turn of the present minute, so every age on the screen
//! changes at the turn of a minute and never in between: an idle console writes nothing.

use jiff::{Timestamp, tz::TimeZone};
use std::time::Duration;

/// The present, once for people and once for measuring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The time of day.
    pub wall: Timestamp,
    /// Since the console started; never jumps.
    pub mono: Duration,
}

/// Whole minutes up to the turn of the present minute.
fn minutes(now: Timestamp, then: Timestamp) -> i64 {
    let turn = now.as_second().div_euclid(60) * 60;
    (turn - then.as_second()).max(0) / 60
}

/// `now`, `4m`, `7h`, `12d`, `8mo`, `2y`: at most four columns.
pub fn age(now: Timestamp, then: Timestamp) -> String {
    let minutes = minutes(now, then);
    let days = minutes / (60 * 24);
    match minutes {
        ..=0 => "now".to_owned(),
        1..60 => format!("{minutes}m"),
        60..2880 => format!("{}h", minutes / 60),
        _ if days < 60 => format!("{days}d"),
        _ if days < 730 => format!("{}mo", days / 30),
        _ => format!("{}y", (days / 365).min(99)),
    }
}

/// `less than a minute ago`, `4 min ago`, `in 3 h`.
pub fn ago(now: Timestamp, then: Timestamp) -> String {
    let spoken = |minutes: i64| match minutes {
        ..60 => format!("{minutes} min"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / (60 * 24)),
    };
    if then > now {
        return match minutes(then, now) {
            0 => "in less than a minute".to_owned(),
            wait => format!("in {}", spoken(wait)),
        };
    }
    match minutes(now, then) {
        0 => "less than a minute ago".to_owned(),
        gone => format!("{} ago", spoken(gone)),
    }
}

/// `2026-11-20 14:32`.
pub fn date(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `14:32`.
pub fn hour(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// `2026-11-20`.
pub fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string()
}

/// For a narrow column: `14:32` of today, `11-20` of another day.
pub fn hour_or_day(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = at.to_zoned(zone.clone());
    let form = if then.date() == now.to_zoned(zone.clone()).date() { "%H:%M" } else { "%m-%d" };
    then.strftime(form).to_string()
}

/// `14:32:05`.
pub fn second(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::{age, ago};
    use jiff::Timestamp;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn ages_change_only_at_the_turn_of_a_minute() {
        assert_eq!(age(at(119), at(60)), "now");
        assert_eq!(age(at(125), at(119)), "now");
        assert_eq!(age(at(185), at(119)), "1m");
        assert_eq!(age(at(60 * 61), at(0)), "1h");
        assert_eq!(age(at(86_400 * 3), at(0)), "3d");
        assert_eq!(age(at(0), at(500)), "now");
        assert_eq!(ago(at(0), at(180)), "in 3 min");
    }
}
