//! Whether enough of the right people have agreed.
//!
//! One person counts once, however many groups they are in and however often they agreed.

use crate::domain::{Decision, Requirement, Reviewer, Verdict};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Who is in which group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    groups: BTreeMap<String, BTreeSet<String>>,
}

impl Roster {
    /// A roster of these groups with their members.
    pub fn new<G, M>(groups: G) -> Self
    where
        G: IntoIterator<Item = (String, M)>,
        M: IntoIterator<Item = String>,
    {
        let groups =
            groups.into_iter().map(|(name, members)| (name, members.into_iter().collect()));
        Self { groups: groups.collect() }
    }

    /// Members of a group, sorted; none where there is no such group.
    pub fn members(&self, group: &str) -> impl Iterator<Item = &str> {
        self.groups.get(group).into_iter().flatten().map(String::as_str)
    }

    /// Whether somebody is in a group.
    pub fn is_in(&self, group: &str, reviewer: &Reviewer) -> bool {
        self.groups.get(group).is_some_and(|members| members.contains(reviewer.0.raw()))
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
        /// Its members; empty where nobody is in it, and then nobody can agree.
        members: Vec<String>,
    },
    /// So many more people, whoever they are.
    People {
        /// How many.
        count: u32,
    },
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
}

impl Standing {
    /// Whether enough of the right people have agreed.
    pub fn is_met(&self) -> bool {
        self.missing.is_empty()
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group { group, members } if members.is_empty() => {
                write!(f, "one of {group} (nobody is in that group)")
            }
            Self::Group { group, .. } => write!(f, "one of {group}"),
            Self::People { count: 1 } => f.write_str("one more person"),
            Self::People { count } => write!(f, "{count} more people"),
        }
    }
}

/// `1 of 2; missing: one of senior`.
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.agreed.len(), self.needed)?;
        for (at, missing) in self.missing.iter().enumerate() {
            f.write_str(if at == 0 { "; missing: " } else { " and " })?;
            missing.fmt(f)?;
        }
        Ok(())
    }
}

/// How far an action is, by the decisions on what is there now.
pub fn stand(requirement: &Requirement, decisions: &[Decision], roster: &Roster) -> Standing {
    let mut agreed: Vec<Reviewer> = Vec::new();
    for decision in decisions {
        let who = &decision.reviewer;
        if decision.verdict == Verdict::Approve && !agreed.contains(who) {
            agreed.push(who.clone());
        }
    }
    let mut missing: Vec<Missing> = requirement
        .from
        .iter()
        .filter(|group| !agreed.iter().any(|who| roster.is_in(group, who)))
        .map(|group| Missing::Group {
            group: group.clone(),
            members: roster.members(group).map(str::to_owned).collect(),
        })
        .collect();
    // A requirement of nobody would be none at all.
    let needed = requirement.approvals.max(1);
    let here = u32::try_from(agreed.len()).unwrap_or(u32::MAX);
    let of_groups = u32::try_from(missing.len()).unwrap_or(u32::MAX);
    let more = needed.saturating_sub(here).saturating_sub(of_groups);
    if more > 0 {
        missing.push(Missing::People { count: more });
    }
    Standing { agreed, needed, missing }
}
