//! Heads are signed while the ledger grows, and not when it is not what it was.

use super::Lived;
use countersign::{
    ledger::{Head, SigningKey, Signs},
    review::{Seal, SealError},
    store::{SqliteStore, Store as _},
};

async fn seal(lived: &Lived) -> Seal {
    let (key, memory) = (lived.beside("key"), lived.beside("head"));
    Seal::open(&key, &memory, "acme/prod", lived.store.shelf()).await.unwrap().unwrap()
}

/// The last entry, its row, and every hash that came with it.
const CUT: [&str; 3] = [
    "DELETE FROM autonomous",
    "DELETE FROM ledger_nodes WHERE node >= (SELECT max(node) FROM ledger_nodes)",
    "DELETE FROM ledger_entries WHERE entry = (SELECT max(entry) FROM ledger_entries)",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_signed_when_the_ledger_has_grown_and_continues_the_last_one() {
    let lived = Lived::new().await;
    let shelf = lived.store.shelf();
    let mine = seal(&lived).await;
    let first = mine.sign(shelf).await.unwrap().unwrap();
    assert_eq!(first.size, shelf.ledger_size().await.unwrap());
    assert_eq!(mine.sign(shelf).await.unwrap(), None, "nothing new, nothing signed");
    lived.agreed("kubectl delete ns", "n7").await;
    let second = mine.sign(shelf).await.unwrap().unwrap();
    assert_eq!(second.size, first.size + 4);
    assert_eq!(mine.remembered().unwrap(), Some(second));
    for note in shelf.ledger_heads(0).await.unwrap() {
        Head::open(&note, mine.key().public(), &[]).unwrap();
    }
    assert!(lived.compared().await.is_good());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |name| lived.beside(name).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("key"), mode("head")), (0o600, 0o600));
    }
    // Another process on this host, with the same key.
    assert_eq!(seal(&lived).await.sign(shelf).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_without_the_key_makes_none_of_its_own_for_a_ledger_that_has_heads() {
    let lived = Lived::new().await;
    seal(&lived).await.sign(lived.store.shelf()).await.unwrap();
    let (key, memory) = (lived.beside("other-key"), lived.beside("other-head"));
    let other = Seal::open(&key, &memory, "acme/other", lived.store.shelf()).await.unwrap();
    assert!(other.is_none() && !key.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_for_a_ledger_that_was_cut_off() {
    let lived = Lived::new().await;
    let mine = seal(&lived).await;
    let before = mine.sign(lived.store.shelf()).await.unwrap().unwrap().size;
    // With the heads gone too nothing in the store tells of it any more.
    lived.hand(&[&CUT[..], &["DELETE FROM ledger_heads"]].concat()).await;
    assert!(lived.compared().await.is_good());
    let again = SqliteStore::open(&lived.path()).await.unwrap();
    let refused = mine.sign(again.shelf()).await;
    let now = before - 1;
    assert!(
        matches!(refused, Err(SealError::RolledBack { before: b, now: n }) if (b, n) == (before, now)),
        "{refused:?}"
    );
    // Also not once it has grown past where it was.
    lived.agreed("kubectl delete ns", "n7").await;
    let refused = mine.sign(again.shelf()).await;
    assert!(matches!(refused, Err(SealError::Rewritten { size }) if size == before), "{refused:?}");
    mine.at_once(again.shelf()).await;
    assert!(mine.trouble().unwrap().contains("rewritten"));
    assert!(again.shelf().ledger_heads(0).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_for_a_ledger_that_was_written_anew() {
    let lived = Lived::new().await;
    let mine = seal(&lived).await;
    let size = mine.sign(lived.store.shelf()).await.unwrap().unwrap().size;
    lived
        .hand(&[
            "UPDATE decisions SET body = replace(body, 'imogen', 'ines')",
            "DELETE FROM ledger_nodes",
            "DELETE FROM ledger_entries",
            "DELETE FROM ledger_heads",
            "UPDATE meta SET imported = 0",
        ])
        .await;
    let again = SqliteStore::open(&lived.path()).await.unwrap();
    lived.agreed("kubectl delete ns", "n7").await;
    assert!(again.shelf().ledger_size().await.unwrap() > size);
    let refused = mine.sign(again.shelf()).await;
    assert!(matches!(refused, Err(SealError::Rewritten { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swapped_key_is_told_and_signs_nothing() {
    let lived = Lived::new().await;
    let mine = seal(&lived).await;
    mine.sign(lived.store.shelf()).await.unwrap();
    let note = lived.store.shelf().ledger_heads(0).await.unwrap().remove(0);
    std::fs::remove_file(lived.beside("key")).unwrap();
    let swapped = SigningKey::create(&lived.beside("key"), "acme/prod", Signs::Heads).unwrap();
    lived.agreed("kubectl delete ns", "n7").await;
    let refused = seal(&lived).await.sign(lived.store.shelf()).await;
    assert!(matches!(refused, Err(SealError::OtherKey { .. })), "{refused:?}");
    // Also where what is remembered was taken away with it: the heads in the store are told by it.
    std::fs::remove_file(lived.beside("head")).unwrap();
    let refused = seal(&lived).await.sign(lived.store.shelf()).await;
    let words = refused.unwrap_err().to_string();
    assert!(words.contains("another key"), "{words}");
    assert!(Head::open(&note, swapped.public(), &[]).is_err());
    assert!(Head::open(&note, mine.key().public(), &[]).is_ok());
}
