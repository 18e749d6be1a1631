//! The whole console on a test screen: typed keys in, text and styles out.
//!
//! Time stands still unless a test lets it pass; reads go to a store in memory through the real
//! worker; orders are kept for the test to look at and answered by the test.

#[path = "../../../screenshots/world.rs"]
#[allow(dead_code, reason = "each user takes what it needs")]
pub mod world;

use async_trait::async_trait;
use countersign::{
    catalogue::Catalogue,
    config::{GithubSettings, ProductionRules, TokenFrom},
    console::{
        App, Event, Now, Start, Theme,
        msg::{Effect, Msg},
        theme::Depth,
        worker::{Desk, perform},
    },
    domain::{
        Action, ActionId, ActionState, Activity, CheckState, Credential, CredentialId, Decision,
        Digest, LetThrough, Lock, Observation, Order, OrderId, PolicyId, Receipt, Reviewer,
        SourceFault, SourceKind, SourceName, SourceState,
    },
    review::{Poller, Review, Rules},
    sources::{Lens, Source, github::GithubSource},
    store::{
        ActionRow, AdoptError, AutonomousRow, Counted, CredentialRow, Enough, Intent, IntentError,
        McpTool, OrderRow, PollSummary, QueueRow, Store, StoreError, Success, queue_rows,
    },
    text::SafeText,
    trust::Roster,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use std::{
    collections::{HashSet, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// What the store holds.
#[derive(Debug, Default)]
pub struct Contents {
    /// Open actions.
    pub actions: Vec<(ActionRow, Action)>,
    /// Credentials.
    pub credentials: Vec<CredentialRow>,
    /// History, newest first.
    pub activity: Vec<Activity>,
    /// What was let through, newest first.
    pub autonomous: Vec<LetThrough>,
    /// Sources.
    pub sources: Vec<SourceState>,
    /// What is locked.
    pub locks: Vec<Lock>,
}

/// A store in memory that only answers what the console reads.
#[derive(Debug, Default)]
pub struct MemoryStore {
    contents: Mutex<Contents>,
    version: AtomicI64,
}

impl MemoryStore {
    /// Changes what is stored, as another console or a poll would.
    pub fn change(&self, change: impl FnOnce(&mut Contents)) {
        change(&mut self.contents.lock().unwrap());
        self.version.fetch_add(1, Ordering::SeqCst);
    }
}

/// The list row of an action.
pub fn action_row(action: &Action) -> ActionRow {
    let count = |state| action.checks.iter().filter(|check| check.state == state).count() as u64;
    ActionRow {
        id: action.id.clone(),
        source: action.source.clone(),
        subject: action.subject.clone(),
        tool: action.tool.clone(),
        requester: action.requester.clone(),
        title: action.title.clone(),
        target: action.target.clone(),
        opened: action.opened,
        digest: action.digest().unwrap(),
        state: ActionState::Pending,
        additions: action.change.additions,
        deletions: action.change.deletions,
        files: action.change.files.len() as u64,
        checks: (count(CheckState::Running), count(CheckState::Passed), count(CheckState::Failed)),
        first_seen: action.opened,
        last_seen: world::now(),
        stale: false,
        ruling: action.ruling.clone(),
        decisions: Vec::new(),
        spent: Vec::new(),
    }
}

/// The list row of a credential.
pub fn credential_row(credential: Credential) -> CredentialRow {
    CredentialRow {
        credential,
        first_seen: world::ago(60 * 24 * 30),
        last_seen: world::now(),
        stale: false,
        last_order: None,
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn version(&self) -> Result<i64, StoreError> {
        Ok(self.version.load(Ordering::SeqCst))
    }
    async fn register(&self, _: &SourceName, _: SourceKind) -> Result<(), StoreError> {
        Ok(())
    }
    async fn record_poll(
        &self,
        _: &SourceName,
        _: &Observation,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<PollSummary, StoreError> {
        Ok(PollSummary::default())
    }
    async fn record_fault(
        &self,
        _: &SourceName,
        _: &SourceFault,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        Ok(())
    }
    async fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        Ok(self.contents.lock().unwrap().sources.clone())
    }
    async fn actions(&self, _: bool) -> Result<Vec<ActionRow>, StoreError> {
        Ok(self.contents.lock().unwrap().actions.iter().map(|(row, _)| row.clone()).collect())
    }
    async fn queue(&self, limit: Option<u32>) -> Result<(Vec<Arc<QueueRow>>, u64), StoreError> {
        // What counts is told at the time of the invented company.
        let mut rows = queue_rows(self.actions(false).await?, world::now());
        let total = rows.len() as u64;
        rows.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
        Ok((rows, total))
    }
    async fn action(&self, id: &ActionId) -> Result<Option<(ActionRow, Action)>, StoreError> {
        let contents = self.contents.lock().unwrap();
        Ok(contents.actions.iter().find(|(row, _)| row.id == *id).cloned())
    }
    async fn put_action(&self, _: &Action, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
    async fn end_action(&self, _: &ActionId, _: &str, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
    async fn credentials(&self, _: bool) -> Result<Vec<CredentialRow>, StoreError> {
        Ok(self.contents.lock().unwrap().credentials.clone())
    }
    async fn credential(&self, _: &CredentialId) -> Result<Option<CredentialRow>, StoreError> {
        Ok(None)
    }
    async fn intend(&self, _: &Intent) -> Result<(), IntentError> {
        Err(IntentError::Busy { order: "none".to_owned() })
    }
    async fn decide(&self, _: &Decision, _: &Order, _: &Enough) -> Result<Counted, IntentError> {
        Err(IntentError::Busy { order: "none".to_owned() })
    }
    async fn withdraw(&self, _: &Decision) -> Result<(), IntentError> {
        Ok(())
    }
    async fn break_glass(&self, _: &Decision, _: &Order, _: &Action) -> Result<(), IntentError> {
        Ok(())
    }
    async fn locks(&self) -> Result<Vec<Lock>, StoreError> {
        Ok(self.contents.lock().unwrap().locks.clone())
    }
    async fn turn(&self, _: &Lock) -> Result<u64, StoreError> {
        Ok(0)
    }
    async fn adopted(&self) -> Result<Option<PolicyId>, StoreError> {
        Ok(None)
    }
    async fn ask(&self, action: &Action, _: Timestamp) -> Result<ActionId, StoreError> {
        Ok(action.id.clone())
    }
    async fn expire(&self, _: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }
    async fn let_through(&self, _: &[LetThrough]) -> Result<u64, StoreError> {
        Ok(0)
    }
    async fn autonomous(
        &self,
        limit: u32,
        before: Option<i64>,
    ) -> Result<Vec<AutonomousRow>, StoreError> {
        let records = self.contents.lock().unwrap().autonomous.clone();
        let mut numbered: Vec<_> = (1..).zip(records.into_iter().rev()).collect();
        numbered.reverse();
        let rows = numbered.into_iter().map(|(seq, record)| AutonomousRow { seq, record });
        let older = rows.filter(|row| before.is_none_or(|before| row.seq < before));
        Ok(older.take(limit as usize).collect())
    }
    async fn staged(&self, _: &[String]) -> Result<HashSet<String>, StoreError> {
        Ok(HashSet::new())
    }
    async fn note_success(&self, _: &Success) -> Result<(), StoreError> {
        Ok(())
    }
    async fn success(&self, _: &Digest) -> Result<Option<Success>, StoreError> {
        Ok(None)
    }
    async fn adopt_policy(
        &self,
        _: &PolicyId,
        _: Option<&str>,
        _: Timestamp,
    ) -> Result<(), AdoptError> {
        Ok(())
    }
    async fn mcp_tools(&self, _: &Digest) -> Result<Vec<McpTool>, StoreError> {
        Ok(Vec::new())
    }
    async fn keep_mcp_tools(
        &self,
        _: &Digest,
        _: &[McpTool],
        _: Timestamp,
    ) -> Result<(), StoreError> {
        Ok(())
    }
    async fn settle(&self, _: &OrderId, _: &Receipt) -> Result<(), StoreError> {
        Ok(())
    }
    async fn orders(&self, _: bool) -> Result<Vec<OrderRow>, StoreError> {
        Ok(Vec::new())
    }
    async fn order(&self, _: &OrderId) -> Result<Option<OrderRow>, StoreError> {
        Ok(None)
    }
    async fn take_answer(&self, _: &ActionId) -> Result<Option<Order>, StoreError> {
        Ok(None)
    }
    async fn activity(&self, limit: u32, before: Option<i64>) -> Result<Vec<Activity>, StoreError> {
        let contents = self.contents.lock().unwrap();
        let older = contents.activity.iter().filter(|line| before.is_none_or(|b| line.seq < b));
        Ok(older.take(limit as usize).cloned().collect())
    }
    async fn note(&self, _: &Activity) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The source of the invented company's pull requests. It is never asked anything: it only says
/// what it would send.
fn github() -> Arc<dyn Source> {
    let settings = GithubSettings {
        name: None,
        org: Some("tidewater".to_owned()),
        repos: Vec::new(),
        host: None,
        token: TokenFrom::Env("NOT_SET".to_owned()),
    };
    let lens = Lens {
        catalogue: Arc::new(Catalogue::builtin().unwrap()),
        production: Arc::new(ProductionRules::default()),
    };
    Arc::new(GithubSource::connect(&settings, lens).unwrap())
}

/// The console, a window and a clock in the hand of a test.
pub struct Screen {
    /// The console.
    pub app: App,
    /// What it reads.
    pub store: Arc<MemoryStore>,
    /// Orders, copies and whatever else was asked of the world but not done.
    pub asked: VecDeque<Effect>,
    terminal: Terminal<TestBackend>,
    now: Now,
    desk: Desk,
    runtime: tokio::runtime::Runtime,
}

/// How a [`Screen`] begins.
pub struct Opening {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Name of a theme.
    pub theme: &'static str,
    /// Colours of the terminal.
    pub depth: Depth,
    /// The chip in the header.
    pub banner: Option<&'static str>,
    /// The policy that holds here.
    pub policy: Option<PolicyId>,
    /// Whether the reviewers have keys.
    pub signed: bool,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            width: 80,
            height: 24,
            theme: "dark",
            depth: Depth::TrueColor,
            banner: None,
            policy: None,
            signed: false,
        }
    }
}

#[allow(dead_code, reason = "each user takes what it needs")]
impl Screen {
    /// A window of this size on the invented company.
    pub fn new(width: u16, height: u16) -> Self {
        Self::open(Opening { width, height, ..Opening::default() }, |contents| {
            contents.actions =
                world::actions().into_iter().map(|action| (action_row(&action), action)).collect();
            contents.credentials = world::credentials().into_iter().map(credential_row).collect();
            contents.activity = world::activity();
            contents.sources = world::sources();
        })
    }

    /// A window on whatever a test fills in.
    #[allow(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    pub fn open(opening: Opening, fill: impl FnOnce(&mut Contents)) -> Self {
        let store = Arc::new(MemoryStore::default());
        store.change(fill);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let sources = {
            let _inside = runtime.enter();
            vec![github()]
        };
        let reviewer = Reviewer("mira".into());
        let roster = if opening.signed {
            world::signed::roster()
        } else {
            Roster::new([("senior".to_owned(), ["ines".to_owned(), "rowan".to_owned()])])
        };
        let roster = Arc::new(roster);
        let review = Review::new(Arc::clone(&store) as Arc<dyn Store>, sources, reviewer)
            .under(Rules { reviewers: roster.into(), ..Rules::default() });
        let interval = Duration::from_mins(1);
        let poller = Arc::new(Poller::new(review.clone(), interval, interval));
        let now = Now { wall: world::now(), mono: Duration::ZERO };
        let app = App::new(Start {
            theme: Theme::load(opening.theme).unwrap().adapt(opening.depth),
            who: review.reviewer().clone(),
            roster: review.rules().reviewers.now(),
            policy: opening.policy,
            banner: opening.banner.map(SafeText::own),
            configured: !store.contents.lock().unwrap().sources.is_empty(),
            arm_delay: Duration::from_millis(600),
            size: (opening.width, opening.height),
            now,
            zone: TimeZone::UTC,
        });
        let mut screen = Self {
            app,
            store,
            asked: VecDeque::new(),
            terminal: Terminal::new(TestBackend::new(opening.width, opening.height)).unwrap(),
            now,
            desk: Desk { review, poller },
            runtime,
        };
        screen.draw();
        screen.wait(0);
        screen.wait(100);
        screen
    }

    /// Lets time pass, as ticks of at most 50 ms, and does everything that is due.
    pub fn wait(&mut self, milliseconds: u64) {
        let mut left = Duration::from_millis(milliseconds);
        loop {
            let step = left.min(Duration::from_millis(50));
            self.now.mono += step;
            self.now.wall += SignedDuration::try_from(step).unwrap();
            left -= step;
            self.event(Event::Tick);
            if left.is_zero() {
                break;
            }
        }
    }

    /// Lets minutes pass at once, as when the machine slept.
    pub fn pass(&mut self, minutes: i64) {
        self.now.mono += Duration::from_secs(60 * minutes.unsigned_abs());
        self.now.wall += SignedDuration::from_mins(minutes);
        self.event(Event::Tick);
        self.event(Event::Tick);
    }

    /// One event, with the reads it asks for done at once.
    pub fn event(&mut self, event: Event) {
        let mut effects: VecDeque<_> = self.app.handle(event, self.now).into();
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Refresh(_)
                | Effect::Arrange(_)
                | Effect::LoadAction(_)
                | Effect::Foresee { .. }
                | Effect::Autonomous { .. }
                | Effect::OlderActivity { .. } => {
                    let msg = self.runtime.block_on(perform(effect, &self.desk));
                    if let Some(msg) = msg {
                        effects.extend(self.app.handle(Event::Answer(msg), self.now));
                    }
                }
                Effect::Discard(_) => {}
                other => self.asked.push_back(other),
            }
        }
        self.draw();
    }

    /// An answer to an order.
    pub fn answer(&mut self, msg: Msg) {
        self.event(Event::Answer(msg));
    }

    /// Presses keys: single characters, or names in angle brackets (`<enter>`, `<c-d>`).
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (key, used) = match rest.find('>') {
                Some(end) if first == '<' && end > 1 => (named(&rest[1..end]), end + 1),
                _ => (plain(first), first.len_utf8()),
            };
            rest = &rest[used..];
            self.event(Event::Key(key));
        }
        self
    }

    /// Types text letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            self.event(Event::Key(plain(character)));
        }
        self
    }

    /// Another window size.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.event(Event::Resize(width, height));
    }

    fn draw(&mut self) {
        self.app.draw(&mut self.terminal).unwrap();
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The cells.
    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// Whether the text is on the screen.
    pub fn shows(&self, text: &str) -> bool {
        self.text().contains(text)
    }
}

fn plain(character: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE)
}

fn named(name: &str) -> KeyEvent {
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "s-tab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "backspace" => KeyCode::Backspace,
        control if control.starts_with("c-") => {
            let letter = control.chars().nth(2).unwrap();
            return KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
        }
        other => panic!("no key is called <{other}>"),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}
