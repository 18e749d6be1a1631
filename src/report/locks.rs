//! What is locked.

use super::{Cell, Ink, Page, Report, Tone, words};
use crate::domain::{Lock, Turn, Untrusted};
use serde::Serialize;

/// What is locked, or what was just turned.
pub struct Locks<'a> {
    name: &'static str,
    all: Vec<&'a Lock>,
}

impl<'a> Locks<'a> {
    /// Everything that is locked.
    pub fn all(all: &'a [Lock]) -> Self {
        Self { name: "locks", all: all.iter().collect() }
    }

    /// One word to lock or unlock.
    pub fn one(lock: &'a Lock) -> Self {
        Self { name: lock.turn.word(), all: vec![lock] }
    }
}

impl Report for Locks<'_> {
    fn human(&self, ink: Ink) -> String {
        if self.all.is_empty() {
            return "nothing is locked\n".to_owned();
        }
        let page = self.all.iter().fold(Page::new(), |page, lock| {
            let done = match lock.turn {
                Turn::Lock => "locked",
                Turn::Unlock => "unlocked",
            };
            let what = format!("{}:{}", lock.what.kind(), lock.what.name().raw());
            let signed = if lock.signed.is_some() { "signed" } else { "unsigned" };
            let tone = if lock.turn == Turn::Lock { Tone::Bad } else { Tone::Good };
            page.field(done, Cell::outside(&Untrusted::new(what)).tone(tone))
                .field("by", Cell::outside(&lock.reviewer.0))
                .field("because", Cell::outside(&lock.reason))
                .field("at", Cell::own(format!("{}, {signed}", words::moment(lock.at))))
        });
        page.text(ink)
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { locks: &self.all }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    locks: &'a [&'a Lock],
}
