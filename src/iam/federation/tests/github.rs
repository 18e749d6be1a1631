//! GitHub Actions. Claims and subjects: docs.github.com, "`OpenID` Connect reference"; what STS takes
//! of them: IAM User Guide, `reference_policies_iam-condition-keys.html`; what a trust policy should
//! say: IAM User Guide, `id_roles_create_for-idp_oidc.html`, "Configuring a role for GitHub OIDC", and, for every shared
//! issuer, `id_roles_providers_oidc_secure-by-default.html`.

use super::{ids, oidc};
use crate::iam::{
    Truth,
    federation::{Admission, Breadth, Entrant, IssuerKind},
};

const ISSUER: &str = "token.actions.githubusercontent.com";

/// GitHub with the usual audience and one more condition: operator, claim, values.
fn github(operator: &str, claim: &str, values: &str) -> Admission {
    oidc(
        ISSUER,
        &format!(
            r#""ForAnyValue:StringEquals":{{"{ISSUER}:aud":"sts.amazonaws.com"}},"{operator}":{{"{ISSUER}:{claim}":{values}}}"#
        ),
    )
}

fn subject(pattern: &str) -> Admission {
    github("StringLike", "sub", &format!("\"{pattern}\""))
}

#[test]
fn one_branch_of_one_repository_is_narrow_and_nothing_is_wrong() {
    let admission = github("StringLike", "sub", r#""repo:acme/shop:ref:refs/heads/main""#);
    assert_eq!((admission.admits, admission.breadth), (Truth::Yes, Breadth::Narrow));
    assert_eq!(ids(&admission), [""; 0]);
    assert_eq!(admission.subjects, ["repo:acme/shop:ref:refs/heads/main"]);
    assert_eq!(admission.who, format!("repo:acme/shop:ref:refs/heads/main of {ISSUER}"));
    let Entrant::Oidc { kind, .. } = admission.entrant else { panic!() };
    assert_eq!(kind, IssuerKind::GitHubActions);
}

#[test]
fn without_a_subject_any_repository_on_github_comes_in() {
    let admission =
        oidc(ISSUER, &format!(r#""StringEquals":{{"{ISSUER}:aud":"sts.amazonaws.com"}}"#));
    assert_eq!((admission.admits, admission.breadth), (Truth::Yes, Breadth::Public));
    assert_eq!(admission.who, "any repository on GitHub");
    assert_eq!(ids(&admission), ["any-repository"]);
}

#[test]
fn a_subject_that_is_all_star_limits_nobody() {
    for pattern in ["*", "repo:*", "repo:*/shop:*", "re*", "repo:*:ref:refs/heads/main"] {
        let admission = subject(pattern);
        assert_eq!(admission.breadth, Breadth::Public, "{pattern}");
        assert_eq!(ids(&admission), ["any-repository"], "{pattern}");
    }
}

#[test]
fn an_owner_without_a_slash_also_admits_whoever_registers_a_longer_name() {
    for pattern in [
        "repo:acme*",
        "repo:acme*/shop:*",
        "repo:acme-*/shop:ref:refs/heads/main",
        "repo:acm?/shop:*",
    ] {
        let admission = subject(pattern);
        assert_eq!(admission.breadth, Breadth::Public, "{pattern}");
        assert_eq!(ids(&admission), ["owner-prefix"], "{pattern}");
    }
    assert!(subject("repo:acme*").warnings[0].what.contains("acme-evil/"));
}

#[test]
fn every_repository_of_an_owner_is_broad() {
    for pattern in ["repo:acme/*:*", "repo:acme/*", "repo:acme/*:ref:refs/heads/main"] {
        let admission = subject(pattern);
        assert_eq!(admission.breadth, Breadth::Broad, "{pattern}");
        assert_eq!(ids(&admission), ["every-repository"], "{pattern}");
    }
}

#[test]
fn a_repository_without_a_colon_also_admits_those_that_begin_alike() {
    let admission = subject("repo:acme/shop*");
    assert_eq!(
        (admission.breadth, &*ids(&admission)),
        (Breadth::Broad, &["repository-prefix"][..])
    );
}

#[test]
fn every_branch_of_one_repository_is_narrow_but_said() {
    for pattern in ["repo:acme/shop:*", "repo:acme/shop:ref:refs/heads/*"] {
        let admission = subject(pattern);
        assert_eq!(admission.breadth, Breadth::Narrow, "{pattern}");
        assert_eq!(ids(&admission), ["any-branch"], "{pattern}");
    }
    assert_eq!(ids(&subject("repo:acme/shop:environment:*")), [""; 0]);
}

#[test]
fn runs_for_pull_requests_are_said() {
    let admission = github("StringEquals", "sub", r#""repo:acme/shop:pull_request""#);
    assert_eq!(ids(&admission), ["pull-request"]);
}

// github.blog, changelog of 2026-04-23, "Immutable subject claims for GitHub Actions OIDC tokens".
#[test]
fn the_immutable_spelling_names_owner_and_repository_too() {
    let admission = subject("repo:acme@123456/shop@456789:ref:refs/heads/main");
    assert_eq!((admission.breadth, &*ids(&admission)), (Breadth::Narrow, &[][..]));
    assert_eq!(subject("repo:acme@123456/*").breadth, Breadth::Broad);
    assert_eq!(subject("repo:acme@*/shop@*:ref:refs/heads/main").breadth, Breadth::Narrow);
    assert_eq!(subject("repo:acme@*").breadth, Breadth::Broad);
    assert_eq!(ids(&subject("repo:acme*@123/shop:*")), ["owner-prefix"]);
}

// IAM User Guide, `reference_policies_elements_condition_operators.html`: StringEquals is exact.
#[test]
fn a_star_in_string_equals_is_a_star_and_matches_nobody() {
    let admission = github("StringEquals", "sub", r#""repo:acme/*:*""#);
    assert_eq!((admission.admits, admission.breadth), (Truth::No, Breadth::Nobody));
    assert_eq!(ids(&admission), ["never-matches"]);
    assert_eq!(admission.who, format!("repo:acme/*:* of {ISSUER}"));
}

#[test]
fn a_dead_entry_beside_a_live_one_is_said_and_the_live_one_counts() {
    let values = r#"["repo:acme/*","repo:acme/shop:ref:refs/heads/main"]"#;
    let admission = github("StringEquals", "sub", values);
    assert_eq!((admission.admits, admission.breadth), (Truth::Yes, Breadth::Narrow));
    assert_eq!(admission.subjects, ["repo:acme/shop:ref:refs/heads/main"]);
    assert_eq!(ids(&admission), ["never-matches"]);
}

#[test]
fn the_widest_of_several_subjects_decides() {
    let values = r#"["repo:acme/shop:ref:refs/heads/main","repo:acme*"]"#;
    assert_eq!(github("StringLike", "sub", values).breadth, Breadth::Public);
}

// IAM User Guide, `reference_policies_condition-single-vs-multi-valued-context-keys.html`:
// ForAllValues is true when the key is missing.
#[test]
fn for_all_values_on_a_claim_that_may_be_missing_limits_nothing() {
    let admission = github("ForAllValues:StringEquals", "enterprise_id", r#""77""#);
    assert_eq!(admission.breadth, Breadth::Public);
    assert_eq!(ids(&admission), ["any-repository", "for-all-values"]);
    let admission = github("StringEqualsIfExists", "environment", r#""production""#);
    assert_eq!(ids(&admission), ["any-repository", "if-exists"]);
}

// STS refuses a token without `sub`, so ForAllValues still compares it; it is a habit to lose.
#[test]
fn for_all_values_on_the_subject_is_said() {
    let admission =
        github("ForAllValues:StringLike", "sub", r#""repo:acme/shop:ref:refs/heads/main""#);
    assert_eq!((admission.breadth, &*ids(&admission)), (Breadth::Narrow, &["for-all-values"][..]));
    let any = github("ForAnyValue:StringLike", "sub", r#""repo:acme/shop:ref:refs/heads/main""#);
    assert_eq!((any.breadth, &*ids(&any)), (Breadth::Narrow, &[][..]));
}

// AWS, "AWS STS supports validation of identity provider claims", January 2026.
#[test]
fn another_claim_can_take_the_place_of_the_subject() {
    for (claim, value, breadth) in [
        ("repository_id", "456789", Breadth::Narrow),
        ("repository", "acme/shop", Breadth::Narrow),
        ("repository_owner_id", "123456", Breadth::Broad),
        ("enterprise_id", "77", Breadth::Broad),
        ("actor_id", "42", Breadth::Broad),
        (
            "job_workflow_ref",
            "acme/ci/.github/workflows/deploy.yml@refs/heads/main",
            Breadth::Broad,
        ),
    ] {
        let admission = github("StringEquals", claim, &format!("\"{value}\""));
        assert_eq!(admission.breadth, breadth, "{claim}");
        assert_eq!(ids(&admission), [""; 0], "{claim}");
        assert_eq!(admission.admits, Truth::Yes, "{claim}");
    }
}

#[test]
fn a_claim_that_any_repository_can_have_takes_nobodys_place() {
    for (claim, value) in
        [("ref", "refs/heads/main"), ("environment", "production"), ("workflow", "deploy")]
    {
        let admission = github("StringEquals", claim, &format!("\"{value}\""));
        assert_eq!(admission.breadth, Breadth::Public, "{claim}");
        assert_eq!(ids(&admission), ["any-repository"], "{claim}");
    }
    let admission = github("StringLike", "job_workflow_ref", r#""*/deploy.yml@*""#);
    assert_eq!(admission.breadth, Breadth::Public);
}

#[test]
fn a_subject_made_to_measure_has_to_name_an_owner() {
    let admission = subject("environment:production:*");
    assert_eq!((admission.breadth, &*ids(&admission)), (Breadth::Public, &["no-owner"][..]));
    assert_eq!(subject("repository_owner_id:123456:*").breadth, Breadth::Broad);
    assert_eq!(subject("repository_id:456789:environment:*").breadth, Breadth::Narrow);
}

#[test]
fn two_conditions_on_the_subject_have_to_hold_together() {
    let both = |one: &str, other: &str| {
        oidc(
            ISSUER,
            &format!(
                r#""StringEquals":{{"{ISSUER}:aud":"sts.amazonaws.com"}},"StringLike":{{"{ISSUER}:sub":"{one}"}},"ForAnyValue:StringLike":{{"{ISSUER}:sub":"{other}"}}"#
            ),
        )
    };
    let admission = both("repo:acme/*", "repo:acme/shop:ref:refs/heads/main");
    assert_eq!(admission.subjects, ["repo:acme/shop:ref:refs/heads/main"]);
    assert_eq!(admission.breadth, Breadth::Narrow);
    assert_eq!(both("repo:acme/*", "repo:other/*").admits, Truth::No);
}

#[test]
fn without_an_audience_tokens_for_any_client_come_in() {
    let admission = oidc(
        ISSUER,
        &format!(r#""StringLike":{{"{ISSUER}:sub":"repo:acme/shop:environment:prod"}}"#),
    );
    assert_eq!(ids(&admission), ["no-audience"]);
    assert_eq!(admission.admits, Truth::Yes);
}

#[test]
fn a_key_of_another_issuer_is_never_there() {
    let admission = oidc(
        ISSUER,
        r#""StringEquals":{"gitlab.com:sub":"project_path:acme/shop:ref_type:branch:ref:main"}"#,
    );
    assert_eq!((admission.admits, admission.breadth), (Truth::No, Breadth::Nobody));
    assert_eq!(ids(&admission), ["never-matches"]);
}

#[test]
fn an_external_id_never_comes_with_a_token() {
    let admission = oidc(ISSUER, r#""StringEquals":{"sts:ExternalId":"x"}"#);
    assert_eq!(admission.admits, Truth::No);
}

#[test]
fn an_address_is_a_condition_on_top() {
    let admission = oidc(
        ISSUER,
        &format!(
            r#""StringEquals":{{"{ISSUER}:aud":"sts.amazonaws.com","{ISSUER}:sub":"repo:acme/shop:environment:prod"}},"IpAddress":{{"aws:SourceIp":"192.0.2.0/24"}}"#
        ),
    );
    assert_eq!(admission.admits, Truth::Depends);
    assert_eq!(admission.conditions.len(), 1, "{:?}", admission.conditions);
    assert!(admission.conditions[0].contains("aws:SourceIp"), "{:?}", admission.conditions);
}

// docs.github.com, "OpenID Connect reference", "Switching to a unique token URL".
#[test]
fn an_enterprises_own_issuer_has_only_its_own_repositories() {
    let issuer = format!("{ISSUER}/acme-enterprise");
    let admission =
        oidc(&issuer, &format!(r#""StringEquals":{{"{issuer}:aud":"sts.amazonaws.com"}}"#));
    assert_eq!(admission.breadth, Breadth::Broad);
    assert_eq!(ids(&admission), ["any-subject"]);
    let wide = oidc(
        &issuer,
        &format!(
            r#""StringLike":{{"{issuer}:sub":"repo:acme*","{issuer}:aud":"sts.amazonaws.com"}}"#
        ),
    );
    assert_eq!((wide.breadth, &*ids(&wide)), (Breadth::Broad, &[][..]));
}
