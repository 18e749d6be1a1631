//! Copying to the terminal's clipboard: what can be copied, and what never is.

use crate::{
    console::{
        msg::Effect,
        state::{Overlay, State, Tab, Tone},
    },
    domain::{Subject, Untrusted},
    text::SafeText,
};
use crossterm::event::{KeyCode, KeyEvent};

/// The longest text that is copied, in bytes. Terminals cut OSC 52 off at different lengths, the
/// shortest known one being far above this.
const LONGEST: usize = 4096;

/// Opens the menu of what can be copied here.
pub(super) fn open(state: &mut State) {
    let items = items(state);
    if items.is_empty() {
        state.say(Tone::Info, "Nothing is selected, so there is nothing to copy.");
    } else {
        state.overlay = Some(Overlay::Copy(items));
    }
}

fn items(state: &State) -> Vec<(char, &'static str, String)> {
    let mut items = Vec::new();
    match state.tab {
        Tab::Queue => {
            let Some(row) = state.queue.selected() else { return items };
            items.push(('i', "id", row.id.to_string()));
            let open = state.open_selected();
            match open.map(|open| &open.loaded.action.subject) {
                Some(
                    Subject::PullRequest { head_sha, .. } | Subject::Deployment { head_sha, .. },
                ) => items.push(('c', "commit", head_sha.clone())),
                Some(Subject::Command { .. } | Subject::Call { .. } | Subject::FollowUp { .. })
                | None => {}
            }
            items.push(('n', "name", row.name.raw().to_owned()));
            if let Some(open) = open {
                items.push(('u', "URL", open.loaded.action.url.raw().to_owned()));
            }
            // Of what is on the screen, which a row read just now may be ahead of.
            let shown = state.open_selected().map_or(row.digest, |open| open.loaded.digest);
            items.push(('d', "digest", shown.to_string()));
        }
        Tab::Credentials => {
            let Some(row) = state.credentials.selected() else { return items };
            items.push(('i', "id", row.credential.id.to_string()));
            items.push(('l', "label", row.credential.label.raw().to_owned()));
            items.push(('n', "principal", row.credential.principal.native.raw().to_owned()));
        }
        Tab::Activity if state.shows_autonomous => {
            let Some(row) = state.autonomous.selected() else { return items };
            items.push(('i', "id", row.record.id.clone()));
        }
        Tab::Activity => {
            let Some(row) = state.activity.selected() else { return items };
            items.push(('i', "id", row.about.clone()));
        }
        Tab::Sources => {
            let Some(row) = state.sources.selected() else { return items };
            items.push(('n', "name", row.name.to_string()));
            items.push(('p', "identity", row.identity.raw().to_owned()));
        }
    }
    items.retain(|(_, _, text)| !text.is_empty());
    items
}

/// A key in the menu.
pub(super) fn key(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let Some(Overlay::Copy(items)) = state.overlay.take() else { return };
    let KeyCode::Char(pressed) = key.code else { return };
    let Some((_, name, text)) = items.into_iter().find(|(key, _, _)| *key == pressed) else {
        return;
    };
    match copyable(&text) {
        Ok(()) => {
            effects.push(Effect::Copy(text));
            state.say(Tone::Good, &format!("Copied the {name}."));
        }
        Err(why) => state.say(Tone::Warning, why),
    }
}

/// A newline or an escape in a pasted text runs as a command; such text is not passed on.
fn copyable(text: &str) -> Result<(), &'static str> {
    if SafeText::line(&Untrusted::from(text)).has_hidden() || text.chars().any(char::is_control) {
        Err("Not copied: it holds characters that hide or act on a terminal.")
    } else if text.len() > LONGEST {
        Err("Not copied: it is longer than 4096 bytes.")
    } else {
        Ok(())
    }
}
