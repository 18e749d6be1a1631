//! The reviewers' keys, and whether a decision proves whose it is.
//!
//! ```text
//!   allowed_signers + revocation list ─▶ Keys: none, broken, there
//!   Decision + Matter ─▶ vouch ─▶ Vouched, or an Objection in words
//!   a person, before they decide ─▶ have they a key that would do? ─▶ Objection
//! ```

use super::{
    Demand, Doubt, Key, Lack, Matter, NotAllowed, Reviewers, Revocation, Roster, Vouched, vouch,
};
use crate::domain::{DECISION, Decision, Digest, Reviewer, Signing, Verdict};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    path::Path,
    sync::{Mutex, PoisonError},
};

/// Answers that are remembered.
const REMEMBERED: usize = 4096;

/// Whose keys count.
#[derive(Default)]
pub enum Keys {
    /// None are set up: decisions are unsigned.
    #[default]
    None,
    /// They are set up and cannot be used, for this reason: nothing can be decided.
    Broken(String),
    /// These.
    There(Box<There>),
}

/// Keys that can be used.
pub struct There {
    reviewers: Reviewers,
    /// What was asked lately: a console asks the same for every frame. None: nobody asks twice.
    seen: Option<Mutex<HashMap<Digest, Result<Vouched, Doubt>>>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "no keys",
            Self::Broken(_) => "broken keys",
            Self::There(_) => "keys",
        })
    }
}

/// Why somebody's decision does not count, or would not; the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// The keys cannot be used.
    #[error("the reviewers' keys cannot be used: {0}")]
    Keys(String),
    /// It is by whoever asked.
    #[error("{account} asked for it or wrote it, and nobody decides on their own")]
    TheirOwn {
        /// The account.
        account: String,
    },
    /// Nobody may break the glass.
    #[error("policy lets nobody break the glass for it")]
    NoGlass,
    /// The file has no key of theirs.
    #[error("the allowed signers have no key of {0}")]
    NoKey(String),
    /// Their key counts no more.
    #[error("{0}")]
    Revoked(Revocation),
    /// Their key does not count now.
    #[error("{0}")]
    NotAllowed(NotAllowed),
    /// The signature, or what was signed.
    #[error("{0}")]
    Doubt(#[from] Doubt),
}

impl Keys {
    /// Reads both files.
    pub fn load(signers: &Path, revoked: Option<&Path>) -> Self {
        match Reviewers::load(signers, revoked) {
            Ok(reviewers) => reviewers.into(),
            Err(fault) => Self::Broken(fault.to_string()),
        }
    }

    /// These, for whoever asks of every decision once: no answer is remembered.
    pub fn once(reviewers: Reviewers) -> Self {
        Self::There(Box::new(There { reviewers, seen: None }))
    }

    /// Whether none are set up.
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Why they cannot be used, if they cannot.
    pub fn broken(&self) -> Option<&str> {
        match self {
            Self::Broken(why) => Some(why),
            Self::None | Self::There(_) => None,
        }
    }

    /// Them, where they can be used.
    pub fn reviewers(&self) -> Option<&Reviewers> {
        match self {
            Self::There(there) => Some(&there.reviewers),
            Self::None | Self::Broken(_) => None,
        }
    }

    /// Digests of both files.
    pub(super) fn digests(&self) -> (Option<Digest>, Option<Digest>) {
        let reviewers = self.reviewers();
        (reviewers.map(|all| all.signers.digest()), reviewers.and_then(|all| all.revoked.digest()))
    }

    /// The names in the file, sorted.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        let lines = self.reviewers().into_iter().flat_map(|all| all.signers.lines());
        let own = lines.filter(|line| !line.is_authority);
        own.filter_map(|line| line.principals.names()).flatten().collect()
    }
}

impl From<Reviewers> for Keys {
    fn from(reviewers: Reviewers) -> Self {
        Self::There(Box::new(There { reviewers, seen: Some(Mutex::default()) }))
    }
}

impl There {
    /// Whether this key may speak for this person at this time.
    fn allows(&self, by: &Key, person: &str, at: Timestamp) -> Result<(), Objection> {
        if let Some(revocation) = self.reviewers.revoked.why(by) {
            return Err(Objection::Revoked(revocation));
        }
        let allowed = self.reviewers.signers.allows(by, person, DECISION, at);
        allowed.map(|_| ()).map_err(Objection::NotAllowed)
    }

    /// What [`vouch()`] says; asked once a second for the same.
    fn vouch(&self, decision: &Decision, demand: &Demand<'_>) -> Result<Vouched, Doubt> {
        let known = self.seen.as_ref().and_then(|seen| Some((seen, name(decision, demand)?)));
        let Some((seen, name)) = known else {
            return vouch(decision, demand, Some(&self.reviewers));
        };
        let lock = || seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&name) {
            return known.clone();
        }
        let found = vouch(decision, demand, Some(&self.reviewers));
        let mut seen = lock();
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        seen.insert(name, found.clone());
        found
    }
}

/// All that an answer hangs on.
fn name(decision: &Decision, demand: &Demand<'_>) -> Option<Digest> {
    let Demand { action, digest, policy, roster, signing, since, longest, now } = demand;
    let hangs_on = (
        decision,
        (action, digest, policy, roster, signing),
        (since, longest.as_secs(), now.as_second()),
    );
    Some(Digest::of_bytes(&serde_json::to_vec(&hangs_on).ok()?))
}

impl Roster {
    /// Whose decision this is, where it proves that they decided so on this matter.
    pub(super) fn vouch(
        &self,
        decision: &Decision,
        matter: &Matter<'_>,
    ) -> Result<Vouched, Objection> {
        let longest = matter.requirement.lifetime();
        let signing = matter.requirement.signing_of(decision.verdict);
        let signing = signing.ok_or(Objection::NoGlass)?;
        if decision.verdict == Verdict::BreakGlass && self.keys().is_none() {
            return Err(Doubt::NoSigners.into());
        }
        let demand = Demand {
            action: matter.action,
            digest: matter.digest,
            policy: matter.policy,
            roster: self.digest(),
            signing,
            since: matter.since,
            longest: SignedDuration::try_from(longest).unwrap_or(SignedDuration::MAX),
            now: matter.now,
        };
        Ok(match self.keys() {
            Keys::Broken(why) => return Err(Objection::Keys(why.clone())),
            Keys::None => vouch(decision, &demand, None)?,
            Keys::There(there) => there.vouch(decision, &demand)?,
        })
    }

    /// Why nobody can sign as this person now, if nobody can.
    pub(super) fn lacks_key(
        &self,
        who: &Reviewer,
        signing: Signing,
        now: Timestamp,
    ) -> Option<Objection> {
        let name = who.0.raw();
        let there = match self.keys() {
            Keys::Broken(why) => return Some(Objection::Keys(why.clone())),
            Keys::None => {
                let needed = signing > Signing::Unsigned;
                return needed.then_some(Objection::Doubt(Doubt::NoSigners));
            }
            Keys::There(there) => there,
        };
        let mut refused = None;
        for line in there.reviewers.signers.lines() {
            if !line.principals.matches(name) {
                continue;
            }
            if line.is_authority {
                // Whoever has a certificate of it may be anybody it names.
                return None;
            }
            match there.allows(&Key::Plain(line.key.clone()), name, now) {
                Ok(()) if signing < Signing::Touch || line.key.kind().is_in_hardware() => {
                    return None;
                }
                Ok(()) => refused = refused.or(Some(Objection::Doubt(Lack::Software.into()))),
                Err(objection) => refused = Some(objection),
            }
        }
        Some(refused.unwrap_or_else(|| Objection::NoKey(name.to_owned())))
    }
}
