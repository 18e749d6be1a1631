//! Threads that hash and read entries, and check signatures, while one puts it all in order.
//!
//! ```text
//!   pieces ─▶ number them ─▶ threads: canonical? leaf hash, Entry ─▶ in order again ─▶ tree, history
//!                                ▲ signatures of an order ◀──────────────────────────────┘
//! ```

use super::{
    Options,
    case::{self, Case},
    fault::{Fault, Wrong},
};
use crate::ledger::{
    canonical,
    checkpoint::{CheckpointFault, Head},
    entry::{Entry, EntryError},
    source::{Batch, Line, Piece, SourceError},
    tree::{Hash, leaf_hash},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

/// One entry after a thread looked at it.
pub(super) struct Seen {
    pub number: u64,
    pub leaf: Hash,
    /// The entry, where history is wanted and it could be read.
    pub entry: Option<Entry>,
    pub pruned: bool,
}

/// What came back from the threads, in the order of the source.
pub(super) enum Step {
    Entries(Vec<Seen>, Vec<Fault>),
    /// The size a head claims, and the head if it is believed.
    Head(u64, Box<Result<Head, CheckpointFault>>),
}

/// What a pass does with the steps.
pub(super) trait Pass {
    /// Takes the next step; answers what is to be checked of it by the threads.
    fn step(&mut self, step: Step) -> Vec<Case>;
    /// After the last step.
    fn end(&mut self) -> Vec<Case>;
    /// Takes what checking a case found.
    fn judged(&mut self, verdict: case::Judged);
}

enum Job {
    Look(u64, Batch),
    Open(u64, String),
    Judge(Vec<Case>),
}

enum Done {
    Looked(u64, Step),
    Judged(Vec<case::Judged>),
}

/// So many cases are checked in one go.
const CASES: usize = 64;

/// Runs a pass over all pieces, with threads beside this one.
pub(super) fn run(
    pieces: &mut dyn Iterator<Item = Result<Piece, SourceError>>,
    options: &Options,
    pass: &mut dyn Pass,
) -> Result<(), SourceError> {
    thread::scope(|scope| {
        let (give, jobs) = mpsc::channel::<Job>();
        let (tell, results) = mpsc::channel::<Done>();
        let jobs = Arc::new(Mutex::new(jobs));
        let (threads, history) = (options.threads.max(1), !options.structure_only);
        for _ in 0..threads {
            let (jobs, tell) = (Arc::clone(&jobs), tell.clone());
            scope.spawn(move || {
                while let Some(job) = next(&jobs) {
                    let done = match job {
                        Job::Look(number, batch) => Done::Looked(number, look(&batch, history)),
                        Job::Open(number, note) => Done::Looked(number, open(&note, options)),
                        Job::Judge(cases) => Done::Judged(cases.iter().map(Case::judge).collect()),
                    };
                    if tell.send(done).is_err() {
                        break;
                    }
                }
            });
        }
        drop(tell);
        let mut desk = Desk {
            give,
            results,
            pass,
            waiting: BTreeMap::new(),
            cases: Vec::new(),
            sent: 0,
            taken: 0,
            busy: 0,
        };
        // Dropping the desk ends the threads, also when the source fails.
        desk.all(pieces, threads * 3)
    })
}

fn next(jobs: &Mutex<mpsc::Receiver<Job>>) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

struct Desk<'a> {
    give: mpsc::Sender<Job>,
    results: mpsc::Receiver<Done>,
    pass: &'a mut dyn Pass,
    /// Steps that came back before their turn.
    waiting: BTreeMap<u64, Step>,
    cases: Vec<Case>,
    sent: u64,
    taken: u64,
    /// Jobs the threads have.
    busy: usize,
}

impl Desk<'_> {
    fn all(
        &mut self,
        pieces: &mut dyn Iterator<Item = Result<Piece, SourceError>>,
        most: usize,
    ) -> Result<(), SourceError> {
        for piece in pieces {
            let number = self.sent;
            self.sent += 1;
            match piece? {
                Piece::Head(note) => self.send(Job::Open(number, note)),
                Piece::Batch(batch) => self.send(Job::Look(number, batch)),
            }
            while self.busy >= most {
                self.receive();
            }
        }
        while self.taken < self.sent && self.busy > 0 {
            self.receive();
        }
        let last = self.pass.end();
        self.cases.extend(last);
        self.flush(1);
        while self.busy > 0 {
            self.receive();
        }
        Ok(())
    }

    fn send(&mut self, job: Job) {
        if self.give.send(job).is_ok() {
            self.busy += 1;
        }
    }

    fn receive(&mut self) {
        match self.results.recv() {
            Ok(Done::Looked(number, step)) => {
                self.waiting.insert(number, step);
                self.busy -= 1;
                self.turn();
            }
            Ok(Done::Judged(all)) => {
                self.busy -= 1;
                for one in all {
                    self.pass.judged(one);
                }
            }
            // Every thread is gone, so nobody has anything any more.
            Err(_) => self.busy = 0,
        }
    }

    /// Takes the steps whose turn it is.
    fn turn(&mut self) {
        while let Some(step) = self.waiting.remove(&self.taken) {
            self.taken += 1;
            let cases = self.pass.step(step);
            self.cases.extend(cases);
            self.flush(CASES);
        }
    }

    /// Sends cases off, as soon as there are so many.
    fn flush(&mut self, least: usize) {
        while self.cases.len() >= least && !self.cases.is_empty() {
            let some = self.cases.drain(..self.cases.len().min(CASES)).collect();
            self.send(Job::Judge(some));
        }
    }
}

fn open(note: &str, options: &Options) -> Step {
    let claimed = Head::claimed(note).map_or(0, |head| head.size);
    Step::Head(claimed, Box::new(Head::open(note, &options.key, &options.witnesses)))
}

fn look(batch: &Batch, history: bool) -> Step {
    let mut faults = Vec::new();
    let mut seen = Vec::with_capacity(batch.len());
    for (number, line) in batch.lines() {
        let bytes = match line {
            Line::Pruned(leaf) => {
                seen.push(Seen { number, leaf, entry: None, pruned: true });
                continue;
            }
            Line::Whole(bytes) => bytes,
        };
        let leaf = leaf_hash(bytes);
        let entry = match canonical::check(bytes) {
            Ok(()) if history => match Entry::read_canonical(bytes) {
                Ok(entry) => Some(entry),
                Err(error) => {
                    faults.push(Fault::at(number, wrong(error)));
                    None
                }
            },
            Ok(()) => None,
            Err(error) => {
                faults.push(Fault::at(number, wrong(error.into())));
                None
            }
        };
        seen.push(Seen { number, leaf, entry, pruned: false });
    }
    Step::Entries(seen, faults)
}

/// What is wrong with an entry's bytes, as a fault.
pub(super) fn wrong(error: EntryError) -> Wrong {
    match error {
        EntryError::NotCanonical(error) => Wrong::NotCanonical { at: error.at, why: error.why },
        EntryError::Field { field, why } => Wrong::Field { field, why },
    }
}
