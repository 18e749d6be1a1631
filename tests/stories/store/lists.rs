//! Lists that are paged through, and what is remembered beside the queue.

use super::{Place, later, on_both, source};
use crate::support::memory::{access_key, command, pull_request, ruled};
use countersign::{
    domain::{
        Activity, ActivityKind, Asker, Assessment, Digest, Leave, LetThrough, Observation,
        PolicyId, ToolId,
    },
    store::{AdoptError, McpTool, Store, Success},
};
use std::sync::Arc;

on_both!(
    history_is_paged_newest_first,
    autonomous_actions_are_taken_in_once,
    an_older_policy_is_not_adopted,
    a_tool_nobody_agreed_to_takes_no_place,
    the_newest_success_counts,
    what_sorts_and_what_cannot_be_written_everywhere_is_kept,
    nothing_was_staged,
);

async fn history_is_paged_newest_first(place: Place) {
    let store = place.handle().await;
    for number in 0..25 {
        let line = Activity {
            seq: 0,
            at: store.now(),
            kind: ActivityKind::Source,
            source: source(),
            about: String::new(),
            who: "ana".into(),
            what: format!("line {number}").into(),
        };
        store.note(&line).await.unwrap();
    }
    let (mut before, mut told) = (None, Vec::new());
    loop {
        let page = store.activity(10, before).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.seq);
        told.extend(page.into_iter().map(|line| line.what.raw().to_owned()));
    }
    let expected: Vec<_> = (0..25).rev().map(|number| format!("line {number}")).collect();
    assert_eq!(told, expected);
}

fn record(number: u32, store: &dyn Store) -> LetThrough {
    LetThrough {
        id: format!("{number:032x}"),
        at: store.now(),
        source: source(),
        tool: ToolId::new("claude-code"),
        requester: "ana".into(),
        title: "ls".into(),
        asker: Asker::default(),
        found: Assessment::default(),
        ruling: ruled(Leave::LetThrough),
    }
}

async fn autonomous_actions_are_taken_in_once(place: Place) {
    let handles = place.handles(4).await;
    let records: Arc<Vec<_>> =
        Arc::new((0..100).map(|number| record(number, &*handles[0])).collect());
    let mut racing = tokio::task::JoinSet::new();
    for (nth, store) in handles.iter().enumerate() {
        let (store, records) = (Arc::clone(store), Arc::clone(&records));
        racing.spawn(async move {
            let mut mine = records.to_vec();
            // In other orders, so that they are in each other's way.
            mine.rotate_left(nth * 25);
            store.let_through(&mine).await.unwrap()
        });
    }
    assert_eq!(racing.join_all().await.iter().sum::<u64>(), 100);
    let store = &handles[0];
    let first = store.autonomous(60, None).await.unwrap();
    let rest = store.autonomous(60, first.last().map(|row| row.seq)).await.unwrap();
    assert_eq!((first.len(), rest.len()), (60, 40));
    assert!(first.iter().chain(&rest).is_sorted_by(|a, b| a.seq > b.seq));
}

async fn an_older_policy_is_not_adopted(place: Place) {
    let [one, two] = place.handles(2).await.try_into().ok().unwrap();
    let policy = |version, text: &[u8]| PolicyId { version, digest: Digest::of_bytes(text) };
    one.adopt_policy(&policy(6, b"six"), None, one.now()).await.unwrap();
    two.adopt_policy(&policy(6, b"six"), None, two.now()).await.unwrap();
    let other = two.adopt_policy(&policy(6, b"sixth"), None, two.now()).await.unwrap_err();
    assert!(matches!(other, AdoptError::Other { version: 6, .. }), "{other}");
    let older = two.adopt_policy(&policy(5, b"five"), None, two.now()).await.unwrap_err();
    assert!(matches!(older, AdoptError::Older { given: 5, newest: 6 }), "{older}");
    two.adopt_policy(&policy(7, b"seven"), None, two.now()).await.unwrap();
    one.adopt_policy(&policy(6, b"six"), None, one.now()).await.unwrap_err();
}

async fn a_tool_nobody_agreed_to_takes_no_place(place: Place) {
    let store = place.handle().await;
    let server = Digest::of_bytes(b"server");
    let tool = |definition: &str, agreed| McpTool {
        name: "query".into(),
        definition: definition.into(),
        agreed,
    };
    let keep = async |tool: McpTool| {
        store.keep_mcp_tools(&server, &[tool], store.now()).await.unwrap();
        store.mcp_tools(&server).await.unwrap().remove(0).definition
    };
    assert_eq!(keep(tool("{}", None)).await, "{}");
    assert_eq!(keep(tool("{\"a\":1}", None)).await, "{}");
    let agreed = Some(command("nonce").id);
    assert_eq!(keep(tool("{\"a\":1}", agreed.clone())).await, "{\"a\":1}");
    assert_eq!(store.mcp_tools(&server).await.unwrap()[0].agreed, agreed);
    assert!(store.mcp_tools(&Digest::of_bytes(b"other")).await.unwrap().is_empty());
}

async fn the_newest_success_counts(place: Place) {
    let store = place.handle().await;
    let change = Digest::of_bytes(b"change");
    assert!(store.success(&change).await.unwrap().is_none());
    for minutes in [1, 2] {
        let success = Success {
            change,
            at: later("2026-11-20T08:00:00Z".parse().unwrap(), minutes),
            title: "terraform apply".into(),
            target: "staging".into(),
        };
        store.note_success(&success).await.unwrap();
        assert_eq!(store.success(&change).await.unwrap(), Some(success));
    }
}

async fn what_sorts_and_what_cannot_be_written_everywhere_is_kept(place: Place) {
    let store = place.handle().await;
    let mut request = pull_request(&source(), 1, "aaa");
    request.title = "nul \0 and ünïcödé \u{202e}".into();
    let labels = ["b", "B", "a-1", "a_1", "ä", "A"];
    let credentials = labels.iter().map(|label| access_key(&source(), "agent", label)).collect();
    let seen =
        Observation { actions: vec![request.clone()], credentials, ..Observation::default() };
    store.record_poll(&source(), &seen, store.now(), store.now()).await.unwrap();
    let (row, whole) = store.action(&request.id).await.unwrap().unwrap();
    assert_eq!((row.title, whole), (request.title.clone(), request));
    let rows = store.credentials(false).await.unwrap();
    let sorted: Vec<_> = rows.iter().map(|row| row.credential.label.raw()).collect();
    assert_eq!(sorted, ["A", "B", "a-1", "a_1", "b", "ä"], "by their bytes, as consoles sort");
}

async fn nothing_was_staged(place: Place) {
    let store = place.handle().await;
    let commits = ["acme/shop@aaa".to_owned()];
    assert!(store.staged(&commits).await.unwrap().is_empty());
}
