//! What the store tells the ledger, whoever writes and however many.

use super::{Place, asked, decide, on_both};
use countersign::{
    domain::Verdict,
    ledger::{Edge, Entry, EntryKind, edge, leaf_hash},
    store::Store,
};
use std::{collections::BTreeMap, sync::Arc};

on_both!(
    every_step_of_an_action_is_told_in_order,
    what_came_to_nothing_is_not_told,
    many_writers_make_one_tree,
);

async fn told(store: &dyn Store) -> Vec<Entry> {
    let size = store.shelf().ledger_size().await.unwrap();
    let bodies = store.shelf().ledger_entries(0, u32::try_from(size).unwrap()).await.unwrap();
    assert_eq!(bodies.len() as u64, size);
    bodies.iter().map(|body| Entry::read(body.as_ref().unwrap()).unwrap()).collect()
}

async fn every_step_of_an_action_is_told_in_order(place: Place) {
    use EntryKind::{Decision, Order, Request, Taken};
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 2).await;
    decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
    decide(&*store, &call, "ines", Verdict::Approve).await.unwrap();
    store.take_answer(&call.id).await.unwrap().unwrap();
    let kinds: Vec<EntryKind> = told(&*store).await.iter().map(Entry::kind).collect();
    assert_eq!(kinds, [Request, Decision, Decision, Order, Taken]);
    assert_eq!(store.shelf().ledger_about(call.id.as_str()).await.unwrap().len(), 5);
}

async fn what_came_to_nothing_is_not_told(place: Place) {
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 1).await;
    decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
    let size = store.shelf().ledger_size().await.unwrap();
    decide(&*store, &call, "ines", Verdict::Approve).await.unwrap_err();
    assert_eq!(store.shelf().ledger_size().await.unwrap(), size);
}

async fn many_writers_make_one_tree(place: Place) {
    let handles = place.handles(5).await;
    let mut writing = tokio::task::JoinSet::new();
    for (nth, store) in handles.iter().enumerate() {
        let store = Arc::clone(store);
        writing.spawn(async move {
            for number in 0..10 {
                let call = asked(&*store, &format!("{nth} drops {number}"), 1).await;
                decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
            }
        });
    }
    writing.join_all().await;
    let store = &handles[0];
    let entries = told(&**store).await;
    assert_eq!(entries.len(), 5 * 10 * 3);
    let mut steps: BTreeMap<&str, Vec<EntryKind>> = BTreeMap::new();
    for entry in &entries {
        steps.entry(&entry.about).or_default().push(entry.kind());
    }
    assert!(steps.values().all(|kinds| kinds[0] == EntryKind::Request), "{steps:?}");
    let mut anew = Edge::default();
    for body in store.shelf().ledger_entries(0, 1000).await.unwrap() {
        anew.extend(leaf_hash(&body.unwrap()));
    }
    assert_eq!(edge(store.shelf()).await.unwrap().root(), anew.root());
}
