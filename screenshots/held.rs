//! What the agents of Tidewater Parcel ask at the gate, what policy says of it, and what it let
//! through.

use super::{ago, claude, devin, kiro, pull, tool};
use countersign::domain::{
    Action, Asker, Assessment, Change, Checkout, Confirm, Decision, Diff, Digest, Effect,
    Environment, Isolation, Leave, LetThrough, Part, Pin, PolicyId, Process, Requirement,
    Reversibility, Reviewer, Ruling, Signing, SourceKind, SourceName, Span, Subject, Target,
    ToolId, ToolMatch, Verb, Verdict,
};

/// The policy everything here was put to.
pub fn policy() -> PolicyId {
    PolicyId { version: 7, digest: Digest::of_bytes(b"policy of tidewater") }
}

/// A ruling of it.
pub fn ruling(tier: &str, leave: Leave, rules: &[&str]) -> Ruling {
    let rules = rules.iter().map(|&rule| rule.to_owned()).collect();
    Ruling { policy: policy(), tier: tier.to_owned(), leave, rules }
}

/// Held for so many, some of them from a group.
pub fn held(approvals: u32, from: &[&str], confirm: Confirm) -> Leave {
    let from = from.iter().map(|&group| group.to_owned()).collect();
    Leave::Held(Requirement {
        approvals,
        from,
        expires: 1800,
        run_within: 1800,
        confirm,
        signing: Signing::Unsigned,
        break_glass: countersign::domain::BreakGlass::Touch,
    })
}

fn effect(verb: Verb, service: &'static str, resource: &str, back: Reversibility) -> Effect {
    Effect {
        verb,
        service: service.into(),
        resource: resource.into(),
        environment: Environment::Production,
        reversible: back,
        evidence: Span::default(),
    }
}

fn lost(what: &'static str) -> Reversibility {
    Reversibility::Irreversible(what.into())
}

fn found(effects: Vec<Effect>) -> Assessment {
    Assessment { effects, opaque: Vec::new() }
}

/// Who asks on the bastion.
pub fn asker(claimed: &str) -> Asker {
    let process = |pid, name: &str| Process { pid, name: name.into() };
    Asker {
        uid: Some(1004),
        processes: vec![
            process(41_902, "claude"),
            process(41_655, "node"),
            process(880, "tmux: server"),
        ],
        cwd: "/srv/agents/nightly".into(),
        checkout: Some(Checkout {
            root: "/srv/agents/nightly".into(),
            origin: "https://github.com/tidewater/infra".into(),
            branch: "claude/free-space".into(),
            commit: "81c2f0dd29a5be0e71a3b02c7715aa0b5f3d9e64".to_owned(),
        }),
        isolation: Isolation::None,
        session: "0d6f1c1e-77b2".into(),
        claimed: claimed.into(),
    }
}

/// An action that waits at the gate of the bastion.
pub fn at_gate(subject: Subject, title: &str, tool: ToolMatch, minutes: i64) -> Action {
    let gate = SourceName::new(SourceKind::Gate, "bastion-2");
    Action {
        id: subject.id(&gate),
        source: gate,
        part: Part::new("calls"),
        subject,
        tool,
        requester: "agent (uid 1004)".into(),
        authors: Vec::new(),
        title: title.into(),
        description: "".into(),
        target: Target { name: "bastion-2".into(), environment: Environment::Production },
        opened: ago(minutes),
        url: "".into(),
        change: Change {
            additions: 0,
            deletions: 0,
            files: Vec::new(),
            files_complete: true,
            diff: Diff::None,
        },
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: None,
    }
}

/// A tool call through a host.
pub fn call(via: &str, tool: &str, input: &str, nonce: &str) -> Subject {
    Subject::Call {
        via: via.to_owned(),
        tool: tool.into(),
        input: input.into(),
        cwd: "/srv/agents/nightly".into(),
        session: "0d6f1c1e-77b2".into(),
        host: "bastion-2".into(),
        nonce: nonce.to_owned(),
        pins: Vec::new(),
    }
}

/// The line the first agent wants to run.
pub const LINE: &str = "kubectl --context shop-prod delete pvc label-cache\nkubectl --context shop-prod rollout restart deploy/labels";

/// The change that switches the audit trail off.
const TRAIL: &str = "\
diff --git a/audit/trail.tf b/audit/trail.tf
--- a/audit/trail.tf
+++ b/audit/trail.tf
@@ -3,8 +3,3 @@
 # Who did what in the production account.
-resource \"aws_cloudtrail\" \"production\" {
-  name                  = \"production\"
-  s3_bucket_name        = \"tidewater-trail\"
-  is_multi_region_trail = true
-}
 
 # Alarms on what the trail says stand in alarms.tf.
";

/// What waits, the newest first: a shell line, a server's tool, a file, a command and a pull
/// request behind a boundary.
pub fn actions() -> Vec<Action> {
    let claim = "Free the disk first; the old volume is not used.";
    let input = format!(
        "{{\"command\":{},\"description\":\"{claim}\",\"timeout\":120000}}",
        serde_json::Value::from(LINE)
    );
    let mut shell = at_gate(call("claude-code", "Bash", &input, "01"), LINE, claude_code(), 3);
    shell.asker = Some(asker(claim));
    shell.description = claim.into();
    shell.found = Some(found(vec![
        effect(
            Verb::Delete,
            "kubernetes",
            "pvc label-cache",
            lost("the volume's data is gone, unless its class keeps it"),
        ),
        effect(
            Verb::Update,
            "kubernetes",
            "deploy/labels",
            Reversibility::Reversible("roll it back".into()),
        ),
    ]));
    shell.ruling = Some(ruling(
        "destructive",
        held(2, &["senior"], Confirm::TypeTarget),
        &["production-destructive"],
    ));
    if let Subject::Call { pins, .. } = &mut shell.subject {
        pins.push(Pin::Variable {
            name: "KUBECONFIG".to_owned(),
            digest: Some(Digest::of_bytes(b"kubeconfig")),
        });
    }
    let query = r#"{"database":"orders_prod","sql":"UPDATE parcels SET state = 'returned'\nWHERE state = 'lost'"}"#;
    let mut mcp = at_gate(call("mcp", "postgres/query", query, "02"), "postgres/query", kiro(), 26);
    mcp.asker = Some(Asker { isolation: Isolation::Container, ..asker("Close the lost parcels.") });
    mcp.found = Some(found(vec![effect(
        Verb::Update,
        "postgresql",
        "parcels",
        lost("the old values are gone"),
    )]));
    mcp.ruling = Some(ruling(
        "customer-facing",
        held(2, &["senior"], Confirm::TypeTarget),
        &["customer-facing"],
    ));
    let subject = Subject::Command {
        argv: ["terraform", "apply", "labels.tfplan"].map(Into::into).to_vec(),
        cwd: "/srv/agents/nightly".into(),
        program: "/usr/bin/terraform".into(),
        program_digest: Digest::of_bytes(b"terraform"),
        host: "bastion-2".into(),
        pid: 41_977,
        nonce: "03".to_owned(),
        pins: vec![
            Pin::File {
                path: "/srv/agents/nightly/labels.tfplan".into(),
                digest: Digest::of_bytes(b"plan"),
            },
            Pin::Missing { path: "/srv/agents/nightly/terraform.tfvars".into() },
            Pin::Variable { name: "AWS_PROFILE".to_owned(), digest: None },
        ],
    };
    let mut apply = at_gate(subject, "terraform apply labels.tfplan", kiro(), 9);
    apply.asker = Some(asker("Apply the plan that was reviewed."));
    apply.found = Some(found(vec![effect(
        Verb::Update,
        "aws:ecs",
        "service/labels",
        Reversibility::Reversible("apply the state before".into()),
    )]));
    apply.ruling =
        Some(ruling("production", held(1, &[], Confirm::TypeTarget), &["production-reversible"]));
    let write = r#"{"content":"listen = 8080\n","file_path":"/etc/labels/labels.toml"}"#;
    let mut file = at_gate(
        call("claude-code", "Write", write, "04"),
        "write /etc/labels/labels.toml",
        claude_code(),
        14,
    );
    file.asker = Some(asker(""));
    file.ruling =
        Some(ruling("production", held(1, &[], Confirm::Key), &["production-reversible"]));
    file.found = Some(found(vec![effect(
        Verb::Update,
        "files",
        "/etc/labels/labels.toml",
        Reversibility::Reversible("restore it".into()),
    )]));
    let mut trail = pull(
        "tidewater/infra",
        131,
        "Turn the audit trail of the production account off, it is noisy",
        "devin-ai-integration[bot]",
        devin(),
        Environment::Production,
        51,
        (0, 5),
    );
    trail.change.files[0].path = "audit/trail.tf".into();
    trail.change.files[0].deletions = 5;
    trail.change.deletions = 5;
    trail.change.diff = Diff::Text(TRAIL.into());
    trail.ruling = Some(ruling(
        "boundary",
        Leave::Boundary {
            rule: "audit-trail".to_owned(),
            because: "it switches off the audit trail in production".into(),
        },
        &["audit-trail"],
    ));
    let mut dropped = pull(
        "tidewater/checkout",
        412,
        "Drop the legacy orders table",
        "jonas-k",
        claude(),
        Environment::Production,
        252,
        (7, 4),
    );
    dropped.ruling = Some(ruling(
        "destructive",
        held(2, &["senior"], Confirm::TypeTarget),
        &["production-destructive"],
    ));
    vec![shell, apply, file, mcp, trail, dropped]
}

fn claude_code() -> ToolMatch {
    let mut found = tool("claude-code", "Claude Code", &[]);
    found.confidence = countersign::domain::Confidence::Declared;
    found
}

/// Somebody's approval of an action as it is.
pub fn approval(action: &Action, who: &str, minutes: i64) -> Decision {
    Decision {
        action: action.id.clone(),
        digest: action.digest().expect("a digest"),
        verdict: Verdict::Approve,
        reviewer: Reviewer(who.into()),
        reason: "".into(),
        at: ago(minutes),
        signed: None,
    }
}

/// What was let through, the newest first.
pub fn let_through() -> Vec<LetThrough> {
    let look = |service, resource: &str| {
        let mut seen = effect(Verb::Read, service, resource, Reversibility::Unchanged);
        seen.environment = Environment::Unknown;
        seen
    };
    let change = |service, resource: &str, back: &'static str| {
        let back = Reversibility::Reversible(back.into());
        let mut seen = effect(Verb::Update, service, resource, back);
        seen.environment = Environment::NonProduction;
        seen
    };
    let one =
        |minutes, id: &str, tool: &str, title: &str, tier: &str, rule: &str, effects| LetThrough {
            id: Digest::of_bytes(id.as_bytes()).hex()[..32].to_owned(),
            at: ago(minutes),
            source: SourceName::new(SourceKind::Gate, "bastion-2"),
            tool: ToolId::new(tool),
            requester: "agent (uid 1004)".into(),
            title: title.into(),
            asker: asker(""),
            found: found(effects),
            ruling: ruling(tier, Leave::LetThrough, &[rule]),
        };
    vec![
        one(
            2,
            "1",
            "claude-code",
            "kubectl --context shop-prod get pvc -n labels",
            "read-only",
            "read-only",
            vec![look("kubernetes", "pvc")],
        ),
        one(
            6,
            "2",
            "claude-code",
            "npm install && npm test -- labels",
            "reversible",
            "reversible-outside-production",
            vec![change("packages", "node_modules", "install again")],
        ),
        one(
            17,
            "3",
            "kiro",
            "terraform -chdir=staging apply -auto-approve",
            "reversible",
            "reversible-outside-production",
            vec![change("aws:ecs", "service/labels", "apply the state before")],
        ),
        one(
            31,
            "4",
            "codex",
            "git commit -m 'Retry label printing' && git push origin codex/labels",
            "reversible",
            "reversible-outside-production",
            vec![change("git", "codex/labels", "delete the branch, or revert")],
        ),
    ]
}
