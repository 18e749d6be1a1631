//! The use cases: poll, decide, carry out, revoke, restore, recover.
//!
//! The only room that writes decisions. Every effect goes the same way:
//!
//! ```text
//!   decide ─▶ read the source again ─▶ same digest? ─no─▶ refused, new state shown
//!                                          │yes
//!                       intend (store, atomic, once) ─▶ carry_out (source, once) ─▶ settle (receipt)
//!   after a crash: open orders ─▶ ask the source what happened ─▶ settle
//! ```

mod decide;
mod poll;
mod revoke;

pub use decide::DecideError;
pub use poll::{Polled, Poller};
pub use revoke::RevokeError;

use crate::{domain::Reviewer, sources::Source, store::Store};
use std::sync::Arc;

/// Everything a reviewer can do, over one store and the configured sources.
#[derive(Clone)]
pub struct Review {
    store: Arc<dyn Store>,
    sources: Vec<Arc<dyn Source>>,
    reviewer: Reviewer,
}

impl Review {
    /// A review desk for one person.
    pub fn new(store: Arc<dyn Store>, sources: Vec<Arc<dyn Source>>, reviewer: Reviewer) -> Self {
        Self { store, sources, reviewer }
    }

    /// What is remembered.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The configured sources.
    pub fn sources(&self) -> &[Arc<dyn Source>] {
        &self.sources
    }

    /// Who decides here.
    pub fn reviewer(&self) -> &Reviewer {
        &self.reviewer
    }
}
