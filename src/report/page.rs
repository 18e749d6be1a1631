//! One thing, whole: labelled lines, lists and blocks of text.

use super::{Cell, Ink, Table, Tone};
use crate::{domain::Untrusted, text::SafeText};

/// A page of labelled lines, built from top to bottom.
#[derive(Debug, Clone, Default)]
pub struct Page {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Heading(String),
    Field(String, Cell),
    Item(usize, Cell),
    Block(SafeText),
    Diff(Untrusted),
    Table(Table),
}

impl Page {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// A heading of our own, with an empty line before it.
    #[must_use]
    pub fn heading(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Heading(text.into()));
        self
    }

    /// `label   value`.
    #[must_use]
    pub fn field(mut self, label: impl Into<String>, cell: Cell) -> Self {
        self.parts.push(Part::Field(label.into(), cell));
        self
    }

    /// One line of a list.
    #[must_use]
    pub fn item(mut self, cell: Cell) -> Self {
        self.parts.push(Part::Item(2, cell));
        self
    }

    /// A line that explains the one above it.
    #[must_use]
    pub fn detail(mut self, cell: Cell) -> Self {
        self.parts.push(Part::Item(6, cell));
        self
    }

    /// Several lines from outside, indented.
    #[must_use]
    pub fn block(mut self, text: &Untrusted) -> Self {
        self.parts.push(Part::Block(SafeText::block(text)));
        self
    }

    /// A unified diff from outside, not indented, added and removed lines coloured.
    #[must_use]
    pub fn diff(mut self, text: &Untrusted) -> Self {
        self.parts.push(Part::Diff(text.clone()));
        self
    }

    /// A table.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        self.parts.push(Part::Table(table));
        self
    }

    /// Everything of another page after this one.
    #[must_use]
    pub fn and(mut self, other: Page) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// The page as text. Nothing is cut: a page is there to be read whole.
    pub fn text(&self, ink: Ink) -> String {
        let label_width = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Field(label, _) => Some(SafeText::own(label).width()),
                _ => None,
            })
            .max()
            .unwrap_or(0);
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Heading(text) => {
                    if !out.is_empty() {
                        out.push('\n');
                    }
                    out.push_str(&ink.bold(SafeText::own(text).as_str()));
                    out.push('\n');
                }
                Part::Field(label, cell) => {
                    let label = SafeText::own(label);
                    let gap = " ".repeat(label_width.saturating_sub(label.width()) + 2);
                    out.push_str(&ink.paint(Tone::Quiet, label.as_str()));
                    out.push_str(&gap);
                    out.push_str(&cell.write(ink, cell.width(), false));
                    out.push('\n');
                }
                Part::Item(indent, cell) => {
                    out.push_str(&" ".repeat(*indent));
                    out.push_str(&cell.write(ink, cell.width(), false));
                    out.push('\n');
                }
                Part::Block(text) => {
                    for line in ink.safe(Tone::Plain, text).lines() {
                        out.push_str("  ");
                        out.push_str(line);
                        out.push('\n');
                    }
                }
                Part::Diff(text) => push_diff(&mut out, text, ink),
                Part::Table(table) => out.push_str(&table.text(ink)),
            }
        }
        out
    }
}

/// Lines of a diff in the colours people expect. Line by line, so that no limit on the length of
/// a block cuts a diff somebody decides on.
fn push_diff(out: &mut String, text: &Untrusted, ink: Ink) {
    for line in text.raw().lines() {
        let tone = if line.starts_with("+++") || line.starts_with("---") {
            Tone::Quiet
        } else if line.starts_with('+') {
            Tone::Good
        } else if line.starts_with('-') {
            Tone::Bad
        } else if line.starts_with("@@") {
            Tone::Warning
        } else {
            Tone::Plain
        };
        out.push_str(&ink.safe(tone, &SafeText::line(&Untrusted::new(line))));
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::report::{Cell, Ink};

    #[test]
    fn labels_line_up_and_a_block_is_indented() {
        let page = Page::new()
            .field("id", Cell::own("a-0123456789"))
            .field("requester", Cell::own("copilot"))
            .heading("description")
            .block(&"one\ntwo".into());
        insta::assert_snapshot!(page.text(Ink::default()), @r"
        id         a-0123456789
        requester  copilot

        description
          one
          two
        ");
    }
}
