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

use crate::{
    classify::{Call, Judge, Word},
    domain::{PlaceKind, Span, Verb},
};

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
    const fn severity(self) -> u8 {
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
    /// alone is whatever operands there are: a program without subcommands.
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
}

impl Rule {
    /// A subcommand that does this.
    pub const fn new(path: &'static str, does: Does) -> Self {
        Self { path, does, when: &[], dry: &[], named: Named::Operands }
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

    /// Deletes something for good; what is lost.
    pub const fn deletes(path: &'static str, lost: &'static str) -> Self {
        Self::new(path, Does::Destroys(Verb::Delete, lost))
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
    /// Whether a word of unknown value is taken for a name (`git switch $BRANCH`), unless its own
    /// letters speak of options (`$ARGS`).
    pub trusts_names: bool,
}

impl Cli {
    /// A program with `--help` and `--version`, of which nothing else is known yet.
    pub const fn new(service: &'static str) -> Self {
        Self {
            service,
            style: Style::Gnu,
            valued: &[],
            flags: &[],
            places: &[],
            harmless: &["--help", "--version", "-h"],
            rules: &[],
            otherwise: Does::Opaque("this subcommand is not known"),
            abbreviates: false,
            trusts_names: false,
        }
    }
}

/// An option as it was written.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its name with its dashes; in [`Style::Single`] with one dash.
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
    /// Whether some word may turn out to be further options, or further operands.
    pub uncertain: bool,
}

impl Matched<'_, '_> {
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
        let named = self.options.iter().filter(move |given| names.contains(&given.name.as_str()));
        named.filter_map(|given| given.value.as_ref())
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
            let given = self.options.iter().rev().find(|given| given.name == name);
            given.is_some_and(|given| match (value, &given.value) {
                (Some(value), Some(word)) => word.is(value),
                (Some(_), None) => false,
                (None, None) => true,
                (None, Some(word)) => word.known().is_some_and(|value| {
                    !matches!(value.to_ascii_lowercase().as_str(), "none" | "false" | "no" | "0")
                }),
            })
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
    let mut matched = take_apart(cli, call, false);
    let mut rule = longest(cli, &matched.operands);
    if let Some(unknown) = unknown_option(cli, &matched) {
        let other = take_apart(cli, call, true);
        let other_rule = longest(cli, &other.operands);
        match (&rule, &other_rule) {
            (None, Some(_)) => (matched, rule) = (other, other_rule),
            (Some((first, _)), Some((second, _))) if !std::ptr::eq(*first, *second) => {
                judge.opaque(unknown, "whether this option takes the next word is not known");
            }
            _ => {}
        }
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
        let early = matched.operands.iter().any(|word| word.has_holes()) || matched.uncertain;
        return if matched.dry(cli.harmless) {
            matched.does(Does::Reads, Named::Nothing, judge);
        } else if early {
            judge.opaque(call.span(), "which subcommand runs is not known");
        } else {
            matched.path = std::mem::take(&mut matched.operands);
            matched.does(cli.otherwise, Named::Nothing, judge);
        };
    };
    matched.path = matched.operands.drain(..taken).collect();
    if matched.dry(cli.harmless) || matched.dry(rule.dry) {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    let given = rule.when.iter().filter(|(option, _)| matched.dry(&[option]));
    let does = given.map(|(_, does)| *does).max_by_key(|does| does.severity()).unwrap_or(rule.does);
    matched.does(does, rule.named, judge);
    let worse = |other: &Does| other.severity() > does.severity();
    if cli.trusts_names && !call.arguments().iter().any(|word| judge.speaks_of_options(word)) {
        return;
    }
    if matched.uncertain && rule.when.iter().any(|(_, other)| worse(other)) {
        judge.opaque(call.span(), "a word of unknown value may be an option that makes it worse");
    }
}

/// Takes the words apart. `greedy`: an unknown long option takes the next word.
fn take_apart<'a, 'c>(cli: &'static Cli, call: &'c Call<'a>, greedy: bool) -> Matched<'a, 'c> {
    let mut matched = Matched {
        call,
        cli,
        options: Vec::new(),
        operands: Vec::new(),
        path: Vec::new(),
        uncertain: false,
    };
    let mut words = call.arguments().iter().peekable();
    while let Some(word) = words.next() {
        let text = word.text();
        matched.uncertain |= word.may_split() || (word.has_holes() && word.may_be_option());
        if text == "--" {
            matched.operands.extend(words);
            break;
        }
        if !text.starts_with('-') || text == "-" {
            matched.operands.push(word);
            continue;
        }
        let long = text.starts_with("--") || cli.style == Style::Single;
        if long {
            let dashes = if cli.style == Style::Single && text.starts_with("--") { 1 } else { 0 };
            let end = text.find('=').unwrap_or(text.len());
            let name = whole(cli, &text[dashes..end]).to_owned();
            let mut given = Given { name, value: None, span: word.span() };
            if end < text.len() {
                given.value = Some(word.after(end + 1));
            } else if takes_value(cli, &given.name)
                || (greedy
                    && !is_known(cli, &given.name)
                    && words.peek().is_some_and(|next| !next.text().starts_with('-')))
            {
                given.value = words.next().cloned();
                given.span =
                    given.value.as_ref().map_or(given.span, |value| given.span.with(value.span()));
            }
            matched.options.push(given);
            continue;
        }
        let mut letters = text.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            let mut given = Given { name: format!("-{letter}"), value: None, span: word.span() };
            let rest = at + letter.len_utf8();
            let valued = takes_value(cli, &given.name);
            if valued && rest < text.len() {
                let skip = usize::from(text[rest..].starts_with('='));
                given.value = Some(word.after(rest + skip));
            } else if valued {
                given.value = words.next().cloned();
                given.span =
                    given.value.as_ref().map_or(given.span, |value| given.span.with(value.span()));
            }
            let done = given.value.is_some();
            matched.options.push(given);
            if done {
                break;
            }
        }
    }
    matched
}

/// An option in full that may have been cut short.
fn whole<'n>(cli: &'static Cli, name: &'n str) -> &'n str {
    if !cli.abbreviates || name.len() < 3 || is_known(cli, name) {
        return name;
    }
    let when = cli.rules.iter().flat_map(|rule| rule.when.iter().map(|(option, _)| *option));
    // What makes it worse goes before what makes it harmless.
    let dry = cli.rules.iter().flat_map(|rule| rule.dry.iter().copied());
    let lists = [cli.valued, cli.flags, cli.harmless].into_iter().flatten().copied();
    let mut all = when.chain(lists).chain(dry).filter(|option| !option.contains('='));
    all.find(|option| option.starts_with(name)).unwrap_or(name)
}

fn takes_value(cli: &Cli, name: &str) -> bool {
    cli.valued.contains(&name)
        || cli.places.iter().any(|(place, _)| *place == name)
        || cli
            .rules
            .iter()
            .any(|rule| matches!(rule.named, Named::Option(option) if option == name))
}

fn is_known(cli: &Cli, name: &str) -> bool {
    let same = |option: &&str| option.split('=').next() == Some(name);
    cli.flags.contains(&name)
        || cli.harmless.contains(&name)
        || takes_value(cli, name)
        || cli.rules.iter().any(|rule| {
            rule.dry.iter().any(same) || rule.when.iter().any(|(option, _)| same(option))
        })
}

/// An option that the table does not know and that is followed by a word which may be its value.
fn unknown_option(cli: &Cli, matched: &Matched<'_, '_>) -> Option<Span> {
    let unknown = |given: &&Given| {
        given.value.is_none() && given.name.len() > 2 && !is_known(cli, &given.name)
    };
    matched.options.iter().find(unknown).map(|given| given.span)
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
        let word = operands.get(taken)?;
        let fits = part == "*" || part.split('|').any(|option| word.is(option));
        if !fits {
            return None;
        }
        taken += 1;
    }
    Some(taken)
}
