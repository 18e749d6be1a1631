//! Sets over a roster, and sets whose membership has three values.

use crate::iam::Truth;
use std::hash::{Hash, Hasher};

/// A set of positions on a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Box<[u64]>,
}

/// Folded to one word first: sets are hashed far more often than they are found equal.
impl Hash for Bits {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let fold = |sum: u64, word: &u64| (sum.rotate_left(5) ^ word).wrapping_mul(FOLD);
        state.write_u64(self.words.iter().fold(0, fold));
    }
}

/// Odd, with bits all over (the fraction of the golden ratio).
const FOLD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Bits {
    /// The empty set over a roster of this length.
    pub(super) fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)].into() }
    }

    /// Everybody on a roster of this length.
    pub(super) fn all(len: usize) -> Self {
        let mut bits = Self { words: vec![u64::MAX; len.div_ceil(64)].into() };
        if let (Some(last), over) = (bits.words.last_mut(), len % 64)
            && over != 0
        {
            *last = (1 << over) - 1;
        }
        bits
    }

    pub(super) fn insert(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    pub(super) fn remove(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word &= !(1 << (at % 64));
        }
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.merge(other, |a, b| a | b);
    }

    pub(super) fn keep(&mut self, other: &Self) {
        self.merge(other, |a, b| a & b);
    }

    pub(super) fn take(&mut self, other: &Self) {
        self.merge(other, |a, b| a & !b);
    }

    fn merge(&mut self, other: &Self, by: impl Fn(u64, u64) -> u64) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine = by(*mine, *theirs);
        }
    }

    /// The positions, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    /// Whether the two have somebody in common.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// The first in all three but this one.
    pub(super) fn first_common(&self, b: &Self, c: &Self, but: usize) -> Option<usize> {
        let words = self.words.iter().zip(&b.words).zip(&c.words).enumerate();
        words.map(|(index, ((a, b), c))| (index, a & b & c)).find_map(|(index, word)| {
            let word = if but / 64 == index { word & !(1 << (but % 64)) } else { word };
            (word != 0).then(|| index * 64 + word.trailing_zeros() as usize)
        })
    }
}

/// A set whose members belong to it surely, or maybe. `yes` lies within `may`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Pair {
    /// Surely.
    pub(super) yes: Bits,
    /// Surely or maybe.
    pub(super) may: Bits,
}

impl Pair {
    pub(super) fn none(len: usize) -> Self {
        Self { yes: Bits::none(len), may: Bits::none(len) }
    }

    /// Everybody, as surely as this.
    pub(super) fn all(len: usize, truth: Truth) -> Self {
        let side = |holds| if holds { Bits::all(len) } else { Bits::none(len) };
        Self { yes: side(truth == Truth::Yes), may: side(truth.is_possible()) }
    }

    pub(super) fn of(&self, at: usize) -> Truth {
        if self.yes.has(at) {
            Truth::Yes
        } else if self.may.has(at) {
            Truth::Depends
        } else {
            Truth::No
        }
    }

    /// Adds a member, as surely as this; never makes it less sure.
    pub(super) fn insert(&mut self, at: usize, truth: Truth) {
        if truth.is_possible() {
            self.may.insert(at);
        }
        if truth == Truth::Yes {
            self.yes.insert(at);
        }
    }

    pub(super) fn remove(&mut self, at: usize) {
        self.yes.remove(at);
        self.may.remove(at);
    }

    /// Whether nobody may belong to it.
    pub(super) fn is_empty(&self) -> bool {
        self.may.is_empty()
    }

    /// This or the other.
    pub(super) fn add(&mut self, other: &Self) {
        self.yes.add(&other.yes);
        self.may.add(&other.may);
    }

    /// This and the other.
    pub(super) fn keep(&mut self, other: &Self) {
        self.yes.keep(&other.yes);
        self.may.keep(&other.may);
    }

    /// This and not the other.
    pub(super) fn take(&mut self, other: &Self) {
        self.yes.take(&other.may);
        self.may.take(&other.yes);
    }

    /// How surely anybody of these belongs to it.
    pub(super) fn best_within(&self, mask: &Bits) -> Truth {
        if self.yes.meets(mask) {
            Truth::Yes
        } else if self.may.meets(mask) {
            Truth::Depends
        } else {
            Truth::No
        }
    }

    /// Whoever is in `mask` stays only as surely as in the other.
    pub(super) fn restrict(&mut self, mask: &Bits, other: &Self) {
        let keep = |mine: &mut Bits, theirs: &Bits| {
            for ((mine, mask), theirs) in mine.words.iter_mut().zip(&mask.words).zip(&theirs.words)
            {
                *mine &= theirs | !mask;
            }
        };
        keep(&mut self.yes, &other.yes);
        keep(&mut self.may, &other.may);
    }

    /// Nobody belongs to it more surely than this.
    pub(super) fn cap(&mut self, truth: Truth) {
        match truth {
            Truth::Yes => {}
            Truth::Depends => self.yes.words.fill(0),
            Truth::No => {
                self.yes.words.fill(0);
                self.may.words.fill(0);
            }
        }
    }

    /// Adds another, each member no more surely than this.
    pub(super) fn add_capped(&mut self, other: &Self, truth: Truth) {
        if truth == Truth::Yes {
            self.yes.add(&other.yes);
        }
        if truth.is_possible() {
            self.may.add(&other.may);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pair;
    use crate::iam::Truth;

    const TRUTHS: [Truth; 3] = [Truth::No, Truth::Depends, Truth::Yes];

    /// Every pair of truths once, at its own position.
    fn both() -> (Pair, Pair, Vec<(Truth, Truth)>) {
        let cases: Vec<_> = TRUTHS.iter().flat_map(|a| TRUTHS.map(|b| (*a, b))).collect();
        let (mut left, mut right) = (Pair::none(cases.len()), Pair::none(cases.len()));
        for (at, (a, b)) in cases.iter().enumerate() {
            left.insert(at, *a);
            right.insert(at, *b);
        }
        (left, right, cases)
    }

    #[test]
    fn sets_follow_the_logic_of_single_truths() {
        let (left, right, cases) = both();
        let run = |by: fn(&mut Pair, &Pair)| {
            let mut set = left.clone();
            by(&mut set, &right);
            set
        };
        let (and, or, but) = (run(Pair::keep), run(Pair::add), run(Pair::take));
        for (at, (a, b)) in cases.into_iter().enumerate() {
            assert_eq!(and.of(at), a.and(b), "{a:?} and {b:?}");
            assert_eq!(or.of(at), a.or(b), "{a:?} or {b:?}");
            assert_eq!(but.of(at), a.and(b.negate()), "{a:?} and not {b:?}");
        }
    }

    #[test]
    fn everybody_is_nobody_beyond_the_end() {
        let all = Pair::all(70, Truth::Yes);
        assert_eq!(all.yes.iter().count(), 70);
        assert!(Pair::all(70, Truth::Depends).yes.is_empty());
    }
}
