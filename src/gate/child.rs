//! Running the approved command: its own arguments, our terminal, our signals, its status.

use super::Request;
use rustix::process::{Pid, Signal};
use std::{fs::File, io, os::unix::process::ExitStatusExt as _, process::ExitStatus};
use tokio::{
    process::{Child, Command},
    sync::mpsc,
};

/// Starts the command with inherited standard streams and environment.
pub(super) fn start(request: &Request) -> io::Result<Child> {
    let (name, arguments) = match request.argv.split_first() {
        Some((name, arguments)) => (name.as_str(), arguments),
        None => ("", &[][..]),
    };
    // The pinned file is named by its absolute path: nothing is looked up a second time.
    Command::new(request.program.path())
        .arg0(name)
        .args(arguments)
        .current_dir(request.program.cwd())
        .spawn()
}

/// Waits for the end and hands every signal that reaches us on to the child.
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
                    if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(number))
                        && !came_from_the_terminal(signal)
                    {
                        // A child that has just ended cannot be told; `wait` will say so.
                        let _ = rustix::process::kill_process(pid, signal);
                    }
                }
                None => open = false,
            },
        }
    }
}

/// Ctrl-C and Ctrl-\ go to the whole foreground group, so the child has had them already; a
/// second one would mean "at once" to programs like terraform.
fn came_from_the_terminal(signal: Signal) -> bool {
    if signal != Signal::INT && signal != Signal::QUIT {
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
