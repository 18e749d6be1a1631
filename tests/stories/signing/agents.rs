//! Real agents that do not sign, each with the reason and what to do.

use super::{
    fake_agent::{FakeAgent, Manner},
    openssh::{Desk, FOR, RealAgent, script},
    soft::{Certified, SoftKey},
};
use countersign::{
    domain::{ActionId, Decision, Digest, Reviewer, Signing, Statement, Verdict},
    trust::{
        Agent, AgentFault, Key, KeyChoice, PublicKey, Reviewers, SignFault, Signers, sign, state,
    },
};
use jiff::{Timestamp, tz::TimeZone};
use std::time::Duration;

fn statement() -> Statement {
    let decision = Decision {
        action: ActionId::derive(&["gate", "1"]),
        digest: Digest::of_bytes(b"shown"),
        verdict: Verdict::Approve,
        reviewer: Reviewer("mira".into()),
        reason: "looks right".into(),
        at: Timestamp::now(),
        signed: None,
    };
    let expires = decision.at + Duration::from_mins(30);
    state(&decision, None, Digest::of_bytes(b"roster"), expires).unwrap()
}

fn reviewers(signers: &str) -> Reviewers {
    let signers = Signers::parse(signers.as_bytes(), &TimeZone::UTC).unwrap();
    Reviewers { signers, ..Reviewers::default() }
}

fn refusal(agent: &Agent, key: &str) -> AgentFault {
    let key: PublicKey = key.parse().unwrap();
    agent.sign(&Key::Plain(key), b"data").unwrap_err()
}

#[test]
fn a_decision_is_signed_with_the_reviewers_own_key_and_openssh_believes_it() {
    let (desk, real) = (Desk::new(), RealAgent::start());
    let (tom, mira) = (desk.key("tom", &["ed25519"]), desk.key("mira", &["ecdsa"]));
    assert!(real.add(&desk, &["-q", "tom", "mira"]).is_ok);
    let signers = format!("tom {tom}mira {mira}");
    let (agent, statement) = (Agent::at(real.socket()), statement());
    let signed =
        sign(&agent, &KeyChoice::Any, &statement, Signing::Signed, Some(&reviewers(&signers)));
    let signed = signed.unwrap();
    assert_eq!(signed.statement, statement.canonical().unwrap());
    let good = desk.verify(&signers, "mira", &signed.signature, signed.statement.as_bytes());
    assert!(good.is_ok, "{good:?}");
}

#[test]
fn which_key_signs_can_be_said_and_has_to_be_where_nobody_knows() {
    let (desk, real) = (Desk::new(), RealAgent::start());
    let (one, other) = (desk.key("one", &["ed25519"]), desk.key("other", &["ed25519"]));
    assert!(real.add(&desk, &["-q", "one", "other"]).is_ok);
    let agent = Agent::at(real.socket());
    let by = |choice: &KeyChoice, reviewers: Option<&Reviewers>| {
        sign(&agent, choice, &statement(), Signing::Signed, reviewers)
    };
    assert!(matches!(by(&KeyChoice::Any, None), Err(SignFault::Several(2))));
    let other: PublicKey = other.parse().unwrap();
    let file = KeyChoice::read(desk.path("other.pub").to_str().unwrap()).unwrap();
    for choice in [KeyChoice::Fingerprint(other.fingerprint()), file] {
        let signed = by(&choice, None).unwrap();
        let good = desk.verify(
            &format!("mira {}", other.to_line()),
            "mira",
            &signed.signature,
            signed.statement.as_bytes(),
        );
        assert!(good.is_ok, "{good:?}");
    }
    let only_one = reviewers(&format!("mira {one}"));
    let wrong = by(&KeyChoice::Fingerprint(other.fingerprint()), Some(&only_one)).unwrap_err();
    assert!(matches!(wrong, SignFault::NoneCounts { of: 1, .. }), "{wrong}");
    let tom = reviewers(&format!("tom {one}"));
    let wrong = by(&KeyChoice::Any, Some(&tom)).unwrap_err().to_string();
    assert!(wrong.contains("gives this key to \"tom\" and not to \"mira\""), "{wrong}");
    let stranger = PublicKey::parse(&SoftKey::new("ssh-ed25519").blob()).unwrap();
    let wrong = by(&KeyChoice::Fingerprint(stranger.fingerprint()), None).unwrap_err();
    assert!(matches!(wrong, SignFault::NotHeld(_)), "{wrong}");
}

#[test]
fn no_agent_an_empty_one_and_a_locked_one_are_told_apart() {
    let (desk, real) = (Desk::new(), RealAgent::start());
    let key = desk.key("key", &["ed25519"]);
    let agent = Agent::at(real.socket());
    let empty = agent.identities().unwrap_err();
    assert!(matches!(empty, AgentFault::Empty), "{empty}");
    assert!(matches!(refusal(&agent, &key), AgentFault::Empty));
    assert!(real.add(&desk, &["-q", "key"]).is_ok);
    let other = PublicKey::parse(&SoftKey::new("ssh-ed25519").blob()).unwrap().to_line();
    assert!(matches!(refusal(&agent, &other), AgentFault::NotHeld(_)));
    assert!(real.add(&desk, &["-x"]).is_ok);
    for locked in [agent.identities().unwrap_err(), refusal(&agent, &key)] {
        assert!(matches!(locked, AgentFault::EmptyOrLocked), "{locked}");
        assert!(locked.to_string().contains("ssh-add -X"), "{locked}");
    }
    assert!(real.add(&desk, &["-X"]).is_ok);
    assert_eq!(agent.identities().unwrap().keys.len(), 1);
}

#[test]
fn a_key_that_is_bound_to_hosts_is_named_as_such() {
    let (desk, real) = (Desk::new(), RealAgent::start());
    let (bound, free) = (desk.key("bound", &["ed25519"]), desk.key("free", &["ed25519"]));
    let host = desk.key("host", &["ed25519"]);
    desk.write("hosts", format!("db.example {host}"));
    let added = real.add(&desk, &["-q", "-H", "hosts", "-h", "db.example", "bound"]);
    assert!(added.is_ok, "{added:?}");
    assert!(real.add(&desk, &["-q", "free"]).is_ok);
    let agent = Agent::at(real.socket());
    let refused = refusal(&agent, &bound);
    assert!(matches!(refused, AgentFault::Constrained(_)), "{refused}");
    assert!(refused.to_string().contains("ssh-add -h"), "{refused}");
    let free: PublicKey = free.parse().unwrap();
    let data = countersign::trust::signed_data(FOR, b"text");
    assert!(agent.sign(&Key::Plain(free), &data).is_ok(), "the other one is not bound");
}

#[test]
fn a_key_to_be_confirmed_signs_only_after_a_yes() {
    let desk = Desk::new();
    let key = desk.key("key", &["ed25519"]);
    let nobody_asks = RealAgent::start();
    assert!(nobody_asks.add(&desk, &["-q", "-c", "key"]).is_ok);
    let refused = refusal(&Agent::at(nobody_asks.socket()), &key);
    assert!(matches!(refused, AgentFault::Refused(_)), "{refused}");
    assert!(refused.to_string().contains("SSH_ASKPASS"), "{refused}");
    let yes = RealAgent::asking(Some(&script(&desk, "yes", "exit 0")));
    assert!(yes.add(&desk, &["-q", "-c", "key"]).is_ok);
    let public: PublicKey = key.parse().unwrap();
    assert!(Agent::at(yes.socket()).sign(&Key::Plain(public), b"data").is_ok());
}

#[test]
fn an_agent_that_was_killed_stopped_or_never_there_is_named() {
    let (desk, mut real) = (Desk::new(), RealAgent::start());
    let key = desk.key("key", &["ed25519"]);
    assert!(real.add(&desk, &["-q", "key"]).is_ok);
    let agent = Agent::at(real.socket()).waiting(Duration::from_millis(200));
    real.signal("-STOP");
    let slow = refusal(&agent, &key);
    assert!(matches!(slow, AgentFault::Slow { .. }), "{slow}");
    real.signal("-CONT");
    assert!(agent.identities().is_ok());
    real.kill();
    let killed = refusal(&agent, &key).to_string();
    assert!(
        killed.contains("nobody listens there") || killed.contains("socket is gone"),
        "{killed}"
    );
    let never = refusal(&Agent::at(desk.path("nowhere")), &key).to_string();
    assert!(never.contains("socket is gone"), "{never}");
    let not_one = refusal(&Agent::at(desk.write("file", "")), &key).to_string();
    assert!(not_one.contains("cannot be reached"), "{not_one}");
}

#[test]
fn a_security_key_that_was_not_touched_is_too_little_before_anybody_sees_it() {
    let by = |flags, signing| {
        let soft = SoftKey::new("sk-ssh-ed25519@openssh.com");
        let reviewers = reviewers(&format!("mira {}", soft.line()));
        let fake = FakeAgent::start(vec![soft], Manner::Signs(flags));
        sign(&Agent::at(fake.socket()), &KeyChoice::Any, &statement(), signing, Some(&reviewers))
    };
    assert!(by(0, Signing::Signed).is_ok());
    assert!(by(1, Signing::Touch).is_ok());
    assert!(by(5, Signing::Verified).is_ok());
    let untouched = by(0, Signing::Touch).unwrap_err().to_string();
    assert!(untouched.contains("was not touched"), "{untouched}");
    let nobody = by(1, Signing::Verified).unwrap_err().to_string();
    assert!(nobody.contains("did not ask who was there"), "{nobody}");
}

#[test]
fn keys_that_count_nowhere_are_named_with_the_reason() {
    let (key, authority) = (SoftKey::new("ssh-ed25519"), SoftKey::new("ssh-ed25519"));
    let host = Certified { is_host: true, ..Certified::default() };
    let host = key.certificate(&authority, &host);
    let fake = FakeAgent::with_blobs(vec![(host, key)], Manner::Signs(0));
    let agent = Agent::at(fake.socket());
    let none = sign(&agent, &KeyChoice::Any, &statement(), Signing::Signed, None).unwrap_err();
    assert!(none.to_string().contains("a host's and not a person's"), "{none}");
}

#[test]
fn of_several_keys_the_one_that_is_strong_enough_signs() {
    let (soft, hard) = (SoftKey::new("ssh-ed25519"), SoftKey::new("sk-ssh-ed25519@openssh.com"));
    let reviewers = reviewers(&format!("mira {}\nmira {}\n", soft.line(), hard.line()));
    let fake = FakeAgent::start(vec![soft, hard], Manner::Signs(1));
    let agent = Agent::at(fake.socket());
    let with = |signing| {
        let signed =
            sign(&agent, &KeyChoice::Any, &statement(), signing, Some(&reviewers)).unwrap();
        countersign::trust::Sshsig::read(&signed.signature).unwrap().by().public().kind().name()
    };
    assert_eq!(with(Signing::Signed), "ssh-ed25519");
    assert_eq!(with(Signing::Touch), "sk-ssh-ed25519@openssh.com");
}
