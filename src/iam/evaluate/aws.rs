//! Rules that no policy states: AWS's own.

use super::{Caller, Request, caller::Arn, caller::is_account};

/// Prefixes of the services whose resources resource control policies bind (AWS Organizations User
/// Guide, `orgs_manage_policies_rcps.html`, "List of AWS services that support RCPs", as of 2026).
#[rustfmt::skip]
const WITH_RCPS: [&str; 62] = [
    "aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets",
    "clouddirectory", "cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild",
    "codecommit", "codepipeline", "cognito-identity", "cognito-idp", "comprehend",
    "comprehendmedical", "compute-optimizer", "cost-optimization-hub", "dax", "dsql", "dynamodb",
    "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health",
    "inspector-scan", "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor",
    "notifications", "opensearch", "pca-connector-ad", "personalize", "polly", "pricing",
    "resource-groups", "rolesanywhere", "s3", "secretsmanager", "servicediscovery", "signin",
    "sqs", "sts", "support", "swf", "textract", "timestream-influxdb", "transcribe", "transfer",
    "translate", "wafv2", "workspaces", "xray",
];

/// Actions a bucket's owner keeps as root user even where the bucket policy denies them (Amazon S3
/// API Reference, `API_PutBucketPolicy.html`).
const ROOT_KEEPS: [&str; 3] = ["DeleteBucketPolicy", "GetBucketPolicy", "PutBucketPolicy"];

/// Actions on a role that its trust policy decides (IAM User Guide,
/// `reference_policies_iam-condition-keys.html`, `id_session-tags.html`).
const OF_TRUST: [&str; 6] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "SetContext",
    "SetSourceIdentity",
    "TagSession",
];

/// An action's service and name.
fn split(action: &str) -> (&str, &str) {
    action.split_once(':').unwrap_or(("", action))
}

fn is_of(service: &str, action: &str) -> bool {
    split(action).0.eq_ignore_ascii_case(service)
}

fn is_one_of(names: &[&str], action: &str) -> bool {
    let (_, name) = split(action);
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether resource control policies bind the request. AWS leaves out `kms:RetireGrant`, and its
/// services' way into a service-linked role (same page, "Resources and entities not restricted by
/// RCPs").
pub(super) fn has_rcps(request: &Request<'_>) -> bool {
    let action = request.action;
    WITH_RCPS.iter().any(|service| is_of(service, action))
        && !(is_of("kms", action) && is_one_of(&["RetireGrant"], action))
        && !(is_of("sts", action) && is_service_linked(request.resource))
}

fn is_service_linked(resource: &str) -> bool {
    Arn::split(resource).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
}

/// Whether the action needs no permission, and no policy can take it away:
/// `sts:GetCallerIdentity` (STS API Reference, `API_GetCallerIdentity.html`), and
/// `sts:GetSessionToken`, which only users have (IAM User Guide,
/// `id_credentials_temp_control-access_getsessiontoken.html`).
pub(super) fn needs_no_permission(request: &Request<'_>) -> bool {
    if !is_of("sts", request.action) || !request.caller.has_identity() {
        return false;
    }
    is_one_of(&["GetCallerIdentity"], request.action)
        || (matches!(request.caller, Caller::User(_) | Caller::Root(_))
            && is_one_of(&["GetSessionToken"], request.action))
}

/// Whether a role's trust policy decides.
pub(super) fn is_of_trust(request: &Request<'_>) -> bool {
    is_of("sts", request.action) && is_one_of(&OF_TRUST, request.action)
}

/// Whether the action reaches into another account without a policy there: centralised root access
/// (IAM User Guide, `id_root-user-privileged-task.html`). Whether the caller's account manages the
/// organisation is not looked at.
pub(super) fn needs_no_resource_policy(action: &str) -> bool {
    is_of("sts", action) && is_one_of(&["AssumeRoot"], action)
}

/// Whether a KMS key's policy decides. Actions without a key, and those on an alias (whose key
/// asks for itself), are for identity policies alone (KMS Developer Guide,
/// `key-policy-overview.html`, `kms-api-permissions-reference.html`).
pub(super) fn is_of_key(request: &Request<'_>, has_policy: bool) -> bool {
    if request.is_wildcard_only || !is_of("kms", request.action) {
        return false;
    }
    match Arn::split(request.resource) {
        Some(arn) => arn.resource.starts_with("key/"),
        None => has_policy,
    }
}

/// Whether the root user of the bucket's account may do this whatever the bucket's policy says.
pub(super) fn root_keeps(action: &str) -> bool {
    is_of("s3", action) && is_one_of(&ROOT_KEEPS, action)
}

/// Actions that would change a role which only AWS may change; service-linked roles keep their
/// description and their own way to be deleted (IAM API Reference, the operations that answer
/// `UnmodifiableEntity`; IAM User Guide, `id_roles_create-service-linked-role.html`).
const EDITS: [&str; 8] = [
    "AttachRolePolicy",
    "DeleteRole",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "UpdateAssumeRolePolicy",
];

/// What is left to a customer of the roles IAM Identity Center keeps: looking at them (IAM
/// Identity Center User Guide, `permissionsetsconcept.html`).
const LOOKS: [&str; 4] = ["Generate", "Get", "List", "Simulate"];

/// Whether AWS refuses whatever policies say: changes to roles that are its own
/// (`UnmodifiableEntity`), and root users that would assume a role or another account's root (IAM
/// User Guide, `id_credentials_sts-comparison.html`; STS API Reference, `API_AssumeRoot.html`).
pub(super) fn is_refused(request: &Request<'_>) -> bool {
    let is_root = matches!(request.caller, Caller::Root(_));
    (is_root
        && is_of("sts", request.action)
        && is_one_of(&["AssumeRole", "AssumeRoot"], request.action))
        || is_refused_edit(request)
}

fn is_refused_edit(request: &Request<'_>) -> bool {
    if !is_of("iam", request.action) {
        return false;
    }
    let Some(arn) = Arn::split(request.resource) else { return false };
    let (_, name) = split(request.action);
    if is_service_linked(request.resource) {
        return is_one_of(&EDITS, request.action);
    }
    arn.resource.starts_with("role/aws-reserved/")
        && !LOOKS.iter().any(|look| {
            name.get(..look.len()).is_some_and(|start| start.eq_ignore_ascii_case(look))
        })
}

/// The account the resource belongs to, as far as the request says.
pub(super) fn account_of_resource<'a>(request: &Request<'a>) -> Option<&'a str> {
    request.resource_account.or_else(|| {
        Arn::split(request.resource).map(|arn| arn.account).filter(|account| is_account(account))
    })
}
