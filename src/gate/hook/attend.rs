//! Sees to it that a host gets an answer, whatever happens.
//!
//! ```text
//!   attend ─┬─ this thread: the work ──── Said ──────────┐
//!           │      └ panics ──▶ Deny ────────────────────┼─▶ one of them says it, once
//!           └─ watch: the deadline, signals ──▶ Deny ────┘      └ nobody listens: the exit status
//! ```
//!
//! Several hosts take a hook that is late, dies or says nothing for a yes. So the time is watched
//! by a thread of its own, which answers for a hook that hangs in whatever call, and ends the
//! process. It sleeps through the life of a harmless command; only a hook that takes longer gets
//! to see signals, for which a runtime is needed. What it cannot answer for is a process that is
//! killed, stopped, or out of memory.

use super::{Asked, Host, Reason, Said};
use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
    stdio::{stderr, stdout},
};
use std::{
    any::Any,
    os::fd::BorrowedFd,
    panic::{self, AssertUnwindSafe},
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::signal::unix::{SignalKind, signal};

/// A hook that takes longer than that listens to signals too.
const HARMLESS: Duration = Duration::from_millis(100);
/// How long somebody who is answering already may take, before the process ends all the same.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// When an answer is due.
#[derive(Debug, Clone)]
pub struct Clock {
    began: Instant,
    /// Milliseconds after `began`.
    limit: Arc<AtomicU64>,
}

impl Clock {
    /// For a host that waits so long. A part of it is kept back: a busy machine takes its time to
    /// start a process and to hear that it has ended.
    fn of(patience: Duration) -> Self {
        let limit = patience.saturating_sub((patience / 6).min(Duration::from_secs(5)));
        Self { began: Instant::now(), limit: Arc::new(AtomicU64::new(millis(limit))) }
    }

    /// Answers no later than so long after the beginning.
    pub fn shorten(&self, limit: Duration) {
        self.limit.fetch_min(millis(limit), Ordering::SeqCst);
    }

    /// Until when to wait for a decision, so that what comes of it can still be said.
    pub fn until(&self) -> Instant {
        let limit = Duration::from_millis(self.limit.load(Ordering::SeqCst));
        self.began + limit.saturating_sub((limit / 4).min(Duration::from_secs(1)))
    }

    /// When somebody else answers.
    fn end(&self) -> Instant {
        self.began + Duration::from_millis(self.limit.load(Ordering::SeqCst))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Whoever takes it, answers; nobody else does.
#[derive(Debug, Clone, Default)]
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::SeqCst)
    }
}

/// Does the work and says what came of it; gives the exit status. `work` is told by when, and
/// keeps the host's question, once it is read, where it can be found.
pub fn attend(
    host: &'static dyn Host,
    work: impl FnOnce(&Clock, &mut Option<Asked>) -> Result<Said, Reason>,
) -> u8 {
    // What it would print is no answer of any host's.
    panic::set_hook(Box::new(|_| {}));
    let (clock, turn) = (Clock::of(host.patience()), Turn::default());
    let watch = Watch { host, clock: clock.clone(), turn: turn.clone() };
    let name = thread::Builder::new().name("watch".to_owned());
    if let Err(error) = name.spawn(move || watch.keep()) {
        let why = Reason::new(format!("no thread can be started: {error}"));
        return say(host, &Said::Deny(why), None);
    }
    let mut asked = None;
    let done = panic::catch_unwind(AssertUnwindSafe(|| work(&clock, &mut asked)));
    let said = match done {
        Ok(Ok(said)) => said,
        Ok(Err(reason)) => Said::Deny(reason),
        Err(fault) => Said::Deny(Reason::new(format!(
            "a fault of countersign's own, please report it: {}",
            words(&*fault)
        ))),
    };
    if turn.take() {
        return say(host, &said, asked.as_ref());
    }
    // Somebody else is just saying no, and ends the process.
    thread::sleep(LAST_WORDS * 2);
    host.broken()
}

/// What a panic said.
fn words(fault: &(dyn Any + Send)) -> &str {
    let own = fault.downcast_ref::<String>().map(String::as_str);
    own.or_else(|| fault.downcast_ref::<&str>().copied()).unwrap_or("no words")
}

struct Watch {
    host: &'static dyn Host,
    clock: Clock,
    turn: Turn,
}

impl Watch {
    fn keep(self) -> ! {
        thread::sleep(HARMLESS.min(self.left()));
        let why = self.listen().unwrap_or_else(|_| {
            // Without signals there is still the time.
            while !self.left().is_zero() {
                thread::sleep(self.left());
            }
            LATE.to_owned()
        });
        if self.turn.take() {
            // Whoever hangs in writing to a reader that does not read would hang here too.
            let (host, limit) = (self.host, LAST_WORDS);
            let _ = thread::Builder::new().spawn(move || {
                thread::sleep(limit);
                process::exit(i32::from(host.broken()));
            });
            process::exit(i32::from(say(host, &Said::Deny(Reason::new(why)), None)));
        }
        // It is being answered; but that must not take for ever either.
        thread::sleep(LAST_WORDS);
        process::exit(i32::from(self.host.broken()));
    }

    fn left(&self) -> Duration {
        self.clock.end().saturating_duration_since(Instant::now())
    }

    /// Waits for the end of the time, or for somebody who wants this process to end. Whatever
    /// waits in the queue stays there.
    fn listen(&self) -> std::io::Result<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut terminate = signal(SignalKind::terminate())?;
            let mut interrupt = signal(SignalKind::interrupt())?;
            let mut hang_up = signal(SignalKind::hangup())?;
            let mut quit = signal(SignalKind::quit())?;
            loop {
                let left = self.left();
                if left.is_zero() {
                    return Ok(LATE.to_owned());
                }
                // The time may be made shorter, so it is looked at now and then.
                let name = tokio::select! {
                    () = tokio::time::sleep(left.min(HARMLESS)) => continue,
                    _ = terminate.recv() => "terminated",
                    _ = interrupt.recv() => "interrupted",
                    _ = hang_up.recv() => "hung up on",
                    _ = quit.recv() => "told to quit",
                };
                return Ok(format!("countersign was {name} before there was an answer"));
            }
        })
    }
}

const LATE: &str = "there was no answer in time; what is held waits in the queue, and the same \
                    call may be made again";

/// Says it in the host's words, in whole; gives the exit status. What nobody hears is a no.
fn say(host: &dyn Host, said: &Said, asked: Option<&Asked>) -> u8 {
    let answer = host.answer(said, asked);
    let told = write(stderr(), answer.stderr.as_bytes());
    match heard(stdout(), answer.stdout.as_bytes()) {
        // A reason that is on standard output still counts there; otherwise nobody was told.
        Ok(()) if told.is_err() && answer.stdout.is_empty() => answer.status.max(host.broken()),
        Ok(()) => answer.status,
        Err(error) => {
            let why = format!("countersign: the answer cannot be written: {error}\n");
            let _ = write(stderr(), why.as_bytes());
            host.broken()
        }
    }
}

/// Writes what somebody has to hear. A program that is started with its output closed has the null
/// device in its place, and would talk to nobody without an error.
fn heard(to: BorrowedFd<'_>, bytes: &[u8]) -> Result<(), Errno> {
    /// `null(4)`: a character device with the numbers 1 and 3.
    const NULL: (u32, u32) = (1, 3);
    if bytes.is_empty() {
        return Ok(());
    }
    let found = rustix::fs::fstat(to)?;
    let device = (rustix::fs::major(found.st_rdev), rustix::fs::minor(found.st_rdev));
    let kind = rustix::fs::FileType::from_raw_mode(found.st_mode);
    if kind == rustix::fs::FileType::CharacterDevice && device == NULL {
        return Err(Errno::BADF);
    }
    write(to, bytes)
}

/// All of it, without a lock that somebody else may hold for ever.
fn write(to: BorrowedFd<'_>, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match rustix::io::write(to, bytes) {
            Ok(0) => return Err(Errno::IO),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            // Somebody made it not wait. The watch sees to it that this is not for ever.
            Err(Errno::AGAIN) => {
                let mut ready = [PollFd::new(&to, PollFlags::OUT)];
                match poll(&mut ready, None) {
                    Ok(_) | Err(Errno::INTR) => {}
                    Err(error) => return Err(error),
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
