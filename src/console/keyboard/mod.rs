//! The keyboard and the window: what a person does at the terminal, read without a thread.
//!
//! ```text
//!   stdin ──readable?──▶ poll(2), read(2) ──▶ Parser ──▶ keys, pastes
//!   SIGWINCH ────────────────────────────────────────▶ the new size
//! ```
//!
//! crossterm's own reader is not used. It learns of input once (edge-triggered) and looks at one
//! of several things that happened together, so that a key pressed while the window changed size,
//! or the end of a paste longer than its buffer, lay unread until the next key; its thread reads
//! also while the console is suspended; and it spins when the terminal is gone. Here the system is
//! asked before every wait whether something lies there, and nothing is read unless the loop asks:
//! while a shell or another program has the terminal, every byte is theirs.

mod parse;

use self::parse::{Parser, Unfinished};
use crossterm::event::Event;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fd::{AsFd as _, BorrowedFd},
    io::Errno,
};
use std::{
    io,
    time::{Duration, Instant},
};
use tokio::{
    io::{Interest, unix::AsyncFd},
    signal::unix::{Signal, SignalKind, signal},
};

/// How long an escape character that comes alone is taken for the beginning of a sequence, cut in
/// two on its way here, before it is the key Esc.
const ALONE: Duration = Duration::from_millis(20);

/// How long a sequence may stay cut in two before its beginning is dropped.
const CUT: Duration = Duration::from_millis(500);

/// Bytes read at a time.
const CHUNK: usize = 4096;

/// How often [`Keyboard::discard`] reads before it says that input never ends.
const CHUNKS: usize = 64;

/// Reads the terminal on standard input.
pub struct Keyboard {
    tty: AsyncFd<BorrowedFd<'static>>,
    window: Signal,
    parser: Parser,
    /// When what the parser waits for has waited long enough.
    due: Option<Instant>,
}

/// What reading gave.
enum Got {
    Bytes,
    Nothing,
    /// The terminal is gone.
    End,
}

impl Keyboard {
    /// Listens to standard input, which must be a terminal in raw mode, and to the window.
    ///
    /// # Errors
    /// The system cannot watch standard input or take another signal handler.
    pub fn open() -> io::Result<Self> {
        #[allow(
            deprecated,
            reason = "unsound only for what may be closed while it is watched; \
                                      standard input is borrowed for as long as we run"
        )]
        let tty = AsyncFd::with_interest(rustix::stdio::stdin(), Interest::READABLE)?;
        Ok(Self {
            tty,
            window: signal(SignalKind::window_change())?,
            parser: Parser::default(),
            due: None,
        })
    }

    /// Waits for the next event; none when the terminal is gone. May be dropped while it waits
    /// without losing anything.
    ///
    /// # Errors
    /// Reading failed.
    pub async fn next(&mut self) -> io::Result<Option<Event>> {
        loop {
            if let Some(event) = self.parser.next() {
                return Ok(Some(event));
            }
            match self.read()? {
                Got::Bytes => continue,
                Got::End => return Ok(None),
                Got::Nothing => {}
            }
            tokio::select! {
                _ = self.window.recv() => {
                    let (columns, rows) = crossterm::terminal::size()?;
                    return Ok(Some(Event::Resize(columns, rows)));
                }
                ready = self.tty.readable() => {
                    let mut ready = ready?;
                    if !lies_there(ready.get_inner().as_fd())? {
                        ready.clear_ready();
                    }
                }
                () = until(self.due) => {
                    self.due = None;
                    self.parser.settle();
                }
            }
        }
    }

    /// An event that is there already.
    ///
    /// # Errors
    /// Reading failed.
    pub fn waiting(&mut self) -> io::Result<Option<Event>> {
        if self.parser.is_empty() {
            // The end is told by `next`, which comes back to it.
            self.read()?;
        }
        Ok(self.parser.next())
    }

    /// Throws away all input that lies there, and what it was the beginning of. False when it does
    /// not end; then there is more.
    ///
    /// # Errors
    /// Reading failed.
    pub fn discard(&mut self) -> io::Result<bool> {
        for _ in 0..CHUNKS {
            let got = self.read()?;
            self.parser.discard();
            if !matches!(got, Got::Bytes) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads once, if that does not block.
    fn read(&mut self) -> io::Result<Got> {
        let tty = self.tty.get_ref();
        if !lies_there(tty.as_fd())? {
            return Ok(Got::Nothing);
        }
        let mut chunk = [0; CHUNK];
        match rustix::io::read(tty, &mut chunk) {
            // EIO: whoever held the other end of the terminal has closed it.
            Ok(0) | Err(Errno::IO) => Ok(Got::End),
            Ok(count) => {
                self.parser.feed(&chunk[..count]);
                self.due = self.parser.unfinished().map(|what| match what {
                    Unfinished::Escape => Instant::now() + ALONE,
                    Unfinished::Sequence => Instant::now() + CUT,
                });
                Ok(Got::Bytes)
            }
            Err(Errno::INTR | Errno::AGAIN) => Ok(Got::Nothing),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether reading would give something at once, be it the end.
fn lies_there(tty: BorrowedFd<'_>) -> io::Result<bool> {
    let mut asked = [PollFd::from_borrowed_fd(tty, PollFlags::IN)];
    match poll(&mut asked, Some(&Timespec::default())) {
        Ok(count) => Ok(count > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}
