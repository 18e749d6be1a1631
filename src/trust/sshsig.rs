//! OpenSSH's signatures of files (PROTOCOL.sshsig): reading, checking, putting together.
//!
//! ```text
//!   signed_data(namespace, text) ──▶ agent ──▶ raw signature ──▶ armour ──▶ -----BEGIN SSH SIGNATURE-----
//!   armour ──Sshsig::read──▶ who says to have signed ──verify(namespace, text)──▶ Signature
//! ```
//!
//! The armour is put together from an agent's own bytes, because nobody can write a signature
//! wrongly who does not write it. What is read is read strictly: every part that OpenSSH would
//! overlook is a place where two texts pass for one signature.

use super::{
    certificate::{Certificate, CertificateFault},
    key::{BlobFault, Fingerprint, Flags, KeyFault, KeyKind, PublicKey, sha256},
    wire::{Reader, WireFault, put_string},
};
use crate::domain::Untrusted;
use aws_lc_rs::digest::{SHA512, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Longest armour that is read, in bytes.
pub const LONGEST_ARMOUR: usize = 64 * 1024;

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
/// Characters of base64 in a line, as OpenSSH writes them.
const WIDTH: usize = 70;

/// Why a text is no signature over a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// It is longer than any signature is.
    #[error("the signature is longer than {LONGEST_ARMOUR} bytes")]
    TooLong,
    /// Not in armour.
    #[error(
        "there is no SSH signature: it has to begin with {BEGIN} and end with {END}, with nothing \
         before or after"
    )]
    NoArmour,
    /// What is inside is not base64.
    #[error("what is between the lines of the signature is not base64; was part of it lost?")]
    NotBase64,
    /// What is inside is not a signature of this kind.
    #[error("what is inside the armour is not an SSH signature")]
    Magic,
    /// It is of a later version.
    #[error("the signature is of version {0}, and only version 1 is known")]
    Version(u32),
    /// Its form is wrong.
    #[error("the signature is damaged: {0}")]
    Wire(#[from] WireFault),
    /// The reserved field says something.
    #[error("the signature uses a field that is reserved")]
    Reserved,
    /// The text was hashed in a way nobody knows.
    #[error("the signature's hash is {0:?}; sha512 and sha256 are accepted")]
    Hash(Untrusted),
    /// Its key does not count.
    #[error("the key of the signature does not count: {0}")]
    Key(#[source] KeyFault),
    /// Its certificate does not count.
    #[error(transparent)]
    Certificate(CertificateFault),
    /// It was made for something else.
    #[error(
        "the signature was made for {found:?} and not for {wanted:?}; sign with \
         `ssh-keygen -Y sign -n {wanted}`"
    )]
    Namespace {
        /// For what.
        found: Untrusted,
        /// And for what it should be.
        wanted: String,
    },
    /// A namespace has to say something.
    #[error("the signature does not say what it was made for")]
    NoNamespace,
    /// It is not one over this text.
    #[error(transparent)]
    Blob(#[from] BlobFault),
}

/// With what somebody signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A key as it is.
    Plain(PublicKey),
    /// A key with a certificate.
    Certified(Box<Certificate>),
}

impl Key {
    /// Reads a key or a certificate.
    pub fn parse(blob: &[u8]) -> Result<Self, SignatureFault> {
        let name = Reader::new(blob).text()?;
        if KeyKind::named_in_certificate(name).is_some() {
            let certificate = Certificate::parse(blob).map_err(SignatureFault::Certificate)?;
            return Ok(Self::Certified(Box::new(certificate)));
        }
        PublicKey::parse(blob).map(Self::Plain).map_err(SignatureFault::Key)
    }

    /// The key itself, without a certificate: what tells two keys apart when people are counted.
    pub fn public(&self) -> &PublicKey {
        match self {
            Self::Plain(key) => key,
            Self::Certified(certificate) => certificate.key(),
        }
    }

    /// The certificate, if there is one.
    pub fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Plain(_) => None,
            Self::Certified(certificate) => Some(certificate),
        }
    }

    /// Fingerprint of the key itself, as `ssh-keygen -l` prints it for a certificate too.
    pub fn fingerprint(&self) -> Fingerprint {
        self.public().fingerprint()
    }

    /// Its bytes, as an agent and a signature name it.
    pub fn blob(&self) -> &[u8] {
        match self {
            Self::Plain(key) => key.blob(),
            Self::Certified(certificate) => certificate.blob(),
        }
    }
}

/// A signature that fits its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// With what it was made.
    pub by: Key,
    /// What a security key says about its use; none for other keys.
    pub flags: Option<Flags>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Sha256 => b"sha256",
            Self::Sha512 => b"sha512",
        }
    }

    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha256(message).to_vec(),
            Self::Sha512 => digest(&SHA512, message).as_ref().to_vec(),
        }
    }
}

/// A signature that was read and not yet checked against a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sshsig {
    by: Key,
    namespace: String,
    hash: Hash,
    signature: Box<[u8]>,
}

impl Sshsig {
    /// Reads an armoured signature.
    pub fn read(armour: &str) -> Result<Self, SignatureFault> {
        Self::parse(&unwrapped(armour)?)
    }

    fn parse(blob: &[u8]) -> Result<Self, SignatureFault> {
        let mut reader = Reader::new(blob);
        if reader.take(MAGIC.len()) != Ok(MAGIC) {
            return Err(SignatureFault::Magic);
        }
        let version = reader.u32()?;
        if version != VERSION {
            return Err(SignatureFault::Version(version));
        }
        let key = reader.string()?;
        let namespace = reader.text()?.to_owned();
        let reserved = reader.string()?;
        let hash = match reader.string()? {
            b"sha256" => Hash::Sha256,
            b"sha512" => Hash::Sha512,
            other => return Err(SignatureFault::Hash(String::from_utf8_lossy(other).into())),
        };
        let signature = reader.string()?.into();
        reader.end()?;
        if !reserved.is_empty() {
            return Err(SignatureFault::Reserved);
        }
        if namespace.is_empty() {
            return Err(SignatureFault::NoNamespace);
        }
        Ok(Self { by: Key::parse(key)?, namespace, hash, signature })
    }

    /// With what it says it was made. Not proven before [`Sshsig::verify`].
    pub fn by(&self) -> &Key {
        &self.by
    }

    /// For what it says it was made.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Checks it against a text.
    pub fn verify(self, namespace: &str, message: &[u8]) -> Result<Signature, SignatureFault> {
        if self.namespace != namespace {
            let found = self.namespace.into();
            return Err(SignatureFault::Namespace { found, wanted: namespace.to_owned() });
        }
        let data = data(namespace, self.hash, message);
        let flags = self.by.public().verify(&data, &self.signature)?;
        Ok(Signature { by: self.by, flags })
    }
}

/// Reads an armoured signature and checks it against a text.
pub fn verify(armour: &str, namespace: &str, message: &[u8]) -> Result<Signature, SignatureFault> {
    Sshsig::read(armour)?.verify(namespace, message)
}

/// The bytes an agent has to sign for a text.
pub fn signed_data(namespace: &str, message: &[u8]) -> Vec<u8> {
    data(namespace, Hash::Sha512, message)
}

fn data(namespace: &str, hash: Hash, message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(160);
    out.extend_from_slice(MAGIC);
    put_string(&mut out, namespace.as_bytes());
    put_string(&mut out, b"");
    put_string(&mut out, hash.name());
    put_string(&mut out, &hash.of(message));
    out
}

/// Puts an armoured signature together from an agent's answer to [`signed_data`].
pub fn armour(key: &[u8], namespace: &str, signature: &[u8]) -> String {
    let mut blob = Vec::with_capacity(512);
    blob.extend_from_slice(MAGIC);
    blob.extend_from_slice(&VERSION.to_be_bytes());
    put_string(&mut blob, key);
    put_string(&mut blob, namespace.as_bytes());
    put_string(&mut blob, b"");
    put_string(&mut blob, Hash::Sha512.name());
    put_string(&mut blob, signature);
    let base64 = STANDARD.encode(&blob);
    let mut text = String::with_capacity(base64.len() + base64.len() / WIDTH + 64);
    text.push_str(BEGIN);
    text.push('\n');
    for (at, letter) in base64.chars().enumerate() {
        if at > 0 && at % WIDTH == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push('\n');
    text.push_str(END);
    text.push('\n');
    text
}

/// What is inside the armour. Lines may end as on Windows, as texts that are pasted do.
fn unwrapped(armour: &str) -> Result<Vec<u8>, SignatureFault> {
    if armour.len() > LONGEST_ARMOUR {
        return Err(SignatureFault::TooLong);
    }
    let inside = armour
        .trim_end_matches(['\n', '\r'])
        .strip_prefix(BEGIN)
        .and_then(|rest| rest.strip_suffix(END))
        .filter(|inside| inside.starts_with(['\n', '\r']) && inside.ends_with('\n'))
        .ok_or(SignatureFault::NoArmour)?;
    let base64: String = inside.split(['\n', '\r']).collect();
    STANDARD.decode(base64).map_err(|_| SignatureFault::NotBase64)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{BlobFault, CertificateFault, KeyFault, Validity, soft::*},
        Key, SignatureFault, armour, signed_data, verify,
    };
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    const FOR: &str = "countersign-decision@v1";
    const TEXT: &[u8] = b"delete the table, said the agent";

    fn signed_by(key: &SoftKey, flags: u8) -> String {
        armour(&key.blob(), FOR, &key.sign(&signed_data(FOR, TEXT), flags))
    }

    /// An armour with one part of the inside replaced.
    fn altered(armoured: &str, change: impl Fn(&mut Vec<u8>)) -> String {
        let mut lines: Vec<&str> = armoured.lines().collect();
        let (first, last) = (lines.remove(0), lines.pop().unwrap());
        let mut blob = STANDARD.decode(lines.concat()).unwrap();
        change(&mut blob);
        format!("{first}\n{}\n{last}\n", STANDARD.encode(blob))
    }

    #[test]
    fn every_kind_of_key_signs_and_only_its_own_text_fits() {
        for name in NAMES {
            let key = SoftKey::new(name);
            let text = signed_by(&key, 1);
            let signature = verify(&text, FOR, TEXT).unwrap();
            assert_eq!(signature.by.public().kind().name(), name);
            assert_eq!(signature.by.blob(), key.blob());
            assert_eq!(signature.flags.is_some(), key.is_sk());
            assert_eq!(verify(&text, FOR, b"other"), Err(BlobFault::Wrong.into()), "{name}");
            let elsewhere = verify(&text, "file", TEXT);
            assert!(matches!(elsewhere, Err(SignatureFault::Namespace { .. })), "{name}");
        }
    }

    #[test]
    fn a_security_key_says_how_it_was_used_and_nobody_else_can() {
        for name in ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] {
            let key = SoftKey::new(name);
            for (flags, touch, verified) in [(0, false, false), (1, true, false), (5, true, true)] {
                let said = verify(&signed_by(&key, flags), FOR, TEXT).unwrap().flags.unwrap();
                assert_eq!((said.touch, said.verified, said.counter), (touch, verified, 41));
            }
            let lied = altered(&signed_by(&key, 0), |blob| {
                let at = blob.len() - 5;
                blob[at] = 5;
            });
            assert_eq!(verify(&lied, FOR, TEXT), Err(BlobFault::Wrong.into()));
        }
    }

    #[test]
    fn rsa_over_sha1_is_refused_and_over_sha256_taken() {
        let key = SoftKey::new("ssh-rsa");
        let by = |how| armour(&key.blob(), FOR, &key.raw(&signed_data(FOR, TEXT), how));
        assert!(verify(&by("rsa-sha2-256"), FOR, TEXT).is_ok());
        assert_eq!(verify(&by("ssh-rsa"), FOR, TEXT), Err(BlobFault::Sha1.into()));
        let other = verify(&by("ssh-ed25519"), FOR, TEXT);
        assert!(matches!(other, Err(SignatureFault::Blob(BlobFault::OtherAlgorithm { .. }))));
    }

    #[test]
    fn no_byte_of_it_can_be_changed_added_or_left_out() {
        for name in NAMES {
            let key = SoftKey::new(name);
            let text = signed_by(&key, 1);
            let length = std::cell::Cell::new(0);
            altered(&text, |blob| length.set(blob.len()));
            for at in 0..length.get() {
                let other = altered(&text, |blob| blob[at] ^= 1);
                assert!(verify(&other, FOR, TEXT).is_err(), "{name}, byte {at}");
                let shorter = altered(&text, |blob| blob.truncate(at));
                assert!(verify(&shorter, FOR, TEXT).is_err(), "{name}, cut at {at}");
            }
            assert!(verify(&altered(&text, |blob| blob.push(0)), FOR, TEXT).is_err(), "{name}");
        }
    }

    #[test]
    fn armour_is_taken_with_either_line_ending_and_with_nothing_around_it() {
        let text = signed_by(&SoftKey::new("ssh-ed25519"), 0);
        assert!(verify(&text.replace('\n', "\r\n"), FOR, TEXT).is_ok());
        assert!(verify(text.trim_end(), FOR, TEXT).is_ok());
        let none = |text: &str| verify(text, FOR, TEXT).unwrap_err();
        assert_eq!(none(&format!("see:\n{text}")), SignatureFault::NoArmour);
        assert_eq!(none(&format!("{text}and so on")), SignatureFault::NoArmour);
        assert_eq!(none(""), SignatureFault::NoArmour);
        assert_eq!(none(&text.replacen('\n', " \n", 1)), SignatureFault::NoArmour);
        assert_eq!(none(&text.replacen("U1NI", "U1 I", 1)), SignatureFault::NotBase64);
        assert_eq!(none(&text.repeat(400)), SignatureFault::TooLong);
    }

    #[test]
    fn other_versions_hashes_and_reserved_words_are_refused() {
        let key = SoftKey::new("ssh-ed25519");
        let text = signed_by(&key, 0);
        let fault =
            |change: &dyn Fn(&mut Vec<u8>)| verify(&altered(&text, change), FOR, TEXT).unwrap_err();
        assert_eq!(fault(&|blob| blob[0] = b'X'), SignatureFault::Magic);
        assert_eq!(fault(&|blob| blob[9] = 2), SignatureFault::Version(2));
        let reserved = 10 + 4 + key.blob().len() + 4 + FOR.len() + 3;
        let said = fault(&|blob| {
            blob[reserved] = 1;
            blob.insert(reserved + 1, b'x');
        });
        assert_eq!(said, SignatureFault::Reserved);
        let md5 = fault(&|blob| {
            let at = reserved + 5;
            blob.splice(at..at + 6, *b"md5sum");
        });
        assert_eq!(md5, SignatureFault::Hash("md5sum".into()));
    }

    #[test]
    fn a_certificate_brings_its_authority_and_its_people() {
        let authority = SoftKey::new("ecdsa-sha2-nistp384");
        for name in NAMES {
            let key = SoftKey::new(name);
            let says = Certified { principals: &["mira", "tom"], before: 90, ..Default::default() };
            let blob = key.certificate(&authority, &says);
            let text = armour(&blob, FOR, &key.sign(&signed_data(FOR, TEXT), 1));
            let by = verify(&text, FOR, TEXT).unwrap().by;
            let certificate = by.certificate().unwrap();
            assert_eq!(certificate.authority().blob(), authority.blob());
            assert_eq!(certificate.principals(), ["mira", "tom"]);
            assert_eq!((certificate.serial(), certificate.key_id().raw()), (7, "mira's key"));
            assert_eq!(by.public().blob(), key.blob());
            let at = |second| certificate.validity(jiff::Timestamp::from_second(second).unwrap());
            assert_eq!((at(89), at(90)), (Validity::Valid, Validity::Over));
        }
    }

    #[test]
    fn a_certificate_that_does_not_hold_is_refused_with_its_reason() {
        let (key, authority) = (SoftKey::new("ssh-ed25519"), SoftKey::new("ssh-rsa"));
        let fault = |says: Certified<'_>| match Key::parse(&key.certificate(&authority, &says))
            .unwrap_err()
        {
            SignatureFault::Certificate(fault) => fault,
            other => panic!("{other}"),
        };
        let with = |critical| Certified { critical, ..Default::default() };
        assert_eq!(
            fault(Certified { is_host: true, ..Default::default() }),
            CertificateFault::Host
        );
        let nobody = Certified { principals: &[], ..Default::default() };
        assert_eq!(fault(nobody), CertificateFault::Nobody);
        let backwards = Certified { after: 9, before: 9, ..Default::default() };
        assert_eq!(fault(backwards), CertificateFault::Backwards);
        let forced = fault(with(&[("force-command", b"\0\0\0\x04true")]));
        assert_eq!(forced, CertificateFault::Restricted("force-command".into()));
        let touched = fault(with(&[("no-touch-required", b"")]));
        assert_eq!(touched, CertificateFault::Restricted("no-touch-required".into()));
        let twice = fault(with(&[("verify-required", b""), ("verify-required", b"")]));
        assert_eq!(twice, CertificateFault::Options);
        let needs = with(&[("verify-required", b"")]);
        let needs = Key::parse(&key.certificate(&authority, &needs)).unwrap();
        assert!(needs.certificate().unwrap().needs_verified());

        let mut altered = key.certificate(&authority, &Certified::default());
        let at = altered.windows(4).position(|four| four == b"mira").unwrap();
        altered[at] = b'l';
        let altered = Key::parse(&altered);
        let wrong = CertificateFault::Unsigned(BlobFault::Wrong);
        assert_eq!(altered, Err(SignatureFault::Certificate(wrong)));
    }

    #[test]
    fn keys_that_somebody_could_make_are_none() {
        let parse = |name: &str, parts: &[&[u8]]| {
            let mut blob = Vec::new();
            string(&mut blob, name.as_bytes());
            for part in parts {
                string(&mut blob, part);
            }
            super::PublicKey::parse(&blob).unwrap_err()
        };
        assert_eq!(parse("ssh-dss", &[]), KeyFault::Dsa);
        assert_eq!(parse("ssh-ed25519-cert-v01@openssh.com", &[]), KeyFault::Certificate);
        assert_eq!(parse("ssh-none", &[]), KeyFault::Unknown("ssh-none".into()));
        assert_eq!(parse("ssh-ed25519", &[&[0; 31]]), KeyFault::Impossible);
        let point = [&[4][..], &[1; 64]].concat();
        assert_eq!(parse("ecdsa-sha2-nistp256", &[b"nistp256", &point]), KeyFault::Impossible);
        assert_eq!(parse("ecdsa-sha2-nistp256", &[b"nistp384", &point]), KeyFault::Impossible);
        let short = [0x7f; 128];
        assert_eq!(parse("ssh-rsa", &[&[1, 0, 1], &short]), KeyFault::RsaSize(1023));
        let long = [0x7f; 256];
        assert_eq!(
            parse("ssh-rsa", &[&[1], &[&[0, 0x80][..], &long[1..]].concat()]),
            KeyFault::Impossible
        );
    }
}
