//! What nobody can know before: names that are one of a kind, and pauses that differ.

use std::fmt::Write as _;

/// 32 hex digits nobody has seen before.
pub fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// A number in 0..1, so that those who were cut off together do not come back together. Where the
/// system gives no randomness it is always in the middle.
pub fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}
