//! How far the users and roles of accounts get, for the credentials a source lists.
//!
//! ```text
//!   AuthorizationDetails ─▶ iam::World ─▶ iam::reach ─▶ Reaches: ARN ─▶ Reach
//! ```
//!
//! Service control policies and which resources exist are not read with an account, so they count
//! as not known.

use crate::{
    domain::Reach,
    iam::{
        AuthorizationDetails, Bounds,
        reach::{self, Options},
        told,
        world::{Input, Sides, World},
    },
};
use std::{collections::HashMap, sync::Arc};

/// The reach of every user and role, by ARN.
#[derive(Debug, Default)]
pub struct Reaches(HashMap<Box<str>, Arc<Reach>>);

impl Reaches {
    /// Asks the engine about these accounts together. Takes up to a second for an account as
    /// large as AWS lets them be.
    pub fn of(inputs: impl IntoIterator<Item = Input>) -> Self {
        let world = World::build(inputs, Sides::default());
        let audit = reach::audit(&world, &Options::default());
        let all = world.principals.iter().zip(&audit.answers);
        Self(
            all.map(|(principal, answer)| {
                (principal.arn.clone(), Arc::new(told(answer, Bounds::KEPT)))
            })
            .collect(),
        )
    }

    /// The same for one account, off the threads that answer: nothing is known should that stop.
    pub async fn of_account(name: &str, details: AuthorizationDetails) -> Self {
        let input = Input::new(name, details);
        tokio::task::spawn_blocking(move || Self::of([input])).await.unwrap_or_default()
    }

    /// The reach of one.
    pub fn get(&self, arn: &str) -> Option<Arc<Reach>> {
        self.0.get(arn).cloned()
    }
}
