//! What a decision hangs on, in words.

use super::{Hearing, Layer, Named, Truth, Way};
use crate::iam::{Effect, Rule, evaluate::Cited};

/// Statements told as alternatives to each other; further ones are only counted.
const MOST: usize = 8;

impl<'a> Hearing<'_, '_, 'a> {
    /// Everything that has to hold for the request to be allowed this way.
    pub(super) fn conditions(&self, way: &Way<'a>) -> Vec<String> {
        let mut all = Vec::new();
        if self.scp.allow.truth == Truth::Depends {
            for level in self.layers.scps.iter().flatten() {
                if self.question.layer(level).allow.truth == Truth::Depends {
                    all.push(self.one_of(level));
                }
            }
        }
        for (layer, vote) in way.iter().filter(|(_, vote)| vote.truth == Truth::Depends) {
            match layer {
                Layer::Identity => all.push(self.one_of(&self.layers.identity)),
                Layer::Session => all.push(self.one_of(self.layers.session.iter().flatten())),
                Layer::Boundary if self.layers.boundary.is_some() => {
                    all.push(self.one_of(self.layers.boundary.iter().flatten()));
                }
                _ => all.extend(vote.cited.map(|cited| self.words(cited.rule))),
            }
        }
        if self.layers.has_unknown_boundary {
            all.push("the permissions boundary, whose content is not known, allows it".to_owned());
        }
        for unread in &self.layers.unread {
            all.push(format!("`{}`, whose content is not known, allows it", unread.name));
        }
        self.denials(&mut all);
        all.retain(|words| !words.is_empty());
        all.dedup();
        all
    }

    fn words(&self, rule: &Rule) -> String {
        let words = self.question.open(rule);
        if words.is_empty() { format!("{} applies", rule.name()) } else { words }
    }

    /// The open grants of a layer, any of which will do.
    fn one_of<'p>(&self, policies: impl IntoIterator<Item = &'p Named<'a>>) -> String
    where
        'a: 'p,
    {
        let mut words: Vec<String> = Vec::new();
        let mut further = 0_usize;
        for rule in policies.into_iter().flat_map(|policy| policy.rules.rules()) {
            if rule.effect() != Effect::Allow || self.question.put_of_caller(rule) != Truth::Depends
            {
                continue;
            }
            if words.len() < MOST {
                words.push(self.words(rule));
            } else {
                further += 1;
            }
        }
        if further > 0 {
            words.push(format!("one of {further} further statements applies"));
        }
        words.join(", or ")
    }

    /// What must not hold: the open denials of every layer that counted.
    fn denials(&self, all: &mut Vec<String>) {
        let layers = self.layers;
        for (layer, deny) in self.denies() {
            if deny.truth != Truth::Depends {
                continue;
            }
            let policies: Vec<&Named<'a>> = match layer {
                Layer::Rcp => layers.rcps.iter().flatten().flatten().collect(),
                Layer::Scp => layers.scps.iter().flatten().flatten().collect(),
                Layer::Identity => layers.identity.iter().collect(),
                Layer::Boundary => layers.boundary.iter().flatten().collect(),
                Layer::Session => layers.session.iter().flatten().collect(),
                Layer::Resource | Layer::Trust | Layer::Aws => layers.resource.iter().collect(),
            };
            let names_principals = matches!(layer, Layer::Rcp | Layer::Resource | Layer::Trust);
            for policy in policies {
                for rule in policy.rules.rules() {
                    let truth = if names_principals {
                        let named = self.question.named(rule);
                        let is_open = named.is_any() && !named.is_sure();
                        let cap = if is_open { Truth::Depends } else { Truth::Yes };
                        self.question.put(rule).and(cap)
                    } else {
                        self.question.put_of_caller(rule)
                    };
                    let is_open = rule.effect() == Effect::Deny
                        && truth == Truth::Depends
                        && (!names_principals || self.question.denies_caller(rule, layer));
                    if is_open {
                        let cited = Cited { policy: policy.name, rule };
                        all.push(format!("not ({}), or {cited} denies it", self.words(rule)));
                    }
                }
            }
        }
    }
}
