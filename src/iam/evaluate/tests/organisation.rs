//! Service and resource control policies (AWS Organizations User Guide).

use super::{OTHER, OWN, ROLE, ROOT, SESSION, USER, about, allow, ask, deny, grant, policy};
use serde_json::{Value, json};

const LINKED: &str = "arn:aws:iam::111122223333:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport";

/// Every way in that a resource control policy might close.
fn under_rcp(fields: Value) -> String {
    let mut all = json!({
        "identity": [allow("*")], "resourcePolicy": policy(&[about("Allow", &json!("*"))]),
        "rcps": [[policy(&[about("Deny", &json!("*"))])]],
    });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    ask(all)
}

/// `orgs_manage_policies_scps_evaluation.html`, how SCPs work with allow
#[test]
fn every_level_of_scps_has_to_allow() {
    let under = |levels: Value| ask(json!({ "identity": [allow("*")], "scps": levels }));
    assert_eq!(under(json!([[allow("*")], [allow("*")], [allow("s3:*")]])), "Allowed by identity");
    assert_eq!(
        under(json!([[allow("*")], [allow("ec2:*")], [allow("*")]])),
        "ImplicitlyDenied by scp"
    );
    assert_eq!(under(json!([[allow("ec2:*"), allow("s3:*")]])), "Allowed by identity");
    assert_eq!(under(json!([[allow("*")], []])), "ImplicitlyDenied by scp");
    assert_eq!(under(json!([[allow("*")], [allow("*"), deny("s3:*")]])), "ExplicitlyDenied by scp");
    assert_eq!(under(Value::Null), "Allowed by identity");
}

/// `orgs_manage_policies_scps.html`: an SCP never grants, and limits what resources' policies grant.
#[test]
fn scps_grant_nothing_and_limit_grants_of_resources_too() {
    assert_eq!(ask(json!({ "scps": [[allow("*")]] })), "ImplicitlyDenied by identity");
    assert_eq!(
        ask(json!({ "scps": [[allow("ec2:*")]], "resourcePolicy": grant(USER) })),
        "ImplicitlyDenied by scp"
    );
}

/// `orgs_manage_policies_scps.html`, tasks and entities not restricted by SCPs
#[test]
fn scps_do_not_bind_the_management_account() {
    let under = |account: &str| {
        ask(json!({
            "identity": [allow("*")], "scps": [[deny("*")]], "managementAccount": account,
        }))
    };
    assert_eq!(under(OWN), "Allowed by identity");
    assert_eq!(under(OTHER), "ExplicitlyDenied by scp");
}

/// The same section
#[test]
fn scps_do_not_bind_service_linked_roles() {
    let session = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForSupport/x";
    for caller in [LINKED, session] {
        assert_eq!(
            ask(json!({ "principal": caller, "identity": [allow("*")], "scps": [[deny("*")]] })),
            "Allowed by identity"
        );
    }
}

/// `orgs_manage_policies_scps.html`, SCP effects on permissions
#[test]
fn scps_bind_the_root_users_of_members() {
    assert_eq!(
        ask(json!({ "principal": ROOT, "scps": [[deny("s3:*")]] })),
        "ExplicitlyDenied by scp"
    );
    assert_eq!(
        ask(json!({ "principal": ROOT, "scps": [[allow("ec2:*")]] })),
        "ImplicitlyDenied by scp"
    );
}

/// The same section: only users and roles of member accounts
#[test]
fn scps_do_not_bind_services_and_strangers() {
    for caller in [json!("lambda.amazonaws.com"), json!({ "type": "Anonymous" })] {
        assert_eq!(
            ask(json!({
                "principal": caller, "scps": [[deny("*")]],
                "resourcePolicy": policy(&[about("Allow", &json!("*"))]),
            })),
            "Allowed by resource"
        );
    }
}

/// `orgs_manage_policies_rcps.html`, RCP effects on permissions
#[test]
fn rcps_bind_everybody_who_comes_to_a_members_resource() {
    for caller in [
        json!(USER),
        json!(SESSION),
        json!(ROLE),
        json!(ROOT),
        json!("lambda.amazonaws.com"),
        json!({ "type": "Anonymous" }),
        json!("arn:aws:iam::444455556666:user/eve"),
    ] {
        assert_eq!(under_rcp(json!({ "principal": caller })), "ExplicitlyDenied by rcp");
    }
}

/// `orgs_manage_policies_rcps_examples.html`: `RCPFullAWSAccess` is attached to everything and
/// cannot be taken away.
#[test]
fn rcps_without_denial_change_nothing() {
    assert_eq!(under_rcp(json!({ "rcps": [[], []] })), "Allowed by resource");
}

/// `orgs_manage_policies_rcps.html`, resources and entities not restricted by RCPs
#[test]
fn rcps_leave_alone_the_management_account_and_service_linked_roles() {
    assert_eq!(under_rcp(json!({ "managementAccount": OWN })), "Allowed by resource");
    assert_eq!(under_rcp(json!({ "principal": LINKED })), "Allowed by resource");
    let linked = json!({
        "principal": "support.amazonaws.com", "action": "sts:AssumeRole", "resource": LINKED,
        "resourcePolicy": policy(&[about("Allow", &json!({ "Service": "support.amazonaws.com" }))]),
    });
    assert_eq!(under_rcp(linked), "Allowed by trust");
}

/// The same section: `kms:RetireGrant`; and the list of AWS services that support RCPs
#[test]
fn rcps_bind_only_the_services_that_know_them() {
    let with =
        |action: &str, resource: &str| under_rcp(json!({ "action": action, "resource": resource }));
    let (queue, table) =
        ("arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:dynamodb:us-east-1:111122223333:table/t");
    assert_eq!(with("sqs:SendMessage", queue), "ExplicitlyDenied by rcp");
    assert_eq!(with("dynamodb:GetItem", table), "ExplicitlyDenied by rcp");
    let (instance, topic) =
        ("arn:aws:ec2:us-east-1:111122223333:instance/i-1", "arn:aws:sns:us-east-1:111122223333:t");
    assert_eq!(with("ec2:StopInstances", instance), "Allowed by resource");
    assert_eq!(with("sns:Publish", topic), "Allowed by resource");
    let key = "arn:aws:kms:us-east-1:111122223333:key/1";
    assert_eq!(with("kms:Decrypt", key), "ExplicitlyDenied by rcp");
    assert_eq!(with("kms:RetireGrant", key), "Allowed by resource");
}
