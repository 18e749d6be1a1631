//! The terminal user interface.
//!
//! ```text
//!   terminal ─▶ Event ─┐                        ┌─▶ Effect ─▶ worker ─▶ Review, Store
//!   signals ──▶        ├─▶ keymap ─▶ Msg ─▶ update(State)            │
//!   time ─────▶        │                        └─▶ view ─▶ terminal │
//!   worker ───▶ answer ┘◀─────────────────────────────────────────────┘
//! ```
//!
//! State, update and view are apart: `update` is the only place that changes `State`, `view` only
//! reads it, and nothing slow happens on the task that reads keys. Everything but `terminal`,
//! `keyboard` and `run` works without a terminal, which is how the tests drive it.

mod app;
mod cells;
pub mod clock;
pub mod diff;
mod event;
mod keyboard;
pub mod keymap;
pub mod msg;
mod run;
pub mod state;
pub mod terminal;
pub mod theme;
mod update;
pub mod view;
pub mod worker;

pub use app::{App, Start};
pub use clock::Now;
pub use event::Event;
pub use run::{ConsoleError, Setup, run};
pub use theme::Theme;
