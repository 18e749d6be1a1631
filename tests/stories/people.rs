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

const fn never(requirement: &mut Requirement) {
    requirement.break_glass = BreakGlass::Never;
}

fn out_of_band(requirement: &mut Requirement) {
    requirement.signing = Signing::OutOfBand;
    requirement.approvals = 1;
    requirement.from.clear();
}
