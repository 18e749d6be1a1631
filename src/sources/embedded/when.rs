//! Times that count back from the start, so that ages look natural on any day.
//!
//! In the recorded data a string such as `@3h12m` means "three hours and twelve minutes before
//! the demo started". Writing the world replaces each by a real timestamp.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Replaces every `@…` age in a document by the timestamp it stands for. Strings that only look
/// like one (`@types/node`) stay as they are.
pub(super) fn settle_times(value: &mut Value, now: Timestamp) {
    match value {
        Value::String(text) => {
            if let Some(at) = age(text).and_then(|age| now.checked_sub(age).ok()) {
                *text = at.to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| settle_times(item, now)),
        Value::Object(fields) => fields.values_mut().for_each(|item| settle_times(item, now)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `@2d4h` as a duration. Units are days, hours and minutes.
fn age(text: &str) -> Option<SignedDuration> {
    let mut rest = text.strip_prefix('@')?;
    let mut minutes: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..=digits)?;
        let each = match unit {
            "d" => 24 * 60,
            "h" => 60,
            "m" => 1,
            _ => return None,
        };
        minutes = minutes.checked_add(number.checked_mul(each)?)?;
        rest = rest.get(digits + 1..)?;
    }
    Some(SignedDuration::from_mins(minutes))
}

#[cfg(test)]
mod tests {
    use super::settle_times;
    use serde_json::json;

    #[test]
    fn an_age_becomes_a_time_before_the_start() {
        let now = "2026-06-11T12:00:00Z".parse().unwrap();
        let mut value = json!({"a": ["@1d2h3m"], "b": "@types/node", "c": "@", "d": 7});
        settle_times(&mut value, now);
        assert_eq!(value["a"][0], "2026-06-10T09:57:00Z");
        assert_eq!(value["b"], "@types/node");
        assert_eq!(value["d"], 7);
    }
}
