//! Who may assume a role.

use super::builders::*;
use serde_json::json;

const HUB: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const SUB: &str = "token.actions.githubusercontent.com:sub";
const AUD: &str = "token.actions.githubusercontent.com:aud";

fn assume(who: &str) -> Ask {
    ask("sts:AssumeRole").by(who).of(TARGET)
}

fn trusting(who: &str) -> [Says; 1] {
    [allow("sts:AssumeRole").trusting(who)]
}

/// `IAM/id_roles_terms-and-concepts.html`, "Trust policy"
#[test]
fn a_role_that_trusts_the_account_needs_the_identity_too() {
    decides([
        (assume(BOB).resource(trusting(ROOT)), NOT_ALLOWED),
        (assume(BOB).resource(trusting(ROOT)).identity([allow("sts:*")]), ALLOWED),
        (assume(BOB).resource(trusting(BOB)), ALLOWED),
        (assume(BOB).resource(trusting(ANN)).identity([allow("*")]), NOT_ALLOWED),
    ]);
}

/// AWS Security Blog, "Announcing an update to IAM role trust policy behavior"
#[test]
fn a_role_does_not_trust_itself() {
    let own = "arn:aws:sts::111122223333:assumed-role/target/run";
    decides([
        (assume(own).identity([allow("*")]).resource(trusting(BOB)), NOT_ALLOWED),
        (assume(own).identity([allow("*")]).resource(trusting(TARGET)), ALLOWED),
    ]);
}

/// `IAM/id_roles_common-scenarios_third-party.html`
#[test]
fn an_external_id_has_to_be_brought() {
    let vendor = |id: Option<&str>| {
        let trust = allow("sts:AssumeRole").trusting(STRANGER).when(
            "StringEquals",
            "sts:ExternalId",
            "shop-7",
        );
        let ask = assume(STRANGER).identity([allow("*")]).resource([trust]);
        id.map_or(ask.clone(), |id| ask.with("sts:ExternalId", id))
    };
    decides([
        (vendor(None), NOT_ALLOWED),
        (vendor(Some("shop-8")), NOT_ALLOWED),
        (vendor(Some("shop-7")), ALLOWED),
    ]);
}

fn from_hub(trust: Says, subject: Option<&str>) -> Ask {
    let ask = ask("sts:AssumeRoleWithWebIdentity").by(HUB).of(TARGET).resource([trust]);
    let ask = ask.with(AUD, "sts.amazonaws.com");
    subject.map_or(ask.clone(), |subject| ask.with(SUB, subject))
}

fn hub() -> Says {
    allow("sts:AssumeRoleWithWebIdentity").trusting(json!({ "Federated": HUB })).when(
        "StringEquals",
        AUD,
        "sts.amazonaws.com",
    )
}

/// `IAM/id_roles_create_for-idp_oidc.html`, "Configuring a role for GitHub OIDC identity provider"
#[test]
fn a_subject_that_is_not_asked_for_lets_everybody_in() {
    decides([
        (from_hub(hub(), Some("repo:anybody/at-all:pull_request")), ALLOWED),
        (
            from_hub(
                hub().when("StringLike", SUB, "repo:acme*"),
                Some("repo:acme-evil/x:pull_request"),
            ),
            ALLOWED,
        ),
        (
            from_hub(
                hub().when("StringLike", SUB, "repo:acme/*"),
                Some("repo:acme-evil/x:pull_request"),
            ),
            NOT_ALLOWED,
        ),
        (
            from_hub(
                hub().when("StringEquals", SUB, "repo:acme/shop:*"),
                Some("repo:acme/shop:ref:refs/heads/main"),
            ),
            NOT_ALLOWED,
        ),
    ]);
}

/// `IAM/reference_policies_condition-single-vs-multi-valued-context-keys.html`
#[test]
fn all_values_of_a_claim_that_is_not_there_hold() {
    let all = hub().when("ForAllValues:StringLike", SUB, "repo:acme/*");
    decides([
        (from_hub(all.clone(), None), ALLOWED),
        (from_hub(all, Some("repo:evil/x:pull_request")), NOT_ALLOWED),
        (from_hub(hub().when("StringLike", SUB, "repo:acme/*"), None), NOT_ALLOWED),
    ]);
}

/// `GitHub/reference/security/oidc`: subjects with the ids of owner and repository
#[test]
fn an_old_pattern_does_not_fit_an_immutable_subject() {
    let new = Some("repo:acme@1234/shop@5678:ref:refs/heads/main");
    decides([
        (from_hub(hub().when("StringLike", SUB, "repo:acme/shop:*"), new), NOT_ALLOWED),
        (from_hub(hub().when("StringLike", SUB, "repo:acme@1234/shop@5678:*"), new), ALLOWED),
    ]);
}

/// `IAM/reference_policies_elements_principal.html`, "OIDC federated principals"
#[test]
fn a_provider_whose_name_begins_alike_is_another() {
    let beside = format!("{HUB}.evil.example");
    decides([(from_hub(hub(), Some("repo:acme/shop:pull_request")).by(beside), NOT_ALLOWED)]);
}
