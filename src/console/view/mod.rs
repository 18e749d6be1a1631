//! Drawing. Each file draws one region; none of them changes anything.
//!
//! ```text
//!  ┌ header ────────────────────────────────────────────────┐
//!  │ tabs, banner, reviewer, clock                          │
//!  │ health of the sources, progress                        │
//!  ├ title ───────────────────────┬ title ──────────────────┤
//!  │ list                         │ detail                  │   wide: side by side
//!  │                              │                         │   narrow: detail below, or alone
//!  ├──────────────────────────────┴─────────────────────────┤
//!  │ footer: keys, filter line or menu                      │
//!  └────────────────────────────────────────────────────────┘
//!        dialog and help lie over the middle, messages over the last lines
//! ```

mod action;
mod activity;
mod asker;
mod autonomous;
mod call;
mod change;
mod command;
mod credential;
mod credentials;
mod detail;
mod dialog;
mod dialog_text;
pub mod diff_pane;
mod effects;
mod empty;
mod flash;
mod footer;
mod header;
mod help;
mod plan;
mod queue;
mod reach;
mod rules;
mod ruling;
pub mod safe_span;
mod sheet;
mod source;
mod sources;

pub use detail::Detail;
pub use dialog::Page;
pub use plan::Plan;

use super::{
    state::{Overlay, State, Tab},
    theme::{Role, Theme},
};
use ratatui::{Frame, layout::Rect, text::Span, widgets::Widget};

/// Draws the whole console.
pub fn render(
    frame: &mut Frame<'_>,
    state: &State,
    plan: &Plan,
    detail: &Detail,
    page: Option<&Page>,
    theme: &Theme,
) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, theme.style(Role::Text));
    if plan.is_too_small() {
        let (columns, rows) = plan::SMALLEST;
        let said = format!(
            "This window is {} by {}; from {columns} by {rows} on there is room. q leaves.",
            area.width, area.height
        );
        let text = Span::styled(said, theme.style(Role::Warning));
        let lines = safe_span::wrap(vec![text], usize::from(area.width));
        for (y, line) in (area.y..area.bottom()).zip(lines) {
            line.render(Rect { y, height: 1, ..area }, frame.buffer_mut());
        }
        return;
    }
    header::render(frame, plan.header, state, theme);
    rules::render(frame, plan, state, theme);
    if let Some(list) = plan.list {
        match state.tab {
            Tab::Queue => queue::render(frame, list, state, theme),
            Tab::Credentials => credentials::render(frame, list, state, theme),
            Tab::Activity if state.shows_autonomous => {
                autonomous::render(frame, list, state, theme);
            }
            Tab::Activity => activity::render(frame, list, state, theme),
            Tab::Sources => sources::render(frame, list, state, theme),
        }
    }
    if let Some(area) = plan.detail {
        detail.render(frame, area, state.scroll, theme);
    }
    footer::render(frame, plan.footer, state, theme);
    flash::render(frame, plan.flash, state, theme);
    match &state.overlay {
        Some(Overlay::Dialog(dialog)) => {
            if let Some(page) = page {
                dialog::render(frame, plan.body, dialog, page, theme);
            }
        }
        Some(Overlay::Help { scroll }) => help::render(frame, plan.body, *scroll, theme),
        Some(Overlay::Copy(_)) | None => {}
    }
}
