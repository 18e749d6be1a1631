//! The times of an allowed signer: `YYYYMMDD[HHMM[SS]][Z]` (ssh-keygen(1), TIME FORMATS).

use jiff::{civil::Date, civil::Time, tz::TimeZone};

/// The text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time: expected YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS after 1970, and Z for UTC")]
pub struct NotATime;

/// Seconds since 1970. Without `Z` it is a time of this zone.
pub fn moment(text: &str, zone: &TimeZone) -> Result<i64, NotATime> {
    let (digits, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, &TimeZone::UTC),
        None => (text, zone),
    };
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotATime);
    }
    let number = |from: usize, to: usize| -> Result<i8, NotATime> {
        digits.get(from..to).map_or(Ok(0), |part| part.parse().map_err(|_| NotATime))
    };
    let year = digits[..4].parse().map_err(|_| NotATime)?;
    let date = Date::new(year, number(4, 6)?, number(6, 8)?).map_err(|_| NotATime)?;
    let time =
        Time::new(number(8, 10)?, number(10, 12)?, number(12, 14)?, 0).map_err(|_| NotATime)?;
    let there = date.to_datetime(time).to_zoned(zone.clone()).map_err(|_| NotATime)?;
    Some(there.timestamp().as_second()).filter(|second| *second > 0).ok_or(NotATime)
}

#[cfg(test)]
mod tests {
    use super::moment;
    use jiff::{Timestamp, tz::TimeZone};

    fn read(text: &str) -> Option<String> {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let second = moment(text, &zone).ok()?;
        Some(Timestamp::from_second(second).unwrap().to_string())
    }

    #[test]
    fn a_time_is_of_this_zone_unless_it_says_otherwise() {
        assert_eq!(read("20260102").unwrap(), "2026-01-01T22:00:00Z");
        assert_eq!(read("20260102Z").unwrap(), "2026-01-02T00:00:00Z");
        assert_eq!(read("202601020304Z").unwrap(), "2026-01-02T03:04:00Z");
        assert_eq!(read("20260102030405Z").unwrap(), "2026-01-02T03:04:05Z");
        assert_eq!(read("20240229z").unwrap(), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let wrong = [
            "",
            "Z",
            "2026",
            "2026-01-02",
            "20260231Z",
            "20251301Z",
            "2026010224Z",
            "202601022460Z",
            "20260102030460Z",
            "+2026010Z",
            "19700101Z",
            "20260102UTC",
            "２０２６０１０２",
        ];
        for text in wrong {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
