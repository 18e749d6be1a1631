//! What the connection does with servers that misbehave: tiny TCP servers, one behaviour each.

use super::client::{Ask, Client, MOST_PAGES, Sent};
use crate::{config::TokenFrom, domain::FaultKind};
use http::Method;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// A server that answers every request with what `answer` makes of its number, and remembers
/// what it was sent.
struct Server {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn answering(answer: impl Fn(usize, &str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, count, base) = (seen.clone(), AtomicUsize::new(0), url.clone());
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((mut peer, _)) = listener.accept().await {
                let mut request = vec![0; 16 * 1024];
                let length = peer.read(&mut request).await.unwrap_or(0);
                log.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
                let text = answer(count.fetch_add(1, Ordering::Relaxed), &base);
                if text == "silence" {
                    tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_secs(30)).await;
                        drop(peer);
                    });
                    continue;
                }
                let _ = peer.write_all(text.as_bytes()).await;
                let _ = peer.shutdown().await;
            }
        });
        Self { url, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn client(&self) -> Client {
        client(&self.url)
    }
}

fn client(host: &str) -> Client {
    let token = TokenFrom::Command(vec!["printf".into(), "canary-token".into()]);
    Client::new(Some(host), token).unwrap().with_timeout(Duration::from_secs(5))
}

fn ok(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )
}

async fn kind_of(client: &Client) -> FaultKind {
    let session = client.session(false).await.unwrap();
    session.json::<Vec<u64>>(&Ask::json("/x")).await.unwrap_err().kind
}

#[tokio::test]
async fn every_way_a_read_can_break_has_its_own_name() {
    for (answer, kind) in [
        (ok("", "<html>"), FaultKind::Malformed),
        (ok("", "[1, 2"), FaultKind::Malformed),
        (ok("", "{\"a\": 1}"), FaultKind::Malformed),
        (ok("", "[1]").replace("content-length: 3", "content-length: 9"), FaultKind::Malformed),
        ("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".into(), FaultKind::Malformed),
        ("no http at all\r\n\r\n".into(), FaultKind::Connect),
        (String::new(), FaultKind::Connect),
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n".into(), FaultKind::ServerError),
        ("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n".into(), FaultKind::BadToken),
    ] {
        let shown = answer.clone();
        let server = Server::answering(move |_, _| answer.clone()).await;
        assert_eq!(kind_of(&server.client()).await, kind, "{shown}");
        assert_eq!(server.seen().len(), 1, "a read is not repeated either: {shown}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_times_out() {
    let server = Server::answering(|_, _| "silence".into()).await;
    let client = server.client().with_timeout(Duration::from_millis(200));
    assert_eq!(kind_of(&client).await, FaultKind::Timeout);
}

#[tokio::test]
async fn what_prevents_a_connection_is_told_apart() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    assert_eq!(kind_of(&client(&closed)).await, FaultKind::Connect);
    assert_eq!(kind_of(&client("https://no-such-host.invalid")).await, FaultKind::Dns);
    let plain = Server::answering(|_, _| ok("", "[]")).await;
    let over_tls = plain.url.replace("http://", "https://");
    assert_eq!(kind_of(&client(&over_tls)).await, FaultKind::Tls);
}

#[tokio::test]
async fn pages_are_followed_to_the_end_whether_links_are_absolute_or_relative() {
    let server = Server::answering(|number, base| match number {
        0 => ok(
            &format!("link: <{base}/x?page=9>; rel=\"last\", <{base}/x?page=2>; rel=\"next\"\r\n"),
            "[1]",
        ),
        1 => ok("link: </x?page=3>; rel=\"next\"\r\n", "[2]"),
        _ => ok("", "[3]"),
    })
    .await;
    let client = server.client();
    let session = client.session(false).await.unwrap();
    let listing = session.pages::<Vec<u64>>(&Ask::json("/x?per_page=100")).await;
    assert_eq!(listing.items, [1, 2, 3]);
    assert!(listing.fault.is_none());
    let paths: Vec<_> =
        server.seen().iter().map(|text| text.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(paths, ["/x?per_page=100", "/x?page=2", "/x?page=3"]);
}

#[tokio::test]
async fn a_link_to_another_server_is_an_error_and_our_token_never_goes_there() {
    let elsewhere = Server::answering(|_, _| ok("", "[9]")).await;
    let theirs = elsewhere.url.clone();
    let ours_but_longer = Server::answering(|_, base| {
        ok(&format!("link: <{base}0.evil.example/x>; rel=\"next\"\r\n"), "[1]")
    })
    .await;
    let linking =
        Server::answering(move |_, _| ok(&format!("link: <{theirs}/x>; rel=\"next\"\r\n"), "[1]"))
            .await;
    let theirs = elsewhere.url.clone();
    let redirecting = Server::answering(move |_, _| {
        format!("HTTP/1.1 302 Found\r\nlocation: {theirs}/x\r\ncontent-length: 0\r\n\r\n")
    })
    .await;
    for (server, read) in [(linking, 1), (ours_but_longer, 1), (redirecting, 0)] {
        let client = server.client();
        let session = client.session(false).await.unwrap();
        let listing = session.pages::<Vec<u64>>(&Ask::json("/x")).await;
        assert_eq!(listing.items.len(), read, "what was read before is kept");
        let fault = listing.fault.unwrap();
        assert_eq!(fault.kind, FaultKind::Malformed);
        assert!(fault.detail.raw().contains("another server"), "{:?}", fault.detail);
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_listing_that_never_ends_is_cut_and_said_to_be() {
    let server = Server::answering(|number, base| {
        ok(&format!("link: <{base}/x?page={}>; rel=\"next\"\r\n", number + 2), "[1]")
    })
    .await;
    let client = server.client();
    let session = client.session(false).await.unwrap();
    let listing = session.pages::<Vec<u64>>(&Ask::json("/x")).await;
    assert_eq!(listing.items.len(), MOST_PAGES);
    assert!(listing.fault.unwrap().detail.raw().contains("more than 50 pages"));
}

#[tokio::test]
async fn a_redirect_on_the_same_server_is_followed_by_reads_and_a_circle_is_left() {
    let server = Server::answering(|number, _| match number {
        0 => "HTTP/1.1 301 Moved\r\nlocation: /repositories/7\r\ncontent-length: 0\r\n\r\n".into(),
        _ => ok("", "[7]"),
    })
    .await;
    let client = server.client();
    let session = client.session(false).await.unwrap();
    assert_eq!(session.json::<Vec<u64>>(&Ask::json("/x")).await.unwrap(), [7]);
    let circle = Server::answering(|_, _| {
        "HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n".into()
    })
    .await;
    assert_eq!(kind_of(&circle.client()).await, FaultKind::Malformed);
    assert!(circle.seen().len() < 6);
}

#[tokio::test]
async fn a_write_is_sent_once_whatever_comes_back() {
    let body = serde_json::json!({"state": "approved"});
    for answer in [
        "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 429 Slow down\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
        "",
        "silence",
    ] {
        let server = Server::answering(move |_, _| answer.to_owned()).await;
        let client = server.client().with_timeout(Duration::from_millis(500));
        let session = client.session(true).await.unwrap();
        let sent = session.send(Method::POST, "/x", Some(&body)).await;
        let answered = answer.contains("content-length: 0");
        assert_eq!(matches!(sent, Sent::Answered(..)), answered, "{answer}: {sent:?}");
        assert_eq!(matches!(sent, Sent::Lost(_)), !answered, "{answer}: {sent:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(server.seen().len(), 1, "{answer}");
    }
}

#[tokio::test]
async fn a_write_that_finds_no_server_was_not_sent() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let client = client(&closed);
    let session = client.session(true).await.unwrap();
    assert!(matches!(session.send(Method::DELETE, "/x", None).await, Sent::Unsent(_)));
}

#[tokio::test]
async fn an_unchanged_listing_is_asked_for_conditionally_and_a_fresh_session_asks_past_it() {
    let server = Server::answering(|number, _| match number {
        0 | 2 => ok("etag: \"v1\"\r\n", "[1]"),
        _ => "HTTP/1.1 304 Not Modified\r\netag: \"v1\"\r\nconnection: close\r\n\r\n".into(),
    })
    .await;
    let client = server.client();
    for fresh in [false, false, true] {
        let session = client.session(fresh).await.unwrap();
        assert_eq!(session.json::<Vec<u64>>(&Ask::json("/x")).await.unwrap(), [1]);
    }
    let conditional: Vec<_> =
        server.seen().iter().map(|text| text.contains("if-none-match: \"v1\"")).collect();
    assert_eq!(conditional, [false, true, false]);
}

#[tokio::test]
async fn after_a_rate_limit_nothing_is_asked_until_it_is_over() {
    let server = Server::answering(|_, _| {
        "HTTP/1.1 429 Too Many\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n".into()
    })
    .await;
    let client = server.client();
    for _ in 0..3 {
        assert_eq!(kind_of(&client).await, FaultKind::RateLimited);
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn requests_carry_one_user_agent_and_the_token() {
    let server = Server::answering(|_, _| ok("", "[]")).await;
    let client = server.client();
    let session = client.session(false).await.unwrap();
    session.json::<Vec<u64>>(&Ask::json("/x")).await.unwrap();
    let sent = server.seen().remove(0);
    assert!(sent.contains("authorization: Bearer canary-token\r\n"), "{sent}");
    assert_eq!(sent.matches("user-agent:").count(), 1);
    assert!(sent.contains("user-agent: countersign/"));
}

#[tokio::test]
async fn a_host_that_would_leak_the_token_is_refused() {
    for host in [
        "http://ghe.example.com/api/v3",
        "ghe.example.com",
        "https://user:pass@ghe.example.com",
        "ftp://ghe.example.com",
        "",
    ] {
        let token = TokenFrom::Env("X".into());
        let Err(fault) = Client::new(Some(host), token) else { panic!("{host} was accepted") };
        assert_eq!(fault.kind, FaultKind::Local);
    }
    let token = TokenFrom::Env("X".into());
    let client = Client::new(Some("https://ghe.example.com/api/v3/"), token).unwrap();
    assert_eq!(client.base(), "https://ghe.example.com/api/v3");
}
