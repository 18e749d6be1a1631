//! What a policy says that AWS would not take, or that cannot mean what it was meant to.
//!
//! Such a policy is still used: what cannot be decided counts as open, never as absent. IAM Access
//! Analyzer's `access-analyzer-reference-policy-checks.html` has the same checks by other names.

use super::{
    policy::{Actions, Condition, Policy, Principals, Resources, Statement},
    rules,
};

/// More than this many problems of one document are counted, not listed.
const MAX_LISTED: usize = 50;

/// What a policy is attached to, which decides what it has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// A user, group or role, a session, an account (SCP): whoever has it is its principal.
    Identity,
    /// A role, as its trust policy: the role is its resource.
    Trust,
    /// A resource, or all resources of an account (RCP).
    Resource,
}

/// Something in a document that was read, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProblem {
    /// The element (`Statement[2].Condition.StringEquls`).
    pub place: String,
    /// What is wrong, and what follows from it.
    pub what: String,
}

impl Policy {
    /// What is wrong with it although it could be read, at most 50 things and a last one that
    /// counts the rest.
    pub fn problems(&self, kind: PolicyKind) -> Vec<PolicyProblem> {
        let mut list = List { problems: Vec::new(), more: 0 };
        for (index, statement) in self.statements.iter().enumerate() {
            let place = format!("Statement[{index}]");
            check_parts(statement, kind, &place, &mut list);
            check_actions(&statement.actions, &place, &mut list);
            check_resources(statement.resources.as_ref(), &place, &mut list);
            for condition in &statement.conditions {
                check_condition(condition, &place, &mut list);
            }
        }
        if list.more > 0 {
            let what = format!("{} further problems are not listed", list.more);
            list.problems.push(PolicyProblem { place: "the document".to_owned(), what });
        }
        list.problems
    }
}

struct List {
    problems: Vec<PolicyProblem>,
    more: usize,
}

impl List {
    fn add(&mut self, place: String, what: impl Into<String>) {
        if self.problems.len() < MAX_LISTED {
            self.problems.push(PolicyProblem { place, what: what.into() });
        } else {
            self.more += 1;
        }
    }
}

fn check_parts(statement: &Statement, kind: PolicyKind, place: &str, list: &mut List) {
    match (kind, &statement.principals) {
        (PolicyKind::Identity, Some(_)) => list.add(
            format!("{place}.Principal"),
            "AWS takes no principal here; it is passed over, the policy speaks of whoever has it",
        ),
        (PolicyKind::Trust | PolicyKind::Resource, None) => {
            list.add(place.to_owned(), "it names no principal, so it speaks of nobody");
        }
        (_, Some(Principals::Only(all) | Principals::AllBut(all))) if all.is_empty() => {
            list.add(format!("{place}.Principal"), "it is empty, so it names nobody");
        }
        _ => {}
    }
    match (kind, &statement.resources) {
        (PolicyKind::Identity, None) => list.add(
            place.to_owned(),
            "it has no `Resource`; what it speaks of is not known, so it may apply to anything",
        ),
        (PolicyKind::Trust, Some(_)) => {
            list.add(format!("{place}.Resource"), "AWS takes no resource in a trust policy");
        }
        _ => {}
    }
}

fn check_actions(actions: &Actions, place: &str, list: &mut List) {
    let (name, all) = match actions {
        Actions::Only(all) => ("Action", all),
        Actions::AllBut(all) => ("NotAction", all),
    };
    if all.is_empty() {
        list.add(format!("{place}.{name}"), "it is empty");
    }
    for (index, pattern) in all.iter().enumerate() {
        if let Some(what) = action_problem(pattern) {
            let pattern = pattern.escape_debug();
            list.add(format!("{place}.{name}[{index}]"), format!("`{pattern}` {what}"));
        }
    }
}

/// IAM User Guide, `reference_policies_elements_action.html`: a service's prefix, a colon, a name;
/// wildcards in the name, or a star alone.
fn action_problem(pattern: &str) -> Option<&'static str> {
    if pattern == "*" {
        return None;
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match pattern.split_once(':') {
        None => Some("names no service (`service:Action`); no action matches it"),
        Some((_, name)) if name.contains(':') => {
            Some("has more than one colon; no action matches it")
        }
        Some(("", _) | (_, "")) => Some("is not `service:Action`; no action matches it"),
        Some(("*", "*")) => None,
        Some((service, _)) if !service.bytes().all(is_plain) => {
            Some("has a service that is not written out; it is matched as a pattern")
        }
        Some((_, name)) if !name.bytes().all(|byte| is_plain(byte) || b"*?".contains(&byte)) => {
            Some("has a character that no action has; no action matches it")
        }
        Some(_) => None,
    }
}

fn check_resources(resources: Option<&Resources>, place: &str, list: &mut List) {
    let (name, all) = match resources {
        Some(Resources::Only(all)) => ("Resource", all),
        Some(Resources::AllBut(all)) => ("NotResource", all),
        None => return,
    };
    if all.is_empty() {
        list.add(format!("{place}.{name}"), "it is empty");
    }
    for (index, pattern) in all.iter().enumerate() {
        let is_star = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
        let is_whole = pattern.split(':').count() >= 6 || pattern.ends_with('*');
        if !is_star && !(is_whole && (pattern.starts_with("arn:") || pattern.contains('*'))) {
            let pattern = pattern.escape_debug();
            let what = format!("`{pattern}` is neither an ARN nor `*`; no resource matches it");
            list.add(format!("{place}.{name}[{index}]"), what);
        }
    }
}

fn check_condition(condition: &Condition, place: &str, list: &mut List) {
    let operator = condition.operator.escape_debug();
    let key = condition.key.escape_debug();
    match rules::wrong_values(condition) {
        None => list.add(
            format!("{place}.Condition.{operator}"),
            "no such operator; whether it holds is not known, so the statement may apply",
        ),
        Some(wrong) => {
            if condition.values.is_empty() {
                list.add(format!("{place}.Condition.{operator}.{key}"), "it has no values");
            }
            for index in wrong {
                let value = condition.values[index].escape_debug();
                list.add(
                    format!("{place}.Condition.{operator}.{key}[{index}]"),
                    format!("`{value}` is not what {operator} compares; it never matches"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PolicyKind;
    use crate::iam::Policy;

    fn problems(kind: PolicyKind, statement: &str) -> Vec<String> {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        let policy = Policy::parse(&text).unwrap();
        policy
            .problems(kind)
            .into_iter()
            .map(|problem| format!("{}: {}", problem.place, problem.what))
            .collect()
    }

    #[test]
    fn a_sound_policy_has_no_problems() {
        let identity = r#"{"Effect":"Allow","Action":["*","*:*","s3:Get*","resource-groups:List?"],"Resource":["*","arn:aws:s3:::a/${aws:username}/*","arn:aws:s3:*"],
            "Condition":{"DateLessThan":{"aws:CurrentTime":"2030-01-01"},"ForAnyValue:StringLike":{"k":"x"}}}"#;
        assert_eq!(problems(PolicyKind::Identity, identity), [""; 0]);
        let trust = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}"#;
        assert_eq!(problems(PolicyKind::Trust, trust), [""; 0]);
    }

    #[test]
    fn each_problem_is_told_with_its_place() {
        for (kind, statement, expected) in [
            (
                PolicyKind::Identity,
                r#"{"Effect":"Allow","Action":"a:b"}"#,
                "Statement[0]: it has no `Resource`",
            ),
            (
                PolicyKind::Trust,
                r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#,
                "Statement[0]: it names no principal",
            ),
            (
                PolicyKind::Resource,
                r#"{"Effect":"Allow","Action":"a:b","Resource":"*","Principal":{"AWS":[]}}"#,
                "Statement[0].Principal: it is empty",
            ),
            (
                PolicyKind::Identity,
                r#"{"Effect":"Allow","Action":["a:b","s3"],"Resource":"*"}"#,
                "Statement[0].Action[1]: `s3` names no service",
            ),
            (
                PolicyKind::Identity,
                r#"{"Effect":"Allow","Action":"s3:Get*:x","Resource":"*"}"#,
                "Statement[0].Action[0]: `s3:Get*:x` has more than one colon",
            ),
            (
                PolicyKind::Identity,
                r#"{"Effect":"Allow","Action":"a:b","Resource":"bucket"}"#,
                "Statement[0].Resource[0]: `bucket` is neither",
            ),
            (
                PolicyKind::Identity,
                r#"{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"StringEquls":{"k":"v"}}}"#,
                "Statement[0].Condition.StringEquls: no such operator",
            ),
            (
                PolicyKind::Identity,
                r#"{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","x"]}}}"#,
                "Statement[0].Condition.IpAddress.aws:SourceIp[1]: `x` is not",
            ),
        ] {
            let found = problems(kind, statement);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(expected), "{found:?}");
        }
    }

    #[test]
    fn very_many_problems_are_counted() {
        let actions = vec![r#""x""#; 1_000].join(",");
        let statement = format!(r#"{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}"#);
        let found = problems(PolicyKind::Identity, &statement);
        assert_eq!(found.len(), 51);
        assert_eq!(found[50], "the document: 950 further problems are not listed");
    }
}
