//! What is named first where not everything can be: the services that hold a company's data and
//! run its programs, and of each the actions people know from incidents.
//!
//! Someone who may delete in two hundred services is told of `s3` and `rds` before `a4b`, because
//! only the first dozen is kept with a credential ([`Bounds::KEPT`](super::Bounds::KEPT)).

use super::actions::{ActionId, ActionTable};
use std::{collections::HashMap, sync::OnceLock};

/// In the order they are named. A service's place is that of its first action.
const FIRST: &[&str] = &[
    "s3:DeleteBucket",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketPolicy",
    "s3:GetObject",
    "rds:DeleteDBInstance",
    "rds:DeleteDBCluster",
    "rds:DeleteDBSnapshot",
    "rds:DeleteDBClusterSnapshot",
    "rds:ModifyDBSnapshotAttribute",
    "dynamodb:DeleteTable",
    "dynamodb:DeleteBackup",
    "dynamodb:DeleteItem",
    "dynamodb:Scan",
    "dynamodb:GetItem",
    "ec2:TerminateInstances",
    "ec2:DeleteVolume",
    "ec2:DeleteSnapshot",
    "ec2:DeleteVpc",
    "ec2:ModifySnapshotAttribute",
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "kms:Decrypt",
    "secretsmanager:DeleteSecret",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:DeleteParameter",
    "iam:DeleteRole",
    "iam:DeleteUser",
    "iam:CreateAccessKey",
    "lambda:DeleteFunction",
    "lambda:GetFunction",
    "eks:DeleteCluster",
    "ecs:DeleteCluster",
    "ecs:DeleteService",
    "cloudformation:DeleteStack",
    "route53:DeleteHostedZone",
    "route53:ChangeResourceRecordSets",
    "backup:DeleteRecoveryPoint",
    "backup:DeleteBackupVault",
    "elasticfilesystem:DeleteFileSystem",
    "redshift:DeleteCluster",
    "es:DeleteDomain",
    "elasticache:DeleteReplicationGroup",
    "sqs:PurgeQueue",
    "sqs:DeleteQueue",
    "sqs:ReceiveMessage",
    "ecr:DeleteRepository",
    "ecr:BatchDeleteImage",
    "logs:DeleteLogGroup",
    "logs:GetLogEvents",
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "organizations:CloseAccount",
    "organizations:LeaveOrganization",
];

struct Places {
    actions: HashMap<ActionId, usize>,
    services: HashMap<&'static str, usize>,
}

fn places() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        let table = ActionTable::get();
        let mut services = HashMap::new();
        for (place, name) in FIRST.iter().enumerate() {
            services.entry(name.split(':').next().unwrap_or(name)).or_insert(place);
        }
        let known = FIRST.iter().enumerate();
        let actions = known.filter_map(|(place, name)| Some((table.find(name)?, place))).collect();
        Places { actions, services }
    })
}

/// Where a service stands; all that are not named here come after, in the order they had.
pub(super) fn service(service: &str) -> usize {
    places().services.get(service).copied().unwrap_or(usize::MAX)
}

/// Where an action stands among those of its service.
pub(super) fn action(action: ActionId) -> usize {
    places().actions.get(&action).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{ActionTable, FIRST, service};
    use std::collections::HashSet;

    #[test]
    fn every_name_is_an_action_of_aws_and_there_once() {
        let unknown: Vec<_> =
            FIRST.iter().filter(|name| ActionTable::get().find(name).is_none()).collect();
        assert_eq!(unknown, [&""; 0]);
        assert_eq!(FIRST.iter().collect::<HashSet<_>>().len(), FIRST.len());
    }

    #[test]
    fn buckets_come_before_what_nobody_remembers() {
        assert!(service("s3") < service("rds"));
        assert!(service("rds") < service("a4b"));
    }
}
