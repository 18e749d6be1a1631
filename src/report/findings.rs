//! What someone should act on in an inventory: plain rules over facts that were read.
//!
//! A rule speaks only when every fact it needs is there. What a source could not tell (`unknown`
//! last use, a role whose trust was not read) never makes a finding, and never makes one go away
//! either: the report says beside its findings which sources it could not read.

use crate::domain::{
    Credential, CredentialKind, CredentialStatus, Environment, Finding, LastUsed, Severity,
    Untrusted,
};
use jiff::Timestamp;

/// Days after which an unused credential or an unrotated key is worth a finding. CIS AWS
/// Foundations Benchmark 3.0 asks for rotation of access keys within 90 days.
pub const STALE_DAYS: i64 = 90;

/// Grants that are the whole account, by the names AWS gives its managed policies.
const ADMINISTRATOR: [&str; 2] = ["AdministratorAccess", "IAMFullAccess"];

/// A rule: its stable name, and what it says about a credential an AI tool holds.
pub struct Rule {
    /// Stable name.
    pub name: &'static str,
    check: fn(&Credential, Timestamp) -> Option<Said>,
}

/// What a rule says when it speaks.
struct Said {
    severity: Severity,
    message: String,
    next_step: String,
}

/// Every rule, in the order a reader wants them when severities are equal.
pub const RULES: [Rule; 6] = [
    Rule { name: "administrator-grant", check: administrator },
    Rule { name: "app-on-all-repositories", check: app_on_all_repositories },
    Rule { name: "write-deploy-key", check: write_deploy_key },
    Rule { name: "trust-without-condition", check: trust_without_condition },
    Rule { name: "unused-in-production", check: unused_in_production },
    Rule { name: "old-access-key", check: old_access_key },
];

/// What the rules find, most severe first.
///
/// Only credentials that AI tools hold and that work at the moment are looked at.
pub fn findings<'a>(
    credentials: impl IntoIterator<Item = &'a Credential>,
    now: Timestamp,
) -> Vec<Finding> {
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for credential in credentials {
        if !credential.is_ai_held() || credential.status != CredentialStatus::Active {
            continue;
        }
        for (place, rule) in RULES.iter().enumerate() {
            if let Some(said) = (rule.check)(credential, now) {
                found.push((
                    place,
                    Finding {
                        severity: said.severity,
                        rule: rule.name.to_owned(),
                        about: credential.id.to_string(),
                        message: Untrusted::new(said.message),
                        next_step: said.next_step,
                    },
                ));
            }
        }
    }
    found.sort_by(|(a_place, a), (b_place, b)| {
        b.severity.cmp(&a.severity).then(a_place.cmp(b_place)).then(a.about.cmp(&b.about))
    });
    found.into_iter().map(|(_, finding)| finding).collect()
}

fn administrator(credential: &Credential, _now: Timestamp) -> Option<Said> {
    let grant = credential.grants.iter().find(|grant| is_administrator(grant.raw()))?;
    // A boundary or a session policy may hold it back; the rule says what is granted, not what
    // is left of it.
    Some(Said {
        severity: grave_unless_outside_production(credential),
        message: format!(
            "{} holds {} of {}, which carries {}",
            tools(credential),
            credential.kind(),
            credential.principal.name.raw(),
            grant.raw()
        ),
        next_step: format!(
            "give it only what the tool needs, or run `countersign revoke {}`",
            credential.id
        ),
    })
}

/// The policy's name alone, its ARN, or either with a word of where it comes from in brackets.
fn is_administrator(grant: &str) -> bool {
    let bare = grant.split(" (").next().unwrap_or(grant);
    let name = match bare.strip_prefix("arn:") {
        // Only AWS's own policies count: a customer's policy of that name can hold anything.
        Some(arn) if arn.contains(":iam::aws:policy/") => {
            arn.rsplit('/').next().unwrap_or_default()
        }
        Some(_) => return false,
        None => bare,
    };
    ADMINISTRATOR.contains(&name)
}

fn app_on_all_repositories(credential: &Credential, _now: Timestamp) -> Option<Said> {
    if credential.kind() != CredentialKind::AppInstallation
        || fact(credential, "repository selection")? != "all"
    {
        return None;
    }
    let write = credential.grants.iter().find(|grant| {
        let (name, level) = permission(grant.raw());
        matches!(name, "contents" | "administration" | "workflows")
            && matches!(level, "write" | "admin")
    })?;
    Some(Said {
        severity: Severity::High,
        message: format!(
            "{} is installed on every repository of {} with {}",
            credential.label.raw(),
            credential.principal.home.raw(),
            write.raw()
        ),
        next_step: "limit the installation to the repositories it works on, in the \
                    organisation's GitHub App settings"
            .to_owned(),
    })
}

/// `contents: write` as name and level.
fn permission(grant: &str) -> (&str, &str) {
    grant
        .split_once([':', '='])
        .map_or((grant.trim(), ""), |(name, level)| (name.trim(), level.trim()))
}

fn write_deploy_key(credential: &Credential, _now: Timestamp) -> Option<Said> {
    if credential.kind() != CredentialKind::DeployKey
        || !credential.grants.iter().any(|grant| grant.raw() == "write")
    {
        return None;
    }
    Some(Said {
        severity: grave_unless_outside_production(credential),
        message: format!(
            "{} can push to {} with deploy key \"{}\"",
            tools(credential),
            credential.principal.name.raw(),
            credential.label.raw()
        ),
        next_step: format!(
            "replace it by a read-only key, or run `countersign revoke {}`",
            credential.id
        ),
    })
}

fn trust_without_condition(credential: &Credential, _now: Timestamp) -> Option<Said> {
    if credential.kind() != CredentialKind::RoleTrust {
        return None;
    }
    let trusted = fact(credential, "trusted without condition")?;
    Some(Said {
        severity: grave_unless_outside_production(credential),
        message: format!(
            "role {} lets {trusted} in without any condition",
            credential.principal.name.raw()
        ),
        next_step: "add aws:SourceAccount or aws:SourceArn (a service), or a sub condition (an \
                    identity provider), to its trust policy"
            .to_owned(),
    })
}

fn unused_in_production(credential: &Credential, now: Timestamp) -> Option<Said> {
    if credential.environment != Environment::Production {
        return None;
    }
    let how = match &credential.last_used {
        LastUsed::At { at, .. } if days(*at, now) >= STALE_DAYS => {
            format!("was last used {} days ago", days(*at, now))
        }
        LastUsed::Never => {
            let created = credential.created?;
            if days(created, now) < STALE_DAYS {
                return None;
            }
            format!("was never used in its {} days", days(created, now))
        }
        LastUsed::At { .. } | LastUsed::Unknown => return None,
    };
    Some(Said {
        severity: Severity::Medium,
        message: format!(
            "{} \"{}\" of {} in production {how}",
            credential.kind(),
            credential.label.raw(),
            tools(credential)
        ),
        next_step: format!(
            "take it away: `countersign revoke {}` shows first what that does",
            credential.id
        ),
    })
}

fn old_access_key(credential: &Credential, now: Timestamp) -> Option<Said> {
    if credential.kind() != CredentialKind::AccessKey {
        return None;
    }
    let age = days(credential.created?, now);
    (age >= STALE_DAYS).then(|| Said {
        severity: if credential.environment == Environment::NonProduction {
            Severity::Low
        } else {
            Severity::Medium
        },
        message: format!(
            "{} holds access key {} of {}, which is {age} days old",
            tools(credential),
            credential.label.raw(),
            credential.principal.name.raw()
        ),
        next_step: "give the tool a role with short-lived credentials, then revoke the key"
            .to_owned(),
    })
}

fn grave_unless_outside_production(credential: &Credential) -> Severity {
    match credential.environment {
        Environment::Production | Environment::Unknown => Severity::High,
        Environment::NonProduction => Severity::Medium,
    }
}

fn fact<'a>(credential: &'a Credential, name: &str) -> Option<&'a str> {
    credential.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.raw())
}

fn tools(credential: &Credential) -> String {
    credential.holders.iter().map(|holder| holder.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn days(from: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(from.as_second()) / 86_400
}

#[cfg(test)]
mod tests {
    use super::{findings, is_administrator};
    use crate::{
        domain::{
            Credential, CredentialStatus, Environment, Fact, LastUsed, Locator, Severity, ToolMatch,
        },
        report::samples,
    };

    fn rules(credential: &Credential) -> Vec<String> {
        findings([credential], samples::now()).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_key_that_was_never_used_and_is_old_is_found_by_both_rules() {
        let mut key = samples::access_key();
        key.created = Some(samples::days_ago(91));
        key.last_used = LastUsed::Never;
        assert_eq!(rules(&key), ["unused-in-production", "old-access-key"]);
    }

    #[test]
    fn nothing_is_said_where_the_source_does_not_know() {
        let mut key = samples::access_key();
        key.created = None;
        key.last_used = LastUsed::Unknown;
        assert!(rules(&key).is_empty());
    }

    #[test]
    fn ninety_days_is_the_border() {
        let mut key = samples::access_key();
        key.last_used = LastUsed::At { at: samples::days_ago(1), what: "s3".into() };
        key.created = Some(samples::days_ago(89));
        assert!(rules(&key).is_empty());
        key.created = Some(samples::days_ago(90));
        assert_eq!(rules(&key), ["old-access-key"]);
    }

    #[test]
    fn what_is_switched_off_or_held_by_nobody_we_know_is_left_alone() {
        let mut key = samples::access_key();
        key.grants = vec!["AdministratorAccess".into()];
        assert!(!rules(&key).is_empty());
        key.status = CredentialStatus::Inactive;
        assert!(rules(&key).is_empty());
        key.status = CredentialStatus::Active;
        key.holders = Vec::<ToolMatch>::new();
        assert!(rules(&key).is_empty());
    }

    #[test]
    fn only_the_managed_policy_itself_is_an_administrator_grant() {
        for yes in [
            "AdministratorAccess",
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws-us-gov:iam::aws:policy/IAMFullAccess",
            "AdministratorAccess (group ops)",
        ] {
            assert!(is_administrator(yes), "{yes}");
        }
        for no in [
            "AdministratorAccess-Amplify",
            "NoAdministratorAccess",
            "arn:aws:iam::111122223333:policy/AdministratorAccess",
        ] {
            assert!(!is_administrator(no), "{no}");
        }
    }

    #[test]
    fn an_app_on_all_repositories_counts_only_when_it_can_write() {
        let mut app = samples::app_installation();
        app.facts = vec![Fact::new("repository selection", "all")];
        app.grants = vec!["contents: read".into(), "issues: write".into()];
        assert!(rules(&app).is_empty());
        app.grants.push("contents: write".into());
        assert_eq!(rules(&app), ["app-on-all-repositories"]);
        app.facts = vec![Fact::new("repository selection", "selected")];
        assert!(rules(&app).is_empty());
    }

    #[test]
    fn a_write_deploy_key_is_graver_in_production() {
        let mut key = samples::deploy_key();
        key.grants = vec!["write".into()];
        assert_eq!(findings([&key], samples::now())[0].severity, Severity::High);
        key.environment = Environment::NonProduction;
        assert_eq!(findings([&key], samples::now())[0].severity, Severity::Medium);
        key.grants = vec!["read".into()];
        assert!(rules(&key).is_empty());
    }

    #[test]
    fn trust_is_judged_only_where_it_was_read() {
        let mut role = samples::access_key();
        role.locator =
            Locator::RoleTrust { account: "111122223333".to_owned(), role: "kiro".to_owned() };
        assert!(rules(&role).is_empty());
        role.facts = vec![Fact::new("trusted without condition", "bedrock.amazonaws.com")];
        assert_eq!(rules(&role), ["trust-without-condition"]);
    }

    #[test]
    fn the_gravest_finding_comes_first() {
        let mut key = samples::access_key();
        key.created = Some(samples::days_ago(400));
        key.grants = vec!["AdministratorAccess".into()];
        let severities: Vec<Severity> =
            findings([&key], samples::now()).into_iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::High, Severity::Medium]);
    }
}
