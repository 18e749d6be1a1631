//! Whether a ledger is whole, and whether what it tells went by its own rules.
//!
//! ```text
//!   pieces ─▶ pool (canonical, hashes, signatures) ─▶ tree: root at every signed head
//!                                                  └▶ history: quorum, once, versions, follow-ups
//!                                                          └▶ Report { faults, open, counts }
//! ```
//!
//! Structure is checked first and without believing anything; what the entries tell is worth
//! something only where the structure holds.

mod case;
mod fault;
mod history;
mod pool;

pub use fault::{Fault, PolicyIs, Wrong};
pub use history::Counts;

use super::{
    checkpoint::{Checkpoint, CheckpointFault, Cosigned, Head},
    entry::Entry,
    key::VerifierKey,
    source::{Piece, SourceError},
    tree::{Edge, Hash},
};
use crate::domain::{ActionId, Digest, PolicyId, Untrusted};
use history::History;
use jiff::Timestamp;
use pool::{Pass, Seen, Step};
use serde::Serialize;

/// So many faults are listed; all are counted.
const MOST_FAULTS: usize = 1_000;

/// What to check, and against what.
#[derive(Debug, Clone)]
pub struct Options {
    /// The ledger's key, kept elsewhere.
    pub key: VerifierKey,
    /// Witnesses whose cosignatures count.
    pub witnesses: Vec<VerifierKey>,
    /// So many of them have to have cosigned the newest head.
    pub cosigned: usize,
    /// A head that was kept elsewhere: the ledger has to continue it.
    pub since: Option<Checkpoint>,
    /// The roster that holds now, as it is kept elsewhere: the ledger's last one has to be it.
    pub roster: Option<Digest>,
    /// Only hashes, roots and heads.
    pub structure_only: bool,
    /// Threads to use, besides the one that puts it all in order.
    pub threads: usize,
}

/// Where to begin, if not with the first entry.
#[derive(Debug, Default)]
pub struct Start {
    /// The edge of the tree up to there; its root has to be that of [`Options::since`].
    pub edge: Edge,
    /// Entries from before that the new ones rest on, in order, each proven to be in that tree.
    pub context: Vec<(u64, Entry)>,
    /// Entries from before that are not in that tree any more.
    pub altered: Vec<u64>,
}

/// What somebody did alone and nobody looked at yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenReview {
    /// Where it stands.
    pub entry: u64,
    /// About which action.
    pub action: ActionId,
    /// Who did it.
    pub by: Untrusted,
    /// When.
    pub at: Timestamp,
}

/// What held from an entry on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct From<T> {
    /// The entry.
    pub entry: u64,
    /// When it was written down.
    pub at: Timestamp,
    /// What held.
    pub is: T,
}

/// What checking a ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Entries in the ledger.
    pub size: u64,
    /// Root of their tree, in base64.
    pub root: String,
    /// Entries that were looked at; fewer where it began at a kept checkpoint.
    pub checked: u64,
    /// Signed heads whose root is that of the entries.
    pub heads: u64,
    /// Entries that the newest good head covers.
    pub covered: u64,
    /// Known witnesses that cosigned the newest good head.
    pub cosigned: Vec<Cosigned>,
    /// Entries of which only the hash is left.
    pub pruned: u64,
    /// What was there.
    pub counts: Counts,
    /// Signatures of people that were checked.
    pub signatures: u64,
    /// Decisions that nobody signed.
    pub unsigned: u64,
    /// Policies in force, each from an entry on.
    pub policies: Vec<From<PolicyId>>,
    /// Rosters in force, each from an entry on. Nobody signs a roster, so these are to be compared
    /// with what the reviewers' list was.
    pub rosters: Vec<From<Digest>>,
    /// Entries that only tell what a store held before it had a ledger; what they say of quorum is
    /// not checked.
    pub imported: u64,
    /// What somebody did alone, and nobody else has looked at since.
    pub open: Vec<OpenReview>,
    /// What is wrong, by entry; the first thousand.
    pub faults: Vec<Fault>,
    /// How much is wrong.
    pub faults_in_all: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub const fn is_good(&self) -> bool {
        self.faults_in_all == 0
    }
}

/// Checks a ledger, piece by piece. Only a source that cannot be read is an error; what is wrong
/// with the ledger is in the report.
pub fn verify(
    pieces: impl IntoIterator<Item = Result<Piece, SourceError>>,
    start: Start,
    options: &Options,
) -> Result<Report, SourceError> {
    let mut check = Check {
        options,
        edge: start.edge,
        history: History::default(),
        heads: 0,
        newest: None,
        continued: None,
        first: 0,
        pruned: Vec::new(),
        signatures: 0,
        unsigned: 0,
        faults: Listed::default(),
        forgivable: Listed::default(),
        open: Vec::new(),
    };
    check.first = check.edge.size();
    for (number, entry) in &start.context {
        check.history.remember(*number, entry);
    }
    check.compare_kept();
    for entry in start.altered {
        check.fault(Fault::at(entry, Wrong::Altered));
    }
    let mut pieces = pieces.into_iter();
    pool::run(&mut pieces, options, &mut check)?;
    Ok(check.report())
}

struct Check<'a> {
    options: &'a Options,
    edge: Edge,
    history: History,
    heads: u64,
    newest: Option<Head>,
    /// Whether the kept checkpoint was met.
    continued: Option<bool>,
    first: u64,
    pruned: Vec<u64>,
    signatures: u64,
    unsigned: u64,
    faults: Listed,
    /// Faults that are none where the entry was imported.
    forgivable: Listed,
    open: Vec<OpenReview>,
}

/// Faults, counted all and kept up to a bound.
#[derive(Default)]
struct Listed {
    kept: Vec<Fault>,
    in_all: u64,
}

impl Listed {
    fn add(&mut self, fault: Fault) {
        self.in_all += 1;
        if self.kept.len() < MOST_FAULTS {
            self.kept.push(fault);
        }
    }
}

impl Check<'_> {
    fn fault(&mut self, fault: Fault) {
        // What was found when the ledger began was not done by its rules.
        if !fault.wrong.is_forgiven_where_imported() {
            self.faults.add(fault);
        } else if fault.entry.is_none_or(|entry| entry >= self.history.imported) {
            self.forgivable.add(fault);
        }
    }

    /// An import forgives what stands before it, and can only stand where nothing was signed yet:
    /// whoever adds one later would forgive themselves.
    fn import(&mut self) {
        let Some((number, entries)) = self.history.imports.take() else { return };
        if entries == number && self.newest.is_none() && self.options.since.is_none() {
            self.history.imported = number;
            self.forgivable = Listed::default();
        } else {
            self.fault(Fault::at(number, Wrong::LateImport));
        }
    }

    /// Compares with the kept checkpoint, once as many entries are there.
    fn compare_kept(&mut self) {
        let Some(since) = &self.options.since else { return };
        if self.edge.size() != since.size || self.continued.is_some() {
            return;
        }
        let found = self.edge.root();
        self.continued = Some(found == since.root);
        if found != since.root {
            let (size, kept, found) = (since.size, since.root.to_string(), found.to_string());
            self.fault(Fault::whole(Wrong::NotContinued { size, kept, found }));
        }
    }

    fn entry(&mut self, seen: &Seen) {
        self.edge.extend(seen.leaf);
        self.compare_kept();
        if seen.pruned {
            self.pruned.push(seen.number);
        }
        if let Some(entry) = &seen.entry {
            self.history.take(seen.number, entry);
        }
    }

    fn head(&mut self, claimed: u64, opened: Result<Head, CheckpointFault>) {
        let head = match opened {
            Ok(head) => head,
            Err(error) => {
                let why = error.to_string();
                return self.fault(Fault::whole(Wrong::Head { size: claimed, why }));
            }
        };
        let Checkpoint { size, root, .. } = head.checkpoint;
        if size > self.edge.size() {
            let (signed, found) = (size, self.edge.size());
            return self.fault(Fault::whole(Wrong::CutOff { signed, found }));
        }
        if size < self.edge.size() {
            let why = "it stands behind more entries than it covers".to_owned();
            return self.fault(Fault::whole(Wrong::Head { size, why }));
        }
        let found: Hash = self.edge.root();
        if found != root {
            let (signed, found) = (root.to_string(), found.to_string());
            return self
                .fault(Fault::at(size.saturating_sub(1), Wrong::Root { size, signed, found }));
        }
        self.heads += 1;
        self.newest = Some(head);
    }

    fn report(mut self) -> Report {
        let size = self.edge.size();
        if let Some(since) = &self.options.since
            && self.continued.is_none()
        {
            let signed = since.size;
            self.fault(Fault::whole(Wrong::CutOff { signed, found: size }));
        }
        let lost: Vec<u64> = self
            .pruned
            .iter()
            .copied()
            .filter(|entry| {
                let runs = &self.history.pruned;
                !runs.iter().any(|(first, last)| (*first..=*last).contains(entry))
            })
            .collect();
        if !self.options.structure_only {
            for entry in lost {
                self.fault(Fault::at(entry, Wrong::Lost));
            }
        }
        if self.heads == 0 && size > 0 && self.faults.in_all == 0 {
            self.fault(Fault::whole(Wrong::NoHead));
        }
        let cosigned = self.newest.as_ref().map_or_else(Vec::new, |head| head.cosigned.clone());
        let wanted = self.options.cosigned;
        if cosigned.len() < wanted {
            self.fault(Fault::whole(Wrong::Witnesses { found: cosigned.len(), wanted }));
        }
        let newest = self.history.rosters.last().map(|roster| roster.is);
        if let Some(wanted) = self.options.roster
            && !self.options.structure_only
            && newest != Some(wanted)
        {
            let found = newest.map_or_else(|| "none".to_owned(), |digest| digest.to_string());
            self.fault(Fault::whole(Wrong::OtherRoster { found, wanted: wanted.to_string() }));
        }
        let mut faults = self.faults.kept;
        faults.extend(self.forgivable.kept);
        faults.sort_by_key(|fault| fault.entry.unwrap_or(u64::MAX));
        faults.truncate(MOST_FAULTS);
        Report {
            size,
            root: self.edge.root().to_string(),
            checked: size - self.first,
            heads: self.heads,
            covered: self.newest.map_or(0, |head| head.checkpoint.size),
            cosigned,
            pruned: self.pruned.len() as u64,
            counts: self.history.counts,
            signatures: self.signatures,
            unsigned: self.unsigned,
            policies: self.history.policies,
            rosters: self.history.rosters,
            imported: self.history.imported,
            open: self.open,
            faults,
            faults_in_all: self.faults.in_all + self.forgivable.in_all,
        }
    }
}

impl Pass for Check<'_> {
    fn step(&mut self, step: Step) -> Vec<case::Case> {
        match step {
            Step::Head(claimed, opened) => self.head(claimed, *opened),
            Step::Entries(seen, faults) => {
                for fault in faults {
                    self.fault(fault);
                }
                for one in &seen {
                    self.entry(one);
                }
            }
        }
        let (faults, cases) = self.history.found();
        for fault in faults {
            self.fault(fault);
        }
        self.import();
        cases
    }

    fn end(&mut self) -> Vec<case::Case> {
        let (cases, open) = self.history.end();
        self.open = open;
        cases
    }

    fn judged(&mut self, judged: case::Judged) {
        self.signatures += judged.signatures;
        self.unsigned += judged.unsigned;
        judged.faults.into_iter().for_each(|fault| self.fault(fault));
    }
}
