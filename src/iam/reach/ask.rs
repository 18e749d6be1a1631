//! Single questions: may this one do that, and who may.

use super::layers::caller;
use crate::iam::{
    NothingKnown, account_of,
    evaluate::{Because, Decision, Layer, Layers, Request, Ruling, decide},
    truth::Truth,
    world::{PrincipalId, World},
};

/// Whether a principal may do this, and why. Of the request nothing is known but who asks.
pub fn can(world: &World, id: PrincipalId, action: &str, resource: &str) -> Ruling {
    let (Some(principal), Some(layers)) =
        (world.principals.get(id.0 as usize), Layers::of(world, id, resource))
    else {
        return Ruling {
            allowed: Truth::No,
            decision: Decision::ImplicitlyDenied,
            because: Because { layer: Layer::Identity, statement: None },
            conditions: Vec::new(),
        };
    };
    let account = world.accounts.get(principal.account.0 as usize);
    let request = Request {
        caller: &caller(principal),
        action,
        resource,
        // Where the ARN does not tell, as for a bucket, the caller's own account is meant.
        resource_account: account_of(resource).or(account.map(|account| &*account.id)),
        is_wildcard_only: resource == "*",
    };
    decide(&request, &layers, &NothingKnown)
}

/// Everybody who may, or may under conditions, do this to this resource.
pub fn who_can(world: &World, action: &str, resource: &str) -> Vec<(PrincipalId, Ruling)> {
    (0u32..)
        .zip(&world.principals)
        .map(|(index, _)| PrincipalId(index))
        .map(|id| (id, can(world, id, action, resource)))
        .filter(|(_, ruling)| ruling.allowed.is_possible())
        .collect()
}
