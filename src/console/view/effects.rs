//! What an action would do: its class, and what weighs most.
//!
//! ```text
//!  would do     ▲ destructive
//!               delete `orders` (migration): the table and its rows are gone
//!               and 3 more
//! ```

use super::sheet::Sheet;
use crate::{
    console::{msg::WouldDo, theme::Role},
    domain::Class,
};

/// The class and its reasons; `brief` where there is room for little: then only the first.
pub(super) fn told(sheet: &mut Sheet<'_>, would_do: &WouldDo, brief: bool) {
    labelled(sheet, "would do", would_do, brief);
}

/// The same of what was done.
pub(super) fn did(sheet: &mut Sheet<'_>, done: &WouldDo) {
    labelled(sheet, "did", done, false);
}

fn labelled(sheet: &mut Sheet<'_>, label: &str, would_do: &WouldDo, brief: bool) {
    let class = would_do.class;
    let value = vec![sheet.say(&format!("{} {class}", mark(class)), role(class))];
    sheet.pair_spans(label, value);
    let most = if brief { 1 } else { would_do.lines.len() };
    for line in would_do.lines.iter().take(most) {
        let value = sheet.safe(line, Role::Text);
        sheet.pair_spans("", value);
    }
    if would_do.lines.is_empty() && class == Class::Mutating {
        sheet.pair_own("", "changes files, as the diff shows: revert the commit", Role::Text);
    }
    let more = would_do.more + would_do.lines.len().saturating_sub(most);
    if more > 0 {
        sheet.pair_own("", &format!("and {more} more"), Role::Dim);
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
