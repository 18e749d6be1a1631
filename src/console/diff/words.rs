//! Which words changed between a removed line and the added one that takes its place.

use similar::{ChangeTag, TextDiff};
use std::{collections::HashMap, ops::Range, sync::Arc};
use unicode_segmentation::UnicodeSegmentation;

/// Characters of a line beyond which only the whole line is coloured.
const LINE_LIMIT: usize = 2_000;

/// Words of one line times words of the other: the most a comparison may cost.
const COST_LIMIT: usize = 100_000;

/// Pairs that are remembered; more than a screen shows.
const REMEMBERED: usize = 1_024;

/// How much two lines must have in common for word colours to help more than they disturb.
const LIKENESS: f32 = 0.4;

/// Byte ranges of the shown text that changed, in order.
pub(super) type Ranges = Arc<[Range<usize>]>;

/// Changed words by pair.
#[derive(Debug, Default)]
pub(super) struct Words {
    known: HashMap<(usize, usize), (Ranges, Ranges)>,
}

impl Words {
    /// What changed in the old and in the new line of a pair.
    pub(super) fn of(
        &mut self,
        pair: (usize, usize),
        shown: impl FnOnce() -> (String, String),
    ) -> (Ranges, Ranges) {
        if let Some(known) = self.known.get(&pair) {
            return known.clone();
        }
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let (old, new) = shown();
        let (old, new) = changed(&old, &new);
        let ranges: (Ranges, Ranges) = (old.into(), new.into());
        self.known.insert(pair, ranges.clone());
        ranges
    }
}

/// The changed words of both lines; none where they have little in common or would cost much.
pub(super) fn changed(old: &str, new: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let none = (Vec::new(), Vec::new());
    if old.chars().nth(LINE_LIMIT).is_some() || new.chars().nth(LINE_LIMIT).is_some() {
        return none;
    }
    let words = |text: &str| text.split_word_bounds().count();
    if words(old).saturating_mul(words(new)) > COST_LIMIT {
        return none;
    }
    let diff = TextDiff::from_unicode_words(old, new);
    let mut ranges = none;
    let (mut at_old, mut at_new, mut same) = (0, 0, 0);
    for change in diff.iter_all_changes() {
        let length = change.value().len();
        match change.tag() {
            ChangeTag::Equal => {
                at_old += length;
                at_new += length;
                same += change.value().trim().len();
            }
            ChangeTag::Delete => extend(&mut ranges.0, &mut at_old, length),
            ChangeTag::Insert => extend(&mut ranges.1, &mut at_new, length),
        }
    }
    // Blanks are in every line and make none alike.
    let weight = |text: &str| text.split_whitespace().map(str::len).sum::<usize>();
    let all = weight(old) + weight(new);
    #[expect(clippy::cast_precision_loss, reason = "both are below a few thousand")]
    let likeness = if all == 0 { 0.0 } else { 2.0 * same as f32 / all as f32 };
    if likeness < LIKENESS { (Vec::new(), Vec::new()) } else { ranges }
}

/// Adds a changed stretch, joining it to one that ends where it begins.
fn extend(ranges: &mut Vec<Range<usize>>, at: &mut usize, length: usize) {
    let (start, end) = (*at, *at + length);
    match ranges.last_mut() {
        Some(last) if last.end == start => last.end = end,
        _ => ranges.push(start..end),
    }
    *at = end;
}

#[cfg(test)]
mod tests {
    use super::changed;

    fn words<'a>(text: &'a str, ranges: &[std::ops::Range<usize>]) -> Vec<&'a str> {
        ranges.iter().map(|r| &text[r.clone()]).collect()
    }

    #[test]
    fn only_the_words_that_changed_are_told() {
        let (old, new) = ("desired_count = 2 # prod", "desired_count = 20 # prod");
        let (was, is) = changed(old, new);
        assert_eq!((words(old, &was), words(new, &is)), (vec!["2"], vec!["20"]));
    }

    #[test]
    fn a_line_that_only_grew_has_nothing_removed() {
        let (old, new) = ("allow = [\"a\"]", "allow = [\"a\", \"*\"]");
        let (was, is) = changed(old, new);
        assert!(was.is_empty());
        assert_eq!(words(new, &is).concat(), ", \"*\"");
    }

    #[test]
    fn lines_with_little_in_common_are_left_whole() {
        assert!(changed("let total = sum(items);", "return Err(Broken);").0.is_empty());
    }

    #[test]
    fn very_long_lines_are_left_whole() {
        let long = "word ".repeat(500);
        assert!(changed(&long, &format!("{long}x")).1.is_empty());
    }
}
