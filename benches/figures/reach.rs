//! `countersign iam audit`, started anew each time, against parsing the same bytes and beside a
//! peer.
//!
//! ```text
//!   accounts (seeded) ─▶ file ─┬─▶ countersign iam audit FILE --format json   wall, CPU, memory
//!                              ├─▶ serde_json: into a tree, and into nothing
//!                              └─▶ cloudsplaining scan (if it is installed)
//! ```

use super::{
    accounts::{Plan, write},
    decision, process,
    process::Run,
    table::{Table, shown},
};
use serde::de::IgnoredAny;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// The peer, where `benches/peers/setup.sh` puts it.
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/peers/bin/cloudsplaining");

/// Of `benches/peers/requirements.in`.
const PEER_NAME: &str = "cloudsplaining 0.9.1";

const SEED: u64 = 3;

/// All of it.
pub fn measure(table: &mut Table, folder: &Path) {
    let small = account(folder, 1_000, "111122223333");
    let large = account(folder, 10_000, "111122223333");
    let Some(few) = audited(std::slice::from_ref(&small), 3) else {
        return table.line("iam audit", "failed", "", false);
    };
    let Some(many) = audited(std::slice::from_ref(&large), 3) else {
        return table.line("iam audit of 10,000 principals", "failed", "", false);
    };
    told(table, &small, few, None);
    let bytes = told(table, &large, many, Some((Duration::from_secs(1), 250_000_000)));
    parsing(table, &bytes, many);
    let growth = many.wall.as_secs_f64() / few.wall.as_secs_f64();
    let growth_told = format!("{growth:.1} ×");
    table.line("iam audit growth, 1,000 to 10,000", &growth_told, "≤ 12 ×", growth <= 12.0);
    ten(table, folder);
    decision::measure(table, &large);
    peer(table, folder, &small, few);
}

/// A file of so many principals, 2 MB for a thousand.
fn account(folder: &Path, principals: usize, account: &str) -> PathBuf {
    let file = folder.join(format!("iam-{account}-{principals}.json"));
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    write(Plan { principals, seed: SEED, account }, &mut out).unwrap();
    out.into_inner().unwrap();
    file
}

fn audited(files: &[PathBuf], times: usize) -> Option<Run> {
    process::best(times, || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(["iam", "audit"]).args(files).args(["--format", "json"]);
        command
    })
}

fn told(table: &mut Table, file: &Path, run: Run, most: Option<(Duration, u64)>) -> Vec<u8> {
    let bytes = std::fs::read(file).unwrap();
    let principals = file.file_stem().and_then(|stem| stem.to_str()).unwrap();
    let principals = principals.rsplit_once('-').unwrap().1;
    let what = format!("iam audit, {principals} principals ({} MB), process", megabytes(&bytes));
    if let Some((time, memory)) = most {
        table.time(&what, run.wall, time);
        table.memory("  its memory", run.peak, memory);
    } else {
        table.told(&what, &shown(run.wall));
        table.told("  its memory", &format!("{} MB", run.peak.div_ceil(1_000_000)));
    }
    table.told("  its processor time", &shown(run.cpu));
    bytes
}

fn megabytes(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(1_000_000)
}

/// The target is set against the tree: that is what whoever works on such a file has to build
/// first. Reading past everything is told because ours builds no tree.
fn parsing(table: &mut Table, bytes: &[u8], audit: Run) {
    let tree = quickest(|| serde_json::from_slice::<serde_json::Value>(bytes).unwrap());
    let past = quickest(|| serde_json::from_slice::<IgnoredAny>(bytes).unwrap());
    table.told("  parsing the same bytes into a tree (serde_json::Value)", &shown(tree));
    table.told("  parsing them into nothing (IgnoredAny)", &shown(past));
    let ratio = |parse: Duration| audit.wall.as_secs_f64() / parse.as_secs_f64();
    let of_tree = ratio(tree);
    let of_tree_told = format!("{of_tree:.1} ×");
    table.line("  iam audit / parsing into a tree", &of_tree_told, "≤ 10 ×", of_tree <= 10.0);
    table.told("  iam audit / parsing into nothing", &format!("{:.1} ×", ratio(past)));
}

/// Without taking down what was made.
fn quickest<T>(work: impl Fn() -> T) -> Duration {
    let once = |_| {
        let began = Instant::now();
        let made = work();
        let taken = began.elapsed();
        drop(made);
        taken
    };
    (0..3).map(once).min().unwrap()
}

fn ten(table: &mut Table, folder: &Path) {
    let files: Vec<_> =
        (0..10).map(|number| account(folder, 10_000, &format!("4444555500{number:02}"))).collect();
    match audited(&files, 1) {
        Some(run) => {
            let what = "iam audit, ten accounts of 10000 principals";
            table.time(what, run.wall, Duration::from_secs(15));
            table.memory("  its memory", run.peak, 2_000_000_000);
            table.told("  its processor time", &shown(run.cpu));
        }
        None => table.line("iam audit, ten accounts", "failed", "", false),
    }
    for file in files {
        let _ = std::fs::remove_file(file);
    }
}

/// It looks for risky statements in policies, one part of what ours answers.
fn peer(table: &mut Table, folder: &Path, file: &Path, ours: Run) {
    let what = format!("{PEER_NAME}, 1000 principals, policy findings alone");
    if !Path::new(PEER).exists() {
        return table.told(&what, "not installed");
    }
    let run = process::run({
        let mut command = Command::new(PEER);
        command.args(["scan", "--skip-open-report", "--minimize", "--input-file"]).arg(file);
        command.arg("--output").arg(folder).current_dir(folder);
        command
    });
    let Some(run) = run else { return table.told(&what, "failed") };
    table.told(&what, &shown(run.wall));
    table.told("  its processor time", &shown(run.cpu));
    table.told("  its memory", &format!("{} MB", run.peak.div_ceil(1_000_000)));
    let ratio = run.cpu.as_secs_f64() / ours.cpu.as_secs_f64().max(0.01);
    table.told("  its processor time / that of iam audit", &format!("{ratio:.0} ×"));
}
