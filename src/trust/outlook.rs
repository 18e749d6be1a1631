//! How far an action is, and what one person's approval would come to.
//!
//! ```text
//!   Ruling + decisions + Roster + one person + the time ──▶ Outlook ──▶ console, commands
//! ```

use super::{Account, Matter, Missing, Roster, Standing, stand};
use crate::domain::{ActionId, Decision, Digest, Leave, PolicyId, Reviewer, Ruling};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// An action, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Which.
    pub action: &'a ActionId,
    /// What policy said of it, if it was asked.
    pub ruling: Option<&'a Ruling>,
    /// Digest of what is there now.
    pub digest: Digest,
    /// The decisions on it that count, oldest first.
    pub decisions: &'a [Decision],
    /// When it was asked, for what waits at a gate and no longer than its requirement says.
    pub since: Option<Timestamp>,
    /// Who asked, or wrote it.
    pub account: Account<'a>,
    /// The policy that holds where one looks; an approval of what a gate asked under another one
    /// would be none.
    pub here: Option<PolicyId>,
}

/// Why nobody can approve an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Barrier {
    /// Policy lets nobody approve it.
    Boundary {
        /// The boundary's name.
        rule: String,
        /// What it would do that nobody may.
        because: String,
    },
    /// Policy could not be asked.
    Unruled {
        /// What went wrong.
        because: String,
    },
    /// A gate asked under another policy than the one that holds here.
    OtherPolicy {
        /// The policy of the gate.
        asked: PolicyId,
        /// The policy here.
        here: PolicyId,
    },
    /// It waited as long as it may.
    Late,
    /// Somebody has rejected it.
    Rejected,
    /// An approval by this person would not count.
    NotYou {
        /// Why.
        because: String,
    },
}

/// What an approval by one person would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Yours {
    /// It would be the last one that is needed.
    Decides,
    /// It would count, and others would still have to agree.
    Counts {
        /// How far it would be then.
        then: Standing,
    },
    /// It would count, and what is missing now would still be missing.
    ChangesNothing,
    /// It was given already.
    Given,
    /// Nobody can.
    Barred(Barrier),
}

/// How far an action is, and what one person can do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outlook {
    /// How far.
    pub standing: Standing,
    /// What an approval by the person who looks would come to.
    pub yours: Yours,
    /// Until when it waits; none where it waits as long as its source lets it.
    pub until: Option<Timestamp>,
}

impl Outlook {
    /// Looks at an action with one person's eyes.
    pub fn of(asked: Asked<'_>, who: &Reviewer, roster: &Roster, now: Timestamp) -> Self {
        let Asked { action, digest, ruling, account, .. } = asked;
        let matter = Matter::of(action, digest, ruling, account, now);
        let standing = stand(&matter, asked.decisions, roster);
        let until = asked.since.filter(|_| asked.ruling.is_some()).and_then(|since| {
            let seconds = i64::try_from(matter.requirement.expires).ok()?;
            since.checked_add(SignedDuration::from_secs(seconds)).ok()
        });
        let person = roster.person(who.0.raw());
        let given = || standing.agreed.iter().any(|one| roster.person(one.0.raw()) == person);
        let yours = if let Some(barrier) = barrier(asked, until, now) {
            Yours::Barred(barrier)
        } else if standing.rejected.is_some() {
            Yours::Barred(Barrier::Rejected)
        } else if given() {
            Yours::Given
        } else if let Some(objection) = roster.objects_to(who, &matter) {
            Yours::Barred(Barrier::NotYou { because: objection.to_string() })
        } else {
            let then = standing.with(who, roster, &matter);
            if then.is_met() {
                Yours::Decides
            } else if then.missing == standing.missing {
                Yours::ChangesNothing
            } else {
                Yours::Counts { then }
            }
        };
        Self { standing, yours, until }
    }

    /// Whether it needs or has more than one plain approval, so that saying how far it is helps.
    pub fn is_worth_saying(&self) -> bool {
        self.standing.needed > 1
            || !self.standing.agreed.is_empty()
            || self.standing.missing.iter().any(|one| matches!(one, Missing::Group { .. }))
    }
}

fn barrier(asked: Asked<'_>, until: Option<Timestamp>, now: Timestamp) -> Option<Barrier> {
    match asked.ruling.map(|ruling| &ruling.leave) {
        Some(Leave::Boundary { rule, because }) => {
            return Some(Barrier::Boundary { rule: rule.clone(), because: because.to_string() });
        }
        Some(Leave::Refused { because }) => {
            return Some(Barrier::Unruled { because: because.to_string() });
        }
        Some(Leave::Held(_) | Leave::LetThrough) | None => {}
    }
    if until.is_some_and(|until| until <= now) {
        return Some(Barrier::Late);
    }
    let (ruling, here) = (asked.ruling?, asked.here?);
    asked.since?;
    (ruling.policy != here).then_some(Barrier::OtherPolicy { asked: ruling.policy, here })
}

impl Missing {
    /// It with the names of who could: `one of senior (ines, rowan)`.
    pub fn with_names(&self) -> String {
        match self {
            Self::Group { members, .. } | Self::People { members, .. } if !members.is_empty() => {
                format!("{self} ({})", few(members))
            }
            other => other.to_string(),
        }
    }
}

/// Names, as many as a person reads.
fn few(names: &[String]) -> String {
    const MOST: usize = 8;
    match names.len().checked_sub(MOST) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..MOST].join(", ")),
    }
}

impl Standing {
    /// `1 of 2 · missing: one of senior (ines, rowan)`.
    pub fn with_names(&self) -> String {
        let here = format!("{} of {}", self.agreed.len(), self.needed);
        if self.missing.is_empty() {
            return here;
        }
        let missing: Vec<String> = self.missing.iter().map(Missing::with_names).collect();
        format!("{here} · missing: {}", missing.join(" and "))
    }
}

impl Barrier {
    /// Why nobody can, as a sentence without its stop.
    pub fn told(&self) -> String {
        match self {
            Self::Boundary { rule, because } => {
                format!("Nobody may approve this: {because} (boundary `{rule}`)")
            }
            Self::Unruled { because } => {
                format!("This cannot be approved, because policy could not be asked: {because}")
            }
            Self::OtherPolicy { asked, here } => format!(
                "It was asked under policy {asked}; here {here} holds, so it has to be asked again"
            ),
            Self::Late => "Its time is over, so nobody can approve it any more".to_owned(),
            Self::Rejected => "It was rejected, so nobody can approve it any more".to_owned(),
            Self::NotYou { because } => format!("Your approval would not count: {because}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Barrier, Outlook, Yours};
    use crate::{
        domain::{
            Confirm, Decision, Digest, Leave, PolicyId, Requirement, Reviewer, Ruling, Signing,
            Verdict,
        },
        trust::{Account, Roster},
    };
    use jiff::Timestamp;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn ruling(leave: Leave) -> Ruling {
        let policy = PolicyId { version: 7, digest: Digest::of_bytes(b"p") };
        Ruling { policy, tier: "destructive".to_owned(), leave, rules: Vec::new() }
    }

    fn two_with_a_senior() -> Ruling {
        ruling(Leave::Held(Requirement {
            approvals: 2,
            from: vec!["senior".to_owned()],
            expires: 1800,
            run_within: 1800,
            confirm: Confirm::TypeTarget,
            signing: Signing::Unsigned,
        }))
    }

    fn agreed(who: &str) -> Decision {
        Decision {
            action: "a-0123456789".parse().unwrap(),
            digest: Digest::of_bytes(b"shown"),
            verdict: Verdict::Approve,
            reviewer: Reviewer(who.into()),
            reason: "".into(),
            at: at(10),
            signed: None,
        }
    }

    fn seen_by(who: &str, ruling: &Ruling, decisions: &[Decision], now: i64) -> Outlook {
        let names = ["ines".to_owned(), "rowan".to_owned()];
        let roster = Roster::new([("senior".to_owned(), names)]);
        let digest = Digest::of_bytes(b"shown");
        let action = "a-0123456789".parse().unwrap();
        let asked = Asked {
            action: &action,
            ruling: Some(ruling),
            digest,
            decisions,
            since: Some(at(0)),
            account: Account { name: &"agent".into(), at_github: false },
            here: None,
        };
        Outlook::of(asked, &Reviewer(who.into()), &roster, at(now))
    }

    #[test]
    fn each_sees_what_their_own_approval_would_come_to() {
        let ruling = two_with_a_senior();
        assert!(matches!(seen_by("mira", &ruling, &[], 60).yours, Yours::Counts { .. }));
        let one = [agreed("mira")];
        assert_eq!(seen_by("mira", &ruling, &one, 60).yours, Yours::Given);
        assert_eq!(seen_by("tom", &ruling, &one, 60).yours, Yours::ChangesNothing);
        let last = seen_by("rowan", &ruling, &one, 60);
        assert_eq!(last.yours, Yours::Decides);
        assert_eq!(last.standing.with_names(), "1 of 2 · missing: one of senior (ines, rowan)");
    }

    #[test]
    fn a_boundary_and_the_time_bar_everybody() {
        let leave =
            Leave::Boundary { rule: "audit".into(), because: "it deletes the trail".into() };
        let seen = seen_by("rowan", &ruling(leave), &[], 60);
        assert!(matches!(seen.yours, Yours::Barred(Barrier::Boundary { .. })));
        let late = seen_by("rowan", &two_with_a_senior(), &[], 1800);
        assert_eq!(late.yours, Yours::Barred(Barrier::Late));
        assert_eq!(late.until, Some(at(1800)));
    }
}
