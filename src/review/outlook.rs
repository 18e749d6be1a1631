//! How far an action is, with the eyes of whoever decides here.

use super::Review;
use crate::{
    domain::Subject,
    store::ActionRow,
    trust::{Account, Asked, Outlook},
};
use jiff::Timestamp;

impl Review {
    /// How far an action is, who is missing, and what an approval given here would come to.
    pub fn outlook(&self, row: &ActionRow, now: Timestamp) -> Outlook {
        let at_gate = matches!(row.subject, Subject::Command { .. } | Subject::Call { .. });
        let counting = row.counting(now);
        let asked = Asked {
            action: &row.id,
            ruling: row.ruling.as_ref(),
            digest: row.digest,
            decisions: &counting,
            since: at_gate.then_some(row.opened),
            account: Account::behind(&row.source, &row.requester),
            here: self.rules().policy.as_ref().map(|policy| policy.id()),
        };
        Outlook::of(asked, self.reviewer(), &self.rules().reviewers.now(), now)
    }
}
