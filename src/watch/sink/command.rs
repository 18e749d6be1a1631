//! A command that gets the news on its standard input.

use super::super::{Answer, News, Undelivered, news::safe};
use rustix::process::{Pid, Signal};
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
};

/// What a command gets of our environment. Whatever else is there may hold secrets: those of the
/// sources, or of the receivers.
const KEPT: [&str; 9] =
    ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR"];

/// Bytes of its output that are looked at; the rest is thrown away.
const LOOKED_AT: u64 = 2_000;

/// How long what it said may take to arrive once it has ended.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Ends whatever it started when nobody waits for it any more.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
    }
}

/// Starts it, and waits for its end. Whoever stops waiting ends it and what it started.
pub(super) async fn run(argv: &[String], news: &News) -> Result<Answer, Undelivered> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(Undelivered::Never { why: "its command is empty".to_owned() });
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .env("COUNTERSIGN_EVENT", news.event.word())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| {
        Undelivered::later(format!("`{}` cannot be started: {error}", safe(program)))
    })?;
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let mut group = Group(pid);
    let said = tokio::spawn(heard(child.stdout.take(), child.stderr.take()));
    let input = format!("{}\n", news.json());
    let stdin = child.stdin.take();
    let give = async {
        if let Some(mut stdin) = stdin {
            // One that does not read its input is fine.
            let _ = stdin.write_all(input.as_bytes()).await;
            let _ = stdin.shutdown().await;
        }
    };
    let (status, ()) = tokio::join!(child.wait(), give);
    let status = status.map_err(|error| Undelivered::later(error.to_string()))?;
    // It ended by itself; what it left running on purpose may stay.
    group.0 = None;
    let said = tokio::time::timeout(LAST_WORDS, said).await;
    let said = said.ok().and_then(Result::ok).unwrap_or_default();
    let ended = match status.code() {
        Some(code) => format!("ended with {code}"),
        None => format!("ended by {status}"),
    };
    let said = if said.is_empty() { ended } else { format!("{ended}: {said}") };
    if status.success() { Ok(Answer { said }) } else { Err(Undelivered::later(said)) }
}

/// The beginning of what it says, errors first.
async fn heard(
    out: Option<impl AsyncRead + Unpin>,
    errors: Option<impl AsyncRead + Unpin>,
) -> String {
    let (out, errors) = tokio::join!(beginning(out), beginning(errors));
    let all = [errors, out].into_iter().filter(|text| !text.is_empty());
    all.collect::<Vec<_>>().join(" · ")
}

async fn beginning(stream: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else { return String::new() };
    let mut text = Vec::new();
    let _ = (&mut stream).take(LOOKED_AT).read_to_end(&mut text).await;
    // Nobody reads the rest, but a full pipe would stop it.
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    safe(String::from_utf8_lossy(&text).trim())
}
