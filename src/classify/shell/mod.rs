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
mod compound;
mod environment;
mod expand;
mod fields;
mod parameter;
mod pattern;
mod print;
mod read;
mod redirect;
mod simple;
mod syntax;
mod variables;
mod words;

#[cfg(test)]
mod tests;

pub use redirect::is_job;

use super::{Call, Data, Judge, Variables, Word};
use std::rc::Rc;
use syntax::{Command, Item, Join, Kind, List, Pipeline};
use variables::State;

/// Functions, and aliases, of which it is remembered whether they were called.
const MOST_DEFINED: usize = 64;
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
}
