//! Whether enough of the right people have agreed.
//!
//! ```text
//!   each decision ─▶ counts? ─no──▶ Void, and why: unsigned, their own, another policy, revoked …
//!                       │yes
//!                       └─▶ people (not keys, not names), each once ─▶ groups, number ─▶ Standing
//! ```
//!
//! Asked by the desk before an order is written, and again by the gate, which believes nothing of
//! what the store says but what the reviewers' keys prove.

use super::{Account, Objection, Roster, Vouched};
use crate::domain::{ActionId, Decision, Digest, PolicyId, Requirement, Reviewer, Ruling, Verdict};
use jiff::Timestamp;
use std::{collections::BTreeSet, fmt};

static ONE_APPROVAL: Requirement = Requirement::ONE_APPROVAL;

/// What is decided upon.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// The action.
    pub action: &'a ActionId,
    /// Digest of what is there now.
    pub digest: Digest,
    /// Who has to agree.
    pub requirement: &'a Requirement,
    /// The policy that asks for them; none where policy was not asked.
    pub policy: Option<PolicyId>,
    /// Who asked, or wrote it.
    pub account: Account<'a>,
    /// When it was asked, where that is known to the second: nobody decides before.
    pub since: Option<Timestamp>,
    /// The time.
    pub now: Timestamp,
}

impl<'a> Matter<'a> {
    /// What policy asks of an action; one approval where it was not asked.
    pub fn of(
        action: &'a ActionId,
        digest: Digest,
        ruling: Option<&'a Ruling>,
        account: Account<'a>,
        now: Timestamp,
    ) -> Self {
        let requirement = ruling.and_then(Ruling::requirement).unwrap_or(&ONE_APPROVAL);
        let policy = ruling.map(|ruling| ruling.policy);
        Self { action, digest, requirement, policy, account, since: None, now }
    }
}

impl Matter<'_> {
    /// Asked at this time.
    #[must_use]
    pub const fn since(self, asked: Timestamp) -> Self {
        Self { since: Some(asked), ..self }
    }
}

/// What is still needed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "missing")]
pub enum Missing {
    /// Somebody of this group.
    Group {
        /// Its name.
        group: String,
        /// Those of its members who could agree now; empty where nobody could.
        members: Vec<String>,
    },
    /// So many more people, whoever they are.
    People {
        /// How many.
        count: u32,
        /// Who could agree now; empty where nobody is known by a key.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        members: Vec<String>,
    },
}

/// A decision that does not count, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Void {
    /// Whose it says it is.
    pub reviewer: Reviewer,
    /// Which way.
    pub verdict: Verdict,
    /// Why it does not count, as the end of a sentence.
    pub because: String,
}

impl Void {
    /// `the approval of mira does not count: …`. Holds outside text.
    pub fn told(&self) -> String {
        let what = match self.verdict {
            Verdict::Approve => "approval",
            Verdict::Reject => "rejection",
            Verdict::Withdraw => "withdrawal",
            Verdict::BreakGlass => "break-glass",
        };
        format!("the {what} of {} does not count: {}", self.reviewer.0.raw(), self.because)
    }
}

/// How far an action is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// People who have agreed and count, in the order they did.
    pub agreed: Vec<Reviewer>,
    /// How many have to.
    pub needed: u32,
    /// What is still needed; empty when it is met.
    pub missing: Vec<Missing>,
    /// Whether those who agreed have proved it by their keys. Without, whoever can write to the
    /// store can have written their approvals.
    pub signed: bool,
    /// Who has rejected it; one is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<Reviewer>,
    /// Who let it go ahead alone, where nobody rejected it; then nothing else is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Reviewer>,
    /// Decisions on what is there now that do not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub void: Vec<Void>,
}

impl Standing {
    /// Whether enough of the right people have agreed, and nobody has rejected it.
    pub fn is_met(&self) -> bool {
        (self.missing.is_empty() || self.broken.is_some()) && self.rejected.is_none()
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group { group, members } if members.is_empty() => {
                write!(f, "one of {group} (nobody is in that group)")
            }
            Self::Group { group, .. } => write!(f, "one of {group}"),
            Self::People { count: 1, .. } => f.write_str("one more person"),
            Self::People { count, .. } => write!(f, "{count} more people"),
        }
    }
}

/// `1 of 2; missing: one of senior`.
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(who) = &self.broken {
            return write!(f, "break-glass by {:?}", who.0.raw());
        }
        write!(f, "{} of {}", self.agreed.len(), self.needed)?;
        for (at, missing) in self.missing.iter().enumerate() {
            f.write_str(if at == 0 { "; missing: " } else { " and " })?;
            missing.fmt(f)?;
        }
        Ok(())
    }
}

/// People who agreed, each once: by name, by what `[people]` says, and by key.
#[derive(Default)]
struct Agreed<'a> {
    names: Vec<Reviewer>,
    people: BTreeSet<&'a str>,
    keys: BTreeSet<[u8; 32]>,
}

/// How far an action is, by the decisions on what is there now.
pub fn stand<'d>(
    matter: &Matter<'_>,
    decisions: impl IntoIterator<Item = &'d Decision>,
    roster: &Roster,
) -> Standing {
    let kept = Decision::kept(decisions);
    let mut agreed = Agreed::default();
    let (mut rejected, mut broken, mut void) = (None, None, Vec::new());
    for decision in kept {
        let who = &decision.reviewer;
        match roster.counts(decision, matter) {
            Err(objection) => void.push(Void {
                reviewer: who.clone(),
                verdict: decision.verdict,
                because: objection.to_string(),
            }),
            Ok(_) if decision.verdict == Verdict::Reject => {
                rejected.get_or_insert_with(|| who.clone());
            }
            Ok(_) if decision.verdict == Verdict::BreakGlass => {
                broken.get_or_insert_with(|| who.clone());
            }
            Ok(vouched) => {
                // One key is one person, whatever names it may sign with.
                let known = vouched.key.is_some_and(|key| !agreed.keys.insert(*key.bytes()));
                if agreed.people.insert(roster.person(who.0.raw())) && !known {
                    agreed.names.push(who.clone());
                }
            }
        }
    }
    let mut standing = Standing {
        missing: Vec::new(),
        agreed: agreed.names,
        needed: 0,
        signed: !roster.keys().is_none(),
        rejected,
        broken,
        void,
    };
    standing.measure(matter, roster);
    standing
}

impl Standing {
    /// It with one more person.
    pub(super) fn with(&self, who: &Reviewer, roster: &Roster, matter: &Matter<'_>) -> Self {
        let mut then = self.clone();
        then.agreed.push(who.clone());
        then.measure(matter, roster);
        then
    }

    /// Works out what is missing.
    fn measure(&mut self, matter: &Matter<'_>, roster: &Roster) {
        let requirement = matter.requirement;
        let agreed: BTreeSet<&str> =
            self.agreed.iter().map(|who| roster.person(who.0.raw())).collect();
        let could = |name: &&str| {
            !agreed.contains(roster.person(name))
                && roster.objects_to(&Reviewer((*name).into()), matter).is_none()
        };
        let names = |all: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            all.filter(could).map(str::to_owned).collect()
        };
        let mut missing: Vec<Missing> = requirement
            .from
            .iter()
            .filter(|group| !self.agreed.iter().any(|who| roster.is_in(group, who)))
            .map(|group| Missing::Group {
                group: group.clone(),
                members: names(&mut roster.members(group)),
            })
            .collect();
        // A requirement of nobody would be none at all.
        let needed = requirement.approvals.max(1);
        let here = u32::try_from(self.agreed.len()).unwrap_or(u32::MAX);
        let of_groups = u32::try_from(missing.len()).unwrap_or(u32::MAX);
        let more = needed.saturating_sub(here).saturating_sub(of_groups);
        if more > 0 {
            let members = names(&mut roster.everybody().into_iter());
            missing.push(Missing::People { count: more, members });
        }
        (self.needed, self.missing) = (needed, missing);
    }
}

impl Roster {
    /// Whose decision it is, where it counts, or why it does not.
    pub fn counts(&self, decision: &Decision, matter: &Matter<'_>) -> Result<Vouched, Objection> {
        if decision.verdict.lets()
            && let Some(objection) = self.excludes(&decision.reviewer, matter.account)
        {
            return Err(objection);
        }
        self.vouch(decision, matter)
    }

    /// Why an approval of theirs would not count whatever they did, if it would not.
    pub fn objects_to(&self, reviewer: &Reviewer, matter: &Matter<'_>) -> Option<Objection> {
        self.excludes(reviewer, matter.account)
            .or_else(|| self.lacks_key(reviewer, matter.requirement.signing, matter.now))
    }
}
