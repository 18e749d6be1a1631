//! Running the approved command: its own arguments, our terminal, our signals, its status.

use super::{ProgramError, Request, locks::LockedOut, program::Ready};
use rustix::process::{Pid, Signal};
use std::process::{ExitStatus, Stdio};
use std::{fs::File, io, os::unix::process::ExitStatusExt as _, time::Duration};
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    sync::mpsc,
};

/// Starts a command with inherited standard streams, in the environment that was pinned.
pub(super) fn start(request: &Request, ready: &Ready, argv: &[String]) -> io::Result<Child> {
    command(request, ready, argv).spawn()
}

fn command(request: &Request, ready: &Ready, argv: &[String]) -> Command {
    let (name, arguments) = match argv.split_first() {
        Some((name, arguments)) => (name.as_str(), arguments),
        None => ("", &[][..]),
    };
    let mut command = Command::new(&ready.program);
    let all = request.surroundings.all().iter().map(|(name, value)| (name, value));
    command.arg0(name).args(arguments).current_dir(&ready.cwd).env_clear().envs(all);
    command
}

/// Runs a first step of the command. Only its errors are shown: standard output belongs to the
/// command itself. Answers its status.
pub(super) async fn run_aside(
    request: &Request,
    argv: &[String],
    signals: &mut mpsc::Receiver<i32>,
) -> io::Result<u8> {
    let ready = request.program.ready().map_err(|error| changed(&error))?;
    let mut child =
        command(request, &ready, argv).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    finish(&mut child, signals).await.map(code)
}

/// Runs a first step of the command and takes what it prints, at most `most` bytes and one.
pub(super) async fn output(
    request: &Request,
    argv: &[String],
    most: u64,
    signals: &mut mpsc::Receiver<i32>,
) -> io::Result<(u8, Vec<u8>)> {
    let ready = request.program.ready().map_err(|error| changed(&error))?;
    let mut child = command(request, &ready, argv)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let pipe = child.stdout.take();
    let mut text = Vec::new();
    let read = async {
        match pipe {
            Some(pipe) => pipe.take(most.saturating_add(1)).read_to_end(&mut text).await,
            None => Ok(0),
        }
    };
    let (status, read) = tokio::join!(finish(&mut child, signals), read);
    read?;
    Ok((code(status?), text))
}

fn changed(error: &ProgramError) -> io::Error {
    io::Error::other(error.to_string())
}

/// Waits for the end and hands every signal that reaches us on to the child. When we are told to
/// stop, the child stops first.
pub(super) async fn finish(
    child: &mut Child,
    signals: &mut mpsc::Receiver<i32>,
) -> io::Result<ExitStatus> {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let mut open = true;
    loop {
        tokio::select! {
            ended = child.wait() => return ended,
            signal = signals.recv(), if open => match signal {
                Some(number) => {
                    if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(number)) {
                        hand_on(pid, signal);
                    }
                }
                None => open = false,
            },
        }
    }
}

/// How often a running command is held against what is locked.
const LOOK: Duration = Duration::from_millis(250);
/// How long a command that was told to end has for it.
const GRACE: Duration = Duration::from_secs(10);

/// As [`finish`], and ends the child where `locked` says so: it is told to (SIGTERM), and made to
/// (SIGKILL) when it does not within ten seconds.
pub(super) async fn finish_unless(
    child: &mut Child,
    signals: &mut mpsc::Receiver<i32>,
    locked: &(dyn Fn() -> Option<LockedOut> + Sync),
    told: &mut (dyn FnMut(&LockedOut) + Send),
) -> io::Result<ExitStatus> {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let out = tokio::select! {
        ended = finish(child, signals) => return ended,
        out = until(locked) => out,
    };
    told(&out);
    if let Some(pid) = pid {
        let _ = rustix::process::kill_process(pid, Signal::TERM);
    }
    if let Ok(ended) = tokio::time::timeout(GRACE, finish(child, signals)).await {
        return ended;
    }
    child.start_kill()?;
    finish(child, signals).await
}

async fn until(locked: &(dyn Fn() -> Option<LockedOut> + Sync)) -> LockedOut {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Some(out) = locked() {
            return out;
        }
    }
}

fn hand_on(pid: Pid, signal: Signal) {
    if !came_from_the_terminal(signal) {
        // A child that has just ended cannot be told; `wait` will say so.
        let _ = rustix::process::kill_process(pid, signal);
    }
    if signal == Signal::TSTP {
        stop();
    }
}

/// Stops this process until it is told to go on, as it would have been without a handler.
pub(super) fn stop() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::STOP);
}

/// What a key of the terminal sends goes to the whole foreground group, so the child has had it
/// already; a second Ctrl-C would mean "at once" to programs like terraform.
fn came_from_the_terminal(signal: Signal) -> bool {
    let keys = [Signal::INT, Signal::QUIT, Signal::TSTP, Signal::WINCH];
    if !keys.contains(&signal) {
        return false;
    }
    File::open("/dev/tty")
        .ok()
        .and_then(|tty| rustix::termios::tcgetpgrp(&tty).ok())
        .is_some_and(|foreground| foreground == rustix::process::getpgrp())
}

/// The status a shell would report: the exit code, or 128 and the signal's number.
pub(super) fn code(status: ExitStatus) -> u8 {
    let number = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(number).unwrap_or(u8::MAX)
}
