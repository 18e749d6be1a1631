//! The four writes this source can make, and what became of them.
//!
//! ```text
//!   OrderKind ──▶ Request: method, path, body ──┬──▶ calls(): what a person is shown
//!                                               └──▶ carry_out(): what is sent, once
//!     2xx ──▶ done     3xx 4xx ──▶ refused     5xx, no answer, not GitHub ──▶ unknown
//! ```

use super::{
    client::{Answer, Ask, Client, Sent, Session},
    fault, keys, pulls, secrets, wire,
};
use crate::config::secret::without_secrets;
use crate::domain::{
    Call, Fate, FaultKind, Order, OrderId, OrderKind, Outcome, Receipt, RepoName, SecretScope,
    SourceFault, Untrusted, Verdict,
};
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

/// One HTTP request, complete.
#[derive(Debug, Clone, PartialEq)]
struct Request {
    method: Method,
    path: String,
    body: Option<Value>,
}

/// The line by which a review is found again after a crash.
fn marker(order: Option<&OrderId>) -> String {
    format!("Countersign order {}", order.map_or("o-…", OrderId::as_str))
}

/// What a review says: the reviewer's words and, in plain sight, which order it carries out.
fn signed(words: &Untrusted, order: Option<&OrderId>) -> String {
    let words = words.raw().trim();
    match order {
        Some(id) if words.contains(id.as_str()) => words.to_owned(),
        None if words.contains("Countersign order o-") => words.to_owned(),
        _ if words.is_empty() => marker(order),
        _ => format!("{words}\n\n{}", marker(order)),
    }
}

fn request(kind: &OrderKind, order: Option<&OrderId>) -> Option<Request> {
    let request = match kind {
        OrderKind::ReviewPullRequest { repo, number, commit_id, verdict, body } => Request {
            method: Method::POST,
            path: format!("/repos/{repo}/pulls/{number}/reviews"),
            body: Some(json!({
                "commit_id": commit_id,
                "event": match verdict.ordered() {
                    Verdict::Approve => "APPROVE",
                    _ => "REQUEST_CHANGES",
                },
                "body": signed(body, order),
            })),
        },
        OrderKind::ReviewDeployment { repo, run_id, environment_ids, verdict, comment } => {
            Request {
                method: Method::POST,
                path: format!("/repos/{repo}/actions/runs/{run_id}/pending_deployments"),
                body: Some(json!({
                    "environment_ids": environment_ids,
                    "state": match verdict.ordered() {
                        Verdict::Approve => "approved",
                        _ => "rejected",
                    },
                    "comment": signed(comment, order),
                })),
            }
        }
        OrderKind::DeleteDeployKey { repo, key, .. } => Request {
            method: Method::DELETE,
            path: format!("/repos/{repo}/keys/{key}"),
            body: None,
        },
        OrderKind::DeleteActionsSecret { scope, name } => {
            Request { method: Method::DELETE, path: secrets::path_of(scope, name), body: None }
        }
        OrderKind::AnswerCommand { .. }
        | OrderKind::SetAccessKey { .. }
        | OrderKind::SealRole { .. }
        | OrderKind::UnsealRole { .. } => return None,
    };
    Some(request)
}

/// The documented name of the permission an order needs.
fn permission(kind: &OrderKind) -> Option<&'static str> {
    match kind {
        OrderKind::ReviewPullRequest { .. } => Some("Pull requests: write"),
        OrderKind::ReviewDeployment { .. } => Some("Deployments: write"),
        OrderKind::DeleteDeployKey { .. } => Some("Administration: write"),
        OrderKind::DeleteActionsSecret { scope, .. } => Some(match scope {
            SecretScope::Org { .. } => "Secrets: write (organization)",
            SecretScope::Repo { .. } => "Secrets: write",
            SecretScope::Environment { .. } => "Environments: write",
        }),
        _ => None,
    }
}

/// What an order sends, as a preview shows it. Before an order has its id, the line that will
/// carry it ends in `o-…`.
pub(in crate::sources) fn calls(kind: &OrderKind) -> Vec<Call> {
    request(kind, None)
        .map(|request| Call {
            operation: format!("{} {}", request.method, request.path).into(),
            parameters: match request.body {
                Some(Value::Object(fields)) => fields
                    .into_iter()
                    .map(|(name, value)| {
                        let value = match value {
                            Value::String(text) => text,
                            other => other.to_string(),
                        };
                        (name, value.into())
                    })
                    .collect(),
                _ => Vec::new(),
            },
        })
        .into_iter()
        .collect()
}

/// Sends an order, once.
pub(super) async fn carry_out(client: &Client, order: &Order) -> Result<Receipt, SourceFault> {
    let Some(request) = request(&order.kind, Some(&order.id)) else {
        return Err(SourceFault::new(
            FaultKind::Local,
            format!("order {}", order.id),
            "this source carries out no orders of this kind",
        ));
    };
    let session = client.session(true).await?;
    let during = format!("{} {}", request.method, request.path);
    let (outcome, answer) =
        match session.send(request.method.clone(), &request.path, request.body.as_ref()).await {
            Sent::Unsent(fault) => return Err(fault),
            Sent::Lost(fault) => {
                (Outcome::Unknown, format!("{during}: {}: {}", fault.kind, fault.detail.raw()))
            }
            Sent::Answered(status, answer) => judge(&order.kind, &during, status, &answer),
        };
    Ok(Receipt { order: order.id.clone(), outcome, answer: answer.into(), at: Timestamp::now() })
}

fn judge(kind: &OrderKind, during: &str, status: StatusCode, answer: &Answer) -> (Outcome, String) {
    let request_id = answer
        .headers
        .get("x-github-request-id")
        .and_then(|value| value.to_str().ok())
        .map_or_else(String::new, |id| format!(", request {id}"));
    if status.is_success() {
        return match understood(kind, status, answer) {
            Ok(words) => (Outcome::Done, without_secrets(&format!("{status}{words}{request_id}"))),
            Err(why) => (
                Outcome::Unknown,
                without_secrets(&format!("{during}: {status}, but {why}{request_id}")),
            ),
        };
    }
    let fault = fault::of_answer(during, status, &answer.headers, &answer.body, permission(kind));
    let next = fault
        .missing_permission
        .as_ref()
        .map_or_else(String::new, |_| format!("; {}", fault.next_step()));
    let words = format!("{}{next}{request_id}", fault.detail.raw());
    let refused = (status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT)
        || status.is_redirection();
    (if refused { Outcome::Refused } else { Outcome::Unknown }, words)
}

/// What a good answer says, if it is GitHub's answer to this order at all: a proxy's page with
/// status 200 is none, and neither is a review of another commit or with another verdict.
fn understood(kind: &OrderKind, status: StatusCode, answer: &Answer) -> Result<String, String> {
    const NOT_GITHUBS: &str = "the answer is not one of GitHub's";
    match kind {
        OrderKind::ReviewPullRequest { commit_id, verdict, .. } => {
            let review: wire::Review =
                serde_json::from_slice(&answer.body).map_err(|_| NOT_GITHUBS)?;
            let commit = review.commit_id.as_deref().unwrap_or("an unnamed commit");
            let words = format!("review {} {} of {commit}", review.id, review.state);
            let ordered = match verdict.ordered() {
                Verdict::Approve => "APPROVED",
                _ => "CHANGES_REQUESTED",
            };
            if review.state == ordered && review.commit_id.as_ref().is_none_or(|c| c == commit_id) {
                Ok(format!(", {words}"))
            } else {
                Err(format!("it tells of another review than the one ordered: {words}"))
            }
        }
        OrderKind::ReviewDeployment { environment_ids, .. } => {
            let made: Vec<Value> = serde_json::from_slice(&answer.body).map_err(|_| NOT_GITHUBS)?;
            Ok(format!(
                ", {} environment(s) reviewed, {} deployment(s) answered",
                environment_ids.len(),
                made.len()
            ))
        }
        _ if status == StatusCode::NO_CONTENT && answer.body.is_empty() => Ok(String::new()),
        _ => Err(NOT_GITHUBS.to_owned()),
    }
}

/// Asks GitHub whether an order took effect.
pub(super) async fn fate(
    session: &Session<'_>,
    reader: &pulls::Reader<'_>,
    order: &Order,
) -> Result<Fate, SourceFault> {
    match &order.kind {
        OrderKind::ReviewPullRequest { repo, number, commit_id, .. } => {
            let (reviews, fault) = reader.all_reviews(repo, *number).await;
            let ours = reviews.iter().find(|review| {
                review.body.as_deref().is_some_and(|body| body.contains(order.id.as_str()))
            });
            match (ours.map(|review| review.commit_id.as_deref()), fault) {
                (Some(Some(other)), _) if other != commit_id => Ok(Fate::Unknown),
                (Some(_), _) => Ok(Fate::Done),
                (None, None) => Ok(Fate::NotDone),
                (None, Some(fault)) => Err(fault),
            }
        }
        OrderKind::ReviewDeployment { repo, run_id, environment_ids, .. } => {
            deployment_fate(session, repo, *run_id, environment_ids, &order.id).await
        }
        OrderKind::DeleteDeployKey { repo, key, .. } => {
            // The listing, not the key: a repository hidden from us also answers 404.
            let ask = Ask::json(format!("/repos/{repo}/keys?per_page=100")).needs(keys::PERMISSION);
            let listing = session.pages::<Vec<wire::DeployKey>>(&ask).await;
            gone_or(listing.items.iter().any(|one| one.id == *key), listing.fault)
        }
        OrderKind::DeleteActionsSecret { scope, name } => {
            let ask = Ask::json(format!("{}?per_page=100", secrets::path(scope)))
                .needs(secrets::permission(scope));
            let listing = session.pages::<wire::Secrets>(&ask).await;
            let there = listing.items.iter().any(|one| one.name.eq_ignore_ascii_case(name));
            gone_or(there, listing.fault)
        }
        _ => Ok(Fate::Unknown),
    }
}

fn gone_or(there: bool, fault: Option<SourceFault>) -> Result<Fate, SourceFault> {
    match (there, fault) {
        (true, _) => Ok(Fate::NotDone),
        (false, None) => Ok(Fate::Done),
        (false, Some(fault)) => Err(fault),
    }
}

async fn deployment_fate(
    session: &Session<'_>,
    repo: &RepoName,
    run_id: u64,
    environment_ids: &[u64],
    order: &OrderId,
) -> Result<Fate, SourceFault> {
    let ask =
        Ask::json(format!("/repos/{repo}/actions/runs/{run_id}/approvals")).needs("Actions: read");
    let approvals: Vec<wire::Approval> = session.json(&ask).await?;
    if approvals.iter().any(|approval| approval.comment.contains(order.as_str())) {
        return Ok(Fate::Done);
    }
    let pending = super::deployments::pending(session, repo, run_id).await?;
    let all_wait = environment_ids.iter().all(|id| pending.iter().any(|one| one.id == *id));
    // Nobody's approval names the order, yet the run moved on: it may have been cancelled, or
    // the history may lag. Only a person can tell.
    Ok(if all_wait { Fate::NotDone } else { Fate::Unknown })
}

#[cfg(test)]
mod tests {
    use super::{calls, judge, request, signed};
    use crate::{
        domain::{OrderId, OrderKind, Outcome, SecretScope, Untrusted, Verdict},
        sources::github::client::Answer,
    };
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};
    use serde_json::json;

    fn review() -> OrderKind {
        OrderKind::ReviewPullRequest {
            repo: "acme/shop".parse().unwrap(),
            number: 7,
            commit_id: "abc".into(),
            verdict: Verdict::Reject,
            body: Untrusted::new("drops the table"),
        }
    }

    fn judged(kind: &OrderKind, status: u16, body: &'static str) -> Outcome {
        let answer =
            Answer { headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) };
        judge(kind, "POST /x", StatusCode::from_u16(status).unwrap(), &answer).0
    }

    #[test]
    fn what_is_shown_is_what_is_sent() {
        let call = calls(&review()).remove(0);
        assert_eq!(call.operation.raw(), "POST /repos/acme/shop/pulls/7/reviews");
        let sent = request(&review(), None).unwrap().body.unwrap();
        for (name, value) in &call.parameters {
            assert_eq!(sent[name].as_str().unwrap(), value.raw());
        }
        assert_eq!(call.parameters.len(), sent.as_object().unwrap().len());
        assert_eq!(
            (&sent["commit_id"], &sent["event"]),
            (&"abc".into(), &"REQUEST_CHANGES".into())
        );
    }

    #[test]
    fn a_deployment_review_names_the_environments_and_nothing_else() {
        let kind = OrderKind::ReviewDeployment {
            repo: "acme/shop".parse().unwrap(),
            run_id: 88,
            environment_ids: vec![31, 47],
            verdict: Verdict::Approve,
            comment: Untrusted::default(),
        };
        let sent = request(&kind, None).unwrap();
        assert_eq!(sent.path, "/repos/acme/shop/actions/runs/88/pending_deployments");
        let expected = json!({
            "environment_ids": [31, 47], "state": "approved", "comment": "Countersign order o-…",
        });
        assert_eq!(sent.body, Some(expected));
    }

    #[test]
    fn a_review_carries_its_order_once() {
        let id = OrderId::derive(&["x"]);
        let words = signed(&"no".into(), Some(&id));
        assert_eq!(words, format!("no\n\nCountersign order {id}"));
        assert_eq!(signed(&Untrusted::new(&*words), Some(&id)), words);
        assert_eq!(signed(&Untrusted::new(&*words), None), words);
        assert_eq!(signed(&Untrusted::default(), Some(&id)), format!("Countersign order {id}"));
    }

    #[test]
    fn only_an_answer_that_is_githubs_counts_as_done() {
        let good = r#"{"id":80,"state":"CHANGES_REQUESTED","commit_id":"abc"}"#;
        assert_eq!(judged(&review(), 200, good), Outcome::Done);
        assert_eq!(judged(&review(), 200, "<html>sign in</html>"), Outcome::Unknown);
        let of_another = r#"{"id":80,"state":"CHANGES_REQUESTED","commit_id":"def"}"#;
        assert_eq!(judged(&review(), 200, of_another), Outcome::Unknown);
        let another = r#"{"id":80,"state":"APPROVED","commit_id":"abc"}"#;
        assert_eq!(judged(&review(), 200, another), Outcome::Unknown);
        for status in [301, 307, 400, 401, 403, 404, 409, 422, 429] {
            assert_eq!(judged(&review(), status, "{}"), Outcome::Refused, "{status}");
        }
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(judged(&review(), status, "{}"), Outcome::Unknown, "{status}");
        }
        let delete = OrderKind::DeleteActionsSecret {
            scope: SecretScope::Org { org: "acme".into() },
            name: "KEY".into(),
        };
        assert_eq!(judged(&delete, 204, ""), Outcome::Done);
        assert_eq!(judged(&delete, 200, "<html>"), Outcome::Unknown);
    }

    #[test]
    fn orders_of_other_systems_are_not_ours() {
        assert!(calls(&OrderKind::SealRole { role: "x".into() }).is_empty());
    }
}
