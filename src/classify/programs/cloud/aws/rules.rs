//! The options that make an operation of AWS worse, as data.
//!
//! From the reference of each operation at <https://docs.aws.amazon.com/cli/latest/reference/>,
//! 2026-11.

use super::{
    super::super::Does,
    options::{Test, Worse, worse},
};
use crate::domain::Verb;

const fn delete(lost: &'static str) -> Does {
    Does::Destroys(Verb::Delete, lost)
}

const fn unguard(lost: &'static str) -> Does {
    Does::Destroys(Verb::Grant, lost)
}

const fn leak(lost: &'static str) -> Does {
    Does::Destroys(Verb::Reveal, lost)
}

const UNPROTECTED: Does = unguard("it is no longer protected against deletion");
const NO_BACKUPS: Does = unguard("no more backups, and those it has made are deleted");
const PUBLIC: Does = leak("everybody can read it, and what was read cannot be called back");
const SHARED: Does = leak("another account can copy it, and a copy cannot be called back");
const UNWATCHED: Does = unguard("what happens is no longer recorded");

const DATABASES: &[&str] = &[
    "rds modify-db-instance",
    "rds modify-db-cluster",
    "rds modify-global-cluster",
    "neptune modify-db-instance",
    "neptune modify-db-cluster",
    "neptune modify-global-cluster",
    "docdb modify-db-instance",
    "docdb modify-db-cluster",
    "docdb modify-global-cluster",
];
const ACLS: &[&str] = &[
    "s3api put-bucket-acl",
    "s3api put-object-acl",
    "s3api put-object",
    "s3api copy-object",
    "s3api create-bucket",
    "s3api create-multipart-upload",
];
const EVERYBODY: &[&str] = &["global/allusers", "global/authenticatedusers"];
const LIFECYCLES: &[&str] =
    &["s3api put-bucket-lifecycle-configuration", "s3api put-bucket-lifecycle"];

/// The rules; of several that hold the most severe counts.
pub(super) const RULES: &[Worse] = &[
    worse(DATABASES, "--no-deletion-protection", Test::Given, UNPROTECTED),
    worse(DATABASES, "--backup-retention-period", Test::Is(&["0"]), NO_BACKUPS).decides(),
    worse(DATABASES, "--publicly-accessible", Test::Given, PUBLIC),
    worse(
        &["rds modify-db-snapshot-attribute", "rds modify-db-cluster-snapshot-attribute"],
        "--values-to-add",
        Test::Given,
        SHARED,
    ),
    worse(
        &[
            "neptune modify-db-cluster-snapshot-attribute",
            "docdb modify-db-cluster-snapshot-attribute",
        ],
        "--values-to-add",
        Test::Given,
        SHARED,
    ),
    worse(
        &["ec2 modify-instance-attribute"],
        "--no-disable-api-termination",
        Test::Given,
        UNPROTECTED,
    ),
    worse(
        &["ec2 modify-instance-attribute"],
        "--disable-api-termination",
        Test::Holds(&["false"]),
        UNPROTECTED,
    ),
    worse(
        &["ec2 modify-instance-attribute"],
        "--attribute",
        Test::Is(&["disableapitermination"]),
        UNPROTECTED,
    )
    .unless("--value", "true"),
    worse(&["ec2 modify-snapshot-attribute"], "--group-names", Test::Is(&["all"]), PUBLIC)
        .unless("--operation-type", "remove"),
    worse(&["ec2 modify-snapshot-attribute"], "--user-ids", Test::Given, SHARED)
        .unless("--operation-type", "remove"),
    worse(
        &["ec2 modify-snapshot-attribute"],
        "--create-volume-permission",
        Test::Holds(&["add:"]),
        SHARED,
    ),
    worse(&["ec2 modify-image-attribute"], "--user-groups", Test::Is(&["all"]), PUBLIC)
        .unless("--operation-type", "remove"),
    worse(
        &["ec2 modify-image-attribute", "ec2 modify-fpga-image-attribute"],
        "--launch-permission",
        Test::Holds(&["add:[{group:all"]),
        PUBLIC,
    ),
    worse(
        &["ec2 cancel-spot-fleet-requests"],
        "--terminate-instances",
        Test::Given,
        delete("the instances and what is on their own disks are gone"),
    ),
    worse(
        &["s3api put-bucket-versioning"],
        "--versioning-configuration",
        Test::Holds(&["status:suspended"]),
        unguard("what is overwritten or deleted from here on is gone"),
    )
    .decides(),
    worse(
        ACLS,
        "--acl",
        Test::Is(&["public-read", "public-read-write", "authenticated-read"]),
        PUBLIC,
    ),
    worse(ACLS, "--grant-read", Test::Holds(EVERYBODY), PUBLIC),
    worse(ACLS, "--grant-write", Test::Holds(EVERYBODY), PUBLIC),
    worse(ACLS, "--grant-full-control", Test::Holds(EVERYBODY), PUBLIC),
    worse(ACLS, "--grant-read-acp", Test::Holds(EVERYBODY), PUBLIC),
    worse(ACLS, "--access-control-policy", Test::Holds(EVERYBODY), PUBLIC),
    worse(
        &["s3api put-public-access-block", "s3control put-public-access-block"],
        "--public-access-block-configuration",
        Test::Holds(&[":false"]),
        unguard("nothing keeps the bucket from being made public any more"),
    )
    .decides(),
    worse(&["s3api put-bucket-logging"], "--bucket-logging-status", Test::Is(&["{}"]), UNWATCHED),
    worse(
        LIFECYCLES,
        "--lifecycle-configuration",
        Test::Holds(&["expiration"]),
        delete("objects are deleted as soon as they reach the age"),
    )
    .decides(),
    worse(
        &["s3api put-bucket-policy", "s3control put-access-point-policy"],
        "--policy",
        Test::Public,
        PUBLIC,
    )
    .decides(),
    worse(
        &["s3api put-object-retention"],
        "--bypass-governance-retention",
        Test::Given,
        unguard("the object is no longer kept from being deleted"),
    ),
    worse(
        &["s3api put-object-legal-hold"],
        "--legal-hold",
        Test::Holds(&["status:off"]),
        unguard("the object is no longer kept from being deleted"),
    ),
    worse(&["kms put-key-policy"], "--policy", Test::Public, PUBLIC),
    worse(&["ecr set-repository-policy"], "--policy-text", Test::Public, PUBLIC),
    worse(
        &["secretsmanager put-resource-policy", "dynamodb put-resource-policy"],
        "--resource-policy",
        Test::Public,
        PUBLIC,
    ),
    worse(
        &["iam update-assume-role-policy"],
        "--policy-document",
        Test::Public,
        leak("everybody can become the role"),
    ),
    worse(
        &["iam create-role"],
        "--assume-role-policy-document",
        Test::Public,
        leak("everybody can become the role"),
    ),
    worse(
        &["es update-elasticsearch-domain-config", "opensearch update-domain-config"],
        "--access-policies",
        Test::Public,
        PUBLIC,
    ),
    worse(&["sns set-topic-attributes"], "--attribute-value", Test::Public, PUBLIC),
    worse(
        &["sqs set-queue-attributes"],
        "--attributes",
        Test::Holds(&["principal:*", "principal:{aws:*"]),
        PUBLIC,
    ),
    worse(&["sns add-permission"], "--aws-account-id", Test::Is(&["*"]), PUBLIC),
    worse(&["sqs add-permission"], "--aws-account-ids", Test::Is(&["*"]), PUBLIC),
    worse(
        &["lambda add-permission", "lambda add-layer-version-permission", "events put-permission"],
        "--principal",
        Test::Is(&["*"]),
        PUBLIC,
    ),
    worse(
        &["lambda create-function-url-config", "lambda update-function-url-config"],
        "--auth-type",
        Test::Is(&["none"]),
        leak("everybody can call the function"),
    ),
    worse(&["ssm modify-document-permission"], "--account-ids-to-add", Test::Is(&["all"]), PUBLIC),
    worse(
        &["cloudtrail update-trail"],
        "--no-include-global-service-events",
        Test::Given,
        UNWATCHED,
    ),
    worse(&["cloudtrail update-trail"], "--no-is-multi-region-trail", Test::Given, UNWATCHED),
    worse(&["cloudtrail update-trail"], "--no-is-organization-trail", Test::Given, UNWATCHED),
    worse(
        &["cloudtrail update-trail"],
        "--no-enable-log-file-validation",
        Test::Given,
        unguard("nobody can tell any more whether the log was altered"),
    ),
    worse(
        &["cloudtrail put-event-selectors"],
        "--event-selectors",
        Test::Holds(&["includemanagementevents:false", "readwritetype:readonly"]),
        UNWATCHED,
    ),
    worse(&["cloudtrail put-event-selectors"], "--event-selectors", Test::Is(&["[]"]), UNWATCHED),
    worse(
        &["cloudtrail put-insight-selectors"],
        "--insight-selectors",
        Test::Is(&["[]"]),
        UNWATCHED,
    ),
    worse(
        &["cloudtrail update-event-data-store"],
        "--no-termination-protection-enabled",
        Test::Given,
        UNPROTECTED,
    ),
    worse(
        &["dynamodb update-continuous-backups"],
        "--point-in-time-recovery-specification",
        Test::Holds(&["pointintimerecoveryenabled:false"]),
        NO_BACKUPS,
    )
    .decides(),
    worse(
        &["dynamodb update-table", "logs put-log-group-deletion-protection"],
        "--no-deletion-protection-enabled",
        Test::Given,
        UNPROTECTED,
    ),
    worse(
        &["dynamodb update-table"],
        "--global-secondary-index-updates",
        Test::Holds(&["delete:"]),
        delete("the index is gone"),
    ),
    worse(
        &["dynamodb update-table"],
        "--replica-updates",
        Test::Holds(&["delete:"]),
        delete("the replica is gone"),
    ),
    worse(
        &["dynamodb batch-write-item"],
        "--request-items",
        Test::Holds(&["deleterequest"]),
        delete("the items are gone"),
    )
    .decides(),
    worse(
        &["dynamodb transact-write-items"],
        "--transact-items",
        Test::Holds(&["delete:"]),
        delete("the items are gone"),
    )
    .decides(),
    worse(
        &["elbv2 modify-load-balancer-attributes"],
        "--attributes",
        Test::Holds(&["deletion_protection.enabled,value:false"]),
        UNPROTECTED,
    ),
    worse(
        &["elbv2 modify-load-balancer-attributes"],
        "--attributes",
        Test::Holds(&["access_logs.s3.enabled,value:false"]),
        UNWATCHED,
    ),
    worse(
        &["elb modify-load-balancer-attributes"],
        "--load-balancer-attributes",
        Test::Holds(&["accesslog:{enabled:false"]),
        UNWATCHED,
    ),
    worse(
        &[
            "elasticache modify-replication-group",
            "elasticache modify-cache-cluster",
            "memorydb update-cluster",
        ],
        "--snapshot-retention-limit",
        Test::Is(&["0"]),
        NO_BACKUPS,
    )
    .decides(),
    worse(
        &["redshift modify-cluster"],
        "--automated-snapshot-retention-period",
        Test::Is(&["0"]),
        NO_BACKUPS,
    )
    .decides(),
    worse(&["redshift modify-cluster"], "--publicly-accessible", Test::Given, PUBLIC),
    worse(
        &["efs put-backup-policy"],
        "--backup-policy",
        Test::Holds(&["status:disabled"]),
        NO_BACKUPS,
    ),
    worse(&["guardduty update-detector"], "--no-enable", Test::Given, unguard("threats go unseen")),
    worse(
        &["cognito-idp update-user-pool"],
        "--deletion-protection",
        Test::Is(&["inactive"]),
        UNPROTECTED,
    ),
    worse(
        &["ssm-incidents update-deletion-protection"],
        "--no-deletion-protected",
        Test::Given,
        UNPROTECTED,
    ),
    worse(
        &["network-firewall update-firewall-delete-protection"],
        "--no-delete-protection",
        Test::Given,
        UNPROTECTED,
    ),
    worse(
        &["cloudformation update-termination-protection"],
        "--no-enable-termination-protection",
        Test::Given,
        UNPROTECTED,
    ),
    worse(
        &["emr set-termination-protection", "emr modify-cluster-attributes"],
        "--no-termination-protected",
        Test::Given,
        UNPROTECTED,
    ),
    worse(&["eks update-cluster-config"], "--no-deletion-protection", Test::Given, UNPROTECTED),
    worse(&["eks update-cluster-config"], "--logging", Test::Holds(&["enabled:false"]), UNWATCHED),
    worse(
        &["stepfunctions update-state-machine"],
        "--logging-configuration",
        Test::Holds(&["level:off"]),
        UNWATCHED,
    ),
    worse(
        &["logs put-retention-policy"],
        "--retention-in-days",
        Test::Below(30),
        delete("what was logged before that is gone"),
    )
    .decides(),
    worse(
        &["dms start-replication-task"],
        "--start-replication-task-type",
        Test::Is(&["reload-target"]),
        delete("the target's tables are dropped and loaded anew"),
    ),
    worse(
        &["route53 change-resource-record-sets"],
        "--change-batch",
        Test::Holds(&["action:delete"]),
        delete("the records are gone, and with them the names they serve"),
    )
    .decides(),
    worse(
        &[
            "ssm get-parameter",
            "ssm get-parameters",
            "ssm get-parameters-by-path",
            "ssm get-parameter-history",
        ],
        "--with-decryption",
        Test::Given,
        Does::Changes(Verb::Reveal, "rotate the secret"),
    ),
];
