//! The JSON form of the engine's answers. Nothing of it is built in memory: an account with a
//! thousand administrators is written principal by principal.

use super::{account_of, kind_of};
use crate::{
    domain::Certainty,
    iam::{
        action_name,
        actions::ActionId,
        reach::{Answer, Audit, Capability, EntryPoint, Step},
        world::{PrincipalId, Problem, World},
    },
};
use serde::{
    Serialize, Serializer,
    ser::{SerializeSeq as _, SerializeStruct as _},
};
use serde_json::value::RawValue;
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// All principals with their answers, written one after the other.
pub(super) struct Principals<'a> {
    pub(super) world: &'a World,
    pub(super) audit: &'a Audit,
}

/// Lists of action names that were written before. Principals with the same policies share their
/// lists, and those of a thousand administrators are the larger part of an answer.
#[derive(Default)]
struct Written(RefCell<HashMap<(usize, usize), Rc<RawValue>>>);

/// Lists that are remembered.
const MOST_WRITTEN: usize = 4_096;

impl Written {
    fn names(&self, actions: &[ActionId]) -> Option<Rc<RawValue>> {
        // The lists outlive the writing, so that a place in memory names one list.
        let key = (actions.as_ptr() as usize, actions.len());
        if let Some(known) = self.0.borrow().get(&key) {
            return Some(Rc::clone(known));
        }
        // Names of actions hold nothing that JSON would escape.
        let names: Vec<String> =
            actions.iter().map(|action| format!("\"{}\"", action_name(*action))).collect();
        let text: Rc<RawValue> =
            RawValue::from_string(format!("[{}]", names.join(", "))).ok()?.into();
        let mut all = self.0.borrow_mut();
        if all.len() < MOST_WRITTEN {
            all.insert(key, Rc::clone(&text));
        }
        Some(text)
    }
}

impl Serialize for Principals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written::default();
        let mut all = serializer.serialize_seq(Some(self.audit.answers.len()))?;
        for id in (0..self.world.principals.len()).filter_map(|at| u32::try_from(at).ok()) {
            let id = PrincipalId(id);
            if let Some(view) = PrincipalView::with(self.world, self.audit, id, Some(&written)) {
                all.serialize_element(&view)?;
            }
        }
        all.end()
    }
}

/// One principal with its answer.
#[derive(Serialize)]
pub(super) struct PrincipalView<'a> {
    arn: &'a str,
    kind: &'static str,
    account: &'a str,
    admin: Certainty,
    reaches_admin: Certainty,
    path: Steps<'a>,
    destructive: Capabilities<'a>,
    exposure: Capabilities<'a>,
    allowed_actions: u32,
}

impl<'a> PrincipalView<'a> {
    pub(super) fn of(world: &'a World, audit: &'a Audit, id: PrincipalId) -> Option<Self> {
        Self::with(world, audit, id, None)
    }

    fn with(
        world: &'a World,
        audit: &'a Audit,
        id: PrincipalId,
        written: Option<&'a Written>,
    ) -> Option<Self> {
        let principal = world.principals.get(id.0 as usize)?;
        let answer: &Answer = audit.of(id)?;
        Some(Self {
            arn: &principal.arn,
            kind: kind_of(principal),
            account: account_of(world, principal),
            admin: answer.admin.into(),
            reaches_admin: answer.reaches_admin.into(),
            path: Steps(&answer.path),
            destructive: Capabilities(&answer.destructive, written),
            exposure: Capabilities(&answer.exposure, written),
            allowed_actions: answer.allowed_actions,
        })
    }
}

/// A path, its steps as the engine has them.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Steps<'a>(pub(super) &'a [Step]);

struct Capabilities<'a>(&'a [Capability], Option<&'a Written>);

impl Serialize for Capabilities<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|one| CapabilityView(one, self.1)))
    }
}

struct CapabilityView<'a>(&'a Capability, Option<&'a Written>);

impl Serialize for CapabilityView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(capability, written) = self;
        let mut view = serializer.serialize_struct("Capability", 5)?;
        view.serialize_field("service", capability.service)?;
        match written.and_then(|written| written.names(&capability.actions)) {
            Some(names) => view.serialize_field("actions", &*names)?,
            None => view.serialize_field("actions", &Names(capability))?,
        }
        view.serialize_field("resources", &*capability.resources)?;
        view.serialize_field("conditions", &*capability.conditions)?;
        view.serialize_field("because", &*capability.because)?;
        view.end()
    }
}

struct Names<'a>(&'a Capability);

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.actions.iter().map(|action| action_name(*action)))
    }
}

/// A way in from outside.
#[derive(Serialize)]
pub(super) struct EntryView<'a> {
    who: &'a str,
    role: &'a str,
    how: &'a str,
    conditions: &'a [String],
    warning: Option<&'a str>,
    reaches_admin: Certainty,
}

impl<'a> EntryView<'a> {
    pub(super) fn of(entry: &'a EntryPoint) -> Self {
        Self {
            who: &entry.who,
            role: &entry.role,
            how: &entry.how,
            conditions: &entry.conditions,
            warning: entry.warning.as_deref(),
            reaches_admin: entry.reaches_admin.into(),
        }
    }
}

/// Problems of the world and of the audit, one list.
pub(super) fn problems<'a>(
    world: &'a World,
    audit: &'a Audit,
) -> impl Iterator<Item = &'a Problem> + Clone {
    world.problems.iter().chain(&audit.problems)
}
