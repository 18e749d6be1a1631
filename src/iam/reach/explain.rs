//! Which statements have a say in a question, layer by layer.

use super::{Options, facts::Facts};
use crate::{
    domain::Certainty,
    iam::{
        Effect, Resources, Rule, Truth, account_of,
        evaluate::{Layer, Layers, Named},
        world::{Kind, PrincipalId, World},
    },
};
use serde::Serialize;

/// A statement that speaks of what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Say {
    /// Where it stands.
    pub layer: Layer,
    /// `policy: Sid` or `policy: Statement[2]`.
    pub statement: String,
    /// Whether it denies; otherwise it allows.
    pub denies: bool,
    /// Whether it holds for the question.
    pub holds: Certainty,
    /// Resources it is for, as written; empty for "whatever it is attached to".
    pub resources: Vec<String>,
    /// Its conditions that are open here, in words.
    pub conditions: Vec<String>,
}

/// Every statement that speaks of an action of this principal, in the order AWS weighs the
/// layers. Without a resource, those for any resource; with one, those that may be about it.
pub fn says(
    world: &World,
    id: PrincipalId,
    action: &str,
    resource: Option<&str>,
    options: &Options,
) -> Vec<Say> {
    let known = world.principals.get(id.0 as usize);
    let (Some(principal), Some(layers)) = (known, Layers::of(world, id, resource.unwrap_or("*")))
    else {
        return Vec::new();
    };
    let account = world.accounts.get(principal.account.0 as usize);
    let account = account.map_or("", |account| &*account.id);
    let mut facts = Facts::of(principal, account, options.now);
    if let Some(resource) = resource {
        facts.target = world.find(resource).and_then(|id| world.principals.get(id.0 as usize));
        facts.target_account = account_of(resource);
    }
    let is_role = facts.target.is_some_and(|target| target.kind == Kind::Role);
    let own = if is_role { Layer::Trust } else { Layer::Resource };
    let stack: [(Layer, Vec<Named<'_>>); 5] = [
        (Layer::Scp, levels(layers.scps)),
        (Layer::Rcp, levels(layers.rcps)),
        (own, layers.resource.into_iter().collect()),
        (Layer::Identity, layers.identity),
        (Layer::Boundary, layers.boundary.unwrap_or_default()),
    ];
    let mut says = Vec::new();
    for (layer, policies) in &stack {
        for policy in policies {
            for rule in policy.rules.rules().iter().filter(|rule| rule.covers_action(action)) {
                let about = resource.map_or(Truth::Yes, |it| rule.covers_resource(it, &facts));
                let holds = about.and(rule.conditions_hold(&facts));
                if about.is_possible() {
                    says.push(Say {
                        layer: *layer,
                        statement: format!("{}: {}", policy.name, rule.name()),
                        denies: rule.effect() == Effect::Deny,
                        holds: holds.into(),
                        resources: resources(rule),
                        conditions: rule.open_conditions(&facts),
                    });
                }
            }
        }
    }
    says
}

fn levels(all: Option<Vec<Vec<Named<'_>>>>) -> Vec<Named<'_>> {
    all.into_iter().flatten().flatten().collect()
}

fn resources(rule: &Rule) -> Vec<String> {
    match &rule.statement().resources {
        None => Vec::new(),
        Some(Resources::Only(all)) => all.iter().map(ToString::to_string).collect(),
        Some(Resources::AllBut(all)) => all.iter().map(|one| format!("not {one}")).collect(),
    }
}
