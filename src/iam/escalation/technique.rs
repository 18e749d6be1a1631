//! One technique, as data says it. A generic engine can run it without knowing its name.

/// A way to climb: steps that the caller carries out, on a target, and what it has afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Technique {
    /// Stable name (`lambda-create-invoke`).
    pub id: Box<str>,
    /// One line for a person.
    pub title: Box<str>,
    /// How it works, roughly.
    pub category: Category,
    /// What the caller must be allowed to do, in order. All of them.
    pub steps: Box<[Step]>,
    /// Calls that make it easier and that it can do without. Never required.
    pub optional: Box<[Box<str>]>,
    /// Whom it is about.
    pub target: Target,
    /// What the steps lead to.
    pub gives: Gives,
    /// A resource that must exist before the first step. Conditional until it is known to exist
    /// ([`super::super::world::World::resources`]).
    pub resource: Option<Existing>,
    /// What no file can say (it still needs to be invoked, the user has no password yet): while
    /// there are any, the technique's result is at most [`super::super::Truth::Depends`].
    pub conditions: Box<[Box<str>]>,
    /// Calls on the target that need no grant of the caller's own and that nothing may deny to it.
    /// Where something does, the technique is at most [`super::super::Truth::Depends`]: somebody
    /// else has to make them.
    pub undenied: Box<[Box<str>]>,
    /// Ids of simpler techniques that give the same one after the other. An engine that joins
    /// steps into paths can leave such a technique out; it is there to be named and counted.
    /// `assume-role` stands for the plain call.
    pub composed_of: Box<[Box<str>]>,
    /// Names of the same thing elsewhere (`pathfinding.cloud:iam-001`).
    pub also: Box<[Box<str>]>,
    /// Why it works, and where AWS says so.
    pub reason: Box<str>,
}

/// How a technique works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Changes what a principal may do.
    Grant,
    /// Lifts a limit: a boundary, a deny.
    Unbind,
    /// Gets credentials of a principal, or makes it trust the caller.
    Become,
    /// Creates something that runs as a role that is passed.
    PassRole,
    /// Uses something that already runs as a role.
    Existing,
    /// Comes in through an identity provider or certificate authority of the account.
    Federation,
    /// Finds credentials, or changes code that somebody else runs.
    Stored,
}

/// One call the caller must be allowed to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Any one of these will do; mostly one. `service:Action`.
    pub any_of: Box<[Box<str>]>,
    /// What it must be allowed on.
    pub on: Place,
    /// Condition keys whose value the technique fixes: the caller must be allowed with at least
    /// one of the values. Other keys are as unknown as ever.
    ///
    /// Of `iam:PassedToService`: a value that is also in [`Target::trusts`] is good for roles that
    /// trust that very service; any other value (`apprunner.amazonaws.com`, for roles that
    /// `tasks.apprunner.amazonaws.com` assumes) is good for every role that fits the target.
    pub with: Box<[Bring]>,
    /// Condition keys the request does not carry.
    pub without: Box<[Box<str>]>,
}

/// A condition key and the values the caller can choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bring {
    /// As AWS spells it (`iam:PassedToService`).
    pub key: Box<str>,
    /// Any of these.
    pub values: Box<[Value]>,
}

/// A value a technique fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// This text, as a pattern of which any instance will do.
    Text(Template),
    /// `{administrator-policy}`: the ARN of a managed policy that allows everything: AWS's
    /// `AdministratorAccess`, or one of the target's account that does.
    AdministratorPolicy,
    /// `{target-boundary}`: ARN of the target's permissions boundary; if it has none, the request
    /// does not carry the key.
    TargetBoundary,
    /// `{target}`: the target's ARN.
    Target,
}

/// What a step must be allowed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The target's ARN: the principal that is edited, assumed, or passed.
    Target,
    /// The ARN of the group ([`Lever::Group`]).
    Group,
    /// The ARN of the managed policy ([`Lever::Policy`], [`Lever::BoundaryPolicy`]).
    Policy,
    /// A principal that this technique creates; the caller chooses its name, so any ARN that fits
    /// will do, the same one in every step. [`Template`]s as in [`Place::New`].
    Created(Template),
    /// Something the caller names or chooses freely: for *each* template *some* ARN that fits must
    /// be allowed (a template is a pattern, and so is what a policy allows: they have to overlap,
    /// and no deny may cover all of the overlap).
    New(Box<[Template]>),
    /// Something that exists already: allowed on a known resource that fits; as long as none are
    /// known, on some ARN that fits, and conditional.
    Existing(Box<[Template]>),
    /// The ARN of the identity provider that the target's trust policy names
    /// ([`Target::trusts_provider`]).
    Provider,
    /// The action knows no resource: `*`.
    Any,
}

/// An ARN, or another text, with `*`, `{partition}` and `{account}` (of the caller) in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template(pub(super) Box<str>);

impl Template {
    /// As the data writes it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The pattern for an account: only `*` is left in it.
    pub fn fill(&self, partition: &str, account: &str) -> String {
        self.0.replace("{partition}", partition).replace("{account}", account)
    }
}

/// Whom a technique is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Who.
    pub who: Who,
    /// What the target is changed through, if it is not changed itself.
    pub through: Option<Lever>,
    /// Services, one of which the role must trust (`lambda.amazonaws.com`); empty: any role. A
    /// role no service of these may assume is no target.
    pub trusts: Box<[Box<str>]>,
    /// The role must name, in its trust policy, a role that one of these services may assume: the
    /// role a cluster's machines have hands on to it. Empty: no matter.
    pub trusts_role_of: Box<[Box<str>]>,
    /// The role must trust an identity provider of this kind.
    pub trusts_provider: Option<Provider>,
    /// The role must be on an instance profile.
    pub on_instance_profile: bool,
    /// Service-linked roles and those of IAM Identity Center are no targets, because only AWS may
    /// edit (or pass) them. True for all but a few techniques.
    pub must_be_editable: bool,
}

/// Kinds of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A user: the caller itself, or another.
    User,
    /// A user other than the caller.
    OtherUser,
    /// A role: the caller itself (a session of it), or another.
    Role,
    /// A role other than the caller.
    OtherRole,
    /// A role of IAM Identity Center, the caller's own or another
    /// ([`super::super::world::Principal::is_reserved`]).
    ReservedRole,
    /// User or role, itself or another.
    Principal,
    /// One that the technique creates, in the caller's account. The caller gains whatever it is
    /// given; there is no node in the world to draw an edge to.
    Created,
    /// Somebody the file does not name (whose credentials a secret holds).
    Unknown,
}

/// What a target is changed through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lever {
    /// A group: its members are the targets ([`Gives::GroupPolicies`]: the group is one the target
    /// is *not* in yet).
    Group,
    /// A customer-managed policy that exists: whoever has it attached (directly or through a
    /// group) is a target. Never one of AWS's own.
    Policy,
    /// A customer-managed policy that is the target's permissions boundary.
    BoundaryPolicy,
}

/// Kinds of identity provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// `…:oidc-provider/…`.
    Oidc,
    /// An OIDC provider of an EKS cluster: `…:oidc-provider/oidc.eks.REGION.amazonaws.com/id/…`.
    Eks,
    /// `…:saml-provider/…`.
    Saml,
    /// `cognito-identity.amazonaws.com`.
    Cognito,
}

/// What a technique leads to.
///
/// All that is said of the target is said of what its permissions boundary and the SCPs let
/// through: a boundary caps what is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gives {
    /// The caller acts as the target: an edge from caller to target.
    Target,
    /// The target may do everything that its boundary and SCPs allow and that nothing denies; a
    /// deny in its other policies stays. The caller gains by it only if it is the target, or can
    /// act as it (by whatever path).
    Administrator,
    /// The target's boundary is gone or allows everything: what its own policies allow, counts.
    /// The caller gains as with [`Gives::Administrator`].
    Unbound,
    /// One inline policy of the target (with [`Lever::Group`]: of the group) is gone, and what it
    /// denied is not denied any more. Gains as with [`Gives::Administrator`].
    WithoutInline,
    /// One policy attached to the target (with [`Lever::Group`]: to the group) is gone. Gains as
    /// with [`Gives::Administrator`].
    WithoutAttached,
    /// The target is out of the group, and what the group denied is not denied any more. Gains as
    /// with [`Gives::Administrator`].
    WithoutGroup,
    /// The target has the group's policies too. Gains as with [`Gives::Administrator`].
    GroupPolicies,
    /// Another kept version of the policy is in force. Gains as with [`Gives::Administrator`].
    OtherVersion,
    /// Whatever the credentials or the code that is found or changed can do; nobody knows from
    /// the file. Tell it as exposure; no edge.
    Unknown,
}

/// A resource that must exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// What it is, with its article, for "if … exists": `a Lambda function`.
    pub kind: Box<str>,
    /// What its ARN looks like.
    pub arn: Template,
    /// It runs as the target: a known one names it in
    /// [`super::super::world::Resource::role`]. Otherwise it only has to be there, and the target
    /// is the role that is passed.
    pub runs_as_target: bool,
}

impl Technique {
    /// Every action that its steps may use, sorted, each once.
    pub fn action_set(&self) -> Vec<&str> {
        let mut all: Vec<&str> =
            self.steps.iter().flat_map(|step| step.any_of.iter().map(|action| &**action)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether simpler techniques, one after the other, give the same.
    pub fn is_composed(&self) -> bool {
        !self.composed_of.is_empty()
    }
}
