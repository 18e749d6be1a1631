//! A policy as IAM's grammar describes it.
//!
//! The grammar is AWS's own: IAM User Guide, "Grammar of the IAM JSON policy language"
//! (`reference_policies_grammar.html`). Strings are kept as written: wildcards and variables
//! get their meaning when a policy is evaluated, not when it is read.

/// One policy document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Policy {
    /// Whether it speaks the 2012-10-17 language. Without a `Version` it is the 2008 one, in which
    /// policy variables are plain text.
    pub has_variables: bool,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Statement {
    /// Its name, if it has one.
    pub sid: Option<Box<str>>,
    /// Allow or deny.
    pub effect: Effect,
    /// Whom it is about; only in trust and resource policies.
    pub principals: Option<Principals>,
    /// Which actions.
    pub actions: Actions,
    /// On what. Trust policies leave it out.
    pub resources: Option<Resources>,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
}

/// Allow or deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Forbids, whatever else grants.
    Deny,
}

/// The actions of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actions {
    /// `Action`: these.
    Only(Box<[Box<str>]>),
    /// `NotAction`: every action but these.
    AllBut(Box<[Box<str>]>),
}

/// The resources of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resources {
    /// `Resource`: these.
    Only(Box<[Box<str>]>),
    /// `NotResource`: every resource but these.
    AllBut(Box<[Box<str>]>),
}

/// The principals of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principals {
    /// `Principal`: these.
    Only(Box<[Party]>),
    /// `NotPrincipal`: everybody but these.
    AllBut(Box<[Party]>),
}

/// One party a statement names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Party {
    /// `"*"`: anyone, signed in or not.
    Anyone,
    /// An account, user, role or session, as written (`*`, an account id, an ARN, a unique id).
    Aws(Box<str>),
    /// An AWS service (`bedrock.amazonaws.com`).
    Service(Box<str>),
    /// An identity provider: the ARN of an OIDC or SAML provider, or a built-in one's name.
    Federated(Box<str>),
    /// An S3 canonical user id.
    CanonicalUser(Box<str>),
}

/// One condition: `operator` holds between `key` and any of `values`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// As written (`StringLike`, `ForAnyValue:StringEqualsIfExists`).
    pub operator: Box<str>,
    /// As written (`aws:SourceIp`).
    pub key: Box<str>,
    /// The values.
    pub values: Box<[Box<str>]>,
}

impl Statement {
    /// Whether it names every action on every resource in so many words.
    pub fn is_everything(&self) -> bool {
        let all_actions = match &self.actions {
            Actions::Only(actions) => actions.iter().any(|a| matches!(&**a, "*" | "*:*")),
            Actions::AllBut(except) => except.is_empty(),
        };
        let all_resources = match &self.resources {
            Some(Resources::Only(resources)) => resources.iter().any(|r| &**r == "*"),
            Some(Resources::AllBut(except)) => except.is_empty(),
            None => false,
        };
        all_actions && all_resources
    }
}
