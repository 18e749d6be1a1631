//! A wire between a client and a server that can be cut, slowed, or lose an answer.
//!
//! ```text
//!   client ──▶ 127.0.0.1:port ──(cut, slow, deaf after a word)──▶ server
//! ```
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]
#![allow(dead_code, reason = "each story takes what it needs")]

use std::{
    io::ErrorKind,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What the wire does to what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Does {
    /// Hands everything on.
    #[default]
    Well,
    /// Hands everything on, later.
    Slowly(Duration),
    /// Hands a message with this word on and then breaks, so that its answer is lost; one of so
    /// many times.
    BreaksAfter(&'static str, u32),
    /// Hands a message with this word on, and is silent from then on.
    SilentAfter(&'static str),
    /// Refuses connections, and has broken those there were.
    Cut,
}

/// A wire to one server.
pub struct Wire {
    port: u16,
    does: watch::Sender<Does>,
    broken: Arc<AtomicU32>,
    accepting: JoinHandle<()>,
}

impl Wire {
    /// A wire to a port on the loopback.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let (does, now) = watch::channel(Does::Well);
        let broken = Arc::new(AtomicU32::new(0));
        let times = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&broken);
        let accepting = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                if *now.borrow() == Does::Cut {
                    continue;
                }
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                let line =
                    Line { now: now.clone(), count: Arc::clone(&count), times: Arc::clone(&times) };
                tokio::spawn(line.carry(client, server));
            }
        });
        Self { port: own, does, broken, accepting }
    }

    /// Its own end.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it does from now on.
    pub fn does(&self, does: Does) {
        self.does.send_replace(does);
    }

    /// How often it broke with an answer under way.
    pub fn broken(&self) -> u32 {
        self.broken.load(Ordering::SeqCst)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

struct Line {
    now: watch::Receiver<Does>,
    count: Arc<AtomicU32>,
    times: Arc<AtomicU32>,
}

impl Line {
    async fn carry(mut self, client: TcpStream, server: TcpStream) {
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let silent = Arc::new(Mutex::new(false));
        let mut watched = self.now.clone();
        let (now, deaf) = (self.now.clone(), Arc::clone(&silent));
        let back = async move {
            let mut bytes = vec![0; 64 << 10];
            loop {
                let read = from_server.read(&mut bytes).await?;
                if read == 0 {
                    return Err(std::io::Error::from(ErrorKind::UnexpectedEof));
                }
                let does = *now.borrow();
                if let Does::Slowly(time) = does {
                    tokio::time::sleep(time).await;
                }
                if *deaf.lock().unwrap() {
                    std::future::pending::<()>().await;
                }
                to_client.write_all(&bytes[..read]).await?;
            }
        };
        let forth = async move {
            let mut bytes = vec![0; 64 << 10];
            loop {
                let read = from_client.read(&mut bytes).await?;
                if read == 0 {
                    return Err(std::io::Error::from(ErrorKind::UnexpectedEof));
                }
                let does = *self.now.borrow_and_update();
                let has = |word: &str| {
                    bytes[..read].windows(word.len()).any(|part| part == word.as_bytes())
                };
                match does {
                    Does::Slowly(time) => tokio::time::sleep(time).await,
                    Does::SilentAfter(word) if has(word) => *silent.lock().unwrap() = true,
                    Does::BreaksAfter(word, each)
                        if has(word)
                            && self.times.fetch_add(1, Ordering::SeqCst).is_multiple_of(each) =>
                    {
                        to_server.write_all(&bytes[..read]).await?;
                        self.count.fetch_add(1, Ordering::SeqCst);
                        return Err(std::io::Error::from(ErrorKind::BrokenPipe));
                    }
                    _ => {}
                }
                to_server.write_all(&bytes[..read]).await?;
            }
        };
        let cut = async move {
            loop {
                if watched.changed().await.is_err() || *watched.borrow() == Does::Cut {
                    return;
                }
            }
        };
        let _: Option<std::io::Error> = tokio::select! {
            ended = back => { let ended: std::io::Result<()> = ended; ended.err() }
            ended = forth => { let ended: std::io::Result<()> = ended; ended.err() }
            () = cut => None,
        };
    }
}
