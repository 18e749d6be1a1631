//! How a delivery went.

use std::time::Duration;

/// What a receiver said when it took the news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// In words: `HTTP 204`, `ended with 0`. Safe to show.
    pub said: String,
}

/// Why a receiver did not take the news. The words are safe to show and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// It may later.
    #[error("{why}")]
    Later {
        /// What happened.
        why: String,
        /// How long it asked us to stay away.
        after: Option<Duration>,
    },
    /// It says that we are not wanted there: a wrong address, a secret that holds no more. Somebody
    /// has to put that right.
    #[error("{why}")]
    Unwelcome {
        /// What happened.
        why: String,
    },
    /// It says that it never will take this.
    #[error("{why}")]
    Never {
        /// What happened.
        why: String,
    },
}

impl Undelivered {
    /// How often one piece of news is offered that is not taken so; none: until it is. What is
    /// unwelcome is offered for about an hour, at the pace of failures.
    pub(super) const fn offers(&self) -> Option<u32> {
        match self {
            Self::Later { .. } => None,
            Self::Unwelcome { .. } => Some(20),
            Self::Never { .. } => Some(5),
        }
    }

    /// It may later; nobody said when.
    pub(super) fn later(why: impl Into<String>) -> Self {
        Self::Later { why: why.into(), after: None }
    }
}
