//! What conditions say of one claim: the patterns that its value has to fit.

use super::Warning;
use crate::iam::{Condition, Glob};

/// More combinations of patterns than this are not worked out; the first condition counts alone.
const MAX_COMBINED: usize = 1_000;

/// What a value may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub text: Box<str>,
    /// Without wildcards: `*` is a star.
    pub is_exact: bool,
}

/// An operator that lets in what its values name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Positive {
    pub is_exact: bool,
    /// Holds if the key is absent: `…IfExists`, `ForAllValues:…`.
    pub admits_absent: bool,
    pub is_for_all: bool,
}

impl Positive {
    /// Reads an operator's name; none for operators that compare otherwise.
    pub fn of(operator: &str) -> Option<Self> {
        let (set, plain) = operator.rsplit_once(':').unwrap_or(("", operator));
        let lower = plain.to_ascii_lowercase();
        let (plain, if_exists) = match lower.strip_suffix("ifexists") {
            Some(plain) => (plain, true),
            None => (&*lower, false),
        };
        let is_exact = match plain {
            "stringequals" | "stringequalsignorecase" => true,
            "stringlike" | "arnlike" | "arnequals" => false,
            _ => return None,
        };
        let is_for_all = set.eq_ignore_ascii_case("ForAllValues");
        Some(Self { is_exact, admits_absent: if_exists || is_for_all, is_for_all })
    }

    pub fn patterns(self, condition: &Condition) -> Vec<Pattern> {
        let pattern = |text: &str| Pattern { text: text.into(), is_exact: self.is_exact };
        condition.values.iter().map(|text| pattern(text)).collect()
    }
}

impl Pattern {
    /// Its star or question mark would have to be in the value, and never is.
    pub fn is_dead(&self) -> bool {
        self.is_exact && self.text.contains(['*', '?'])
    }

    /// Text in front of the first wildcard.
    pub fn fixed(&self) -> &str {
        if self.is_exact {
            return &self.text;
        }
        self.text.split(['*', '?']).next().unwrap_or("")
    }

    pub fn has_wildcard(&self) -> bool {
        !self.is_exact && self.text.contains(['*', '?'])
    }

    pub fn admits(&self, value: &str) -> bool {
        if self.is_exact { *self.text == *value } else { Glob::new(&self.text).matches(value) }
    }

    /// The values that fit both, as far as one pattern can say it.
    fn meet(&self, other: &Self) -> Option<Self> {
        match (self.is_exact, other.is_exact) {
            (true, _) => other.admits(&self.text).then(|| self.clone()),
            (_, true) => self.admits(&other.text).then(|| other.clone()),
            _ => {
                let (ours, theirs) = (Glob::new(&self.text), Glob::new(&other.text));
                let narrower = if ours.contains(&theirs) { other } else { self };
                ours.overlaps(&theirs).then(|| narrower.clone())
            }
        }
    }
}

/// What all conditions on one claim come to.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// What is let in; none: no condition limits it.
    pub patterns: Option<Vec<Pattern>>,
    /// Every pattern as written, also those that fit nothing.
    pub written: Vec<Pattern>,
    pub warnings: Vec<Warning>,
    /// Nothing fits.
    pub is_dead: bool,
}

impl Claim {
    /// `is_always_there`: no token lacks the claim, so that operators that let its absence pass
    /// still limit it.
    pub fn read<'a>(
        conditions: impl Iterator<Item = &'a Condition>,
        is_always_there: bool,
    ) -> Self {
        let mut claim = Self::default();
        for condition in conditions {
            let Some(positive) = Positive::of(&condition.operator) else { continue };
            if positive.admits_absent && !is_always_there {
                claim.warnings.push(Warning::new(
                    if positive.is_for_all { "for-all-values" } else { "if-exists" },
                    format!(
                        "`{}` on `{}` holds when the claim is absent, so it limits nothing; use \
                         StringEquals or StringLike",
                        condition.operator, condition.key
                    ),
                ));
                continue;
            }
            if positive.is_for_all {
                claim.warnings.push(Warning::new(
                    "for-all-values",
                    format!(
                        "`{}` on `{}` would hold without the claim too; use StringEquals or \
                         StringLike",
                        condition.operator, condition.key
                    ),
                ));
            }
            claim.limit(positive.patterns(condition), condition);
        }
        claim.is_dead = claim.patterns.as_ref().is_some_and(Vec::is_empty);
        claim
    }

    fn limit(&mut self, patterns: Vec<Pattern>, condition: &Condition) {
        self.written.extend(patterns.iter().cloned());
        let (dead, alive): (Vec<_>, Vec<_>) = patterns.into_iter().partition(Pattern::is_dead);
        if let Some(first) = dead.first() {
            self.warnings.push(Warning::new(
                "never-matches",
                format!(
                    "`{}` takes `{}` literally, which no value is; use StringLike",
                    condition.operator, first.text
                ),
            ));
        }
        self.patterns = Some(match self.patterns.take() {
            None => alive,
            Some(known) if known.len().saturating_mul(alive.len()) > MAX_COMBINED => known,
            Some(known) => {
                let mut both: Vec<Pattern> = Vec::new();
                for meet in known.iter().flat_map(|k| alive.iter().filter_map(|a| k.meet(a))) {
                    if !both.contains(&meet) {
                        both.push(meet);
                    }
                }
                both
            }
        });
    }
}

/// The claim a condition key names, if it is one of this issuer's (`sub`).
pub(super) fn name<'a>(key: &'a str, issuer: &str) -> Option<&'a str> {
    let (host, claim) = key.rsplit_once(':')?;
    host.eq_ignore_ascii_case(issuer).then_some(claim)
}
