//! Single questions: may this one do that, and who may.

use super::{Options, facts::Facts, layers::caller};
use crate::iam::{
    account_of,
    evaluate::{Because, Decision, Layer, Layers, Request, Ruling, decide},
    truth::Truth,
    world::{PrincipalId, World},
};

/// Whether a principal may do this, and why. Of the request is known who asks, and what is asked
/// for; `resource` is an ARN, or `*` for an action that knows no resource.
pub fn can<'w>(
    world: &'w World,
    id: PrincipalId,
    action: &str,
    resource: &str,
    options: &Options,
) -> Ruling<'w> {
    ask(world, id, action, resource, options).unwrap_or(Ruling {
        allowed: Truth::No,
        decision: Decision::ImplicitlyDenied,
        because: Because { layer: Layer::Identity, statement: None },
        conditions: Vec::new(),
    })
}

fn ask<'w>(
    world: &'w World,
    id: PrincipalId,
    action: &str,
    resource: &str,
    options: &Options,
) -> Option<Ruling<'w>> {
    let principal = world.principals.get(id.0 as usize)?;
    let layers = Layers::of(world, id, resource)?;
    let account = world.accounts.get(principal.account.0 as usize)?;
    let mut facts = Facts::of(principal, &account.id, options.now);
    facts.target = world.find(resource).and_then(|id| world.principals.get(id.0 as usize));
    facts.target_account = account_of(resource);
    let request = Request {
        caller: &caller(principal),
        action,
        resource,
        resource_account: account_of(resource),
        is_wildcard_only: resource == "*",
    };
    Some(decide(&request, &layers, &facts))
}

/// Everybody who may, or may under conditions, do this to this resource.
pub fn who_can<'w>(
    world: &'w World,
    action: &str,
    resource: &str,
    options: &Options,
) -> Vec<(PrincipalId, Ruling<'w>)> {
    (0u32..)
        .zip(&world.principals)
        .map(|(index, _)| PrincipalId(index))
        .map(|id| (id, can(world, id, action, resource, options)))
        .filter(|(_, ruling)| ruling.allowed.is_possible())
        .collect()
}
