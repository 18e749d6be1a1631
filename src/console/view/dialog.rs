//! A confirmation, over the middle of the body.
//!
//! ```text
//!  ╭─ Approve ─────────────────────────────────────────╮
//!  │ pull request acme/shop#412                        │
//!  │ head         3fa9c1d04be1…                        │
//!  │ …                                                 │
//!  │                                                   │
//!  │ Type the target's name: acme/shop main            │
//!  │ acme/sh▏                                          │
//!  │ arming… read it first    [ Cancel ]     Approve   │
//!  ╰───────────────────────────────────────────────────╯
//! ```

use super::{
    Plan, dialog_text,
    safe_span::{cut, spans, width, wrap},
};
use crate::{
    console::{
        state::{
            Overlay, State,
            dialog::{Challenge, Dialog, Extent, Focus, Phase, Subject, UNREAD},
        },
        theme::{Role, Theme},
    },
    domain::{Subject as What, Turn, Untrusted, Verdict},
    text::SafeText,
};
use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Block, BorderType, Clear, Widget},
};

/// The place of a box for so many lines in the middle.
fn place(body: Rect, columns: u16, lines: usize) -> Rect {
    let width = columns.min(body.width.saturating_sub(2)).max(1);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(body.height).max(1);
    Rect {
        x: body.x + (body.width.saturating_sub(width)) / 2,
        y: body.y + (body.height.saturating_sub(height)) / 2,
        width,
        height,
    }
}

/// The inside of a box, within its border and a column of air.
fn inside(area: Rect) -> Rect {
    let inner = Block::bordered().inner(area);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Draws an empty box for so many lines in the middle and gives its inside.
pub(super) fn frame_box(
    frame: &mut Frame<'_>,
    body: Rect,
    columns: u16,
    lines: usize,
    title: &str,
    theme: &Theme,
) -> Rect {
    let area = place(body, columns, lines);
    let buffer = frame.buffer_mut();
    Clear.render(area, buffer);
    buffer.set_style(area, theme.style(Role::Text));
    let title = Span::styled(format!(" {title} "), theme.style(Role::Title));
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.style(Role::BorderFocus))
        .title(title)
        .render(area, buffer);
    inside(area)
}

/// A confirmation, laid out for one window.
pub struct Page {
    text: Vec<Line<'static>>,
    asked: Vec<Line<'static>>,
    columns: u16,
    /// Lines of the box.
    lines: usize,
    /// Rows below the text.
    tail: u16,
    /// Rows of the text.
    room: u16,
}

impl Page {
    /// Lays out the open dialog; none where none is open, or no room to show anything.
    pub fn build(state: &State, plan: &Plan, theme: &Theme) -> Option<Self> {
        let Some(Overlay::Dialog(dialog)) = &state.overlay else { return None };
        if plan.is_too_small() {
            return None;
        }
        let columns = 78.min(plan.body.width.saturating_sub(2));
        let width = columns.saturating_sub(4);
        let text = dialog_text::lines(dialog, width, state, theme);
        let asked = question(dialog, usize::from(width), theme);
        let tail = asked.len() + usize::from(dialog.has_field()) + 2;
        let lines = text.len() + 1 + tail;
        let height = inside(place(plan.body, columns, lines)).height;
        let tail = u16::try_from(tail).unwrap_or(u16::MAX).min(height);
        Some(Self { text, asked, columns, lines, tail, room: height - tail })
    }

    /// What this page shows of the text.
    pub fn extent(&self) -> Extent {
        Extent { columns: self.columns, lines: self.text.len(), room: usize::from(self.room) }
    }
}

pub(super) fn render(
    frame: &mut Frame<'_>,
    body: Rect,
    dialog: &Dialog,
    page: &Page,
    theme: &Theme,
) {
    let inner = frame_box(frame, body, page.columns, page.lines, title(dialog), theme);
    let extent = page.extent();
    let fit = extent.fit(dialog.scroll);
    let below = page.text.len().saturating_sub(dialog.scroll + fit);
    let text = page.text.iter().skip(dialog.scroll).take(fit);
    for (y, line) in (inner.y..).zip(text) {
        line.render(Rect { y, height: 1, ..inner }, frame.buffer_mut());
    }
    let mut y = inner.bottom() - page.tail;
    if below > 0 && fit < extent.room {
        more_below(frame, Rect { y: y - 1, height: 1, ..inner }, below, theme);
    }
    for line in page.asked.iter().take(usize::from(page.tail)) {
        line.render(Rect { y, height: 1, ..inner }, frame.buffer_mut());
        y += 1;
    }
    if dialog.has_field() && y < inner.bottom() {
        field(frame, Rect { y, height: 1, ..inner }, dialog, theme);
    }
    let last = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
    note(frame, last, dialog, page.room == 0, theme);
    buttons(frame, last, dialog, theme);
}

/// Says over the last row that there is more below it.
pub(super) fn more_below(frame: &mut Frame<'_>, row: Rect, lines: usize, theme: &Theme) {
    Clear.render(row, frame.buffer_mut());
    let noun = if lines == 1 { "line" } else { "lines" };
    frame.buffer_mut().set_style(row, theme.style(Role::Text));
    Line::styled(format!("↓ {lines} more {noun}"), theme.style(Role::Warning))
        .render(row, frame.buffer_mut());
}

fn title(dialog: &Dialog) -> &'static str {
    match &dialog.subject {
        Subject::Decide { verdict: Verdict::Approve, .. } => "Approve",
        Subject::Decide { verdict: Verdict::Reject, .. } => "Reject",
        Subject::Decide { verdict: Verdict::Withdraw, .. } => "Withdraw",
        Subject::Decide { verdict: Verdict::BreakGlass, .. } => "Break glass",
        Subject::Lock(_, Turn::Lock) => "Lock",
        Subject::Lock(_, Turn::Unlock) => "Unlock",
        Subject::Revoke(..) => "Revoke",
        Subject::Restore(..) => "Restore",
    }
}

/// What has to be done to confirm.
fn question(dialog: &Dialog, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let dim = theme.style(Role::Dim);
    let own = |text: &str| Span::styled(text.to_owned(), dim);
    let to_type = |text: &str| {
        let safe = SafeText::line(&Untrusted::from(text));
        spans(&safe, theme.style(Role::Title), theme)
    };
    let line = match dialog.challenge() {
        Some(Challenge::Press(key)) => vec![
            Span::styled(key.to_string(), theme.style(Role::Key)),
            own(" goes ahead, Enter or Esc leaves"),
        ],
        Some(Challenge::Type(text)) => {
            let mut line = vec![own("Type ")];
            line.extend(to_type(&text));
            line.push(own(&format!("  and press Enter: it is {}", role_of_name(dialog, &text))));
            line
        }
        Some(Challenge::TypeBecauseHidden(text)) => {
            let mut line = vec![own("Characters hide in what is shown. Type its digest: ")];
            line.extend(to_type(&text));
            line
        }
        Some(Challenge::Reason) => vec![own(match &dialog.subject {
            Subject::Decide { verdict: Verdict::BreakGlass, .. } => {
                "Why, in 20 characters or more? Somebody else reviews it afterwards."
            }
            Subject::Decide { shown: Some(shown), .. } if shown.is_follow_up() => {
                "What do you say to it? It stays in the history."
            }
            Subject::Lock(..) => "Why? The agent and whoever looks at it later read it.",
            _ => "Why? The agent's owner reads it.",
        })],
        None => return Vec::new(),
    };
    wrap(line, columns)
}

/// Why this name is the one to type.
fn role_of_name(dialog: &Dialog, text: &str) -> &'static str {
    match &dialog.subject {
        Subject::Decide { shown: Some(shown), .. } if shown.digest.short() == text => "its digest",
        Subject::Decide { shown: Some(shown), .. } => match &shown.action.subject {
            What::Command { .. } | What::Call { .. } => "the host this runs on",
            What::Deployment { .. } => "where this is deployed",
            What::PullRequest { .. } | What::FollowUp { .. } => "what this changes",
        },
        Subject::Revoke(row, _) | Subject::Restore(row, _) => {
            if row.credential.id.as_str() == text {
                "the credential's id"
            } else if row.credential.principal.name.raw().trim() == text {
                "who this acts as"
            } else {
                "its label"
            }
        }
        Subject::Decide { shown: None, .. } | Subject::Lock(..) => "its name",
    }
}

fn field(frame: &mut Frame<'_>, row: Rect, dialog: &Dialog, theme: &Theme) {
    let style = theme.style(Role::Input);
    let columns = usize::from(row.width).saturating_sub(1);
    let skip = dialog.input.visual_scroll(columns);
    let shown: String = dialog.input.value().chars().skip(skip).collect();
    let safe = SafeText::line(&Untrusted::new(shown));
    frame.buffer_mut().set_style(row, style);
    Line::from(cut(spans(&safe, style, theme), columns)).render(row, frame.buffer_mut());
    if dialog.phase == Phase::Armed {
        let cursor = u16::try_from(dialog.input.visual_cursor().saturating_sub(skip)).unwrap_or(0);
        frame.set_cursor_position(Position::new(row.x.saturating_add(cursor), row.y));
    }
}

/// Columns the buttons take, with a gap before them.
const BUTTONS: usize = 26;

fn note(frame: &mut Frame<'_>, row: Rect, dialog: &Dialog, cramped: bool, theme: &Theme) {
    let (text, role) = match (&dialog.note, dialog.phase) {
        (_, Phase::Arming(_) | Phase::Armed) if cramped && !dialog.is_read() => {
            ("this window is too small to read it", Role::Warning)
        }
        (_, Phase::Loading) => ("reading it…", Role::Dim),
        (_, Phase::Arming(_)) => ("arming… read it first", Role::Dim),
        (_, Phase::Sending) if dialog.is_signed() => {
            ("waiting for your key: touch it, or Esc stops", Role::Accent)
        }
        (_, Phase::Sending) => ("sending… the answer will appear below", Role::Accent),
        (Some(note), Phase::Armed) => (note.as_str(), Role::Warning),
        (None, Phase::Armed) if dialog.hindrance().is_some() => {
            ("it can no longer be approved, see above", Role::Danger)
        }
        (None, Phase::Armed) if !dialog.is_read() => (UNREAD, Role::Warning),
        (None, Phase::Armed) => ("", Role::Dim),
    };
    let left = usize::from(row.width).saturating_sub(BUTTONS);
    let text = cut(vec![Span::styled(text.to_owned(), theme.style(role))], left);
    Line::from(text).render(row, frame.buffer_mut());
}

fn buttons(frame: &mut Frame<'_>, row: Rect, dialog: &Dialog, theme: &Theme) {
    let armed = dialog.phase == Phase::Armed && dialog.is_read() && dialog.hindrance().is_none();
    let confirm = title(dialog);
    let button = |name: &str, focus: Focus| {
        let focused = dialog.focus == focus && dialog.phase != Phase::Sending;
        let role = match (focused, focus, armed) {
            (true, Focus::Confirm, true) => Role::ButtonDanger,
            (true, _, _) => Role::ButtonFocus,
            (false, Focus::Confirm, false) => Role::Border,
            (false, _, _) => Role::Button,
        };
        let text = if focused { format!("[ {name} ]") } else { format!("  {name}  ") };
        Span::styled(text, theme.style(role))
    };
    let row_of_buttons =
        vec![button("Cancel", Focus::Cancel), Span::raw("  "), button(confirm, Focus::Confirm)];
    let used = u16::try_from(width(&row_of_buttons)).unwrap_or(0).min(row.width);
    Line::from(row_of_buttons)
        .render(Rect { x: row.right() - used, width: used, ..row }, frame.buffer_mut());
}
