//! The detail: a page of facts and, for an action, its diff below, scrolled as one.

use super::{
    action, activity, autonomous, credential,
    diff_pane::{DiffPane, Split},
    source,
};
use crate::console::{
    state::{State, Tab},
    theme::Theme,
};
use ratatui::{Frame, layout::Rect, text::Line, widgets::Widget};
use std::sync::Arc;

/// A detail, ready to be drawn at one width.
#[derive(Debug, Default)]
pub struct Detail {
    lines: Vec<Line<'static>>,
    diff: Option<(Arc<DiffPane>, Split)>,
    width: u16,
}

/// Narrower than this, side by side would show halves of lines.
const SIDE_BY_SIDE: u16 = 110;

impl Detail {
    /// Builds what the page in front says about its selected row. `brief` where there is only
    /// room for the essentials.
    pub fn build(state: &State, area: Option<Rect>, brief: bool, theme: &Theme) -> Self {
        let Some(area) = area else { return Self::default() };
        let width = area.width;
        let lines = match state.tab {
            Tab::Queue => action::page(state, width, brief, theme),
            Tab::Credentials => credential::page(state, width, brief, theme),
            Tab::Activity if state.shows_autonomous => autonomous::page(state, width, theme),
            Tab::Activity => activity::page(state, width, theme),
            Tab::Sources => source::page(state, width, theme),
        };
        let diff = match (state.tab, &state.open) {
            (Tab::Queue, Some(open)) if !brief => {
                let split = match state.split {
                    None if width >= SIDE_BY_SIDE => Split::SideBySide,
                    None => Split::Unified,
                    Some(split) => split,
                };
                Some((Arc::clone(&open.loaded.diff), split))
            }
            _ => None,
        };
        Self { lines, diff, width }
    }

    /// How many rows it has.
    pub fn height(&self) -> usize {
        let diff = self.diff.as_ref().map_or(0, |(diff, split)| diff.height(self.width, *split));
        self.lines.len() + diff
    }

    /// Rows at which files of the diff start.
    pub fn file_rows(&self) -> Vec<usize> {
        self.diff.as_ref().map_or_else(Vec::new, |(diff, split)| {
            let rows = diff.file_rows(self.width, *split);
            rows.into_iter().map(|row| row + self.lines.len()).collect()
        })
    }

    /// Draws it without its first `scroll` rows.
    pub fn render(&self, frame: &mut Frame<'_>, area: Rect, scroll: usize, theme: &Theme) {
        let buffer = frame.buffer_mut();
        let rows = area.y..area.bottom();
        for (y, line) in rows.zip(self.lines.iter().skip(scroll)) {
            line.render(Rect { y, height: 1, ..area }, buffer);
        }
        let above = self.lines.len().saturating_sub(scroll);
        let above = u16::try_from(above).unwrap_or(u16::MAX).min(area.height);
        if let Some((diff, split)) = &self.diff
            && above < area.height
        {
            let below = Rect { y: area.y + above, height: area.height - above, ..area };
            let skip = scroll.saturating_sub(self.lines.len());
            diff.render(buffer, below, skip, *split, theme);
        }
    }
}
