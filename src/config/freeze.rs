//! Stretches of time in which changes are frozen, as the configuration writes them.

use jiff::{Timestamp, civil, tz::TimeZone};

/// A stretch of time in which changes are frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// Its first moment.
    pub from: Timestamp,
    /// The moment it is over.
    pub to: Timestamp,
    /// Why.
    pub reason: String,
}

/// Reads `FROM/TO reason`. A time without a zone is meant in `zone`; a day alone begins with it, and
/// as an end includes it.
pub(super) fn frozen(text: &str, zone: &TimeZone) -> Result<Frozen, &'static str> {
    let (span, reason) = text.trim().split_once(char::is_whitespace).unwrap_or((text, ""));
    let (from, to) = span.split_once('/').ok_or("there is no `/` between its ends")?;
    let from = moment(from, zone, false).ok_or("its beginning is no time")?;
    let to = moment(to, zone, true).ok_or("its end is no time")?;
    if to <= from {
        return Err("it ends before it begins");
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err("it does not say why");
    }
    Ok(Frozen { from, to, reason: reason.to_owned() })
}

fn moment(text: &str, zone: &TimeZone, ends: bool) -> Option<Timestamp> {
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    let time: civil::DateTime = if text.contains('T') {
        text.parse().ok()?
    } else {
        let day: civil::Date = text.parse().ok()?;
        let day = if ends { day.tomorrow().ok()? } else { day };
        day.at(0, 0, 0, 0)
    };
    time.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::frozen;
    use jiff::tz::TimeZone;

    #[test]
    fn a_day_is_frozen_whole_and_in_the_zone_of_the_installation() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let winter = frozen("2026-12-20/2027-01-03 winter holidays", &zone).unwrap();
        assert_eq!(winter.from.to_string(), "2026-12-19T23:00:00Z");
        assert_eq!(winter.to.to_string(), "2027-01-03T23:00:00Z");
        assert_eq!(winter.reason, "winter holidays");
        let sale = frozen("2026-11-27T06:00/2026-11-30T22:00Z sale", &zone).unwrap();
        assert_eq!(sale.from.to_string(), "2026-11-27T05:00:00Z");
        assert_eq!(sale.to.to_string(), "2026-11-30T22:00:00Z");
    }

    #[test]
    fn what_is_no_freeze_says_why() {
        for (text, why) in [
            ("2026-12-20 x", "no `/`"),
            ("soon/2026-12-20 x", "beginning"),
            ("2026-12-20/soon x", "its end is"),
            ("2026-12-20/2026-12-01 x", "ends before"),
            ("2026-12-20/2026-12-21", "say why"),
        ] {
            assert!(frozen(text, &TimeZone::UTC).unwrap_err().contains(why), "{text}");
        }
    }
}
