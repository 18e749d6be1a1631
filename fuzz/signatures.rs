//! What is checked of any signature and of any list of signers or of revoked keys. Part of the fuzz
//! targets and of the room's own tests.

use crate::trust::{Key, PublicKey, Revoked, Signers, Sshsig, read_statement, verify};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, tz::TimeZone};

/// The purpose of the seeds, and the text they are signatures over.
pub const FOR: &str = "countersign-decision@v1";
/// See [`FOR`].
pub const TEXT: &[u8] = b"text\n";

/// A signature, as armour and as what is in one: read or refused, and of no other text than its own.
pub fn sshsig(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let inside = STANDARD.encode(data);
    let wrapped = format!("-----BEGIN SSH SIGNATURE-----\n{inside}\n-----END SSH SIGNATURE-----\n");
    for armour in [text.as_ref(), &wrapped] {
        let Ok(read) = Sshsig::read(armour) else {
            assert!(verify(armour, FOR, TEXT).is_err());
            continue;
        };
        assert!(!read.namespace().is_empty());
        again(read.by().blob());
        assert!(read.clone().verify(FOR, b"another text").is_err(), "{armour}");
        assert!(read.verify("another purpose", TEXT).is_err(), "{armour}");
    }
    if Key::parse(data).is_ok() {
        again(data);
    }
    if let Ok(statement) = read_statement(&text) {
        assert_eq!(statement.canonical().as_deref().ok(), Some(text.as_ref()));
    }
}

/// A key has one form.
fn again(blob: &[u8]) {
    let key = Key::parse(blob).expect("it was read before");
    assert_eq!(key.blob(), blob);
    let plain = key.public();
    assert_eq!(PublicKey::parse(plain.blob()).as_ref(), Ok(plain));
    assert_eq!(plain.to_line().parse::<PublicKey>().as_ref(), Ok(plain));
}

/// A list of signers: read or refused with a place in it, however its lines end, and whoever is
/// found may sign.
pub fn signers(data: &[u8]) {
    let read = |data: &[u8]| Signers::parse(data, &TimeZone::UTC);
    let found = match read(data) {
        Ok(found) => found,
        Err(faults) => {
            let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
            assert!(!faults.0.is_empty() && faults.0.len() <= 20);
            for fault in &faults.0 {
                let line = lines[fault.line - 1];
                assert!((1..=line.len() + 1).contains(&fault.column), "{fault}");
            }
            return;
        }
    };
    let text = found.text().to_owned();
    assert_eq!(text.as_bytes(), data);
    if !text.contains('\r') {
        let other = read(text.replace('\n', "\r\n").as_bytes());
        assert_eq!(other.as_ref().map(Signers::lines), Ok(found.lines()));
    }
    for line in found.lines() {
        let key = Key::Plain(line.key.clone());
        for second in [line.after.unwrap_or(1), line.before.unwrap_or(1 << 32)] {
            let Ok(at) = Timestamp::from_second(second) else { continue };
            for name in found.who(&key, FOR, at) {
                let allowed = found.allows(&key, &name, FOR, at).expect("it was found");
                assert!(!allowed.is_authority && allowed.principals.matches(&name));
                assert_eq!(found.person(found.person(&name)), found.person(&name));
            }
        }
    }
}

/// A list of revoked keys: read or refused, and asked about keys of the seeds without end.
pub fn revoked(data: &[u8]) {
    let Ok(list) = Revoked::parse(data) else { return };
    assert!(list.digest().is_some());
    let text = String::from_utf8_lossy(data);
    for line in text.lines() {
        if let Ok(key) = line.trim().parse::<PublicKey>() {
            let is_listed = !data.starts_with(b"SSHKRL\n\0") && !line.trim().starts_with('#');
            assert!(!is_listed || list.why(&Key::Plain(key)).is_some(), "{line}");
        }
    }
    for seed in KEYS {
        let blob = STANDARD
            .decode(seed.split_ascii_whitespace().nth(1).expect("two words"))
            .expect("base64");
        list.why(&Key::parse(&blob).expect("a key"));
    }
}

/// A key and a certificate of the seeds.
const KEYS: [&str; 2] =
    [include_str!("corpus/revoked/key.pub"), include_str!("corpus/revoked/certificate.pub")];
