//! Out through a proxy, as bastion hosts have to.

use crate::support::program::Program;
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// The head of a request for a tunnel, and the first bytes that went through it.
type Tunnelled = (String, Vec<u8>);

/// A proxy that notes whom it is asked for and what comes through the tunnel first.
struct Proxy {
    address: String,
    seen: Arc<Mutex<Vec<Tunnelled>>>,
}

impl Proxy {
    async fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((mut peer, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match peer.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let _ = peer.write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes()).await;
                    let mut first = vec![0; 2048];
                    let count = if answer.starts_with("200") {
                        peer.read(&mut first).await.unwrap_or(0)
                    } else {
                        0
                    };
                    first.truncate(count);
                    kept.lock().unwrap().push((String::from_utf8_lossy(&head).into_owned(), first));
                });
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<Tunnelled> {
        self.seen.lock().unwrap().clone()
    }
}

fn github(proxy: &Proxy) -> Program {
    Program::configured(
        "[[github]]\norg = \"acme\"\nhost = \"https://ghe.example.invalid/api/v3\"\n\
         token = { env = \"GITHUB_TOKEN\" }\n",
    )
    .with("GITHUB_TOKEN", "ghp_0123456789abcdef0123456789abcdef0123")
    .with("HTTPS_PROXY", &format!("http://robin:hunter2@{}", proxy.address))
}

#[tokio::test(flavor = "multi_thread")]
async fn github_is_asked_through_a_tunnel_that_hides_the_token_from_the_proxy() {
    let proxy = Proxy::answering("200 Connection established").await;
    let ran = github(&proxy).run(&["doctor"]);
    let seen = proxy.seen();
    let (head, first) = seen.first().expect("the proxy was asked");
    assert!(head.starts_with("CONNECT ghe.example.invalid:443 HTTP/1.1"), "{head}");
    assert!(
        head.to_lowercase().contains("proxy-authorization: basic cm9iaw46ahvudgvymg=="),
        "{head}"
    );
    assert!(!head.contains("ghp_"), "{head}");
    assert_eq!(first[0], 0x16, "TLS begins inside the tunnel");
    assert!(first.windows(19).any(|part| part == b"ghe.example.invalid"), "for the right server");
    assert!(ran.stdout.contains(&format!("proxy: {}", proxy.address)), "{ran:?}");
    assert!(!ran.stdout.contains("hunter2") && !ran.stderr.contains("hunter2"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_is_named_with_its_reason() {
    let proxy = Proxy::answering("407 Proxy Authentication Required").await;
    let ran = github(&proxy).run(&["audit"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains(&format!("through the proxy {}", proxy.address)), "{ran:?}");
    assert!(ran.stderr.contains("proxy authorization required"), "{ran:?}");
    assert!(ran.stderr.contains("check the network, the proxy settings"), "{ran:?}");
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_of_no_proxy_are_asked_directly() {
    let proxy = Proxy::answering("200 Connection established").await;
    let ran = github(&proxy).with("NO_PROXY", "localhost,.example.invalid").run(&["doctor"]);
    assert!(proxy.seen().is_empty(), "{:?}", proxy.seen());
    assert!(ran.stdout.contains("DNS error"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn aws_is_asked_through_the_same_proxy() {
    let proxy = Proxy::answering("200 Connection established").await;
    let program = Program::configured(
        "[[aws]]\nname = \"prod\"\nregion = \"us-east-1\"\n\
         endpoint_url = \"https://iam.example.invalid\"\n",
    )
    .with("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    .with("AWS_SECRET_ACCESS_KEY", "example")
    .with("HTTPS_PROXY", &format!("http://{}", proxy.address));
    let ran = program.run(&["audit"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let seen = proxy.seen();
    assert!(seen[0].0.starts_with("CONNECT iam.example.invalid:443"), "{seen:?}");
    assert_eq!(seen[0].1[0], 0x16);
}
