//! What leaves an entry, and in which order.

use super::{Lived, ago, call_of_two, decided, raw, record};
use countersign::{
    domain::{Digest, Verdict},
    ledger::{
        Body, Entry, EntryKind, Reading, RosterInForce, Upkeep,
        verify::{Options, Start, verify},
    },
    review::Seal,
    store::{IntentError, SqliteStore, Store as _, moving::compare},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_write_that_matters_leaves_its_entries_and_they_fit_the_rows() {
    use EntryKind::{
        Autonomous, Decision, Ended, Order, Policy, Receipt, Request, Revocation, Taken,
    };
    let lived = Lived::new().await;
    let kinds = lived.kinds().await;
    assert_eq!(kinds[..4], [Policy, Request, Request, Ended]);
    let agreed = [Request, Decision, Decision, Order];
    assert_eq!(kinds[4..10], [&agreed[..], &[Taken, Receipt]].concat());
    assert_eq!(kinds[10..14], agreed);
    assert_eq!(kinds[14..], [Request, Decision, Revocation, Receipt, Autonomous]);

    let compared = lived.compared().await;
    assert!(compared.is_good(), "{:?}", compared.mismatches);
    assert_eq!(compared.entries, kinds.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_leaves_nothing() {
    let lived = Lived::new().await;
    let before = lived.kinds().await.len();
    let open = call_of_two("dropdb", "n3");
    let (again, order) = decided(&open, "ana", Verdict::Approve, ago(0));
    let refused = lived.store.decide(&again, &order, &|_| true).await;
    assert!(matches!(refused, Err(IntentError::Again)), "{refused:?}");
    assert!(lived.store.take_answer(&open.id).await.unwrap().is_none());
    lived.store.let_through(&[record(1)]).await.unwrap();
    assert_eq!(lived.kinds().await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_or_a_head_is_not_changed_by_mistake() {
    let lived = Lived::new().await;
    lived.store.shelf().keep_head(1, "x\n1\ny\n").await.unwrap();
    let mut db = raw(&lived.path()).await;
    for mistake in [
        "UPDATE ledger_entries SET body = '{}' WHERE entry = 3",
        "DELETE FROM ledger_entries WHERE entry = 3",
        "INSERT INTO ledger_entries VALUES (999, 1, 'request', '', '{}')",
        "UPDATE ledger_nodes SET hash = zeroblob(32) WHERE node = 3",
        "DELETE FROM ledger_nodes",
        "UPDATE ledger_heads SET size = 2",
        "DELETE FROM ledger_heads",
    ] {
        let refused = sqlx::query(mistake).execute(&mut db).await;
        let words = refused.unwrap_err().to_string();
        assert!(words.contains("ledger"), "{mistake}: {words}");
    }
}

/// As an earlier version of this program left its file: the same tables, and no ledger.
async fn without_ledger(lived: &Lived) {
    lived
        .hand(&[
            "DELETE FROM ledger_entries",
            "DELETE FROM ledger_nodes",
            "UPDATE meta SET imported = 0",
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stood_there_before_the_ledger_becomes_its_first_entries() {
    let lived = Lived::new().await;
    without_ledger(&lived).await;

    let reopened = SqliteStore::open(&lived.path()).await.unwrap();

    let compared = compare(&reopened).await.unwrap();
    assert!(compared.is_good(), "{:?}", compared.mismatches);
    let entries = lived.entries().await;
    let Some(Entry { body: Body::Upkeep(Upkeep::Imported { entries: count }), .. }) =
        entries.last()
    else {
        panic!("{:?}", entries.last())
    };
    assert_eq!(*count, entries.len() as u64 - 1);

    // Once: what is opened again, or went on, is not imported a second time.
    lived.agreed("kubectl delete ns", "n9").await;
    let before = lived.entries().await.len();
    SqliteStore::open(&lived.path()).await.unwrap();
    assert_eq!(lived.entries().await.len(), before);
    assert!(lived.compared().await.is_good());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_store_writes_stands_up_to_the_ledgers_own_verification() {
    let lived = Lived::new().await;
    let shelf = lived.store.shelf();
    let (key, memory) = (lived.beside("key"), lived.beside("head"));
    let seal = Seal::open(&key, &memory, "acme/prod", shelf).await.unwrap().unwrap();
    seal.sign(shelf).await.unwrap();
    let options = Options {
        key: seal.key().public().clone(),
        witnesses: Vec::new(),
        cosigned: 0,
        since: None,
        roster: None,
        structure_only: false,
        threads: 1,
    };
    let mut reading = Reading::begin(shelf, 0).await.unwrap();
    let mut pieces = Vec::new();
    while let Some(piece) = reading.next(shelf).await.unwrap() {
        pieces.push(Ok(piece));
    }
    let report = verify(pieces, Start::default(), &options).unwrap();
    assert_eq!(report.size, shelf.ledger_size().await.unwrap());
    assert_eq!((report.counts.decisions, report.counts.orders), (5, 3));
    assert_eq!(report.counts.autonomous, 3);
    let wrong: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_is_noted_when_it_is_another_one() {
    let lived = Lived::fresh().await;
    let roster = |text: &str| RosterInForce {
        digest: Digest::of_bytes(text.as_bytes()),
        roster: text.to_owned(),
        signers: None,
        revoked: None,
    };
    let one = roster("{\"groups\":{\"senior\":[\"kim\"]}}");
    let (none, two) = (roster("{\"groups\":{}}"), roster("{\"groups\":{\"senior\":[\"ana\"]}}"));
    let adopted = async |it| lived.store.adopt_roster(it, ago(1)).await.unwrap();
    assert!(!adopted(&none).await, "nobody was in a group or had a key before, either");
    assert!(adopted(&one).await);
    assert!(!adopted(&one).await, "every command asks, and it is noted once");
    assert!(adopted(&two).await);
    assert!(adopted(&one).await, "back again is a change, and told");
    assert!(adopted(&none).await, "and that nobody is any more, too");
    assert_eq!(lived.kinds().await, [EntryKind::Roster; 4]);
    assert!(lived.compared().await.is_good());
}
