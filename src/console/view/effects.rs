//! What an action would do: its class, and what weighs most.
//!
//! ```text
//!  would do     ▲ destructive
//!               delete migration `orders`: the table and its rows are gone
//!               and 3 more
//! ```

use super::sheet::Sheet;
use crate::{
    console::theme::Role,
    domain::{Assessment, Class, Found, Untrusted},
};

/// Effects that are told where there is room for all.
const TOLD: usize = 12;

/// The class and its reasons; `brief` where there is room for little: then only the first.
pub(super) fn told(sheet: &mut Sheet<'_>, assessed: &Assessment, brief: bool) {
    let class = assessed.class();
    let value = vec![sheet.say(&format!("{} {class}", mark(class)), role(class))];
    sheet.pair_spans("would do", value);
    // Looking only is said by the class already, and the files of a change are listed below.
    let told = |one: &Found<'_>| match one {
        Found::Effect(effect) => effect.class() > Class::ReadOnly && !effect.is_listed(),
        Found::Opaque(_) => true,
    };
    let found: Vec<Found<'_>> = assessed.by_weight().into_iter().filter(told).collect();
    let most = if brief { 1 } else { TOLD };
    for one in found.iter().take(most) {
        let value = sheet.safe(&line(one), Role::Text);
        sheet.pair_spans("", value);
    }
    if found.is_empty() && class == Class::Mutating {
        sheet.pair_own("", "changes files, as the diff shows: revert the commit", Role::Text);
    }
    if found.len() > most {
        sheet.pair_own("", &format!("and {} more", found.len() - most), Role::Dim);
    }
}

fn line(found: &Found<'_>) -> Untrusted {
    match found {
        Found::Effect(effect) => format!("{}: {}", effect.told().raw(), effect.because()).into(),
        Found::Opaque(opaque) => format!("cannot be read: {}", opaque.because).into(),
    }
}

const fn mark(class: Class) -> &'static str {
    match class {
        Class::ReadOnly => "·",
        Class::Mutating => "●",
        Class::Opaque => "?",
        Class::Destructive => "▲",
    }
}

const fn role(class: Class) -> Role {
    match class {
        Class::ReadOnly => Role::Ok,
        Class::Mutating => Role::Text,
        Class::Opaque => Role::Warning,
        Class::Destructive => Role::Danger,
    }
}
