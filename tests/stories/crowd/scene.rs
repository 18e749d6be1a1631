//! One home with a store, its reviewers, and processes in it that can be killed.

use super::{REVIEWERS, approve, home, reviewer, row};
use crate::support::{
    desk::quick,
    memory::call,
    program::{Program, Ran, wait},
};
use countersign::{
    domain::{Action, Confirm, Leave, OrderState, Requirement, Ruling, Signing},
    gate::{GateSource, host_name},
    policy::{Policy, unsigned_text},
    review::{Poller, Review},
    store::{ActionRow, OrderRow, SqliteStore, Store},
};
use std::{
    io::Write as _,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// Makes a process stop for good at the step it names.
pub(super) const HALT: &str = "COUNTERSIGN_TEST_HALT";

/// Longer than anything may take here.
const PATIENCE: Duration = Duration::from_mins(1);

/// One home: its store as reviewers have it open.
pub(super) struct Scene {
    pub program: Program,
    pub store: Arc<SqliteStore>,
    pub reviewers: [Review; 2],
}

fn is_about(row: &ActionRow, name: &str) -> bool {
    row.title.raw().split(' ').any(|word| word == name)
}

impl Scene {
    pub async fn new() -> Self {
        let program = home();
        let store = Arc::new(program.store().await);
        let reviewers = REVIEWERS.map(|name| reviewer(&store, name));
        Self { program, store, reviewers }
    }

    /// What waits and mentions a name.
    pub async fn waiting(&self, name: &str) -> Option<ActionRow> {
        let rows = self.store.actions(false).await.unwrap();
        rows.into_iter().find(|row| is_about(row, name))
    }

    /// Everything that was ever asked and mentions a name, oldest first.
    pub async fn asked(&self, name: &str) -> Vec<ActionRow> {
        let mut rows = self.store.actions(true).await.unwrap();
        rows.retain(|row| is_about(row, name));
        rows.sort_by_key(|row| row.opened);
        rows
    }

    /// The order about an action; there is never more than one.
    pub async fn order(&self, row: &ActionRow) -> Option<OrderRow> {
        let mut orders = self.store.orders(false).await.unwrap();
        orders.retain(|order| order.order.action.as_ref() == Some(&row.id));
        assert!(orders.len() <= 1, "{orders:?}");
        orders.pop()
    }

    pub async fn approved_by_all(&self, row: &ActionRow) {
        for review in &self.reviewers {
            approve(review, row).await;
        }
    }

    /// Everybody approves whatever waits with this name, until the process has ended.
    pub async fn approved_until_ended(&self, child: &Victim, name: &str) {
        while !child.has_ended() {
            if let Some(row) = self.waiting(name).await {
                self.approved_by_all(&row).await;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// The request of a process, unless it ended before it asked.
    pub async fn seen(&self, child: &Victim, name: &str) -> Option<ActionRow> {
        for _ in 0..2000 {
            if let Some(row) = self.waiting(name).await {
                return Some(row);
            }
            if child.has_ended() {
                return None;
            }
            sleep(Duration::from_millis(3)).await;
        }
        panic!("{name} never asked");
    }

    /// A gate that is to run a command.
    pub fn gate(&self, name: &str) -> Command {
        self.program.command(&["gate", "exec", "--tool", "claude-code", "--", "./deploy", name])
    }

    /// A hook that is to be asked about a call.
    pub fn hook(&self) -> Command {
        self.program.command(&["gate", "hook", "claude-code"])
    }

    /// Asks a hook.
    pub fn call(&self, mut hook: Command, name: &str) -> Victim {
        let payload = serde_json::json!({
            "session_id": "s", "cwd": self.program.path(""), "hook_event_name": "PreToolUse",
            "tool_name": "Bash", "tool_input": { "command": format!("./deploy {name}") },
        });
        let mut child = hook.stdin(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(payload.to_string().as_bytes());
        Victim(child)
    }

    /// A call of an agent that is not there now.
    pub async fn ask(&self, name: &str) -> Action {
        let ruling = Ruling {
            policy: Policy::parse(&unsigned_text(), "unsigned.cedar").unwrap().id(),
            tier: "destructive".into(),
            leave: Leave::Held(Requirement {
                approvals: 2,
                from: vec!["senior".into()],
                expires: 1800,
                run_within: 1800,
                confirm: Confirm::Key,
                signing: Signing::Unsigned,
            }),
            rules: Vec::new(),
        };
        let action = Action { ruling: Some(ruling), ..call(&format!("./deploy {name}"), name) };
        self.store.ask(&action, action.opened).await.unwrap();
        action
    }

    /// Robin's decision, by a command.
    pub fn decide(&self, verdict: &str, row: &ActionRow) -> Command {
        let digest = row.digest.to_string();
        let words = [verdict, row.id.as_str(), "--digest", &digest, "--reason", "so", "--json"];
        self.program.command(&words)
    }

    /// Somebody looks at the gates of this host, which clears up after what was killed.
    pub async fn looked_at(&self) {
        let source = GateSource::new(Arc::clone(&self.store) as Arc<dyn Store>, &host_name());
        let store = Arc::clone(&self.store) as Arc<dyn Store>;
        let who = self.reviewers[0].reviewer().clone();
        let review = Review::new(store, vec![Arc::new(source)], who).with_timing(quick());
        let poller = Poller::new(review, Duration::from_mins(1), Duration::from_secs(30));
        poller.once().await;
    }

    /// How many approvals of calls with a name were used up.
    pub async fn used(&self, name: &str) -> usize {
        let mut used = 0;
        for order in self.store.orders(false).await.unwrap() {
            let Some(id) = &order.order.action else { continue };
            let row = row(&self.store, id).await;
            let agreed = !row.behind(&order.order.id).is_empty();
            used += usize::from(is_about(&row, name) && agreed && order.state == OrderState::Done);
        }
        used
    }
}

/// Whether a hook let its call through.
pub(super) fn allows(ran: &Ran) -> bool {
    ran.stdout.contains("\"allow\"")
}

/// How often Robin decided.
pub(super) fn by_robin(row: &ActionRow) -> usize {
    row.decisions.iter().filter(|one| one.reviewer.0.raw() == "robin").count()
}

/// A process that is going to be killed, or waited for.
pub(super) struct Victim(pub Child);

impl Victim {
    /// Starts it.
    pub fn of(mut command: Command) -> Self {
        Self(command.spawn().unwrap())
    }

    /// Starts it so that it stops at a step.
    pub fn halting(mut command: Command, step: &str) -> Self {
        command.env(HALT, step);
        Self::of(command)
    }

    fn state(&self) -> char {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()));
        let stat = stat.unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next()).unwrap_or('Z')
    }

    pub fn has_ended(&self) -> bool {
        // A zombie still has its number; its state says that it is over.
        self.state() == 'Z'
    }

    /// Waits until it has come to the step it is to stop at.
    pub async fn until_it_halts(&self) {
        let end = Instant::now() + PATIENCE;
        while self.state() != 'T' {
            assert!(!self.has_ended(), "it ended before it came to that step");
            assert!(Instant::now() < end, "it never came to that step");
            sleep(Duration::from_millis(3)).await;
        }
    }

    pub async fn kill(mut self) -> Ran {
        // One that has ended by itself cannot be killed.
        let _ = self.0.kill();
        self.end().await
    }

    pub async fn end(self) -> Ran {
        tokio::task::spawn_blocking(move || wait(self.0)).await.unwrap()
    }
}
