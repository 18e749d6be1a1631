//! Code in SQL: blocks, procedures, statements made out of text.

use super::{
    Dialect,
    session::Says,
    statement::Reader,
    tokens::{self, Kind},
};
use crate::{
    classify::{PLAIN, Word},
    domain::Verb,
};
use std::ops::Range;

impl Reader<'_> {
    /// A statement of a procedure, or one that runs a procedure.
    pub(super) fn procedural(&mut self, first: usize, head: &str) {
        let next = first + 1;
        let rest = self.tokens.len();
        match head {
            "DO" if self.is_foreign(next) => {
                self.opaque(first..next, "the block is in a language that is not read");
            }
            "DO" if self.tokens.iter().any(|token| token.kind == Kind::Body) => {
                for at in next..rest {
                    if self.tokens[at].kind == Kind::Body {
                        self.block(at);
                    }
                }
            }
            "DO" if self.dialect == Dialect::Postgres
                && self.tokens.get(next).is_some_and(|token| token.kind == Kind::Text) =>
            {
                self.block(next);
            }
            "CALL" => self.call(first),
            "EXEC" | "EXECUTE" => self.execute(first),
            "PREPARE" => self.prepare(first),
            "DEALLOCATE" => self.reads("", first..next),
            "DECLARE" if self.has("CURSOR") || !self.has("BEGIN") => {
                self.reads("", first..next);
                self.nested(first);
                self.calls(next);
            }
            _ => self.body(next..rest),
        }
    }

    /// Whether a block names another language than `PostgreSQL`'s own. Its default is `plpgsql`.
    fn is_foreign(&self, from: usize) -> bool {
        let language = (from..self.tokens.len()).find(|&at| self.is(at, "LANGUAGE"));
        language.is_some_and(|at| !self.is(at + 1, "PLPGSQL") && !self.is(at + 1, "SQL"))
    }

    /// The body of a block in a string.
    fn block(&mut self, at: usize) {
        let token = &self.tokens[at];
        let Some(inside) =
            token.inside(self.text).filter(|_| self.depth < super::statement::DEEPEST)
        else {
            return self.opaque(at..at + 1, "the block cannot be read");
        };
        let (mut inner, is_whole) = tokens::tokens(&token.text, self.dialect);
        for token in &mut inner {
            token.at = token.at.start + inside.start..token.at.end + inside.start;
        }
        if !is_whole {
            self.opaque(at..at + 1, "the block ends in the middle of a text or a comment");
        }
        for statement in tokens::statements(&inner, self.text, Dialect::Postgres) {
            let mut reader = Reader {
                piece: self.piece,
                text: self.text,
                tokens: statement,
                dialect: self.dialect,
                depth: self.depth + 1,
                found: &mut *self.found,
                prepared: &mut *self.prepared,
            };
            reader.body(0..statement.len());
        }
    }

    /// Statements that follow the words of a procedure without a semicolon between them.
    pub(super) fn body(&mut self, range: Range<usize>) {
        const STARTS: &[&str] = &[
            "INSERT", "UPDATE", "DELETE", "DROP", "TRUNCATE", "ALTER", "CREATE", "MERGE", "GRANT",
            "REVOKE", "CALL", "EXECUTE", "EXEC", "COPY", "REFRESH", "WITH", "SELECT", "VACUUM",
            "REINDEX", "KILL", "PURGE", "RESET", "FLUSH", "SHUTDOWN", "COMMIT", "ROLLBACK",
            "NOTIFY", "LOCK", "BACKUP", "RESTORE", "EXPORT",
        ];
        let before = [
            "BEGIN", "THEN", "ELSE", "LOOP", "DO", "DECLARE", "IN", "QUERY", "FOR", "AS", "IS",
            "TRY", "CATCH", "ATOMIC",
        ];
        let start = range.clone().find(|&at| {
            self.any(at, STARTS)
                && (at == range.start
                    || self.any(at - 1, &before)
                    || self.sign(at - 1, ')')
                    || self.dialect == Dialect::Generic
                        && !self.sign(at - 1, '(')
                        && !self.sign(at - 1, '.')
                        && !self.sign(at - 1, ','))
        });
        let until = start.unwrap_or(range.end);
        if range.start < until {
            super::functions::calls(self, range.start..until);
        }
        let Some(start) = start else {
            if range.start < range.end {
                self.reads("", range.start..range.start + 1);
            }
            return;
        };
        if self.is(start, "SELECT") || self.is(start, "WITH") {
            // FOR row IN SELECT … LOOP DELETE …
            if let Some(at) =
                (start..range.end).find(|&at| self.any(at, &["LOOP", "THEN"]) && at + 1 < range.end)
                && self.depth < super::statement::DEEPEST
            {
                self.within(start..at).statement();
                let mut reader = self.within(at + 1..range.end);
                let end = reader.tokens.len();
                return reader.body(0..end);
            }
        }
        self.within(start..range.end).statement();
    }

    fn call(&mut self, first: usize) {
        let (name, end) = self.name(first + 1);
        let lower = name.to_ascii_lowercase();
        let plain = lower.rsplit('.').next().unwrap_or_default();
        match plain {
            "rds_kill"
            | "rds_kill_query"
            | "rds_skip_repl_error"
            | "rds_start_replication"
            | "rds_stop_replication"
            | "rds_rotate_slow_log"
            | "rds_rotate_general_log"
            | "run_maintenance_proc"
            | "refresh_continuous_aggregate"
            | "compress_chunk" => {
                self.changes(Verb::Run, name, first..end, "by the opposite procedure");
            }
            "rds_show_configuration" | "diagnostics" | "ps_setup_show_enabled" => {
                self.reads(name, first..end);
            }
            "rds_reset_external_master" | "rds_reset_external_source" => {
                self.destroys(name, first..end, "the position of the replica is gone");
            }
            _ => self.opaque(first..end, "what this procedure does is not known"),
        }
        self.calls(end + 1);
    }

    fn execute(&mut self, first: usize) {
        let mut at = first + 1;
        if self.is(at, "IMMEDIATE") {
            at += 1;
        }
        while self.sign(at, '(') {
            at += 1;
        }
        let kind = self.tokens.get(at).map(|token| token.kind);
        if matches!(kind, Some(Kind::Text | Kind::Body)) {
            return self.made(at);
        }
        let (name, end) = self.name(at);
        let lower = name.to_ascii_lowercase();
        if lower == "format" || lower == "concat" {
            return self.made(end + 1);
        }
        if self.prepared.contains(&lower) {
            return self.reads(name, first..end);
        }
        let plain = lower.rsplit('.').next().unwrap_or_default();
        match plain {
            "xp_cmdshell" => {
                match (end..self.tokens.len()).find(|&at| self.tokens[at].kind == Kind::Text) {
                    Some(at) => {
                        if let Some(script) = self.inner(at) {
                            self.found(Says::Script(script), name, first..end);
                        }
                    }
                    None => self.opaque(first..end, "the shell command it runs is not known"),
                }
            }
            "sp_executesql" | "sp_msforeachtable" | "sp_msforeachdb" => {
                match (end..self.tokens.len()).find(|&at| self.tokens[at].kind == Kind::Text) {
                    Some(at) => self.made(at),
                    None => self.opaque(first..end, "the statement that it runs is not known"),
                }
            }
            "sp_help"
            | "sp_helptext"
            | "sp_helpdb"
            | "sp_helpindex"
            | "sp_who"
            | "sp_who2"
            | "sp_spaceused"
            | "sp_columns"
            | "sp_tables"
            | "sp_lock"
            | "sp_helpuser"
            | "sp_helprole"
            | "sp_helplogins"
            | "sp_databases"
            | "sp_depends"
            | "sp_helpconstraint"
            | "sp_whoisactive"
            | "sp_blitz"
            | "sp_readerrorlog"
            | "xp_readerrorlog"
            | "sp_pkeys"
            | "sp_fkeys"
            | "sp_statistics"
            | "sp_server_info"
            | "sp_helpfile"
            | "sp_describe_first_result_set" => {
                self.reads(name, first..end);
            }
            "sp_configure"
            | "sp_rename"
            | "sp_addrolemember"
            | "sp_droprolemember"
            | "sp_updatestats"
            | "sp_recompile"
            | "sp_start_job"
            | "sp_stop_job"
            | "sp_addlogin"
            | "sp_adduser"
            | "sp_changeobjectowner"
            | "sp_update_job"
            | "sp_addumpdevice" => {
                self.changes(Verb::Update, name, first..end, "set it back");
            }
            "sp_dropuser"
            | "sp_droplogin"
            | "sp_revokedbaccess"
            | "sp_dropsrvrolemember"
            | "sp_delete_job"
            | "sp_detach_db"
            | "sp_dropserver"
            | "sp_delete_backuphistory"
            | "xp_delete_file"
            | "sp_cycle_errorlog"
            | "sp_dropmessage"
            | "sp_delete_schedule"
            | "xp_delete_files" => self.destroys(name, first..end, "what it removes is gone"),
            _ => self.opaque(first..end.max(first + 1), "what this runs is not known"),
        }
    }

    /// A statement that is put together out of a first string and perhaps more.
    fn made(&mut self, at: usize) {
        let Some(token) = self.tokens.get(at) else { return };
        if !matches!(token.kind, Kind::Text | Kind::Body) {
            return self.opaque(at..at + 1, "the statement that it runs is not known");
        }
        let text = &token.text;
        // What `format` and `sp_MSforeachtable` fill in are names.
        let plain = PLAIN.to_string();
        let filled = text.replace("%I", &plain).replace("%s", &plain).replace("%L", "''");
        let filled =
            if filled.trim_end().ends_with('?') { filled.replace('?', &plain) } else { filled };
        let query = if filled == *text {
            self.inner(at)
        } else {
            Some(Word::made(filled, self.piece.at(token.at.clone())))
        };
        if let Some(query) = query {
            self.found(Says::Query(query), "", at..at + 1);
        }
        let goes_on = (at + 1..self.tokens.len())
            .any(|at| self.tokens[at].kind == Kind::Symbol('?') || self.sign(at, '@'));
        if goes_on {
            self.opaque(
                at..self.tokens.len(),
                "the rest of the statement that it runs is not known",
            );
        }
    }

    fn prepare(&mut self, first: usize) {
        let (name, end) = self.name(first + 1);
        self.prepared.push(name.to_ascii_lowercase());
        if self.is(first + 1, "TRANSACTION") {
            return self.changes(
                Verb::Update,
                "",
                first..end,
                "roll the prepared transaction back",
            );
        }
        if let Some(from) = self.find(end.min(self.tokens.len()), &["FROM", "AS"]) {
            if matches!(
                self.tokens.get(from + 1).map(|token| token.kind),
                Some(Kind::Text | Kind::Body)
            ) {
                return self.made(from + 1);
            }
            if self.is(from, "AS") {
                self.within(from + 1..self.tokens.len()).statement();
                return;
            }
        }
        self.opaque(first..end, "the prepared statement is not known");
    }

    /// `@name = value`, `name := value`.
    pub(super) fn assignment(&mut self, first: usize) {
        self.reads("", first..first + 1);
        self.nested(first);
        self.calls(first);
    }
}
