//! Syntax roles, a stretch of lines at a time.
//!
//! The roles are few and the theme gives each a style, so that sixteen colours are enough. A
//! stretch starts from a fresh state one stretch earlier: jumping to the end of a long file costs
//! no more than reading its start, and a comment longer than that loses its colour, no more.

use super::model::{Kind, Parsed};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Lines that are coloured in one go.
const STRETCH: u32 = 32;

/// Bytes of a line beyond which it stays plain.
const LINE_LIMIT: usize = 400;

/// Stretches that are remembered; several screens.
const REMEMBERED: usize = 256;

/// A file whose stretch takes longer than this stays plain from then on. Unoptimised, the first
/// stretch of a language alone takes half a second, for its regular expressions.
const PATIENCE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 250 });

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Loads the syntax definitions (some ten milliseconds). Call it once, off the drawing task, when
/// the console starts; otherwise the first diff pays for it.
pub fn preload() {
    LazyLock::force(&SYNTAXES);
}

/// What a stretch of code is, as far as colours tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Words of the language.
    Keyword,
    /// Strings and characters.
    String,
    /// Comments.
    Comment,
    /// Numbers and constants of the language.
    Number,
    /// Types, tags and attributes.
    Type,
    /// Functions and macros.
    Function,
}

/// Byte ranges of a line's shown text, in order, with their roles.
pub(super) type Roles = Arc<[(Range<usize>, Role)]>;

/// Scope prefixes (Sublime Text's naming conventions) and what they mean here. The first that
/// fits the innermost scope decides; `None` ends the search with no colour.
const SCOPES: [(&str, Option<Role>); 22] = [
    ("comment", Some(Role::Comment)),
    ("string", Some(Role::String)),
    ("constant.character", Some(Role::String)),
    ("constant.numeric", Some(Role::Number)),
    ("constant.language", Some(Role::Number)),
    ("constant.other", Some(Role::Number)),
    ("keyword.operator.word", Some(Role::Keyword)),
    ("keyword.operator", None),
    ("keyword", Some(Role::Keyword)),
    ("storage", Some(Role::Keyword)),
    ("entity.name.function", Some(Role::Function)),
    ("support.function", Some(Role::Function)),
    ("variable.function", Some(Role::Function)),
    ("support.macro", Some(Role::Function)),
    ("entity.name.tag", Some(Role::Keyword)),
    ("entity.name", Some(Role::Type)),
    ("entity.other", Some(Role::Type)),
    ("support", Some(Role::Type)),
    ("markup.heading", Some(Role::Keyword)),
    ("markup.raw", Some(Role::String)),
    ("variable.language", Some(Role::Keyword)),
    ("meta.interpolation", None),
];

static SCOPE_ROLES: LazyLock<Vec<(Scope, Option<Role>)>> = LazyLock::new(|| {
    SCOPES.iter().filter_map(|(name, role)| Some((Scope::new(name).ok()?, *role))).collect()
});

/// Roles by stretch.
#[derive(Debug, Default)]
pub(super) struct Syntaxes {
    known: HashMap<(u32, u32), Arc<[Roles]>>,
    /// Files that took too long.
    plain: HashSet<u32>,
}

impl Syntaxes {
    /// How many stretches have been read.
    #[cfg(test)]
    pub(super) fn stretches(&self) -> usize {
        self.known.len()
    }

    /// The roles in one line.
    pub(super) fn of(&mut self, parsed: &Parsed, line: usize) -> Option<Roles> {
        let record = parsed.lines.get(line)?;
        let hunk = parsed.hunks.get(record.hunk as usize)?;
        let offset = u32::try_from(line).ok()?.checked_sub(hunk.first)?;
        let (stretch, within) = (offset / STRETCH, offset % STRETCH);
        if let Some(known) = self.known.get(&(record.hunk, stretch)) {
            return known.get(within as usize).cloned();
        }
        if self.plain.contains(&record.file) {
            return None;
        }
        let syntax = syntax_of(&parsed.files.get(record.file as usize)?.raw_path)?;
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let first = hunk.first + stretch * STRETCH;
        let lines = first..(first + STRETCH).min(hunk.end);
        let warm_up = if stretch == 0 { first..first } else { first - STRETCH..first };
        let started = Instant::now();
        let roles = read(parsed, syntax, warm_up, lines, started);
        if started.elapsed() > PATIENCE {
            self.plain.insert(record.file);
        }
        let found = roles.get(within as usize).cloned();
        self.known.insert((record.hunk, stretch), roles);
        found
    }
}

/// A stretch of a script's line and what it is.
pub type Piece = (String, Option<Role>);

/// The lines of a script (of the language with this file extension), in coloured pieces. Nothing
/// of the text is left out; what is too long, or takes too long, stays plain.
pub fn script(text: &str, extension: &str) -> Vec<Vec<Piece>> {
    let started = Instant::now();
    let syntax = SYNTAXES.find_syntax_by_extension(extension);
    let mut side = syntax.map(|it| Side { parse: ParseState::new(it), scopes: ScopeStack::new() });
    text.split('\n')
        .map(|line| {
            let readable = line.len() <= LINE_LIMIT && started.elapsed() <= PATIENCE;
            let roles = match &mut side {
                Some(side) if readable => side.line(line),
                _ => Vec::new(),
            };
            pieces(line, roles)
        })
        .collect()
}

fn pieces(line: &str, roles: Vec<(Range<usize>, Role)>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (range, role) in roles {
        if from < range.start {
            pieces.push((line[from..range.start].to_owned(), None));
        }
        from = range.end;
        pieces.push((line[range].to_owned(), Some(role)));
    }
    if from < line.len() {
        pieces.push((line[from..].to_owned(), None));
    }
    pieces
}

/// The syntax for a path, by its whole name (`Dockerfile`) or its extension.
fn syntax_of(path: &str) -> Option<&'static SyntaxReference> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_name = SYNTAXES.find_syntax_by_extension(name);
    by_name.or_else(|| {
        let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
        SYNTAXES.find_syntax_by_extension(&extension)
    })
}

/// The state of one side of the diff.
#[derive(Clone, PartialEq)]
struct Side {
    parse: ParseState,
    scopes: ScopeStack,
}

/// Reads lines in order, each on the sides it belongs to.
fn read(
    parsed: &Parsed,
    syntax: &SyntaxReference,
    warm_up: Range<u32>,
    lines: Range<u32>,
    started: Instant,
) -> Arc<[Roles]> {
    let fresh = Side { parse: ParseState::new(syntax), scopes: ScopeStack::new() };
    let (mut old, mut new) = (fresh.clone(), fresh);
    let start = lines.start;
    let mut found: Vec<Roles> = Vec::with_capacity(lines.len());
    for at in warm_up.start..lines.end {
        let Some(line) = parsed.lines.get(at as usize) else { break };
        let length = line.end - line.start;
        let in_time = started.elapsed() <= PATIENCE;
        let readable = length as usize <= LINE_LIMIT && !line.continued && in_time;
        let roles = match line.kind {
            _ if !readable => Vec::new(),
            Kind::Removed => old.line(parsed.shown(at as usize).as_str()),
            Kind::Added => new.line(parsed.shown(at as usize).as_str()),
            Kind::Context if old == new => {
                let roles = new.line(parsed.shown(at as usize).as_str());
                old = new.clone();
                roles
            }
            Kind::Context => {
                let text = parsed.shown(at as usize);
                old.line(text.as_str());
                new.line(text.as_str())
            }
            _ => Vec::new(),
        };
        if at >= start {
            found.push(roles.into());
        }
    }
    found.into()
}

impl Side {
    fn line(&mut self, text: &str) -> Vec<(Range<usize>, Role)> {
        let mut text = text.to_owned();
        let length = text.len();
        text.push('\n');
        let Ok(changes) = self.parse.parse_line(&text, &SYNTAXES) else { return Vec::new() };
        let mut roles: Vec<(Range<usize>, Role)> = Vec::new();
        let mut from = 0;
        for (to, change) in changes {
            self.note(&mut roles, from..to.min(length));
            from = to.min(length);
            if self.scopes.apply(&change).is_err() {
                return Vec::new();
            }
        }
        self.note(&mut roles, from..length);
        roles
    }

    fn note(&self, roles: &mut Vec<(Range<usize>, Role)>, range: Range<usize>) {
        let Some(role) = role(&self.scopes).filter(|_| !range.is_empty()) else { return };
        match roles.last_mut() {
            Some((last, same)) if last.end == range.start && *same == role => last.end = range.end,
            _ => roles.push((range, role)),
        }
    }
}

fn role(scopes: &ScopeStack) -> Option<Role> {
    scopes.as_slice().iter().rev().find_map(|scope| {
        SCOPE_ROLES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, role)| *role)
    })?
}
