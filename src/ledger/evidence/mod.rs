//! Evidence that stands on its own: a folder a third party checks without this program.
//!
//! ```text
//!   README.txt  verify.sh  SHA256SUMS
//!   ledger.vkey  checkpoint  checkpoint.before  peaks
//!   population.jsonl  population.csv          every entry between the two heads
//!   policies/<digest>/entry-00000007-policy.json   .tlog-proof  policy.cedar
//!   rosters/<digest>/entry-00000008-roster.json  .tlog-proof  roster.json  allowed_signers  revoked
//!   actions/<id>/entry-00000012-decision.json    .tlog-proof  .statement  .sig
//!                entry-00000009-request.json     .tlog-proof  .action  .diff
//! ```
//!
//! Nothing here is concluded by us: every file is bytes of the ledger, or a hash that leads from
//! them to the signed head.

use super::{
    checkpoint::{CheckpointFault, Head},
    entry::{Body, Entry, Requested, RosterInForce},
    key::VerifierKey,
    proof::Proof,
    shelf::{Shelf, ShelfError, fetch},
    tree::{Edge, TreeError, inclusion, inclusion_needs},
};
use crate::domain::{ActionId, Digest};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// The script that checks a bundle.
pub const VERIFY: &str = include_str!("verify.sh");
const README: &str = include_str!("README.txt");

/// Most entries between the two heads of a bundle: a shell needs a quarter of an hour for them.
pub const MOST_ENTRIES: u64 = 100_000;

const LIST: &str = "SHA256SUMS";

/// Entries asked for at a time.
const PAGE: u32 = 2_000;

/// What evidence is wanted of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// These actions.
    Actions(Vec<ActionId>),
    /// All actions with an entry written down from the first of these times on, before the second.
    Period(Timestamp, Timestamp),
}

/// Why there is no evidence.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The store does not know it.
    #[error("no entry of the ledger is about {0}; `countersign activity` tells their ids")]
    Unknown(ActionId),
    /// Nothing happened.
    #[error("the ledger has no entry about an action in that time")]
    Nothing,
    /// Nobody signed what is wanted.
    #[error(
        "no signed head covers entry {0} yet, so there is nothing to prove it with. Sign one with \
         `countersign ledger checkpoint`"
    )]
    NoHead(u64),
    /// Too much for a shell.
    #[error(
        "{0} entries lie between the two signed heads, and {MOST_ENTRIES} is the most a script can check in \
         reasonable time. Ask for a shorter time, or sign heads more often"
    )]
    TooMany(u64),
    /// An entry was pruned.
    #[error("the text of entry {0} was pruned, so it cannot be shown; only its hash is left")]
    Pruned(u64),
    /// An entry cannot be read, or does not fit the head.
    #[error(
        "entry {index} is not what was signed ({why}). Run `countersign ledger verify` before you hand out anything"
    )]
    Altered {
        /// Which.
        index: u64,
        /// What is wrong.
        why: String,
    },
    /// A signed head is not believed.
    #[error("a signed head in the store: {0}. Run `countersign ledger verify`")]
    Head(#[from] CheckpointFault),
    /// The store failed.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

impl From<TreeError> for EvidenceError {
    fn from(error: TreeError) -> Self {
        Self::Shelf(error.into())
    }
}

/// The files of a bundle, and what they cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Content by path within the folder.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Actions with their entries.
    pub actions: u64,
    /// First entry of the population, and the one after the last.
    pub population: (u64, u64),
}

/// Puts the evidence together.
pub async fn gather(
    shelf: &dyn Shelf,
    key: &VerifierKey,
    wanted: &Wanted,
) -> Result<Bundle, EvidenceError> {
    let chosen = chosen(shelf, wanted).await?;
    let numbers: BTreeSet<u64> = chosen.values().flatten().copied().collect();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        return Err(EvidenceError::Nothing);
    };
    let (before, head) = heads(shelf, key, *first, *last).await?;
    let from = before.as_ref().map_or(0, |head| head.checkpoint.size);
    let to = head.checkpoint.size;
    if to - from > MOST_ENTRIES {
        return Err(EvidenceError::TooMany(to - from));
    }
    let mut made = Making { shelf, head: &head, files: BTreeMap::new() };
    made.fixed(key, before.as_ref());
    made.population(from, to).await?;
    let edge = shelf.ledger_nodes(&Edge::needs(from)).await?;
    made.peaks(&edge);
    for (action, entries) in &chosen {
        let covered = entries.iter().copied().filter(|number| *number < to);
        made.action(action, covered.collect()).await?;
    }
    made.policies(to).await?;
    made.rosters(to).await?;
    let actions = chosen.len() as u64;
    Ok(Bundle { files: made.files, actions, population: (from, to) }.listed_anew())
}

/// The actions that are wanted, each with the numbers of its entries.
async fn chosen(
    shelf: &dyn Shelf,
    wanted: &Wanted,
) -> Result<BTreeMap<ActionId, Vec<u64>>, EvidenceError> {
    let ids: BTreeSet<ActionId> = match wanted {
        Wanted::Actions(ids) => ids.iter().cloned().collect(),
        Wanted::Period(from, to) => {
            let (mut ids, mut next) = (BTreeSet::new(), 0);
            loop {
                let page = shelf.ledger_entries(next, PAGE).await?;
                if page.is_empty() {
                    break ids;
                }
                for bytes in page.iter().flatten() {
                    // What cannot be read here is told where it is put into the bundle.
                    let Ok(entry) = Entry::read(bytes) else { continue };
                    if (*from..*to).contains(&entry.at) {
                        ids.extend(entry.about.parse::<ActionId>().ok());
                    }
                }
                next += page.len() as u64;
            }
        }
    };
    let mut chosen = BTreeMap::new();
    for id in ids {
        let numbers = shelf.ledger_about(id.as_str()).await?;
        if numbers.is_empty() {
            return Err(EvidenceError::Unknown(id));
        }
        chosen.insert(id, numbers);
    }
    Ok(chosen)
}

/// The last good head at or before the first entry, and the first one behind the last.
async fn heads(
    shelf: &dyn Shelf,
    key: &VerifierKey,
    first: u64,
    last: u64,
) -> Result<(Option<Head>, Head), EvidenceError> {
    let mut before = None;
    for note in shelf.ledger_heads(1).await? {
        let claimed = Head::claimed(&note)?.size;
        if claimed <= first {
            before = Some(note);
        } else if claimed > last {
            let before = before.map(|note| Head::open(&note, key, &[])).transpose()?;
            return Ok((before, Head::open(&note, key, &[])?));
        }
    }
    Err(EvidenceError::NoHead(last))
}

struct Making<'a> {
    shelf: &'a dyn Shelf,
    head: &'a Head,
    files: BTreeMap<String, Vec<u8>>,
}

impl Making<'_> {
    fn put(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    fn fixed(&mut self, key: &VerifierKey, before: Option<&Head>) {
        self.put("README.txt", README);
        self.put("verify.sh", VERIFY);
        self.put("ledger.vkey", format!("{key}\n"));
        self.put("checkpoint", self.head.note.clone());
        if let Some(before) = before {
            self.put("checkpoint.before", before.note.clone());
        }
    }

    async fn population(&mut self, from: u64, to: u64) -> Result<(), EvidenceError> {
        let mut lines = Vec::new();
        let mut table = "entry,at,kind,about\n".to_owned();
        let mut next = from;
        while next < to {
            let limit = u32::try_from(to - next).unwrap_or(PAGE).min(PAGE);
            let page = self.shelf.ledger_entries(next, limit).await?;
            if page.is_empty() {
                return Err(altered(next, &"it is missing"));
            }
            for bytes in page {
                let bytes = bytes.ok_or(EvidenceError::Pruned(next))?;
                let entry = Entry::read(&bytes).map_err(|error| altered(next, &error))?;
                let quoted = serde_json_canonicalizer::to_string(&entry.about);
                let about = quoted.map_err(|error| altered(next, &error))?;
                let about = cell(about.trim_matches('"'));
                let _ = writeln!(table, "{next},{},{},{about}", entry.at, entry.kind());
                lines.extend_from_slice(&bytes);
                lines.push(b'\n');
                next += 1;
            }
        }
        self.put("population.jsonl", lines);
        self.put("population.csv", table);
        Ok(())
    }

    /// The subtrees of the earlier head that the new entries continue, the smallest first.
    fn peaks(&mut self, edge: &[super::Hash]) {
        let mut text = String::new();
        for hash in edge.iter().rev() {
            let _ = writeln!(text, "{}", hex(&hash.0));
        }
        self.put("peaks", text);
    }

    async fn entry(&self, number: u64) -> Result<(Vec<u8>, Entry), EvidenceError> {
        let found = self.shelf.ledger_entries(number, 1).await?.into_iter().next();
        let bytes = found.ok_or_else(|| altered(number, &"it is missing"))?;
        let bytes = bytes.ok_or(EvidenceError::Pruned(number))?;
        let entry = Entry::read(&bytes).map_err(|error| altered(number, &error))?;
        Ok((bytes, entry))
    }

    async fn action(&mut self, id: &ActionId, numbers: Vec<u64>) -> Result<(), EvidenceError> {
        for number in numbers {
            let (bytes, entry) = self.entry(number).await?;
            let base = format!("actions/{id}/entry-{number:08}-{}", entry.kind());
            match &entry.body {
                Body::Request(asked) => {
                    let diff = diff(asked).map_err(|error| altered(number, &error))?;
                    self.put(format!("{base}.action"), asked.action.clone());
                    self.put(format!("{base}.diff"), diff);
                }
                Body::Decision(decision) => {
                    if let Some(signed) = &decision.signed {
                        self.put(format!("{base}.statement"), signed.statement.clone());
                        self.put(format!("{base}.sig"), signed.signature.clone());
                    }
                }
                _ => {}
            }
            self.proved(&base, number, bytes).await?;
        }
        Ok(())
    }

    /// An entry with its proof.
    async fn proved(
        &mut self,
        base: &str,
        number: u64,
        bytes: Vec<u8>,
    ) -> Result<(), EvidenceError> {
        let size = self.head.checkpoint.size;
        let nodes = fetch(self.shelf, &inclusion_needs(size, number)).await?;
        let hashes = inclusion(size, number, &nodes)?;
        let proof = Proof { index: number, hashes, note: self.head.note.clone() };
        self.put(format!("{base}.json.tlog-proof"), proof.text());
        self.put(format!("{base}.json"), bytes);
        Ok(())
    }

    /// What the ledger tells of this up to the head, where it was not pruned.
    async fn about(
        &self,
        what: &str,
        to: u64,
    ) -> Result<Vec<(u64, Vec<u8>, Entry)>, EvidenceError> {
        let mut told = Vec::new();
        for number in self.shelf.ledger_about(what).await? {
            if number >= to {
                continue;
            }
            match self.entry(number).await {
                Err(EvidenceError::Pruned(_)) => {}
                read => {
                    let (bytes, entry) = read?;
                    told.push((number, bytes, entry));
                }
            }
        }
        Ok(told)
    }

    /// The text of every policy the ledger had up to the head: rulings name theirs by its digest.
    async fn policies(&mut self, to: u64) -> Result<(), EvidenceError> {
        for (number, bytes, entry) in self.about("policy", to).await? {
            let Body::Policy(told) = entry.body else { continue };
            let Some(text) = told.text else { continue };
            let folder = format!("policies/{}", told.policy.digest.hex());
            if !self.files.contains_key(&format!("{folder}/policy.cedar")) {
                self.proved(&format!("{folder}/entry-{number:08}-policy"), number, bytes).await?;
                self.put(format!("{folder}/policy.cedar"), text.raw());
            }
        }
        Ok(())
    }

    /// Every roster the ledger had up to the head: decisions name theirs by its digest.
    async fn rosters(&mut self, to: u64) -> Result<(), EvidenceError> {
        for (number, bytes, entry) in self.about("roster", to).await? {
            let Body::Roster(roster) = entry.body else { continue };
            let folder = format!("rosters/{}", roster.digest.hex());
            // One that came back is the same one; the first entry is enough.
            if !self.files.contains_key(&format!("{folder}/roster.json")) {
                self.proved(&format!("{folder}/entry-{number:08}-roster"), number, bytes).await?;
                self.roster(&folder, number, &roster)?;
            }
        }
        Ok(())
    }

    fn roster(
        &mut self,
        folder: &str,
        number: u64,
        roster: &RosterInForce,
    ) -> Result<(), EvidenceError> {
        let (_, revoked) = roster.whole().map_err(|error| altered(number, &error))?;
        self.put(format!("{folder}/roster.json"), roster.roster.clone());
        if let Some(signers) = &roster.signers {
            self.put(format!("{folder}/allowed_signers"), signers.raw());
        }
        if let Some(revoked) = revoked {
            self.put(format!("{folder}/revoked"), revoked);
        }
        Ok(())
    }
}

impl Bundle {
    /// The bundle with a new list of its files' digests.
    #[must_use]
    pub fn listed_anew(mut self) -> Self {
        self.files.remove(LIST);
        let mut list = String::new();
        for (path, content) in &self.files {
            let _ = writeln!(list, "{}  {path}", Digest::of_bytes(content).hex());
        }
        self.files.insert(LIST.to_owned(), list.into_bytes());
        self
    }
}

fn altered(index: u64, why: &dyn std::fmt::Display) -> EvidenceError {
    EvidenceError::Altered { index, why: why.to_string() }
}

fn diff(asked: &Requested) -> Result<String, serde_json::Error> {
    serde_json_canonicalizer::to_string(&asked.diff)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A cell of a CSV table (RFC 4180).
fn cell(text: &str) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
