//! Where transactions begin, end and are taken back.

use super::{Dialect, session::Control, statement::Reader};
use crate::domain::Verb;

impl Reader<'_> {
    /// A statement that begins or ends a transaction or a block.
    pub(super) fn transaction(&mut self, first: usize, head: &str) -> Control {
        let mut at = first + 1;
        let rest = self.tokens.len();
        match head {
            "BEGIN" | "START" => {
                if head == "START"
                    && self.any(at, &["SLAVE", "REPLICA", "GROUP_REPLICATION", "ALL"])
                {
                    self.changes(Verb::Update, "", first..at + 1, "stop it again");
                    return Control::Stays;
                }
                let opens = at >= rest
                    || self.any(
                        at,
                        &[
                            "TRANSACTION",
                            "TRAN",
                            "WORK",
                            "ISOLATION",
                            "READ",
                            "DEFERRABLE",
                            "NOT",
                            "DEFERRED",
                            "IMMEDIATE",
                            "EXCLUSIVE",
                            "CONCURRENT",
                            "DISTRIBUTED",
                        ],
                    );
                if opens {
                    return Control::Begins;
                }
                while self.any(
                    at,
                    &[
                        "BATCH",
                        "UNLOGGED",
                        "COUNTER",
                        "USING",
                        "TIMESTAMP",
                        "TRY",
                        "CATCH",
                        "ATOMIC",
                    ],
                ) {
                    at += 1;
                }
                self.within(at..rest).statement();
                Control::Stays
            }
            "COMMIT" => Control::Commits,
            "END" => {
                // The end of a block, or in PostgreSQL and SQLite another word for COMMIT.
                if at < rest && !self.any(at, &["TRANSACTION", "WORK", "AND"]) {
                    let more = (at..rest).find(|&at| {
                        !self.any(at, &["TRY", "CATCH", "IF", "LOOP", "WHILE", "CASE", "BEGIN"])
                    });
                    if let Some(more) = more.filter(|&more| more + 1 < rest) {
                        self.within(more..rest).statement();
                    }
                    return Control::Stays;
                }
                if self.dialect == Dialect::MySql { Control::Stays } else { Control::Commits }
            }
            "ABORT" => Control::RollsBack { chains: false },
            "ROLLBACK" => {
                while self.any(at, &["WORK", "TRANSACTION", "TRAN"]) {
                    at += 1;
                }
                if self.is(at, "TO") {
                    let name = at + 1 + usize::from(self.is(at + 1, "SAVEPOINT"));
                    return Control::RollsBackTo(self.name(name).0.to_ascii_lowercase());
                }
                if self.is(at, "PREPARED") {
                    self.destroys("", first..at + 1, "the prepared transaction is gone");
                    return Control::Stays;
                }
                if self.dialect == Dialect::Generic && at < rest && !self.is(at, "AND") {
                    // Transact-SQL goes back to a savepoint by its name alone.
                    return Control::RollsBackTo(self.name(at).0.to_ascii_lowercase());
                }
                Control::RollsBack { chains: self.is(at, "AND") && self.is(at + 1, "CHAIN") }
            }
            "SAVE" => {
                at += 1;
                Control::Saves(self.name(at).0.to_ascii_lowercase())
            }
            "SAVEPOINT" => Control::Saves(self.name(at).0.to_ascii_lowercase()),
            _ => Control::Stays,
        }
    }
}
