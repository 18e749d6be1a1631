//! What waits for a decision.

use super::{Cell, Column, Ink, Report, Table, ruling, words};
use crate::{
    domain::{
        ActionId, ActionState, Decision, Digest, OrderId, Reviewer, Ruling, Signed, SourceName,
        Subject, Target, ToolMatch, Untrusted, Verdict,
    },
    store::ActionRow,
    trust::{Outlook, Proof, Standing},
};
use jiff::Timestamp;
use serde::Serialize;

/// The queue.
pub struct Queue {
    rows: Vec<(ActionRow, Outlook)>,
    now: Timestamp,
}

impl Queue {
    /// Actions as the store lists them, each with how far it is.
    pub fn new(rows: Vec<(ActionRow, Outlook)>, now: Timestamp) -> Self {
        Self { rows, now }
    }

    fn table(&self) -> Table {
        let mut table = Table::new(&[
            Column::new("id", 12),
            Column::new("state", 7),
            Column::new("agreed", 6),
            Column::or_leave_out("kind", 10, 4),
            Column::or_leave_out("tool", 10, 1),
            Column::new("target", 10),
            Column::or_leave_out("environment", 4, 2),
            Column::or_leave_out("age", 4, 5),
            Column::or_leave_out("size", 5, 6),
            Column::or_leave_out("digest", 12, 3),
            Column::new("title", 12),
        ]);
        table.rows = self
            .rows
            .iter()
            .map(|(row, outlook)| {
                vec![
                    Cell::own(row.id.as_str()),
                    words::state(row.state, row.stale),
                    if row.state == ActionState::Pending {
                        ruling::standing(outlook)
                    } else {
                        Cell::default()
                    },
                    Cell::own(words::subject_kind(&row.subject)),
                    Cell::own(words::holders(std::slice::from_ref(&row.tool))),
                    Cell::outside(&row.target.name),
                    words::environment(row.target.environment),
                    words::when(row.opened, self.now),
                    Cell::own(format!("+{} -{}", row.additions, row.deletions)),
                    Cell::own(row.digest.short()),
                    Cell::outside(&row.title),
                ]
            })
            .collect();
        table
    }
}

impl Report for Queue {
    fn human(&self, ink: Ink) -> String {
        if self.rows.is_empty() {
            return "nothing waits\n".to_owned();
        }
        let table = self.table();
        format!("{}{}", table.text(ink), table.left_out_line(ink))
    }

    fn name(&self) -> &'static str {
        "queue"
    }

    fn body(&self) -> impl Serialize + '_ {
        let actions = self.rows.iter().map(|(row, outlook)| ActionView::of(row, outlook));
        Body { actions: actions.collect() }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    actions: Vec<ActionView<'a>>,
}

/// An action in JSON.
#[derive(Serialize)]
pub(super) struct ActionView<'a> {
    id: &'a ActionId,
    source: &'a SourceName,
    state: ActionState,
    stale: bool,
    digest: Digest,
    subject: &'a Subject,
    tool: &'a ToolMatch,
    requester: &'a Untrusted,
    title: &'a Untrusted,
    target: &'a Target,
    opened: Timestamp,
    additions: u64,
    deletions: u64,
    files: u64,
    checks: ChecksView,
    first_seen: Timestamp,
    last_seen: Timestamp,
    decisions: Vec<DecisionView<'a>>,
    spent: &'a [OrderId],
    #[serde(skip_serializing_if = "Option::is_none")]
    ruling: Option<&'a Ruling>,
    standing: &'a Standing,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

/// A decision, and what proves whose it is.
#[derive(Serialize)]
struct DecisionView<'a> {
    action: &'a ActionId,
    digest: Digest,
    verdict: Verdict,
    reviewer: &'a Reviewer,
    reason: &'a Untrusted,
    at: Timestamp,
    signed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<&'a Signed>,
}

impl<'a> DecisionView<'a> {
    fn of(decision: &'a Decision) -> Self {
        let proof = Proof::of(decision);
        Self {
            action: &decision.action,
            digest: decision.digest,
            verdict: decision.verdict,
            reviewer: &decision.reviewer,
            reason: &decision.reason,
            at: decision.at,
            signed: proof.is_signed(),
            key: match proof {
                Proof::Signed { key, .. } => Some(key.to_string()),
                Proof::Unsigned | Proof::Broken(_) => None,
            },
            proof: decision.signed.as_ref(),
        }
    }
}

#[derive(Serialize)]
struct ChecksView {
    running: u64,
    passed: u64,
    failed: u64,
}

impl<'a> ActionView<'a> {
    pub(super) fn of(row: &'a ActionRow, outlook: &'a Outlook) -> Self {
        let (running, passed, failed) = row.checks;
        Self {
            id: &row.id,
            source: &row.source,
            state: row.state,
            stale: row.stale,
            digest: row.digest,
            subject: &row.subject,
            tool: &row.tool,
            requester: &row.requester,
            title: &row.title,
            target: &row.target,
            opened: row.opened,
            additions: row.additions,
            deletions: row.deletions,
            files: row.files,
            checks: ChecksView { running, passed, failed },
            first_seen: row.first_seen,
            last_seen: row.last_seen,
            decisions: row.decisions.iter().map(DecisionView::of).collect(),
            spent: &row.spent,
            ruling: row.ruling.as_ref(),
            standing: &outlook.standing,
            expires_at: outlook.until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;
    use crate::report::{Ink, Report as _, json, samples};

    fn queue() -> Queue {
        let mut action = samples::action();
        action.title = "Tidy\u{1b}[2J up \u{202e}nothing".into();
        let row = samples::action_row(&action);
        let outlook = samples::outlook(&row);
        Queue::new(vec![(row, outlook)], samples::now())
    }

    #[test]
    fn a_hostile_title_is_shown_and_never_obeyed() {
        for colour in [false, true] {
            let shown = queue().human(Ink { width: Some(200), colour });
            assert!(!shown.contains("\u{1b}[2J"), "{shown}");
            assert!(!shown.contains('\u{202e}'), "{shown}");
            assert!(shown.contains("<U+202E>"), "{shown}");
        }
    }

    #[test]
    fn the_json_object_keeps_its_form() {
        insta::assert_snapshot!(json(&queue(), samples::now()).unwrap());
    }

    #[test]
    fn an_empty_queue_says_so() {
        assert_eq!(Queue::new(Vec::new(), samples::now()).human(Ink::default()), "nothing waits\n");
    }
}
