//! One decision, over all the layers AWS weighs.
//!
//! ```text
//!   Request ─┐
//!   Layers ──┼─▶ decide ─▶ Ruling { decision, because: layer + statement, open conditions }
//!   Context ─┘
//! ```
//!
//! The order of the layers is AWS's: IAM User Guide, "Policy evaluation logic"
//! (`reference_policies_evaluation-logic.html`).

use super::{Context, Rules, Truth};
use serde::Serialize;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// An IAM user, by ARN.
    User(Box<str>),
    /// A role, or a session of it; the session's ARN if it is known.
    Role {
        /// `arn:aws:iam::…:role/…`, or what a session's ARN says of it (without its path).
        arn: Box<str>,
        /// `arn:aws:sts::…:assumed-role/NAME/SESSION`.
        session: Option<Box<str>>,
    },
    /// `arn:aws:sts::…:federated-user/NAME`.
    FederatedUser(Box<str>),
    /// The root user of an account, by account id.
    Root(Box<str>),
    /// An AWS service (`lambda.amazonaws.com`).
    Service(Box<str>),
    /// Somebody who comes through an identity provider, by the provider's ARN.
    Federated(Box<str>),
    /// Nobody in particular.
    Anonymous,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// `service:Action`.
    pub action: &'a str,
    /// ARN, or `*` for actions that know no resource.
    pub resource: &'a str,
    /// The account the resource belongs to, if it is known.
    pub resource_account: Option<&'a str>,
    /// The action supports no resource but `*`.
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
    /// The policy passed with the session.
    pub session: Option<Named<'a>>,
    /// The organisation's management account.
    pub management_account: Option<&'a str>,
}

/// How AWS answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Decision {
    /// Something grants, nothing forbids.
    Allowed,
    /// A statement forbids.
    ExplicitlyDenied,
    /// Nothing grants.
    ImplicitlyDenied,
}

/// A layer, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The caller's own policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Service control policies.
    Scp,
    /// Resource control policies.
    Rcp,
    /// The resource's policy.
    Resource,
    /// A role's trust policy.
    Trust,
    /// The session policy.
    Session,
    /// No policy: AWS's own rule (`sts:GetCallerIdentity`, an account's root user).
    Aws,
}

/// Which layer decided, and which of its statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The layer.
    pub layer: Layer,
    /// `policy: Sid` or `policy: Statement[2]`; none where the absence of a grant decided.
    pub statement: Option<String>,
}

/// A decision and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Whether the request is allowed.
    pub allowed: Truth,
    /// The decision if every open condition were to turn out in favour of the caller.
    pub decision: Decision,
    /// What decided.
    pub because: Because,
    /// What `Depends` hangs on, each in words; empty otherwise.
    pub conditions: Vec<String>,
}

/// Decides.
pub fn decide(_request: &Request<'_>, layers: &Layers<'_>, _context: &dyn Context) -> Ruling {
    let _ = layers;
    Ruling {
        allowed: Truth::No,
        decision: Decision::ImplicitlyDenied,
        because: Because { layer: Layer::Identity, statement: None },
        conditions: Vec::new(),
    }
}
