//! What was told already.

use crate::{
    domain::{ActionId, Activity, Digest, PolicyId, SourceName},
    store::{Store, StoreError},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Lines read at a time.
const PAGE: u32 = 200;
/// More lines than that since the last look are too many to tell one by one.
const MOST: usize = 5_000;
/// Lines whose numbers are remembered: a database that many write may show a line after another one
/// that has a higher number.
const WINDOW: usize = 256;
/// Ended actions that are remembered, so that a late word on one is not its end again.
const ENDED: usize = 512;

/// What was told already, and how far history was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    cursor: Cursor,
    /// What waits and was told.
    pub(super) waiting: BTreeMap<ActionId, Told>,
    ended: VecDeque<(ActionId, Digest)>,
    /// Sources that fail, since when.
    pub(super) failing: BTreeMap<String, Timestamp>,
    /// The policy that was in force.
    pub(super) policy: Option<PolicyId>,
    /// Who could approve.
    pub(super) roster: Option<Digest>,
}

/// What was told of something that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// Of exactly what was shown.
    pub digest: Digest,
    /// Whether its end was announced.
    pub warned: bool,
    /// When the review of a broken glass was told of last.
    #[serde(default)]
    pub reminded: Option<Timestamp>,
}

/// How far history was read: everything up to `floor`, and these above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    floor: i64,
    read: BTreeSet<i64>,
}

/// Lines of history that were not read before.
pub(super) struct Unread {
    /// Oldest first.
    pub lines: Vec<Activity>,
    /// Whether there were more than anybody would want to be told.
    pub cut: bool,
}

impl Memory {
    /// A memory that begins now: what happened before is not told.
    pub async fn begin(store: &dyn Store) -> Result<Self, StoreError> {
        let newest = store.activity(1, None).await?;
        Ok(Self {
            cursor: Cursor {
                floor: newest.first().map_or(0, |line| line.seq),
                read: BTreeSet::new(),
            },
            waiting: BTreeMap::new(),
            ended: VecDeque::new(),
            failing: BTreeMap::new(),
            policy: None,
            roster: None,
        })
    }

    /// Reads on in history.
    pub(super) async fn read_on(&mut self, store: &dyn Store) -> Result<Unread, StoreError> {
        let mut lines: Vec<Activity> = Vec::new();
        let (mut before, mut cut) = (None, false);
        'pages: loop {
            let page = store.activity(PAGE, before).await?;
            let is_last = page.len() < PAGE as usize;
            before = page.last().map(|line| line.seq);
            for line in page {
                if line.seq <= self.cursor.floor {
                    break 'pages;
                }
                if !self.cursor.read.contains(&line.seq) {
                    lines.push(line);
                }
            }
            cut = lines.len() > MOST;
            if is_last || cut {
                break;
            }
        }
        lines.reverse();
        if let (true, Some(first)) = (cut, lines.first()) {
            self.cursor.floor = first.seq - 1;
        }
        self.cursor.read.extend(lines.iter().map(|line| line.seq));
        while self.cursor.read.len() > WINDOW {
            if let Some(oldest) = self.cursor.read.pop_first() {
                self.cursor.floor = self.cursor.floor.max(oldest);
            }
        }
        Ok(Unread { lines, cut })
    }

    /// Whether this waits, as far as was told.
    pub(super) fn waits(&self, id: &str) -> bool {
        id.parse::<ActionId>().is_ok_and(|id| self.waiting.contains_key(&id))
    }

    /// Whether the end of this was told.
    pub(super) fn has_ended(&self, id: &ActionId, digest: Digest) -> bool {
        self.ended.iter().any(|(known, shown)| known == id && *shown == digest)
    }

    /// Remembers that the end of this was told.
    pub(super) fn end(&mut self, id: &ActionId, digest: Digest) {
        self.waiting.remove(id);
        self.ended.push_back((id.clone(), digest));
        while self.ended.len() > ENDED {
            self.ended.pop_front();
        }
    }

    /// What waits again has not ended.
    pub(super) fn reopen(&mut self, id: &ActionId) {
        self.ended.retain(|(known, _)| known != id);
    }

    /// Forgets sources that are not there any more.
    pub(super) fn keep_sources<'a>(&mut self, there: impl Iterator<Item = &'a SourceName>) {
        let there: BTreeSet<&str> = there.map(SourceName::as_str).collect();
        self.failing.retain(|name, _| there.contains(name.as_str()));
    }
}
