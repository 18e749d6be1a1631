//! The rules of a policy: what their annotations ask for.
//!
//! ```text
//!   @id("…")          both      its name, unique                     required
//!   @approvals("2")   permit    people who have to agree; 0: let through   required
//!   @from("senior")   permit    groups that have to be among them; may stand there several times
//!   @tier("…")        permit    what the tier is called; else the id
//!   @expires("30m")   permit    how long a request waits and an approval counts
//!   @confirm("…")     permit    key or type-target
//!   @run_within("…")  permit    how long what was approved may be carried out
//!   @signing("…")     permit    unsigned, signed, touch, verified or out-of-band
//!   @break_glass("…") permit    touch, verified or never: whether one person alone may, in an emergency
//!   @because("…")     both      why; required with forbid
//! ```

use super::{
    check::{Draft, Faults},
    outline::{Head, is_again},
    requirement::EXPIRES,
};
use crate::domain::{BreakGlass, Confirm, Requirement, Signing};
use std::collections::BTreeMap;

/// What a rule does with what it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Says {
    /// It goes ahead.
    LetThrough,
    /// These have to agree.
    Ask(Requirement),
    /// Nobody may approve it.
    Never,
}

/// One rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub id: String,
    pub tier: String,
    pub says: Says,
    /// Why, in the words of whoever wrote it; empty where they said nothing.
    pub because: String,
    /// Its line in the file.
    pub line: usize,
}

const ON_PERMIT: [&str; 10] = [
    "id",
    "approvals",
    "from",
    "tier",
    "expires",
    "run_within",
    "confirm",
    "signing",
    "break_glass",
    "because",
];
const ON_FORBID: [&str; 2] = ["id", "because"];
/// More people than this would never be found.
const MOST_APPROVALS: u32 = 20;
/// Seconds: a minute at least, a week at most.
const LIFETIME: std::ops::RangeInclusive<u64> = 60..=7 * 24 * 3600;
/// Longest name of a rule, tier or group, in bytes.
const LONGEST_NAME: usize = 64;
/// Longest reason, in bytes.
const LONGEST_REASON: usize = 500;

/// Reads the annotations of one rule; every fault is told.
pub(super) fn rule(draft: &Draft<'_>, faults: &mut Faults<'_>) -> Option<Rule> {
    let before = faults.count();
    let Draft { head, values, forbids, line } = draft;
    let known: &[&str] = if *forbids { &ON_FORBID } else { &ON_PERMIT };
    for annotation in &head.annotations {
        let name = annotation.name.as_str();
        let again = is_again(name) && faults.source(annotation.whole.clone()).contains("from");
        let numbered = !forbids && is_numbered_from(name);
        if !known.contains(&name) && !numbered && !again {
            faults.unknown_annotation(annotation, known, *forbids);
        }
    }
    let id = name(head, values, "id", faults);
    let because = because(head, values, *forbids, faults);
    let says = if *forbids { Some(Says::Never) } else { asked(head, values, faults) };
    let tier = match (values.get("tier"), *forbids) {
        (Some(_), false) => name(head, values, "tier", faults)?,
        _ => id.clone().unwrap_or_default(),
    };
    if faults.count() > before {
        return None;
    }
    Some(Rule { id: id?, tier, says: says?, because, line: *line })
}

fn is_numbered_from(name: &str) -> bool {
    name.strip_prefix("from_").is_some_and(|number| {
        !number.is_empty() && number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

type Values = BTreeMap<String, String>;

fn name(head: &Head, values: &Values, key: &str, faults: &mut Faults<'_>) -> Option<String> {
    let Some(value) = values.get(key) else {
        faults.at(
            head.effect.clone(),
            format!("this rule has no `@{key}`"),
            format!("put @{key}(\"…\") in front of it: its name, unique in the file"),
        );
        return None;
    };
    if is_name(value) {
        return Some(value.clone());
    }
    faults.at(
        head.value(key),
        format!("{} cannot be a name", faults.quoted(value)),
        "a name has at most 64 letters, digits, `-`, `_` and `.`",
    );
    None
}

fn is_name(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    !value.is_empty() && value.len() <= LONGEST_NAME && value.bytes().all(plain)
}

fn because(head: &Head, values: &Values, forbids: bool, faults: &mut Faults<'_>) -> String {
    let value = values.get("because").map_or("", |value| value.trim());
    if value.is_empty() && (forbids || values.contains_key("because")) {
        faults.at(
            head.value("because"),
            "this rule does not say why".to_owned(),
            "add @because(\"it …\"): whoever is stopped reads it",
        );
    }
    if value.len() > LONGEST_REASON {
        faults.at(
            head.value("because"),
            "the reason is longer than 500 bytes".to_owned(),
            "say it in one sentence",
        );
    }
    value.to_owned()
}

/// What a permit asks for.
fn asked(head: &Head, values: &Values, faults: &mut Faults<'_>) -> Option<Says> {
    let approvals = approvals(head, values, faults)?;
    let from = groups(head, values, faults);
    let expires = time(head, values, "expires", faults);
    let run_within = time(head, values, "run_within", faults);
    let confirm = values.get("confirm").map(|value| match value.as_str() {
        "key" => Confirm::Key,
        "type-target" => Confirm::TypeTarget,
        other => {
            let message = format!("{} is no way to confirm", faults.quoted(other));
            faults.near(head.value("confirm"), message, other, &["key", "type-target"]);
            Confirm::TypeTarget
        }
    });
    let signing = signing(head, values, faults);
    let break_glass = break_glass(head, values, faults);
    if approvals == 0 {
        let given = ["expires", "run_within", "confirm", "signing", "break_glass"]
            .into_iter()
            .find(|key| values.contains_key(*key));
        if let Some(key) = given.or((!from.is_empty()).then_some("from")) {
            faults.at(
                head.value(key),
                format!("`@{key}` says nothing where nobody has to agree (@approvals(\"0\"))"),
                "take it away, or ask for an approval",
            );
        }
        return Some(Says::LetThrough);
    }
    Some(Says::Ask(Requirement {
        approvals,
        from,
        expires: expires.unwrap_or(EXPIRES),
        run_within: run_within.or(expires).unwrap_or(EXPIRES),
        confirm: confirm.unwrap_or_default(),
        signing: signing.unwrap_or_default(),
        break_glass: break_glass.unwrap_or_default(),
    }))
}

fn time(head: &Head, values: &Values, key: &str, faults: &mut Faults<'_>) -> Option<u64> {
    values.get(key).map(|value| {
        lifetime(value).unwrap_or_else(|| {
            faults.at(
                head.value(key),
                format!("{} is not a time from 1 minute to 7 days", faults.quoted(value)),
                "write it as \"30m\", \"2h\" or \"1d\"",
            );
            EXPIRES
        })
    })
}

fn signing(head: &Head, values: &Values, faults: &mut Faults<'_>) -> Option<Signing> {
    values.get("signing").map(|value| {
        Signing::ALL.into_iter().find(|one| one.word() == value).unwrap_or_else(|| {
            let message = format!("{} is no way to sign", faults.quoted(value));
            faults.near(head.value("signing"), message, value, &Signing::ALL.map(Signing::word));
            Signing::OutOfBand
        })
    })
}

fn break_glass(head: &Head, values: &Values, faults: &mut Faults<'_>) -> Option<BreakGlass> {
    values.get("break_glass").map(|value| {
        BreakGlass::ALL.into_iter().find(|one| one.word() == value).unwrap_or_else(|| {
            let message = format!("{} says nothing about breaking the glass", faults.quoted(value));
            let known = BreakGlass::ALL.map(BreakGlass::word);
            faults.near(head.value("break_glass"), message, value, &known);
            BreakGlass::Never
        })
    })
}

fn approvals(head: &Head, values: &Values, faults: &mut Faults<'_>) -> Option<u32> {
    let Some(value) = values.get("approvals") else {
        faults.at(
            head.effect.clone(),
            "this permit does not say how many have to agree".to_owned(),
            "put @approvals(\"1\") in front of it; @approvals(\"0\") lets through",
        );
        return None;
    };
    let read = value.parse::<u32>().ok().filter(|count| {
        *count <= MOST_APPROVALS && value.bytes().all(|byte| byte.is_ascii_digit())
    });
    if read.is_none() {
        let words = ["zero", "one", "two", "three", "four", "five"];
        let meant = words.iter().position(|word| value.eq_ignore_ascii_case(word));
        let help = meant.map_or_else(
            || "write digits: @approvals(\"2\")".to_owned(),
            |number| format!("write digits: @approvals(\"{number}\")"),
        );
        let message = format!("{} is not a number from 0 to 20", faults.quoted(value));
        faults.at(head.value("approvals"), message, help);
    }
    read
}

fn groups(head: &Head, values: &Values, faults: &mut Faults<'_>) -> Vec<String> {
    let mut groups = Vec::new();
    for (key, value) in
        values.iter().filter(|(key, _)| *key == "from" || is_numbered_from(key) || is_again(key))
    {
        for group in value.split(',').map(str::trim) {
            if is_name(group) {
                groups.push(group.to_owned());
                continue;
            }
            let message = if group.is_empty() {
                "`@from` names no group".to_owned()
            } else {
                format!("{} cannot be the name of a group", faults.quoted(group))
            };
            faults.at(
                head.value(key),
                message,
                "name groups of the [groups] section, with commas between: @from(\"senior, security\")",
            );
        }
    }
    groups.sort();
    groups.dedup();
    groups
}

/// `30m`, `2h`, `1d`, `90s`, in seconds.
fn lifetime(value: &str) -> Option<u64> {
    let (number, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return None,
    };
    if number.is_empty() || number.len() > 6 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let total = number.parse::<u64>().ok()?.checked_mul(seconds)?;
    LIFETIME.contains(&total).then_some(total)
}
