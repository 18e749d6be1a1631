//! Values of conditions that are not plain text: numbers, moments, addresses.

use jiff::{Timestamp, civil, tz::TimeZone};
use std::net::IpAddr;

/// Digits kept behind the point.
const SCALE: usize = 18;

/// A decimal number, exact to 18 digits behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(i128);

impl Number {
    /// Reads `-12`, `3.25`. None: not a number, or one of more digits than are kept.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let is_empty = whole.is_empty() && !digits.bytes().any(|byte| byte.is_ascii_digit());
        if is_empty || fraction.len() > SCALE {
            return None;
        }
        let fill = std::iter::repeat_n(b'0', SCALE - fraction.len());
        let scaled =
            whole.bytes().chain(fraction.bytes()).chain(fill).try_fold(0_i128, |n, byte| {
                let digit = byte.is_ascii_digit().then(|| i128::from(byte - b'0'))?;
                n.checked_mul(10)?.checked_add(digit)
            })?;
        Some(Self(if is_negative { -scaled } else { scaled }))
    }

    /// A whole number.
    pub(super) fn whole(number: i64) -> Self {
        Self(i128::from(number) * 10_i128.pow(18))
    }
}

/// Reads a moment in one of the forms of W3C's date and time note, or in seconds since 1970
/// (IAM User Guide, "Date condition operators"). A time without zone is taken as UTC.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number && text.len() != 4 {
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.contains('.') {
            return None;
        }
        return Timestamp::from_second(seconds.parse().ok()?).ok();
    }
    let utc = |date: civil::DateTime| Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp());
    match text.len() {
        4 => utc(civil::Date::new(text.parse().ok()?, 1, 1).ok()?.to_datetime(civil::Time::MIN)),
        7 => {
            let (year, month) = text.split_once('-')?;
            let first = civil::Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
            utc(first.to_datetime(civil::Time::MIN))
        }
        _ => utc(text.parse().ok()?),
    }
}

/// A range of addresses, of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    first: IpAddr,
    bits: u8,
}

impl Range {
    /// Reads `203.0.113.0/24`, `2001:db8::/32`, or a single address.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => most,
        };
        (bits <= most).then_some(Self { first, bits })
    }

    /// Whether the address lies in it.
    pub(super) fn has(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let differ = u32::from(first) ^ u32::from(address);
                differ.checked_shr(32 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let differ = u128::from(first) ^ u128::from(address);
                differ.checked_shr(128 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// Whether it is every address of its family.
    pub(super) fn is_everything(&self) -> bool {
        self.bits == 0
    }

    /// Whether it is of IPv4.
    pub(super) fn is_ipv4(&self) -> bool {
        self.first.is_ipv4()
    }
}

/// Reads `true` or `false`, in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else {
        text.eq_ignore_ascii_case("false").then_some(false)
    }
}
