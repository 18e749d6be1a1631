//! `kill -9` at any moment of a held action: never run without approval, never twice, no decision
//! lost, and the queue gets along without a person.
//!
//! Every round kills one process: a gate that runs a command, a hook that holds a call, a reviewer's
//! `approve` or `reject`, a console-less look at the queue. When, is random: some time after it was
//! started, after its request was seen, or after the deciding approval.

use super::{REVIEWERS, approve, home, is_open, reviewer, row, runs};
use crate::support::{
    desk::quick,
    memory::call,
    program::{Program, Ran, wait},
};
use countersign::{
    domain::{
        Action, ActionState, BreakGlass, Confirm, Leave, OrderKind, OrderState, Outcome, Receipt,
        Requirement, Ruling, Signing, Subject, Verdict,
    },
    gate::{GateSource, host_name},
    policy::{Policy, unsigned_text},
    review::{Poller, Review},
    store::{ActionRow, SqliteStore, Store},
};
use jiff::Timestamp;
use std::{
    io::Write as _,
    process::{Child, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::time::sleep;

/// Homes, each with a store and rounds of its own, side by side.
const HOMES: u64 = 4;
/// Kills in each.
const ROUNDS: u64 = 55;

/// Numbers that can be had again by their seed.
struct Dice(u64);

impl Dice {
    /// `splitmix64`, <https://prng.di.unimi.it/splitmix64.c>.
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// A pause of up to so many milliseconds, in steps of a tenth.
    async fn pause(&mut self, longest: u64) {
        sleep(Duration::from_micros(100 * self.below(longest * 10))).await;
    }
}

/// One home: its store as reviewers have it open, and its dice.
struct Scene {
    program: Program,
    store: Arc<SqliteStore>,
    reviewers: [Review; 2],
    dice: Dice,
}

impl Scene {
    async fn new(seed: u64) -> Self {
        let program = home();
        let store = Arc::new(program.store().await);
        let reviewers = REVIEWERS.map(|name| reviewer(&store, name));
        Self { program, store, reviewers, dice: Dice(seed) }
    }

    /// What waits and mentions a name.
    async fn waiting(&self, name: &str) -> Option<ActionRow> {
        let rows = self.store.actions(false).await.unwrap();
        rows.into_iter().find(|row| row.title.raw().split(' ').any(|word| word == name))
    }

    async fn approved_by_all(&self, row: &ActionRow) {
        for review in &self.reviewers {
            approve(review, row).await;
        }
    }

    /// Kills a process at one of three kinds of moments, with or without approvals before.
    async fn kill(&mut self, child: Child, name: &str) -> Ran {
        let child = Victim(child);
        match self.dice.below(3) {
            0 => self.dice.pause(150).await,
            moment => {
                let there = self.seen(&child, name).await;
                if let (Some(row), true) = (&there, moment == 2) {
                    self.approved_by_all(row).await;
                    self.dice.pause(150).await;
                } else {
                    self.dice.pause(20).await;
                }
            }
        }
        child.kill().await
    }

    /// The request of a process, unless it ended before it asked.
    async fn seen(&self, child: &Victim, name: &str) -> Option<ActionRow> {
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

    /// A gate that runs a command.
    async fn gate(&mut self, name: &str) {
        let words = ["gate", "exec", "--tool", "claude-code", "--", "./deploy", name];
        let child = self.program.command(&words).spawn().unwrap();
        self.kill(child, name).await;
    }

    fn hook(&self, name: &str) -> Child {
        let payload = serde_json::json!({
            "session_id": "s", "cwd": self.program.path(""), "hook_event_name": "PreToolUse",
            "tool_name": "Bash", "tool_input": { "command": format!("./deploy {name}") },
        });
        let mut command = self.program.command(&["gate", "hook", "claude-code"]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(payload.to_string().as_bytes());
        child
    }

    /// A hook that holds a call; its agent makes the same call again. Whatever way it goes, no
    /// approval lets two calls pass.
    async fn agent(&mut self, name: &str) {
        let child = self.hook(name);
        let mut passed = usize::from(allows(&self.kill(child, name).await));
        let again = Victim(self.hook(name));
        // What waits first may be what the other one died with; it is asked anew later.
        while !again.has_ended() {
            if let Some(row) = self.waiting(name).await {
                self.approved_by_all(&row).await;
            }
            sleep(Duration::from_millis(20)).await;
        }
        let ran = again.end().await;
        passed += usize::from(allows(&ran));
        let mut used = 0;
        for order in self.store.orders(false).await.unwrap() {
            let Some(id) = &order.order.action else { continue };
            let row = row(&self.store, id).await;
            let ours = row.title.raw().split(' ').any(|word| word == name);
            let agreed = !row.behind(&order.order.id).is_empty();
            used += usize::from(ours && agreed && order.state == OrderState::Done);
        }
        assert!(passed <= used, "{passed} passed with {used} approvals used: {ran:?}");
    }

    /// A call of an agent that is not there now.
    async fn ask(&self, name: &str) -> Action {
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
                break_glass: BreakGlass::Touch,
            }),
            rules: Vec::new(),
        };
        let action = Action { ruling: Some(ruling), ..call(&format!("./deploy {name}"), name) };
        self.store.ask(&action, action.opened).await.unwrap();
        action
    }

    fn decide(&self, verdict: &str, row: &ActionRow) -> Child {
        let digest = row.digest.to_string();
        let words = [verdict, row.id.as_str(), "--digest", &digest, "--reason", "so", "--json"];
        self.program.command(&words).spawn().unwrap()
    }

    /// An `approve` that is killed: what it said it did is done, and to say it again is harmless.
    async fn reviewer(&mut self, name: &str) {
        let action = self.ask(name).await;
        let shown = row(&self.store, &action.id).await;
        let child = Victim(self.decide("approve", &shown));
        self.dice.pause(250).await;
        let ran = child.kill().await;
        let kept = by_robin(&row(&self.store, &action.id).await);
        assert!(kept <= 1);
        assert!(!ran.stdout.contains("counted") || kept == 1, "lost: {ran:?}");
        let again = Victim(self.decide("approve", &shown)).end().await;
        assert_eq!(again.status, 75, "{again:?}");
        assert_eq!(by_robin(&row(&self.store, &action.id).await), 1);
        assert!(self.store.take_answer(&action.id).await.unwrap().is_none(), "one is not enough");
        self.approved_by_all(&shown).await;
        let order = self.store.take_answer(&action.id).await.unwrap().unwrap();
        assert!(self.store.take_answer(&action.id).await.unwrap().is_none(), "once");
        let answer = "passed".into();
        let at = Timestamp::now();
        let receipt = Receipt { order: order.id.clone(), outcome: Outcome::Done, answer, at };
        self.store.settle(&order.id, &receipt).await.unwrap();
    }

    /// A `reject` of a waiting command, killed; then another that is not. It never runs.
    async fn refuser(&mut self, name: &str) {
        let words = ["gate", "exec", "--tool", "claude-code", "--", "./deploy", name];
        let gate = Victim(self.program.command(&words).spawn().unwrap());
        let shown = self.seen(&gate, name).await.unwrap();
        let child = Victim(self.decide("reject", &shown));
        self.dice.pause(250).await;
        child.kill().await;
        Victim(self.decide("reject", &shown)).end().await;
        let ended = gate.end().await;
        assert_eq!(ended.status, 77, "{ended:?}");
        assert_eq!(runs(&self.program, name), 0);
        assert_eq!(row(&self.store, &shown.id).await.state, ActionState::Rejected);
    }

    /// A look at the queue that clears up after others, killed.
    async fn looker(&mut self, name: &str) {
        self.ask(name).await;
        let child = Victim(self.program.command(&["queue", "--poll"]).spawn().unwrap());
        self.dice.pause(250).await;
        child.kill().await;
    }

    async fn round(&mut self, number: u64) {
        let name = format!("r{number}");
        println!("{} {name} {}", self.program.path("").display(), number % 5);
        match number % 5 {
            0 | 3 => self.gate(&name).await,
            1 => self.agent(&name).await,
            2 => self.reviewer(&name).await,
            _ if self.dice.below(2) == 0 => self.refuser(&name).await,
            _ => self.looker(&name).await,
        }
    }

    /// What holds when everybody is dead, and after somebody has looked once.
    async fn aftermath(&self) {
        sleep(Duration::from_millis(200)).await;
        let host = host_name();
        let source = Arc::new(GateSource::new(Arc::clone(&self.store) as Arc<dyn Store>, &host));
        let store = Arc::clone(&self.store) as Arc<dyn Store>;
        let review = Review::new(store, vec![source], self.reviewers[0].reviewer().clone())
            .with_timing(quick());
        let poller = Poller::new(review, Duration::from_mins(1), Duration::from_secs(30));
        poller.once().await;
        let orders = self.store.orders(false).await.unwrap();
        for row in self.store.actions(true).await.unwrap() {
            let of = |order: &&countersign::store::OrderRow| {
                order.order.action.as_ref() == Some(&row.id)
            };
            let theirs: Vec<_> = orders.iter().filter(of).collect();
            assert!(theirs.len() <= 1, "{row:?}");
            self.is_right(&row, theirs.first().copied());
        }
    }

    /// How many commands ran at all.
    fn ran(&self) -> usize {
        let ran = std::fs::read_to_string(self.program.path("ran")).unwrap_or_default();
        ran.lines().count()
    }

    fn is_right(&self, row: &ActionRow, order: Option<&countersign::store::OrderRow>) {
        let Subject::Command { argv, .. } = &row.subject else {
            let stuck =
                row.state == ActionState::Deciding && order.is_some_and(|o| o.taken.is_some());
            assert!(!stuck, "{row:?}");
            return;
        };
        assert!(!is_open(row.state), "nobody waits for it any more: {row:?}");
        let name = argv.last().unwrap().raw();
        let ran = runs(&self.program, name);
        assert!(ran <= 1, "{name} ran {ran} times");
        let agreed = order.is_some_and(|order| {
            let approves = matches!(
                order.order.kind,
                OrderKind::AnswerCommand { verdict: Verdict::Approve, .. }
            );
            approves && !row.behind(&order.order.id).is_empty()
        });
        assert!(ran == 0 || agreed, "{name} ran without an approval: {row:?}");
        let told = order.is_some_and(|o| matches!(o.state, OrderState::Done | OrderState::Unknown));
        assert!(ran == 0 || told, "{name} ran, and the store says it did not: {order:?}");
    }
}

fn allows(ran: &Ran) -> bool {
    ran.stdout.contains("\"allow\"")
}

fn by_robin(row: &ActionRow) -> usize {
    row.decisions.iter().filter(|one| one.reviewer.0.raw() == "robin").count()
}

/// A process that is going to be killed, or waited for.
struct Victim(Child);

impl Victim {
    fn has_ended(&self) -> bool {
        // A zombie still has its number; its state says that it is over.
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()));
        stat.map_or(true, |stat| stat.rsplit(')').next().unwrap_or("").starts_with(" Z"))
    }

    async fn kill(mut self) -> Ran {
        // One that has ended by itself cannot be killed.
        let _ = self.0.kill();
        self.end().await
    }

    async fn end(self) -> Ran {
        tokio::task::spawn_blocking(move || wait(self.0)).await.unwrap()
    }
}

#[test]
#[ignore = "takes most of a minute: make test"]
fn whatever_is_killed_whenever_nothing_runs_unapproved_or_twice_and_no_decision_is_lost() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 =
        seed.unwrap_or_else(|| u64::from(Timestamp::now().subsec_nanosecond().unsigned_abs()));
    println!("again with SEED={seed}");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let homes: Vec<_> = (0..HOMES)
            .map(|home| {
                tokio::spawn(async move {
                    let mut scene = Scene::new(seed.wrapping_mul(31).wrapping_add(home)).await;
                    for number in 0..ROUNDS {
                        scene.round(number).await;
                    }
                    scene.aftermath().await;
                    scene.ran()
                })
            })
            .collect();
        let mut ran = 0;
        for home in homes {
            ran += home.await.unwrap();
        }
        println!("{ran} commands ran");
        assert!(ran > 0, "killed so early that nothing was put to the test");
    });
}
