//! Issuers other than GitHub.

use super::{ACCOUNT, ids, oidc, one, trust};
use crate::iam::{
    Truth,
    federation::{Breadth, Call, Entrant, IssuerKind},
};

/// A condition on `sub`, with an audience.
fn subject(issuer: &str, pattern: &str) -> super::Admission {
    let like = format!(r#""StringLike":{{"{issuer}:sub":"{pattern}"}}"#);
    oidc(issuer, &format!(r#""StringEquals":{{"{issuer}:aud":"a"}},{like}"#))
}

fn no_subject(issuer: &str) -> super::Admission {
    oidc(issuer, &format!(r#""StringEquals":{{"{issuer}:aud":"a"}}"#))
}

// docs.gitlab.com, "Configure OpenID Connect in AWS".
#[test]
fn gitlab_com_is_shared_and_a_host_of_ones_own_is_not() {
    assert_eq!(no_subject("gitlab.com").breadth, Breadth::Public);
    assert_eq!(no_subject("gitlab.acme.example").breadth, Breadth::Broad);
    let project = "project_path:acme/shop:ref_type:branch:ref:main";
    assert_eq!(subject("gitlab.com", project).breadth, Breadth::Narrow);
    assert_eq!(ids(&subject("gitlab.com", "project_path:acme*")), ["owner-prefix"]);
    assert_eq!(subject("gitlab.com", "project_path:acme/*").breadth, Breadth::Broad);
    assert_eq!(
        ids(&subject("gitlab.com", "project_path:acme/shop:ref_type:branch:ref:*")),
        ["any-branch"]
    );
}

// developer.hashicorp.com, "Dynamic credentials with the AWS provider".
#[test]
fn terraform_is_shared_until_an_organisation_is_named() {
    let issuer = "app.terraform.io";
    assert_eq!(no_subject(issuer).breadth, Breadth::Public);
    assert_eq!(
        subject(issuer, "organization:*:project:p:workspace:w:run_phase:*").breadth,
        Breadth::Public
    );
    let all = subject(issuer, "organization:acme:project:*:workspace:*:run_phase:*");
    assert_eq!((all.breadth, &*ids(&all)), (Breadth::Broad, &[][..]));
    let run = subject(issuer, "organization:acme:project:p:workspace:w:run_phase:*");
    assert_eq!(run.breadth, Breadth::Narrow);
    assert_eq!(ids(&subject(issuer, "organization:acme*:workspace:w")), ["owner-prefix"]);
}

// buildkite.com/docs, "OIDC with AWS".
#[test]
fn buildkite_is_shared_until_an_organisation_is_named() {
    let issuer = "agent.buildkite.com";
    assert_eq!(no_subject(issuer).breadth, Breadth::Public);
    assert_eq!(subject(issuer, "organization:acme:pipeline:shop:*").breadth, Breadth::Broad);
}

// circleci.com/docs, "Using OpenID Connect tokens"; support.atlassian.com, "Deploy on AWS using
// Bitbucket Pipelines OpenID Connect".
#[test]
fn circleci_and_bitbucket_have_an_issuer_for_each_owner() {
    for issuer in [
        "oidc.circleci.com/org/6f1c",
        "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
    ] {
        let admission = no_subject(issuer);
        assert_eq!(admission.breadth, Breadth::Broad, "{issuer}");
        assert_eq!(ids(&admission), ["any-subject"], "{issuer}");
    }
}

// Amazon EKS User Guide, `associate-service-account-role.html`.
#[test]
fn a_cluster_admits_the_service_accounts_its_subject_names() {
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF";
    let named = subject(issuer, "system:serviceaccount:shop:deployer");
    assert_eq!((named.breadth, &*ids(&named)), (Breadth::Narrow, &[][..]));
    let wide = subject(issuer, "system:serviceaccount:shop:*");
    assert_eq!((wide.breadth, &*ids(&wide)), (Breadth::Broad, &["any-service-account"][..]));
    assert_eq!(ids(&no_subject(issuer)), ["any-subject"]);
    let Entrant::Oidc { kind, .. } = wide.entrant else { panic!() };
    assert_eq!(kind, IssuerKind::Eks);
}

// Amazon Cognito Developer Guide, `role-trust-and-permissions.html`.
#[test]
fn an_identity_pool_is_named_by_its_audience() {
    let pool = |conditions: &str| {
        let principal = r#"{"Federated":"cognito-identity.amazonaws.com"}"#;
        one(&trust(principal, "sts:AssumeRoleWithWebIdentity", conditions))
    };
    let aud = r#""StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:pool"}"#;
    let amr = |value: &str| {
        format!(
            r#"{aud},"ForAnyValue:StringLike":{{"cognito-identity.amazonaws.com:amr":"{value}"}}"#
        )
    };
    let users = pool(&amr("authenticated"));
    assert_eq!((users.breadth, users.admits, &*ids(&users)), (Breadth::Broad, Truth::Yes, &[][..]));
    let guests = pool(&amr("unauthenticated"));
    assert_eq!((guests.breadth, guests.admits), (Breadth::Public, Truth::Depends));
    assert_eq!(ids(&guests), ["guests"]);
    assert_eq!(ids(&pool(aud)), ["guests"]);
    assert_eq!(ids(&pool("")), ["any-identity-pool"]);
    assert_eq!(pool("").breadth, Breadth::Public);
}

// IAM User Guide, `id_roles_providers_oidc_manual.html`.
#[test]
fn signing_in_with_google_is_open_to_anybody() {
    let principal = r#"{"Federated":"accounts.google.com"}"#;
    let open = one(&trust(principal, "sts:AssumeRoleWithWebIdentity", ""));
    assert_eq!(open.breadth, Breadth::Public);
    assert_eq!(ids(&open), ["any-subject", "no-audience"]);
    let one_user =
        r#""StringEquals":{"accounts.google.com:aud":"1","accounts.google.com:sub":"2"}"#;
    let named = one(&trust(principal, "sts:AssumeRoleWithWebIdentity", one_user));
    assert_eq!((named.breadth, &*ids(&named)), (Breadth::Narrow, &[][..]));
    let app = one(&trust(
        r#"{"Federated":"graph.facebook.com"}"#,
        "sts:AssumeRoleWithWebIdentity",
        r#""StringEquals":{"graph.facebook.com:app_id":"1"}"#,
    ));
    assert_eq!((app.breadth, &*ids(&app)), (Breadth::Broad, &["any-subject"][..]));
}

// IAM User Guide, `id_roles_providers_oidc_secure-by-default.html`.
#[test]
fn an_issuer_that_customers_share_is_open_to_all_of_them() {
    let shared = no_subject("oidc.codefresh.io");
    assert_eq!((shared.breadth, &*ids(&shared)), (Breadth::Public, &["any-subject"][..]));
    let named = subject("oidc.codefresh.io", "account:1:pipeline:2:*");
    assert_eq!((named.breadth, &*ids(&named)), (Breadth::Broad, &[][..]));
    // These tell their customers apart by the audience.
    for issuer in ["oidc.vercel.com", "api.pulumi.com/oidc"] {
        let admission = no_subject(issuer);
        assert_eq!((admission.breadth, &*ids(&admission)), (Breadth::Broad, &[][..]), "{issuer}");
        assert_eq!(oidc(issuer, "").breadth, Breadth::Public, "{issuer}");
    }
}

#[test]
fn every_provider_is_as_wide_as_the_widest() {
    let any = one(&trust(r#"{"Federated":"*"}"#, "sts:AssumeRoleWithWebIdentity", ""));
    assert_eq!((any.breadth, any.admits), (Breadth::Public, Truth::Yes));
    let star = one(&trust(r#""*""#, "sts:AssumeRoleWithWebIdentity", ""));
    assert_eq!((star.breadth, star.admits), (Breadth::Public, Truth::Depends));
    assert_eq!(star.calls, [Call::AssumeRoleWithWebIdentity]);
}

#[test]
fn an_issuer_nobody_knows_admits_all_its_subjects() {
    let admission = no_subject("idp.acme.example");
    assert_eq!((admission.breadth, admission.admits), (Breadth::Broad, Truth::Yes));
    assert_eq!(admission.who, "every subject of idp.acme.example");
}

// IAM User Guide, `id_roles_create_for-idp_saml.html`.
#[test]
fn saml_admits_whom_the_provider_asserts() {
    let saml = |name: &str, conditions: &str| {
        let principal = format!(r#"{{"Federated":"arn:aws:iam::{ACCOUNT}:saml-provider/{name}"}}"#);
        one(&trust(&principal, "sts:AssumeRoleWithSAML", conditions))
    };
    let aud = r#""StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}"#;
    let corporate = saml("corporate", aud);
    assert_eq!((corporate.admits, corporate.breadth), (Truth::Yes, Breadth::Broad));
    assert_eq!(corporate.calls, [Call::AssumeRoleWithSAML]);
    assert_eq!(corporate.who, "whoever corporate asserts");
    let sso = saml("AWSSSO_abc_DO_NOT_DELETE", aud);
    assert_eq!(sso.who, "whoever IAM Identity Center assigns");
}

// AWS STS API Reference: each call takes its own kind of caller.
#[test]
fn a_provider_that_is_only_allowed_to_assume_or_tag_admits_nobody() {
    let principal = r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/gitlab.com"}"#;
    for action in ["sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithSAML"] {
        assert!(super::all(&trust(principal, action, "")).is_empty(), "{action}");
    }
    assert_eq!(super::all(&trust(principal, "sts:*", "")).len(), 1);
}
