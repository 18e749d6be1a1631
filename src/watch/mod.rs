//! Tells people and programs what happens, without a terminal.
//!
//! ```text
//!   review::Poller ─▶ store ──look──▶ News ──▶ Outbox ─┬─ queue a ─▶ webhook   each at its own pace,
//!                       ▲              │      (on disk) ├─ queue b ─▶ slack    in order, again until
//!        every second: did anything    │                ├─ queue c ─▶ command  it is taken
//!        change, is anything due?      ▼                └─ queue d ─▶ bell
//!                                   Memory: what was told already
//! ```
//!
//! What is told comes from comparing the store with what was told before, not from being there when
//! it happened: a watch that was away, killed or behind finds what it missed. Memory and queues are
//! one file, written before anything of it is sent, so that a restart forgets nothing and repeats at
//! most what was on its way. Every news has an id that is the same each time it is sent.

mod answer;
mod check;
mod event;
mod file;
mod look;
mod memory;
mod news;
mod outbox;
mod pace;
mod run;
mod service;
mod sink;
mod tell;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Undelivered};
pub use check::{Health, Reason, check};
pub use event::Event;
pub use file::{Held, Place, PlaceError};
pub use look::{Frame, Looked, look};
pub use memory::Memory;
pub use news::{About, FORMAT, News, Outage};
pub use outbox::{Beat, Line, Outbox, SinkBeat};
pub use run::{Post, Reload, Say, Saying, run, run_once};
pub use service::tell_service;
pub use sink::{Sink, sinks};
