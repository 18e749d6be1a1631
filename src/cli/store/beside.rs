//! The ledger's key and the head it signed last: two files of the host that signs, beside a store.
//!
//! ```text
//!   FROM.ledger-key   ─copy──▶ TO.ledger-key    ─▶ does it continue what was copied? ─▶ the old go
//!   FROM.ledger-head  ─copy──▶ TO.ledger-head
//! ```
//!
//! They move, and are never in two places: two stores that sign one ledger each on their own are two
//! histories, and witnesses would refuse one of them.

use crate::{
    cli::{
        assemble,
        failure::{Failure, Kind},
    },
    config::Config,
    review::Seal,
    store::{self, Address, Store},
};
use serde::Serialize;
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// Where the two files of a store are on this host, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beside {
    pub key: PathBuf,
    pub head: PathBuf,
}

/// A file that has another place now, or is to have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Move {
    pub from: PathBuf,
    pub to: PathBuf,
}

impl Beside {
    /// Of the store at this place: a path, or a URL.
    pub fn of(place: &str, config: &Config) -> Result<Self, Failure> {
        let path = if Address::is_url(place) {
            store::stand_in_place(place, &assemble::state_dir()?)?
        } else {
            PathBuf::from(place)
        };
        let (key, head) = assemble::seal_files(config, &path);
        Ok(Self { key, head })
    }

    /// What of it is there and would have another place beside the other store.
    pub fn to_move(&self, to: &Self) -> Vec<Move> {
        let pairs = [(&self.key, &to.key), (&self.head, &to.head)];
        let there = pairs.into_iter().filter(|(from, to)| from != to && from.exists());
        there.map(|(from, to)| Move { from: from.clone(), to: to.clone() }).collect()
    }

    /// Whether the files can move, before anything else is done.
    pub fn can_move(&self, to: &Self) -> Result<(), Failure> {
        if !self.key.exists() {
            let what =
                format!("the ledger's key is not on this host: there is no {}", self.key.display());
            return Err(Failure::new(Kind::NotFound, what)
                .next("copy without --with-key, and move the key on the host that signs heads"));
        }
        match self.to_move(to).into_iter().find(|one| one.to.exists()) {
            None => Ok(()),
            Some(one) => {
                let what = format!("{} is there already", one.to.display());
                Err(Failure::new(Kind::Refused, what)
                    .next("it belongs to another ledger; look whose it is, and give another place"))
            }
        }
    }

    /// Moves the files once the copy is there: they count only where they continue it.
    pub async fn go(&self, to: &Self, copied: &dyn Store) -> Result<Vec<Move>, Failure> {
        let moves = self.to_move(to);
        let went = async {
            for one in &moves {
                duplicate(one).map_err(|why| {
                    Failure::new(Kind::Io, format!("{}: {why}", one.to.display()))
                })?;
            }
            match Seal::open(&to.key, &to.head, "", copied.shelf()).await? {
                Some(seal) => seal.continued(copied.shelf()).await.map(drop).map_err(Failure::from),
                None => Err(Failure::new(Kind::Io, "the key is not where it was written")),
            }
        };
        if let Err(failure) = went.await {
            for one in &moves {
                let _ = fs::remove_file(&one.to);
            }
            return Err(failure.next(
                "the store was copied, and the ledger's key and last head are still beside the old one; \
                 look at both before you move them",
            ));
        }
        for one in &moves {
            fs::remove_file(&one.from).map_err(|why| {
                let what = format!(
                    "{} is at its new place too, and cannot be removed: {why}",
                    one.from.display()
                );
                Failure::new(Kind::Io, what).next("remove it: one place signs")
            })?;
        }
        Ok(moves)
    }
}

/// Writes a file anew at another place, for nobody else to read, and on the disk before it counts.
fn duplicate(one: &Move) -> io::Result<()> {
    let content = fs::read(&one.from)?;
    let folder = one.to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&one.to)?;
    file.write_all(&content)?;
    file.sync_all()?;
    fs::File::open(folder)?.sync_all()
}

/// A path as one word of a shell.
pub(super) fn word(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{Beside, word};
    use std::{fs, path::Path};

    #[test]
    fn only_what_is_there_and_has_another_place_moves() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| Beside {
            key: folder.path().join(format!("{name}.ledger-key")),
            head: folder.path().join(format!("{name}.ledger-head")),
        };
        let (old, new) = (at("old"), at("new"));
        assert!(old.to_move(&new).is_empty() && old.can_move(&new).is_err());
        fs::write(&old.key, "k").unwrap();
        assert_eq!(old.to_move(&new).len(), 1);
        assert!(old.to_move(&old).is_empty() && old.can_move(&new).is_ok());
        fs::write(&new.key, "another").unwrap();
        assert!(old.can_move(&new).is_err());
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(word(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}
