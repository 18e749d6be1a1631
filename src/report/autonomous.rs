//! What agents did by themselves, because policy let it through.

use super::{Cell, Column, Ink, Report, Table, Tone, words};
use crate::{
    domain::{Class, Found},
    store::AutonomousRow,
};
use serde::Serialize;

/// Actions that were let through, newest first.
pub struct AutonomousReport {
    rows: Vec<AutonomousRow>,
}

impl AutonomousReport {
    /// Rows as the store gives them.
    pub fn new(rows: Vec<AutonomousRow>) -> Self {
        Self { rows }
    }
}

impl Report for AutonomousReport {
    fn human(&self, ink: Ink) -> String {
        if self.rows.is_empty() {
            return "nothing was let through yet\n".to_owned();
        }
        let mut table = Table::new(&[
            Column::new("at", 20),
            Column::new("class", 9),
            Column::or_leave_out("tool", 8, 1),
            Column::or_leave_out("who", 6, 4),
            Column::or_leave_out("host", 8, 3),
            Column::or_leave_out("tier", 8, 2),
            Column::new("what", 16),
            Column::or_leave_out("does", 16, 5),
        ]);
        table.rows = self
            .rows
            .iter()
            .map(|row| {
                let record = &row.record;
                let class = record.found.class();
                let tone = if class == Class::ReadOnly { Tone::Quiet } else { Tone::Plain };
                let heaviest = record.found.by_weight().first().map(Found::told);
                vec![
                    Cell::own(words::moment(record.at)),
                    Cell::own(class.to_string()).tone(tone),
                    Cell::own(record.tool.as_str()),
                    Cell::outside(&record.requester),
                    Cell::own(record.source.as_str()),
                    Cell::own(&record.ruling.tier),
                    Cell::outside(&record.title),
                    heaviest.map_or_else(Cell::default, |told| Cell::outside(&told)),
                ]
            })
            .collect();
        format!("{}{}", table.text(ink), table.left_out_line(ink))
    }

    fn name(&self) -> &'static str {
        "autonomous"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { actions: &self.rows }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    actions: &'a [AutonomousRow],
}
