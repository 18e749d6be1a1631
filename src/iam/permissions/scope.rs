//! Sets of resources: patterns, intersections of patterns, and exceptions.

use crate::iam::{
    ArnPattern,
    actions::{ActionSet, ActionTable},
};
use std::sync::{Arc, LazyLock, OnceLock};

/// `*`: most statements have it.
pub(super) static EVERYTHING: LazyLock<Arc<Pattern>> = LazyLock::new(|| {
    let possible = Arc::new(ActionTable::get().all());
    Arc::new(Pattern { arn: ArnPattern::new("*"), is_open: false, possible })
});

/// Every resource.
pub(super) static BOUNDLESS: LazyLock<Arc<Scope>> =
    LazyLock::new(|| Arc::new(Scope::new(vec![vec![Arc::clone(&EVERYTHING)]], Vec::new())));

/// A resource pattern and what it can grant.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) arn: ArnPattern,
    /// A star in it stands for something that is not known.
    pub(super) is_open: bool,
    pub(super) possible: Arc<ActionSet>,
}

impl Pattern {
    pub(super) fn is_everything(&self) -> bool {
        self.arn.is_everything()
    }
}

/// Resources that match every one of these patterns.
pub(super) type Meet = Vec<Arc<Pattern>>;

/// Resources that match one of the meets and none of the exceptions.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) meets: Vec<Meet>,
    pub(super) except: Vec<Arc<Pattern>>,
    words: OnceLock<Arc<[String]>>,
}

impl Scope {
    pub(super) fn new(meets: Vec<Meet>, except: Vec<Arc<Pattern>>) -> Self {
        Self { meets, except, words: OnceLock::new() }
    }

    pub(super) fn covers(&self, resource: &str) -> bool {
        self.meets.iter().any(|meet| meet.iter().all(|one| one.arn.matches(resource)))
            && !self.except.iter().any(|one| one.arn.matches(resource))
    }

    /// Whether one of the meets is every resource there is.
    pub(super) fn is_boundless(&self) -> bool {
        self.meets.iter().any(|meet| meet.iter().all(|one| one.is_everything()))
    }

    /// In words, leaving out what these actions cannot have.
    pub(super) fn words_for(&self, actions: &ActionSet) -> Arc<[String]> {
        if self.except.is_empty() {
            return self.words();
        }
        self.told(|pattern| pattern.possible.meets(actions))
    }

    /// In words.
    pub(super) fn words(&self) -> Arc<[String]> {
        Arc::clone(self.words.get_or_init(|| self.told(|_| true)))
    }

    fn told(&self, is_told: impl Fn(&Pattern) -> bool) -> Arc<[String]> {
        let meets = self.meets.iter().map(|meet| {
            let mut words = String::new();
            for pattern in meet {
                words.push_str(if words.is_empty() { "" } else { " within " });
                words.push_str(pattern.arn.text());
            }
            words
        });
        let except = self.except.iter().filter(|pattern| is_told(pattern));
        meets.chain(except.map(|pattern| format!("not {}", pattern.arn.text()))).collect()
    }
}

/// What of a meet also matches a pattern. None: nothing.
pub(super) fn narrow(meet: &Meet, by: &Arc<Pattern>) -> Option<Meet> {
    if !by.is_open && meet.iter().any(|one| by.arn.contains(&one.arn)) {
        return Some(meet.clone());
    }
    if meet.iter().any(|one| !one.arn.overlaps(&by.arn)) {
        return None;
    }
    let kept = meet.iter().filter(|one| one.is_open || !one.arn.contains(&by.arn));
    let mut narrower: Meet = kept.map(Arc::clone).collect();
    narrower.push(Arc::clone(by));
    Some(narrower)
}

/// Whether every resource of the meet matches the pattern.
pub(super) fn is_within(meet: &Meet, pattern: &Pattern) -> bool {
    pattern.is_everything() || meet.iter().any(|one| pattern.arn.contains(&one.arn))
}

/// Whether some resource of the meet may match the pattern.
pub(super) fn overlaps(meet: &Meet, pattern: &Pattern) -> bool {
    meet.iter().all(|one| one.arn.overlaps(&pattern.arn))
}
