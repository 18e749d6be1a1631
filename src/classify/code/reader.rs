//! Goes through the tokens of a program, keeps what names stand for, and has every call judged.

use super::meaning::{self, Meaning};
use super::scope::{Scope, canonical};
use super::token::{self, Kind, Token};
use super::value::{Arg, Chain, Value};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::Span,
};
use std::{collections::HashSet, ops::Range};

/// Tokens, or groups in brackets, of an expression that is followed.
const LONGEST_EXPRESSION: usize = 200;

/// A program being read.
pub(super) struct Reader<'t> {
    /// Its language.
    pub language: Language,
    /// The text it stands in.
    pub text: &'t Word,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// For an opening bracket where it is closed; the number of tokens if it is not.
    pub close: Vec<usize>,
    /// Its names.
    pub scope: Scope,
}

/// Judges a program.
pub(super) fn read(language: Language, text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let whole = 0..text.text().len();
    let mut waiting = vec![whole];
    let mut scope = Scope::default();
    while let Some(range) = waiting.pop() {
        let Some(tokens) = token::cut(language, text, range, judge) else { return };
        waiting.extend(tokens.inner);
        let (close, balanced) = brackets(text, &tokens.list);
        if tokens.broken || !balanced {
            judge.opaque(text.span(), "it is not code that can be read");
        }
        scope.declared.clear();
        let mut reader = Reader { language, text, tokens: tokens.list, close, scope };
        reader.definitions();
        reader.walk(call, judge);
        scope = reader.scope;
    }
}

/// Where each bracket is closed, and whether all are.
fn brackets(text: &Word, tokens: &[Token]) -> (Vec<usize>, bool) {
    let mut balanced = true;
    let mut close = vec![tokens.len(); tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Mark {
            continue;
        }
        match text.text().get(token.at.clone()) {
            Some("(" | "[" | "{") => open.push(at),
            Some(")" | "]" | "}") => {
                if let Some(from) = open.pop() {
                    close[from] = at;
                } else {
                    balanced = false;
                }
            }
            _ => {}
        }
    }
    balanced &= open.is_empty();
    (close, balanced)
}

impl Reader<'_> {
    /// The letters of a token.
    pub(super) fn slice(&self, token: usize) -> &str {
        let at = self.tokens.get(token).map(|token| token.at.clone());
        at.and_then(|at| self.text.text().get(at)).unwrap_or_default()
    }

    /// Whether a token is this mark or name.
    pub(super) fn is(&self, token: usize, letters: &str) -> bool {
        matches!(self.kind(token), Some(Kind::Mark | Kind::Name)) && self.slice(token) == letters
    }

    /// What a token is.
    pub(super) fn kind(&self, token: usize) -> Option<&Kind> {
        self.tokens.get(token).map(|token| &token.kind)
    }

    /// The token behind this one, past what it opens.
    pub(super) fn after(&self, token: usize) -> usize {
        if ["(", "[", "{"].iter().any(|open| self.is(token, open)) {
            (self.close[token] + 1).min(self.tokens.len().max(token + 1))
        } else {
            token + 1
        }
    }

    pub(super) fn span(&self, bytes: Range<usize>) -> Span {
        self.text.at(bytes)
    }

    /// Where the statement ends that a token belongs to.
    pub(super) fn statement_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() {
            if self.kind(at) == Some(&Kind::End)
                || [")", "]", "}"].iter().any(|close| self.is(at, close))
            {
                break;
            }
            at = self.after(at);
        }
        at
    }

    /// Finds what the program defines, and which names it sets more than once.
    fn definitions(&mut self) {
        let mut set = HashSet::new();
        for at in 0..self.tokens.len() {
            let defines = ["def", "function", "class", "sub", "func", "fn"];
            if defines.iter().any(|word| self.is(at, word)) {
                let name = if self.is(at + 1, "*") { at + 2 } else { at + 1 };
                if self.kind(name) == Some(&Kind::Name) {
                    let name = self.slice(name).to_owned();
                    self.scope.own.insert(name);
                }
            }
            let assigns = self.is(at + 1, "=") || self.is(at + 1, ":=");
            if assigns && self.kind(at) == Some(&Kind::Name) {
                let name = self.slice(at).to_owned();
                let arrow =
                    self.is(at + 2, "lambda") || self.is(at + 2, "function") || self.arrow(at + 2);
                if arrow {
                    self.scope.own.insert(name.clone());
                }
                if !set.insert(name.clone()) {
                    self.scope.changing.insert(name);
                }
            } else if self.kind(at) == Some(&Kind::Name)
                && ["+=", "-=", ".=", "|=", "||="].iter().any(|mark| self.is(at + 1, mark))
            {
                let name = self.slice(at).to_owned();
                self.scope.changing.insert(name);
            }
        }
    }

    /// Whether a function in the arrow form begins here.
    fn arrow(&self, at: usize) -> bool {
        let at = if self.is(at, "async") { at + 1 } else { at };
        if self.is(at, "(") { self.is(self.close[at] + 1, "=>") } else { self.is(at + 1, "=>") }
    }

    fn walk(&mut self, call: &Call<'_>, judge: &mut Judge<'_>) {
        let mut taken = vec![false; self.tokens.len()];
        let mut at = 0;
        while at < self.tokens.len() {
            if !judge.step(1, self.text.span()) {
                return;
            }
            let here = at;
            at += 1;
            match self.tokens[here].kind.clone() {
                Kind::Shell(word) => {
                    judge.script(&word, call.variables, call.stdin);
                }
                Kind::Name => {
                    let dotted = here > 0
                        && [".", "->", "::", "?.", "?->", "&."]
                            .iter()
                            .any(|dot| self.is(here - 1, dot));
                    if dotted && taken[here - 1] {
                        continue;
                    }
                    if let Some(next) = self.statement(here, judge) {
                        at = next;
                        continue;
                    }
                    if self.is_keyword(here) {
                        continue;
                    }
                    self.name(here, &mut taken, call, judge);
                }
                Kind::Text(_) | Kind::Regex | Kind::Words(_) | Kind::Number
                    if self.is(at, ".")
                        && !matches!(self.language, Language::Php | Language::Perl) =>
                {
                    self.chained(here, &mut taken, call, judge);
                }
                Kind::Mark if [")", "]", "}"].iter().any(|close| self.is(here, close)) => {
                    let dot = [".", "?.", "->", "?->"].iter().any(|dot| self.is(at, dot))
                        && !(self.is(at, ".")
                            && matches!(self.language, Language::Php | Language::Perl));
                    if dot && !taken.get(at).copied().unwrap_or(true) {
                        self.chained(here, &mut taken, call, judge);
                    } else if self.is(at, "(") && !self.is(here, "}") && self.calls_a_result(here) {
                        judge.opaque(
                            self.span(self.tokens[here].at.clone()),
                            "it calls what it has computed",
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// `(…)(…)`, unless what is called is written right there, as functions called at once are.
    fn calls_a_result(&self, close: usize) -> bool {
        let Some(open) = (0..close).rev().take(4000).find(|open| self.close[*open] == close) else {
            return true;
        };
        let adjacent = self.tokens[close].at.end == self.tokens[close + 1].at.start;
        if !adjacent || matches!(self.kind(open.wrapping_sub(1)), Some(Kind::Name)) {
            // A call of a call is a step of its chain; `if (x) (y)` is no call.
            return false;
        }
        let inside = open + 1;
        !(self.is(inside, "function") || self.is(inside, "async") || self.arrow(inside))
    }

    fn is_keyword(&self, at: usize) -> bool {
        let name = self.slice(at);
        let field =
            self.is(at + 1, ":") && self.language != Language::Python || self.is(at + 1, "=>");
        let definition =
            at > 0 && ["def", "function", "class", "sub"].iter().any(|word| self.is(at - 1, word));
        meaning::keyword(self.language, name)
            || definition
            || (field && !self.is(at + 1, "(") && self.language != Language::JavaScript)
    }

    /// Reads a statement that sets names. Where to go on, if it is one.
    fn statement(&mut self, at: usize, judge: &mut Judge<'_>) -> Option<usize> {
        match self.language {
            Language::Python
                if self.is(at, "import") || (self.is(at, "from") && self.starts(at)) =>
            {
                return Some(self.python_import(at, judge));
            }
            Language::JavaScript | Language::Mongo => {
                if self.is(at, "import") && !self.is(at + 1, "(") && !self.is(at + 1, ".") {
                    return Some(self.javascript_import(at, judge));
                }
                if self.is(at, "const") || self.is(at, "let") || self.is(at, "var") {
                    self.declaration(at + 1, judge);
                    return None;
                }
            }
            Language::Perl if self.is(at, "use") || self.is(at, "no") => {
                return Some(self.statement_end(at));
            }
            _ => {}
        }
        if (self.is(at + 1, "=") || self.is(at + 1, ":=")) && self.kind(at) == Some(&Kind::Name) {
            self.assign(at, at + 2, judge);
        }
        if self.is(at + 1, "=") && at > 0 && self.is(at - 1, ".") {
            self.replaced(at, judge);
        }
        if self.is(at, "for") {
            self.each(at, judge);
        }
        if self.is(at, "with") && self.language == Language::Python {
            self.with(at, judge);
        }
        None
    }

    /// `console.log = …`: a function that is known may be replaced by another.
    fn replaced(&self, at: usize, judge: &mut Judge<'_>) {
        let end = self.expression_end(at + 2);
        if let Value::Path(path) = self.value(at + 2..end, 0, judge) {
            let path = canonical(path);
            let meant =
                path.steps.len().checked_sub(1).and_then(|last| meaning::of(self, &path, last));
            if !matches!(meant, None | Some(Meaning::Harmless | Meaning::Opens)) {
                judge.opaque(
                    self.span(self.tokens[at].at.clone()),
                    "a function is put in another's place",
                );
            }
        }
    }

    fn starts(&self, at: usize) -> bool {
        at == 0 || self.kind(at - 1) == Some(&Kind::End) || self.is(at - 1, ":")
    }

    fn assign(&mut self, name: usize, from: usize, judge: &mut Judge<'_>) {
        // In a call `name=value` is an argument.
        let end = self.expression_end(from);
        let value = self.value(from..end, 0, judge);
        let name = self.slice(name).to_owned();
        self.scope.set(&name, value);
    }

    /// Where an expression ends: at a comma, a bracket that closes, or the statement's end.
    pub(super) fn expression_end(&self, from: usize) -> usize {
        let mut at = from;
        // What is longer is no value that is worth following.
        for _ in 0..LONGEST_EXPRESSION {
            if at >= self.tokens.len() {
                break;
            }
            let closes = [")", "]", "}", ",", ":"].iter().any(|close| self.is(at, close));
            if self.kind(at) == Some(&Kind::End) || closes {
                break;
            }
            at = self.after(at);
        }
        at
    }

    /// A chain that begins with a name.
    fn name(&mut self, at: usize, taken: &mut [bool], call: &Call<'_>, judge: &mut Judge<'_>) {
        let mut chain = self.chain(at, 0, judge);
        for dot in &chain.dots {
            taken[*dot] = true;
        }
        self.command(&mut chain, judge);
        self.judged(at, chain, call, judge);
    }

    /// A chain that begins with something else.
    fn chained(&mut self, at: usize, taken: &mut [bool], call: &Call<'_>, judge: &mut Judge<'_>) {
        let open = if self.is(at, ")") {
            (0..at).rev().take(400).find(|open| self.close[*open] == at && self.is(*open, "("))
        } else {
            None
        };
        let chain = self.chain(open.unwrap_or(at), 0, judge);
        for dot in &chain.dots {
            taken[*dot] = true;
        }
        self.judged(at, chain, call, judge);
    }

    /// `system "rm -rf /"`: a call whose arguments stand without brackets.
    fn command(&self, chain: &mut Chain, judge: &mut Judge<'_>) {
        let bare = matches!(self.language, Language::Ruby | Language::Perl | Language::Php);
        let Some(step) = chain.path.steps.last_mut() else { return };
        if !bare || step.args.is_some() || step.name.starts_with(['$', '@', '%', '[']) {
            return;
        }
        let next = chain.end;
        let starts = match self.kind(next) {
            Some(Kind::Text(_) | Kind::Words(_) | Kind::Shell(_) | Kind::Number | Kind::Regex) => {
                true
            }
            Some(Kind::Name) => !meaning::keyword(self.language, self.slice(next)),
            Some(Kind::Mark) => {
                self.is(next, "[")
                    || self.is(next, "\\")
                    || self.is(next, "*")
                    || self.is(next, "-") && self.language == Language::Perl
                    || self.is(next, "<")
            }
            _ => false,
        };
        if !starts {
            return;
        }
        let mut end = next;
        for _ in 0..LONGEST_EXPRESSION {
            if end >= self.tokens.len() {
                break;
            }
            let closes =
                [")", "]", "}", "{", "?", "&&", "||"].iter().any(|close| self.is(end, close));
            let word = [
                "do", "if", "unless", "while", "until", "and", "or", "then", "for", "foreach",
                "rescue",
            ];
            if self.kind(end) == Some(&Kind::End)
                || closes
                || word.iter().any(|word| self.is(end, word))
            {
                break;
            }
            end = self.after(end);
        }
        let length = u32::try_from(end.saturating_sub(next) / 4).unwrap_or(u32::MAX);
        if !judge.step(length, self.text.span()) {
            return;
        }
        let args: Vec<Arg> = self.args(next..end, 0, judge);
        step.args = Some(args.into());
    }

    /// Has the calls of a chain judged.
    fn judged(&mut self, at: usize, chain: Chain, call: &Call<'_>, judge: &mut Judge<'_>) {
        let Chain { path, from, end, .. } = chain;
        let path = canonical(path);
        let ruby = self.language == Language::Ruby;
        let begin = self.tokens[at].at.start;
        let mut called = false;
        // What comes out of a variable has been judged where it was set.
        for step in from.saturating_sub(1)..path.steps.len() {
            let Some(this) = path.steps.get(step) else { continue };
            let fresh = step >= from || (this.args.is_some() && !self.was_called(at, from, step));
            let bare = ruby
                && (step > 0 || path.base.is_some())
                && this.args.is_none()
                && !this.name.starts_with(|c: char| c.is_uppercase());
            if !fresh || !(this.args.is_some() || bare) {
                continue;
            }
            called = true;
            let bytes = begin.min(this.at.start)..this.at.end.max(begin);
            let bytes = if this.at.start < begin { self.tokens[at].at.clone() } else { bytes };
            let span = self.span(bytes);
            meaning::judge(self, &path, step, span, call, judge);
        }
        let whole_value = at > 0
            && (self.is(at - 1, "=") || self.is(at - 1, ":="))
            && (end >= self.tokens.len() || self.expression_end(at) == end);
        let simple = at > 1
            && self.kind(at - 2) == Some(&Kind::Name)
            && !(at > 2 && self.is(at - 3, "."))
            && !self.scope.changing.contains(self.slice(at - 2));
        let whole_value = whole_value && simple;
        let judged = called && ruby;
        if !(path.steps.is_empty() || whole_value || judged) {
            let last = path.steps.len() - 1;
            let meant = meaning::of(self, &path, last);
            let inert = matches!(meant, None | Some(Meaning::Harmless | Meaning::Opens));
            let assigned = self.is(end, "=");
            // `{ execSync: e } = require(…)` only gives it another name.
            let pattern = self.scope.declared.contains(&at);
            if !inert
                && !pattern
                && !assigned
                && path.steps[last].args.is_none()
                && !path.steps[last].name.starts_with('$')
            {
                let span = self.span(self.tokens[at].at.clone());
                meaning::reference(self, &path, last, span, call, judge);
            }
        }
    }

    /// Whether the last step that a variable stands for was called where it was set.
    fn was_called(&self, at: usize, from: usize, step: usize) -> bool {
        match self.scope.value(self.slice(at)) {
            Some(Value::Path(path)) => {
                from > 0 && path.steps.get(step).is_some_and(|step| step.args.is_some())
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        classify::{Setting, command},
        domain::Class,
    };

    fn class(input: &str) -> Class {
        command(input, &Setting::default()).class()
    }

    #[test]
    fn a_function_under_another_name_is_the_same_function() {
        let stopped = [
            r#"python3 -c 'import os as json; json.system("crontab -r")'"#,
            r#"python3 -c 'len = __import__("os").system; len("crontab -r")'"#,
            r#"python3 -c 'import sys; sys.modules["os"].system("crontab -r")'"#,
            r#"node -e 'console.log = require("child_process").execSync; console.log("crontab -r")'"#,
            r#"node -e '["crontab -r"].map(require("child_process").execSync)'"#,
        ];
        for input in stopped {
            assert!(class(input) >= Class::Opaque, "{input}");
        }
    }

    #[test]
    fn the_evidence_is_the_script_inside_of_the_text() {
        let input = r#"python3 -c 'import os; os.system("crontab -r")'"#;
        let found = command(input, &Setting::default());
        let worst = found.effects.iter().max_by_key(|effect| effect.class());
        let span = worst.expect("there is an effect").evidence;
        assert_eq!(&input[span.start..span.end], "crontab -r");
    }

    #[test]
    fn what_is_not_closed_is_not_read() {
        for body in ["print(1", "print(1))", "x = \"abc", "print(']')["] {
            let input = format!("python3 -c \"{}\"", body.replace('"', "\\\""));
            assert_eq!(class(&input), Class::Opaque, "{input}");
        }
    }

    #[test]
    fn a_name_that_is_set_twice_has_no_known_value() {
        let input = "python3 -c 'import os\nc = \"crontab -r\"\nif x: c = \"ls\"\nos.system(c)'";
        assert!(class(input) >= Class::Opaque);
    }

    #[test]
    fn hostile_texts_end() {
        for piece in
            ["(", "f(", "{", "\"#{", "`${", "f\"{", "a=b+b;b=a+a;", "q(", "<<A ", "é'", "[a]::b("]
        {
            let body = piece.repeat(4000);
            for program in [
                "python3 -c",
                "node -e",
                "ruby -e",
                "perl -e",
                "php -r",
                "awk",
                "pwsh -c",
                "cmd /c",
            ] {
                class(&format!("{program} '{body}'"));
            }
        }
    }
}
