//! A key that takes its time, a key that was not touched, and whoever thinks better of it.

use super::office::{Office, says, signed_by_two};
use crate::{
    signing::{
        fake_agent::{FakeAgent, Manner},
        soft::SoftKey,
    },
    support::memory::call,
};
use countersign::{
    config::TrustSettings,
    domain::{Action, Leave, Requirement, Ruling, Signing, Verdict},
    review::DecideError,
    trust::{AgentFault, Pen, PenError, SignFault},
};
use std::time::Duration;

/// A call for one person who signs like this.
async fn asked(office: &Office, signing: Signing) -> Action {
    let ruling = signed_by_two();
    let Leave::Held(requirement) = ruling.leave else { panic!("held") };
    let requirement = Requirement { signing, approvals: 1, from: Vec::new(), ..requirement };
    let ruling = Ruling { leave: Leave::Held(requirement), ..ruling };
    let action = Action { ruling: Some(ruling), ..call("terraform destroy", "n1") };
    office.store.ask(&action, action.opened).await.unwrap();
    action
}

/// An office where `ines` has one security key, in an agent of this manner.
async fn with_security_key(manner: Manner) -> (Office, FakeAgent, Pen) {
    let office = Office::open().await;
    let key = SoftKey::new("sk-ssh-ed25519@openssh.com");
    office.signers(&format!("ines {}\n", key.line()));
    let agent = FakeAgent::start(vec![key], manner);
    let socket = Some(agent.socket());
    let pen = Pen::new(TrustSettings { agent: socket, ..office.config.trust.clone() });
    (office, agent, pen)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_touch_counts_where_policy_asks_for_one_and_no_touch_does_not() {
    for (flags, is_enough) in [(0, false), (1, true), (5, true)] {
        let (office, _agent, pen) = with_security_key(Manner::Signs(flags)).await;
        let action = asked(&office, Signing::Touch).await;
        let seen = office.row(&action.id).await.digest;
        let desk = office.desk("ines").signing_with(pen);

        let decided = desk.decide(&action.id, seen, Verdict::Approve, "".into()).await;

        assert_eq!(decided.is_ok(), is_enough, "{flags}: {decided:?}");
        if let Err(refused) = decided {
            says(&refused.to_string(), &["was not signed", "not touched"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_software_is_told_so_before_anybody_signs() {
    let office = Office::open().await;
    let action = asked(&office, Signing::Touch).await;

    let refused = office.approves("ines", &action).await.unwrap_err();

    says(&refused.to_string(), &["would not count", "security key", "in software"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_their_key_can_stop_and_nothing_is_decided() {
    let (office, agent, pen) = with_security_key(Manner::Silent).await;
    let action = asked(&office, Signing::Signed).await;
    let seen = office.row(&action.id).await.digest;
    let desk = office.desk("ines").signing_with(pen);
    let deciding = {
        let (desk, id) = (desk.clone(), action.id.clone());
        tokio::spawn(async move { desk.decide(&id, seen, Verdict::Approve, "".into()).await })
    };
    let waited = tokio::task::spawn_blocking(move || {
        agent.asked();
        agent
    });
    let _agent = waited.await.unwrap();

    desk.stop(&action.id);

    let ended = tokio::time::timeout(Duration::from_secs(20), deciding).await;
    let refused = ended.unwrap().unwrap().unwrap_err();
    let stopped = DecideError::NotSigned(PenError::Sign(SignFault::Agent(AgentFault::Stopped)));
    assert_eq!(refused.to_string(), stopped.to_string());
    assert_eq!(office.decisions(&action).await, []);
}
