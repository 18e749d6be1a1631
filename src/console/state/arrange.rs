//! Filtering and sorting a long list away from the task that reads keys.

use super::{filter::Filter, table::Row};
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
