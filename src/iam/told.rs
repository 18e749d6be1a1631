//! An answer of the reach graph as the rest of the house keeps and shows it: words, bounded.

use super::{
    Truth,
    actions::{ActionId, ActionTable},
    headline,
    reach::{Answer, Capability, Step},
    why::because,
    world::World,
};
use crate::domain::{
    Certainty, Few, MOST_ACTIONS, MOST_RESOURCES, MOST_SERVICES, MOST_STEPS, Power, Reach,
    ReachStep, Untrusted,
};

/// How much of each list is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Services of each kind of power.
    pub services: usize,
    /// Actions of one power.
    pub actions: usize,
    /// Resources, conditions and statements of one power.
    pub resources: usize,
    /// Steps of the path.
    pub steps: usize,
}

impl Bounds {
    /// What is kept with a credential.
    pub const KEPT: Self = Self {
        services: MOST_SERVICES,
        actions: MOST_ACTIONS,
        resources: MOST_RESOURCES,
        steps: MOST_STEPS,
    };

    /// Everything, for a page about one principal.
    pub const NONE: Self = Self {
        services: usize::MAX,
        actions: usize::MAX,
        resources: usize::MAX,
        steps: usize::MAX,
    };
}

impl From<Truth> for Certainty {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::No => Self::No,
            Truth::Depends => Self::Conditional,
            Truth::Yes => Self::Yes,
        }
    }
}

/// The name of an action (`s3:DeleteBucket`).
pub fn action_name(action: ActionId) -> &'static str {
    ActionTable::get().name(action)
}

/// The answer in words, no list longer than its bound, what weighs most first.
pub fn told(world: &World, answer: &Answer, bounds: Bounds) -> Reach {
    // An administrator's powers are every action there is: one word says more than the list.
    let powers = |capabilities: &[Capability]| {
        if answer.admin == Truth::Yes {
            return Few::default();
        }
        let mut all: Vec<&Capability> = capabilities.iter().collect();
        all.sort_by_key(|it| headline::service(it.service));
        Few::of(&all, bounds.services, |it| power(it, bounds))
    };
    Reach {
        admin: answer.admin.into(),
        reaches_admin: answer.reaches_admin.into(),
        path: Few::of(&answer.path, bounds.steps, |it| step(world, it, bounds)),
        destructive: powers(&answer.destructive),
        exposure: powers(&answer.exposure),
        breadth: answer.allowed_actions,
    }
}

/// A step in words, with the statements that give it.
pub fn step(world: &World, step: &Step, bounds: Bounds) -> ReachStep {
    ReachStep {
        from: Untrusted::new(step.from.as_str()),
        to: Untrusted::new(step.to.as_str()),
        technique: step.technique.clone(),
        actions: words(&step.actions, bounds.actions),
        on: words(&step.on, bounds.resources),
        conditions: words(&step.conditions, bounds.resources),
        because: words(&because(world, step), bounds.resources),
    }
}

fn power(capability: &Capability, bounds: Bounds) -> Power {
    let mut actions = capability.actions.to_vec();
    actions.sort_by_key(|action| headline::action(*action));
    Power {
        service: capability.service.to_owned(),
        actions: Few::of(&actions, bounds.actions, |action| action_name(*action).to_owned()),
        resources: words(&capability.resources, bounds.resources),
        conditions: words(&capability.conditions, bounds.resources),
        because: words(&capability.because, bounds.resources),
    }
}

fn words(all: &[String], most: usize) -> Few<Untrusted> {
    Few::of(all, most, |word| Untrusted::new(word.as_str()))
}
