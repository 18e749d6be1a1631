//! What happens to the state (`Msg`), and what the state asks of the world (`Effect`).

use super::{
    clock::Now,
    keymap::Command,
    state::arrange::{Answer, Question},
};
use crate::{
    domain::{
        Action, ActionId, Activity, Assessment, Call, Class, CredentialId, Digest, Found, Lock,
        Locked, Preview, Receipt, SourceName, SourceState, Turn, Untrusted, Verdict,
    },
    review::{Carried as Decided, DecideError, RevokeError, TurnError},
    sources::Step,
    store::{AutonomousRow, CredentialRow, QueueRow},
    trust::Roster,
};
use crossterm::event::KeyEvent;
use std::sync::Arc;

/// Everything that can happen.
#[derive(Debug)]
pub enum Msg {
    /// A key that means a command where it was pressed.
    Command(Command),
    /// A key that means something only on this other page.
    Elsewhere(&'static str),
    /// A key for whoever reads text now: a dialog, the filter line, a menu.
    Key(KeyEvent),
    /// A paste; never a command.
    Paste(String),
    /// The window has another size.
    Resize(u16, u16),
    /// Time passes.
    Tick(Now),
    /// Somebody wrote to the store.
    Moved,
    /// Back from the shell, or anything else after which the eye has to find its place again.
    Resumed,
    /// Rows were read.
    Loaded(Box<Loaded>),
    /// Nobody has written since. Who may decide, which is not the store's to say.
    NothingNew(Arc<Roster>),
    /// The store could not be read.
    StoreFailed(String),
    /// One action was read whole; none if it is not there any more.
    ActionLoaded(ActionId, Option<Box<LoadedAction>>),
    /// What a rejection for this reason would send.
    Foreseen(ActionId, Untrusted, Vec<Call>),
    /// A decision was not sent because what was shown is not what is there; this is.
    Changed(ActionId, Box<LoadedAction>),
    /// A list, filtered and sorted.
    Arranged(Answer),
    /// Older lines of history.
    OlderActivity(Vec<Arc<Activity>>),
    /// Actions that were let through: the newest, or those before this one.
    Autonomous(Option<i64>, Vec<Arc<AutonomousRow>>),
    /// How far polls have come.
    Progress(Vec<(SourceName, Step)>),
    /// A decision was carried out, or not.
    Decided(ActionId, Verdict, Result<Decided, DecideError>),
    /// What revoking or restoring would do.
    Previewed(CredentialId, Result<Preview, RevokeError>),
    /// A revocation or restoration was carried out, or not.
    Carried(CredentialId, Result<Receipt, RevokeError>),
    /// Something was locked or unlocked, or not.
    Turned(Result<Lock, TurnError>),
}

/// How much of the lists is to be read.
#[derive(Debug)]
pub enum Reading {
    /// The first screenful of the queue, so that there is something to look at.
    First,
    /// Everything.
    Whole,
    /// What changed since, if anything did.
    Since(Known),
}

/// What is shown already.
#[derive(Debug, Clone)]
pub struct Known {
    /// The version it was read at.
    pub version: i64,
    /// Open actions.
    pub queue: Arc<Vec<Arc<QueueRow>>>,
    /// Credentials.
    pub credentials: Arc<Vec<Arc<CredentialRow>>>,
}

/// The lists, read at one time; `None` where they are as they were.
#[derive(Debug)]
pub struct Loaded {
    /// The store's version before they were read.
    pub version: i64,
    /// Open actions.
    pub queue: Option<Arc<Vec<Arc<QueueRow>>>>,
    /// How many wait in all, where only the first of them were read.
    pub waiting: Option<usize>,
    /// Credentials.
    pub credentials: Option<Arc<Vec<Arc<CredentialRow>>>>,
    /// The newest history.
    pub activity: Vec<Arc<Activity>>,
    /// Sources.
    pub sources: Vec<SourceState>,
    /// Who may decide.
    pub roster: Arc<Roster>,
    /// What is locked.
    pub locks: Vec<Lock>,
}

/// One action, prepared for reading off the UI task.
#[derive(Debug)]
pub struct LoadedAction {
    /// The action as the store has it.
    pub action: Arc<Action>,
    /// Digest of exactly this action.
    pub digest: Digest,
    /// Digest the row had in the store.
    pub row_digest: Digest,
    /// The diff, parsed.
    pub diff: Arc<super::view::diff_pane::DiffPane>,
    /// What it would do.
    pub would_do: Arc<WouldDo>,
    /// Where characters are that hide or act: names of fields.
    pub hidden: Vec<&'static str>,
    /// The script among a command's arguments.
    pub script: Option<Script>,
    /// What a decision would send.
    pub foreseen: Foreseen,
}

/// What an action would do, put into words off the UI task.
#[derive(Debug)]
pub struct WouldDo {
    /// The class of the whole.
    pub class: Class,
    /// What weighs most, first; nothing that only looks, and no file that is listed anyway.
    pub lines: Vec<Untrusted>,
    /// How many lines more there would be.
    pub more: usize,
}

impl WouldDo {
    /// The most lines a person is told.
    const MOST: usize = 12;

    /// In words.
    pub fn of(assessed: &Assessment) -> Self {
        let is_told = |one: &Found<'_>| one.class() > Class::ReadOnly && !one.is_listed();
        Self::those(assessed, is_told)
    }

    /// In words, also what it only looks at.
    pub fn whole(assessed: &Assessment) -> Self {
        Self::those(assessed, |_| true)
    }

    fn those(assessed: &Assessment, is_told: impl Fn(&Found<'_>) -> bool) -> Self {
        let found: Vec<Found<'_>> = assessed.by_weight().into_iter().filter(is_told).collect();
        Self {
            class: assessed.class(),
            lines: found.iter().take(Self::MOST).map(Found::told).collect(),
            more: found.len().saturating_sub(Self::MOST),
        }
    }
}

/// An argument of several lines, coloured.
#[derive(Debug, Clone)]
pub struct Script {
    /// Which argument it is.
    pub argument: usize,
    /// Its lines.
    pub lines: Vec<Vec<super::diff::Piece>>,
}

/// What a decision would send, either way.
#[derive(Debug, Clone, Default)]
pub struct Foreseen {
    /// To approve.
    pub approve: Vec<Call>,
    /// To reject, before there is a reason.
    pub reject: Vec<Call>,
}

/// What the state asks of the world. The UI task never waits for any of them.
#[derive(Debug)]
pub enum Effect {
    /// Read the lists.
    Refresh(Reading),
    /// Filter and sort a list.
    Arrange(Question),
    /// Read one action whole.
    LoadAction(ActionId),
    /// Read older history.
    OlderActivity {
        /// Older than this line.
        before: i64,
    },
    /// Read actions that were let through.
    Autonomous {
        /// Older than this one; the newest where there is none.
        before: Option<i64>,
    },
    /// Ask what a rejection for this reason would send.
    Foresee {
        /// Of which action.
        action: Arc<Action>,
        /// Why.
        reason: Untrusted,
    },
    /// Decide and carry out.
    Decide {
        /// On which action.
        action: ActionId,
        /// Of exactly what was shown.
        seen: Digest,
        /// Which way.
        verdict: Verdict,
        /// Why.
        reason: Untrusted,
    },
    /// Stop waiting for the signature of a decision.
    StopSigning(ActionId),
    /// Ask what revoking would do.
    PreviewRevoke(CredentialId),
    /// Ask what restoring would do.
    PreviewRestore(CredentialId),
    /// Revoke as previewed.
    Revoke(CredentialId, Box<Preview>),
    /// Restore as previewed.
    Restore(CredentialId, Box<Preview>),
    /// Lock or unlock.
    Turn {
        /// What.
        what: Locked,
        /// Which way.
        turn: Turn,
        /// Why.
        reason: Untrusted,
    },
    /// Ask all sources now.
    PollNow,
    /// Put text on the clipboard of the terminal.
    Copy(String),
    /// Give back the memory of rows nobody shows any more; slow for 100,000 of them.
    Discard(Discarded),
    /// Stop until the shell continues us.
    Suspend,
    /// End.
    Quit,
}

/// Rows nobody shows any more.
#[derive(Debug)]
pub enum Discarded {
    /// Old queue rows.
    Actions(Arc<Vec<Arc<QueueRow>>>),
    /// Old lines of history.
    Activity(Arc<Vec<Arc<Activity>>>),
    /// Old actions that were let through.
    Autonomous(Arc<Vec<Arc<AutonomousRow>>>),
    /// Old credential rows.
    Credentials(Arc<Vec<Arc<CredentialRow>>>),
}
