//! Whether an action is allowed on *some* resource the caller may name, and what that may be
//! called.
//!
//! ```text
//!   template arn:aws:lambda:*:1:function:*
//!     ── identity allows …:function:team-*  ──▶ …:1:function:team-*
//!     ── boundary allows arn:aws:lambda:eu-*:* ──▶ arn:aws:lambda:eu-*:1:function:team-*
//!     ── a deny that covers all of it ──▶ gone
//! ```
//!
//! What is left is a pattern every instance of which is allowed. A pattern stands for its
//! instances: a rule covers all of them if it matches the pattern's own text.

use super::{
    facts::Facts,
    power::{Layer, Stack},
    readings::Read,
};
use crate::iam::{Context, Glob, Resources, Truth};

/// Patterns kept in mind for one action; the surest are found among far fewer. Beyond, the answer
/// depends on the others.
const MAX_CANDIDATES: usize = 64;

/// A pattern of names, and how surely all its instances are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// `*` where the action knows no resource.
    pub(super) text: Box<str>,
    pub(super) truth: Truth,
    /// It stands for patterns that were too many to be kept.
    pub(super) is_cut: bool,
}

impl Candidate {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.into(), truth: Truth::Yes, is_cut: false }
    }

    fn cut(&self) -> Self {
        let truth = self.truth.and(Truth::Depends);
        Self { text: self.text.clone(), truth, is_cut: true }
    }
}

/// How that is told.
pub(super) fn what_was_cut() -> String {
    format!("one of its patterns of names beyond the first {MAX_CANDIDATES} allows it")
}

/// How surely one of these is allowed.
pub(super) fn surest(candidates: &[Candidate]) -> Truth {
    candidates.iter().map(|candidate| candidate.truth).max().unwrap_or_default()
}

impl Stack<'_> {
    /// What is left of these patterns when the action is asked for.
    pub(super) fn narrow(
        &self,
        action: u16,
        candidates: &[Candidate],
        facts: &Facts<'_>,
    ) -> Vec<Candidate> {
        let mut left = candidates.to_vec();
        if self.is_free(action) {
            return left;
        }
        for layer in self.layers() {
            left = through(layer, action, &left, facts);
            if left.is_empty() {
                return left;
            }
        }
        if self.has_unread() {
            for candidate in &mut left {
                candidate.truth = candidate.truth.and(Truth::Depends);
            }
        }
        for deny in self.denies(action) {
            let holds = conditions(deny, facts);
            if holds == Truth::No {
                continue;
            }
            for candidate in &mut left {
                let covers = deny.rule.covers_resource(&candidate.text, facts);
                candidate.truth = candidate.truth.and(covers.and(holds).negate());
            }
        }
        left.retain(|candidate| candidate.truth.is_possible());
        left
    }

    /// Whether every layer allows the action on all that the pattern stands for.
    pub(super) fn covers(&self, action: u16, pattern: &str, facts: &dyn Context) -> Truth {
        let mut truth = Truth::Yes;
        for layer in self.layers() {
            let mut any = if layer.has_unread { Truth::Depends } else { Truth::No };
            for read in layer.allows(action) {
                any = any.or(speaks_of_all(read, pattern, facts));
            }
            truth = truth.and(any);
        }
        truth
    }

    /// Whether no SCP and no deny stands against an action on one resource.
    pub(super) fn unless_denied(&self, action: u16, arn: &str, facts: &dyn Context) -> Truth {
        let mut truth = self.forbids(action, arn, facts).negate();
        for level in self.levels() {
            let mut any = if level.has_unread { Truth::Depends } else { Truth::No };
            for read in level.allows(action) {
                any = any.or(speaks_of_all(read, arn, facts));
            }
            truth = truth.and(any);
        }
        truth
    }

    /// Whether something denies the action on all that the pattern stands for.
    pub(super) fn forbids(&self, action: u16, pattern: &str, facts: &dyn Context) -> Truth {
        let unread = if self.has_unread() { Truth::Depends } else { Truth::No };
        self.denies(action).fold(unread, |any, read| any.or(speaks_of_all(read, pattern, facts)))
    }
}

fn speaks_of_all(read: &Read<'_>, pattern: &str, facts: &dyn Context) -> Truth {
    let holds = conditions(read, facts);
    if holds == Truth::No {
        Truth::No
    } else {
        holds.and(read.rule.covers_resource(pattern, facts))
    }
}

fn conditions(read: &Read<'_>, facts: &dyn Context) -> Truth {
    if read.reading.keys.is_empty() { Truth::Yes } else { read.rule.conditions_hold(facts) }
}

/// What a layer leaves of these patterns.
fn through(
    layer: &Layer<'_>,
    action: u16,
    candidates: &[Candidate],
    facts: &Facts<'_>,
) -> Vec<Candidate> {
    let mut left: Vec<Candidate> = Vec::new();
    for read in layer.allows(action) {
        let holds = conditions(read, facts);
        if holds == Truth::No {
            continue;
        }
        for candidate in candidates {
            let truth = candidate.truth.and(holds);
            let keep = |left: &mut Vec<Candidate>, text: Box<str>, truth: Truth| {
                let narrower = Candidate { text, truth, is_cut: candidate.is_cut };
                if !merge(left, narrower, MAX_CANDIDATES) {
                    // Somewhere in all of it there is a name that is allowed.
                    merge(left, candidate.cut(), usize::MAX);
                }
            };
            let text = &candidate.text;
            if read.reading.is_of_everything {
                keep(&mut left, text.clone(), truth);
                continue;
            }
            match &read.rule.statement().resources {
                Some(Resources::Only(patterns)) if &**text != "*" => {
                    let mut within = |pattern: &str, is_open: bool| {
                        let plain = without_variables(pattern);
                        let is_open = is_open || plain != pattern;
                        let truth = if is_open { truth.and(Truth::Depends) } else { truth };
                        if let Some(both) = meet(text, &plain) {
                            keep(&mut left, both.into(), truth);
                        }
                    };
                    if read.reading.has_variables {
                        for filled in read.rule.resource_patterns(facts) {
                            within(filled.pattern.text(), filled.is_open);
                        }
                    } else {
                        patterns.iter().for_each(|pattern| within(pattern, false));
                    }
                }
                _ => {
                    let truth = truth.and(read.rule.covers_resource(text, facts));
                    if truth.is_possible() {
                        keep(&mut left, text.clone(), truth);
                    }
                }
            }
        }
    }
    if layer.has_unread {
        for candidate in candidates {
            let truth = candidate.truth.and(Truth::Depends);
            merge(&mut left, Candidate { truth, ..candidate.clone() }, usize::MAX);
        }
    }
    left
}

/// Adds a pattern, unless there are so many already. A layer lets each of those before it through
/// once more than that at most.
pub(super) fn merge(left: &mut Vec<Candidate>, new: Candidate, most: usize) -> bool {
    if let Some(known) = left.iter_mut().find(|known| known.text == new.text) {
        if known.truth < new.truth {
            *known = new;
        }
    } else if left.len() < most {
        left.push(new);
    } else {
        return false;
    }
    true
}

/// A pattern with a star where something is left to be filled in.
fn without_variables(pattern: &str) -> std::borrow::Cow<'_, str> {
    if !pattern.contains("${") {
        return pattern.into();
    }
    let mut plain = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        plain.push_str(before);
        plain.push('*');
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    plain.push_str(rest);
    plain.into()
}

/// A pattern whose instances match both, if there is one and it can be written as one.
///
/// A pattern that matches the text of another matches all that the other does.
fn meet(one: &str, other: &str) -> Option<String> {
    if are_apart(one, other) {
        return None;
    }
    let (a, b) = (Glob::new(one), Glob::new(other));
    if a.matches(other) {
        return Some(other.to_owned());
    }
    if b.matches(one) {
        return Some(one.to_owned());
    }
    let (mut ours, mut theirs) = (one.splitn(6, ':'), other.splitn(6, ':'));
    let mut both = String::with_capacity(one.len().max(other.len()));
    loop {
        match (ours.next(), theirs.next()) {
            (Some(ours), Some(theirs)) => {
                if !both.is_empty() {
                    both.push(':');
                }
                both.push_str(&meet_segment(ours, theirs)?);
            }
            (None, None) => return Some(both),
            // A last star runs on beyond the colons; then one has matched the other already.
            _ => return None,
        }
    }
}

/// Whether the plain beginnings of two patterns differ.
fn are_apart(one: &str, other: &str) -> bool {
    let plain = |byte: &u8| !matches!(byte, b'*' | b'?');
    let (ours, theirs) = (one.bytes().take_while(plain), other.bytes().take_while(plain));
    ours.zip(theirs).any(|(a, b)| a != b)
}

fn meet_segment(one: &str, other: &str) -> Option<String> {
    let (a, b) = (Glob::new(one), Glob::new(other));
    if a.matches(other) {
        return Some(other.to_owned());
    }
    if b.matches(one) {
        return Some(one.to_owned());
    }
    let ends = |text: &str| {
        let first = text.find(['*', '?'])?;
        let last = text.rfind(['*', '?'])?;
        Some((text[..first].to_owned(), text[last + 1..].to_owned()))
    };
    let ((head, tail), (other_head, other_tail)) = (ends(one)?, ends(other)?);
    let head = if head.len() > other_head.len() { head } else { other_head };
    let tail = if tail.len() > other_tail.len() { tail } else { other_tail };
    let both = format!("{head}*{tail}");
    (a.matches(&both) && b.matches(&both)).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::{meet, without_variables};

    #[test]
    fn the_narrower_part_of_each_segment_is_left() {
        let cases = [
            ("arn:aws:lambda:*:1:function:*", "*", Some("arn:aws:lambda:*:1:function:*")),
            (
                "arn:aws:lambda:*:1:function:*",
                "arn:aws:lambda:eu-*:*:function:team-*",
                Some("arn:aws:lambda:eu-*:1:function:team-*"),
            ),
            ("arn:aws:lambda:*:1:function:*", "arn:aws:lambda:*:2:function:*", None),
            (
                "arn:aws:iam::1:user/*-ci",
                "arn:aws:iam::1:user/app-*",
                Some("arn:aws:iam::1:user/app-*-ci"),
            ),
        ];
        for (one, other, expected) in cases {
            assert_eq!(meet(one, other).as_deref(), expected, "{one} and {other}");
            assert_eq!(meet(other, one).as_deref(), expected, "{other} and {one}");
        }
    }

    #[test]
    fn a_variable_stands_for_anything() {
        assert_eq!(without_variables("a/${aws:username}/b"), "a/*/b");
        assert_eq!(without_variables("a/${open"), "a/*");
    }
}
