//! SHA-256 over the canonical form of a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};

/// A SHA-256 digest, written `sha256:` and 64 lower-case hex digits.
///
/// Two values have the same digest exactly when their RFC 8785 (JSON Canonicalization Scheme)
/// forms are the same bytes, so a digest names *what was shown*, whichever host computed it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

/// Why a digest could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum DigestError {
    /// The value has no canonical JSON form (a non-finite number, a map with non-string keys).
    #[error("the value has no canonical JSON form: {0}")]
    NotCanonical(#[from] serde_json::Error),
    /// The text is not `sha256:` followed by 64 hex digits.
    #[error("not a digest: expected sha256: and 64 hex digits")]
    NotADigest,
}

impl Digest {
    /// The digest of raw bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest of raw bytes that was computed piece by piece.
    pub const fn of_sha256(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The digest of a value's RFC 8785 form.
    pub fn of_canonical<T: Serialize>(value: &T) -> Result<Self, DigestError> {
        Ok(Self::of_bytes(&serde_json_canonicalizer::to_vec(value)?))
    }

    /// The 64 hex digits, without the prefix.
    pub fn hex(&self) -> String {
        use fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The first 12 hex digits: enough for a person to compare, never for a check.
    pub fn short(&self) -> String {
        self.hex().chars().take(12).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let hex = text.strip_prefix("sha256:").ok_or(DigestError::NotADigest)?;
        // `from_str_radix` alone would take `+f` for a byte.
        if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(DigestError::NotADigest);
        }
        let mut bytes = [0_u8; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[index * 2..index * 2 + 2], 16)
                .map_err(|_| DigestError::NotADigest)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;
    use serde_json::json;

    #[test]
    fn key_order_does_not_change_the_digest() {
        let one = Digest::of_canonical(&json!({"a": 1, "b": [true, null]})).unwrap();
        let two = Digest::of_canonical(&json!({"b": [true, null], "a": 1})).unwrap();
        assert_eq!(one, two);
    }

    #[test]
    fn the_written_form_reads_back() {
        let digest = Digest::of_bytes(b"");
        assert_eq!(
            digest.to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    }

    #[test]
    fn a_damaged_digest_is_refused() {
        let (wide, signed) = ("é".repeat(32), "+f".repeat(32));
        for text in ["", "zz", &wide, &signed].map(|hex| format!("sha256:{hex}")) {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
        for text in ["", "md5:00"] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
