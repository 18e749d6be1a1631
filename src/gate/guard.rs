//! Puts what an agent wants to policy: let through, held, or refused.
//!
//! ```text
//!   Wanted ─▶ assess ─▶ Action { asker, found } ─▶ policy ─▶ ruling ─┬▶ let through: spooled
//!                                                                    ├▶ held: hold::hold
//!                                                                    └▶ boundary, refused: said
//! ```

use super::{Wanted, beside::Beside, operands, source_name};
use crate::{
    classify::Setting,
    domain::{
        Action, Asker, Assessment, Change, Class, Diff, Environment, Leave, LetThrough, Part, Pin,
        Places, Ruling, Subject, Target, ToolMatch, Untrusted, nonce,
    },
    policy::{Case, Circumstances, Policy, Staging},
    text::hidden_in,
};
use jiff::Timestamp;
use serde_json::Value;
use std::{path::Path, sync::Arc};

/// Why a request cannot even be made.
#[derive(Debug, thiserror::Error)]
pub enum RequestFault {
    /// No randomness for the nonce.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    /// Its input has no canonical form.
    #[error("the input of the call has no canonical JSON form: {0}")]
    NotCanonical(serde_json::Error),
}

/// What a gate on this host knows.
pub struct Guard {
    /// What it is put to.
    pub policy: Arc<Policy>,
    /// Says what is production.
    pub places: Arc<dyn Places + Send + Sync>,
    /// This host's name.
    pub host: String,
    /// Whether this host is production.
    pub environment: Environment,
    /// The account that asks.
    pub requester: Untrusted,
}

/// A tool call as a host tells it.
#[derive(Debug, Clone)]
pub struct Call {
    /// How it came: the hook's host, or `mcp`.
    pub via: &'static str,
    /// The tool behind it.
    pub agent: ToolMatch,
    /// The tool it calls, as the host names it.
    pub tool: String,
    /// Its input, as given.
    pub input: Value,
    /// What that comes to.
    pub wanted: Wanted,
    /// Who asks.
    pub asker: Asker,
}

/// Where a gate stands, without the policy it puts its actions to.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    /// Says what is production.
    pub places: &'a dyn Places,
    /// This host's name.
    pub host: &'a str,
    /// Whether this host is production.
    pub environment: Environment,
    /// The account that asks.
    pub requester: &'a Untrusted,
}

/// An action that is not put to policy yet.
#[derive(Debug, Clone)]
pub struct Unruled {
    /// The action; its `found` and `ruling` are still to come.
    pub action: Action,
    /// What it would do.
    pub found: Assessment,
    /// Whether what is shown holds hidden or misleading characters.
    pub hidden: bool,
    /// How the same change fared outside production.
    pub staging: Staging,
}

impl Guard {
    /// The action this call is, put to policy.
    pub fn ruled(&self, call: &Call, now: Timestamp) -> Result<Action, RequestFault> {
        let post = Post {
            places: &*self.places,
            host: &self.host,
            environment: self.environment,
            requester: &self.requester,
        };
        Ok(self.rule(post.unruled(call, now)?))
    }

    /// Puts an action to policy.
    pub fn rule(&self, unruled: Unruled) -> Action {
        let Unruled { mut action, found, hidden, staging } = unruled;
        let circumstances = Circumstances { staging, hidden, ..Circumstances::at(action.opened) };
        let case = Case { action: &action, found: &found, circumstances: &circumstances };
        action.ruling = Some(self.policy.rule(case));
        action.found = Some(found);
        action
    }
}

impl Post<'_> {
    /// What a call would do, judged with the files beside it, and those it depends on: an approval
    /// of `sh deploy.sh` is one of that very script.
    fn look(&self, call: &Call) -> (Assessment, Vec<Pin>) {
        let setting =
            Setting { places: self.places, environment: self.environment, ..Setting::default() };
        let cwd = Path::new(call.asker.cwd.raw());
        let Wanted::Shell { command } = &call.wanted else {
            return (call.wanted.assess(&setting), Vec::new());
        };
        if !cwd.is_absolute() {
            return (call.wanted.assess(&setting), Vec::new());
        }
        let beside = Beside::new(cwd);
        let found = call.wanted.assess(&Setting { files: &beside, ..setting });
        // What only looks is never held, and an approval is all that pins are for.
        if found.class() != Class::ReadOnly {
            operands::of_line(command).for_each(|name| beside.pin(&name));
        }
        (found, beside.pins())
    }

    /// The action a call is.
    pub fn unruled(&self, call: &Call, now: Timestamp) -> Result<Unruled, RequestFault> {
        let (found, pins) = self.look(call);
        let source = source_name(self.host);
        let input =
            serde_json_canonicalizer::to_string(&call.input).map_err(RequestFault::NotCanonical)?;
        let subject = Subject::Call {
            via: call.via.to_owned(),
            tool: call.tool.as_str().into(),
            input: input.into(),
            cwd: call.asker.cwd.clone(),
            session: call.asker.session.clone(),
            host: self.host.into(),
            nonce: nonce().map_err(RequestFault::NoRandomness)?,
            pins,
        };
        let action = Action {
            id: subject.id(&source),
            source,
            part: Part::new("calls"),
            subject,
            tool: call.agent.clone(),
            requester: self.requester.clone(),
            authors: Vec::new(),
            title: call.wanted.title(),
            description: call.asker.claimed.clone(),
            target: Target { name: self.host.into(), environment: self.environment },
            opened: now,
            url: Untrusted::default(),
            change: Change {
                additions: 0,
                deletions: 0,
                files: Vec::new(),
                files_complete: true,
                diff: Diff::None,
            },
            checks: Vec::new(),
            reviews: Vec::new(),
            asker: Some(call.asker.clone()),
            found: None,
            ruling: None,
        };
        let hidden = !hidden_in(&action).is_empty();
        Ok(Unruled { action, found, hidden, staging: Staging::Unknown })
    }
}

/// The record of an action that was let through; none of one that was not.
pub(super) fn let_through(action: &Action) -> Result<Option<LetThrough>, getrandom::Error> {
    let ruling = action.ruling.clone().filter(|ruling| ruling.leave == Leave::LetThrough);
    let found = action.found.clone().unwrap_or_default();
    ruling.map(|ruling| record(action, &found, ruling)).transpose()
}

/// The record of an action that does this and was let through by that.
pub(super) fn record(
    action: &Action,
    found: &Assessment,
    ruling: Ruling,
) -> Result<LetThrough, getrandom::Error> {
    Ok(LetThrough {
        id: nonce()?,
        at: action.opened,
        source: action.source.clone(),
        tool: action.tool.tool.clone(),
        requester: action.requester.clone(),
        title: action.title.clone(),
        asker: action.asker.clone().unwrap_or_default(),
        found: found.clone(),
        ruling,
    })
}
