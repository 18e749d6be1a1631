//! What policy says of an action: let through, held for whom, or a boundary.
//!
//! ```text
//!   Action + Assessment ──(policy)──▶ Ruling { policy, tier, leave, rules }
//! ```

use super::{Digest, Verdict, Words};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// Which policy ruled. Part of every action that was put to policy, so that an approval counts
/// only under the rules it was given under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PolicyId {
    /// Grows with every change of the policy; an older one is refused.
    pub version: u64,
    /// Digest of the policy's text.
    pub digest: Digest,
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version {} ({})", self.version, self.digest.short())
    }
}

/// What a reviewer does to confirm an approval, mildest first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Confirm {
    /// Press a key.
    Key,
    /// Type the target's name.
    #[default]
    TypeTarget,
}

/// How a decision has to be signed to count, mildest first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Signing {
    /// Not at all, as long as nobody on this installation has a key.
    Unsigned,
    /// With a reviewer's SSH key.
    #[default]
    Signed,
    /// With a key on a device that somebody touched for it.
    Touch,
    /// With a key on a device that somebody touched and proved to be themselves to.
    Verified,
    /// As `Verified`, on another machine than the one that shows it: a hostile bastion can use an
    /// agent that is forwarded to it, but cannot change what a reviewer's own machine shows.
    OutOfBand,
}

impl Signing {
    /// The word in a policy: `@signing("touch")`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Signed => "signed",
            Self::Touch => "touch",
            Self::Verified => "verified",
            Self::OutOfBand => "out-of-band",
        }
    }

    /// Every one, mildest first.
    pub const ALL: [Self; 5] =
        [Self::Unsigned, Self::Signed, Self::Touch, Self::Verified, Self::OutOfBand];
}

/// Whether one person alone may let a held action through in an emergency, mildest first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum BreakGlass {
    /// With a key on a device that they touch for it.
    #[default]
    Touch,
    /// With a key on a device that they touch and prove to be themselves to.
    Verified,
    /// Nobody may.
    Never,
}

impl BreakGlass {
    /// The word in a policy: `@break_glass("never")`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Touch => "touch",
            Self::Verified => "verified",
            Self::Never => "never",
        }
    }

    /// How it has to be signed; none where nobody may.
    pub const fn signing(self) -> Option<Signing> {
        match self {
            Self::Touch => Some(Signing::Touch),
            Self::Verified => Some(Signing::Verified),
            Self::Never => None,
        }
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over like that")]
    const fn is_touch(&self) -> bool {
        matches!(self, Self::Touch)
    }

    /// Every one, mildest first.
    pub const ALL: [Self; 3] = [Self::Touch, Self::Verified, Self::Never];
}

/// Who has to agree before an action may go ahead.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Requirement {
    /// So many different people, at least one.
    pub approvals: u32,
    /// At least one of them from each of these groups; sorted, each once. One person counts for
    /// every group they are in, and still as one person.
    pub from: Vec<String>,
    /// Seconds a request waits for its approvals.
    pub expires: u64,
    /// Seconds what was approved may be carried out, from the deciding approval on.
    #[serde(default = "half_an_hour")]
    pub run_within: u64,
    /// How an approval is confirmed.
    pub confirm: Confirm,
    /// How an approval has to be signed.
    #[serde(default)]
    pub signing: Signing,
    /// Whether one person alone may let it through in an emergency.
    #[serde(default, skip_serializing_if = "BreakGlass::is_touch")]
    pub break_glass: BreakGlass,
}

const fn half_an_hour() -> u64 {
    1800
}

impl Requirement {
    /// What an action needs that policy was not asked about, or would let through by itself.
    pub const ONE_APPROVAL: Self = Self {
        approvals: 1,
        from: Vec::new(),
        expires: half_an_hour(),
        run_within: half_an_hour(),
        confirm: Confirm::TypeTarget,
        signing: Signing::Unsigned,
        break_glass: BreakGlass::Touch,
    };

    /// What the review of a broken glass needs: somebody else's signature, however late.
    pub const AFTERWARDS: Self = Self {
        approvals: 1,
        from: Vec::new(),
        expires: 365 * 24 * 3600,
        run_within: 365 * 24 * 3600,
        confirm: Confirm::Key,
        signing: Signing::Signed,
        break_glass: BreakGlass::Never,
    };

    /// How a decision that says this has to be signed; none where nobody can say it. Taking back
    /// what one said, and stopping something, ask for no more than a signature.
    pub fn signing_of(&self, verdict: Verdict) -> Option<Signing> {
        match verdict {
            Verdict::Approve => Some(self.signing),
            Verdict::Reject | Verdict::Withdraw => Some(self.signing.min(Signing::Signed)),
            Verdict::BreakGlass => self.break_glass.signing().map(|one| one.max(self.signing)),
        }
    }

    /// How long a request waits.
    pub const fn lifetime(&self) -> Duration {
        Duration::from_secs(self.expires)
    }

    /// How long what was approved may be carried out.
    pub const fn usable(&self) -> Duration {
        Duration::from_secs(self.run_within)
    }
}

/// What is to happen to an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Leave {
    /// It goes ahead, and is logged.
    LetThrough,
    /// It waits for people.
    Held(Requirement),
    /// Nobody can approve it. The rule, and why.
    Boundary {
        /// Name of the boundary, as the policy or this program calls it.
        rule: String,
        /// What it would do that nobody may, in words a person understands.
        because: Words,
    },
    /// Policy could not be asked, so it does not go ahead.
    Refused {
        /// What went wrong.
        because: Words,
    },
}

/// What policy said of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Which policy.
    pub policy: PolicyId,
    /// Name of the tier it falls into.
    pub tier: String,
    /// What is to happen.
    pub leave: Leave,
    /// The rules that decided, by their `@id`, sorted; empty where no rule matched.
    pub rules: Vec<String>,
}

impl Ruling {
    /// Who has to agree, where it is held.
    pub const fn requirement(&self) -> Option<&Requirement> {
        match &self.leave {
            Leave::Held(requirement) => Some(requirement),
            Leave::LetThrough | Leave::Boundary { .. } | Leave::Refused { .. } => None,
        }
    }
}
