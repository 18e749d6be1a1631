//! Who may reach a resource over the network.

use super::{settings::Subject, types::How};
use crate::{
    classify::{Judge, tree::Node},
    domain::Span,
};

/// Judges the rules of firewalls and their like: is more open to everybody than before?
pub fn network(
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
