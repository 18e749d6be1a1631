//! What went wrong with a source, told so that a person can act on it.

use super::Untrusted;
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// What kind of failure it was; decides the advice and whether trying again makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The credential we use is missing, wrong or expired.
    BadToken,
    /// We are known, and may not do this.
    Forbidden,
    /// It is not there (or hidden from us).
    NotFound,
    /// Too many requests.
    RateLimited,
    /// The server failed.
    ServerError,
    /// The answer is not of the promised form (HTML, truncated, wrong shape).
    Malformed,
    /// The answer did not come in time.
    Timeout,
    /// No secure connection.
    Tls,
    /// The name does not resolve.
    Dns,
    /// No connection.
    Connect,
    /// A file or a setting of ours is wrong.
    Local,
    /// The source refused this request for a reason of its own (a conflict, a validation error).
    Refused,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BadToken => "bad token",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::RateLimited => "rate limited",
            Self::ServerError => "server error",
            Self::Malformed => "malformed answer",
            Self::Timeout => "timed out",
            Self::Tls => "TLS error",
            Self::Dns => "DNS error",
            Self::Connect => "cannot connect",
            Self::Local => "local error",
            Self::Refused => "refused",
        })
    }
}

/// A source's failure: what, during which call, in whose words, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind} during {during}")]
pub struct SourceFault {
    /// What kind.
    pub kind: FaultKind,
    /// The call or the file: `iam:ListUsers`, `GET /orgs/acme/installations`.
    pub during: String,
    /// What the other side said.
    pub detail: Untrusted,
    /// The permission that is missing, by its documented name, when that is the cause.
    pub missing_permission: Option<String>,
    /// When the other side said to try again.
    pub retry_after: Option<Duration>,
}

impl SourceFault {
    /// A failure during a call.
    pub fn new(kind: FaultKind, during: impl Into<String>, detail: impl Into<Untrusted>) -> Self {
        Self {
            kind,
            during: during.into(),
            detail: detail.into(),
            missing_permission: None,
            retry_after: None,
        }
    }

    /// Names the permission whose absence caused it.
    #[must_use]
    pub fn missing(mut self, permission: impl Into<String>) -> Self {
        self.missing_permission = Some(permission.into());
        self
    }

    /// Keeps the server's own word on when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What a person can do about it, one sentence.
    pub fn next_step(&self) -> String {
        if let Some(permission) = &self.missing_permission {
            return format!("grant `{permission}` to the identity this source uses");
        }
        match self.kind {
            FaultKind::BadToken => {
                "renew the credential this source uses; `countersign doctor` says whether it works"
            }
            FaultKind::Forbidden => "run `countersign doctor` to see which permissions are missing",
            FaultKind::NotFound => "check the names in config.toml; a private thing that our token may not see also looks absent",
            FaultKind::RateLimited => "nothing to do: it is asked again when the limit resets",
            FaultKind::ServerError | FaultKind::Timeout => {
                "nothing to do: it is asked again with growing pauses"
            }
            FaultKind::Malformed => "check that endpoint_url or host names the API itself, not a proxy or a login page",
            FaultKind::Tls => "check the certificate of endpoint_url or host, and this machine's clock and CA store",
            FaultKind::Dns => "check the host name in config.toml and this machine's resolver",
            FaultKind::Connect => "check the network, the proxy settings and the port in config.toml",
            FaultKind::Local => "fix the setting or the file it names",
            FaultKind::Refused => "read what the source said; nothing was changed",
        }
        .to_owned()
    }

    /// Whether asking again may help without anyone changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::RateLimited
                | FaultKind::ServerError
                | FaultKind::Timeout
                | FaultKind::Connect
                | FaultKind::Dns
        )
    }
}
