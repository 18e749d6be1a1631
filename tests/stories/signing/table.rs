//! Files of allowed signers, good, odd and bad: the real `ssh-keygen` says the same as we do, and
//! where we are stricter the table says why.

use super::{
    openssh::{Desk, FOR},
    soft::{Certified, SoftKey},
};
use countersign::trust::{Key, Signers, Sshsig, armour, signed_data};
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeSet, ffi::OsStr};

const TEXT: &[u8] = b"text";
/// The moment of every row: 2026-09-21 14:13:20 UTC.
const NOW: &str = "20260921141320Z";
const SECOND: i64 = 1_790_000_000;

/// Whether mira may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Yes,
    No,
    /// OpenSSH says yes and we no, for this reason.
    OnlyTheirs(&'static str),
}
use Says::{No, OnlyTheirs, Yes};

/// With what it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum With {
    Key,
    /// A certificate for mira, valid now.
    Certificate,
    /// One for tom alone.
    Toms,
    /// One that ended this very second.
    Ended,
    /// One that begins with the next.
    Later,
    /// One without any principal.
    Nobodys,
    /// One of a host.
    Hosts,
    /// One that may only run one command.
    Forced,
}

/// `{KEY}` is mira's, `{OTHER}` a stranger's, `{CA}` signed the certificates, `{CERT}` is mira's.
const ROWS: [(&str, With, Says); 81] = [
    // Lines as they are mostly written.
    ("mira {KEY}\n", With::Key, Yes),
    ("mira {KEY} mira's key, at work\n", With::Key, Yes),
    ("mira {KEY}", With::Key, Yes),
    ("mira,tom {KEY}\n", With::Key, Yes),
    ("tom,mira {KEY}\n", With::Key, Yes),
    ("# the team\n\n   # more\nmira {KEY}\n", With::Key, Yes),
    ("mira {KEY}\r\n", With::Key, Yes),
    ("# a\r\n\r\nmira {KEY}\r\n", With::Key, Yes),
    ("mira\t{KEY}\n", With::Key, Yes),
    ("  mira   {KEY}\n", With::Key, Yes),
    ("\"mira\" {KEY}\n", With::Key, Yes),
    ("\"mira,tom\" {KEY}\n", With::Key, Yes),
    ("\"mira stone,mira\" {KEY}\n", With::Key, Yes),
    ("tom {OTHER}\nmira {KEY}\n", With::Key, Yes),
    ("tom {KEY}\nmira {KEY}\n", With::Key, Yes),
    // Somebody else's, or nobody's.
    ("", With::Key, No),
    ("# nobody yet\n", With::Key, No),
    ("tom {KEY}\n", With::Key, No),
    ("Mira {KEY}\n", With::Key, No),
    ("miranda {KEY}\n", With::Key, No),
    ("\"mira stone\" {KEY}\n", With::Key, No),
    ("mira {OTHER}\n", With::Key, No),
    ("mira {CA}\n", With::Key, No),
    // For what.
    ("mira namespaces=\"countersign-decision@v1\" {KEY}\n", With::Key, Yes),
    ("mira namespaces=\"file,countersign-*\" {KEY}\n", With::Key, Yes),
    ("mira NameSpaces=\"*\" {KEY}\n", With::Key, Yes),
    ("mira namespaces=\"file\" {KEY}\n", With::Key, No),
    ("mira namespaces=\"*,!countersign-*\" {KEY}\n", With::Key, No),
    ("mira namespaces=\"!countersign-decision@v1,*\" {KEY}\n", With::Key, No),
    ("mira namespaces=\"countersign-decision@v?\" {KEY}\n", With::Key, Yes),
    // When.
    ("mira valid-after=\"20260921141320Z\" {KEY}\n", With::Key, Yes),
    ("mira valid-after=\"20260921141321Z\" {KEY}\n", With::Key, No),
    ("mira valid-before=\"20260921141320Z\" {KEY}\n", With::Key, Yes),
    ("mira valid-before=\"20260921141319Z\" {KEY}\n", With::Key, No),
    ("mira valid-after=\"202609211413Z\" {KEY}\n", With::Key, Yes),
    ("mira valid-before=\"202609211413Z\" {KEY}\n", With::Key, No),
    ("mira valid-after=\"20260921Z\",valid-before=\"20260922Z\" {KEY}\n", With::Key, Yes),
    ("mira valid-before=\"20260101Z\" {KEY}\nmira {KEY}\n", With::Key, Yes),
    ("mira VALID-BEFORE=\"20270101z\" {KEY}\n", With::Key, Yes),
    ("mira namespaces=\"*\",valid-after=\"20260101Z\" {KEY}\n", With::Key, Yes),
    // The zone is three hours behind UTC, so there it is 11:13:20.
    ("mira valid-after=\"20260921111320\" {KEY}\n", With::Key, Yes),
    ("mira valid-after=\"20260921111321\" {KEY}\n", With::Key, No),
    ("mira valid-before=\"202609211113\" {KEY}\n", With::Key, No),
    // Authorities.
    ("mira cert-authority {CA}\n", With::Certificate, Yes),
    ("mira CERT-AUTHORITY {CA}\n", With::Certificate, Yes),
    ("* cert-authority {CA}\n", With::Certificate, Yes),
    ("m?ra cert-authority {CA}\n", With::Certificate, Yes),
    ("*,!tom cert-authority {CA}\n", With::Certificate, Yes),
    ("!mira,* cert-authority {CA}\n", With::Certificate, No),
    ("tom cert-authority {CA}\n", With::Certificate, No),
    ("mira {CA}\n", With::Certificate, No),
    ("mira {KEY}\n", With::Certificate, No),
    ("mira cert-authority {OTHER}\n", With::Certificate, No),
    ("mira cert-authority,namespaces=\"file\" {CA}\n", With::Certificate, No),
    ("mira cert-authority,valid-before=\"20260101Z\" {CA}\n", With::Certificate, No),
    ("* cert-authority {CA}\n", With::Toms, No),
    ("* cert-authority {CA}\n", With::Ended, No),
    ("* cert-authority {CA}\n", With::Later, No),
    ("* cert-authority {CA}\n", With::Nobodys, No),
    ("* cert-authority {CA}\n", With::Hosts, No),
    ("mira cert-authority {KEY}\n", With::Key, No),
    // Faults for both.
    ("mira\n", With::Key, No),
    ("mira no-touch-required {KEY}\n", With::Key, No),
    ("mira valid-after=20260101Z {KEY}\n", With::Key, No),
    ("mira namespaces=\"file {KEY}\n", With::Key, No),
    ("\"mira {KEY}\n", With::Key, No),
    ("mira valid-after=\"tomorrow\" {KEY}\n", With::Key, No),
    ("mira valid-after=\"20260102Z\",valid-before=\"20260101Z\" {KEY}\n", With::Key, No),
    ("mira namespaces=\"*\", valid-after=\"20260101Z\" {KEY}\n", With::Key, No),
    ("mira ssh-rsa {BASE64}\n", With::Key, No),
    ("mira ssh-ed25519 {BASE64}AAAA\n", With::Key, No),
    // Where we are stricter.
    ("m* {KEY}\n", With::Key, OnlyTheirs("one key would be several people")),
    ("*,!tom {KEY}\n", With::Key, OnlyTheirs("one key would be several people")),
    ("tom nonsense {OTHER}\nmira {KEY}\n", With::Key, OnlyTheirs("a line is not read")),
    ("mira,,tom {KEY}\n", With::Key, OnlyTheirs("a name is missing")),
    ("mira ,namespaces=\"*\" {KEY}\n", With::Key, OnlyTheirs("an option is missing")),
    ("mira valid-after=\"20260231Z\" {KEY}\n", With::Key, OnlyTheirs("no such day")),
    (
        "mira cert-authority,cert-authority {CA}\n",
        With::Certificate,
        OnlyTheirs("it is there twice"),
    ),
    ("mi\"ra\" {KEY}\n", With::Key, OnlyTheirs("a quote belongs around a field")),
    ("mira {CERT}\n", With::Certificate, No),
    ("* cert-authority {CA}\n", With::Forced, OnlyTheirs("no signature shows that it was kept")),
];

struct World {
    key: SoftKey,
    authority: SoftKey,
    other: SoftKey,
}

impl World {
    fn certificate(&self, with: With) -> Option<Vec<u8>> {
        let second = u64::try_from(SECOND).unwrap();
        let usual = Certified { principals: &["tom", "mira"], ..Certified::default() };
        let says = match with {
            With::Key => return None,
            With::Certificate => usual,
            With::Toms => Certified { principals: &["tom"], ..usual },
            With::Ended => Certified { before: second, ..usual },
            With::Later => Certified { after: second + 1, ..usual },
            With::Nobodys => Certified { principals: &[], ..usual },
            With::Hosts => Certified { is_host: true, ..usual },
            With::Forced => {
                Certified { critical: &[("force-command", b"\0\0\0\x04true")], ..usual }
            }
        };
        Some(self.key.certificate(&self.authority, &says))
    }

    fn armour(&self, with: With) -> String {
        let blob = self.certificate(with).unwrap_or_else(|| self.key.blob());
        armour(&blob, FOR, &self.key.sign(&signed_data(FOR, TEXT), 1))
    }

    fn file(&self, row: &str) -> String {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let certificate = STANDARD.encode(self.certificate(With::Certificate).unwrap());
        row.replace("{KEY}", &self.key.line())
            .replace("{OTHER}", &self.other.line())
            .replace("{CA}", &self.authority.line())
            .replace("{CERT}", &format!("ssh-ed25519-cert-v01@openssh.com {certificate}"))
            .replace("{BASE64}", self.key.line().split(' ').nth(1).unwrap())
    }
}

/// What we say: may mira, and who may.
fn ours(file: &str, armoured: &str) -> (bool, BTreeSet<String>) {
    let zone = TimeZone::fixed(jiff::tz::offset(-3));
    let none = (false, BTreeSet::new());
    let Ok(signers) = Signers::parse(file.as_bytes(), &zone) else { return none };
    let Ok(read) = Sshsig::read(armoured) else { return none };
    let by: Key = read.by().clone();
    let at = Timestamp::from_second(SECOND).unwrap();
    let who = signers.who(&by, FOR, at).into_iter().collect();
    (signers.allows(&by, "mira", FOR, at).is_ok(), who)
}

#[test]
fn ssh_keygen_says_the_same_of_every_file() {
    let desk = Desk::new();
    let world = World {
        key: SoftKey::new("ssh-ed25519"),
        authority: SoftKey::new("ecdsa-sha2-nistp256"),
        other: SoftKey::new("ssh-ed25519"),
    };
    let mut wrong = Vec::new();
    for (row, with, says) in ROWS {
        let (file, armoured) = (world.file(row), world.armour(with));
        desk.write("signers", &file);
        desk.write("signature", &armoured);
        let zone: [(&str, &OsStr); 1] = [("TZ", OsStr::new("XXX3"))];
        let time = format!("verify-time={NOW}");
        let words = ["-Y", "verify", "-f", "signers", "-I", "mira", "-n", FOR, "-s", "signature"];
        let theirs = desk.keygen_with([&words, &["-O", &time][..]].concat(), &zone, TEXT);
        let words = ["-Y", "find-principals", "-f", "signers", "-s", "signature", "-O", &time];
        let found = desk.keygen_with(words, &zone, b"");
        let (may, who) = ours(&file, &armoured);
        let expected = match says {
            Yes => (true, true),
            No => (false, false),
            OnlyTheirs(_) => (true, false),
        };
        if (theirs.is_ok, may) != expected {
            wrong.push(format!("{row:?} {with:?}: {says:?}, theirs {theirs:?}, ours {may}"));
        }
        if says != Yes {
            continue;
        }
        // Theirs stops at the first line that fits; and of a certificate it finds names that it
        // refuses afterwards, where a list of patterns negates them.
        let found_by_them: Vec<&str> = found.out.lines().flat_map(|line| line.split(',')).collect();
        let believed = |name: &str| {
            let words = ["-Y", "verify", "-f", "signers", "-I", name, "-n", FOR, "-s", "signature"];
            desk.keygen_with([&words, &["-O", &time][..]].concat(), &zone, TEXT).is_ok
        };
        let is_same = |name: &str| who.contains(name) || !believed(name);
        if !found.is_ok || !found_by_them.into_iter().all(is_same) {
            wrong.push(format!("{row:?} {with:?}: theirs finds {found:?}, ours {who:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_to_do() {
    let key = SoftKey::new("ssh-ed25519").line();
    let told = |file: &[u8]| Signers::parse(file, &TimeZone::UTC).unwrap_err().to_string();
    let of = |line: &str| told(line.replace("{KEY}", &key).as_bytes());
    let cases = [
        ("mira\n", "line 1, column 5: there is no key"),
        (
            "mira valid_after=\"20260101\" {KEY}",
            "column 6: \"valid_after\" is neither an option nor the type of a key; did you mean valid-after?",
        ),
        ("mira ssh-ed2551 AAAA", "did you mean ssh-ed25519?"),
        (
            "# ok\nmira namespaces=file {KEY}",
            "line 2, column 16: namespaces needs a value in quotes",
        ),
        ("mira cert-authority=\"x\" {KEY}", "column 20: cert-authority takes no value"),
        ("m* {KEY}", "column 1: one key for everybody who matches \"m*\""),
        (
            "mira valid-before=\"2026-01-01\" {KEY}",
            "column 18: valid-before is not a time: expected YYYYMMDD",
        ),
        ("mira ssh-ed25519 AAAA", "column 18: the key does not count: it is damaged"),
        (
            "mira ssh-ed25519 AAA!",
            "column 18: the key does not count: its second word is not base64",
        ),
        ("mira ssh-dss AAAA", "column 6: the key does not count: DSA keys do not count"),
        ("mira, {KEY}", "column 1: a name is missing"),
        ("mira\u{200b} {KEY}", "column 1: a name holds a character that cannot be seen"),
        ("\u{feff}mira {KEY}", "line 1, column 1: the file begins with a byte order mark"),
        ("mira\u{1b}[2J {KEY}", "line 1, column 5: there is a control character"),
        ("größe valid-after=\"x\" {KEY}", "column 18:"),
    ];
    for (line, expected) in cases {
        let told = of(line);
        assert!(told.contains(expected), "{line:?}: {told}");
    }
    assert!(told(b"mira x\xff").contains("line 1, column 7: there is a control character"));
    let both = of("mira\ntom {KEY}\nada\n");
    assert_eq!(both.lines().count(), 2, "every line at once: {both}");
}

#[test]
fn a_file_everybody_can_write_to_or_that_is_none_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    let path = desk.write("signers", format!("mira {}\n", SoftKey::new("ssh-ed25519").line()));
    assert_eq!(Signers::load(&path).unwrap().lines().len(), 1);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    let open = Signers::load(&path).unwrap_err().to_string();
    assert!(open.contains("chmod o-w"), "{open}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::set_permissions(desk.path(""), std::fs::Permissions::from_mode(0o777)).unwrap();
    let open = Signers::load(&path).unwrap_err().to_string();
    assert!(open.contains("in the place of"), "{open}");
    std::fs::set_permissions(desk.path(""), std::fs::Permissions::from_mode(0o1777)).unwrap();
    assert!(Signers::load(&path).is_ok(), "in such a folder nobody takes away a file of others");
    let folder = Signers::load(&desk.path("")).unwrap_err().to_string();
    assert!(folder.contains("is not a file"), "{folder}");
    let none = Signers::load(&desk.path("none")).unwrap_err().to_string();
    assert!(none.contains("cannot be read"), "{none}");
}
