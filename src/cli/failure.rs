//! Why a command did not do what it was asked, in one form for all of them.

use super::exit::Exit;
use crate::{
    domain::{SourceFault, Untrusted},
    report,
    review::{DecideError, RevokeError},
    store::StoreError,
    text::SafeText,
};
use serde::Serialize;
use std::io;

/// What kind of failure; its name is part of the JSON interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The command line is wrong.
    Usage,
    /// The configuration is wrong or missing.
    Config,
    /// The store cannot be used.
    Store,
    /// There is no such thing.
    NotFound,
    /// What was seen is not what is there now.
    Changed,
    /// It no longer waits, or cannot be done.
    Refused,
    /// An earlier order is without an answer, or the source asks to come back.
    Pending,
    /// A source failed.
    Source,
    /// A file or a stream of ours failed.
    Io,
    /// Ctrl-C.
    Interrupted,
    /// A fault of this program.
    Unexpected,
}

/// A failure as it is told to the user: what, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind.
    pub kind: Kind,
    /// What happened. May quote text from outside; written through `SafeText` only.
    pub message: Untrusted,
    /// What to do next.
    pub next_step: Option<String>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    kind: Kind,
    message: &'a Untrusted,
    next_step: Option<&'a str>,
}

impl Failure {
    /// A failure without advice.
    pub fn new(kind: Kind, message: impl Into<Untrusted>) -> Self {
        Self { kind, message: message.into(), next_step: None }
    }

    /// With advice.
    #[must_use]
    pub fn next(mut self, step: impl Into<String>) -> Self {
        self.next_step = Some(step.into());
        self
    }

    /// The exit status it ends the program with.
    pub fn exit(&self) -> Exit {
        match self.kind {
            Kind::Usage => Exit::Usage,
            Kind::Changed | Kind::Refused => Exit::Refused,
            Kind::Pending => Exit::Pending,
            Kind::Interrupted => Exit::Interrupted,
            Kind::Config
            | Kind::Store
            | Kind::NotFound
            | Kind::Source
            | Kind::Io
            | Kind::Unexpected => Exit::Failure,
        }
    }

    /// As written to stderr for people: `error: …`, then `next: …`.
    pub fn text(&self) -> String {
        let message = SafeText::block(&self.message);
        match &self.next_step {
            Some(step) => format!("error: {message}\nnext: {}\n", SafeText::own(step)),
            None => format!("error: {message}\n"),
        }
    }

    /// As written to stderr with `--json`.
    pub fn json(&self) -> String {
        let envelope = Envelope {
            error: Body {
                kind: self.kind,
                message: &self.message,
                next_step: self.next_step.as_deref(),
            },
        };
        report::line(&envelope).unwrap_or_else(|_| self.text())
    }

    /// A failure whose text ends in its advice, as those of the store do.
    fn split(kind: Kind, text: &str) -> Self {
        match text.rsplit_once(". ") {
            Some((message, advice)) => {
                let (first, rest) =
                    advice.split_at(advice.chars().next().map_or(0, char::len_utf8));
                Self::new(kind, message).next(format!("{}{rest}", first.to_lowercase()))
            }
            None => Self::new(kind, text),
        }
    }

    /// It was sent, and what came back is only in this message.
    fn not_kept(text: &str) -> Self {
        Self::new(Kind::Pending, text)
            .next("make the store work again, then run `countersign audit`: it asks what happened")
    }

    /// A source's fault, with why nothing was sent in front.
    pub fn source(prefix: &str, fault: &SourceFault) -> Self {
        let kind = match fault.kind {
            crate::domain::FaultKind::Refused => Kind::Refused,
            _ if fault.is_transient() => Kind::Pending,
            _ => Kind::Source,
        };
        let line = report::fault_line(fault);
        Self::new(kind, format!("{prefix}{}", line.raw())).next(fault.next_step())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing { .. } => Self::new(Kind::NotFound, error.to_string()),
            _ => Self::split(Kind::Store, &error.to_string()),
        }
    }
}

impl From<DecideError> for Failure {
    fn from(error: DecideError) -> Self {
        let text = error.to_string();
        match error {
            DecideError::NoSuchAction(_) => Self::new(Kind::NotFound, text)
                .next("`countersign queue --closed` lists every action"),
            DecideError::ReasonRequired => Self::new(Kind::Usage, text).next("add --reason TEXT"),
            DecideError::ShortReason => {
                Self::new(Kind::Usage, text).next("say more with --reason TEXT")
            }
            DecideError::Changed(now) => {
                let next = format!("read it again: `countersign show {}`", now.id);
                Self::new(Kind::Changed, "it changed since you saw it; nothing was sent").next(next)
            }
            DecideError::Ended(_) => {
                Self::new(Kind::Refused, text).next("nothing to do: nothing was sent")
            }
            DecideError::Again => Self::new(Kind::Pending, text)
                .next("somebody else has to agree: `countersign show` says who may"),
            DecideError::Boundary { .. } => Self::new(Kind::Refused, text)
                .next("`countersign policy explain` tells which rule and why"),
            DecideError::Forbidden(_) => {
                Self::new(Kind::Refused, text).next("`countersign show` says who has to agree")
            }
            DecideError::OtherPolicy { .. } => Self::new(Kind::Refused, text)
                .next("let the agent ask again; `countersign policy show` names the policy here"),
            DecideError::Unruled(_) => Self::new(Kind::Refused, text)
                .next("`countersign policy check` says what is wrong with the policy"),
            DecideError::Keys(_) => Self::new(Kind::Config, text)
                .next("put the file right; `countersign doctor` looks at it again"),
            DecideError::NotYou(_) => {
                Self::new(Kind::Refused, text).next("`countersign show` says who may approve it")
            }
            DecideError::NotSigned(_) | DecideError::NoGood(_) => Self::new(Kind::Refused, text)
                .next("`countersign doctor` looks at your key and your agent"),
            DecideError::OtherHand { .. } => Self::new(Kind::Refused, text).next("run it again"),
            DecideError::Busy(_) => {
                Self::new(Kind::Pending, text).next("see `countersign activity`, then try again")
            }
            DecideError::Source(fault) => Self::source(
                "it could not be read again before acting, so nothing was sent: ",
                &fault,
            ),
            DecideError::NoSource(_) => Self::new(Kind::Config, text)
                .next("add the source to config.toml, or decide on a host that has it"),
            DecideError::Digest(_) | DecideError::NoRandomness(_) => {
                Self::new(Kind::Unexpected, text)
                    .next("reject it at its source; please report this with `-v` output")
            }
            DecideError::Store(error) => error.into(),
            DecideError::NotKept(_) => Self::not_kept(&text),
        }
    }
}

impl From<RevokeError> for Failure {
    fn from(error: RevokeError) -> Self {
        let text = error.to_string();
        match error {
            RevokeError::NoSuchCredential(_) => Self::new(Kind::NotFound, text)
                .next("`countersign audit --all` lists every credential"),
            RevokeError::NothingToRestore(_) => Self::new(Kind::NotFound, text)
                .next("`countersign activity` shows what was revoked here"),
            RevokeError::NotUndoable(_) => {
                Self::new(Kind::Refused, text).next("make a new credential instead")
            }
            RevokeError::Changed => Self::new(Kind::Changed, text)
                .next("run the same command again: it shows the new preview"),
            RevokeError::Busy(_) => {
                Self::new(Kind::Pending, text).next("see `countersign activity`, then try again")
            }
            RevokeError::Source(fault) => Self::source("nothing was sent: ", &fault),
            RevokeError::NoSource(_) => Self::new(Kind::Config, text)
                .next("add the source to config.toml, or revoke on a host that has it"),
            RevokeError::Store(error) => error.into(),
            RevokeError::NotKept(_) => Self::not_kept(&text),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(Kind::Io, error.to_string())
    }
}

/// What nobody foresaw: told with its chain of causes.
impl From<color_eyre::Report> for Failure {
    fn from(report: color_eyre::Report) -> Self {
        let chain: Vec<String> = report.chain().map(ToString::to_string).collect();
        Self::new(Kind::Unexpected, chain.join(": ")).next(
            "this is a fault of countersign: please report it with the command and `-v` output",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Kind};
    use crate::{
        cli::exit::Exit,
        domain::{FaultKind, SourceFault},
        review::{DecideError, RevokeError},
        store::StoreError,
    };
    use std::path::PathBuf;

    fn fault(kind: FaultKind) -> SourceFault {
        SourceFault::new(kind, "GET /x", "said no")
    }

    /// The table of `docs/exit-codes.md`.
    #[test]
    fn every_failure_has_its_exit_status() {
        let id = || "c-0123456789".parse().unwrap();
        let cases: Vec<(Failure, Exit)> = vec![
            (DecideError::NoSuchAction("a-0123456789".parse().unwrap()).into(), Exit::Failure),
            (DecideError::ReasonRequired.into(), Exit::Usage),
            (DecideError::Ended("merged".to_owned()).into(), Exit::Refused),
            (DecideError::Busy("o-1".to_owned()).into(), Exit::Pending),
            (DecideError::NoSource("aws/x".to_owned()).into(), Exit::Failure),
            (DecideError::Source(fault(FaultKind::Timeout)).into(), Exit::Pending),
            (DecideError::Source(fault(FaultKind::RateLimited)).into(), Exit::Pending),
            (DecideError::Source(fault(FaultKind::BadToken)).into(), Exit::Failure),
            (DecideError::Source(fault(FaultKind::Refused)).into(), Exit::Refused),
            (RevokeError::NoSuchCredential(id()).into(), Exit::Failure),
            (RevokeError::NothingToRestore(id()).into(), Exit::Failure),
            (RevokeError::NotUndoable("deleted".to_owned()).into(), Exit::Refused),
            (RevokeError::Changed.into(), Exit::Refused),
            (RevokeError::Source(fault(FaultKind::Forbidden)).into(), Exit::Failure),
            (Failure::new(Kind::Interrupted, "stopped"), Exit::Interrupted),
        ];
        for (failure, exit) in cases {
            assert_eq!(failure.exit(), exit, "{failure:?}");
        }
    }

    #[test]
    fn the_stores_advice_becomes_the_next_step() {
        let failure: Failure =
            StoreError::Locked { path: PathBuf::from("/tmp/a. b.db"), seconds: 5 }.into();
        insta::assert_snapshot!(failure.text(), @r"
        error: the store /tmp/a. b.db is locked by another process for more than 5 s
        next: close the other program, or wait and try again
        ");
    }

    #[test]
    fn a_hostile_message_is_harmless_in_both_forms() {
        let failure = Failure::new(Kind::Source, "bad\u{1b}[2J\u{9b}1m\u{202e}").next("look");
        for text in [failure.text(), failure.json()] {
            assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{text}");
        }
        let read: serde_json::Value = serde_json::from_str(&failure.json()).unwrap();
        assert_eq!(read["error"]["kind"], "source");
        assert_eq!(read["error"]["next_step"], "look");
    }
}
