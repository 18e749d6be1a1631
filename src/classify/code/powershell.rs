//! The language of `PowerShell`: commands with their words, and calls of .NET.
//!
//! ```text
//!   Get-ChildItem C:\x | Remove-Item -Recurse; [IO.File]::Delete("y")
//!   └ command ──────┘   └ command ─────────┘  └ call ─────────────┘
//! ```
//!
//! From <https://learn.microsoft.com/powershell/scripting/lang-spec/chapter-02>, 2026-11.

use super::cmdlets::{self, Does};
use crate::{
    classify::{Call, Dialect, HOLE, Judge, Language, Word},
    domain::{Span, Verb},
};

/// Judges a script.
pub(super) fn read(text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut lexer = Lexer { text, at: 0, words: Vec::new(), commands: Vec::new() };
    if !lexer.run(judge) {
        return;
    }
    judge.reads("windows", "", text.span());
    for command in &lexer.commands {
        judged(command, call, judge);
    }
}

/// A command, or a call of a method.
#[derive(Debug)]
enum Command {
    /// Words.
    Words(Vec<Word>),
    /// `[Type]::Method(`, `).Method(`, `$x.Method(`: type and method.
    Method(String, Word, Option<Word>),
}

struct Lexer<'t> {
    text: &'t Word,
    at: usize,
    words: Vec<Word>,
    commands: Vec<Command>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.text().get(self.at..).unwrap_or_default()
    }

    fn finish(&mut self) {
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.commands.push(Command::Words(words));
        }
    }

    fn run(&mut self, judge: &mut Judge<'_>) -> bool {
        while let Some(letter) = self.rest().chars().next() {
            if !judge.step(1, self.text.span()) {
                return false;
            }
            match letter {
                '\n' | ';' | '|' | '{' | '}' | ')' => {
                    self.at += 1;
                    self.finish();
                    if letter == ')' {
                        self.method(String::new());
                    }
                }
                '(' => {
                    self.at += 1;
                    self.finish();
                }
                '&' => {
                    self.at += 1;
                    self.finish();
                    if !self.rest().starts_with('&')
                        && self.rest().trim_start().starts_with(['{', '&'])
                    {
                        continue;
                    }
                    if !self.rest().starts_with('&') {
                        self.words.push(self.text.part(self.at - 1..self.at));
                    }
                }
                '#' => {
                    let end = self.rest().find('\n').unwrap_or(self.rest().len());
                    self.at += end;
                }
                '<' if self.rest().starts_with("<#") => {
                    let end = self.rest().find("#>").map_or(self.rest().len(), |end| end + 2);
                    self.at += end;
                }
                '`' => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                '=' if self.words.len() == 1
                    && self.words[0].text().starts_with([HOLE, '$', '[']) =>
                {
                    self.at += 1;
                    self.words.clear();
                }
                ',' => self.at += 1,
                '>' => self.redirection(judge),
                '[' if self.words.is_empty() => self.type_call(),
                '@' if self.rest()[1..].starts_with(['(', '{']) => {
                    self.at += 1;
                }
                c if c.is_whitespace() => self.at += c.len_utf8(),
                _ => self.word(),
            }
        }
        self.finish();
        true
    }

    fn redirection(&mut self, judge: &mut Judge<'_>) {
        let from = self.at;
        while self.rest().starts_with(['>', '&', '1', '2', ' ']) {
            self.at += 1;
        }
        let operator = self.text.text().get(from..self.at).unwrap_or_default();
        if operator.contains('&') {
            return;
        }
        let before = self.words.len();
        self.word();
        if self.words.len() > before
            && let Some(file) = self.words.pop()
            && !file.text().eq_ignore_ascii_case("$null")
            && !self.text.text()[from..self.at].contains("$null")
        {
            let name = judge.name(&file);
            judge.changes(Verb::Update, "files", name, file.span(), "write the file again");
        }
    }

    /// A word with its quotes.
    fn word(&mut self) {
        let from = self.at;
        let mut value = String::new();
        let mut exact = true;
        let mut quote = None;
        while let Some(letter) = self.rest().chars().next() {
            let width = letter.len_utf8();
            match (quote, letter) {
                (None, '"' | '\'') => {
                    // `@"`, `@'`: up to the mark at the beginning of a line.
                    if value == "@" {
                        let end = if letter == '"' { "\n\"@" } else { "\n'@" };
                        let rest = self.rest();
                        let stop = rest.find(end).unwrap_or(rest.len());
                        let body = rest.get(1..stop).unwrap_or_default().trim_start().to_owned();
                        value = body.replace('$', &HOLE.to_string());
                        self.at += (stop + end.len()).min(self.rest().len());
                        exact = false;
                        break;
                    }
                    quote = Some(letter);
                    exact = false;
                    self.at += 1;
                }
                (Some(open), c) if open == c => {
                    self.at += 1;
                    if self.rest().starts_with(open) {
                        value.push(open);
                        self.at += 1;
                    } else {
                        quote = None;
                    }
                }
                (Some('\''), c) => {
                    value.push(c);
                    self.at += width;
                }
                (_, '`') => {
                    self.at += 1;
                    exact = false;
                    if let Some(next) = self.rest().chars().next() {
                        value.push(if next == 'n' && quote.is_some() { '\n' } else { next });
                        self.at += next.len_utf8();
                    }
                }
                (_, '$') => {
                    exact = false;
                    let known = ["$true", "$false", "$null"].iter().find(|name| {
                        self.rest()
                            .get(..name.len())
                            .is_some_and(|text| text.eq_ignore_ascii_case(name))
                    });
                    if let Some(known) = known {
                        value.push_str(known);
                        self.at += known.len();
                        continue;
                    }
                    self.at += 1;
                    value.push(HOLE);
                    if self.rest().starts_with('(') {
                        if quote.is_some() {
                            // What stands inside is judged as a command of its own.
                            let end = closing(self.rest());
                            let inner = self.text.part(self.at + 1..self.at + end);
                            self.at = (self.at + end + 1).min(self.text.text().len());
                            let mut lexer = Lexer {
                                text: &inner,
                                at: 0,
                                words: Vec::new(),
                                commands: Vec::new(),
                            };
                            // Its length is bounded by the text's, and it nests no further.
                            lexer.plain();
                            self.commands.append(&mut lexer.commands);
                            continue;
                        }
                        break;
                    }
                    let name = self.rest();
                    let braced = name.starts_with('{');
                    let length: usize = if braced {
                        name.find('}').map_or(name.len(), |end| end + 1)
                    } else {
                        name.chars()
                            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '?'))
                            .map(char::len_utf8)
                            .sum()
                    };
                    self.at += length;
                }
                (None, c)
                    if c.is_whitespace()
                        || ";|{}()&,=\n".contains(c) && !(c == '=' && !value.starts_with(HOLE)) =>
                {
                    break;
                }
                (_, c) => {
                    value.push(c);
                    self.at += width;
                }
            }
        }
        if self.at == from {
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
            return;
        }
        // `$x.Delete(`, `"text".Trim(`
        if self.rest().starts_with('(')
            && let Some(dot) = value.rfind('.')
            && (self.words.is_empty() || value.starts_with([HOLE, '.']))
        {
            let name = value[dot + 1..].to_owned();
            let word = Word::made(name.clone(), self.text.at(from..self.at));
            let argument = self.argument();
            self.commands.push(Command::Method(String::new(), word, argument));
            return;
        }
        let part = self.text.part(from..self.at);
        self.words.push(if exact { part } else { Word::made(value, part.span()) });
    }

    /// Commands inside of a text, without what may stand in texts of their own.
    fn plain(&mut self) {
        while let Some(letter) = self.rest().chars().next() {
            if "\n;|{}()&".contains(letter) {
                self.at += 1;
                self.finish();
            } else if letter.is_whitespace() {
                self.at += letter.len_utf8();
            } else {
                let rest = self.rest();
                let end = rest
                    .find(|c: char| c.is_whitespace() || ";|{}()&".contains(c))
                    .unwrap_or(rest.len());
                let part = self.text.part(self.at..self.at + end);
                let text = part.text().replace('$', &HOLE.to_string()).replace(['"', '\''], "");
                self.words.push(Word::made(text, part.span()));
                self.at += end;
            }
        }
        self.finish();
    }

    /// `[Type]::Method(`
    fn type_call(&mut self) {
        let from = self.at;
        let Some(end) = self.rest().find(']') else {
            self.at += 1;
            return;
        };
        let name = self.rest()[1..end].to_ascii_lowercase();
        self.at += end + 1;
        if !self.rest().starts_with("::") {
            return;
        }
        self.at += 2;
        let length: usize = self
            .rest()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum();
        let word = self.text.part(from..self.at + length);
        let method = Word::made(
            self.text.text().get(self.at..self.at + length).unwrap_or_default(),
            word.span(),
        );
        self.at += length;
        if self.rest().starts_with('(') {
            let argument = self.argument();
            self.commands.push(Command::Method(name, method, argument));
        }
        self.method(String::new());
    }

    /// The first argument of the call that begins here, if it is a text.
    fn argument(&self) -> Option<Word> {
        let rest = self.rest().get(1..)?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let from = self.at + self.rest().len() - rest.len() + 1;
        let end = rest[1..].find(quote)?;
        let word = self.text.part(from..from + end);
        (quote == '\'' || !word.text().contains('$')).then_some(word)
    }

    /// `.Method(` behind what has been read.
    fn method(&mut self, owner: String) {
        let rest = self.rest();
        let Some(after) = rest.strip_prefix('.') else { return };
        let length: usize = after
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum();
        let called = after[length..].starts_with('(');
        let word = self.text.part(self.at + 1..self.at + 1 + length);
        self.at += 1 + length;
        if called {
            let argument = self.argument();
            self.commands.push(Command::Method(owner, word, argument));
        } else {
            self.method(owner);
        }
    }
}

/// Where the bracket closes that a text begins with.
fn closing(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn judged(command: &Command, call: &Call<'_>, judge: &mut Judge<'_>) {
    match command {
        Command::Method(owner, name, argument) => method(owner, name, argument.as_ref(), judge),
        Command::Words(words) => {
            let mut words = words.as_slice();
            // Words of the language before a command.
            while let Some(first) = words.first() {
                let text = first.text().to_ascii_lowercase();
                let skip = matches!(
                    text.as_str(),
                    "if" | "else"
                        | "elseif"
                        | "while"
                        | "do"
                        | "until"
                        | "switch"
                        | "try"
                        | "catch"
                        | "finally"
                        | "return"
                        | "throw"
                        | "begin"
                        | "process"
                        | "end"
                        | "&"
                        | "."
                        | "-not"
                        | "!"
                        | "param"
                        | "in"
                );
                if !skip {
                    break;
                }
                words = &words[1..];
                if matches!(text.as_str(), "&" | ".") {
                    if words.is_empty() {
                        judge.opaque(first.span(), "which program runs is not known");
                    }
                    return named(words, true, call, judge);
                }
            }
            named(words, false, call, judge);
        }
    }
}

fn named(words: &[Word], called: bool, call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(first) = words.first() else { return };
    let text = first.text();
    let lower = text.to_ascii_lowercase();
    if matches!(
        lower.as_str(),
        "foreach"
            | "for"
            | "function"
            | "filter"
            | "class"
            | "using"
            | "break"
            | "continue"
            | "exit"
    ) {
        return;
    }
    if first.has_holes() || lower.starts_with('$') {
        // A value that is printed, compared or given on; called only behind `&`.
        if called {
            judge.opaque(first.span(), "which program runs is not known");
        }
        return;
    }
    let value = lower.starts_with(|c: char| {
        c.is_ascii_digit() || matches!(c, '-' | '"' | '\'' | '[' | '@' | '+' | '*' | ']')
    });
    if value && !called {
        return;
    }
    match cmdlets::of(&lower) {
        Some(does) => cmdlet(does, words, call, judge),
        None if lower.ends_with(".ps1") => match judge.file(text) {
            Some(text) => judge.code(Language::PowerShell, &Word::made(text, first.span()), call),
            None => judge.opaque(first.span(), "what this script does is not given"),
        },
        // A text in quotes is a value, not a program.
        None if !called && is_quoted(first, judge) => {}
        None => super::cmd::program(words, call, judge),
    }
}

fn is_quoted(word: &Word, judge: &Judge<'_>) -> bool {
    let span = word.span();
    let letters = judge.name(&Word::made(HOLE, span));
    letters.starts_with(['"', '\'']) && letters.len() == word.text().len() + 2
}

/// The value of `-Name VALUE`, also cut short, or `-Name:VALUE`.
fn parameter<'w>(words: &'w [Word], names: &[&str]) -> Option<&'w Word> {
    words.iter().enumerate().find_map(|(at, word)| {
        let text = word.text().to_ascii_lowercase();
        let name = text.strip_prefix('-')?;
        (name.len() > 1 && names.iter().any(|full| full.starts_with(name)))
            .then(|| words.get(at + 1))?
    })
}

fn switch(words: &[Word], name: &str) -> bool {
    words.iter().any(|word| {
        let text = word.text().to_ascii_lowercase();
        text == name || text.strip_prefix(name).is_some_and(|rest| rest == ":$true" || rest == ":1")
    })
}

fn cmdlet(does: Does, words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let span = words[0].span();
    let operands = words[1..].iter().filter(|word| !word.text().starts_with('-'));
    let name = operands.clone().next().map(|word| judge.name(word)).unwrap_or_default();
    let service = service(&words[0].text().to_ascii_lowercase());
    if switch(words, "-whatif") || (words.len() > 1 && words[1].is("-?")) {
        return judge.reads(service, name, span);
    }
    let shows = switch(words, "-asplaintext");
    match does {
        Does::Reads if shows => {
            judge.changes(Verb::Reveal, service, name, span, "rotate what was shown")
        }
        Does::Reads => judge.reads(service, name, span),
        Does::Shows => judge.changes(Verb::Reveal, service, name, span, "rotate what was shown"),
        Does::Changes if switch(words, "-terminate") => {
            judge.destroys(Verb::Delete, service, name, span, "what it names is gone");
        }
        Does::Changes => judge.changes(Verb::Update, service, name, span, "change it back"),
        Does::Destroys => {
            judge.destroys(Verb::Delete, service, name, span, "what it names is gone")
        }
        Does::Opaque => judge.opaque(whole(words), "what it runs is not read"),
        Does::Removes => removes(words, span, call, judge),
        Does::Web => web(words, call, judge),
        Does::Runs => match operands.clone().next().filter(|word| !word.has_holes()) {
            Some(script) => judge.code(Language::PowerShell, script, call),
            None => judge.opaque(whole(words), "it runs a script that is not known"),
        },
        Does::Sql => match parameter(words, &["query"]) {
            Some(query) => judge.sql(query, Dialect::Generic, "sqlserver"),
            None => judge.opaque(whole(words), "the query is not known"),
        },
    }
}

fn whole(words: &[Word]) -> Span {
    words.iter().fold(words[0].span(), |span, word| span.with(word.span()))
}

/// The service that the noun of a cmdlet speaks of.
fn service(name: &str) -> &'static str {
    let noun = name.split_once('-').map_or("", |(_, noun)| noun);
    let aws = [
        "ec2", "s3", "rds", "iam", "lm", "ecs", "eks", "ddb", "sqs", "sns", "cfn", "cw", "kms",
        "ssm", "sec", "r53", "elb", "ct",
    ];
    if noun.starts_with("az") {
        "azure"
    } else if aws.iter().any(|prefix| noun.strip_prefix(prefix).is_some_and(|rest| rest.len() > 3))
    {
        "aws"
    } else if noun.starts_with("item") || noun.starts_with("content") {
        "files"
    } else {
        "windows"
    }
}

/// `Remove-Item` as `rm` would say it.
fn removes(words: &[Word], span: Span, call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut files: Vec<Word> = Vec::new();
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        let text = word.text().to_ascii_lowercase();
        if matches!(
            text.as_str(),
            "-include"
                | "-exclude"
                | "-filter"
                | "-erroraction"
                | "-ea"
                | "-stream"
                | "-credential"
                | "-errorvariable"
        ) {
            rest.next();
        } else if !text.starts_with('-') {
            files.push(word.clone());
        }
    }
    let variables = ["env:", "variable:", "alias:", "function:"];
    if !files.is_empty()
        && files.iter().all(|file| {
            variables.iter().any(|drive| file.text().to_ascii_lowercase().starts_with(drive))
        })
    {
        return judge.reads("windows", "", span);
    }
    let registry = ["hklm:", "hkcu:", "hkcr:", "hku:", "cert:", "registry::"];
    let plain = !files.iter().any(|file| {
        registry.iter().any(|drive| file.text().to_ascii_lowercase().starts_with(drive))
    });
    if files.is_empty() || !plain {
        let name = files.first().map(|word| judge.name(word)).unwrap_or_default();
        return judge.destroys(Verb::Delete, "files", name, span, "what it is given is gone");
    }
    let mut inner = vec![Word::made("rm", span), Word::made("-rf", span), Word::made("--", span)];
    inner.extend(files.iter().map(|word| Word::made(word.text().replace('\\', "/"), word.span())));
    judge.call(&call.running(&inner));
}

/// `Invoke-RestMethod` as `curl` would say it.
fn web(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let span = words[0].span();
    let made = |text: &str| Word::made(text, span);
    let mut inner = vec![made("curl"), made("-s")];
    if let Some(method) = parameter(words, &["method", "custommethod"]) {
        inner.extend([made("-X"), Word::made(method.text().to_ascii_uppercase(), method.span())]);
    }
    if let Some(body) = parameter(words, &["body"]) {
        inner.extend([made("--data-raw"), body.clone()]);
    }
    if let Some(file) = parameter(words, &["outfile"]) {
        inner.extend([made("-o"), file.clone()]);
    }
    if let Some(file) = parameter(words, &["infile"]) {
        inner.extend([made("-T"), file.clone()]);
    }
    let valued = [
        "-method",
        "-headers",
        "-body",
        "-outfile",
        "-infile",
        "-contenttype",
        "-credential",
        "-token",
        "-useragent",
        "-timeoutsec",
        "-websession",
        "-proxy",
        "-certificate",
        "-maximumredirection",
        "-sessionvariable",
        "-authentication",
        "-form",
    ];
    let mut rest = words[1..].iter();
    let mut url = None;
    while let Some(word) = rest.next() {
        let text = word.text().to_ascii_lowercase();
        if valued.contains(&text.as_str()) {
            rest.next();
        } else if text == "-uri" || text == "-url" {
            url = rest.next();
        } else if !text.starts_with('-') && url.is_none() {
            url = Some(word);
        }
    }
    inner.push(url.cloned().unwrap_or_else(|| Word::unknown(span)));
    let printed = judge.call(&call.running(&inner));
    judge.prints(printed);
}

/// A call of a method of .NET.
fn method(owner: &str, name: &Word, argument: Option<&Word>, judge: &mut Judge<'_>) {
    let lower = name.text().to_ascii_lowercase();
    let span = name.span();
    let owner = owner.strip_prefix("system.").unwrap_or(owner);
    let files = matches!(owner, "io.file" | "io.directory" | "io.fileinfo" | "io.directoryinfo");
    match lower.as_str() {
        "delete" | "deletetree" | "deletesubkey" | "deletesubkeytree" | "deletevalue" => {
            judge.destroys(
                Verb::Delete,
                if files { "files" } else { "windows" },
                argument.map(Word::text).unwrap_or_default(),
                span,
                "what it names is gone",
            );
        }
        "writealltext"
        | "writealllines"
        | "writeallbytes"
        | "appendalltext"
        | "copy"
        | "move"
        | "createdirectory"
        | "create"
        | "downloadfile"
        | "setenvironmentvariable"
        | "kill"
        | "closemainwindow"
        | "setaccesscontrol"
        | "stop"
        | "start"
        | "save"
        | "setvalue" => {
            judge.changes(
                Verb::Update,
                "windows",
                argument.map(Word::text).unwrap_or_default(),
                span,
                "change it back",
            );
        }
        "invoke"
        | "invokescript"
        | "invokecommand"
        | "load"
        | "loadfile"
        | "loadfrom"
        | "executenonquery"
        | "executereader"
        | "executescalar"
        | "getmethod"
        | "invokemember"
        | "shellexecute"
        | "run"
        | "exec"
        | "uploadstring"
        | "uploaddata"
        | "uploadfile"
        | "uploadvalues"
        | "newscriptblock"
        | "postasync"
        | "deleteasync"
        | "putasync"
        | "sendasync"
        | "getdelegateforfunctionpointer" => {
            judge.opaque(span, "what this call does is not known");
        }
        _ if owner == "scriptblock" || owner.contains("assembly") || owner.contains("marshal") => {
            judge.opaque(span, "what this call does is not known");
        }
        _ => judge.reads("windows", "", span),
    }
}
