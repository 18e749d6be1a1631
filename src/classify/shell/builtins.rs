//! What the shell does itself.

use super::{Ran, Shell, print::echo, syntax::Text, words::assigned};
use crate::{
    classify::{Data, PLAIN, Word, is_hole, programs},
    domain::{Span, Verb},
};
use std::rc::Rc;

/// Builtins whose arguments are assignments.
pub(super) const DECLARES: &[&str] = &["declare", "typeset", "local", "export", "readonly"];

/// Builtins that look, or change nothing but the shell itself.
const QUIET: &[&str] = &[
    "bg", "break", "caller", "cd", "chdir", "compgen", "complete", "compopt", "continue", "dirs",
    "disown", "exit", "false", "fg", "help", "jobs", "logout", "popd", "pushd", "return", "setopt",
    "shopt", "suspend", "test", "[", "times", "type", "ulimit", "umask", "unsetopt", "wait",
    "rehash",
];

/// Files that prepare a shell and that nobody hides anything in unless the script writes them.
const PREPARES: &[&str] = &[
    "bin/activate",
    ".bashrc",
    ".bash_profile",
    ".profile",
    ".zshrc",
    ".nvm/nvm.sh",
    "nvm.sh",
    "/etc/profile",
    "/etc/os-release",
    ".cargo/env",
    "bash_completion",
    ".env",
    "conda.sh",
    "sdkman-init.sh",
    "asdf.sh",
    ".env.local",
    ".env.test",
    ".env.development",
];

impl Shell<'_, '_> {
    /// Does what the shell does itself, if it is that.
    pub(super) fn builtin(&mut self, name: &str, words: &[Word]) -> Option<Ran> {
        let arguments = words.get(1..).unwrap_or_default();
        let span = words.iter().fold(words[0].span(), |span, word| span.with(word.span()));
        Some(match name {
            ":" | "true" => Ran::sure(Data::Nothing),
            "echo" => Ran::sure(echo(arguments, span)),
            "printf" => Ran::sure(self.printf(arguments, span)),
            "cd" | "chdir" | "pushd" | "popd" => {
                self.go(name, arguments);
                Ran::new(Data::Nothing)
            }
            "pwd" => Ran::new(Data::Text(Word::made(PLAIN, span))),
            "eval" => Ran::new(self.eval(arguments, span)),
            "source" | "." => Ran::new(self.source(words, span)),
            "command" | "builtin" | "exec" => self.command_of(name, words),
            "export" | "declare" | "typeset" | "local" | "readonly" => {
                self.declare(name, arguments, span);
                Ran::sure(Data::Nothing)
            }
            "alias" => {
                self.define_aliases(arguments);
                Ran::sure(Data::Nothing)
            }
            "unalias" => {
                let aliases = Rc::make_mut(&mut self.state.aliases);
                arguments.iter().filter_map(Word::known).for_each(|name| {
                    aliases.remove(name);
                });
                Ran::new(Data::Nothing)
            }
            "unset" => {
                self.unset(arguments);
                Ran::sure(Data::Nothing)
            }
            "set" => {
                self.set_arguments(arguments);
                Ran::sure(Data::Nothing)
            }
            "shift" => {
                self.shift(arguments);
                Ran::new(Data::Nothing)
            }
            "read" => {
                self.read(arguments);
                Ran::new(Data::Nothing)
            }
            "mapfile" | "readarray" | "getopts" => {
                let names = ["MAPFILE", "OPTARG", "OPTIND"];
                for name in names {
                    self.state.lose(name);
                }
                self.lose_names(arguments, span);
                Ran::new(Data::Nothing)
            }
            "let" => {
                self.lose_names(arguments, span);
                Ran::new(Data::Nothing)
            }
            "trap" => {
                self.trap(arguments);
                Ran::sure(Data::Nothing)
            }
            "history" => {
                if arguments.iter().any(|word| word.is("-c") || word.is("-d")) {
                    let lost = "the record of what was typed is gone";
                    self.judge.destroys(Verb::Delete, "shell", "history", span, lost);
                } else {
                    self.judge.reads("shell", "history", span);
                }
                Ran::new(Data::Unknown(span))
            }
            "hash" | "enable" | "bind" | "fc" => {
                let runs = arguments.iter().any(|word| {
                    word.has_holes()
                        || matches!(word.text(), "-p" | "-f" | "-x" | "-s" | "-e" | "-n")
                });
                if runs && !(name == "hash" && arguments[0].is("-r")) {
                    self.judge.opaque(span, "it changes what a name runs");
                }
                Ran::new(Data::Unknown(span))
            }
            _ if QUIET.contains(&name) => Ran::new(Data::Nothing),
            _ => return None,
        })
    }

    /// `cd`: where files are looked for from here on.
    fn go(&mut self, name: &str, arguments: &[Word]) {
        let to = arguments.iter().find(|word| !word.text().starts_with('-') || word.is("-"));
        let known = to.and_then(Word::known).filter(|to| {
            !matches!(name, "popd") && !to.is_empty() && !to.starts_with(['-', '+', '~'])
        });
        let known = known.filter(|_| self.state.variables.get("CDPATH").is_none());
        self.state.folder = match (&self.state.folder, known) {
            (_, Some(to)) if to.starts_with('/') => Some(to.into()),
            (Some(from), Some(to)) => Some(format!("{from}{to}/").into()),
            _ => None,
        };
        if let Some(folder) = self.state.folder.as_mut().filter(|folder| !folder.ends_with('/')) {
            *folder = format!("{folder}/").into();
        }
        self.judge.enter(self.state.folder.clone());
    }

    /// `command`, `builtin` and `exec`: what they run.
    fn command_of(&mut self, name: &str, words: &[Word]) -> Ran {
        let mut rest = words.get(1..).unwrap_or_default();
        while let Some(option) = rest.first().and_then(Word::known) {
            match option {
                "-v" | "-V" if name == "command" => {
                    return Ran::new(Data::Unknown(words[0].span()));
                }
                "-p" | "-c" | "-l" | "-cl" | "--" => rest = &rest[1..],
                "-a" if name == "exec" => rest = rest.get(2..).unwrap_or_default(),
                _ => break,
            }
        }
        let Some(first) = rest.first() else { return Ran::sure(Data::Nothing) };
        if let Some(known) = first.known().filter(|_| !first.is_glob())
            && let Some(ran) = self.builtin(known, rest)
        {
            return ran;
        }
        self.program(rest)
    }

    fn eval(&mut self, arguments: &[Word], span: Span) -> Data {
        let script = match arguments {
            [] => return Data::Nothing,
            [one] => one.clone(),
            [first, rest @ ..] => {
                let mut text = first.text().to_owned();
                for word in rest {
                    text.push(' ');
                    text.push_str(word.text());
                }
                let last = rest.last().unwrap_or(first);
                let at = first.span().with(last.span());
                let whole = at.end - at.start == text.len();
                match first.offset().filter(|_| whole && rest.iter().all(|w| w.offset().is_some()))
                {
                    Some(offset) => Word::exact(text, offset),
                    None => Word::made(text, at),
                }
            }
        };
        if self.calling.len() >= 12 {
            self.judge.opaque(span, "it is nested deeper than is read");
            return Data::Unknown(span);
        }
        self.calling.push(String::new());
        let printed = self.nested(&script);
        self.calling.pop();
        printed
    }

    fn source(&mut self, words: &[Word], span: Span) -> Data {
        let Some(file) = words.get(1) else { return Data::Nothing };
        let text = file.known().and_then(|name| self.judge.file(name));
        let prepares = PREPARES.iter().any(|end| {
            let text = file.text();
            text.strip_suffix(end)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/') || end.starts_with('/'))
        });
        match text {
            Some(text) if self.calling.len() < 12 => {
                self.calling.push(String::new());
                let printed = self.nested(&Word::made(text, file.span()));
                self.calling.pop();
                printed
            }
            None if prepares && !self.judge.is_written(file) => {
                self.state.lose_all();
                self.judge.reads("files", self.judge.name(file), span);
                Data::Nothing
            }
            _ => {
                self.judge.opaque(span, "what this script does is not known");
                Data::Unknown(span)
            }
        }
    }

    /// The words of `export NAME=value …`, whose values are not split.
    pub(super) fn declared(&mut self, texts: &[Text]) -> Vec<Word> {
        let mut words = Vec::with_capacity(texts.len());
        for text in texts {
            match assigned(text).filter(|taken| !taken.indexed) {
                Some(taken) => {
                    let value = self.value(&taken.rest);
                    let sign = if taken.append { "+=" } else { "=" };
                    let word = format!("{}{sign}{}", taken.name, value.text());
                    words.push(Word::made(word, text.span));
                }
                None => words.extend(self.words(std::slice::from_ref(text))),
            }
        }
        words
    }

    fn declare(&mut self, name: &str, arguments: &[Word], span: Span) {
        let flags: String = arguments
            .iter()
            .map(Word::text)
            .take_while(|text| text.starts_with(['-', '+']))
            .collect();
        if flags.contains('n') && name != "export" {
            self.judge.opaque(span, "a name that stands for another variable is not followed");
        }
        let changes = flags.contains(['i', 'u', 'l', 'c']);
        let functions = flags.contains('f');
        let exports = name == "export" && !flags.contains('n') || flags.contains('x');
        for word in arguments.iter().filter(|word| !word.text().starts_with(['-', '+'])) {
            let Some((variable, _)) = word.text().split_once('=') else {
                if word.may_inject() {
                    self.judge.opaque(word.span(), "which variable is set is not known");
                    self.state.lose_all();
                } else if exports {
                    self.state.export(word.text());
                } else if flags.contains('n') {
                    Rc::make_mut(&mut self.state.exported).remove(word.text());
                }
                if name == "local" && !functions {
                    let before = self.state.variables.get(word.text()).cloned();
                    self.locals.push((word.text().to_owned(), before));
                    self.state.set(word.text(), Word::made("", word.span()));
                }
                continue;
            };
            if variable.contains(is_hole) {
                self.judge.opaque(word.span(), "which variable is set is not known");
                self.state.lose_all();
                continue;
            }
            let (variable, append) = match variable.strip_suffix('+') {
                Some(variable) => (variable, true),
                None => (variable, false),
            };
            if name == "local" {
                let before = self.state.variables.get(variable).cloned();
                self.locals.push((variable.to_owned(), before));
            }
            let from = variable.len() + if append { 2 } else { 1 };
            let value = word.after(from);
            let value = if changes { Word::unknown(value.span()) } else { value };
            self.set(variable, value, append);
            if exports {
                self.state.export(variable);
            }
        }
    }

    fn define_aliases(&mut self, arguments: &[Word]) {
        for word in arguments {
            let Some((name, _)) = word.text().split_once('=') else { continue };
            let value = word.after(name.len() + 1);
            if self.named.len() >= super::MOST_DEFINED {
                self.subshell(|shell| shell.nested(&value));
            } else {
                self.named.push((name.to_owned(), value.clone(), false));
            }
            Rc::make_mut(&mut self.state.aliases).insert(name.to_owned(), value);
        }
    }

    fn unset(&mut self, arguments: &[Word]) {
        let functions = arguments.first().is_some_and(|word| word.is("-f"));
        for word in arguments.iter().filter(|word| !word.text().starts_with('-')) {
            let name = word.text();
            if word.has_holes() {
                self.state.lose_all();
            } else if functions {
                Rc::make_mut(&mut self.state.functions).remove(name);
            } else if name == "IFS" {
                self.state.variables.forget(name);
            } else {
                self.state.lose(name.split('[').next().unwrap_or(name));
            }
        }
    }

    /// `set -- …`: the arguments of the script.
    fn set_arguments(&mut self, arguments: &[Word]) {
        let mut rest = arguments;
        while let Some(first) = rest.first() {
            if first.is("--") {
                rest = &rest[1..];
                return self.bind(rest);
            }
            if first.is("-o") || first.is("+o") {
                self.state.exports_all |=
                    first.is("-o") && rest.get(1).is_some_and(|word| word.is("allexport"));
                rest = rest.get(2..).unwrap_or_default();
            } else if first.text().starts_with(['-', '+']) {
                self.state.exports_all |=
                    first.text().starts_with('-') && first.text().contains('a');
                rest = &rest[1..];
            } else {
                return self.bind(rest);
            }
        }
    }

    fn shift(&mut self, arguments: &[Word]) {
        let by = match arguments.first() {
            None => Some(1),
            Some(word) => word.known().and_then(|by| by.parse::<usize>().ok()),
        };
        let (Some(by), Some(count)) = (by, self.argument_count()) else {
            for at in 1..=9 {
                self.state.lose(&at.to_string());
            }
            return self.state.lose("#");
        };
        if by > count {
            return;
        }
        let values = (by + 1..=count).map(|at| self.state.variables.get(&at.to_string()).cloned());
        let at = self.state.at;
        let values: Vec<_> = values.map(|word| word.unwrap_or(Word::unknown(at))).collect();
        self.bind(&values);
    }

    fn read(&mut self, arguments: &[Word]) {
        let mut names = Vec::new();
        let mut plain = true;
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let text = word.text();
            if let Some(letters) = text.strip_prefix('-') {
                plain &= letters.chars().all(|c| matches!(c, 'r' | 's'));
                if letters.ends_with(['a', 'd', 'i', 'n', 'N', 'p', 't', 'u']) {
                    let value = rest.next();
                    if letters.ends_with('a') {
                        names.extend(value.map(|word| word.text().to_owned()));
                    }
                }
            } else {
                names.push(text.to_owned());
            }
        }
        if names.is_empty() {
            names.push("REPLY".to_owned());
        }
        if programs::is_secret(&self.stdin, self.judge) {
            for name in &names {
                self.judge.hide(name);
            }
        }
        let line = match &self.stdin {
            Data::Text(word) if plain && self.loops == 0 && names.len() == 1 => word
                .known()
                .filter(|text| !text.contains('\\') && self.state.variables.get("IFS").is_none())
                .map(|text| text.lines().next().unwrap_or_default().trim_matches([' ', '\t']))
                .map(|line| Word::made(line, word.span())),
            _ => None,
        };
        if names.iter().any(|name| name.contains(is_hole)) {
            return self.state.lose_all();
        }
        for name in &names {
            match &line {
                Some(line) => self.set(name, line.clone(), false),
                None => self.state.lose(name),
            }
        }
    }

    /// Loses every variable that is named.
    fn lose_names(&mut self, arguments: &[Word], span: Span) {
        for word in arguments {
            self.run_value(word.text());
            if word.may_inject() {
                self.judge.opaque(span, "which variable is set is not known");
                self.state.lose_all();
            }
            let letters = word.text().split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            for name in letters.filter(|name| name.starts_with(|c: char| !c.is_ascii_digit())) {
                self.state.lose(name);
            }
        }
    }

    fn trap(&mut self, arguments: &[Word]) {
        let mut rest = arguments;
        while rest.first().is_some_and(|word| word.is("--")) {
            rest = &rest[1..];
        }
        let Some(script) = rest.first().filter(|_| rest.len() > 1) else { return };
        if matches!(script.text(), "-" | "" | "-p" | "-l") {
            return;
        }
        let script = script.clone();
        // What is set whenever a signal comes is set at any time.
        let ends = rest[1..].iter().all(|word| word.is("EXIT") || word.is("0"));
        let read = super::read::script(&script);
        if !ends && super::variables::sets_something(&read.list, &self.state) {
            self.judge.opaque(script.span(), "what it sets may be set at any time");
        }
        self.subshell(|shell| shell.nested(&script));
    }
}
