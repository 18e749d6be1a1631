//! `countersign demo`: the console on an embedded world, with one agent that really waits.
//!
//! ```text
//!   Scratch (0700, gone afterwards)
//!     ├─ world/          the recorded company       ◀── sources::embedded
//!     ├─ countersign.db  the store                  ◀── review, poller, console
//!     └─ agent/          a pretended environment    ◀── gate exec, a process of its own
//! ```
//!
//! Nothing is read or written outside that directory, and no network is used.

mod agent;
mod scratch;

use crate::{
    catalogue::{Catalogue, CatalogueError},
    domain::{Reviewer, Ruling, SourceFault, Untrusted, Verdict},
    gate::{self, GateSource},
    policy::{Policy, unsigned_text},
    review::{Poller, Review, Rules},
    sources::{Lens, embedded::World},
    store::{SqliteStore, Store, StoreError},
    text::SafeText,
    trust::Roster,
};
use agent::Agent;
use clap::Args;
use jiff::Timestamp;
use scratch::Scratch;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};

/// What the console shows as long as it looks at the embedded world.
pub const BANNER: &str = "demo: Larkspur Freight is invented, nothing leaves this directory";

/// Who has agreed to the agent's command before the console opens.
const COLLEAGUE: &str = "rowan (demo)";

/// Between two polls of the embedded world.
const INTERVAL: Duration = Duration::from_secs(10);
/// How long the console may take to put the terminal back after SIGTERM.
const PATIENCE: Duration = Duration::from_secs(2);

/// Try the console on an invented company: no account, no network, nothing left behind.
#[derive(Debug, Clone, Default, Args)]
pub struct DemoArgs {
    /// Leave the demo's directory behind and say where it is
    #[arg(long)]
    pub keep: bool,
}

/// Why the demo could not be set up. Nothing is left behind in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No directory, or no process.
    #[error("the demo's directory cannot be made: {0}. Set {place} to a directory that can be written", place = scratch::PLACE)]
    Directory(io::Error),
    /// The agent's process could not be started.
    #[error("the demo's agent cannot be started: {0}")]
    Agent(io::Error),
    /// The embedded world could not be written.
    #[error("the embedded world cannot be written: {}", SafeText::line(&.0.detail))]
    World(SourceFault),
    /// The policy could not be read.
    #[error("the shipped policy cannot be used: {0}")]
    Policy(String),
    /// The catalogue could not be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The store could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A signal came before everything was ready.
    #[error("stopped")]
    Stopped,
}

/// What the console needs to look at the embedded world.
pub struct DemoDesk {
    /// Decides, revokes, restores.
    pub review: Review,
    /// Asks the embedded sources.
    pub poller: Arc<Poller>,
    /// Everything of the demo is in here.
    pub dir: PathBuf,
}

/// What is left to say once the console is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// How it went with the agent, and everything the agent printed. May be written to a terminal.
    pub text: String,
    /// The directory, where it was to be kept.
    pub kept: Option<PathBuf>,
}

/// Sets everything up, opens the console through `console`, and clears everything away when that
/// ends, or when this process is told to end. `program` is the `countersign` binary the agent
/// runs its gate with.
pub async fn run<T>(
    args: &DemoArgs,
    reviewer: Reviewer,
    program: &Path,
    console: impl AsyncFnOnce(DemoDesk) -> T,
) -> Result<(T, Farewell), DemoError> {
    let mut stop = Stop::listen().map_err(DemoError::Agent)?;
    let scratch = Scratch::make(args.keep).map_err(DemoError::Directory)?;
    let (desk, agent) = tokio::select! {
        ready = prepare(&scratch, reviewer, program) => ready?,
        () = stop.told() => return Err(DemoError::Stopped),
    };
    let ended = {
        let mut console = std::pin::pin!(console(desk));
        tokio::select! {
            biased;
            ended = &mut console => Some(ended),
            () = stop.told() => timeout(PATIENCE, &mut console).await.ok(),
        }
    };
    let said = agent.finish().await;
    let farewell = Farewell {
        text: SafeText::block(&Untrusted::new(said)).to_string(),
        kept: args.keep.then(|| scratch.path().to_owned()),
    };
    drop(scratch);
    ended.map(|ended| (ended, farewell)).ok_or(DemoError::Stopped)
}

async fn prepare(
    scratch: &Scratch,
    reviewer: Reviewer,
    program: &Path,
) -> Result<(DemoDesk, Agent), DemoError> {
    let folder = |name| scratch.folder(name).map_err(DemoError::Directory);
    let world = World::create(&folder("world")?, Timestamp::now()).map_err(DemoError::World)?;
    let db = scratch.path().join("countersign.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&db).await?);
    let lens = Lens {
        catalogue: Arc::new(Catalogue::builtin()?),
        production: Arc::new(World::production_rules()),
    };
    let mut sources = world.sources(&lens);
    let gate = GateSource::new(store.clone(), &gate::host_name()).beside(&db);
    sources.push(Arc::new(gate));
    for source in &sources {
        store.register(source.name(), source.kind()).await?;
    }
    let senior = reviewer.0.raw().to_owned();
    let roster = Roster::new([("senior".to_owned(), vec![senior.clone()])]);
    // Nobody has a key in the demo, so what waits for people may go unsigned, and says so.
    let policy = Policy::parse(&unsigned_text(), "unsigned.cedar")
        .map_err(|error| DemoError::Policy(error.to_string()))?;
    let rules = Rules { policy: Some(Arc::new(policy)), reviewers: roster.into() };
    let review = Review::new(store.clone(), sources.clone(), reviewer).under(rules.clone());
    let poller = Arc::new(Poller::new(review.clone(), INTERVAL, INTERVAL));
    // Twice: one of the accounts loses its access after the first poll, so that the first screen
    // shows what was seen before as stale.
    poller.once().await;
    poller.once().await;
    let agent = Agent::start(program, &folder("agent")?, &db, &store, &senior).await;
    let mut agent = agent.map_err(DemoError::Agent)?;
    agent.asked(&store).await?;
    let colleague = Reviewer(COLLEAGUE.into());
    colleague_agrees(&Review::new(store.clone(), sources, colleague).under(rules)).await?;
    // What the agent was let do is in the store before anybody looks.
    poller.once().await;
    let dir = scratch.path().to_owned();
    Ok((DemoDesk { review, poller, dir }, agent))
}

/// The policy that is shipped asks for two people, one of them senior, for much of what waits here.
/// A colleague has looked at the newest of it, the agent's command first; the senior is whoever sits
/// at the console.
async fn colleague_agrees(colleague: &Review) -> Result<(), StoreError> {
    let mut rows = colleague.store().actions(false).await?;
    rows.retain(|row| {
        row.ruling.as_ref().and_then(Ruling::requirement).is_some_and(|it| it.approvals > 1)
    });
    for row in rows.iter().take(2) {
        let reason = Untrusted::new("I have read it. You are the senior on call.");
        // Without it two have to agree, and the console says so.
        let _ = colleague.decide(&row.id, row.digest, Verdict::Approve, reason).await;
    }
    Ok(())
}

/// The signals that end us.
struct Stop {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
