//! The watch itself: tasks side by side, none of which waits for another.
//!
//! ```text
//!   run ─┬─ poller      asks the sources, as the console does
//!        ├─ looker      every second: did anything change, is anything due? ─▶ outbox, on the disk
//!        ├─ each sink   next ─▶ deliver ─▶ taken? ─no─▶ wait longer, again
//!        ├─ keeper      writes down what was delivered, and that we live
//!        └─ signals     HUP: read the configuration anew; TERM, INT: end
//! ```

use super::{
    Beat, Frame, Memory, News, Outbox, Place, Sink, Undelivered, look::look, pace, tell_service,
};
use crate::review::Poller;
use jiff::Timestamp;
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

/// How often the store is looked at for something new.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is written down that we live.
const BEAT: Duration = Duration::from_secs(5);
/// At least so long lies between two writings of what was delivered.
const KEEP: Duration = Duration::from_millis(250);
/// How long deliveries that are under way may take when we end.
const GRACE: Duration = Duration::from_secs(5);

/// What a watch does, by its configuration.
pub struct Post {
    /// Asks the sources.
    pub poller: Arc<Poller>,
    /// How it looks.
    pub frame: Frame,
    /// Whom it tells.
    pub sinks: Vec<Sink>,
}

/// What a watch says of itself while it runs.
#[derive(Debug)]
pub enum Saying<'a> {
    /// Something happened.
    News(&'a News),
    /// About the watch itself: a receiver that takes nothing, a store that cannot be read.
    Trouble(String),
    /// It goes well again, or was reloaded.
    Good(String),
}

/// Where it says so.
pub type Say = dyn Fn(Saying<'_>) + Send + Sync;

/// Reads the configuration anew.
pub type Reload<'a> = dyn FnMut() -> Pin<Box<dyn Future<Output = Result<Post, String>> + 'a>> + 'a;

/// Troubles that last, each said once.
#[derive(Default)]
struct Troubles {
    now: Mutex<Vec<(&'static str, String)>>,
}

impl Troubles {
    fn set(&self, what: &'static str, why: Option<String>, say: &Say) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let before = now.iter().position(|(known, _)| *known == what);
        match (before, why) {
            (None, Some(why)) => {
                say(Saying::Trouble(format!("{what}: {why}")));
                now.push((what, why));
            }
            (Some(at), Some(why)) => now[at].1 = why,
            (Some(at), None) => {
                now.remove(at);
                say(Saying::Good(format!("{what}: that works again")));
            }
            (None, None) => {}
        }
    }

    fn list(&self) -> Vec<String> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.iter().map(|(what, why)| format!("{what}: {why}")).collect()
    }
}

const STORE: &str = "the store cannot be read";
const STATE: &str = "what was told cannot be written down";
const RELOAD: &str = "the new configuration is not used, the old one is kept";

/// What all tasks share.
struct Shared {
    outbox: Arc<Outbox>,
    troubles: Troubles,
    say: Box<Say>,
    looked: Mutex<Option<Timestamp>>,
    stop: CancellationToken,
}

impl Shared {
    fn save(&self) {
        let saved = self.outbox.save();
        self.troubles.set(STATE, saved.err().map(|error| error.to_string()), &*self.say);
    }
}

/// Watches until it is told to end. Gives the error of the signals, where there are none.
pub async fn run(
    first: Post,
    outbox: Arc<Outbox>,
    say: Box<Say>,
    reload: &mut Reload<'_>,
) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let since = Timestamp::now();
    let shared = Arc::new(Shared {
        outbox,
        troubles: Troubles::default(),
        say,
        looked: Mutex::new(None),
        stop: CancellationToken::new(),
    });
    let mut keepers = JoinSet::new();
    keepers.spawn(keep(Arc::clone(&shared), since));
    let mut post = first;
    loop {
        let over = shared.stop.child_token();
        let mut tasks = begin(&shared, post, &over);
        let next = loop {
            tokio::select! {
                biased;
                _ = terminate.recv() => break None,
                _ = interrupt.recv() => break None,
                _ = hang_up.recv() => {
                    let read = reload().await;
                    match read {
                        Ok(post) => {
                            shared.troubles.set(RELOAD, None, &*shared.say);
                            (shared.say)(Saying::Good("the configuration was read anew".into()));
                            break Some(post);
                        }
                        Err(why) => shared.troubles.set(RELOAD, Some(why), &*shared.say),
                    }
                }
            }
        };
        over.cancel();
        // What is under way comes to its end; what takes longer is sent again.
        let _ = timeout(GRACE, async { while tasks.join_next().await.is_some() {} }).await;
        tasks.shutdown().await;
        match next {
            Some(next) => post = next,
            None => break,
        }
    }
    shared.stop.cancel();
    keepers.shutdown().await;
    shared.save();
    let _ = std::fs::remove_file(shared.outbox.place().beat());
    Ok(())
}

/// Starts what hangs on the configuration.
fn begin(shared: &Arc<Shared>, post: Post, over: &CancellationToken) -> JoinSet<()> {
    let lost = shared.outbox.keep(&post.sinks);
    if lost > 0 {
        let what = format!("{lost} news were still to be sent to receivers that are gone");
        (shared.say)(Saying::Trouble(what));
    }
    let mut tasks = JoinSet::new();
    for sink in &post.sinks {
        tasks.spawn(serve(Arc::clone(shared), sink.clone(), over.clone()));
    }
    let polling = over.clone();
    let poller = post.poller;
    tasks.spawn(async move {
        tokio::select! {
            () = poller.run() => {}
            () = polling.cancelled() => {}
        }
    });
    tasks.spawn(looks(Arc::clone(shared), post.frame, post.sinks, over.clone()));
    tasks
}

/// Looks at the store whenever it changed, or something is due.
async fn looks(shared: Arc<Shared>, frame: Frame, sinks: Vec<Sink>, over: CancellationToken) {
    let (mut seen, mut due, mut roster) = (None, None, None);
    let store = Arc::clone(frame.review.store());
    let (mut looked_at, mut wait) = (0, false);
    loop {
        let moved = async {
            if wait {
                // So much at least, however much is written.
                sleep(LOOK / 10).await;
                store.moved(looked_at, LOOK).await;
            }
        };
        tokio::select! {
            () = over.cancelled() => return,
            () = moved => wait = true,
        }
        // The clock of the store: where several hosts share one, it is the one that counts.
        let now = frame.review.store().now();
        let version = frame.review.store().version().await;
        looked_at = version.as_ref().copied().unwrap_or(looked_at);
        let looked = match version {
            Ok(version)
                if seen == Some(version)
                    && due.is_none_or(|due| now < due)
                    && roster == Some(frame.roster()) =>
            {
                Ok(due)
            }
            Ok(version) => {
                roster = Some(frame.roster());
                let looked = look_once(&shared, &frame, &sinks, now).await;
                seen = looked.is_ok().then_some(version);
                looked
            }
            Err(error) => Err(error),
        };
        match looked {
            Ok(next) => {
                due = next;
                let looked = Some(Timestamp::now());
                *shared.looked.lock().unwrap_or_else(PoisonError::into_inner) = looked;
                shared.troubles.set(STORE, None, &*shared.say);
            }
            Err(error) => shared.troubles.set(STORE, Some(error.to_string()), &*shared.say),
        }
    }
}

/// One look; answers when the next is due.
async fn look_once(
    shared: &Shared,
    frame: &Frame,
    sinks: &[Sink],
    now: Timestamp,
) -> Result<Option<Timestamp>, crate::store::StoreError> {
    let before = shared.outbox.memory();
    let mut memory = match before.clone() {
        Some(memory) => memory,
        None => Memory::begin(&**frame.review.store()).await?,
    };
    let newcomers = shared.outbox.newcomers(sinks);
    let looked = look(frame, &mut memory, !newcomers.is_empty(), now).await?;
    for news in &looked.news {
        (shared.say)(Saying::News(news));
    }
    if before.as_ref() != Some(&memory) || !looked.news.is_empty() || !newcomers.is_empty() {
        shared.outbox.put(memory, &looked.news, &looked.waiting, &newcomers, sinks);
        shared.save();
        shared.outbox.filled.notify_waiters();
    }
    Ok(looked.due)
}

/// Tells one receiver everything that waits for it, in order.
async fn serve(shared: Arc<Shared>, sink: Sink, over: CancellationToken) {
    let name = sink.name().to_owned();
    while !over.is_cancelled() {
        // Listening before looking: what comes in between is not missed.
        let filled = shared.outbox.filled.notified();
        let Some(next) = shared.outbox.next(&name) else {
            tokio::select! {
                () = filled => {}
                () = over.cancelled() => return,
                // Another one's line may have been filled while ours was looked at.
                () = sleep(BEAT) => {}
            }
            continue;
        };
        let dropped = shared.outbox.dropped(&name);
        let delivered = sink.deliver(&next.news).await;
        let now = Timestamp::now();
        match delivered {
            Ok(_) => {
                if next.failures > 0 {
                    (shared.say)(Saying::Good(format!("{name}: it takes news again")));
                }
                shared.outbox.delivered(&name, next.number, dropped, now);
            }
            Err(error) => {
                let why = error.to_string();
                let (failures, offers) = shared.outbox.failed(&name, next.number, &why, now);
                if failures == 1 {
                    (shared.say)(Saying::Trouble(format!("{name}: not delivered, {why}")));
                }
                if error.offers().is_some_and(|most| offers >= most) {
                    let what = format!(
                        "{name}: given up after {offers} tries, {}: {why}",
                        next.news.summary
                    );
                    (shared.say)(Saying::Trouble(what));
                    let unwelcome = matches!(error, Undelivered::Unwelcome { .. });
                    shared.outbox.give_up(&name, next.number, unwelcome, now);
                    if !unwelcome {
                        continue;
                    }
                }
                let after = match error {
                    Undelivered::Later { after, .. } => after,
                    Undelivered::Unwelcome { .. } | Undelivered::Never { .. } => None,
                };
                let pause = pace::after_failure(failures, after, crate::domain::chance());
                tokio::select! {
                    () = sleep_until(Instant::now() + pause) => {}
                    () = over.cancelled() => return,
                }
            }
        }
    }
}

/// Writes down what was delivered, and that we live.
async fn keep(shared: Arc<Shared>, since: Timestamp) {
    let mut beats = interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = beats.tick() => {
                let beat = Beat {
                    pid: std::process::id(),
                    since,
                    at: Timestamp::now(),
                    looked: *shared.looked.lock().unwrap_or_else(PoisonError::into_inner),
                    troubles: shared.troubles.list(),
                    sinks: shared.outbox.beats(),
                };
                // Where that fails, `--check` says that we are not heard of any more.
                let _ = Place::write(&shared.outbox.place().beat(), &beat, false);
                tell_service("WATCHDOG=1");
            }
            () = shared.outbox.changed.notified() => {
                shared.save();
                sleep(KEEP).await;
            }
        }
    }
}

/// One poll, one look, and every receiver told, as far as it takes the news before `until`. Answers
/// how many news are left; they are sent the next time.
pub async fn run_once(
    post: Post,
    outbox: Arc<Outbox>,
    say: Box<Say>,
    within: Duration,
) -> Result<usize, crate::store::StoreError> {
    let shared = Arc::new(Shared {
        outbox,
        troubles: Troubles::default(),
        say,
        looked: Mutex::new(None),
        stop: CancellationToken::new(),
    });
    post.poller.once().await;
    shared.outbox.keep(&post.sinks);
    let now = post.frame.review.store().now();
    look_once(&shared, &post.frame, &post.sinks, now).await?;
    let over = shared.stop.child_token();
    let mut tasks = JoinSet::new();
    for sink in &post.sinks {
        tasks.spawn(serve(Arc::clone(&shared), sink.clone(), over.clone()));
    }
    let until = Instant::now() + within;
    while shared.outbox.waiting() > 0 && Instant::now() < until {
        tokio::select! {
            () = shared.outbox.changed.notified() => {}
            () = sleep_until(until) => {}
        }
    }
    over.cancel();
    let _ = timeout(GRACE, async { while tasks.join_next().await.is_some() {} }).await;
    tasks.shutdown().await;
    shared.save();
    Ok(shared.outbox.waiting())
}
