//! One statement: what its leading words say, and what is nested in it.

use super::{
    Dialect, condition, functions,
    session::{Control, Found, Says},
    tokens::{Kind, Token},
};
use crate::{
    classify::Word,
    domain::{Span, Verb, Words},
};
use std::ops::Range;

/// How deep bodies and explained statements may lie in each other.
pub(super) const DEEPEST: u8 = 8;
/// Tokens of a function's arguments that are looked at.
const MOST_ARGUMENTS: usize = 256;
/// Names of one statement that are shown.
const MOST_NAMES: usize = 8;

/// Reads one statement.
pub(super) struct Reader<'r> {
    /// What it is a part of.
    pub piece: &'r Word,
    /// The text that the tokens' bytes are of.
    pub text: &'r str,
    /// Its tokens.
    pub tokens: &'r [Token],
    /// Its dialect.
    pub dialect: Dialect,
    /// How deep it lies in others.
    pub depth: u8,
    /// What was found.
    pub found: &'r mut Vec<Found>,
    /// Statements prepared before.
    pub prepared: &'r mut Vec<String>,
}

impl Reader<'_> {
    /// Whether the token at a place is this keyword.
    pub(super) fn is(&self, at: usize, keyword: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(keyword))
    }

    /// Whether the token at a place is one of these keywords.
    pub(super) fn any(&self, at: usize, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(at, keyword))
    }

    /// Whether the tokens from a place on are these keywords.
    pub(super) fn are(&self, at: usize, keywords: &[&str]) -> bool {
        keywords.iter().enumerate().all(|(more, keyword)| self.is(at + more, keyword))
    }

    /// Whether the token at a place is this symbol.
    pub(super) fn sign(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.sign(sign))
    }

    /// Whether a keyword stands anywhere.
    pub(super) fn has(&self, keyword: &str) -> bool {
        self.tokens.iter().any(|token| token.is(keyword))
    }

    /// Where a keyword first stands from a place on, within as many parentheses as there.
    pub(super) fn find(&self, from: usize, keywords: &[&str]) -> Option<usize> {
        let depth = self.tokens.get(from)?.depth;
        let inside =
            self.tokens[from..].iter().take_while(|token| token.depth >= depth).enumerate();
        let mut level = inside.filter(|(_, token)| token.depth == depth);
        level
            .find(|(_, token)| keywords.iter().any(|keyword| token.is(keyword)))
            .map(|(at, _)| from + at)
    }

    /// Where the parentheses around a place, or the statement, end.
    pub(super) fn end(&self, from: usize) -> usize {
        let Some(first) = self.tokens.get(from) else { return self.tokens.len() };
        let inside = self.tokens[from..].iter().position(|token| token.depth < first.depth);
        inside.map_or(self.tokens.len(), |length| from + length)
    }

    /// Where the arguments of a function end; of long ones the first are looked at.
    pub(super) fn close(&self, from: usize) -> usize {
        let rest = self.tokens.get(from..).unwrap_or_default();
        let rest = &rest[..rest.len().min(MOST_ARGUMENTS)];
        let depth = rest.first().map_or(0, |token| token.depth);
        let inside = rest.iter().position(|token| token.depth < depth);
        from + inside.unwrap_or(rest.len())
    }

    /// Where some tokens stand in the input.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let last = range.end.clamp(1, self.tokens.len().max(1)) - 1;
        let (Some(first), Some(last)) = (self.tokens.get(range.start), self.tokens.get(last))
        else {
            return self.piece.span();
        };
        self.piece.at(first.at.start..last.at.end.max(first.at.end))
    }

    /// The value of a string as a text of its own.
    pub(super) fn inner(&self, at: usize) -> Option<Word> {
        let token = self.tokens.get(at)?;
        Some(match token.inside(self.text) {
            Some(range) => self.piece.part(range),
            None => Word::made(token.text.clone(), self.piece.at(token.at.clone())),
        })
    }

    /// A name with its qualifiers, and where it ends.
    pub(super) fn name(&self, mut at: usize) -> (String, usize) {
        let mut name = String::new();
        let mut after_name = false;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                Kind::Word | Kind::Quoted | Kind::Text | Kind::Number if !after_name => {
                    name.push_str(&token.text);
                    after_name = true;
                }
                Kind::Symbol('.') => {
                    name.push('.');
                    after_name = false;
                }
                Kind::Symbol('[') if !after_name => {}
                Kind::Symbol(']') => {}
                Kind::Symbol('*') if !after_name => {
                    name.push('*');
                    after_name = true;
                }
                _ => break,
            }
            at += 1;
        }
        (name, at)
    }

    /// Names between commas, and where they end.
    pub(super) fn names(&self, mut at: usize) -> (String, usize) {
        let mut names: Vec<String> = Vec::new();
        loop {
            if self.is(at, "ONLY") {
                at += 1;
            }
            let (name, end) = self.name(at);
            if !name.is_empty() && names.len() < MOST_NAMES {
                names.push(name);
            }
            // PostgreSQL writes `name *` for a table with those that inherit from it.
            at = end + usize::from(self.sign(end, '*'));
            if !self.sign(at, ',') {
                return (names.join(", "), end);
            }
            at += 1;
        }
    }

    /// Adds something found.
    pub(super) fn found(&mut self, says: Says, resource: impl Into<String>, range: Range<usize>) {
        let at = self.span(range);
        self.found.push(Found { says, resource: resource.into(), at, rolls_back: true });
    }

    /// Something is looked at.
    pub(super) fn reads(&mut self, resource: impl Into<String>, range: Range<usize>) {
        self.found(Says::Reads, resource, range);
    }

    /// Something changes; how to turn it back.
    pub(super) fn changes(
        &mut self,
        verb: Verb,
        resource: impl Into<String>,
        range: Range<usize>,
        back: impl Into<Words>,
    ) {
        self.found(Says::Changes(verb, back.into()), resource, range);
    }

    /// Something is lost; what.
    pub(super) fn destroys(
        &mut self,
        resource: impl Into<String>,
        range: Range<usize>,
        lost: impl Into<Words>,
    ) {
        self.found(Says::Destroys(Verb::Delete, lost.into()), resource, range);
    }

    /// Something cannot be read; why.
    pub(super) fn opaque(&mut self, range: Range<usize>, because: impl Into<Words>) {
        self.found(Says::Opaque(because.into()), "", range);
    }

    /// What was found last does not roll back with its transaction.
    pub(super) fn stays_done(&mut self, from: usize) {
        for found in self.found.iter_mut().skip(from) {
            found.rolls_back = false;
        }
    }

    /// The same surroundings with other tokens.
    pub(super) fn within(&mut self, range: Range<usize>) -> Reader<'_> {
        Reader {
            piece: self.piece,
            text: self.text,
            tokens: self.tokens.get(range).unwrap_or_default(),
            dialect: self.dialect,
            depth: self.depth + 1,
            found: &mut *self.found,
            prepared: &mut *self.prepared,
        }
    }

    /// Judges the statement.
    pub(super) fn statement(&mut self) -> Control {
        let Some(first) = self.tokens.iter().position(|token| !token.sign('(')) else {
            return Control::Stays;
        };
        if self.depth > DEEPEST {
            self.opaque(0..self.tokens.len(), "it is nested deeper than is read");
            return Control::Stays;
        }
        if self.tokens[first].kind == Kind::Body {
            // What MariaDB runs although it stands in a comment.
            if let Some(inner) = self.inner(first) {
                self.found(Says::Query(inner), "", first..first + 1);
            }
            return if first + 1 < self.tokens.len() {
                self.within(first + 1..self.tokens.len()).statement()
            } else {
                Control::Stays
            };
        }
        let head = self.tokens[first].text.to_ascii_uppercase();
        let from = self.found.len();
        let control = match head.as_str() {
            "SELECT" | "VALUES" | "TABLE" | "FROM" => self.select(first),
            "WITH" => self.with(first),
            "INSERT" | "UPSERT" => self.insert(first),
            "REPLACE" => self.replace(first),
            "UPDATE" => self.update(first),
            "DELETE" => self.delete(first),
            "MERGE" => self.merge(first),
            "EXPLAIN" | "DESCRIBE" | "DESC" => self.explain(first),
            "CREATE" | "ALTER" | "DROP" | "TRUNCATE" | "RENAME" | "COMMENT" | "UNDROP"
            | "EXCHANGE" | "DETACH" | "ATTACH" => {
                self.schema(first, &head);
                if self.dialect.rolls_schema_back() { Control::Stays } else { Control::Commits }
            }
            "BEGIN" | "START" | "COMMIT" | "END" | "ROLLBACK" | "ABORT" | "SAVEPOINT"
            | "RELEASE" | "SAVE" => self.transaction(first, &head),
            "DO" | "IF" | "WHILE" | "LOOP" | "FOR" | "FOREACH" | "REPEAT" | "CASE" | "PERFORM"
            | "RAISE" | "RETURN" | "ELSE" | "ELSIF" | "ELSEIF" | "EXCEPTION" | "NULL" | "THEN"
            | "OPEN" | "EXIT" | "CONTINUE" | "LEAVE" | "ITERATE" | "CALL" | "EXEC" | "EXECUTE"
            | "PREPARE" | "DEALLOCATE" | "DECLARE" => {
                self.procedural(first, &head);
                Control::Stays
            }
            _ => {
                self.server(first, &head);
                Control::Stays
            }
        };
        if self.dialect == Dialect::Generic {
            self.following(first, &head);
        }
        if self.found.len() == from {
            self.reads("", first..first + 1);
        }
        control
    }

    /// Transact-SQL needs no semicolon between statements.
    fn following(&mut self, first: usize, head: &str) {
        let alone =
            ["SELECT", "USE", "SET", "DECLARE", "PRINT", "INSERT", "UPDATE", "DELETE", "WAITFOR"];
        if !alone.contains(&head) {
            return;
        }
        let next = (first + 1..self.tokens.len()).find(|&at| {
            let before = at - 1;
            self.tokens[at].depth == self.tokens[first].depth
                && !self.any(before, &["ON", "FOR", "THEN", "AS", "DO", "INTO", "FROM"])
                && !self.sign(before, '.')
                && !self.sign(before, ',')
                && (self.are(at, &["DELETE", "FROM"])
                    || self.are(at, &["INSERT", "INTO"])
                    || self.are(at, &["MERGE", "INTO"])
                    || (self.is(at, "UPDATE") && self.find(at, &["SET"]).is_some())
                    || (self.any(at, &["DROP", "TRUNCATE", "ALTER", "CREATE"])
                        && self.any(
                            at + 1,
                            &[
                                "TABLE",
                                "DATABASE",
                                "SCHEMA",
                                "VIEW",
                                "INDEX",
                                "PROCEDURE",
                                "PROC",
                                "FUNCTION",
                                "TRIGGER",
                                "LOGIN",
                                "USER",
                                "ROLE",
                            ],
                        ))
                    || (self.any(at, &["EXEC", "EXECUTE"])
                        && self.tokens.get(at + 1).is_some_and(Token::names)))
        });
        if let Some(next) = next {
            self.within(next..self.tokens.len()).statement();
        }
    }

    fn select(&mut self, first: usize) -> Control {
        let (name, _) =
            self.find(first, &["FROM"]).map_or_else(Default::default, |at| self.name(at + 1));
        if let Some(into) = self.find(first, &["INTO"]) {
            let (target, end) = self.name(into + 1);
            if self.any(into + 1, &["OUTFILE", "DUMPFILE"]) {
                let (file, end) = self.name(into + 2);
                self.changes(Verb::Create, file, into..end, "remove the file on the server");
                self.stays_done(self.found.len() - 1);
            } else if !self.sign(into + 1, '@') && !target.starts_with('@') {
                self.changes(Verb::Create, target, into..end, "drop the new table");
            }
        }
        self.nested(first);
        self.calls(first);
        self.reads(name, first..first + 1);
        Control::Stays
    }

    fn with(&mut self, first: usize) -> Control {
        let heads =
            ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE", "REPLACE", "FROM"];
        self.nested(first);
        let Some(main) = self.find(first + 1, &heads) else {
            self.opaque(first..self.tokens.len(), "this query is not understood");
            return Control::Stays;
        };
        // Functions in the expressions before it run as well.
        functions::calls(self, first..main);
        self.within(main..self.tokens.len()).statement()
    }

    fn insert(&mut self, first: usize) -> Control {
        let into = self.find(first, &["INTO", "OVERWRITE"]).unwrap_or(first);
        let skip = into + 1 + usize::from(self.any(into + 1, &["TABLE", "DIRECTORY", "INTO"]));
        let (name, end) = self.name(skip);
        if self.is(first + 1, "OVERWRITE") {
            self.destroys(name, first..end, "the rows that were in the table are gone");
        } else {
            self.changes(Verb::Create, name, first..end, "delete the rows that were added");
        }
        self.nested(first);
        self.calls(end);
        Control::Stays
    }

    fn replace(&mut self, first: usize) -> Control {
        let into = self.find(first, &["INTO"]).unwrap_or(first);
        let (name, end) = self.name(into + 1);
        self.changes(Verb::Update, name, first..end, "write the earlier values back");
        self.calls(end);
        Control::Stays
    }

    fn update(&mut self, first: usize) -> Control {
        let mut at = first + 1;
        while self.any(
            at,
            &[
                "LOW_PRIORITY",
                "IGNORE",
                "ONLY",
                "OR",
                "TOP",
                "ROLLBACK",
                "REPLACE",
                "FAIL",
                "ABORT",
            ],
        ) || (self.is(at - 1, "TOP") && self.sign(at, '('))
        {
            at = if self.sign(at, '(') { self.end(at + 1) + 1 } else { at + 1 };
        }
        if self.is(at, "STATISTICS") && self.find(at, &["SET"]).is_none() {
            self.changes(Verb::Update, "", first..at + 1, "they are gathered again");
            return Control::Stays;
        }
        let (name, end) = self.name(at);
        match self.condition(first) {
            Some((false, _)) => {
                self.changes(Verb::Update, name, first..end, "write the earlier values back");
            }
            Some((true, at)) => {
                self.destroys(name, at, "the earlier values of every row are gone");
            }
            None => self.destroys(name, first..end, "the earlier values of every row are gone"),
        }
        self.nested(first);
        self.calls(end);
        Control::Stays
    }

    fn delete(&mut self, first: usize) -> Control {
        let from = self.find(first, &["FROM"]).map_or(first, |at| at);
        let (name, end) = self.name(from + 1 + usize::from(self.is(from + 1, "ONLY")));
        let lost = match self.condition(first) {
            Some((false, _)) => "the rows that match are gone",
            _ => "all rows are gone",
        };
        self.destroys(name, first..end, lost);
        self.nested(first);
        self.calls(end);
        Control::Stays
    }

    /// Whether the condition is true of every row, and where it stands; nothing without one.
    fn condition(&self, first: usize) -> Option<(bool, Range<usize>)> {
        let at = self.find(first, &["WHERE"])?;
        let end = self
            .find(at, &["RETURNING", "ORDER", "LIMIT", "OPTION", "IF", "SETTINGS"])
            .unwrap_or_else(|| self.end(at));
        let (first, last) = (self.tokens.get(at)?, self.tokens.get(end.max(1) - 1)?);
        let text = self.text.get(first.at.end..last.at.end).unwrap_or_default();
        Some((condition::always(text, self.dialect), at..end))
    }

    fn merge(&mut self, first: usize) -> Control {
        let into = first + 1 + usize::from(self.is(first + 1, "INTO"));
        let (name, end) = self.name(into);
        let delete = (end..self.tokens.len()).find(|&at| self.are(at, &["THEN", "DELETE"]));
        if let Some(at) = delete {
            self.destroys(name, at..at + 2, "the rows that match are gone");
        } else {
            self.changes(Verb::Update, name, first..end, "write the earlier values back");
        }
        self.nested(first);
        self.calls(end);
        Control::Stays
    }

    /// Statements that change something between parentheses, as in `WITH gone AS (DELETE …)`.
    pub(super) fn nested(&mut self, from: usize) {
        let starts: Vec<usize> = (from + 1..self.tokens.len())
            .filter(|&at| {
                self.sign(at - 1, '(')
                    && !self.sign(at + 1, ',')
                    && !self.sign(at + 1, '(')
                    && !self.sign(at + 1, ')')
                    && self.any(at, &["DELETE", "UPDATE", "INSERT", "MERGE", "TRUNCATE", "DROP"])
            })
            .collect();
        // What lies in one of them is found when that one is judged.
        let mut done = 0;
        for at in starts {
            if at >= done {
                done = self.end(at);
                self.within(at..done).statement();
            }
        }
    }

    /// Functions called from a place on.
    pub(super) fn calls(&mut self, from: usize) {
        functions::calls(self, from..self.tokens.len());
    }

    fn explain(&mut self, first: usize) -> Control {
        let mut at = first + 1;
        let mut runs = false;
        loop {
            if self.any(at, &["ANALYZE", "ANALYSE"]) {
                runs = true;
                at += 1;
            } else if self.sign(at, '(') && !self.any(at + 1, &["SELECT", "WITH", "VALUES"]) {
                let end = self.end(at + 1);
                for option in at + 1..end {
                    if self.any(option, &["ANALYZE", "ANALYSE"]) {
                        let value = self.tokens.get(option + 1).map(|token| token.text.as_str());
                        runs = !value.is_some_and(|value| {
                            ["false", "off", "0", "no"]
                                .iter()
                                .any(|no| value.eq_ignore_ascii_case(no))
                        });
                    }
                }
                at = end + 1;
            } else if self.is(at, "FORMAT") {
                at += if self.sign(at + 1, '=') { 3 } else { 2 };
            } else if self.any(
                at,
                &[
                    "VERBOSE",
                    "EXTENDED",
                    "PARTITIONS",
                    "QUERY",
                    "PLAN",
                    "PIPELINE",
                    "SYNTAX",
                    "AST",
                    "ESTIMATE",
                    "LOGICAL",
                    "FORMATTED",
                    "CODEGEN",
                    "COST",
                    "USING",
                    "TEXT",
                    "JSON",
                    "FOR",
                    "INTO",
                    "DISTSQL",
                    "OPT",
                    "DEBUG",
                ],
            ) {
                at += 1;
            } else {
                break;
            }
        }
        if runs && at < self.tokens.len() {
            return self.within(at..self.tokens.len()).statement();
        }
        let (name, _) = self.name(at);
        let names_statement =
            self.any(at, &["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH"]);
        self.reads(if names_statement { String::new() } else { name }, first..first + 1);
        Control::Stays
    }
}
