//! The calls that a real account or organisation would receive for an order.

use super::SEAL_POLICY;
use crate::domain::{Call, OrderKind, SecretScope, Untrusted, Verdict};

fn call(operation: impl Into<String>, parameters: &[(&str, &str)]) -> Call {
    Call {
        operation: Untrusted::new(operation),
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Untrusted::new(*value)))
            .collect(),
    }
}

/// What is sent for `order`. None of it leaves the embedded world; it is shown so that a preview
/// there reads like a preview anywhere.
pub(super) fn of(order: &OrderKind) -> Vec<Call> {
    vec![match order {
        OrderKind::SetAccessKey { user, key_id, active } => call(
            "iam:UpdateAccessKey",
            &[
                ("UserName", user),
                ("AccessKeyId", key_id),
                ("Status", if *active { "Active" } else { "Inactive" }),
            ],
        ),
        OrderKind::SealRole { role } => call(
            "iam:PutRolePolicy",
            &[("RoleName", role), ("PolicyName", SEAL_POLICY), ("PolicyDocument", "Deny * on *")],
        ),
        OrderKind::UnsealRole { role } => {
            call("iam:DeleteRolePolicy", &[("RoleName", role), ("PolicyName", SEAL_POLICY)])
        }
        OrderKind::ReviewPullRequest { repo, number, commit_id, verdict, body } => call(
            format!("POST /repos/{repo}/pulls/{number}/reviews"),
            &[
                ("commit_id", commit_id),
                (
                    "event",
                    match verdict {
                        Verdict::Approve => "APPROVE",
                        Verdict::Reject => "REQUEST_CHANGES",
                    },
                ),
                ("body", body.raw()),
            ],
        ),
        OrderKind::ReviewDeployment { repo, run_id, environment_ids, verdict, comment } => {
            let ids: Vec<String> = environment_ids.iter().map(u64::to_string).collect();
            call(
                format!("POST /repos/{repo}/actions/runs/{run_id}/pending_deployments"),
                &[
                    ("environment_ids", &ids.join(", ")),
                    (
                        "state",
                        match verdict {
                            Verdict::Approve => "approved",
                            Verdict::Reject => "rejected",
                        },
                    ),
                    ("comment", comment.raw()),
                ],
            )
        }
        OrderKind::DeleteDeployKey { repo, key, .. } => {
            call(format!("DELETE /repos/{repo}/keys/{key}"), &[])
        }
        OrderKind::DeleteActionsSecret { scope, name } => call(
            match scope {
                SecretScope::Org { org } => format!("DELETE /orgs/{org}/actions/secrets/{name}"),
                SecretScope::Repo { repo } => {
                    format!("DELETE /repos/{repo}/actions/secrets/{name}")
                }
                SecretScope::Environment { repo, environment } => {
                    format!("DELETE /repos/{repo}/environments/{environment}/secrets/{name}")
                }
            },
            &[],
        ),
        OrderKind::AnswerCommand { .. } => return Vec::new(),
    }]
}
