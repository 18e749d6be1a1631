//! Everything that says whose signature counts, and one digest for all of it.

use super::{file::FileFault, krl::Revoked, signers::Signers};
use crate::domain::{Digest, DigestError};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The people whose signatures count, and the keys that count no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewers {
    /// Whose keys count.
    pub signers: Signers,
    /// Which no longer do.
    pub revoked: Revoked,
}

impl Reviewers {
    /// Reads both files; without the second nothing is revoked.
    pub fn load(signers: &Path, revoked: Option<&Path>) -> Result<Self, FileFault> {
        let revoked = revoked.map_or_else(|| Ok(Revoked::default()), Revoked::load)?;
        Ok(Self { signers: Signers::load(signers)?, revoked })
    }

    /// The digest of the roster that these make together with the groups of the configuration.
    pub fn roster(&self, groups: &BTreeMap<String, Vec<String>>) -> Result<Digest, DigestError> {
        roster(Some(self.signers.digest()), self.revoked.digest(), groups)
    }
}

/// The digest of a roster: SHA-256 of the RFC 8785 form of
/// `{"format":"countersign-roster@v1","groups":{NAME:[PEOPLE…]},"revoked":DIGEST,"signers":DIGEST}`,
/// where people are sorted and there once, and a file that there is none of is `null`.
///
/// Both files are named by the SHA-256 of their bytes, so a comment that changes is another roster.
pub fn roster(
    signers: Option<Digest>,
    revoked: Option<Digest>,
    groups: &BTreeMap<String, Vec<String>>,
) -> Result<Digest, DigestError> {
    #[derive(Serialize)]
    struct Written<'a> {
        format: &'a str,
        groups: BTreeMap<&'a str, BTreeSet<&'a str>>,
        revoked: Option<Digest>,
        signers: Option<Digest>,
    }
    Digest::of_canonical(&Written {
        format: "countersign-roster@v1",
        groups: groups
            .iter()
            .map(|(name, people)| (name.as_str(), people.iter().map(String::as_str).collect()))
            .collect(),
        revoked,
        signers,
    })
}

#[cfg(test)]
mod tests {
    use super::roster;
    use crate::domain::Digest;
    use std::collections::BTreeMap;

    fn groups(people: &[&str]) -> BTreeMap<String, Vec<String>> {
        let people = people.iter().map(|one| (*one).to_owned()).collect();
        BTreeMap::from([("senior".to_owned(), people)])
    }

    #[test]
    fn the_order_of_people_is_nothing_and_everything_else_counts() {
        let file = |text: &str| Some(Digest::of_bytes(text.as_bytes()));
        let one = roster(file("a"), None, &groups(&["mira", "tom"])).unwrap();
        let same = roster(file("a"), None, &groups(&["tom", "mira", "tom"])).unwrap();
        assert_eq!(one, same);
        let others = [
            roster(file("a"), file(""), &groups(&["mira", "tom"])),
            roster(file("b"), None, &groups(&["mira", "tom"])),
            roster(None, file("a"), &groups(&["mira", "tom"])),
            roster(file("a"), None, &groups(&["mira"])),
            roster(file("a"), None, &BTreeMap::new()),
        ];
        assert!(others.into_iter().all(|other| other.unwrap() != one));
    }

    #[test]
    fn it_can_be_computed_with_a_shell() {
        // printf '{"format":"countersign-roster@v1","groups":{},"revoked":null,"signers":null}' | sha256sum
        let none = roster(None, None, &BTreeMap::new()).unwrap();
        assert_eq!(
            none,
            Digest::of_bytes(
                br#"{"format":"countersign-roster@v1","groups":{},"revoked":null,"signers":null}"#,
            )
        );
    }
}
