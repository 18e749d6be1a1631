//! What reviewers do beyond approve and reject, with real keys and agents.
//!
//! ```text
//!   withdraw ─▶ counted anew          lock ─▶ every gate refuses, what runs is ended
//!   break-glass (touched key) ─▶ goes ahead, and waits for somebody else's review
//!   exported ─▶ signed on a machine of one's own, or with ssh-keygen ─▶ imported
//! ```

mod apart;
mod glass;
mod locks;
mod refused;
mod void;
mod withdraw;

use crate::{
    attacks::office::Office,
    signing::{
        fake_agent::{FakeAgent, Manner},
        soft::SoftKey,
    },
    support::desk::quick,
};
use countersign::{
    config::TrustSettings,
    domain::{Action, BreakGlass, Leave, Requirement, Reviewer, Ruling, Signing},
    ledger::{
        Checkpoint, Edge, SigningKey, Signs, leaf_hash, pieces,
        verify::{Options, Report, Start, Wrong, verify},
    },
    review::{Review, Rules},
    trust::Pen,
};
use std::{fs, sync::Arc};

/// Whose key may be taken for one that no forwarded agent has.
const BOTH: &str = "countersign-decision@v1,countersign-out-of-band@v1";

/// Somebody with a security key, which says that it was used like this: 1 touched, 5 verified too.
struct Toucher {
    agent: FakeAgent,
}

impl Toucher {
    /// `kim`, whom the office's file knows from now on.
    fn joins(office: &Office, flags: u8) -> Self {
        let key = SoftKey::new("sk-ssh-ed25519@openssh.com");
        let line = format!("kim namespaces=\"{BOTH}\" {}\n", key.line());
        let known = fs::read_to_string(office.path("allowed_signers")).unwrap();
        office.signers(&format!("{known}{line}"));
        Self { agent: FakeAgent::start(vec![key], Manner::Signs(flags)) }
    }

    fn desk(&self, office: &Office) -> Review {
        let agent = Some(self.agent.socket());
        let trust = TrustSettings { agent, ..office.config.trust.clone() };
        Review::new(Arc::clone(&office.store), Vec::new(), Reviewer("kim".into()))
            .with_timing(quick())
            .under(Rules { reviewers: office.roster(), ..Rules::default() })
            .signing_with(Pen::new(trust))
    }
}

/// A call held with another requirement than the office's.
async fn asked_with(office: &Office, nonce: &str, change: impl FnOnce(&mut Requirement)) -> Action {
    let mut ruling = crate::attacks::office::signed_by_two();
    let Leave::Held(requirement) = &mut ruling.leave else { panic!("held") };
    change(requirement);
    let ruling = Some(Ruling { ..ruling });
    let action = Action { ruling, ..crate::support::memory::call("terraform destroy", nonce) };
    office.store.ask(&action, action.opened).await.unwrap();
    action
}

/// What an auditor finds in the office's ledger, with the policy the actions were asked under.
async fn audited(office: &Office) -> Report {
    let shelf = office.store.shelf();
    let entries = shelf.ledger_entries(0, 1_000).await.unwrap();
    let entries: Vec<Vec<u8>> = entries.into_iter().map(Option::unwrap).collect();
    let mut edge = Edge::default();
    for entry in &entries {
        edge.extend(leaf_hash(entry));
    }
    let file = tempfile::tempdir().unwrap();
    let key = SigningKey::create(&file.path().join("key"), "office", Signs::Heads).unwrap();
    let head = Checkpoint { origin: "office".into(), size: edge.size(), root: edge.root() };
    let notes = [head.sign(&key).unwrap()];
    let options = Options {
        key: key.public().clone(),
        witnesses: Vec::new(),
        cosigned: 0,
        since: None,
        roster: Some(office.roster().now().digest()),
        structure_only: false,
        threads: 1,
    };
    let pieces = pieces(&entries, &notes).into_iter().map(Ok);
    let mut report = verify(pieces, Start::default(), &options).unwrap();
    // The office's actions come from a gate that never asked for its policy to be adopted.
    report.faults.retain(|fault| !matches!(fault.wrong, Wrong::PolicyNotInForce { .. }));
    report
}

const fn never(requirement: &mut Requirement) {
    requirement.break_glass = BreakGlass::Never;
}

fn out_of_band(requirement: &mut Requirement) {
    requirement.signing = Signing::OutOfBand;
    requirement.approvals = 1;
    requirement.from.clear();
}
