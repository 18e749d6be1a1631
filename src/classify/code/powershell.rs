//! The language of `PowerShell`: commands with their words, and calls of .NET.
//!
//! ```text
//!   Get-ChildItem C:\x | Remove-Item -Recurse; [IO.File]::Delete("y")
//!   └ command ──────┘   └ command ─────────┘  └ call ─────────────┘
//! ```
//!
//! From <https://learn.microsoft.com/powershell/scripting/lang-spec/chapter-02>, 2026-11.

use super::cmdlets::{self, Does};
use super::powershell_words::{Command, Lexer};
use crate::{
    classify::{Call, Dialect, HOLE, Judge, Language, Word},
    domain::{Span, Verb},
};

/// Judges a script.
pub(super) fn read(text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut lexer = Lexer { text, at: 0, words: Vec::new(), commands: Vec::new(), broken: false };
    if !lexer.run(judge) {
        return;
    }
    judge.reads("windows", "", text.span());
    if lexer.broken {
        judge.opaque(text.span(), "it is not code that can be read");
    }
    for command in &lexer.commands {
        if !judge.step(8, text.span()) {
            return;
        }
        judged(command, call, judge);
    }
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
        None if lower.rsplit('.').next() == Some("ps1") => match judge.file(text) {
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
            judge.changes(Verb::Reveal, service, name, span, "rotate what was shown");
        }
        Does::Reads => judge.reads(service, name, span),
        Does::Shows => judge.changes(Verb::Reveal, service, name, span, "rotate what was shown"),
        Does::Changes if switch(words, "-terminate") => {
            judge.destroys(Verb::Delete, service, name, span, "what it names is gone");
        }
        Does::Changes => judge.changes(Verb::Update, service, name, span, "change it back"),
        Does::Destroys => {
            judge.destroys(Verb::Delete, service, name, span, "what it names is gone");
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
