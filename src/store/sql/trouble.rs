//! What can go wrong inside this room.

use crate::{
    domain::DigestError,
    ledger::{EntryError, TreeError, WriteError},
    store::StoreError,
};

/// A failure inside this room, before it is known which file and which words to use.
#[derive(Debug)]
pub(in crate::store) enum Trouble {
    /// The database failed.
    Sql(sqlx::Error),
    /// A stored value is not what we would have written.
    Unreadable(String),
    /// Something has to be there and is not.
    Missing(&'static str, String),
    /// The caller asked for something that makes no sense.
    Wrong(String),
    /// No answer in the time one try may take.
    TooLate,
    /// The connection was lost; nothing of what was written is kept.
    Lost(String),
    /// Something a person has to be told in words of its own.
    Told(Box<StoreError>),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<DigestError> for Trouble {
    fn from(error: DigestError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<WriteError> for Trouble {
    fn from(error: WriteError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<EntryError> for Trouble {
    fn from(error: EntryError) -> Self {
        Self::Unreadable(format!("an entry of the ledger: {error}"))
    }
}

impl From<TreeError> for Trouble {
    fn from(error: TreeError) -> Self {
        Self::Unreadable(format!("the ledger: {error}"))
    }
}
