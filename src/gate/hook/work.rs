//! What a hook does between the question and the answer.
//!
//! ```text
//!   Asked ─▶ Unruled ─┬ only reads, all of it read, nothing hidden, and the mark says that this is
//!                     │ free ──────────────────────────▶ spool ─▶ Allow
//!                     └ else: Policy (Cedar) ─▶ Ruling ─┬ let through ─▶ spool ─▶ Allow
//!                         │ not marked: the store       ├ held ─▶ store, hold ─▶ Allow, or Deny with
//!                         │ adopts it first             │         a ticket
//!                         └ older than one: Deny        └ boundary, refused ─▶ Deny
//! ```
//!
//! The upper way opens no database, starts no runtime and asks no Cedar, and is the one nearly
//! every call takes. It may only do what the lower one would do as well.

use super::{
    Asked, Clock, Host, Reason, Said,
    rehearsal::{is_rehearsal, rehearsed},
};
use crate::{
    domain::{
        Class, Confidence, Digest, Environment, Leave, LetThrough, Places, ToolId, ToolMatch,
        Untrusted,
    },
    gate::{
        Call, Guard, Held, PATIENCE, Post, Unruled,
        asker::{self, Told},
        guard, hold, mark, spool,
    },
    policy::{self, Installation, Policy},
    store::{SqliteStore, Store as _},
};
use jiff::Timestamp;
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

/// More than any host sends about one call.
const LONGEST: u64 = 8 << 20;
/// More than any policy a person keeps.
const LONGEST_POLICY: u64 = 4 << 20;

/// What a hook has to know.
pub struct Setup {
    /// Where everything is remembered.
    pub store: PathBuf,
    /// Says what is production.
    pub places: Arc<dyn Places + Send + Sync>,
    /// This host's name.
    pub name: String,
    /// Whether this host is production.
    pub environment: Environment,
    /// The policy; none: the shipped one.
    pub policy: Option<PathBuf>,
    /// Reads what the installation says beside the rules. Only asked where policy is.
    pub installation: Box<dyn Fn() -> Installation + Send + Sync>,
}

/// Reads a host's question.
pub fn question(host: &dyn Host, input: impl Read) -> Result<Asked, Reason> {
    let mut payload = Vec::with_capacity(4096);
    let read = input.take(LONGEST + 1).read_to_end(&mut payload);
    read.map_err(|error| Reason::new(format!("the host's question cannot be read: {error}")))?;
    if payload.len() as u64 > LONGEST {
        return Err(Reason::new("the host sent more than countersign reads (8 MiB)"));
    }
    host.read(&payload).map_err(|error| Reason::new(error.to_string()))
}

/// Answers it.
pub fn answer(
    host: &dyn Host,
    asked: &Asked,
    setup: &Setup,
    clock: &Clock,
) -> Result<Said, Reason> {
    let requester = Untrusted::new(asker::account());
    let post = Post {
        places: &*setup.places,
        host: &setup.name,
        environment: setup.environment,
        requester: &requester,
    };
    let unruled = post.unruled(&call(host, asked), Timestamp::now());
    let unruled = unruled.map_err(|error| Reason::new(error.to_string()))?;
    let policy = InForce::read(setup)?;
    let only_reads = unruled.found.class() == Class::ReadOnly && !unruled.hidden;
    let free = if only_reads { policy.mark(setup).and_then(mark::Mark::free) } else { None };
    if let Some(ruling) = free {
        if is_rehearsal() {
            return Err(Reason::new(rehearsed(&ruling.leave)));
        }
        let record = guard::record(&unruled.action, &unruled.found, ruling);
        let record = record.map_err(|error| not_logged(&error))?;
        match spool::append(&setup.store, &record) {
            Ok(()) => return Ok(Said::Allow),
            Err(error) if error.is_for_the_store() => {}
            Err(error) => return Err(not_logged(&error)),
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Reason::new(format!("the runtime cannot be started: {error}")))?;
    let said = runtime.block_on(ruled(unruled, &policy, setup, clock));
    // Whatever is still busy must not keep the answer.
    runtime.shutdown_background();
    said
}

/// The call, with who makes it.
fn call(host: &dyn Host, asked: &Asked) -> Call {
    let (id, agent) = host.agent();
    let told =
        Told { session: asked.session.as_str().into(), claimed: asked.claimed.as_str().into() };
    Call {
        via: host.id(),
        agent: ToolMatch {
            tool: ToolId::new(id),
            name: agent.to_owned(),
            confidence: Confidence::Declared,
            evidence: Vec::new(),
        },
        tool: asked.tool.clone(),
        input: asked.input.clone(),
        wanted: asked.wanted.clone(),
        asker: asker::asker(&asked.cwd, told),
    }
}

/// The text of the policy in force.
enum InForce<'a> {
    Shipped,
    File { path: &'a Path, text: String },
}

impl<'a> InForce<'a> {
    fn read(setup: &'a Setup) -> Result<Self, Reason> {
        let Some(path) = &setup.policy else { return Ok(Self::Shipped) };
        let unreadable = |why: String| {
            Reason::new(format!("the policy {} cannot be read: {why}", path.display()))
        };
        let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
        let mut text = String::new();
        file.take(LONGEST_POLICY + 1)
            .read_to_string(&mut text)
            .map_err(|error| unreadable(error.to_string()))?;
        if text.len() as u64 > LONGEST_POLICY {
            return Err(unreadable("it is longer than 4 MiB".to_owned()));
        }
        Ok(Self::File { path, text })
    }

    fn mark(&self, setup: &Setup) -> Option<mark::Mark> {
        let digest = match self {
            Self::Shipped => policy::shipped_digest(),
            Self::File { text, .. } => Digest::of_bytes(text.as_bytes()),
        };
        mark::of(&setup.store, digest)
    }

    fn load(&self) -> Result<Policy, Reason> {
        let loaded = match self {
            Self::Shipped => Policy::shipped(),
            // The very text that was looked at, whatever the file holds by now.
            Self::File { path, text } => Policy::parse(text, &path.display().to_string()),
        };
        loaded.map_err(|error| Reason::new(format!("the policy cannot be used: {error}")))
    }
}

/// Puts it to policy, and does what that says.
async fn ruled(
    unruled: Unruled,
    policy: &InForce<'_>,
    setup: &Setup,
    clock: &Clock,
) -> Result<Said, Reason> {
    let rules = policy.load()?.at((setup.installation)());
    let mut store = None;
    if policy.mark(setup).is_none() {
        let opened = open(&setup.store).await?;
        let adopted = mark::adopt(&setup.store, &opened, &rules, Timestamp::now()).await;
        adopted.map_err(|error| Reason::new(error.to_string()))?;
        store = Some(opened);
    }
    let action = gate(rules, setup, &unruled).rule(unruled);
    let Some(ruling) = action.ruling.clone() else { return Err(Reason::new("nobody ruled")) };
    if is_rehearsal() {
        return Err(Reason::new(rehearsed(&ruling.leave)));
    }
    match &ruling.leave {
        Leave::LetThrough => {
            let record = guard::let_through(&action).map_err(|error| not_logged(&error))?;
            let record = record.ok_or_else(|| Reason::new("nobody ruled"))?;
            let_through(&record, setup, store).await?;
            Ok(Said::Allow)
        }
        Leave::Boundary { rule, because } => {
            spool::stopped(&setup.store, &action);
            Err(Reason::new(format!("nobody may approve this: {because} (boundary `{rule}`)")))
        }
        Leave::Refused { because } => Err(Reason::new(format!("refused: {because}"))),
        Leave::Held(_) => {
            let store = match store {
                Some(store) => store,
                None => open(&setup.store).await?,
            };
            let _ = spool::take_in(&setup.store, &store).await;
            let held = hold(&store, &action, clock.until().into()).await;
            Ok(match held.map_err(|error| Reason::new(error.to_string()))? {
                Held::Passed { .. } => Said::Allow,
                Held::Refused { reason, .. } => Said::Deny(Reason::new(reason)),
                Held::Ticket { action } => Said::Deny(Reason::new(format!(
                    "waits for approval as {action}; make the very same call again once it is \
                     approved"
                ))),
            })
        }
    }
}

fn gate(rules: Policy, setup: &Setup, unruled: &Unruled) -> Guard {
    Guard {
        policy: Arc::new(rules),
        places: Arc::clone(&setup.places),
        environment: setup.environment,
        host: setup.name.clone(),
        requester: unruled.action.requester.clone(),
    }
}

async fn open(path: &Path) -> Result<SqliteStore, Reason> {
    if path.to_str().is_none() {
        return Err(Reason::new("the path of the store is not UTF-8"));
    }
    SqliteStore::open_patiently(path, PATIENCE)
        .await
        .map_err(|error| Reason::new(error.to_string()))
}

/// Logs it: beside the store, or in it where that is open or the log full.
async fn let_through(
    record: &LetThrough,
    setup: &Setup,
    store: Option<SqliteStore>,
) -> Result<(), Reason> {
    let store = match store {
        Some(store) => store,
        None => match spool::append(&setup.store, record) {
            Ok(()) => return Ok(()),
            Err(error) if error.is_for_the_store() => open(&setup.store).await?,
            Err(error) => return Err(not_logged(&error)),
        },
    };
    let logged = store.let_through(std::slice::from_ref(record)).await;
    logged.map_err(|error| not_logged(&error))?;
    // A log that stays full makes every call slow; that is no reason to stop this one.
    let _ = spool::take_in(&setup.store, &store).await;
    Ok(())
}

fn not_logged(why: &dyn std::fmt::Display) -> Reason {
    Reason::new(format!("it cannot be logged, so it is not let through: {why}"))
}
