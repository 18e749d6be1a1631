//! An invented company, Tidewater Parcel, whose AI tools hold too much. Pictures and screen tests
//! show the same one; nothing in it exists.

#![allow(clippy::too_many_lines, clippy::similar_names, reason = "one long table of things")]

#[path = "held.rs"]
pub mod held;
#[path = "reach.rs"]
mod reach;
#[path = "signed.rs"]
pub mod signed;

use countersign::domain::{
    Action, Activity, ActivityKind, Change, Check, CheckState, Clue, ClueKind, Confidence, Count,
    Credential, CredentialStatus, Deployed, Diff, Digest, Environment, Evidence, Fact, FaultKind,
    FileChange, FileStatus, Gap, Health, LastUsed, Locator, Part, Principal, PrincipalKind, Review,
    ReviewState, SecretScope, SourceFault, SourceKind, SourceName, SourceState, Subject, Target,
    ToolId, ToolMatch,
};
use jiff::{SignedDuration, Timestamp};

/// The moment everything is told at.
pub fn now() -> Timestamp {
    "2026-11-20T14:32:00Z".parse().expect("a time")
}

/// So many minutes before.
pub fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

fn github() -> SourceName {
    SourceName::new(SourceKind::Github, "tidewater")
}

fn aws() -> SourceName {
    SourceName::new(SourceKind::Aws, "prod")
}

/// A tool with its evidence.
pub fn tool(id: &str, name: &str, clues: &[(ClueKind, &str, Confidence)]) -> ToolMatch {
    let evidence: Vec<_> = clues
        .iter()
        .map(|(kind, value, confidence)| Evidence {
            clue: Clue::new(*kind, *value),
            rule: format!("{id}/{kind:?}").to_lowercase(),
            confidence: *confidence,
        })
        .collect();
    let confidence =
        evidence.iter().map(|one| one.confidence).max().unwrap_or(Confidence::Inferred);
    ToolMatch { tool: ToolId::new(id), name: name.to_owned(), confidence, evidence }
}

fn claude() -> ToolMatch {
    tool(
        "claude-code",
        "Claude Code",
        &[
            (
                ClueKind::CommitTrailer,
                "Co-Authored-By: Claude <noreply@anthropic.com>",
                Confidence::Observed,
            ),
            (ClueKind::Branch, "claude/drop-legacy-orders", Confidence::Inferred),
        ],
    )
}

fn copilot() -> ToolMatch {
    tool("copilot", "Copilot", &[(ClueKind::GithubUserId, "198982749", Confidence::Observed)])
}

fn kiro() -> ToolMatch {
    tool("kiro", "Kiro", &[(ClueKind::IamTag, "ai-tool=kiro", Confidence::Declared)])
}

fn devin() -> ToolMatch {
    tool(
        "devin",
        "Devin",
        &[(ClueKind::GithubLogin, "devin-ai-integration[bot]", Confidence::Observed)],
    )
}

/// The diff of the first pull request.
pub const DIFF: &str = "\
diff --git a/db/migrate/0042_drop_legacy_orders.sql b/db/migrate/0042_drop_legacy_orders.sql
new file mode 100644
index 0000000..9c1f2aa
--- /dev/null
+++ b/db/migrate/0042_drop_legacy_orders.sql
@@ -0,0 +1,5 @@
+-- The new order service has been live since September.
+BEGIN;
+DROP TABLE legacy_orders CASCADE;
+DELETE FROM feature_flags WHERE name = 'read_legacy_orders';
+COMMIT;
diff --git a/src/orders/history.ts b/src/orders/history.ts
index 51aa901..b7702de 100644
--- a/src/orders/history.ts
+++ b/src/orders/history.ts
@@ -12,9 +12,8 @@ import { db } from \"../db\";
 export async function orderHistory(customer: string, limit = 50): Promise<Order[]> {
-  const recent = await db.query(\"SELECT * FROM orders WHERE customer = $1\", [customer]);
-  const legacy = await db.query(\"SELECT * FROM legacy_orders WHERE customer = $1\", [customer]);
-  return [...recent, ...legacy].slice(0, limit);
+  const recent = await db.query(\"SELECT * FROM orders WHERE customer = $1 LIMIT $2\", [customer, limit]);
+  return recent.map(toOrder);
 }
 
 export function isRefundable(order: Order): boolean {
   return order.state === \"delivered\" && daysSince(order.deliveredAt) <= 30;
 }
diff --git a/ops/backup.yaml b/ops/backup.yaml
index 2f0b7a1..8ad1200 100644
--- a/ops/backup.yaml
+++ b/ops/backup.yaml
@@ -4,6 +4,5 @@ schedule: \"15 3 * * *\"
 retention_days: 35
 tables:
   - orders
-  - legacy_orders
   - invoices
   - parcels
";

/// A pull request.
#[allow(clippy::too_many_arguments, reason = "a builder of test data")]
fn pull(
    repo: &str,
    number: u64,
    title: &str,
    by: &str,
    tool: ToolMatch,
    environment: Environment,
    minutes: i64,
    size: (u64, u64),
) -> Action {
    let subject = Subject::PullRequest {
        repo: repo.parse().expect("a repository"),
        number,
        head_sha: Digest::of_bytes(title.as_bytes()).hex()[..40].to_owned(),
        head_ref: match number {
            412 => "claude/drop-legacy-orders".into(),
            _ => format!("agent/{number}").into(),
        },
        base_ref: "main".into(),
    };
    Action {
        id: subject.id(&github()),
        source: github(),
        part: Part::new(format!("pulls {repo}")),
        url: format!("https://github.com/{repo}/pull/{number}").into(),
        subject,
        tool,
        requester: by.into(),
        authors: Vec::new(),
        title: title.into(),
        description: "".into(),
        target: Target { name: format!("{repo} main").into(), environment },
        opened: ago(minutes),
        change: Change {
            additions: size.0,
            deletions: size.1,
            files: vec![FileChange {
                path: "src/index.ts".into(),
                status: FileStatus::Modified,
                additions: size.0,
                deletions: size.1,
            }],
            files_complete: true,
            diff: Diff::Text(
                "diff --git a/src/index.ts b/src/index.ts\n--- a/src/index.ts\n+++ b/src/index.ts\n@@ -1 +1 @@\n-const retries = 3;\n+const retries = 5;\n".into(),
            ),
        },
        checks: vec![Check { name: "test".into(), state: CheckState::Passed }],
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: None,
    }
}

/// What waits.
pub fn actions() -> Vec<Action> {
    use Environment::{NonProduction, Production, Unknown};
    let mut first = pull(
        "tidewater/checkout",
        412,
        "Drop the legacy orders table",
        "jonas-k",
        claude(),
        Production,
        252,
        (7, 4),
    );
    first.description = "The legacy table has had no writes since September. This removes it, its backup entry and the code that still reads it.".into();
    first.change.files = vec![
        FileChange {
            path: "db/migrate/0042_drop_legacy_orders.sql".into(),
            status: FileStatus::Added,
            additions: 5,
            deletions: 0,
        },
        FileChange {
            path: "src/orders/history.ts".into(),
            status: FileStatus::Modified,
            additions: 2,
            deletions: 3,
        },
        FileChange {
            path: "ops/backup.yaml".into(),
            status: FileStatus::Modified,
            additions: 0,
            deletions: 1,
        },
    ];
    first.change.diff = Diff::Text(DIFF.into());
    first.checks = vec![
        Check { name: "unit tests".into(), state: CheckState::Passed },
        Check { name: "migration dry run".into(), state: CheckState::Failed },
        Check { name: "licence scan".into(), state: CheckState::Neutral },
    ];
    first.reviews = vec![Review {
        by: "copilot-pull-request-reviewer[bot]".into(),
        state: ReviewState::Commented,
        commit: "51aa901".into(),
    }];
    let deployment = Subject::Deployment {
        repo: "tidewater/infra".parse().expect("a repository"),
        run_id: 7_204_118_802,
        attempt: 1,
        workflow: "Apply Terraform".into(),
        head_sha: "81c2f0dd29a5be0e71a3b02c7715aa0b5f3d9e64".to_owned(),
        head_ref: "main".into(),
        environments: vec![Deployed { id: 41, name: "production".into(), can_approve: true }],
    };
    let mut deploy = pull(
        "tidewater/infra",
        1,
        "Resize the parcel database and move it to eu-north-1",
        "kiro-agent",
        kiro(),
        Production,
        38,
        (31, 12),
    );
    deploy.id = deployment.id(&github());
    deploy.subject = deployment;
    deploy.part = Part::new("deployments tidewater/infra");
    deploy.target = Target { name: "production".into(), environment: Production };
    deploy.url = "https://github.com/tidewater/infra/actions/runs/7204118802".into();
    let gate = SourceName::new(SourceKind::Gate, "bastion-2");
    let command = Subject::Command {
        argv: vec![
            "/usr/bin/psql".into(),
            "--host=orders.prod.internal".into(),
            "-c".into(),
            "VACUUM FULL parcels".into(),
        ],
        cwd: "/srv/agents/nightly".into(),
        program: "/usr/bin/psql".into(),
        program_digest: Digest::of_bytes(b"psql"),
        host: "bastion-2".into(),
        pid: 41_877,
        nonce: "9b1c".to_owned(),
        pins: Vec::new(),
    };
    let mut waiting = pull(
        "tidewater/infra",
        2,
        "psql --host=orders.prod.internal -c 'VACUUM FULL parcels'",
        "agent",
        claude(),
        Production,
        0,
        (0, 0),
    );
    waiting.id = command.id(&gate);
    waiting.source = gate;
    waiting.subject = command;
    waiting.part = Part::new("requests");
    waiting.target = Target { name: "bastion-2".into(), environment: Production };
    waiting.change = Change {
        additions: 0,
        deletions: 0,
        files: Vec::new(),
        files_complete: true,
        diff: Diff::None,
    };
    waiting.checks = Vec::new();
    waiting.url = "".into();
    let mut hostile = pull(
        "tidewater/labels",
        77,
        "Fix typo\u{202e}nimda ot ssecca tnarg\u{202c} in README",
        "sun\u{200b}ny-dev",
        devin(),
        Unknown,
        95,
        (1, 1),
    );
    hostile.change.files[0].path = "README.md".into();
    hostile.change.diff = Diff::Text("diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-old\n+new \u{1b}[2J\u{202e}text\n".into());
    vec![
        waiting,
        deploy,
        hostile,
        first,
        pull(
            "tidewater/labels",
            75,
            "Retry label printing up to five times",
            "copilot",
            copilot(),
            NonProduction,
            310,
            (4, 4),
        ),
        pull(
            "tidewater/ledger",
            208,
            "Round VAT half to even in the monthly report",
            "mira-s",
            claude(),
            NonProduction,
            660,
            (57, 18),
        ),
        pull(
            "tidewater/infra",
            119,
            "Give the nightly agent s3:* on parcel-archive",
            "devin-ai-integration[bot]",
            devin(),
            Unknown,
            1_510,
            (6, 2),
        ),
        pull(
            "tidewater/checkout",
            409,
            "Bump undici from 5.28.4 to 7.16.0",
            "copilot",
            copilot(),
            Unknown,
            4_400,
            (1, 1),
        ),
    ]
}

fn iam_user(
    user: &str,
    key: &str,
    tools: Vec<ToolMatch>,
    used: LastUsed,
    status: CredentialStatus,
    grants: &[&str],
) -> Credential {
    let locator = Locator::AccessKey {
        account: "412058817734".to_owned(),
        user: user.to_owned(),
        key_id: key.to_owned(),
    };
    Credential {
        id: locator.id(&aws()),
        source: aws(),
        part: Part::new("access-keys"),
        locator,
        principal: Principal {
            kind: PrincipalKind::IamUser,
            name: user.into(),
            native: format!("arn:aws:iam::412058817734:user/{user}").into(),
            home: "412058817734 (tidewater-prod)".into(),
        },
        label: key.into(),
        environment: Environment::Production,
        status,
        created: Some(ago(60 * 24 * 431)),
        last_used: used,
        grants: grants.iter().map(|grant| (*grant).into()).collect(),
        facts: vec![
            Fact::new("rotation", "never rotated"),
            Fact::new("boundary", "none"),
            Fact::new("other keys", "one more active key of this user"),
        ],
        holders: tools,
        reach: None,
    }
}

/// Who holds what.
pub fn credentials() -> Vec<Credential> {
    let at = |minutes, what: &str| LastUsed::At { at: ago(minutes), what: what.into() };
    let kiro_key = tool(
        "kiro",
        "Kiro",
        &[
            (ClueKind::IamTag, "ai-tool=kiro", Confidence::Declared),
            (ClueKind::IamPath, "/agents/", Confidence::Inferred),
        ],
    );
    let role = Locator::RoleTrust {
        account: "412058817734".to_owned(),
        role: "bedrock-ops-agent".to_owned(),
    };
    let mut all = vec![
        iam_user(
            "kiro-deploy",
            "AKIAEXAMPLEKIRO00001",
            vec![kiro_key, claude()],
            at(11, "rds in eu-north-1"),
            CredentialStatus::Active,
            &["administrator", "AdministratorAccess", "1 inline policy"],
        ),
        iam_user(
            "nightly-agent",
            "AKIAEXAMPLENIGHT0002",
            vec![devin()],
            LastUsed::Never,
            CredentialStatus::Active,
            &["AmazonS3FullAccess", "1 inline policy"],
        ),
        iam_user(
            "old-copilot-ci",
            "AKIAEXAMPLECOPIL0003",
            vec![copilot()],
            at(60 * 24 * 210, "sts in us-east-1"),
            CredentialStatus::Inactive,
            &["PowerUserAccess"],
        ),
        iam_user(
            "billing-export",
            "AKIAEXAMPLEBILLI0004",
            Vec::new(),
            at(60 * 7, "s3 in eu-north-1"),
            CredentialStatus::Active,
            &["1 inline policy"],
        ),
    ];
    let mut sealed = iam_user(
        "bedrock-ops-agent",
        "bedrock-ops-agent",
        vec![tool(
            "bedrock-agents",
            "Bedrock agent",
            &[(ClueKind::TrustedService, "bedrock.amazonaws.com", Confidence::Observed)],
        )],
        at(33, "iam in us-east-1"),
        CredentialStatus::Active,
        &["IAMFullAccess", "AmazonRDSFullAccess"],
    );
    sealed.id = role.id(&aws());
    sealed.locator = role;
    sealed.principal.kind = PrincipalKind::IamRole;
    sealed.principal.native = "arn:aws:iam::412058817734:role/bedrock-ops-agent".into();
    sealed.reach = Some(reach::climber().into());
    all[0].reach = Some(reach::administrator().into());
    all[1].reach = Some(reach::perhaps().into());
    all.insert(1, sealed);
    let repo: countersign::domain::RepoName = "tidewater/checkout".parse().expect("a repository");
    let github_thing = |locator: Locator,
                        label: &str,
                        tools: Vec<ToolMatch>,
                        grants: &[&str],
                        used: LastUsed,
                        environment| Credential {
        id: locator.id(&github()),
        source: github(),
        part: Part::new("deploy-keys"),
        principal: Principal {
            kind: PrincipalKind::Repository,
            name: "tidewater/checkout".into(),
            native: "tidewater/checkout".into(),
            home: "tidewater".into(),
        },
        label: label.into(),
        environment,
        status: CredentialStatus::Active,
        created: Some(ago(60 * 24 * 88)),
        last_used: used,
        grants: grants.iter().map(|grant| (*grant).into()).collect(),
        facts: vec![],
        holders: tools,
        reach: None,
        locator,
    };
    all.push(github_thing(
        Locator::DeployKey { repo: repo.clone(), key: 88 },
        "devin workspace",
        vec![devin()],
        &["write"],
        at(60 * 30, ""),
        Environment::Production,
    ));
    all.push(github_thing(
        Locator::ActionsSecret {
            scope: SecretScope::Repo { repo: repo.clone() },
            name: "ANTHROPIC_API_KEY".to_owned(),
        },
        "ANTHROPIC_API_KEY",
        vec![claude()],
        &["every workflow of the repository"],
        LastUsed::Unknown,
        Environment::Unknown,
    ));
    all.push(github_thing(
        Locator::AppInstallation {
            org: "tidewater".to_owned(),
            installation: 5_511,
            slug: "devin-ai-integration".to_owned(),
        },
        "devin-ai-integration",
        vec![devin()],
        &["contents: write", "pull_requests: write", "workflows: write", "all repositories"],
        LastUsed::Unknown,
        Environment::Production,
    ));
    all
}

/// What happened.
pub fn activity() -> Vec<Activity> {
    let line =
        |seq, minutes, kind, source: &SourceName, about: &str, who: &str, what: &str| Activity {
            seq,
            at: ago(minutes),
            kind,
            source: source.clone(),
            about: about.to_owned(),
            who: who.into(),
            what: what.into(),
        };
    let (github, aws) = (github(), aws());
    vec![
        line(
            19,
            0,
            ActivityKind::Requested,
            &SourceName::new(SourceKind::Gate, "bastion-2"),
            "a-0c11d9f2aa",
            "Claude Code",
            "asks to run psql on bastion-2",
        ),
        line(
            18,
            6,
            ActivityKind::Source,
            &github,
            "",
            "github/tidewater",
            "rate limited during GET /repos/tidewater/ledger/pulls; 1 failure in a row",
        ),
        line(
            17,
            21,
            ActivityKind::Answered,
            &aws,
            "o-77a0e1c2d4",
            "aws/prod",
            "UpdateAccessKey answered 200, request 5b0e",
        ),
        line(
            16,
            21,
            ActivityKind::Ordered,
            &aws,
            "o-77a0e1c2d4",
            "mira",
            "set access key AKIAEXAMPLECOPIL0003 of old-copilot-ci inactive",
        ),
        line(
            15,
            38,
            ActivityKind::Requested,
            &github,
            "a-5531b8e0aa",
            "Kiro",
            "waits for production: Apply Terraform, tidewater/infra run 7204118802",
        ),
        line(
            14,
            96,
            ActivityKind::Voided,
            &github,
            "a-1111b8e0aa",
            "mira",
            "approval of tidewater/labels#77 refused: the head moved while it was read",
        ),
        line(
            13,
            140,
            ActivityKind::Decided,
            &github,
            "a-2221b8e0aa",
            "mira",
            "rejected tidewater/infra#117: widens s3 access to every bucket",
        ),
        line(
            12,
            1_505,
            ActivityKind::Appeared,
            &aws,
            "c-4441b8e0aa",
            "aws/prod",
            "access key AKIAEXAMPLENIGHT0002 of nightly-agent, held by Devin",
        ),
    ]
}

/// Where we look; the second one fails.
pub fn sources() -> Vec<SourceState> {
    let mut aws = SourceState::unasked(aws(), SourceKind::Aws);
    aws.health = Health::Good;
    aws.identity = "arn:aws:iam::412058817734:user/countersign-audit".into();
    aws.last_attempt = Some(ago(0));
    aws.last_good = Some(ago(0));
    aws.next_attempt = Some(ago(-1));
    aws.counts = vec![
        Count::new("users", 44),
        Count::new("roles", 78),
        Count::new("access keys", 31),
        Count::new("providers", 2),
    ];
    let mut audit = SourceState::unasked(
        SourceName::new(SourceKind::Snapshot, "q3-audit"),
        SourceKind::Snapshot,
    );
    audit.health = Health::Partial;
    audit.identity = "snapshots/2026-09-30.json".into();
    audit.last_attempt = Some(ago(1));
    audit.last_good = Some(ago(1));
    audit.next_attempt = Some(ago(-1));
    audit.counts = vec![Count::new("users", 1_204), Count::new("roles", 311)];
    audit.gaps = vec![Gap {
        part: Part::new("access-keys"),
        fault: SourceFault::new(
            FaultKind::Local,
            "snapshots/2026-09-30.json",
            "this kind of file holds no access keys",
        ),
    }];
    let mut github = SourceState::unasked(github(), SourceKind::Github);
    github.health = Health::Failing;
    github.identity = "tidewater-countersign[bot]".into();
    github.last_attempt = Some(ago(2));
    github.last_good = Some(ago(8));
    github.next_attempt = Some(ago(-13));
    github.failures = 3;
    github.fault = Some(
        SourceFault::new(
            FaultKind::RateLimited,
            "GET /repos/tidewater/ledger/pulls",
            "API rate limit exceeded for installation 5511",
        )
        .retry_after(std::time::Duration::from_mins(15)),
    );
    github.counts = vec![
        Count::new("repositories", 14),
        Count::new("open pull requests", 23),
        Count::new("deploy keys", 6),
        Count::new("secrets", 19),
    ];
    vec![aws, github, audit]
}
