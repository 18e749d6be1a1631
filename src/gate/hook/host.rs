//! What every adapter does: read a host's question, and answer in its words.

use crate::gate::Wanted;
use crate::{domain::Untrusted, text::SafeText};
use serde_json::Value;
use std::time::Duration;

/// One agent host's contract. Every adapter is one file with the page it was made from.
pub trait Host: Sync {
    /// Its name on the command line and in `Subject::Call`: `claude-code`.
    fn id(&self) -> &'static str;

    /// The tool behind it, by its id in the catalogue, and its name.
    fn agent(&self) -> (&'static str, &'static str);

    /// How long the host waits for an answer, as `gate install` configures it. The hook answers
    /// before that.
    fn patience(&self) -> Duration;

    /// Reads what the host writes to the hook's standard input.
    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed>;

    /// Says it in the host's words. `asked` is none where its question could not be read.
    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer;

    /// The exit status that stops the call where no answer can be written, as far as this host has
    /// one: 2 for most.
    fn broken(&self) -> u8 {
        2
    }
}

/// A host's question.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The host's name for the event (`PreToolUse`).
    pub event: String,
    /// The host's name for the session.
    pub session: String,
    /// Working directory; empty where the host does not say.
    pub cwd: String,
    /// The tool, as the host names it.
    pub tool: String,
    /// Its input.
    pub input: Value,
    /// What that comes to.
    pub wanted: Wanted,
    /// What the agent says about it.
    pub claimed: String,
}

/// Why a question could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what the host sent cannot be read: {0}")]
pub struct Malformed(pub String);

/// Words for whoever is denied. Never empty, safe for a terminal, and no longer than 2,000 bytes:
/// an empty reason lets the call pass on some hosts, and some cut a long one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// Bytes of a reason.
const LONGEST_REASON: usize = 2000;

impl Reason {
    /// Makes it safe; what is empty becomes a sentence.
    pub fn new(text: impl Into<Untrusted>) -> Self {
        let safe = SafeText::block(&text.into()).to_string();
        let safe = safe.trim();
        if safe.is_empty() {
            return Self("refused by countersign".to_owned());
        }
        if safe.len() <= LONGEST_REASON {
            return Self(safe.to_owned());
        }
        let more = " … (cut)";
        let end = safe.floor_char_boundary(LONGEST_REASON - more.len());
        Self(format!("{}{more}", safe.get(..end).unwrap_or_default()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it stands on standard error.
    pub fn told(&self) -> String {
        format!("countersign: {}\n", self.0)
    }
}

/// What the hook has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The call may go ahead.
    Allow,
    /// It may not.
    Deny(Reason),
}

/// What the hook's process writes, and its exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// To standard output.
    pub stdout: String,
    /// To standard error.
    pub stderr: String,
    /// Exit status.
    pub status: u8,
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn a_reason_is_never_empty_and_never_long() {
        assert_eq!(Reason::new("").as_str(), "refused by countersign");
        assert_eq!(Reason::new(" \n\t ").as_str(), "refused by countersign");
        let long = Reason::new("ä".repeat(5000));
        assert!(long.as_str().len() <= 2000 && long.as_str().ends_with("(cut)"));
    }

    #[test]
    fn a_reason_does_not_act_on_a_terminal() {
        let told = Reason::new("no\u{1b}]0;x\u{7}\u{202e}").told();
        assert!(!told.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{told:?}");
    }
}
