//! A policy, compiled once and asked often.
//!
//! ```text
//!   Policy (as written) ──compile──▶ Rules [Rule] ──asked with an action, a resource and a
//!                                                   Context──▶ Truth
//! ```
//!
//! Everything here is three-valued: with a concrete context ([`super::Values`]) the answers are
//! always yes or no, offline they may be [`Truth::Depends`].

mod glob;

pub use glob::Glob;

use super::{Context, Effect, Policy, Statement, Truth};

/// A compiled policy document.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Box<[Rule]>,
}

/// A compiled statement.
#[derive(Debug, Clone)]
pub struct Rule {
    /// As written; for explanations, and for what the compiled form does not hold.
    statement: Statement,
    /// Position in the document, from 0.
    index: usize,
    has_variables: bool,
}

impl Rules {
    /// Compiles a document.
    pub fn compile(policy: &Policy) -> Self {
        let rules = policy.statements.iter().enumerate().map(|(index, statement)| Rule {
            statement: statement.clone(),
            index,
            has_variables: policy.has_variables,
        });
        Self { rules: rules.collect() }
    }

    /// The statements, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl Rule {
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
    pub fn covers_action(&self, _action: &str) -> bool {
        false
    }

    /// Whether it speaks of this resource. A statement without `Resource` (a trust policy's)
    /// speaks of the resource the policy is attached to, whatever it is.
    pub fn covers_resource(&self, _resource: &str, _context: &dyn Context) -> Truth {
        let _ = self.has_variables;
        Truth::Depends
    }

    /// Whether all its conditions hold.
    pub fn conditions_hold(&self, _context: &dyn Context) -> Truth {
        Truth::Depends
    }

    /// The conditions that are neither true nor false here, each in words for a person:
    /// "`aws:MultiFactorAuthPresent` is true".
    pub fn open_conditions(&self, _context: &dyn Context) -> Vec<String> {
        Vec::new()
    }
}
