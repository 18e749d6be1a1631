//! The two directions, and how they end.
//!
//! ```text
//!   input ─▶ from_client ─▶ to ─▶ server         each held call waits in a task of its own;
//!   output ◀─ writer ◀─ from_server ◀─ from      whatever comes first ends it all: the client,
//!                    ◀─ refusals, progress       the server, a signal
//! ```

use super::{
    Setup,
    call::{INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, Refusal, ToolCall},
    frame::{Frame, Frames, Read, write},
    http::Remote,
    keeper::{Judged, Keeper},
    message::{self, Message},
    pins::Pins,
    stdio::{QUEUE, Server},
};
use crate::domain::Action;
use bytes::BytesMut;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Calls that may be held at a time.
const HELD: usize = 256;
/// How long what is already written may take to arrive at the end.
const DRAIN: Duration = Duration::from_secs(1);
/// How often it is looked whether somebody agreed to a tool that is left out.
const RECHECK: Duration = Duration::from_secs(2);
/// Lines that are no messages are told so often.
const TOLD: u32 = 20;

/// The server, however it is reached.
pub(super) enum Upstream {
    /// A process beside us.
    Process(Server),
    /// Far away.
    Remote(Arc<Remote>),
}

/// The four ends that are joined.
pub(super) struct Ends<R, W> {
    pub input: R,
    pub output: W,
    pub to: mpsc::Sender<Frame>,
    pub from: mpsc::Receiver<Read>,
}

enum End {
    Client,
    Server,
    Signal(i32),
}

impl Upstream {
    async fn ended(&mut self) {
        match self {
            Self::Process(server) => server.ended().await,
            Self::Remote(remote) => remote.lost.cancelled().await,
        }
    }

    async fn stop(self, patiently: bool) -> u8 {
        match self {
            Self::Process(server) => server.stop(patiently).await,
            Self::Remote(remote) => {
                let lost = remote.lost.is_cancelled();
                remote.stop().await;
                u8::from(lost)
            }
        }
    }
}

/// Joins the ends until one of them is gone.
pub(super) async fn run<R, W>(
    setup: Setup,
    mut upstream: Upstream,
    ends: Ends<R, W>,
    signals: &mut mpsc::Receiver<i32>,
) -> u8
where
    R: AsyncRead + Unpin + Send + 'static,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let Ends { input, mut output, to, from } = ends;
    let (to_client, mut written) = mpsc::channel::<Frame>(QUEUE);
    let mut writer = tokio::spawn(async move {
        let mut buffer = BytesMut::new();
        while let Some(frame) = written.recv().await {
            if write(&mut output, &mut buffer, frame).await.is_err() {
                return;
            }
        }
    });
    let shared = Arc::new(Shared {
        keeper: Keeper::new(setup),
        pins: Pins::new(),
        to_client,
        waiting: Mutex::default(),
        over: CancellationToken::new(),
    });
    let mut client = tokio::spawn(Arc::clone(&shared).from_client(Frames::new(input), to));
    let mut server = tokio::spawn(Arc::clone(&shared).from_server(from));
    let watcher = tokio::spawn(Arc::clone(&shared).watch());
    let end = tokio::select! {
        Some(signal) = signals.recv() => End::Signal(signal),
        _ = &mut client => End::Client,
        _ = &mut server => End::Server,
        _ = &mut writer => End::Client,
        () = upstream.ended() => End::Server,
    };
    // What is held now stays in the queue; nothing of it goes on.
    shared.over.cancel();
    watcher.abort();
    client.abort();
    // One that has been heard out must not be asked a second time.
    if !client.is_finished() {
        let _ = client.await;
    }
    let status = match end {
        End::Client => {
            upstream.stop(true).await;
            0
        }
        // It may just be ending: its status is its own as long as nobody hurries it.
        End::Server => upstream.stop(true).await,
        End::Signal(number) => {
            upstream.stop(false).await;
            u8::try_from(128 + number).unwrap_or(u8::MAX)
        }
    };
    if !server.is_finished() && timeout(DRAIN, &mut server).await.is_err() {
        server.abort();
    }
    drop(shared);
    if !writer.is_finished() {
        let _ = timeout(DRAIN, writer).await;
    }
    status
}

struct Shared {
    keeper: Keeper,
    pins: Pins,
    to_client: mpsc::Sender<Frame>,
    /// Calls that are held, by their id.
    waiting: Mutex<HashMap<String, CancellationToken>>,
    over: CancellationToken,
}

impl Shared {
    fn say(&self, text: &str) {
        (self.keeper.setup.say)(text);
    }

    async fn answer(&self, id: &Value, refusal: &Refusal) {
        if let Some(frame) = refusal.answer(id) {
            let _ = self.to_client.send(frame).await;
        }
    }

    async fn from_client<R: AsyncRead + Unpin>(
        self: Arc<Self>,
        mut frames: Frames<R>,
        to: mpsc::Sender<Frame>,
    ) {
        while let Ok(Some(read)) = frames.next().await {
            match read {
                Read::Message(frame) => self.take(frame, &to).await,
                Read::Garbage(why) => {
                    let text = format!("a line of the client is left out: it {why}");
                    self.say(&text);
                    let refusal = Refusal::new(PARSE_ERROR, text, Value::Null);
                    self.answer(&Value::Null, &refusal).await;
                }
            }
        }
    }

    async fn take(self: &Arc<Self>, frame: Frame, to: &mpsc::Sender<Frame>) {
        match message::read(&frame) {
            Ok(Message::Batch(items)) => self.batch(items, to).await,
            Ok(message) => self.one(frame, message, to).await,
            Err(unclear) => {
                let text = format!("a message is not passed on: {unclear}");
                self.say(&text);
                let refusal = Refusal::new(INVALID_REQUEST, text, json!({ "leave": "refused" }));
                self.answer(&id_of(frame.text()), &refusal).await;
            }
        }
    }

    /// Calls in a batch are judged each by itself; the rest goes on together.
    async fn batch(self: &Arc<Self>, items: Vec<Value>, to: &mpsc::Sender<Frame>) {
        let mut rest = Vec::new();
        for item in items {
            let ours = match message::of(item.clone()) {
                Ok(Message::Request { method, .. } | Message::Notification { method, .. }) => {
                    is_ours(&method)
                }
                Ok(_) => false,
                Err(_) => true,
            };
            if !ours {
                rest.push(item);
            } else if let Ok(frame) = Frame::ours(&item) {
                Box::pin(self.take(frame, to)).await;
            }
        }
        if !rest.is_empty()
            && let Ok(frame) = Frame::ours(&Value::Array(rest))
        {
            let _ = to.send(frame).await;
        }
    }

    async fn one(self: &Arc<Self>, frame: Frame, message: Message, to: &mpsc::Sender<Frame>) {
        match message {
            Message::Request { id, method, params } => {
                self.meet(&method, &params);
                if is_call(&method) {
                    return self.call(frame, Some(id), params, to).await;
                }
                if method == "tools/list" && params.get("cursor").is_none_or(Value::is_null) {
                    self.pins.listed_again().await;
                }
            }
            Message::Notification { method, params } => {
                if is_call(&method) {
                    return self.call(frame, None, params, to).await;
                }
                if method == "notifications/cancelled" && self.cancelled(&params) {
                    return;
                }
            }
            Message::Answer { .. } | Message::Batch(_) | Message::Other => {}
        }
        let _ = to.send(frame).await;
    }

    /// Remembers what the client calls itself: once at the start, or with every request.
    fn meet(&self, method: &str, params: &Value) {
        let info = if method == "initialize" {
            params.get("clientInfo")
        } else {
            params.get("_meta").and_then(|meta| meta.get("io.modelcontextprotocol/clientInfo"))
        };
        if let Some(name) = info.and_then(|info| info.get("name")).and_then(Value::as_str) {
            self.keeper.meet(name);
        }
    }

    /// Whether a held call was meant. The request stays in the queue: many clients cancel what
    /// takes long, and ask again later.
    fn cancelled(&self, params: &Value) -> bool {
        let Some(id) = params.get("requestId") else { return false };
        let held = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(&id.to_string()).map(CancellationToken::cancel).is_some()
    }

    async fn call(
        self: &Arc<Self>,
        frame: Frame,
        id: Option<Value>,
        params: Value,
        to: &mpsc::Sender<Frame>,
    ) {
        let call = match ToolCall::of(id.clone(), params) {
            Ok(call) => call,
            Err(unclear) => {
                let data = json!({ "leave": "refused" });
                let text = format!("the call is not passed on: {unclear}");
                return self.refuse(id.as_ref(), &Refusal::new(INVALID_PARAMS, text, data)).await;
            }
        };
        if let Some(refusal) = self.pins.refusal(&call.tool, &self.keeper).await {
            return self.refuse(id.as_ref(), &refusal).await;
        }
        let claims = self.pins.claims(&call.tool).await;
        match self.keeper.judge(&call, claims).await {
            Judged::Pass => {
                let _ = to.send(frame).await;
            }
            Judged::Refused(refusal) => self.refuse(id.as_ref(), &refusal).await,
            Judged::Held(action) => match id {
                Some(id) => self.hold(frame, id, call, action, to.clone()).await,
                None => self.say("a call that wants no answer cannot be held: it is left out"),
            },
        }
    }

    async fn refuse(&self, id: Option<&Value>, refusal: &Refusal) {
        self.say(&refusal.message);
        if let Some(id) = id {
            self.answer(id, refusal).await;
        }
    }

    /// Waits for people in a task of its own.
    async fn hold(
        self: &Arc<Self>,
        frame: Frame,
        id: Value,
        call: ToolCall,
        action: Box<Action>,
        to: mpsc::Sender<Frame>,
    ) {
        let cancel = self.over.child_token();
        if !self.begins_waiting(&id, &cancel) {
            let refusal = Refusal::broken("too many calls wait, or one with the same id");
            return self.refuse(Some(&id), &refusal).await;
        }
        let this = Arc::clone(self);
        tokio::spawn(async move {
            let until = Instant::now() + this.keeper.setup.patience;
            let told = AtomicU32::new(0);
            let tell = |text: &str| {
                let count = told.fetch_add(1, Ordering::Relaxed);
                if count == 0 {
                    this.say(&format!("{}/{}: {text}", this.keeper.setup.name, call.tool));
                }
                this.progress(&call, count, text);
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => {}
                held = this.keeper.wait(&action, until, tell) => match held {
                    Ok(_) => {
                        let _ = to.send(frame).await;
                    }
                    Err(refusal) => this.refuse(Some(&id), &refusal).await,
                },
            }
            let mut waiting = this.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.remove(&id.to_string());
        });
    }

    /// Notes that a call waits; not if too many do, or one of the same id.
    fn begins_waiting(&self, id: &Value, cancel: &CancellationToken) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let free = waiting.len() < HELD && !waiting.contains_key(&id.to_string());
        if free {
            waiting.insert(id.to_string(), cancel.clone());
        }
        free
    }

    /// Tells the client how far a held call is, where it wants to know. The numbers grow by almost
    /// nothing, so that those of the server, which come later, are larger.
    fn progress(&self, call: &ToolCall, count: u32, text: &str) {
        let Some(token) = &call.progress else { return };
        let notice = json!({
            "jsonrpc": "2.0",
            "method": "notifications/progress",
            "params": {
                "progressToken": token,
                "progress": f64::from(count) / 1e6,
                "message": text,
            },
        });
        if let Ok(frame) = Frame::ours(&notice) {
            // News of a wait are not worth waiting for.
            let _ = self.to_client.try_send(frame);
        }
    }

    async fn from_server(self: Arc<Self>, mut from: mpsc::Receiver<Read>) {
        let mut told = 0;
        while let Some(read) = from.recv().await {
            match read {
                Read::Message(frame) => {
                    if let Some(frame) = self.sifted(frame).await
                        && self.to_client.send(frame).await.is_err()
                    {
                        return;
                    }
                }
                Read::Garbage(why) if told < TOLD => {
                    told += 1;
                    self.say(&format!("a line of the server is left out: {why}"));
                }
                Read::Garbage(_) => {}
            }
        }
    }

    /// A message of the server without the tools that may not be shown. Looked for in every
    /// answer, whatever it answers: clients take `1` for `"1"`.
    async fn sifted(&self, frame: Frame) -> Option<Frame> {
        // Only what is written with escapes could hide the word.
        if !frame.text().contains("\"tools\"") && !frame.text().contains("\\u") {
            return Some(frame);
        }
        match message::read(&frame) {
            Ok(Message::Answer { result, .. }) => {
                let Some(shown) = self.shown(&result).await else { return Some(frame) };
                let mut value: Value = serde_json::from_str(frame.text()).ok()?;
                keep_shown(&mut value, &shown);
                Frame::ours(&value).ok()
            }
            Ok(Message::Batch(mut items)) => {
                let mut any = false;
                for item in &mut items {
                    if let Some(shown) = self.shown(&item["result"]).await {
                        any = true;
                        keep_shown(item, &shown);
                    }
                }
                if any { Frame::ours(&Value::Array(items)).ok() } else { Some(frame) }
            }
            Ok(_) => Some(frame),
            Err(unclear) => {
                let text = format!("a message of the server is left out: {unclear}");
                self.say(&text);
                let id = id_of(frame.text());
                let refusal = Refusal::new(INVALID_REQUEST, text, json!({ "leave": "refused" }));
                if id.is_null() { None } else { refusal.answer(&id) }
            }
        }
    }

    /// Which tools of a result are shown; none where all of them are, or it is no list.
    async fn shown(&self, result: &Value) -> Option<Vec<bool>> {
        let tools = result.get("tools")?.as_array()?;
        let last = result.get("nextCursor").is_none_or(Value::is_null);
        let shown = self.pins.sift(tools, last, &self.keeper).await;
        shown.contains(&false).then_some(shown)
    }

    /// Tells the client to read the list again once somebody has agreed to a tool left out of it.
    async fn watch(self: Arc<Self>) {
        loop {
            sleep(RECHECK).await;
            let agreed = self.pins.recheck(&self.keeper).await;
            let news = json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" });
            if agreed && let Ok(frame) = Frame::ours(&news) {
                let _ = self.to_client.send(frame).await;
            }
        }
    }
}

/// Whether a method calls a tool, as lenient a server might read it.
fn is_call(method: &str) -> bool {
    method.trim().trim_matches('/').eq_ignore_ascii_case("tools/call")
}

/// Methods of a batch that are looked at one by one.
fn is_ours(method: &str) -> bool {
    is_call(method) || matches!(method, "tools/list" | "initialize" | "notifications/cancelled")
}

/// The id of a message that cannot be read otherwise.
fn id_of(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    value.get("id").filter(|id| id.is_string() || id.is_number()).cloned().unwrap_or_default()
}

fn keep_shown(message: &mut Value, shown: &[bool]) {
    if let Some(Value::Array(tools)) = message.get_mut("result").and_then(|r| r.get_mut("tools")) {
        let mut shown = shown.iter();
        tools.retain(|_| shown.next().copied().unwrap_or(false));
    }
}
