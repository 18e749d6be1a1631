//! The catalogue of escalations: which actions together give which other principal's power.
//!
//! ```text
//!   data/escalation.toml ──Catalogue::shipped──▶ [Technique { steps, target, gives }] ──▶ reach
//! ```
//!
//! How to run one, for a caller `C` and each target `T` that fits [`Technique::target`]:
//!
//! Targets are in `C`'s own account: IAM edits and `iam:PassRole` do not cross accounts.
//!
//! 1. `T` exists and fits: kind, trusted service or provider, instance profile, editable. If none
//!    does, the technique gives nothing.
//! 2. Every [`Step`] is allowed to `C` (at least one action of `any_of`, on [`Step::on`], with
//!    [`Step::with`] in the context). Truth is the least of all steps.
//! 3. [`Technique::resource`] that is not known to exist, and each of [`Technique::conditions`],
//!    lower it to [`super::Truth::Depends`], in words.
//!    So does each of [`Technique::undenied`] that is denied to `C`.
//! 4. [`Technique::gives`] says what `C` has: an edge to `T`, or a stronger `T`.

mod load;
mod technique;

#[cfg(test)]
mod tests;

pub use technique::{
    Bring, Category, Existing, Gives, Lever, Place, Provider, Step, Target, Technique, Template,
    Value, Who,
};

/// The name by which [`Technique::composed_of`] calls a plain `sts:AssumeRole` that the target's
/// trust policy admits. Reach has that edge without the catalogue.
pub const ASSUME_ROLE: &str = "assume-role";

/// All techniques.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    techniques: Vec<Technique>,
}

/// Why a catalogue cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// It is not TOML, or has a field nobody knows.
    #[error("the escalation catalogue cannot be read: {0}")]
    Syntax(String),
    /// A technique contradicts itself or another.
    #[error("technique `{id}`: {problem}")]
    Technique {
        /// Which.
        id: String,
        /// What is wrong, and what to do.
        problem: String,
    },
}

impl Catalogue {
    /// The one compiled into the program.
    pub fn shipped() -> Result<Self, CatalogueError> {
        load::parse(include_str!("../../../data/escalation.toml"))
    }

    /// Reads one of the same form.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        load::parse(text)
    }

    /// In the order of the file: simpler ones first.
    pub fn techniques(&self) -> &[Technique] {
        &self.techniques
    }

    /// By id.
    pub fn get(&self, id: &str) -> Option<&Technique> {
        self.techniques.iter().find(|technique| &*technique.id == id)
    }
}
