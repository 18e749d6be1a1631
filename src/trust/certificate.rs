//! Certificates: a key, and an authority's word on whose it is (PROTOCOL.certkeys).
//!
//! A certificate that was parsed has been checked against its authority's signature. Whether that
//! authority counts is for the list of signers to say.

use super::{
    key::{BlobFault, KeyFault, KeyKind, LONGEST_KEY, PublicKey},
    wire::{Reader, WireFault},
};
use crate::domain::Untrusted;
use jiff::Timestamp;

/// Most principals a certificate may name; OpenSSH has the same bound.
const MOST_PRINCIPALS: usize = 256;

/// Why bytes are no certificate that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// Its form is wrong.
    #[error("the certificate is damaged: {0}")]
    Wire(#[from] WireFault),
    /// Its key does not count.
    #[error("the certificate's key does not count: {0}")]
    Key(#[source] KeyFault),
    /// Its authority's key does not count.
    #[error("the key of the certificate's authority does not count: {0}")]
    Authority(#[source] KeyFault),
    /// The authority did not sign this.
    #[error("the certificate is not signed by the authority it names: {0}")]
    Unsigned(#[source] BlobFault),
    /// It is one of a host.
    #[error("the certificate is a host's and not a person's; have it signed without `-h`")]
    Host,
    /// A kind of certificate nobody knows.
    #[error("the certificate is neither a person's nor a host's (type {0})")]
    OtherType(u32),
    /// It names nobody.
    #[error("the certificate names no principal; have it signed again with `-n NAME`")]
    Nobody,
    /// It names more people than it may.
    #[error("the certificate names more than {MOST_PRINCIPALS} principals")]
    Crowd,
    /// It was restricted by an option that cannot be kept here.
    #[error(
        "the certificate is restricted by {0:?}, which a signature cannot show to be kept; use one \
         without critical options (verify-required is fine)"
    )]
    Restricted(Untrusted),
    /// Its options are not in order, or one is there twice.
    #[error("the certificate's options are out of order or repeated")]
    Options,
    /// It ends before it begins.
    #[error("the certificate ends before it begins")]
    Backwards,
}

/// A checked certificate of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    key: PublicKey,
    authority: PublicKey,
    serial: u64,
    key_id: Untrusted,
    principals: Vec<String>,
    after: u64,
    before: u64,
    needs_verified: bool,
    blob: Box<[u8]>,
}

impl Certificate {
    /// Reads one and checks its authority's signature.
    pub fn parse(blob: &[u8]) -> Result<Self, CertificateFault> {
        if blob.len() > LONGEST_KEY {
            return Err(CertificateFault::Key(KeyFault::TooLong));
        }
        let mut reader = Reader::new(blob);
        let name = reader.text()?;
        let kind = KeyKind::named_in_certificate(name)
            .ok_or_else(|| CertificateFault::Key(KeyFault::Unknown(name.into())))?;
        reader.string()?; // The nonce: it only has to be there.
        let key = PublicKey::of_kind(kind, &mut reader).map_err(CertificateFault::Key)?;
        let serial = reader.u64()?;
        let of = reader.u32()?;
        let key_id = Untrusted::new(reader.text()?);
        let principals = principals(reader.string()?)?;
        let (after, before) = (reader.u64()?, reader.u64()?);
        let critical = reader.string()?;
        let extensions = reader.string()?;
        reader.string()?; // Reserved, and nobody says what for.
        let authority = PublicKey::parse(reader.string()?).map_err(CertificateFault::Authority)?;
        let signed = &blob[..blob.len() - reader.rest().len()];
        let signature = reader.string()?;
        reader.end()?;
        authority.verify(signed, signature).map_err(CertificateFault::Unsigned)?;
        match of {
            1 => {}
            2 => return Err(CertificateFault::Host),
            other => return Err(CertificateFault::OtherType(other)),
        }
        if principals.is_empty() {
            return Err(CertificateFault::Nobody);
        }
        if before <= after {
            return Err(CertificateFault::Backwards);
        }
        let needs_verified = needs_verified(critical)?;
        options(extensions, |_, _| Ok(()))?;
        let blob = blob.into();
        Ok(Self { key, authority, serial, key_id, principals, after, before, needs_verified, blob })
    }

    /// The certified key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Who certified it.
    pub fn authority(&self) -> &PublicKey {
        &self.authority
    }

    /// Its number with its authority; zero where it has none.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// What the authority calls it.
    pub fn key_id(&self) -> &Untrusted {
        &self.key_id
    }

    /// Whose key it is; at least one name.
    pub fn principals(&self) -> &[String] {
        &self.principals
    }

    /// Whether signatures with it have to say that the security key knew its user.
    pub fn needs_verified(&self) -> bool {
        self.needs_verified
    }

    /// Its bytes.
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// Whether it is valid then: from its first second on, and before its last.
    pub fn validity(&self, at: Timestamp) -> Validity {
        match u64::try_from(at.as_second()) {
            Ok(second) if second >= self.before => Validity::Over,
            Ok(second) if second >= self.after => Validity::Valid,
            _ => Validity::NotYet,
        }
    }
}

/// Whether something is valid at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// It begins later.
    NotYet,
    /// It is.
    Valid,
    /// It has ended.
    Over,
}

fn principals(bytes: &[u8]) -> Result<Vec<String>, CertificateFault> {
    let mut reader = Reader::new(bytes);
    let mut found = Vec::new();
    while !reader.is_at_end() {
        if found.len() == MOST_PRINCIPALS {
            return Err(CertificateFault::Crowd);
        }
        found.push(reader.text()?.to_owned());
    }
    Ok(found)
}

/// The only critical option that a signature can show to be kept.
fn needs_verified(bytes: &[u8]) -> Result<bool, CertificateFault> {
    let mut needs = false;
    options(bytes, |name, value| {
        needs = name == "verify-required" && value.is_empty();
        if needs { Ok(()) } else { Err(CertificateFault::Restricted(name.into())) }
    })?;
    Ok(needs)
}

/// Names and values, which have to be in order and there once.
fn options<'a>(
    bytes: &'a [u8],
    mut each: impl FnMut(&'a str, &'a [u8]) -> Result<(), CertificateFault>,
) -> Result<(), CertificateFault> {
    let mut reader = Reader::new(bytes);
    let mut last: Option<&str> = None;
    while !reader.is_at_end() {
        let name = reader.text()?;
        if last.is_some_and(|last| last >= name) {
            return Err(CertificateFault::Options);
        }
        last = Some(name);
        each(name, reader.string()?)?;
    }
    Ok(())
}
