//! Trust policies as they are found, and whom they let in.

mod accounts;
mod github;
mod issuers;
mod properties;

use super::{Admission, admissions};
use crate::iam::{Policy, Rules};

const ACCOUNT: &str = "111122223333";

/// A trust policy of one statement that allows, with these conditions.
fn trust(principal: &str, action: &str, conditions: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Condition":{{{conditions}}}}}]}}"#
    )
}

fn all(document: &str) -> Vec<Admission> {
    admissions(&Rules::compile(&Policy::parse(document).unwrap()), ACCOUNT)
}

/// The only admission of a policy.
fn one(document: &str) -> Admission {
    let mut all = all(document);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// A provider of the role's account that is trusted under these conditions.
fn oidc(issuer: &str, conditions: &str) -> Admission {
    let principal = format!(r#"{{"Federated":"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}}"#);
    one(&trust(&principal, "sts:AssumeRoleWithWebIdentity", conditions))
}

fn aws(principal: &str, conditions: &str) -> Admission {
    one(&trust(&format!(r#"{{"AWS":"{principal}"}}"#), "sts:AssumeRole", conditions))
}

fn ids(admission: &Admission) -> Vec<&str> {
    admission.warnings.iter().map(|warning| warning.id).collect()
}
