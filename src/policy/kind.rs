//! What kind of thing an effect is about: what the classifier says of it, as data.

use super::facts::Done;
use crate::domain::Verb;
use serde::Serialize;
use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What kind of thing is acted on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// Every kind there is; the schema names the same.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in a policy.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// A whole environment: a stack, a project, an app with all it holds.
    Environment = "environment",
    /// A database, or all that is in it.
    Database = "database",
    /// A table, or its rows.
    Table = "table",
    /// A bucket, or all that is in it.
    Bucket = "bucket",
    /// Single objects or values.
    Object = "object",
    /// A cluster.
    Cluster = "cluster",
    /// A namespace of Kubernetes.
    Namespace = "namespace",
    /// What runs in a cluster or on a platform.
    Workload = "workload",
    /// A key that encrypts.
    Key = "key",
    /// What records who did what.
    AuditTrail = "audit-trail",
    /// Another log.
    Log = "log",
    /// A backup or snapshot.
    Backup = "backup",
    /// A disk or volume.
    Volume = "volume",
    /// A machine.
    Machine = "machine",
    /// Networks, addresses, firewalls.
    Network = "network",
    /// A secret.
    Secret = "secret",
    /// Users, roles, groups and what they may.
    Identity = "identity",
    /// Queues, topics and their messages.
    Queue = "queue",
    /// A repository.
    Repository = "repository",
    /// Branches, tags, commits.
    Branch = "branch",
    /// A file or directory.
    File = "file",
    /// Packages.
    Package = "package",
    /// Builds and tests.
    Build = "build",
    /// A container, image or what belongs to them on this machine.
    Container = "container",
    /// A process or service of the machine.
    Process = "process",
    /// Something behind a web address.
    Address = "address",
    /// None of these.
    Other = "other",
    /// The action does nothing that was found.
    Nothing = "nothing",
    /// A part that cannot be read.
    Opaque = "opaque",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The kind of an effect, by its service, its resource and what the classifier says is lost.
pub(super) fn kind(verb: Done, service: &str, resource: &str, because: &str) -> Kind {
    let deletes = verb == Done::Does(Verb::Delete);
    // A target of its own says more than that the state and all in it may go.
    let said =
        if service == "terraform" && !resource.is_empty() && !because.starts_with("the state") {
            by_resource(service, resource, because).or(Some(Kind::Other))
        } else {
            by_because(service, because).or_else(|| by_resource(service, resource, because))
        };
    match said.or_else(|| by_service(service, deletes)).unwrap_or(Kind::Other) {
        Kind::Workload if verb == Done::Does(Verb::Grant) => Kind::Identity,
        kind => kind,
    }
}

/// How the classifier begins to say what is lost, whatever the service.
const LOST: &[(&str, Kind)] = &[
    ("the state ", Kind::Other),
    ("the service", Kind::Workload),
    ("the namespace", Kind::Namespace),
    ("the cluster ", Kind::Cluster),
    ("the audit trail", Kind::AuditTrail),
    ("what happens is no longer recorded", Kind::AuditTrail),
    ("what happens is no longer proven", Kind::AuditTrail),
    ("what happens from now on is not recorded", Kind::AuditTrail),
    ("what is not recorded from now on", Kind::AuditTrail),
    ("nothing is recorded from here on", Kind::AuditTrail),
    ("the traffic is no longer recorded", Kind::AuditTrail),
    ("the environment", Kind::Environment),
    ("the stack and every", Kind::Environment),
    ("everything that the sta", Kind::Environment),
    ("every resource of the", Kind::Environment),
    ("the resource group", Kind::Environment),
    ("the project and all", Kind::Environment),
    ("the project and its deployments", Kind::Environment),
    ("the app, its", Kind::Environment),
    ("the bucket", Kind::Bucket),
    ("the database", Kind::Database),
    ("what the database held", Kind::Database),
    ("every key of every database", Kind::Database),
    ("every table and its rows", Kind::Database),
    ("every row of every table", Kind::Database),
    ("the tables that were there", Kind::Database),
    ("what the key encrypted", Kind::Key),
    ("the backup", Kind::Backup),
    ("the snapshot", Kind::Backup),
    ("backups are no longer made", Kind::Backup),
    ("the volume", Kind::Volume),
    ("the secret", Kind::Secret),
    ("the table", Kind::Table),
    ("all rows", Kind::Table),
    ("the rows", Kind::Table),
    ("the items", Kind::Table),
    ("the repository", Kind::Repository),
    ("the messages", Kind::Queue),
    ("the topic", Kind::Queue),
    ("the queue", Kind::Queue),
];

/// Databases that are spoken to in a language of their own.
const DATABASES: &[&str] = &[
    "postgresql",
    "mysql",
    "mssql",
    "oracle",
    "sqlite",
    "sql",
    "mongodb",
    "redis",
    "cassandra",
    "clickhouse",
    "cockroachdb",
    "couchbase",
    "snowflake",
    "trino",
    "hive",
    "elasticsearch",
    "opensearch",
    "neo4j",
    "influxdb",
    "etcd",
    "prisma",
    "rails",
    "django",
];

fn by_because(service: &str, because: &str) -> Option<Kind> {
    // A whole database or schema, in the words SQL's reader has for both.
    if because == "it and everything in it are gone" && DATABASES.contains(&service) {
        return Some(Kind::Database);
    }
    let (_, kind) = LOST.iter().find(|(begins, _)| because.starts_with(begins))?;
    Some(*kind)
}

/// Kinds by the words of resources, the most telling first: of a Terraform address, of a path
/// behind a web address, of what `kubectl` is given.
const WORDS: &[(&[&str], Kind)] = &[
    (&["namespace", "namespaces", "ns"], Kind::Namespace),
    (&["environment", "environments", "stack", "stacks"], Kind::Environment),
    (&["cloudtrail", "trail", "trails", "audit"], Kind::AuditTrail),
    (&["kms", "keyring", "cryptokeys"], Kind::Key),
    (&["snapshot", "snapshots", "backup", "backups"], Kind::Backup),
    (&["bucket", "buckets"], Kind::Bucket),
    (
        &["rds", "db", "database", "databases", "sql", "spanner", "firestore", "cosmosdb"],
        Kind::Database,
    ),
    (&["dynamodb", "table", "tables"], Kind::Table),
    (&["cluster", "clusters"], Kind::Cluster),
    (&["volume", "volumes", "pvc", "pv", "persistentvolumeclaim", "disk", "disks"], Kind::Volume),
    (&["secret", "secrets"], Kind::Secret),
];

fn by_resource(service: &str, resource: &str, because: &str) -> Option<Kind> {
    let (looked_at, apart): (&str, fn(char) -> bool) = match service {
        "kubernetes" | "helm" => {
            let first = resource.split([' ', '/', ',']).next()?;
            return Some(word_kind(first).unwrap_or(Kind::Workload));
        }
        // The last collection of the path, in front of the id.
        "http" | "github" | "gitlab" => {
            let path = resource.split(['?', '#']).next().unwrap_or_default();
            let mut segments = path.rsplit('/').filter(|segment| !segment.is_empty());
            return segments.by_ref().take(2).find_map(word_kind);
        }
        "aws:s3" | "gcp:storage" => {
            let path = resource.split_once("://").map_or("/", |(_, path)| path);
            let whole = !path.trim_end_matches('/').contains('/') && path != "/";
            return Some(if whole && because.starts_with("the objects") {
                Kind::Bucket
            } else {
                Kind::Object
            });
        }
        "files" => return data_directory(resource).or(Some(Kind::File)),
        _ if service == "terraform" || resource.contains('_') && resource.contains('.') => {
            // `module.data.aws_db_instance.main`: the type is the last part but one.
            let bare = resource.split('[').next().unwrap_or_default();
            (bare.rsplit('.').nth(1).unwrap_or_default(), |c| c == '_')
        }
        _ => return None,
    };
    let words: Vec<&str> = looked_at.split(apart).collect();
    WORDS
        .iter()
        .find(|(known, _)| words.iter().any(|word| known.contains(word)))
        .map(|(_, kind)| *kind)
}

fn word_kind(word: &str) -> Option<Kind> {
    let word = word.to_ascii_lowercase();
    let (_, kind) = WORDS.iter().find(|(known, _)| known.contains(&word.as_str()))?;
    Some(*kind)
}

/// Where servers keep what they hold.
const DATA: &[(&str, Kind)] = &[
    ("/var/lib/postgresql", Kind::Database),
    ("/var/lib/mysql", Kind::Database),
    ("/var/lib/mongodb", Kind::Database),
    ("/var/lib/redis", Kind::Database),
    ("/var/lib/elasticsearch", Kind::Database),
    ("/var/lib/etcd", Kind::Cluster),
    ("/var/log/audit", Kind::AuditTrail),
];

fn data_directory(resource: &str) -> Option<Kind> {
    let mut words = resource.split_whitespace();
    words.find_map(|word| {
        let (_, kind) =
            DATA.iter().find(|(directory, _)| super::protected::below(word, directory))?;
        Some(*kind)
    })
}

/// What a service is about where nothing else tells. The second column is for deletions whose
/// words say only that "what it names" is gone.
const SERVICES: &[(&[&str], Kind)] = &[
    (
        &[
            "aws:rds",
            "aws:docdb",
            "aws:neptune",
            "aws:opensearch",
            "aws:es",
            "gcp:sql",
            "gcp:spanner",
            "gcp:firestore",
            "gcp:bigtable",
            "gcp:alloydb",
            "gcp:redis",
            "azure:sql",
            "azure:cosmosdb",
            "azure:postgres",
            "azure:mysql",
            "azure:mariadb",
            "azure:redis",
            "mongodb",
        ],
        Kind::Database,
    ),
    (&["aws:dynamodb"], Kind::Table),
    (
        &[
            "aws:eks",
            "aws:ecs",
            "aws:redshift",
            "aws:elasticache",
            "aws:emr",
            "aws:kafka",
            "gcp:container",
            "gcp:dataproc",
            "azure:aks",
        ],
        Kind::Cluster,
    ),
    (
        &["aws:elasticbeanstalk", "gcp:projects", "azure:group", "cloudformation", "pulumi"],
        Kind::Environment,
    ),
    (&["azure:storage"], Kind::Bucket),
    (&["aws:kms", "gcp:kms", "azure:keyvault"], Kind::Key),
    (&["aws:cloudtrail", "audit"], Kind::AuditTrail),
    (&["aws:logs", "gcp:logging", "logs"], Kind::Log),
    (&["aws:backup", "backups"], Kind::Backup),
    (&["aws:secretsmanager", "aws:ssm", "vault", "gcp:secrets", "passwords"], Kind::Secret),
    (
        &["aws:iam", "aws:sts", "gcp:iam", "azure:role", "azure:ad", "accounts", "keys", "okta"],
        Kind::Identity,
    ),
    (&["aws:ec2", "gcp:compute", "azure:vm", "machines", "libvirt", "digitalocean"], Kind::Machine),
    (&["aws:ebs", "disk", "zfs", "btrfs", "luks", "raid"], Kind::Volume),
    (&["aws:sqs", "aws:sns", "gcp:pubsub", "kafka", "rabbitmq", "nats"], Kind::Queue),
    (&["network", "firewall", "aws:route53", "aws:elb", "aws:elbv2"], Kind::Network),
    (&["github", "gitlab", "repository"], Kind::Repository),
    (&["git"], Kind::Branch),
    (&["files"], Kind::File),
    (&["npm", "packages", "nix"], Kind::Package),
    (&["cargo", "build", "code"], Kind::Build),
    (&["containers"], Kind::Container),
    (&["processes", "services", "systemd", "system", "kernel", "pm2"], Kind::Process),
    (&["http"], Kind::Address),
    (DATABASES, Kind::Table),
];

fn by_service(service: &str, deletes: bool) -> Option<Kind> {
    let (_, kind) = SERVICES.iter().find(|(names, _)| names.contains(&service))?;
    // Dropping "what it names" from a database nobody knows the words of may drop all of it.
    Some(if *kind == Kind::Table && deletes && service == "mongodb" {
        Kind::Database
    } else {
        *kind
    })
}
