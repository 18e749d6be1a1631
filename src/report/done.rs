//! What became of an order.

use super::{Cell, Ink, Page, Report, Tone, words};
use crate::{
    domain::{OrderId, Outcome, Receipt},
    trust::Standing,
};
use serde::Serialize;

/// A command that gave an order, and the answer.
pub struct Done<'a> {
    command: &'static str,
    about: String,
    order: &'a OrderId,
    receipt: Option<&'a Receipt>,
}

impl<'a> Done<'a> {
    /// What `command` did to `about`.
    pub fn new(command: &'static str, about: &impl ToString, receipt: &'a Receipt) -> Self {
        Self { command, about: about.to_string(), order: &receipt.order, receipt: Some(receipt) }
    }

    /// The order is written down, and the process it is for has not taken it yet.
    pub fn waiting(command: &'static str, about: &impl ToString, order: &'a OrderId) -> Self {
        Self { command, about: about.to_string(), order, receipt: None }
    }
}

impl Report for Done<'_> {
    fn human(&self, ink: Ink) -> String {
        let page = Page::new().field(self.command, Cell::own(&self.about));
        let page = match self.receipt {
            Some(receipt) => page
                .field("outcome", words::outcome(receipt.outcome))
                .field("answer", Cell::outside(&receipt.answer))
                .field("at", Cell::own(words::moment(receipt.at))),
            None => page.field(
                "outcome",
                Cell::own("waiting: the process has not taken the answer yet").tone(Tone::Warning),
            ),
        };
        page.field("order", Cell::own(self.order.as_str())).text(ink)
    }

    fn name(&self) -> &'static str {
        self.command
    }

    fn body(&self) -> impl Serialize + '_ {
        let outcome = match self.receipt.map(|receipt| receipt.outcome) {
            Some(Outcome::Done) => "done",
            Some(Outcome::Refused) => "refused",
            Some(Outcome::Unknown) => "unknown",
            None => "waiting",
        };
        Body { id: &self.about, outcome, order: self.order, receipt: self.receipt }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    outcome: &'static str,
    order: &'a OrderId,
    receipt: Option<&'a Receipt>,
}

/// A decision that counts, where more people have to agree.
pub struct Counted<'a> {
    command: &'static str,
    about: String,
    standing: &'a Standing,
}

impl<'a> Counted<'a> {
    /// An approval of `about` that was taken back, and how far that is without it.
    pub fn withdrawn(about: &impl ToString, standing: &'a Standing) -> Self {
        Self::new("withdraw", about, standing)
    }

    /// What `command` did to `about`, and how far that is now.
    pub fn new(command: &'static str, about: &impl ToString, standing: &'a Standing) -> Self {
        Self { command, about: about.to_string(), standing }
    }
}

impl Report for Counted<'_> {
    fn human(&self, ink: Ink) -> String {
        let outcome = match self.command {
            "withdraw" => "taken back; it waits as if you had not approved it",
            _ => "counted; it waits for others",
        };
        Page::new()
            .field(self.command, Cell::own(&self.about))
            .field("outcome", Cell::own(outcome).tone(Tone::Warning))
            .field("approvals", Cell::own(self.standing.with_names()))
            .text(ink)
    }

    fn name(&self) -> &'static str {
        self.command
    }

    fn body(&self) -> impl Serialize + '_ {
        CountedBody {
            id: &self.about,
            outcome: if self.command == "withdraw" { "withdrawn" } else { "counted" },
            standing: self.standing,
        }
    }
}

#[derive(Serialize)]
struct CountedBody<'a> {
    id: &'a str,
    outcome: &'static str,
    standing: &'a Standing,
}
