//! Taking a credential away, and giving it back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

use crate::support::{
    desk::{Desk, quick, until},
    memory::{Answer, access_key, deploy_key, role},
};
use countersign::{
    domain::{
        ActivityKind, Credential, CredentialId, CredentialStatus, OrderKind, OrderState, Outcome,
        Untrusted,
    },
    review::{RevokeError, Timing},
    sources::Source,
};
use std::time::Duration;

async fn desk_with(
    make: impl Fn(&countersign::domain::SourceName) -> Credential,
) -> (Desk, CredentialId) {
    let desk = Desk::new().await;
    let credential = make(desk.source.name());
    desk.source.world(|world| world.credentials = vec![credential.clone()]);
    desk.poll().await;
    (desk, credential.id)
}

async fn status(desk: &Desk, id: &CredentialId) -> CredentialStatus {
    desk.store.credential(id).await.unwrap().unwrap().credential.status
}

async fn revoke(desk: &Desk, id: &CredentialId) -> Outcome {
    let preview = desk.review.preview_revoke(id).await.unwrap();
    desk.review.revoke(id, &preview, "leaked".into()).await.unwrap().outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_sends_nothing() {
    let (desk, id) = desk_with(|source| access_key(source, "agent", "AKIAEXAMPLE")).await;

    let preview = desk.review.preview_revoke(&id).await.unwrap();

    assert!(matches!(preview.order, OrderKind::SetAccessKey { active: false, .. }));
    assert!(desk.source.sent().is_empty());
    assert!(desk.store.orders(false).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_shows_inactive_at_once_and_restore_brings_it_back() {
    let (desk, id) = desk_with(|source| access_key(source, "agent", "AKIAEXAMPLE")).await;

    assert_eq!(revoke(&desk, &id).await, Outcome::Done);

    let row = desk.store.credential(&id).await.unwrap().unwrap();
    assert_eq!(row.credential.status, CredentialStatus::Inactive);
    let order = row.last_order.unwrap();
    assert_eq!((order.state, order.order.reason), (OrderState::Done, Untrusted::new("leaked")));

    desk.poll().await;
    assert_eq!(status(&desk, &id).await, CredentialStatus::Inactive);
    let altered = desk.told(ActivityKind::Altered).await;
    assert!(altered.is_empty(), "our own order is no news: {altered:?}");

    let back = desk.review.preview_restore(&id).await.unwrap();
    let receipt = desk.review.restore(&id, &back, "false alarm".into()).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Done);
    assert_eq!(status(&desk, &id).await, CredentialStatus::Active);
    assert_eq!(desk.source.sent().len(), 2);

    let nothing = desk.review.preview_restore(&id).await.unwrap_err();
    assert!(matches!(nothing, RevokeError::NothingToRestore(_)), "{nothing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_sealed_and_unsealed() {
    let (desk, id) = desk_with(|source| role(source, "agent-deployer")).await;

    revoke(&desk, &id).await;
    assert_eq!(status(&desk, &id).await, CredentialStatus::Sealed);

    let back = desk.review.preview_restore(&id).await.unwrap();
    desk.review.restore(&id, &back, Untrusted::default()).await.unwrap();
    assert_eq!(status(&desk, &id).await, CredentialStatus::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_deploy_key_is_gone_and_cannot_be_restored_but_its_public_half_is_kept() {
    let (desk, id) = desk_with(|source| deploy_key(source, 7)).await;

    revoke(&desk, &id).await;

    assert_eq!(status(&desk, &id).await, CredentialStatus::Gone);
    assert!(desk.store.credentials(false).await.unwrap().is_empty());
    let refused = desk.review.preview_restore(&id).await.unwrap_err();
    assert!(matches!(refused, RevokeError::NotUndoable(_)), "{refused}");
    assert!(refused.to_string().contains(&format!("countersign show {id}")), "{refused}");
    let order = desk.store.orders(false).await.unwrap().remove(0).order;
    let OrderKind::DeleteDeployKey { public_key, .. } = order.kind else { panic!() };
    assert_eq!(public_key.raw(), "ssh-ed25519 AAAA");

    desk.poll().await;
    assert!(desk.told(ActivityKind::Disappeared).await.is_empty(), "our own order is no news");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_the_preview_is_not_revoked() {
    let (desk, id) = desk_with(|source| deploy_key(source, 7)).await;
    let preview = desk.review.preview_revoke(&id).await.unwrap();
    desk.source.world(|world| world.credentials[0].label = "another key".into());

    let refused = desk.review.revoke(&id, &preview, Untrusted::default()).await.unwrap_err();

    assert!(matches!(refused, RevokeError::Changed), "{refused}");
    assert!(desk.source.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_consoles_that_revoke_one_key_at_once_leave_it_revoked_and_no_order_open() {
    let (desk, id) = desk_with(|source| access_key(source, "agent", "AKIAEXAMPLE")).await;
    let other = desk.beside("bo").await;
    let preview = desk.review.preview_revoke(&id).await.unwrap();

    let (one, two) = tokio::join!(
        desk.review.revoke(&id, &preview, Untrusted::default()),
        other.review.revoke(&id, &preview, Untrusted::default()),
    );

    let sent = desk.source.sent().len();
    let carried = [&one, &two].into_iter().filter(|answer| answer.is_ok()).count();
    assert!(carried >= 1 && sent == carried, "{one:?} {two:?}");
    for refused in [one, two].into_iter().filter_map(Result::err) {
        assert!(matches!(refused, RevokeError::Busy(_)), "{refused}");
    }
    assert_eq!(status(&desk, &id).await, CredentialStatus::Inactive);
    assert!(desk.store.orders(true).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_revocation_is_on_its_way_no_second_one_is_sent() {
    let (desk, id) = desk_with(|source| access_key(source, "agent", "AKIAEXAMPLE")).await;
    let preview = desk.review.preview_revoke(&id).await.unwrap();
    desk.source.answers(Answer::Hang);
    let timing = Timing { carry_out: Duration::from_mins(10), ..quick() };
    let (review, of, shown) =
        (desk.review.clone().with_timing(timing), id.clone(), preview.clone());
    let first = tokio::spawn(async move { review.revoke(&of, &shown, "leaked".into()).await });
    until("the order reaches the source", || async { !desk.source.sent().is_empty() }).await;

    let second = desk.review.revoke(&id, &preview, Untrusted::default()).await.unwrap_err();

    assert!(matches!(second, RevokeError::Busy(_)), "{second}");
    assert_eq!(desk.source.sent().len(), 1);
    first.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_revocation_leaves_the_credential_as_it_is() {
    let (desk, id) = desk_with(|source| role(source, "agent-deployer")).await;
    desk.source.answers(Answer::Refused("AccessDenied: iam:PutRolePolicy"));

    assert_eq!(revoke(&desk, &id).await, Outcome::Refused);

    assert_eq!(status(&desk, &id).await, CredentialStatus::Active);
    let nothing = desk.review.preview_restore(&id).await.unwrap_err();
    assert!(matches!(nothing, RevokeError::NothingToRestore(_)), "{nothing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_whose_answer_was_lost_is_looked_up() {
    let (desk, id) = desk_with(|source| access_key(source, "agent", "AKIAEXAMPLE")).await;
    desk.source.answers(Answer::Lost);
    assert_eq!(revoke(&desk, &id).await, Outcome::Unknown);
    assert_eq!(status(&desk, &id).await, CredentialStatus::Active);

    assert_eq!(desk.review.recover().await.unwrap(), 1);

    assert_eq!(status(&desk, &id).await, CredentialStatus::Inactive);
    assert_eq!(desk.source.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_began_before_a_revocation_does_not_show_the_key_active_again() {
    let (desk, id) = desk_with(|source| access_key(source, "agent", "AKIAEXAMPLE")).await;
    let old = desk.source.observation();
    let began = jiff::Timestamp::now();
    tokio::time::sleep(Duration::from_millis(3)).await;
    revoke(&desk, &id).await;

    desk.store.record_poll(desk.source.name(), &old, began, began).await.unwrap();

    assert_eq!(status(&desk, &id).await, CredentialStatus::Inactive);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_credential_is_named_in_the_refusal() {
    let desk = Desk::new().await;
    let id: CredentialId = "c-0123456789".parse().unwrap();

    let refused = desk.review.preview_revoke(&id).await.unwrap_err();

    assert!(refused.to_string().contains("c-0123456789"), "{refused}");
}
