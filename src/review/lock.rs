//! Stopping an agent, and letting it go on.
//!
//! ```text
//!   lock    anybody who may decide, signed where there are keys ─▶ Store::turn ─▶ every gate refuses
//!   unlock  another person, signed ─▶ Store::turn
//! ```
//!
//! Nothing can be called back that a host was told to run; what it asks next is refused, and a
//! command under `gate exec` is ended.

use super::{Review, sign::apart};
use crate::{
    domain::{Lock, Locked, Turn, Untrusted},
    store::StoreError,
    trust::{Doubt, PenError, vouch_turn},
};
use std::sync::Arc;

/// Why nothing was locked or unlocked.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// It has to say why.
    #[error("say why (--reason): whoever is stopped, and whoever looks at it later, will read it")]
    ReasonRequired,
    /// There is no such lock.
    #[error("nothing of that name is locked; `countersign lock` lists what is")]
    NotLocked,
    /// Whoever locked it does not unlock it.
    #[error("you locked it; another reviewer has to unlock it")]
    Yours,
    /// The reviewers' keys cannot be used.
    #[error("the reviewers' keys cannot be used: {0}")]
    Keys(String),
    /// There is no signature.
    #[error("it was not signed: {0}")]
    NotSigned(#[from] PenError),
    /// The signature that was made does not count.
    #[error("{0}")]
    NoGood(#[from] Doubt),
    /// There is nothing to make it unique with.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Review {
    /// Locks, or unlocks; answers the word that was written down.
    ///
    /// A lock goes through even where there is no key to sign it: stopping must not wait.
    pub async fn turn(
        &self,
        what: Locked,
        turn: Turn,
        reason: Untrusted,
    ) -> Result<Lock, TurnError> {
        if reason.raw().trim().is_empty() {
            return Err(TurnError::ReasonRequired);
        }
        let roster = self.rules.reviewers.now();
        if turn == Turn::Unlock {
            if let Some(why) = roster.keys().broken() {
                return Err(TurnError::Keys(why.to_owned()));
            }
            let locks = self.store.locks().await?;
            let mut on_it = locks.iter().filter(|lock| lock.what == what).peekable();
            if on_it.peek().is_none() {
                return Err(TurnError::NotLocked);
            }
            let person = |who: &crate::domain::Reviewer| roster.person(who.0.raw()).to_owned();
            if on_it.any(|lock| person(&lock.reviewer) == person(&self.reviewer)) {
                return Err(TurnError::Yours);
            }
        }
        let at = self.store.now();
        let reviewer = self.reviewer.clone();
        let mut lock = Lock { what, turn, reason, reviewer, at, signed: None };
        if roster.keys().reviewers().is_some() {
            let (pen, under, said) = (self.pen.clone(), Arc::clone(&roster), lock.clone());
            let signed = apart(move || pen.sign_turn(&under, &said)).await;
            match signed {
                Ok(signed) => lock.signed = Some(signed),
                Err(_) if turn == Turn::Lock => {}
                Err(error) => return Err(error.into()),
            }
            if lock.signed.is_some() || turn == Turn::Unlock {
                vouch_turn(&lock, roster.keys().reviewers(), at)?;
            }
        }
        self.tell(&roster).await?;
        self.store.turn(&lock).await?;
        Ok(lock)
    }
}
