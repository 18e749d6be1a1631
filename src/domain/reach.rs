//! How far the principal behind a credential gets, and what it could destroy or expose.
//!
//! ```text
//!   deploy-agent ──pass a role──▶ ci-runner ──assume──▶ org-admin     the path
//!        └─ s3: DeleteBucket, … on 2 buckets, by `data: Statement[1]`  a power, and why
//! ```
//!
//! Every list is bounded ([`Few`]), because a store keeps one of these for every credential; what
//! was left out is counted, so that nothing vanishes unsaid.

use super::Untrusted;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Services listed of one kind of power.
pub const MOST_SERVICES: usize = 12;

/// Actions listed of one power.
pub const MOST_ACTIONS: usize = 6;

/// Resources, conditions and statements listed of one power.
pub const MOST_RESOURCES: usize = 4;

/// Steps listed of one path.
pub const MOST_STEPS: usize = 12;

/// Whether something holds, as far as it can be known without asking AWS.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// It does not.
    #[default]
    No,
    /// It depends on something not known here.
    Conditional,
    /// It does.
    Yes,
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::No => "no",
            Self::Conditional => "conditional",
            Self::Yes => "yes",
        })
    }
}

/// The first few of a list, and how many there are beyond them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Few<T> {
    /// Those that are kept.
    pub listed: Vec<T>,
    /// How many are not.
    #[serde(default)]
    pub more: u32,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { listed: Vec::new(), more: 0 }
    }
}

impl<T> Few<T> {
    /// The first `most` of a list, each put into words.
    pub fn of<A>(all: &[A], most: usize, word: impl Fn(&A) -> T) -> Self {
        let more = u32::try_from(all.len().saturating_sub(most)).unwrap_or(u32::MAX);
        Self { listed: all.iter().take(most).map(word).collect(), more }
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.listed.len() + self.more as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachStep {
    /// ARN of a principal, name of a service, or an outside party.
    pub from: Untrusted,
    /// ARN of a principal; `administrator` where the step itself gives everything.
    pub to: Untrusted,
    /// Id of the escalation catalogue, or `assume-role`, `oidc`, `saml`, `service`.
    pub technique: String,
    /// What the step uses, in order.
    pub actions: Few<Untrusted>,
    /// What it is done to besides `to`: the group joined, the policy rewritten.
    pub on: Few<Untrusted>,
    /// What it depends on, each in words; none if on nothing.
    pub conditions: Few<Untrusted>,
    /// The statements that give it: `policy: Sid`. None where somebody outside takes the step,
    /// or where they were not kept.
    #[serde(default)]
    pub because: Few<Untrusted>,
}

impl ReachStep {
    /// Whether it depends on something.
    pub fn is_conditional(&self) -> bool {
        !self.conditions.is_empty()
    }
}

/// A principal as a path names it: the last part of its ARN, and its account where `home` is
/// another. What is no ARN (a service, an outside party, `administrator`) stays as it is.
pub fn party(name: &Untrusted, home: &str) -> Untrusted {
    let mut fields = name.raw().splitn(6, ':');
    let (Some("arn"), Some(account), Some(rest)) = (fields.next(), fields.nth(3), fields.next())
    else {
        return name.clone();
    };
    let short = rest.rsplit('/').next().unwrap_or(rest);
    if account.is_empty() || home.starts_with(account) {
        Untrusted::new(short)
    } else {
        Untrusted::new(format!("{short} ({account})"))
    }
}

/// What a principal can do of one kind in one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Power {
    /// The service's prefix (`s3`).
    pub service: String,
    /// The actions, with their service (`s3:DeleteBucket`).
    pub actions: Few<String>,
    /// Resource patterns it holds for; exceptions as `not …`.
    pub resources: Few<Untrusted>,
    /// What it depends on, each in words; none if on nothing.
    pub conditions: Few<Untrusted>,
    /// The statements that grant it: `policy: Sid`.
    pub because: Few<Untrusted>,
}

/// What is known of a principal's reach, from policies alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Whether it can do everything itself.
    pub admin: Certainty,
    /// Whether it can become somebody who can. An administrator does.
    pub reaches_admin: Certainty,
    /// The shortest way there; empty for an administrator.
    pub path: Few<ReachStep>,
    /// What it could destroy itself, by service. Empty for an unconditional administrator, who
    /// could destroy everything.
    pub destructive: Few<Power>,
    /// What data or secrets it could read or expose itself, by service. Empty for an
    /// unconditional administrator as well.
    pub exposure: Few<Power>,
    /// How many actions it may use on at least one resource.
    pub breadth: u32,
}

impl Reach {
    /// How far it goes, for sorting: an administrator 7, who becomes one 6, either of these
    /// under a condition 5 and 4, who can destroy something 3, who can do that only under a
    /// condition or expose something 2, who may do anything at all 1.
    pub fn rank(&self) -> u8 {
        match (self.admin, self.reaches_admin) {
            (Certainty::Yes, _) => 7,
            (_, Certainty::Yes) => 6,
            (Certainty::Conditional, _) => 5,
            (_, Certainty::Conditional) => 4,
            _ if self.destructive.listed.iter().any(|power| power.conditions.is_empty()) => 3,
            _ if !self.destructive.is_empty() || !self.exposure.is_empty() => 2,
            _ => u8::from(self.breadth > 0),
        }
    }

    /// One or two words for a list: what it is or becomes.
    pub fn word(&self) -> &'static str {
        match self.rank() {
            7 => "administrator",
            6 => "reaches admin",
            5 => "admin if …",
            4 => "may reach admin",
            3 => "destroys",
            2 => "reads data",
            1 => "limited",
            _ => "nothing",
        }
    }

    /// Words a filter finds it by: `reach:admin`, `reach:destroys`, …
    pub fn filter_words(&self) -> String {
        let mut words = Vec::new();
        if self.reaches_admin > Certainty::No || self.admin > Certainty::No {
            words.push("reach:admin");
        }
        if self.admin == Certainty::Conditional || self.reaches_admin == Certainty::Conditional {
            words.push("reach:conditional");
        }
        if !self.destructive.is_empty() || self.admin == Certainty::Yes {
            words.push("reach:destroys");
        }
        if !self.exposure.is_empty() || self.admin == Certainty::Yes {
            words.push("reach:exposes");
        }
        if words.is_empty() {
            words.push("reach:none");
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Certainty, Few, Power, Reach, party};

    #[test]
    fn what_is_left_out_of_a_list_is_counted() {
        let few = Few::of(&[0; 10], 3, |_| 'x');
        assert_eq!((few.listed.as_slice(), few.more, few.total()), (&['x'; 3][..], 7, 10));
        assert!(Few::<u8>::default().is_empty());
    }

    #[test]
    fn an_administrator_goes_furthest_and_a_condition_takes_away_less_than_a_path() {
        let reach = |admin, reaches_admin| Reach { admin, reaches_admin, ..Reach::default() };
        let (no, maybe, yes) = (Certainty::No, Certainty::Conditional, Certainty::Yes);
        let ranks = [(yes, yes), (maybe, yes), (no, yes), (maybe, maybe), (no, maybe), (no, no)]
            .map(|(admin, reaches)| reach(admin, reaches).rank());
        assert_eq!(ranks, [7, 6, 6, 5, 4, 0]);
    }

    #[test]
    fn destroying_without_a_condition_weighs_more_than_with_one() {
        let with = |conditions: &[&str]| {
            let power = Power {
                service: "s3".to_owned(),
                actions: Few::of(&["s3:DeleteBucket"], 1, |&name| name.to_owned()),
                resources: Few::of(&["*"], 1, |&pattern| pattern.into()),
                conditions: Few::of(conditions, 4, |&condition| condition.into()),
                because: Few::default(),
            };
            Reach { destructive: Few { listed: vec![power], more: 0 }, ..Reach::default() }
        };
        assert!(with(&[]).rank() > with(&["MFA"]).rank());
    }

    #[test]
    fn a_principal_is_named_shortly_and_with_its_account_where_it_is_another() {
        let name = |name: &str| party(&name.into(), "111122223333").raw().to_owned();
        assert_eq!(name("arn:aws:iam::111122223333:role/agents/kiro"), "kiro");
        assert_eq!(name("arn:aws:iam::444455556666:role/kiro"), "kiro (444455556666)");
        assert_eq!(name("repo:acme/shop:* of GitHub"), "repo:acme/shop:* of GitHub");
        assert_eq!(name("administrator"), "administrator");
    }
}
