//! The same on a server, and between a file and a server.

use super::{Lived, ago, call_of_two, decided, found};
use crate::support::postgres;
use countersign::{
    domain::Verdict,
    store::{
        PgStore, SqliteStore, Store,
        moving::{Checked, Wrong, backup, compare, copy},
    },
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_store_goes_to_a_server_and_back_and_its_ledger_is_the_same() {
    let lived = Lived::new().await;
    let here = lived.compared().await;
    let server = PgStore::open(&postgres::database().await).await.unwrap();
    let there = copy(&lived.store, &server, false, &mut |_| ()).await.unwrap();
    let on_server = compare(&server).await.unwrap();
    assert!(on_server.is_good(), "{:?}", on_server.mismatches);
    assert_eq!((on_server.root, on_server.entries), (here.root, here.entries));

    // It goes on there, also where ids are given by the server.
    let action = call_of_two("kubectl delete ns", "n7");
    server.ask(&action, ago(3)).await.unwrap();
    for who in ["ana", "imogen"] {
        let (decision, order) = decided(&action, who, Verdict::Approve, ago(2));
        server.decide(&decision, &order, &|all| all.len() == 2).await.unwrap();
    }
    let grown = compare(&server).await.unwrap();
    assert!(grown.is_good(), "{:?}", grown.mismatches);
    assert_eq!(grown.entries, here.entries + 4);

    let file = lived.beside("backup.db");
    let kept = backup(&server, &file, &mut |_| ()).await.unwrap();
    assert!(kept.compared.is_good());
    assert_eq!(kept.compared.root, grown.root);
    assert!(kept.copied.entries > there.entries);
    let back = SqliteStore::open(&file).await.unwrap();
    let same = compare(&back).await.unwrap();
    assert_eq!((same.root, same.entries, same.rows), (grown.root, grown.entries, grown.rows));
    back.close().await;

    // And a backup takes the place of what is on the server.
    let checked = Checked::open(&file, &lived.path()).await.unwrap();
    let way = checked.back(&server, &[]).await.unwrap();
    checked.put(&server, &way, &mut |_| ()).await.unwrap();
    checked.close().await;
    let put = compare(&server).await.unwrap();
    assert!(put.is_good(), "{:?}", put.mismatches);
    assert_eq!(put.entries, grown.entries + 1, "with the line that says so");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_hand_on_the_server_is_named_and_old_texts_can_be_pruned() {
    let lived = Lived::new().await;
    let name = postgres::new_database().await;
    let address = countersign::store::Address::parse(&postgres::url(&name)).unwrap();
    let server = PgStore::open(&address).await.unwrap();
    copy(&lived.store, &server, false, &mut |_| ()).await.unwrap();
    let hand = "SET session_replication_role = replica; \
                UPDATE countersign.decisions SET body = replace(body, 'imogen', 'ines') \
                WHERE seq = 2";
    postgres::run(&postgres::url(&name), hand).await;
    let compared = compare(&server).await.unwrap();
    assert_eq!(found(&compared), [("decisions", "2", Wrong::Altered)]);
    let back = hand.replace("'imogen', 'ines'", "'ines', 'imogen'");
    postgres::run(&postgres::url(&name), &back).await;

    let before = compare(&server).await.unwrap();
    let pruned = server.prune(ago(-60), false).await.unwrap();
    assert!(pruned.actions > 0 && pruned.entries > 0, "{pruned:?}");
    let after = compare(&server).await.unwrap();
    assert!(after.is_good(), "{:?}", after.mismatches);
    assert_eq!((after.pruned, after.entries), (pruned.entries, before.entries + 1));
}
