//! Puts calls to policy, and holds them.
//!
//! ```text
//!   ToolCall ─▶ judge ─┬▶ let through: written down, then it may go on
//!                      ├▶ held: wait ─▶ passed once, or refused with a ticket
//!                      └▶ boundary, refused: Refusal
//! ```

use super::{
    Now, Setup,
    call::{REFUSED, Refusal, ToolCall, WAITING},
};
use crate::{
    domain::{
        Action, ActionId, Assessment, Class, Effect, Environment, Leave, LetThrough, Reversibility,
        Ruling, Span, Verb, nonce,
    },
    gate::{
        Call, Guard, Held, HoldError, PATIENCE, Post, Queue, Wanted,
        asker::{Told, asker},
        expires_in, hold, locks, mark, spool, standing, ticket, waiting_for,
    },
    store::{self, Store, StoreError},
    trust::Standing,
};
use jiff::Timestamp;
use serde_json::json;
use std::{
    convert::Infallible,
    os::unix::fs::MetadataExt as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How often a client that waits hears about it.
const TELL: Duration = Duration::from_secs(5);
/// How soon news of a wait is noticed between.
const LOOK: Duration = Duration::from_millis(500);

/// What a server says of a tool. Claims: they may raise a call, never lower it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Claims {
    /// It calls the tool destructive.
    pub destructive: bool,
}

/// What becomes of a call before anybody waits.
#[derive(Debug)]
pub(super) enum Judged {
    /// It may go on; it is written down already.
    Pass,
    /// It waits for people.
    Held(Box<Action>),
    /// It does not go on.
    Refused(Refusal),
}

/// Everything the calls of one server are judged and held with.
pub(super) struct Keeper {
    pub setup: Setup,
    /// What the client calls itself; empty until it said so.
    client: Mutex<String>,
    store: tokio::sync::Mutex<Option<(Arc<dyn Store>, FileId)>>,
}

/// Device and number of a file.
type FileId = (u64, u64);

impl Keeper {
    pub fn new(setup: Setup) -> Self {
        Self { setup, client: Mutex::default(), store: tokio::sync::Mutex::default() }
    }

    /// Remembers what the client calls itself.
    pub fn meet(&self, client: &str) {
        let client = client.chars().take(128).collect();
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }

    fn client(&self) -> String {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The store, opened when it is first needed, and again when the file was replaced.
    pub async fn store(&self) -> Result<Arc<dyn Store>, StoreError> {
        let path = &self.setup.store;
        let id = || std::fs::metadata(path).ok().map(|data| (data.dev(), data.ino()));
        let mut open = self.store.lock().await;
        if let Some((store, seen)) = &*open
            && Some(*seen) == id()
        {
            return Ok(Arc::clone(store));
        }
        let store = store::open_patiently(path, PATIENCE).await?;
        *open = id().map(|id| (Arc::clone(&store), id));
        Ok(store)
    }

    /// What calls are put to now. A policy this store has not seen is adopted, one that is older
    /// than another it has seen refuses everything.
    pub async fn guard(&self) -> Result<Guard, Refusal> {
        let Now { guard, .. } = (self.setup.guard)().map_err(Refusal::broken)?;
        let (file, policy) = (&self.setup.store, &guard.policy);
        if mark::of(file, policy.id().digest).is_none() {
            let store = self.store().await.map_err(Refusal::broken)?;
            let adopted = mark::adopt(file, &*store, policy, Timestamp::now()).await;
            adopted.map_err(Refusal::broken)?;
        }
        Ok(guard)
    }

    /// Puts a call to policy.
    pub async fn judge(&self, call: &ToolCall, claims: Claims) -> Judged {
        match self.judged(call, claims).await {
            Ok(judged) => judged,
            Err(refusal) => Judged::Refused(refusal),
        }
    }

    async fn ruled(&self, call: &ToolCall, claims: Claims) -> Result<Action, Refusal> {
        let guard = self.guard().await?;
        let server = &self.setup.name;
        let ordinary = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let named = format!("{server}/{}", call.tool);
        let wanted = if call.tool.is_empty() || !call.tool.chars().all(ordinary) {
            Wanted::Unknown { tool: named.clone() }
        } else {
            Wanted::Mcp {
                server: server.clone(),
                tool: call.tool.clone(),
                arguments: call.arguments.clone(),
            }
        };
        let asked = Call {
            via: "mcp",
            agent: (self.setup.agent)(&self.client()),
            tool: named,
            input: call.input.clone(),
            wanted,
            asker: asker(
                &self.setup.cwd,
                Told { session: self.session().into(), ..Told::default() },
            ),
        };
        let post = Post {
            places: &*guard.places,
            host: &guard.host,
            environment: guard.environment,
            requester: &guard.requester,
        };
        let mut unruled = post.unruled(&asked, Timestamp::now()).map_err(Refusal::broken)?;
        unruled.found = raised(unruled.found, claims, server, guard.environment);
        Ok(guard.rule(unruled))
    }

    async fn judged(&self, call: &ToolCall, claims: Claims) -> Result<Judged, Refusal> {
        let action = self.ruled(call, claims).await?;
        if let Some(out) = locks::against(&self.setup.store, &action) {
            return Err(Refusal::broken(out));
        }
        let Some(ruling) = action.ruling.clone() else {
            return Err(Refusal::broken("policy said nothing"));
        };
        match &ruling.leave {
            Leave::LetThrough => {
                self.write_down(&action, ruling).await?;
                Ok(Judged::Pass)
            }
            Leave::Held(_) => Ok(Judged::Held(Box::new(action))),
            Leave::Boundary { .. } | Leave::Refused { .. } => {
                spool::stopped(&self.setup.store, &action);
                Err(unpassable(&ruling))
            }
        }
    }

    /// The session of a call. Over stdio there is none but the process, and an approval that dies
    /// with the client would have to be asked for again after every restart; what stays the same
    /// is the server, by its configured name, and the program in front of it.
    fn session(&self) -> String {
        format!("mcp {} of {}", self.setup.name, self.client())
    }

    async fn write_down(&self, action: &Action, ruling: Ruling) -> Result<(), Refusal> {
        let not = |why: &dyn std::fmt::Display| {
            Refusal::broken(format!("it cannot be logged, so it is not let through: {why}"))
        };
        let record = LetThrough {
            id: nonce().map_err(|why| not(&why))?,
            at: action.opened,
            source: action.source.clone(),
            tool: action.tool.tool.clone(),
            requester: action.requester.clone(),
            title: action.title.clone(),
            asker: action.asker.clone().unwrap_or_default(),
            found: action.found.clone().unwrap_or_default(),
            ruling,
        };
        match spool::append(&self.setup.store, &record) {
            Ok(()) => return Ok(()),
            Err(error) if error.is_for_the_store() => {}
            Err(error) => return Err(not(&error)),
        }
        let store = self.store().await.map_err(|why| not(&why))?;
        store.let_through(std::slice::from_ref(&record)).await.map_err(|why| not(&why))?;
        // A log that stays full makes every call slow; that is no reason to stop this one.
        let _ = spool::take_in(&self.setup.store, &*store).await;
        Ok(())
    }

    /// Holds a call until `until`. Whoever waits hears how far it is through `tell`.
    pub async fn wait(
        &self,
        action: &Action,
        until: Instant,
        tell: impl Fn(&str),
    ) -> Result<ActionId, Refusal> {
        let queue = |why: &dyn std::fmt::Display| {
            Refusal::broken(format!("the queue cannot be reached: {why}"))
        };
        let store = self.store().await.map_err(|why| queue(&why))?;
        let id = store.ask(action, store.now()).await.map_err(|why| queue(&why))?;
        let reviewers = (self.setup.guard)().map_err(Refusal::broken)?.reviewers;
        let held_in = Queue { store: &*store, beside: &self.setup.store, reviewers: &reviewers };
        let held = tokio::select! {
            held = hold(held_in, action, until) => held,
            never = self.report(&*store, &id, &tell) => match never {},
        };
        match held.map_err(|error| match error {
            HoldError::Store(why) => queue(&why),
            other => Refusal::broken(other),
        })? {
            Held::Passed { action } => Ok(action),
            Held::Refused { action, reason } => {
                let why = reason.raw().trim();
                let why = if why.is_empty() { "no reason was given" } else { why };
                let data = json!({ "leave": "rejected", "action": action.as_str(), "reason": why });
                Err(Refusal::new(REFUSED, format!("rejected by the reviewer: {why}"), data))
            }
            Held::Ticket { action: id } => Err(self.ticket(&*store, &id, action).await),
        }
    }

    async fn ticket(&self, store: &dyn Store, id: &ActionId, action: &Action) -> Refusal {
        let far = self.standing(store, id).await;
        let (standing, until) = far.map_or((None, None), |(far, until)| (Some(far), Some(until)));
        let text = ticket(id, standing.as_ref(), until, Timestamp::now());
        let ruling = action.ruling.as_ref();
        let data = json!({
            "leave": "held",
            "action": id.as_str(),
            "tier": ruling.map(|ruling| ruling.tier.clone()),
            "rules": ruling.map(|ruling| ruling.rules.clone()),
            "requirement": ruling.and_then(Ruling::requirement),
            "expires_at": until.map(|until| until.to_string()),
        });
        Refusal::new(WAITING, text, data)
    }

    /// Tells at once, whenever it changes, and now and then. Never ends.
    async fn report(&self, store: &dyn Store, id: &ActionId, tell: &impl Fn(&str)) -> Infallible {
        let mut told: Option<(String, Instant)> = None;
        loop {
            if let Some((standing, until)) = self.standing(store, id).await {
                let left = until.duration_since(Timestamp::now());
                let left = expires_in(Duration::try_from(left).unwrap_or_default());
                let text = format!("{}; {left}", waiting_for(&standing));
                // The minutes alone are no news.
                let news = |text: &str| text.split(';').next().map(str::to_owned);
                let again = told
                    .as_ref()
                    .is_none_or(|(before, at)| news(before) != news(&text) || at.elapsed() >= TELL);
                if again {
                    tell(&text);
                    told = Some((text, Instant::now()));
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn standing(&self, store: &dyn Store, id: &ActionId) -> Option<(Standing, Timestamp)> {
        let reviewers = (self.setup.guard)().map(|now| now.reviewers).unwrap_or_default();
        standing(store, id, &reviewers.now(), Timestamp::now()).await
    }
}

/// The words for what nobody can approve, or could not be put to policy.
pub(super) fn unpassable(ruling: &Ruling) -> Refusal {
    let policy = json!({ "version": ruling.policy.version, "digest": ruling.policy.digest });
    match &ruling.leave {
        Leave::Boundary { rule, because } => Refusal::new(
            REFUSED,
            format!("nobody may approve this: {because} (boundary `{rule}`)"),
            json!({ "leave": "boundary", "rule": rule, "because": because,
                    "tier": ruling.tier, "policy": policy }),
        ),
        Leave::Refused { because } => Refusal::new(
            REFUSED,
            format!("refused: {because}"),
            json!({ "leave": "refused", "because": because, "policy": policy }),
        ),
        Leave::LetThrough | Leave::Held(_) => Refusal::broken("policy contradicts itself"),
    }
}

/// What a call does, with what the server claims of the tool. A tool that it calls destructive is
/// taken at its word, but for files beside the agent: those the classifier knows better.
fn raised(
    mut found: Assessment,
    claims: Claims,
    server: &str,
    environment: Environment,
) -> Assessment {
    let known = !found.effects.is_empty()
        && found.opaque.is_empty()
        && found.effects.iter().all(|effect| effect.service == "files");
    if claims.destructive && !known && found.class() < Class::Destructive {
        let like = found.effects.first();
        let effect = Effect {
            verb: Verb::Delete,
            service: like.map_or_else(|| server.to_owned().into(), |like| like.service.clone()),
            resource: like.map(|like| like.resource.clone()).unwrap_or_default(),
            environment: like.map_or(environment, |like| like.environment),
            reversible: Reversibility::Irreversible(
                "the server itself calls this tool destructive".into(),
            ),
            evidence: Span::default(),
        };
        found.effects.push(effect);
    }
    found
}
