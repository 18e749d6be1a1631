//! Everybody who may decide: groups, people with their accounts, keys.
//!
//! ```text
//!   [groups] + [people] + allowed_signers + revocation list ──▶ Roster, with one digest over all
//! ```

use super::{DutyFault, Objection, keys::Keys, roster};
use crate::domain::{Digest, Reviewer, SourceKind, SourceName, Untrusted};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

/// Who may decide, at one moment.
#[derive(Debug, Default)]
pub struct Roster {
    groups: BTreeMap<String, BTreeSet<String>>,
    people: BTreeMap<String, BTreeSet<String>>,
    keys: Keys,
    /// Groups nobody is in because their command did not tell.
    empty: Vec<DutyFault>,
    /// Worked out once.
    named: OnceLock<(Digest, String)>,
}

/// The account behind an action, by the name its system has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account<'a> {
    /// Its name there.
    pub name: &'a Untrusted,
    /// Whether it is one of GitHub, and not of a host.
    pub at_github: bool,
}

impl<'a> Account<'a> {
    /// Who asked for what waits at a source.
    pub fn behind(source: &SourceName, requester: &'a Untrusted) -> Self {
        let kind = source.as_str().split('/').next();
        Self { name: requester, at_github: kind == Some(SourceKind::Github.to_string().as_str()) }
    }

    /// As `[people]` writes it: `ines`, `github:ines-dev`.
    fn written(&self) -> String {
        let name = self.name.raw();
        if self.at_github { format!("github:{name}") } else { name.to_owned() }
    }
}

fn sets<G, M>(groups: G) -> BTreeMap<String, BTreeSet<String>>
where
    G: IntoIterator<Item = (String, M)>,
    M: IntoIterator<Item = String>,
{
    groups.into_iter().map(|(name, members)| (name, members.into_iter().collect())).collect()
}

impl Roster {
    /// A roster of these groups with their members, without keys.
    pub fn new<G, M>(groups: G) -> Self
    where
        G: IntoIterator<Item = (String, M)>,
        M: IntoIterator<Item = String>,
    {
        Self { groups: sets(groups), ..Self::default() }
    }

    /// With these people's accounts: names on hosts, and `github:login`.
    #[must_use]
    pub fn with_people<G, M>(mut self, people: G) -> Self
    where
        G: IntoIterator<Item = (String, M)>,
        M: IntoIterator<Item = String>,
    {
        self.people = sets(people);
        self.named = OnceLock::new();
        self
    }

    /// With these keys.
    #[must_use]
    pub fn with_keys(mut self, keys: Keys) -> Self {
        self.keys = keys;
        self.named = OnceLock::new();
        self
    }

    /// With these groups that nobody is in, and why.
    #[must_use]
    pub(super) fn with_empty(mut self, empty: Vec<DutyFault>) -> Self {
        self.empty = empty;
        self
    }

    /// Groups nobody is in although somebody should be: their command did not tell.
    pub fn empty(&self) -> &[DutyFault] {
        &self.empty
    }

    /// The keys.
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Names this roster: what was decided under another one counts no more.
    pub fn digest(&self) -> Digest {
        self.named().0
    }

    /// The text whose SHA-256 is [`Roster::digest`].
    pub fn text(&self) -> &str {
        &self.named().1
    }

    fn named(&self) -> &(Digest, String) {
        self.named.get_or_init(|| {
            let (signers, revoked) = self.keys.digests();
            // Names have a canonical form; without one no decision would name this roster.
            let text = roster(signers, revoked, &self.groups, &self.people)
                .unwrap_or_else(|_| "no roster".to_owned());
            (Digest::of_bytes(text.as_bytes()), text)
        })
    }

    /// Members of a group, sorted; none where there is no such group.
    pub fn members(&self, group: &str) -> impl Iterator<Item = &str> {
        self.groups.get(group).into_iter().flatten().map(String::as_str)
    }

    /// Whether somebody is in a group, by any of their names.
    pub fn is_in(&self, group: &str, reviewer: &Reviewer) -> bool {
        let person = self.person(reviewer.0.raw());
        self.members(group).any(|member| self.person(member) == person)
    }

    /// The person a name stands for: of two names that `[people]` gives to one person, both are
    /// that person.
    pub fn person<'a>(&'a self, name: &'a str) -> &'a str {
        if self.people.contains_key(name) {
            return name;
        }
        // Names that share a line or a key of the allowed signers are one person too.
        let first = self.keys.reviewers().map_or(name, |all| all.signers.person(name));
        let theirs = self.people.iter().find(|(person, accounts)| {
            person.as_str() == first || accounts.contains(name) || accounts.contains(first)
        });
        theirs.map_or(first, |(person, _)| person.as_str())
    }

    /// Why somebody's approval of what this account asked for never counts, if it does not.
    pub fn excludes(&self, reviewer: &Reviewer, account: Account<'_>) -> Option<Objection> {
        let name = reviewer.0.raw();
        let asked = account.written();
        let listed = self.people.get(self.person(name)).is_some_and(|accounts| {
            accounts.iter().any(|one| match one.strip_prefix("github:") {
                // GitHub does not tell capital letters from small ones.
                Some(login) if account.at_github => login.eq_ignore_ascii_case(account.name.raw()),
                _ => *one == asked,
            })
        });
        // A name that nobody signs with proves nothing, and whoever is alone at their first steps
        // has but one.
        let same = !self.keys.is_none() && {
            let local = name.split('@').next().unwrap_or(name);
            [name, local].iter().any(|name| name.eq_ignore_ascii_case(account.name.raw()))
        };
        (listed || same).then_some(Objection::TheirOwn { account: asked })
    }

    /// Everybody who may decide now, with a name in the file of keys; sorted. Empty where no keys
    /// are set up, and then nobody is known.
    pub fn everybody(&self) -> Vec<&str> {
        let names = self.keys.names();
        let mut people: Vec<&str> = names.into_iter().map(|name| self.person(name)).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}
