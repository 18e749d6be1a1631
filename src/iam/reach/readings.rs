//! Every document of a world, read once for the actions that climbing needs.
//!
//! ```text
//!   Document ──▶ Reading [ per rule: which actions of interest, which condition keys ]
//! ```

use super::facts::is_about_target;
use crate::iam::{
    Actions, Effect, Resources, Rule,
    escalation::Catalogue,
    world::{Attachment, Boundary, Document, World},
};
use foldhash::HashMap;
use std::sync::Arc;

/// Actions of interest at most; further ones are not looked at, which is said.
const MAX_ACTIONS: usize = 512;

/// The call that makes a session of a role.
pub(super) const ASSUME: &str = "sts:AssumeRole";

/// A set of actions of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mask([u64; MAX_ACTIONS / 64]);

impl Default for Mask {
    fn default() -> Self {
        Self([0; MAX_ACTIONS / 64])
    }
}

impl Mask {
    pub(super) fn full() -> Self {
        Self([u64::MAX; MAX_ACTIONS / 64])
    }

    pub(super) fn has(&self, action: u16) -> bool {
        let action = usize::from(action);
        self.0.get(action / 64).is_some_and(|word| word & (1 << (action % 64)) != 0)
    }

    fn insert(&mut self, action: u16) {
        let action = usize::from(action);
        if let Some(word) = self.0.get_mut(action / 64) {
            *word |= 1 << (action % 64);
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    pub(super) fn keep(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= theirs;
        }
    }

    pub(super) fn take(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= !theirs;
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

/// The actions of interest.
#[derive(Debug, Default)]
pub(super) struct Interest {
    names: Vec<Box<str>>,
    by_name: HashMap<String, u16>,
    by_service: HashMap<String, Vec<u16>>,
    /// Actions that were one too many.
    pub(super) overflow: usize,
}

impl Interest {
    pub(super) fn new<'n>(
        catalogue: &Catalogue,
        others: impl IntoIterator<Item = &'n str>,
    ) -> Self {
        let mut interest = Self::default();
        interest.add(ASSUME);
        for action in others {
            interest.add(action);
        }
        for technique in catalogue.techniques() {
            let steps = technique.steps.iter().flat_map(|step| &step.any_of);
            for action in steps.chain(&technique.undenied) {
                interest.add(action);
            }
        }
        interest
    }

    fn add(&mut self, action: &str) {
        let lower = action.to_ascii_lowercase();
        if self.by_name.contains_key(&lower) {
            return;
        }
        if self.names.len() >= MAX_ACTIONS {
            self.overflow += 1;
            return;
        }
        let id = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        let service = lower.split(':').next().unwrap_or_default().to_owned();
        self.by_service.entry(service).or_default().push(id);
        self.by_name.insert(lower, id);
        self.names.push(action.into());
    }

    /// The action's number.
    pub(super) fn find(&self, action: &str) -> Option<u16> {
        self.by_name.get(&action.to_ascii_lowercase()).copied()
    }

    fn mask(&self, rule: &Rule) -> Mask {
        let mut mask = Mask::default();
        let mut take = |ids: &[u16], is_certain: bool| {
            for id in ids {
                let name = self.names.get(usize::from(*id)).map_or("", |name| name);
                if is_certain || rule.covers_action(name) {
                    mask.insert(*id);
                }
            }
        };
        let every: Vec<u16> = (0..).take(self.names.len()).collect();
        let Actions::Only(patterns) = &rule.statement().actions else {
            take(&every, false);
            return mask;
        };
        let mut services: Vec<String> = Vec::new();
        for pattern in patterns {
            let lower = pattern.to_ascii_lowercase();
            match lower.split_once(':') {
                Some((service, name)) if !service.contains(['*', '?']) => {
                    if name.contains(['*', '?']) {
                        if !services.iter().any(|known| known == service) {
                            services.push(service.to_owned());
                        }
                    } else if let Some(id) = self.by_name.get(&lower) {
                        take(&[*id], true);
                    }
                }
                _ => {
                    take(&every, false);
                    return mask;
                }
            }
        }
        for service in services {
            if let Some(ids) = self.by_service.get(&service) {
                take(ids, false);
            }
        }
        mask
    }
}

/// A rule that speaks of an action of interest.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a property of its own, read by name")]
pub(super) struct Reading {
    /// Its position in the document.
    index: usize,
    /// A number no other rule has.
    pub(super) id: u32,
    /// Allows; otherwise denies.
    pub(super) allows: bool,
    /// Which.
    pub(super) actions: Mask,
    /// The condition keys, in lower case.
    pub(super) keys: Box<[Box<str>]>,
    /// What it says differs from target to target, beyond the ARN.
    pub(super) asks_about_target: bool,
    /// Its resources, or the values of its conditions, are filled in from the request.
    pub(super) has_variables: bool,
    /// It speaks of every resource.
    pub(super) is_of_everything: bool,
}

/// A rule with its reading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read<'a> {
    pub(super) rule: &'a Rule,
    pub(super) reading: &'a Reading,
}

/// All documents of a world.
#[derive(Debug, Default)]
pub(super) struct Readings {
    by_document: HashMap<usize, Box<[Reading]>>,
    rules: u32,
}

impl Readings {
    /// Reads whatever has a say over principals. Trust policies are read apart.
    pub(super) fn new(world: &World, interest: &Interest) -> Self {
        let mut readings = Self::default();
        let mut others = Vec::new();
        let mut attachments = |list: &[Attachment]| {
            for document in list.iter().filter_map(|attachment| attachment.document.as_ref()) {
                readings.read(document, interest);
            }
        };
        for principal in &world.principals {
            attachments(&principal.policies);
        }
        for group in &world.groups {
            attachments(&group.policies);
        }
        for policy in world.policies.iter().filter(|policy| !policy.is_aws) {
            others.extend(policy.others.iter().map(|(_, document)| document));
        }
        for level in world.accounts.iter().filter_map(|account| account.scps.as_ref()).flatten() {
            attachments(level);
        }
        for principal in &world.principals {
            if let Boundary::Known { document, .. } = &principal.boundary {
                readings.read(document, interest);
            }
        }
        for document in others {
            readings.read(document, interest);
        }
        readings
    }

    fn read(&mut self, document: &Document, interest: &Interest) {
        let key = Arc::as_ptr(document) as usize;
        if self.by_document.contains_key(&key) {
            return;
        }
        let mut all = Vec::new();
        for (index, rule) in document.rules().iter().enumerate() {
            let actions = interest.mask(rule);
            if actions.is_empty() {
                continue;
            }
            let statement = rule.statement();
            let keys: Box<[Box<str>]> = statement
                .conditions
                .iter()
                .map(|condition| condition.key.to_ascii_lowercase().into())
                .collect();
            let patterns = match &statement.resources {
                Some(Resources::Only(patterns) | Resources::AllBut(patterns)) => &**patterns,
                None => &[],
            };
            let values = statement.conditions.iter().flat_map(|condition| &condition.values);
            let has_variables = patterns.iter().chain(values).any(|text| text.contains("${"));
            all.push(Reading {
                index,
                id: self.rules,
                allows: rule.effect() == Effect::Allow,
                actions,
                asks_about_target: keys.iter().any(|key| is_about_target(key)),
                keys,
                has_variables,
                is_of_everything: matches!(&statement.resources, Some(Resources::Only(patterns))
                    if patterns.iter().any(|pattern| &**pattern == "*")),
            });
            self.rules += 1;
        }
        self.by_document.insert(key, all.into());
    }

    /// The rules of interest in these policies.
    pub(super) fn of_all<'a>(&'a self, list: &'a [Attachment]) -> impl Iterator<Item = Read<'a>> {
        list.iter().filter_map(|attachment| attachment.document.as_ref()).flat_map(|d| self.of(d))
    }

    /// Whether a policy denies any of these actions anywhere.
    pub(super) fn denies(&self, policy: &Attachment, actions: &[u16]) -> bool {
        self.of_all(std::slice::from_ref(policy)).any(|read| {
            !read.reading.allows && actions.iter().any(|action| read.reading.actions.has(*action))
        })
    }

    /// The same, or it cannot be read.
    pub(super) fn may_deny(&self, policy: &Attachment, actions: &[u16]) -> bool {
        policy.document.is_none() || self.denies(policy, actions)
    }

    /// The rules of interest in a document.
    pub(super) fn of<'a>(&'a self, document: &'a Document) -> impl Iterator<Item = Read<'a>> {
        let readings = self.by_document.get(&(Arc::as_ptr(document) as usize));
        readings.into_iter().flatten().filter_map(|reading| {
            Some(Read { rule: document.rules().get(reading.index)?, reading })
        })
    }
}
