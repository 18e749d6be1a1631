//! What can happen.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of thing happened. The words are those of `[[notify]] on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Something waits for a decision that was not told before.
    Waiting,
    /// What waits is another thing than it was; earlier decisions do not count for it.
    Changed,
    /// What waits will be over soon.
    Expiring,
    /// A reviewer decided; more may be needed.
    Decided,
    /// It was approved, and the source confirmed that.
    Approved,
    /// It was rejected.
    Rejected,
    /// It was decided, and came to nothing.
    Failed,
    /// Nobody decided, or used the approval, in time.
    Expired,
    /// It ended elsewhere.
    Ended,
    /// Something was asked for that nobody may approve.
    Boundary,
    /// Somebody went ahead without the others, and has to answer for it. Every receiver is told,
    /// whatever it asked for.
    BreakGlass,
    /// What somebody let through alone waits to be looked at by somebody else. Told again as long as
    /// nobody does.
    FollowUp,
    /// A reviewer took their approval back.
    Withdrawn,
    /// An agent's session, a tool or a host was stopped.
    Locked,
    /// It may go on.
    Unlocked,
    /// A source cannot be read any more.
    SourceFailing,
    /// A source can be read again.
    SourceRecovered,
    /// Another policy is in force.
    Policy,
    /// Other people may approve.
    Roster,
    /// News were dropped because too many waited. Every receiver is told, whatever it asked for.
    Dropped,
    /// Somebody tries whether this works.
    Test,
}

impl Event {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Changed => "changed",
            Self::Expiring => "expiring",
            Self::Decided => "decided",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::Boundary => "boundary",
            Self::BreakGlass => "break-glass",
            Self::FollowUp => "follow-up",
            Self::Withdrawn => "withdrawn",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::SourceFailing => "source-failing",
            Self::SourceRecovered => "source-recovered",
            Self::Policy => "policy",
            Self::Roster => "roster",
            Self::Dropped => "dropped",
            Self::Test => "test",
        }
    }

    /// Whether it is told to receivers that did not ask for it.
    pub const fn is_for_all(self) -> bool {
        matches!(self, Self::BreakGlass | Self::Dropped | Self::Test)
    }

    /// Whether it says that something still waits for a decision.
    pub const fn is_about_what_waits(self) -> bool {
        matches!(self, Self::Waiting | Self::Changed | Self::Expiring | Self::FollowUp)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::Event;
    use crate::config::EVENTS;

    #[test]
    fn every_event_of_the_configuration_is_known_by_its_word() {
        for word in EVENTS {
            let event: Event = serde_json::from_value(word.into()).unwrap();
            assert_eq!(event.word(), word);
            assert_eq!(event.is_for_all(), event == Event::BreakGlass);
        }
    }
}
