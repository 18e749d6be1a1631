//! A server that is reached over streamable HTTP.
//!
//! ```text
//!   message ─POST─▶ 202                    nothing to say
//!                 ├ application/json       the answer
//!                 └ text/event-stream      answer and what comes before it; resumed where it broke
//!   GET ─▶ text/event-stream               what the server says by itself, once initialized
//! ```
//!
//! Nothing is sent twice: what was posted and not answered ends in an error. The transport that
//! rmcp has would read every message into its own types and post again after a lost session, so
//! this one passes texts.

use super::{
    call::Refusal,
    events::Events,
    frame::{Frame, LONGEST, Read},
    message::{self, Message},
    stdio::QUEUE,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect,
};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::mpsc, task::JoinSet, time};
use tokio_util::sync::CancellationToken;

/// How long a server has to take a message that wants no answer.
const TAKE: Duration = Duration::from_secs(30);
/// How long what is under way has to end when the client is gone.
const GRACE: Duration = Duration::from_secs(2);
/// How often a stream that broke is asked for again.
const RESUMED: u32 = 5;
/// First version of the protocol whose requests name method and tool in headers.
const STANDARD_HEADERS: &str = "2026-07-28";
/// JSON-RPC's code for what went wrong on the way.
const INTERNAL: i64 = -32603;

/// A server far away.
pub(super) struct Remote {
    client: Client,
    url: Url,
    headers: HeaderMap,
    agreed: Mutex<Agreed>,
    out: mpsc::Sender<Read>,
    /// The session is over and cannot be taken up again.
    pub lost: CancellationToken,
}

/// What was agreed on at the beginning.
#[derive(Debug, Clone, Default)]
struct Agreed {
    session: Option<HeaderValue>,
    version: Option<String>,
}

/// A server, with what goes to it and what comes from it.
type Reached = (Arc<Remote>, mpsc::Sender<Frame>, mpsc::Receiver<Read>);

/// Reaches the server at `url`.
pub(super) fn start(url: Url, headers: HeaderMap) -> Result<Reached, reqwest::Error> {
    let client = Client::builder()
        // A redirect would take the headers, secrets among them, to somewhere else.
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .build()?;
    let (to, sent) = mpsc::channel(QUEUE);
    let (out, from) = mpsc::channel(QUEUE);
    let lost = CancellationToken::new();
    let remote = Remote { client, url, headers, agreed: Mutex::default(), out, lost };
    let remote = Arc::new(remote);
    tokio::spawn(Arc::clone(&remote).run(sent));
    Ok((remote, to, from))
}

/// What is known of a message that is sent.
struct Sent {
    frame: Frame,
    about: About,
}

/// What a message asks for; nothing for an answer or a batch.
#[derive(Debug, Clone, Default)]
struct About {
    id: Option<Value>,
    method: String,
    params: Value,
}

impl Remote {
    async fn run(self: Arc<Self>, mut sent: mpsc::Receiver<Frame>) {
        let mut under_way = JoinSet::new();
        while let Some(frame) = sent.recv().await {
            while under_way.try_join_next().is_some() {}
            let about = match message::read(&frame) {
                Ok(Message::Request { id, method, params }) => {
                    About { id: Some(id), method, params }
                }
                Ok(Message::Notification { method, params }) => About { id: None, method, params },
                _ => About::default(),
            };
            let sent = Sent { frame, about };
            let this = Arc::clone(&self);
            if sent.about.id.is_some() && sent.about.method != "initialize" {
                under_way.spawn(async move { this.post(&sent).await });
                continue;
            }
            // What follows must not overtake it.
            let begins = sent.about.method == "notifications/initialized";
            if sent.about.id.is_some() {
                self.post(&sent).await;
            } else {
                let _ = time::timeout(TAKE, self.post(&sent)).await;
            }
            if begins {
                under_way.spawn(async move { this.listen().await });
            }
        }
        let _ =
            time::timeout(GRACE, async { while under_way.join_next().await.is_some() {} }).await;
    }

    /// Ends the session.
    pub async fn stop(&self) {
        let agreed = self.agreed();
        if agreed.session.is_some() && !self.lost.is_cancelled() {
            let request = self.client.delete(self.url.clone()).headers(self.common(&agreed, None));
            let _ = time::timeout(GRACE, request.send()).await;
        }
        self.lost.cancel();
    }

    fn agreed(&self) -> Agreed {
        self.agreed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Headers of every request; `version` is what the message itself names.
    fn common(&self, agreed: &Agreed, version: Option<&str>) -> HeaderMap {
        let mut headers = self.headers.clone();
        if let Some(session) = &agreed.session {
            headers.insert("mcp-session-id", session.clone());
        }
        let version = version.or(agreed.version.as_deref());
        if let Some(version) = version.and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert("mcp-protocol-version", version);
        }
        headers
    }

    async fn post(&self, sent: &Sent) {
        if let Err(why) = self.posted(sent).await {
            self.fail(&sent.about, &why).await;
        }
    }

    /// Tells whoever asked that there will be no answer.
    async fn fail(&self, about: &About, why: &str) {
        let Some(id) = &about.id else {
            let _ = self.out.send(Read::Garbage(why.to_owned())).await;
            return;
        };
        let error = Refusal::new(INTERNAL, why, json!({ "leave": "none" }));
        if let Some(frame) = error.answer(id) {
            let _ = self.out.send(Read::Message(frame)).await;
        }
    }

    async fn posted(&self, sent: &Sent) -> Result<(), String> {
        let (agreed, about) = (self.agreed(), &sent.about);
        let named = about.params.get("_meta").and_then(|meta| {
            meta.get("io.modelcontextprotocol/protocolVersion").and_then(Value::as_str)
        });
        let mut headers = self.common(&agreed, named);
        if named.or(agreed.version.as_deref()).is_some_and(|version| version >= STANDARD_HEADERS) {
            headers.extend(standard_headers(&about.method, &about.params));
        }
        let request = self
            .client
            .post(self.url.clone())
            .headers(headers)
            .header(ACCEPT, "application/json, text/event-stream")
            .header(CONTENT_TYPE, "application/json")
            .body(sent.frame.text().to_owned());
        let answer = tokio::select! {
            answer = request.send() => answer.map_err(|error| unreachable(&error))?,
            () = self.lost.cancelled() => return Err("the session is over".to_owned()),
        };
        let status = answer.status();
        if status == StatusCode::NOT_FOUND && agreed.session.is_some() {
            self.lost.cancel();
            return Err("the server has ended the session; start the client anew".to_owned());
        }
        if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
            return Ok(());
        }
        let begins = about.method == "initialize";
        if begins && status.is_success() {
            let session = answer.headers().get("mcp-session-id").cloned();
            self.agreed.lock().unwrap_or_else(PoisonError::into_inner).session = session;
        }
        match kind(&answer) {
            Kind::Events if status.is_success() => self.stream(answer, about).await,
            Kind::Json => {
                let body = body(answer).await?;
                if body.trim().is_empty() && status.is_success() {
                    return Ok(());
                }
                let frame = Frame::of(body)
                    .map_err(|_| format!("the server answers HTTP {status} and no JSON"))?;
                // An error without an id is the server's answer to this request all the same.
                match (message::read(&frame), &about.id) {
                    (Ok(Message::Answer { id, .. }), Some(ours)) if id == *ours || begins => {}
                    (_, Some(_)) if !status.is_success() => {
                        let value: Value = serde_json::from_str(frame.text()).unwrap_or_default();
                        let words = value["error"]["message"].as_str().unwrap_or_default();
                        return Err(format!("the server answers HTTP {status}: {words}"));
                    }
                    _ => {}
                }
                self.pass(frame, about).await;
                Ok(())
            }
            _ if status.is_success() && about.id.is_none() => Ok(()),
            _ => Err(format!("the server answers HTTP {status}")),
        }
    }

    /// Passes a message to the client; whether it is the answer to what was sent.
    async fn pass(&self, frame: Frame, about: &About) -> bool {
        let read = message::read(&frame);
        let mut answers = false;
        if let (Ok(Message::Answer { id, result }), Some(ours)) = (&read, &about.id) {
            answers = id == ours;
            if answers && about.method == "initialize" {
                let version = result["protocolVersion"].as_str().map(str::to_owned);
                self.agreed.lock().unwrap_or_else(PoisonError::into_inner).version = version;
            }
        }
        let _ = self.out.send(Read::Message(frame)).await;
        answers
    }

    /// Reads a stream until the answer is there; where it breaks before, asks for the rest.
    async fn stream(&self, answer: Response, about: &About) -> Result<(), String> {
        let mut events = Events::new(LONGEST);
        let mut answer = Some(answer);
        for again in 0..=RESUMED {
            if let Some(answer) = answer.take()
                && self.read(answer, &mut events, about).await?
            {
                return Ok(());
            }
            if about.id.is_none() {
                return Ok(());
            }
            if events.last.is_none() || again == RESUMED {
                break;
            }
            time::sleep(events.retry.unwrap_or(Duration::from_millis(500)).min(TAKE)).await;
            let rest = self.ask(events.last.as_deref()).await;
            answer = rest.ok().filter(|rest| rest.status().is_success());
        }
        Err("the server's stream ended before the answer".to_owned())
    }

    /// Passes the events of one stream; whether the answer to what was sent was among them.
    async fn read(
        &self,
        mut answer: Response,
        events: &mut Events,
        about: &About,
    ) -> Result<bool, String> {
        loop {
            let piece = tokio::select! {
                piece = answer.chunk() => piece,
                () = self.lost.cancelled() => return Err("the session is over".to_owned()),
            };
            let Ok(Some(piece)) = piece else { return Ok(false) };
            let whole = events.feed(&piece).map_err(|_| "an event is too long".to_owned())?;
            for event in whole {
                if event.data.trim().is_empty() {
                    continue;
                }
                let Ok(frame) = Frame::of(event.data) else {
                    let _ = self.out.send(Read::Garbage("an event is no JSON".to_owned())).await;
                    continue;
                };
                if self.pass(frame, about).await {
                    return Ok(true);
                }
            }
        }
    }

    async fn ask(&self, last: Option<&str>) -> Result<Response, reqwest::Error> {
        let mut headers = self.common(&self.agreed(), None);
        if let Some(last) = last.and_then(|last| HeaderValue::from_str(last).ok()) {
            headers.insert("last-event-id", last);
        }
        let request = self.client.get(self.url.clone()).headers(headers);
        request.header(ACCEPT, "text/event-stream").send().await
    }

    /// Hears what the server says by itself, as long as it wants to be heard.
    async fn listen(&self) {
        let mut events = Events::new(LONGEST);
        let nothing = About::default();
        let mut failed = 0;
        while failed < RESUMED && !self.lost.is_cancelled() {
            match self.ask(events.last.as_deref()).await {
                Ok(answer) if answer.status().is_success() && kind(&answer) == Kind::Events => {
                    failed = 0;
                    if self.read(answer, &mut events, &nothing).await.is_err() {
                        return;
                    }
                }
                // It offers no such stream, or not to us.
                Ok(answer) if answer.status().is_client_error() => return,
                _ => failed += 1,
            }
            time::sleep(events.retry.unwrap_or(Duration::from_secs(1)).min(TAKE)).await;
        }
    }
}

/// What an answer holds.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Json,
    Events,
    Other,
}

fn kind(answer: &Response) -> Kind {
    let named = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match named.map(|value| value.split(';').next().unwrap_or_default().trim()) {
        Some(value) if value.eq_ignore_ascii_case("application/json") => Kind::Json,
        Some(value) if value.eq_ignore_ascii_case("text/event-stream") => Kind::Events,
        _ => Kind::Other,
    }
}

async fn body(mut answer: Response) -> Result<String, String> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        if bytes.len() + piece.len() > LONGEST {
            return Err("the server's answer is too long".to_owned());
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| "the server's answer is no text".to_owned())
}

/// The error without the address, which may hold a secret.
fn unreachable(error: &reqwest::Error) -> String {
    let what = if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "no answer in time"
    } else {
        "the connection broke"
    };
    format!("the server cannot be reached: {what}")
}

/// Headers by which what stands between tells requests apart, from 2026-07-28 on.
fn standard_headers(method: &str, params: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(&header_text(value)) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    if !method.is_empty() {
        set("mcp-method", method);
    }
    let name = match method {
        "tools/call" | "prompts/get" => params.get("name"),
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => params.get("uri"),
        "tasks/get" | "tasks/update" | "tasks/cancel" => params.get("taskId"),
        _ => None,
    };
    if let Some(name) = name.and_then(Value::as_str) {
        set("mcp-name", name);
    }
    headers
}

/// A text as it may stand in a header; others are wrapped.
fn header_text(text: &str) -> String {
    let plain = text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
        && text.trim() == text
        && !text.starts_with("=?base64?");
    if plain { text.to_owned() } else { format!("=?base64?{}?=", STANDARD.encode(text)) }
}
