//! Asks an ssh-agent for signatures (draft-miller-ssh-agent, PROTOCOL.agent).
//!
//! ```text
//!   identities() ──▶ keys the agent has, read as they are
//!   sign(key, data) ──▶ its own bytes, or why not ◀── diagnosis: locked? gone? bound to hosts?
//! ```
//!
//! Every question has a connection of its own, so one that is given up leaves nothing behind. All of
//! it blocks, within bounds: call it from a thread that may wait. A touch can take a minute, and
//! somebody who changes their mind sets the flag handed to [`Agent::stopped_by`].

mod fault;
mod line;

use super::{
    key::{Fingerprint, KeyKind},
    sshsig::{Key, SignatureFault},
    wire::{Reader, put_string},
};
use crate::domain::Untrusted;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use line::{Limits, Line};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

pub use fault::{AgentFault, Step};

const FAILURE: u8 = 5;
const SUCCESS: u8 = 6;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGNATURE: u8 = 14;
const EXTENSION: u8 = 27;
/// RSA keys are to sign over SHA-512; other kinds have no choice.
const RSA_SHA2_512: u32 = 4;

const CONNECT: Duration = Duration::from_secs(2);
const LIST: Duration = Duration::from_secs(5);
/// As long as a security key waits for somebody's finger, and then some.
const SIGN: Duration = Duration::from_mins(1);

/// Most keys that are listed; OpenSSH has the same bound.
const MOST_KEYS: u32 = 2048;

/// An ssh-agent behind a socket.
#[derive(Debug, Clone)]
pub struct Agent {
    socket: PathBuf,
    sign: Duration,
    stop: Arc<AtomicBool>,
}

/// A key the agent can sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The key, or the key with its certificate.
    pub key: Key,
    /// What the agent calls it.
    pub comment: Untrusted,
}

/// What an agent has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identities {
    /// Keys that count, in the agent's order.
    pub keys: Vec<Identity>,
    /// What it calls others, and why they do not count.
    pub unusable: Vec<(Untrusted, SignatureFault)>,
}

impl Identities {
    /// Those with this fingerprint: the plain key, and its certificates.
    pub fn with(&self, fingerprint: Fingerprint) -> impl Iterator<Item = &Identity> {
        self.keys.iter().filter(move |one| one.key.fingerprint() == fingerprint)
    }
}

impl Agent {
    /// The agent behind this socket, or else the one of `SSH_AUTH_SOCK`.
    pub fn from_env(socket: Option<&Path>) -> Result<Self, AgentFault> {
        let named = || std::env::var_os("SSH_AUTH_SOCK").filter(|name| !name.is_empty());
        let socket = socket.map(Path::to_owned).or_else(|| named().map(PathBuf::from));
        socket.map(Self::at).ok_or(AgentFault::None)
    }

    /// The agent behind this socket.
    pub fn at(socket: impl Into<PathBuf>) -> Self {
        Self { socket: socket.into(), sign: SIGN, stop: Arc::default() }
    }

    /// Waits this long for a signature.
    #[must_use]
    pub fn waiting(self, sign: Duration) -> Self {
        Self { sign, ..self }
    }

    /// Gives up within a tenth of a second once this is set.
    #[must_use]
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Where it listens.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// What it has. None at all is a fault, which says whether the agent is locked.
    pub fn identities(&self) -> Result<Identities, AgentFault> {
        let found = self.list(&mut self.connect()?)?;
        if found.keys.is_empty() && found.unusable.is_empty() {
            return Err(self.why_empty());
        }
        Ok(found)
    }

    /// Signs with a key, and hands back the agent's own bytes.
    ///
    /// What is signed is for [`signed_data`](super::signed_data) to say, and whether the answer is a
    /// signature at all for [`verify`](super::verify).
    pub fn sign(&self, key: &Key, data: &[u8]) -> Result<Vec<u8>, AgentFault> {
        let flags = if key.public().kind() == KeyKind::Rsa { RSA_SHA2_512 } else { 0 };
        let mut request = vec![SIGN_REQUEST];
        put_string(&mut request, key.blob());
        put_string(&mut request, data);
        request.extend_from_slice(&flags.to_be_bytes());
        let mut line = self.connect()?;
        let answer =
            line.ask(&request, &self.limits(Step::Sign, self.sign)).map_err(
                |fault| match fault {
                    AgentFault::Slow { waited, .. } if key.public().kind().is_in_hardware() => {
                        AgentFault::Untouched { waited }
                    }
                    other => other,
                },
            )?;
        match answer.split_first() {
            Some((&SIGNATURE, rest)) => {
                let mut reader = Reader::new(rest);
                let signature = reader.string()?.to_vec();
                reader.end()?;
                Ok(signature)
            }
            Some((&FAILURE, _)) => Err(self.why_refused(key)),
            other => Err(AgentFault::Answer(other.map(|(kind, _)| *kind))),
        }
    }

    fn connect(&self) -> Result<Line, AgentFault> {
        Line::connect(&self.socket, CONNECT)
    }

    fn limits(&self, step: Step, time: Duration) -> Limits<'_> {
        Limits { step, time, stop: &self.stop }
    }

    fn list(&self, line: &mut Line) -> Result<Identities, AgentFault> {
        let answer = line.ask(&[REQUEST_IDENTITIES], &self.limits(Step::List, LIST))?;
        let rest = match answer.split_first() {
            Some((&IDENTITIES, rest)) => rest,
            Some((&FAILURE, _)) => return Err(AgentFault::WillNotList),
            other => return Err(AgentFault::Answer(other.map(|(kind, _)| *kind))),
        };
        let mut reader = Reader::new(rest);
        let count = reader.u32()?;
        if count > MOST_KEYS {
            return Err(AgentFault::TooLong);
        }
        let mut found = Identities::default();
        for _ in 0..count {
            let key = Key::parse(reader.string()?);
            let comment = Untrusted::new(String::from_utf8_lossy(reader.string()?));
            match key {
                Ok(key) => found.keys.push(Identity { key, comment }),
                Err(fault) => found.unusable.push((comment, fault)),
            }
        }
        reader.end()?;
        Ok(found)
    }

    /// A locked agent says that it has no keys, and refuses all else.
    fn why_empty(&self) -> AgentFault {
        match self.connect().and_then(|mut line| self.bind(&mut line)) {
            Ok(true) => AgentFault::Empty,
            Ok(false) => AgentFault::EmptyOrLocked,
            Err(fault) => fault,
        }
    }

    /// The protocol has one word for every refusal, so what else the agent does has to tell.
    fn why_refused(&self, key: &Key) -> AgentFault {
        let has = |found: &Identities| found.keys.iter().any(|one| one.key.blob() == key.blob());
        let fingerprint = key.fingerprint();
        match self.identities() {
            Err(fault) => return fault,
            Ok(found) if !has(&found) => return AgentFault::NotHeld(fingerprint),
            Ok(_) => {}
        }
        // On a connection that is bound to a host nobody knows, keys that are bound to other hosts
        // are not shown.
        let bound = self.connect().and_then(|mut line| {
            let is_bound = self.bind(&mut line)?;
            Ok((is_bound, self.list(&mut line)?))
        });
        match bound {
            Ok((true, found)) if !has(&found) => AgentFault::Constrained(fingerprint),
            _ if key.public().kind().is_in_hardware() => AgentFault::KeyRefused(fingerprint),
            _ => AgentFault::Refused(fingerprint),
        }
    }

    /// Binds a connection to a session with a host that was made up for it (PROTOCOL.agent,
    /// session-bind). Any agent of OpenSSH since 8.9 says yes unless it is locked; the binding ends
    /// with the connection.
    fn bind(&self, line: &mut Line) -> Result<bool, AgentFault> {
        let Ok(host) = Ed25519KeyPair::generate() else { return Ok(false) };
        let session = host.public_key().as_ref();
        let (mut key, mut signature) = (Vec::new(), Vec::new());
        put_string(&mut key, KeyKind::Ed25519.name().as_bytes());
        put_string(&mut key, host.public_key().as_ref());
        put_string(&mut signature, KeyKind::Ed25519.name().as_bytes());
        put_string(&mut signature, host.sign(session).as_ref());
        let mut request = vec![EXTENSION];
        put_string(&mut request, b"session-bind@openssh.com");
        for part in [&key, session, &signature] {
            put_string(&mut request, part);
        }
        request.push(0);
        let answer = line.ask(&request, &self.limits(Step::List, LIST))?;
        Ok(answer.first() == Some(&SUCCESS))
    }
}

#[cfg(test)]
mod tests;
