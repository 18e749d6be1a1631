//! A page of labelled facts, wrapped to a width.
//!
//! ```text
//!   Heading
//!   label       value that goes on
//!               on the next line
//! ```

use super::safe_span::{self, spans};
use crate::{
    console::theme::{Role, Theme},
    domain::Untrusted,
    text::SafeText,
};
use ratatui::{
    style::Style,
    text::{Line, Span},
};

/// Columns of the labels, where a page does not ask for more.
const LABEL: usize = 13;

/// The most columns labels take.
const LONGEST_LABEL: usize = 22;

/// A page being written.
pub struct Sheet<'t> {
    lines: Vec<Line<'static>>,
    width: usize,
    label: usize,
    theme: &'t Theme,
}

impl<'t> Sheet<'t> {
    /// An empty page.
    pub fn new(width: u16, theme: &'t Theme) -> Self {
        Self { lines: Vec::new(), width: usize::from(width), label: LABEL, theme }
    }

    /// Makes the labels from here on wide enough for these, within reason.
    pub fn label_columns<'l>(&mut self, labels: impl Iterator<Item = &'l str>) {
        let longest = labels.map(|label| label.chars().count() + 1).max().unwrap_or(0);
        self.label = longest.clamp(LABEL, LONGEST_LABEL);
    }

    /// The page's lines.
    pub fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }

    /// An empty line, unless one is there already.
    pub fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// A heading.
    pub fn heading(&mut self, text: &str) {
        self.blank();
        self.own(text, Role::Title);
    }

    /// A paragraph of our own.
    pub fn own(&mut self, text: &str, role: Role) {
        self.spans(vec![Span::styled(text.to_owned(), self.theme.style(role))]);
    }

    /// A paragraph of somebody else's, with its line breaks.
    pub fn untrusted(&mut self, text: &Untrusted, role: Role) {
        self.spans(spans(&SafeText::block(text), self.theme.style(role), self.theme));
    }

    /// A paragraph of spans.
    pub fn spans(&mut self, spans: Vec<Span<'static>>) {
        self.lines.extend(safe_span::wrap(spans, self.width));
    }

    /// A label and what somebody else says of it.
    pub fn pair(&mut self, label: &str, value: &Untrusted) {
        self.pair_spans(label, self.safe(value, Role::Text));
    }

    /// A label and what we say of it.
    pub fn pair_own(&mut self, label: &str, value: &str, role: Role) {
        self.pair_spans(label, vec![Span::styled(value.to_owned(), self.theme.style(role))]);
    }

    /// A label and spans. Where the page is narrow, the value goes under its label.
    pub fn pair_spans(&mut self, label: &str, value: Vec<Span<'static>>) {
        let dim = self.fg(Role::Dim);
        let columns = self.label;
        let roomy = self.width >= columns * 3;
        let indent = if roomy { columns } else { 2 };
        let lines = safe_span::wrap(value, self.width.saturating_sub(indent));
        let fits = label.chars().count() < columns;
        if !roomy || !fits {
            self.lines
                .extend(safe_span::wrap(vec![Span::styled(label.to_owned(), dim)], self.width));
        }
        for (index, line) in lines.into_iter().enumerate() {
            let lead = if index == 0 && roomy && fits {
                Span::styled(format!("{label:<columns$}"), dim)
            } else {
                Span::raw(" ".repeat(indent))
            };
            let mut whole = vec![lead];
            whole.extend(line.spans);
            self.lines.push(Line::from(whole));
        }
    }

    /// Spans of somebody else's text in one line.
    pub fn safe(&self, text: &Untrusted, role: Role) -> Vec<Span<'static>> {
        spans(&SafeText::line(text), self.fg(role), self.theme)
    }

    /// Spans of text that is safe already.
    pub fn safe_text(&self, text: &SafeText, role: Role) -> Vec<Span<'static>> {
        spans(text, self.fg(role), self.theme)
    }

    /// Columns a line has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The colours.
    pub fn theme(&self) -> &'t Theme {
        self.theme
    }

    /// Spans of our own text.
    pub fn say(&self, text: &str, role: Role) -> Span<'static> {
        Span::styled(text.to_owned(), self.fg(role))
    }

    fn fg(&self, role: Role) -> Style {
        self.theme.style(role)
    }
}
