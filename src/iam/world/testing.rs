//! Worlds for tests, from [`AccountBuilder`]s.

use super::{Input, Principal, Sides, World, builder::AccountBuilder};
use crate::iam::load_reader;
use std::path::Path;

impl AccountBuilder {
    /// As an input: what the loader makes of it.
    pub(crate) fn input(&self, name: &str) -> Input {
        Input::new(name, load_reader(Path::new(name), self.text().as_bytes()).unwrap().details)
    }

    /// The world of this account alone.
    pub(crate) fn world(&self) -> World {
        self.world_with(Sides::default())
    }

    /// The world of this account and what is known beside it.
    pub(crate) fn world_with(&self, sides: Sides) -> World {
        World::build([self.input("account.json")], sides)
    }
}

/// A world of several accounts.
#[allow(dead_code, reason = "for tests of several accounts")]
pub(crate) fn worlds(accounts: &[AccountBuilder]) -> World {
    let named = accounts.iter().enumerate();
    let inputs: Vec<Input> =
        named.map(|(at, account)| account.input(&format!("{at}.json"))).collect();
    World::build(inputs, Sides::default())
}

impl World {
    /// A principal that must be there.
    pub(crate) fn get(&self, arn: &str) -> &Principal {
        let id = self.find(arn).unwrap_or_else(|| panic!("no {arn}"));
        &self.principals[id.0 as usize]
    }

    /// Problems as `where: what`.
    pub(crate) fn told(&self) -> Vec<String> {
        self.problems.iter().map(|p| format!("{}: {}", p.r#where, p.what)).collect()
    }
}
