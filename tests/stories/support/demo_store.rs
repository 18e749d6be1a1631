//! A store in memory, as small as the gate needs it, that can be told to fail.

use async_trait::async_trait;
use countersign::{
    domain::{
        Action, ActionId, ActionState, Activity, CredentialId, Decision, Digest, Observation,
        Order, OrderId, OrderKind, OrderState, Outcome, Receipt, Reviewer, SourceFault, SourceKind,
        SourceName, SourceState, Subject, Untrusted, Verdict,
    },
    store::{
        ActionRow, CredentialRow, Intent, IntentError, OrderRow, PollSummary, Store, StoreError,
    },
};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

#[derive(Default)]
struct State {
    actions: BTreeMap<ActionId, (Action, ActionState, Vec<Decision>)>,
    orders: Vec<(OrderRow, bool)>,
    lines: Vec<Activity>,
}

/// What is kept, and whether it answers at all.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    version: AtomicI64,
    failing: AtomicBool,
}

impl MemoryStore {
    pub fn fail(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        if self.failing.load(Ordering::SeqCst) {
            return Err(StoreError::Database("switched off by the test".to_owned()));
        }
        Ok(self.state.lock().unwrap())
    }

    fn touch(&self) {
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    pub fn all_actions(&self) -> Vec<(Action, ActionState)> {
        let state = self.state.lock().unwrap();
        state.actions.values().map(|(action, state, _)| (action.clone(), *state)).collect()
    }

    pub fn all_orders(&self) -> Vec<OrderRow> {
        self.state.lock().unwrap().orders.iter().map(|(row, _)| row.clone()).collect()
    }

    pub fn all_lines(&self) -> Vec<Activity> {
        self.state.lock().unwrap().lines.clone()
    }

    /// A reviewer answers a waiting command, having seen `digest`.
    pub fn answer(&self, action: &Action, digest: Digest, verdict: Verdict, reason: &str) {
        let Subject::Command { nonce, .. } = &action.subject else { panic!("not a command") };
        self.answer_as(action, digest, verdict, reason, nonce);
    }

    /// The same with a nonce of the test's choice.
    pub fn answer_as(
        &self,
        action: &Action,
        digest: Digest,
        verdict: Verdict,
        reason: &str,
        nonce: &str,
    ) {
        let order = Order {
            id: OrderId::derive(&[action.id.as_str(), nonce]),
            source: action.source.clone(),
            kind: OrderKind::AnswerCommand {
                nonce: nonce.to_owned(),
                verdict,
                reason: Untrusted::new(reason),
            },
            action: Some(action.id.clone()),
            credential: None,
            by: Untrusted::new("imogen"),
            reason: Untrusted::new(reason),
            at: Timestamp::now(),
        };
        let decision = Decision {
            action: action.id.clone(),
            digest,
            verdict,
            reviewer: Reviewer(Untrusted::new("imogen")),
            reason: Untrusted::new(reason),
            at: Timestamp::now(),
        };
        let mut state = self.state.lock().unwrap();
        let entry = state.actions.get_mut(&action.id).unwrap();
        entry.1 = ActionState::Deciding;
        entry.2.push(decision);
        let row = OrderRow { order, state: OrderState::Intended, receipt: None };
        state.orders.push((row, false));
        drop(state);
        self.touch();
    }
}

fn row(action: &Action, state: ActionState, decisions: &[Decision]) -> ActionRow {
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
        state,
        additions: 0,
        deletions: 0,
        files: 0,
        checks: (0, 0, 0),
        first_seen: action.opened,
        last_seen: action.opened,
        stale: false,
        decisions: decisions.to_vec(),
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn version(&self) -> Result<i64, StoreError> {
        let _open = self.state()?;
        Ok(self.version.load(Ordering::SeqCst))
    }

    async fn register(&self, _: &SourceName, _: SourceKind) -> Result<(), StoreError> {
        Ok(())
    }

    async fn record_poll(
        &self,
        _: &SourceName,
        _: &Observation,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<PollSummary, StoreError> {
        Ok(PollSummary::default())
    }

    async fn record_fault(
        &self,
        _: &SourceName,
        _: &SourceFault,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    async fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        Ok(Vec::new())
    }

    async fn actions(&self, closed: bool) -> Result<Vec<ActionRow>, StoreError> {
        let state = self.state()?;
        let open = |state: ActionState| {
            closed || matches!(state, ActionState::Pending | ActionState::Deciding)
        };
        Ok(state
            .actions
            .values()
            .filter(|(_, state, _)| open(*state))
            .map(|(action, state, decisions)| row(action, *state, decisions))
            .collect())
    }

    async fn action(&self, id: &ActionId) -> Result<Option<(ActionRow, Action)>, StoreError> {
        let state = self.state()?;
        Ok(state
            .actions
            .get(id)
            .map(|(action, state, decisions)| (row(action, *state, decisions), action.clone())))
    }

    async fn put_action(&self, action: &Action, _: Timestamp) -> Result<(), StoreError> {
        let mut state = self.state()?;
        let entry = (action.clone(), ActionState::Pending, Vec::new());
        state.actions.insert(action.id.clone(), entry);
        drop(state);
        self.touch();
        Ok(())
    }

    async fn end_action(&self, id: &ActionId, _: &str, _: Timestamp) -> Result<(), StoreError> {
        let mut state = self.state()?;
        if let Some(entry) = state.actions.get_mut(id) {
            entry.1 = ActionState::Gone;
        }
        drop(state);
        self.touch();
        Ok(())
    }

    async fn credentials(&self, _: bool) -> Result<Vec<CredentialRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn credential(&self, _: &CredentialId) -> Result<Option<CredentialRow>, StoreError> {
        Ok(None)
    }

    async fn intend(&self, _: &Intent) -> Result<(), IntentError> {
        unreachable!("the gate writes no decisions")
    }

    async fn settle(&self, id: &OrderId, receipt: &Receipt) -> Result<(), StoreError> {
        let mut state = self.state()?;
        let (found, _) = state.orders.iter_mut().find(|(row, _)| &row.order.id == id).unwrap();
        assert!(found.receipt.is_none(), "one order has one receipt");
        found.receipt = Some(receipt.clone());
        found.state = match receipt.outcome {
            Outcome::Done => OrderState::Done,
            Outcome::Refused => OrderState::Refused,
            Outcome::Unknown => OrderState::Unknown,
        };
        drop(state);
        self.touch();
        Ok(())
    }

    async fn orders(&self, _: bool) -> Result<Vec<OrderRow>, StoreError> {
        Ok(self.all_orders())
    }

    async fn order(&self, id: &OrderId) -> Result<Option<OrderRow>, StoreError> {
        Ok(self.all_orders().into_iter().find(|row| &row.order.id == id))
    }

    async fn take_answer(&self, action: &ActionId) -> Result<Option<Order>, StoreError> {
        let mut state = self.state()?;
        let waiting = state
            .orders
            .iter_mut()
            .find(|(row, taken)| !taken && row.order.action.as_ref() == Some(action));
        Ok(waiting.map(|(row, taken)| {
            *taken = true;
            row.order.clone()
        }))
    }

    async fn activity(&self, _: u32, _: Option<i64>) -> Result<Vec<Activity>, StoreError> {
        Ok(self.all_lines())
    }

    async fn note(&self, line: &Activity) -> Result<(), StoreError> {
        self.state()?.lines.push(line.clone());
        self.touch();
        Ok(())
    }
}
