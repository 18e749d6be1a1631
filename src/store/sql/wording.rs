//! The sentences of history.

use crate::domain::{Credential, OrderKind, SourceFault, ToolMatch};

/// What a decision is about; nothing for other orders.
pub(super) fn decided(kind: &OrderKind) -> String {
    match kind {
        OrderKind::ReviewPullRequest { repo, number, commit_id, .. } => {
            let commit: String = commit_id.chars().take(12).collect();
            format!("{repo}#{number} at {commit}")
        }
        OrderKind::ReviewDeployment { repo, run_id, environment_ids, .. } => {
            let count = environment_ids.len();
            let noun = if count == 1 { "environment" } else { "environments" };
            format!("run {run_id} of {repo} for {count} {noun}")
        }
        OrderKind::AnswerCommand { .. } => "the command".to_owned(),
        _ => String::new(),
    }
}

/// What an order does, as one clause.
pub(super) fn order(kind: &OrderKind) -> String {
    match kind {
        OrderKind::ReviewPullRequest { verdict, .. }
        | OrderKind::ReviewDeployment { verdict, .. } => {
            format!("{} {}", verdict.ordered().word(), decided(kind))
        }
        OrderKind::AnswerCommand { verdict, .. } if verdict.lets() => "let the command run".into(),
        OrderKind::AnswerCommand { .. } => "refuse the command".into(),
        OrderKind::SetAccessKey { user, key_id, active: true } => {
            format!("switch access key {key_id} of {user} on")
        }
        OrderKind::SetAccessKey { user, key_id, active: false } => {
            format!("switch access key {key_id} of {user} off")
        }
        OrderKind::SealRole { role } => format!("seal role {role}"),
        OrderKind::UnsealRole { role } => format!("unseal role {role}"),
        OrderKind::DeleteDeployKey { repo, key, title, .. } => {
            format!("delete deploy key {key} ({}) of {repo}", title.raw())
        }
        OrderKind::DeleteActionsSecret { name, .. } => format!("delete Actions secret {name}"),
    }
}

/// A credential by kind, label and principal.
pub(super) fn credential(credential: &Credential) -> String {
    format!(
        "{} {} of {}",
        credential.kind(),
        credential.label.raw(),
        credential.principal.name.raw()
    )
}

/// Who holds it, as the end of a sentence.
pub(super) fn holders(holders: &[ToolMatch]) -> String {
    if holders.is_empty() {
        return "held by no AI tool we know".into();
    }
    let names: Vec<&str> = holders.iter().map(|holder| holder.name.as_str()).collect();
    format!("held by {}", names.join(", "))
}

/// What is different in a way a person would want to be told; `None` when only small print moved.
pub(super) fn difference(old: &Credential, new: &Credential) -> Option<String> {
    let mut parts = Vec::new();
    if old.status != new.status {
        parts.push(format!("{} → {}", old.status, new.status));
    }
    if old.environment != new.environment {
        parts.push(format!("environment {} → {}", old.environment, new.environment));
    }
    let gained = new.grants.iter().filter(|grant| !old.grants.contains(grant));
    parts.extend(gained.map(|grant| format!("gained {}", grant.raw())));
    let lost = old.grants.iter().filter(|grant| !new.grants.contains(grant));
    parts.extend(lost.map(|grant| format!("lost {}", grant.raw())));
    let tools = |of: &Credential| of.holders.iter().map(|h| h.tool.clone()).collect::<Vec<_>>();
    if tools(old) != tools(new) {
        parts.push(holders(&new.holders));
    }
    if parts.is_empty() {
        return None;
    }
    Some(format!("{}: {}", credential(new), parts.join(", ")))
}

/// A failure with the server's own words.
pub(super) fn fault(fault: &SourceFault) -> String {
    if fault.detail.is_empty() {
        return fault.to_string();
    }
    format!("{fault}: {}", fault.detail.raw())
}
