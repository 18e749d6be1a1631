//! The JSON form of the engine's answers. Nothing of it is built in memory: an account with a
//! thousand administrators is written principal by principal.

use super::{account_of, kind_of};
use crate::{
    domain::Certainty,
    iam::{
        action_name,
        reach::{Answer, Audit, Capability, EntryPoint, Step},
        world::{PrincipalId, Problem, World},
    },
};
use serde::{
    Serialize, Serializer,
    ser::{SerializeSeq as _, SerializeStruct as _},
};

/// All principals with their answers, written one after the other.
pub(super) struct Principals<'a> {
    pub(super) world: &'a World,
    pub(super) audit: &'a Audit,
}

impl Serialize for Principals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(Some(self.audit.answers.len()))?;
        for id in (0..self.world.principals.len()).filter_map(|at| u32::try_from(at).ok()) {
            if let Some(view) = PrincipalView::of(self.world, self.audit, PrincipalId(id)) {
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
        let principal = world.principals.get(id.0 as usize)?;
        let answer: &Answer = audit.of(id)?;
        Some(Self {
            arn: &principal.arn,
            kind: kind_of(principal),
            account: account_of(world, principal),
            admin: answer.admin.into(),
            reaches_admin: answer.reaches_admin.into(),
            path: Steps(&answer.path),
            destructive: Capabilities(&answer.destructive),
            exposure: Capabilities(&answer.exposure),
            allowed_actions: answer.allowed_actions,
        })
    }
}

/// A path, its steps as the engine has them.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Steps<'a>(pub(super) &'a [Step]);

struct Capabilities<'a>(&'a [Capability]);

impl Serialize for Capabilities<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(CapabilityView))
    }
}

struct CapabilityView<'a>(&'a Capability);

impl Serialize for CapabilityView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(capability) = self;
        let mut view = serializer.serialize_struct("Capability", 5)?;
        view.serialize_field("service", capability.service)?;
        view.serialize_field("actions", &Names(capability))?;
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
