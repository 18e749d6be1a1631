//! The policy that is asked.

use super::{
    Case, Explained, Installation, Matched,
    asked::Asking,
    boundary,
    check::{self, Checked, PolicyError, schema},
    facts::{Facts, Whole, facts},
    requirement::{by_strictness, floor, join},
    rules::{Rule, Says},
    shipped::shipped_text,
};
use crate::domain::{Digest, Leave, PolicyId, Requirement, Ruling, Signing, Words};
use cedar_policy::PolicySet;
use std::{collections::HashMap, path::Path, sync::Arc};

/// Different questions one action may come to. What goes beyond is not asked and counts as what no
/// rule speaks of; the boundaries look at all of it.
const MOST_QUESTIONS: usize = 1000;

/// Rules that say what is let through, who must agree, and what nobody may approve.
#[derive(Debug, Clone)]
pub struct Policy {
    id: PolicyId,
    text: Arc<str>,
    set: Arc<PolicySet>,
    rules: Arc<HashMap<cedar_policy::PolicyId, Rule>>,
    /// All that any rule asks for, and at least two people with a senior among them.
    strictest: Requirement,
    installation: Arc<Installation>,
}

/// Tier of what no rule speaks of.
const UNMATCHED: &str = "unmatched";

impl Policy {
    /// The policy a new installation has.
    pub fn shipped() -> Result<Self, PolicyError> {
        Self::parse(shipped_text(), "data/policy.cedar")
    }

    /// Reads and checks a policy file.
    pub fn load(path: &Path) -> Result<Self, PolicyError> {
        let (text, checked) = check::load(path)?;
        Ok(Self::of(&text, checked))
    }

    /// Reads and checks a policy; `name` is what errors call it.
    pub fn parse(text: &str, name: &str) -> Result<Self, PolicyError> {
        Ok(Self::of(text, check::parse(text, name)?))
    }

    fn of(text: &str, checked: Checked) -> Self {
        let Checked { version, set, rules } = checked;
        let asked = rules.values().filter_map(|rule| match &rule.says {
            Says::Ask(requirement) => Some(requirement),
            Says::LetThrough | Says::Never => None,
        });
        Self {
            id: PolicyId { version, digest: Digest::of_bytes(text.as_bytes()) },
            text: text.into(),
            set: Arc::new(set),
            strictest: asked.fold(floor(), join),
            rules: Arc::new(rules),
            installation: Arc::default(),
        }
    }

    /// The same rules, for this installation: its freezes, time zone, protected files and
    /// customer-facing names. Without this, only what lies in our own standard places is protected,
    /// and nothing else is known.
    #[must_use]
    pub fn at(mut self, installation: Installation) -> Self {
        self.installation = Arc::new(installation);
        self
    }

    /// What the installation says beside the rules.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Which policy this is.
    pub const fn id(&self) -> PolicyId {
        self.id
    }

    /// How many rules it has.
    pub fn count(&self) -> usize {
        self.rules.len()
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What an action needs that no rule speaks of: everything any rule asks for at once, and at
    /// least two people, one of them a senior.
    pub const fn strictest(&self) -> &Requirement {
        &self.strictest
    }

    /// The groups its rules name, sorted.
    pub fn groups(&self) -> &[String] {
        &self.strictest.from
    }

    /// How the strictest of its rules wants an approval signed.
    pub const fn signing(&self) -> Signing {
        self.strictest.signing
    }

    /// What is to happen to an action. Whatever goes wrong is a refusal.
    pub fn rule(&self, case: Case<'_>) -> Ruling {
        self.explain(case).ruling
    }

    /// The same, with what every effect came to.
    pub fn explain(&self, case: Case<'_>) -> Explained {
        let all = facts(case, &self.installation);
        let whole = Whole::of(case, &all, &self.installation);
        let mut explained = match self.put(case, &all, &whole) {
            Ok(matched) => self.weigh(matched),
            Err(why) => self.refused(&why),
        };
        // Whatever the rules say, and even where they could not be asked.
        if let Some((crossed, because)) = boundary::first(&all) {
            if matches!(explained.ruling.leave, Leave::Boundary { .. }) {
                return explained;
            }
            let rule = crossed.rule().to_owned();
            explained.ruling = Ruling {
                policy: self.id,
                tier: BOUNDARY.to_owned(),
                leave: Leave::Boundary { rule: rule.clone(), because },
                rules: vec![rule],
            };
            explained.crossed = Some(crossed);
        }
        explained
    }

    fn put(&self, case: Case<'_>, all: &[Facts], whole: &Whole) -> Result<Vec<Matched>, String> {
        let schema = schema().map_err(|error| error.to_string())?;
        let hidden = case.circumstances.hidden;
        let asking = Asking::new(whole, case.circumstances, &self.installation.zone, hidden)?;
        let mut matched = Vec::with_capacity(all.len().min(MOST_QUESTIONS));
        for facts in all.iter().take(MOST_QUESTIONS) {
            let ids = asking.ask(&self.set, schema, facts)?;
            let mut rules = Vec::with_capacity(ids.len());
            for id in ids {
                let rule = self.rules.get(&id).ok_or("a rule without a name matched")?;
                rules.push(rule.id.clone());
            }
            rules.sort();
            matched.push(Matched::new(facts, rules));
        }
        if all.len() > MOST_QUESTIONS {
            matched.push(Matched::beyond(all.len() - MOST_QUESTIONS));
        }
        Ok(matched)
    }

    /// Adds up what every rule that matched asks for.
    fn weigh(&self, matched: Vec<Matched>) -> Explained {
        let by_id: HashMap<&str, &Rule> =
            self.rules.values().map(|rule| (rule.id.as_str(), rule)).collect();
        let rules = |one: &Matched| -> Vec<&Rule> {
            one.rules.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect()
        };
        let mut forbids: Vec<&Rule> =
            matched.iter().flat_map(rules).filter(|rule| rule.says == Says::Never).collect();
        forbids.sort_by_key(|rule| (rule.line, &rule.id));
        forbids.dedup();
        if let Some(first) = forbids.first() {
            let leave = Leave::Boundary {
                rule: first.id.clone(),
                because: Words::Owned(first.because.clone()),
            };
            return self.explained(BOUNDARY, leave, forbids.iter().map(|r| &r.id), matched);
        }
        let mut needed: Option<Requirement> = None;
        let mut strictest: Option<(&Requirement, &str)> = None;
        let mut decided: Vec<&Rule> = Vec::new();
        let mut free: Vec<&Rule> = Vec::new();
        let mut add = |requirement: &Requirement| {
            needed = Some(match needed.take() {
                Some(before) => join(before, requirement),
                None => requirement.clone(),
            });
        };
        for one in &matched {
            let permits = rules(one);
            if permits.is_empty() {
                add(&self.strictest);
            }
            for rule in permits {
                match &rule.says {
                    Says::Ask(requirement) => {
                        add(requirement);
                        decided.push(rule);
                        let stricter = strictest
                            .is_none_or(|(known, _)| by_strictness(requirement, known).is_gt());
                        if stricter {
                            strictest = Some((requirement, &rule.tier));
                        }
                    }
                    Says::LetThrough => free.push(rule),
                    Says::Never => {}
                }
            }
        }
        let unmatched = matched.iter().any(|one| one.rules.is_empty());
        if let Some(requirement) = needed {
            let tier = strictest.map_or(UNMATCHED, |(_, tier)| tier);
            let tier = if unmatched { UNMATCHED } else { tier }.to_owned();
            let ids: Vec<String> = decided.iter().map(|rule| rule.id.clone()).collect();
            self.explained(&tier, Leave::Held(requirement), ids.iter(), matched)
        } else {
            // Named by what weighs most: the facts come that way.
            let tier = free.first().map_or_else(String::new, |rule| rule.tier.clone());
            let ids: Vec<String> = free.iter().map(|rule| rule.id.clone()).collect();
            self.explained(&tier, Leave::LetThrough, ids.iter(), matched)
        }
    }

    fn explained<'a>(
        &self,
        tier: &str,
        leave: Leave,
        rules: impl Iterator<Item = &'a String>,
        matched: Vec<Matched>,
    ) -> Explained {
        let mut rules: Vec<String> = rules.cloned().collect();
        rules.sort();
        rules.dedup();
        let ruling = Ruling { policy: self.id, tier: tier.to_owned(), leave, rules };
        Explained { ruling, matched, crossed: None }
    }

    fn refused(&self, why: &str) -> Explained {
        let leave =
            Leave::Refused { because: Words::Owned(format!("policy could not be asked: {why}")) };
        self.explained("refused", leave, std::iter::empty(), Vec::new())
    }

    /// Each rule with what Cedar knows of it.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&Rule, &cedar_policy::Policy)> {
        self.set.policies().filter_map(|policy| Some((self.rules.get(policy.id())?, policy)))
    }
}

/// Tier of what nobody may approve.
const BOUNDARY: &str = "boundary";
