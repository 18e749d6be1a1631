//! `kill -9` at any moment of a held action: never run without approval, never twice, no decision
//! lost, and the queue gets along without a person.
//!
//! Every round kills one process: a gate that runs a command, a hook that holds a call, a reviewer's
//! `approve` or `reject`, a console in which somebody types, a look at the queue. When, is random: some time after it was
//! started, after its request was seen, or after the deciding approval.

use super::{
    approve,
    console::Desk,
    is_open, row, runs,
    scene::{Scene, Victim, allows, by_robin},
};
use crate::support::program::Ran;
use countersign::{
    domain::{ActionState, OrderKind, OrderState, Outcome, Receipt, Subject, Verdict},
    store::{ActionRow, OrderRow, Store},
};
use jiff::Timestamp;
use std::time::Duration;
use tokio::{task::block_in_place, time::sleep};

/// Homes, each with a store and rounds of its own, side by side.
const HOMES: u64 = 4;
/// Kills in each.
const ROUNDS: u64 = 57;

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

/// One home, and its dice.
struct Rounds {
    scene: Scene,
    dice: Dice,
}

impl Rounds {
    /// Kills a process at one of three kinds of moments, with or without approvals before.
    async fn kill(&mut self, child: Victim, name: &str) -> Ran {
        match self.dice.below(3) {
            0 => self.dice.pause(150).await,
            moment => {
                let there = self.scene.seen(&child, name).await;
                if let (Some(row), true) = (&there, moment == 2) {
                    self.scene.approved_by_all(row).await;
                    self.dice.pause(150).await;
                } else {
                    self.dice.pause(20).await;
                }
            }
        }
        child.kill().await
    }

    /// A gate that runs a command.
    async fn gate(&mut self, name: &str) {
        let child = Victim::of(self.scene.gate(name));
        self.kill(child, name).await;
    }

    /// A hook that holds a call; its agent makes the same call again. Whatever way it goes, no
    /// approval lets two calls pass.
    async fn agent(&mut self, name: &str) {
        let child = self.scene.call(self.scene.hook(), name);
        let mut passed = usize::from(allows(&self.kill(child, name).await));
        let again = self.scene.call(self.scene.hook(), name);
        // What waits first may be what the other one died with; it is asked anew later.
        self.scene.approved_until_ended(&again, name).await;
        let ran = again.end().await;
        passed += usize::from(allows(&ran));
        let used = self.scene.used(name).await;
        assert!(passed <= used, "{passed} passed with {used} approvals used: {ran:?}");
    }

    /// An `approve` that is killed: what it said it did is done, and to say it again is harmless.
    async fn reviewer(&mut self, name: &str) {
        let action = self.scene.ask(name).await;
        let shown = row(&self.scene.store, &action.id).await;
        let child = Victim::of(self.scene.decide("approve", &shown));
        self.dice.pause(250).await;
        let ran = child.kill().await;
        let kept = by_robin(&row(&self.scene.store, &action.id).await);
        assert!(kept <= 1);
        assert!(!ran.stdout.contains("counted") || kept == 1, "lost: {ran:?}");
        let again = Victim::of(self.scene.decide("approve", &shown)).end().await;
        assert_eq!(again.status, 75, "{again:?}");
        assert_eq!(by_robin(&row(&self.scene.store, &action.id).await), 1);
        assert!(
            self.scene.store.take_answer(&action.id).await.unwrap().is_none(),
            "one is not enough"
        );
        self.scene.approved_by_all(&shown).await;
        let order = self.scene.store.take_answer(&action.id).await.unwrap().unwrap();
        assert!(self.scene.store.take_answer(&action.id).await.unwrap().is_none(), "once");
        let answer = "passed".into();
        let at = Timestamp::now();
        let receipt = Receipt { order: order.id.clone(), outcome: Outcome::Done, answer, at };
        self.scene.store.settle(&order.id, &receipt).await.unwrap();
    }

    /// A `reject` of a waiting command, killed; then another that is not. It never runs.
    async fn refuser(&mut self, name: &str) {
        let gate = Victim::of(self.scene.gate(name));
        let shown = self.scene.seen(&gate, name).await.unwrap();
        let child = Victim::of(self.scene.decide("reject", &shown));
        self.dice.pause(250).await;
        child.kill().await;
        Victim::of(self.scene.decide("reject", &shown)).end().await;
        let ended = gate.end().await;
        assert_eq!(ended.status, 77, "{ended:?}");
        assert_eq!(runs(&self.scene.program, name), 0);
        assert_eq!(row(&self.scene.store, &shown.id).await.state, ActionState::Rejected);
    }

    /// A look at the queue that clears up after others, killed.
    async fn looker(&mut self, name: &str) {
        self.scene.ask(name).await;
        let child = Victim::of(self.scene.program.command(&["queue", "--poll"]));
        self.dice.pause(250).await;
        child.kill().await;
    }

    /// A console at whose keys Robin approves a waiting command, killed; the others agree then. It
    /// runs once.
    async fn console(&mut self, name: &str) {
        let gate = Victim::of(self.scene.gate(name));
        let shown = self.scene.seen(&gate, name).await.unwrap();
        let last = self.dice.below(2) == 0;
        if last {
            approve(&self.scene.reviewers[0], &shown).await;
        }
        let pause = Duration::from_millis(self.dice.below(150));
        let before_enter = self.dice.below(4) == 0;
        let said = block_in_place(|| {
            let mut desk = Desk::open(&self.scene.program, None);
            desk.opens(name);
            if !before_enter {
                desk.confirms();
            }
            std::thread::sleep(pause);
            desk.kill()
        });
        let kept = by_robin(&row(&self.scene.store, &shown.id).await);
        assert!(kept <= usize::from(!before_enter), "{kept}");
        let told = said.contains("Approved ") || said.contains("Counted for");
        assert!(!told || kept == 1, "lost:\n{said}");
        self.scene.approved_until_ended(&gate, name).await;
        let ended = gate.end().await;
        assert_eq!(ended.status, 0, "{ended:?}");
        assert_eq!(runs(&self.scene.program, name), 1);
        assert_eq!(by_robin(&row(&self.scene.store, &shown.id).await), kept, "lost later");
    }

    async fn round(&mut self, number: u64) {
        let name = format!("r{number}");
        println!("{} {name} {}", self.scene.program.path("").display(), number % 5);
        if number % 11 == 5 {
            return self.console(&name).await;
        }
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
        self.scene.looked_at().await;
        for row in self.scene.store.actions(true).await.unwrap() {
            self.is_right(&row, self.scene.order(&row).await.as_ref());
        }
    }

    /// How many commands ran at all.
    fn ran(&self) -> usize {
        let ran = std::fs::read_to_string(self.scene.program.path("ran")).unwrap_or_default();
        ran.lines().count()
    }

    fn is_right(&self, row: &ActionRow, order: Option<&OrderRow>) {
        let Subject::Command { argv, .. } = &row.subject else {
            let stuck =
                row.state == ActionState::Deciding && order.is_some_and(|o| o.taken.is_some());
            assert!(!stuck, "{row:?}");
            return;
        };
        assert!(!is_open(row.state), "nobody waits for it any more: {row:?}");
        let name = argv.last().unwrap().raw();
        let ran = runs(&self.scene.program, name);
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
                    let dice = Dice(seed.wrapping_mul(31).wrapping_add(home));
                    let mut rounds = Rounds { scene: Scene::new().await, dice };
                    for number in 0..ROUNDS {
                        rounds.round(number).await;
                    }
                    rounds.aftermath().await;
                    rounds.ran()
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
