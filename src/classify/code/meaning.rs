//! What a call in a program means, and what that does.
//!
//! ```text
//!   os.system(x)  ─▶ Shell      subprocess.run([…]) ─▶ Shell      shutil.rmtree(x) ─▶ Removes
//!   x.execute(q)  ─▶ Sql        requests.delete(u)  ─▶ Http       boto3.client("s3").delete_bucket() ─▶ Cloud
//!   json.loads(x) ─▶ Harmless   anything else       ─▶ nobody can tell
//! ```

use super::methods::{HARMLESS_METHODS, general};
use super::reader::Reader;
use super::scope::module_name;
use super::sdk;
use super::value::{Arg, Path, Value};
use super::web::{http, request};
use super::{javascript, perl, php, python, ruby};
use crate::{
    classify::{Call, Dialect, Judge, Language, Word},
    domain::{Span, Verb},
};

/// What a call means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// Nothing beyond the program's own memory and what it prints.
    Harmless,
    /// Opens a file; its second argument says whether to read.
    Opens,
    /// Runs its first argument: a script, or a list of words.
    Shell,
    /// Runs its arguments from this one on as the words of a program.
    Words(usize),
    /// Runs this argument, a list, as the words of a program.
    List(usize),
    /// Runs its first argument with the list behind it.
    Spawn,
    /// Deletes the files that it is given.
    Removes,
    /// Changes files.
    Writes,
    /// Runs this argument as code of the same language.
    Code(usize),
    /// Has a database run its first argument.
    Sql,
    /// Asks a web server by this method.
    Http(&'static str),
    /// Asks a web server; the method is one of its arguments.
    Request,
    /// Calls an operation of a cloud's service.
    Cloud(String, String),
    /// Changes something that can be changed back.
    Changes(&'static str, &'static str),
    /// Loses something for good.
    Destroys(&'static str, &'static str),
    /// Nobody can tell.
    Opaque(&'static str),
}

/// What names mean, by what they mean.
pub(super) type Table = &'static [(Meaning, &'static [&'static str])];

/// What a name means, if a table has it.
pub(super) fn listed(table: Table, name: &str) -> Option<Meaning> {
    let found = table.iter().find(|(_, names)| names.contains(&name));
    found.map(|(meaning, _)| meaning.clone())
}

/// What the call at a step of a chain means, if it is known.
pub(super) fn of(reader: &Reader<'_>, path: &Path, step: usize) -> Option<Meaning> {
    let name = path.name(step);
    let own = match reader.language {
        Language::Python => python::of(&name, path, step),
        Language::JavaScript | Language::Mongo => javascript::of(&name, path, step),
        Language::Ruby => ruby::of(&name, path, step),
        Language::Perl => perl::of(&name, path, step),
        Language::Php => php::of(&name, path, step),
        _ => None,
    };
    own.or_else(|| sdk::of(&name, path, step))
}

/// Whether a module is known to do nothing when it is loaded.
pub(super) fn known_module(language: Language, name: &str) -> bool {
    // A project's own definitions of its data; what is done with them is read in the calls.
    const DEFINITIONS: &[&str] =
        &["models", "schemas", "settings", "constants", "enums", "entities", "types"];
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    if DEFINITIONS.contains(&last) {
        return true;
    }
    match language {
        Language::Python => python::known_module(name),
        Language::JavaScript | Language::Mongo => javascript::known_module(name),
        _ => true,
    }
}

/// Whether a name is a word of the language.
pub(super) fn keyword(language: Language, name: &str) -> bool {
    let words: &[&str] = match language {
        Language::Python => python::KEYWORDS,
        Language::JavaScript | Language::Mongo => javascript::KEYWORDS,
        Language::Ruby => ruby::KEYWORDS,
        Language::Perl => perl::KEYWORDS,
        _ => php::KEYWORDS,
    };
    words.contains(&name)
}

/// A function is named but not called: whoever gets it may call it.
pub(super) fn reference(
    reader: &Reader<'_>,
    path: &Path,
    step: usize,
    span: Span,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) {
    // In Ruby and Perl a name alone is a call.
    if matches!(reader.language, Language::Ruby | Language::Perl | Language::Php) {
        return self::judge(reader, path, step, span, call, judge);
    }
    judge.opaque(span, "this function is handed on, and nobody knows with what");
}

/// The text of a query, also within `text("…")`.
fn query(value: &Value) -> Option<&Word> {
    match value {
        Value::Text(query) => Some(query),
        Value::Path(path) => path.steps.last()?.args.as_deref()?.first()?.value.text(),
        _ => None,
    }
}

/// Judges the call at a step of a chain.
pub(super) fn judge(
    reader: &Reader<'_>,
    path: &Path,
    step: usize,
    span: Span,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) {
    let Some(this) = path.steps.get(step) else { return };
    let args: &[Arg] = this.args.as_deref().unwrap_or_default();
    let whole = args.iter().fold(span, |span, arg| span.with(reader.text.at(arg.at.clone())));
    if step == 0 && path.base.is_none() && reader.scope.defines(&this.name) {
        return;
    }
    let found = of(reader, path, step).or_else(|| {
        // A method of something of ours, or of what a harmless call gave.
        let known = step > 0 || path.base.is_some();
        let own = known && reader.scope.defines(&this.name);
        (own || (known && HARMLESS_METHODS.contains(&this.name.as_str())))
            .then_some(Meaning::Harmless)
    });
    let found = found.or_else(|| general(&this.name, args, step > 0 || path.base.is_some()));
    let because = "what this call does is not known";
    let Some(meaning) = found else {
        return judge.opaque(span, because);
    };
    let word = |arg: &Arg| arg.value.word(reader.text.at(arg.at.clone()));
    let named = |name: &str| args.iter().find(|arg| arg.key.as_deref() == Some(name));
    let first =
        args.iter().find(|arg| arg.key.is_none()).or_else(|| named("args")).or(args.first());
    match meaning {
        Meaning::Harmless => {}
        Meaning::Opens => opens(reader, args, span, judge, call),
        Meaning::Shell => match first.map(|arg| &arg.value) {
            Some(Value::Text(script)) => {
                judge.script(script, call.variables, call.stdin);
            }
            Some(Value::List(words)) => run(words, call, judge),
            Some(_) => judge.opaque(whole, "the command that it runs is not known"),
            None => judge.opaque(span, "the command that it runs is not known"),
        },
        Meaning::Words(from) => {
            let rest: Vec<&Arg> = args.iter().filter(|arg| arg.key.is_none()).skip(from).collect();
            let plain = rest.iter().copied().filter(|arg| {
                matches!(arg.value, Value::Text(_) | Value::List(_)) || rest.len() > 1
            });
            let words: Vec<Word> = plain
                .flat_map(|arg| match &arg.value {
                    Value::List(words) => words.clone(),
                    _ => vec![word(arg)],
                })
                .collect();
            match words.as_slice() {
                [] => judge.opaque(whole, "the command that it runs is not known"),
                // One text goes through a shell.
                [script] if rest.len() == 1 && from == 0 => {
                    judge.script(script, call.variables, call.stdin);
                }
                words => run(words, call, judge),
            }
        }
        Meaning::List(at) => match args.get(at).map(|arg| &arg.value) {
            Some(Value::List(words)) => run(words, call, judge),
            Some(Value::Text(script)) => {
                judge.script(script, call.variables, call.stdin);
            }
            _ => judge.opaque(whole, "the command that it runs is not known"),
        },
        Meaning::Spawn => spawn(reader, args, whole, call, judge),
        Meaning::Removes => removes(reader, path, step, span, call, judge),
        Meaning::Writes => {
            let name = first.map(|arg| judge.name(&word(arg))).unwrap_or_default();
            judge.changes(Verb::Update, "files", name, span, "write the former content again");
        }
        Meaning::Code(at) => match args.get(at).map(|arg| &arg.value) {
            Some(Value::Text(text)) if !text.may_inject() => {
                judge.code(reader.language, text, call);
            }
            _ => judge.opaque(whole, "it runs code that is not known"),
        },
        Meaning::Sql => match first.and_then(|arg| query(&arg.value)) {
            Some(query) => {
                let dialect = dialect(reader.text.text());
                judge.sql(query, dialect, dialect.service());
            }
            None => judge.opaque(whole, "the query is not known"),
        },
        Meaning::Http(method) => http(reader, method, args, span, call, judge),
        Meaning::Request => request(reader, args, span, call, judge),
        Meaning::Cloud(service, operation) => {
            sdk::places(path, judge);
            sdk::judge(&service, &operation, &parameters(args), span, judge);
        }
        Meaning::Changes(service, back) => judge.changes(Verb::Update, service, "", span, back),
        Meaning::Destroys(service, lost) => {
            let name = args.first().map(|arg| judge.name(&word(arg))).unwrap_or_default();
            judge.destroys(Verb::Delete, service, name, span, lost);
        }
        Meaning::Opaque(because) => judge.opaque(whole, because),
    }
}

fn run(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    if !words.is_empty() {
        judge.call(&call.running(words));
    }
}

/// `spawn("rm", ["-rf", x])`
fn spawn(reader: &Reader<'_>, args: &[Arg], whole: Span, call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(program) = args.first() else { return };
    let mut words = match &program.value {
        Value::Text(word) => vec![word.clone()],
        Value::List(words) => words.clone(),
        _ => return judge.opaque(whole, "the program that it runs is not known"),
    };
    match args.get(1).map(|arg| &arg.value) {
        Some(Value::List(more)) => words.extend(more.iter().cloned()),
        Some(Value::Text(word)) => words.push(word.clone()),
        Some(Value::Unknown | Value::Path(_) | Value::Object(_))
            if args.len() > 1 && !is_object(reader, &args[1]) =>
        {
            words.push(Word::unknowns(reader.text.at(args[1].at.clone())));
        }
        _ => {}
    }
    match words.as_slice() {
        [script] if script.text().contains(char::is_whitespace) => {
            judge.script(script, call.variables, call.stdin);
        }
        words => run(words, call, judge),
    }
}

fn is_object(reader: &Reader<'_>, arg: &Arg) -> bool {
    reader.text.text().get(arg.at.clone()).is_some_and(|text| text.starts_with('{'))
        || arg.key.is_some()
}

/// What `rm` would say to these files.
fn removes(
    reader: &Reader<'_>,
    path: &Path,
    step: usize,
    span: Span,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) {
    let args: &[Arg] = path.steps[step].args.as_deref().unwrap_or_default();
    let mut words = vec![Word::made("rm", span), Word::made("-rf", span), Word::made("--", span)];
    let mut named = false;
    for arg in args.iter().filter(|arg| arg.key.is_none() && !is_object(reader, arg)) {
        named = true;
        match &arg.value {
            Value::Text(word) => words.push(word.clone()),
            Value::List(more) => words.extend(more.iter().cloned()),
            _ => words.push(
                path_text(&arg.value)
                    .unwrap_or_else(|| Word::unknown(reader.text.at(arg.at.clone()))),
            ),
        }
    }
    if !named {
        // `Path("x").unlink()`
        let before = Path { base: path.base.clone(), steps: path.steps[..step].to_vec() };
        words.push(path_text(&Value::Path(before)).unwrap_or_else(|| Word::unknown(span)));
    }
    judge.call(&call.running(&words));
}

/// The name of a file in `Path("x")`.
fn path_text(value: &Value) -> Option<Word> {
    let Value::Path(path) = value else { return None };
    let [.., last] = path.steps.as_slice() else { return path.base.clone() };
    match last.name.as_str() {
        "Path" | "PosixPath" | "Pathname" | "new" | "join" => {
            let args = last.args.as_deref()?;
            if args.len() == 1 { args[0].value.text().cloned() } else { None }
        }
        _ => None,
    }
}

/// `open(FILE, MODE)`
fn opens(reader: &Reader<'_>, args: &[Arg], span: Span, judge: &mut Judge<'_>, call: &Call<'_>) {
    let mode = args.iter().find(|arg| arg.key.as_deref() == Some("mode")).or(args.get(1));
    let name = args.first().map(|arg| arg.value.word(reader.text.at(arg.at.clone())));
    // Ruby and Perl run what follows a bar.
    if let (true, Some(name)) = (matches!(reader.language, Language::Ruby), &name)
        && let Some(script) = name.text().strip_prefix('|')
    {
        let script = name.after(name.text().len() - script.len());
        judge.script(&script, call.variables, call.stdin);
        return;
    }
    let reads = match mode {
        None => true,
        Some(arg) if arg.key.as_deref().is_some_and(|key| key != "mode") => true,
        Some(arg) => match &arg.value {
            Value::Text(word) => {
                word.known().is_some_and(|mode| !mode.contains(['w', 'a', 'x', '+', '>', 'c']))
            }
            _ => false,
        },
    };
    let name = name.map(|word| judge.name(&word)).unwrap_or_default();
    if reads {
        judge.reads("files", name, span);
    } else {
        judge.changes(Verb::Update, "files", name, span, "write the former content again");
    }
}

/// The parameters of an operation as far as they are texts.
fn parameters(args: &[Arg]) -> Vec<(String, Word)> {
    let fields = args.iter().flat_map(|arg| match &arg.value {
        Value::Object(fields) if arg.key.is_none() => fields.iter().collect::<Vec<_>>(),
        _ => vec![arg],
    });
    let texts = fields.filter_map(|field| Some((field.key.clone()?, field.value.text()?.clone())));
    texts.collect()
}

/// Which database a program most likely speaks to.
fn dialect(source: &str) -> Dialect {
    if source.contains("sqlite") {
        Dialect::Sqlite
    } else if source.contains("mysql") || source.contains("mariadb") {
        Dialect::MySql
    } else if source.contains("psycopg")
        || source.contains("postgres")
        || source.contains("\"pg\"")
        || source.contains("'pg'")
    {
        Dialect::Postgres
    } else {
        Dialect::Generic
    }
}

/// The name of a module as it is asked for.
pub(super) fn module_argument(path: &Path, step: usize) -> Option<String> {
    let args = path.steps.get(step)?.args.as_deref()?;
    Some(module_name(args.first()?.value.text()?.known()?))
}
