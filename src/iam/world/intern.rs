//! Compiles each distinct document once.

use super::Document;
use crate::iam::{Policy, Rules};
use foldhash::{HashMap, fast::RandomState};
use std::{hash::BuildHasher, sync::Arc};

/// Documents by content.
#[derive(Debug, Default)]
pub(super) struct Interned {
    /// By the address of the policy, which `by_content` keeps alive.
    by_address: HashMap<*const Policy, Document>,
    by_content: HashMap<u64, Vec<(Arc<Policy>, Document)>>,
    state: RandomState,
}

impl Interned {
    /// The compiled form.
    pub(super) fn compile(&mut self, policy: &Arc<Policy>) -> Document {
        if let Some(document) = self.by_address.get(&Arc::as_ptr(policy)) {
            return document.clone();
        }
        let same_hash = self.by_content.entry(self.state.hash_one(policy)).or_default();
        if let Some((_, document)) = same_hash.iter().find(|(known, _)| known == policy) {
            return document.clone();
        }
        let document = Arc::new(Rules::compile(policy));
        self.by_address.insert(Arc::as_ptr(policy), document.clone());
        same_hash.push((policy.clone(), document.clone()));
        document
    }
}
