//! Every kind of key: what we put together OpenSSH believes, what it makes we believe.

use super::{
    fake_agent::{FakeAgent, Manner},
    openssh::{Answer, Desk, FOR, RealAgent},
    soft::{Certified, NAMES, SoftKey},
};
use countersign::trust::{
    Agent, BlobFault, Key, PublicKey, Signature, SignatureFault, armour, signed_data, verify,
};

const TEXT: &[u8] = b"{\"action\":\"a-0123456789\",\"verdict\":\"approve\"}";

/// Types a real agent holds, as `ssh-keygen -t` knows them.
const KINDS: [&[&str]; 5] = [
    &["ed25519"],
    &["ecdsa", "-b", "256"],
    &["ecdsa", "-b", "384"],
    &["ecdsa", "-b", "521"],
    &["rsa", "-b", "3072"],
];

/// Signed through an agent as this program does it.
fn ours(agent: &Agent, key: &Key) -> String {
    let raw = agent.sign(key, &signed_data(FOR, TEXT)).unwrap();
    armour(key.blob(), FOR, &raw)
}

/// Signed by `ssh-keygen`, with a key file or with an agent's key.
fn theirs(desk: &Desk, file: &str, agent: Option<&Agent>) -> String {
    desk.write("text", TEXT);
    let _ = std::fs::remove_file(desk.path("text.sig"));
    let socket = agent.map(|agent| agent.socket().as_os_str().to_owned()).unwrap_or_default();
    let words = ["-Y", "sign", "-q", "-n", FOR, "-f", file, "text"];
    let made = desk.keygen_with(words, &[("SSH_AUTH_SOCK", &socket)], b"");
    assert!(made.is_ok, "{made:?}");
    desk.read("text.sig")
}

/// Both of us believe it, of the right text and purpose only.
fn both_believe(desk: &Desk, signers: &str, made: &str) -> Signature {
    let signature = verify(made, FOR, TEXT).unwrap();
    let told = |answer: &Answer| format!("{answer:?}\n{made}");
    let good = desk.verify(signers, "mira", made, TEXT);
    assert!(good.is_ok, "{}", told(&good));
    let altered = desk.verify(signers, "mira", made, b"something else");
    assert!(!altered.is_ok, "{}", told(&altered));
    assert_eq!(verify(made, FOR, b"something else"), Err(BlobFault::Wrong.into()));
    let elsewhere = desk.verify_with(signers, "mira", made, TEXT, &["-n", "file"]);
    assert!(!elsewhere.is_ok, "{}", told(&elsewhere));
    let elsewhere = verify(made, "file", TEXT);
    assert!(matches!(elsewhere, Err(SignatureFault::Namespace { .. })));
    signature
}

#[test]
fn keys_of_a_real_agent_sign_both_ways() {
    let (desk, real) = (Desk::new(), RealAgent::start());
    let agent = Agent::from_env(Some(real.socket())).unwrap();
    for (at, kind) in KINDS.iter().enumerate() {
        let name = format!("key{at}");
        let line = desk.key(&name, kind);
        assert!(real.add(&desk, &["-q", &name]).is_ok);
        let public: PublicKey = line.parse().unwrap();
        assert_eq!(
            desk.keygen(["-lf", &name]).out.split(' ').nth(1),
            Some(&*public.fingerprint().to_string())
        );
        let found = agent.identities().unwrap();
        let key = &found.with(public.fingerprint()).next().unwrap().key;
        let signers = format!("mira {line}");
        let by_us = both_believe(&desk, &signers, &ours(&agent, key));
        assert_eq!((by_us.by.public(), by_us.flags), (&public, None));
        both_believe(&desk, &signers, &theirs(&desk, &name, None));
        both_believe(&desk, &signers, &theirs(&desk, &format!("{name}.pub"), Some(&agent)));
    }
}

#[test]
fn certificates_of_a_real_agent_sign_both_ways() {
    let (desk, real) = (Desk::new(), RealAgent::start());
    let agent = Agent::at(real.socket());
    let authorities = [desk.key("ca0", &["ed25519"]), desk.key("ca1", &["rsa", "-b", "2048"])];
    for (at, kind) in KINDS.iter().enumerate() {
        let (name, authority) = (format!("key{at}"), at % 2);
        desk.key(&name, kind);
        let ca = format!("ca{authority}");
        let words = ["-q", "-s", &ca, "-I", "mira at work", "-n", "mira,tom", "-V", "-5m:+5m"];
        let made = desk.keygen([&words, &[&*format!("{name}.pub")][..]].concat());
        assert!(made.is_ok, "{made:?}");
        assert!(real.add(&desk, &["-q", &name]).is_ok);
        let found = agent.identities().unwrap();
        let of_this = |one: &&countersign::trust::Identity| {
            one.key.certificate().is_some() && one.comment.raw().starts_with(&name)
        };
        let key = &found.keys.iter().find(of_this).unwrap().key;
        let signers = format!("mira cert-authority {}", authorities[authority]);
        let by_us = both_believe(&desk, &signers, &ours(&agent, key));
        let certificate = by_us.by.certificate().unwrap();
        assert_eq!(certificate.principals(), ["mira", "tom"]);
        assert_eq!(certificate.key_id().raw(), "mira at work");
        both_believe(&desk, &signers, &theirs(&desk, &format!("{name}-cert.pub"), Some(&agent)));
    }
}

#[test]
fn security_keys_in_software_sign_both_ways_and_tell_how_they_were_used() {
    let desk = Desk::new();
    for name in ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] {
        for (flags, touch, verified) in [(0, false, false), (1, true, false), (5, true, true)] {
            let soft = SoftKey::new(name);
            let (line, blob) = (soft.line(), soft.blob());
            desk.write("sk.pub", &line);
            let fake = FakeAgent::start(vec![soft], Manner::Signs(flags));
            let agent = Agent::at(fake.socket());
            let key = Key::parse(&blob).unwrap();
            for made in [ours(&agent, &key), theirs(&desk, "sk.pub", Some(&agent))] {
                // OpenSSH believes a signature nobody touched a key for, so the flags are ours to read.
                let said = both_believe(&desk, &format!("mira {line}"), &made).flags.unwrap();
                assert_eq!((said.touch, said.verified), (touch, verified), "{name} {flags}");
            }
        }
    }
}

#[test]
fn certificates_over_keys_in_software_hold_for_openssh_too() {
    let desk = Desk::new();
    for name in NAMES {
        let (soft, authority) = (SoftKey::new(name), SoftKey::new("sk-ssh-ed25519@openssh.com"));
        let blob = soft.certificate(&authority, &Certified::default());
        let made = armour(&blob, FOR, &soft.sign(&signed_data(FOR, TEXT), 1));
        let signers = format!("mira cert-authority {}", authority.line());
        both_believe(&desk, &signers, &made);
    }
}

#[test]
fn an_agent_that_signs_rsa_over_sha1_is_found_out() {
    let key = SoftKey::new("ssh-rsa");
    let made = armour(&key.blob(), FOR, &key.raw(&signed_data(FOR, TEXT), "ssh-rsa"));
    assert_eq!(verify(&made, FOR, TEXT), Err(BlobFault::Sha1.into()));
    let answer = Desk::new().verify(&format!("mira {}", key.line()), "mira", &made, TEXT);
    assert!(!answer.is_ok, "{answer:?}");
}

#[test]
fn theirs_over_sha256_is_taken() {
    let desk = Desk::new();
    let line = desk.key("key", &["ed25519"]);
    desk.write("text", TEXT);
    let words = ["-Y", "sign", "-q", "-O", "hashalg=sha256", "-n", FOR, "-f", "key", "text"];
    assert!(desk.keygen(words).is_ok);
    both_believe(&desk, &format!("mira {line}"), &desk.read("text.sig"));
}
