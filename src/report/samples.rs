//! A small world for the tests of this room.

use crate::{
    domain::{
        Action, ActionState, Asker, Assessment, Change, Check, CheckState, Checkout, Clue,
        ClueKind, Confidence, Confirm, Credential, CredentialStatus, Diff, Digest, Effect,
        Environment, Evidence, Fact, FaultKind, FileChange, FileStatus, Health, Isolation,
        LastUsed, Leave, Locator, Opaque, Part, Pin, PolicyId, Principal, PrincipalKind, Process,
        Requirement, Reversibility, Reviewer, Ruling, Signing, SourceFault, SourceKind, SourceName,
        SourceState, Span, Subject, Target, ToolId, ToolMatch, Verb,
    },
    store::{ActionRow, CredentialRow},
    trust::{Account, Asked, Outlook, Roster},
};
use jiff::{SignedDuration, Timestamp};

pub(super) fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

pub(super) fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(days * 24)
}

/// Something is lost, something changes, something cannot be read.
pub(super) fn assessed() -> Assessment {
    let effect = |verb, service: &'static str, resource: &str, reversible| Effect {
        verb,
        service: service.into(),
        resource: resource.into(),
        environment: Environment::Production,
        reversible,
        evidence: Span::new(0, 4),
    };
    let lost = Reversibility::Irreversible("the table and its rows are gone".into());
    let back = Reversibility::Reversible("revert the commit".into());
    Assessment {
        effects: vec![
            effect(Verb::Update, "repository", "db/7.sql", back),
            effect(Verb::Delete, "migration", "orders", lost),
        ],
        opaque: vec![Opaque { evidence: Span::new(4, 8), because: "a binary file".into() }],
    }
}

pub(super) fn tool() -> ToolMatch {
    ToolMatch {
        tool: ToolId::new("claude-code"),
        name: "Claude Code".to_owned(),
        confidence: Confidence::Declared,
        evidence: vec![Evidence {
            clue: Clue::new(ClueKind::IamTag, "ai-tool=claude-code"),
            rule: "claude-code/iam-tag".to_owned(),
            confidence: Confidence::Declared,
        }],
    }
}

fn credential(
    source: SourceName,
    locator: Locator,
    label: &str,
    principal: Principal,
) -> Credential {
    Credential {
        id: locator.id(&source),
        source,
        part: Part::new("sample"),
        locator,
        principal,
        label: label.into(),
        environment: Environment::Production,
        status: CredentialStatus::Active,
        created: None,
        last_used: LastUsed::Unknown,
        grants: Vec::new(),
        facts: Vec::new(),
        holders: vec![tool()],
        reach: None,
    }
}

pub(super) fn access_key() -> Credential {
    let mut key = credential(
        SourceName::new(SourceKind::Aws, "prod"),
        Locator::AccessKey {
            account: "111122223333".to_owned(),
            user: "deploy-agent".to_owned(),
            key_id: "AKIAEXAMPLE000000001".to_owned(),
        },
        "AKIAEXAMPLE000000001",
        Principal {
            kind: PrincipalKind::IamUser,
            name: "deploy-agent".into(),
            native: "arn:aws:iam::111122223333:user/deploy-agent".into(),
            home: "111122223333".into(),
        },
    );
    key.last_used = LastUsed::At { at: days_ago(3), what: "s3 in eu-central-1".into() };
    key.grants = vec!["PowerUserAccess".into()];
    key
}

pub(super) fn app_installation() -> Credential {
    credential(
        SourceName::new(SourceKind::Github, "acme"),
        Locator::AppInstallation {
            org: "acme".to_owned(),
            installation: 77,
            slug: "helpful-agent".to_owned(),
        },
        "helpful-agent",
        Principal {
            kind: PrincipalKind::GithubApp,
            name: "helpful-agent".into(),
            native: "helpful-agent".into(),
            home: "acme".into(),
        },
    )
}

pub(super) fn deploy_key() -> Credential {
    let mut key = credential(
        SourceName::new(SourceKind::Github, "acme"),
        Locator::DeployKey { repo: "acme/shop".parse().unwrap(), key: 7 },
        "agent key",
        Principal {
            kind: PrincipalKind::Repository,
            name: "acme/shop".into(),
            native: "acme/shop".into(),
            home: "acme".into(),
        },
    );
    key.facts = vec![Fact::new("added by", "sam")];
    key
}

pub(super) fn credential_row(credential: Credential) -> CredentialRow {
    CredentialRow {
        credential,
        first_seen: days_ago(30),
        last_seen: now(),
        stale: false,
        last_order: None,
    }
}

pub(super) fn action() -> Action {
    let source = SourceName::new(SourceKind::Github, "acme");
    let subject = Subject::PullRequest {
        repo: "acme/shop".parse().unwrap(),
        number: 41,
        head_sha: "9f3c1d2e4b5a69788796a5b4c3d2e1f00f1e2d3c".to_owned(),
        head_ref: "claude/drop-orders".into(),
        base_ref: "main".into(),
    };
    Action {
        id: subject.id(&source),
        source,
        part: Part::new("pull-requests acme/shop"),
        subject,
        tool: tool(),
        requester: "claude[bot]".into(),
        authors: Vec::new(),
        title: "Drop the orders table and make it again".into(),
        description: "The migration failed.\nStarting from a clean table is faster.".into(),
        target: Target { name: "acme/shop main".into(), environment: Environment::Production },
        opened: days_ago(1),
        url: "https://github.com/acme/shop/pull/41".into(),
        change: Change {
            additions: 1,
            deletions: 1,
            files: vec![FileChange {
                path: "db/schema.sql".into(),
                status: FileStatus::Modified,
                additions: 1,
                deletions: 1,
            }],
            files_complete: true,
            diff: Diff::Text("@@ -1 +1 @@\n-CREATE TABLE orders ();\n+DROP TABLE orders;\n".into()),
        },
        checks: vec![Check { name: "unit".into(), state: CheckState::Passed }],
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: None,
    }
}

pub(super) fn action_row(action: &Action) -> ActionRow {
    ActionRow {
        id: action.id.clone(),
        source: action.source.clone(),
        subject: action.subject.clone(),
        tool: action.tool.clone(),
        requester: action.requester.clone(),
        title: action.title.clone(),
        target: action.target.clone(),
        opened: action.opened,
        digest: action.digest().unwrap(),
        state: ActionState::Pending,
        additions: action.change.additions,
        deletions: action.change.deletions,
        files: action.change.files.len() as u64,
        checks: (0, 1, 0),
        first_seen: days_ago(1),
        last_seen: now(),
        stale: false,
        ruling: action.ruling.clone(),
        decisions: Vec::new(),
        spent: Vec::new(),
    }
}

pub(super) fn failing_source() -> SourceState {
    let mut source =
        SourceState::unasked(SourceName::new(SourceKind::Github, "acme"), SourceKind::Github);
    source.health = Health::Failing;
    source.last_attempt = Some(now());
    source.failures = 3;
    source.fault = Some(SourceFault::new(
        FaultKind::BadToken,
        "GET /orgs/acme/installations",
        "401 Bad\u{1b}[2J credentials",
    ));
    source
}

/// How far it is, with the eyes of mira.
pub(super) fn outlook(row: &ActionRow) -> Outlook {
    let seniors = ["ines".to_owned(), "rowan".to_owned()];
    let roster = Roster::new([("senior".to_owned(), seniors)]);
    let asked = Asked {
        action: &row.id,
        ruling: row.ruling.as_ref(),
        digest: row.digest,
        decisions: &row.decisions,
        since: row.ruling.as_ref().map(|_| row.opened),
        account: Account::behind(&row.source, &row.requester),
        here: None,
    };
    Outlook::of(asked, &Reviewer("mira".into()), &roster, now())
}

/// A shell command an agent wants to run, held for two people, one of them senior.
pub(super) fn held_call() -> Action {
    let mut action = action();
    action.source = SourceName::new(SourceKind::Gate, "bastion");
    action.subject = Subject::Call {
        via: "claude-code".to_owned(),
        tool: "Bash".into(),
        input: r#"{"command":"kubectl delete ns payments","timeout":5000}"#.into(),
        cwd: "/srv/agents".into(),
        session: "7f3a".into(),
        host: "bastion".into(),
        nonce: "9b1c".to_owned(),
        pins: vec![
            Pin::File { path: "/srv/agents/kube".into(), digest: Digest::of_bytes(b"kube") },
            Pin::Variable { name: "KUBECONFIG".to_owned(), digest: None },
        ],
    };
    action.id = action.subject.id(&action.source);
    action.opened = now() - SignedDuration::from_mins(3);
    action.change.files = Vec::new();
    action.change.diff = Diff::None;
    action.checks = Vec::new();
    action.description = "The namespace is not used.".into();
    action.asker = Some(Asker {
        uid: Some(1004),
        processes: vec![Process { pid: 4711, name: "claude".into() }],
        cwd: "/srv/agents".into(),
        checkout: Some(Checkout {
            root: "/srv/agents".into(),
            origin: "https://github.com/acme/infra".into(),
            branch: "main".into(),
            commit: "9f3c1d2e4b5a69788796a5b4c3d2e1f00f1e2d3c".to_owned(),
        }),
        isolation: Isolation::Container,
        session: "7f3a".into(),
        claimed: "The namespace is not used.".into(),
    });
    action.ruling = Some(Ruling {
        policy: PolicyId { version: 7, digest: Digest::of_bytes(b"policy") },
        tier: "destructive".to_owned(),
        leave: Leave::Held(Requirement {
            approvals: 2,
            from: vec!["senior".to_owned()],
            expires: 1800,
            run_within: 1800,
            confirm: Confirm::TypeTarget,
            signing: Signing::Unsigned,
        }),
        rules: vec!["prod-destructive".to_owned()],
    });
    action
}
