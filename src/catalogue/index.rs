//! Finding the rules that fit a clue, by hash wherever a rule is exact.

use super::{
    pattern::spellings,
    rule::{Rule, Test, managed_policy_name},
};
use crate::domain::{ClueKind, Confidence};
use std::collections::{HashMap, HashSet};

/// Identifiers longer than this are not looked at: none of a known tool comes near it.
const CLUE_LIMIT: usize = 4_096;

/// A tool a clue points to, and how surely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Position of the tool.
    pub(super) tool: usize,
    /// How sure this rule makes us.
    pub(super) confidence: Confidence,
}

/// Every rule of every tool.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    exact: HashMap<(ClueKind, String), Hit>,
    open: HashMap<ClueKind, Vec<(Test, Hit)>>,
    /// Tools with at least one numeric account id.
    accounts: HashSet<usize>,
}

impl Index {
    /// Takes in a rule; gives back the tool that already has the same identifier.
    pub(super) fn add(&mut self, tool: usize, rule: Rule) -> Result<(), usize> {
        let hit = Hit { tool, confidence: rule.confidence };
        if rule.kind == ClueKind::GithubUserId {
            self.accounts.insert(tool);
        }
        match rule.test {
            Test::Is(value) => {
                let known = self.exact.entry((rule.kind, value)).or_insert(hit);
                if known.tool != tool {
                    return Err(known.tool);
                }
                known.confidence = known.confidence.max(hit.confidence);
            }
            test => self.open.entry(rule.kind).or_default().push((test, hit)),
        }
        Ok(())
    }

    /// Whether any numeric account id of a tool is known.
    pub(super) fn has_accounts(&self, tool: usize) -> bool {
        self.accounts.contains(&tool)
    }

    /// Which tool a numeric account id belongs to.
    pub(super) fn account(&self, id: &str) -> Option<Hit> {
        self.exactly(ClueKind::GithubUserId, id)
    }

    /// Every tool a clue points to, each once, with its surest rule.
    pub(super) fn hits(&self, kind: ClueKind, raw: &str) -> Vec<Hit> {
        if raw.len() > CLUE_LIMIT {
            return Vec::new();
        }
        let mut hits = match kind {
            ClueKind::IamName | ClueKind::KeyTitle => {
                spellings(raw.trim()).iter().flat_map(|name| self.value(kind, name)).collect()
            }
            ClueKind::CommitTrailer => self.trailer(raw),
            ClueKind::GitEmail => self.address(kind, raw.trim().to_lowercase().as_str()),
            ClueKind::ManagedPolicy => managed_policy_name(&raw.to_lowercase())
                .map(|name| self.value(kind, name))
                .unwrap_or_default(),
            ClueKind::OidcIssuer | ClueKind::OidcSubject => self.value(kind, &issuer(raw)),
            _ => self.value(kind, &raw.trim().to_lowercase()),
        };
        hits.sort_by(|a, b| a.tool.cmp(&b.tool).then(b.confidence.cmp(&a.confidence)));
        hits.dedup_by_key(|hit| hit.tool);
        hits
    }

    fn exactly(&self, kind: ClueKind, value: &str) -> Option<Hit> {
        self.exact.get(&(kind, value.to_owned())).copied()
    }

    fn value(&self, kind: ClueKind, value: &str) -> Vec<Hit> {
        let open = self.open.get(&kind).map(Vec::as_slice).unwrap_or_default();
        let fits = open.iter().filter(|(test, _)| match test {
            Test::Is(text) => text == value,
            Test::Like(pattern) => pattern.matches(value),
            Test::StartsWith(start) => value.len() > start.len() && value.starts_with(start),
        });
        self.exactly(kind, value).into_iter().chain(fits.map(|(_, hit)| *hit)).collect()
    }

    /// A trailer by its key and address, whatever name stands before the address, since models
    /// change; then by key and value; then by the address alone.
    fn trailer(&self, raw: &str) -> Vec<Hit> {
        let line = raw.trim().to_lowercase();
        let Some((key, value)) = line.split_once(':') else { return Vec::new() };
        let (key, value) = (key.trim(), value.trim());
        let address = value.strip_suffix('>').and_then(|v| v.rsplit_once('<')).map(|(_, a)| a);
        match address {
            Some(address) => {
                let mut hits = self.value(ClueKind::CommitTrailer, &format!("{key}: <{address}>"));
                hits.extend(self.address(ClueKind::GitEmail, address));
                hits
            }
            None => self.value(ClueKind::CommitTrailer, &format!("{key}: {value}")),
        }
    }

    /// An address as listed, or GitHub's `ID+login@users.noreply.github.com` by the id in it.
    fn address(&self, kind: ClueKind, address: &str) -> Vec<Hit> {
        let id = address
            .strip_suffix("@users.noreply.github.com")
            .and_then(|user| user.split_once('+'))
            .and_then(|(id, _)| self.account(id));
        self.value(kind, address).into_iter().chain(id).collect()
    }
}

fn issuer(raw: &str) -> String {
    let text = raw.trim().to_lowercase();
    let text = text.strip_prefix("https://").unwrap_or(&text);
    text.trim_end_matches('/').to_owned()
}
