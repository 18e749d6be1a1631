//! Who may assume which role, as the trust policies say.
//!
//! ```text
//!   trust policies ──▶ named[principal]   roles that name it ──── grants by itself at home
//!                  ──▶ delegated[account] roles that name its account ── the identity's side too
//!                  ──▶ open               roles that name anyone, or cannot be read
//!                  ──▶ services[name]     roles a service may assume
//! ```
//!
//! IAM User Guide, `reference_policies_elements_principal.html`.

use super::{
    facts::{Brought, Facts, is_about_caller},
    readings::ASSUME,
};
use crate::iam::{
    Effect, Party, Principals, Rule, Truth, account_of,
    evaluate::{Caller, named},
    world::{AccountId, Boundary, Kind, Principal, PrincipalId, World},
};
use std::collections::HashMap;

/// The trust policies of a world, by whom they name.
#[derive(Debug, Default)]
pub(super) struct Trusts {
    named: HashMap<PrincipalId, Vec<PrincipalId>>,
    delegated: HashMap<AccountId, Vec<PrincipalId>>,
    open: Vec<PrincipalId>,
    unread: Vec<PrincipalId>,
    services: HashMap<Box<str>, Vec<(PrincipalId, Truth)>>,
}

/// What a trust policy says of one principal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Say {
    /// It names the user or the session itself, or anyone: no boundary stops that at home.
    pub(super) direct: Truth,
    /// It names the role behind the session.
    pub(super) role: Truth,
    /// It names the principal's account.
    pub(super) delegated: Truth,
    /// It forbids.
    pub(super) denied: Truth,
}

impl Trusts {
    pub(super) fn new(world: &World, now: i64) -> Self {
        let mut trusts = Self::default();
        for (index, role) in (0u32..).zip(&world.principals) {
            if role.kind == Kind::Role {
                trusts.read(world, PrincipalId(index), role, now);
            }
        }
        for list in trusts.named.values_mut().chain(trusts.delegated.values_mut()) {
            list.dedup();
        }
        trusts.open.dedup();
        trusts
    }

    fn read(&mut self, world: &World, id: PrincipalId, role: &Principal, now: i64) {
        let Some(document) = &role.trust else {
            self.open.push(id);
            self.unread.push(id);
            return;
        };
        for rule in document.rules() {
            if rule.effect() != Effect::Allow || !rule.covers_action(ASSUME) {
                continue;
            }
            match &rule.statement().principals {
                Some(Principals::Only(parties)) => {
                    for party in parties {
                        self.note(world, id, role, party, now);
                    }
                }
                Some(Principals::AllBut(_)) => self.open.push(id),
                None => {}
            }
        }
    }

    fn note(&mut self, world: &World, id: PrincipalId, role: &Principal, party: &Party, now: i64) {
        match party {
            Party::Anyone => self.open.push(id),
            Party::Aws(name) if &**name == "*" => self.open.push(id),
            Party::Aws(name) => {
                if let Some(account) = whole_account(name) {
                    if let Some(account) = world.account_named(account) {
                        self.delegated.entry(account).or_default().push(id);
                    }
                } else if let Some(principal) = world.find(name) {
                    self.named.entry(principal).or_default().push(id);
                }
            }
            Party::Service(name) => {
                let list = self.services.entry(name.to_ascii_lowercase().into()).or_default();
                if list.last().is_none_or(|(last, _)| *last != id) {
                    let truth = service_may_assume(world, role, name, now);
                    list.push((id, truth));
                }
            }
            Party::Federated(_) | Party::CanonicalUser(_) => {}
        }
    }

    /// Roles a service may assume, or may perhaps.
    pub(super) fn of_service(
        &self,
        service: &str,
    ) -> impl Iterator<Item = (PrincipalId, Truth)> + '_ {
        let named = self.services.get(&*service.to_ascii_lowercase());
        let unread = self.unread.iter().map(|id| (*id, Truth::Depends));
        named.into_iter().flatten().copied().chain(unread)
    }

    /// Roles that name a principal.
    pub(super) fn naming(&self, id: PrincipalId) -> &[PrincipalId] {
        self.named.get(&id).map_or(&[], |roles| roles)
    }

    /// Roles that name an account.
    pub(super) fn delegating(&self, account: AccountId) -> &[PrincipalId] {
        self.delegated.get(&account).map_or(&[], |roles| roles)
    }

    /// Roles that name anyone, or cannot be read.
    pub(super) fn open(&self) -> &[PrincipalId] {
        &self.open
    }
}

/// What a role's trust policy says of a principal, which shows itself as `caller`.
pub(super) fn say(
    role: &Principal,
    principal: &Principal,
    caller: &Caller,
    facts: &Facts<'_>,
) -> Say {
    let mut say = Say::default();
    let Some(document) = &role.trust else {
        // It may name anybody.
        return Say { direct: Truth::Depends, delegated: Truth::Depends, ..say };
    };
    let has_boundary = !matches!(principal.boundary, Boundary::None);
    for rule in document.rules().iter().filter(|rule| rule.covers_action(ASSUME)) {
        let parties = rule.statement().principals.as_ref();
        let named = named(parties, rule.effect(), caller, has_boundary, facts);
        if !named.is_any() {
            continue;
        }
        let truth = conditions(rule, facts);
        // What its session is called depends on whoever began it.
        let of_session = truth.and(Truth::Depends);
        if rule.effect() == Effect::Deny {
            say.denied = say.denied.or(if named.is_sure() { truth } else { of_session });
            continue;
        }
        for (is_named, slot) in [
            (named.direct, &mut say.direct),
            (named.role, &mut say.role),
            (named.account, &mut say.delegated),
        ] {
            if is_named {
                *slot = slot.or(truth);
            }
        }
        if named.session {
            say.direct = say.direct.or(of_session);
        }
    }
    say
}

/// What a role's trust policy says of an account as a whole. None: it differs from caller to
/// caller.
pub(super) fn say_of_account(role: &Principal, facts: &Facts<'_>) -> Option<Truth> {
    alike(role, facts, |party| match party {
        Party::Aws(name) => whole_account(name) == Some(facts.account),
        _ => false,
    })
}

/// What a role's trust policy says of anyone at all. None: it differs from caller to caller.
pub(super) fn say_of_anyone(role: &Principal, facts: &Facts<'_>) -> Option<Truth> {
    alike(role, facts, |party| match party {
        Party::Anyone => true,
        Party::Aws(name) => &**name == "*",
        _ => false,
    })
}

fn alike(role: &Principal, facts: &Facts<'_>, is_meant: impl Fn(&Party) -> bool) -> Option<Truth> {
    let mut truth = Truth::No;
    for rule in role.trust.as_ref()?.rules().iter().filter(|rule| rule.covers_action(ASSUME)) {
        let is_same_for_all = rule.statement().conditions.iter().all(|condition| {
            !is_about_caller(&condition.key.to_ascii_lowercase())
                && condition.values.iter().all(|value| !value.contains("${"))
        });
        if rule.effect() == Effect::Deny || !is_same_for_all {
            return None;
        }
        match &rule.statement().principals {
            Some(Principals::Only(parties)) if parties.iter().any(&is_meant) => {
                truth = truth.or(conditions(rule, facts));
            }
            Some(Principals::AllBut(_)) => return None,
            _ => {}
        }
    }
    Some(truth)
}

fn conditions(rule: &Rule, facts: &Facts<'_>) -> Truth {
    if rule.statement().conditions.is_empty() { Truth::Yes } else { rule.conditions_hold(facts) }
}

/// The identity providers a statement names.
pub(super) fn federated(rule: &Rule) -> impl Iterator<Item = &str> {
    let parties = match &rule.statement().principals {
        Some(Principals::Only(parties)) => &**parties,
        _ => &[],
    };
    parties.iter().filter_map(|party| match party {
        Party::Federated(name) => Some(&**name),
        _ => None,
    })
}

/// `123456789012` and `arn:aws:iam::123456789012:root` mean the same.
fn whole_account(name: &str) -> Option<&str> {
    if name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(name);
    }
    account_of(name).filter(|_| name.ends_with(":root"))
}

/// Whether a service may assume a role on behalf of the role's own account.
fn service_may_assume(world: &World, role: &Principal, service: &str, now: i64) -> Truth {
    let (Some(document), Some(account)) =
        (&role.trust, world.accounts.get(role.account.0 as usize))
    else {
        return Truth::Depends;
    };
    let brought = [
        ("aws:SourceAccount".into(), Brought::Text(account.id.clone())),
        ("aws:SourceArn".into(), Brought::Present),
        ("aws:PrincipalServiceName".into(), Brought::Text(service.into())),
        ("aws:PrincipalIsAWSService".into(), Brought::Text("true".into())),
    ];
    let facts = Facts {
        caller: None,
        account: &account.id,
        now,
        brought: &brought,
        target: Some(role),
        target_account: Some(&account.id),
    };
    let (mut allowed, mut denied) = (Truth::No, Truth::No);
    for rule in document.rules().iter().filter(|rule| rule.covers_action(ASSUME)) {
        let names = |parties: &[Party]| {
            parties.iter().any(|party| match party {
                Party::Anyone => true,
                Party::Service(name) => name.eq_ignore_ascii_case(service),
                _ => false,
            })
        };
        let is_meant = match &rule.statement().principals {
            Some(Principals::Only(parties)) => names(parties),
            Some(Principals::AllBut(parties)) => !names(parties),
            None => false,
        };
        if !is_meant {
            continue;
        }
        let holds = conditions(rule, &facts);
        match rule.effect() {
            Effect::Allow => allowed = allowed.or(holds),
            Effect::Deny => denied = denied.or(holds),
        }
    }
    allowed.and(denied.negate())
}
