//! One thing that happened, as it is sent.

use super::Event;
use crate::{
    config::secret::without_secrets,
    domain::{Digest, Untrusted},
    text::SafeText,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Names the form of what is sent. It changes when a field goes away or means something else.
pub const FORMAT: &str = "countersign-watch@v1";

/// Columns of a text from outside at most.
const LONGEST: usize = 300;
/// Columns of a summary at most.
const LONGEST_SUMMARY: usize = 700;

/// One thing that happened. Every text in it is one line that is safe to show anywhere: what acts
/// on a terminal or hides from a reader is a visible token, and what looks like a secret is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The same each time it is sent: 32 hex digits.
    pub id: String,
    /// What kind of thing.
    pub event: Event,
    /// When.
    pub at: Timestamp,
    /// The host of the watch.
    pub host: String,
    /// All of it in one line.
    pub summary: String,
    /// The action it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<About>,
    /// The source that failed or recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<Outage>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Why they say they did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What history says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// An action, as far as somebody has to know it to come and look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its id.
    pub id: String,
    /// Digest of what is shown now.
    pub digest: String,
    /// Where it stands: `pending`, `approved`, ….
    pub state: String,
    /// One line on what it is.
    pub title: String,
    /// The tool behind it.
    pub tool: String,
    /// Who asked.
    pub requester: String,
    /// Where it waits.
    pub source: String,
    /// What it lands on.
    pub target: String,
    /// `production`, `non-production` or `unknown`.
    pub environment: String,
    /// Its tier, where policy was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// How many have agreed, of how many, and who is missing.
    pub needs: String,
    /// Until when it waits; none where it waits as long as its source lets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// What shows it whole.
    pub look: String,
}

/// A source that cannot be read, or can be again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// Which.
    pub source: String,
    /// Since when it fails, or failed.
    pub since: Timestamp,
    /// What is wrong with it; none once it has recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

impl News {
    /// News with nothing but a summary. `what` tells it from every other one.
    pub fn new(event: Event, what: &str, at: Timestamp, host: &str, summary: &str) -> Self {
        let whole = format!("{event}\0{host}\0{what}");
        let id: String = Digest::of_bytes(whole.as_bytes()).hex().chars().take(32).collect();
        Self {
            id,
            event,
            at,
            host: safe(host),
            summary: safe_within(summary, LONGEST_SUMMARY),
            action: None,
            outage: None,
            who: None,
            why: None,
            detail: None,
        }
    }

    /// It as it is sent: one JSON object on one line.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Sent<'a> {
            format: &'static str,
            #[serde(flatten)]
            news: &'a News,
        }
        // Plain strings and times: this cannot fail.
        serde_json::to_string(&Sent { format: FORMAT, news: self }).unwrap_or_default()
    }
}

/// Text from anywhere, as it may be sent.
pub(super) fn safe(text: &str) -> String {
    safe_within(text, LONGEST)
}

/// Text from anywhere, in so many columns.
pub(super) fn safe_within(text: &str, columns: usize) -> String {
    let bare = Untrusted::new(without_secrets(text));
    SafeText::line(&bare).clipped(columns).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Event, News, safe};
    use jiff::Timestamp;

    #[test]
    fn nothing_that_acts_hides_or_is_a_secret_gets_into_what_is_sent() {
        let said = safe("a\u{1b}[2J\u{202e}b\nc ghp_0123456789abcdef0123 password=hunter2");
        assert!(!said.contains(['\u{1b}', '\u{202e}', '\n']), "{said}");
        assert!(!said.contains("0123456789") && !said.contains("hunter2"), "{said}");
        assert!(safe(&"x".repeat(9000)).chars().count() <= 300);
    }

    #[test]
    fn the_same_news_have_the_same_id_and_others_another() {
        let at = Timestamp::UNIX_EPOCH;
        let one = News::new(Event::Waiting, "a-1", at, "h", "x");
        assert_eq!(one.id, News::new(Event::Waiting, "a-1", Timestamp::now(), "h", "y").id);
        assert_ne!(one.id, News::new(Event::Expiring, "a-1", at, "h", "x").id);
        assert_eq!(one.id.len(), 32);
        assert!(one.json().starts_with("{\"format\":\"countersign-watch@v1\",\"id\":"));
    }
}
