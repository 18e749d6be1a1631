//! A server that dies, a wire that is cut, slowed or loses an answer, a disk that is full: no
//! decision is lost, none invented, and nobody has to help.

use super::{asked, decide, order, state};
use crate::support::{
    memory::{call, held},
    postgres::Cluster,
    wire::{Does, Wire},
};
use countersign::{
    domain::{Action, ActionState, Verdict},
    ledger::Shelf as _,
    store::{Address, Counted, IntentError, PgStore, Store, StoreError},
};
use jiff::SignedDuration;
use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A store at the end of a wire.
async fn along(wire: &Wire, patience: Duration) -> PgStore {
    let url = format!("postgres://postgres@127.0.0.1:{}/store", wire.port());
    PgStore::open_patiently(&Address::parse(&url).unwrap(), patience).await.unwrap()
}

/// Reviewers who decide on one call after the other until they are stopped.
struct Deciding {
    stop: Arc<AtomicBool>,
    reviewers: tokio::task::JoinSet<Vec<(Action, Result<Counted, IntentError>)>>,
}

impl Deciding {
    fn begin(stores: Vec<PgStore>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut reviewers = tokio::task::JoinSet::new();
        for (nth, store) in stores.into_iter().enumerate() {
            let stop = Arc::clone(&stop);
            reviewers.spawn(async move {
                let mut done = Vec::new();
                for number in 0.. {
                    if stop.load(Ordering::Acquire) {
                        break;
                    }
                    let mut call =
                        call(&format!("{nth} drops {number}"), &format!("{nth}.{number}"));
                    call.opened = store.now();
                    call.ruling = Some(held(1, &[]));
                    store.ask(&call, store.now()).await.unwrap();
                    let counted = decide(&store, &call, "ana", Verdict::Approve).await;
                    done.push((call, counted));
                }
                done
            });
        }
        Self { stop, reviewers }
    }

    /// Stops them, and holds what they were told against what is there: each decision they were
    /// told is there is, once, and each that is there they were told of.
    async fn end(self, store: &PgStore) -> usize {
        self.stop.store(true, Ordering::Release);
        let told: Vec<_> = self.reviewers.join_all().await.into_iter().flatten().collect();
        for (call, counted) in &told {
            assert!(matches!(counted, Ok(Counted::Ordered)), "{}: {counted:?}", call.id);
            let (row, _) = store.action(&call.id).await.unwrap().unwrap();
            assert_eq!((row.state, row.decisions.len()), (ActionState::Deciding, 1));
        }
        assert_eq!(store.orders(false).await.unwrap().len(), told.len());
        // Nor does the ledger have more or less of it.
        let mut decisions = 0;
        // Whoever gives places right now is let finish.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let size = store.ledger_size().await.unwrap();
        for from in (0..size).step_by(500) {
            let entries = store.ledger_entries(from, 500).await.unwrap();
            let text = |entry: &Option<Vec<u8>>| String::from_utf8(entry.clone().unwrap()).unwrap();
            decisions += entries
                .iter()
                .filter(|entry| text(entry).contains("\"kind\":\"decision\""))
                .count();
        }
        assert_eq!(decisions, told.len());
        told.len()
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_server_killed_in_the_middle_of_decisions_loses_and_invents_none() {
    let cluster = Cluster::start(&[]).await;
    let address = cluster.store().await;
    let mut stores = Vec::new();
    for _ in 0..4 {
        stores.push(PgStore::open(&address).await.unwrap());
    }
    let looking = PgStore::open(&address).await.unwrap();
    let deciding = Deciding::begin(stores);
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        cluster.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        cluster.begin().await;
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(deciding.end(&looking).await > 3);
}

/// A server, two stores that reach it over a wire that can break, and one that looks on.
async fn two_over_a_wire() -> (Cluster, Wire, Vec<PgStore>, PgStore) {
    let cluster = Cluster::start(&[]).await;
    let address = cluster.store().await;
    let wire = Wire::to(cluster.port()).await;
    let long = Duration::from_secs(30);
    let stores = vec![along(&wire, long).await, along(&wire, long).await];
    let looking = PgStore::open(&address).await.unwrap();
    (cluster, wire, stores, looking)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn an_answer_lost_after_the_commit_is_found_out() {
    let (_cluster, wire, stores, looking) = two_over_a_wire().await;
    wire.does(Does::BreaksAfter("COMMIT", 3));
    let deciding = Deciding::begin(stores);
    tokio::time::sleep(Duration::from_secs(4)).await;
    wire.does(Does::Well);
    assert!(deciding.end(&looking).await > 10);
    assert!(wire.broken() > 5, "{} answers were lost", wire.broken());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_wire_cut_again_and_again_only_makes_it_slower() {
    let (_cluster, wire, stores, looking) = two_over_a_wire().await;
    let deciding = Deciding::begin(stores);
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(250)).await;
        wire.does(Does::Cut);
        tokio::time::sleep(Duration::from_millis(100)).await;
        wire.does(Does::Well);
    }
    wire.does(Does::Slowly(Duration::from_millis(20)));
    tokio::time::sleep(Duration::from_secs(1)).await;
    wire.does(Does::Well);
    assert!(deciding.end(&looking).await > 5);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_client_that_falls_silent_with_the_lock_does_not_keep_it() {
    let cluster = Cluster::start(&[]).await;
    let address = cluster.store().await;
    let direct = PgStore::open(&address).await.unwrap();
    let call = asked(&direct, "drop table", 2).await;
    let wire = Wire::to(cluster.port()).await;
    let silent = along(&wire, Duration::from_secs(30)).await;
    wire.does(Does::SilentAfter("FOR UPDATE"));
    let shown = call.clone();
    let waiting =
        tokio::spawn(async move { decide(&silent, &shown, "ines", Verdict::Approve).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    // The server ends what the silent one began.
    let counted = decide(&direct, &call, "ana", Verdict::Approve).await.unwrap();
    assert_eq!(counted, Counted::Waiting);
    wire.does(Does::Well);
    // And the silent one comes to its end by itself.
    assert_eq!(waiting.await.unwrap().unwrap(), Counted::Ordered);
    assert_eq!(direct.action(&call.id).await.unwrap().unwrap().0.decisions.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn while_the_server_is_away_the_reason_is_said_and_nothing_is_done() {
    let cluster = Cluster::start(&[]).await;
    let address = cluster.store().await;
    let store = PgStore::open_patiently(&address, Duration::from_secs(2)).await.unwrap();
    let call = asked(&store, "drop table", 1).await;
    cluster.kill();
    let refused = decide(&store, &call, "ana", Verdict::Approve).await.unwrap_err();
    let IntentError::Store(error) = refused else { panic!("{refused}") };
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("tried again by itself"), "{error}");
    let error = PgStore::open_patiently(&address, Duration::from_secs(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    cluster.begin().await;
    assert_eq!(state(&store, &call.id).await, ActionState::Pending);
    decide(&store, &call, "ana", Verdict::Approve).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_full_disk_refuses_and_is_well_again_once_there_is_room() {
    let home = TempDir::new().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=160m", "tmpfs"])
        .arg(home.path())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("NOT TESTED: a full disk needs a small file system, and mounting one needs root");
        return;
    }
    let small = Mounted(home.path().to_owned());
    {
        let settings = ["max_wal_size=32MB", "min_wal_size=32MB", "wal_recycle=off"];
        let cluster = Cluster::start_in(home, &settings).await;
        let address = cluster.store().await;
        let store = PgStore::open_patiently(&address, Duration::from_secs(20)).await.unwrap();
        let call = asked(&store, "drop table", 1).await;
        let filler = cluster.home().join("filler");
        fill(&filler);
        let mut big = call_with(&store, 3 << 20);
        let mut refusal = None;
        for number in 0..64 {
            big.id = crate::support::memory::call("x", &format!("n{number}")).id;
            if let Err(error) = store.put_action(&big, store.now()).await {
                refusal = Some(error);
                break;
            }
        }
        let error = refusal.expect("the disk is full");
        assert!(
            matches!(error, StoreError::ServerFull { .. } | StoreError::Unreachable { .. }),
            "{error}"
        );
        std::fs::remove_file(&filler).unwrap();
        if cluster.has_ended() {
            // Out of room for its log a server ends itself; whoever watches it starts it again.
            cluster.begin().await;
        }
        assert!(store.action(&big.id).await.unwrap().is_none(), "nothing is kept of it");
        decide(&store, &call, "ana", Verdict::Approve).await.unwrap();
        assert_eq!(state(&store, &call.id).await, ActionState::Deciding);
    }
    drop(small);
}

struct Mounted(std::path::PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l"]).arg(&self.0).status();
    }
}

/// Writes until there is no room.
fn fill(path: &std::path::Path) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).unwrap();
    let bytes = vec![7_u8; 64 << 10];
    while file.write_all(&bytes).is_ok() {}
}

fn call_with(store: &PgStore, bytes: usize) -> Action {
    // What does not shrink when it is compressed.
    let mut seed = 1_u64;
    let noise: String = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'0' + u8::try_from((seed >> 33) % 75).unwrap())
    })
    .take(bytes)
    .collect();
    let mut call = call(&noise.replace(['\\', '"'], "x"), "big");
    call.opened = store.now();
    call
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_host_whose_clock_is_an_hour_off_asks_and_is_answered() {
    let cluster = Cluster::start(&[]).await;
    let address = cluster.store().await;
    let store = PgStore::open(&address).await.unwrap();
    for (name, hours) in [("fast", 1), ("slow", -1)] {
        // What an agent's host says of itself is by its own clock.
        let mut call = call(name, name);
        call.opened = store.now() + SignedDuration::from_hours(hours);
        call.ruling = Some(held(1, &[]));
        store.ask(&call, store.now()).await.unwrap();
        assert_eq!(store.expire(store.now()).await.unwrap(), 0, "{name}: its time is not over");
        decide(&store, &call, "ana", Verdict::Approve).await.unwrap();
        let taken = store.take_answer(&call.id).await.unwrap().unwrap();
        let given = super::decision(&store, &call, "ana", Verdict::Approve);
        assert_eq!(taken.kind, order(&given, &call).kind);
    }
    // A request is over half an hour after it was taken in, whatever its host says.
    let mut late = call("late", "late");
    late.opened = store.now() + SignedDuration::from_hours(1);
    late.ruling = Some(held(1, &[]));
    store.ask(&late, store.now()).await.unwrap();
    assert_eq!(store.expire(super::later(store.now(), 31)).await.unwrap(), 1);
}

/// Whether somebody who waits for an hour is woken by what another writes.
async fn hears(store: &PgStore, other: &PgStore, number: u64) -> bool {
    let Ok(version) = store.version().await else { return false };
    let waiting = store.clone();
    let waiting =
        tokio::spawn(async move { waiting.moved(version, Duration::from_hours(1)).await });
    // It has to be waiting before anybody writes, or it would not have to hear.
    tokio::time::sleep(Duration::from_millis(500)).await;
    other.ask(&call("drop table", &format!("heard-{number}")), other.now()).await.unwrap();
    let abort = waiting.abort_handle();
    let woken = tokio::time::timeout(Duration::from_secs(5), waiting).await.is_ok();
    abort.abort();
    woken
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn whoever_waits_hears_of_a_write_and_hears_again_once_the_server_is_back() {
    let cluster = Cluster::start(&[]).await;
    let address = cluster.store().await;
    let (store, other) =
        (PgStore::open(&address).await.unwrap(), PgStore::open(&address).await.unwrap());
    assert!(hears(&store, &other, 1).await);
    cluster.kill();
    cluster.begin().await;
    let until = Instant::now() + Duration::from_mins(2);
    let mut number = 2;
    while !hears(&store, &other, number).await {
        assert!(Instant::now() < until, "it never heard again");
        number += 1;
    }
}
