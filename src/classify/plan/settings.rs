//! What the settings of a changed resource open, or which guard they take away.
//!
//! ```text
//!   before ─┐            ┌─ a guard by its name (data/terraform-types.toml)
//!           ├─ compared ─┼─ power: a policy, a role, a member   who may do what
//!   after  ─┘            └─ network: a range                    who may reach it
//! ```

use super::{
    network, plain_name, power, snaked,
    types::{Guard, How, Types},
};
use crate::{
    classify::{
        Judge, Word,
        tree::{Node, Value},
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

    /// Adds what was found.
    pub fn found(&self, how: How, at: Span, says: String, judge: &mut Judge<'_>) {
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
    network::network(subject, before, after, judge);
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
            if grants && later.into_iter().any(power::is_policy) {
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
pub struct Named<'n> {
    block: &'n str,
    /// Its name, as Terraform would write it.
    pub name: &'n str,
    /// Its name, as the input writes it.
    pub shown: &'n str,
    /// Where it stands.
    pub at: Span,
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
        power::power(subject, named, was, is, judge);
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
