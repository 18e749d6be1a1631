//! A server that is a process beside us.
//!
//! It gets our environment, directory and standard error untouched, and a process group of its
//! own, so that what it starts ends with it (`npx` starts `node`).

use super::frame::{Frame, Frames, Read, write};
use bytes::BytesMut;
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    sync::mpsc,
    time::timeout,
};

/// Messages that wait for the other side.
pub(super) const QUEUE: usize = 64;
/// How long a server has to end once its input is closed, and again once it was told to.
const GRACE: Duration = Duration::from_secs(2);
/// How long what it started has to end.
const AFTER: Duration = Duration::from_millis(300);

/// The running server.
pub(super) struct Server {
    child: Child,
    group: Option<Pid>,
}

/// Starts it. Ends of its input and output are the two channels.
pub(super) fn start(
    argv: &[OsString],
) -> io::Result<(Server, mpsc::Sender<Frame>, mpsc::Receiver<Read>)> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no server is named"));
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let piped = || io::Error::other("the server has no pipes");
    let mut input = child.stdin.take().ok_or_else(piped)?;
    let output = child.stdout.take().ok_or_else(piped)?;
    let (to, mut sent) = mpsc::channel::<Frame>(QUEUE);
    let (received, from) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        let mut buffer = BytesMut::new();
        while let Some(frame) = sent.recv().await {
            if write(&mut input, &mut buffer, frame).await.is_err() {
                break;
            }
        }
    });
    tokio::spawn(async move {
        let mut frames = Frames::new(output);
        while let Ok(Some(read)) = frames.next().await {
            if received.send(read).await.is_err() {
                break;
            }
        }
    });
    let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    Ok((Server { child, group }, to, from))
}

impl Server {
    /// Returns when the process has ended.
    pub async fn ended(&mut self) {
        let _ = self.child.wait().await;
    }

    /// Ends the process, whose input is closed, with all it started; its exit status as a shell
    /// reports it.
    pub async fn stop(mut self, patiently: bool) -> u8 {
        let mut status = None;
        if patiently {
            status = timeout(GRACE, self.child.wait()).await.ok();
        }
        if status.is_none() {
            self.signal(Signal::TERM);
            status = timeout(GRACE, self.child.wait()).await.ok();
        }
        if status.is_none() {
            self.signal(Signal::KILL);
            status = Some(self.child.wait().await);
        }
        if self.signal(Signal::TERM) {
            tokio::time::sleep(AFTER).await;
            self.signal(Signal::KILL);
        }
        status.and_then(Result::ok).map_or(1, code)
    }

    /// Whether there was anybody left to hear it.
    fn signal(&self, signal: Signal) -> bool {
        self.group.is_some_and(|group| kill_process_group(group, signal).is_ok())
    }
}

fn code(status: ExitStatus) -> u8 {
    let number = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The file a program's name leads to, as the system would look for it. Links are not followed: a
/// new version behind the same name is the same server, and what changed in it is noticed.
pub(super) fn resolved(program: &OsStr, path: Option<&OsStr>) -> PathBuf {
    let named = Path::new(program);
    if named.components().count() > 1 {
        return std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
    }
    path.into_iter()
        .flat_map(std::env::split_paths)
        .map(|folder| folder.join(named))
        .find(|file| file.is_file())
        .unwrap_or_else(|| named.to_owned())
}
