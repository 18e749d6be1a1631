//! One connection to an agent: a question, an answer, and never longer than it may take.

use super::fault::{AgentFault, Step};
use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

/// Longest message of an agent; OpenSSH has the same bound.
const LONGEST: usize = 256 * 1024;
/// How often it is looked whether somebody changed their mind.
const LOOK: Duration = Duration::from_millis(100);

/// How long something may take.
pub(super) struct Limits<'a> {
    pub(super) step: Step,
    pub(super) time: Duration,
    pub(super) stop: &'a AtomicBool,
}

/// A connection.
pub(super) struct Line(UnixStream);

impl Line {
    /// Connects. An agent that is stopped takes no calls, and a call that waits cannot be given up,
    /// so a thread waits in our place.
    pub(super) fn connect(socket: &Path, time: Duration) -> Result<Self, AgentFault> {
        let (send, receive) = mpsc::channel();
        let path = socket.to_owned();
        thread::spawn(move || drop(send.send(UnixStream::connect(path))));
        match receive.recv_timeout(time) {
            Ok(Ok(stream)) => Ok(Self(stream)),
            Ok(Err(source)) => Err(AgentFault::Unreachable { socket: socket.to_owned(), source }),
            Err(_) => Err(AgentFault::Slow { step: Step::Connect, waited: time }),
        }
    }

    /// Sends a message and waits for the answer to it.
    pub(super) fn ask(
        &mut self,
        request: &[u8],
        limits: &Limits<'_>,
    ) -> Result<Vec<u8>, AgentFault> {
        let until = Instant::now() + limits.time;
        let length = u32::try_from(request.len()).map_err(|_| AgentFault::TooLong)?;
        let message = [&length.to_be_bytes(), request].concat();
        self.0.set_write_timeout(Some(limits.time)).map_err(AgentFault::Broken)?;
        self.0.set_read_timeout(Some(LOOK)).map_err(AgentFault::Broken)?;
        self.0.write_all(&message).map_err(|source| broken(source, limits))?;
        let mut length = [0; 4];
        self.read(&mut length, until, limits)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(AgentFault::TooLong);
        }
        let mut answer = vec![0; length];
        self.read(&mut answer, until, limits)?;
        Ok(answer)
    }

    fn read(
        &mut self,
        mut into: &mut [u8],
        until: Instant,
        limits: &Limits<'_>,
    ) -> Result<(), AgentFault> {
        while !into.is_empty() {
            if limits.stop.load(Ordering::Relaxed) {
                return Err(AgentFault::Stopped);
            }
            match self.0.read(into) {
                Ok(0) => return Err(AgentFault::Gone),
                Ok(count) => into = &mut into[count..],
                Err(wait) if is_wait(&wait) => {
                    if Instant::now() >= until {
                        return Err(AgentFault::Slow { step: limits.step, waited: limits.time });
                    }
                }
                Err(source) => return Err(broken(source, limits)),
            }
        }
        Ok(())
    }
}

fn is_wait(source: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(source.kind(), Interrupted | TimedOut | WouldBlock)
}

fn broken(source: io::Error, limits: &Limits<'_>) -> AgentFault {
    match source.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => AgentFault::Gone,
        _ if is_wait(&source) => AgentFault::Slow { step: limits.step, waited: limits.time },
        _ => AgentFault::Broken(source),
    }
}
