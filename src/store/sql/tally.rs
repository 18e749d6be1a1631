//! How far an action is by the store's own count: how many different people, not who they are.
//!
//! ```text
//!   ruling (as decided upon) + decisions that count ──▶ Tally ──▶ forbids │ too_few │ (1 of 2)
//! ```
//!
//! Groups are for whoever holds the roster to check, in `enough`. What is counted here holds
//! whatever `enough` says: a boundary is never approved, and two approvals are two people.

use super::{
    actions,
    db::{Db, query},
    intake::Summary,
    trouble::Trouble,
    values::from_json,
};
use crate::{
    domain::{
        ActionId, Decision, Digest, Leave, Requirement, Reviewer, Ruling, Statement, Verdict,
    },
    store::model::Fresh,
};
use jiff::Timestamp;
use std::collections::HashSet;

/// The decisions that count, and what they are measured by.
pub(super) struct Tally {
    decisions: Vec<Decision>,
    ruling: Option<Ruling>,
}

impl Tally {
    /// How far an action is.
    pub(super) async fn of(db: &mut Db, id: &ActionId, now: Timestamp) -> Result<Self, Trouble> {
        let row = query("SELECT digest, summary FROM actions WHERE id = $1")
            .bind(id.as_str())
            .fetch_one(&mut *db)
            .await?;
        let digest: Digest = row.try_get::<&str>(0)?.parse()?;
        let Summary { ruling, .. } = from_json(row.try_get(1)?)?;
        let mut decided = actions::of_one(db, id).await?;
        let fresh = Fresh { digest, ruling: ruling.as_ref(), now };
        let mut decisions = decided.decisions.split_off(decided.spent.len());
        decisions.retain(|decision| fresh.counts(decision));
        Ok(Self { decisions, ruling })
    }

    /// How far it is with one more decision, which comes last.
    pub(super) async fn with(db: &mut Db, new: &Decision) -> Result<Self, Trouble> {
        let mut tally = Self::of(db, &new.action, new.at).await?;
        tally.decisions.push(new.clone());
        Ok(tally)
    }

    pub(super) fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    pub(super) fn requirement(&self) -> Option<&Requirement> {
        self.ruling.as_ref().and_then(Ruling::requirement)
    }

    /// Why nobody may decide so, if nobody may.
    pub(super) fn forbids(&self, verdict: Verdict) -> Option<String> {
        match (verdict, &self.ruling.as_ref()?.leave) {
            (Verdict::Approve, Leave::Boundary { rule, because }) => {
                Some(format!("{because} (boundary `{rule}`)"))
            }
            (Verdict::Approve, Leave::Refused { because }) => Some(because.to_string()),
            _ => None,
        }
    }

    /// Whether the last decision is by somebody whose earlier one counts still.
    ///
    /// One that was given under another policy or roster, or unsigned where this one is signed,
    /// counts for nobody, and does not keep its reviewer from deciding anew.
    pub(super) fn is_repeated(&self) -> bool {
        let rules = |decision: &Decision| {
            let signed = decision.signed.as_ref()?;
            let statement = serde_json::from_str::<Statement>(&signed.statement).ok()?;
            Some((statement.policy, statement.roster))
        };
        self.decisions.split_last().is_some_and(|(last, before)| {
            let theirs = before.iter().filter(|decision| decision.reviewer == last.reviewer);
            theirs.map(rules).any(|before| before == rules(last))
        })
    }

    /// Why the approvals are not enough, whoever gave them.
    pub(super) fn too_few(&self) -> Option<String> {
        let rejected = self.decisions.last().is_some_and(|last| last.verdict == Verdict::Reject);
        let (here, needed) = (self.approvals(), self.needed());
        (!rejected && here < needed).then(|| format!("it has {here} of {needed} approvals"))
    }

    fn approvals(&self) -> usize {
        let approvals = self.decisions.iter().filter(|one| one.verdict == Verdict::Approve);
        approvals.map(|one| &one.reviewer).collect::<HashSet<&Reviewer>>().len()
    }

    fn needed(&self) -> usize {
        self.requirement()
            .map_or(1, |asked| usize::try_from(asked.approvals).unwrap_or(usize::MAX))
            .max(1)
    }

    /// `1 of 2; `, where more than one has to agree.
    pub(super) fn of_how_many(&self, verdict: Verdict) -> String {
        match (verdict, self.needed()) {
            (Verdict::Approve, needed @ 2..) => format!("{} of {needed}; ", self.approvals()),
            _ => String::new(),
        }
    }

    /// ` (1 of 2 approvals)`, where somebody has agreed.
    pub(super) fn so_far(&self) -> String {
        match self.approvals() {
            0 => String::new(),
            here => format!(" ({here} of {} approvals)", self.needed()),
        }
    }
}
