//! Filtering and sorting a long list away from the task that reads keys.

use super::{filter::Filter, table::Row};
use crate::{
    domain::{Activity, SourceState},
    store::{AutonomousRow, CredentialRow, QueueRow},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Rows between two looks at whether anybody still wants to know.
const STRIDE: usize = 1024;

/// A question: which of these rows, in which order?
#[derive(Debug)]
pub struct Job<R> {
    pub(super) number: u64,
    pub(super) newest: Arc<AtomicU64>,
    pub(super) rows: Arc<Vec<R>>,
    pub(super) filter: Filter,
    pub(super) sort: usize,
    pub(super) everything: bool,
}

/// Its answer.
#[derive(Debug)]
pub struct Arranged<R> {
    pub(super) number: u64,
    pub(super) rows: Arc<Vec<R>>,
    pub(super) shown: Vec<u32>,
    pub(super) essential: usize,
}

impl<R: Row> Job<R> {
    /// Filters and sorts; `None` when a newer question was asked meanwhile.
    pub fn run(self) -> Option<Arranged<R>> {
        let mut buffer = String::new();
        let mut shown = Vec::new();
        let mut essential = 0;
        for (index, row) in self.rows.iter().enumerate() {
            if index % STRIDE == 0 && self.is_overtaken() {
                return None;
            }
            let worth = row.is_essential();
            essential += usize::from(worth);
            if (self.everything || worth) && self.filter.lets_through(row, &mut buffer) {
                // More than 4 billion rows do not fit into memory.
                shown.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
        if self.sort > 0 {
            let (rows, sort) = (&self.rows, self.sort);
            shown.sort_by(|a, b| rows[*a as usize].compare(&rows[*b as usize], sort));
        }
        Some(Arranged { number: self.number, rows: self.rows, shown, essential })
    }

    fn is_overtaken(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.number
    }
}

/// A question about one of the pages.
#[derive(Debug)]
pub enum Question {
    /// The queue.
    Queue(Job<Arc<QueueRow>>),
    /// The credentials.
    Credentials(Job<Arc<CredentialRow>>),
    /// The history.
    Activity(Job<Arc<Activity>>),
    /// What was let through.
    Autonomous(Job<Arc<AutonomousRow>>),
    /// The sources.
    Sources(Job<SourceState>),
}

/// The answer for that page.
#[derive(Debug)]
pub enum Answer {
    /// The queue.
    Queue(Arranged<Arc<QueueRow>>),
    /// The credentials.
    Credentials(Arranged<Arc<CredentialRow>>),
    /// The history.
    Activity(Arranged<Arc<Activity>>),
    /// What was let through.
    Autonomous(Arranged<Arc<AutonomousRow>>),
    /// The sources.
    Sources(Arranged<SourceState>),
}

impl Question {
    /// Filters and sorts; `None` when a newer question was asked meanwhile.
    pub fn answer(self) -> Option<Answer> {
        match self {
            Self::Queue(job) => job.run().map(Answer::Queue),
            Self::Credentials(job) => job.run().map(Answer::Credentials),
            Self::Activity(job) => job.run().map(Answer::Activity),
            Self::Autonomous(job) => job.run().map(Answer::Autonomous),
            Self::Sources(job) => job.run().map(Answer::Sources),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::console::state::table::{Row, Table};
    use std::{cmp::Ordering, sync::Arc};

    impl Row for u32 {
        const SORTS: &'static [&'static str] = &["as it comes", "down"];
        fn is_same(&self, other: &Self) -> bool {
            self == other
        }
        fn write_haystack(&self, into: &mut String) {
            into.push_str(&self.to_string());
        }
        fn compare(&self, other: &Self, _: usize) -> Ordering {
            other.cmp(self)
        }
    }

    fn table(rows: u32) -> Table<u32> {
        let mut table = Table::default();
        table.replace(Arc::new((0..rows).collect()));
        table
    }

    #[test]
    fn a_short_list_is_filtered_at_once() {
        let mut table = table(1_000);
        table.set_filter("99");
        assert!(table.job().is_none());
        assert_eq!(table.shown(), 19);
    }

    #[test]
    fn a_long_list_stays_as_it_was_until_a_worker_has_filtered_it() {
        let mut table = table(10_000);
        table.step(4_999);
        table.set_filter("99");
        assert_eq!(table.shown(), 10_000);
        let arranged = table.job().unwrap().run().unwrap();
        table.step(1);
        table.step(-2);
        table.take(arranged);
        assert_eq!(table.shown(), 280);
        table.set_filter("");
        assert_eq!(table.shown(), 10_000, "nothing to search for is done at once");
    }

    #[test]
    fn only_the_newest_question_is_answered() {
        let mut table = table(10_000);
        table.set_filter("9");
        let overtaken = table.job().unwrap();
        let late = Table::job(&mut table);
        assert!(late.is_none(), "asked once");
        table.set_filter("99");
        assert!(overtaken.run().is_none());
        let newest = table.job().unwrap().run().unwrap();
        table.next_sort();
        table.take(newest);
        assert_eq!(table.shown(), 10_000, "an answer without the new order is not taken");
        let sorted = table.job().unwrap().run().unwrap();
        table.take(sorted);
        assert_eq!((table.shown(), table.window().next()), (280, Some((true, &9_999))));
    }

    #[test]
    fn the_selection_stays_on_its_row_when_new_rows_come_filtered() {
        let mut table = table(10_000);
        table.set_filter("99");
        let arranged = table.job().unwrap().run().unwrap();
        table.take(arranged);
        table.step(7);
        let selected = *table.selected().unwrap();
        table.replace(Arc::new((0..10_000).filter(|row| row % 1000 != 99).collect()));
        assert_eq!(table.selected(), Some(&selected));
        let arranged = table.job().unwrap().run().unwrap();
        assert!(table.take(arranged).is_some(), "the old rows are given back");
        assert_eq!(table.selected(), Some(&selected));
    }
}
