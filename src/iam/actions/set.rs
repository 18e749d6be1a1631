//! A set of actions, small where few are in it and never larger than 3 KiB.

use super::{ActionId, ActionTable};
use std::{collections::BTreeMap, fmt, ops::Range};

const WORD: usize = 64;
const MASKS: usize = 8;
const WORDS: usize = MASKS * WORD;

/// A set of actions of the table.
///
/// ```text
///   present: one bit a word of 64 actions      words: only those that are not zero
///   [0 1 0 0 1 …]                              [w1, w4, …]
/// ```
///
/// Equal sets are equal bit by bit, so they can be hashed and shared.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct ActionSet {
    present: [u64; MASKS],
    words: Box<[u64]>,
}

impl ActionSet {
    /// How many different actions fit.
    pub const CAPACITY: usize = MASKS * WORD * WORD;

    /// Rows that lie together.
    pub fn from_range(rows: Range<u16>) -> Self {
        let (start, end) = (usize::from(rows.start), usize::from(rows.end).min(Self::CAPACITY));
        let mut builder = Builder::default();
        let mut at = start;
        while at < end {
            let (word, bit) = (at / WORD, at % WORD);
            let count = (WORD - bit).min(end - at);
            let ones = if count == WORD { u64::MAX } else { (1 << count) - 1 };
            builder.push(word, ones << bit);
            at += count;
        }
        builder.finish()
    }

    /// Whether it is in the set.
    pub fn contains(&self, id: ActionId) -> bool {
        let (word, bit) = (usize::from(id.0) / WORD, usize::from(id.0) % WORD);
        let (mask, at) = (word / WORD, word % WORD);
        let Some(&present) = self.present.get(mask) else { return false };
        if present >> at & 1 == 0 {
            return false;
        }
        let before: u32 = self.present.iter().take(mask).map(|mask| mask.count_ones()).sum();
        let rank = before + (present & ((1 << at) - 1)).count_ones();
        self.words.get(rank as usize).is_some_and(|word| word >> bit & 1 == 1)
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many are in it.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a | b)
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let mut builder = Builder::default();
        for (word, a, b) in self.common(other) {
            builder.push(word, a & b);
        }
        builder.finish()
    }

    /// What is in this one only.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & !b)
    }

    /// Whether the two have anything in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.common(other).any(|(_, a, b)| a & b != 0)
    }

    /// Whether everything in this one is in the other.
    pub fn is_within(&self, other: &Self) -> bool {
        self.present.iter().zip(&other.present).all(|(a, b)| a & !b == 0)
            && self.pairs(other).all(|(_, a, b)| a & !b == 0)
    }

    /// In the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = ActionId> + '_ {
        self.indexed().flat_map(|(word, bits)| {
            ones(bits).filter_map(move |bit| u16::try_from(word * WORD + bit).ok().map(ActionId))
        })
    }

    /// Its actions by service prefix, in the order of the table.
    pub fn by_service(&self) -> Vec<(&'static str, Vec<ActionId>)> {
        let table = ActionTable::get();
        let mut services: Vec<(&'static str, Vec<ActionId>)> = Vec::new();
        let mut end = 0;
        for id in self.iter() {
            if id.0 >= end {
                let Some(service) = table.service_of(id) else { break };
                end = service.rows.end;
                services.push((service.prefix, Vec::new()));
            }
            if let Some((_, actions)) = services.last_mut() {
                actions.push(id);
            }
        }
        services
    }

    /// What is in any of them.
    pub fn union_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self {
        let words = spread(sets);
        let mut builder = Builder::default();
        for (at, &bits) in words.iter().enumerate() {
            builder.push(at, bits);
        }
        builder.finish()
    }

    /// How many are in any of them.
    pub fn count_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> usize {
        spread(sets).iter().map(|bits| bits.count_ones() as usize).sum()
    }

    fn combine(&self, other: &Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        let mut builder = Builder::default();
        for (word, a, b) in self.pairs(other) {
            builder.push(word, operation(a, b));
        }
        builder.finish()
    }

    /// Every word that is in either, by its index.
    fn pairs<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (usize, u64, u64)> + 'a {
        let (mut left, mut right) = (self.words.iter(), other.words.iter());
        let masks = self.present.iter().zip(&other.present).enumerate();
        masks.flat_map(|(mask, (&a, &b))| ones(a | b).map(move |at| (mask, at, a, b))).map(
            move |(mask, at, a, b)| {
                let a = if a >> at & 1 == 1 { left.next() } else { None };
                let b = if b >> at & 1 == 1 { right.next() } else { None };
                (mask * WORD + at, a.copied().unwrap_or(0), b.copied().unwrap_or(0))
            },
        )
    }

    /// Every word that is in both, by its index. The masks tell most pairs of sets apart before a
    /// word is looked at.
    fn common<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (usize, u64, u64)> + 'a {
        let masks = self.present.iter().zip(&other.present).enumerate();
        let (mut ours, mut theirs) = (0, 0);
        let ranked = masks.map(move |(mask, (&a, &b))| {
            let before = (ours, theirs);
            ours += a.count_ones() as usize;
            theirs += b.count_ones() as usize;
            (mask, a, b, before)
        });
        ranked.filter(|(_, a, b, _)| a & b != 0).flat_map(move |(mask, a, b, before)| {
            ones(a & b).filter_map(move |at| {
                let below = (1 << at) - 1;
                let one = self.words.get(before.0 + (a & below).count_ones() as usize)?;
                let other = other.words.get(before.1 + (b & below).count_ones() as usize)?;
                Some((mask * WORD + at, *one, *other))
            })
        })
    }

    fn indexed(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let masks = self.present.iter().enumerate();
        masks
            .flat_map(|(mask, &present)| ones(present).map(move |at| mask * WORD + at))
            .zip(self.words.iter().copied())
    }
}

/// Positions of the bits that are set.
fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = bits.trailing_zeros() as usize;
        (bits != 0).then(|| {
            bits &= bits - 1;
            at
        })
    })
}

impl FromIterator<ActionId> for ActionSet {
    fn from_iter<I: IntoIterator<Item = ActionId>>(ids: I) -> Self {
        let mut words: BTreeMap<usize, u64> = BTreeMap::new();
        for id in ids {
            let at = usize::from(id.0);
            if at < Self::CAPACITY {
                *words.entry(at / WORD).or_default() |= 1 << (at % WORD);
            }
        }
        let mut builder = Builder::default();
        for (word, bits) in words {
            builder.push(word, bits);
        }
        builder.finish()
    }
}

impl fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|id| ActionTable::get().name(id))).finish()
    }
}

/// The sets laid over each other.
fn spread<'a>(sets: impl IntoIterator<Item = &'a ActionSet>) -> [u64; WORDS] {
    let mut all = [0; WORDS];
    for set in sets {
        for (at, bits) in set.indexed() {
            if let Some(word) = all.get_mut(at) {
                *word |= bits;
            }
        }
    }
    all
}

/// Takes words in rising order. Lies on the stack, so that a set costs one allocation of its size.
struct Builder {
    present: [u64; MASKS],
    words: [u64; WORDS],
    count: usize,
}

impl Default for Builder {
    fn default() -> Self {
        Self { present: [0; MASKS], words: [0; WORDS], count: 0 }
    }
}

impl Builder {
    fn push(&mut self, word: usize, bits: u64) {
        if bits == 0 {
            return;
        }
        if let (Some(mask), Some(place)) =
            (self.present.get_mut(word / WORD), self.words.get_mut(self.count))
        {
            *mask |= 1 << (word % WORD);
            *place = bits;
            self.count += 1;
        }
    }

    fn finish(&self) -> ActionSet {
        let words = self.words.get(..self.count).unwrap_or_default();
        ActionSet { present: self.present, words: words.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn ids() -> impl Strategy<Value = BTreeSet<u16>> {
        prop::collection::btree_set(0u16..22_013, 0..300)
    }

    fn set(ids: &BTreeSet<u16>) -> ActionSet {
        ids.iter().copied().map(ActionId).collect()
    }

    fn back(set: &ActionSet) -> BTreeSet<u16> {
        set.iter().map(|id| id.0).collect()
    }

    proptest! {
        #[test]
        fn it_behaves_like_a_set(a in ids(), b in ids(), probe in 0u16..23_000) {
            let (left, right) = (set(&a), set(&b));

            prop_assert_eq!(back(&left), a.clone());
            prop_assert_eq!(left.len(), a.len());
            prop_assert_eq!(back(&left.union(&right)), &a | &b);
            prop_assert_eq!(ActionSet::union_of([&left, &right]), left.union(&right));
            prop_assert_eq!(ActionSet::count_of([&left, &right]), (&a | &b).len());
            prop_assert_eq!(back(&left.intersect(&right)), &a & &b);
            prop_assert_eq!(back(&left.subtract(&right)), &a - &b);
            prop_assert_eq!(left.contains(ActionId(probe)), a.contains(&probe));
            prop_assert_eq!(left.meets(&right), !a.is_disjoint(&b));
            prop_assert_eq!(left.is_within(&right), a.is_subset(&b));
            prop_assert!(left.intersect(&right).is_within(&right));
        }

        #[test]
        fn equal_content_is_an_equal_set(a in ids(), b in ids()) {
            let (left, right) = (set(&a), set(&b));

            prop_assert_eq!(left.union(&right).subtract(&right), left.subtract(&right));
        }

        #[test]
        fn a_range_holds_its_rows(start in 0u16..22_013, length in 0u16..2_000) {
            let end = start.saturating_add(length);

            prop_assert_eq!(back(&ActionSet::from_range(start..end)), (start..end).collect());
        }
    }

    #[test]
    fn services_are_told_with_their_actions() {
        let table = ActionTable::get();
        let found: ActionSet = ["s3:GetObject", "iam:PassRole", "s3:PutObject"]
            .iter()
            .filter_map(|n| table.find(n))
            .collect();

        let services = found.by_service();

        let counts: Vec<_> = services.iter().map(|(prefix, ids)| (*prefix, ids.len())).collect();
        assert_eq!(counts, [("iam", 1), ("s3", 2)]);
    }
}
