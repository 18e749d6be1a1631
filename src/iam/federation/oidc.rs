//! What the conditions of a statement say of a token's bearer.

use super::{
    Breadth, IssuerKind, Warning,
    claims::{self, Claim, Pattern},
    issuers::{self, Issuer},
    subjects,
};
use crate::iam::Condition;

/// A statement's conditions, weighed for one kind of entrant.
#[derive(Debug)]
pub(super) struct Weighed {
    pub breadth: Breadth,
    pub who: String,
    pub subjects: Vec<String>,
    pub warnings: Vec<Warning>,
    /// Conditions of the outside, in words, that no condition of the statement says.
    pub conditions: Vec<String>,
    /// Keys whose conditions are said by `who`.
    pub told: Vec<Box<str>>,
    /// Nobody fits.
    pub is_dead: bool,
}

/// At most this many subjects are named in [`Weighed::who`].
const MAX_NAMED: usize = 4;

pub(super) fn weigh(issuer: &str, conditions: &[&Condition]) -> Weighed {
    let known = issuers::recognise(issuer);
    let claim = |name: &str| {
        let of = |c: &&&Condition| {
            claims::name(&c.key, issuer).is_some_and(|claim| claim.eq_ignore_ascii_case(name))
        };
        Claim::read(conditions.iter().filter(of).copied(), known.always_carries(name))
    };
    if known.kind == IssuerKind::Cognito {
        return cognito(issuer, claim("aud"), claim("amr"), claim("sub"));
    }
    let mut weighed = by_subject(issuer, known, claim("sub"));
    by_other_claims(issuer, known, conditions, &mut weighed);
    by_audience(issuer, known, claim(audience_claim(issuer)), &mut weighed);
    weighed
}

/// Facebook and Amazon call the audience otherwise (IAM User Guide,
/// `reference_policies_iam-condition-keys.html`).
fn audience_claim(issuer: &str) -> &'static str {
    match issuer {
        "graph.facebook.com" | "www.amazon.com" => "app_id",
        _ => "aud",
    }
}

fn key(issuer: &str, claim: &str) -> Box<str> {
    format!("{issuer}:{claim}").into()
}

fn by_subject(issuer: &str, known: Issuer, sub: Claim) -> Weighed {
    let everybody = known.everybody(issuer);
    let mut weighed = Weighed {
        breadth: if known.is_shared { Breadth::Public } else { Breadth::Broad },
        who: everybody.clone(),
        subjects: Vec::new(),
        warnings: sub.warnings,
        conditions: Vec::new(),
        told: vec![key(issuer, "sub")],
        is_dead: sub.is_dead,
    };
    if sub.is_dead {
        weighed.subjects = sub.written.iter().map(|pattern| pattern.text.to_string()).collect();
        weighed.who = format!("{} of {issuer}", listed(&sub.written));
        return weighed;
    }
    let Some(patterns) = sub.patterns else {
        weighed.warnings.push(no_subject(known, &everybody, issuer));
        return weighed;
    };
    let mut breadth = Breadth::Nobody;
    for pattern in &patterns {
        let judged = subjects::judge(known, pattern);
        if judged.breadth == Breadth::Public && judged.warning.is_none() {
            weighed.warnings.push(no_subject(known, &everybody, issuer));
        }
        breadth = breadth.max(judged.breadth);
        weighed.warnings.extend(judged.warning);
    }
    weighed.breadth = breadth;
    weighed.subjects = patterns.iter().map(|pattern| pattern.text.to_string()).collect();
    let is_anybody = patterns.iter().any(|p| subjects_are_all(known, p));
    if !is_anybody {
        weighed.who = format!("{} of {issuer}", listed(&patterns));
    }
    weighed
}

/// The pattern leaves out nobody the issuer has.
fn subjects_are_all(known: Issuer, pattern: &Pattern) -> bool {
    let widest = if known.is_shared { Breadth::Public } else { Breadth::Broad };
    let judged = subjects::judge(known, pattern);
    let fixed = pattern.fixed();
    judged.breadth == widest
        && judged.warning.is_none()
        && (fixed.is_empty() || "repo:project_path:organization:owner:org/".contains(fixed))
}

fn listed(patterns: &[Pattern]) -> String {
    let mut names: Vec<&str> = patterns.iter().take(MAX_NAMED).map(|p| &*p.text).collect();
    let more = patterns.len().saturating_sub(MAX_NAMED);
    let tail = format!("{more} more");
    if more > 0 {
        names.push(&tail);
    }
    names.join(", ")
}

fn no_subject(known: Issuer, everybody: &str, issuer: &str) -> Warning {
    let id = if known.is_shared && known.kind == IssuerKind::GitHubActions {
        "any-repository"
    } else {
        "any-subject"
    };
    Warning::new(id, format!("{everybody} is let in; add a condition on `{issuer}:sub`"))
}

/// Claims besides subject and audience.
fn by_other_claims(issuer: &str, known: Issuer, conditions: &[&Condition], weighed: &mut Weighed) {
    let mut seen: Vec<String> = Vec::new();
    for condition in conditions {
        let Some(name) = claims::name(&condition.key, issuer) else { continue };
        let name = name.to_ascii_lowercase();
        if matches!(&*name, "sub" | "aud" | "app_id") || seen.contains(&name) {
            continue;
        }
        let of = |c: &&&Condition| {
            claims::name(&c.key, issuer).is_some_and(|claim| claim.eq_ignore_ascii_case(&name))
        };
        let claim = Claim::read(conditions.iter().filter(of).copied(), known.always_carries(&name));
        weighed.warnings.extend(claim.warnings);
        weighed.is_dead |= claim.is_dead;
        // What holds without the claim is met by whoever leaves it out, so it is told either way.
        weighed.told.push(condition.key.clone());
        if let Some(patterns) = claim.patterns.filter(|patterns| !patterns.is_empty()) {
            narrow(issuer, known, &name, &patterns, weighed);
        }
        seen.push(name);
    }
}

fn narrow(issuer: &str, known: Issuer, name: &str, patterns: &[Pattern], weighed: &mut Weighed) {
    weighed.who = format!("{} with {name} {}", weighed.who, listed(patterns));
    let Some(to_one) = known.claim_narrows(name) else { return };
    let holds_owner = |p: &Pattern| {
        let fixed = p.fixed();
        // `repository` and `job_workflow_ref` are paths that begin with the owner.
        let has_owner = fixed.contains('/') || !matches!(name, "repository" | "job_workflow_ref");
        !p.has_wildcard() || (!fixed.is_empty() && has_owner)
    };
    if !patterns.iter().all(holds_owner) {
        let what = format!("the condition on `{issuer}:{name}` leaves the owner open");
        weighed.warnings.push(Warning::new("owner-prefix", what));
        return;
    }
    let is_one = to_one && !patterns.iter().any(Pattern::has_wildcard);
    let breadth = if is_one { Breadth::Narrow } else { Breadth::Broad };
    if breadth < weighed.breadth {
        weighed.breadth = breadth;
    }
    // What the subject leaves open, this claim settles.
    weighed.warnings.retain(|warning| !matches!(warning.id, "any-repository" | "any-subject"));
    if is_one {
        let settled = ["every-repository", "owner-prefix", "repository-prefix", "no-owner"];
        weighed.warnings.retain(|warning| !settled.contains(&warning.id));
    } else {
        weighed.warnings.retain(|warning| !matches!(warning.id, "owner-prefix" | "no-owner"));
    }
}

fn by_audience(issuer: &str, known: Issuer, aud: Claim, weighed: &mut Weighed) {
    weighed.is_dead |= aud.is_dead;
    weighed.warnings.extend(aud.warnings);
    weighed.told.push(key(issuer, audience_claim(issuer)));
    match aud.patterns {
        Some(patterns) if patterns.iter().all(|pattern| &*pattern.text != "*") => {
            // Whoever signs in to one client only, is not the whole world.
            let is_client = known.kind == IssuerKind::Consumer;
            let is_customer = known.is_told_by_audience(issuer)
                && patterns.iter().all(|pattern| !pattern.has_wildcard());
            if is_customer {
                weighed.warnings.retain(|w| !matches!(w.id, "any-subject" | "owner-prefix"));
            }
            if (is_client || is_customer) && weighed.breadth == Breadth::Public {
                weighed.breadth = Breadth::Broad;
                weighed.who = format!("{} to {}", weighed.who, listed(&patterns));
            }
        }
        _ => weighed.warnings.push(Warning::new(
            "no-audience",
            format!(
                "tokens for every client id that is registered with the provider are let in; add \
                 a condition on `{issuer}:{}`",
                audience_claim(issuer)
            ),
        )),
    }
}

/// Identity pools: `aud` is the pool, `amr` says whether the user is signed in (Amazon Cognito
/// Developer Guide, "Role trust and permissions"; IAM User Guide,
/// `id_roles_providers_oidc_cognito.html`).
fn cognito(issuer: &str, pool: Claim, amr: Claim, sub: Claim) -> Weighed {
    let mut warnings = pool.warnings;
    warnings.extend(amr.warnings);
    warnings.extend(sub.warnings);
    let is_dead = pool.is_dead || amr.is_dead || sub.is_dead;
    let told = ["aud", "amr", "sub"].map(|claim| key(issuer, claim)).to_vec();
    let mut conditions = Vec::new();
    let named = pool.patterns.filter(|p| p.iter().all(|p| !p.has_wildcard()));
    let Some(pools) = named else {
        warnings.push(Warning::new(
            "any-identity-pool",
            format!(
                "identity pools of every account are let in; add a condition on `{issuer}:aud`"
            ),
        ));
        let who = "any identity pool of any account".to_owned();
        let subjects = Vec::new();
        return Weighed {
            breadth: Breadth::Public,
            who,
            subjects,
            warnings,
            conditions,
            told,
            is_dead,
        };
    };
    let admits_guests =
        amr.patterns.as_ref().is_none_or(|p| p.iter().any(|p| p.admits("unauthenticated")));
    let admits_users =
        amr.patterns.as_ref().is_none_or(|p| p.iter().any(|p| p.admits("authenticated")));
    let one_user = sub.patterns.is_some_and(|p| p.iter().all(|p| !p.has_wildcard()));
    let pools = listed(&pools);
    let (breadth, who) = if one_user {
        (Breadth::Narrow, format!("named identities of identity pool {pools}"))
    } else if admits_guests {
        warnings.push(Warning::new(
            "guests",
            format!(
                "anybody who knows the id of the identity pool is let in, if it lets guests in; \
                 let `{issuer}:amr` be `authenticated`"
            ),
        ));
        if !admits_users || amr.patterns.is_none() {
            conditions.push("the identity pool lets guests in, or the caller signs in".to_owned());
        }
        (Breadth::Public, format!("guests of identity pool {pools}"))
    } else {
        (Breadth::Broad, format!("everybody signed in to identity pool {pools}"))
    };
    Weighed { breadth, who, subjects: Vec::new(), warnings, conditions, told, is_dead }
}
