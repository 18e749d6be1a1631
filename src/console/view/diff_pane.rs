//! The diff at the end of an action's detail, in the colours of the theme.

use crate::{
    console::{
        diff::{self, DiffColours, DiffView, Mode},
        theme::{Role, Theme},
    },
    domain::Untrusted,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// How a diff is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Split {
    /// Old and new lines under each other.
    #[default]
    Unified,
    /// Old to the left, new to the right.
    SideBySide,
}

impl From<Split> for Mode {
    fn from(split: Split) -> Self {
        match split {
            Split::Unified => Self::Unified,
            Split::SideBySide => Self::SideBySide,
        }
    }
}

/// A diff, parsed once, off the UI task; what drawing works out is remembered inside.
#[derive(Debug)]
pub struct DiffPane(DiffView);

impl Default for DiffPane {
    fn default() -> Self {
        Self::parse(&Untrusted::default())
    }
}

impl DiffPane {
    /// Parses a unified diff.
    pub fn parse(diff: &Untrusted) -> Self {
        Self(DiffView::parse(diff))
    }

    /// Works out the first screen, so that the UI task does not have to.
    pub fn warm(&self, width: u16) {
        self.0.warm(width, Mode::Unified);
    }

    /// Rows it takes.
    pub fn height(&self, width: u16, split: Split) -> usize {
        self.0.rows(width, split.into())
    }

    /// Rows at which a file starts.
    pub fn file_rows(&self, width: u16, split: Split) -> Vec<usize> {
        self.0.file_rows(width, split.into())
    }

    /// Whether characters hide in it, or something was too long to be shown.
    pub fn has_hidden(&self) -> bool {
        self.0.has_hidden()
    }

    /// Draws it without its first `skip` rows.
    pub fn render(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        skip: usize,
        split: Split,
        theme: &Theme,
    ) {
        diff::render(buffer, area, &self.0, skip, split.into(), &colours(theme));
    }
}

/// The style of a stretch of code.
pub(super) fn role_style(theme: &Theme, role: diff::Role) -> Style {
    theme.style(match role {
        diff::Role::Keyword => Role::SyntaxKeyword,
        diff::Role::String => Role::SyntaxString,
        diff::Role::Comment => Role::SyntaxComment,
        diff::Role::Number => Role::SyntaxNumber,
        diff::Role::Type => Role::SyntaxType,
        diff::Role::Function => Role::SyntaxFunction,
    })
}

fn colours(theme: &Theme) -> DiffColours {
    DiffColours {
        context: theme.style(Role::Text),
        added: theme.style(Role::Added),
        removed: theme.style(Role::Removed),
        added_word: theme.style(Role::AddedWord),
        removed_word: theme.style(Role::RemovedWord),
        gutter: theme.style(Role::LineNumber),
        header: theme.style(Role::File),
        hunk: theme.style(Role::Hunk),
        note: theme.style(Role::Warning),
        hidden_token: theme.style(Role::HiddenToken),
        keyword: theme.style(Role::SyntaxKeyword),
        string: theme.style(Role::SyntaxString),
        comment: theme.style(Role::SyntaxComment),
        number: theme.style(Role::SyntaxNumber),
        type_name: theme.style(Role::SyntaxType),
        function: theme.style(Role::SyntaxFunction),
    }
}
