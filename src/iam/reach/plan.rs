//! A technique as it is in one account: names filled in, and who fits as its target.

use super::{
    bits::{Bits, Pair},
    facts::Brought,
    ground::{Ground, Site},
    readings::Interest,
    trusting,
};
use crate::iam::{
    Effect, Truth,
    escalation::{Gives, Place, Provider, Step, Target, Technique, Template, Value, Who},
    world::{Account, Kind, Principal, PrincipalId},
};
use std::sync::Arc;

/// Ways to fix a step's condition keys that are tried, at most; of further ones it is only known
/// that there are some, so what asks for their value depends on it.
const MAX_ALTERNATIVES: usize = 16;

/// A technique as it is in one account.
#[derive(Debug)]
pub(super) struct Plan<'w> {
    pub(super) technique: &'w Technique,
    pub(super) steps: Vec<PlanStep<'w>>,
    /// Principals that fit as its target.
    pub(super) fits: Arc<Pair>,
    /// The same, all of them only maybe.
    pub(super) fits_maybe: Arc<Pair>,
    /// Calls on the target that nothing may deny.
    pub(super) undenied: Vec<u16>,
    /// At most this, because of what no file can say.
    pub(super) cap: Truth,
    /// Known resources of the kind it needs, and the places of the roles they run as. None: nobody
    /// looked, or it needs none.
    pub(super) running: Option<Vec<(usize, Option<usize>)>>,
}

/// A step as it is in one account.
#[derive(Debug)]
pub(super) struct PlanStep<'w> {
    pub(super) step: &'w Step,
    /// Any of these.
    pub(super) actions: Vec<u16>,
    pub(super) on: On,
    /// Ways to fix the condition keys.
    pub(super) with: Vec<Way>,
    /// Those keys, in lower case.
    pub(super) keys: Vec<Box<str>>,
}

/// A way to fix a step's condition keys.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) brought: Vec<(Box<str>, Brought)>,
    /// It is for these targets only: a role that is passed to a service which then assumes it must
    /// trust that very service.
    pub(super) within: Option<Pair>,
}

/// What a step is done to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum On {
    Target,
    Group,
    Policy,
    /// The identity provider the target trusts.
    Provider(Option<Provider>),
    /// Something known, of each of these sets of known resources.
    Known(Vec<Bits>),
    /// For each of these patterns something.
    Named(Vec<String>),
    Any,
}

impl<'w> Ground<'w> {
    pub(super) fn plan(&self, index: usize, interest: &Interest) -> Vec<Plan<'w>> {
        let Some(site) = self.sites.get(index) else { return Vec::new() };
        let administrator_policies = self.administrator_policies(site);
        let mut fits: Vec<(&Target, Arc<Pair>)> = Vec::new();
        let mut plans = Vec::new();
        let has_identity_center = self.world.principals.iter().any(|role| role.is_reserved);
        for technique in self.catalogue.techniques() {
            // Their parts are joined into a path anyway.
            if !technique.composed_of.is_empty()
                || technique.gives == Gives::Unknown
                || technique.target.who == Who::Unknown
                || (!has_identity_center && is_of_identity_center(technique))
            {
                continue;
            }
            let known = fits.iter().find(|(target, _)| **target == technique.target);
            let fitting = known.map_or_else(
                || Arc::new(self.fitting(site, &technique.target)),
                |(_, pair)| pair.clone(),
            );
            fits.push((&technique.target, fitting.clone()));
            if technique.target.who != Who::Created && fitting.is_empty() {
                continue;
            }
            let steps = technique.steps.iter().map(|step| {
                let (partition, account) = (&*site.account.partition, &*site.account.id);
                let fill = |texts: &[Template]| {
                    On::Named(texts.iter().map(|text| text.fill(partition, account)).collect())
                };
                PlanStep {
                    step,
                    actions: step
                        .any_of
                        .iter()
                        .filter_map(|action| interest.find(action))
                        .collect(),
                    on: match &step.on {
                        Place::Target => On::Target,
                        Place::Group => On::Group,
                        Place::Policy => On::Policy,
                        Place::Created(text) => fill(std::slice::from_ref(text)),
                        Place::Existing(texts) if self.world.resources.is_some() => On::Known(
                            texts
                                .iter()
                                .map(|text| site.resources_like(&text.fill(partition, account)))
                                .collect(),
                        ),
                        Place::New(texts) | Place::Existing(texts) => fill(texts),
                        Place::Provider => On::Provider(technique.target.trusts_provider),
                        Place::Any => On::Any,
                    },
                    keys: step
                        .with
                        .iter()
                        .map(|bring| &bring.key)
                        .chain(&step.without)
                        .map(|key| key.to_ascii_lowercase().into())
                        .collect(),
                    with: alternatives(step, site.account, &administrator_policies)
                        .into_iter()
                        .map(|brought| self.way(site, &technique.target.trusts, brought))
                        .collect(),
                }
            });
            plans.push(Plan {
                technique,
                steps: steps.collect(),
                fits_maybe: Arc::new(Pair {
                    may: fitting.may.clone(),
                    ..Pair::none(site.principals.len())
                }),
                fits: fitting,
                undenied: technique
                    .undenied
                    .iter()
                    .filter_map(|action| interest.find(action))
                    .collect(),
                running: self.running(site, technique),
                cap: if technique.conditions.is_empty() { Truth::Yes } else { Truth::Depends },
            });
        }
        plans
    }

    fn running(
        &self,
        site: &Site<'_>,
        technique: &Technique,
    ) -> Option<Vec<(usize, Option<usize>)>> {
        let known = self.world.resources.as_ref()?;
        let pattern =
            technique.resource.as_ref()?.arn.fill(&site.account.partition, &site.account.id);
        let there = site.resources_like(&pattern);
        let all = there.iter().filter_map(|at| {
            let resource = known.get(site.resources.id(at)? as usize)?;
            Some((at, resource.role.as_ref().and_then(|role| site.principals.find(role))))
        });
        Some(all.collect())
    }

    fn way(&self, site: &Site<'_>, trusted: &[Box<str>], brought: Vec<(Box<str>, Brought)>) -> Way {
        // Of a service that passes the role on to another, the role's trust says nothing.
        let is_trusted =
            |service: &str| trusted.iter().any(|own| own.eq_ignore_ascii_case(service));
        let passed_to = brought.iter().find_map(|(key, value)| match value {
            Brought::Text(service)
                if key.eq_ignore_ascii_case("iam:PassedToService") && is_trusted(service) =>
            {
                Some(service)
            }
            _ => None,
        });
        let within = passed_to.map(|service| {
            let mut pair = Pair::none(site.principals.len());
            for (role, truth) in self.trusts.of_service(service) {
                if self.principal(role).is_some_and(|role| role.account.0 == site.number) {
                    pair.insert(self.place(role), truth);
                }
            }
            pair
        });
        Way { brought, within }
    }

    /// ARNs of policies that allow everything.
    fn administrator_policies(&self, site: &Site<'_>) -> Vec<Box<str>> {
        let own = site.policies.iter().filter_map(|id| self.world.policies.get(id as usize));
        let own = own.filter(|policy| {
            policy.document.as_ref().is_some_and(|document| {
                document.rules().iter().any(|rule| {
                    rule.effect() == Effect::Allow
                        && rule.statement().is_everything()
                        && rule.statement().conditions.is_empty()
                })
            })
        });
        let partition = &site.account.partition;
        std::iter::once(format!("arn:{partition}:iam::aws:policy/AdministratorAccess").into())
            .chain(own.map(|policy| policy.arn.clone()))
            // One more, so that it shows that there are more.
            .take(MAX_ALTERNATIVES + 1)
            .collect()
    }

    /// Principals that can be the target.
    fn fitting(&self, site: &Site<'_>, target: &Target) -> Pair {
        let mut pair = Pair::none(site.principals.len());
        let mut add = |id: u32, truth: Truth| {
            let Some(principal) = self.world.principals.get(id as usize) else { return };
            if may_be(principal, target) {
                let is_unread = target.trusts_provider.is_some() && principal.trust.is_none();
                let truth = if is_unread { truth.and(Truth::Depends) } else { truth };
                pair.insert(self.place(PrincipalId(id)), truth);
            }
        };
        if !target.trusts_role_of.is_empty() {
            let hosts = target.trusts_role_of.iter().flat_map(|name| self.trusts.of_service(name));
            for (host, truth) in hosts {
                for role in self.trusts.naming(host) {
                    if self.principal(*role).is_some_and(|role| role.account.0 == site.number) {
                        add(role.0, truth);
                    }
                }
            }
        } else if target.trusts.is_empty() {
            for id in site.principals.iter() {
                add(id, Truth::Yes);
            }
        } else {
            for service in &target.trusts {
                for (role, truth) in self.trusts.of_service(service) {
                    if self.principal(role).is_some_and(|role| role.account.0 == site.number) {
                        add(role.0, truth);
                    }
                }
            }
        }
        pair
    }
}

/// Whether a technique works on IAM Identity Center. Where that is in use, it has put its reserved
/// roles into the accounts (IAM Identity Center User Guide, `using-service-linked-roles.html` and
/// `permissionsetsconcept.html`).
fn is_of_identity_center(technique: &Technique) -> bool {
    technique.steps.iter().any(|step| match &step.on {
        Place::New(all) | Place::Existing(all) => {
            all.iter().any(|text| text.text().contains(":sso:"))
        }
        Place::Created(text) => text.text().contains(":sso:"),
        _ => false,
    })
}

/// Whether a principal is of the kind a technique is about.
fn may_be(principal: &Principal, target: &Target) -> bool {
    let is_kind = match target.who {
        Who::User | Who::OtherUser => principal.kind == Kind::User,
        Who::Role | Who::OtherRole => principal.kind == Kind::Role,
        Who::ReservedRole => principal.is_reserved,
        Who::Principal => true,
        Who::Created | Who::Unknown => false,
    };
    let is_editable = !principal.is_service_linked && !principal.is_reserved;
    is_kind
        && (is_editable || !target.must_be_editable)
        && (!target.on_instance_profile || !principal.instance_profiles.is_empty())
        && target.trusts_provider.is_none_or(|provider| trusts_provider(principal, provider))
}

/// Whether its trust policy names such a provider, or cannot be read.
fn trusts_provider(role: &Principal, provider: Provider) -> bool {
    role.trust.as_ref().is_none_or(|document| {
        document.rules().iter().any(|rule| {
            rule.effect() == Effect::Allow
                && trusting::federated(rule).any(|name| is_of_kind(name, provider))
        })
    })
}

/// Whether this names an identity provider of that kind.
pub(super) fn is_of_kind(name: &str, provider: Provider) -> bool {
    match provider {
        Provider::Oidc => name.contains(":oidc-provider/"),
        Provider::Eks => name.contains(":oidc-provider/oidc.eks."),
        Provider::Saml => name.contains(":saml-provider/"),
        Provider::Cognito => name == "cognito-identity.amazonaws.com",
    }
}

/// The ways to fix a step's condition keys.
fn alternatives(
    step: &Step,
    account: &Account,
    administrator_policies: &[Box<str>],
) -> Vec<Vec<(Box<str>, Brought)>> {
    let without = step.without.iter().map(|key| (key.clone(), Brought::Absent));
    let mut all: Vec<Vec<(Box<str>, Brought)>> = vec![without.collect()];
    for bring in &step.with {
        let mut values = Vec::new();
        for value in &bring.values {
            match value {
                Value::Text(template) => {
                    let text = template.fill(&account.partition, &account.id);
                    values.push(if text.contains('*') {
                        Brought::Present
                    } else {
                        Brought::Text(text.into())
                    });
                }
                Value::AdministratorPolicy => {
                    values.extend(administrator_policies.iter().cloned().map(Brought::Text));
                }
                Value::TargetBoundary => values.push(Brought::TargetBoundary),
                Value::Target => values.push(Brought::Target),
            }
        }
        let longer = all.iter().flat_map(|known| {
            values.iter().map(move |value| {
                let mut known = known.clone();
                known.push((bring.key.clone(), value.clone()));
                known
            })
        });
        let mut longer: Vec<_> = longer.take(MAX_ALTERNATIVES + 1).collect();
        if longer.len() > MAX_ALTERNATIVES {
            // One of the others may do: the key is there, and what it holds is not said.
            longer.pop();
            longer.push(vec![(bring.key.clone(), Brought::Present)]);
        }
        if !longer.is_empty() {
            all = longer;
        }
    }
    all
}
