//! Who may do what: roles, members and policies of AWS, Google, Azure and Kubernetes.

use super::{
    settings::{Named, Subject},
    types::How,
};
use crate::{
    classify::{
        Judge,
        tree::{self, Node},
    },
    domain::Span,
};
use std::borrow::Borrow;

/// Whether an attribute of that name may give power or reach.
pub fn gives_power(name: &str) -> bool {
    is_policy(name)
        || matches!(
            name,
            "assume_role_policy_document"
                | "policies"
                | "managed_policy_arns"
                | "security_group_ingress"
                | "cidr_ip"
                | "cidr_ipv6"
                | "public_access_block_configuration"
        )
}

/// Whether an attribute of that name is a policy.
pub fn is_policy(name: &str) -> bool {
    matches!(
        name,
        "policy"
            | "assume_role_policy"
            | "policy_data"
            | "policy_document"
            | "key_policy"
            | "access_policy"
            | "access_policies"
            | "resource_policy"
            | "repository_policy"
    )
}

/// Roles that are as good as everything.
fn is_power(name: &str, value: &str) -> bool {
    let last = value.rsplit('/').next().unwrap_or(value);
    match name {
        "policy_arn" | "managed_policy_arns" | "policies" => matches!(
            last,
            "AdministratorAccess"
                | "PowerUserAccess"
                | "IAMFullAccess"
                | "AWSAccountManagementFullAccess"
        ),
        "role" | "roles" => {
            value.starts_with("roles/")
                && (matches!(last, "owner" | "editor" | "iam.securityAdmin")
                    || last.to_ascii_lowercase().ends_with("admin"))
        }
        "role_definition_name" => matches!(
            value,
            "Owner"
                | "Contributor"
                | "User Access Administrator"
                | "Role Based Access Control Administrator"
        ),
        "name" => value == "cluster-admin",
        "permission" => matches!(value, "admin" | "maintain"),
        _ => false,
    }
}

/// Whoever has no account at all, or any.
fn is_everybody(name: &str, value: &str) -> bool {
    matches!(name, "member" | "members") && matches!(value, "allUsers" | "allAuthenticatedUsers")
        || name == "principal" && value == "*"
}

/// Judges who may do what because of an attribute.
pub fn power(
    subject: &Subject<'_>,
    named: &Named<'_>,
    was: Option<&Node<'_>>,
    is: &Node<'_>,
    judge: &mut Judge<'_>,
) {
    if was.is_some_and(|was| was.same(is)) {
        return;
    }
    let Named { name, shown, at, .. } = *named;
    let before: Vec<&str> = was.map(texts).unwrap_or_default();
    for value in texts(is).into_iter().filter(|value| !before.contains(value)) {
        if is_everybody(name, value) {
            subject.found(How::Reveals, at, format!("{shown}: everybody gets in"), judge);
        } else if is_power(name, value) {
            subject.found(How::Grants, at, format!("take {shown} back"), judge);
        } else if is_document(value) {
            let Ok(policy) = tree::json(value) else {
                judge.opaque(at, format!("the policy in {shown} cannot be read"));
                continue;
            };
            let old = before.iter().filter(|value| is_document(value));
            let old: Vec<Node<'_>> = old.filter_map(|value| tree::json(value).ok()).collect();
            policy_in(subject, shown, [&old, &[policy]], at, judge);
        }
    }
    if name == "verbs" && is.list().iter().any(|verb| verb.text() == Some("*")) {
        subject.found(How::Grants, at, "name the verbs it needs".to_owned(), judge);
    }
}

/// A text, or the texts of a list.
fn texts<'n>(node: &'n Node<'_>) -> Vec<&'n str> {
    std::iter::once(node).chain(node.list()).filter_map(Node::text).collect()
}

/// Whether a text is a policy.
fn is_document(value: &str) -> bool {
    value.trim_start().starts_with('{')
        && (value.contains("\"Statement\"") || value.contains("\"bindings\""))
}

/// Policies written out in a resource, at any depth.
pub fn policies<'n, 'a>(node: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
    if node.get("Statement").is_some() {
        found.push(node);
        return;
    }
    for (_, value) in node.entries() {
        policies(value, found);
    }
    for item in node.list() {
        policies(item, found);
    }
}

/// Judges what policies give that those from before did not.
pub fn policy_in<'a>(
    subject: &Subject<'_>,
    name: &str,
    [before, after]: [&[impl Borrow<Node<'a>>]; 2],
    at: Span,
    judge: &mut Judge<'_>,
) {
    let old: Vec<&Node<'_>> =
        before.iter().flat_map(|policy| statements(policy.borrow())).collect();
    for statement in after.iter().flat_map(|policy| statements(policy.borrow())) {
        if old.iter().any(|old| old.same(statement)) {
            continue;
        }
        for (everybody, says) in gives(statement) {
            let (how, says) = if everybody {
                (How::Reveals, format!("{name}: {says}"))
            } else {
                (How::Grants, format!("{says} by {name}: take that back"))
            };
            subject.found(how, at, says, judge);
        }
    }
}

/// What AWS calls statements and Google bindings.
fn statements<'n, 'a>(policy: &'n Node<'a>) -> impl Iterator<Item = &'n Node<'a>> {
    one_or_more(policy.get("Statement")).chain(one_or_more(policy.get("bindings")))
}

fn one_or_more<'n, 'a>(node: Option<&'n Node<'a>>) -> impl Iterator<Item = &'n Node<'a>> {
    let own = node.into_iter().filter(|node| node.list().is_empty());
    own.chain(node.into_iter().flat_map(Node::list))
}

/// What a statement gives that it better would not: whether everybody gets it, and the words.
fn gives(statement: &Node<'_>) -> Vec<(bool, &'static str)> {
    let mut found = Vec::new();
    let mut members = one_or_more(statement.get("members")).filter_map(Node::text);
    if members.any(|member| is_everybody("members", member)) {
        found.push((true, "everybody is let in"));
    }
    if statement.text_of("role").is_some_and(|role| is_power("role", role)) {
        found.push((false, "a role that may do everything is given"));
    }
    if statement.text_of("Effect") != Some("Allow") {
        return found;
    }
    let principal = statement.get("Principal");
    let named = one_or_more(principal)
        .chain(one_or_more(principal.and_then(|principal| principal.get("AWS"))));
    let everybody = named.filter_map(Node::text).any(|name| name == "*")
        || statement.get("NotPrincipal").is_some();
    let conditional = statement.get("Condition").is_some_and(|node| !node.is_empty());
    if everybody && !conditional {
        found.push((true, "everybody is let in"));
    } else if everybody {
        found.push((false, "everybody is let in who meets a condition"));
    }
    let mut actions = one_or_more(statement.get("Action")).filter_map(Node::text);
    let wide = |action: &str| matches!(action.to_ascii_lowercase().as_str(), "*" | "*:*" | "iam:*");
    let all = one_or_more(statement.get("Resource")).any(|node| node.text() == Some("*"));
    if principal.is_none() && (actions.any(wide) || (all && statement.get("NotAction").is_some())) {
        found.push((false, "every action is allowed"));
    }
    found
}
