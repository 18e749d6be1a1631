//! What policy says of an action: how far it is, who may approve, until when, by which rules.
//!
//! ```text
//!  approvals    1 of 2 · missing: one of senior (ines, rowan)
//!               mira agreed
//!  you          may approve, and yours would decide
//!  expires      in 27 min
//!  tier         destructive, by policy version 7 (3fa9c1d04be1)
//!  rules        prod-destructive
//! ```
//!
//! A boundary stands first and alone: `⊘ boundary audit-trail: nobody may approve this`.

use super::sheet::Sheet;
use crate::{
    console::{
        clock::{ago, hour},
        state::State,
        theme::Role,
    },
    domain::{Leave, Ruling},
    text::SafeText,
    trust::{Barrier, Missing, Outlook, Yours},
};

/// Minutes before its end from which on an action is urgent.
pub(super) const SOON: i64 = 5;

/// How far it is, and what whoever sits here can do. `brief` where there is room for little.
pub(super) fn told(
    sheet: &mut Sheet<'_>,
    ruling: &Ruling,
    outlook: &Outlook,
    state: &State,
    brief: bool,
) {
    match &outlook.yours {
        Yours::Barred(
            barrier @ (Barrier::Boundary { .. }
            | Barrier::Unruled { .. }
            | Barrier::OtherPolicy { .. }),
        ) => barred(sheet, barrier),
        _ if ruling.leave == Leave::LetThrough => {
            sheet.pair_own("policy", "lets it through, and logs it", Role::Ok);
        }
        _ if brief => standing(sheet, outlook, true),
        _ => {
            standing(sheet, outlook, false);
            you(sheet, outlook);
            expiry(sheet, outlook, state);
        }
    }
}

/// By which rules of which policy.
pub(super) fn by(sheet: &mut Sheet<'_>, ruling: &Ruling) {
    let tier = SafeText::own(&ruling.tier);
    let mut value = sheet.safe_text(&tier, Role::Text);
    value.push(sheet.say(&format!(", by policy {}", ruling.policy), Role::Dim));
    sheet.pair_spans("tier", value);
    let rules = match (ruling.rules.as_slice(), &ruling.leave) {
        ([], Leave::Held(_)) => {
            SafeText::own("none matched; what no rule speaks of is held at the strictest tier")
        }
        ([], _) => return,
        (rules, _) => SafeText::own(&rules.join(", ")),
    };
    let value = sheet.safe_text(&rules, Role::Dim);
    sheet.pair_spans(if ruling.rules.len() == 1 { "rule" } else { "rules" }, value);
}

fn barred(sheet: &mut Sheet<'_>, barrier: &Barrier) {
    let (label, mark) = match barrier {
        Barrier::Boundary { .. } => ("boundary", "⊘ "),
        _ => ("refused", "✗ "),
    };
    let mut value = vec![sheet.say(mark, Role::Danger)];
    value.extend(sheet.safe_text(&SafeText::own(&barrier.told()), Role::Danger));
    sheet.pair_spans(label, value);
}

fn standing(sheet: &mut Sheet<'_>, outlook: &Outlook, brief: bool) {
    let role = if outlook.standing.agreed.is_empty() { Role::Text } else { Role::Ok };
    let text = SafeText::own(&outlook.standing.with_names());
    let value = sheet.safe_text(&text, role);
    sheet.pair_spans("approvals", value);
    if brief {
        return;
    }
    for who in &outlook.standing.agreed {
        let mut value = vec![sheet.say("✓ ", Role::Ok)];
        value.extend(sheet.safe(&who.0, Role::Text));
        value.push(sheet.say(" agreed", Role::Dim));
        value.push(sheet.say(", ", Role::Dim));
        value.push(if outlook.standing.signed {
            sheet.say("signed", Role::Ok)
        } else {
            sheet.say("unsigned", Role::Danger)
        });
        sheet.pair_spans("", value);
    }
    for void in &outlook.standing.void {
        let mut value = vec![sheet.say("✗ ", Role::Danger)];
        value.extend(sheet.safe_text(&SafeText::line(&void.told().into()), Role::Warning));
        sheet.pair_spans("", value);
    }
    let nobody =
        |one: &Missing| matches!(one, Missing::Group { members, .. } if members.is_empty());
    if outlook.standing.missing.iter().any(nobody) {
        let text = "nobody can complete it: name its members in `[groups]`";
        sheet.pair_own("", text, Role::Warning);
    }
}

fn you(sheet: &mut Sheet<'_>, outlook: &Outlook) {
    let (text, role) = match &outlook.yours {
        Yours::Decides => ("may approve, and yours would decide".to_owned(), Role::Text),
        Yours::Counts { then } => {
            let missing: Vec<String> = then.missing.iter().map(ToString::to_string).collect();
            let text = format!("may approve; then still missing: {}", missing.join(" and "));
            (text, Role::Text)
        }
        Yours::ChangesNothing => {
            ("may approve, but what is missing would still be missing".to_owned(), Role::Dim)
        }
        Yours::Given => ("approved; it waits for others".to_owned(), Role::Ok),
        Yours::Barred(barrier @ Barrier::NotYou { .. }) => (barrier.told(), Role::Danger),
        Yours::Barred(_) => ("cannot approve it any more; r rejects it".to_owned(), Role::Dim),
    };
    let value = sheet.safe_text(&SafeText::own(&text), role);
    sheet.pair_spans("you", value);
}

fn expiry(sheet: &mut Sheet<'_>, outlook: &Outlook, state: &State) {
    let Some(until) = outlook.until else { return };
    let (text, role) = if until <= state.now.wall {
        let over = ago(state.now.wall, until);
        (format!("✗ {over}: its time is over"), Role::Danger)
    } else {
        let left = until.duration_since(state.now.wall);
        let role = if left.as_mins() < SOON { Role::Warning } else { Role::Text };
        (format!("{}, at {}", ago(state.now.wall, until), hour(until, &state.zone)), role)
    };
    sheet.pair_own("expires", &text, role);
}
