//! Simple commands: assignments, aliases, functions, and the programs that are judged.

use super::{
    LONGEST, Ran, Shell,
    builtins::DECLARES,
    compound::leaves_body,
    perhaps, read,
    syntax::{Assignment, Command, Kind, Piece, Simple, Text, Value},
    variables::is_still,
};
use crate::classify::{Call, Data, HOLE, HOLES, Variables, Word};
use std::rc::Rc;

/// How often a function may be in the middle of being called.
const RECURSIONS: usize = 2;

impl Shell<'_, '_> {
    pub(super) fn simple(&mut self, simple: &Simple, command: &Command) -> Ran {
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
            .is_some_and(|word| DECLARES.contains(&word.text()));
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

    pub(super) fn program(&mut self, words: &[Word]) -> Ran {
        let count = u32::try_from(self.state.variables.count() / 8).unwrap_or(u32::MAX);
        let _ = self.judge.step(count, self.state.at);
        let variables = self.state.seen_by_programs();
        let stdin = self.stdin.clone();
        self.judge.enter(self.state.folder.clone());
        let call = Call { words, variables: &variables, stdin: &stdin };
        Ran::new(self.judge.call(&call))
    }

    pub(super) fn call_function(
        &mut self,
        name: &str,
        body: &Rc<Command>,
        arguments: &[Word],
    ) -> Data {
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
    pub(super) fn bind(&mut self, arguments: &[Word]) {
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
            Value::One(text) => is_still(text),
            Value::Many(texts) => texts.iter().all(is_still),
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
                    matches!(text.pieces.first(), Some(Piece::Plain(w)) if w.text().starts_with('['))
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
    pub(super) fn set(&mut self, name: &str, value: Word, append: bool) {
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
        // A sum looks its names up, and what stands in the brackets of an index runs.
        if ["[$(", "[`"].iter().any(|index| value.text().contains(index)) {
            self.judge.opaque(value.span(), "in a sum, this value runs what stands in it");
        }
        self.environment(name, &value);
        self.judge.keeps(name, &value);
        self.state.set(name, value);
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
