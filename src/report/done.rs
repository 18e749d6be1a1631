//! What became of an order.

use super::{Cell, Ink, Page, Report, words};
use crate::domain::{Outcome, Receipt};
use serde::Serialize;

/// A receipt, with what it is for.
pub struct Done<'a> {
    command: &'static str,
    about: String,
    receipt: &'a Receipt,
}

impl<'a> Done<'a> {
    /// What `command` did to `about`.
    pub fn new(command: &'static str, about: impl ToString, receipt: &'a Receipt) -> Self {
        Self { command, about: about.to_string(), receipt }
    }
}

impl Report for Done<'_> {
    fn human(&self, ink: Ink) -> String {
        Page::new()
            .field(self.command, Cell::own(&self.about))
            .field("outcome", words::outcome(self.receipt.outcome))
            .field("answer", Cell::outside(&self.receipt.answer))
            .field("order", Cell::own(self.receipt.order.as_str()))
            .field("at", Cell::own(words::moment(self.receipt.at)))
            .text(ink)
    }

    fn name(&self) -> &'static str {
        self.command
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { id: &self.about, outcome: self.receipt.outcome, receipt: self.receipt }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    outcome: Outcome,
    receipt: &'a Receipt,
}
