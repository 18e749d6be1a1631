//! One program from its start to its end: wall time, processor time, memory.

use std::{
    process::{Command, Stdio},
    sync::mpsc::{RecvTimeoutError, channel},
    time::{Duration, Instant},
};

/// How often the memory of a running program is read. What it had is a high-water mark, so that
/// only what is added in the last moment can be missed.
const LOOK: Duration = Duration::from_millis(2);

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub wall: Duration,
    /// Of all its threads, in user mode and in the kernel.
    pub cpu: Duration,
    /// The most memory it had, in bytes.
    pub peak: u64,
}

/// Runs a program, its output thrown away. None: it cannot be started, or it failed.
pub fn run(mut command: Command) -> Option<Run> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let (before, began) = (children(), Instant::now());
    let mut child = command.spawn().ok()?;
    let process = child.id().to_string();
    let (sender, ended) = channel::<()>();
    let (status, peak) = std::thread::scope(|scope| {
        let watch = scope.spawn(move || {
            let mut most = 0;
            while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                most = most.max(high_water(&process).unwrap_or(0));
            }
            most
        });
        let status = child.wait().map(|status| (status, began.elapsed()));
        drop(sender);
        (status, watch.join().unwrap_or(0))
    });
    let (status, wall) = status.ok()?;
    // 3: it found what it was looking for.
    matches!(status.code(), Some(0 | 3)).then(|| Run {
        wall,
        cpu: children().saturating_sub(before),
        peak,
    })
}

/// The best of some runs, each figure by itself.
pub fn best(times: usize, command: impl Fn() -> Command) -> Option<Run> {
    (0..times).filter_map(|_| run(command())).reduce(|a, b| Run {
        wall: a.wall.min(b.wall),
        cpu: a.cpu.min(b.cpu),
        peak: a.peak.max(b.peak),
    })
}

/// Nothing, once it has ended.
fn high_water(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

/// Processor time of all children that have ended (`proc_pid_stat(5)`, fields 16 and 17; a tick is
/// a hundredth of a second on every Linux there is).
fn children() -> Duration {
    spent(13)
}

/// Processor time of this process, all its threads (fields 14 and 15).
pub fn own() -> Duration {
    spent(11)
}

/// The sum of two fields of this process, so many behind its name.
fn spent(from: usize) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks = fields.split(' ').skip(from).take(2).map(|field| field.parse::<u64>().unwrap());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}
