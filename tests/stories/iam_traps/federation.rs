//! Ways in from outside: vendors, GitHub.

use super::builders::*;
use serde_json::{Value, json};

const HUB: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

fn claim(name: &str) -> String {
    format!("token.actions.githubusercontent.com:{name}")
}

fn hub() -> Says {
    allow("sts:AssumeRoleWithWebIdentity").trusting(json!({ "Federated": HUB }))
}

fn for_sts() -> Says {
    hub().when("StringEquals", &claim("aud"), "sts.amazonaws.com")
}

/// What is warned of about a role that trusts so; empty if nothing is.
fn warned(trust: Says) -> String {
    let is = audit(&[], &[role("deployer", trust, [allow("*")])]);
    let entries = is.entries("deployer");
    assert!(!entries.is_empty(), "no way in is told");
    let warnings: Vec<String> =
        entries.iter().filter_map(|entry| entry["warning"].as_str().map(str::to_owned)).collect();
    warnings.join("; ")
}

/// `IAM/id_roles_create_for-idp_oidc.html`, "Configuring a role for GitHub OIDC identity provider"
#[test]
fn without_a_subject_any_repository_comes_in() {
    assert!(warned(for_sts()).contains("any repository on GitHub"), "{}", warned(for_sts()));
}

/// The same page: AWS has refused such trust policies since 2025, those from before are still there
#[test]
fn an_old_role_without_a_subject_is_told_with_whom_it_reaches() {
    let is = audit(&[], &[role("deployer", for_sts(), [allow("*")])]);
    assert_eq!(is.entries("deployer")[0]["reaches_admin"], json!("yes"));
}

/// `IAM/reference_policies_iam-condition-keys.html`, "Available keys for AWS OIDC federation":
/// further claims of GitHub's tokens
#[test]
fn another_claim_that_names_the_repository_is_as_good_as_a_subject() {
    for (name, value) in [
        ("repository_id", "5678"),
        ("job_workflow_ref", "acme/ci/.github/workflows/deploy.yml@refs/heads/main"),
    ] {
        let told = warned(for_sts().when("StringEquals", &claim(name), value));
        assert!(!told.contains("any repository"), "{name}: {told}");
    }
}

/// `GitHub/reference/security/oidc`
#[test]
fn a_prefix_without_its_slash_admits_who_registers_a_longer_name() {
    let told = warned(for_sts().when("StringLike", &claim("sub"), "repo:acme*"));
    assert!(told.contains("acme-evil"), "{told}");
    let told = warned(for_sts().when("StringLike", &claim("sub"), "repo:acme/*:*"));
    assert!(!told.contains("acme-evil") && told.contains("every repository"), "{told}");
}

/// `IAM/reference_policies_elements_condition_operators.html`
#[test]
fn string_equals_with_a_star_never_lets_anybody_in() {
    let told = warned(for_sts().when("StringEquals", &claim("sub"), "repo:acme/shop:*"));
    assert!(told.contains("StringLike"), "{told}");
}

/// `IAM/reference_policies_condition-single-vs-multi-valued-context-keys.html`
#[test]
fn for_all_values_lets_in_who_brings_no_such_claim() {
    let told = warned(for_sts().when("ForAllValues:StringLike", &claim("sub"), "repo:acme/shop:*"));
    assert!(told.contains("ForAllValues"), "{told}");
}

/// `IAM/id_roles_create_for-idp_oidc.html`
#[test]
fn without_an_audience_every_client_of_the_provider_comes_in() {
    let told =
        warned(hub().when("StringEquals", &claim("sub"), "repo:acme/shop:ref:refs/heads/main"));
    assert!(told.contains("aud"), "{told}");
}

/// `GitHub/reference/security/oidc`: one exact subject
#[test]
fn an_exact_subject_and_audience_are_no_warning() {
    for subject in
        ["repo:acme/shop:ref:refs/heads/main", "repo:acme@1234/shop@5678:ref:refs/heads/main"]
    {
        assert_eq!(warned(for_sts().when("StringEquals", &claim("sub"), subject)), "", "{subject}");
    }
}

fn vendor(account: &str) -> Says {
    allow("sts:AssumeRole").trusting(format!("arn:aws:iam::{account}:root"))
}

/// `IAM/confused-deputy.html`
#[test]
fn a_vendor_without_an_external_id_may_be_made_to_act_for_others() {
    let told = warned(vendor(OTHER));
    assert!(told.contains("ExternalId"), "{told}");
    assert_eq!(warned(vendor(OTHER).when("StringEquals", "sts:ExternalId", "shop-7")), "");
}

/// `IAM/confused-deputy.html`: an external id is for another account, and no secret at home
#[test]
fn an_external_id_is_no_matter_within_an_account() {
    let is =
        audit(&[user("bob", [allow("s3:*")])], &[role("deployer", vendor(ACCOUNT), [allow("*")])]);
    let told: Vec<&Value> = is.entries("deployer");
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(is.reaches("bob"), "no");
}
