//! A hand that knows only SQL: what it did is found and named, row by row.

use super::{Lived, found};
use countersign::{
    ledger::{Checkpoint, Edge, Fetched, SigningKey, Signs, root},
    store::{Store as _, moving::Wrong},
};

async fn after(statements: &[&str]) -> Vec<(String, String, Wrong)> {
    let lived = Lived::new().await;
    lived.hand(statements).await;
    let compared = lived.compared().await;
    let found = found(&compared);
    found.into_iter().map(|(table, id, wrong)| (table.to_owned(), id.to_owned(), wrong)).collect()
}

fn one(table: &str, id: &str, wrong: Wrong) -> Vec<(String, String, Wrong)> {
    vec![(table.to_owned(), id.to_owned(), wrong)]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_decision_is_named() {
    let turned =
        "UPDATE decisions SET body = replace(body, '\"approve\"', '\"reject\"') WHERE seq = 2";
    assert_eq!(after(&[turned]).await, one("decisions", "2", Wrong::Altered));
    let other = "UPDATE decisions SET body = replace(body, 'imogen', 'ines') WHERE seq = 2";
    assert_eq!(after(&[other]).await, one("decisions", "2", Wrong::Altered));
    let unused = "UPDATE decisions SET spent = NULL WHERE seq = 2";
    assert_eq!(after(&[unused]).await, one("decisions", "2", Wrong::Altered));
    let rubbish = "UPDATE decisions SET body = '{}' WHERE seq = 2";
    assert_eq!(after(&[rubbish]).await, one("decisions", "2", Wrong::Altered));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_moved_to_another_action_is_named_on_both_sides() {
    let moved =
        "UPDATE decisions SET action = (SELECT action FROM decisions WHERE seq = 5) WHERE seq = 1";
    let found = after(&[moved]).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], ("decisions".to_owned(), "1".to_owned(), Wrong::Inserted));
    assert_eq!(found[1].2, Wrong::Deleted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_decision_is_named_by_its_action() {
    let lived = Lived::new().await;
    let action: String = sqlx::query_scalar("SELECT action FROM decisions WHERE seq = 3")
        .fetch_one(&mut super::raw(&lived.path()).await)
        .await
        .unwrap();
    lived.hand(&["DELETE FROM decisions WHERE seq = 3"]).await;
    let compared = lived.compared().await;
    assert_eq!(found(&compared), [("decisions", action.as_str(), Wrong::Deleted)]);
    assert!(compared.mismatches[0].entry.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inserted_decision_is_named() {
    let invented = "INSERT INTO decisions (seq, action, body) \
        SELECT 99, action, replace(body, 'ana', 'mallory') FROM decisions WHERE seq = 5";
    assert_eq!(after(&[invented]).await, one("decisions", "99", Wrong::Inserted));
    let twice = "INSERT INTO decisions (seq, action, body) \
        SELECT 99, action, body FROM decisions WHERE seq = 5";
    assert_eq!(after(&[twice]).await, one("decisions", "99", Wrong::Inserted));
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_that_change_places_are_named() {
    let swapped = [
        "UPDATE decisions SET seq = 99 WHERE seq = 1",
        "UPDATE decisions SET seq = 1 WHERE seq = 2",
        "UPDATE decisions SET seq = 2 WHERE seq = 99",
    ];
    assert_eq!(after(&swapped).await, one("decisions", "2", Wrong::Reordered));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_on_an_order_is_named() {
    let again = "UPDATE orders SET taken = NULL, state = 'intended', receipt = NULL WHERE seq = 1";
    let found = after(&[again]).await;
    assert!(
        found.iter().all(|(table, id, wrong)| {
            table == "orders" && id == "1" && *wrong == Wrong::Altered
        })
    );
    assert!(!found.is_empty());
    let turned =
        "UPDATE orders SET body = replace(body, '\"approve\"', '\"reject\"') WHERE seq = 2";
    assert_eq!(after(&[turned]).await, one("orders", "2", Wrong::Altered));
    let gone = after(&["DELETE FROM orders WHERE seq = 2"]).await;
    assert_eq!((gone[0].0.as_str(), gone[0].2), ("orders", Wrong::Deleted));
    let invented = "INSERT INTO orders (seq, id, action, decided, body, state) \
        SELECT 99, 'o-0000000000', action, decided, body, 'refused' FROM orders WHERE seq = 1";
    assert_eq!(after(&[invented]).await, one("orders", "99", Wrong::Inserted));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_on_what_is_shown_is_named() {
    let other =
        "UPDATE action_bodies SET body = replace(body, 'dropdb', 'ls') WHERE body LIKE '%dropdb%'";
    let found = after(&[other]).await;
    assert_eq!(
        (found.len(), found[0].0.as_str(), found[0].2),
        (1, "action_bodies", Wrong::Altered)
    );
    let digest = "UPDATE actions SET digest = 'sha256:' || hex(zeroblob(32)) WHERE kind = 'call' AND state = 'pending'";
    let found = after(&[digest]).await;
    assert!(found.iter().any(|(table, _, wrong)| table == "actions" && *wrong == Wrong::Altered));
    let approved =
        "UPDATE actions SET state = 'approved' WHERE state = 'pending' AND kind = 'call'";
    let found = after(&[approved]).await;
    assert_eq!((found.len(), found[0].0.as_str(), found[0].2), (1, "actions", Wrong::Altered));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_on_policies_and_on_what_was_let_through_is_named() {
    let back = "UPDATE policies SET digest = 'sha256:' || hex(zeroblob(32))";
    assert_eq!(after(&[back]).await, one("policies", "6", Wrong::Altered));
    let gone = after(&["DELETE FROM autonomous WHERE seq = 2"]).await;
    assert_eq!(gone, one("autonomous", &format!("{:032x}", 2), Wrong::Deleted));
    let other = "UPDATE autonomous SET body = replace(body, '\"ls\"', '\"id\"') WHERE seq = 2";
    assert_eq!(after(&[other]).await, one("autonomous", "2", Wrong::Altered));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_entry_is_named_by_its_number() {
    let altered = "UPDATE ledger_entries SET body = replace(body, 'imogen', 'ines') \
        WHERE kind = 'decision' AND entry = 6";
    let found = after(&[altered]).await;
    assert_eq!(found[0], ("ledger_entries".to_owned(), "6".to_owned(), Wrong::Altered));
    let node = after(&["UPDATE ledger_nodes SET hash = zeroblob(32) WHERE node = 2"]).await;
    assert_eq!(node[0], ("ledger_nodes".to_owned(), "2".to_owned(), Wrong::Altered));
    let gone = after(&["DELETE FROM ledger_entries WHERE entry = 6"]).await;
    assert_eq!(gone[0], ("ledger_entries".to_owned(), "6".to_owned(), Wrong::Deleted));
}

/// A head of the store as it is, signed.
async fn head(lived: &Lived, key: &SigningKey) -> (Checkpoint, String) {
    let shelf = lived.store.shelf();
    let size = shelf.ledger_size().await.unwrap();
    let needs = Edge::needs(size);
    let nodes = Fetched::new(&needs, &shelf.ledger_nodes(&needs).await.unwrap()).unwrap();
    let origin = key.public().name().to_owned();
    let head = Checkpoint { origin, size, root: root(size, &nodes).unwrap() };
    let note = head.sign(key).unwrap();
    (head, note)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_was_cut_off_is_found_by_a_head_that_was_signed_before() {
    let lived = Lived::new().await;
    let key = SigningKey::create(&lived.beside("ledger.key"), "acme/prod", Signs::Heads).unwrap();
    let (head, note) = head(&lived, &key).await;
    lived.store.shelf().keep_head(head.size, &note).await.unwrap();
    assert!(lived.compared().await.is_good());
    // What was let through last, with its entry and every hash that came with it.
    lived
        .hand(&[
            "DELETE FROM autonomous",
            "DELETE FROM ledger_nodes WHERE node >= (SELECT max(node) FROM ledger_nodes)",
            "DELETE FROM ledger_entries WHERE entry = (SELECT max(entry) FROM ledger_entries)",
        ])
        .await;
    let compared = lived.compared().await;
    let heads: Vec<_> =
        found(&compared).into_iter().filter(|(table, ..)| *table == "ledger_heads").collect();
    assert_eq!(heads, [("ledger_heads", "1", Wrong::Deleted)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_was_written_anew_does_not_fit_the_head_that_was_signed() {
    let lived = Lived::new().await;
    let key = SigningKey::create(&lived.beside("ledger.key"), "acme/prod", Signs::Heads).unwrap();
    let (head, note) = head(&lived, &key).await;
    lived.store.shelf().keep_head(head.size, &note).await.unwrap();
    // The whole tree again, over a decision that says something else, rows and all.
    lived
        .hand(&[
            "UPDATE decisions SET body = replace(body, 'imogen', 'ines')",
            "DELETE FROM ledger_nodes",
            "DELETE FROM ledger_entries",
            "UPDATE meta SET imported = 0",
        ])
        .await;
    let again = countersign::store::SqliteStore::open(&lived.path()).await.unwrap();
    let compared = countersign::store::moving::compare(&again).await.unwrap();
    assert_eq!(found(&compared), [("ledger_heads", "1", Wrong::Altered)]);
}
