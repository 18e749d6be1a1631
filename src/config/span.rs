//! Lengths of time, as the configuration writes them: `90s`, `5m`, `1h`, `2d`.

use std::time::Duration;

/// Shorter than that nothing is asked for again.
const SHORTEST: Duration = Duration::from_secs(10);
/// Longer than that nothing holds that was asked for.
const LONGEST: Duration = Duration::from_hours(30 * 24);

/// Reads a length of time.
pub(super) fn span(text: &str) -> Result<Duration, &'static str> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).ok_or("it has no unit")?;
    let number: u64 = text[..end].parse().map_err(|_| "it begins with no whole number")?;
    let unit = match text[end..].trim_start() {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err("its unit is none of s, m, h, d"),
    };
    let length = number.checked_mul(unit).map(Duration::from_secs).ok_or("it is too long")?;
    if length < SHORTEST {
        return Err("it is shorter than 10 seconds");
    }
    if length > LONGEST {
        return Err("it is longer than 30 days");
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::span;
    use std::time::Duration;

    #[test]
    fn a_number_and_a_unit_are_a_length_of_time_and_nothing_else_is() {
        for (text, seconds) in [("90s", 90), ("5m", 300), ("1h", 3600), (" 2 d", 172_800)] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "5", "m", "5 minutes", "-5m", "1.5h", "9s", "31d", "99999999999999999999d"]
        {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
