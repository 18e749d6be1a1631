//! Reviewers with keys of their own, a store that they share, a gate, and an intruder.

use crate::support::{
    desk::quick,
    memory::{call, held},
    postgres,
};
use async_trait::async_trait;
use countersign::{
    config::{Config, TrustSettings},
    domain::{
        Action, ActionId, Decision, Leave, Order, OrderId, OrderKind, PolicyId, Requirement,
        Reviewer, Ruling, Signing, Subject, Untrusted, Verdict,
    },
    gate::{self, Held, HoldError, Queue},
    review::{Carried, DecideError, Review, Rules},
    store::{self, ActionRow, Store},
    trust::{self, KeyChoice, LiveRoster, Pen, sign, state},
};
use jiff::Timestamp;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Somebody who can write to the store as they like.
#[async_trait]
pub trait Intruder: Send + Sync {
    /// Runs statements; how many rows they changed.
    async fn writes(&self, sql: &str) -> u64;
}

struct SqliteIntruder(PathBuf);

#[async_trait]
impl Intruder for SqliteIntruder {
    async fn writes(&self, sql: &str) -> u64 {
        let options = SqliteConnectOptions::new().filename(&self.0).foreign_keys(false);
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(&mut db).await.unwrap().rows_affected()
    }
}

/// Whoever owns the tables on a server, and takes away what guards their rows.
struct PgIntruder(String);

const AS_OWNER: &str = "SET ROLE countersign_owner; SET search_path TO countersign;";

impl PgIntruder {
    async fn comes(url: &str) -> Self {
        let intruder = Self(url.to_owned());
        let guards = "ALTER TABLE decisions DISABLE TRIGGER USER; \
                      ALTER TABLE orders DISABLE TRIGGER USER;";
        intruder.writes(guards).await;
        intruder
    }
}

#[async_trait]
impl Intruder for PgIntruder {
    async fn writes(&self, sql: &str) -> u64 {
        let mut db = PgConnection::connect(&self.0).await.unwrap();
        let sql = AssertSqlSafe(format!("{AS_OWNER} {sql}"));
        let done = sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        done.rows_affected()
    }
}

/// A real ssh-agent with one person's key. It ends with the story.
struct Agent {
    child: Child,
    socket: PathBuf,
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Who is in the office: the first two are seniors.
pub const PEOPLE: [&str; 4] = ["ines", "rowan", "ana", "tom"];

pub struct Office {
    pub store: Arc<dyn Store>,
    pub intruder: Box<dyn Intruder>,
    pub config: Config,
    agents: BTreeMap<String, Agent>,
    folder: TempDir,
}

fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for variable in ["SSH_AUTH_SOCK", "SSH_ASKPASS", "DISPLAY"] {
        command.env_remove(variable);
    }
    command
}

impl Office {
    /// Everybody has a key, and the gate knows it.
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let intruder = Box::new(SqliteIntruder(folder.path().join("store.db")));
        Self::furnished(folder, intruder).await
    }

    /// The same, with its store on a PostgreSQL server.
    pub async fn on_a_server() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let url = postgres::url(&postgres::new_database().await);
        fs::write(&path, format!("{url}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let intruder = Box::new(PgIntruder::comes(&url).await);
        Self::furnished(folder, intruder).await
    }

    async fn furnished(folder: TempDir, intruder: Box<dyn Intruder>) -> Self {
        let store = store::open(&folder.path().join("store.db")).await.unwrap();
        let mut office =
            Self { store, intruder, config: Config::default(), agents: BTreeMap::new(), folder };
        let seniors = PEOPLE[..2].iter().map(|name| (*name).to_owned()).collect();
        office.config.groups.insert("senior".to_owned(), seniors);
        office.config.trust.signers = Some(office.path("allowed_signers"));
        let lines: Vec<String> = PEOPLE.iter().map(|name| office.hires(name)).collect();
        office.signers(&lines.concat());
        office
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new key in a new agent; the line that lets it sign.
    pub fn hires(&mut self, name: &str) -> String {
        self.key(name);
        let socket = self.path(&format!("{name}.agent"));
        let mut agent = quiet("ssh-agent");
        let child = agent.arg("-D").arg("-a").arg(&socket).spawn().unwrap();
        let agent = Agent { child, socket };
        let until = Instant::now() + Duration::from_secs(20);
        while std::os::unix::net::UnixStream::connect(&agent.socket).is_err() {
            assert!(Instant::now() < until, "ssh-agent does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        self.agents.insert(name.to_owned(), agent);
        self.adds(name, name);
        self.line(name, name)
    }

    /// A new key in a file of this name.
    pub fn key(&self, name: &str) {
        let made = quiet("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
            .arg(self.path(name))
            .status();
        assert!(made.unwrap().success(), "ssh-keygen: install openssh-client");
    }

    /// Where somebody's agent listens.
    pub fn socket(&self, name: &str) -> &std::path::Path {
        &self.agents[name].socket
    }

    /// Puts a key into somebody's agent.
    pub fn adds(&self, name: &str, key: &str) {
        let added = quiet("ssh-add")
            .arg(self.path(key))
            .env("SSH_AUTH_SOCK", &self.agents[name].socket)
            .status();
        assert!(added.unwrap().success());
    }

    /// The line that lets a key sign as somebody.
    pub fn line(&self, name: &str, key: &str) -> String {
        self.line_with(name, key, "")
    }

    pub fn line_with(&self, name: &str, key: &str, options: &str) -> String {
        let public = fs::read_to_string(self.path(&format!("{key}.pub"))).unwrap();
        format!("{name} namespaces=\"countersign-decision@v1\"{options} {public}")
    }

    /// Replaces the file of keys.
    pub fn signers(&self, text: &str) {
        fs::write(self.path("allowed_signers"), text).unwrap();
    }

    /// What the gate, and every desk that is opened from now on, goes by.
    pub fn roster(&self) -> LiveRoster {
        LiveRoster::of(&self.config)
    }

    /// Somebody's desk.
    pub fn desk(&self, name: &str) -> Review {
        let agent = self.agents.get(name).map(|agent| agent.socket.clone());
        let trust = TrustSettings { agent, ..self.config.trust.clone() };
        Review::new(Arc::clone(&self.store), Vec::new(), Reviewer(name.into()))
            .with_timing(quick())
            .under(Rules { reviewers: self.roster(), ..Rules::default() })
            .signing_with(Pen::new(trust))
    }

    /// A call that waits for two people who sign, one of them senior.
    pub async fn asked(&self, input: &str, nonce: &str) -> Action {
        let action = Action { ruling: Some(signed_by_two()), ..call(input, nonce) };
        self.store.ask(&action, action.opened).await.unwrap();
        action
    }

    pub async fn row(&self, id: &ActionId) -> ActionRow {
        self.store.action(id).await.unwrap().unwrap().0
    }

    pub async fn decides(
        &self,
        name: &str,
        action: &Action,
        verdict: Verdict,
    ) -> Result<Carried, DecideError> {
        let seen = self.row(&action.id).await.digest;
        let reason = match verdict {
            Verdict::Approve => "read it",
            _ => "not today",
        };
        self.desk(name).decide(&action.id, seen, verdict, reason.into()).await
    }

    pub async fn approves(&self, name: &str, action: &Action) -> Result<Carried, DecideError> {
        self.decides(name, action, Verdict::Approve).await
    }

    /// The agent's call comes to the gate, which waits for a moment.
    pub async fn passes(&self, action: &Action) -> Result<Held, HoldError> {
        self.passes_under(action, &self.roster()).await
    }

    pub async fn passes_under(
        &self,
        action: &Action,
        reviewers: &LiveRoster,
    ) -> Result<Held, HoldError> {
        let beside = self.path("store.db");
        let queue = Queue { store: &*self.store, beside: &beside, reviewers };
        let until = tokio::time::Instant::now() + Duration::from_millis(200);
        gate::hold(queue, action, until).await
    }

    /// What the gate says to an action whose answer is no approval.
    pub async fn refusal(&self, action: &Action) -> String {
        match self.passes(action).await {
            Err(error @ HoldError::NotAgreed(_)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    }

    /// Somebody with a hand on the store writes these decisions, and an order that says so.
    pub async fn writes(&self, action: &Action, decisions: &[Decision]) {
        let (last, first) = decisions.split_last().unwrap();
        for decision in first {
            self.store.decide(decision, &order(action), &|_| false).await.unwrap();
        }
        self.store.decide(last, &order(action), &|_| true).await.unwrap();
    }

    /// An approval that this key signs in this name, without asking whether it may.
    pub fn signed(&self, agent: &str, key: &str, name: &str, action: &Action) -> Decision {
        let mut decision = unsigned(action, name);
        let roster = self.roster().now().digest();
        let policy = action.ruling.as_ref().map(|ruling| ruling.policy);
        let expires = decision.at + jiff::SignedDuration::from_mins(30);
        let statement = state(&decision, policy, roster, expires).unwrap();
        let choice = KeyChoice::read(self.path(&format!("{key}.pub")).to_str().unwrap()).unwrap();
        let agent = trust::Agent::at(&self.agents[agent].socket);
        let signed = sign(&agent, &choice, &statement, Signing::Signed, None).unwrap();
        decision.signed = Some(signed);
        decision
    }

    /// The decisions on an action, oldest first.
    pub async fn decisions(&self, action: &Action) -> Vec<Decision> {
        self.row(&action.id).await.decisions
    }

    /// What `ssh-keygen` says of a decision, with nothing of ours.
    pub fn is_good_for_openssh(&self, decision: &Decision) -> bool {
        let signed = decision.signed.as_ref().unwrap();
        fs::write(self.path("statement.sig"), &signed.signature).unwrap();
        fs::write(self.path("statement"), &signed.statement).unwrap();
        let text = fs::File::open(self.path("statement")).unwrap();
        quiet("ssh-keygen")
            .args(["-Y", "verify", "-n", "countersign-decision@v1", "-I"])
            .arg(decision.reviewer.0.raw())
            .arg("-f")
            .arg(self.path("allowed_signers"))
            .arg("-s")
            .arg(self.path("statement.sig"))
            .stdin(text)
            .status()
            .unwrap()
            .success()
    }
}

pub fn signed_by_two() -> Ruling {
    let ruling = held(2, &["senior"]);
    let Leave::Held(requirement) = ruling.leave else { panic!("held") };
    let requirement = Requirement { signing: Signing::Signed, ..requirement };
    Ruling { leave: Leave::Held(requirement), ..ruling }
}

/// The same, by another policy.
pub fn under_policy(version: u64) -> Ruling {
    let ruling = signed_by_two();
    Ruling { policy: PolicyId { version, ..ruling.policy }, ..ruling }
}

/// An order as somebody would write it.
pub fn order(action: &Action) -> Order {
    let (Subject::Call { nonce, .. } | Subject::Command { nonce, .. }) = &action.subject else {
        panic!("not at a gate")
    };
    Order {
        id: OrderId::derive(&[action.id.as_str(), "by hand"]),
        source: action.source.clone(),
        kind: OrderKind::AnswerCommand {
            nonce: nonce.clone(),
            verdict: Verdict::Approve,
            reason: Untrusted::default(),
        },
        action: Some(action.id.clone()),
        credential: None,
        by: "ines".into(),
        reason: Untrusted::default(),
        at: Timestamp::now(),
    }
}

/// An approval without a signature.
pub fn unsigned(action: &Action, name: &str) -> Decision {
    Decision {
        action: action.id.clone(),
        digest: action.digest().unwrap(),
        verdict: Verdict::Approve,
        reviewer: Reviewer(name.into()),
        reason: Untrusted::default(),
        at: Timestamp::now(),
        signed: None,
    }
}

/// A decision as it would look on another action.
pub fn moved(decision: &Decision, to: &Action) -> Decision {
    Decision { action: to.id.clone(), digest: to.digest().unwrap(), ..decision.clone() }
}

/// Whether a text says all of this.
#[track_caller]
pub fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
}

pub fn is_passed(held: &Result<Held, HoldError>) -> bool {
    matches!(held, Ok(Held::Passed { .. }))
}
