//! What is known of a request that a principal of the world makes.
//!
//! Who it is, is known; where it comes from and how it signed in, is not. What a technique fixes
//! (`iam:PassedToService`) is known too. Keys: IAM User Guide,
//! `reference_policies_condition-keys.html`.

use crate::iam::{
    Context, Known,
    world::{Boundary, Kind, Principal},
};
use std::borrow::Cow;

/// The longest a role's session can last, with chained re-use of the same token: 36 hours
/// (STS API Reference, `GetSessionToken`), in seconds.
const LONGEST_SESSION: i64 = 36 * 3600;

/// What a technique fixes a condition key to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Brought {
    /// This value.
    Text(Box<str>),
    /// The request does not carry it.
    Absent,
    /// Some value or other.
    Present,
    /// The target's ARN.
    Target,
    /// The ARN of the target's permissions boundary, or nothing.
    TargetBoundary,
}

impl Brought {
    fn known<'b>(&'b self, target: Option<&'b Principal>) -> Known<'b> {
        match (self, target) {
            (Self::Text(text), _) => Known::One(Cow::Borrowed(text)),
            (Self::Absent, _) => Known::Absent,
            (Self::Present, _) => Known::Present,
            (Self::Target | Self::TargetBoundary, None) => Known::Unknown,
            (Self::Target, Some(target)) => Known::One(Cow::Borrowed(&target.arn)),
            (Self::TargetBoundary, Some(target)) => match &target.boundary {
                Boundary::None => Known::Absent,
                Boundary::Known { arn, .. } | Boundary::Unknown { arn } => {
                    Known::One(Cow::Borrowed(arn))
                }
            },
        }
    }

    /// Whether it differs from target to target.
    pub(super) fn is_about_target(&self) -> bool {
        matches!(self, Self::Target | Self::TargetBoundary)
    }
}

/// The context of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    /// Who asks. None: somebody of the account.
    pub(super) caller: Option<&'a Principal>,
    /// Twelve digits: the caller's account.
    pub(super) account: &'a str,
    /// Seconds since 1970.
    pub(super) now: i64,
    /// What the technique fixes.
    pub(super) brought: &'a [(Box<str>, Brought)],
    /// The principal that is acted upon.
    pub(super) target: Option<&'a Principal>,
    /// The account it belongs to, if that is known.
    pub(super) target_account: Option<&'a str>,
}

impl<'a> Facts<'a> {
    /// Nothing but who asks.
    pub(super) fn of(caller: &'a Principal, account: &'a str, now: i64) -> Self {
        Self {
            caller: Some(caller),
            account,
            now,
            brought: &[],
            target: None,
            target_account: None,
        }
    }

    /// With what a technique fixes.
    pub(super) fn with(self, brought: &'a [(Box<str>, Brought)]) -> Self {
        Self { brought, ..self }
    }

    /// About this target.
    pub(super) fn about(self, target: &'a Principal) -> Self {
        Self { target: Some(target), ..self }
    }

    fn of_caller(&self, key: &str) -> Known<'_> {
        let Some(caller) = self.caller else { return Known::Unknown };
        match key {
            "principalarn" => Known::One(Cow::Borrowed(&caller.arn)),
            "principaltype" => Known::One(Cow::Borrowed(match caller.kind {
                Kind::User => "User",
                Kind::Role => "AssumedRole",
            })),
            "username" => match caller.kind {
                Kind::User => Known::One(Cow::Borrowed(&caller.name)),
                Kind::Role => Known::Absent,
            },
            "tokenissuetime" => Known::Moment {
                from: self.now - LONGEST_SESSION,
                until: self.now,
                may_be_absent: caller.kind == Kind::User,
            },
            _ => match key.strip_prefix("principaltag/") {
                Some(name) => match tag(caller, name) {
                    Some(value) => Known::One(Cow::Borrowed(value)),
                    // A session may bring tags the role does not have.
                    None if caller.kind == Kind::Role => Known::Unknown,
                    None => Known::Absent,
                },
                None => Known::Unknown,
            },
        }
    }
}

impl Context for Facts<'_> {
    fn known(&self, key: &str) -> Known<'_> {
        if let Some((_, value)) = self.brought.iter().find(|(own, _)| own.eq_ignore_ascii_case(key))
        {
            return value.known(self.target);
        }
        let lower = key.to_ascii_lowercase();
        if let Some(name) =
            lower.strip_prefix("aws:resourcetag/").or(lower.strip_prefix("iam:resourcetag/"))
        {
            return match self.target.map(|target| tag(target, name)) {
                Some(Some(value)) => Known::One(Cow::Borrowed(value)),
                Some(None) => Known::Absent,
                None => Known::Unknown,
            };
        }
        let Some(rest) = lower.strip_prefix("aws:") else { return Known::Unknown };
        match rest {
            "currenttime" | "epochtime" => {
                Known::Moment { from: self.now, until: self.now, may_be_absent: false }
            }
            "principalaccount" => Known::One(Cow::Borrowed(self.account)),
            "resourceaccount" => match self.target_account {
                Some(account) => Known::One(Cow::Borrowed(account)),
                None => Known::Unknown,
            },
            // The caller itself signs and sends the request.
            "principalisawsservice" => Known::One(Cow::Borrowed("false")),
            "securetransport" => Known::One(Cow::Borrowed("true")),
            "sourceaccount" | "sourcearn" | "sourceorgid" | "principalservicename" => Known::Absent,
            _ => self.of_caller(rest),
        }
    }
}

/// Tag keys of principals are compared without regard to case (IAM User Guide,
/// `id_tags.html`).
fn tag<'a>(principal: &'a Principal, name: &str) -> Option<&'a str> {
    let (_, value) = principal.tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value)
}

/// Whether what is known of a key differs from caller to caller.
pub(super) fn is_about_caller(lower: &str) -> bool {
    lower.starts_with("aws:principal")
        || matches!(lower, "aws:username" | "aws:userid" | "aws:tokenissuetime")
}

/// Whether what is known of a key differs from target to target.
pub(super) fn is_about_target(lower: &str) -> bool {
    lower.starts_with("aws:resourcetag/")
        || lower.starts_with("iam:resourcetag/")
        || lower == "iam:permissionsboundary"
}
