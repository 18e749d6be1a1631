//! Keys that count no more: OpenSSH's revocation lists, binary (PROTOCOL.krl) or plain text.
//!
//! ```text
//!   SSHKRL ─▶ explicit keys │ sha1, sha256 of keys │ certificates by serial or key id, per authority
//!   text   ─▶ one public key in a line              └─▶ Revoked::why(key, its authority too)
//! ```
//!
//! What cannot be read makes the whole list useless: it may be the very key that was meant.

use super::{
    file::{FileFault, read},
    key::{KeyFault, KeyKind, PublicKey, decoded, sha256},
    sshsig::{Key, SignatureFault},
    wire::{Reader, WireFault},
};
use crate::domain::{Digest, Untrusted};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

const MAGIC: &[u8] = b"SSHKRL\n\0";

/// What is wrong with a list of revoked keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevokedFault {
    /// Its form is wrong.
    #[error("the revocation list is damaged: {0}; make it again with `ssh-keygen -k`")]
    Wire(#[from] WireFault),
    /// It is of a later version.
    #[error("the revocation list is of version {0}, and only version 1 is known")]
    Version(u32),
    /// A part of it is of a kind nobody knows.
    #[error(
        "the revocation list has a part of kind {0} that is not known here, and it may be the one that \
         matters"
    )]
    Part(u8),
    /// It was signed.
    #[error(
        "the revocation list carries a signature, and nobody has said whose would count; keep an \
         unsigned one where only those may write who may revoke"
    )]
    Signed,
    /// Numbers that end before they begin or go beyond 64 bits.
    #[error("the revocation list has a range of serial numbers that is none")]
    Range,
    /// A hash of the wrong size.
    #[error("the revocation list has a fingerprint of the wrong size")]
    Hash,
    /// A list without anything in it.
    #[error("the revocation list has an empty part")]
    Empty,
    /// A line of text that is no key.
    #[error("line {line}: not a key that can be revoked: {fault}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// Why.
        fault: KeyFault,
    },
    /// A line with a certificate that is none.
    #[error("line {line}: {fault}")]
    Certificate {
        /// Which, from 1.
        line: usize,
        /// Why.
        fault: SignatureFault,
    },
    /// Text that is no text.
    #[error("it is neither a revocation list of OpenSSH nor plain text")]
    NotText,
}

/// Why a key counts no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Revocation {
    /// The key itself.
    #[error("the key is revoked")]
    Key,
    /// The authority's key, and with it everything it certified.
    #[error("the key of the certificate's authority is revoked")]
    Authority,
    /// The certificate, by its number.
    #[error("the certificate with the serial number {0} is revoked")]
    Serial(u64),
    /// The certificate, by its name.
    #[error("certificates with the key id {0:?} are revoked")]
    KeyId(Untrusted),
}

/// Revoked keys and certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revoked {
    /// The file as it was, where there is one.
    content: Option<Box<[u8]>>,
    keys: HashSet<Box<[u8]>>,
    sha1: HashSet<[u8; 20]>,
    sha256: HashSet<[u8; 32]>,
    /// By authority; the empty one is for all of them.
    certificates: HashMap<Box<[u8]>, Certificates>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Certificates {
    serials: HashSet<u64>,
    /// First and last.
    ranges: Vec<(u64, u64)>,
    bitmaps: Vec<Bitmap>,
    key_ids: HashSet<Box<[u8]>>,
}

/// The number of its last bit, and bits for the numbers before it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bitmap {
    from: u64,
    /// Big-endian, as in the file.
    bits: Box<[u8]>,
}

impl Bitmap {
    fn has(&self, serial: u64) -> bool {
        let Some(bit) = serial.checked_sub(self.from) else { return false };
        let Ok(back) = usize::try_from(bit / 8) else { return false };
        let byte = self.bits.len().checked_sub(back + 1).and_then(|at| self.bits.get(at));
        byte.is_some_and(|byte| byte & (1 << (bit % 8)) != 0)
    }
}

impl Certificates {
    fn why(&self, serial: u64, key_id: &Untrusted) -> Option<Revocation> {
        if self.key_ids.contains(key_id.raw().as_bytes()) {
            return Some(Revocation::KeyId(key_id.clone()));
        }
        // Zero is no number: it says that the authority does not number.
        let is_listed = serial != 0
            && (self.serials.contains(&serial)
                || self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&serial))
                || self.bitmaps.iter().any(|bitmap| bitmap.has(serial)));
        is_listed.then_some(Revocation::Serial(serial))
    }
}

impl Revoked {
    /// Reads a file, whichever of the two kinds it is.
    pub fn load(path: &Path) -> Result<Self, FileFault> {
        Self::parse(&read(path)?)
            .map_err(|fault| FileFault::Revoked { path: path.to_owned(), fault })
    }

    /// Reads a file's content.
    pub fn parse(content: &[u8]) -> Result<Self, RevokedFault> {
        let mut revoked = Self { content: Some(content.into()), ..Self::default() };
        match content.strip_prefix(MAGIC) {
            Some(rest) => revoked.binary(rest)?,
            None => revoked.text(content)?,
        }
        Ok(revoked)
    }

    /// The file as it was; none where there is no file.
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// SHA-256 of the file as it was; none where there is no file.
    pub fn digest(&self) -> Option<Digest> {
        self.content().map(Digest::of_bytes)
    }

    /// Why this counts no more, if it does not.
    pub fn why(&self, by: &Key) -> Option<Revocation> {
        if self.has_key(by.public()) {
            return Some(Revocation::Key);
        }
        let certificate = by.certificate()?;
        if self.has_key(certificate.authority()) {
            return Some(Revocation::Authority);
        }
        [certificate.authority().blob(), &[]].into_iter().find_map(|authority| {
            self.certificates.get(authority)?.why(certificate.serial(), certificate.key_id())
        })
    }

    fn has_key(&self, key: &PublicKey) -> bool {
        let blob = key.blob();
        self.keys.contains(blob)
            || (!self.sha256.is_empty() && self.sha256.contains(&sha256(blob)))
            || (!self.sha1.is_empty() && self.sha1.contains(&sha1(blob)))
    }

    fn binary(&mut self, bytes: &[u8]) -> Result<(), RevokedFault> {
        let mut reader = Reader::new(bytes);
        let version = reader.u32()?;
        if version != 1 {
            return Err(RevokedFault::Version(version));
        }
        // The list's own version, when it was made, and flags of which there are none yet.
        reader.take(24)?;
        reader.string()?;
        reader.string()?;
        while !reader.is_at_end() {
            let kind = reader.byte()?;
            let mut part = Reader::new(reader.string()?);
            match kind {
                1 => self.certificates_of(&mut part)?,
                2 => {
                    for key in each(&mut part)? {
                        self.keys.insert(key.into());
                    }
                }
                3 => {
                    for hash in each(&mut part)? {
                        self.sha1.insert(hash.try_into().map_err(|_| RevokedFault::Hash)?);
                    }
                }
                4 => return Err(RevokedFault::Signed),
                5 => {
                    for hash in each(&mut part)? {
                        self.sha256.insert(hash.try_into().map_err(|_| RevokedFault::Hash)?);
                    }
                }
                255 => extension(255, &mut part)?,
                other => return Err(RevokedFault::Part(other)),
            }
        }
        Ok(())
    }

    fn certificates_of(&mut self, part: &mut Reader<'_>) -> Result<(), RevokedFault> {
        let authority = part.string()?;
        part.string()?; // Reserved.
        let found = self.certificates.entry(authority.into()).or_default();
        while !part.is_at_end() {
            let kind = part.byte()?;
            let mut inner = Reader::new(part.string()?);
            match kind {
                0x20 => {
                    while !inner.is_at_end() {
                        found.serials.insert(inner.u64()?);
                    }
                }
                0x21 => {
                    let (first, last) = (inner.u64()?, inner.u64()?);
                    inner.end()?;
                    if last < first {
                        return Err(RevokedFault::Range);
                    }
                    found.ranges.push((first, last));
                }
                0x22 => {
                    let from = inner.u64()?;
                    let bits = inner.number()?;
                    inner.end()?;
                    let most = u64::try_from(bits.len()).map_err(|_| RevokedFault::Range)? * 8;
                    from.checked_add(most).ok_or(RevokedFault::Range)?;
                    found.bitmaps.push(Bitmap { from, bits: bits.into() });
                }
                0x23 => {
                    for key_id in each(&mut inner)? {
                        found.key_ids.insert(key_id.into());
                    }
                }
                0x39 => extension(0x39, &mut inner)?,
                other => return Err(RevokedFault::Part(other)),
            }
        }
        Ok(())
    }

    /// A certificate in a list of text stands for its key, as in OpenSSH.
    fn text(&mut self, content: &[u8]) -> Result<(), RevokedFault> {
        let text = std::str::from_utf8(content).map_err(|_| RevokedFault::NotText)?;
        if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(RevokedFault::NotText);
        }
        for (at, written) in text.lines().enumerate() {
            let (line, written) = (at + 1, written.trim());
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            let wrong = |fault| RevokedFault::Line { line, fault };
            let mut words = written.split_ascii_whitespace();
            let name = words.next().unwrap_or_default();
            let key = if KeyKind::named_in_certificate(name).is_some() {
                let base64 = words.next().ok_or_else(|| wrong(KeyFault::Missing))?;
                Key::parse(&decoded(base64).map_err(wrong)?)
                    .map_err(|fault| RevokedFault::Certificate { line, fault })?
                    .public()
                    .clone()
            } else {
                written.parse::<PublicKey>().map_err(wrong)?
            };
            self.keys.insert(key.blob().into());
        }
        Ok(())
    }
}

/// Strings up to the end, at least one.
fn each<'a>(part: &mut Reader<'a>) -> Result<Vec<&'a [u8]>, RevokedFault> {
    let mut found = Vec::new();
    while !part.is_at_end() {
        found.push(part.string()?);
    }
    if found.is_empty() { Err(RevokedFault::Empty) } else { Ok(found) }
}

/// One nobody knows may be passed over only if it says so itself.
fn extension(kind: u8, part: &mut Reader<'_>) -> Result<(), RevokedFault> {
    part.string()?;
    let is_critical = part.byte()? != 0;
    part.string()?;
    part.end()?;
    if is_critical { Err(RevokedFault::Part(kind)) } else { Ok(()) }
}

fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut hash = [0; 20];
    hash.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::{Bitmap, Revoked, RevokedFault};
    use crate::trust::soft::string;

    #[test]
    fn a_bitmap_has_exactly_its_bits() {
        let bitmap = Bitmap { from: 100, bits: [0b1000_0000, 0b0000_0001].into() };
        let has: Vec<u64> = (0..300).filter(|serial| bitmap.has(*serial)).collect();
        assert_eq!(has, [100, 115]);
        assert!(!bitmap.has(u64::MAX));
        assert!(!Bitmap { from: 0, bits: [].into() }.has(0));
    }

    fn list(kind: u8, part: &[u8]) -> Result<Revoked, RevokedFault> {
        let mut bytes = b"SSHKRL\n\0\0\0\0\x01".to_vec();
        bytes.extend_from_slice(&[0; 32]);
        bytes.push(kind);
        string(&mut bytes, part);
        Revoked::parse(&bytes)
    }

    fn certificates(kind: u8, part: &[u8]) -> Result<Revoked, RevokedFault> {
        let mut bytes = vec![0; 8];
        bytes.push(kind);
        string(&mut bytes, part);
        list(1, &bytes)
    }

    #[test]
    fn what_makes_no_sense_makes_no_list() {
        let number = |number: u64| number.to_be_bytes();
        let range = |from, to| certificates(0x21, &[number(from), number(to)].concat());
        assert!(range(5, 5).is_ok());
        assert_eq!(range(6, 5), Err(RevokedFault::Range));
        let bitmap = |from| certificates(0x22, &[&number(from)[..], &[0, 0, 0, 1, 1]].concat());
        assert!(bitmap(9).is_ok());
        assert_eq!(bitmap(u64::MAX - 3), Err(RevokedFault::Range));
        assert_eq!(certificates(0x24, &[]), Err(RevokedFault::Part(0x24)));
        assert_eq!(certificates(0x23, &[]), Err(RevokedFault::Empty));
        assert_eq!(list(2, &[]), Err(RevokedFault::Empty));
        assert_eq!(list(5, &[0, 0, 0, 1, 1]), Err(RevokedFault::Hash));
        assert_eq!(list(4, &[]), Err(RevokedFault::Signed));
        assert_eq!(list(9, &[]), Err(RevokedFault::Part(9)));
        let later = Revoked::parse(b"SSHKRL\n\0\0\0\0\x02");
        assert_eq!(later, Err(RevokedFault::Version(2)));
    }
}
