//! What hides in the arguments of a tool whose name sounds harmless.
//!
//! ```text
//!   get_query  {"sql":"DROP TABLE x"}             a statement
//!   list_items {"cmd":"rm -rf /srv"}              a command
//!   query      {"args":"{\"sql\":\"…\"}"}         either, in JSON within a string
//!   fetch      {"options":{"method":"DELETE"}}    a verb
//!   query      {"sql":"…","sql":"…"}              a name written twice: servers differ
//! ```
//!
//! Nobody knows whether the tool runs it, so that it counts as opaque at the least. What is
//! searched for, explained or checked is never run.

use crate::classify::{
    Dialect, Judge, Setting, Word, assess,
    programs::web::{
        json::{self, Json},
        looks_like_sql,
        verbs::{self, Meaning},
    },
};
use crate::domain::Class;

/// Words in the name of a tool that only ever looks at what it is given.
const LOOKS: &[&str] = &[
    "search",
    "find",
    "lookup",
    "docs",
    "documentation",
    "explain",
    "validate",
    "format",
    "lint",
    "parse",
    "check",
    "help",
    "suggest",
    "complete",
    "convert",
    "translate",
    "think",
    "render",
    "post",
    "send",
    "comment",
    "reply",
    "create",
    "add",
    "update",
    "edit",
    "write",
    "classify",
];
const STATEMENTS: &[&str] =
    &["sql", "query", "statement", "statements", "queries", "stmt", "ddl", "q", "sqlquery"];
const COMMANDS: &[&str] =
    &["command", "cmd", "commands", "shell", "shellcommand", "script", "bash", "exec", "args"];
const VERBS: &[&str] = &["method", "httpmethod", "action", "operation", "op", "verb"];

/// How deep JSON may lie in strings, and values in each other.
const DEEPEST: u32 = 12;
/// How many texts are tried.
const MOST: u32 = 16;
/// How long a text may be that is tried.
const LONGEST: usize = 4_000;

/// Looks through the arguments of a tool that was judged harmless.
pub(super) fn look(tool: &Word, arguments: &Json, judge: &mut Judge<'_>) {
    if judge.is_stopped() {
        return;
    }
    if tool.text().contains(|c: char| !c.is_ascii_graphic()) {
        return judge.opaque(tool.span(), "this name holds letters that mislead");
    }
    if !matches!(arguments, Json::Object(_)) {
        return judge.opaque(tool.span(), "its arguments have no names");
    }
    let words = verbs::words(tool.text());
    let looks = words.iter().any(|word| LOOKS.contains(&word.as_str()));
    Look { looks, left: MOST }.through("", arguments, 0, judge);
}

struct Look {
    /// Whether the tool only looks at what it is given.
    looks: bool,
    left: u32,
}

impl Look {
    fn through(&mut self, name: &str, value: &Json, depth: u32, judge: &mut Judge<'_>) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Json::Object(entries) => {
                for (at, (key, inner)) in entries.iter().enumerate() {
                    if !judge.step(1, key.span()) {
                        return;
                    }
                    let before = entries.iter().take(at.min(64));
                    if before.into_iter().any(|(other, _)| other.text() == key.text()) {
                        judge.opaque(key.span(), "this name is written twice");
                    }
                    self.through(&plain(key.text()), inner, depth + 1, judge);
                }
            }
            Json::List(items) => {
                for item in items {
                    self.through(name, item, depth + 1, judge);
                }
            }
            Json::Text(text) if !self.looks => self.text(name, text, depth, judge),
            _ => {}
        }
    }

    fn text(&mut self, name: &str, text: &Word, depth: u32, judge: &mut Judge<'_>) {
        let letters = text.text().trim_start();
        if self.left == 0 || letters.len() > LONGEST || text.has_holes() {
            return;
        }
        if letters.starts_with(['{', '[']) {
            self.left -= 1;
            if let Some(inner) = json::read(text, judge) {
                self.through(name, &inner, depth + 4, judge);
            }
        } else if STATEMENTS.contains(&name) && looks_like_sql(letters) {
            self.left -= 1;
            let tried = assess(letters, &Setting::default(), |word, trial| {
                trial.sql(word, Dialect::Generic, Dialect::Generic.service());
            });
            if tried.class() == Class::Destructive {
                judge.opaque(text.span(), "whether the tool runs this statement is not known");
            }
        } else if COMMANDS.contains(&name) && letters.contains(' ') {
            self.left -= 1;
            if judge.harms(letters) {
                judge.opaque(text.span(), "whether the tool runs this command is not known");
            }
        } else if VERBS.contains(&name) && verbs::name(letters) == Meaning::Destroys {
            judge.opaque(text.span(), "whether the tool does this is not known");
        }
    }
}

/// A name without regard to case and to what stands between its words.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
