//! Comparing patterns as sets of texts: is one within the other, do they meet.

use super::units::{ANY, ANY_IN_SEGMENT, ONE, ONE_IN_SEGMENT, is_wildcard};
use std::collections::HashSet;

/// Products larger than this are not walked.
const MAX_CELLS: usize = 4_000_000;
/// More sets of positions than this are not looked at.
const MAX_STATES: usize = 1_024;

/// A position of a pattern: a character, or a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Symbol {
    Char(char),
    One,
    OneInSegment,
    Any,
    AnyInSegment,
}

impl Symbol {
    fn is_star(self) -> bool {
        matches!(self, Self::Any | Self::AnyInSegment)
    }

    /// Whether it can take this character; a star, whether it can take it among others.
    fn takes(self, character: char) -> bool {
        match self {
            Self::Char(own) => own == character,
            Self::One | Self::Any => true,
            Self::OneInSegment | Self::AnyInSegment => character != ':',
        }
    }

    /// Whether some character suits both.
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Char(own), _) => other.takes(own),
            (_, Self::Char(own)) => self.takes(own),
            _ => true,
        }
    }
}

fn symbols(units: &[u8]) -> Vec<Symbol> {
    let mut all = Vec::with_capacity(units.len());
    for chunk in units.chunk_by(|a, b| *a < ONE_IN_SEGMENT && *b < ONE_IN_SEGMENT) {
        match chunk[0] {
            ANY => all.push(Symbol::Any),
            ONE => all.push(Symbol::One),
            ANY_IN_SEGMENT => all.push(Symbol::AnyInSegment),
            ONE_IN_SEGMENT => all.push(Symbol::OneInSegment),
            _ => all.extend(String::from_utf8_lossy(chunk).chars().map(Symbol::Char)),
        }
    }
    // Stars next to each other mean what the wider of them means.
    all.dedup_by(|later, earlier| {
        let is_pair = later.is_star() && earlier.is_star();
        if is_pair && *later == Symbol::Any {
            *earlier = Symbol::Any;
        }
        is_pair
    });
    all
}

/// Bytes before the first wildcard, and after the last one.
fn fixed_ends(units: &[u8]) -> (&[u8], &[u8]) {
    let head = units.iter().position(|&unit| is_wildcard(unit)).unwrap_or(units.len());
    let tail = units.iter().rposition(|&unit| is_wildcard(unit)).map_or(0, |at| at + 1);
    (&units[..head], &units[tail..])
}

/// What stands at the ends of two patterns is enough to keep them apart.
fn ends_differ(left: &[u8], right: &[u8]) -> bool {
    let ((left_head, left_tail), (right_head, right_tail)) = (fixed_ends(left), fixed_ends(right));
    let (heads, tails) =
        (left_head.iter().zip(right_head), left_tail.iter().rev().zip(right_tail.iter().rev()));
    heads.chain(tails).any(|(left, right)| left != right)
}

/// Whether some text matches both: a walk over pairs of positions.
pub(super) fn overlap(left: &[u8], right: &[u8]) -> bool {
    if ends_differ(left, right) {
        return false;
    }
    let (left, right) = (symbols(left), symbols(right));
    if (left.len() + 1).saturating_mul(right.len() + 1) > MAX_CELLS {
        return true;
    }
    // `reach[r]`: the left pattern up to here and the right one up to `r` have a text in common.
    let mut reach = vec![false; right.len() + 1];
    let mut next = vec![false; right.len() + 1];
    reach[0] = true;
    for l in 0..=left.len() {
        let ours = left.get(l).copied();
        next.fill(false);
        for r in 0..=right.len() {
            if !reach[r] {
                continue;
            }
            let theirs = right.get(r).copied();
            if theirs.is_some_and(Symbol::is_star) {
                reach[r + 1] = true;
            }
            if ours.is_some_and(Symbol::is_star) {
                next[r] = true;
            }
            if let (Some(ours), Some(theirs)) = (ours, theirs)
                && ours.meets(theirs)
            {
                match (ours.is_star(), theirs.is_star()) {
                    (false, false) => next[r + 1] = true,
                    (true, false) => reach[r + 1] = true,
                    (false, true) => next[r] = true,
                    (true, true) => {}
                }
            }
        }
        if l < left.len() {
            std::mem::swap(&mut reach, &mut next);
        }
    }
    reach[right.len()]
}

/// Whether every text the inner pattern matches is matched by the outer one: the outer pattern's
/// possible positions are followed along everything the inner one can say.
pub(super) fn contains(outer: &[u8], inner: &[u8]) -> bool {
    if outer == inner {
        return true;
    }
    // What is fixed at an end of the outer pattern must be fixed in the inner one.
    let (head, tail) = fixed_ends(outer);
    if !inner.starts_with(head) || !inner.ends_with(tail) {
        return false;
    }
    // Then a single star between the ends takes whatever is there.
    if matches!(outer, [ANY, ..] | [.., ANY]) && head.len() + tail.len() + 1 == outer.len() {
        return true;
    }
    let (outer, inner) = (symbols(outer), symbols(inner));
    if (outer.len() + 1).saturating_mul(inner.len() + 1) > MAX_CELLS {
        return false;
    }
    let alphabet = alphabet(&outer, &inner);
    let start = Positions::start(&outer);
    let mut seen: HashSet<(usize, Positions)> = HashSet::new();
    let mut open = vec![(0, start)];
    while let Some((at, positions)) = open.pop() {
        if seen.len() > MAX_STATES {
            return false;
        }
        if !seen.insert((at, positions.clone())) {
            continue;
        }
        let Some(&symbol) = inner.get(at) else {
            if !positions.has(outer.len()) {
                return false;
            }
            continue;
        };
        if symbol.is_star() {
            open.push((at + 1, positions.clone()));
        }
        let next = if symbol.is_star() { at } else { at + 1 };
        for &character in alphabet.iter().filter(|&&character| symbol.takes(character)) {
            let after = positions.step(&outer, character);
            if after.is_empty() {
                // Some text goes on from here, and the outer pattern cannot follow.
                return false;
            }
            open.push((next, after));
        }
    }
    true
}

/// The characters both patterns name, the colon, and one that neither does.
fn alphabet(outer: &[Symbol], inner: &[Symbol]) -> Vec<char> {
    let mut all: Vec<char> = outer
        .iter()
        .chain(inner)
        .filter_map(|symbol| match symbol {
            Symbol::Char(own) => Some(*own),
            _ => None,
        })
        .chain([':'])
        .collect();
    all.sort_unstable();
    all.dedup();
    let other = ('\u{E000}'..='\u{F8FF}').find(|character| !all.contains(character));
    all.extend(other);
    all
}

/// A set of positions of a pattern, one bit each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Positions(Vec<u64>);

impl Positions {
    fn none(pattern: &[Symbol]) -> Self {
        Self(vec![0; pattern.len() / 64 + 1])
    }

    fn start(pattern: &[Symbol]) -> Self {
        let mut positions = Self::none(pattern);
        positions.add(pattern, 0);
        positions
    }

    /// Adds a position, and those that are there as well because stars may be empty.
    fn add(&mut self, pattern: &[Symbol], mut at: usize) {
        loop {
            self.0[at / 64] |= 1 << (at % 64);
            if !pattern.get(at).is_some_and(|symbol| symbol.is_star()) {
                return;
            }
            at += 1;
        }
    }

    fn has(&self, at: usize) -> bool {
        self.0[at / 64] & (1 << (at % 64)) != 0
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|&bits| bits == 0)
    }

    fn step(&self, pattern: &[Symbol], character: char) -> Self {
        let mut next = Self::none(pattern);
        for (at, symbol) in pattern.iter().enumerate() {
            if self.has(at) && symbol.takes(character) {
                next.add(pattern, if symbol.is_star() { at } else { at + 1 });
            }
        }
        next
    }
}
