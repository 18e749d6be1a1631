//! What a principal may do, as sets: every action, on which resources, under which conditions.
//!
//! ```text
//!   identity allows ──▶ grants (actions × resources × conditions)
//!     ∩ boundary ∩ each level of SCPs ──▶ smaller grants
//!     − every deny                    ──▶ exceptions, or grants that depend on something
//!   grants ──▶ may it? on what? ──▶ what it could destroy, what it could expose
//! ```
//!
//! Offline there is no request, so an action counts as allowed when some request could succeed:
//! *yes* if nothing is left open, *depends* with the conditions in words otherwise. Resource
//! policies, and the other account's side of a call across accounts, are not weighed here.
//!
//! The order does not matter: whoever is granted by one allow of every layer and hit by no deny
//! may (IAM User Guide, `reference_policies_evaluation-logic.html`).

mod admin;
mod capability;
mod clause;
mod grant;
mod layers;
mod possible;
mod scope;
#[cfg(test)]
mod tests;
mod weigher;

use capability::Side;

pub(in crate::iam) use admin::{GIVING, KINDS, writes_of_iam};

pub use clause::Proviso;
pub use grant::Grant;
pub use weigher::Weigher;

use super::{
    Context, Truth,
    actions::{ActionId, ActionSet},
    reach::Capability,
    world::{PrincipalId, World},
};
use std::sync::{Arc, OnceLock};

/// What one principal may do. Cheap to clone; principals that may do the same share it.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    weighed: Arc<Weighed>,
}

#[derive(Debug, Default)]
struct Weighed {
    grants: Box<[Arc<Grant>]>,
    destructive: OnceLock<Arc<[Capability]>>,
    exposure: OnceLock<Arc<[Capability]>>,
    breadth: OnceLock<u32>,
}

impl Permissions {
    fn new(grants: Vec<Arc<Grant>>) -> Self {
        let weighed = Weighed { grants: grants.into(), ..Weighed::default() };
        Self { weighed: Arc::new(weighed) }
    }

    /// What one principal may do. For many, ask one [`Weigher`].
    pub fn of(world: &World, id: PrincipalId) -> Self {
        Weigher::new(world).weigh(id)
    }

    /// Every grant, in no particular order. They may overlap.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> + Clone {
        self.weighed.grants.iter().map(|grant| &**grant)
    }

    /// The grants that speak of an action, with the resources it is for.
    pub fn resources(&self, action: ActionId) -> impl Iterator<Item = &Grant> {
        self.grants().filter(move |grant| grant.actions.contains(action))
    }

    /// Whether it may use the action on some resource.
    pub fn allowed(&self, action: ActionId) -> Truth {
        self.resources(action).map(|grant| grant.truth).max().unwrap_or(Truth::No)
    }

    /// Whether it may use the action on this resource.
    pub fn may(&self, action: ActionId, resource: &str) -> Truth {
        let covering = self.resources(action).filter(|grant| grant.covers(resource));
        covering.map(|grant| grant.truth).max().unwrap_or(Truth::No)
    }

    /// The same where more is known of the request than who makes it. `context` has to know the
    /// principal's facts as well.
    pub fn may_in(&self, action: ActionId, resource: &str, context: &dyn Context) -> Truth {
        let covering = self.resources(action).filter(|grant| grant.covers(resource));
        covering.map(|grant| grant.holds(context)).max().unwrap_or(Truth::No)
    }

    /// Whether it has full control of IAM, which gives it everything. See [`admin`] for what counts.
    pub fn admin(&self) -> Truth {
        admin::admin(self)
    }

    /// The actions it may use on at least one resource, if conditions turn out well.
    pub fn actions(&self) -> ActionSet {
        ActionSet::union_of(self.read())
    }

    /// Of grants whose policy could be read.
    fn read(&self) -> impl Iterator<Item = &ActionSet> {
        self.grants().filter(|grant| !grant.is_unread).map(|grant| &*grant.actions)
    }

    /// How many actions it may use on at least one resource.
    pub fn breadth(&self) -> u32 {
        *self
            .weighed
            .breadth
            .get_or_init(|| u32::try_from(ActionSet::count_of(self.read())).unwrap_or(u32::MAX))
    }

    /// What it could destroy, by service.
    pub fn destructive(&self) -> Arc<[Capability]> {
        let compute = || capability::of(&self.weighed.grants, Side::Destroys);
        Arc::clone(self.weighed.destructive.get_or_init(compute))
    }

    /// What data, secrets or access it could read or hand out, by service.
    pub fn exposure(&self) -> Arc<[Capability]> {
        let compute = || capability::of(&self.weighed.grants, Side::Exposes);
        Arc::clone(self.weighed.exposure.get_or_init(compute))
    }

    /// Whether both are one and the same, because the principals share every policy.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.weighed, &other.weighed)
    }
}
