//! Rows and columns of text.

use super::{
    Cell, Ink,
    fit::{Demand, GAP, fit},
};
use unicode_width::UnicodeWidthStr as _;

/// A column's heading and what it may lose on a narrow terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Heading, lower case.
    pub title: &'static str,
    /// Terminal columns below which it says nothing any more.
    pub narrowest: usize,
    /// Larger is left out first on a narrow terminal; 0 always stays.
    pub dispensable: u8,
}

impl Column {
    /// A column that always stays.
    pub const fn new(title: &'static str, narrowest: usize) -> Self {
        Self { title, narrowest, dispensable: 0 }
    }

    /// A column that is left out when there is no room; the larger the earlier.
    pub const fn or_leave_out(title: &'static str, narrowest: usize, dispensable: u8) -> Self {
        Self { title, narrowest, dispensable }
    }
}

/// Rows of cells under headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a cell a column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// No rows yet.
    pub fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Text under headings, one line a row. Columns that found no room are named below.
    pub fn text(&self, ink: Ink) -> String {
        let widths = self.widths(ink);
        let last = widths.iter().rposition(Option::is_some).unwrap_or(0);
        let heading: Vec<Cell> =
            self.columns.iter().map(|column| Cell::own(column.title.to_uppercase())).collect();
        let line = |cells: &[Cell], ink: Ink| {
            cells
                .iter()
                .zip(&widths)
                .enumerate()
                .filter_map(|(index, (cell, width))| {
                    width.map(|width| cell.write(ink, width, index < last))
                })
                .collect::<Vec<_>>()
                .join(&" ".repeat(GAP))
        };
        let mut out = ink.bold(line(&heading, Ink { colour: false, ..ink }).trim_end());
        out.push('\n');
        for row in &self.rows {
            out.push_str(line(row, ink).trim_end());
            out.push('\n');
        }
        out
    }

    /// Headings of the columns that have no room on a terminal this wide.
    fn left_out(&self, ink: Ink) -> Vec<&'static str> {
        self.columns
            .iter()
            .zip(self.widths(ink))
            .filter_map(|(column, width)| width.is_none().then_some(column.title))
            .collect()
    }

    /// A line that says which columns had no room; empty when all had.
    pub fn left_out_line(&self, ink: Ink) -> String {
        let missing = self.left_out(ink);
        if missing.is_empty() {
            return String::new();
        }
        let line = format!(
            "no room for: {} (a wider terminal, a pipe or --json has it)",
            missing.join(", ")
        );
        format!("{}\n", ink.paint(super::Tone::Quiet, &line))
    }

    fn widths(&self, ink: Ink) -> Vec<Option<usize>> {
        let demands: Vec<Demand> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let natural = self
                    .rows
                    .iter()
                    .filter_map(|row| row.get(index))
                    .map(Cell::width)
                    .max()
                    .unwrap_or(0)
                    .max(column.title.width());
                Demand {
                    natural,
                    narrowest: column.narrowest.min(natural),
                    dispensable: column.dispensable,
                }
            })
            .collect();
        match ink.width {
            Some(room) => fit(&demands, room),
            None => demands.iter().map(|demand| Some(demand.natural)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, Ink, Table};
    use crate::report::Tone;
    use unicode_width::UnicodeWidthStr as _;

    fn table() -> Table {
        let mut table = Table::new(&[
            Column::new("id", 12),
            Column::new("title", 10),
            Column::or_leave_out("grants", 12, 1),
        ]);
        table.rows.push(vec![
            Cell::own("a-0123456789"),
            Cell::own("Drop the orders table and make it again"),
            Cell::own("contents: write, administration: write").tone(Tone::Warning),
        ]);
        table
    }

    #[test]
    fn without_a_terminal_nothing_is_cut_coloured_or_left_out() {
        insta::assert_snapshot!(table().text(Ink::default()), @r"
        ID            TITLE                                    GRANTS
        a-0123456789  Drop the orders table and make it again  contents: write, administration: write
        ");
    }

    #[test]
    fn on_a_terminal_every_line_keeps_to_its_width() {
        for width in 30..140 {
            let ink = Ink { width: Some(width), colour: false };
            for line in table().text(ink).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_column_without_room_is_named() {
        let ink = Ink { width: Some(34), colour: false };
        assert_eq!(table().left_out(ink), ["grants"]);
        assert!(table().left_out(Ink::default()).is_empty());
    }
}
