//! Everything of one kind in an account, sorted by ARN, so that a pattern's matches lie together.
//!
//! ```text
//!   pattern arn:aws:iam::1:role/app-*   ── its plain beginning ──▶ a range of the roster
//!                                       ── the rule itself ──────▶ which of these
//! ```

use super::{bits::Pair, facts::Facts};
use crate::iam::{Resources, Rule, Truth};

/// Things that can be acted upon, by position.
#[derive(Debug, Default)]
pub(super) struct Roster<'w> {
    /// ARN and index into the world's list, sorted by ARN.
    entries: Vec<(&'w str, u32)>,
}

impl<'w> Roster<'w> {
    /// Sorts these.
    pub(super) fn new(mut entries: Vec<(&'w str, u32)>) -> Self {
        entries.sort_unstable();
        Self { entries }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Index into the world's list.
    pub(super) fn id(&self, at: usize) -> Option<u32> {
        self.entries.get(at).map(|(_, id)| *id)
    }

    pub(super) fn arn(&self, at: usize) -> &'w str {
        self.entries.get(at).map_or("", |(arn, _)| arn)
    }

    /// Index into the world's list, by position.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.entries.iter().map(|(_, id)| *id)
    }

    /// Where this ARN is.
    pub(super) fn find(&self, arn: &str) -> Option<usize> {
        self.entries.binary_search_by(|(own, _)| (*own).cmp(arn)).ok()
    }

    /// Where ARNs begin with this.
    fn range(&self, stem: &str) -> std::ops::Range<usize> {
        let from = self.entries.partition_point(|(arn, _)| *arn < stem);
        let rest = self.entries.get(from..).unwrap_or_default();
        from..from + rest.partition_point(|(arn, _)| arn.starts_with(stem))
    }

    /// Which of these a rule speaks of.
    pub(super) fn covered(&self, rule: &Rule, facts: &Facts<'_>) -> Pair {
        let mut pair = Pair::none(self.len());
        let Some(Resources::Only(patterns)) = &rule.statement().resources else {
            for (at, (arn, _)) in self.entries.iter().enumerate() {
                pair.insert(at, rule.covers_resource(arn, facts));
            }
            return pair;
        };
        for pattern in patterns {
            if &**pattern == "*" {
                return Pair::all(self.len(), Truth::Yes);
            }
            let plain = pattern.find(['*', '?', '$']).unwrap_or(pattern.len());
            let (stem, rest) = pattern.split_at(plain);
            // Names and paths hold no colon, so a last star behind the fifth covers the range.
            let is_whole = rest == "*" && stem.bytes().filter(|byte| *byte == b':').count() >= 5;
            for at in self.range(stem) {
                let truth =
                    if is_whole { Truth::Yes } else { rule.covers_resource(self.arn(at), facts) };
                pair.insert(at, truth);
            }
        }
        pair
    }
}

#[cfg(test)]
mod tests {
    use super::Roster;

    #[test]
    fn what_begins_alike_lies_together() {
        let roster = Roster::new(vec![("b/2", 0), ("a/1", 1), ("b/1", 2), ("c", 3)]);
        assert_eq!(roster.range("b/"), 1..3);
        assert_eq!(roster.range(""), 0..4);
        assert_eq!(roster.range("bb"), 3..3);
        assert_eq!((roster.arn(1), roster.id(1)), ("b/1", Some(2)));
    }
}
