//! What is typed into a client: SQL, and between it the client's own commands.
//!
//! ```text
//!   SELECT 1; \! ls        ──▶  Sql("SELECT 1; ")  Command("\! ls")
//! ```

use crate::classify::Word;

/// How a client's own commands are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `\command` anywhere, to the end of the line.
    Psql,
    /// `source FILE`, `\! COMMAND` at the beginning of a statement.
    MySql,
    /// `.command` at the beginning of a line.
    Sqlite,
}

/// A part of a script.
#[derive(Debug)]
pub(super) enum Part {
    /// SQL.
    Sql(Word),
    /// A command of the client, to the end of its line.
    Command(Word),
}

/// Commands of `mysql` that are words. `use` and `delimiter` are left to SQL.
const MYSQL: &[&str] = &[
    "source",
    "system",
    "tee",
    "notee",
    "pager",
    "nopager",
    "edit",
    "prompt",
    "status",
    "warnings",
    "nowarning",
    "rehash",
    "connect",
    "charset",
    "print",
    "ego",
    "clear",
    "quit",
    "exit",
    "resetconnection",
];

/// Takes a script apart.
pub(super) fn parts(script: &Word, style: Style) -> Vec<Part> {
    let text = script.text();
    Reader { text, at: 0, style, from: 0, line_end: 0, fresh: true, script, parts: Vec::new() }
        .read()
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    style: Style,
    /// Where the SQL read so far begins.
    from: usize,
    /// Where a line ends: that of the last command, so that a line of many is looked through once.
    line_end: usize,
    /// Whether a statement begins here.
    fresh: bool,
    script: &'s Word,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn read(mut self) -> Vec<Part> {
        let mut begins_line = true;
        let mut statement = 0;
        while let Some(c) = self.rest().chars().next() {
            let is_command = match self.style {
                Style::Psql => c == '\\' && !self.rest().starts_with("\\;"),
                Style::MySql => self.fresh && self.is_mysql_command(),
                Style::Sqlite => begins_line && c == '.',
            };
            if is_command {
                self.command();
                (begins_line, statement) = (true, self.at);
                continue;
            }
            begins_line = c == '\n' || (begins_line && c.is_whitespace());
            if !c.is_whitespace() {
                self.fresh = false;
            }
            match c {
                '\'' | '"' => self.quoted(c),
                '`' if self.style != Style::Psql => self.quoted(c),
                '-' if self.rest().starts_with("--") => self.line(),
                '#' if self.style == Style::MySql => self.line(),
                '/' if self.rest().starts_with("/*") => self.comment(),
                '$' if self.style == Style::Psql => self.dollars(),
                ';' => {
                    self.at += 1;
                    self.fresh = true;
                    if self.style == Style::Psql && self.copies_in(statement) {
                        self.sql();
                        let data = self.rest();
                        let end = data.find("\n\\.").map_or(data.len(), |end| end + 3);
                        self.at += end;
                        self.from = self.at;
                    }
                    statement = self.at;
                }
                _ => self.at += c.len_utf8(),
            }
        }
        self.sql();
        self.parts
    }

    /// Whether the statement that ends here reads rows from the lines that follow.
    fn copies_in(&self, statement: usize) -> bool {
        let text = self.text.get(statement..self.at).unwrap_or_default().trim();
        let is =
            |word: &str, other: &str| word.trim_end_matches([';', '(']).eq_ignore_ascii_case(other);
        let mut words = text.split_whitespace();
        words.next().is_some_and(|word| is(word, "copy"))
            && text
                .split_whitespace()
                .zip(text.split_whitespace().skip(1))
                .any(|(from, stdin)| is(from, "from") && is(stdin, "stdin"))
    }

    fn is_mysql_command(&self) -> bool {
        let rest = self.rest();
        if rest.starts_with('\\') {
            return !rest.starts_with("\\g") && !rest.starts_with("\\G");
        }
        let end = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '_').unwrap_or(rest.len());
        MYSQL.iter().any(|command| rest[..end].eq_ignore_ascii_case(command))
    }

    fn sql(&mut self) {
        if self.text.get(self.from..self.at).is_some_and(|sql| !sql.trim().is_empty()) {
            self.parts.push(Part::Sql(self.script.part(self.from..self.at)));
        }
    }

    fn command(&mut self) {
        self.sql();
        if self.line_end <= self.at {
            let rest = self.rest();
            self.line_end = self.at + rest.find('\n').unwrap_or(rest.len());
        }
        let (rest, line) = (self.rest(), self.line_end - self.at);
        // Two backslashes end a command of psql.
        let end = match self.style {
            Style::Psql => {
                rest[..line].get(1..).and_then(|after| after.find("\\\\")).map_or(line, |at| at + 1)
            }
            _ => line,
        };
        self.parts.push(Part::Command(self.script.part(self.at..self.at + end)));
        self.at += end;
        if self.rest().starts_with("\\\\") {
            self.at += 2;
        }
        self.from = self.at;
        self.fresh = true;
    }

    fn line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn comment(&mut self) {
        let mut open = 0_u32;
        let nests = self.style == Style::Psql;
        loop {
            let rest = self.rest();
            let Some(next) = rest.find(['*', '/']) else {
                self.at = self.text.len();
                return;
            };
            self.at += next;
            if self.rest().starts_with("*/") {
                self.at += 2;
                open = open.saturating_sub(1);
                if open == 0 {
                    return;
                }
            } else if self.rest().starts_with("/*") && (open == 0 || nests) {
                self.at += 2;
                open += 1;
            } else {
                self.at += 1;
            }
        }
    }

    fn quoted(&mut self, quote: char) {
        // PostgreSQL knows backslashes in `E'…'` only.
        let escapes = self.style == Style::MySql
            || (self.style == Style::Psql
                && self.text[..self.at].ends_with(['e', 'E'])
                && !self.text[..self.at]
                    .trim_end_matches(['e', 'E'])
                    .ends_with(char::is_alphanumeric));
        self.at += quote.len_utf8();
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            if c == '\\' && escapes {
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            } else if c == quote {
                return;
            }
        }
    }

    fn dollars(&mut self) {
        let rest = self.rest();
        let name = rest[1..]
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(rest.len(), |at| at + 1);
        let is_tag = rest[name..].starts_with('$')
            && !rest[1..name].starts_with(|c: char| c.is_ascii_digit());
        let after_name = self.text[..self.at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if !is_tag || after_name {
            self.at += 1;
            return;
        }
        let tag = &rest[..=name];
        let body = &rest[tag.len()..];
        self.at += tag.len() + body.find(tag).map_or(body.len(), |end| end + tag.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, style: Style) -> Vec<String> {
        let parts = parts(&Word::exact(text, 0), style);
        let show = |part: &Part| match part {
            Part::Sql(sql) => format!("sql {}", sql.text().trim()),
            Part::Command(command) => format!("command {}", command.text().trim()),
        };
        parts.iter().map(show).collect()
    }

    #[test]
    fn commands_stand_between_sql() {
        assert_eq!(
            show("SELECT '\\! x', $a$ \\q $a$ -- \\!\n \\g | sh\n\\! ls\nSELECT 2", Style::Psql),
            [
                "sql SELECT '\\! x', $a$ \\q $a$ -- \\!",
                "command \\g | sh",
                "command \\! ls",
                "sql SELECT 2"
            ]
        );
        assert_eq!(
            show("COPY t FROM stdin;\n1\\t\\n\n\\.\nSELECT 1", Style::Psql),
            ["sql COPY t FROM stdin;", "sql SELECT 1"]
        );
        assert_eq!(
            show("select 1;\nsource x.sql\nselect 2", Style::MySql),
            ["sql select 1;", "command source x.sql", "sql select 2"]
        );
        assert_eq!(
            show(".mode csv\nselect .5;", Style::Sqlite),
            ["command .mode csv", "sql select .5;"]
        );
    }

    #[test]
    fn nothing_makes_it_stop() {
        for text in [
            "'", "$", "$é$", "/*", "\\", "\\\\", "/*/", "--", "e'\\", "", "/* /* */", "$1$", "é\\é",
        ] {
            for style in [Style::Psql, Style::MySql, Style::Sqlite] {
                parts(&Word::exact(text, 0), style);
            }
        }
    }
}
