//! Queues that are too long, and memory that reads on.

use super::{About, Event, Memory, News, Outbox, Place, Sink, Undelivered, sinks};
use crate::{
    config::NotifySettings,
    domain::{Activity, ActivityKind, SourceKind, SourceName},
    store::{SqliteStore, Store as _},
    watch::memory::Told,
};
use jiff::Timestamp;
use std::collections::BTreeSet;

fn sink(name: &str, on: Option<&[&str]>) -> Sink {
    let settings = NotifySettings {
        name: name.to_owned(),
        on: on.map(|on| on.iter().map(|one| (*one).to_owned()).collect()),
        webhook: None,
        secret: None,
        slack: None,
        command: None,
        bell: true,
        timeout_seconds: 1,
    };
    sinks(&[settings]).remove(0)
}

async fn store(folder: &tempfile::TempDir) -> SqliteStore {
    SqliteStore::open(&folder.path().join("s.db")).await.unwrap()
}

fn news(event: Event, id: &str) -> News {
    let about = About {
        id: id.to_owned(),
        digest: String::new(),
        state: "pending".to_owned(),
        title: id.to_owned(),
        tool: String::new(),
        requester: String::new(),
        source: String::new(),
        target: String::new(),
        environment: String::new(),
        tier: None,
        needs: String::new(),
        expires: None,
        look: String::new(),
    };
    let news = News::new(event, id, Timestamp::UNIX_EPOCH, "host", id);
    News { action: Some(about), ..news }
}

/// What a receiver is sent, to the end.
fn sent(outbox: &Outbox, name: &str) -> Vec<String> {
    let mut sent = Vec::new();
    while let Some(next) = outbox.next(name) {
        let dropped = outbox.dropped(name);
        sent.push(format!("{} {}", next.news.event, next.news.summary));
        outbox.delivered(name, next.number, dropped, Timestamp::now());
    }
    sent
}

#[tokio::test]
async fn a_queue_that_is_too_long_drops_what_matters_least_and_says_how_much() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let mut memory = Memory::begin(&store).await.unwrap();
    let digest = crate::domain::Digest::of_bytes(b"x");
    memory
        .waiting
        .insert("a-0000000001".parse().unwrap(), Told { digest, warned: false, reminded: None });
    let place = Place::beside(&folder.path().join("s.db"));
    let (outbox, said) = Outbox::open(place.clone(), 3, "host").unwrap();
    assert_eq!(said, None);
    let sinks = [sink("all", None), sink("few", Some(&["approved"]))];
    let all = [
        news(Event::Waiting, "a-0000000001"),
        news(Event::Waiting, "a-0000000002"),
        news(Event::Decided, "a-0000000003"),
        news(Event::Approved, "a-0000000004"),
        news(Event::Approved, "a-0000000005"),
    ];
    outbox.put(memory.clone(), &all, &[], &BTreeSet::new(), &sinks);
    outbox.save().unwrap();
    // Another process goes on with it.
    let (outbox, _) = Outbox::open(place, 3, "host").unwrap();
    assert_eq!(outbox.memory(), Some(memory));
    let heard = sent(&outbox, "all");
    assert!(heard[0].starts_with("dropped 2 news for all were dropped since"), "{heard:?}");
    assert_eq!(
        heard[1..],
        ["waiting a-0000000001", "approved a-0000000004", "approved a-0000000005"]
    );
    assert_eq!(sent(&outbox, "few"), ["approved a-0000000004", "approved a-0000000005"]);
    assert_eq!(outbox.waiting(), 0);
}

#[tokio::test]
async fn what_a_receiver_never_takes_is_given_up_and_it_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let memory = Memory::begin(&store).await.unwrap();
    let place = Place::beside(&folder.path().join("s.db"));
    let (outbox, _) = Outbox::open(place, 100, "host").unwrap();
    let sinks = [sink("all", None)];
    let all = [news(Event::Approved, "a-0000000004"), news(Event::Approved, "a-0000000005")];
    outbox.put(memory, &all, &[], &BTreeSet::new(), &sinks);
    let first = outbox.next("all").unwrap();
    outbox.failed("all", first.number, "HTTP 400", Timestamp::now());
    outbox.give_up("all", first.number, false, Timestamp::now());
    let heard = sent(&outbox, "all");
    assert!(heard[0].starts_with("dropped 1 news"), "{heard:?}");
    assert_eq!(heard[1..], ["approved a-0000000005"]);
}

#[tokio::test]
async fn a_receiver_that_does_not_want_us_is_offered_each_piece_so_often_and_told_of_drops_later() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let memory = Memory::begin(&store).await.unwrap();
    let place = Place::beside(&folder.path().join("s.db"));
    let (outbox, _) = Outbox::open(place.clone(), 100, "host").unwrap();
    let sinks = [sink("all", None)];
    let all = [news(Event::BreakGlass, "a-0000000004"), news(Event::Approved, "a-0000000005")];
    outbox.put(memory.clone(), &all, &[], &BTreeSet::new(), &sinks);
    let refused = Undelivered::Unwelcome { why: "HTTP 403 Forbidden".to_owned() };
    let most = refused.offers().unwrap();
    let first = outbox.next("all").unwrap();
    let now = Timestamp::now();
    for offer in 1..most {
        assert_eq!(outbox.failed("all", first.number, "HTTP 403", now), (offer, offer));
    }
    // Another process goes on counting.
    outbox.save().unwrap();
    let (outbox, _) = Outbox::open(place, 100, "host").unwrap();
    assert_eq!(outbox.failed("all", first.number, "HTTP 403", now), (most, most));
    outbox.give_up("all", first.number, true, now);

    let next = outbox.next("all").unwrap();
    assert_eq!((next.news.event, next.failures), (Event::Approved, most), "fresh, and slowly");
    assert_eq!(outbox.failed("all", next.number, "HTTP 403", now), (most + 1, 1));
    let beat = &outbox.beats()["all"];
    assert_eq!((beat.given_up, beat.dropped, beat.waiting), (1, 1, 1));
    let heard = sent(&outbox, "all");
    assert_eq!(heard[0], "approved a-0000000005");
    assert!(heard[1].starts_with("dropped 1 news for all were dropped since"), "{heard:?}");
    assert_eq!(outbox.beats()["all"].given_up, 0);
}

#[tokio::test]
async fn history_is_read_on_from_where_it_was_left_and_every_line_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let write = async |from: i64, to: i64| {
        for number in from..to {
            let line = Activity {
                seq: 0,
                at: Timestamp::now(),
                kind: ActivityKind::Decided,
                source: SourceName::new(SourceKind::Github, "acme"),
                about: format!("{number}"),
                who: "rowan".into(),
                what: "x".into(),
            };
            store.note(&line).await.unwrap();
        }
    };
    write(0, 3).await;
    let mut memory = Memory::begin(&store).await.unwrap();
    assert!(memory.read_on(&store).await.unwrap().lines.is_empty(), "what was before is not told");
    write(3, 700).await;
    let read = memory.read_on(&store).await.unwrap();
    let about: Vec<i64> = read.lines.iter().map(|line| line.about.parse().unwrap()).collect();
    assert_eq!(about, (3..700).collect::<Vec<_>>());
    // A memory that was written down goes on all the same.
    let kept = serde_json::to_string(&memory).unwrap();
    let mut memory: Memory = serde_json::from_str(&kept).unwrap();
    write(700, 702).await;
    let read = memory.read_on(&store).await.unwrap();
    assert_eq!((read.lines.len(), read.cut), (2, false));
    assert!(memory.read_on(&store).await.unwrap().lines.is_empty());
}
