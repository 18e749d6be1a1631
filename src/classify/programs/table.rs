//! Programs as data: their options, their subcommands, and what each does.
//!
//! ```text
//!   words ─▶ options (name, value) + operands ─▶ longest Rule whose path begins the operands
//!                                                  │  when: options that make it worse or better
//!                                                  ▼  dry: options that make it look only
//!                                                effect, named by an operand or an option
//! ```
//!
//! An option that the table does not know may or may not take the next word. Both are tried where
//! it matters, which is before the subcommand is complete.

mod shape;

use crate::{
    classify::{Call, Judge, Word},
    domain::{PlaceKind, Span, Verb},
};

use shape::Shape;

/// How a program writes its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `-abc` is three options of one letter, `--name` is long.
    Gnu,
    /// `-name` is one long option, as `terraform` and `java` have it; `--name` is the same.
    Single,
}

/// What a rule says.
#[derive(Debug, Clone, Copy)]
pub enum Does {
    /// Looks only, or prints help.
    Reads,
    /// Changes something; how to turn it back.
    Changes(Verb, &'static str),
    /// Loses something or lets it out for good; what.
    Destroys(Verb, &'static str),
    /// Nobody can tell; why.
    Opaque(&'static str),
    /// A little code decides.
    Asks(fn(&Matched<'_, '_>, &mut Judge<'_>)),
}

impl Does {
    /// How severe it is, for the choice between several.
    pub const fn severity(self) -> u8 {
        match self {
            Self::Reads => 0,
            Self::Changes(..) => 1,
            Self::Asks(_) | Self::Opaque(_) => 2,
            Self::Destroys(..) => 3,
        }
    }
}

/// Which word names the resource.
#[derive(Debug, Clone, Copy)]
pub enum Named {
    /// The operands behind the subcommand.
    Operands,
    /// The value of an option.
    Option(&'static str),
    /// Nothing does.
    Nothing,
}

/// A subcommand and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The operands it begins with: `"apps destroy"`, with alternatives `"get|list"`. `*` is any
    /// one word, a leading `**` any number of words. The empty path is the program alone, and `**`
    /// alone is whatever operands there are: a program without subcommands. A `$` at the end says
    /// that nothing follows: `"volume $"` prints help, `volume` with an unknown word does not.
    pub path: &'static str,
    /// What it does.
    pub does: Does,
    /// Options that make it do something else. Of several the most severe counts.
    pub when: &'static [(&'static str, Does)],
    /// Options with which it only says what it would do. Written as `--dry-run`, it is meant
    /// unless its value is `none`, `false`, `no` or `0`; written as `--dry-run=client`, only so.
    pub dry: &'static [&'static str],
    /// What names the resource.
    pub named: Named,
    /// Options that take a value with this subcommand, whatever they do elsewhere.
    pub valued: &'static [&'static str],
    /// Options that take none with this subcommand, whatever they do elsewhere.
    pub flags: &'static [&'static str],
    /// How many operands behind the path may have options among them. What follows is taken as it
    /// stands: it belongs to the program that is run.
    pub ends: Option<usize>,
}

impl Rule {
    /// A subcommand that does this.
    pub const fn new(path: &'static str, does: Does) -> Self {
        Self {
            path,
            does,
            when: &[],
            dry: &[],
            named: Named::Operands,
            valued: &[],
            flags: &[],
            ends: None,
        }
    }

    /// Looks only.
    pub const fn reads(path: &'static str) -> Self {
        Self::new(path, Does::Reads)
    }

    /// Makes something new; how to turn that back.
    pub const fn creates(path: &'static str, back: &'static str) -> Self {
        Self::new(path, Does::Changes(Verb::Create, back))
    }

    /// Changes something; how to turn that back.
    pub const fn updates(path: &'static str, back: &'static str) -> Self {
        Self::new(path, Does::Changes(Verb::Update, back))
    }

    /// Runs something; how to stop or undo it.
    pub const fn runs(path: &'static str, back: &'static str) -> Self {
        Self::new(path, Does::Changes(Verb::Run, back))
    }

    /// Gives somebody power; how to take it away again.
    pub const fn grants(path: &'static str, back: &'static str) -> Self {
        Self::new(path, Does::Changes(Verb::Grant, back))
    }

    /// Shows a secret to the caller; what makes it worthless.
    pub const fn reveals(path: &'static str, back: &'static str) -> Self {
        Self::new(path, Does::Changes(Verb::Reveal, back))
    }

    /// Deletes something for good; what is lost.
    pub const fn deletes(path: &'static str, lost: &'static str) -> Self {
        Self::new(path, Does::Destroys(Verb::Delete, lost))
    }

    /// Writes over something for good; what is lost.
    pub const fn overwrites(path: &'static str, lost: &'static str) -> Self {
        Self::new(path, Does::Destroys(Verb::Update, lost))
    }

    /// Takes away what protects or records, or opens it to everybody; what is lost.
    pub const fn exposes(path: &'static str, lost: &'static str) -> Self {
        Self::new(path, Does::Destroys(Verb::Grant, lost))
    }

    /// Lets something out that cannot be called back; what.
    pub const fn leaks(path: &'static str, lost: &'static str) -> Self {
        Self::new(path, Does::Destroys(Verb::Reveal, lost))
    }

    /// Nobody can tell; why.
    pub const fn opaque(path: &'static str, because: &'static str) -> Self {
        Self::new(path, Does::Opaque(because))
    }

    /// A little code decides.
    pub const fn asks(path: &'static str, code: fn(&Matched<'_, '_>, &mut Judge<'_>)) -> Self {
        Self::new(path, Does::Asks(code))
    }

    /// With options that make it do something else.
    #[must_use]
    pub const fn when(mut self, when: &'static [(&'static str, Does)]) -> Self {
        self.when = when;
        self
    }

    /// With options that make it look only.
    #[must_use]
    pub const fn dry(mut self, dry: &'static [&'static str]) -> Self {
        self.dry = dry;
        self
    }

    /// With something else than its operands naming the resource.
    #[must_use]
    pub const fn named(mut self, named: Named) -> Self {
        self.named = named;
        self
    }

    /// With options that take a value here.
    #[must_use]
    pub const fn valued(mut self, valued: &'static [&'static str]) -> Self {
        self.valued = valued;
        self
    }

    /// With options that take no value here.
    #[must_use]
    pub const fn flags(mut self, flags: &'static [&'static str]) -> Self {
        self.flags = flags;
        self
    }

    /// With the words behind so many operands taken as they stand ([`Matched::rest`]).
    #[must_use]
    pub const fn ends(mut self, operands: usize) -> Self {
        self.ends = Some(operands);
        self
    }

    /// Whether its words must be taken apart anew once it is known that it is meant.
    const fn reshapes(&self) -> bool {
        !self.valued.is_empty() || !self.flags.is_empty() || self.ends.is_some()
    }

    /// How severe it may be, whatever options come with it.
    fn worst(&self) -> u8 {
        let given = self.when.iter().map(|(_, does)| does.severity());
        given.fold(self.does.severity(), u8::max)
    }
}

/// A program as data.
#[derive(Debug)]
pub struct Cli {
    /// The service of its effects.
    pub service: &'static str,
    /// How it writes its options.
    pub style: Style,
    /// Options that take a value: `-n`, `--namespace`. In [`Style::Single`] with one dash.
    pub valued: &'static [&'static str],
    /// Options of one letter whose value, if any, follows without a space: `-pSECRET`.
    pub attached: &'static [&'static str],
    /// Options known to take none.
    pub flags: &'static [&'static str],
    /// Options, or variables (`AWS_PROFILE`), whose value says where it acts.
    pub places: &'static [(&'static str, PlaceKind)],
    /// Options with which any subcommand only looks: `--help`, `--version`.
    pub harmless: &'static [&'static str],
    /// The subcommands.
    pub rules: &'static [Rule],
    /// What any other subcommand does.
    pub otherwise: Does,
    /// Whether long options may be cut short (`--forc`), as `getopt_long` allows.
    pub abbreviates: bool,
    /// Whether some make of it takes options before its operands only.
    pub options_first: bool,
}

impl Cli {
    /// A program with `--help` and `--version`, of which nothing else is known yet.
    pub const fn new(service: &'static str) -> Self {
        Self {
            service,
            style: Style::Gnu,
            valued: &[],
            attached: &[],
            flags: &[],
            places: &[],
            harmless: &["--help", "--version", "-h"],
            rules: &[],
            otherwise: Does::Opaque("this subcommand is not known"),
            abbreviates: false,
            options_first: false,
        }
    }
}

/// An option as it was written.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its name with its dashes; in [`Style::Single`] with one dash. Empty for a cluster of
    /// letters that is longer than anybody writes, and is not read to its end.
    pub name: String,
    /// Its value, if it has one.
    pub value: Option<Word>,
    /// Where it stands, with its value.
    pub span: Span,
}

/// A call taken apart by a table.
#[derive(Debug)]
pub struct Matched<'a, 'c> {
    /// The whole call.
    pub call: &'c Call<'a>,
    /// The table.
    pub cli: &'static Cli,
    /// The options, in the order they were written.
    pub options: Vec<Given>,
    /// The operands: at first all, in rules only those behind the path.
    pub operands: Vec<&'a Word>,
    /// The operands that the rule's path took.
    pub path: Vec<&'a Word>,
    /// The last of the operands, as far as they were taken as they stand: behind `--`, or behind
    /// what [`Rule::ends`] says.
    pub rest: &'a [Word],
    /// Whether some word may turn out to be further options, or further operands.
    pub uncertain: bool,
}

impl<'a> Matched<'a, '_> {
    /// The operands that were not taken as they stand.
    pub fn own(&self) -> &[&'a Word] {
        &self.operands[..self.operands.len().saturating_sub(self.rest.len())]
    }

    /// Whether an option is given, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.options.iter().any(|given| given.name == name)
    }

    /// The last value given to an option.
    pub fn value(&self, name: &str) -> Option<&Word> {
        self.options.iter().rev().find(|given| given.name == name)?.value.as_ref()
    }

    /// All values given to any of these options.
    pub fn values<'s>(&'s self, names: &'s [&str]) -> impl Iterator<Item = &'s Word> {
        let given = self.options.iter().filter(move |given| names.contains(&given.name.as_str()));
        given.filter_map(|given| given.value.as_ref())
    }

    /// The operands by name, as many as a person wants to read.
    pub fn names(&self, judge: &Judge<'_>) -> String {
        let names: Vec<String> =
            self.operands.iter().take(8).map(|word| judge.name(word)).collect();
        let more = if self.operands.len() > names.len() { " …" } else { "" };
        format!("{}{more}", names.join(" "))
    }

    /// From the program to the last word of the path, the part that says what is done.
    pub fn span(&self) -> Span {
        let program = self.call.words.first().map(Word::span).unwrap_or_default();
        self.path.iter().fold(program, |span, word| span.with(word.span()))
    }

    /// Whether one of these options is given in a way that means "only look".
    pub fn dry(&self, options: &[&str]) -> bool {
        options.iter().any(|wanted| {
            let (name, value) =
                wanted.split_once('=').map_or((*wanted, None), |(n, v)| (n, Some(v)));
            // The last one counts, as most programs have it.
            let given = self.options.iter().rposition(|given| given.name == name);
            // `--no-dry-run` behind it takes it back.
            let given = given.filter(|at| {
                let behind = &self.options[at + 1..];
                !name.starts_with("--")
                    || !behind
                        .iter()
                        .any(|given| given.name.strip_prefix("--no-") == name.strip_prefix("--"))
            });
            given.map(|at| &self.options[at]).is_some_and(|given| match (value, &given.value) {
                (Some(value), Some(word)) => word.is(value),
                (Some(_), None) => false,
                (None, None) => true,
                (None, Some(word)) => word.known().is_some_and(|value| {
                    let value = value.to_ascii_lowercase();
                    !matches!(value.as_str(), "none" | "false" | "f" | "no" | "n" | "off" | "0")
                }),
            })
        })
    }

    /// Whether one of these options is followed by a word that takes it back: `--dry-run none`,
    /// which a person may mean, whatever the program makes of it.
    fn denies(&self, options: &[&str]) -> bool {
        let given = self.options.iter().filter(|given| {
            given.value.is_none() && options.iter().any(|name| *name == given.name)
        });
        let places = |span: Span| (span.start, span.end);
        let mut spans: Vec<(usize, usize)> = given.map(|given| places(given.span)).collect();
        spans.sort_unstable();
        let refused = |next: &Word| matches!(next.text(), "none" | "false");
        let mut pairs = self.call.words.windows(2).filter(|pair| refused(&pair[1]));
        pairs.any(|pair| spans.binary_search(&places(pair[0].span())).is_ok())
    }

    /// Which of the words stands there.
    fn place_of(&self, span: Span) -> Option<usize> {
        self.call.words.iter().position(|word| word.span() == span)
    }

    /// Whether an option is given with which any subcommand only looks. One that takes a value
    /// here (`docker run -h web`) is another option.
    fn harmless(&self) -> bool {
        let meant = |value: &Word| matches!(value.text(), "true" | "t" | "1" | "yes");
        let mut options = self.options.iter();
        // Where options end with the first operand, as on a Mac, `rm x --help` removes `x`.
        let first = self.operands.first().filter(|_| self.cli.options_first);
        let first = first.and_then(|word| self.place_of(word.span()));
        options.any(|given| {
            self.cli.harmless.contains(&given.name.as_str())
                && first.is_none_or(|first| self.place_of(given.span).is_some_and(|at| at < first))
                && given.value.as_ref().is_none_or(meant)
        })
    }

    /// Adds the effect of `does`, named and placed as the rule says.
    pub fn does(&self, does: Does, named: Named, judge: &mut Judge<'_>) {
        let resource = match named {
            Named::Operands => self.names(judge),
            Named::Option(option) => {
                self.value(option).map(|word| judge.name(word)).unwrap_or_default()
            }
            Named::Nothing => String::new(),
        };
        let (service, span) = (self.cli.service, self.span());
        match does {
            Does::Reads => judge.reads(service, resource, span),
            Does::Changes(verb, back) => judge.changes(verb, service, resource, span, back),
            Does::Destroys(verb, lost) => judge.destroys(verb, service, resource, span, lost),
            Does::Opaque(because) => judge.opaque(span, because),
            Does::Asks(code) => code(self, judge),
        }
    }
}

/// Judges a call by a table.
pub fn judge(cli: &'static Cli, call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut shape = Shape { cli, rule: None, greedy: false };
    let mut matched = shape.take_apart(call);
    let mut rule = longest(cli, &matched.operands);
    if let Some(unknown) = shape.unknown_option(&matched) {
        let wider = Shape { greedy: true, ..shape };
        let other = wider.take_apart(call);
        let other_rule = longest(cli, &other.operands);
        match (&rule, &other_rule) {
            (None, Some(_)) => (matched, rule, shape) = (other, other_rule, wider),
            (Some((first, _)), Some((second, _))) if !std::ptr::eq(*first, *second) => {
                judge.opaque(unknown, "whether this option takes the next word is not known");
            }
            _ => {}
        }
    }
    if rule.is_some_and(|(rule, _)| rule.reshapes()) {
        shape.rule = rule;
        matched = shape.take_apart(call);
    }
    if let Some(endless) = matched.options.iter().find(|given| given.name.is_empty()) {
        judge.opaque(endless.span, "it is longer than is read");
    }
    for (name, kind) in cli.places {
        if name.starts_with('-') {
            if let Some(word) = matched.value(name) {
                judge.place(*kind, word);
            }
        } else if let Some(word) = call.variables.get(name) {
            judge.place(*kind, word);
        }
    }
    let Some((rule, taken)) = rule else {
        return if matched.operands.iter().any(|word| word.has_holes()) || matched.uncertain {
            judge.opaque(call.span(), "which subcommand runs is not known");
        } else if matched.harmless() {
            matched.does(Does::Reads, Named::Nothing, judge);
        } else {
            matched.path = std::mem::take(&mut matched.operands);
            matched.does(cli.otherwise, Named::Nothing, judge);
        };
    };
    if may_be_worse(cli, rule, &matched.operands) {
        judge.opaque(call.span(), "which subcommand runs is not known");
    }
    matched.path = matched.operands.drain(..taken).collect();
    if matched.harmless() || (matched.dry(rule.dry) && !matched.denies(rule.dry)) {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    let given = rule.when.iter().filter(|(option, _)| matched.dry(&[option]));
    let does = given.map(|(_, does)| *does).max_by_key(|does| does.severity()).unwrap_or(rule.does);
    matched.does(does, rule.named, judge);
    // A word of unknown value is a name (`git switch $BRANCH`), unless its own letters speak of
    // options (`$ARGS`), or it could turn looking into losing.
    let speaks = call.arguments().iter().any(|word| judge.speaks_of_options(word));
    let worse = |other: &Does| match does {
        Does::Reads if !speaks => matches!(other, Does::Destroys(..)),
        _ => speaks && other.severity() > does.severity(),
    };
    if matched.uncertain && rule.when.iter().any(|(_, other)| worse(other)) {
        judge.opaque(call.span(), "a word of unknown value may be an option that makes it worse");
    }
}

/// Whether an operand of unknown value may turn out to be part of a path that does worse.
fn may_be_worse(cli: &Cli, rule: &Rule, operands: &[&Word]) -> bool {
    if !operands.iter().take(6).any(|word| word.has_holes()) {
        return false;
    }
    let fits = |part: &str, word: &Word| {
        part == "*" || word.has_holes() || part.split('|').any(|option| word.is(option))
    };
    let words = |path: &str| path.split(' ').filter(|part| !part.is_empty()).count();
    cli.rules.iter().any(|other| {
        other.worst() > rule.worst().max(1)
            && !other.path.starts_with("**")
            && words(other.path) > words(rule.path)
            && words(other.path) <= operands.len()
            && other.path.split(' ').zip(operands).all(|(part, word)| fits(part, word))
    })
}

/// The rule that takes the most operands, and how many.
fn longest(cli: &'static Cli, operands: &[&Word]) -> Option<(&'static Rule, usize)> {
    let taken = cli.rules.iter().filter_map(|rule| Some((rule, takes(rule.path, operands)?)));
    // An explicit path goes before one that begins with `**`.
    taken.max_by_key(|(rule, taken)| {
        let words = rule.path.split(' ').filter(|part| !matches!(*part, "" | "**")).count();
        let any = rule.path.split(' ').filter(|part| *part == "*").count();
        (!rule.path.starts_with("**"), words, words - any, usize::MAX - *taken)
    })
}

/// How many operands a path takes, if they begin with it.
fn takes(path: &str, operands: &[&Word]) -> Option<usize> {
    if let Some(rest) = path.strip_prefix("** ") {
        let starts = 0..operands.len();
        // The verb that comes first counts: what follows it are names.
        return starts.into_iter().find_map(|at| Some(at + takes(rest, &operands[at..])?));
    }
    if path == "**" {
        return Some(0);
    }
    if path.is_empty() {
        return operands.is_empty().then_some(0);
    }
    let mut taken = 0;
    for part in path.split(' ') {
        if part == "$" {
            return (taken == operands.len()).then_some(taken);
        }
        let word = operands.get(taken)?;
        let fits = part == "*" || part.split('|').any(|option| word.is(option));
        if !fits {
            return None;
        }
        taken += 1;
    }
    Some(taken)
}

#[cfg(test)]
mod tests;
