//! Whom a statement of a resource's policy names (IAM User Guide,
//! `reference_policies_elements_principal.html`, `reference_policies_elements_notprincipal.html`).

use super::{
    Caller,
    caller::{Arn, is_account},
};
use crate::iam::{Context, Effect, Known, Party, Principals};

/// In which ways a statement names the caller; which of them decides what caps its grant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a statement may name somebody in several ways")]
pub(in crate::iam) struct Named {
    /// As the user or the session that asks, or as anybody.
    pub(in crate::iam) direct: bool,
    /// As the role behind the session, or the user behind the federated session.
    pub(in crate::iam) role: bool,
    /// As one of the account.
    pub(in crate::iam) account: bool,
    /// As a session of the role that asks, and which one asks is not known.
    pub(in crate::iam) session: bool,
}

impl Named {
    const NOT: Self = Self { direct: false, role: false, account: false, session: false };
    const DIRECT: Self = Self { direct: true, ..Self::NOT };
    const ROLE: Self = Self { role: true, ..Self::NOT };
    const ACCOUNT: Self = Self { account: true, ..Self::NOT };
    const SESSION: Self = Self { session: true, ..Self::NOT };

    /// Named at all.
    pub(in crate::iam) fn is_any(self) -> bool {
        self.is_sure() || self.session
    }

    /// Named, whichever session asks.
    pub(in crate::iam) fn is_sure(self) -> bool {
        self.direct || self.role || self.account
    }

    fn and_also(self, other: Self) -> Self {
        Self {
            direct: self.direct || other.direct,
            role: self.role || other.role,
            account: self.account || other.account,
            session: self.session || other.session,
        }
    }
}

/// How a statement names the caller. A statement without principals names nobody.
pub(in crate::iam) fn named(
    principals: Option<&Principals>,
    effect: Effect,
    caller: &Caller,
    has_boundary: bool,
    context: &dyn Context,
) -> Named {
    let among = |parties: &[Party]| {
        parties
            .iter()
            .map(|party| named_by(party, caller, context))
            .fold(Named::default(), Named::and_also)
    };
    match principals {
        None => Named::default(),
        Some(Principals::Only(parties)) => among(parties),
        // A boundary makes every exception void (`reference_policies_elements_notprincipal.html`).
        Some(Principals::AllBut(_)) if effect == Effect::Deny && has_boundary => Named::DIRECT,
        // The user, role or session exempts itself. Its account has to be listed beside it, for
        // services that check the account first; so an account that is listed with some of its
        // principals exempts those alone, and one that is listed by itself all of them.
        Some(Principals::AllBut(parties)) => {
            let how = among(parties);
            let by_account = how.account && !parties.iter().any(|party| is_within(party, caller));
            if how.direct || how.role || by_account {
                Named::NOT
            } else if how.session {
                Named::SESSION
            } else {
                Named::DIRECT
            }
        }
    }
}

/// Whether it is one of the caller's account, rather than the account.
fn is_within(party: &Party, caller: &Caller) -> bool {
    let Party::Aws(name) = party else { return false };
    Arn::split(name).is_some_and(|arn| {
        caller.account() == Some(arn.account) && !(arn.service == "iam" && arn.resource == "root")
    })
}

fn named_by(party: &Party, caller: &Caller, context: &dyn Context) -> Named {
    let yes = |holds: bool, how: Named| if holds { how } else { Named::default() };
    match (party, caller) {
        (Party::Anyone, _) => Named::DIRECT,
        (Party::Aws(name), _) if &**name == "*" => Named::DIRECT,
        (Party::Aws(name), caller) => aws(name, caller, context),
        (Party::Service(name), Caller::Service(asks))
        | (Party::Federated(name), Caller::Federated(asks)) => yes(name == asks, Named::DIRECT),
        (Party::Service(_) | Party::Federated(_) | Party::CanonicalUser(_), _) => Named::default(),
    }
}

/// `name` is an account id, an ARN or a unique id. Wildcards in it stand for themselves.
fn aws(name: &str, caller: &Caller, context: &dyn Context) -> Named {
    let Some(account) = caller.account() else { return Named::default() };
    if is_account(name) {
        return if name == account { of_account(caller) } else { Named::default() };
    }
    let Some(arn) = Arn::split(name) else { return by_unique_id(name, caller, context) };
    if arn.account != account {
        return Named::default();
    }
    if arn.service == "iam" && arn.resource == "root" {
        return of_account(caller);
    }
    match caller {
        Caller::User(own) | Caller::FederatedUser(own) if **own == *name => Named::DIRECT,
        // The session says no more of the user behind it than the name it was given, which AWS's
        // own examples choose alike (`reference_policies_evaluation-logic_policy-eval-basics.html`).
        Caller::FederatedUser(own) if arn.service == "iam" => {
            let behind = arn.resource.strip_prefix("user/").map(last);
            if behind.is_some_and(|user| user == last(own)) {
                Named::ROLE
            } else {
                Named::default()
            }
        }
        Caller::Role { arn: own, session } => {
            if session.as_deref() == Some(name) {
                Named::DIRECT
            } else if is_role(name, &arn, own, session.is_some()) {
                Named::ROLE
            } else if session.is_none() && is_session(&arn, own) {
                Named::SESSION
            } else {
                Named::default()
            }
        }
        _ => Named::default(),
    }
}

/// The root user is the account; everybody else is one of it.
fn of_account(caller: &Caller) -> Named {
    if matches!(caller, Caller::Root(_)) { Named::DIRECT } else { Named::ACCOUNT }
}

/// A session's ARN leaves out the path of its role; names are unique in an account, so the name
/// must do (IAM User Guide, `reference_identifiers.html`).
fn is_role(name: &str, named: &Arn<'_>, own: &str, is_session: bool) -> bool {
    if own == name {
        return true;
    }
    let own = own.split_once(":role/").map_or("", |(_, own)| own);
    let has_path = own.contains('/');
    is_session
        && !has_path
        && named.service == "iam"
        && named.resource.strip_prefix("role/").map(last) == Some(own)
}

/// Whether a session of this role is named.
fn is_session(named: &Arn<'_>, own: &str) -> bool {
    let mut parts = named.resource.split('/');
    named.service == "sts"
        && parts.next() == Some("assumed-role")
        && parts.next() == Some(last(own))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// AWS shows a unique id where a principal was deleted, so it names nobody (IAM User Guide,
/// `reference_policies_elements_principal.html`); unless the request itself carries it.
fn by_unique_id(name: &str, caller: &Caller, context: &dyn Context) -> Named {
    let how = match caller {
        Caller::User(_) if name.starts_with("AIDA") => Named::DIRECT,
        Caller::Role { .. } if name.starts_with("AROA") => Named::ROLE,
        _ => return Named::default(),
    };
    let Known::One(id) = context.known("aws:userid") else { return Named::default() };
    let is_it = id.split_once(':').map_or(&*id, |(id, _session)| id) == name;
    if is_it { how } else { Named::default() }
}
