//! What comes in from outside: keys, pastes, sizes, time, answers.

use super::msg::Msg;
use crossterm::event::{Event as TerminalEvent, KeyEvent, KeyEventKind};

/// One thing that came in.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "an event lives for one turn of the loop")]
pub enum Event {
    /// A key went down.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The window has another size: columns, rows.
    Resize(u16, u16),
    /// Time has passed.
    Tick,
    /// The shell continued us.
    Resumed,
    /// A worker has an answer.
    Answer(Msg),
}

impl Event {
    /// Takes from the terminal what means something here. Only presses count: releases and
    /// repeats (where a terminal tells them apart) would let a held key answer a question.
    pub fn from_terminal(event: TerminalEvent) -> Option<Self> {
        match event {
            TerminalEvent::Key(key) if key.kind == KeyEventKind::Press => Some(Self::Key(key)),
            TerminalEvent::Paste(text) => Some(Self::Paste(text)),
            TerminalEvent::Resize(width, height) => Some(Self::Resize(width, height)),
            _ => None,
        }
    }
}
