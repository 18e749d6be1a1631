//! Accounts, principals, services, everyone, and what is denied.

use super::{ACCOUNT, Admission, all, aws, ids, one, trust};
use crate::iam::{
    Truth,
    federation::{Breadth, Call, Entrant},
};

/// Two statements: one allows, the other denies.
fn with_deny(principal: &str, deny: &str) -> Admission {
    let allow =
        format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}"#);
    one(&format!(r#"{{"Version":"2012-10-17","Statement":[{allow},{deny}]}}"#))
}

#[test]
fn ones_own_account_delegates_to_its_policies() {
    let admission = aws(&format!("arn:aws:iam::{ACCOUNT}:root"), "");
    assert_eq!(admission.entrant, Entrant::Account(ACCOUNT.into()));
    assert_eq!((admission.admits, &*ids(&admission)), (Truth::Yes, &[][..]));
    assert_eq!(aws(ACCOUNT, "").entrant, admission.entrant);
}

// IAM User Guide, `confused-deputy.html`.
#[test]
fn another_account_without_an_external_id_may_be_confused() {
    let vendor = aws("999988887777", "");
    assert_eq!((vendor.breadth, vendor.admits), (Breadth::Broad, Truth::Yes));
    assert_eq!(ids(&vendor), ["no-external-id"]);
    assert_eq!(ids(&aws("arn:aws:iam::999988887777:role/scanner", "")), ["no-external-id"]);
}

#[test]
fn an_external_id_is_a_condition() {
    let vendor = aws("999988887777", r#""StringEquals":{"sts:ExternalId":"7f3a"}"#);
    assert_eq!((vendor.admits, &*ids(&vendor)), (Truth::Depends, &[][..]));
    assert!(vendor.conditions[0].contains("sts:ExternalId"), "{:?}", vendor.conditions);
}

#[test]
fn an_external_id_that_may_be_missing_helps_nobody() {
    let vendor = aws("999988887777", r#""StringEqualsIfExists":{"sts:ExternalId":"7f3a"}"#);
    assert_eq!(ids(&vendor), ["if-exists", "no-external-id"]);
}

#[test]
fn a_star_is_everyone_in_the_world() {
    for principal in [r#""*""#, r#"{"AWS":"*"}"#] {
        let admission = one(&trust(principal, "sts:AssumeRole", ""));
        assert_eq!((admission.admits, admission.breadth), (Truth::Yes, Breadth::Public));
        assert_eq!(ids(&admission), ["anyone"]);
    }
}

// IAM User Guide, `reference_policies_condition-keys.html`, aws:PrincipalOrgID.
#[test]
fn an_organisation_makes_everyone_broad() {
    let admission = aws("*", r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#);
    assert_eq!((admission.admits, admission.breadth), (Truth::Depends, Breadth::Broad));
    assert_eq!(ids(&admission), [""; 0]);
    let open = aws("*", r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#);
    assert_eq!((open.breadth, &*ids(&open)), (Breadth::Public, &["if-exists", "anyone"][..]));
    let paths = aws("*", r#""ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-a/r-b/*"}"#);
    assert_eq!(paths.breadth, Breadth::Public);
    let any = aws("*", r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a/r-b/*"}"#);
    assert_eq!(any.breadth, Breadth::Broad);
}

#[test]
fn a_role_of_any_account_is_everyone_and_of_one_account_is_not() {
    let arn = |arn: &str| aws("*", &format!(r#""ArnLike":{{"aws:PrincipalArn":"{arn}"}}"#)).breadth;
    assert_eq!(arn("arn:aws:iam::*:role/deployer"), Breadth::Public);
    assert_eq!(arn("arn:aws:iam::999988887777:role/*"), Breadth::Broad);
    assert_eq!(arn("arn:aws:iam::999988887777:role/deployer"), Breadth::Narrow);
}

#[test]
fn an_external_id_does_not_make_everyone_fewer() {
    let admission = aws("*", r#""StringEquals":{"sts:ExternalId":"7f3a"}"#);
    assert_eq!((admission.admits, admission.breadth), (Truth::Depends, Breadth::Public));
    assert!(admission.warnings[0].what.contains("not made to be a secret"));
}

// IAM User Guide, `reference_policies_elements_notprincipal.html`.
#[test]
fn not_principal_with_allow_is_everyone_else() {
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/eve"},"Action":"sts:AssumeRole"}]}"#;
    let admission = one(document);
    assert_eq!(admission.breadth, Breadth::Public);
    assert_eq!(ids(&admission), ["not-principal", "anyone"]);
}

// IAM User Guide, `reference_identifiers.html`.
#[test]
fn what_is_left_of_a_deleted_principal_admits_nobody() {
    for id in ["AROAJ3EXAMPLE7ABCDEFG", "AIDAJ3EXAMPLE7ABCDEFG"] {
        let admission = aws(id, "");
        assert_eq!((admission.admits, admission.breadth), (Truth::No, Breadth::Nobody));
        assert_eq!(ids(&admission), ["deleted-principal"]);
    }
}

// IAM User Guide, `reference_policies_elements_principal.html`: no patterns within an ARN.
#[test]
fn a_principal_with_a_star_in_it_is_nobody() {
    let admission = aws("arn:aws:iam::999988887777:role/*", "");
    assert_eq!((admission.admits, &*ids(&admission)), (Truth::No, &["never-matches"][..]));
}

#[test]
fn a_service_comes_in_on_its_conditions() {
    let service = |conditions: &str| {
        one(&trust(r#"{"Service":"lambda.amazonaws.com"}"#, "sts:AssumeRole", conditions))
    };
    assert_eq!(service("").admits, Truth::Yes);
    assert_eq!(service("").breadth, Breadth::Narrow);
    let scoped = service(r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#);
    assert_eq!((scoped.admits, scoped.conditions.len()), (Truth::Depends, 1));
}

#[test]
fn every_party_of_a_statement_is_told_and_tagging_alone_is_not() {
    let document = trust(
        r#"{"AWS":["111122223333","999988887777"],"Service":"ec2.amazonaws.com"}"#,
        "sts:AssumeRole",
        "",
    );
    assert_eq!(all(&document).len(), 3);
    assert!(all(&trust(r#"{"AWS":"111122223333"}"#, "sts:TagSession", "")).is_empty());
    assert_eq!(one(&trust(r#"{"AWS":"111122223333"}"#, "sts:*", "")).calls, [Call::AssumeRole]);
}

#[test]
fn what_is_denied_is_not_admitted() {
    let root = r#"{"AWS":"arn:aws:iam::111122223333:role/a"}"#;
    let denied = [
        r#"{"Sid":"No","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}"#,
        r#"{"Sid":"No","Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"sts:*"}"#,
        r#"{"Sid":"No","Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/b"},"Action":"*"}"#,
    ];
    for deny in denied {
        let admission = with_deny(root, deny);
        assert_eq!(admission.admits, Truth::No, "{deny}");
        assert_eq!(ids(&admission), ["denied"], "{deny}");
        assert!(admission.warnings[0].what.contains("No"), "{deny}");
    }
    let others = [
        r#"{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:role/b"},"Action":"*"}"#,
        r#"{"Effect":"Deny","Principal":"*","Action":"sts:TagSession"}"#,
        r#"{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"*"}"#,
    ];
    for deny in others {
        assert_eq!(with_deny(root, deny).admits, Truth::Yes, "{deny}");
    }
}

#[test]
fn a_deny_under_conditions_is_a_condition() {
    let deny = r#"{"Sid":"Mfa","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#;
    let admission = with_deny(r#"{"AWS":"111122223333"}"#, deny);
    assert_eq!(admission.admits, Truth::Depends);
    assert!(admission.conditions[0].starts_with("Mfa does not deny"), "{:?}", admission.conditions);
}

#[test]
fn a_deny_of_everybody_but_some_narrows_like_an_allow() {
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}"#;
    let admission = with_deny(r#"{"AWS":"*"}"#, deny);
    assert_eq!((admission.breadth, admission.admits), (Breadth::Broad, Truth::Depends));
    assert_eq!(ids(&admission), [""; 0]);
}

#[test]
fn a_policy_that_cannot_be_one_is_not_read_and_lets_in_who_knows_whom() {
    let names: Vec<String> =
        (0..5_000).map(|n| format!("\"arn:aws:iam::999988887777:role/r{n}\"")).collect();
    let document = trust(&format!(r#"{{"AWS":[{}]}}"#, names.join(",")), "sts:AssumeRole", "");
    let admission = one(&document);
    assert_eq!((admission.admits, admission.breadth), (Truth::Depends, Breadth::Public));
    assert_eq!(ids(&admission), ["too-large"]);
}

#[test]
fn a_condition_nobody_can_meet_is_said_to_be_one() {
    let admission = aws("111122223333", r#""StringEquals":{"gitlab.com:sub":"x"}"#);
    assert_eq!((admission.admits, &*ids(&admission)), (Truth::No, &["never-matches"][..]));
}
