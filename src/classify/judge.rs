//! Collects what is found, keeps count of the work, and knows where the input acts.
//!
//! ```text
//!   shell ──Call──▶ programs ──effects, opaque parts──▶ Judge ──▶ Assessment
//!     ▲                │  └─ a script, a query, code in a word ─┐
//!     └────────────────┴──────────(Judge::script, sql, code)◀───┘
//! ```
//!
//! Whatever reads an input asks [`Judge::step`] as it goes. When the steps are used up, or things
//! are nested too deep, the rest counts as opaque: a slow reader would be a way round it.

use super::{Call, Data, Language, Setting, Variables, Word, code, programs, shell, sql};
use crate::domain::{
    Assessment, Class, Effect, Environment, Opaque, Place, PlaceKind, Reversibility, Span,
    Untrusted, Verb, Words,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// Steps for one input. A step is about one word, one node or one token.
const STEPS: u32 = 20_000;
/// How deep scripts, queries and wrappers may lie in each other.
const DEEPEST: u32 = 24;
/// Effects of one input that are kept; more than a person can read anyway.
const MOST_EFFECTS: usize = 20_000;

/// Steps for a script that is only tried.
const MOST_TRIED: u32 = 2_000;

/// Files written by one input that are kept.
const MOST_WRITTEN: usize = 256;

/// The name of a file without what does not change which file it is.
fn plain(name: &str) -> &str {
    let mut name = name;
    while let Some(rest) = name.strip_prefix("./") {
        name = rest.trim_start_matches('/');
    }
    name
}

/// A file that the input writes.
struct Written {
    /// What it holds, if that is known.
    text: Option<String>,
    /// Whether that is a secret.
    secret: bool,
    /// How much had been found by then.
    since: usize,
}

/// Collects the effects of one input.
pub struct Judge<'a> {
    setting: &'a Setting<'a>,
    input: &'a str,
    found: Vec<(Effect, bool)>,
    opaque: Vec<Opaque>,
    steps: u32,
    /// Whether it has been said that the steps are used up.
    exhausted: bool,
    depth: u32,
    scope: Option<Environment>,
    output: Data,
    written: BTreeMap<String, Written>,
    /// Variables that hold secrets.
    hidden: BTreeSet<String>,
    folder: Option<Rc<str>>,
    /// Whether what is judged finds the files that lie beside the input.
    is_here: bool,
    /// Whether what the program being judged runs, runs where it does.
    stays: bool,
}

impl<'a> Judge<'a> {
    /// Begins with an input.
    pub(super) fn new(input: &'a str, setting: &'a Setting<'a>) -> Self {
        Self {
            setting,
            input,
            found: Vec::new(),
            opaque: Vec::new(),
            steps: STEPS,
            exhausted: false,
            depth: 0,
            scope: None,
            output: Data::Nothing,
            written: BTreeMap::new(),
            hidden: BTreeSet::new(),
            folder: Some("".into()),
            is_here: true,
            stays: true,
        }
    }

    /// What was found.
    pub(super) fn finish(self) -> Assessment {
        Assessment {
            effects: self.found.into_iter().map(|(effect, _)| effect).collect(),
            opaque: self.opaque,
        }
    }

    /// What is known beside the input.
    pub fn setting(&self) -> &'a Setting<'a> {
        self.setting
    }

    /// The text of a file as the part being judged would find it: as it lies beside the input, or
    /// as an earlier part of the input has written it. To be preferred to [`Files::read`].
    ///
    /// [`Files::read`]: super::Files::read
    pub fn file(&self, name: &str) -> Option<String> {
        let path = self.path(name)?;
        match self.written.get(&path) {
            Some(written) => written.text.clone().filter(|_| !self.is_touched(name, written.since)),
            None if self.written.len() >= MOST_WRITTEN || self.is_touched(name, 0) => None,
            None if !self.is_here => None,
            None => self.setting.files.read(&path),
        }
    }

    /// Whether an earlier part of the input writes this file, or may.
    pub fn is_written(&self, file: &Word) -> bool {
        match file.known() {
            Some(name) => {
                self.path(name).is_none_or(|path| self.written.contains_key(&path))
                    || self.is_touched(name, 0)
            }
            None => !self.written.is_empty(),
        }
    }

    /// Whether something that was found since changes a file of that name.
    fn is_touched(&self, name: &str, since: usize) -> bool {
        let name = name.rsplit('/').next().unwrap_or(name);
        let found = self.found.get(since..).unwrap_or_default();
        found.iter().filter(|(effect, _)| effect.verb != Verb::Read).any(|(effect, _)| {
            let resource = effect.resource.raw();
            let words = self.input.get(effect.evidence.start..effect.evidence.end);
            // Who may run a file is not what it holds.
            if words.is_some_and(|words| words.starts_with("chmod") || words.starts_with("chown")) {
                return false;
            }
            resource.contains(name)
                || effect.service == "files"
                    && resource.split(' ').any(|word| {
                        word.contains('*') || word.ends_with('/') || word == "." || word == ".."
                    })
        })
    }

    /// The input writes this to a file: what it held before is of no account from here on.
    pub fn wrote(&mut self, file: &Word, data: &Data) {
        // Whether it is a secret is looked up in the letters that made it.
        if let Data::Unknown(span) = data {
            let letters = u32::try_from(span.end.saturating_sub(span.start)).unwrap_or(u32::MAX);
            if !self.step(1 + letters / 16, *span) {
                return;
            }
        }
        let text = match data {
            Data::Nothing => Some(String::new()),
            Data::Text(word) => word.known().map(str::to_owned),
            Data::Unknown(_) => None,
        };
        let path = file.known().and_then(|name| self.path(name));
        if let Some(path) = path.filter(|_| self.written.len() < MOST_WRITTEN) {
            let secret = programs::is_secret(data, self);
            self.written.insert(path, Written { text, secret, since: self.found.len() });
        }
    }

    /// Whether an earlier part of the input has written a secret to this file.
    pub fn holds_secret(&self, file: &Word) -> bool {
        let path = file.known().and_then(|name| self.path(name));
        path.and_then(|path| self.written.get(&path)).is_some_and(|written| written.secret)
    }

    /// A variable has this value from here on: whether it is a secret is remembered.
    pub(super) fn keeps(&mut self, variable: &str, value: &Word) {
        if programs::carries_secret(value, self) {
            self.hide(variable);
        } else if !self.hidden.is_empty() {
            self.hidden.remove(variable);
        }
    }

    /// A variable holds a secret from here on.
    pub(super) fn hide(&mut self, variable: &str) {
        self.hidden.insert(variable.to_owned());
    }

    /// Whether a variable holds a secret.
    pub fn hides(&self, variable: &str) -> bool {
        self.hidden.contains(variable)
    }

    /// Whether something was found that a reviewer would be asked about.
    pub fn is_stopped(&self) -> bool {
        let lost = |effect: &Effect| matches!(effect.reversible, Reversibility::Irreversible(_));
        !self.opaque.is_empty() || self.found().any(lost)
    }

    /// What has been found so far.
    pub fn found(&self) -> impl Iterator<Item = &Effect> {
        self.found.iter().map(|(effect, _)| effect)
    }

    /// The folder in which the part being judged runs, from where the input began, with a slash
    /// at its end; nothing if that is not known.
    pub(super) fn folder(&self) -> Option<Rc<str>> {
        self.folder.clone()
    }

    /// What is judged from here on runs in this folder.
    pub(super) fn enter(&mut self, folder: Option<Rc<str>>) {
        self.folder = folder;
    }

    /// A file's name from where the input began.
    fn path(&self, name: &str) -> Option<String> {
        if name.starts_with('/') {
            return Some(name.to_owned());
        }
        let folder = self.folder.as_deref()?;
        let path = format!("{folder}{}", plain(name));
        Some(plain(&path).to_owned())
    }

    /// A name under which the text can be read as a file: what `<(…)` stands for.
    pub(super) fn pipe(&mut self, data: &Data) -> String {
        let name = format!("/dev/fd/{}", 63 + self.written.len());
        self.wrote(&Word::made(name.clone(), Span::default()), data);
        name
    }

    /// Takes `steps` from what is left. When nothing is left, the part at `span` is opaque, and
    /// the caller must stop.
    #[must_use]
    pub fn step(&mut self, steps: u32, span: Span) -> bool {
        if self.steps >= steps {
            self.steps -= steps;
            return true;
        }
        self.steps = 0;
        if !std::mem::replace(&mut self.exhausted, true) {
            self.opaque(span, "it is longer or more nested than is read");
        }
        false
    }

    /// Adds an effect. `resource` is what the input names, empty when it names nothing.
    pub fn effect(
        &mut self,
        verb: Verb,
        service: impl Into<Words>,
        resource: impl Into<String>,
        evidence: Span,
        reversible: Reversibility,
    ) {
        if self.found.len() == MOST_EFFECTS {
            self.opaque(evidence, "it does more things than are kept");
            return;
        }
        let effect = Effect {
            verb,
            service: service.into(),
            resource: Untrusted::new(resource),
            environment: self.scope.unwrap_or(self.setting.environment),
            reversible,
            evidence,
        };
        self.found.push((effect, self.scope.is_some()));
    }

    /// Something is looked at.
    pub fn reads(&mut self, service: impl Into<Words>, resource: impl Into<String>, at: Span) {
        self.effect(Verb::Read, service, resource, at, Reversibility::Unchanged);
    }

    /// Something changes, and `back` says how to turn it back.
    pub fn changes(
        &mut self,
        verb: Verb,
        service: impl Into<Words>,
        resource: impl Into<String>,
        at: Span,
        back: impl Into<Words>,
    ) {
        self.effect(verb, service, resource, at, Reversibility::Reversible(back.into()));
    }

    /// Something is lost or let out for good, and `lost` says what.
    pub fn destroys(
        &mut self,
        verb: Verb,
        service: impl Into<Words>,
        resource: impl Into<String>,
        at: Span,
        lost: impl Into<Words>,
    ) {
        self.effect(verb, service, resource, at, Reversibility::Irreversible(lost.into()));
    }

    /// A part of the input cannot be read.
    pub fn opaque(&mut self, evidence: Span, because: impl Into<Words>) {
        let found = Opaque { evidence, because: because.into() };
        if self.opaque.len() < MOST_EFFECTS && self.opaque.last() != Some(&found) {
            self.opaque.push(found);
        }
    }

    /// Does something of which only what can be read counts: a command inside of an image whose
    /// code nobody knows anyway. That the steps are used up is still said.
    pub fn overlooking(&mut self, work: impl FnOnce(&mut Self)) {
        let before = self.opaque.len();
        let had_steps = self.steps > 0;
        work(self);
        if self.steps > 0 || !had_steps {
            self.opaque.truncate(before);
        }
    }

    /// How a word is named in an effect: its value, or its letters in the input when part of the
    /// value is unknown.
    pub fn name(&self, word: &Word) -> String {
        if let Some(known) = word.known() {
            return known.to_owned();
        }
        let span = word.span();
        self.input.get(span.start..span.end).unwrap_or("?").to_owned()
    }

    /// Whether a word of unknown value calls itself options in the input: `$ARGS`, `"$@"`.
    pub fn speaks_of_options(&self, word: &Word) -> bool {
        if !word.has_holes() {
            return false;
        }
        let letters = self.name(word).to_ascii_lowercase();
        ["arg", "opt", "flag", "extra", "param", "$@", "$*", "${@", "${*"]
            .iter()
            .any(|hint| letters.contains(hint))
    }

    /// Whether something found in this part of the input shows a secret or lets data out: what
    /// comes from there must not go anywhere.
    pub fn reveals(&self, span: Span) -> bool {
        self.found.iter().any(|(effect, _)| {
            effect.verb == Verb::Reveal
                && span.start <= effect.evidence.start
                && effect.evidence.end <= span.end
        })
    }

    /// The call being judged acts at this place.
    pub fn place(&mut self, kind: PlaceKind, word: &Word) {
        let environment = match word.known() {
            Some(name) => self.setting.places.environment(&Place { kind, name: name.into() }),
            None => Environment::Unknown,
        };
        self.at(environment);
    }

    /// The call being judged acts in this environment. Of several the most dangerous counts.
    pub fn at(&mut self, environment: Environment) {
        self.scope = Some(self.scope.map_or(environment, |known| known.min(environment)));
    }

    /// The environment named by the call being judged, if it names one.
    pub fn environment(&self) -> Option<Environment> {
        self.scope
    }

    /// Does something whose effects have places of their own. What names no place itself has the
    /// place that the surroundings name (`ssh HOST COMMAND`), also when they name it later.
    pub fn scoped(&mut self, work: impl FnOnce(&mut Self)) {
        let outer = self.scope.take();
        let from = self.found.len();
        work(self);
        let inner = self.scope.take();
        if let Some(environment) = inner.or(outer) {
            for (effect, settled) in &mut self.found[from..] {
                if !*settled {
                    effect.environment = environment;
                    *settled = inner.is_some();
                }
            }
        }
        self.scope = outer;
    }

    /// Goes one level deeper, or says that it is too deep.
    fn deeper(&mut self, span: Span, work: impl FnOnce(&mut Self)) {
        if self.depth == DEEPEST {
            self.opaque(span, "it is nested deeper than is read");
            return;
        }
        if !self.step(1, span) {
            return;
        }
        self.depth += 1;
        work(self);
        self.depth -= 1;
    }

    /// Judges a program with its arguments, and gives what it prints.
    pub fn call(&mut self, call: &Call<'_>) -> Data {
        self.output = Data::Unknown(call.span());
        let stays = programs::stays(call);
        self.inside(stays, |judge| {
            judge.deeper(call.span(), |judge| judge.scoped(|judge| programs::judge(call, judge)));
        });
        std::mem::replace(&mut self.output, Data::Unknown(call.span()))
    }

    /// Judges what the program being judged runs, which is not here if that is not sure; what it
    /// runs itself stays where it is, or does not.
    fn inside(&mut self, stays: bool, work: impl FnOnce(&mut Self)) {
        let before = (self.is_here, self.stays);
        self.is_here &= self.stays;
        self.stays = stays;
        work(self);
        (self.is_here, self.stays) = before;
    }

    /// Whether a script destroys something when a shell runs it. Nothing is added to what was
    /// found; the work counts.
    pub fn harms(&mut self, script: &str) -> bool {
        let mut trial = Judge::new(script, self.setting);
        trial.steps = self.steps.min(MOST_TRIED);
        trial.depth = (self.depth + 8).min(DEEPEST);
        let before = trial.steps;
        let word = Word::exact(script, 0);
        trial.script(&word, &Variables::default(), &Data::Nothing);
        self.steps -= before - trial.steps;
        // What is too long to be tried may hold anything.
        trial.exhausted || trial.finish().class() == Class::Destructive
    }

    /// The call being judged prints this. Without it nobody knows what it prints.
    pub fn prints(&mut self, data: Data) {
        self.output = data;
    }

    /// Judges a shell script, and gives what it prints.
    pub fn script(&mut self, script: &Word, variables: &Variables, stdin: &Data) -> Data {
        self.output = Data::Unknown(script.span());
        self.inside(true, |judge| {
            judge.deeper(script.span(), |judge| {
                let printed = shell::script(script, variables, stdin, judge);
                judge.output = printed;
            });
        });
        std::mem::replace(&mut self.output, Data::Unknown(script.span()))
    }

    /// Judges SQL, with one or several statements.
    pub fn sql(&mut self, query: &Word, dialect: sql::Dialect, service: &'static str) {
        self.deeper(query.span(), |judge| sql::query(query, dialect, service, judge));
    }

    /// Judges several texts of SQL given to one session: a transaction may begin in one of them and
    /// be rolled back in another.
    pub fn sql_session(&mut self, pieces: &[Word], dialect: sql::Dialect, service: &'static str) {
        let Some(first) = pieces.first() else { return };
        self.deeper(first.span(), |judge| sql::queries(pieces, dialect, service, judge));
    }

    /// Judges a program text given on the command line (`python -c`, `node -e`).
    pub fn code(&mut self, language: Language, text: &Word, call: &Call<'_>) {
        self.deeper(text.span(), |judge| code::text(language, text, call, judge));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_are_used_up_to_the_last_one_are_said_to_be() {
        let setting = Setting::default();
        let mut judge = Judge::new("x", &setting);
        let span = Span::new(0, 1);
        assert!(judge.step(STEPS, span));
        assert!(!judge.step(1, span) && !judge.step(1, span));
        assert_eq!(judge.finish().opaque.len(), 1);
    }
}
