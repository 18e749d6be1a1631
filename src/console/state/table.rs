//! A list: all rows, those the filter lets through, the selection and the window.
//!
//! ```text
//!   new rows │ filter │ order ─▶ few rows, or nothing to search and sort: at once
//!                              └▶ many: a Job for a worker ─▶ Arranged; until then, as it was
//! ```

use super::{
    arrange::{Arranged, Job},
    filter::Filter,
};
use std::{
    cmp::Ordering,
    sync::{
        Arc,
        atomic::{self, AtomicU64},
    },
};

/// Lists up to this long are searched and sorted between two frames: some 2 ms.
const AT_ONCE: usize = 2_000;

/// What a list needs to know of its rows.
pub trait Row {
    /// Names of the orders `s` goes through; the first is the order rows come in.
    const SORTS: &'static [&'static str];

    /// What stays the same when the row is read again.
    fn is_same(&self, other: &Self) -> bool;

    /// Writes the visible fields, for the filter.
    fn write_haystack(&self, into: &mut String);

    /// Compares by the order of this index in [`Row::SORTS`]; 0 is never asked.
    fn compare(&self, other: &Self, sort: usize) -> Ordering;

    /// Whether the row is worth showing when not everything is asked for.
    fn is_essential(&self) -> bool {
        true
    }
}

/// A list of rows.
#[derive(Debug)]
pub struct Table<R> {
    rows: Arc<Vec<R>>,
    /// Indices into `rows`, filtered and sorted.
    shown: Vec<u32>,
    /// Rows worth showing when not everything is asked for.
    essential: usize,
    selected: usize,
    top: usize,
    height: usize,
    sort: usize,
    everything: bool,
    filter: Filter,
    /// Newer rows, while a worker arranges them.
    newer: Option<Arc<Vec<R>>>,
    /// Counts what was asked of workers; only the answer to the newest question is taken.
    asked: Arc<AtomicU64>,
    job: Option<Job<R>>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: Arc::new(Vec::new()),
            shown: Vec::new(),
            essential: 0,
            selected: 0,
            top: 0,
            height: 1,
            sort: 0,
            everything: false,
            filter: Filter::default(),
            newer: None,
            asked: Arc::new(AtomicU64::new(0)),
            job: None,
        }
    }
}

impl<R: Row> Table<R> {
    /// Takes new rows and keeps the selection on the same thing. Gives back the old rows, for
    /// somebody with time to free them.
    pub fn replace(&mut self, rows: Arc<Vec<R>>) -> Option<Arc<Vec<R>>> {
        self.newer = Some(rows);
        self.arrange()
    }

    /// Filters and sorts again, or asks for it.
    fn arrange(&mut self) -> Option<Arc<Vec<R>>> {
        let number = self.asked.fetch_add(1, atomic::Ordering::Relaxed) + 1;
        let job = Job {
            number,
            newest: Arc::clone(&self.asked),
            rows: Arc::clone(self.newer.as_ref().unwrap_or(&self.rows)),
            filter: self.filter.clone(),
            sort: self.sort,
            everything: self.everything,
        };
        if job.rows.len() > AT_ONCE && !(job.filter.is_empty() && job.sort == 0) {
            self.job = Some(job);
            return None;
        }
        self.job = None;
        job.run().and_then(|arranged| self.take(arranged))
    }

    /// What a worker is to arrange.
    pub fn job(&mut self) -> Option<Job<R>> {
        self.job.take()
    }

    /// Takes what was arranged, unless it has been overtaken; gives back the old rows.
    pub fn take(&mut self, arranged: Arranged<R>) -> Option<Arc<Vec<R>>> {
        if arranged.number != self.asked.load(atomic::Ordering::Relaxed) {
            return None;
        }
        let keep = if Arc::ptr_eq(&arranged.rows, &self.rows) {
            self.selected_index()
        } else {
            self.selected().and_then(|row| self.index_in(&arranged.rows, row))
        };
        self.newer = None;
        self.essential = arranged.essential;
        self.shown = arranged.shown;
        let old = std::mem::replace(&mut self.rows, arranged.rows);
        let place = keep.and_then(|keep| self.shown.iter().position(|i| *i as usize == keep));
        self.selected = place.unwrap_or(self.selected).min(self.shown.len().saturating_sub(1));
        self.follow();
        (!Arc::ptr_eq(&old, &self.rows)).then_some(old)
    }

    fn index_in(&self, rows: &[R], row: &R) -> Option<usize> {
        // Rows mostly keep their place, so look there first.
        let hint = self.shown.get(self.selected).map_or(0, |index| *index as usize);
        let near = hint.saturating_sub(64)..(hint + 64).min(rows.len());
        near.clone()
            .find(|index| rows[*index].is_same(row))
            .or_else(|| rows.iter().position(|other| other.is_same(row)))
    }

    fn selected_index(&self) -> Option<usize> {
        self.shown.get(self.selected).map(|index| *index as usize)
    }

    /// Filters by another text.
    pub fn set_filter(&mut self, text: &str) {
        self.filter = Filter::parse(text);
        self.arrange();
    }

    /// Sorts by the next order and gives its name.
    pub fn next_sort(&mut self) -> &'static str {
        self.sort = (self.sort + 1) % R::SORTS.len();
        self.arrange();
        R::SORTS[self.sort]
    }

    /// Shows everything, or only what is essential.
    pub fn toggle_everything(&mut self) -> bool {
        self.everything = !self.everything;
        self.arrange();
        self.everything
    }
}

impl<R> Table<R> {
    /// The selected row.
    pub fn selected(&self) -> Option<&R> {
        self.shown.get(self.selected).and_then(|index| self.rows.get(*index as usize))
    }

    /// The rows in the window, each with whether it is the selected one.
    pub fn window(&self) -> impl Iterator<Item = (bool, &R)> {
        let end = (self.top + self.height).min(self.shown.len());
        (self.top.min(end)..end).filter_map(|place| {
            let row = self.rows.get(*self.shown.get(place)? as usize)?;
            Some((place == self.selected, row))
        })
    }

    /// All rows, whatever the filter says.
    pub fn rows(&self) -> &[R] {
        &self.rows
    }

    /// How many rows are worth showing when not everything is asked for.
    pub fn essential(&self) -> usize {
        self.essential
    }

    /// The newest rows, even while they are still being arranged.
    pub fn newest(&self) -> &Arc<Vec<R>> {
        self.newer.as_ref().unwrap_or(&self.rows)
    }

    /// How many rows the filter lets through.
    pub fn shown(&self) -> usize {
        self.shown.len()
    }

    /// The place of the selection and of the window's first row.
    pub fn place(&self) -> (usize, usize) {
        (self.selected, self.top)
    }

    /// The filter.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Whether everything is shown.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// The index of the present order in [`Row::SORTS`].
    pub fn sort(&self) -> usize {
        self.sort
    }

    /// How many rows the window has.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Gives the window another height.
    pub fn set_height(&mut self, height: usize) {
        self.height = height.max(1);
        self.follow();
    }

    /// Moves the selection by so many rows, stopping at the ends.
    pub fn step(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
        self.follow();
    }

    /// Selects the first row.
    pub fn first(&mut self) {
        self.selected = 0;
        self.follow();
    }

    /// Selects the last row.
    pub fn last(&mut self) {
        self.selected = self.shown.len().saturating_sub(1);
        self.follow();
    }

    /// Moves the window so that the selection is in it and no space is wasted at the end.
    fn follow(&mut self) {
        let lowest = self.selected.saturating_sub(self.height - 1);
        let wasteless = self.shown.len().saturating_sub(self.height);
        self.top = self.top.clamp(lowest, self.selected).min(wasteless);
    }
}
