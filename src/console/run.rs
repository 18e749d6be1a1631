//! The loop: signals first, then keys, answers and time; one frame at most for each turn.
//!
//! ```text
//!   first thread, one task        the program's other threads
//!   keys, frames, clock  ──Effect──▶  store, sources, polls, decisions
//!                        ◀───Msg────
//! ```
//!
//! The loop has a thread and a runtime to itself: however many megabytes a poll parses at a
//! stretch, the system still gives the loop its turn when a key arrives.

use super::{
    app::{App, Start},
    clock::Now,
    event::Event,
    keyboard::Keyboard,
    msg::{Effect, Msg},
    terminal::{Session, install_panic_hook, is_taken},
    theme::{Depth, Theme},
    worker::{Desk, perform},
};
use crate::{
    config::UiSettings,
    domain::SourceKind,
    review::{Poller, Review},
    store::Store,
    text::SafeText,
};
use jiff::{Timestamp, tz::TimeZone};
use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    runtime::{self, Handle},
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
};

/// How often the store is asked whether anybody has written, and the clock is looked at.
const TICK: Duration = Duration::from_millis(500);

/// How many keys go into one frame at most.
const TOGETHER: usize = 1000;
/// Between two words of the store that somebody wrote, at least so long,
const BREATH: Duration = Duration::from_millis(100);
/// and so long where it hears nothing.
const SELDOM: Duration = Duration::from_secs(30);

/// Everything the console needs.
pub struct Setup {
    /// The use cases, over a store and sources.
    pub review: Review,
    /// Polls in the background while the console runs.
    pub poller: Arc<Poller>,
    /// The `[ui]` section.
    pub ui: UiSettings,
    /// Colours, as loaded; fitted to the terminal here.
    pub theme: Theme,
    /// What kind of world this is, if it is an unusual one (`demo world`).
    pub banner: Option<SafeText>,
}

/// Why the console ended otherwise than by `q`.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// Standard input or output is not a terminal.
    #[error("the console needs a terminal; `countersign queue` and `countersign audit` need none")]
    NoTerminal,
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] io::Error),
    /// A signal asked us to end. The exit status to give is 128 and its number.
    #[error("ended by signal {0}")]
    Signal(i32),
}

impl ConsoleError {
    /// The exit status a shell expects.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(1),
            Self::NoTerminal => 2,
            Self::Terminal(_) => 1,
        }
    }
}

/// Signals that ask us to end.
struct Endings {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
}

impl Endings {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.terminate.recv() => SignalKind::terminate().as_raw_value(),
            _ = self.hang_up.recv() => SignalKind::hangup().as_raw_value(),
            _ = self.interrupt.recv() => SignalKind::interrupt().as_raw_value(),
        }
    }
}

/// Runs the console until the person leaves it or a signal ends it. Needs a runtime of several
/// threads, and keeps the thread it is polled on until it ends.
pub async fn run(setup: Setup) -> Result<(), ConsoleError> {
    if !(io::IsTerminal::is_terminal(&io::stdin()) && io::IsTerminal::is_terminal(&io::stdout())) {
        return Err(ConsoleError::NoTerminal);
    }
    install_panic_hook();
    let background = Handle::current();
    // On the thread that is here already, which is the program's first: only there does SIGSTOP
    // take effect before the call that sends it returns.
    tokio::task::block_in_place(|| {
        let own = runtime::Builder::new_current_thread().enable_all().build()?;
        own.block_on(turn(setup, background))
    })
}

/// Takes the terminal and turns until the end; everything slow goes to `background`.
async fn turn(setup: Setup, background: Handle) -> Result<(), ConsoleError> {
    let endings = Endings::listen()?;
    let session = Session::start()?;
    let desk = Desk { review: setup.review, poller: setup.poller };
    let poller = Arc::clone(&desk.poller);
    let polling = background.spawn(async move { poller.run().await });
    let began = Instant::now();
    let app = App::new(Start {
        theme: setup.theme.adapt(Depth::detect(|name| std::env::var(name).ok())),
        who: desk.review.reviewer().clone(),
        roster: desk.review.rules().reviewers.now(),
        policy: desk.review.rules().policy.as_ref().map(|policy| policy.id()),
        banner: setup.banner,
        // The gate of this host is always there; it says nothing about what was configured.
        configured: desk.review.sources().iter().any(|it| it.kind() != SourceKind::Gate),
        arm_delay: Duration::from_millis(setup.ui.arm_delay_ms),
        size: session.size()?,
        now: now(began),
        zone: TimeZone::system(),
    });
    let (answers, answered) = mpsc::unbounded_channel();
    let hearing = background.spawn(hear(Arc::clone(desk.review.store()), answers.clone()));
    let console = Console { app, session, desk, began, answers, background };
    let ended = console.turn_until_the_end(endings, answered).await;
    polling.abort();
    hearing.abort();
    ended
}

/// Says when somebody wrote to the store, as soon as the store hears of it; that spares the wait for
/// the next look, and nothing depends on it.
async fn hear(store: Arc<dyn Store>, answers: mpsc::UnboundedSender<Msg>) {
    let mut known = None;
    while !answers.is_closed() {
        let version = store.version().await.ok();
        if known.is_some() && version != known && answers.send(Msg::Moved).is_err() {
            return;
        }
        known = version;
        tokio::time::sleep(BREATH).await;
        store.moved(version.unwrap_or_default(), SELDOM).await;
    }
}

fn now(began: Instant) -> Now {
    Now { wall: Timestamp::now(), mono: began.elapsed() }
}

struct Console {
    app: App,
    session: Session,
    desk: Desk,
    began: Instant,
    answers: mpsc::UnboundedSender<Msg>,
    background: Handle,
}

/// What to do after an event.
enum Next {
    Go,
    /// Give the terminal to the shell until it continues us.
    Suspend,
    End,
}

impl Console {
    async fn turn_until_the_end(
        mut self,
        mut endings: Endings,
        mut answered: mpsc::UnboundedReceiver<Msg>,
    ) -> Result<(), ConsoleError> {
        let mut keys = Keyboard::open()?;
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.session.paint(&mut self.app)?;
        loop {
            let due = self.app.deadline().map(|at| self.began + at);
            let event = tokio::select! {
                biased;
                number = endings.next() => return Err(ConsoleError::Signal(number)),
                key = keys.next() => match key? {
                    Some(event) => Event::from_terminal(event),
                    // The terminal is gone.
                    None => return Err(ConsoleError::Signal(SignalKind::hangup().as_raw_value())),
                },
                Some(msg) = answered.recv() => Some(Event::Answer(msg)),
                () = sleep_until(due) => Some(Event::Tick),
                _ = tick.tick() => Some(Event::Tick),
            };
            let Some(event) = event else { continue };
            // One reading of the clock: a dialog that this tick arms was due for the drain too.
            let present = now(self.began);
            let arms = matches!(event, Event::Tick) && self.app.arming_due(present.mono);
            if arms && !keys.discard()? {
                // Input without an end: the dialog stays deaf.
                continue;
            }
            let mut next = self.take(event, present)?;
            // Keys that came meanwhile go into the same frame.
            for _ in 0..TOGETHER {
                if !matches!(next, Next::Go) {
                    break;
                }
                let Some(event) = keys.waiting()? else { break };
                if let Some(event) = Event::from_terminal(event) {
                    next = self.take(event, now(self.began))?;
                }
            }
            match next {
                Next::Go => {}
                Next::Suspend => {
                    self.session.suspend()?;
                    keys.discard()?;
                    self.take(Event::Resumed, now(self.began))?;
                }
                Next::End => return Ok(()),
            }
            if !is_taken() {
                // A panic in the background gave it back to say what happened.
                let why = "a part of the console failed; what it said is above";
                return Err(io::Error::other(why).into());
            }
            if self.app.is_dirty() {
                self.session.paint(&mut self.app)?;
            }
        }
    }

    fn take(&mut self, event: Event, now: Now) -> Result<Next, ConsoleError> {
        #[cfg(debug_assertions)]
        rehearsal::panic_if_asked(&event);
        if matches!(event, Event::Resize(..)) {
            // Also when it has the size it had: on its way there the terminal may have cut off or
            // wrapped what was on it.
            self.session.forget()?;
        }
        if matches!(event, Event::Tick) {
            let progress = self.desk.poller.progress();
            let effects = self.app.handle(Event::Answer(Msg::Progress(progress)), now);
            self.start(effects)?;
        }
        let effects = self.app.handle(event, now);
        self.start(effects)
    }

    /// Starts effects, each on a task of its own.
    fn start(&mut self, effects: Vec<Effect>) -> Result<Next, ConsoleError> {
        let mut next = Next::Go;
        for effect in effects {
            match effect {
                Effect::Copy(text) => self.session.copy(&text)?,
                Effect::Suspend => next = Next::Suspend,
                Effect::Quit => return Ok(Next::End),
                effect => {
                    let (desk, answers) = (self.desk.clone(), self.answers.clone());
                    self.background.spawn(async move {
                        if let Some(msg) = perform(effect, &desk).await {
                            // Nobody listens any more: the console has ended.
                            let _ = answers.send(msg);
                        }
                    });
                }
            }
        }
        Ok(next)
    }
}

/// Panics on purpose, so that a test can see what becomes of the terminal. Only in builds with
/// debug assertions: `COUNTERSIGN_REHEARSE_PANIC=console` panics on this task at the key `!`,
/// `background` on another one.
#[cfg(debug_assertions)]
mod rehearsal {
    use super::Event;
    use crossterm::event::KeyCode;

    #[allow(clippy::panic, reason = "it is what it is for")]
    pub(super) fn panic_if_asked(event: &Event) {
        let pressed = matches!(event, Event::Key(key) if key.code == KeyCode::Char('!'));
        if !pressed {
            return;
        }
        match std::env::var("COUNTERSIGN_REHEARSE_PANIC").as_deref() {
            Ok("console") => panic!("a rehearsal"),
            Ok("background") => {
                tokio::spawn(async { panic!("a rehearsal") });
            }
            _ => {}
        }
    }
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}
