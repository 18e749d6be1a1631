//! Three-valued truth: what cannot be known offline is neither yes nor no.

use serde::{Deserialize, Serialize};

/// Whether something holds.
///
/// Ordered by how much it admits, so that `max` is "or" and `min` is "and" (Kleene's strong
/// logic).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Truth {
    /// It does not.
    #[default]
    No,
    /// It depends on something not known here: the caller, the time, a document that is missing.
    Depends,
    /// It does.
    Yes,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// It does not hold.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Depends => Self::Depends,
            Self::Yes => Self::No,
        }
    }

    /// It may hold.
    pub fn is_possible(self) -> bool {
        self != Self::No
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
