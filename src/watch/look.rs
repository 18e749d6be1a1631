//! Compares the store with what was told.
//!
//! ```text
//!   queue ──▶ waits and was not told │ is over soon │ is still owed │ is gone ─▶ how did it end?
//!   history since the cursor ──▶ decided, broke the glass, took back, locked, changed, stopped
//!   sources ──▶ failing now and not before, or the other way round
//! ```

use super::{
    Event, News,
    memory::{Memory, Told},
    tell::{self, Teller},
};
use crate::{
    domain::{
        ActionId, ActionState, Activity, ActivityKind, Decision, Digest, Health, Leave, SourceKind,
    },
    review::Review,
    store::{ActionRow, QueueRow, StoreError, Waits},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// How a watch looks.
#[derive(Clone)]
pub struct Frame {
    /// Over the store, with the rules that hold here.
    pub review: Review,
    /// This host.
    pub host: String,
    /// How long before its end something is about to expire.
    pub expiring: SignedDuration,
    /// How long after it was told a review that is still owed is told again.
    pub remind: SignedDuration,
}

impl Frame {
    /// Names who may approve now.
    pub(super) fn roster(&self) -> Digest {
        self.review.rules().reviewers.now().digest()
    }
}

/// What a look found.
#[derive(Debug, Default)]
pub struct Looked {
    /// What happened, oldest first.
    pub news: Vec<News>,
    /// Everything that waits, for receivers that were told nothing yet; only where it was asked for.
    pub waiting: Vec<News>,
    /// When something will be about to expire.
    pub due: Option<Timestamp>,
}

/// Looks once. The memory is changed only where all of it could be read.
pub async fn look(
    frame: &Frame,
    memory: &mut Memory,
    whole: bool,
    now: Timestamp,
) -> Result<Looked, StoreError> {
    let mut next = memory.clone();
    let teller = Teller { review: &frame.review, host: &frame.host, now };
    let mut looking = Looking { frame, teller, memory: &mut next, now, rows: HashMap::new() };
    let looked = looking.look(whole).await?;
    *memory = next;
    Ok(looked)
}

struct Looking<'a> {
    frame: &'a Frame,
    teller: Teller<'a>,
    memory: &'a mut Memory,
    now: Timestamp,
    /// Actions that were read in this look.
    rows: HashMap<ActionId, Option<ActionRow>>,
}

impl Looking<'_> {
    async fn look(&mut self, whole: bool) -> Result<Looked, StoreError> {
        let store = Arc::clone(self.frame.review.store());
        let (open, _) = store.queue(None).await?;
        let unread = self.memory.read_on(&*store).await?;
        let mut looked = Looked::default();
        self.house(&mut looked);
        if unread.cut {
            let summary = "so much happened while nobody watched that only the newest is told; \
                           `countersign activity` has all of it";
            let what = self.now.as_millisecond().to_string();
            looked.news.push(self.teller.house(Event::Dropped, &what, summary));
        }
        for line in &unread.lines {
            self.line(line, &mut looked).await?;
        }
        self.open(&open, whole, &mut looked).await?;
        self.ended(&open, &unread.lines, &mut looked).await?;
        self.sources(&mut looked).await?;
        looked.news.sort_by_key(|news| news.at);
        Ok(looked)
    }

    /// The rules that hold here, against those that did.
    fn house(&mut self, looked: &mut Looked) {
        if let Some(policy) = self.frame.review.rules().policy.as_ref().map(|policy| policy.id()) {
            let before = self.memory.policy.replace(policy);
            if let Some(before) = before.filter(|before| *before != policy) {
                let what = policy.digest.to_string();
                let summary = format!("the policy is now {policy}; before it was {before}");
                looked.news.push(self.teller.house(Event::Policy, &what, &summary));
            }
        }
        let roster = self.frame.roster();
        let before = self.memory.roster.replace(roster);
        if before.is_some_and(|before| before != roster) {
            let what = format!("{roster}\0{}", self.now.as_millisecond());
            let summary = "who may approve what has changed";
            looked.news.push(self.teller.house(Event::Roster, &what, summary));
        }
    }

    async fn line(&mut self, line: &Activity, looked: &mut Looked) -> Result<(), StoreError> {
        let event = match line.kind {
            ActivityKind::Decided => Event::Decided,
            ActivityKind::Changed | ActivityKind::Voided => Event::Changed,
            ActivityKind::Stopped => Event::Boundary,
            ActivityKind::Locked => {
                looked.news.push(self.teller.lock(line));
                return Ok(());
            }
            _ => return Ok(()),
        };
        let row = match line.about.parse() {
            Ok(id) => self.row(&id).await?,
            Err(_) => None,
        };
        let decision = row.as_ref().filter(|_| event == Event::Decided).and_then(|row| {
            let theirs = |one: &&Decision| {
                one.at.as_millisecond() == line.at.as_millisecond() && one.reviewer.0 == line.who
            };
            row.decisions.iter().find(theirs).map(|decision| (row, decision))
        });
        looked.news.push(match decision {
            Some((row, decision)) => self.teller.decided(line, row, decision),
            None => self.teller.line(event, line, row.as_ref()),
        });
        Ok(())
    }

    /// What waits now.
    async fn open(
        &mut self,
        open: &[Arc<QueueRow>],
        whole: bool,
        looked: &mut Looked,
    ) -> Result<(), StoreError> {
        for row in open.iter().rev().filter(|row| row.state == ActionState::Pending) {
            let known = self.memory.waiting.get(&row.id).copied();
            let is_new = known.is_none();
            let over_soon = self.over_soon(row, looked);
            let warned = known.is_some_and(|told| told.warned && told.digest == row.digest);
            let warn = over_soon && !warned;
            let mut reminded = known.and_then(|told| told.reminded);
            let remind = self.is_owed_still(row, reminded, looked);
            if is_new || warn || remind || whole {
                let Some(read) = self.row(&row.id).await? else { continue };
                if read.state != ActionState::Pending {
                    continue;
                }
                let barred = read.ruling.as_ref().map(|ruling| &ruling.leave);
                let event = match barred {
                    _ if row.waits == Waits::FollowUp => Event::FollowUp,
                    Some(Leave::Boundary { .. }) => Event::Boundary,
                    _ => Event::Waiting,
                };
                let news = self.teller.action(event, &read, "");
                if event == Event::FollowUp && (is_new || remind) {
                    reminded = Some(self.now);
                }
                if remind && !is_new {
                    let again = self.now.as_millisecond().to_string();
                    looked.news.push(self.teller.action(event, &read, &again));
                }
                if whole {
                    looked.waiting.push(news.clone());
                }
                if is_new {
                    looked.news.push(news);
                }
                // Whoever hears of it only now need not be warned as well.
                if warn && !is_new && event == Event::Waiting {
                    looked.news.push(self.teller.action(Event::Expiring, &read, ""));
                }
            }
            self.memory.reopen(&row.id);
            let told = Told { digest: row.digest, warned: warned || over_soon, reminded };
            self.memory.waiting.insert(row.id.clone(), told);
        }
        Ok(())
    }

    /// Whether something is about to expire; where it will be, notes when.
    fn over_soon(&self, row: &QueueRow, looked: &mut Looked) -> bool {
        let Some(requirement) = row
            .ruling
            .as_ref()
            .filter(|_| row.waits == Waits::Command)
            .and_then(|ruling| ruling.requirement())
        else {
            return false;
        };
        let lifetime =
            SignedDuration::try_from(requirement.lifetime()).unwrap_or(SignedDuration::MAX);
        // What lives no longer than the warning comes before its end is warned of half-way.
        let ahead = self.frame.expiring.min(lifetime / 2);
        let Some(at) = lifetime.checked_sub(ahead).and_then(|d| row.opened.checked_add(d).ok())
        else {
            return false;
        };
        if at <= self.now {
            return true;
        }
        looked.due = Some(looked.due.map_or(at, |due| due.min(at)));
        false
    }

    /// Whether nobody has looked at what somebody let through alone, though that was told a while
    /// ago; notes when it is to be told again.
    fn is_owed_still(
        &self,
        row: &QueueRow,
        reminded: Option<Timestamp>,
        looked: &mut Looked,
    ) -> bool {
        if row.waits != Waits::FollowUp {
            return false;
        }
        // A clock that was set back must not keep it quiet.
        let last = reminded.filter(|last| *last <= self.now);
        let is_due = last.is_none_or(|last| self.now.duration_since(last) >= self.frame.remind);
        let next = last.filter(|_| !is_due).unwrap_or(self.now).checked_add(self.frame.remind);
        if let Ok(next) = next {
            looked.due = Some(looked.due.map_or(next, |due| due.min(next)));
        }
        is_due
    }

    /// What no longer waits: told before, or come and gone since the last look.
    async fn ended(
        &mut self,
        open: &[Arc<QueueRow>],
        lines: &[Activity],
        looked: &mut Looked,
    ) -> Result<(), StoreError> {
        let there: BTreeSet<&ActionId> = open.iter().map(|row| &row.id).collect();
        let mut over: BTreeSet<ActionId> = self.memory.waiting.keys().cloned().collect();
        over.extend(lines.iter().filter_map(|line| line.about.parse().ok()));
        let mut last: BTreeMap<&str, &Activity> = BTreeMap::new();
        for line in lines {
            if matches!(line.kind, ActivityKind::Ended | ActivityKind::Answered) {
                last.insert(&line.about, line);
            }
        }
        for id in over.into_iter().filter(|id| !there.contains(id)) {
            let Some(row) = self.row(&id).await? else {
                self.memory.waiting.remove(&id);
                continue;
            };
            let why = last.get(id.as_str()).copied();
            let Some(event) = tell::end(&row, why) else { continue };
            if self.memory.has_ended(&id, row.digest) {
                self.memory.waiting.remove(&id);
                continue;
            }
            let mut news = self.teller.action(event, &row, "");
            if let Some(line) = why {
                news.at = line.at;
                news.detail = Some(super::news::safe(line.what.raw()));
            }
            looked.news.push(news);
            self.memory.end(&id, row.digest);
        }
        Ok(())
    }

    async fn sources(&mut self, looked: &mut Looked) -> Result<(), StoreError> {
        let review = &self.frame.review;
        let mut all = review.store().sources().await?;
        all.retain(|one| one.kind != SourceKind::Gate && review.source(&one.name).is_some());
        for source in &all {
            let name = source.name.as_str();
            match (source.health, self.memory.failing.get(name).copied()) {
                (Health::Failing, None) => {
                    let since = source.last_attempt.unwrap_or(self.now);
                    looked.news.push(self.teller.failing(source, since));
                    self.memory.failing.insert(name.to_owned(), since);
                }
                (Health::Good | Health::Partial, Some(since)) => {
                    looked.news.push(self.teller.recovered(name, since));
                    self.memory.failing.remove(name);
                }
                _ => {}
            }
        }
        self.memory.keep_sources(all.iter().map(|source| &source.name));
        Ok(())
    }

    /// An action as the store has it, read once a look.
    async fn row(&mut self, id: &ActionId) -> Result<Option<ActionRow>, StoreError> {
        if let Some(known) = self.rows.get(id) {
            return Ok(known.clone());
        }
        let read = self.frame.review.store().action(id).await?.map(|(row, _)| row);
        self.rows.insert(id.clone(), read.clone());
        Ok(read)
    }
}
