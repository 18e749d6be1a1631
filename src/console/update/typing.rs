//! Keys while something reads text: a dialog, the filter line, the help page, the copy menu.

use super::{confirm, copy, navigate};
use crate::console::{
    msg::Effect,
    state::{Overlay, State},
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

/// The longest line of text anything here takes, in characters.
const LONGEST: usize = 500;

pub(super) fn key(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    state.dirty = true;
    match &mut state.overlay {
        Some(Overlay::Dialog(_)) => confirm::key(state, key, effects),
        Some(Overlay::Copy(_)) => copy::key(state, key, effects),
        Some(Overlay::Help { scroll }) => match key.code {
            KeyCode::Down | KeyCode::Char('j') => *scroll = scroll.saturating_add(1),
            KeyCode::Up | KeyCode::Char('k') => *scroll = scroll.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => *scroll = scroll.saturating_add(10),
            KeyCode::PageUp => *scroll = scroll.saturating_sub(10),
            _ => state.overlay = None,
        },
        None => filter_key(state, key),
    }
}

fn filter_key(state: &mut State, key: KeyEvent) {
    let Some((input, before)) = &mut state.filtering else { return };
    let before = before.clone();
    match key.code {
        KeyCode::Enter | KeyCode::Down | KeyCode::Up => state.filtering = None,
        KeyCode::Esc => {
            state.filtering = None;
            navigate::set_filter(state, "");
        }
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => {
            state.filtering = None;
            navigate::set_filter(state, &before);
        }
        _ => {
            if edit(input, key) {
                let text = input.value().to_owned();
                navigate::set_filter(state, &text);
            }
        }
    }
}

/// A paste is text for the filter line and nothing at all anywhere else.
pub(super) fn paste(state: &mut State, text: &str) {
    if state.overlay.is_some() {
        return;
    }
    let Some((input, _)) = &mut state.filtering else { return };
    for character in text.chars().filter(|c| !c.is_control()).take(LONGEST) {
        insert(input, character);
    }
    let text = input.value().to_owned();
    navigate::set_filter(state, &text);
    state.dirty = true;
}

fn insert(input: &mut Input, character: char) -> bool {
    input.value().chars().count() < LONGEST
        && input.handle(InputRequest::InsertChar(character)).is_some()
}

/// Edits a line of text; whether its value changed.
pub(super) fn edit(input: &mut Input, key: KeyEvent) -> bool {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let request = match key.code {
        KeyCode::Char('a') if control => InputRequest::GoToStart,
        KeyCode::Char('e') if control => InputRequest::GoToEnd,
        KeyCode::Char('u') if control => InputRequest::DeleteLine,
        KeyCode::Char('w') if control => InputRequest::DeletePrevWord,
        KeyCode::Char(_) if control || key.modifiers.contains(KeyModifiers::ALT) => return false,
        KeyCode::Char(character) => return insert(input, character),
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return false,
    };
    input.handle(request).is_some_and(|changed| changed.value)
}
