//! An audit from one authorization-details file, against parsing the same bytes.

use super::{
    table::{Table, shown},
    world::account,
};
use countersign::{
    catalogue::Catalogue,
    config::{ProductionRules, SnapshotFiles},
    domain::Reviewer,
    report::{Audit, Scope},
    review::{Polled, Poller, Review},
    sources::{Lens, Source, snapshot::SnapshotSource},
    store::{SqliteStore, Store},
};
use jiff::Timestamp;
use std::{
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

/// Name of the task that runs in a process of its own.
pub const TASK: &str = "audit";

/// One audit from file to JSON; tells its time in microseconds and its peak memory in bytes.
pub fn alone(file: &Path) {
    let began = Instant::now();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let told = runtime.block_on(audit(file));
    assert!(told > 1000, "the audit says something");
    println!("{} {}", began.elapsed().as_micros(), peak("self"));
}

async fn audit(file: &Path) -> usize {
    let store = SqliteStore::open(&file.with_extension("db")).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    let lens = Lens {
        catalogue: Arc::new(Catalogue::builtin().unwrap()),
        production: Arc::new(ProductionRules::default()),
    };
    let settings = SnapshotFiles {
        name: "account".to_owned(),
        files: vec![file.to_owned()],
        scps: None,
        resource_policies: None,
        resources: None,
        production: Some(true),
    };
    let sources: Vec<Arc<dyn Source>> = vec![Arc::new(SnapshotSource::open(&settings, lens))];
    let review = Review::new(Arc::clone(&store), sources, Reviewer("bench".into()));
    let minute = Duration::from_mins(1);
    for (name, polled) in Poller::new(review, minute, minute).once().await {
        assert!(matches!(polled, Polled::Seen(_)), "{name}: {polled:?}");
    }
    let rows = store.credentials(false).await.unwrap();
    let sources = store.sources().await.unwrap();
    let audit = Audit::new(rows, sources, &Scope::default(), Timestamp::now());
    countersign::report::json(&audit, Timestamp::now()).unwrap().len()
}

/// The most memory a process has had, in bytes.
pub fn peak(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// Audits of 1,000 and 10,000 principals.
pub fn measure(table: &mut Table, folder: &Path) {
    let mut times = Vec::new();
    for principals in [1_000, 10_000] {
        let file = folder.join(format!("account-{principals}.json"));
        let bytes = account(principals);
        std::fs::write(&file, &bytes).unwrap();
        let (time, memory) = (0..3)
            .map(|_| {
                let _ = std::fs::remove_file(file.with_extension("db"));
                run(&file)
            })
            .min()
            .unwrap();
        let parse = (0..3)
            .map(|_| {
                let began = Instant::now();
                let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                let taken = began.elapsed();
                drop(value);
                taken
            })
            .min()
            .unwrap();
        let megabytes = bytes.len().div_ceil(1_000_000);
        let what = format!("audit of {principals} principals ({megabytes} MB of JSON)");
        table.time(&what, time, Duration::from_secs(1));
        table.memory(&format!("{what}: memory"), memory, 250_000_000);
        table.told("  parsing the same bytes with serde_json", &shown(parse));
        let ratio = time.as_secs_f64() / parse.as_secs_f64();
        let ratio_told = format!("{ratio:.1} ×");
        if principals == 10_000 {
            table.line("  audit / parsing", &ratio_told, "≤ 10 ×", ratio <= 10.0);
        } else {
            table.told("  audit / parsing", &ratio_told);
        }
        times.push(time);
    }
    let growth = times[1].as_secs_f64() / times[0].as_secs_f64();
    let met = growth <= 12.0;
    table.line("audit growth, 1,000 to 10,000", &format!("{growth:.1} ×"), "≤ 12 ×", met);
}

fn run(file: &Path) -> (Duration, u64) {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).arg(TASK).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut numbers = text.split_whitespace().map(|number| number.parse::<u64>().unwrap());
    (Duration::from_micros(numbers.next().unwrap()), numbers.next().unwrap())
}
