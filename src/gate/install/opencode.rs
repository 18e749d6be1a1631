//! The plugin for `OpenCode`: a file of ours that asks this program before every tool call.

use super::command::Installed;
use crate::gate::hook::hosts::OPENCODE_PLUGIN;

/// The first words of the line that says what the plugin runs.
const RUNS: &str = "// countersign: ";

/// The plugin for this command line.
pub fn text(command: &str) -> String {
    let words = Installed::read(command).and_then(|runs| runs.words().ok()).unwrap_or_default();
    let words = serde_json::Value::from(words).to_string();
    format!("{RUNS}{command}\n{}", OPENCODE_PLUGIN.replace("@COMMAND@", &words))
}

/// What a plugin of ours runs; none where it is not ours.
pub fn read(text: &str) -> Option<Installed> {
    Installed::read(text.lines().next()?.strip_prefix(RUNS)?)
}
