//! Keys, signatures and password stores.
//!
//! From <https://docs.openssl.org/master/man1/>, <https://www.gnupg.org/documentation/manuals/gnupg/>,
//! <https://man.openbsd.org/ssh-keygen>, <https://www.passwordstore.org/>, <https://age-encryption.org/>,
//! <https://getsops.io/> and <https://docs.sigstore.dev/>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule, Style},
    COMMANDS, PLAIN,
    readers::shows,
    secrets::passed_on,
};
use crate::{
    classify::{Data, Judge, Word},
    domain::Verb,
};
use base64::Engine;

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["openssl", "libressl"], &OPENSSL),
    Program::table(&["gpg", "gpg2", "gpgsm"], &GPG),
    Program::table(
        &["gpgv", "gpg-connect-agent", "gpgconf", "ssh-keyscan", "minisign", "signify"],
        &CHECKS,
    ),
    Program::table(&["ssh-keygen"], &SSH_KEYGEN),
    Program::table(&["ssh-add"], &SSH_ADD),
    Program::table(&["pass", "gopass"], &PASS),
    Program::table(&["cosign"], &COSIGN),
    Program::table(&["keytool"], &KEYTOOL),
    Program::table(
        &[
            "mkcert",
            "cfssl",
            "cfssljson",
            "step",
            "htpasswd",
            "mkpasswd",
            "update-ca-certificates",
            "trust",
        ],
        &MAKES,
    ),
];

const SHOWS: Does = Does::Changes(Verb::Reveal, "rotate the secret it shows");
const MAKES_KEY: Does = Does::Changes(Verb::Create, "remove the key or file again");
const KEY_GONE: &str = "the key is gone, and what only it opens is lost";

static OPENSSL: Cli = Cli {
    service: "keys",
    style: Style::Single,
    harmless: &["-help"],
    valued: &[
        "-in",
        "-out",
        "-inform",
        "-outform",
        "-pass",
        "-passin",
        "-passout",
        "-k",
        "-K",
        "-iv",
        "-key",
        "-CA",
        "-CAfile",
        "-CAkey",
        "-connect",
        "-servername",
        "-days",
        "-subj",
        "-config",
        "-newkey",
        "-keyout",
        "-signature",
        "-sign",
        "-verify",
        "-certfile",
        "-inkey",
        "-name",
        "-serial",
        "-revoke",
        "-gencrl",
        "-extfile",
        "-algorithm",
        "-pkeyopt",
        "-e",
        "-engine",
        "-provider",
    ],
    rules: &[Rule::asks("**", openssl)],
    ..PLAIN
};
static GPG: Cli = Cli {
    service: "keys",
    valued: &[
        "-r",
        "--recipient",
        "-u",
        "--local-user",
        "-o",
        "--output",
        "--passphrase",
        "--passphrase-file",
        "--passphrase-fd",
        "--keyserver",
        "--homedir",
        "--pinentry-mode",
        "--cipher-algo",
        "--default-key",
    ],
    flags: &[
        "--armor",
        "--batch",
        "--yes",
        "--no-tty",
        "--verify",
        "--list-keys",
        "--encrypt",
        "--decrypt",
        "--sign",
        "--import",
        "--export",
    ],
    rules: &[Rule::asks("**", gpg)],
    ..PLAIN
};
static CHECKS: Cli = Cli {
    service: "keys",
    rules: &[Rule::reads("**").when(&[
        ("--kill", Does::Changes(Verb::Update, "it starts again by itself")),
        ("--reload", Does::Changes(Verb::Update, "it reads its settings again")),
        ("-S", MAKES_KEY),
        ("-G", MAKES_KEY),
    ])],
    ..PLAIN
};
static SSH_KEYGEN: Cli = Cli {
    service: "keys",
    valued: &[
        "-t", "-b", "-C", "-f", "-N", "-P", "-m", "-a", "-I", "-n", "-V", "-z", "-s", "-O", "-E",
        "-Y", "-r", "-F", "-R", "-D", "-M", "-w", "-W", "-Z",
    ],
    abbreviates: false,
    rules: &[Rule::asks("**", ssh_keygen)],
    ..PLAIN
};
static SSH_ADD: Cli = Cli {
    service: "keys",
    valued: &["-t", "-E", "-s", "-e", "-S", "-T", "-H", "-h"],
    abbreviates: false,
    rules: &[
        Rule::grants("**", "take it out of the agent, or add it again").dry(&["-l", "-L", "-T"])
    ],
    ..PLAIN
};
static PASS: Cli = Cli {
    service: "passwords",
    harmless: &["--help", "--version", "-h"],
    rules: &[
        Rule::reads("ls|list|find|search|help|version|grep|audit|recipients|mounts"),
        Rule::reads(""),
        Rule::new("show|otp|cat|env", SHOWS),
        Rule::updates(
            "insert|add|edit|generate|cp|copy|mv|rename|git|init|create|new|sync|clone|\
             setup|config|link|unclip|process|update|completion",
            "git revert in the store",
        ),
        Rule::deletes("rm|remove|delete", "the password is gone"),
        Rule::new("**", SHOWS),
    ],
    ..COMMANDS
};

static COSIGN: Cli = Cli {
    service: "keys",
    valued: &[
        "--key",
        "--certificate",
        "--signature",
        "--certificate-identity",
        "--certificate-oidc-issuer",
        "--type",
        "-a",
        "--output",
    ],
    rules: &[
        Rule::reads(
            "verify|verify-attestation|verify-blob|tree|triangulate|download|version|env|\
             public-key|manifest|dockerfile|verify-blob-attestation|completion|help",
        ),
        Rule::creates(
            "sign|attest|sign-blob|attest-blob|attach|copy|generate|generate-key-pair|\
             initialize|load|save|upload|login|import-key-pair|bundle|signing-config|\
             trusted-root",
            "remove the signature",
        ),
        Rule::deletes("clean", "the signatures are gone"),
    ],
    ..COMMANDS
};
static KEYTOOL: Cli = Cli {
    service: "keys",
    style: Style::Single,
    valued: &[
        "-keystore",
        "-alias",
        "-storepass",
        "-file",
        "-keypass",
        "-dname",
        "-keyalg",
        "-storetype",
        "-destkeystore",
        "-srckeystore",
        "-validity",
        "-keysize",
    ],
    rules: &[Rule::updates("**", "delete the entry again")
        .when(&[("-delete", Does::Destroys(Verb::Delete, KEY_GONE))])
        .dry(&["-list", "-printcert", "-printcertreq", "-printcrl", "-exportcert", "-showinfo"])],
    ..PLAIN
};
static MAKES: Cli =
    Cli { service: "keys", rules: &[Rule::creates("**", "remove it again")], ..PLAIN };

fn openssl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    let command = words.first().map(Word::text).unwrap_or_default();
    let has = |name: &str| words.iter().any(|word| word.is(name));
    let writes = has("-out") || has("-keyout");
    let unpacks = has("-d") && (command == "base64" || has("-base64") || has("-a") || has("-A"));
    let plain =
        command == "base64" || (command == "enc" && !has("-k") && !has("-pass") && !has("-K"));
    if has("-engine") || has("-provider-path") {
        judge.opaque(matched.call.span(), "it loads code from elsewhere");
    }
    match command {
        "version" | "ciphers" | "list" | "speed" | "errstr" | "prime" | "help" | "s_client"
        | "s_time" | "verify" | "asn1parse" | "crl" | "ocsp" | "rand" | "dgst" | "sha256"
        | "sha1" | "md5" | "sha512" | "x509" | "req" | "passwd" | "ts" | "sess_id" | "nseq"
        | "info" | "fipsinstall" | "dhparam" | "ecparam" | "dsaparam" | "base64" | "kdf"
        | "mac" | "storeutl" | "cms" | "smime" | "crl2pkcs7" | "pkcs7" | ""
            if !writes =>
        {
            shows(matched, judge);
        }
        "rsa" | "pkey" | "ec" | "dsa" | "pkcs12" | "pkcs8" if !writes => {
            let public = has("-pubout") || has("-noout") || has("-check");
            matched.does(if public { Does::Reads } else { SHOWS }, Named::Nothing, judge);
        }
        "enc" if !writes => shows(matched, judge),
        "genrsa" | "genpkey" | "gendsa" if !writes => matched.does(SHOWS, Named::Nothing, judge),
        "ca" if has("-revoke") => {
            let lost = "nobody trusts the certificate any more";
            matched.does(Does::Destroys(Verb::Delete, lost), Named::Nothing, judge);
        }
        "s_server" => judge.opaque(matched.call.span(), "what others send to it is not known"),
        _ => matched.does(MAKES_KEY, Named::Nothing, judge),
    }
    if let (true, true, false, Data::Text(text)) =
        (unpacks, plain, writes || has("-in"), matched.call.stdin)
        && let Some(known) = text.known()
    {
        let letters: Vec<u8> = known.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let decoded = base64::engine::general_purpose::STANDARD.decode(letters).ok();
        match decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(plain) => judge.prints(Data::Text(Word::made(plain, text.span()))),
            None => judge.prints(passed_on(matched.call.stdin, matched.call.span())),
        }
    }
}

fn gpg(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let does = if has(&[
        "--delete-secret-keys",
        "--delete-secret-key",
        "--delete-secret-and-public-key",
        "--delete-secret-and-public-keys",
    ]) {
        Does::Destroys(Verb::Delete, KEY_GONE)
    } else if has(&["--delete-keys", "--delete-key"]) {
        Does::Changes(Verb::Delete, "import the public key again")
    } else if has(&["--gen-revoke", "--generate-revocation", "--quick-revoke-uid", "--send-keys"]) {
        Does::Destroys(Verb::Reveal, "what is on a key server stays there")
    } else if has(&["--export-secret-keys", "--export-secret-subkeys", "--export-secret-key"]) {
        SHOWS
    } else if has(&["-d", "--decrypt"]) {
        if has(&["-o", "--output"]) { MAKES_KEY } else { SHOWS }
    } else if has(&[
        "--verify",
        "-k",
        "-K",
        "--list-keys",
        "--list-secret-keys",
        "--list-public-keys",
        "--fingerprint",
        "--check-sigs",
        "--list-sigs",
        "--list-packets",
        "--print-md",
        "--show-keys",
        "--list-config",
        "--card-status",
        "--search-keys",
        "--with-colons",
        "--export",
        "--dump-options",
        "--print-mds",
    ]) && !has(&["--output", "-o"])
    {
        Does::Reads
    } else {
        MAKES_KEY
    };
    matched.does(does, Named::Operands, judge);
    judge.prints(passed_on(matched.call.stdin, matched.call.span()));
}

fn ssh_keygen(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let verb = matched.value("-Y").map(Word::text).unwrap_or_default();
    if let Some(provider) = matched.value("-D").or_else(|| matched.value("-w")) {
        judge.opaque(provider.span(), "it loads code from elsewhere");
    }
    let namespace = matched.value("-n").map(Word::text).unwrap_or_default();
    if verb == "sign" && namespace.starts_with("countersign") {
        // Whose key it is cannot be seen here; an agent's own signs nothing that counts.
        let back = "see `countersign activity`, and reject what it agreed to";
        return judge.changes(Verb::Grant, "countersign", "a decision", matched.call.span(), back);
    }
    let does = if has(&["-l", "-y", "-F", "-B", "-Q", "-L", "-r"])
        || matches!(verb, "verify" | "check-novalidate" | "find-principals" | "match-principals")
        || has(&["-e"])
    {
        Does::Reads
    } else if has(&["-R"]) {
        Does::Changes(Verb::Delete, "the host is asked for its key again")
    } else {
        MAKES_KEY
    };
    matched.does(does, Named::Operands, judge);
}
