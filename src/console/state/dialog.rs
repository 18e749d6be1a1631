//! The confirmation that stands between a key and an effect.
//!
//! ```text
//!   Loading ──shown──▶ Arming ──delay over, queue drained──▶ Armed ──confirmed──▶ Sending
//!      └──────────────────┴──────── Esc ─────────────────────┴──▶ closed, nothing done
//! ```
//!
//! What is seen is what is agreed to: until every line has been on the screen, nothing confirms
//! (see [`Dialog::is_read`]). Rejecting is the exception; it is harmless.

use crate::{
    console::msg::{Foreseen, Script, WouldDo},
    domain::{Action, Call, CredentialKind, Digest, Locator, Preview, Tier, Untrusted, Verdict},
    store::CredentialRow,
    text::SafeText,
    trust::{Outlook, Yours},
};
use crossterm::event::KeyCode;
use std::{sync::Arc, time::Duration};
use tui_input::Input;

/// What is to be confirmed.
#[derive(Debug)]
pub enum Subject {
    /// A decision on an action, exactly as it was shown.
    Decide {
        /// Which way.
        verdict: Verdict,
        /// Which action.
        id: crate::domain::ActionId,
        /// What was shown; none until it is loaded.
        shown: Option<Box<Shown>>,
    },
    /// Taking a credential away.
    Revoke(Box<CredentialRow>, Option<Box<Preview>>),
    /// Giving it back.
    Restore(Box<CredentialRow>, Option<Box<Preview>>),
}

/// The action a decision is about, as it was on the screen when the dialog opened.
#[derive(Debug)]
pub struct Shown {
    /// The action.
    pub action: Arc<Action>,
    /// Its digest: what the decision names.
    pub digest: Digest,
    /// What it would do.
    pub would_do: Arc<WouldDo>,
    /// Fields in which characters hide.
    pub hidden: Vec<&'static str>,
    /// The script among a command's arguments.
    pub script: Option<Script>,
    /// What each decision would send.
    pub foreseen: Foreseen,
    /// How far it is, and what an approval would come to; follows what others decide meanwhile.
    pub outlook: Outlook,
    /// What a rejection for this reason would send; the answer may be a key press behind.
    pub reasoned: Option<(Untrusted, Vec<Call>)>,
}

impl Shown {
    /// What this decision would send, as far as it is known by now.
    pub fn calls(&self, verdict: Verdict) -> &[Call] {
        match (verdict, &self.reasoned) {
            (Verdict::Approve, _) => &self.foreseen.approve,
            (Verdict::Reject, Some((_, calls))) => calls,
            (Verdict::Reject, None) => &self.foreseen.reject,
        }
    }
}

/// How far the dialog has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// What it is about is still being read.
    Loading,
    /// Shown; keys other than those that cancel are dropped until then.
    Arming(Duration),
    /// Takes keys.
    Armed,
    /// Confirmed; waits for the answer. Nothing can be sent a second time.
    Sending,
}

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The line of text.
    Field,
    /// The way out. Every dialog starts here.
    Cancel,
    /// The button that does it.
    Confirm,
}

/// What has to be done to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// Press this key, or the button.
    Press(char),
    /// Type this text.
    Type(String),
    /// Type this text, because what is shown holds hidden characters.
    TypeBecauseHidden(String),
    /// Give a reason.
    Reason,
}

/// Why nothing confirms yet.
pub const UNREAD: &str = "read to the end first: ↓";

/// How a dialog's text lies in its window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Columns of the box.
    pub columns: u16,
    /// Lines of the text.
    pub lines: usize,
    /// Rows for them.
    pub room: usize,
}

impl Extent {
    /// How many lines are in view from this one on. Where more follow, a row says so instead.
    pub fn fit(self, scroll: usize) -> usize {
        let left = self.lines.saturating_sub(scroll);
        if left > self.room && self.room > 1 { self.room - 1 } else { left.min(self.room) }
    }
}

/// How much of a dialog's text was on the screen.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    extent: Extent,
    /// So many lines from the first, without a gap, as they lie at this width.
    lines: usize,
    /// All of them.
    whole: bool,
}

/// A dialog that is open.
#[derive(Debug)]
pub struct Dialog {
    /// What is to be confirmed.
    pub subject: Subject,
    /// How far it has come.
    pub phase: Phase,
    /// Where the keys go.
    pub focus: Focus,
    /// What was typed.
    pub input: Input,
    /// Why the last key did not do what it usually does.
    pub note: Option<String>,
    /// The key that opened it; never the one that confirms.
    pub opened_by: KeyCode,
    /// First line of the text that is in view; settled by [`Dialog::shown`].
    pub scroll: usize,
    seen: Seen,
}

impl Dialog {
    /// A dialog that waits for what it is about.
    pub fn new(subject: Subject, opened_by: KeyCode) -> Self {
        Self {
            subject,
            phase: Phase::Loading,
            focus: Focus::Cancel,
            input: Input::default(),
            note: None,
            opened_by,
            scroll: 0,
            seen: Seen::default(),
        }
    }

    /// Takes in that a frame shows its text like this, and keeps the scrolling within it: not
    /// past the end, and not past lines that no frame has shown yet.
    pub fn shown(&mut self, extent: Extent) {
        if self.challenge().is_none() {
            // What it is about is not all there.
            return;
        }
        let seen = &mut self.seen;
        let reflowed = (extent.columns, extent.lines) != (seen.extent.columns, seen.extent.lines);
        if reflowed && !seen.whole {
            seen.lines = 0;
        }
        seen.extent = extent;
        let unread = if seen.whole { usize::MAX } else { seen.lines };
        self.scroll = self.scroll.min(unread).min(extent.lines.saturating_sub(extent.room));
        seen.lines = seen.lines.max(self.scroll + extent.fit(self.scroll));
        seen.whole |= seen.lines >= extent.lines && extent.room > 0;
    }

    /// Lines of a page: as many as are in view, less one that stays.
    pub fn page(&self) -> usize {
        self.seen.extent.room.saturating_sub(2).max(1)
    }

    /// Whether all that has to be seen before it can be confirmed has been on the screen.
    pub fn is_read(&self) -> bool {
        self.seen.whole || self.challenge() == Some(Challenge::Reason)
    }

    /// What has to be done to confirm; none while that is not known.
    pub fn challenge(&self) -> Option<Challenge> {
        match &self.subject {
            Subject::Decide { verdict: Verdict::Reject, shown, .. } => {
                shown.as_ref().map(|_| Challenge::Reason)
            }
            Subject::Decide { verdict: Verdict::Approve, shown, .. } => {
                let shown = shown.as_ref()?;
                let name = SafeText::line(&shown.action.target.name);
                Some(if !shown.hidden.is_empty() || name.has_hidden() {
                    Challenge::TypeBecauseHidden(shown.digest.short())
                } else if shown.action.tier() == Tier::High {
                    Challenge::Type(or_digest(name.as_str(), &shown.digest))
                } else {
                    Challenge::Press('y')
                })
            }
            Subject::Revoke(row, preview) | Subject::Restore(row, preview) => {
                preview.as_ref()?;
                let name = SafeText::line(credential_name(row));
                let typed = name.as_str().trim();
                Some(if name.has_hidden() {
                    Challenge::TypeBecauseHidden(row.credential.id.to_string())
                } else if typed.is_empty() {
                    Challenge::Type(row.credential.id.to_string())
                } else {
                    Challenge::Type(typed.to_owned())
                })
            }
        }
    }

    /// Whether it is confirmed by a signature as well.
    pub fn is_signed(&self) -> bool {
        matches!(&self.subject, Subject::Decide { shown: Some(shown), .. }
            if shown.outlook.standing.signed)
    }

    /// Whether what was typed is what was asked for.
    pub fn is_met(&self) -> bool {
        match self.challenge() {
            Some(Challenge::Press(_)) => true,
            Some(Challenge::Type(text) | Challenge::TypeBecauseHidden(text)) => {
                self.input.value().trim() == text
            }
            Some(Challenge::Reason) => !self.input.value().trim().is_empty(),
            None => false,
        }
    }

    /// Why an approval would do nothing now, although the dialog could be opened.
    pub fn hindrance(&self) -> Option<String> {
        let Subject::Decide { verdict: Verdict::Approve, shown: Some(shown), .. } = &self.subject
        else {
            return None;
        };
        hindrance(&shown.outlook)
    }

    /// Whether it has a line of text.
    pub fn has_field(&self) -> bool {
        matches!(
            self.challenge(),
            Some(Challenge::Type(_) | Challenge::TypeBecauseHidden(_) | Challenge::Reason)
        )
    }
}

/// Why whoever sits here cannot approve it, as a sentence without its stop.
pub fn hindrance(outlook: &Outlook) -> Option<String> {
    match &outlook.yours {
        Yours::Barred(barrier) => Some(barrier.told()),
        Yours::Given => {
            Some(format!("You approved it; it waits for others: {}", outlook.standing.with_names()))
        }
        Yours::Decides | Yours::Counts { .. } | Yours::ChangesNothing => None,
    }
}

/// A target without a name is confirmed by its digest instead.
fn or_digest(name: &str, digest: &Digest) -> String {
    let name = name.trim();
    if name.is_empty() { digest.short() } else { name.to_owned() }
}

/// What a person types to confirm: a key's user, a role, and for everything else its own label.
pub fn credential_name(row: &CredentialRow) -> &Untrusted {
    match row.credential.locator.kind() {
        CredentialKind::AccessKey
        | CredentialKind::ConsolePassword
        | CredentialKind::IamUser
        | CredentialKind::RoleTrust => &row.credential.principal.name,
        _ => &row.credential.label,
    }
}

/// Whether this kind of credential can be revoked from here, and if not, why.
pub fn revocable(locator: &Locator) -> Result<(), &'static str> {
    match locator {
        Locator::AccessKey { .. }
        | Locator::RoleTrust { .. }
        | Locator::DeployKey { .. }
        | Locator::ActionsSecret { .. } => Ok(()),
        Locator::IamUser { .. } => {
            Err("this source cannot see the user's keys; revoke them through a live account")
        }
        Locator::ConsolePassword { .. } => {
            Err("a console password is not an agent's credential; remove it in IAM")
        }
        Locator::FederationProvider { .. } => {
            Err("a provider serves many roles; seal the roles that trust it instead")
        }
        Locator::AppInstallation { .. } => {
            Err("only an owner can suspend an app, in the organisation's settings on GitHub")
        }
    }
}
