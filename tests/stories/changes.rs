//! A console reads only what changed, and sees the same as one that reads everything anew.

use crate::support::{
    desk::Desk,
    memory::{Answer, access_key, command, deploy_key, fault, pull_request},
};
use countersign::{
    domain::{ActionState, Credential, FaultKind, Gap, Part, SourceName},
    sources::Source as _,
    store::{CredentialRow, QueueRow, amend_credentials, amend_queue},
};
use std::sync::Arc;

/// What a console shows, kept up to date from changes alone.
struct Shown {
    version: i64,
    queue: Vec<Arc<QueueRow>>,
    credentials: Vec<Arc<CredentialRow>>,
}

/// Without the time a row was last seen, which moves with every poll.
fn told(rows: impl IntoIterator<Item = CredentialRow>) -> Vec<CredentialRow> {
    rows.into_iter().map(|row| CredentialRow { last_seen: row.first_seen, ..row }).collect()
}

impl Shown {
    async fn of(desk: &Desk) -> Self {
        let version = desk.store.version().await.unwrap();
        let (queue, _) = desk.store.queue(None).await.unwrap();
        let credentials = desk.store.credentials(true).await.unwrap();
        Self { version, queue, credentials: credentials.into_iter().map(Arc::new).collect() }
    }

    /// Takes in what changed; gives how many rows that were, and holds it against everything.
    async fn catch_up(&mut self, desk: &Desk) -> (usize, usize) {
        let version = desk.store.version().await.unwrap();
        let changes = desk.store.changes(self.version).await.unwrap().unwrap();
        self.version = version;
        self.queue = amend_queue(&self.queue, &changes);
        self.credentials = amend_credentials(&self.credentials, &changes);
        let anew = Self::of(desk).await;
        assert_eq!(self.queue, anew.queue);
        let owned = |rows: &[Arc<CredentialRow>]| told(rows.iter().map(|row| (**row).clone()));
        assert_eq!(owned(&self.credentials), owned(&anew.credentials));
        (changes.open.len() + changes.closed.len(), changes.credentials.len())
    }
}

fn keys(source: &SourceName, count: usize) -> Vec<Credential> {
    (0..count).map(|n| access_key(source, &format!("user-{n}"), &format!("AKIA{n}"))).collect()
}

async fn desk() -> (Desk, Shown) {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    desk.source.world(|world| {
        world.actions = (1..=5).map(|number| pull_request(&name, number, "aaa")).collect();
        world.credentials = keys(&name, 4);
    });
    desk.poll().await;
    let shown = Shown::of(&desk).await;
    (desk, shown)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_of_an_unchanged_world_changes_no_row() {
    let (desk, mut shown) = desk().await;
    desk.poll().await;
    assert!(desk.store.version().await.unwrap() > shown.version);
    assert_eq!(shown.catch_up(&desk).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_appears_changes_and_goes_is_all_there_is_to_read() {
    let (desk, mut shown) = desk().await;
    let name = desk.source.name().clone();
    desk.source.world(|world| {
        world.actions.remove(0);
        world.actions[0] = pull_request(&name, 2, "bbb");
        world.actions.push(pull_request(&name, 9, "aaa"));
        world.credentials.remove(1);
        world.credentials.push(deploy_key(&name, 7));
    });
    desk.poll().await;
    assert_eq!(shown.catch_up(&desk).await, (3, 2));
    assert_eq!(shown.queue.len(), 5);
    desk.store.put_action(&command("nonce"), jiff::Timestamp::now()).await.unwrap();
    assert_eq!(shown.catch_up(&desk).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_seen_by_others_on_its_way_and_when_it_is_answered() {
    let (desk, mut shown) = desk().await;
    let id = shown.queue[2].id.clone();
    desk.source.answers(Answer::Lost);
    desk.approve(&id).await.unwrap();
    assert_eq!(shown.catch_up(&desk).await, (1, 0));
    let row = shown.queue.iter().find(|row| row.id == id).unwrap();
    assert_eq!((row.state, row.decisions.len()), (ActionState::Deciding, 1));
    desk.review.recover().await.unwrap();
    assert_eq!(shown.catch_up(&desk).await, (1, 0));
    assert!(shown.queue.iter().all(|row| row.id != id), "it no longer waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_seen_by_others() {
    let (desk, mut shown) = desk().await;
    let id = shown.credentials[0].credential.id.clone();
    let preview = desk.review.preview_revoke(&id).await.unwrap();
    desk.review.revoke(&id, &preview, "leaked".into()).await.unwrap();
    assert_eq!(shown.catch_up(&desk).await, (0, 1));
    let row = shown.credentials.iter().find(|row| row.credential.id == id).unwrap();
    assert!(row.last_order.as_ref().is_some_and(|order| order.receipt.is_some()), "{row:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_turns_stale_or_fresh_again_is_read_again() {
    let (desk, mut shown) = desk().await;
    desk.source.fail(Some(fault(FaultKind::Timeout)));
    desk.poll().await;
    assert_eq!(shown.catch_up(&desk).await, (5, 4));
    assert!(shown.queue.iter().all(|row| row.stale));
    desk.poll().await;
    assert_eq!(shown.catch_up(&desk).await, (0, 0), "still failing is nothing new");
    desk.source.fail(None);
    desk.poll().await;
    assert_eq!(shown.catch_up(&desk).await, (5, 4));
    let part = Part::new("access-keys");
    desk.source.world(|world| {
        world.gaps = vec![Gap { part, fault: fault(FaultKind::Forbidden) }];
        world.credentials.clear();
    });
    desk.poll().await;
    assert_eq!(shown.catch_up(&desk).await, (0, 4));
    assert!(shown.credentials.iter().all(|row| row.stale));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_screenful_is_the_head_of_the_whole() {
    let (desk, shown) = desk().await;
    let (first, total) = desk.store.queue(Some(2)).await.unwrap();
    assert_eq!((first.as_slice(), total), (&shown.queue[..2], 5));
}
