//! An agent that does not behave.

use super::{Agent, AgentFault, Step};
use crate::trust::{
    Key, armour,
    fake_agent::{FakeAgent, Manner},
    signed_data,
    soft::{NAMES, SoftKey},
    verify,
};
use std::{
    sync::{Arc, atomic::AtomicBool, mpsc},
    time::Duration,
};

fn key(name: &'static str) -> (SoftKey, Key) {
    let soft = SoftKey::new(name);
    let key = Key::parse(&soft.blob()).unwrap();
    (soft, key)
}

#[test]
fn every_kind_of_key_is_listed_and_signs() {
    for name in NAMES {
        let (soft, key) = key(name);
        let fake = FakeAgent::start(vec![soft], Manner::Signs(1));
        let agent = Agent::at(fake.socket());
        let found = agent.identities().unwrap();
        assert_eq!(found.with(key.fingerprint()).count(), 1);
        let raw = agent.sign(&key, &signed_data("file", b"text")).unwrap();
        verify(&armour(key.blob(), "file", &raw), "file", b"text").unwrap();
    }
}

#[test]
fn an_agent_that_says_nothing_is_given_up_and_a_security_key_was_not_touched() {
    let (soft, plain) = key("ssh-ed25519");
    let fake = FakeAgent::start(vec![soft], Manner::Silent);
    let agent = Agent::at(fake.socket()).waiting(Duration::from_millis(150));
    let slow = agent.sign(&plain, b"data").unwrap_err();
    assert!(matches!(slow, AgentFault::Slow { step: Step::Sign, .. }), "{slow}");
    let (soft, hardware) = key("sk-ssh-ed25519@openssh.com");
    let fake = FakeAgent::start(vec![soft], Manner::Silent);
    let agent = Agent::at(fake.socket()).waiting(Duration::from_millis(150));
    let untouched = agent.sign(&hardware, b"data").unwrap_err();
    assert!(matches!(untouched, AgentFault::Untouched { .. }), "{untouched}");
}

#[test]
fn whoever_changes_their_mind_does_not_wait() {
    let (soft, key) = key("sk-ssh-ed25519@openssh.com");
    let fake = FakeAgent::start(vec![soft], Manner::Silent);
    let stop = Arc::new(AtomicBool::new(false));
    let agent = Agent::at(fake.socket()).stopped_by(Arc::clone(&stop));
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(agent.sign(&key, b"data")).unwrap());
    fake.asked();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let stopped = receive.recv_timeout(Duration::from_secs(30)).unwrap().unwrap_err();
    assert!(matches!(stopped, AgentFault::Stopped), "{stopped}");
}

#[test]
fn answers_that_are_none_are_told_apart() {
    let told = |answer: &[u8]| {
        let (soft, key) = key("ssh-ed25519");
        let fake = FakeAgent::start(vec![soft], Manner::Says(answer.to_vec()));
        Agent::at(fake.socket()).sign(&key, b"data").unwrap_err()
    };
    assert!(matches!(told(&[0, 0, 0, 1, 6]), AgentFault::Answer(Some(6))));
    assert!(matches!(told(&[0, 0, 0, 0]), AgentFault::Answer(None)));
    assert!(matches!(told(&[0, 0, 0, 3, 14, 0, 0]), AgentFault::Wire(_)));
    assert!(matches!(told(&[0, 0, 0, 6, 14, 0, 0, 0, 0, 1]), AgentFault::Wire(_)));
    assert!(matches!(told(b"HTTP/1.1 400"), AgentFault::TooLong));
    assert!(matches!(told(&[]), AgentFault::Gone));
    assert!(matches!(told(&[0, 0, 0, 9, 14]), AgentFault::Gone));
}

#[test]
fn a_refusal_names_what_it_can_be() {
    let (soft, plain) = key("ssh-ed25519");
    let fake = FakeAgent::start(vec![soft], Manner::Refuses);
    let refused = Agent::at(fake.socket()).sign(&plain, b"data").unwrap_err();
    assert!(matches!(refused, AgentFault::Refused(_)), "{refused}");
    let (soft, hardware) = key("sk-ecdsa-sha2-nistp256@openssh.com");
    let fake = FakeAgent::start(vec![soft], Manner::Refuses);
    let refused = Agent::at(fake.socket()).sign(&hardware, b"data").unwrap_err();
    assert!(matches!(refused, AgentFault::KeyRefused(_)), "{refused}");
    let other = Agent::at(fake.socket()).sign(&plain, b"data").unwrap_err();
    assert!(matches!(other, AgentFault::NotHeld(_)), "{other}");
    let none = FakeAgent::start(Vec::new(), Manner::Refuses);
    let empty = Agent::at(none.socket()).identities().unwrap_err();
    assert!(matches!(empty, AgentFault::EmptyOrLocked), "{empty}");
}

#[test]
fn no_agent_is_told_from_one_that_ended() {
    let folder = tempfile::tempdir().unwrap();
    let gone = Agent::at(folder.path().join("agent")).identities().unwrap_err();
    assert!(gone.to_string().contains("its socket is gone"), "{gone}");
    let socket = folder.path().join("left");
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let refused = Agent::at(socket).identities().unwrap_err();
    assert!(refused.to_string().contains("nobody listens there"), "{refused}");
}
