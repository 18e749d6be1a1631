//! Running a program of the machine for a short while.

use super::profile::Answered;
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    io::{self, Read, Write as _},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

/// No more of an output is read.
const MOST: u64 = 1 << 20;

/// Runs a command with this on its standard input. None when it was not done in time; it and
/// everything it started in its group is ended then.
pub(super) fn run(
    command: &mut Command,
    input: &[u8],
    patience: Duration,
) -> io::Result<Option<Answered>> {
    let until = Instant::now() + patience;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let stdout = child.stdout.take().map(read);
    let stderr = child.stderr.take().map(read);
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_vec();
        // One that never reads must not hold us up; one that is gone is no fault.
        thread::spawn(move || stdin.write_all(&input));
    }
    let (Some(stdout), Some(stderr)) = (text(stdout, until), text(stderr, until)) else {
        end(&mut child);
        return Ok(None);
    };
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(Answered { status: status.code(), stdout, stderr }));
        }
        if Instant::now() >= until {
            end(&mut child);
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn read(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.take(MOST).read_to_end(&mut bytes);
        sender.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    receiver
}

fn text(stream: Option<Receiver<String>>, until: Instant) -> Option<String> {
    stream?.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
}

fn end(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
