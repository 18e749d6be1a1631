//! Signs decisions with the reviewer's key, through their SSH agent.
//!
//! ```text
//!   agent: which keys? ─▶ those the roster knows ─▶ one person ─▶ Hand { reviewer, key }
//!   Hand + Statement ─▶ agent signs its canonical text ─▶ Signed
//! ```
//!
//! All of it blocks, within the agent's bounds: a person may have to touch a key.

use super::sign::{Whose, sign_text};
use super::{Agent, AgentFault, Identity, Key, KeyChoice, Keys, Roster, SignFault, sign};
use crate::{
    config::TrustSettings,
    domain::{DECISION, Lock, LockStatement, Reviewer, Signed, Signing, Statement},
};
use jiff::Timestamp;
use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

/// The way to a key.
#[derive(Debug, Clone, Default)]
pub struct Pen {
    settings: TrustSettings,
}

/// A person and the key they sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub reviewer: Reviewer,
    /// With which key, as the agent has it.
    pub key: Key,
}

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum PenError {
    /// The agent.
    #[error(transparent)]
    Agent(#[from] AgentFault),
    /// The agent has keys, and none is one of a reviewer.
    #[error(
        "none of the keys in the agent is one of a reviewer ({held}): {why}. Add yours with \
         `ssh-add`, or have it put into {signers}"
    )]
    NotListed {
        /// Their fingerprints.
        held: String,
        /// What is wrong with the one that comes closest.
        why: String,
        /// The file.
        signers: PathBuf,
    },
    /// The agent has keys of several people.
    #[error(
        "the agent has keys of several reviewers: {0}. Say who you are: [trust] reviewer = \"…\""
    )]
    Several(String),
    /// The agent has no key of the person that the configuration names.
    #[error(
        "the agent has no key that signs for {reviewer}, only for {others}; add it with `ssh-add`, \
         or put [trust] reviewer right"
    )]
    NotTheirs {
        /// The person.
        reviewer: String,
        /// Whose keys it has.
        others: String,
    },
    /// The key, or its signature.
    #[error(transparent)]
    Sign(#[from] SignFault),
    /// No keys are set up.
    #[error("no reviewers' keys are set up: [trust] signers names the file")]
    NoSigners,
    /// The reviewers' keys cannot be used.
    #[error("the reviewers' keys cannot be used: {0}")]
    Keys(String),
    /// There is nothing to make it unique with.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    /// The program is ending.
    #[error("the program is ending")]
    Ended,
}

impl Pen {
    /// By these settings.
    pub const fn new(settings: TrustSettings) -> Self {
        Self { settings }
    }

    /// The settings.
    pub const fn settings(&self) -> &TrustSettings {
        &self.settings
    }

    /// The agent.
    pub fn agent(&self) -> Result<Agent, AgentFault> {
        Agent::from_env(self.settings.agent.as_deref())
    }

    /// Whose key the agent has: the person that the configuration names, else the only one there is.
    pub fn whose(&self, roster: &Roster) -> Result<Hand, PenError> {
        let reviewers = match roster.keys() {
            Keys::None => return Err(PenError::NoSigners),
            Keys::Broken(why) => return Err(PenError::Keys(why.clone())),
            Keys::There(_) => roster.keys().reviewers().ok_or(PenError::NoSigners)?,
        };
        let choice = self.choice()?;
        let mut held = self.agent()?.identities()?.keys;
        held.retain(|one| choice.is(&one.key));
        if let Some(wanted) = choice.fingerprint().filter(|_| held.is_empty()) {
            return Err(SignFault::NotHeld(wanted).into());
        }
        let now = Timestamp::now();
        let hands: Vec<Hand> = held
            .iter()
            .filter(|one| reviewers.revoked.why(&one.key).is_none())
            .flat_map(|Identity { key, .. }| {
                let names = reviewers.signers.who(key, DECISION, now);
                names
                    .into_iter()
                    .map(|name| Hand { reviewer: Reviewer(name.into()), key: key.clone() })
            })
            .collect();
        if hands.is_empty() {
            return Err(self.not_listed(roster, &held, now));
        }
        self.one_of(roster, hands)
    }

    /// The first hand of the one person there is.
    fn one_of(&self, roster: &Roster, mut hands: Vec<Hand>) -> Result<Hand, PenError> {
        let name = |hand: &Hand| hand.reviewer.0.raw().to_owned();
        let mut names: Vec<String> = hands.iter().map(name).collect();
        names.sort_unstable();
        names.dedup();
        if let Some(reviewer) = &self.settings.reviewer {
            hands.retain(|hand| hand.reviewer.0.raw() == reviewer);
            let (reviewer, others) = (reviewer.clone(), names.join(", "));
            return hands.into_iter().next().ok_or(PenError::NotTheirs { reviewer, others });
        }
        let mut people: Vec<&str> = names.iter().map(|name| roster.person(name)).collect();
        people.sort_unstable();
        people.dedup();
        if people.len() > 1 {
            return Err(PenError::Several(names.join(", ")));
        }
        hands.into_iter().next().ok_or(PenError::NoSigners)
    }

    fn not_listed(&self, roster: &Roster, held: &[Identity], now: Timestamp) -> PenError {
        let prints: Vec<String> =
            held.iter().map(|one| one.key.fingerprint().to_string()).collect();
        let why = held.iter().find_map(|one| {
            let reviewers = roster.keys().reviewers()?;
            if let Some(revocation) = reviewers.revoked.why(&one.key) {
                return Some(revocation.to_string());
            }
            // Of a key that the file has, why it does not count for whoever it is there for.
            let lines = reviewers.signers.lines().iter();
            let mut named = lines.filter(|line| line.key == *one.key.public());
            let name = named.find_map(|line| line.principals.names()?.next());
            let name = name.or(self.settings.reviewer.as_deref()).unwrap_or_default();
            let wrong = reviewers.signers.allows(&one.key, name, DECISION, now).err()?;
            Some(wrong.to_string())
        });
        PenError::NotListed {
            held: prints.join(", "),
            why: why.unwrap_or_else(|| "the allowed signers do not have them".to_owned()),
            signers: self.settings.signers.clone().unwrap_or_default(),
        }
    }

    /// The key that the configuration names.
    fn choice(&self) -> Result<KeyChoice, SignFault> {
        self.settings.key.as_deref().map_or(Ok(KeyChoice::Any), KeyChoice::read)
    }

    /// Signs a statement as strongly as policy asks. `stop` ends the wait for it.
    pub fn sign(
        &self,
        roster: &Roster,
        statement: &Statement,
        signing: Signing,
        stop: Arc<AtomicBool>,
    ) -> Result<Signed, PenError> {
        let agent = self.agent()?.stopped_by(stop);
        let reviewers = roster.keys().reviewers();
        Ok(sign(&agent, &self.choice()?, statement, signing, reviewers)?)
    }

    /// Signs a word to lock or unlock.
    pub fn sign_turn(&self, roster: &Roster, lock: &Lock) -> Result<Signed, PenError> {
        let nonce = crate::domain::nonce().map_err(PenError::NoRandomness)?;
        let text = LockStatement::of(lock, nonce).canonical().map_err(SignFault::from)?;
        let whose = Whose { who: lock.reviewer.0.raw(), at: lock.at };
        let reviewers = roster.keys().reviewers();
        let signed =
            sign_text(&self.agent()?, &self.choice()?, text, whose, Signing::Signed, reviewers)?;
        Ok(signed)
    }
}
