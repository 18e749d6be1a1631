//! The key that signs the ledger's heads, and those of its witnesses.
//!
//! ```text
//!   PRIVATE+KEY+<name>+<id>+<base64>     the file, 0600, written once and never over another
//!           <name>+<id>+<base64>         the public half, to be kept elsewhere (C2SP signed-note)
//! ```
//!
//! Both are Ed25519 (RFC 8032). A ledger's key signs the text of a head (type 0x01); a witness's
//! signs it together with the time (type 0x04, C2SP tlog-cosignature).

use aws_lc_rs::{
    rand::{SecureRandom as _, SystemRandom},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use signed_note::{Signature, is_key_name_valid, key_id};
use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    str::FromStr,
};

/// Whose key it is, and so what it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signs {
    /// A ledger's: heads.
    Heads,
    /// A witness's: heads with the time it saw them.
    Cosignatures,
}

impl Signs {
    /// The type byte of C2SP signed-note.
    const fn byte(self) -> u8 {
        match self {
            Self::Heads => 0x01,
            Self::Cosignatures => 0x04,
        }
    }

    const fn of(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Heads),
            0x04 => Some(Self::Cosignatures),
            _ => None,
        }
    }
}

/// Why a key could not be made, kept or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is one already.
    #[error(
        "{path} is there already. A ledger keeps its key for life; move the file away yourself if \
         this is really to be another ledger"
    )]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("cannot use the key file {path}: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
    /// Others can read it, so others can sign.
    #[error(
        "others may read or write the key file {path} (mode {mode:o}), so others could sign. Take that away \
         with `chmod 600 {path}`, and think about whether somebody did"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The name cannot stand in a signed note.
    #[error(
        "`{0}` cannot name a key: a name is not empty and has no space and no plus in it, such as \
         countersign.example.com/prod"
    )]
    Name(String),
    /// The text is no key of this form.
    #[error("this is no {0} key: expected {form}", form = if *.0 == "private" { "PRIVATE+KEY+name+id+base64" } else { "name+id+base64" })]
    Form(&'static str),
    /// The id in it is not that of the key in it.
    #[error("the key's id does not belong to its name and key; was part of it copied wrongly?")]
    Id,
    /// It is the other kind of key.
    #[error("this key is {found}, and {wanted} is needed here")]
    Kind {
        /// What it is.
        found: &'static str,
        /// What is needed.
        wanted: &'static str,
    },
    /// No randomness, or the library refused.
    #[error("cannot make a key: the system gives no randomness")]
    Random,
}

impl Signs {
    const fn told(self) -> &'static str {
        match self {
            Self::Heads => "a ledger's key",
            Self::Cosignatures => "a witness's key",
        }
    }
}

/// The private half of a key.
pub struct SigningKey {
    public: VerifierKey,
    pair: Ed25519KeyPair,
}

/// Only the public half.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public.to_string()).finish()
    }
}

impl SigningKey {
    fn from_seed(name: &str, signs: Signs, seed: &[u8]) -> Result<Self, KeyError> {
        let pair =
            Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Form("private"))?;
        let mut key = [0; 32];
        key.copy_from_slice(pair.public_key().as_ref());
        Ok(Self { public: VerifierKey::new(name, signs, key)?, pair })
    }

    /// Makes a key and writes it to a file that must not be there yet.
    pub fn create(path: &Path, name: &str, signs: Signs) -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).map_err(|_| KeyError::Random)?;
        let key = Self::from_seed(name, signs, &seed)?;
        let mut private = vec![signs.byte()];
        private.extend_from_slice(&seed);
        let text = format!(
            "PRIVATE+KEY+{name}+{:08x}+{}\n",
            key.public.id,
            BASE64_STANDARD.encode(&private)
        );
        let written =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).and_then(
                |mut file| {
                    file.write_all(text.as_bytes())?;
                    file.sync_all()?;
                    sync_folder(path)
                },
            );
        match written {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(KeyError::Exists { path: path.to_owned() })
            }
            Err(why) => Err(KeyError::File { path: path.to_owned(), why }),
        }
    }

    /// Reads a key from its file, which nobody else may read.
    pub fn load(path: &Path, signs: Signs) -> Result<Self, KeyError> {
        let told = |why| KeyError::File { path: path.to_owned(), why };
        let mode = fs::metadata(path).map_err(told)?.mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::Exposed { path: path.to_owned(), mode: mode & 0o7777 });
        }
        let key = Self::parse(&fs::read_to_string(path).map_err(told)?)?;
        key.public.must_sign(signs)?;
        Ok(key)
    }

    fn parse(text: &str) -> Result<Self, KeyError> {
        let form = || KeyError::Form("private");
        let rest = text.trim_end().strip_prefix("PRIVATE+KEY+").ok_or_else(form)?;
        let (name, rest) = rest.split_once('+').ok_or_else(form)?;
        let (id, key) = rest.split_once('+').ok_or_else(form)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| form())?;
        let (byte, seed) = bytes.split_first().ok_or_else(form)?;
        let signs = Signs::of(*byte).ok_or_else(form)?;
        let key = Self::from_seed(name, signs, seed)?;
        if format!("{:08x}", key.public.id) == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The public half.
    pub const fn public(&self) -> &VerifierKey {
        &self.public
    }

    /// A signature line over these bytes, with `before` in front of the signature itself.
    pub(super) fn sign(&self, before: &[u8], message: &[u8]) -> Result<Signature, KeyError> {
        let mut signature = before.to_vec();
        signature.extend_from_slice(self.pair.sign(message).as_ref());
        Signature::new(self.public.name.clone(), self.public.id, signature)
            .map_err(|_| KeyError::Name(self.public.name.clone()))
    }
}

/// Makes sure that a file stays in its folder after a crash.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// The public half of a key, written `name+id+base64`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: String,
    id: u32,
    signs: Signs,
    key: [u8; 32],
}

impl VerifierKey {
    fn new(name: &str, signs: Signs, key: [u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name_valid(name) || name.chars().any(char::is_control) {
            return Err(KeyError::Name(name.escape_debug().to_string()));
        }
        let mut encoded = vec![signs.byte()];
        encoded.extend_from_slice(&key);
        Ok(Self { name: name.to_owned(), id: key_id(name, &encoded), signs, key })
    }

    /// Its name; of a ledger, also the origin of its heads.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of the hash that a signature names it by.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// Whose it is.
    pub const fn signs(&self) -> Signs {
        self.signs
    }

    /// The 32 bytes of the key (RFC 8032).
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.key
    }

    /// An error where it is another kind of key.
    pub fn must_sign(&self, wanted: Signs) -> Result<(), KeyError> {
        if self.signs == wanted {
            return Ok(());
        }
        Err(KeyError::Kind { found: self.signs.told(), wanted: wanted.told() })
    }

    /// Whether this is its signature over the message.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.key).verify(message, signature).is_ok()
    }

    /// The key as a PEM file, which `openssl pkeyutl -verify -pubin` reads (RFC 8410).
    pub fn pem(&self) -> String {
        const BEFORE: [u8; 12] =
            [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        let encoded = BASE64_STANDARD.encode([&BEFORE[..], &self.key].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n")
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = BASE64_STANDARD.encode([&[self.signs.byte()], &self.key[..]].concat());
        write!(f, "{}+{:08x}+{encoded}", self.name, self.id)
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let form = || KeyError::Form("public");
        let (name, rest) = text.trim().split_once('+').ok_or_else(form)?;
        let (id, key) = rest.split_once('+').ok_or_else(form)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| form())?;
        let (byte, key) = bytes.split_first().ok_or_else(form)?;
        let signs = Signs::of(*byte).ok_or_else(form)?;
        let key = Self::new(name, signs, key.try_into().map_err(|_| form())?)?;
        if format!("{:08x}", key.id) == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyError, SigningKey, Signs, VerifierKey};
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[test]
    fn a_key_is_written_once_for_its_owner_alone_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.key");
        let key = SigningKey::create(&path, "example.com/prod", Signs::Heads).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = SigningKey::create(&path, "example.com/prod", Signs::Heads);
        assert!(matches!(again, Err(KeyError::Exists { .. })));
        let read = SigningKey::load(&path, Signs::Heads).unwrap();
        assert_eq!(read.public(), key.public());
        assert!(matches!(SigningKey::load(&path, Signs::Cosignatures), Err(KeyError::Kind { .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(SigningKey::load(&path, Signs::Heads), Err(KeyError::Exposed { .. })));
    }

    #[test]
    fn nothing_of_the_private_half_is_printed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let key = SigningKey::create(&path, "example.com/prod", Signs::Heads).unwrap();
        let kept = fs::read_to_string(&path).unwrap();
        // PRIVATE+KEY+NAME+ID+BASE64, and there may be more of `+` in the last.
        let private = kept.trim().splitn(5, '+').last().unwrap();
        assert!(private.len() > 40);
        assert!(!format!("{key:?}").contains(private));
    }

    #[test]
    fn the_public_half_of_the_published_example_is_understood() {
        // From C2SP signed-note: a key, and a note it signed.
        let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!(key.to_string(), text);
        assert_eq!(key.signs(), Signs::Heads);
        for wrong in [
            "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/fob+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a",
            "",
        ] {
            assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
        }
        assert!(VerifierKey::new("a b", Signs::Heads, [0; 32]).is_err());
        assert!(VerifierKey::new("a+b", Signs::Heads, [0; 32]).is_err());
    }
}
