//! The whole process of a hook on a harmless command, beside `/bin/true` and a peer.
//!
//! They run in turn, and a ratio is taken of two that ran one after the other, so that what else
//! the machine does falls on both.

use super::table::{Table, shown};
use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Pairs that count, and those before them.
const PAIRS: usize = 400;
const WARM: usize = 20;
/// The issue's promise.
const TIMES: f64 = 3.0;
const MEMORY: u64 = 10_000_000;

struct Place {
    home: PathBuf,
    question: PathBuf,
}

impl Place {
    fn new(folder: &Path) -> Self {
        let home = folder.join("hook");
        std::fs::create_dir_all(&home).unwrap();
        let question = home.join("question.json");
        // As Claude Code asks, from a checkout as large as this one.
        let cwd = env!("CARGO_MANIFEST_DIR");
        let text = format!(
            r#"{{"session_id":"s-1","transcript_path":"/tmp/t.jsonl","cwd":"{cwd}","permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{{"command":"git status && ls -la","description":"See what is there"}}}}"#
        );
        std::fs::write(&question, text).unwrap();
        Self { home, question }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &self.home)
            .stdin(File::open(&self.question).unwrap())
            .stderr(Stdio::null());
        command
    }

    /// Where it answers into. The null device would be nobody.
    fn answer(&self) -> PathBuf {
        self.home.join("answer")
    }

    fn time(&self, mut command: Command) -> Duration {
        let answer = OpenOptions::new().create(true).append(true).open(self.answer()).unwrap();
        command.stdout(answer);
        let began = Instant::now();
        let status = command.status().unwrap();
        let taken = began.elapsed();
        assert!(status.success(), "{command:?}: {status}");
        taken
    }

    fn hook(&self) -> Command {
        let mut command = self.command(Path::new(env!("CARGO_BIN_EXE_countersign-hook")));
        command.args(["gate", "hook", "claude-code"]);
        command
    }

    fn peer(&self) -> Option<Command> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/dippy/bin/dippy-hook");
        script.exists().then(|| {
            let mut command = self.command(Path::new("python3"));
            command.arg(script);
            command
        })
    }

    /// The most memory it has had when it is about to answer: into a pipe that is full.
    fn memory(mut command: Command) -> u64 {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let mut filler = writer.try_clone().unwrap();
        let filling = thread::spawn(move || while filler.write_all(&[0; 4096]).is_ok() {});
        thread::sleep(Duration::from_millis(50));
        let mut child = command.stdout(writer).spawn().unwrap();
        drop(command);
        thread::sleep(Duration::from_millis(700));
        let most = super::audit::peak(&child.id().to_string());
        // Into a buffer that is thrown away: it may end by itself.
        let _ = reader.read(&mut [0; 1 << 12]);
        drop(reader);
        let _ = child.kill();
        child.wait().unwrap();
        filling.join().unwrap();
        most
    }
}

/// Of sorted figures, the one so many hundredths up.
fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// The time of each of two programs that run in turn, and how often the second takes the first's.
fn paired(
    place: &Place,
    one: impl Fn() -> Command,
    other: impl Fn() -> Command,
    pairs: usize,
) -> (Duration, Duration, Vec<f64>) {
    let (mut ones, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..pairs + WARM {
        let (first, second) = (place.time(one()), place.time(other()));
        if pair >= WARM {
            ratios.push(second.as_secs_f64() / first.as_secs_f64());
            ones.push(first);
            others.push(second);
        }
    }
    ones.sort();
    others.sort();
    ratios.sort_by(f64::total_cmp);
    (ones[pairs / 2], others[pairs / 2], ratios)
}

/// Time and memory of the whole process.
pub fn measure(table: &mut Table, folder: &Path) {
    let place = Place::new(folder);
    // The first makes the store and looks at the policy.
    place.time(place.hook());
    let said = std::fs::read_to_string(place.answer()).unwrap();
    assert!(said.contains("\"allow\""), "a harmless command is let through: {said}");
    let nothing = || place.command(Path::new("/bin/true"));
    let (bare, ours, ratios) = paired(&place, nothing, || place.hook(), PAIRS);
    table.told("/bin/true, median", &shown(bare));
    table.told("hook on a harmless command, median", &shown(ours));
    let median = at(&ratios, 50);
    table.line(
        "hook on a harmless command: times /bin/true, median",
        &format!("{median:.2} ×"),
        &format!("≤ {TIMES:.0} ×"),
        median <= TIMES,
    );
    table.told("  a tenth of the pairs are above", &format!("{:.2} ×", at(&ratios, 90)));
    let memory = Place::memory(place.hook());
    table.memory("hook on a harmless command: memory", memory, MEMORY);
    if place.peer().is_none() {
        table.told("Dippy on the same command", "not installed");
        return;
    }
    let peer = || place.peer().unwrap();
    let (_, theirs, ratios) = paired(&place, || place.hook(), peer, PAIRS / 10);
    table.told("Dippy on the same command, median", &shown(theirs));
    table.told("  times ours, median", &format!("{:.0} ×", at(&ratios, 50)));
    let megabytes = Place::memory(peer()).div_ceil(1_000_000);
    table.told("  memory", &format!("{megabytes} MB"));
}
