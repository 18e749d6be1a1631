//! What options make of an operation: guards taken away, things made public, deletions in a batch.

use super::{
    super::super::Does,
    add,
    table::same,
    values::{Options, Value, compact},
};
use crate::{
    classify::Judge,
    domain::{Span, Verb},
};

/// What is asked of an option's value, spelled compactly: lower case, `:` for `=`, no quotes.
#[derive(Debug, Clone, Copy)]
enum Test {
    /// The option is given.
    Given,
    /// The value is one of these.
    Is(&'static [&'static str]),
    /// The value holds one of these.
    Holds(&'static [&'static str]),
    /// The value is a number below this one.
    Below(u32),
    /// The value is a policy that allows everybody, without a condition.
    Public,
}

/// An option that makes an operation do something worse than it does without.
struct Worse {
    /// `service operation`, or several.
    on: &'static [&'static str],
    option: &'static str,
    test: Test,
    does: Does,
    /// Whether a value that is not known leaves it open what the operation does.
    decides: bool,
    /// Option and value with which the rule does not hold.
    unless: Option<(&'static str, &'static str)>,
}

const fn worse(on: &'static [&'static str], option: &'static str, test: Test, does: Does) -> Worse {
    Worse { on, option, test, does, decides: false, unless: None }
}

impl Worse {
    const fn decides(mut self) -> Self {
        self.decides = true;
        self
    }

    const fn unless(mut self, option: &'static str, value: &'static str) -> Self {
        self.unless = Some((option, value));
        self
    }
}

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
const RULES: &[Worse] = &[
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
    ),
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
    ),
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
    ),
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

/// Judges an operation by what it does of itself and what its options make of it.
pub(super) fn judge(
    service: &str,
    operation: &str,
    base: Does,
    options: &Options,
    resource: &str,
    evidence: Span,
    judge: &mut Judge<'_>,
) {
    let (mut does, mut open) = (base, None);
    let mut any = false;
    for rule in RULES.iter().filter(|rule| {
        let split = |on: &&&str| on.split_once(' ') == Some((service, operation));
        rule.on.iter().find(split).is_some()
    }) {
        any = true;
        if let Some((option, value)) = rule.unless
            && let Value::Text(word) = options.value(option, judge)
            && word.known().is_some_and(|known| same(known, value))
        {
            continue;
        }
        match holds(rule, options, judge) {
            Some(true) if rule.does.severity() > does.severity() => does = rule.does,
            None if rule.decides => open = Some("the value that decides is not known"),
            _ => {}
        }
    }
    if let Some(span) = options.uncertain.filter(|_| any) {
        judge.opaque(span, "a word of unknown value may be an option that makes it worse");
    }
    add(does, service, resource, evidence, judge);
    if let Some(because) = open {
        judge.opaque(evidence, because);
    }
}

/// Whether a rule's test holds; nothing: the value is not known.
fn holds(rule: &Worse, options: &Options, judge: &Judge<'_>) -> Option<bool> {
    if matches!(rule.test, Test::Given) {
        return Some(options.has(rule.option));
    }
    let word = match options.value(rule.option, judge) {
        Value::Absent => return Some(false),
        Value::Unread(_) => return None,
        Value::Text(word) => word,
    };
    let text = compact(word.text());
    let found = match rule.test {
        Test::Given => true,
        Test::Is(values) => values.contains(&text.as_str()),
        Test::Holds(parts) => parts.iter().any(|part| text.contains(part)),
        Test::Below(limit) => match text.parse::<u32>() {
            Ok(number) => number < limit,
            Err(_) => return None,
        },
        Test::Public => public(word.text())?,
    };
    // What holes hide may still be what is looked for.
    if found || !word.has_holes() || !rule.decides { Some(found) } else { None }
}

/// Whether a policy allows everybody something, without a condition; nothing: it is no policy.
fn public(text: &str) -> Option<bool> {
    let policy: serde_json::Value = serde_json::from_str(text).ok()?;
    let statements = policy.get("Statement")?;
    let one = std::slice::from_ref(statements);
    let statements = statements.as_array().map_or(one, Vec::as_slice);
    Some(statements.iter().any(|statement| {
        let all = |value: &serde_json::Value| match value {
            serde_json::Value::String(name) => name == "*",
            serde_json::Value::Array(names) => names.iter().any(|name| name == "*"),
            _ => false,
        };
        let principal = statement.get("Principal");
        let everybody = principal.is_some_and(|who| all(who) || who.get("AWS").is_some_and(all));
        let allows = statement.get("Effect").is_some_and(|effect| effect == "Allow");
        everybody && allows && statement.get("Condition").is_none()
    }))
}
