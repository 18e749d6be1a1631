//! What a shell script would do: it is taken apart, and every program in it is judged.
//!
//! ```text
//!   text ─read, words▶ List ─walk▶ Command ─expand▶ Words ─┬─ builtins: the shell does it itself
//!                        ▲            │                    ├─ a function, an alias: its body
//!                        │            └─ redirect: files   └─ Judge::call: a program
//!                        └── what a word runs: $(…), `…`, <(…)
//! ```
//!
//! The words of `bash` are followed closely (a test compares them with the real one), since a
//! difference would be a way round. What is not known is a hole in the text (see [`Word`]), and
//! what may have happened or not (branches, loops) is not known afterwards.

mod braces;
mod builtins;
mod expand;
mod pattern;
mod read;
mod redirect;
mod syntax;
mod variables;
mod words;

#[cfg(test)]
mod tests;

use super::{Call, Data, HOLE, HOLES, Judge, Variables, Word};
use crate::domain::Span;
use std::rc::Rc;
use syntax::{Assignment, Command, Item, Join, Kind, List, Pipeline, Simple, Text, Value};
use variables::State;

/// How often a function may be in the middle of being called.
const RECURSIONS: usize = 2;
/// Functions, and aliases, of which it is remembered whether they were called.
const MOST_DEFINED: usize = 64;
/// The most items of a loop that are gone through one by one.
const MOST_ITEMS: usize = 16;
/// The longest text that is kept of what is printed.
const LONGEST: usize = 64 * 1024;

/// Judges a script and gives what it prints.
pub fn script(script: &Word, variables: &Variables, stdin: &Data, judge: &mut Judge<'_>) -> Data {
    let folder = judge.folder();
    let state = State::new(variables.clone(), folder.clone(), script.span());
    let mut shell = Shell::new(judge, state, stdin.clone());
    let printed = shell.nested(script);
    shell.uncalled();
    judge.enter(folder);
    printed
}

/// Judges what the shell does itself when something else runs it (`env echo`, `timeout 5 test`);
/// says whether it is that.
pub fn program(name: &str, call: &Call<'_>, judge: &mut Judge<'_>) -> bool {
    if !matches!(name, "echo" | "printf" | "true" | "false" | "test" | "[" | "pwd") {
        return false;
    }
    let state = State::new(call.variables.clone(), judge.folder(), call.span());
    let mut shell = Shell::new(judge, state, call.stdin.clone());
    let ran = shell.builtin(name, call.words);
    if let Some(ran) = ran {
        judge.prints(ran.printed);
    }
    true
}

/// Goes through a script.
struct Shell<'s, 'a> {
    judge: &'s mut Judge<'a>,
    state: State,
    stdin: Data,
    /// How many loops it is in.
    loops: u32,
    /// The functions being called.
    calling: Vec<String>,
    /// Every function that was defined, and whether it has been called.
    defined: Vec<(String, Rc<Command>, bool)>,
    /// The same of aliases.
    named: Vec<(String, Word, bool)>,
    /// The values that names had before they became `local`.
    locals: Vec<(String, Option<Word>)>,
}

/// What a command did, as far as the next one is concerned.
struct Ran {
    printed: Data,
    /// It certainly succeeds.
    sure: bool,
}

impl Ran {
    const fn new(printed: Data) -> Self {
        Self { printed, sure: false }
    }

    const fn sure(printed: Data) -> Self {
        Self { printed, sure: true }
    }
}

/// What is printed by one after the other.
fn both(first: Data, second: Data) -> Data {
    match (first, second) {
        (Data::Nothing, other) | (other, Data::Nothing) => other,
        (Data::Text(first), Data::Text(second)) => {
            let span = first.span().with(second.span());
            if first.text().len() + second.text().len() > LONGEST {
                return Data::Unknown(span);
            }
            Data::Text(Word::made(format!("{}{}", first.text(), second.text()), span))
        }
        (Data::Unknown(span), _) | (_, Data::Unknown(span)) => Data::Unknown(span),
    }
}

/// What is printed if it is not known whether it runs.
fn perhaps(printed: Data) -> Data {
    match printed {
        Data::Text(word) => Data::Unknown(word.span()),
        other => other,
    }
}

impl<'s, 'a> Shell<'s, 'a> {
    fn new(judge: &'s mut Judge<'a>, state: State, stdin: Data) -> Self {
        Self {
            judge,
            state,
            stdin,
            loops: 0,
            calling: Vec::new(),
            defined: Vec::new(),
            named: Vec::new(),
            locals: Vec::new(),
        }
    }

    /// Judges a script in what surrounds it: `eval`, backquotes.
    fn nested(&mut self, script: &Word) -> Data {
        let read = read::script(script);
        if !self.judge.step(1 + read.parts / 4, script.span()) {
            return Data::Unknown(script.span());
        }
        for (span, because) in &read.unread {
            self.judge.opaque(*span, *because);
        }
        if script.may_inject() {
            self.judge.opaque(script.span(), "a part of this script is not known");
        }
        let printed = self.list(&read.list);
        if read.unread.is_empty() && !script.may_inject() {
            printed
        } else {
            Data::Unknown(script.span())
        }
    }

    /// What was defined and not called is judged as if it were: a later line may call it.
    fn uncalled(&mut self) {
        while let Some((name, body, _)) = self.defined.iter().find(|(_, _, called)| !called) {
            let (name, body) = (name.clone(), Rc::clone(body));
            self.subshell(|shell| shell.call_function(&name, &body, &[]));
        }
        while let Some(at) = self.named.iter().position(|(_, _, used)| !used) {
            self.named[at].2 = true;
            let value = self.named[at].1.clone();
            self.subshell(|shell| shell.nested(&value));
        }
    }

    fn take_state(&mut self) -> State {
        let empty = State::new(Variables::default(), None, self.state.at);
        std::mem::replace(&mut self.state, empty)
    }

    /// What is known now, to be gone back to or compared with; its size is paid for.
    fn snapshot(&mut self) -> State {
        let size = self.state.size();
        let size = u32::try_from(size / 2 + size * size / 64).unwrap_or(u32::MAX);
        let _ = self.judge.step(size, self.state.at);
        self.state.clone()
    }

    /// Does something that leaves no traces here.
    fn subshell<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let state = self.snapshot();
        let done = work(self);
        self.judge.enter(state.folder.clone());
        self.state = state;
        done
    }

    fn list(&mut self, list: &List) -> Data {
        let mut printed = Data::Nothing;
        for item in &list.0 {
            let ran = if item.background {
                self.subshell(|shell| shell.item(item))
            } else {
                self.item(item)
            };
            printed = both(printed, ran.printed);
        }
        printed
    }

    /// Pipelines joined by `&&` and `||`: what is known afterwards holds whichever of them ran.
    fn item(&mut self, item: &Item) -> Ran {
        let first = self.pipeline(&item.first);
        if item.more.is_empty() {
            return first;
        }
        let mut printed = first.printed;
        // What is known if the last one succeeded is in `self.state`.
        let mut sure = first.sure;
        let mut failed = if first.sure { None } else { Some(self.snapshot()) };
        for (join, pipeline) in &item.more {
            match join {
                Join::And => {
                    let ran = self.pipeline(pipeline);
                    let output = if sure { ran.printed } else { perhaps(ran.printed) };
                    printed = both(printed, output);
                    sure &= ran.sure;
                    if !ran.sure {
                        failed = Some(match failed {
                            Some(failed) => failed.merge(&self.state),
                            None => self.snapshot(),
                        });
                    }
                }
                Join::Or => {
                    let succeeded = self.snapshot();
                    self.state = failed.take().unwrap_or_else(|| succeeded.clone());
                    let ran = self.pipeline(pipeline);
                    printed = both(printed, perhaps(ran.printed));
                    failed = if ran.sure || sure { None } else { Some(self.snapshot()) };
                    sure |= ran.sure;
                    self.state = self.take_state().merge(&succeeded);
                }
            }
        }
        if let Some(failed) = failed {
            self.state = self.take_state().merge(&failed);
        }
        Ran { printed, sure }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Ran {
        let mut ran = match pipeline.commands.as_slice() {
            [] => Ran::new(Data::Nothing),
            [command] => self.command(command),
            commands => {
                let stdin = self.stdin.clone();
                let before = self.snapshot();
                let mut ran = Ran::new(Data::Nothing);
                for (at, command) in commands.iter().enumerate() {
                    if at > 0 {
                        self.stdin = std::mem::replace(&mut ran.printed, Data::Nothing);
                        self.state = before.clone();
                    }
                    ran = self.command(command);
                }
                self.stdin = stdin;
                // Some shells run the last one in no shell of its own.
                self.state = self.take_state().merge(&before);
                ran
            }
        };
        ran.sure &= !pipeline.negated;
        ran
    }

    fn command(&mut self, command: &Command) -> Ran {
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || {
            if !self.judge.step(1, command.span) {
                return Ran::new(Data::Unknown(command.span));
            }
            self.state.at = command.span;
            if let Kind::Simple(simple) = &command.kind {
                return self.simple(simple, command);
            }
            let opened = self.open(&command.redirects);
            let stdin = opened.stdin.clone().map(|new| std::mem::replace(&mut self.stdin, new));
            let mut ran = self.compound(&command.kind, command.span);
            if let Some(stdin) = stdin {
                self.stdin = stdin;
            }
            ran.printed = self.close(&opened, ran.printed, false);
            ran
        })
    }

    fn compound(&mut self, kind: &Kind, span: Span) -> Ran {
        match kind {
            Kind::Simple(_) => Ran::new(Data::Unknown(span)),
            Kind::Group(list) => Ran::new(self.list(list)),
            Kind::Subshell(list) => Ran::new(self.subshell(|shell| shell.list(list))),
            Kind::If(arms, otherwise) => Ran::new(self.branches(arms, otherwise)),
            Kind::While(condition, body) => {
                self.state.lose_assigned(&[condition, body]);
                self.loops += 1;
                let first = self.list(condition);
                let known = self.snapshot();
                let then = self.list(body);
                self.state = self.take_state().merge(&known);
                self.loops -= 1;
                Ran::new(perhaps(both(first, then)))
            }
            Kind::For(name, words, body) => Ran::new(self.each(name, words.as_deref(), body, span)),
            Kind::Count(sum, body) => {
                self.sum(&sum.pieces);
                self.state.lose_assigned(&[body]);
                self.loops += 1;
                let printed = self.list(body);
                self.loops -= 1;
                self.state.lose_assigned(&[body]);
                Ran::new(perhaps(printed))
            }
            Kind::Case(subject, arms) => {
                self.value(subject);
                let known = self.snapshot();
                let mut after = known.clone();
                let mut printed = Data::Nothing;
                for (patterns, body) in arms {
                    self.state = known.clone();
                    for pattern in patterns {
                        self.value(pattern);
                    }
                    printed = both(printed, perhaps(self.list(body)));
                    after = after.merge(&self.state);
                }
                self.state = after;
                Ran::new(printed)
            }
            Kind::Function(name, body) => {
                Rc::make_mut(&mut self.state.functions).insert(name.clone(), Rc::clone(body));
                if self.defined.len() >= MOST_DEFINED {
                    self.subshell(|shell| shell.call_function(name, body, &[]));
                } else if !self.defined.iter().any(|(_, known, _)| Rc::ptr_eq(known, body)) {
                    self.defined.push((name.clone(), Rc::clone(body), false));
                }
                Ran::sure(Data::Nothing)
            }
            Kind::Test(words) => {
                let sums = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v"];
                let is_sum =
                    words.iter().filter_map(Text::plain).any(|word| sums.contains(&word.text()));
                for word in words {
                    if is_sum {
                        self.sum(&word.pieces);
                    } else {
                        self.value(word);
                    }
                }
                Ran::new(Data::Nothing)
            }
            Kind::Sum(sum) => {
                self.sum(&sum.pieces);
                Ran::new(Data::Nothing)
            }
            Kind::Coprocess(command) => {
                self.subshell(|shell| shell.command(command));
                Ran::new(Data::Nothing)
            }
        }
    }

    fn branches(&mut self, arms: &[(List, List)], otherwise: &List) -> Data {
        let mut printed = Data::Nothing;
        let mut after: Option<State> = None;
        for (at, (condition, body)) in arms.iter().enumerate() {
            let output = self.list(condition);
            printed = both(printed, if at == 0 { output } else { perhaps(output) });
            let known = self.snapshot();
            printed = both(printed, perhaps(self.list(body)));
            let ended = std::mem::replace(&mut self.state, known);
            after = Some(match after {
                Some(after) => after.merge(&ended),
                None => ended,
            });
        }
        printed = both(printed, perhaps(self.list(otherwise)));
        if let Some(after) = after {
            self.state = self.take_state().merge(&after);
        }
        printed
    }

    fn each(&mut self, name: &str, words: Option<&[Text]>, body: &List, span: Span) -> Data {
        let items = match words {
            Some(words) => self.words(words),
            None => match self.argument_count() {
                Some(count) => {
                    let values = (1..=count).map(|at| self.state.variables.get(&at.to_string()));
                    values.map(|word| word.cloned().unwrap_or(Word::unknown(span))).collect()
                }
                None => vec![Word::unknowns(span)],
            },
        };
        let before = self.snapshot();
        let mut printed = Data::Nothing;
        let known = items.len() <= MOST_ITEMS
            && items.iter().all(|item| !item.has_holes() && !item.is_glob());
        if known {
            for item in items {
                let item = item.globbing(false);
                self.state.set(name, item);
                printed = both(printed, self.list(body));
            }
            if !leaves(body) {
                return printed;
            }
            self.state = self.take_state().merge(&before);
            return perhaps(printed);
        }
        self.loops += 1;
        self.state.lose_assigned(&[body]);
        // What all items begin with is known of each.
        let first = items.first().map_or("", Word::text);
        let mut common = first.split(super::is_hole).next().unwrap_or_default();
        for item in &items {
            let same = common.chars().zip(item.text().chars()).take_while(|(a, b)| a == b);
            common = &common[..same.map(|(a, _)| a.len_utf8()).sum()];
        }
        let plain =
            items.iter().all(|item| !item.may_inject() && item.text().contains(super::PLAIN));
        let hole = if plain { super::PLAIN } else { HOLE };
        let glob = items.iter().any(Word::is_glob);
        let common =
            if glob { common.split(['*', '?', '[']).next().unwrap_or_default() } else { common };
        self.state.set(name, Word::made(format!("{common}{hole}"), span));
        let known = self.snapshot();
        printed = both(printed, perhaps(self.list(body)));
        self.state = self.take_state().merge(&known);
        self.state.lose(name);
        self.loops -= 1;
        printed
    }

    fn simple(&mut self, simple: &Simple, command: &Command) -> Ran {
        if simple.words.is_empty() {
            return self.assignments_only(simple, command);
        }
        if let Some(ran) = self.alias(simple, command) {
            return ran;
        }
        let declares = simple
            .words
            .first()
            .and_then(Text::plain)
            .is_some_and(|word| builtins::DECLARES.contains(&word.text()));
        let mut words =
            if declares { self.declared(&simple.words) } else { self.words(&simple.words) };
        for array in &simple.arrays {
            self.assign(array);
        }
        // A word that becomes nothing is followed by what is then the program.
        while words.first().is_some_and(|word| word.text() == HOLES.encode_utf8(&mut [0; 4])) {
            self.judge.opaque(words[0].span(), "which program runs is not known");
            words.remove(0);
            if words.first().is_some_and(Word::may_be_option) {
                words.clear();
            }
        }
        let outer = self.state.variables.clone();
        let exported = Rc::clone(&self.state.exported);
        for assignment in &simple.assignments {
            self.assign(assignment);
            self.state.export(&assignment.name);
        }
        let opened = self.open(&command.redirects);
        let stdin = opened.stdin.clone().map(|new| std::mem::replace(&mut self.stdin, new));
        let empties = is_nothing(&words);
        let mut ran = if words.is_empty() {
            Ran::new(Data::Unknown(command.span))
        } else if simple.assignments.is_empty() {
            self.run(&words)
        } else {
            let set = self.state.variables.clone();
            let ran = self.run(&words);
            self.state.exported = exported;
            if self.state.variables.is_same(&set) {
                self.state.variables = outer;
            } else {
                for assignment in &simple.assignments {
                    match outer.get(&assignment.name) {
                        Some(value) => self.state.set(&assignment.name, value.clone()),
                        None => self.state.variables.forget(&assignment.name),
                    }
                }
            }
            ran
        };
        if let Some(stdin) = stdin {
            self.stdin = stdin;
        }
        ran.printed = self.close(&opened, ran.printed, empties);
        ran
    }

    /// Runs a program, a function or what the shell does itself.
    fn run(&mut self, words: &[Word]) -> Ran {
        let Some(first) = words.first() else { return Ran::sure(Data::Nothing) };
        if let Some(name) = first.known().filter(|_| !first.is_glob()) {
            if let Some(body) = self.state.functions.get(name).cloned() {
                return Ran::new(self.call_function(name, &body, &words[1..]));
            }
            if let Some(ran) = self.builtin(name, words) {
                return ran;
            }
        }
        self.program(words)
    }

    fn program(&mut self, words: &[Word]) -> Ran {
        let count = u32::try_from(self.state.variables.count() / 8).unwrap_or(u32::MAX);
        let _ = self.judge.step(count, self.state.at);
        let variables = self.state.seen_by_programs();
        let stdin = self.stdin.clone();
        self.judge.enter(self.state.folder.clone());
        let call = Call { words, variables: &variables, stdin: &stdin };
        Ran::new(self.judge.call(&call))
    }

    fn call_function(&mut self, name: &str, body: &Rc<Command>, arguments: &[Word]) -> Data {
        for (_, known, called) in &mut self.defined {
            *called |= Rc::ptr_eq(known, body);
        }
        let span = arguments.iter().fold(body.span, |span, word| span.with(word.span()));
        if self.calling.iter().filter(|calling| *calling == name).count() >= RECURSIONS {
            self.judge.opaque(body.span, "it calls itself");
            return Data::Unknown(span);
        }
        let before = self.state.variables.clone();
        let locals = std::mem::take(&mut self.locals);
        self.bind(arguments);
        self.calling.push(name.to_owned());
        let printed = self.command(body).printed;
        self.calling.pop();
        for (name, value) in std::mem::replace(&mut self.locals, locals).into_iter().rev() {
            match value {
                Some(value) => self.state.set(&name, value),
                None => self.state.variables.forget(&name),
            }
        }
        self.unbind(&before);
        if leaves_body(body) { perhaps(printed) } else { printed }
    }

    /// Sets `$1` and those behind it.
    fn bind(&mut self, arguments: &[Word]) {
        let before = self.argument_count().unwrap_or(0);
        for at in arguments.len()..before {
            self.state.variables.forget(&(at + 1).to_string());
        }
        let certain = !arguments.iter().any(|word| word.may_split() || word.is_glob());
        for (at, word) in arguments.iter().enumerate() {
            let value = if certain { word.clone() } else { Word::unknown(word.span()) };
            self.state.variables.set((at + 1).to_string(), value);
        }
        let count = if certain { arguments.len().to_string() } else { HOLE.to_string() };
        let count = Word::made(count, self.state.at);
        self.state.variables.set("#", count);
    }

    fn unbind(&mut self, before: &Variables) {
        let after = self.state.variables.clone();
        let names = after.iter().chain(before.iter()).map(|(name, _)| name);
        let numbers = names.filter(|name| name.bytes().all(|b| b.is_ascii_digit() || b == b'#'));
        for name in numbers {
            match before.get(name) {
                Some(value) => self.state.variables.set(name, value.clone()),
                None => self.state.variables.forget(name),
            }
        }
    }

    /// Puts the text of an alias in place of its name.
    fn alias(&mut self, simple: &Simple, command: &Command) -> Option<Ran> {
        let name = simple.words.first()?.plain()?.text().to_owned();
        let value = self.state.aliases.get(&name)?.clone();
        for (known, text, used) in &mut self.named {
            *used |= *known == name && text.text() == value.text();
        }
        let mut read = read::script(&value);
        if !self.judge.step(1 + read.parts, command.span) {
            return Some(Ran::new(Data::Unknown(command.span)));
        }
        for (span, because) in &read.unread {
            self.judge.opaque(*span, *because);
        }
        if value.may_inject() {
            self.judge.opaque(value.span(), "a part of this script is not known");
        }
        let last = read.list.0.last_mut().map(|item| match item.more.last_mut() {
            Some((_, pipeline)) => pipeline,
            None => &mut item.first,
        });
        match last.and_then(|pipeline| pipeline.commands.last_mut()) {
            Some(last) => {
                if let Kind::Simple(inner) = &mut last.kind {
                    inner.words.extend(simple.words[1..].iter().cloned());
                    inner.assignments.extend(simple.assignments.iter().cloned());
                } else {
                    self.judge.opaque(command.span, "what this alias becomes is not read");
                }
                last.redirects.extend(command.redirects.iter().cloned());
            }
            None => self.judge.opaque(command.span, "what this alias becomes is not read"),
        }
        let aliases = Rc::clone(&self.state.aliases);
        Rc::make_mut(&mut self.state.aliases).remove(&name);
        let printed = self.list(&read.list);
        self.state.aliases = aliases;
        Some(Ran::new(printed))
    }

    fn assignments_only(&mut self, simple: &Simple, command: &Command) -> Ran {
        let still = simple.assignments.iter().all(|assignment| match &assignment.value {
            Value::One(text) => variables::is_still(text),
            Value::Many(texts) => texts.iter().all(variables::is_still),
        });
        for assignment in &simple.assignments {
            self.assign(assignment);
        }
        let opened = self.open(&command.redirects);
        // `$(< file)` is what the file holds.
        let held = match (&opened.stdin, simple.assignments.is_empty()) {
            (Some(data), true) => data.clone(),
            _ => Data::Nothing,
        };
        let printed = self.close(&opened, held, simple.assignments.is_empty());
        Ran { printed, sure: still && command.redirects.is_empty() }
    }

    fn assign(&mut self, assignment: &Assignment) {
        let name = &assignment.name;
        match &assignment.value {
            Value::One(text) => {
                let value = self.value(text);
                if assignment.indexed {
                    return self.state.lose(name);
                }
                self.set(name, value, assignment.append);
            }
            Value::Many(texts) => {
                let mut values = self.words(texts);
                let certain = !texts.iter().any(|text| {
                    matches!(text.pieces.first(), Some(syntax::Piece::Plain(w)) if w.text().starts_with('['))
                }) && !values.iter().any(|word| word.may_split() || word.is_glob());
                if !certain {
                    return self.state.lose(name);
                }
                if assignment.append {
                    let Some(before) = self.state.arrays.get(name) else {
                        return self.state.lose(name);
                    };
                    values.splice(0..0, before.iter().cloned());
                }
                self.state.set_array(name, values);
            }
        }
    }

    /// Sets a variable, and judges what a program will make of it.
    fn set(&mut self, name: &str, value: Word, append: bool) {
        let value = if append {
            let before = match self.state.variables.get(name) {
                Some(before) => before.clone(),
                None if self.state.arrays.contains_key(name) => return self.state.lose(name),
                None => Word::unknown(value.span()),
            };
            if before.text().len() + value.text().len() > LONGEST {
                Word::unknown(value.span())
            } else {
                Word::made(format!("{}{}", before.text(), value.text()), value.span())
            }
        } else {
            value
        };
        self.environment(name, &value);
        self.judge.keeps(name, &value);
        self.state.set(name, value);
    }
}

/// Whether a list may be left before its end.
fn leaves(list: &List) -> bool {
    let pipelines = list
        .0
        .iter()
        .flat_map(|item| std::iter::once(&item.first).chain(item.more.iter().map(|more| &more.1)));
    pipelines.flat_map(|pipeline| &pipeline.commands).any(leaves_body)
}

fn leaves_body(command: &Command) -> bool {
    match &command.kind {
        Kind::Simple(simple) => simple.words.first().is_some_and(|word| match word.plain() {
            Some(word) => matches!(word.text(), "break" | "continue" | "return" | "exit" | "exec"),
            None => true,
        }),
        Kind::Group(list) | Kind::Subshell(list) => leaves(list),
        Kind::Function(..) | Kind::Test(_) | Kind::Sum(_) => false,
        _ => true,
    }
}

/// Whether a command prints nothing at all, so that what it is written to is emptied.
fn is_nothing(words: &[Word]) -> bool {
    match words {
        [] => true,
        [first] => first.is(":") || first.is("true"),
        [first, second] => first.is("cat") && second.is("/dev/null"),
        [first, second, third] => first.is("echo") && second.is("-n") && third.is(""),
        _ => false,
    }
}
