//! Statements about what a database is made of: tables, indexes, users, databases.

use super::{
    session::Says,
    statement::Reader,
    tokens::{Kind, Token},
};
use crate::domain::Verb;
use std::ops::Range;

/// What may stand between CREATE or DROP and the kind of object.
const BETWEEN: &[&str] = &[
    "OR",
    "REPLACE",
    "TEMP",
    "TEMPORARY",
    "GLOBAL",
    "LOCAL",
    "UNLOGGED",
    "UNIQUE",
    "MATERIALIZED",
    "RECURSIVE",
    "FOREIGN",
    "EXTERNAL",
    "TRANSIENT",
    "VOLATILE",
    "PUBLIC",
    "SNAPSHOT",
    "CLUSTERED",
    "NONCLUSTERED",
    "COLUMNSTORE",
    "FULLTEXT",
    "SPATIAL",
    "VIRTUAL",
    "DEFAULT",
    "ALGORITHM",
    "SECURE",
    "HYBRID",
    "DYNAMIC",
    "ICEBERG",
    "LIVE",
    "AGGREGATE",
    "CONSTRAINT",
    "EVENT",
    "TRUSTED",
    "PROCEDURAL",
    "LANGUAGE",
    "TEXT",
    "SEARCH",
    "OPERATOR",
    "ACCESS",
    "LOGIN",
    "CAST",
    "DISTRIBUTED",
    "SORTED",
    "WINDOW",
];

impl Reader<'_> {
    /// A statement about an object.
    pub(super) fn schema(&mut self, first: usize, head: &str) {
        match head {
            "CREATE" => self.create(first),
            "ALTER" => self.alter(first),
            "DROP" => self.drop(first),
            "TRUNCATE" => self.truncate(first),
            "UNDROP" | "ATTACH" => self.named_change(first, "drop or detach it again"),
            "COMMENT" => self.named_change(first, "write the earlier comment back"),
            "DETACH" => {
                let permanent = self.has("PERMANENTLY");
                let back = if permanent { "attach it by hand again" } else { "attach it again" };
                self.named_change(first, back);
            }
            _ => self.named_change(first, "name it back"),
        }
    }

    fn named_change(&mut self, first: usize, back: &'static str) {
        let (name, end) = self.object(first + 1);
        self.changes(Verb::Update, name, first..end, back);
    }

    /// The name behind the kind of an object, and where it ends.
    fn object(&self, mut at: usize) -> (String, usize) {
        while self.any(at, BETWEEN) {
            at += 1;
        }
        at += 1;
        while self
            .any(at, &["IF", "NOT", "EXISTS", "CONCURRENTLY", "ONLY", "MAPPING", "FAMILY", "CLASS"])
        {
            at += 1;
        }
        self.names(at)
    }

    fn create(&mut self, first: usize) {
        let (name, end) = self.object(first + 1);
        let kind = self.kind(first + 1);
        let replaces = self.is(first + 1, "OR") && self.is(first + 2, "REPLACE");
        let keeps_data = [
            "VIEW",
            "FUNCTION",
            "PROCEDURE",
            "TRIGGER",
            "RULE",
            "MACRO",
            "AGGREGATE",
            "TRANSFORM",
            "LANGUAGE",
            "PACKAGE",
            "POLICY",
            "TASK",
            "ALIAS",
            "SYNONYM",
            "OPERATOR",
            "TYPE",
            "INDEX",
            "SEQUENCE",
            "TABLESAMPLE",
            "MODEL",
            "SERVER",
            "CONNECTION",
            "PIPE",
            "STREAM",
        ];
        if replaces && self.has_between(first, "TEMP") {
            self.changes(Verb::Create, name, first..end, "it ends with the session");
        } else if replaces && !keeps_data.iter().any(|keeps| kind.eq_ignore_ascii_case(keeps)) {
            self.destroys(name, first..end, "what had this name before, and what it held, is gone");
        } else if ["USER", "ROLE", "LOGIN", "POLICY"]
            .iter()
            .any(|power| kind.eq_ignore_ascii_case(power))
        {
            self.changes(Verb::Grant, name, first..end, "drop it again");
        } else {
            self.changes(Verb::Create, name, first..end, "drop it again");
        }
        let is_code = ["FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "RULE", "PACKAGE", "TASK"]
            .iter()
            .any(|code| kind.eq_ignore_ascii_case(code));
        if !is_code {
            if let Some(query) = self.find(end.min(self.tokens.len()), &["SELECT", "WITH"])
                && kind.eq_ignore_ascii_case("TABLE")
            {
                self.nested(query);
                self.calls(query);
            }
            // A MySQL event runs by itself.
            if let Some(body) =
                self.find(first, &["DO"]).filter(|_| self.has("EVENT") && self.has("SCHEDULE"))
            {
                self.body(body + 1..self.tokens.len());
            }
        }
    }

    /// The kind of object that a CREATE or DROP is about.
    fn kind(&self, mut at: usize) -> String {
        while self.any(at, BETWEEN) {
            at += 1;
        }
        // ALGORITHM = MERGE DEFINER = x SQL SECURITY INVOKER VIEW
        if self.sign(at, '=') {
            let kinds = ["VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EVENT"];
            at = self.find(at, &kinds).unwrap_or(at);
        }
        if self.is(at, "DEFINER") {
            let kinds = ["VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EVENT"];
            at = self.find(at, &kinds).unwrap_or(at);
        }
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Word);
        token.map(|token| token.text.clone()).unwrap_or_default()
    }

    fn has_between(&self, first: usize, word: &str) -> bool {
        let words = self.tokens[first..].iter().take(5);
        words.into_iter().any(|token| {
            token.kind == Kind::Word
                && token.text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
        })
    }

    fn drop(&mut self, first: usize) {
        let mut at = first + 1;
        while self.any(at, BETWEEN) {
            at += 1;
        }
        let kind =
            self.tokens.get(at).map(|token| token.text.to_ascii_uppercase()).unwrap_or_default();
        let is_view = self.is(first + 1, "MATERIALIZED");
        let (name, end) = self.object(first + 1);
        let range = first..end.max(first + 2);
        let temporary = self.any(first + 1, &["TEMPORARY", "TEMP"]) || name.starts_with('#');
        match kind.as_str() {
            "PREPARE" => self.reads(name, range),
            "INDEX" | "STATISTICS" => self.changes(Verb::Delete, name, range, "build it again"),
            _ if temporary => {
                self.changes(Verb::Delete, name, range, "it would end with the session");
            }
            "OWNED" => {
                let (name, _) = self.names(at + 2);
                self.destroys(name, range, "everything that the role owns here is gone");
            }
            "DATABASE" | "KEYSPACE" | "SCHEMA" | "BUCKET" => {
                self.destroys(name, range, "it and everything in it are gone");
            }
            "TABLE" => self.destroys(name, range, "the table and its rows are gone"),
            "VIEW" if is_view => self.destroys(name, range, "the view and what it holds are gone"),
            "USER" | "ROLE" | "LOGIN" => {
                self.destroys(name, range, "the account and its powers are gone");
            }
            "PARTITION" | "COLUMN" => self.destroys(name, range, "its data is gone"),
            "" => self.opaque(range, "what is dropped is not known"),
            _ => self.destroys(name, range, "it and its definition are gone"),
        }
    }

    fn truncate(&mut self, first: usize) {
        // MySQL also has a function of this name, which no statement begins with.
        let at = first
            + 1
            + usize::from(self.any(first + 1, &["TABLE", "COLUMNFAMILY", "TABLES", "DATABASE"]));
        let at = if self.are(at, &["IF", "EXISTS"]) { at + 2 } else { at };
        let (name, end) = self.names(at);
        self.destroys(name, first..end, "all rows are gone");
    }

    fn alter(&mut self, first: usize) {
        let kind = self.kind(first + 1);
        let (name, end) = self.object(first + 1);
        let range = first..end;
        match kind.to_ascii_uppercase().as_str() {
            "TABLE" | "TYPE" | "VIEW" | "COLUMNFAMILY" => self.actions(&name, first, end),
            "SYSTEM" => self.configuration(first),
            "DATABASE" | "KEYSPACE" | "ACCOUNT" | "SCHEMA" | "SERVER" => {
                if self.are_anywhere(&["ROLLBACK", "IMMEDIATE"]) {
                    self.destroys(name, range, "every connection is cut");
                } else if self.setting_off() || self.are_anywhere(&["RECOVERY", "SIMPLE"]) {
                    self.destroys(name, range, "what is not kept from now on cannot be had later");
                } else if self.are_anywhere(&["REMOVE", "FILE"])
                    || self.are_anywhere(&["DROP", "REGION"])
                {
                    self.destroys(name, range, "what it held is gone");
                } else {
                    self.changes(Verb::Update, name, range, "set it back");
                }
            }
            "USER" | "ROLE" | "LOGIN" | "GROUP" | "POLICY" | "DEFAULT" | "PRIVILEGES" => {
                self.changes(Verb::Grant, name, range, "set the earlier powers again");
            }
            "INSTANCE" | "AUDIT" if self.setting_off() => {
                self.destroys(name, range, "what is not recorded from now on cannot be had later");
            }
            _ => self.changes(Verb::Update, name, range, "alter it back"),
        }
    }

    /// Whether some words stand beside each other anywhere.
    pub(super) fn are_anywhere(&self, words: &[&str]) -> bool {
        (0..self.tokens.len()).any(|at| self.are(at, words))
    }

    /// What an ALTER TABLE does, part by part.
    fn actions(&mut self, name: &str, first: usize, end: usize) {
        let mut starts = vec![end];
        let depth = self.tokens.get(first).map_or(0, |token| token.depth);
        starts.extend(
            (end..self.tokens.len())
                .filter(|&at| self.sign(at, ',') && self.tokens[at].depth == depth)
                .map(|at| at + 1),
        );
        starts.push(self.tokens.len() + 1);
        let mut any = false;
        for pair in starts.windows(2) {
            let (start, stop) = (pair[0], pair[1] - 1);
            if start < stop && self.action(name, start..stop) {
                any = true;
            }
        }
        if !any {
            self.changes(Verb::Update, name, first..end, "alter it back");
        }
    }

    /// One part of an ALTER TABLE; no when it is an ordinary change.
    fn action(&mut self, name: &str, range: Range<usize>) -> bool {
        let Range { start, end } = range;
        let head = self.tokens[start].text.to_ascii_uppercase();
        let here = start..(start + 3).min(end);
        let has =
            |words: &[&str]| (start..end).any(|at| self.are(at, words) && at + words.len() <= end);
        match head.as_str() {
            "DROP" => {
                let keeps = [
                    "CONSTRAINT",
                    "INDEX",
                    "KEY",
                    "PRIMARY",
                    "FOREIGN",
                    "CHECK",
                    "DEFAULT",
                    "IDENTITY",
                    "PROJECTION",
                    "STATISTICS",
                    "SYSTEM",
                    "PERIOD",
                    "ROW",
                    "SEARCH",
                ];
                if self.any(start + 1, &keeps) {
                    self.changes(Verb::Update, name, here, "add it again");
                } else {
                    let mut at = start + 1;
                    while self.any(
                        at,
                        &[
                            "COLUMN",
                            "IF",
                            "EXISTS",
                            "PARTITION",
                            "DETACHED",
                            "ATTRIBUTE",
                            "PART",
                            "VALUE",
                            "FIELD",
                        ],
                    ) || self.sign(at, '(')
                    {
                        at += 1;
                    }
                    let column = self.name(at).0;
                    self.destroys(
                        format!("{name} {column}"),
                        start..(at + 1).min(end),
                        "what it held is gone",
                    );
                }
                true
            }
            "TRUNCATE" | "DELETE" | "CLEAR" | "DISCARD" => {
                self.destroys(name, here, "the rows are gone");
                true
            }
            "UPDATE" => {
                self.changes(Verb::Update, name, here, "write the earlier values back");
                true
            }
            "ALTER" | "MODIFY" | "CHANGE" => {
                if has(&["TTL"]) && head == "MODIFY" {
                    self.destroys(name, here, "rows older than that are removed");
                    return true;
                }
                if head != "ALTER" && self.any(start + 1, &["SETTING", "ORDER", "COMMENT", "QUERY"])
                {
                    return false;
                }
                let is_type =
                    head != "ALTER" || has(&["TYPE"]) || self.alters_type_bare(start, end);
                if is_type && !self.widens(start, end) {
                    self.destroys(
                        name,
                        here,
                        "values that do not fit the new type are changed or lost",
                    );
                    return true;
                }
                false
            }
            "DISABLE" | "NO" if has(&["ROW", "LEVEL", "SECURITY"]) => {
                self.changes(Verb::Grant, name, here, "enable row security again");
                true
            }
            "DISABLE" => {
                self.changes(Verb::Grant, name, here, "enable it again");
                true
            }
            "OWNER" => {
                self.changes(Verb::Grant, name, here, "give it back to its owner");
                true
            }
            "SET" if self.loses_history(start, end) => {
                self.destroys(name, here, "history is no longer kept, or rows expire");
                true
            }
            _ => false,
        }
    }

    /// `ALTER COLUMN name varchar(10)`, as Transact-SQL has it.
    fn alters_type_bare(&self, start: usize, end: usize) -> bool {
        let name = start + 1 + usize::from(self.is(start + 1, "COLUMN"));
        let (_, at) = self.name(name);
        at < end
            && self.tokens[at].names()
            && !self.any(
                at,
                &[
                    "SET",
                    "DROP",
                    "ADD",
                    "RESTART",
                    "RENAME",
                    "COMMENT",
                    "OPTIONS",
                    "TO",
                    "VISIBLE",
                    "INVISIBLE",
                ],
            )
    }

    /// Whether a change of type keeps every value.
    fn widens(&self, start: usize, end: usize) -> bool {
        let wide = [
            "TEXT",
            "BIGINT",
            "LONGTEXT",
            "MEDIUMTEXT",
            "NUMERIC",
            "JSONB",
            "TIMESTAMPTZ",
            "INT8",
            "STRING",
        ];
        (start + 2..end).any(|at| {
            let free = (self.any(at, &["VARCHAR", "NUMERIC"]) || self.any(at, &wide))
                && !self.sign(at + 1, '(');
            free && self.any(at - 1, &["TYPE"]) || (self.any(at, &["LONGTEXT", "BIGINT"]))
        })
    }

    fn loses_history(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| {
            let is_zero = self.tokens.get(at + 2).is_some_and(|value| value.text == "0");
            (self.is(at, "DATA_RETENTION_TIME_IN_DAYS") && is_zero)
                || (self.any(at, &["EXPIRATION_TIMESTAMP", "PARTITION_EXPIRATION_DAYS"])
                    && !self.is(at + 2, "NULL"))
                || (self.is(at, "SYSTEM_VERSIONING") && self.is(at + 2, "OFF"))
        })
    }

    /// Whether it turns a log, an audit, an archive or a backup off.
    pub(super) fn setting_off(&self) -> bool {
        let is_off = |token: &Token| {
            ["off", "0", "none", "false", "", "disabled", "disable"]
                .iter()
                .any(|off| token.text.eq_ignore_ascii_case(off))
                && token.kind != Kind::Symbol('=')
        };
        let records = |token: &Token| {
            let name = token.text.to_ascii_lowercase();
            token.names()
                && (name.contains("audit")
                    || name.contains("general_log")
                    || name.contains("slow_query_log")
                    || name.contains("log_statement")
                    || name.contains("log_bin")
                    || name.contains("archive_mode")
                    || name.contains("archive_command")
                    || name.contains("logging_collector")
                    || name.contains("log_connections")
                    || name.contains("log_disconnections")
                    || name == "fsync"
                    || name == "full_page_writes")
        };
        let mut recorded = false;
        for token in self.tokens {
            if recorded && is_off(token) {
                return true;
            }
            recorded = records(token)
                || (recorded
                    && (token.sign('=') || token.is("TO") || token.sign('.') || token.is("log")));
        }
        false
    }

    fn configuration(&mut self, first: usize) {
        let (name, end) = self.name(first + 3);
        let range = first..end.max(first + 2);
        if self.setting_off() {
            self.destroys(name, range, "what is not recorded from now on cannot be had later");
        } else if self.are_anywhere(&["KILL", "SESSION"]) {
            self.found(
                Says::Changes(Verb::Delete, "the session has to connect again".into()),
                name,
                range,
            );
        } else {
            self.changes(Verb::Update, name, range, "set it back");
        }
        self.stays_done(self.found.len() - 1);
    }
}
