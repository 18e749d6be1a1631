//! Public keys of people: which kinds count, how they are written, and whether one made a signature.
//!
//! ```text
//!   blob ──PublicKey::parse──▶ PublicKey ──verify(data, signature blob)──▶ Flags of a security key
//!              (RFC 4253, 5656, 8709, PROTOCOL.u2f)        (aws-lc-rs)
//! ```
//!
//! DSA, RSA below 2048 bits and signatures over SHA-1 are refused: somebody could make those.

use super::wire::{Reader, WireFault, put_string};
use crate::domain::Untrusted;
use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512,
        RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use serde::{Deserialize, Serialize};
use std::{fmt, hash, str::FromStr};

/// Longest key or certificate that is read, in bytes. One of RSA with 8192 bits has 1,100.
pub const LONGEST_KEY: usize = 32 * 1024;

/// A kind of key that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    /// `ssh-ed25519`
    Ed25519,
    /// `ecdsa-sha2-nistp256`
    EcdsaP256,
    /// `ecdsa-sha2-nistp384`
    EcdsaP384,
    /// `ecdsa-sha2-nistp521`
    EcdsaP521,
    /// `ssh-rsa`, signing as `rsa-sha2-256` or `rsa-sha2-512`.
    Rsa,
    /// `sk-ssh-ed25519@openssh.com`: Ed25519 in a security key.
    SkEd25519,
    /// `sk-ecdsa-sha2-nistp256@openssh.com`: ECDSA in a security key.
    SkEcdsaP256,
}

impl KeyKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Ed25519,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::Rsa,
        Self::SkEd25519,
        Self::SkEcdsaP256,
    ];

    /// Its name in a key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::Rsa => "ssh-rsa",
            Self::SkEd25519 => "sk-ssh-ed25519@openssh.com",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256@openssh.com",
        }
    }

    /// Its name in a certificate (PROTOCOL.certkeys, PROTOCOL.u2f).
    pub const fn certificate_name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519-cert-v01@openssh.com",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384-cert-v01@openssh.com",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521-cert-v01@openssh.com",
            Self::Rsa => "ssh-rsa-cert-v01@openssh.com",
            Self::SkEd25519 => "sk-ssh-ed25519-cert-v01@openssh.com",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
        }
    }

    /// The kind that has this name in a key.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind that has this name in a certificate.
    pub fn named_in_certificate(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.certificate_name() == name)
    }

    /// Whether the key is in a security key, whose signatures say if somebody touched it.
    pub const fn is_in_hardware(self) -> bool {
        matches!(self, Self::SkEd25519 | Self::SkEcdsaP256)
    }

    /// The name its signatures begin with.
    fn is_signed_as(self, name: &[u8]) -> bool {
        match self {
            Self::Rsa => matches!(name, b"rsa-sha2-256" | b"rsa-sha2-512"),
            _ => name == self.name().as_bytes(),
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why bytes are no key that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// It is longer than any key is.
    #[error("it is longer than {LONGEST_KEY} bytes")]
    TooLong,
    /// Not in the form of a key.
    #[error("it is damaged: {0}")]
    Wire(#[from] WireFault),
    /// The text is not base64.
    #[error("its second word is not base64; was part of the line lost?")]
    NotBase64,
    /// There is no key in the text.
    #[error("there is no key: expected a type and base64, as in a .pub file")]
    Missing,
    /// The type in front is another one than that inside.
    #[error("the type in front of it is not the one inside it")]
    OtherKind,
    /// A certificate where a key was wanted.
    #[error("it is a certificate, and a key was wanted here")]
    Certificate,
    /// DSA.
    #[error(
        "DSA keys do not count: they are too short to be safe. Make one with `ssh-keygen -t ed25519`"
    )]
    Dsa,
    /// A kind nobody here knows.
    #[error("keys of type {0:?} are not known here; ed25519, ecdsa, rsa and the sk- ones are")]
    Unknown(Untrusted),
    /// RSA with too few or too many bits.
    #[error("an RSA key has to have 2048 to 8192 bits, this one has {0}")]
    RsaSize(usize),
    /// Not a key at all: a point off its curve, a wrong exponent.
    #[error("its numbers are not those of such a key")]
    Impossible,
}

/// Why a signature is not one by a key over these bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlobFault {
    /// Not in the form of a signature.
    #[error("the signature is damaged: {0}")]
    Wire(#[from] WireFault),
    /// An RSA signature over SHA-1.
    #[error(
        "it is an RSA signature over SHA-1, which can be forged; an agent or OpenSSH before 7.2 makes \
         these, a newer one makes rsa-sha2-512"
    )]
    Sha1,
    /// Made by a browser.
    #[error("it was made through a browser (webauthn), which is not accepted; sign with OpenSSH")]
    Webauthn,
    /// The algorithm is not one of this kind of key.
    #[error("a {kind} key does not sign as {name:?}")]
    OtherAlgorithm {
        /// The key's kind.
        kind: KeyKind,
        /// What the signature says.
        name: Untrusted,
    },
    /// The key did not make this signature over these bytes.
    #[error("the signature does not fit the text: one of the two was changed")]
    Wrong,
}

/// What a security key says about how it was used (PROTOCOL.u2f).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flags {
    /// Somebody touched it (`0x01`).
    pub touch: bool,
    /// It knew who: a PIN or a finger (`0x04`).
    pub verified: bool,
    /// How often it was used, where it counts.
    pub counter: u32,
}

#[derive(Clone)]
enum Material {
    Parsed(ParsedPublicKey),
    Rsa { n: Box<[u8]>, e: Box<[u8]> },
    Sk { key: ParsedPublicKey, application: [u8; 32] },
}

/// A public key.
///
/// Two are equal when their bytes are, and a key has one form only.
#[derive(Clone)]
pub struct PublicKey {
    kind: KeyKind,
    bits: usize,
    blob: Box<[u8]>,
    material: Material,
}

impl PublicKey {
    /// Reads the bytes that follow a key's type in a `.pub` file, decoded.
    pub fn parse(blob: &[u8]) -> Result<Self, KeyFault> {
        if blob.len() > LONGEST_KEY {
            return Err(KeyFault::TooLong);
        }
        let mut reader = Reader::new(blob);
        let name = reader.text()?;
        let kind = KeyKind::named(name).ok_or_else(|| {
            if KeyKind::named_in_certificate(name).is_some() {
                KeyFault::Certificate
            } else if name == "ssh-dss" {
                KeyFault::Dsa
            } else {
                KeyFault::Unknown(name.into())
            }
        })?;
        let key = Self::of_kind(kind, &mut reader)?;
        reader.end()?;
        Ok(key)
    }

    /// Reads the numbers of a key of this kind, which are the same in a certificate.
    pub(super) fn of_kind(kind: KeyKind, reader: &mut Reader<'_>) -> Result<Self, KeyFault> {
        let begins = reader.rest();
        let (bits, mut material) = match kind {
            KeyKind::Ed25519 | KeyKind::SkEd25519 => {
                (256, Material::Parsed(parsed(&ED25519, reader.string()?, 32)?))
            }
            KeyKind::EcdsaP256 | KeyKind::SkEcdsaP256 => {
                (256, point(reader, b"nistp256", &ECDSA_P256_SHA256_FIXED, 32)?)
            }
            KeyKind::EcdsaP384 => (384, point(reader, b"nistp384", &ECDSA_P384_SHA384_FIXED, 48)?),
            KeyKind::EcdsaP521 => (521, point(reader, b"nistp521", &ECDSA_P521_SHA512_FIXED, 66)?),
            KeyKind::Rsa => {
                let (e, n) = (reader.number()?, reader.number()?);
                let bits =
                    n.len() * 8 - n.first().map_or(0, |first| first.leading_zeros() as usize);
                if !(2048..=8192).contains(&bits) {
                    return Err(KeyFault::RsaSize(bits));
                }
                // An even exponent is none, 1 signs nothing, and a long one only costs time.
                let odd = e.last().is_some_and(|last| last & 1 == 1);
                if !odd || e == [1] || e.len() > 8 {
                    return Err(KeyFault::Impossible);
                }
                (bits, Material::Rsa { n: n.into(), e: e.into() })
            }
        };
        if let (true, Material::Parsed(key)) = (kind.is_in_hardware(), &material) {
            let application = sha256(reader.string()?);
            material = Material::Sk { key: key.clone(), application };
        }
        let numbers = &begins[..begins.len() - reader.rest().len()];
        let mut blob = Vec::with_capacity(numbers.len() + 40);
        put_string(&mut blob, kind.name().as_bytes());
        blob.extend_from_slice(numbers);
        Ok(Self { kind, bits, blob: blob.into(), material })
    }

    /// Its kind.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Its size in bits.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// Its bytes, as an agent and a signature name it.
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// `SHA256:…`, as `ssh-keygen -l` writes it.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(sha256(&self.blob))
    }

    /// Whether this key made the signature (an agent's answer, without the armour) over `data`, and
    /// for a security key what it says about its use.
    pub fn verify(&self, data: &[u8], signature: &[u8]) -> Result<Option<Flags>, BlobFault> {
        let mut reader = Reader::new(signature);
        let name = reader.string()?;
        if !self.kind.is_signed_as(name) {
            return Err(match name {
                b"ssh-rsa" if self.kind == KeyKind::Rsa => BlobFault::Sha1,
                b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com" => BlobFault::Webauthn,
                _ => BlobFault::OtherAlgorithm {
                    kind: self.kind,
                    name: String::from_utf8_lossy(name).into(),
                },
            });
        }
        let inner = reader.string()?;
        let used =
            if self.kind.is_in_hardware() { Some((reader.byte()?, reader.u32()?)) } else { None };
        reader.end()?;
        match &self.material {
            Material::Rsa { n, e } => verify_rsa(n, e, name, data, inner)?,
            Material::Parsed(key) => self.verify_plain(key, data, inner)?,
            Material::Sk { key, application } => {
                let (flags, counter) = used.ok_or(BlobFault::Wrong)?;
                let mut told = Vec::with_capacity(69);
                told.extend_from_slice(application);
                told.push(flags);
                told.extend_from_slice(&counter.to_be_bytes());
                told.extend_from_slice(&sha256(data));
                self.verify_plain(key, &told, inner)?;
            }
        }
        Ok(used.map(|(flags, counter)| Flags {
            touch: flags & 0x01 != 0,
            verified: flags & 0x04 != 0,
            counter,
        }))
    }

    fn verify_plain(
        &self,
        key: &ParsedPublicKey,
        data: &[u8],
        inner: &[u8],
    ) -> Result<(), BlobFault> {
        let field = match self.kind {
            KeyKind::EcdsaP256 | KeyKind::SkEcdsaP256 => 32,
            KeyKind::EcdsaP384 => 48,
            KeyKind::EcdsaP521 => 66,
            KeyKind::Ed25519 | KeyKind::SkEd25519 | KeyKind::Rsa => {
                return key.verify_sig(data, inner).map_err(|_| BlobFault::Wrong);
            }
        };
        let mut reader = Reader::new(inner);
        let (r, s) = (reader.number()?, reader.number()?);
        reader.end()?;
        let mut fixed = Vec::with_capacity(2 * field);
        for number in [r, s] {
            let zeros = field.checked_sub(number.len()).ok_or(BlobFault::Wrong)?;
            fixed.resize(fixed.len() + zeros, 0);
            fixed.extend_from_slice(number);
        }
        key.verify_sig(data, &fixed).map_err(|_| BlobFault::Wrong)
    }

    /// Type and base64, as in a `.pub` file, without a comment.
    pub fn to_line(&self) -> String {
        format!("{} {}", self.kind, STANDARD.encode(&self.blob))
    }
}

/// Reads a line of a `.pub` file. What follows the key is its comment.
impl FromStr for PublicKey {
    type Err = KeyFault;

    fn from_str(line: &str) -> Result<Self, KeyFault> {
        let mut words = line.split_ascii_whitespace();
        let (Some(name), Some(base64)) = (words.next(), words.next()) else {
            return Err(KeyFault::Missing);
        };
        let key = Self::parse(&decoded(base64)?)?;
        if key.kind.name() == name { Ok(key) } else { Err(KeyFault::OtherKind) }
    }
}

/// The bytes of a key's second word.
pub(super) fn decoded(base64: &str) -> Result<Vec<u8>, KeyFault> {
    if base64.len() > LONGEST_KEY * 4 / 3 + 4 {
        return Err(KeyFault::TooLong);
    }
    STANDARD.decode(base64).map_err(|_| KeyFault::NotBase64)
}

fn parsed(
    algorithm: &'static dyn VerificationAlgorithm,
    bytes: &[u8],
    length: usize,
) -> Result<ParsedPublicKey, KeyFault> {
    if bytes.len() != length {
        return Err(KeyFault::Impossible);
    }
    UnparsedPublicKey::new(algorithm, bytes).parse().map_err(|_| KeyFault::Impossible)
}

/// A curve's name and an uncompressed point on it (RFC 5656, section 3.1).
fn point(
    reader: &mut Reader<'_>,
    curve: &[u8],
    algorithm: &'static dyn VerificationAlgorithm,
    field: usize,
) -> Result<Material, KeyFault> {
    if reader.string()? != curve {
        return Err(KeyFault::Impossible);
    }
    let point = reader.string()?;
    if point.first() != Some(&0x04) {
        return Err(KeyFault::Impossible);
    }
    Ok(Material::Parsed(parsed(algorithm, point, 1 + 2 * field)?))
}

/// OpenSSH takes a signature shorter than the modulus for one with zeros in front.
fn verify_rsa(n: &[u8], e: &[u8], name: &[u8], data: &[u8], inner: &[u8]) -> Result<(), BlobFault> {
    let zeros = n.len().checked_sub(inner.len()).ok_or(BlobFault::Wrong)?;
    let mut padded = vec![0; zeros];
    padded.extend_from_slice(inner);
    let how = match name {
        b"rsa-sha2-256" => &RSA_PKCS1_2048_8192_SHA256,
        _ => &RSA_PKCS1_2048_8192_SHA512,
    };
    RsaPublicKeyComponents { n, e }.verify(how, data, &padded).map_err(|_| BlobFault::Wrong)
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.blob == other.blob
    }
}

impl Eq for PublicKey {}

impl hash::Hash for PublicKey {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.blob.hash(state);
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.fingerprint())
    }
}

/// SHA-256 of a key, written `SHA256:` and 43 characters of base64, as OpenSSH does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

/// The text is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a fingerprint: expected SHA256: and 43 characters, as `ssh-keygen -lf KEY.pub` prints"
)]
pub struct NotAFingerprint;

impl Fingerprint {
    /// That of a key's bytes.
    pub fn of_blob(blob: &[u8]) -> Self {
        Self(sha256(blob))
    }

    /// The hash itself.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SHA256:{}", STANDARD_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let base64 = text.strip_prefix("SHA256:").ok_or(NotAFingerprint)?;
        let bytes = STANDARD_NO_PAD.decode(base64).map_err(|_| NotAFingerprint)?;
        bytes.try_into().map(Self).map_err(|_| NotAFingerprint)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
