//! Compound commands: groups, branches, loops and what else holds lists.

use super::{
    MOST_DEFINED, Ran, Shell, both, perhaps,
    syntax::{Command, Kind, List, Text},
    variables::State,
};
use crate::{
    classify::{Data, HOLE, PLAIN, Word, is_hole},
    domain::Span,
};
use std::rc::Rc;

/// The most items of a loop that are gone through one by one.
const MOST_ITEMS: usize = 16;
/// The longest sum that is read as a command as well.
const LONGEST_SUM: usize = 2_000;

impl Shell<'_, '_> {
    pub(super) fn compound(&mut self, kind: &Kind, span: Span) -> Ran {
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
                // A shell without sums takes it for one subshell in another.
                let letters = self.judge.name(&Word::unknown(sum.span));
                if letters.len() < LONGEST_SUM
                    && letters.contains(' ')
                    && self.judge.harms(&letters)
                {
                    self.judge.opaque(sum.span, "other shells run this as a command");
                }
                Ran::new(Data::Nothing)
            }
            Kind::Coprocess(command) => {
                self.subshell(|shell| shell.command(command));
                Ran::new(Data::Nothing)
            }
        }
    }

    /// `if`: what is known afterwards holds whichever branch ran.
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

    /// `for`: item by item when they are known, or once with what they have in common.
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
        let mut common = first.split(is_hole).next().unwrap_or_default();
        for item in &items {
            let same = common.chars().zip(item.text().chars()).take_while(|(a, b)| a == b);
            common = &common[..same.map(|(a, _)| a.len_utf8()).sum()];
        }
        let plain = items.iter().all(|item| !item.may_inject() && item.text().contains(PLAIN));
        let hole = if plain { PLAIN } else { HOLE };
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
}

/// Whether a list may be left before its end.
fn leaves(list: &List) -> bool {
    let pipelines = list
        .0
        .iter()
        .flat_map(|item| std::iter::once(&item.first).chain(item.more.iter().map(|more| &more.1)));
    pipelines.flat_map(|pipeline| &pipeline.commands).any(leaves_body)
}

pub(super) fn leaves_body(command: &Command) -> bool {
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
