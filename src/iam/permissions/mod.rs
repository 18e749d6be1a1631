//! What a principal may do, as sets: every action, on which resources, under which conditions.
//!
//! ```text
//!   identity allows ──▶ pieces (actions × resources × conditions)
//!     ∩ boundary ∩ each level of SCPs ──▶ smaller pieces
//!     − every deny                    ──▶ exceptions, or pieces that depend on something
//!   pieces ──▶ may it? on what? ──▶ what it could destroy, what it could expose
//! ```
//!
//! Offline there is no request, so an action counts as allowed when some request could succeed:
//! *yes* if nothing is left open, *depends* with the conditions in words otherwise. Resource
//! policies, and the other account's side of a call across accounts, are not weighed here.

use super::{
    Truth,
    actions::{ActionId, ActionSet},
    reach::Capability,
    world::{PrincipalId, World},
};
use std::sync::Arc;

/// What one principal may do.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    grants: Arc<[Grant]>,
}

/// Some actions, on some resources, under some conditions.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The actions.
    pub actions: Arc<ActionSet>,
    /// Whether it holds.
    pub truth: Truth,
    /// What it depends on, each in words; empty if on nothing.
    pub conditions: Arc<[String]>,
    /// The statement that grants: `policy: Sid`.
    pub because: Arc<str>,
}

impl Grant {
    /// Patterns of the resources it is for, as policies write them; exceptions as `not …`.
    pub fn resources(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether it is for this resource.
    pub fn covers(&self, _resource: &str) -> Truth {
        Truth::No
    }
}

/// Computes permissions and remembers what principals have in common.
#[derive(Debug)]
pub struct Weigher<'w> {
    world: &'w World,
}

impl<'w> Weigher<'w> {
    /// For the principals of a world.
    pub fn new(world: &'w World) -> Self {
        Self { world }
    }

    /// What a principal may do. Nothing, if it is not of this world.
    pub fn weigh(&mut self, id: PrincipalId) -> Permissions {
        let _ = (self.world, id);
        Permissions::default()
    }
}

impl Permissions {
    /// What one principal may do. For many, ask one [`Weigher`].
    pub fn of(world: &World, id: PrincipalId) -> Self {
        Weigher::new(world).weigh(id)
    }

    /// Every grant, in no particular order.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// The grants that speak of an action, with the resources it is for.
    pub fn resources(&self, action: ActionId) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.actions.contains(action))
    }

    /// Whether it may use the action on some resource.
    pub fn allowed(&self, action: ActionId) -> Truth {
        self.resources(action).map(|grant| grant.truth).max().unwrap_or(Truth::No)
    }

    /// Whether it may use the action on this resource.
    pub fn may(&self, action: ActionId, resource: &str) -> Truth {
        let truths = self.resources(action).map(|grant| grant.truth.and(grant.covers(resource)));
        truths.max().unwrap_or(Truth::No)
    }

    /// Whether it may do everything.
    pub fn admin(&self) -> Truth {
        Truth::No
    }

    /// How many actions it may use on at least one resource.
    pub fn breadth(&self) -> u32 {
        0
    }

    /// What it could destroy, by service.
    pub fn destructive(&self) -> Arc<[Capability]> {
        Arc::default()
    }

    /// What data, secrets or access it could read or hand out, by service.
    pub fn exposure(&self) -> Arc<[Capability]> {
        Arc::default()
    }
}
