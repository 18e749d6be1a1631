//! What someone should act on in an inventory: plain rules over facts that were read.
//!
//! A rule speaks only when every fact it needs is there. What a source could not tell (`unknown`
//! last use, a role whose trust was not read) never makes a finding, and never makes one go away
//! either: the report says beside its findings which sources it could not read.

use crate::domain::{
    Certainty, ClueKind, Credential, CredentialKind, CredentialStatus, Environment, Finding,
    LastUsed, Reach, Severity, Untrusted, party,
};
use jiff::Timestamp;

/// Days after which an unused credential or an unrotated key is worth a finding. CIS AWS
/// Foundations Benchmark 3.0 asks for rotation of access keys within 90 days.
pub const STALE_DAYS: i64 = 90;

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
pub const RULES: [Rule; 7] = [
    Rule { name: "administrator-grant", check: administrator },
    Rule { name: "reaches-administrator", check: reaches_administrator },
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

/// Every action on every resource: as the engine found out, denies and boundaries weighed; where
/// it was not asked, by the policies' own words. A boundary or a condition lowers the severity.
fn administrator(credential: &Credential, _now: Timestamp) -> Option<Said> {
    let (what, certain) = match credential.reach.as_deref() {
        Some(Reach { admin: Certainty::Yes, .. }) => ("administrator", true),
        Some(Reach { admin: Certainty::Conditional, .. }) => {
            ("administrator if something holds that its policies do not say", false)
        }
        Some(_) => return None,
        None => {
            let grant = credential.administrator_grant()?.raw();
            (grant, grant == "administrator")
        }
    };
    Some(Said {
        severity: if certain {
            grave_unless_outside_production(credential)
        } else {
            Severity::Medium
        },
        message: format!("{}, which is {what}", held(credential)),
        next_step: format!(
            "grant only what the tool needs, or run `countersign revoke {}`",
            credential.id
        ),
    })
}

/// Somebody who is no administrator and becomes one, by the shortest path there is.
fn reaches_administrator(credential: &Credential, _now: Timestamp) -> Option<Said> {
    let reach = credential.reach.as_deref()?;
    if reach.admin != Certainty::No || reach.reaches_admin == Certainty::No {
        return None;
    }
    let home = credential.principal.home.raw();
    let mut steps: Vec<String> = reach
        .path
        .listed
        .iter()
        .map(|step| format!("{} to {}", step.technique, party(&step.to, home).raw()))
        .collect();
    if reach.path.more > 0 {
        steps.push(format!("{} more steps", reach.path.more));
    }
    let (severity, becomes) = match reach.reaches_admin {
        Certainty::Yes => (grave_unless_outside_production(credential), "becomes"),
        _ => (Severity::Medium, "perhaps becomes"),
    };
    Some(Said {
        severity,
        message: format!(
            "{}, which {becomes} an administrator by {}",
            held(credential),
            steps.join(", then ")
        ),
        next_step: format!(
            "take one of these steps away (`countersign show {}` says why each is open), or run \
             `countersign revoke {}`",
            credential.id, credential.id
        ),
    })
}

/// Who holds what of whom.
fn held(credential: &Credential) -> String {
    format!(
        "{} holds {} \"{}\" of {}",
        tools(credential),
        credential.kind(),
        credential.label.raw(),
        credential.principal.name.raw()
    )
}

fn app_on_all_repositories(credential: &Credential, _now: Timestamp) -> Option<Said> {
    if credential.kind() != CredentialKind::AppInstallation
        || facts(credential, "repositories").next()? != "all"
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
    let (trusted, severity, next_step) = facts(credential, "trusts")
        .filter_map(|trust| open_door(credential, trust))
        .max_by_key(|(_, severity, _)| *severity)?;
    Some(Said {
        severity,
        message: format!(
            "role {} of {} lets {trusted} in without any condition",
            credential.principal.name.raw(),
            tools(credential)
        ),
        next_step: next_step.to_owned(),
    })
}

/// A party that a trust policy lets in without a condition, as the source words it (`service x`,
/// `provider x`, `anyone`, followed by ` when …` where there are conditions), where that is worth
/// a finding: everybody, a whole identity provider, or the service of the tool itself on behalf of
/// any account (the confused deputy of the IAM User Guide).
fn open_door<'a>(
    credential: &Credential,
    trust: &'a str,
) -> Option<(&'a str, Severity, &'static str)> {
    if trust.contains(" when ") {
        return None;
    }
    let (kind, name) = trust.split_once(' ').unwrap_or((trust, ""));
    match kind {
        "anyone" => {
            Some((trust, Severity::High, "name the principals that need it in its trust policy"))
        }
        "provider" => Some((
            trust,
            Severity::High,
            "add a condition on the provider's `sub` and `aud` to its trust policy",
        )),
        "service" => credential
            .holders
            .iter()
            .flat_map(|holder| &holder.evidence)
            .any(|piece| {
                piece.clue.kind == ClueKind::TrustedService && piece.clue.value.raw() == name
            })
            .then_some((
                trust,
                Severity::Medium,
                "add a condition on aws:SourceAccount or aws:SourceArn to its trust policy",
            )),
        _ => None,
    }
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

fn facts<'a>(credential: &'a Credential, name: &str) -> impl Iterator<Item = &'a str> {
    let name = name.to_owned();
    credential.facts.iter().filter(move |fact| fact.name == name).map(|fact| fact.value.raw())
}

fn tools(credential: &Credential) -> String {
    credential.holders.iter().map(|holder| holder.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn days(from: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(from.as_second()) / 86_400
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::report::reach::tests::climber;
    use crate::{
        domain::{
            Certainty, Clue, ClueKind, Credential, CredentialStatus, Environment, Fact, LastUsed,
            Locator, Reach, Severity, ToolMatch,
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
        key.grants = vec!["administrator".into()];
        assert!(!rules(&key).is_empty());
        key.status = CredentialStatus::Inactive;
        assert!(rules(&key).is_empty());
        key.status = CredentialStatus::Active;
        key.holders = Vec::<ToolMatch>::new();
        assert!(rules(&key).is_empty());
    }

    #[test]
    fn an_administrator_is_found_by_the_sources_word_never_by_a_policys_name() {
        let severity = |grant: &str| {
            let mut key = samples::access_key();
            key.grants = vec![grant.into()];
            findings([&key], samples::now()).first().map(|finding| finding.severity)
        };
        assert_eq!(severity("administrator"), Some(Severity::High));
        assert_eq!(severity("administrator within its boundary"), Some(Severity::Medium));
        assert_eq!(severity("administrator under a condition"), Some(Severity::Medium));
        // Anyone can give a policy of their own this name.
        assert_eq!(severity("AdministratorAccess"), None);
        assert_eq!(severity("administrators-read-only"), None);
    }

    #[test]
    fn the_engine_knows_better_than_the_words_of_a_grant() {
        let found = |reach: Reach| {
            let mut key = samples::access_key();
            key.grants = vec!["administrator within its boundary".into()];
            key.reach = Some(reach.into());
            let found = findings([&key], samples::now());
            found.first().map(|finding| (finding.rule.clone(), finding.severity))
        };
        assert_eq!(found(Reach::default()), None, "the boundary leaves nothing of it");
        let reach = |admin, reaches_admin| Reach { admin, reaches_admin, ..climber() };
        let rule = |name: &str, severity| Some((name.to_owned(), severity));
        let (no, maybe, yes) = (Certainty::No, Certainty::Conditional, Certainty::Yes);
        assert_eq!(found(reach(yes, yes)), rule("administrator-grant", Severity::High));
        assert_eq!(found(reach(maybe, maybe)), rule("administrator-grant", Severity::Medium));
        assert_eq!(found(reach(no, yes)), rule("reaches-administrator", Severity::High));
        assert_eq!(found(reach(no, maybe)), rule("reaches-administrator", Severity::Medium));
    }

    #[test]
    fn the_path_is_told_in_the_finding() {
        let mut key = samples::access_key();
        key.reach = Some(climber().into());
        let found = findings([&key], samples::now());
        assert!(
            found[0].message.raw().ends_with(
                "by passrole-lambda to ci-runner, then assume-role to org-admin (444455556666)"
            ),
            "{found:?}"
        );
    }

    #[test]
    fn an_app_on_all_repositories_counts_only_when_it_can_write() {
        let mut app = samples::app_installation();
        app.facts = vec![Fact::new("repositories", "all")];
        app.grants = vec!["contents: read".into(), "issues: write".into()];
        assert!(rules(&app).is_empty());
        app.grants.push("contents: write".into());
        assert_eq!(rules(&app), ["app-on-all-repositories"]);
        app.facts = vec![Fact::new("repositories", "selected")];
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
    fn trust_is_judged_only_where_it_was_read_and_has_no_condition() {
        let mut role = samples::access_key();
        role.locator =
            Locator::RoleTrust { account: "111122223333".to_owned(), role: "kiro".to_owned() };
        role.holders[0].evidence[0].clue =
            Clue::new(ClueKind::TrustedService, "bedrock.amazonaws.com");
        assert!(rules(&role).is_empty());
        let mut with = |trust: &str| {
            role.facts = vec![Fact::new("trusts", trust)];
            findings([&role], samples::now()).first().map(|finding| finding.severity)
        };
        assert_eq!(with("service bedrock.amazonaws.com"), Some(Severity::Medium));
        assert_eq!(with("service ec2.amazonaws.com"), None, "not the tool's own service");
        let condition = "aws:SourceAccount StringEquals 111122223333";
        assert_eq!(with(&format!("service bedrock.amazonaws.com when {condition}")), None);
        assert_eq!(with("provider arn:aws:iam::1:oidc-provider/x"), Some(Severity::High));
        assert_eq!(with("anyone in AWS"), Some(Severity::High));
        assert_eq!(with("unknown: the document cannot be read"), None);
    }

    #[test]
    fn the_gravest_finding_comes_first() {
        let mut key = samples::access_key();
        key.created = Some(samples::days_ago(400));
        key.grants = vec!["administrator".into()];
        let severities: Vec<Severity> =
            findings([&key], samples::now()).into_iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::High, Severity::Medium]);
    }
}
