//! Accounts, principals, services and SAML providers.

use super::{
    Breadth, Entrant, Warning,
    claims::{Claim, Pattern, Positive},
    oidc::Weighed,
};
use crate::iam::Condition;

/// The account of an IAM or STS ARN.
pub(super) fn account_in(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| is_account(account))
}

/// Twelve digits.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A principal's unique id, as IAM leaves it in a policy when the principal is deleted (IAM User
/// Guide, `reference_identifiers.html`, "Unique identifiers").
pub(super) fn is_unique_id(text: &str) -> bool {
    let prefixes = ["AIDA", "AROA", "AGPA", "AIPA", "ANPA", "ANVA", "ASCA"];
    text.len() >= 16
        && prefixes.iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

pub(super) fn weigh(entrant: &Entrant, conditions: &[&Condition], own: &str) -> Weighed {
    let of = |key: &str, is_always_there: bool| {
        let of = |c: &&&Condition| c.key.eq_ignore_ascii_case(key);
        Claim::read(conditions.iter().filter(of).copied(), is_always_there)
    };
    let mut weighed = Weighed {
        breadth: Breadth::Narrow,
        who: String::new(),
        subjects: Vec::new(),
        warnings: Vec::new(),
        conditions: Vec::new(),
        told: Vec::new(),
        is_dead: false,
    };
    match entrant {
        Entrant::Anyone | Entrant::AnyoneBut(_) => {
            anyone(entrant, &of, conditions, &mut weighed);
        }
        Entrant::Account(account) => {
            weighed.breadth = Breadth::Broad;
            let is_own = &**account == own;
            weighed.who =
                if is_own { "its own account".to_owned() } else { format!("account {account}") };
            if !is_own {
                external(&format!("account {account}"), &of, &mut weighed);
            }
        }
        Entrant::Principal(arn) => {
            weighed.who = arn.to_string();
            if arn.contains(['*', '?']) {
                weighed.is_dead = true;
                weighed.warnings.push(Warning::new(
                    "never-matches",
                    format!("`{arn}`: a principal is never a pattern; use aws:PrincipalArn"),
                ));
            } else if account_in(arn).is_some_and(|account| account != own) {
                external(arn, &of, &mut weighed);
            }
        }
        Entrant::Deleted(id) => {
            weighed.who = format!("deleted principal {id}");
            weighed.is_dead = true;
            weighed.warnings.push(Warning::new(
                "deleted-principal",
                format!("`{id}` is what IAM leaves of a deleted principal; remove it"),
            ));
        }
        Entrant::Canonical(id) => {
            weighed.who = format!("canonical user {id}");
            weighed.is_dead = true;
            weighed.warnings.push(Warning::new(
                "never-matches",
                "a canonical user is only for buckets; it never assumes a role".to_owned(),
            ));
        }
        Entrant::Service(name) => weighed.who = format!("service {name}"),
        Entrant::Saml(arn) => saml(arn, &of, &mut weighed),
        Entrant::Oidc { .. } => {}
    }
    weighed
}

type Of<'a> = dyn Fn(&str, bool) -> Claim + 'a;

/// Whether a claim is limited to something that is not everything.
fn limits(claim: &Claim) -> bool {
    claim.patterns.as_ref().is_some_and(|all| all.iter().all(|p| p.is_exact || &*p.text != "*"))
}

/// Another account, or somebody of it. A vendor that serves many customers from one account has to
/// be told which of them asks, or one customer comes in as another (IAM User Guide,
/// `confused-deputy.html`).
fn external(who: &str, of: &Of<'_>, weighed: &mut Weighed) {
    let id = of("sts:ExternalId", false);
    let ours = of("aws:PrincipalOrgID", false);
    let paths = of("aws:PrincipalOrgPaths", false);
    let scoped = [&id, &ours, &paths].into_iter().any(limits);
    weighed.warnings.extend(id.warnings);
    if !scoped {
        weighed.warnings.push(Warning::new(
            "no-external-id",
            format!(
                "{who} may be made to act for somebody else of its customers; ask for an \
                 sts:ExternalId if it is a vendor's"
            ),
        ));
    }
}

/// `"*"`: in a trust policy that is every principal of every account (IAM User Guide,
/// `reference_policies_elements_principal.html`).
fn anyone(entrant: &Entrant, of: &Of<'_>, conditions: &[&Condition], weighed: &mut Weighed) {
    weighed.breadth = Breadth::Public;
    weighed.who.push_str("anyone in AWS");
    if let Entrant::AnyoneBut(names) = entrant {
        weighed.who = format!("{} but {}", weighed.who, names.join(", "));
        weighed.warnings.push(Warning::new(
            "not-principal",
            "NotPrincipal with Allow lets in everybody else in the world; name who may".to_owned(),
        ));
    }
    // Callers that belong to no organisation do not carry its keys.
    for (key, is_always_there) in [
        ("aws:PrincipalOrgID", false),
        ("aws:PrincipalOrgPaths", false),
        ("aws:PrincipalAccount", true),
        ("aws:PrincipalArn", true),
        ("aws:userid", true),
    ] {
        let claim = of(key, is_always_there);
        if let Some(patterns) = claim.patterns.as_ref().filter(|_| limits(&claim)) {
            let reach = patterns.iter().map(|p| breadth_of(key, p)).max();
            weighed.breadth = weighed.breadth.min(reach.unwrap_or(Breadth::Nobody));
        }
        weighed.warnings.extend(claim.warnings);
    }
    if weighed.breadth == Breadth::Public {
        let mut what = "anyone may assume this role".to_owned();
        let has_id = conditions.iter().any(|c| {
            c.key.eq_ignore_ascii_case("sts:ExternalId") && Positive::of(&c.operator).is_some()
        });
        what.push_str(if has_id {
            " who knows the external id, which is not made to be a secret; name the accounts"
        } else {
            "; name the accounts, or add aws:PrincipalOrgID"
        });
        weighed.warnings.push(Warning::new("anyone", what));
    }
}

fn breadth_of(key: &str, pattern: &Pattern) -> Breadth {
    let has_account =
        |arn: &str| arn.split(':').nth(4).is_some_and(|a| is_account(a) && arn.contains("::"));
    match key {
        "aws:PrincipalOrgID" | "aws:PrincipalOrgPaths" if pattern.fixed().is_empty() => {
            Breadth::Public
        }
        "aws:PrincipalAccount" if pattern.has_wildcard() => Breadth::Public,
        "aws:PrincipalOrgID" | "aws:PrincipalOrgPaths" | "aws:PrincipalAccount" => Breadth::Broad,
        "aws:PrincipalArn" if !has_account(&pattern.text) => Breadth::Public,
        _ if pattern.fixed().is_empty() => Breadth::Public,
        _ if pattern.has_wildcard() => Breadth::Broad,
        _ => Breadth::Narrow,
    }
}

/// SAML: the provider's administrators say who may have the role (IAM User Guide,
/// `id_roles_create_for-idp_saml.html`).
fn saml(arn: &str, of: &Of<'_>, weighed: &mut Weighed) {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    weighed.breadth = Breadth::Broad;
    // IAM Identity Center makes this provider and its roles (IAM Identity Center User Guide,
    // "IAM roles created by IAM Identity Center").
    weighed.who = if name.starts_with("AWSSSO_") {
        "whoever IAM Identity Center assigns".to_owned()
    } else {
        format!("whoever {name} asserts")
    };
    let named = ["saml:sub", "saml:namequalifier", "saml:edupersonprincipalname"];
    for key in named {
        let claim = of(key, false);
        let is_named = limits(&claim)
            && claim.patterns.as_ref().is_some_and(|all| all.iter().all(|p| !p.has_wildcard()));
        if is_named && key != "saml:namequalifier" {
            weighed.breadth = Breadth::Narrow;
        }
        weighed.warnings.extend(claim.warnings);
    }
    let audience = of("SAML:aud", true);
    weighed.is_dead |= audience.is_dead;
    weighed.told.push("SAML:aud".into());
    weighed.warnings.extend(audience.warnings);
}
