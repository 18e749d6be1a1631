//! Everything that says whose signature counts, and one text that names all of it.

use super::{file::FileFault, krl::Revoked, signers::Signers};
use crate::domain::Digest;
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
}

/// A roster as one text, whose SHA-256 is what statements name it by: the RFC 8785 form of
/// `{"format":"countersign-roster@v1","groups":{NAME:[NAMES…]},"people":{NAME:[ACCOUNTS…]},
/// "revoked":DIGEST,"signers":DIGEST}`, where names are sorted and there once, and a file that there is
/// none of is `null`.
///
/// Both files are named by the SHA-256 of their bytes, so a comment that changes is another roster.
pub fn roster(
    signers: Option<Digest>,
    revoked: Option<Digest>,
    groups: &BTreeMap<String, BTreeSet<String>>,
    people: &BTreeMap<String, BTreeSet<String>>,
) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Written<'a> {
        format: &'a str,
        groups: &'a BTreeMap<String, BTreeSet<String>>,
        people: &'a BTreeMap<String, BTreeSet<String>>,
        revoked: Option<Digest>,
        signers: Option<Digest>,
    }
    serde_json_canonicalizer::to_string(&Written {
        format: "countersign-roster@v1",
        groups,
        people,
        revoked,
        signers,
    })
}

#[cfg(test)]
mod tests {
    use super::roster;
    use crate::domain::Digest;
    use std::collections::{BTreeMap, BTreeSet};

    fn sets(name: &str, members: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
        let members = members.iter().map(|one| (*one).to_owned()).collect();
        BTreeMap::from([(name.to_owned(), members)])
    }

    #[test]
    fn the_order_of_people_is_nothing_and_everything_else_counts() {
        let file = |text: &str| Some(Digest::of_bytes(text.as_bytes()));
        let (both, nobody) = (sets("senior", &["mira", "tom"]), BTreeMap::new());
        let one = roster(file("a"), None, &both, &nobody).unwrap();
        let same = roster(file("a"), None, &sets("senior", &["tom", "mira", "tom"]), &nobody);
        assert_eq!(one, same.unwrap());
        let others = [
            roster(file("a"), file(""), &both, &nobody),
            roster(file("b"), None, &both, &nobody),
            roster(None, file("a"), &both, &nobody),
            roster(file("a"), None, &sets("senior", &["mira"]), &nobody),
            roster(file("a"), None, &nobody, &nobody),
            roster(file("a"), None, &both, &sets("mira", &["github:mira"])),
        ];
        assert!(others.into_iter().all(|other| other.unwrap() != one));
    }

    #[test]
    fn it_can_be_computed_with_a_shell() {
        let none = roster(None, None, &BTreeMap::new(), &BTreeMap::new()).unwrap();
        let text = r#"{"format":"countersign-roster@v1","groups":{},"people":{},"revoked":null,"signers":null}"#;
        assert_eq!(none, text);
    }
}
