//! Statements about the server, its accounts and its settings, and those that move data in and out.

use super::{Dialect, session::Says, statement::Reader, tokens::Kind};
use crate::domain::Verb;

impl Reader<'_> {
    /// A statement that is neither about rows nor about objects nor about a transaction.
    #[allow(clippy::too_many_lines)] // One arm a statement: a table.
    pub(super) fn server(&mut self, first: usize, head: &str) {
        let next = first + 1;
        let from = self.found.len();
        let (name, end) = self.name(next);
        let here = first..(first + 2).min(self.tokens.len());
        match head {
            "SHOW" | "USE" | "HELP" | "FETCH" | "MOVE" | "CLOSE" | "LISTEN" | "UNLISTEN"
            | "RESET"
                if head != "RESET"
                    || self.dialect == Dialect::Postgres
                    || self.dialect == Dialect::Sqlite =>
            {
                self.reads(name, first..next);
                self.calls(next);
            }
            "PRINT" | "CHECKSUM" | "CHECK" | "LIST" | "LS" | "HANDLER" | "CONSISTENCY"
            | "TRACING" | "EXPAND" | "PAGING" | "DISCARD" | "UNLOCK" | "SIGNAL" | "RESIGNAL"
            | "GET" | "THROW" | "RAISERROR" | "WAITFOR" | "EXISTS" | "SUMMARIZE" | "PIVOT"
            | "UNPIVOT" | "ASSERT" | "LOGIN" | "BINLOG_STATUS" | "GO" | "SETUSER" | "READTEXT"
            | "SERIAL" | "DELIMITER" | "QUIT" | "CLEAR" => {
                self.reads(name, first..next);
                self.calls(next);
            }
            "RESET" => self.reset(first),
            "SET" => self.set(first),
            "GRANT" => {
                let (to, _) =
                    self.find(next, &["TO"]).map_or_else(Default::default, |at| self.names(at + 1));
                let is_open = to.to_ascii_lowercase().contains("allusers")
                    || to.to_ascii_lowercase().contains("allauthenticatedusers");
                if is_open {
                    self.found(
                        Says::Destroys(Verb::Grant, "everybody can read it".into()),
                        to,
                        here,
                    );
                } else {
                    self.changes(Verb::Grant, to, here, "revoke it again");
                }
            }
            "REVOKE" | "DENY" => {
                let (of, _) = self
                    .find(next, &["FROM", "TO"])
                    .map_or_else(Default::default, |at| self.names(at + 1));
                self.changes(Verb::Grant, of, here, "grant it again");
            }
            "REASSIGN" => self.changes(Verb::Grant, "", here, "give it back to its owner"),
            "VACUUM" if self.has("RETAIN") => {
                self.destroys(name, here, "earlier versions of the rows are gone");
            }
            "ANALYZE" | "ANALYSE" if self.dialect == Dialect::MySql && self.analyzes(next) => {}
            "VACUUM" | "ANALYZE" | "ANALYSE" | "REINDEX" | "CLUSTER" | "OPTIMIZE"
            | "CHECKPOINT" | "REPAIR" | "REFRESH" | "MSCK" | "CACHE" | "UNCACHE"
            | "RECONFIGURE" => {
                self.changes(Verb::Run, name, here, "nothing is lost");
            }
            "LOCK" => self.changes(Verb::Update, name, here, "the lock ends with the transaction"),
            "NOTIFY" => self.changes(Verb::Run, name, here, "a message cannot be unsent"),
            "COPY" => self.copy(first),
            "LOAD" | "IMPORT" | "PUT" | "BULK" => {
                self.changes(Verb::Create, name, here, "delete what was added");
            }
            "REMOVE" | "RM" => self.destroys(name, here, "the files are gone"),
            "UNLOAD" | "EXPORT" => self.unload(first),
            "KILL" | "CANCEL" => self.changes(Verb::Delete, name, here, "run it again"),
            "PAUSE" | "RESUME" | "STOP" | "SUSPEND" => {
                self.changes(Verb::Update, name, here, "start or stop it again");
            }
            "FLUSH" => self.changes(Verb::Run, name, here, "nothing is lost"),
            "PURGE" => self.destroys(
                name,
                here,
                "the logs, and recovery to a point in time with them, are gone",
            ),
            "CHANGE" => self.changes(Verb::Update, name, here, "set the earlier source again"),
            "SHUTDOWN" | "RESTART" => {
                self.changes(Verb::Update, "", first..next, "start the server again");
            }
            "INSTALL" => self.changes(Verb::Create, name, here, "uninstall it again"),
            "UNINSTALL" if name.to_ascii_lowercase().contains("audit") || self.has_audit() => {
                self.destroys(name, here, "what is not recorded from now on cannot be had later");
            }
            "UNINSTALL" => self.changes(Verb::Delete, name, here, "install it again"),
            "PRAGMA" => self.pragma(first),
            "SECURITY" | "XA" | "BINLOG" | "CLONE" | "SYNC" => {
                self.changes(Verb::Update, name, here, "set it back");
            }
            "BACKUP" => self.changes(Verb::Create, name, here, "remove the backup"),
            "RESTORE" => {
                if self.any(next, &["HEADERONLY", "FILELISTONLY", "VERIFYONLY", "LABELONLY"]) {
                    self.reads("", here);
                } else {
                    self.destroys(name, here, "what was there before is overwritten");
                }
            }
            "DBCC" => {
                if self
                    .tokens
                    .iter()
                    .any(|token| token.text.to_ascii_uppercase().starts_with("REPAIR_ALLOW"))
                {
                    self.destroys(name, here, "data that cannot be mended is removed");
                } else if name.to_ascii_uppercase().starts_with("CHECK")
                    || self.any(
                        next,
                        &[
                            "SHOWCONTIG",
                            "OPENTRAN",
                            "SQLPERF",
                            "INPUTBUFFER",
                            "SHOW_STATISTICS",
                            "USEROPTIONS",
                            "TRACESTATUS",
                            "LOGINFO",
                        ],
                    )
                {
                    self.reads(name, here);
                } else {
                    self.changes(Verb::Run, name, here, "nothing is lost");
                }
            }
            "SYSTEM" => {
                if self.is(next, "DROP") && self.any(next + 1, &["REPLICA", "DATABASE"]) {
                    self.destroys(
                        name,
                        first..(first + 3).min(self.tokens.len()),
                        "the replica is gone",
                    );
                } else {
                    self.changes(Verb::Run, name, here, "by the opposite command");
                }
            }
            "APPLY" | "BATCH" => {}
            "GLOBAL" | "AUDIT" | "NOAUDIT" => {
                self.changes(Verb::Update, name, first..end, "set it back");
            }
            _ if self.tokens[first].kind == Kind::Symbol('@') || self.sign(next, ':') => {
                self.assignment(first);
            }
            _ => {
                let because = "this statement is not known";
                self.opaque(here, because);
            }
        }
        if matches!(
            head,
            "NOTIFY" | "VACUUM" | "FLUSH" | "PURGE" | "RESET" | "KILL" | "SHUTDOWN" | "UNLOAD"
        ) {
            self.stays_done(from);
        }
    }

    fn has_audit(&self) -> bool {
        self.tokens.iter().any(|token| token.text.to_ascii_lowercase().contains("audit"))
    }

    /// What `MariaDB` writes for EXPLAIN ANALYZE.
    fn analyzes(&mut self, next: usize) -> bool {
        let starts = ["SELECT", "UPDATE", "DELETE", "INSERT", "REPLACE", "WITH"];
        let Some(at) =
            self.find(next.min(self.tokens.len()), &starts).filter(|_| !self.is(next, "TABLE"))
        else {
            return false;
        };
        self.within(at..self.tokens.len()).statement();
        true
    }

    fn reset(&mut self, first: usize) {
        let next = first + 1;
        let here = first..(first + 2).min(self.tokens.len());
        if self.any(next, &["MASTER", "BINARY"]) {
            self.destroys(
                "",
                here,
                "the binary logs, and recovery to a point in time with them, are gone",
            );
        } else if self.any(next, &["SLAVE", "REPLICA"]) {
            self.destroys("", here, "the position of the replica is gone");
        } else if self.any(next, &["QUERY", "PERSIST", "STATUS"]) {
            self.changes(Verb::Update, "", here, "set it again");
        } else {
            self.reads("", here);
        }
    }

    fn set(&mut self, first: usize) {
        let next = first + 1;
        let (name, end) = self.name(next);
        let range = first..end.max(next);
        let lower = name.to_ascii_lowercase();
        let is_global = self.any(next, &["GLOBAL", "PERSIST", "PERSIST_ONLY", "CLUSTER"])
            || lower.starts_with("@@global")
            || lower.starts_with("@@persist");
        if self.any(next, &["PASSWORD", "DEFAULT"]) && self.dialect != Dialect::Postgres {
            self.changes(Verb::Grant, name, range, "set it back");
        } else if lower == "sql_log_bin" && self.setting_off() {
            self.changes(Verb::Update, name, range, "set it back");
        } else if is_global {
            if self.setting_off() {
                self.destroys(name, range, "what is not recorded from now on cannot be had later");
            } else {
                self.changes(Verb::Update, name, range, "set it back");
            }
        } else {
            self.reads(name, range);
        }
        self.nested(first);
        self.calls(next);
    }

    fn copy(&mut self, first: usize) {
        let next = first + 1;
        let (name, end) = if self.sign(next, '(') {
            (String::new(), self.end(next + 1) + 1)
        } else if self.is(next, "INTO") {
            self.name(next + 1)
        } else {
            self.name(next)
        };
        self.nested(first);
        self.calls(next);
        let Some(way) = self.find(first, &["TO", "FROM"]) else {
            return self.changes(Verb::Create, name, first..end, "delete what was added");
        };
        let here = first..way + 1;
        if self.is(way + 1, "PROGRAM") {
            match self.inner(way + 2).filter(|_| self.tokens[way + 2].kind != Kind::Word) {
                Some(script) => self.found(Says::Script(script), name.clone(), way..way + 3),
                None => self.opaque(here.clone(), "the shell command it runs is not known"),
            }
            self.stays_done(self.found.len() - 1);
            if self.is(way, "TO") {
                return self.reads(name, here);
            }
        }
        if self.is(way, "FROM") {
            self.changes(Verb::Create, name, here, "delete the rows that were added");
        } else if self.is(way + 1, "STDOUT") {
            self.reads(name, here);
        } else {
            let file = self.name(way + 1).0;
            self.changes(Verb::Create, file, here, "remove the file on the server");
            self.stays_done(self.found.len() - 1);
        }
    }

    fn unload(&mut self, first: usize) {
        let overwrites = self.any_anywhere(&["ALLOWOVERWRITE", "CLEANPATH"])
            || (0..self.tokens.len()).any(|at| self.is(at, "OVERWRITE") && self.is(at + 2, "TRUE"));
        let to = self.find(first, &["TO"]).map_or_else(String::new, |at| self.name(at + 1).0);
        let here = first..first + 1;
        if overwrites {
            self.destroys(to, here, "the files that were there are gone");
        } else {
            self.changes(Verb::Create, to, here, "remove the files");
        }
        self.nested(first);
        self.calls(first);
    }

    fn any_anywhere(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.has(word))
    }

    fn pragma(&mut self, first: usize) {
        const LOOKS: &[&str] = &[
            "table_info",
            "table_xinfo",
            "table_list",
            "index_info",
            "index_xinfo",
            "index_list",
            "foreign_key_list",
            "foreign_key_check",
            "integrity_check",
            "quick_check",
            "collation_list",
            "compile_options",
            "database_list",
            "function_list",
            "module_list",
            "pragma_list",
            "stats",
            "freelist_count",
            "page_count",
            "data_version",
            // For this connection only.
            "foreign_keys",
            "busy_timeout",
            "cache_size",
            "query_only",
            "temp_store",
            "mmap_size",
            "case_sensitive_like",
            "recursive_triggers",
            "synchronous",
            "defer_foreign_keys",
            "cell_size_check",
            "threads",
            "read_uncommitted",
            "reverse_unordered_selects",
            "locking_mode",
            "trusted_schema",
            "ignore_check_constraints",
            "analysis_limit",
            "show_tables",
            "database_size",
            "storage_info",
            "version",
            "enable_profiling",
            "memory_limit",
        ];
        const WORKS: &[&str] = &[
            "wal_checkpoint",
            "optimize",
            "incremental_vacuum",
            "shrink_memory",
            "journal_mode_reset",
        ];
        let (name, end) = self.name(first + 1);
        let plain = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let range = first..end;
        if WORKS.contains(&plain.as_str()) {
            self.changes(Verb::Run, name, range, "nothing is lost");
        } else if LOOKS.contains(&plain.as_str()) || end >= self.tokens.len() {
            self.reads(name, range);
        } else {
            self.changes(Verb::Update, name, range, "set it back");
        }
    }
}
