//! What options make of an operation: guards taken away, things made public, deletions in a batch.

use super::{
    super::super::Does,
    add,
    rules::RULES,
    table::same,
    values::{Options, Value, compact},
};
use crate::{classify::Judge, domain::Span};

/// What is asked of an option's value, spelled compactly: lower case, `:` for `=`, no quotes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Test {
    /// The option is given.
    Given,
    /// The value is one of these.
    Is(&'static [&'static str]),
    /// The value holds one of these.
    Holds(&'static [&'static str]),
    /// The value is a number below this one.
    Below(u32),
    /// The value is a policy that allows everybody, without a condition.
    Public,
}

/// An option that makes an operation do something worse than it does without.
pub(super) struct Worse {
    /// `service operation`, or several.
    on: &'static [&'static str],
    option: &'static str,
    test: Test,
    does: Does,
    /// Whether a value that is not known leaves it open what the operation does.
    decides: bool,
    /// Option and value with which the rule does not hold.
    unless: Option<(&'static str, &'static str)>,
}

/// A rule that always counts.
pub(super) const fn worse(
    on: &'static [&'static str],
    option: &'static str,
    test: Test,
    does: Does,
) -> Worse {
    Worse { on, option, test, does, decides: false, unless: None }
}

impl Worse {
    /// A value that is not known leaves it open.
    pub const fn decides(mut self) -> Self {
        self.decides = true;
        self
    }

    /// With an option of this value it does not hold.
    pub const fn unless(mut self, option: &'static str, value: &'static str) -> Self {
        self.unless = Some((option, value));
        self
    }
}

/// Judges an operation by what it does of itself and what its options make of it.
pub(super) fn judge(
    service: &str,
    operation: &str,
    base: Does,
    options: &Options,
    resource: &str,
    evidence: Span,
    judge: &mut Judge<'_>,
) {
    let (mut does, mut open) = (base, None);
    let mut any = false;
    for rule in RULES.iter().filter(|rule| {
        let split = |on: &&str| {
            let of_service = on.strip_prefix(service).and_then(|rest| rest.strip_prefix(' '));
            of_service == Some(operation)
        };
        rule.on.iter().any(split)
    }) {
        any = true;
        if let Some((option, value)) = rule.unless
            && let Value::Text(word) = options.value(option, judge)
            && word.known().is_some_and(|known| same(known, value))
        {
            continue;
        }
        match holds(rule, options, judge) {
            Some(true) if rule.does.severity() > does.severity() => does = rule.does,
            None if rule.decides => open = Some("the value that decides is not known"),
            _ => {}
        }
    }
    if let Some(span) = options.uncertain.filter(|_| any) {
        judge.opaque(span, "a word of unknown value may be an option that makes it worse");
    }
    add(does, service, resource, evidence, judge);
    if let Some(because) = open {
        judge.opaque(evidence, because);
    }
}

/// Whether a rule's test holds; nothing: the value is not known.
fn holds(rule: &Worse, options: &Options, judge: &Judge<'_>) -> Option<bool> {
    if matches!(rule.test, Test::Given) {
        return Some(options.has(rule.option));
    }
    let word = match options.value(rule.option, judge) {
        // An SDK's call whose parameters are known in part only. What is compared with single
        // values is optional everywhere, and mostly left out.
        Value::Absent if options.partial && !matches!(rule.test, Test::Is(_)) => return None,
        Value::Absent => return Some(false),
        Value::Unread(_) => return None,
        Value::Text(word) => word,
    };
    let text = compact(word.text());
    let found = match rule.test {
        Test::Given => true,
        Test::Is(values) => values.contains(&text.as_str()),
        Test::Holds(parts) => parts.iter().any(|part| text.contains(part)),
        Test::Below(limit) => match text.parse::<u32>() {
            Ok(number) => number < limit,
            Err(_) => return None,
        },
        Test::Public => public(word.text())?,
    };
    // What holes hide may still be what is looked for.
    if found || !word.has_holes() || !rule.decides { Some(found) } else { None }
}

/// Whether a policy allows everybody something, without a condition; nothing: it is no policy.
fn public(text: &str) -> Option<bool> {
    let policy: serde_json::Value = serde_json::from_str(text).ok()?;
    let statements = policy.get("Statement")?;
    let one = std::slice::from_ref(statements);
    let statements = statements.as_array().map_or(one, Vec::as_slice);
    Some(statements.iter().any(|statement| {
        let all = |value: &serde_json::Value| match value {
            serde_json::Value::String(name) => name == "*",
            serde_json::Value::Array(names) => names.iter().any(|name| name == "*"),
            _ => false,
        };
        let principal = statement.get("Principal");
        let everybody = principal.is_some_and(|who| all(who) || who.get("AWS").is_some_and(all));
        let allows = statement.get("Effect").is_some_and(|effect| effect == "Allow");
        everybody && allows && statement.get("Condition").is_none()
    }))
}
