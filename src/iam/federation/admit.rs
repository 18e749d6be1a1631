//! Every statement that allows, for every party it names.

use super::{
    Admission, Breadth, Call, Entrant, Warning, aws,
    brought::Brought,
    deny::{self, Left},
    issuers,
    oidc::{self, Weighed},
};
use crate::iam::{
    Actions, Condition, Effect, Party, Policy, Principals, Rule, Rules, Statement, Truth,
};

/// AWS takes trust policies of at most 8,192 characters (IAM User Guide,
/// `reference_iam-quotas.html`), and every part of one costs four.
const MAX_PARTS: usize = 2_500;

pub(super) fn admissions(trust: &Rules, account: &str) -> Vec<Admission> {
    if parts(trust) > MAX_PARTS {
        return vec![unread()];
    }
    let (allows, denials): (Vec<&Rule>, Vec<&Rule>) =
        trust.rules().iter().partition(|rule| rule.effect() == Effect::Allow);
    let mut all = Vec::new();
    for rule in allows {
        let entrants: Vec<Entrant> = match &rule.statement().principals {
            None => Vec::new(),
            Some(Principals::Only(parties)) => parties.iter().map(Entrant::of).collect(),
            Some(Principals::AllBut(parties)) => vec![Entrant::all_but(parties)],
        };
        all.extend(entrants.into_iter().filter_map(|e| admit(rule, &denials, e, account)));
    }
    all
}

/// Statements, parties, actions, conditions and their values.
fn parts(trust: &Rules) -> usize {
    let of = |rule: &Rule| {
        let statement = rule.statement();
        let (Actions::Only(actions) | Actions::AllBut(actions)) = &statement.actions;
        let parties = match &statement.principals {
            Some(Principals::Only(parties) | Principals::AllBut(parties)) => parties.len(),
            None => 0,
        };
        let values: usize = statement.conditions.iter().map(|c| 1 + c.values.len()).sum();
        1 + actions.len() + parties + values
    };
    trust.rules().iter().map(of).sum()
}

/// A policy that is too large to be a trust policy: whom it lets in is not known.
fn unread() -> Admission {
    let what = format!("it has more than {MAX_PARTS} parts, which AWS would not take; not read");
    Admission {
        entrant: Entrant::Anyone,
        calls: vec![Call::AssumeRole, Call::AssumeRoleWithWebIdentity, Call::AssumeRoleWithSAML],
        admits: Truth::Depends,
        breadth: Breadth::Public,
        who: "whoever its trust policy lets in".to_owned(),
        subjects: Vec::new(),
        conditions: vec!["its trust policy was not read".to_owned()],
        warnings: vec![Warning::new("too-large", what)],
        statement: "the whole policy".to_owned(),
    }
}

fn admit(rule: &Rule, denials: &[&Rule], entrant: Entrant, account: &str) -> Option<Admission> {
    let allowed: Vec<Call> =
        entrant.calls().iter().copied().filter(|c| rule.covers_action(c.action())).collect();
    if allowed.is_empty() {
        return None;
    }
    let left = deny::weigh(denials, &entrant, &allowed);
    let conditions: Vec<&Condition> =
        rule.statement().conditions.iter().chain(&left.narrowing).collect();
    let mut weighed = match &entrant {
        Entrant::Oidc { issuer, .. } => oidc::weigh(issuer, &conditions),
        entrant => aws::weigh(entrant, &conditions, account),
    };
    let is_anyone = matches!(entrant, Entrant::Anyone | Entrant::AnyoneBut(_));
    if is_anyone && !allowed.contains(&Call::AssumeRole) {
        weighed.conditions.push("the caller has a token of a provider of the account".to_owned());
    }
    Some(conclude(rule, entrant, &allowed, left, weighed))
}

fn conclude(
    rule: &Rule,
    entrant: Entrant,
    allowed: &[Call],
    left: Left,
    weighed: Weighed,
) -> Admission {
    let Weighed { mut breadth, who, subjects, mut warnings, told, is_dead, .. } = weighed;
    let context = Brought(&entrant);
    let mut conditions = Vec::new();
    let mut admits = if is_dead { Truth::No } else { Truth::Yes };
    let mut missed = false;
    let is_single = rule.statement().conditions.len() == 1 && left.narrowing.is_empty();
    for condition in rule.statement().conditions.iter().chain(&left.narrowing) {
        let compiled;
        let alone = if is_single {
            rule
        } else {
            compiled = alone(condition);
            let Some(alone) = compiled.rules().first() else { continue };
            alone
        };
        let is_told = told.iter().any(|key| key.eq_ignore_ascii_case(&condition.key));
        match alone.conditions_hold(&context) {
            Truth::No => {
                missed = true;
                warnings.push(Warning::new(
                    "never-matches",
                    format!(
                        "`{}`: nobody who comes in this way can meet that",
                        condition.describe()
                    ),
                ));
            }
            Truth::Depends if !is_told || !is_positive(condition) => {
                conditions.extend(alone.open_conditions(&context));
            }
            Truth::Depends | Truth::Yes => {}
        }
    }
    if rule.conditions_hold(&context) == Truth::No && !missed && !is_dead {
        missed = true;
        warnings
            .push(Warning::new("never-matches", "its conditions exclude each other".to_owned()));
    }
    conditions.extend(weighed.conditions);
    conditions.extend(left.conditions);
    conditions.dedup();
    if missed || left.calls.is_empty() {
        admits = Truth::No;
    } else if !conditions.is_empty() {
        admits = admits.and(Truth::Depends);
    }
    for statement in &left.denied_by {
        warnings.push(Warning::new("denied", format!("{statement} denies it")));
    }
    if admits == Truth::No {
        breadth = Breadth::Nobody;
        // What would be wrong if anybody came in, is not.
        warnings.retain(|w| matches!(w.id, "never-matches" | "denied" | "deleted-principal"));
        conditions.clear();
    }
    let mut once: Vec<Warning> = Vec::with_capacity(warnings.len());
    for warning in warnings {
        if !once.contains(&warning) {
            once.push(warning);
        }
    }
    let calls = if left.calls.is_empty() { allowed.to_vec() } else { left.calls };
    Admission {
        entrant,
        calls,
        admits,
        breadth,
        who,
        subjects,
        conditions,
        warnings: once,
        statement: rule.name(),
    }
}

/// The condition by itself.
fn alone(condition: &Condition) -> Rules {
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: Actions::Only(Box::default()),
        resources: None,
        conditions: vec![condition.clone()],
    };
    Rules::compile(&Policy { has_variables: true, statements: vec![statement] })
}

fn is_positive(condition: &Condition) -> bool {
    super::claims::Positive::of(&condition.operator).is_some()
}

impl Entrant {
    /// Who a party of a statement is.
    pub fn of(party: &Party) -> Self {
        match party {
            Party::Anyone => Self::Anyone,
            Party::Aws(name) if &**name == "*" => Self::Anyone,
            Party::Aws(name) if aws::is_account(name) => Self::Account(name.clone()),
            Party::Aws(name) if aws::is_unique_id(name) => Self::Deleted(name.clone()),
            Party::Aws(name) => match (name.ends_with(":root"), aws::account_in(name)) {
                (true, Some(account)) => Self::Account(account.into()),
                _ => Self::Principal(name.clone()),
            },
            Party::Service(name) => Self::Service(name.clone()),
            Party::CanonicalUser(name) => Self::Canonical(name.clone()),
            Party::Federated(name) => {
                let issuer = match name.split_once(":oidc-provider/") {
                    Some((_, issuer)) => issuer,
                    None if name.contains(":saml-provider/") => return Self::Saml(name.clone()),
                    // Providers built into STS are named by their host alone.
                    None => name,
                };
                let kind = issuers::recognise(issuer).kind;
                Self::Oidc { issuer: issuer.into(), provider: name.clone(), kind }
            }
        }
    }

    fn all_but(parties: &[Party]) -> Self {
        let name = |party: &Party| match party {
            Party::Anyone => "*".into(),
            Party::Aws(name)
            | Party::Service(name)
            | Party::Federated(name)
            | Party::CanonicalUser(name) => name.clone(),
        };
        Self::AnyoneBut(parties.iter().map(name).collect())
    }

    /// The calls of STS that it can make at all.
    fn calls(&self) -> &'static [Call] {
        match self {
            Self::Oidc { .. } => &[Call::AssumeRoleWithWebIdentity],
            Self::Saml(_) => &[Call::AssumeRoleWithSAML],
            Self::Anyone | Self::AnyoneBut(_) => {
                &[Call::AssumeRole, Call::AssumeRoleWithWebIdentity, Call::AssumeRoleWithSAML]
            }
            _ => &[Call::AssumeRole],
        }
    }
}

impl Call {
    /// As policies name it.
    pub fn action(self) -> &'static str {
        match self {
            Self::AssumeRole => "sts:AssumeRole",
            Self::AssumeRoleWithWebIdentity => "sts:AssumeRoleWithWebIdentity",
            Self::AssumeRoleWithSAML => "sts:AssumeRoleWithSAML",
        }
    }
}
