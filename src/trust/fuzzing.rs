//! What the fuzz targets check, over random and mutated input.

#[path = "../../fuzz/signatures.rs"]
mod bodies;

use super::{read_statement, verify};
use proptest::prelude::*;

macro_rules! seed {
    ($name:literal) => {
        include_bytes!(concat!("../../fuzz/corpus/", $name))
    };
}

const SIGNATURES: [&[u8]; 7] = [
    seed!("sshsig/ed25519.sig"),
    seed!("sshsig/ecdsa256.sig"),
    seed!("sshsig/ecdsa384.sig"),
    seed!("sshsig/ecdsa521.sig"),
    seed!("sshsig/rsa2048.sig"),
    seed!("sshsig/certificate.sig"),
    seed!("sshsig/statement.json"),
];
const SIGNERS: [&[u8]; 3] =
    [seed!("signers/team"), seed!("signers/windows"), seed!("signers/faults")];
const REVOKED: [&[u8]; 3] = [seed!("revoked/krl"), seed!("revoked/krl-any"), seed!("revoked/list")];

/// Pieces that mean something somewhere.
const PIECES: [&[u8]; 16] = [
    b"\n",
    b"\r\n",
    b"-----END SSH SIGNATURE-----",
    b"U1NIU0lH",
    b"\0\0\0\0",
    b"\0\0\0\x01",
    b"\xff\xff\xff\xff",
    b"*,!",
    b"\"",
    b"=\"",
    b",",
    b" cert-authority ",
    b"valid-before=\"20260101Z\"",
    b"ssh-ed25519 ",
    b"\x22",
    b"\x01",
];

/// A seed in which some bytes are replaced by a piece, or are other bytes.
fn mutated(seeds: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..PIECES.len() * 2, any::<u8>(), 0_usize..12);
    (0..seeds.len(), prop::collection::vec(change, 1..6)).prop_map(|(seed, changes)| {
        let mut bytes = seeds[seed].to_vec();
        for (at, piece, byte, removed) in changes {
            let at = at.index(bytes.len() + 1);
            match PIECES.get(piece) {
                Some(piece) => {
                    let end = (at + removed).min(bytes.len());
                    bytes.splice(at..end, piece.iter().copied());
                }
                None => bytes.iter_mut().skip(at).take(1).for_each(|other| *other = byte),
            }
        }
        bytes
    })
}

#[test]
fn every_seed_passes_and_is_what_it_should_be() {
    for seed in SIGNATURES {
        bodies::sshsig(seed);
        let text = std::str::from_utf8(seed).unwrap();
        let is_good = verify(text, bodies::FOR, bodies::TEXT).is_ok();
        assert!(is_good || read_statement(text).is_ok(), "{text}");
    }
    SIGNERS.into_iter().for_each(bodies::signers);
    REVOKED.into_iter().for_each(bodies::revoked);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(data in prop::collection::vec(any::<u8>(), 0..200)) {
        bodies::sshsig(&data);
        bodies::signers(&data);
        bodies::revoked(&data);
        bodies::revoked(&[b"SSHKRL\n\0\0\0\0\x01", &data[..]].concat());
    }

    #[test]
    fn a_changed_signature_is_read_or_refused(data in mutated(&SIGNATURES)) {
        bodies::sshsig(&data);
    }

    #[test]
    fn changed_signers_are_read_or_refused(data in mutated(&SIGNERS)) {
        bodies::signers(&data);
    }

    #[test]
    fn changed_revocations_are_read_or_refused(data in mutated(&REVOKED)) {
        bodies::revoked(&data);
    }
}
