//! What is still to be sent, to whom, in which order; on the disk before it is sent.
//!
//! ```text
//!   put(news) ─▶ news 17 ─┬─ line "pager":  15, 17     bounded; what still waits is dropped last
//!                         └─ line "chat":   17         dropped: 3 since …  ─▶ told before the next
//! ```

use super::{Event, Memory, News, Place, PlaceError, Sink};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The form of the file.
const FORMAT: u32 = 1;
/// So many times as much as the bound may wait for a receiver where all of it still waits for a
/// decision; beyond that even this is dropped.
const STILL_WAITING: usize = 10;

/// Everything a watch has to remember.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    format: u32,
    memory: Option<Memory>,
    /// What is still to be sent to somebody.
    news: BTreeMap<u64, News>,
    /// The number of the next news.
    next: u64,
    lines: BTreeMap<String, Line>,
}

/// What waits for one receiver.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    queue: VecDeque<u64>,
    /// Dropped since it was last told so.
    dropped: u64,
    dropped_since: Option<Timestamp>,
    /// Dropped in all.
    dropped_ever: u64,
    delivered: Option<Timestamp>,
    #[serde(default)]
    failures: u32,
    #[serde(default)]
    failing_since: Option<Timestamp>,
    #[serde(default)]
    why: Option<String>,
    /// Offered so often and not taken: which news (none: the word on drops), and how often.
    #[serde(default)]
    offered: Option<(Option<u64>, u32)>,
    /// News that were given up since it last took some.
    #[serde(default)]
    given_up: u64,
    /// It says that we are not wanted there. What was dropped is told once it takes something.
    #[serde(default)]
    unwelcome: bool,
}

/// How a watch is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// Its process.
    pub pid: u32,
    /// When it began.
    pub since: Timestamp,
    /// When this was written.
    pub at: Timestamp,
    /// When it last looked at the store.
    pub looked: Option<Timestamp>,
    /// What keeps it from reading the store or keeping its state, or from reloading.
    pub troubles: Vec<String>,
    /// Each receiver.
    pub sinks: BTreeMap<String, SinkBeat>,
}

/// How deliveries to one receiver go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinkBeat {
    /// How many news wait for it.
    pub waiting: usize,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
    /// When it last took some.
    pub delivered: Option<Timestamp>,
    /// Since when it takes none.
    pub failing_since: Option<Timestamp>,
    /// Why not.
    pub why: Option<String>,
    /// How many were dropped in all.
    pub dropped: u64,
    /// How many were given up since it last took some: it refused each again and again.
    #[serde(default)]
    pub given_up: u64,
}

/// News on its way to one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Next {
    /// Its number; none for what is told of drops.
    pub number: Option<u64>,
    pub news: News,
    pub failures: u32,
}

/// What is still to be sent.
#[derive(Debug)]
pub struct Outbox {
    state: Mutex<State>,
    place: Place,
    bound: usize,
    host: String,
    /// Rung when there is something to send, or to write down.
    pub(super) filled: Notify,
    pub(super) changed: Notify,
}

impl Outbox {
    /// Reads what a watch before this one left. Where that cannot be read it is set aside, and a
    /// sentence says so.
    pub fn open(
        place: Place,
        bound: usize,
        host: &str,
    ) -> Result<(Self, Option<String>), PlaceError> {
        let empty = State {
            format: FORMAT,
            memory: None,
            news: BTreeMap::new(),
            next: 1,
            lines: BTreeMap::new(),
        };
        let mut said = None;
        let state = match Place::read::<State>(&place.state()) {
            Ok(Some(state)) if state.format == FORMAT => state,
            Ok(None) => empty,
            Ok(Some(_)) => {
                return Err(PlaceError::Unreadable {
                    path: place.state(),
                    why: "a newer countersign wrote it".to_owned(),
                });
            }
            Err(error @ PlaceError::Unreadable { .. }) => {
                let aside = Place::set_aside(&place.state())
                    .map_err(|why| PlaceError::Io { path: place.state(), why })?;
                said = Some(format!(
                    "{error}. It is {} now; what waits is told again, what was not sent yet is lost",
                    aside.display()
                ));
                empty
            }
            Err(error) => return Err(error),
        };
        let outbox = Self {
            state: Mutex::new(state),
            place,
            bound,
            host: host.to_owned(),
            filled: Notify::new(),
            changed: Notify::new(),
        };
        Ok((outbox, said))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was told; none before the first look.
    pub fn memory(&self) -> Option<Memory> {
        self.state().memory.clone()
    }

    /// Receivers that nobody told anything yet.
    pub fn newcomers(&self, sinks: &[Sink]) -> BTreeSet<String> {
        let state = self.state();
        let names = sinks.iter().map(Sink::name);
        names.filter(|name| !state.lines.contains_key(*name)).map(str::to_owned).collect()
    }

    /// Forgets receivers that are no longer configured; answers how many news were still to be sent
    /// to them.
    pub fn keep(&self, sinks: &[Sink]) -> usize {
        let mut state = self.state();
        let names: BTreeSet<&str> = sinks.iter().map(Sink::name).collect();
        let mut lost = 0;
        state.lines.retain(|name, line| {
            let kept = names.contains(name.as_str());
            lost += if kept { 0 } else { line.queue.len() };
            kept
        });
        sweep(&mut state);
        lost
    }

    /// Puts news into the lines of those that want them, and remembers what was told, at once.
    /// `waiting` goes to the newcomers only.
    pub fn put(
        &self,
        memory: Memory,
        news: &[News],
        waiting: &[News],
        newcomers: &BTreeSet<String>,
        sinks: &[Sink],
    ) {
        let mut state = self.state();
        for sink in sinks {
            state.lines.entry(sink.name().to_owned()).or_default();
        }
        let told: BTreeSet<&str> = waiting.iter().map(|news| news.id.as_str()).collect();
        for (one, for_newcomers) in
            waiting.iter().map(|one| (one, true)).chain(news.iter().map(|one| (one, false)))
        {
            let wants = sinks.iter().filter(|sink| {
                let is_new = newcomers.contains(sink.name());
                let now = if for_newcomers {
                    is_new
                } else {
                    // It just got all that waits.
                    !(is_new && told.contains(one.id.as_str()))
                };
                now && sink.wants(one.event)
            });
            let wants: Vec<&str> = wants.map(Sink::name).collect();
            if wants.is_empty() {
                continue;
            }
            let number = state.next;
            state.next += 1;
            state.news.insert(number, one.clone());
            for name in wants {
                if let Some(line) = state.lines.get_mut(name) {
                    line.queue.push_back(number);
                }
                bound(&mut state, name, self.bound, &memory);
            }
        }
        state.memory = Some(memory);
        sweep(&mut state);
        drop(state);
        self.filled.notify_waiters();
    }

    /// What is to be sent to a receiver next.
    pub(super) fn next(&self, name: &str) -> Option<Next> {
        let state = self.state();
        let line = state.lines.get(name)?;
        if line.dropped > 0 && !line.unwelcome {
            let since = line.dropped_since.unwrap_or_default();
            let summary = format!(
                "{} news for {name} were dropped since {}, because too many waited or it refused \
                 them; `countersign queue` and `countersign activity` have all of it",
                line.dropped,
                super::tell::clock(since)
            );
            let what = format!("{name}\0{}\0{}", line.dropped_ever, since.as_millisecond());
            let news = News::new(Event::Dropped, &what, since, &self.host, &summary);
            return Some(Next { number: None, news, failures: line.failures });
        }
        let number = *line.queue.front()?;
        let news = state.news.get(&number)?.clone();
        Some(Next { number: Some(number), news, failures: line.failures })
    }

    /// It was taken.
    pub(super) fn delivered(&self, name: &str, number: Option<u64>, dropped: u64, at: Timestamp) {
        let mut state = self.state();
        if let Some(line) = state.lines.get_mut(name) {
            take(line, number, dropped);
            line.delivered = Some(at);
            (line.failures, line.failing_since, line.why) = (0, None, None);
            (line.offered, line.given_up, line.unwelcome) = (None, 0, false);
        }
        sweep(&mut state);
        self.changed.notify_one();
    }

    /// How many drops the next delivery tells of.
    pub(super) fn dropped(&self, name: &str) -> u64 {
        self.state().lines.get(name).map_or(0, |line| line.dropped)
    }

    /// It was not taken; answers how often in a row that was so, of whatever, and of these news.
    pub(super) fn failed(
        &self,
        name: &str,
        number: Option<u64>,
        why: &str,
        at: Timestamp,
    ) -> (u32, u32) {
        let mut state = self.state();
        let failures = state.lines.get_mut(name).map_or((0, 0), |line| {
            line.failures = line.failures.saturating_add(1);
            line.failing_since.get_or_insert(at);
            line.why = Some(why.to_owned());
            let before = line.offered.filter(|(known, _)| *known == number);
            let offers = before.map_or(0, |(_, offers)| offers).saturating_add(1);
            line.offered = Some((number, offers));
            (line.failures, offers)
        });
        self.changed.notify_one();
        failures
    }

    /// It will never be taken: it goes, and is counted. Where we are not wanted, the pace stays slow.
    pub(super) fn give_up(&self, name: &str, number: Option<u64>, unwelcome: bool, at: Timestamp) {
        let mut state = self.state();
        if let Some(line) = state.lines.get_mut(name) {
            let told = line.dropped;
            line.offered = None;
            line.unwelcome = unwelcome;
            if !unwelcome {
                line.failures = 0;
            }
            // What cannot even be told is not told again and again; what may be later is kept.
            if number.is_some() || !unwelcome {
                take(line, number, told);
                line.dropped_ever += 1;
                line.given_up += 1;
            }
            if number.is_some() {
                line.dropped += 1;
                line.dropped_since.get_or_insert(at);
            }
        }
        sweep(&mut state);
        self.changed.notify_one();
    }

    /// How many news wait for receivers, in all.
    pub fn waiting(&self) -> usize {
        let state = self.state();
        let to_tell = |line: &Line| usize::from(line.dropped > 0 && !line.unwelcome);
        state.lines.values().map(|line| line.queue.len() + to_tell(line)).sum()
    }

    /// Writes everything down.
    pub fn save(&self) -> Result<(), PlaceError> {
        let state = self.state().clone();
        Place::write(&self.place.state(), &state, true)
    }

    /// How deliveries go.
    pub(super) fn beats(&self) -> BTreeMap<String, SinkBeat> {
        let state = self.state();
        let beat = |line: &Line| SinkBeat {
            waiting: line.queue.len(),
            oldest: line.queue.front().and_then(|number| state.news.get(number)).map(|one| one.at),
            delivered: line.delivered,
            failing_since: line.failing_since,
            why: line.why.clone(),
            dropped: line.dropped_ever,
            given_up: line.given_up,
        };
        state.lines.iter().map(|(name, line)| (name.clone(), beat(line))).collect()
    }

    /// Where it is kept.
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// Takes what was sent out of a line. It may have been dropped meanwhile.
fn take(line: &mut Line, number: Option<u64>, dropped: u64) {
    if let Some(number) = number {
        line.queue.retain(|one| *one != number);
        return;
    }
    line.dropped = line.dropped.saturating_sub(dropped);
    if line.dropped == 0 {
        line.dropped_since = None;
    }
}

/// Keeps a line as short as it may be. What says that something waits, or that a glass was broken,
/// goes last, and only where it is far too much.
fn bound(state: &mut State, name: &str, bound: usize, memory: &Memory) {
    let State { lines, news, .. } = state;
    let Some(line) = lines.get_mut(name) else { return };
    while line.queue.len() > bound {
        let still_matters = |number: &u64| {
            news.get(number).is_some_and(|one| {
                one.event == Event::BreakGlass
                    || one.event.is_about_what_waits()
                        && one.action.as_ref().is_some_and(|about| memory.waits(&about.id))
            })
        };
        let at = line.queue.iter().position(|number| !still_matters(number));
        let at = match at {
            Some(at) => at,
            None if line.queue.len() > bound.saturating_mul(STILL_WAITING) => 0,
            None => return,
        };
        line.queue.remove(at);
        line.dropped += 1;
        line.dropped_ever += 1;
        line.dropped_since.get_or_insert_with(Timestamp::now);
    }
}

/// Forgets news that are for nobody any more.
fn sweep(state: &mut State) {
    let wanted: BTreeSet<u64> =
        state.lines.values().flat_map(|line| line.queue.iter().copied()).collect();
    state.news.retain(|number, _| wanted.contains(number));
}
