//! Everything the console knows at one moment. Plain values: no I/O, no clock of its own.

pub mod arrange;
pub mod dialog;
pub mod filter;
pub mod rows;
pub mod table;

use super::{clock::Now, msg::LoadedAction, view::diff_pane::Split};
use crate::{
    domain::{ActionId, Activity, Digest, PolicyId, Reviewer, SourceKind, SourceName, SourceState},
    sources::Step,
    store::{AutonomousRow, CredentialRow, QueueRow, Waits},
    text::SafeText,
    trust::{Account, Asked, Outlook, Roster},
};
use dialog::Dialog;
use jiff::tz::TimeZone;
use std::{sync::Arc, time::Duration};
use table::Table;
use tui_input::Input;

/// The pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Actions that wait.
    Queue,
    /// Who holds what.
    Credentials,
    /// What happened.
    Activity,
    /// Where we look.
    Sources,
}

impl Tab {
    /// In the order they stand in.
    pub const ALL: [Self; 4] = [Self::Queue, Self::Credentials, Self::Activity, Self::Sources];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Queue => "Queue",
            Self::Credentials => "Credentials",
            Self::Activity => "Activity",
            Self::Sources => "Sources",
        }
    }
}

/// How a message should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Went well.
    Good,
    /// Good to know.
    Info,
    /// Needs a look.
    Warning,
    /// Failed.
    Bad,
}

/// A message at the foot of the screen.
#[derive(Debug, Clone)]
pub struct Flash {
    /// How it looks.
    pub tone: Tone,
    /// What it says.
    pub text: SafeText,
    /// When it goes away by itself.
    pub until: Duration,
}

/// What lies over the page.
#[derive(Debug)]
pub enum Overlay {
    /// The keys.
    Help {
        /// First line in view.
        scroll: usize,
    },
    /// What to copy: key, name, text.
    Copy(Vec<(char, &'static str, String)>),
    /// A confirmation.
    Dialog(Box<Dialog>),
}

/// The action that is open for reading.
#[derive(Debug)]
pub struct OpenAction {
    /// Which.
    pub id: ActionId,
    /// It, prepared.
    pub loaded: Box<LoadedAction>,
}

/// The state of the console.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each says one independent thing")]
pub struct State {
    /// The page in front.
    pub tab: Tab,
    /// The queue.
    pub queue: Table<Arc<QueueRow>>,
    /// How many actions wait in all, while only the first screenful is here.
    pub waiting: Option<usize>,
    /// The credentials.
    pub credentials: Table<Arc<CredentialRow>>,
    /// The history.
    pub activity: Table<Arc<Activity>>,
    /// What was let through without anybody agreeing to it.
    pub autonomous: Table<Arc<AutonomousRow>>,
    /// Whether the page of the history shows what was let through instead.
    pub shows_autonomous: bool,
    /// Whether there may be older ones.
    pub more_autonomous: bool,
    /// Whether policy was asked about anything in the queue.
    pub is_ruled: bool,
    /// The sources.
    pub sources: Table<SourceState>,
    /// Whether the detail has the keys.
    pub reading: bool,
    /// First line of the detail in view.
    pub scroll: usize,
    /// How many lines the detail has, and how many fit; set when it is drawn.
    pub extent: (usize, usize),
    /// Lines of the detail where a file of the diff starts.
    pub file_rows: Vec<usize>,
    /// The action that is open for reading.
    pub open: Option<OpenAction>,
    /// The row under the cursor, and when it is read whole if the cursor rests on it.
    pub rest: Option<(ActionId, Digest, Duration)>,
    /// The row that was last asked for, so that it is not asked for twice.
    pub requested: Option<(ActionId, Digest)>,
    /// Whether the detail of a credential says why each line of its reach is there.
    pub reasons: bool,
    /// Unified or side by side, where the person chose.
    pub split: Option<Split>,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// The filter line while it is being typed, and the filter before.
    pub filtering: Option<(Input, String)>,
    /// The message at the foot.
    pub flash: Option<Flash>,
    /// How far polls have come.
    pub progress: Vec<(SourceName, Step)>,
    /// The store's version that is shown; none before the first rows.
    pub version: Option<i64>,
    /// Whether a refresh is under way.
    pub refreshing: bool,
    /// When the last refresh was asked for.
    pub refreshed: Duration,
    /// Whether older history may be there.
    pub more_activity: bool,
    /// Whether any source is configured.
    pub configured: bool,
    /// Who decides here.
    pub who: Reviewer,
    /// Their name, to be shown.
    pub reviewer: SafeText,
    /// Who may decide, as it was when the rows were read.
    pub roster: Arc<Roster>,
    /// The policy that holds here, if one does.
    pub policy: Option<PolicyId>,
    /// What kind of world this is, if it is an unusual one.
    pub banner: Option<SafeText>,
    /// The window: columns and rows.
    pub size: (u16, u16),
    /// The present.
    pub now: Now,
    /// For times of day.
    pub zone: TimeZone,
    /// How long a confirmation stays deaf.
    pub arm_delay: Duration,
    /// Whether the screen no longer shows this state.
    pub dirty: bool,
}

impl State {
    /// Whether list and detail fit side by side.
    pub fn is_wide(&self) -> bool {
        self.size.0 >= 110
    }

    /// Whether there is anything to look at besides this host's own gate, configured here or seen
    /// by another console on the same store.
    pub fn is_set_up(&self) -> bool {
        self.configured || self.sources.rows().iter().any(|it| it.kind != SourceKind::Gate)
    }

    /// How many actions wait, whether or not all of them are here yet.
    pub fn waiting(&self) -> usize {
        self.waiting.unwrap_or_else(|| self.queue.rows().len())
    }

    /// Whether the rows of the page in front are still on their way.
    pub fn is_reading_rows(&self) -> bool {
        self.version.is_none() || self.waiting.is_some() && self.tab == Tab::Credentials
    }

    /// Says something at the foot of the screen.
    pub fn flash(&mut self, tone: Tone, text: SafeText) {
        let seconds = match tone {
            Tone::Good | Tone::Info => 6,
            Tone::Warning => 12,
            Tone::Bad => 30,
        };
        self.flash =
            Some(Flash { tone, text, until: self.now.mono + Duration::from_secs(seconds) });
        self.dirty = true;
    }

    /// Says something of our own at the foot of the screen.
    pub fn say(&mut self, tone: Tone, text: &str) {
        self.flash(tone, SafeText::own(text));
    }

    /// How far an action is, and what an approval by whoever sits here would come to.
    pub fn outlook(&self, row: &QueueRow) -> Outlook {
        let asked = Asked {
            action: &row.id,
            ruling: row.ruling.as_deref(),
            digest: row.digest,
            decisions: &row.decisions,
            since: (row.waits == Waits::Command).then_some(row.opened),
            account: Account::behind(&row.source, &row.requester),
            here: self.policy,
        };
        Outlook::of(asked, &self.who, &self.roster, self.now.wall)
    }

    /// The open action, if it is the one under the cursor and still the same.
    pub fn open_selected(&self) -> Option<&OpenAction> {
        let row = self.queue.selected()?;
        self.open.as_ref().filter(|open| open.id == row.id)
    }

    /// Digest of the open action.
    pub fn open_digest(&self) -> Option<Digest> {
        self.open.as_ref().map(|open| open.loaded.digest)
    }
}
