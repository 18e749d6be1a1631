//! The use cases: poll, decide, carry out, revoke, restore, recover.
//!
//! The only room that writes decisions. Every effect goes the same way:
//!
//! ```text
//!   decide ─▶ read the source again ─▶ same digest? ─no─▶ refused, new state shown
//!                                          │yes
//!                          sign (agent, key) ─▶ counts? ─no─▶ refused, nothing written
//!                                          │yes
//!                       tell the ledger the roster, if it is another than the last
//!                                          │
//!                       intend (store, atomic, once) ─▶ carry_out (source, once) ─▶ settle (receipt)
//!   after a crash: open orders ─▶ ask the source what happened ─▶ settle
//! ```

mod assess;
mod carry;
mod decide;
mod export;
mod foresee;
mod glass;
mod lock;
mod outlook;
mod pace;
mod poll;
mod revoke;
mod roster;
mod rule;
mod seal;
mod sign;
mod withdraw;

pub use assess::assess;
pub use carry::{NotKept, Timing};
pub use decide::{Carried, DecideError};
pub use export::ImportError;
pub use glass::{SHORTEST_REASON, is_a_reason};
pub use lock::TurnError;
pub use poll::{Polled, Poller};
pub use revoke::RevokeError;
pub use seal::{Seal, SealError};

use crate::{
    domain::{Reviewer, SourceName},
    policy::Policy,
    sources::Source,
    store::Store,
    trust::{LiveRoster, Pen},
};
use std::sync::Arc;

/// Everything a reviewer can do, over one store and the configured sources.
#[derive(Clone)]
pub struct Review {
    store: Arc<dyn Store>,
    sources: Vec<Arc<dyn Source>>,
    reviewer: Reviewer,
    timing: Timing,
    rules: Rules,
    pen: Pen,
    signing: Arc<sign::Signing>,
    seal: Option<Arc<Seal>>,
}

/// What decides how many have to agree.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// What actions of polled sources are put to; none: nothing is asked of them but one approval.
    pub policy: Option<Arc<Policy>>,
    /// Who may decide.
    pub reviewers: LiveRoster,
}

impl Review {
    /// A review desk for one person.
    pub fn new(store: Arc<dyn Store>, sources: Vec<Arc<dyn Source>>, reviewer: Reviewer) -> Self {
        Self {
            store,
            sources,
            reviewer,
            timing: Timing::default(),
            rules: Rules::default(),
            pen: Pen::default(),
            signing: Arc::default(),
            seal: None,
        }
    }

    /// Under these rules.
    #[must_use]
    pub fn under(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// With this way to a key, where decisions are signed.
    #[must_use]
    pub fn signing_with(mut self, pen: Pen) -> Self {
        self.pen = pen;
        self
    }

    /// The rules it decides under.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// With other limits on how long each step may take.
    #[must_use]
    pub fn with_timing(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
    }

    /// Signing the ledger's heads with this key.
    #[must_use]
    pub fn sealing(mut self, seal: Option<Seal>) -> Self {
        self.seal = seal.map(Arc::new);
        self
    }

    /// What signs the ledger's heads, where this host does.
    pub fn seal(&self) -> Option<&Arc<Seal>> {
        self.seal.as_ref()
    }

    /// Signs a head of the ledger if it has grown, at most once a minute.
    pub async fn seal_in_time(&self) {
        if let Some(seal) = &self.seal {
            seal.in_time(self.store.shelf()).await;
        }
    }

    /// Signs a head of the ledger now: something was let through.
    pub async fn seal_at_once(&self) {
        if let Some(seal) = &self.seal {
            seal.at_once(self.store.shelf()).await;
        }
    }

    /// What is remembered.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The configured sources.
    pub fn sources(&self) -> &[Arc<dyn Source>] {
        &self.sources
    }

    /// One configured source.
    pub fn source(&self, name: &SourceName) -> Option<&Arc<dyn Source>> {
        self.sources.iter().find(|source| source.name() == name)
    }

    /// Who decides here.
    pub fn reviewer(&self) -> &Reviewer {
        &self.reviewer
    }
}
