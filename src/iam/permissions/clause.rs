//! Statements as sets: which actions, which resources, and whether the conditions hold.
//!
//! ```text
//!   Rule ──facts of a principal──▶ Clause { actions, region, truth, proviso }
//! ```
//!
//! A statement whose variables are not all known becomes two clauses: what it surely speaks of,
//! and what it speaks of perhaps.

use super::scope::{EVERYTHING, Meet, Pattern, narrow};
use crate::iam::{Context, Effect, Resources, Rule, Truth, actions::ActionSet, world::Document};
use std::sync::Arc;

/// What a clause speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Region {
    /// Resources that match one of these, but none of the second.
    Only(Vec<Arc<Pattern>>, Vec<Arc<Pattern>>),
    /// Resources that match none of these.
    AllBut(Vec<Arc<Pattern>>),
}

impl Region {
    /// How many patterns it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Only(patterns, except) => patterns.len() + except.len(),
            Self::AllBut(patterns) => patterns.len(),
        }
    }
}

/// Something a grant depends on.
#[derive(Debug, Clone)]
pub struct Proviso {
    /// In words for a person.
    pub(super) words: Box<[Box<str>]>,
    /// The statement whose conditions are open, and whether they have to hold or to fail.
    pub(super) source: Option<Source>,
}

#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) document: Document,
    pub(super) index: usize,
    pub(super) must_hold: bool,
}

impl Proviso {
    /// With nothing to ask again.
    pub(super) fn told(words: String) -> Arc<Self> {
        Arc::new(Self { words: [words.into()].into(), source: None })
    }

    /// Whether it is met in a context that may know more.
    pub(super) fn holds(&self, context: &dyn Context) -> Truth {
        let Some(source) = &self.source else { return Truth::Depends };
        let Some(rule) = source.document.rules().get(source.index) else { return Truth::Depends };
        let truth = rule.conditions_hold(context);
        if source.must_hold { truth } else { truth.negate() }
    }
}

/// A statement, or a part of one.
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) effect: Effect,
    pub(super) actions: Arc<ActionSet>,
    pub(super) region: Region,
    /// `Yes` or `Depends`.
    pub(super) truth: Truth,
    /// What it depends on.
    pub(super) provisos: Arc<[Arc<Proviso>]>,
    /// Its `Sid`, or its position.
    pub(super) name: Arc<str>,
}

impl Clause {
    /// Whether it grants or forbids its actions on everything, unconditionally.
    pub(super) fn is_boundless(&self) -> bool {
        let is_all = match &self.region {
            Region::Only(patterns, except) => {
                except.is_empty() && patterns.iter().any(|pattern| pattern.is_everything())
            }
            Region::AllBut(patterns) => patterns.is_empty(),
        };
        is_all && self.truth == Truth::Yes
    }
}

/// The clauses of a statement. None where its conditions cannot hold.
pub(super) fn clauses(
    document: &Document,
    index: usize,
    actions: &Arc<ActionSet>,
    context: &dyn Context,
    patterns: impl FnOnce(&Rule) -> Vec<Arc<Pattern>>,
) -> Vec<Clause> {
    let Some(rule) = document.rules().get(index) else { return Vec::new() };
    let truth = rule.conditions_hold(context);
    if truth == Truth::No {
        return Vec::new();
    }
    let provisos: Arc<[Arc<Proviso>]> = match truth {
        Truth::Depends => [Arc::new(open(document, index, rule, context))].into(),
        _ => Arc::default(),
    };
    let name: Arc<str> = rule.name().into();
    let clause = |region, truth, provisos: &Arc<[Arc<Proviso>]>| Clause {
        effect: rule.effect(),
        actions: Arc::clone(actions),
        region,
        truth,
        provisos: Arc::clone(provisos),
        name: Arc::clone(&name),
    };
    let all = patterns(rule);
    let (perhaps, surely): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.is_open);
    // What hangs on a variable's value, in addition to the conditions.
    let fitting = || -> Arc<[Arc<Proviso>]> {
        let words = perhaps.iter().map(|one| format!("the variables of `{}` fit", one.arn.text()));
        let told = words.map(Proviso::told);
        provisos.iter().map(Arc::clone).chain(told).collect()
    };
    let is_exclusive = matches!(rule.statement().resources, Some(Resources::AllBut(_)));
    match (&rule.statement().resources, perhaps.is_empty()) {
        // Only trust policies leave the resource out; they are not weighed here.
        (None, _) => Vec::new(),
        (Some(_), true) if is_exclusive => {
            vec![clause(Region::AllBut(surely), truth, &provisos)]
        }
        (Some(_), false) if is_exclusive => {
            let both = surely.iter().chain(&perhaps).map(Arc::clone).collect();
            let between = Region::Only(perhaps.iter().map(closed).collect(), surely);
            vec![
                clause(Region::AllBut(both), truth, &provisos),
                clause(between, Truth::Depends, &fitting()),
            ]
        }
        (Some(_), true) => vec![clause(Region::Only(surely, Vec::new()), truth, &provisos)],
        (Some(_), false) => {
            let open = Region::Only(perhaps.iter().map(closed).collect(), Vec::new());
            let mut clauses = vec![clause(open, Truth::Depends, &fitting())];
            if !surely.is_empty() {
                clauses.push(clause(Region::Only(surely, Vec::new()), truth, &provisos));
            }
            clauses
        }
    }
}

/// The clause that has it says already that it depends.
fn closed(pattern: &Arc<Pattern>) -> Arc<Pattern> {
    Arc::new(Pattern {
        arn: pattern.arn.clone(),
        is_open: false,
        possible: Arc::clone(&pattern.possible),
    })
}

fn open(document: &Document, index: usize, rule: &Rule, context: &dyn Context) -> Proviso {
    let words = rule.open_conditions(context);
    let must_hold = rule.effect() == Effect::Allow;
    let words: Box<[Box<str>]> = if must_hold {
        words.into_iter().map(Into::into).collect()
    } else {
        [format!("unless {}", words.join(" and ")).into()].into()
    };
    let source = Source { document: Arc::clone(document), index, must_hold };
    Proviso { words, source: Some(source) }
}

/// The meets of a region, for a layer that grants, and what is excepted from them.
pub(super) fn meets_of(region: &Region) -> (Vec<Meet>, Vec<Arc<Pattern>>) {
    match region {
        Region::Only(patterns, except) => {
            (patterns.iter().map(|one| vec![Arc::clone(one)]).collect(), except.clone())
        }
        Region::AllBut(patterns) => (vec![vec![Arc::clone(&EVERYTHING)]], patterns.clone()),
    }
}

/// What of the meets lies in one of the patterns.
pub(super) fn narrowed(meets: &[Meet], by: &[Arc<Pattern>]) -> Vec<Meet> {
    let mut all: Vec<Meet> = Vec::new();
    for meet in meets {
        for pattern in by {
            let Some(narrower) = narrow(meet, pattern) else { continue };
            if !all.iter().any(|known| same(known, &narrower)) {
                all.push(narrower);
            }
        }
    }
    all
}

fn same(one: &Meet, other: &Meet) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| Arc::ptr_eq(a, b))
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.arn == other.arn && self.is_open == other.is_open
    }
}

impl Eq for Pattern {}
