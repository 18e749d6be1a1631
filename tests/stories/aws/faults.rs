//! Answers no well-behaved server gives: every one is told apart, and no write is sent twice.

use super::by_label;
use crate::support::aws::{
    Reply, TinyServer, blurting_server, count, credentials, order, plain_lens, poll, settings,
    source_at,
};
use countersign::{
    domain::{CredentialKind, Fate, FaultKind, LastUsed, Locator, OrderKind, Outcome, SourceFault},
    sources::{Progress, Source, aws::AwsSource},
};
use std::{collections::BTreeSet, time::Duration};

/// How a poll of a server that answers like this fails.
async fn fault_of(answer: impl Fn() -> Reply + Send + Sync + 'static) -> SourceFault {
    let server = TinyServer::start(move |_, _| answer()).await;
    let source = source_at(&server.url).await;
    source.poll(&Progress::new()).await.expect_err("a fault")
}

const IDENTITY: &str = "sts:GetCallerIdentity";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_no_api_answer_is_called_malformed() {
    let page = || Reply::Http(500, "text/html", "<!doctype html><h1>oops</h1>".to_owned());
    let fault = fault_of(page).await;
    assert_eq!((fault.kind, fault.during.as_str()), (FaultKind::Malformed, IDENTITY), "{fault:?}");
    let login = || Reply::Http(200, "text/html", "<html><form>sign in</form></html>".to_owned());
    assert_eq!(fault_of(login).await.kind, FaultKind::Malformed);
    let cut = || Reply::xml(200, "<GetCallerIdentityResponse xmlns=\"x\"><GetCallerIdent");
    assert_eq!(fault_of(cut).await.kind, FaultKind::Malformed);
    let noise = || Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n");
    let fault = fault_of(noise).await;
    assert_eq!(fault.kind, FaultKind::Malformed, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_aws_are_told_apart_by_their_code() {
    let cases = [
        (403, "InvalidClientTokenId", FaultKind::BadToken),
        (403, "ExpiredToken", FaultKind::BadToken),
        (403, "SignatureDoesNotMatch", FaultKind::BadToken),
        (403, "AccessDenied", FaultKind::Forbidden),
        (400, "Throttling", FaultKind::RateLimited),
        (500, "ServiceFailure", FaultKind::ServerError),
        (400, "SomethingNew", FaultKind::Refused),
    ];
    // Side by side, because reads are repeated with growing pauses.
    futures::future::join_all(cases.map(|(status, code, kind)| async move {
        let fault = fault_of(move || {
            Reply::error(
                status,
                code,
                "User: x is not authorized to perform: iam:ListUsers on resource: y",
            )
        })
        .await;
        assert_eq!(fault.kind, kind, "{code}: {fault:?}");
        let missing = (kind == FaultKind::Forbidden).then_some("iam:ListUsers");
        assert_eq!(fault.missing_permission.as_deref(), missing);
        assert!(fault.detail.raw().contains(code), "{fault:?}");
    }))
    .await;
    let fault = fault_of(|| Reply::xml(429, "slow down")).await;
    assert_eq!(fault.kind, FaultKind::RateLimited);
    assert_eq!(fault.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(fault_of(|| Reply::xml(503, "")).await.kind, FaultKind::ServerError);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_at_all_is_told_by_its_cause() {
    let fault = fault_of(|| Reply::HangUp).await;
    assert_eq!(fault.kind, FaultKind::Connect, "{fault:?}");
    let cut = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 5000\r\n\r\n<GetCallerIdentityResponse>";
    let fault = fault_of(|| Reply::Raw(cut)).await;
    assert_eq!(fault.kind, FaultKind::Malformed, "{fault:?}");

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let plain = blurting_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let endpoints = [
        (format!("http://{free}"), FaultKind::Connect),
        ("http://no-such-host.invalid".to_owned(), FaultKind::Dns),
        (format!("https://{plain}"), FaultKind::Tls),
    ];
    futures::future::join_all(endpoints.map(|(endpoint, kind)| async move {
        let fault = source_at(&endpoint).await.poll(&Progress::new()).await.unwrap_err();
        assert_eq!(fault.kind, kind, "{endpoint}: {fault:?}");
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_profile_is_a_credential_problem_and_not_a_crash() {
    let server = TinyServer::start(|_, _| Reply::identity("111122223333")).await;
    let mut missing = settings(&server.url);
    missing.profile = Some("countersign-no-such-profile".to_owned());
    let source = AwsSource::connect(&missing, plain_lens()).await;
    let fault = source.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::BadToken, "{fault:?}");
    assert!(fault.detail.raw().contains("countersign-no-such-profile"), "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_we_may_not_assume_is_named() {
    let server = TinyServer::start(|action, _| match action {
        "AssumeRole" => Reply::error(
            403,
            "AccessDenied",
            "User: a is not authorized to perform: sts:AssumeRole on resource: b",
        ),
        _ => Reply::identity("111122223333"),
    })
    .await;
    let mut role = settings(&server.url);
    role.role_arn = Some("arn:aws:iam::111122223333:role/auditor".to_owned());
    let source = AwsSource::connect_as(&role, plain_lens(), credentials("test", "test")).await;
    let fault = source.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Forbidden, "{fault:?}");
    assert_eq!(fault.missing_permission.as_deref(), Some("sts:AssumeRole"));
}

/// One page of authorization details with one user, in the form of the query protocol.
fn details_page(user: &str, next: Option<&str>) -> Reply {
    let next = match next {
        Some(marker) => format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>"),
        None => "<IsTruncated>false</IsTruncated>".to_owned(),
    };
    Reply::xml(
        200,
        format!(
            "<GetAccountAuthorizationDetailsResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetAccountAuthorizationDetailsResult>{next}<UserDetailList><member><UserName>{user}</UserName><Path>/</Path><Arn>arn:aws:iam::111122223333:user/{user}</Arn></member></UserDetailList></GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>"
        ),
    )
}

fn keys_page(user: &str) -> Reply {
    Reply::xml(
        200,
        format!(
            "<ListAccessKeysResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata><member><UserName>{user}</UserName><AccessKeyId>AKIA{user}</AccessKeyId><Status>Active</Status></member></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>"
        ),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_read_and_a_user_deleted_meanwhile_is_no_failure() {
    let server = TinyServer::start(|action, body| match action {
        "GetCallerIdentity" => Reply::identity("111122223333"),
        "GetAccountAuthorizationDetails" if body.contains("Marker=two") => {
            details_page("bob", None)
        }
        "GetAccountAuthorizationDetails" => details_page("alice", Some("two")),
        "ListAccessKeys" if body.contains("UserName=bob") => {
            Reply::error(404, "NoSuchEntity", "The user with name bob cannot be found.")
        }
        "ListAccessKeys" => keys_page("alice"),
        _ => Reply::error(403, "AccessDenied", "no"),
    })
    .await;
    let seen = poll(&source_at(&server.url).await).await;
    assert_eq!(count(&seen, CredentialKind::AccessKey), 1);
    let key = by_label(&seen, "AKIAalice");
    let expected = Locator::AccessKey {
        account: "111122223333".to_owned(),
        user: "alice".to_owned(),
        key_id: "AKIAalice".to_owned(),
    };
    assert_eq!(key.locator, expected);
    assert_eq!(key.last_used, LastUsed::Unknown, "we could not ask, so it is not called never");
    let users = seen.counts.iter().find(|count| count.what == "users").unwrap();
    assert_eq!(users.number, 2);
    let mut gaps: Vec<&str> = seen.gaps.iter().map(|gap| gap.part.0.as_str()).collect();
    gaps.sort_unstable();
    assert_eq!(
        gaps,
        ["account alias", "last use of access keys", "oidc-providers", "saml-providers"]
    );
}

/// An account with more users than one poll has time for.
#[tokio::test(flavor = "multi_thread")]
async fn users_a_poll_has_no_time_for_are_named_and_come_first_in_the_next() {
    let server = TinyServer::start(|action, body| match action {
        "GetCallerIdentity" => Reply::identity("111122223333"),
        "GetAccountAuthorizationDetails" if body.contains("Marker=two") => {
            details_page("bob", None)
        }
        "GetAccountAuthorizationDetails" => details_page("alice", Some("two")),
        "ListAccessKeys" if body.contains("UserName=bob") => keys_page("bob"),
        "ListAccessKeys" => keys_page("alice"),
        _ => Reply::error(403, "AccessDenied", "no"),
    })
    .await;
    let source = source_at(&server.url).await.with_key_budget(Duration::ZERO);
    let mut read = BTreeSet::new();
    for _ in 0..2 {
        let seen = poll(&source).await;
        let keys = seen.credentials.iter().filter(|c| c.kind() == CredentialKind::AccessKey);
        read.extend(keys.map(|key| key.label.raw().to_owned()));
        let gap = seen.gaps.iter().find(|gap| gap.part.0 == "access-keys").expect("a gap");
        let said = gap.fault.detail.raw();
        assert!(said.starts_with("1 of 2 users not read"), "{said}");
    }
    assert_eq!(read.into_iter().collect::<Vec<_>>(), ["AKIAalice", "AKIAbob"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_of_a_key_is_not_asked_again_within_minutes() {
    let used = "<GetAccessKeyLastUsedResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetAccessKeyLastUsedResult><UserName>alice</UserName><AccessKeyLastUsed><LastUsedDate>2026-03-01T10:00:00Z</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>";
    let server = TinyServer::start(move |action, _| match action {
        "GetCallerIdentity" => Reply::identity("111122223333"),
        "GetAccountAuthorizationDetails" => details_page("alice", None),
        "ListAccessKeys" => keys_page("alice"),
        "GetAccessKeyLastUsed" => Reply::xml(200, used),
        _ => Reply::error(403, "AccessDenied", "no"),
    })
    .await;
    let source = source_at(&server.url).await;
    for _ in 0..3 {
        let seen = poll(&source).await;
        let LastUsed::At { at, what } = &by_label(&seen, "AKIAalice").last_used else {
            panic!("{seen:?}")
        };
        assert_eq!(at.to_string(), "2026-03-01T10:00:00Z");
        assert_eq!(what.raw(), "s3 in eu-west-1");
    }
    assert_eq!(server.asked("ListAccessKeys"), 3);
    assert_eq!(server.asked("GetAccessKeyLastUsed"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_never_ends_is_cut_off_and_keeps_what_was_there() {
    let server = TinyServer::start(|action, _| match action {
        "GetCallerIdentity" => Reply::identity("111122223333"),
        "GetAccountAuthorizationDetails" => details_page("alice", Some("again")),
        "ListOpenIDConnectProviders" => Reply::xml(200, "<ListOpenIDConnectProvidersResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListOpenIDConnectProvidersResult><OpenIDConnectProviderList/></ListOpenIDConnectProvidersResult></ListOpenIDConnectProvidersResponse>"),
        _ => Reply::error(403, "AccessDenied", "no"),
    })
    .await;
    let seen = poll(&source_at(&server.url).await).await;
    assert_eq!(server.asked("GetAccountAuthorizationDetails"), 2);
    for part in ["roles", "access-keys"] {
        let gap = seen.gaps.iter().find(|gap| gap.part.0 == part).unwrap();
        assert_eq!(gap.fault.kind, FaultKind::Malformed, "{gap:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_lost_is_sent_once_and_reported_as_unknown() {
    for reply in [
        || Reply::HangUp,
        || Reply::xml(500, "<ErrorResponse/>"),
        || Reply::xml(200, "<UpdateAccessKeyRes"),
        || Reply::Http(200, "text/html", "<html>please sign in</html>".to_owned()),
        || Reply::error(503, "ServiceUnavailable", "later"),
    ] {
        let server = TinyServer::start(move |action, _| match action {
            "GetCallerIdentity" => Reply::identity("111122223333"),
            "ListAccessKeys" => keys_page("kiro"),
            _ => reply(),
        })
        .await;
        let source = source_at(&server.url).await;
        let kind = OrderKind::SetAccessKey {
            user: "kiro".to_owned(),
            key_id: "AKIAkiro".to_owned(),
            active: false,
        };
        let mut order = order(&source, kind);
        let receipt = source.carry_out(&order).await.unwrap();
        assert_eq!(receipt.outcome, Outcome::Unknown, "{receipt:?}");
        assert_eq!(server.asked("UpdateAccessKey"), 1);
        order.at = jiff::Timestamp::UNIX_EPOCH;
        assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_cannot_be_sent_is_a_fault_and_not_a_receipt() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let source = source_at(&format!("http://{free}")).await;
    let kind = OrderKind::SealRole { role: "agent".to_owned() };
    let fault = source.carry_out(&order(&source, kind)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Connect, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_came_to_mean_another_account_is_sent_nothing() {
    let server = TinyServer::start(|action, _| match action {
        "GetCallerIdentity" => Reply::identity("999988887777"),
        _ => Reply::error(500, "Unexpected", "nothing may be asked"),
    })
    .await;
    let source = source_at(&server.url).await;
    let kind = OrderKind::SetAccessKey {
        user: "kiro".to_owned(),
        key_id: "AKIAkiro".to_owned(),
        active: false,
    };
    let mut order = order(&source, kind);
    let previewed = Locator::AccessKey {
        account: "111122223333".to_owned(),
        user: "kiro".to_owned(),
        key_id: "AKIAkiro".to_owned(),
    };
    order.credential = Some(previewed.id(source.name()));
    let fault = source.carry_out(&order).await.unwrap_err();
    assert!(fault.detail.raw().contains("999988887777"), "{fault:?}");
    assert_eq!(server.asked("UpdateAccessKey"), 0);
    assert!(source.fate(&order).await.is_err(), "nor is its fate looked up there");
}
