//! The list of credentials.
//!
//! ```text
//!  ▌◆▲ access key   deploy-bot        AKIAQ7RZJ4EXAMPLE1   reaches admin  Claude Code +1  active    2h
//! ```
//!
//! What may do most in production stands first; narrow lists leave out the label, then the grant.
//! Where it is known how far the principal gets and that is to an administrator, the grant gives
//! way to it.

use super::{
    queue::{draw_row, environment_mark},
    reach,
    safe_span::{column, cut, own_column, spans, width},
};
use crate::{
    console::{
        clock::age,
        state::State,
        theme::{Role, Theme},
    },
    domain::{Credential, CredentialKind, CredentialStatus, LastUsed},
    store::CredentialRow,
    text::SafeText,
};
use ratatui::{Frame, layout::Rect, style::Style, text::Span};

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    if state.credentials.shown() == 0 {
        super::empty::render(frame, area, state, theme);
        return;
    }
    for (y, (selected, row)) in (area.y..area.bottom()).zip(state.credentials.window()) {
        let spans = line(row, usize::from(area.width), selected, state, theme);
        draw_row(frame, Rect { y, height: 1, ..area }, spans, selected, state.reading, theme);
    }
}

/// The word for a kind where there is little room.
fn short(kind: CredentialKind) -> String {
    match kind {
        CredentialKind::ConsolePassword => "password".to_owned(),
        CredentialKind::IamUser => "user".to_owned(),
        CredentialKind::FederationProvider => "provider".to_owned(),
        CredentialKind::AppInstallation => "app".to_owned(),
        CredentialKind::ActionsSecret => "secret".to_owned(),
        kind => kind.to_string(),
    }
}

/// The word for a status and its weight.
pub(super) fn status(status: CredentialStatus) -> (&'static str, Role) {
    match status {
        CredentialStatus::Active => ("active", Role::Ok),
        CredentialStatus::Inactive => ("inactive", Role::Dim),
        CredentialStatus::Sealed => ("sealed", Role::Accent),
        CredentialStatus::Gone => ("gone", Role::Dim),
    }
}

/// The strongest grant, and how many more there are.
fn grant(
    credential: &Credential,
    columns: usize,
    style: &impl Fn(Role) -> Style,
    theme: &Theme,
) -> Vec<Span<'static>> {
    if let Some(reach) = credential.reach.as_deref().filter(|reach| reach.rank() >= 4) {
        return own_column(reach.word(), columns, style(reach::role(reach)), false);
    }
    let Some(first) = credential.grants.first() else {
        return own_column("", columns, style(Role::Dim), false);
    };
    let (strongest, role) =
        credential.administrator_grant().map_or((first, Role::Dim), |grant| (grant, Role::Danger));
    let more = credential.grants.len() - 1;
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    let room = columns.saturating_sub(more.len());
    let mut line = cut(spans(&SafeText::line(strongest), style(role), theme), room);
    let used = width(&line);
    line.extend(own_column(&more, columns - used, style(role), false));
    line
}

fn line(
    row: &CredentialRow,
    columns: usize,
    selected: bool,
    state: &State,
    theme: &Theme,
) -> Vec<Span<'static>> {
    let style = |role: Role| if selected { Style::new() } else { theme.style(role) };
    let credential = &row.credential;
    let wide = columns >= 84;
    let columns = columns.saturating_sub(2);
    let (mark, role) = environment_mark(credential.environment);
    let mut left = vec![Span::styled(mark, style(role))];
    let (mark, role) = reach::mark(credential.reach.as_deref());
    left.push(Span::styled(format!("{mark} "), style(role)));
    let kind = if wide { credential.kind().to_string() } else { short(credential.kind()) };
    left.extend(own_column(&kind, if wide { 17 } else { 11 }, style(Role::Dim), false));
    left.push(Span::raw(" "));
    let mut right = vec![Span::raw(" ")];
    if columns >= 86 {
        right.extend(grant(credential, if columns >= 100 { 20 } else { 15 }, &style, theme));
        right.push(Span::raw(" "));
    }
    let holder = match credential.holders.as_slice() {
        [] => String::new(),
        [one] => one.name.clone(),
        [one, rest @ ..] => format!("{} +{}", one.name, rest.len()),
    };
    let holder_columns = if wide { 18 } else { 12 };
    right.extend(column(&SafeText::own(&holder), holder_columns, style(Role::Accent), theme));
    right.push(Span::raw(" "));
    let (word, role) = status(credential.status);
    right.extend(own_column(word, 8, style(role), false));
    let mut used = match credential.last_used {
        LastUsed::At { at, .. } => age(state.now.wall, at),
        LastUsed::Never => "never".to_owned(),
        LastUsed::Unknown => "?".to_owned(),
    };
    if row.stale {
        used.insert(0, '~');
    }
    right.extend(own_column(&used, 6, style(Role::Dim), true));
    let room = columns.saturating_sub(width(&left) + width(&right));
    let name = SafeText::line(&credential.principal.name);
    let label = SafeText::line(&credential.label);
    if room >= 34 && name != label {
        let half = room / 2;
        left.extend(column(&name, half - 1, style(Role::Text), theme));
        left.push(Span::raw(" "));
        left.extend(column(&label, room - half, style(Role::Dim), theme));
    } else {
        let shown = crate::console::state::dialog::credential_name(row);
        left.extend(column(&SafeText::line(shown), room, style(Role::Text), theme));
    }
    left.extend(right);
    left
}
