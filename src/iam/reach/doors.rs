//! Ways in from outside the loaded accounts.
//!
//! ```text
//!   trust policy ──admissions──▶ issuers, SAML, strangers' accounts, anyone ──▶ EntryPoint
//!                └──────────────▶ own principals, services ──▶ steps, not doors
//! ```

use super::{EntryPoint, Step, ground::Ground, tell::ASSUME_ROLE};
use crate::iam::{
    Truth, account_of,
    federation::{Admission, Call, Entrant, admissions},
    world::{Kind, Principal, PrincipalId, World},
};

/// Every way in, role by role. `reached` says whether a role reaches an administrator.
pub(super) fn doors(world: &World, reached: impl Fn(PrincipalId) -> Truth) -> Vec<EntryPoint> {
    let mut all = Vec::new();
    for (index, role) in (0u32..).zip(&world.principals) {
        for admission in admitted(world, role).filter(|admission| is_outside(world, admission)) {
            all.push(EntryPoint {
                who: who(&admission),
                role: role.arn.to_string(),
                how: how(&admission).to_owned(),
                warning: warning(&admission),
                conditions: admission.conditions,
                reaches_admin: match admission.admits {
                    Truth::No => Truth::No,
                    admits => reached(PrincipalId(index)).and(admits),
                },
            });
        }
    }
    all
}

fn admitted<'w>(
    world: &'w World,
    role: &'w Principal,
) -> impl Iterator<Item = Admission> + use<'w> {
    let account = world.accounts.get(role.account.0 as usize).map_or("", |account| &account.id);
    let trust = role.trust.as_ref().filter(|_| role.kind == Kind::Role);
    trust.into_iter().flat_map(move |trust| admissions(trust, account))
}

/// Whether somebody comes in who is in none of the loaded accounts.
fn is_outside(world: &World, admission: &Admission) -> bool {
    let is_stranger = |account: &str| world.account_named(account).is_none();
    match &admission.entrant {
        Entrant::Anyone | Entrant::AnyoneBut(_) | Entrant::Oidc { .. } | Entrant::Saml(_) => true,
        Entrant::Account(account) => is_stranger(account),
        Entrant::Principal(arn) => account_of(arn).is_some_and(is_stranger),
        Entrant::Service(_) | Entrant::Deleted(_) | Entrant::Canonical(_) => false,
    }
}

fn who(admission: &Admission) -> String {
    if admission.subjects.is_empty() {
        return admission.who.clone();
    }
    format!("{} ({})", admission.who, admission.subjects.join(", "))
}

fn how(admission: &Admission) -> &'static str {
    match (&admission.entrant, admission.calls.first()) {
        (Entrant::Service(_), _) => "service",
        (_, Some(Call::AssumeRoleWithWebIdentity)) => "oidc",
        (_, Some(Call::AssumeRoleWithSAML)) => "saml",
        _ => ASSUME_ROLE,
    }
}

fn warning(admission: &Admission) -> Option<String> {
    let all: Vec<&str> = admission.warnings.iter().map(|warning| &*warning.what).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Whether an outside party is called so.
fn is_called(admission: &Admission, name: &str) -> bool {
    let is_it = |own: &str| own.eq_ignore_ascii_case(name);
    match &admission.entrant {
        Entrant::Anyone | Entrant::AnyoneBut(_) => name == "*",
        Entrant::Account(account) => {
            is_it(account) || (name.ends_with(":root") && account_of(name) == Some(account))
        }
        Entrant::Principal(arn) => is_it(arn),
        Entrant::Service(service) => is_it(service),
        Entrant::Oidc { issuer, provider, .. } => {
            is_it(issuer) || is_it(provider) || admission.subjects.iter().any(|own| is_it(own))
        }
        Entrant::Saml(provider) => is_it(provider),
        Entrant::Deleted(_) | Entrant::Canonical(_) => false,
    }
}

/// The roles a service or an outside party can come in by, as first steps of a path.
pub(super) fn steps_from(ground: &Ground<'_>, name: &str) -> Vec<(PrincipalId, Step)> {
    let mut all = Vec::new();
    for (index, role) in (0u32..).zip(&ground.world.principals) {
        let admissions = admitted(ground.world, role)
            .filter(|admission| admission.admits.is_possible() && is_called(admission, name));
        for admission in admissions {
            let step = Step {
                from: name.to_owned(),
                to: role.arn.to_string(),
                technique: how(&admission).to_owned(),
                actions: admission.calls.iter().map(|call| format!("sts:{call:?}")).collect(),
                on: Vec::new(),
                conditions: admission.conditions,
            };
            all.push((PrincipalId(index), step));
        }
    }
    all
}
