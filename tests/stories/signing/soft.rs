//! Keys in software, security keys included, that sign whatever they are asked to.
//!
//! ```text
//!   SoftKey ──sign(data, flags)──▶ raw signature, as an agent's     no hardware, any flags
//!           ──certificate──▶ a certificate by another SoftKey       any principals, any time
//! ```
//!
//! Knows nothing of the project, so that unit tests, stories and benches can all include it.

#![allow(dead_code, clippy::unwrap_used, reason = "a test's tool, and no test uses all of it")]

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RSA_PKCS1_SHA512,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Application of the security keys here.
pub const APPLICATION: &str = "ssh:";

/// What a kind of key is made of.
enum Pair {
    Ed25519(Ed25519KeyPair),
    Ecdsa(EcdsaKeyPair, &'static str),
    Rsa(RsaKeyPair),
}

/// A key and its type's name.
pub struct SoftKey {
    /// As in a `.pub` file.
    pub name: &'static str,
    pair: Pair,
}

/// All types there are.
pub const NAMES: [&str; 7] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// What a certificate says besides whose key it is of.
pub struct Certified<'a> {
    pub principals: &'a [&'a str],
    pub serial: u64,
    pub id: &'a str,
    pub after: u64,
    pub before: u64,
    pub critical: &'a [(&'a str, &'a [u8])],
    pub is_host: bool,
}

impl Default for Certified<'_> {
    fn default() -> Self {
        Self {
            principals: &["mira"],
            serial: 7,
            id: "mira's key",
            after: 0,
            before: u64::MAX,
            critical: &[],
            is_host: false,
        }
    }
}

impl SoftKey {
    /// A new key of this type.
    pub fn new(name: &'static str) -> Self {
        let ecdsa = |how, curve| Pair::Ecdsa(EcdsaKeyPair::generate(how).unwrap(), curve);
        let pair = match name {
            "ssh-ed25519" | "sk-ssh-ed25519@openssh.com" => {
                Pair::Ed25519(Ed25519KeyPair::generate().unwrap())
            }
            "ecdsa-sha2-nistp384" => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING, "nistp384"),
            "ecdsa-sha2-nistp521" => ecdsa(&ECDSA_P521_SHA512_FIXED_SIGNING, "nistp521"),
            "ssh-rsa" => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            _ => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, "nistp256"),
        };
        Self { name, pair }
    }

    /// Whether it says that it is in a security key.
    pub fn is_sk(&self) -> bool {
        self.name.starts_with("sk-")
    }

    fn numbers(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match &self.pair {
            Pair::Ed25519(pair) => string(&mut out, pair.public_key().as_ref()),
            Pair::Ecdsa(pair, curve) => {
                string(&mut out, curve.as_bytes());
                string(&mut out, pair.public_key().as_ref());
            }
            Pair::Rsa(pair) => {
                // SEQUENCE { INTEGER modulus, INTEGER exponent }, of 2048 bits and 65537.
                let der = pair.public_key().as_ref();
                number(&mut out, &der[der.len() - 3..]);
                number(&mut out, &der[8..der.len() - 5]);
            }
        }
        if self.is_sk() {
            string(&mut out, APPLICATION.as_bytes());
        }
        out
    }

    /// Its public key's bytes.
    pub fn blob(&self) -> Vec<u8> {
        let mut out = Vec::new();
        string(&mut out, self.name.as_bytes());
        out.extend_from_slice(&self.numbers());
        out
    }

    /// Its public key as in a `.pub` file.
    pub fn line(&self) -> String {
        format!("{} {}", self.name, STANDARD.encode(self.blob()))
    }

    /// Signs as an agent does. A security key says of itself what `flags` says.
    pub fn sign(&self, data: &[u8], flags: u8) -> Vec<u8> {
        let counter = 41_u32;
        if !self.is_sk() {
            return self.raw(data, "rsa-sha2-512");
        }
        let mut told = digest(&SHA256, APPLICATION.as_bytes()).as_ref().to_vec();
        told.push(flags);
        told.extend_from_slice(&counter.to_be_bytes());
        told.extend_from_slice(digest(&SHA256, data).as_ref());
        let mut out = self.raw(&told, "");
        out.push(flags);
        out.extend_from_slice(&counter.to_be_bytes());
        out
    }

    /// A signature, for RSA by this algorithm.
    pub fn raw(&self, data: &[u8], rsa: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        let (name, signature) = match &self.pair {
            Pair::Ed25519(pair) => (self.name, pair.sign(data).as_ref().to_vec()),
            Pair::Ecdsa(pair, _) => {
                let fixed = pair.sign(&random, data).unwrap();
                let (r, s) = fixed.as_ref().split_at(fixed.as_ref().len() / 2);
                let mut both = Vec::new();
                number(&mut both, r);
                number(&mut both, s);
                (self.name, both)
            }
            Pair::Rsa(pair) => {
                let mut made = vec![0; pair.public_modulus_len()];
                let how = if rsa == "rsa-sha2-256" { &RSA_PKCS1_SHA256 } else { &RSA_PKCS1_SHA512 };
                pair.sign(how, &random, data, &mut made).unwrap();
                (rsa, made)
            }
        };
        let mut out = Vec::new();
        string(&mut out, name.as_bytes());
        string(&mut out, &signature);
        out
    }

    /// A certificate for this key by an authority.
    pub fn certificate(&self, authority: &Self, says: &Certified<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        let name = match self.name.strip_suffix("@openssh.com") {
            Some(name) => format!("{name}-cert-v01@openssh.com"),
            None => format!("{}-cert-v01@openssh.com", self.name),
        };
        string(&mut out, name.as_bytes());
        string(&mut out, &[9; 32]);
        out.extend_from_slice(&self.numbers());
        out.extend_from_slice(&says.serial.to_be_bytes());
        out.extend_from_slice(&(1 + u32::from(says.is_host)).to_be_bytes());
        string(&mut out, says.id.as_bytes());
        let mut principals = Vec::new();
        says.principals.iter().for_each(|one| string(&mut principals, one.as_bytes()));
        string(&mut out, &principals);
        out.extend_from_slice(&says.after.to_be_bytes());
        out.extend_from_slice(&says.before.to_be_bytes());
        let mut critical = Vec::new();
        for (name, value) in says.critical {
            string(&mut critical, name.as_bytes());
            string(&mut critical, value);
        }
        string(&mut out, &critical);
        string(&mut out, b"");
        string(&mut out, b"");
        string(&mut out, &authority.blob());
        let signature = authority.sign(&out, 1);
        string(&mut out, &signature);
        out
    }
}

/// SSH's `string`.
pub fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_be_bytes());
    out.extend_from_slice(bytes);
}

/// SSH's `mpint`.
pub fn number(out: &mut Vec<u8>, bytes: &[u8]) {
    let begins = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let mut shortest = bytes[begins..].to_vec();
    if shortest.first().is_some_and(|first| first & 0x80 != 0) {
        shortest.insert(0, 0);
    }
    string(out, &shortest);
}
