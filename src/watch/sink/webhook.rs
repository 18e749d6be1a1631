//! JSON by POST, signed.
//!
//! ```text
//!   countersign-timestamp: 1763640000
//!   countersign-signature: v1=hex(HMAC-SHA-256(secret, "1763640000." + body))
//!   countersign-id: 0123456789abcdef0123456789abcdef
//! ```

use super::{
    super::{Answer, News, Undelivered},
    post,
};
use crate::config::{Address, TokenFrom};
use aws_lc_rs::hmac;
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue};
use std::fmt::Write as _;

/// Posts it.
pub(super) async fn post(
    address: &Address,
    secret: &TokenFrom,
    news: &News,
) -> Result<Answer, Undelivered> {
    let url = post::address(address).await?;
    let secret = post::secret(secret, "secret").await?;
    let body = news.json();
    let at = Timestamp::now().as_second().to_string();
    let signature = format!("v1={}", signature(&secret, &at, &body));
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("countersign-timestamp", &at),
        ("countersign-signature", &signature),
        ("countersign-id", &news.id),
    ] {
        // Digits and hex: this cannot fail.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    post::post(url, headers, body).await
}

/// The time is signed too, so that a recorded request can be told from a fresh one.
fn signature(secret: &str, at: &str, body: &str) -> String {
    let mut signing =
        hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()));
    for part in [at, ".", body] {
        signing.update(part.as_bytes());
    }
    signing.sign().as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_signature_is_hmac_sha_256_over_time_dot_body() {
        // printf '1763640000.{"a":1}' | openssl dgst -sha256 -hmac key
        assert_eq!(
            signature("key", "1763640000", "{\"a\":1}"),
            "ab61506904350a039a735250d9858c361dea61eee0408eeffdb7b2fe8d8ee96e"
        );
    }
}
