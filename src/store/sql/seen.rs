//! An observation, serialised and digested before the write lock is taken.

use super::{
    intake::Prepared,
    trouble::Trouble,
    values::{fingerprint, json},
};
use crate::domain::{Action, Credential, Gap, Observation};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A credential as it is stored.
pub(super) struct Found {
    pub credential: Credential,
    pub body: String,
    pub fingerprint: String,
}

/// An observation, ready to be written.
pub(super) struct Seen {
    pub identity: String,
    pub credentials: Vec<Found>,
    pub actions: Vec<Prepared>,
    pub parts: String,
    pub gap_parts: HashSet<String>,
    pub gap_list: String,
    pub gaps: Vec<Gap>,
    pub counts: String,
    pub held: usize,
}

impl Seen {
    /// Works everything out, giving way to other tasks in between.
    pub(super) async fn prepare(seen: &Observation) -> Result<Self, Trouble> {
        let mut credentials = Vec::with_capacity(seen.credentials.len());
        for (index, credential) in seen.credentials.iter().enumerate() {
            let body = json(credential)?;
            let fingerprint = fingerprint(&body);
            credentials.push(Found { credential: credential.clone(), body, fingerprint });
            if index % 256 == 255 {
                tokio::task::yield_now().await;
            }
        }
        let mut actions = Vec::with_capacity(seen.actions.len());
        for action in latest(&seen.actions) {
            actions.push(Prepared::of(action)?);
            tokio::task::yield_now().await;
        }
        let mut parts: BTreeSet<&str> =
            seen.credentials.iter().map(|credential| credential.part.0.as_str()).collect();
        parts.extend(seen.actions.iter().map(|action| action.part.0.as_str()));
        parts.extend(seen.gaps.iter().map(|gap| gap.part.0.as_str()));
        let gap_parts: HashSet<String> = seen.gaps.iter().map(|gap| gap.part.0.clone()).collect();
        Ok(Self {
            identity: seen.identity.raw().to_owned(),
            held: seen.credentials.iter().filter(|credential| credential.is_ai_held()).count(),
            credentials,
            actions,
            parts: json(&parts)?,
            gap_list: json(&gap_parts)?,
            gap_parts,
            gaps: seen.gaps.clone(),
            counts: json(&seen.counts)?,
        })
    }
}

/// Each action once, as it was read last: while a listing is read page by page, an action may move
/// to a page that comes later.
fn latest(all: &[Action]) -> impl Iterator<Item = &Action> {
    let last: HashMap<&str, usize> =
        all.iter().enumerate().map(|(index, action)| (action.id.as_str(), index)).collect();
    all.iter()
        .enumerate()
        .filter(move |(index, action)| last.get(action.id.as_str()) == Some(index))
        .map(|(_, action)| action)
}
