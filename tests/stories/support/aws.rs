//! Accounts of their own in moto, a builder for what is in them, and a tiny server for answers
//! that moto never gives.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use aws_sdk_iam::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use countersign::{
    catalogue::Catalogue,
    config::{AwsAccount, ProductionRules},
    domain::{CredentialKind, Observation, Order, OrderId, OrderKind},
    sources::{Lens, Progress, Source, aws::AwsSource},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Held while the second moto checks permissions, or is seeded: that is one switch for everybody.
pub static ENFORCEMENT: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Nobody is an AI tool, nothing is production: what sources see by themselves.
pub fn plain_lens() -> Lens {
    Lens {
        catalogue: Arc::new(Catalogue::default()),
        production: Arc::new(ProductionRules::default()),
    }
}

/// Settings of `[[aws]]` that point to a server.
pub fn settings(endpoint: &str) -> AwsAccount {
    AwsAccount {
        name: "test".to_owned(),
        profile: None,
        role_arn: None,
        external_id: None,
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(endpoint.to_owned()),
        scps: None,
        resource_policies: None,
        resources: None,
        production: None,
    }
}

/// Credentials that need no environment.
pub fn credentials(id: &str, secret: &str) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new(id, secret, None, None, "test"))
}

/// A source that asks `endpoint`.
pub async fn source_at(endpoint: &str) -> AwsSource {
    AwsSource::connect_as(&settings(endpoint), plain_lens(), credentials("test", "test")).await
}

/// Polls once.
pub async fn poll(source: &AwsSource) -> Observation {
    source.poll(&Progress::new()).await.expect("a poll that works")
}

/// An order as a reviewer would give it.
pub fn order(source: &AwsSource, kind: OrderKind) -> Order {
    Order {
        id: OrderId::derive(&["test"]),
        source: source.name().clone(),
        kind,
        action: None,
        credential: None,
        by: "ada".into(),
        reason: "test".into(),
        at: jiff::Timestamp::now(),
    }
}

/// An AWS account of moto that no other test knows.
pub struct Account {
    pub id: String,
    pub iam: aws_sdk_iam::Client,
    endpoint: String,
}

impl Account {
    pub async fn fresh(endpoint: &str) -> Self {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let micros = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
        let number = u64::try_from(micros % 10_000_000_000).unwrap() * 100
            + COUNTER.fetch_add(1, Ordering::Relaxed) % 100;
        let id = format!("{number:012}");
        let base = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(endpoint)
            .credentials_provider(credentials("test", "test"))
            .build();
        let session = aws_sdk_sts::Client::from_conf(base)
            .assume_role()
            .role_arn(format!("arn:aws:iam::{id}:role/seed"))
            .role_session_name("seed")
            .send()
            .await
            .expect("moto lets anyone assume any role")
            .credentials
            .unwrap();
        let inside = Credentials::new(
            session.access_key_id,
            session.secret_access_key,
            Some(session.session_token),
            None,
            "seed",
        );
        let config = aws_sdk_iam::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(endpoint)
            .credentials_provider(inside)
            .build();
        Self { id, iam: aws_sdk_iam::Client::from_conf(config), endpoint: endpoint.to_owned() }
    }

    /// The source under test, in this account through a role it assumes.
    pub async fn source(&self) -> AwsSource {
        let settings = AwsAccount {
            role_arn: Some(format!("arn:aws:iam::{}:role/auditor", self.id)),
            ..settings(&self.endpoint)
        };
        AwsSource::connect_as(&settings, plain_lens(), credentials("test", "test")).await
    }

    pub async fn user(&self, name: &str) {
        self.iam.create_user().user_name(name).send().await.unwrap();
    }

    /// A new key's id.
    pub async fn key(&self, user: &str) -> String {
        let answer = self.iam.create_access_key().user_name(user).send().await.unwrap();
        answer.access_key.unwrap().access_key_id
    }

    /// `Active` or `Inactive`, as the server says.
    pub async fn key_status(&self, user: &str, key: &str) -> String {
        let answer = self.iam.list_access_keys().user_name(user).send().await.unwrap();
        let found = answer
            .access_key_metadata
            .into_iter()
            .find(|one| one.access_key_id.as_deref() == Some(key));
        found.expect("the key is there").status.unwrap().as_str().to_owned()
    }

    pub async fn role(&self, name: &str, trust: &str) {
        let role = self.iam.create_role().role_name(name).assume_role_policy_document(trust);
        role.send().await.unwrap();
    }

    /// Names of the role's inline policies, as the server says.
    pub async fn inline_policies(&self, role: &str) -> Vec<String> {
        self.iam.list_role_policies().role_name(role).send().await.unwrap().policy_names
    }
}

/// A trust policy that lets an AWS service in.
pub fn service_trust(service: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"Service":"{service}"}}}}]}}"#
    )
}

/// How many credentials of a kind were seen.
pub fn count(seen: &Observation, kind: CredentialKind) -> usize {
    seen.credentials.iter().filter(|credential| credential.kind() == kind).count()
}

/// What a [`TinyServer`] does with a request.
pub enum Reply {
    /// Status line and headers are made for it.
    Http(u16, &'static str, String),
    /// These bytes, then the connection is closed.
    Raw(&'static [u8]),
    /// The connection is closed without a word.
    HangUp,
}

impl Reply {
    pub fn xml(status: u16, body: impl Into<String>) -> Self {
        Self::Http(status, "text/xml", body.into())
    }

    /// An error in the form of the IAM query protocol.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::xml(
            status,
            format!(
                "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>req-7</RequestId></ErrorResponse>"
            ),
        )
    }

    pub fn identity(account: &str) -> Self {
        Self::xml(
            200,
            format!(
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/auditor</Arn><UserId>AIDA</UserId><Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
            ),
        )
    }
}

/// Answers each request by the `Action` of its body, and remembers what it was asked.
pub struct TinyServer {
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl TinyServer {
    pub async fn start(answer: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (asked.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (log, answer) = (log.clone(), answer.clone());
                tokio::spawn(async move {
                    let body = read_request(&mut stream).await;
                    let action = body
                        .split('&')
                        .find_map(|pair| pair.strip_prefix("Action="))
                        .unwrap_or_default()
                        .to_owned();
                    log.lock().unwrap().push(action.clone());
                    match answer(&action, &body) {
                        Reply::HangUp => {}
                        Reply::Raw(bytes) => {
                            let _ = stream.write_all(bytes).await;
                        }
                        Reply::Http(status, kind, body) => {
                            let head = format!(
                                "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\nretry-after: 7\r\nx-amzn-requestid: req-7\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                                body.len()
                            );
                            let _ = stream.write_all(head.as_bytes()).await;
                            let _ = stream.write_all(body.as_bytes()).await;
                        }
                    }
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { url, asked }
    }

    /// How often an operation was asked for.
    pub fn asked(&self, action: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|one| *one == action).count()
    }
}

/// A server that says this to whoever connects, without listening.
pub async fn blurting_server(words: &'static [u8]) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(words).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

async fn read_request(stream: &mut tokio::net::TcpStream) -> String {
    let (mut bytes, mut chunk) = (Vec::new(), [0_u8; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok()
                })
                .unwrap_or(0_usize);
            if body.len() >= length {
                return body.to_owned();
            }
        }
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&chunk[..n]),
            _ => return String::new(),
        }
    }
}
