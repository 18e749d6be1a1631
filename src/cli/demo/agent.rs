//! The demo's agent: a real process that waits at the real gate.
//!
//! It looks around, which is let through and logged; it tries to drop a production database, which
//! is a boundary and refused at once (there is no such database); then it asks to delete and recreate
//! a pretended environment, a few files in the demo's own directory. Nothing outside that directory
//! is touched by what can be approved.

use crate::{
    domain::{ActionId, Activity, ActivityKind, Untrusted},
    gate, policy,
    store::{Store, StoreError},
};
use jiff::Timestamp;
use rustix::process::{Pid, Signal};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

/// What the agent wants to run. It says everything it does, so that a reviewer can read it all.
const SCRIPT: &str = r#"set -eu
rm -rv production
mkdir production
for part in database network service; do
    sleep 0.5
    echo 'state = empty' > "production/$part"
    echo "created empty: $part"
done
echo 'done: production is clean'"#;

/// Why it says it wants to.
const REASON: &str = "Fix the timeout in the quote service. Fastest way: delete the environment \
    and create it again.";

/// What it does before it asks for that: one thing nobody minds, and one nobody may approve.
const FIRST: [&str; 2] =
    ["ls -l production", "psql --host=quotes.prod.internal --command='DROP DATABASE quotes'"];
/// How long each of them may take.
const FIRST_PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of the agent's output that are kept.
const LONGEST_TRANSCRIPT: u64 = 64 * 1024;
/// How long an agent that was told to stop may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// The agent while it runs. Dropping it ends it.
pub(super) struct Agent {
    child: Child,
    transcript: PathBuf,
    teller: JoinHandle<()>,
    ticket: Arc<Mutex<Option<ActionId>>>,
}

impl Agent {
    /// Lets the agent try what it tries first, then starts the gate with its command, in a folder
    /// with a pretended environment. `senior` is who may agree for the seniors.
    pub async fn start(
        program: &Path,
        folder: &Path,
        db: &Path,
        store: &Arc<dyn Store>,
        senior: &str,
    ) -> io::Result<Self> {
        let production = folder.join("production");
        fs::create_dir(&production)?;
        for part in ["database", "network", "service"] {
            fs::write(production.join(part), format!("state = running since 2023\n# {part}\n"))?;
        }
        let transcript = folder.join("transcript");
        let out = OpenOptions::new().append(true).create_new(true).open(&transcript)?;
        // Its own configuration: what this host's user has configured is no part of it.
        let config = folder.join("config.toml");
        let senior = toml::Value::from(senior);
        // Nobody has a key in the demo, so what waits for people may go unsigned, and says so.
        fs::write(folder.join("policy.cedar"), policy::unsigned_text())?;
        let text = format!(
            "[production]\nhosts = [\"*\"]\n\n[groups]\nsenior = [{senior}]\n\n\
             [policy]\nfile = \"policy.cedar\"\n"
        );
        fs::write(&config, text)?;
        let gate = |script: &str, reason: &str| -> io::Result<Command> {
            let mut gate = Command::new(program);
            gate.arg("--config")
                .arg(&config)
                .args(["gate", "exec", "--timeout", "30m", "--tool", "kiro", "--reason", reason])
                .arg("--store")
                .arg(db)
                .args(["--", "sh", "-c", script])
                .current_dir(folder)
                .stdin(Stdio::null())
                .stdout(out.try_clone()?)
                .stderr(out.try_clone()?)
                // The terminal's Ctrl-C is for the console.
                .process_group(0)
                .kill_on_drop(true);
            Ok(gate)
        };
        for script in FIRST {
            writeln!(&out, "$ {script}")?;
            let mut tried = gate(script, "")?.spawn()?;
            // What takes longer is held after all; the demo begins without it.
            let _ = timeout(FIRST_PATIENCE, tried.wait()).await;
        }
        let child = gate(SCRIPT, REASON)?.spawn()?;
        let ticket = Arc::new(Mutex::new(None));
        let teller = tokio::spawn(tell(transcript.clone(), Arc::clone(store), Arc::clone(&ticket)));
        Ok(Self { child, transcript, teller, ticket })
    }

    /// Waits until its request is in the queue, for at most a few seconds; which it is.
    pub async fn asked(&mut self, store: &Arc<dyn Store>) -> Result<Option<ActionId>, StoreError> {
        let source = gate::source_name(&gate::host_name());
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline && !matches!(self.child.try_wait(), Ok(Some(_))) {
            let rows = store.actions(false).await?;
            if let Some(row) = rows.into_iter().find(|row| row.source == source) {
                if let Ok(mut ticket) = self.ticket.lock() {
                    *ticket = Some(row.id.clone());
                }
                return Ok(Some(row.id));
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(None)
    }

    /// Ends it if it still waits or runs, and says how it went.
    pub async fn finish(mut self) -> String {
        let by_itself = matches!(self.child.try_wait(), Ok(Some(_)));
        if !by_itself {
            signal(&self.child, Signal::TERM);
        }
        let status = timeout(PATIENCE, self.child.wait()).await;
        if status.is_err() {
            signal(&self.child, Signal::KILL);
        }
        self.teller.abort();
        let status = status.ok().and_then(Result::ok);
        format!("{}\n\n{}", verdict(status, by_itself), read(&self.transcript))
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.teller.abort();
        if matches!(self.child.try_wait(), Ok(None)) {
            signal(&self.child, Signal::KILL);
        }
    }
}

/// To the agent and whatever it started: they are one process group.
fn signal(child: &Child, signal: Signal) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        let _ = rustix::process::kill_process_group(pid, signal);
    }
}

fn verdict(status: Option<ExitStatus>, by_itself: bool) -> &'static str {
    match (status.and_then(|status| status.code()), by_itself) {
        (Some(0), _) => "The agent's command was approved and ran to its end.",
        (Some(77), _) => "The agent's command was refused; nothing of it ran.",
        (Some(75), _) => "Nobody decided on the agent's command in time; nothing of it ran.",
        (Some(143), false) => {
            "The agent was still waiting; it has been told no, and nothing of its command ran."
        }
        (_, false) => "The agent's command was still running and has been stopped.",
        _ => "The agent's command ended in an error.",
    }
}

fn read(transcript: &Path) -> String {
    let mut text = Vec::new();
    let opened = File::open(transcript).map(|file| file.take(LONGEST_TRANSCRIPT));
    if opened.and_then(|mut file| file.read_to_end(&mut text)).is_err() {
        return String::new();
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Puts every new line of the transcript into the history, where the console shows it.
async fn tell(transcript: PathBuf, store: Arc<dyn Store>, ticket: Arc<Mutex<Option<ActionId>>>) {
    let mut read_to = 0;
    while read_to < LONGEST_TRANSCRIPT {
        sleep(Duration::from_millis(150)).await;
        let Ok(text) = after(&transcript, read_to) else { continue };
        // A line that is still being written is told once it is whole.
        let Some(whole) = text.iter().rposition(|byte| *byte == b'\n') else { continue };
        let about = ticket.lock().ok().and_then(|ticket| ticket.as_ref().map(ToString::to_string));
        for line in String::from_utf8_lossy(&text[..whole]).lines() {
            let line = Activity {
                seq: 0,
                at: Timestamp::now(),
                kind: ActivityKind::Answered,
                source: gate::source_name(&gate::host_name()),
                about: about.clone().unwrap_or_default(),
                who: Untrusted::new("Kiro (demo agent)"),
                what: Untrusted::new(format!("agent: {line}")),
            };
            if store.note(&line).await.is_err() {
                return;
            }
        }
        read_to += whole as u64 + 1;
    }
}

fn after(transcript: &Path, start: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(transcript)?;
    file.seek(SeekFrom::Start(start))?;
    let mut text = Vec::new();
    file.take(LONGEST_TRANSCRIPT).read_to_end(&mut text)?;
    Ok(text)
}
