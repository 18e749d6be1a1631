//! Stores are copied, kept, put back and pruned, and the ledger stays what it was.

use super::{Lived, ago, call_of_two, decided, done, found, hand};
use crate::support::memory::call;
use countersign::{
    domain::{Action, Verdict},
    ledger::{Body, EntryKind, Upkeep},
    store::{
        SqliteStore, Store, StoreError,
        moving::{
            Back, BackupError, Checked, CopyError, Holds, TABLES, Wrong, backup, compare, copy,
        },
    },
};
use jiff::Timestamp;
use sqlx::Row as _;
use std::{collections::BTreeSet, sync::Arc};

#[tokio::test(flavor = "multi_thread")]
async fn every_table_and_column_of_the_file_is_moved() {
    let lived = Lived::fresh().await;
    let mut db = super::raw(&lived.path()).await;
    // What a store keeps only for itself.
    let own: BTreeSet<(String, String)> = [("actions", "changed"), ("credentials", "changed")]
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .into();
    let own_tables = ["meta", "leases", "_sqlx_migrations", "sqlite_sequence"];
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .fetch_all(&mut db)
            .await
            .unwrap();
    let mut there = BTreeSet::new();
    for table in tables.iter().filter(|table| !own_tables.contains(&table.as_str())) {
        let info =
            sqlx::AssertSqlSafe(format!("SELECT name, type FROM pragma_table_info('{table}')"));
        for row in sqlx::query(info).fetch_all(&mut db).await.unwrap() {
            let (column, holds): (String, String) = (row.get(0), row.get(1));
            if !own.contains(&(table.clone(), column.clone())) {
                there.insert((table.clone(), column, holds));
            }
        }
    }
    let mut moved = BTreeSet::new();
    for table in TABLES {
        for column in table.columns {
            let holds = match column.holds {
                Holds::Numbers => "INTEGER",
                Holds::Texts => "TEXT",
                Holds::Bytes => "BLOB",
            };
            moved.insert((table.name.to_owned(), column.name.to_owned(), holds.to_owned()));
        }
    }
    assert_eq!(there, moved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_has_the_same_rows_and_the_same_tree_and_goes_on_from_there() {
    let lived = Lived::new().await;
    lived.store.shelf().keep_head(3, "acme\n3\nAAAA\n").await.unwrap();
    let to = SqliteStore::open(&lived.beside("copy.db")).await.unwrap();
    let mut steps = Vec::new();
    let copied = copy(&lived.store, &to, false, &mut |step| steps.push(step)).await.unwrap();
    assert!(
        steps.iter().any(|step| step.checking) && steps.iter().all(|step| step.done <= step.of)
    );

    let (here, there) = (lived.compared().await, compare(&to).await.unwrap());
    assert_eq!((here.root, here.entries, here.rows), (there.root, there.entries, there.rows));
    assert_eq!(copied.entries, here.entries);
    assert_eq!(to.shelf().ledger_heads(0).await.unwrap(), ["acme\n3\nAAAA\n"]);
    assert_eq!(
        to.activity(1000, None).await.unwrap(),
        lived.store.activity(1000, None).await.unwrap()
    );

    let open = call_of_two("dropdb", "n3");
    let (second, order) = decided(&open, "imogen", Verdict::Approve, ago(0));
    to.decide(&second, &order, &|all| all.len() == 2).await.unwrap();
    assert_eq!(to.shelf().ledger_size().await.unwrap(), here.entries + 2);
    let compared = compare(&to).await.unwrap();
    assert_eq!(found(&compared).iter().filter(|(table, ..)| *table != "ledger_heads").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_with_something_in_it_is_refused_and_stays_as_it_is() {
    let lived = Lived::new().await;
    let other = Lived::new().await;
    let before = other.compared().await;
    let refused = copy(&lived.store, &other.store, false, &mut |_| ()).await;
    assert!(matches!(refused, Err(CopyError::NotEmpty { .. })), "{refused:?}");
    assert_eq!(other.compared().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_busy_store_is_one_moment_of_it() {
    let lived = Arc::new(Lived::new().await);
    let busy = Arc::clone(&lived);
    let writing = tokio::spawn(async move {
        let mut written = 0_u64;
        while written < 400 {
            written += 1;
            let action = call("true", &format!("busy-{written}"));
            busy.store.ask(&action, ago(0)).await.unwrap();
        }
    });
    let file = lived.beside("backup.db");
    let kept = backup(&lived.store, &file, &mut |_| ()).await.unwrap();
    writing.await.unwrap();
    assert!(kept.compared.is_good(), "{:?}", kept.compared.mismatches);
    assert!(lived.compared().await.is_good());

    let again = backup(&lived.store, &file, &mut |_| ()).await;
    assert!(matches!(again, Err(BackupError::Exists { .. })), "{again:?}");
    let left: Vec<String> = std::fs::read_dir(lived.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".part"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_backup_is_told_to_roll_the_ledger_back() {
    let lived = Lived::new().await;
    let file = lived.beside("backup.db");
    let kept = backup(&lived.store, &file, &mut |_| ()).await.unwrap();
    lived.agreed("kubectl delete ns", "n8").await;
    let now = lived.store.shelf().ledger_size().await.unwrap();

    let checked = Checked::open(&file, &lived.path()).await.unwrap();
    assert!(checked.compared.is_good());
    let back = checked.back(&lived.store, &[]).await.unwrap();
    assert_eq!(back, Back::RolledBack { before: now, with: kept.compared.entries });
    let version = lived.store.version().await.unwrap();
    checked.put(&lived.store, &back, &mut |_| ()).await.unwrap();
    checked.close().await;

    assert!(lived.store.changes(version).await.unwrap().is_none(), "lists have to be read anew");
    let entries = lived.entries().await;
    assert_eq!(
        entries.last().map(|entry| &entry.body),
        Some(&Body::Upkeep(Upkeep::Restored { before: now, with: kept.compared.entries }))
    );
    let compared = lived.compared().await;
    assert!(compared.is_good(), "{:?}", compared.mismatches);
    // What guards against mistakes is there again.
    let mut db = super::raw(&lived.path()).await;
    assert!(sqlx::query("DELETE FROM ledger_entries").execute(&mut db).await.is_err());
    lived.agreed("kubectl delete ns", "n9").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_another_ledger_or_an_altered_one_is_told_apart() {
    let lived = Lived::new().await;
    let other = Lived::new().await;
    let file = lived.beside("other.db");
    backup(&other.store, &file, &mut |_| ()).await.unwrap();
    let checked = Checked::open(&file, &lived.path()).await.unwrap();
    let back = checked.back(&lived.store, &[]).await.unwrap();
    assert!(matches!(back, Back::Another { .. }), "{back:?}");
    checked.close().await;

    hand(&file, &["UPDATE decisions SET body = replace(body, 'ana', 'eve') WHERE seq = 1"]).await;
    let checked = Checked::open(&file, &lived.path()).await.unwrap();
    assert_eq!(found(&checked.compared), [("decisions", "1", Wrong::Altered)]);
    checked.close().await;
}

/// A call that was asked, agreed to, taken and run long ago.
async fn old_story(lived: &Lived, nonce: &str, days: i64) -> Action {
    let at = |minutes: i64| ago(days * 24 * 60 - minutes);
    let action = call_of_two("terraform destroy", nonce);
    lived.store.ask(&action, at(0)).await.unwrap();
    for who in ["ana", "imogen"] {
        let (decision, order) = decided(&action, who, Verdict::Approve, at(1));
        lived.store.decide(&decision, &order, &|all| all.len() == 2).await.unwrap();
    }
    let (_, order) = decided(&action, "imogen", Verdict::Approve, at(1));
    lived.store.settle(&order.id, &done(&order.id, at(2))).await.unwrap();
    action
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_and_over_is_pruned_and_the_tree_still_fits() {
    let lived = Lived::fresh().await;
    let old = old_story(&lived, "old", 500).await;
    let new = old_story(&lived, "new", 10).await;
    let open = call_of_two("dropdb", "open");
    lived.store.ask(&open, ago(500 * 24 * 60)).await.unwrap();
    let before = lived.compared().await;
    assert!(before.is_good());

    let cut = ago(400 * 24 * 60);
    let dry = lived.store.prune(cut, true).await.unwrap();
    assert_eq!((dry.actions, dry.entries), (1, 5));
    assert_eq!(lived.compared().await, before, "a dry run changes nothing");
    let pruned = lived.store.prune(cut, false).await.unwrap();
    assert_eq!(pruned, dry);

    let after = lived.compared().await;
    assert!(after.is_good(), "{:?}", after.mismatches);
    assert_eq!((after.pruned, after.entries), (5, before.entries + 1));
    assert!(lived.store.action(&old.id).await.unwrap().is_none());
    assert!(lived.store.action(&new.id).await.unwrap().is_some());
    assert!(lived.store.action(&open.id).await.unwrap().is_some(), "what is open stays");
    let texts = lived.store.shelf().ledger_entries(0, 100).await.unwrap();
    let gone = texts.iter().filter(|text| text.is_none()).count();
    assert_eq!(gone, 5);
    let last = countersign::ledger::Entry::read(texts.last().unwrap().as_deref().unwrap()).unwrap();
    assert_eq!(last.kind(), EntryKind::Upkeep);
    assert_eq!(last.body, Body::Upkeep(Upkeep::Pruned { before: cut, entries: vec![(0, 4)] }));

    let again = lived.store.prune(cut, false).await.unwrap();
    assert_eq!((again.entries, again.actions), (0, 0));
    let to = SqliteStore::open(&lived.beside("copy.db")).await.unwrap();
    copy(&lived.store, &to, false, &mut |_| ()).await.unwrap();
    assert_eq!(compare(&to).await.unwrap().root, after.root);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_cannot_be_finished_leaves_nothing() {
    let lived = Lived::new().await;
    let to = SqliteStore::open(&lived.beside("copy.db")).await.unwrap();
    let mut filling = to.fill(false).await.unwrap();
    let mut view = lived.store.view().await.unwrap();
    for table in TABLES.iter().take(5) {
        let rows = view.rows(table, None, 100).await.unwrap();
        filling.put(table, &rows).await.unwrap();
    }
    drop(filling);
    let mut empty = to.view().await.unwrap();
    for table in TABLES {
        assert_eq!(empty.count(table).await.unwrap(), 0, "{}", table.name);
    }
    drop(empty);
    let _: Result<_, StoreError> = to.prune(Timestamp::now(), true).await;
}
