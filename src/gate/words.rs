//! How far a held action is, in the words every gate uses: a waiting command, a waiting call, the
//! ticket of one that could not wait any longer.

use crate::{
    domain::ActionId,
    trust::{Missing, Standing},
};
use jiff::Timestamp;
use std::time::Duration;

/// `waiting for 1 of 2: one of senior`. Names of groups come from outside.
pub fn waiting_for(standing: &Standing) -> String {
    let who: Vec<_> = standing.missing.iter().map(ToString::to_string).collect();
    format!("waiting for {} of {}: {}", left(standing), standing.needed, who.join(" and "))
}

/// `expires in 27 min`.
pub fn expires_in(left: Duration) -> String {
    let left = match left.as_secs() {
        seconds @ 0..=99 => format!("{seconds} s"),
        seconds @ 100..=7199 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds / 3600),
    };
    format!("expires in {left}")
}

/// What an agent is told whose call could not wait any longer: who has to agree, until when, and
/// what to do then. What is not known is left out.
pub fn ticket(
    action: &ActionId,
    standing: Option<&Standing>,
    until: Option<Timestamp>,
    now: Timestamp,
) -> String {
    let mut text = format!("waits for approval as {action}");
    if let Some(standing) = standing.filter(|standing| !standing.is_met()) {
        text.push_str(": ");
        text.push_str(&needs(standing));
    }
    if let Some(until) = until {
        let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
        let form = if day(until) == day(now) { "%H:%M UTC" } else { "%Y-%m-%d %H:%M UTC" };
        text = format!("{text}; expires {}", until.strftime(form));
    }
    text.push_str("; make the very same call again once it is approved");
    text
}

/// `needs 2 approvals, one of them by senior (ines, rowan)`.
fn needs(standing: &Standing) -> String {
    let left = left(standing);
    let approvals = if left == 1 { "approval" } else { "approvals" };
    let mut text = if standing.agreed.is_empty() {
        format!("needs {left} {approvals}")
    } else {
        format!("needs {left} more {approvals} of {}", standing.needed)
    };
    for missing in &standing.missing {
        let Missing::Group { group, members } = missing else { continue };
        let members = if members.is_empty() {
            "nobody is in that group".to_owned()
        } else {
            members.join(", ")
        };
        let by = if left == 1 { "by" } else { "one of them by" };
        text = format!("{text}, {by} {group} ({members})");
    }
    text
}

/// How many people have to agree who have not. One person can stand for several groups, but never
/// for two approvals.
fn left(standing: &Standing) -> u32 {
    let here = u32::try_from(standing.agreed.len()).unwrap_or(u32::MAX);
    let groups = u32::try_from(standing.missing.len()).unwrap_or(u32::MAX);
    standing.needed.saturating_sub(here).max(groups.min(standing.needed))
}

#[cfg(test)]
mod tests {
    use super::{expires_in, ticket, waiting_for};
    use crate::{
        domain::{ActionId, Reviewer, Untrusted},
        trust::{Missing, Standing},
    };
    use jiff::Timestamp;
    use std::time::Duration;

    fn standing(agreed: &[&str], needed: u32, missing: &[Missing]) -> Standing {
        let agreed = agreed.iter().map(|&name| Reviewer(Untrusted::new(name))).collect();
        Standing {
            agreed,
            needed,
            missing: missing.to_vec(),
            signed: true,
            rejected: None,
            broken: None,
            void: Vec::new(),
        }
    }

    fn senior() -> Missing {
        let members = vec!["ines".to_owned(), "rowan".to_owned()];
        Missing::Group { group: "senior".into(), members }
    }

    fn people(count: u32) -> Missing {
        Missing::People { count, members: Vec::new() }
    }

    #[test]
    fn who_is_missing_is_told() {
        let of = |agreed: &[&str], needed, missing: &[Missing]| {
            waiting_for(&standing(agreed, needed, missing))
        };
        let both = of(&[], 2, &[senior(), people(1)]);
        assert_eq!(both, "waiting for 2 of 2: one of senior and one more person");
        assert_eq!(of(&["bo"], 2, &[senior()]), "waiting for 1 of 2: one of senior");
        assert_eq!(of(&["bo", "al"], 2, &[senior()]), "waiting for 1 of 2: one of senior");
        assert_eq!(of(&[], 1, &[people(1)]), "waiting for 1 of 1: one more person");
    }

    #[test]
    fn what_is_left_is_told_in_few_words() {
        assert_eq!(expires_in(Duration::from_mins(27)), "expires in 27 min");
        assert_eq!(expires_in(Duration::from_secs(42)), "expires in 42 s");
        assert_eq!(expires_in(Duration::from_hours(3)), "expires in 3 h");
    }

    #[test]
    fn a_ticket_says_who_has_to_agree_and_until_when() {
        let id: ActionId = "a-0123456789".parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (now, until) = (at("2026-11-20T14:02:00Z"), at("2026-11-20T14:32:00Z"));
        let told = |standing: Option<&Standing>, until| ticket(&id, standing, until, now);
        let two = standing(&[], 2, &[senior(), people(1)]);
        assert_eq!(
            told(Some(&two), Some(until)),
            "waits for approval as a-0123456789: needs 2 approvals, one of them by senior (ines, \
             rowan); expires 14:32 UTC; make the very same call again once it is approved"
        );
        let last = standing(&["bo"], 2, &[senior()]);
        let told_last = told(Some(&last), Some(at("2026-11-21T00:02:00Z")));
        assert!(told_last.contains(": needs 1 more approval of 2, by senior (ines, rowan); "));
        assert!(told_last.contains("; expires 2026-11-21 00:02 UTC; "), "{told_last}");
        let nobody = Missing::Group { group: "dba".into(), members: Vec::new() };
        let nobody = standing(&[], 1, &[nobody]);
        assert!(
            told(Some(&nobody), None).contains("1 approval, by dba (nobody is in that group);")
        );
        assert_eq!(
            told(None, None),
            "waits for approval as a-0123456789; make the very same call again once it is approved"
        );
    }
}
