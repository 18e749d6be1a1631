//! A policy, compiled once and asked often.
//!
//! ```text
//!   Policy (as written) ──compile──▶ Rules [Rule] ──asked with an action, a resource and a
//!                                                   Context──▶ Truth
//!
//!   Rule: ActionIndex (actions) · Shape beside each resource and condition value (shape, units)
//!         Test for each condition (condition, operator, value) · words for people (words)
//!   Glob, ArnPattern: patterns by themselves, and as sets (glob, sets)
//! ```
//!
//! Everything here is three-valued: with a concrete context ([`super::Values`]) the answers are
//! yes or no, unless a condition has an operator that AWS does not know; offline they may be
//! [`Truth::Depends`].

mod actions;
mod condition;
mod glob;
mod operator;
mod resources;
mod sets;
mod shape;
#[cfg(test)]
mod tests;
mod units;
mod value;
mod words;

pub(super) use condition::wrong_values;
pub use glob::{ArnPattern, Glob};
pub use resources::ResourcePattern;

use super::{Actions, Context, Effect, Known, Policy, Resources, Statement, Truth};
use actions::ActionIndex;
use condition::Test;
use shape::Shape;
use units::Flavour;

/// Conditions of a statement with more than this many are not compared with each other.
const MAX_COMPARED: usize = 64;

/// A compiled policy document.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Box<[Rule]>,
}

/// A compiled statement.
#[derive(Debug, Clone)]
pub struct Rule {
    /// As written. What is compiled lies beside its texts and does not repeat them.
    statement: Statement,
    /// Position in the document, from 0.
    index: usize,
    actions: ActionIndex,
    /// One for each resource.
    resources: Box<[Shape]>,
    /// One for each condition.
    tests: Box<[Test]>,
    /// Two conditions are on the same key.
    has_shared_key: bool,
}

impl Rules {
    /// Compiles a document.
    pub fn compile(policy: &Policy) -> Self {
        let rules = policy.statements.iter().enumerate();
        Self {
            rules: rules
                .map(|(index, statement)| Rule::compile(statement, index, policy.has_variables))
                .collect(),
        }
    }

    /// The statements, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl Rule {
    fn compile(statement: &Statement, index: usize, has_variables: bool) -> Self {
        let (Actions::Only(actions) | Actions::AllBut(actions)) = &statement.actions;
        let resources = match &statement.resources {
            Some(Resources::Only(all) | Resources::AllBut(all)) => &**all,
            None => &[],
        };
        let shape = |text: &str| Shape::of(text, Flavour::Resource, has_variables);
        let tests: Box<[Test]> = statement
            .conditions
            .iter()
            .map(|condition| Test::new(condition, has_variables))
            .collect();
        let has_shared_key = tests.len() <= MAX_COMPARED
            && tests
                .iter()
                .enumerate()
                .any(|(index, test)| tests[..index].iter().any(|earlier| earlier.key == test.key));
        Self {
            actions: ActionIndex::new(actions),
            resources: resources.iter().map(|text| shape(text)).collect(),
            tests,
            has_shared_key,
            statement: statement.clone(),
            index,
        }
    }

    /// Allow or deny.
    pub fn effect(&self) -> Effect {
        self.statement.effect
    }

    /// The statement as written.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Its `Sid`, or its position from 0 (`Statement[2]`).
    pub fn name(&self) -> String {
        match &self.statement.sid {
            Some(sid) if !sid.is_empty() => sid.to_string(),
            _ => format!("Statement[{}]", self.index),
        }
    }

    /// Whether it speaks of this action (`s3:GetObject`, in any case).
    pub fn covers_action(&self, action: &str) -> bool {
        let is_listed = self.actions.covers(action);
        match self.statement.actions {
            Actions::Only(_) => is_listed,
            Actions::AllBut(_) => !is_listed,
        }
    }

    /// Whether it speaks of this resource. A statement without `Resource` (a trust policy's)
    /// speaks of the resource the policy is attached to, whatever it is. A statement that names
    /// neither resource nor principal leaves it open.
    pub fn covers_resource(&self, resource: &str, context: &dyn Context) -> Truth {
        let any = |texts: &[Box<str>]| {
            let mut any = Truth::No;
            for (shape, text) in self.resources.iter().zip(texts) {
                any = any.or(shape.matches(text, resource, context));
                if any == Truth::Yes {
                    break;
                }
            }
            any
        };
        match &self.statement.resources {
            // Neither a trust policy's statement nor whole: AWS would not have taken it.
            None if self.statement.principals.is_none() => Truth::Depends,
            None => Truth::Yes,
            Some(Resources::Only(texts)) => any(texts),
            Some(Resources::AllBut(texts)) => any(texts).negate(),
        }
    }

    /// Whether it has conditions at all.
    pub fn has_conditions(&self) -> bool {
        !self.tests.is_empty()
    }

    /// Whether all its conditions hold.
    pub fn conditions_hold(&self, context: &dyn Context) -> Truth {
        let mut all = Truth::Yes;
        for (test, written) in self.tests.iter().zip(&self.statement.conditions) {
            all = all.and(test.holds(written, context));
            if all == Truth::No {
                return all;
            }
        }
        if all == Truth::Depends && self.has_shared_key && self.contradicts_itself(context) {
            return Truth::No;
        }
        all
    }

    /// The conditions that are neither true nor false here, each in words for a person:
    /// "`aws:MultiFactorAuthPresent` is true".
    pub fn open_conditions(&self, context: &dyn Context) -> Vec<String> {
        self.tests
            .iter()
            .zip(&self.statement.conditions)
            .filter(|(test, written)| test.holds(written, context) == Truth::Depends)
            .map(|(test, written)| {
                words::describe(written, test.operator, &test.told(written, context))
            })
            .collect()
    }

    /// Conditions on one unknown key exclude each other.
    fn contradicts_itself(&self, context: &dyn Context) -> bool {
        let pairs = || self.tests.iter().zip(&self.statement.conditions);
        self.tests.iter().any(|first| {
            let known = context.known(&first.key);
            if !matches!(known, Known::Unknown | Known::Present) {
                return false;
            }
            let same: Vec<_> = pairs().filter(|(test, _)| test.key == first.key).collect();
            same.len() > 1 && !condition::can_hold_together(&same, &known, context)
        })
    }
}
