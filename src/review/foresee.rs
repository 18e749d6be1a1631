//! What a decision sends, said before it is sent.
//!
//! ```text
//!   action + verdict + reason ──▶ order_kind ──┬─▶ foresee ─▶ the calls a person is shown
//!                                              └─▶ decide  ─▶ the order that is carried out
//! ```
//!
//! Both come from one function, so that they differ in nothing but the order's id, which does not
//! exist before the order is given and is shown as `o-…`.

use super::Review;
use crate::{
    domain::{Action, Call, OrderId, OrderKind, Subject, Untrusted, Verdict},
    text::SafeText,
};

impl Review {
    /// The calls a decision would make, in order, as they will be sent; `o-…` stands for the id
    /// the order will get. Sends nothing. Empty where this host has no such source, and a decision
    /// would be refused.
    pub fn foresee(&self, action: &Action, verdict: Verdict, reason: &Untrusted) -> Vec<Call> {
        if let Subject::Command { host, pid, nonce, .. } = &action.subject {
            return vec![answer_to_process(host, *pid, nonce, verdict, reason)];
        }
        if let Subject::Call { host, tool, nonce, .. } = &action.subject {
            return vec![answer_to_call(host, tool, nonce, verdict, reason)];
        }
        let verdict = verdict.ordered();
        if let Subject::FollowUp { of, .. } = &action.subject {
            let said =
                if verdict == Verdict::Approve { "seen, and right" } else { "seen, and wrong" };
            let operation = format!("note of the break-glass for {of}: {said}");
            return vec![Call { operation: Untrusted::new(operation), parameters: Vec::new() }];
        }
        let order = self.order_kind(action, verdict, reason, None);
        self.source(&action.source).map(|source| source.calls(&order)).unwrap_or_default()
    }

    /// What a decision orders. Without an id the text a person will read at the source ends in
    /// the mark of an order that has none yet.
    pub(super) fn order_kind(
        &self,
        action: &Action,
        verdict: Verdict,
        reason: &Untrusted,
        id: Option<&OrderId>,
    ) -> OrderKind {
        match &action.subject {
            Subject::PullRequest { repo, number, head_sha, .. } => OrderKind::ReviewPullRequest {
                repo: repo.clone(),
                number: *number,
                commit_id: head_sha.clone(),
                verdict,
                body: self.review_text(id, reason),
            },
            Subject::Deployment { repo, run_id, environments, .. } => OrderKind::ReviewDeployment {
                repo: repo.clone(),
                run_id: *run_id,
                environment_ids: environments.iter().map(|environment| environment.id).collect(),
                verdict,
                comment: self.review_text(id, reason),
            },
            Subject::Command { nonce, .. } | Subject::Call { nonce, .. } => {
                OrderKind::AnswerCommand { nonce: nonce.clone(), verdict, reason: reason.clone() }
            }
            Subject::FollowUp { order, .. } => OrderKind::AnswerCommand {
                nonce: order.to_string(),
                verdict,
                reason: reason.clone(),
            },
        }
    }

    /// What the review says at the source. The order's id in it is how `fate` finds the review
    /// again after a crash, and an empty text would be refused.
    fn review_text(&self, id: Option<&OrderId>, reason: &Untrusted) -> Untrusted {
        let id = id.map_or("o-…", OrderId::as_str);
        let by = SafeText::line(&self.reviewer.0);
        let signature = format!("Countersign order {id} by {by}");
        let reason = reason.raw().trim();
        Untrusted::new(if reason.is_empty() {
            signature
        } else {
            format!("{reason}\n\n{signature}")
        })
    }
}

/// A process at the gate takes its answer from the store; nothing goes over the network.
fn answer_to_process(
    host: &Untrusted,
    pid: u32,
    nonce: &str,
    verdict: Verdict,
    reason: &Untrusted,
) -> Call {
    let operation = format!("answer the waiting process {pid} on {}", SafeText::line(host));
    answer(operation, nonce, verdict, reason)
}

/// An agent's call takes its answer from the store when it is made again.
fn answer_to_call(
    host: &Untrusted,
    tool: &Untrusted,
    nonce: &str,
    verdict: Verdict,
    reason: &Untrusted,
) -> Call {
    let (tool, host) = (SafeText::line(tool), SafeText::line(host));
    answer(format!("answer the call of {tool} on {host}"), nonce, verdict, reason)
}

fn answer(operation: String, nonce: &str, verdict: Verdict, reason: &Untrusted) -> Call {
    let answer = if verdict.lets() { "let it run, once" } else { "refuse it" };
    let mut parameters = vec![
        ("request".to_owned(), Untrusted::new(nonce)),
        ("answer".to_owned(), Untrusted::new(answer)),
    ];
    if !reason.raw().trim().is_empty() {
        parameters.push(("reason".to_owned(), reason.clone()));
    }
    Call { operation: Untrusted::new(operation), parameters }
}
