//! What a hook can answer at a glance: calls that only look, where policy lets all of those through.
//!
//! ```text
//!   payload ─▶ Asked ─▶ Unruled ─┬ only reads, all of it read, nothing hidden, and the mark says
//!                                │ that this is free ─▶ spool ─▶ Allow
//!                                └ else: work
//! ```
//!
//! This way opens no database, starts no runtime and asks no Cedar, and is the one nearly every
//! call takes. It may only do what [`work`](super::work) would do as well. All of it is in the
//! small program `countersign-hook` too, so it must not come to know the rest.

use super::{
    Asked, Host, Reason, Said,
    rehearsal::{is_rehearsal, rehearsed},
};
use crate::{
    domain::{Class, Confidence, Digest, Environment, Places, ToolId, ToolMatch, Untrusted},
    gate::{
        Call, Post, Unruled,
        asker::{self, Told},
        guard, locks, mark, spool,
    },
    policy,
};
use jiff::Timestamp;
use std::{
    fs::File,
    io::Read,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

/// More than any host sends about one call.
const LONGEST: u64 = 8 << 20;
/// More than any policy a person keeps.
const LONGEST_POLICY: u64 = 4 << 20;

/// What a hook has to know of where it stands.
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
}

/// Reads what a host writes to the hook.
pub fn payload(input: impl Read) -> Result<Vec<u8>, Reason> {
    let mut payload = Vec::with_capacity(4096);
    let read = input.take(LONGEST + 1).read_to_end(&mut payload);
    read.map_err(|error| Reason::new(format!("the host's question cannot be read: {error}")))?;
    if payload.len() as u64 > LONGEST {
        return Err(Reason::new("the host sent more than countersign reads (8 MiB)"));
    }
    Ok(payload)
}

/// Its question.
pub fn question(host: &dyn Host, payload: &[u8]) -> Result<Asked, Reason> {
    host.read(payload).map_err(|error| Reason::new(error.to_string()))
}

/// What came of a glance.
pub(super) enum Seen<'a> {
    /// It is answered.
    Said(Said),
    /// Policy has to be asked.
    Further(Box<Unruled>, InForce<'a>),
}

/// Answers what can be answered at a glance; none: policy has to be asked.
pub fn glance(host: &dyn Host, asked: &Asked, setup: &Setup) -> Result<Option<Said>, Reason> {
    Ok(match look(host, asked, setup)? {
        Seen::Said(said) => Some(said),
        Seen::Further(..) => None,
    })
}

/// Looks at a call.
pub(super) fn look<'a>(
    host: &dyn Host,
    asked: &Asked,
    setup: &'a Setup,
) -> Result<Seen<'a>, Reason> {
    let requester = Untrusted::new(asker::account());
    let post = Post {
        places: &*setup.places,
        host: &setup.name,
        environment: setup.environment,
        requester: &requester,
    };
    let unruled = post.unruled(&call(host, asked), Timestamp::now());
    let unruled = unruled.map_err(|error| Reason::new(error.to_string()))?;
    if let Some(out) = locks::against(&setup.store, &unruled.action) {
        return Err(Reason::new(out.to_string()));
    }
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
            Ok(()) => return Ok(Seen::Said(Said::Allow)),
            Err(error) if error.is_for_the_store() => {}
            Err(error) => return Err(not_logged(&error)),
        }
    }
    Ok(Seen::Further(Box::new(unruled), policy))
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
pub(super) enum InForce<'a> {
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
        let about = file.metadata().map_err(|error| unreadable(error.to_string()))?;
        if about.is_file() && about.mode() & 0o002 != 0 {
            return Err(unreadable("every user of this machine can write it".to_owned()));
        }
        let mut text = String::new();
        file.take(LONGEST_POLICY + 1)
            .read_to_string(&mut text)
            .map_err(|error| unreadable(error.to_string()))?;
        if text.len() as u64 > LONGEST_POLICY {
            return Err(unreadable("it is longer than 4 MiB".to_owned()));
        }
        Ok(Self::File { path, text })
    }

    pub(super) fn mark(&self, setup: &Setup) -> Option<mark::Mark> {
        let digest = match self {
            Self::Shipped => policy::shipped_digest(),
            Self::File { text, .. } => Digest::of_bytes(text.as_bytes()),
        };
        mark::of(&setup.store, digest)
    }
}

/// Nothing is let through that leaves no trace.
pub(super) fn not_logged(why: &dyn std::fmt::Display) -> Reason {
    Reason::new(format!("it cannot be logged, so it is not let through: {why}"))
}
