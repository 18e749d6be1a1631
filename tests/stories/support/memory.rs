//! A source in memory that does as the test tells it, and builders for what it shows.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]
#![allow(dead_code, reason = "each story takes what it needs")]

use async_trait::async_trait;
use countersign::{
    domain::{
        Action, BreakGlass, Call, Change, Clue, ClueKind, Confidence, Confirm, Credential,
        CredentialStatus, Deployed, Diff, Digest, Environment, Evidence, Fate, FaultKind,
        FileChange, FileStatus, LastUsed, Leave, Locator, Observation, Order, OrderKind, Outcome,
        Part, PolicyId, Preview, Principal, PrincipalKind, Receipt, RepoName, Requirement, Ruling,
        Signing, SourceFault, SourceKind, SourceName, Subject, Target, ToolId, ToolMatch, Undo,
        Untrusted,
    },
    sources::{Diagnosis, Progress, Reread, Source},
};
use jiff::Timestamp;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// How the source answers an order.
#[derive(Clone)]
pub enum Answer {
    /// It does it.
    Done,
    /// It refuses, in these words.
    Refused(&'static str),
    /// It does it, and the answer is lost on the way.
    Lost,
    /// It is lost before anything was done.
    LostBefore,
    /// Nothing could be sent.
    NotSent,
    /// It never answers.
    Hang,
}

struct Script {
    world: Observation,
    fault: Option<SourceFault>,
    reread_fault: Option<SourceFault>,
    delay: Duration,
    answer: Answer,
    fate_unknown: bool,
    sent: Vec<Order>,
    done: Vec<Order>,
    polls: usize,
    fates: usize,
    panics: bool,
}

/// A scripted system: it really changes its own world when an order is carried out.
pub struct MemorySource {
    name: SourceName,
    script: Mutex<Script>,
}

impl MemorySource {
    pub fn new(name: &str) -> Arc<Self> {
        Arc::new(Self {
            name: SourceName::new(SourceKind::Embedded, name),
            script: Mutex::new(Script {
                world: Observation { identity: "memory".into(), ..Observation::default() },
                fault: None,
                reread_fault: None,
                delay: Duration::ZERO,
                answer: Answer::Done,
                fate_unknown: false,
                sent: Vec::new(),
                done: Vec::new(),
                polls: 0,
                fates: 0,
                panics: false,
            }),
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap())
    }

    /// Changes what it shows.
    pub fn world(&self, change: impl FnOnce(&mut Observation)) {
        self.with(|script| change(&mut script.world));
    }

    /// What it shows.
    pub fn observation(&self) -> Observation {
        self.with(|script| script.world.clone())
    }

    /// Makes polls fail, or work again.
    pub fn fail(&self, fault: Option<SourceFault>) {
        self.with(|script| script.fault = fault);
    }

    /// Makes reading again fail.
    pub fn fail_reread(&self, fault: Option<SourceFault>) {
        self.with(|script| script.reread_fault = fault);
    }

    /// How long a poll takes.
    pub fn slow(&self, delay: Duration) {
        self.with(|script| script.delay = delay);
    }

    /// Makes polls die of a bug.
    pub fn panics(&self) {
        self.with(|script| script.panics = true);
    }

    /// How orders are answered from now on.
    pub fn answers(&self, answer: Answer) {
        self.with(|script| script.answer = answer);
    }

    /// Whether it can tell what became of an order.
    pub fn cannot_tell(&self, cannot: bool) {
        self.with(|script| script.fate_unknown = cannot);
    }

    /// Orders that reached it.
    pub fn sent(&self) -> Vec<Order> {
        self.with(|script| script.sent.clone())
    }

    /// How often it was polled.
    pub fn polls(&self) -> usize {
        self.with(|script| script.polls)
    }

    /// How often it was asked what became of an order.
    pub fn fates_asked(&self) -> usize {
        self.with(|script| script.fates)
    }

    fn apply(script: &mut Script, order: &Order) {
        script.done.push(order.clone());
        let world = &mut script.world;
        let status = match &order.kind {
            OrderKind::SetAccessKey { active: true, .. } | OrderKind::UnsealRole { .. } => {
                CredentialStatus::Active
            }
            OrderKind::SetAccessKey { active: false, .. } => CredentialStatus::Inactive,
            OrderKind::SealRole { .. } => CredentialStatus::Sealed,
            OrderKind::DeleteDeployKey { .. } | OrderKind::DeleteActionsSecret { .. } => {
                world.credentials.retain(|one| Some(&one.id) != order.credential.as_ref());
                return;
            }
            // A reviewed pull request stays in the list of open ones; a deployment does not wait
            // any longer.
            OrderKind::ReviewPullRequest { .. } | OrderKind::AnswerCommand { .. } => return,
            OrderKind::ReviewDeployment { .. } => {
                world.actions.retain(|one| Some(&one.id) != order.action.as_ref());
                return;
            }
        };
        for one in &mut world.credentials {
            if Some(&one.id) == order.credential.as_ref() {
                one.status = status;
            }
        }
    }
}

#[async_trait]
impl Source for MemorySource {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Embedded
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        progress.step("things", 1, Some(2));
        let (delay, answer, panics) = self.with(|script| {
            script.polls += 1;
            let answer = script.fault.clone().map_or_else(|| Ok(script.world.clone()), Err);
            (script.delay, answer, script.panics)
        });
        assert!(!panics, "a bug in a source");
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        answer
    }

    async fn reread(&self, action: &Action) -> Result<Reread, SourceFault> {
        self.with(|script| {
            if let Some(fault) = &script.reread_fault {
                return Err(fault.clone());
            }
            let found = script.world.actions.iter().find(|one| one.id == action.id);
            Ok(found.map_or_else(
                || Reread::Ended("closed on the other side".into()),
                |one| Reread::Waiting(Box::new(one.clone())),
            ))
        })
    }

    async fn preview_revoke(&self, credential: &Credential) -> Result<Preview, SourceFault> {
        let there = self.with(|script| {
            script.world.credentials.iter().find(|one| one.id == credential.id).cloned()
        });
        let there = there.ok_or_else(|| fault(FaultKind::NotFound))?;
        let order = match &there.locator {
            Locator::AccessKey { user, key_id, .. } => OrderKind::SetAccessKey {
                user: user.clone(),
                key_id: key_id.clone(),
                active: false,
            },
            Locator::RoleTrust { role, .. } => OrderKind::SealRole { role: role.clone() },
            Locator::DeployKey { repo, key } => OrderKind::DeleteDeployKey {
                repo: repo.clone(),
                key: *key,
                title: there.label.clone(),
                public_key: "ssh-ed25519 AAAA".into(),
                read_only: false,
            },
            _ => return Err(fault(FaultKind::Refused)),
        };
        Ok(preview(self, order, there.last_used))
    }

    async fn preview_restore(&self, revoked: &Order) -> Result<Preview, SourceFault> {
        let order = match &revoked.kind {
            OrderKind::SetAccessKey { user, key_id, .. } => {
                OrderKind::SetAccessKey { user: user.clone(), key_id: key_id.clone(), active: true }
            }
            OrderKind::SealRole { role } => OrderKind::UnsealRole { role: role.clone() },
            _ => return Err(fault(FaultKind::Refused)),
        };
        Ok(preview(self, order, LastUsed::Unknown))
    }

    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        vec![Call {
            operation: "memory:Do".into(),
            parameters: vec![("order".into(), Untrusted::new(format!("{order:?}")))],
        }]
    }

    async fn carry_out(&self, order: &Order) -> Result<Receipt, SourceFault> {
        let answer = self.with(|script| {
            script.sent.push(order.clone());
            if matches!(script.answer, Answer::Done | Answer::Lost) {
                Self::apply(script, order);
            }
            script.answer.clone()
        });
        let receipt = |outcome, answer: &str| {
            Ok(Receipt {
                order: order.id.clone(),
                outcome,
                answer: answer.into(),
                at: Timestamp::now(),
            })
        };
        match answer {
            Answer::Done => receipt(Outcome::Done, "200"),
            Answer::Refused(words) => receipt(Outcome::Refused, words),
            Answer::Lost | Answer::LostBefore => receipt(Outcome::Unknown, "connection reset"),
            Answer::NotSent => Err(fault(FaultKind::Connect)),
            Answer::Hang => std::future::pending().await,
        }
    }

    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault> {
        Ok(self.with(|script| {
            script.fates += 1;
            if script.fate_unknown {
                Fate::Unknown
            } else if script.done.iter().any(|done| done.id == order.id) {
                Fate::Done
            } else {
                Fate::NotDone
            }
        }))
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        Vec::new()
    }
}

fn preview(source: &MemorySource, order: OrderKind, last_used: LastUsed) -> Preview {
    Preview {
        calls: source.calls(&order),
        order,
        last_used,
        undo: Undo::No { because: "not asked".into() },
        warnings: Vec::new(),
    }
}

/// A fault of a kind.
pub fn fault(kind: FaultKind) -> SourceFault {
    SourceFault::new(kind, "memory:Do", "as the test says")
}

/// A tool recognised by its numeric id.
pub fn copilot() -> ToolMatch {
    ToolMatch {
        tool: ToolId::new("copilot"),
        name: "GitHub Copilot".into(),
        confidence: Confidence::Observed,
        evidence: vec![Evidence {
            clue: Clue::new(ClueKind::GithubUserId, "198982749"),
            rule: "copilot/github-user-id".into(),
            confidence: Confidence::Observed,
        }],
    }
}

pub fn repo() -> RepoName {
    "acme/shop".parse().unwrap()
}

fn action(source: &SourceName, part: &str, subject: Subject, title: &str, diff: Diff) -> Action {
    Action {
        id: subject.id(source),
        source: source.clone(),
        part: Part::new(part),
        subject,
        tool: copilot(),
        requester: "Copilot".into(),
        authors: Vec::new(),
        title: title.into(),
        description: "It says so.".into(),
        target: Target { name: "acme/shop main".into(), environment: Environment::Production },
        opened: "2026-11-20T08:00:00Z".parse().unwrap(),
        url: "https://github.example/acme/shop/pull/7".into(),
        change: Change {
            additions: 3,
            deletions: 1,
            files: vec![FileChange {
                path: "db/migrate.sql".into(),
                status: FileStatus::Modified,
                additions: 3,
                deletions: 1,
            }],
            files_complete: true,
            diff,
        },
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: None,
    }
}

/// An open pull request at a head.
pub fn pull_request(source: &SourceName, number: u64, head: &str) -> Action {
    let subject = Subject::PullRequest {
        repo: repo(),
        number,
        head_sha: head.into(),
        head_ref: "copilot/fix".into(),
        base_ref: "main".into(),
    };
    let diff = Diff::Text(Untrusted::new(format!("@@ -1 +1 @@\n-old\n+{head}\n")));
    action(source, "pull-requests acme/shop", subject, &format!("Fix {number}"), diff)
}

/// A deployment that waits for one environment.
pub fn deployment(source: &SourceName, run_id: u64) -> Action {
    let subject = Subject::Deployment {
        repo: repo(),
        run_id,
        attempt: 1,
        workflow: "deploy".into(),
        head_sha: "aaa".into(),
        head_ref: "main".into(),
        environments: vec![Deployed { id: 31, name: "production".into(), can_approve: true }],
    };
    let diff = Diff::Unavailable("not asked for".into());
    action(source, "deployments acme/shop", subject, "Deploy", diff)
}

/// A process that waits at the gate.
pub fn command(nonce: &str) -> Action {
    let subject = Subject::Command {
        argv: vec!["terraform".into(), "destroy".into()],
        cwd: "/srv/infra".into(),
        program: "/usr/bin/terraform".into(),
        program_digest: Digest::of_bytes(b"terraform"),
        host: "bastion".into(),
        pid: 4711,
        nonce: nonce.into(),
        pins: Vec::new(),
    };
    let source = SourceName::new(SourceKind::Gate, "bastion");
    action(&source, "waiting", subject, "terraform destroy", Diff::None)
}

/// A call of an agent's tool.
pub fn call(input: &str, nonce: &str) -> Action {
    let subject = Subject::Call {
        via: "claude-code".into(),
        tool: "Bash".into(),
        input: format!("{{\"command\":\"{input}\"}}").into(),
        cwd: "/srv/infra".into(),
        session: "session-1".into(),
        host: "bastion".into(),
        nonce: nonce.into(),
        pins: Vec::new(),
    };
    let source = SourceName::new(SourceKind::Gate, "bastion");
    let opened = Timestamp::now();
    Action { opened, ..action(&source, "calls", subject, input, Diff::None) }
}

/// As policy ruled it: so many have to agree, at least one of each of these groups, within half an
/// hour.
pub fn held(approvals: u32, from: &[&str]) -> Ruling {
    ruled(Leave::Held(Requirement {
        approvals,
        from: from.iter().map(|group| (*group).to_owned()).collect(),
        expires: 1800,
        run_within: 1800,
        confirm: Confirm::Key,
        signing: Signing::Unsigned,
        break_glass: BreakGlass::Touch,
    }))
}

/// What policy said, whatever it was.
pub fn ruled(leave: Leave) -> Ruling {
    Ruling {
        policy: PolicyId { version: 6, digest: Digest::of_bytes(b"policy") },
        tier: "destructive".into(),
        leave,
        rules: Vec::new(),
    }
}

fn credential(source: &SourceName, part: &str, locator: Locator, label: &str) -> Credential {
    Credential {
        id: locator.id(source),
        source: source.clone(),
        part: Part::new(part),
        locator,
        principal: Principal {
            kind: PrincipalKind::IamUser,
            name: "agent".into(),
            native: "arn:aws:iam::123456789012:user/agent".into(),
            home: "123456789012".into(),
        },
        label: label.into(),
        environment: Environment::Production,
        status: CredentialStatus::Active,
        created: Some("2025-01-01T00:00:00Z".parse().unwrap()),
        last_used: LastUsed::Never,
        grants: vec!["AdministratorAccess".into()],
        facts: Vec::new(),
        holders: vec![copilot()],
        reach: None,
    }
}

/// An access key of a user.
pub fn access_key(source: &SourceName, user: &str, key_id: &str) -> Credential {
    let locator = Locator::AccessKey {
        account: "123456789012".into(),
        user: user.into(),
        key_id: key_id.into(),
    };
    credential(source, "access-keys", locator, key_id)
}

/// A role.
pub fn role(source: &SourceName, role: &str) -> Credential {
    let locator = Locator::RoleTrust { account: "123456789012".into(), role: role.into() };
    credential(source, "roles", locator, role)
}

/// A deploy key.
pub fn deploy_key(source: &SourceName, key: u64) -> Credential {
    let locator = Locator::DeployKey { repo: repo(), key };
    credential(source, "deploy-keys acme/shop", locator, "agent key")
}
