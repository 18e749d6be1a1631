//! What the settings of a changed resource open, or which guard they take away.
//!
//! ```text
//!   before ─┐            ┌─ a guard by its name (data/terraform-types.toml)
//!           ├─ compared ─┼─ a policy, a role, a member   who may do what
//!   after  ─┘            └─ a network range              who may reach it
//! ```

use super::{
    plain_name, snaked,
    types::{Guard, How, Types},
};
use crate::{
    classify::{
        Judge, Word,
        tree::{self, Node, Value},
    },
    domain::{Span, Verb, Words},
};

/// What is judged: a resource, and how it is named in effects.
pub struct Subject<'a> {
    /// The text that places are counted in.
    pub of: &'a Word,
    /// Where the resource is named.
    pub at: Span,
    /// The service of its effects.
    pub service: Words,
    /// Its name in effects.
    pub name: String,
    /// Its type.
    pub kind: &'a str,
}

impl Subject<'_> {
    /// A setting as the input writes it, when names were made to look like Terraform's.
    fn shown<'s>(&'s self, key: &Node<'_>, name: &'s str) -> &'s str {
        let written = self.of.text().get(key.at.start..key.at.end).unwrap_or_default();
        let written = written.trim_matches('"');
        plain_name(if snaked(written) == name { written } else { name })
    }

    fn found(&self, how: How, at: Span, says: String, judge: &mut Judge<'_>) {
        let (service, name) = (self.service.clone(), self.name.clone());
        match how {
            How::Destroys => judge.destroys(Verb::Grant, service, name, at, says),
            How::Reveals => judge.destroys(Verb::Reveal, service, name, at, says),
            How::Grants => judge.changes(Verb::Grant, service, name, at, says),
        }
    }
}

/// Judges the settings of a resource that is made (nothing was before) or changed.
pub fn judge(
    subject: &Subject<'_>,
    before: Option<&Node<'_>>,
    after: Option<&Node<'_>>,
    unknown: Option<&Node<'_>>,
    judge: &mut Judge<'_>,
) {
    let before = before.filter(|before| !before.is_null());
    let Some(after) = after else { return };
    walk(subject, "", [before, Some(after), unknown], before.is_none(), judge);
    network(subject, before, after, judge);
}

/// Compares two trees name by name.
fn walk(
    subject: &Subject<'_>,
    block: &str,
    [before, after, unknown]: [Option<&Node<'_>>; 3],
    new: bool,
    judge: &mut Judge<'_>,
) {
    if let (Some(before), Some(after)) = (before, after)
        && before.same(after)
    {
        return;
    }
    match after.map(|after| &after.is) {
        Some(Value::List(items)) => {
            for (at, item) in items.iter().enumerate() {
                let was = before.and_then(|before| before.list().get(at));
                let later = unknown.and_then(|unknown| unknown.list().get(at));
                walk(subject, block, [was, Some(item), later], new, judge);
            }
        }
        Some(Value::Map(entries)) => {
            for (key, value) in entries {
                let Some(name) = key.text() else { continue };
                let was = before.and_then(|before| before.get(name));
                let later = unknown.and_then(|unknown| unknown.get(name));
                let at = subject.of.at(key.at.start..key.at.end);
                let shown = subject.shown(key, name);
                let named = Named { block, name, shown, at, new };
                setting(subject, &named, [was, Some(value), later], judge);
                walk(subject, name, [was, Some(value), later], new, judge);
            }
            let gone = before.map(Node::entries).unwrap_or_default().iter();
            let gone = gone.filter_map(|(key, value)| Some((key.text()?, value)));
            for (name, was) in gone.filter(|(name, _)| entries_miss(entries, name)) {
                let later = unknown.and_then(|unknown| unknown.get(name));
                let named = Named { block, name, shown: plain_name(name), at: subject.at, new };
                setting(subject, &named, [Some(was), None, later], judge);
            }
            let later = unknown.map(Node::entries).unwrap_or_default().iter();
            let later =
                later.filter(|(_, value)| value.is_true()).filter_map(|(key, _)| key.text());
            let grants = ["policy", "iam_role"].iter().any(|part| subject.kind.contains(part));
            if grants && later.into_iter().any(is_policy) {
                let says =
                    "a policy that is only known while it is applied: put back the one before";
                subject.found(How::Grants, subject.at, says.to_owned(), judge);
            }
        }
        _ => {}
    }
}

fn entries_miss(entries: &[(Node<'_>, Node<'_>)], name: &str) -> bool {
    !entries.iter().any(|(key, _)| key.text() == Some(name))
}

/// An attribute: in which block, how it is called here and in the input, and where it stands.
struct Named<'n> {
    block: &'n str,
    name: &'n str,
    shown: &'n str,
    at: Span,
    /// Whether the resource is new.
    new: bool,
}

/// One attribute: is it a guard, and does it fall?
fn setting(
    subject: &Subject<'_>,
    named: &Named<'_>,
    [was, is, later]: [Option<&Node<'_>>; 3],
    judge: &mut Judge<'_>,
) {
    let Named { block, name, shown, at, new } = *named;
    for guard in Types::known().guards(name) {
        let inside = guard.attribute.split_once('.').is_none_or(|(outer, _)| outer == block);
        let for_type =
            guard.types.is_empty() || guard.types.iter().any(|kind| kind == subject.kind);
        if !inside || !for_type || (new && !guard.new) {
            continue;
        }
        if later.is_some_and(Node::is_true) && is.is_none_or(Node::is_null) {
            if was.is_some_and(|was| guard.could_fall(was)) {
                judge.opaque(at, format!("what {shown} becomes is only known while it is applied"));
            }
        } else if guard.falls(was, is) {
            let says = match guard.how {
                How::Grants => guard.says.clone(),
                _ => format!("{shown}: {}", guard.says),
            };
            subject.found(guard.how, at, says, judge);
            break;
        }
    }
    if let Some(is) = is {
        power(subject, named, was, is, judge);
    }
}

impl Guard {
    /// Whether the attribute turns into what it must not.
    fn falls(&self, was: Option<&Node<'_>>, is: Option<&Node<'_>>) -> bool {
        let on = |node: Option<&Node<'_>>| node.is_some_and(Node::is_true);
        let is = is.filter(|is| !is.is_null());
        match self.becomes.as_str() {
            "false" if self.new => {
                is.is_some_and(Node::is_false) && !was.is_some_and(Node::is_false)
            }
            "false" => on(was) && !on(is),
            "true" => on(is) && !on(was),
            "lower" => {
                let (Some(was), Some(is)) = (was.and_then(Node::number), is.and_then(Node::number))
                else {
                    return false;
                };
                let endless =
                    |number: f64| if self.forever && number == 0.0 { f64::MAX } else { number };
                endless(is) < endless(was)
            }
            "0" => {
                let number = |node: Option<&Node<'_>>| node.and_then(Node::number);
                number(was).is_some_and(|was| was > 0.0) && number(is) == Some(0.0)
            }
            "gone" => was.is_some_and(|was| {
                let fewer = is.is_some_and(|is| is.list().len() < was.list().len());
                !was.is_empty() && (fewer || is.is_none_or(Node::is_empty))
            }),
            text => {
                let same = |node: Option<&Node<'_>>| {
                    node.and_then(Node::text).is_some_and(|node| node.eq_ignore_ascii_case(text))
                };
                same(is) && !same(was)
            }
        }
    }

    /// Whether it guards something now.
    fn could_fall(&self, was: &Node<'_>) -> bool {
        match self.becomes.as_str() {
            "false" => was.is_true(),
            "0" | "lower" => was.number().is_some_and(|was| was > 0.0),
            "gone" => !was.is_empty(),
            _ => false,
        }
    }
}

/// Whether an attribute of that name may guard resources of that type.
pub fn is_guard(name: &str, kind: &str) -> bool {
    Types::known().guards(name).iter().any(|guard| {
        !guard.attribute.contains('.')
            && (guard.types.is_empty() || guard.types.iter().any(|known| known == kind))
    })
}

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

fn is_policy(name: &str) -> bool {
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

/// Who may do what because of this attribute.
fn power(
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
        } else if value.trim_start().starts_with('{') && value.contains("Statement") {
            match tree::json(value) {
                Ok(policy) => statements(subject, shown, &policy, at, judge),
                Err(_) => judge.opaque(at, format!("the policy in {shown} cannot be read")),
            }
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

/// The statements of a policy of AWS.
pub fn statements(
    subject: &Subject<'_>,
    name: &str,
    policy: &Node<'_>,
    at: Span,
    judge: &mut Judge<'_>,
) {
    for (everybody, says) in policy_grants(policy) {
        let (how, says) = if everybody {
            (How::Reveals, format!("{name}: {says}"))
        } else {
            (How::Grants, format!("{says} by {name}: take that back"))
        };
        subject.found(how, at, says, judge);
    }
}

/// What a policy of AWS gives that it better would not: whether everybody gets it, and the words.
fn policy_grants(policy: &Node<'_>) -> Vec<(bool, &'static str)> {
    fn one_or_more<'n, 'a>(node: Option<&'n Node<'a>>) -> impl Iterator<Item = &'n Node<'a>> {
        let own = node.into_iter().filter(|node| node.list().is_empty());
        own.chain(node.into_iter().flat_map(Node::list))
    }
    let mut found = Vec::new();
    for statement in one_or_more(policy.get("Statement")) {
        if statement.text_of("Effect") != Some("Allow") {
            continue;
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
        let wide =
            |action: &str| matches!(action.to_ascii_lowercase().as_str(), "*" | "*:*" | "iam:*");
        let all = one_or_more(statement.get("Resource")).any(|node| node.text() == Some("*"));
        if principal.is_none()
            && (actions.any(wide) || (all && statement.get("NotAction").is_some()))
        {
            found.push((false, "every action is allowed"));
        }
    }
    found
}

/// Who may reach it over the network.
fn network(
    subject: &Subject<'_>,
    before: Option<&Node<'_>>,
    after: &Node<'_>,
    judge: &mut Judge<'_>,
) {
    const KINDS: [&str; 6] = [
        "security_group",
        "firewall",
        "network_security",
        "network_acl",
        "security_list",
        "secgroup",
    ];
    if !KINDS.iter().any(|kind| subject.kind.contains(kind)) {
        return;
    }
    let outward = |node: &Node<'_>| {
        ["type", "direction"].iter().filter_map(|name| node.text_of(name)).any(|direction| {
            ["egress", "outbound", "out"].iter().any(|out| direction.eq_ignore_ascii_case(out))
        }) || ["access", "rule_action"]
            .iter()
            .filter_map(|name| node.text_of(name))
            .any(|access| access.eq_ignore_ascii_case("deny"))
            || subject.kind.contains("egress")
    };
    let mut open = Vec::new();
    inward(after, &outward, &mut open);
    let mut was = Vec::new();
    if let Some(before) = before {
        inward(before, &outward, &mut was);
    }
    let rules = |node: Option<&Node<'_>>| node.is_none_or(|node| !node.same(after));
    if let Some(at) = open.first().filter(|_| !open.is_empty() && rules(before))
        && (open.len() > was.len() || before.is_none() || ports(before, after))
    {
        let at = subject.of.at(at.start..at.end);
        subject.found(How::Grants, at, "close it to the whole internet again".to_owned(), judge);
    }
}

/// Whether the rules for what comes in differ.
fn ports(before: Option<&Node<'_>>, after: &Node<'_>) -> bool {
    const RULES: [&str; 10] = [
        "ingress",
        "inbound_rule",
        "from_port",
        "to_port",
        "allow",
        "destination_port_range",
        "destination_port_ranges",
        "protocol",
        "rule",
        "security_rule",
    ];
    RULES.iter().any(|name| {
        let was = before.and_then(|before| before.get(name));
        match (was, after.get(name)) {
            (Some(was), Some(is)) => !was.same(is),
            (None, None) => false,
            _ => true,
        }
    })
}

/// The places of ranges from which everybody may come in.
fn inward(node: &Node<'_>, outward: &dyn Fn(&Node<'_>) -> bool, open: &mut Vec<Span>) {
    if outward(node) {
        return;
    }
    for (key, value) in node.entries() {
        let name = key.text().unwrap_or_default();
        if name.contains("egress") || name.contains("outbound") || name.starts_with("destination") {
            continue;
        }
        let names_a_range = ["cidr", "source", "range", "ip", "addresses"];
        let is_range = names_a_range.iter().any(|part| name.contains(part));
        let everybody = |node: &Node<'_>| {
            matches!(node.text(), Some("0.0.0.0/0" | "::/0" | "*" | "Internet" | "0.0.0.0"))
        };
        if is_range && std::iter::once(value).chain(value.list()).any(everybody) {
            open.push(key.at);
        }
        inward(value, outward, open);
    }
    node.list().iter().for_each(|item| inward(item, outward, open));
}
