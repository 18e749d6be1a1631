//! One decision, over all the layers AWS weighs.
//!
//! ```text
//!   Request ─┐            ┌ explicit deny in any layer ──────────────▶ ExplicitlyDenied
//!   Layers ──┼─▶ decide ──┤ a layer that must grant does not ────────▶ ImplicitlyDenied
//!   Context ─┘            └ otherwise ───────────────────────────────▶ Allowed
//!                           each with the layer and the statement behind it
//! ```
//!
//! The order in which layers are weighed, and therefore told, is AWS's (IAM User Guide,
//! `reference_policies_evaluation-logic_policy-eval-denyallow.html`): resource control policies,
//! service control policies, the resource's policy, identity policies, boundary, session policy.
//!
//! # What has to grant
//!
//! With `I` identity policies, `B` boundary and `S` session policies (both yes where there are
//! none), and the grants of the resource's policy told apart by whom they name — `direct` (the
//! user, the session or everybody), `role` (the role behind the session), `account` (the whole
//! account):
//!
//! | the caller is … | allowed if |
//! |---|---|
//! | in the resource's account | `direct ∨ (role ∧ B ∧ S) ∨ (I ∧ B ∧ S)` |
//! | the same, and the resource is a role or a KMS key | `direct ∨ (role ∧ B ∧ S) ∨ (account ∧ I ∧ B ∧ S)` |
//! | in another account | `(direct ∨ role ∧ … ∨ account) ∧ I ∧ B ∧ S` |
//! | a service, a federated identity, nobody in particular | `direct` |
//! | the root user of the resource's account | yes; a KMS key's policy must name its account |
//!
//! and every level of the SCPs over the caller's account allows it, and nothing denies it.
//!
//! # Three values
//!
//! `∧`, `∨` and `¬` are Kleene's ([`Truth`]): a layer is as true as its truest `Allow`, a deny as
//! true as the truest `Deny`, and the answer is `grants ∧ ¬denies`. Statements are weighed on
//! their own, so two that open conditions make exclusive of each other stay `Depends` together:
//! never a wrong yes or no, at times a `Depends` too many. A boundary whose content is not known
//! is `Depends` as a grant *and* as a deny.
//!
//! # What is left out
//!
//! KMS grants, S3 access control lists and Block Public Access, VPC endpoint policies. A principal
//! that is named by an S3 canonical user id is nobody here: an account's id of that kind is in no
//! file. Context keys are never made up: what AWS would set by itself (`aws:PrincipalArn`,
//! `aws:username`) is for the [`Context`](super::Context) to say.

mod aws;
mod caller;
mod decide;
mod jsonl;
mod party;
mod told;
mod weigh;

#[cfg(test)]
mod tests;

pub use caller::{Caller, NotACaller};
pub use decide::decide;
pub use jsonl::{Answer, Outcome, Reason, answer};
pub(in crate::iam) use party::named;
pub use told::{Because, Cited, Decision, Layer, Ruling};

use super::{Rules, Truth};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// `service:Action`.
    pub action: &'a str,
    /// ARN, or `*` for actions that know no resource.
    pub resource: &'a str,
    /// The account the resource belongs to, if it is known. Otherwise it is read from the ARN, and
    /// where that names none, the resource counts as the caller's own.
    pub resource_account: Option<&'a str>,
    /// The action supports no resource but `*`, so only statements about `*` speak of it.
    pub is_wildcard_only: bool,
}

/// A policy in a layer, with the name it is told by.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The policy's name (`inline-0`, an ARN).
    pub name: &'a str,
    /// What it says.
    pub rules: &'a Rules,
}

/// The policies that have a say. `None` means: there is no such layer.
#[derive(Debug, Clone, Default)]
pub struct Layers<'a> {
    /// Of the caller: attached, inline, through groups.
    pub identity: Vec<Named<'a>>,
    /// The caller's permissions boundary.
    pub boundary: Option<Vec<Named<'a>>>,
    /// The boundary exists and its content is not known: it may deny anything.
    pub has_unknown_boundary: bool,
    /// Service control policies over the caller's account, from the root down.
    pub scps: Option<Vec<Vec<Named<'a>>>>,
    /// Resource control policies over the resource's account, from the root down.
    pub rcps: Option<Vec<Vec<Named<'a>>>>,
    /// The resource's policy; of a role, its trust policy.
    pub resource: Option<Named<'a>>,
    /// The policies passed with the session; any of them may grant.
    pub session: Option<Vec<Named<'a>>>,
    /// The organisation's management account.
    pub management_account: Option<&'a str>,
    /// Policies that are there and that nobody can read: each may allow or deny anything.
    pub unread: Vec<Unread<'a>>,
}

/// A policy that has a say, and whose content is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread<'a> {
    /// Where it stands: identity, SCPs, or the resource's own (a trust policy counts as that).
    pub layer: Layer,
    /// Of an SCP, the level from the root down; 0 otherwise.
    pub level: usize,
    /// The name it is told by.
    pub name: &'a str,
}
