//! Revocation lists of the real `ssh-keygen -k`, asked by it and by us.

use super::{
    openssh::{Desk, FOR},
    soft::{Certified, SoftKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign::trust::{Key, Revocation, Revoked, SignatureFault, Sshsig, armour, signed_data};
use std::fmt::Write as _;

/// Four people with certificates by two authorities, 1 to 4, and their plain keys.
fn people(desk: &Desk) {
    for ca in ["ca", "other"] {
        desk.key(ca, &["ed25519"]);
    }
    for (name, serial) in [("ada", "1"), ("ben", "2"), ("cleo", "3"), ("dan", "900")] {
        desk.key(name, &["ed25519"]);
        let public = format!("{name}.pub");
        let id = format!("{name}'s id");
        let ca = if name == "ben" { "other" } else { "ca" };
        let made = desk.keygen(["-q", "-s", ca, "-I", &id, "-n", name, "-z", serial, &public]);
        assert!(made.is_ok, "{made:?}");
    }
    desk.key("zoe", &["ecdsa"]);
    let made = desk.keygen(["-q", "-s", "ca", "-I", "no number", "-n", "zoe", "zoe.pub"]);
    assert!(made.is_ok, "{made:?}");
}

const FILES: [&str; 11] = [
    "ada.pub",
    "ada-cert.pub",
    "ben.pub",
    "ben-cert.pub",
    "cleo.pub",
    "cleo-cert.pub",
    "dan.pub",
    "dan-cert.pub",
    "zoe.pub",
    "zoe-cert.pub",
    "ca.pub",
];

fn key(desk: &Desk, file: &str) -> Key {
    let line = desk.read(file);
    Key::parse(&STANDARD.decode(line.split(' ').nth(1).unwrap()).unwrap()).unwrap()
}

/// Asks both of us about every key; those that are revoked.
fn asked(desk: &Desk, list: &str) -> Vec<&'static str> {
    let revoked = Revoked::load(&desk.path(list)).unwrap();
    let mut found = Vec::new();
    for file in FILES {
        let theirs = desk.keygen(["-Q", "-f", list, file]);
        let ours = revoked.why(&key(desk, file));
        assert_eq!(ours.is_none(), theirs.is_ok, "{list}: {file}: {ours:?}, {theirs:?}");
        if ours.is_some() {
            found.push(file);
        }
    }
    found
}

/// A specification of these numbers, which OpenSSH packs into a bitmap where that is shorter.
fn serials(numbers: impl Iterator<Item = u64>) -> String {
    numbers.fold(String::new(), |mut all, number| {
        writeln!(all, "serial: {number}").unwrap();
        all
    })
}

/// A list made from a specification, for certificates by `ca`.
fn made(desk: &Desk, specification: &str) -> Vec<&'static str> {
    desk.write("specification", specification);
    let made = desk.keygen(["-q", "-k", "-f", "krl", "-s", "ca.pub", "specification"]);
    assert!(made.is_ok, "{made:?}");
    asked(desk, "krl")
}

#[test]
fn lists_of_every_sort_are_read_as_openssh_reads_them() {
    let desk = Desk::new();
    people(&desk);
    let line = |name: &str| desk.read(&format!("{name}.pub")).trim_end().to_owned();
    assert_eq!(made(&desk, ""), [""; 0]);
    assert_eq!(made(&desk, &format!("key: {}\n", line("ada"))), ["ada.pub", "ada-cert.pub"]);
    assert_eq!(made(&desk, &format!("sha1: {}\n", line("ben"))), ["ben.pub", "ben-cert.pub"]);
    let sha256 = format!("sha256: {}\nsha256: {}\n", line("zoe"), line("cleo"));
    assert_eq!(made(&desk, &sha256), ["cleo.pub", "cleo-cert.pub", "zoe.pub", "zoe-cert.pub"]);
    let fingerprint = key(&desk, "dan.pub").fingerprint();
    assert_eq!(made(&desk, &format!("hash: {fingerprint}\n")), ["dan.pub", "dan-cert.pub"]);
    assert_eq!(made(&desk, "serial: 1\n"), ["ada-cert.pub"]);
    assert_eq!(made(&desk, "serial: 2\n"), [""; 0], "that one is by the other authority");
    assert_eq!(made(&desk, "serial: 2-899\n"), ["cleo-cert.pub"]);
    assert_eq!(
        made(&desk, "serial: 1-1000000000000\n"),
        ["ada-cert.pub", "cleo-cert.pub", "dan-cert.pub"]
    );
    let bitmap = serials((0..450).map(|half| 2 * half + 1));
    assert_eq!(made(&desk, &bitmap), ["ada-cert.pub", "cleo-cert.pub"]);
    let bitmap = serials((440..=450).map(|half| 2 * half));
    assert_eq!(made(&desk, &bitmap), ["dan-cert.pub"]);
    assert_eq!(made(&desk, "id: ada's id\nid: nobody\n"), ["ada-cert.pub"]);
    assert_eq!(made(&desk, "id: ben's id\n"), [""; 0]);
    let of_the_authority =
        ["ada-cert.pub", "cleo-cert.pub", "dan-cert.pub", "zoe-cert.pub", "ca.pub"];
    assert_eq!(made(&desk, &format!("key: {}\n", line("ca"))), of_the_authority);
    let both = format!("serial: 3\nid: dan's id\nkey: {}\nsha1: {}\n", line("ada"), line("zoe"));
    let all =
        ["ada.pub", "ada-cert.pub", "cleo-cert.pub", "dan-cert.pub", "zoe.pub", "zoe-cert.pub"];
    assert_eq!(made(&desk, &both), all);
}

#[test]
fn a_list_can_grow_and_hold_for_every_authority() {
    let desk = Desk::new();
    people(&desk);
    assert!(desk.keygen(["-q", "-k", "-f", "krl", "ada.pub"]).is_ok);
    assert!(desk.keygen(["-q", "-k", "-u", "-f", "krl", "ben-cert.pub"]).is_ok);
    assert_eq!(asked(&desk, "krl"), ["ada.pub", "ada-cert.pub", "ben-cert.pub"]);
    let revoked = Revoked::load(&desk.path("krl")).unwrap();
    assert_eq!(revoked.why(&key(&desk, "ada-cert.pub")), Some(Revocation::Key));
    assert_eq!(revoked.why(&key(&desk, "ben-cert.pub")), Some(Revocation::Serial(2)));
    desk.write("specification", "id: cleo's id\n");
    let made = desk.keygen(["-q", "-k", "-f", "krl", "-s", "none", "specification"]);
    assert!(made.is_ok, "{made:?}");
    assert_eq!(asked(&desk, "krl"), ["cleo-cert.pub"]);
}

#[test]
fn a_list_in_plain_text_is_one_too() {
    let desk = Desk::new();
    let [ada, ben, cleo, ca] = [(); 4].map(|()| SoftKey::new("ssh-ed25519"));
    let says = Certified::default();
    let with_certificate = |key: &SoftKey| key.certificate(&ca, &says);
    let ben_line = STANDARD.encode(with_certificate(&ben));
    let ben_line = format!("ssh-ed25519-cert-v01@openssh.com {ben_line}");
    let lists = [
        (String::new(), [false; 4]),
        (
            format!("# left in May\n\n{} ada\n  {ben_line}\r\n", ada.line()),
            [true, true, false, true],
        ),
        (format!("{}\n", ca.line()), [false, true, true, false]),
    ];
    let blobs = [ada.blob(), with_certificate(&ben), with_certificate(&cleo), ben.blob()];
    let keys = [&ada, &ben, &cleo, &ben];
    let mut signers = format!("mira cert-authority {}\n", ca.line());
    for key in keys {
        writeln!(signers, "mira {}", key.line()).unwrap();
    }
    for (list, expected) in lists {
        desk.write("list", &list);
        let revoked = Revoked::load(&desk.path("list")).unwrap();
        for ((blob, key), is_revoked) in blobs.iter().zip(keys).zip(expected) {
            let made = armour(blob, FOR, &key.sign(&signed_data(FOR, b"text"), 0));
            let theirs = desk.verify_with(&signers, "mira", &made, b"text", &["-r", "list"]);
            let ours = revoked.why(Sshsig::read(&made).unwrap().by());
            assert_eq!((!theirs.is_ok, ours.is_some()), (is_revoked, is_revoked), "{list}");
        }
    }
    // OpenSSH passes over what it cannot read; it may be the very key that was meant.
    desk.write("list", format!("# left in May\nssh-ed25519 AAAA\n{}\n", ada.line()));
    let fault = Revoked::load(&desk.path("list")).unwrap_err().to_string();
    assert!(fault.contains("line 2"), "{fault}");
}

#[test]
fn a_damaged_list_is_no_list_wherever_the_damage_is() {
    let desk = Desk::new();
    people(&desk);
    let ada = desk.read("ada.pub");
    let text = format!("serial: 3\nserial: 5-90\nid: dan's id\nkey: {ada}sha1: {ada}sha256: {ada}");
    made(&desk, &text);
    let whole = std::fs::read(desk.path("krl")).unwrap();
    let revoked = |bytes: &[u8]| Revoked::parse(bytes).map(|list| list.why(&key(&desk, "ada.pub")));
    assert_eq!(revoked(&whole), Ok(Some(Revocation::Key)));
    let mut lost = 0;
    for length in 0..whole.len() {
        // A list that ends after a whole part is one; what it lost cannot be seen.
        lost += usize::from(length > 0 && revoked(&whole[..length]).is_ok());
    }
    assert!(lost <= 5, "{lost} of {} beginnings pass for a list", whole.len());
    for kind in [6, 4, 254] {
        let mut other = whole.clone();
        other.extend_from_slice(&[kind, 0, 0, 0, 1, 0]);
        assert!(revoked(&other).is_err(), "a part of kind {kind}");
    }
    let harmless = [&whole[..], &[255, 0, 0, 0, 13], &[0, 0, 0, 1, b'x', 0, 0, 0, 0, 3, 1, 2, 3]];
    assert_eq!(revoked(&harmless.concat()), Ok(Some(Revocation::Key)));
    let critical = [&whole[..], &[255, 0, 0, 0, 13], &[0, 0, 0, 1, b'x', 1, 0, 0, 0, 3, 1, 2, 3]];
    assert!(revoked(&critical.concat()).is_err());
}

#[test]
fn what_ssh_keygen_refuses_as_revoked_we_refuse() {
    let desk = Desk::new();
    let line = desk.key("key", &["ed25519"]);
    desk.write("text", "text");
    assert!(desk.keygen(["-Y", "sign", "-q", "-n", FOR, "-f", "key", "text"]).is_ok);
    assert!(desk.keygen(["-q", "-k", "-f", "krl", "key.pub"]).is_ok);
    let (signers, signature) = (format!("mira {line}"), desk.read("text.sig"));
    assert!(desk.verify(&signers, "mira", &signature, b"text").is_ok);
    let refused = desk.verify_with(&signers, "mira", &signature, b"text", &["-r", "krl"]);
    assert!(!refused.is_ok, "{refused:?}");
    let read: Result<Sshsig, SignatureFault> = Sshsig::read(&signature);
    let revoked = Revoked::load(&desk.path("krl")).unwrap();
    assert_eq!(revoked.why(read.unwrap().by()), Some(Revocation::Key));
}
