//! Who made a change, as far as its commits tell.

use crate::domain::Untrusted;
use std::collections::BTreeSet;

/// Names kept of one change; more people than that nobody reads.
const MOST: usize = 100;
/// Where GitHub lets people's commits come from who keep their address to themselves.
const NO_REPLY: &str = "@users.noreply.github.com";

/// Collects the accounts and addresses behind commits.
#[derive(Debug, Default)]
pub(super) struct Authors {
    names: BTreeSet<String>,
    unsure: bool,
}

impl Authors {
    /// The author of a commit by account and address, and its trailers: co-authors count.
    pub(super) fn commit<'a>(
        &mut self,
        account: Option<&str>,
        address: Option<&str>,
        trailers: impl IntoIterator<Item = &'a str>,
    ) {
        let account = account.or_else(|| address.and_then(behind));
        self.unsure |= account.is_none();
        self.add(account);
        self.add(address);
        for address in trailers.into_iter().filter_map(co_author) {
            let account = behind(address);
            self.unsure |= account.is_none();
            self.add(account);
            self.add(Some(address));
        }
    }

    /// Somebody else may have had a hand in it.
    pub(super) const fn and_others(&mut self) {
        self.unsure = true;
    }

    fn add(&mut self, name: Option<&str>) {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return };
        if self.names.len() < MOST {
            self.names.insert(name.to_owned());
        } else {
            self.unsure = true;
        }
    }

    /// All of them, sorted. Whoever asks is among them unless every commit was somebody else's for
    /// sure.
    pub(super) fn told(mut self, requester: &str) -> Vec<Untrusted> {
        if self.unsure || self.names.is_empty() {
            self.names.insert(requester.to_owned());
        }
        self.names.into_iter().map(Untrusted::new).collect()
    }
}

/// The address in `Co-authored-by: Name <address>`.
fn co_author(trailer: &str) -> Option<&str> {
    let (key, value) = trailer.split_once(": ")?;
    if !key.eq_ignore_ascii_case("co-authored-by") {
        return None;
    }
    Some(value.rsplit_once('<')?.1.split('>').next()?.trim())
}

/// The account behind one of GitHub's own addresses: `1234+login@…` or `login@…`.
fn behind(address: &str) -> Option<&str> {
    let name = address.strip_suffix(NO_REPLY)?;
    let login = name.split_once('+').map_or(name, |(_, login)| login);
    (!login.is_empty()).then_some(login)
}

#[cfg(test)]
mod tests {
    use super::Authors;

    fn told(commits: &[(Option<&str>, Option<&str>, &[&str])], requester: &str) -> Vec<String> {
        let mut authors = Authors::default();
        for (account, address, trailers) in commits {
            authors.commit(*account, *address, trailers.iter().copied());
        }
        authors.told(requester).iter().map(|name| name.raw().to_owned()).collect()
    }

    #[test]
    fn the_accounts_and_addresses_behind_commits_are_named() {
        let bot = (Some("copilot[bot]"), Some("bot@example.com"), [].as_slice());
        assert_eq!(told(&[bot, bot], "mira"), ["bot@example.com", "copilot[bot]"]);
    }

    #[test]
    fn a_co_author_counts_and_an_address_of_githubs_names_its_account() {
        let trailers = ["Co-authored-by: Ana <7+ana@users.noreply.github.com>", "Signed-off-by: x"];
        let commit = (Some("kim"), None, trailers.as_slice());
        let names = told(&[commit], "mira");
        assert_eq!(names, ["7+ana@users.noreply.github.com", "ana", "kim"]);
    }

    #[test]
    fn who_asks_is_among_them_where_nobody_can_tell() {
        assert_eq!(told(&[], "mira"), ["mira"]);
        let unknown = (None, Some("someone@example.com"), [].as_slice());
        assert_eq!(told(&[unknown], "mira"), ["mira", "someone@example.com"]);
        let many: Vec<_> = (0..200).map(|number| format!("a{number}")).collect();
        let many: Vec<_> =
            many.iter().map(|name| (Some(name.as_str()), None, [].as_slice())).collect();
        let names = told(&many, "zoe");
        assert!(names.len() == 101 && names.contains(&"zoe".to_owned()));
    }
}
