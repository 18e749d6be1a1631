//! The last stretch of every order: sent once, answered, written down.

use super::Review;
use crate::{
    domain::{
        ActionId, Digest, Fate, Order, OrderId, OrderKind, OrderState, Outcome, Receipt,
        SourceFault, Subject, Untrusted,
    },
    sources::Source,
    store::{OrderRow, StoreError},
    text::SafeText,
};
use jiff::{SignedDuration, Timestamp};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long each step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Reading an action again, or making a preview.
    pub read: Duration,
    /// Carrying an order out. After that nobody knows what happened, and `recover` asks.
    pub carry_out: Duration,
    /// How long `decide` waits for a process at the gate to take its answer.
    pub gate: Duration,
    /// Age at which an order without a receipt counts as left behind by a crash. Has to be longer
    /// than `carry_out`, or an order would be given up while it is on its way.
    pub left_behind: Duration,
    /// How long after a lost answer the source is asked what happened: the request may still be
    /// under way there.
    pub lost_answer: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            read: Duration::from_secs(30),
            carry_out: Duration::from_mins(1),
            gate: Duration::from_secs(2),
            left_behind: Duration::from_mins(2),
            lost_answer: Duration::from_secs(30),
        }
    }
}

/// An order was sent, and what came back could not be written down.
#[derive(Debug, thiserror::Error)]
#[error(
    "order {order} was answered ({answer}), but that could not be written down: {why}. It is looked up at the source once the store works again"
)]
pub struct NotKept {
    /// Which order.
    pub order: OrderId,
    /// What came back.
    pub answer: String,
    /// Why it could not be kept.
    pub why: StoreError,
}

impl Review {
    /// Sends an order that is written down, and writes down what came back. Runs to its end even
    /// when the caller goes away, because nothing can call a request back.
    pub(super) async fn carry(
        &self,
        source: Arc<dyn Source>,
        order: Order,
    ) -> Result<Receipt, NotKept> {
        let review = self.clone();
        let id = order.id.clone();
        let task = tokio::spawn(async move {
            let receipt = review.send(source.as_ref(), &order).await;
            review.keep(receipt).await
        });
        match task.await {
            Ok(kept) => kept,
            // The task died between intent and receipt, exactly like a crash: recover clears it up.
            Err(error) => Ok(Receipt {
                order: id,
                outcome: Outcome::Unknown,
                answer: Untrusted::new(format!("sending it stopped midway: {error}")),
                at: self.store.now(),
            }),
        }
    }

    async fn send(&self, source: &dyn Source, order: &Order) -> Receipt {
        let answer = |outcome, answer: String| Receipt {
            order: order.id.clone(),
            outcome,
            answer: Untrusted::new(answer),
            at: self.store.now(),
        };
        match timeout(self.timing.carry_out, source.carry_out(order)).await {
            Ok(Ok(receipt)) => receipt,
            Ok(Err(fault)) => {
                answer(Outcome::Refused, format!("nothing was sent: {}", told(&fault)))
            }
            Err(_) => answer(
                Outcome::Unknown,
                format!("no answer within {} s", self.timing.carry_out.as_secs()),
            ),
        }
    }

    /// Writing a receipt down is safe to repeat, unlike sending.
    async fn keep(&self, receipt: Receipt) -> Result<Receipt, NotKept> {
        let mut tries = 3;
        loop {
            match self.store.settle(&receipt.order, &receipt).await {
                Ok(()) => return Ok(receipt),
                Err(StoreError::Locked { .. }) if tries > 1 => tries -= 1,
                Err(why) => {
                    return Err(NotKept {
                        order: receipt.order,
                        answer: SafeText::line(&receipt.answer).to_string(),
                        why,
                    });
                }
            }
        }
    }

    /// Clears up what a crash or a lost answer left: asks each source what became of its orders,
    /// and never sends anything again. Answers how many were settled.
    pub async fn recover(&self) -> Result<u32, StoreError> {
        let mut settled = 0;
        let mut silent = HashSet::new();
        for row in self.store.orders(true).await? {
            // A source that just did not answer would only keep the others' orders waiting.
            if !self.is_left_behind(&row) || silent.contains(&row.order.source) {
                continue;
            }
            match self.clear_up(&row).await? {
                Cleared::Settled => settled += 1,
                Cleared::Open => {}
                Cleared::Silent => {
                    silent.insert(row.order.source);
                }
            }
        }
        Ok(settled)
    }

    fn is_left_behind(&self, row: &OrderRow) -> bool {
        let (since, wait) = match (row.state, &row.receipt) {
            (OrderState::Unknown, Some(receipt)) => (receipt.at, self.timing.lost_answer),
            // From when the gate took it: an approval may have waited long for its agent.
            _ => (row.taken.unwrap_or(row.order.at), self.timing.left_behind),
        };
        // A clock that was set back must not keep an order open for ever, and a second's correction
        // must not give up one that is on its way.
        let age = self.store.now().duration_since(since).abs();
        age >= SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)
    }

    async fn clear_up(&self, row: &OrderRow) -> Result<Cleared, StoreError> {
        let order = &row.order;
        if let OrderKind::AnswerCommand { .. } = order.kind {
            return self.clear_up_command(row).await;
        }
        let Some(source) = self.source(&order.source) else { return Ok(Cleared::Open) };
        let fate = timeout(self.timing.read, source.fate(order)).await;
        let (outcome, answer) = match fate {
            Ok(Ok(Fate::Done)) => (Outcome::Done, "asked afterwards: it took effect"),
            Ok(Ok(Fate::NotDone)) => (Outcome::Refused, "asked afterwards: it did not happen"),
            Ok(Ok(Fate::Unknown)) if row.state == OrderState::Intended => {
                (Outcome::Unknown, "the source cannot tell whether it happened; look there")
            }
            // Asked again later, without filling the history with the same line.
            Ok(Ok(Fate::Unknown)) => return Ok(Cleared::Open),
            Ok(Err(_)) | Err(_) => return Ok(Cleared::Silent),
        };
        self.settle_afterwards(order, outcome, answer).await
    }

    /// A waiting process asks several times a second. One that took no answer all this time is
    /// gone, and its answer is withdrawn; one that took it and never confirmed may have run. The
    /// approval of a call waits for the agent to come again, until its time is over.
    async fn clear_up_command(&self, row: &OrderRow) -> Result<Cleared, StoreError> {
        let Some(action) = &row.order.action else { return Ok(Cleared::Open) };
        if row.state == OrderState::Unknown {
            return Ok(Cleared::Open);
        }
        if row.taken.is_none() && self.is_call(action).await? {
            return Ok(Cleared::Open);
        }
        // Taking it here is what keeps a process that wakes up late from taking it afterwards.
        let (outcome, answer) = if self.store.take_answer(action).await?.is_some() {
            (Outcome::Refused, "no process took the answer in time; it is withdrawn")
        } else {
            (Outcome::Unknown, "the process took the answer and never said what became of it")
        };
        self.settle_afterwards(&row.order, outcome, answer).await
    }

    async fn is_call(&self, action: &ActionId) -> Result<bool, StoreError> {
        let found = self.store.action(action).await?;
        Ok(found.is_some_and(|(row, _)| matches!(row.subject, Subject::Call { .. })))
    }

    async fn settle_afterwards(
        &self,
        order: &Order,
        outcome: Outcome,
        answer: &str,
    ) -> Result<Cleared, StoreError> {
        let receipt = Receipt {
            order: order.id.clone(),
            outcome,
            answer: Untrusted::new(answer),
            at: self.store.now(),
        };
        self.store.settle(&order.id, &receipt).await?;
        Ok(if outcome == Outcome::Unknown { Cleared::Open } else { Cleared::Settled })
    }
}

/// How far clearing up one order came.
enum Cleared {
    /// Its fate is known now.
    Settled,
    /// It stays open.
    Open,
    /// Its source did not answer.
    Silent,
}

/// A fault with the server's own words, for a receipt.
pub(super) fn told(fault: &SourceFault) -> String {
    if fault.detail.is_empty() {
        return fault.to_string();
    }
    format!("{fault}: {}", fault.detail.raw())
}

/// A fresh order id for a thing; the nonce keeps two orders for one thing apart.
pub(super) fn order_id(about: &str) -> OrderId {
    let mut nonce = [0_u8; 16];
    // Without system randomness the clock still keeps ids apart, and the store refuses a repeat.
    if getrandom::fill(&mut nonce).is_err() {
        nonce = Timestamp::now().as_nanosecond().to_be_bytes();
    }
    OrderId::derive(&[about, &Digest::of_bytes(&nonce).hex()])
}

/// What a source that did not answer in time is told to have done.
pub(super) fn too_slow(during: &str, wait: Duration) -> SourceFault {
    let detail = format!("no answer within {} s", wait.as_secs());
    SourceFault::new(crate::domain::FaultKind::Timeout, during, detail)
}
