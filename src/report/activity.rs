//! What happened.

use super::{Cell, Column, Ink, Report, Table, Tone, words};
use crate::domain::Activity;
use serde::Serialize;

/// Lines of history, newest first.
pub struct ActivityReport {
    lines: Vec<Activity>,
}

impl ActivityReport {
    /// Lines as the store gives them.
    pub fn new(lines: Vec<Activity>) -> Self {
        Self { lines }
    }
}

impl Report for ActivityReport {
    fn human(&self, ink: Ink) -> String {
        if self.lines.is_empty() {
            return "nothing happened yet\n".to_owned();
        }
        let mut table = Table::new(&[
            Column::new("at", 20),
            Column::new("kind", 8),
            Column::or_leave_out("source", 8, 2),
            Column::or_leave_out("about", 12, 1),
            Column::or_leave_out("who", 6, 3),
            Column::new("what", 16),
        ]);
        table.rows = self
            .lines
            .iter()
            .map(|line| {
                vec![
                    Cell::own(words::moment(line.at)),
                    Cell::own(line.kind.to_string()),
                    Cell::own(line.source.as_str()),
                    Cell::own(&line.about),
                    Cell::outside(&line.who),
                    Cell::outside(&line.what).tone(tone(line)),
                ]
            })
            .collect();
        format!("{}{}", table.text(ink), table.left_out_line(ink))
    }

    fn name(&self) -> &'static str {
        "activity"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { lines: &self.lines }
    }
}

/// A decision that nobody signed stands out.
fn tone(line: &Activity) -> Tone {
    if line.is_unsigned() { Tone::Bad } else { Tone::Plain }
}

#[derive(Serialize)]
struct Body<'a> {
    lines: &'a [Activity],
}
