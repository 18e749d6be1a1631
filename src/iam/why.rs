//! Which statements give what a step of a path uses.
//!
//! ```text
//!   deploy-agent ──passrole-lambda──▶ ci-runner
//!        iam:PassRole on ci-runner      ─can─▶ `deploy: PassTheRunner`
//!        lambda:CreateFunction on ?     ─says─▶ `deploy: Statement[2]`
//! ```

use super::{
    Truth,
    evaluate::Layer,
    reach::{self, Options, Step},
    world::{PrincipalId, World},
};
use crate::domain::Certainty;

/// The statements that give the one who takes a step its actions, each once, in the order of the
/// actions. None for a step of somebody who is no principal here (a service, a provider).
pub(super) fn because(world: &World, step: &Step) -> Vec<String> {
    let Some(id) = world.find(&step.from) else { return Vec::new() };
    let options = Options::default();
    let mut all = Vec::new();
    for action in &step.actions {
        let found = decided(world, id, action, step, &options)
            .or_else(|| spoken(world, id, action, &options));
        all.extend(found.filter(|statement| !all.contains(statement)));
    }
    all
}

/// The statement that decides about one of the principals and policies the step names.
fn decided(
    world: &World,
    id: PrincipalId,
    action: &str,
    step: &Step,
    options: &Options,
) -> Option<String> {
    let named = std::iter::once(&step.to).chain(&step.on).chain([&step.from]);
    named.filter(|name| name.starts_with("arn:")).find_map(|resource| {
        let ruling = reach::can(world, id, action, resource, options);
        if ruling.allowed == Truth::No {
            return None;
        }
        let statement = ruling.because.statement?;
        Some(match ruling.because.layer {
            Layer::Trust => format!("trust policy, {statement}"),
            _ => statement.to_string(),
        })
    })
}

/// The first statement of its own that gives the action on some resource.
fn spoken(world: &World, id: PrincipalId, action: &str, options: &Options) -> Option<String> {
    let says = reach::says(world, id, action, None, options).into_iter();
    let mut gives =
        says.filter(|say| say.layer == Layer::Identity && !say.denies && say.holds > Certainty::No);
    gives.next().map(|say| say.statement)
}
