//! Why there is no signature, and what to do about it.

use crate::trust::{key::Fingerprint, wire::WireFault};
use std::{io, path::PathBuf, time::Duration};

/// What an agent was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To talk at all.
    Connect,
    /// Which keys it has.
    List,
    /// To sign.
    Sign,
}

impl Step {
    const fn words(self) -> &'static str {
        match self {
            Self::Connect => "did not take the call",
            Self::List => "did not say which keys it has",
            Self::Sign => "did not sign",
        }
    }
}

/// Why an agent gave no signature.
#[derive(Debug, thiserror::Error)]
pub enum AgentFault {
    /// There is none.
    #[error(
        "there is no ssh-agent: SSH_AUTH_SOCK is not set. Start one with `eval $(ssh-agent)` and add a \
         key with `ssh-add`; over SSH, connect with `ssh -A`, or sign on your own machine"
    )]
    None,
    /// Nobody listens.
    #[error("the ssh-agent at {} cannot be reached: {}", socket.display(), why(.source))]
    Unreachable {
        /// Where.
        socket: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It takes too long.
    #[error("the ssh-agent {} within {} s; is it asking something on another screen?", step.words(), waited.as_secs())]
    Slow {
        /// What it was asked.
        step: Step,
        /// How long it had.
        waited: Duration,
    },
    /// Nobody touched the security key.
    #[error(
        "nobody touched the security key within {} s; try again and touch it when it blinks (it is \
         plugged in where the agent runs)",
        waited.as_secs()
    )]
    Untouched {
        /// How long it had.
        waited: Duration,
    },
    /// Whoever asked changed their mind.
    #[error("the signature was not waited for")]
    Stopped,
    /// It went away in the middle.
    #[error(
        "the ssh-agent ended while it was asked; start it again and add your key with `ssh-add`"
    )]
    Gone,
    /// It has no keys.
    #[error("the ssh-agent has no keys; add yours with `ssh-add`")]
    Empty,
    /// It shows no keys, and refuses what an agent that is not locked would do.
    #[error(
        "the ssh-agent shows no keys and refuses all else: it is locked (unlock it with `ssh-add -X`), \
         or it has none (add yours with `ssh-add`)"
    )]
    EmptyOrLocked,
    /// It will not say what it has.
    #[error("the ssh-agent will not say which keys it has; is it locked? Try `ssh-add -l`")]
    WillNotList,
    /// It does not have the key.
    #[error(
        "the ssh-agent does not have the key {0}, or does not show it here: one added with `ssh-add -h` \
         is hidden where the agent is forwarded to other hosts. See `ssh-add -l`; add it with `ssh-add`"
    )]
    NotHeld(Fingerprint),
    /// The key may only be used to log in to certain hosts.
    #[error(
        "the key {0} was added with `ssh-add -h`: it may only log in to certain hosts, and the agent \
         signs nothing else with it. Add a key without `-h` for decisions, or sign on your own machine \
         with `ssh-keygen -Y sign`"
    )]
    Constrained(Fingerprint),
    /// It has the key and will not sign with it.
    #[error(
        "the ssh-agent has the key {0} and refused to sign with it. If it was added with `ssh-add -c`, \
         the question has to be answered where the agent runs: it needs SSH_ASKPASS there, and a yes"
    )]
    Refused(Fingerprint),
    /// It has the security key and will not sign with it.
    #[error(
        "the security key {0} did not sign. Is it plugged in where the agent runs, was it touched, and \
         was its PIN given? The agent asks for a PIN through SSH_ASKPASS"
    )]
    KeyRefused(Fingerprint),
    /// Its answer is longer than any should be.
    #[error("the ssh-agent's answer is too long; what listens there is no ssh-agent")]
    TooLong,
    /// Its answer is not of the protocol.
    #[error("the ssh-agent's answer is damaged: {0}")]
    Wire(#[from] WireFault),
    /// It answers something else.
    #[error("the ssh-agent answered something else than was asked (message {0:?})")]
    Answer(Option<u8>),
    /// The connection broke.
    #[error("the connection to the ssh-agent broke: {0}")]
    Broken(#[source] io::Error),
}

fn why(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => "its socket is gone, so the agent or the SSH session that forwarded \
                                    it has ended; log in again, or set SSH_AUTH_SOCK to one that lives"
            .to_owned(),
        io::ErrorKind::ConnectionRefused => {
            "nobody listens there any more; start an agent and set SSH_AUTH_SOCK".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "it belongs to another user; use an agent of your own".to_owned()
        }
        _ => source.to_string(),
    }
}
