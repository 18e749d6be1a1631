//! How the words of a call are taken apart into options and operands.

use super::{Cli, Given, Matched, Named, Rule, Style};
use crate::{
    classify::{Call, Word},
    domain::Span,
};

/// How long a cluster of letters may be; there are not that many letters.
const MOST_LETTERS: usize = 250;

/// How the words of a call are taken apart.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub cli: &'static Cli,
    /// The subcommand, once it is known, and how many operands its path takes; behind these its
    /// own options count.
    pub rule: Option<(&'static Rule, usize)>,
    /// An unknown long option takes the next word.
    pub greedy: bool,
}

impl Shape {
    pub(super) fn take_apart<'a, 'c>(self, call: &'c Call<'a>) -> Matched<'a, 'c> {
        let mut matched = Matched {
            call,
            cli: self.cli,
            options: Vec::new(),
            operands: Vec::new(),
            path: Vec::new(),
            rest: &[],
            uncertain: false,
        };
        let most = self.rule.and_then(|(rule, taken)| Some(taken + rule.ends?));
        let words = call.arguments();
        let mut at = 0;
        let mut shape = Self { rule: None, ..self };
        while let Some(word) = words.get(at) {
            shape.rule = self.rule.filter(|(_, taken)| matched.operands.len() >= *taken);
            if most == Some(matched.operands.len()) {
                matched.rest = &words[at..];
                matched.operands.extend(matched.rest);
                break;
            }
            at += 1;
            let text = word.text();
            matched.uncertain |= word.may_split() || (word.has_holes() && word.may_be_option());
            if text == "--" {
                let left = most.map_or(0, |most| most.saturating_sub(matched.operands.len()));
                matched.rest = words.get(at + left..).unwrap_or_default();
                matched.operands.extend(&words[at..]);
                break;
            }
            if !text.starts_with('-') || text == "-" {
                matched.operands.push(word);
            } else if text.starts_with("--") || self.cli.style == Style::Single {
                let (given, took) = shape.long(word, words.get(at));
                at += usize::from(took);
                matched.options.push(given);
            } else {
                at += usize::from(shape.letters(word, words.get(at), &mut matched.options));
            }
        }
        matched
    }

    /// A long option, and whether it takes the next word.
    fn long(self, word: &Word, next: Option<&Word>) -> (Given, bool) {
        let text = word.text();
        let dashes = usize::from(self.cli.style == Style::Single && text.starts_with("--"));
        let end = text.find('=').unwrap_or(text.len());
        let name = self.whole(&text[dashes..end]).to_owned();
        let mut given = Given { name, value: None, span: word.span() };
        if end < text.len() {
            given.value = Some(word.after(end + 1));
        } else if let Some(next) = next {
            let hungry =
                self.greedy && !self.is_known(&given.name) && !next.text().starts_with('-');
            if hungry || self.takes_value(&given.name) {
                given.span = given.span.with(next.span());
                given.value = Some(next.clone());
                return (given, true);
            }
        }
        (given, false)
    }

    /// Options of one letter. Whether the last of them takes the next word.
    fn letters(self, word: &Word, next: Option<&Word>, options: &mut Vec<Given>) -> bool {
        let text = word.text();
        for (at, letter) in text.char_indices().skip(1) {
            if at > MOST_LETTERS {
                options.push(Given { name: String::new(), value: None, span: word.span() });
                return false;
            }
            let mut given = Given { name: format!("-{letter}"), value: None, span: word.span() };
            let rest = at + letter.len_utf8();
            if self.cli.attached.contains(&given.name.as_str()) {
                given.value = Some(word.after(rest));
                options.push(given);
                return false;
            }
            let equals = text[rest..].starts_with('=');
            if equals || (rest < text.len() && self.takes_value(&given.name)) {
                given.value = Some(word.after(rest + usize::from(equals)));
                options.push(given);
                return false;
            }
            let next = next.filter(|_| rest == text.len() && self.takes_value(&given.name));
            if let Some(next) = next {
                given.span = given.span.with(next.span());
                given.value = Some(next.clone());
                options.push(given);
                return true;
            }
            options.push(given);
        }
        false
    }

    /// An option in full that may have been cut short.
    fn whole(self, name: &str) -> &str {
        if !self.cli.abbreviates || name.len() < 3 || self.is_known(name) {
            return name;
        }
        let rules = self.cli.rules.iter();
        let when = rules.clone().flat_map(|rule| rule.when.iter().map(|(option, _)| *option));
        // What makes it worse goes before what makes it harmless.
        let dry = rules.flat_map(|rule| rule.dry.iter().copied());
        let lists = [self.cli.valued, self.cli.flags, self.cli.harmless];
        let lists = lists.into_iter().flatten().copied();
        let mut all = when.chain(lists).chain(dry).filter(|option| !option.contains('='));
        all.find(|option| option.starts_with(name)).unwrap_or(name)
    }

    fn takes_value(self, name: &str) -> bool {
        if let Some((rule, _)) = self.rule {
            if rule.flags.contains(&name) {
                return false;
            }
            if rule.valued.contains(&name) {
                return true;
            }
        }
        takes_value(self.cli, name)
    }

    fn is_known(self, name: &str) -> bool {
        let same = |option: &&str| option.split('=').next() == Some(name);
        self.cli.flags.contains(&name)
            || self.cli.harmless.contains(&name)
            || takes_value(self.cli, name)
            || self.cli.rules.iter().any(|rule| {
                rule.dry.iter().any(same)
                    || rule.flags.contains(&name)
                    || rule.valued.contains(&name)
                    || rule.when.iter().any(|(option, _)| same(option))
            })
    }

    /// An option that the table does not know and that may take the next word as its value.
    pub(super) fn unknown_option(self, matched: &Matched<'_, '_>) -> Option<Span> {
        let unknown = |given: &&Given| {
            given.value.is_none() && given.name.len() > 2 && !self.is_known(&given.name)
        };
        matched.options.iter().find(unknown).map(|given| given.span)
    }
}

fn takes_value(cli: &Cli, name: &str) -> bool {
    cli.valued.contains(&name)
        || cli.places.iter().any(|(place, _)| *place == name)
        || cli
            .rules
            .iter()
            .any(|rule| matches!(rule.named, Named::Option(option) if option == name))
}
