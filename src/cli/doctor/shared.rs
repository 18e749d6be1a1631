//! Who can read, alter or delete the store, by the modes of its folder and files.
//!
//! ```text
//!   folder 3770 (setgid, sticky) ─┬─ store 0660, -wal, -shm: the group reads and writes
//!     owner ─ may delete          └─ deleting: its owner, the folder's owner, root
//!   folders above ─ whoever may write one of them can put another store in its place
//! ```
//!
//! Access control lists are not looked at, nor who joins a group by a directory service.

use super::{good, warning};
use crate::{
    domain::Untrusted,
    sources::{Diagnosis, Verdict},
};
use std::{
    fs::{self, Metadata},
    io::Read as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// How every SQLite 3 file begins, <https://www.sqlite.org/fileformat.html#magic_header_string>.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

const STICKY: u32 = 0o1000;
const SETGID: u32 = 0o2000;
const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;

/// What matters of a file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    path: PathBuf,
    uid: u32,
    gid: u32,
    mode: u32,
}

impl Found {
    fn at(path: &Path) -> Option<Self> {
        Some(Self::of(path, &fs::metadata(path).ok()?))
    }

    fn of(path: &Path, about: &Metadata) -> Self {
        let (uid, gid, mode) = (about.uid(), about.gid(), about.mode() & 0o7777);
        Self { path: path.to_owned(), uid, gid, mode }
    }

    fn has(&self, bits: u32) -> bool {
        self.mode & bits == bits
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// The names of accounts and groups.
struct Names {
    passwd: String,
    group: String,
}

impl Names {
    fn read() -> Self {
        let text = |path| fs::read_to_string(path).unwrap_or_default();
        Self { passwd: text("/etc/passwd"), group: text("/etc/group") }
    }

    fn find(all: &str, id: u32) -> Option<&str> {
        let id = id.to_string();
        let line = all.lines().find(|line| line.split(':').nth(2) == Some(&id))?;
        line.split(':').next()
    }

    fn user(&self, uid: u32) -> String {
        Self::find(&self.passwd, uid).map_or_else(|| format!("uid {uid}"), str::to_owned)
    }

    /// A group with those who are in it, as far as the files of this host tell.
    fn members(&self, gid: u32) -> String {
        let name = Self::find(&self.group, gid).map_or_else(|| format!("gid {gid}"), str::to_owned);
        let listed =
            self.group.lines().find(|line| line.split(':').nth(2) == Some(&gid.to_string()));
        let listed = listed.and_then(|line| line.split(':').nth(3)).unwrap_or_default();
        let own = self.passwd.lines().filter(|line| {
            line.split(':').nth(3).is_some_and(|primary| primary == gid.to_string())
        });
        let own = own.filter_map(|line| line.split(':').next());
        let mut all: Vec<&str> =
            listed.split(',').filter(|name| !name.is_empty()).chain(own).collect();
        all.sort_unstable();
        all.dedup();
        if all.is_empty() { name } else { format!("{name} ({})", all.join(", ")) }
    }
}

/// Looks at the store's folder, its files, and the folders above.
pub(super) fn checks(store: &Path) -> Vec<Diagnosis> {
    // A file that stands for a store on a server is not the store.
    let is_a_database = fs::File::open(store)
        .and_then(|mut file| {
            let mut head = [0; SQLITE.len()];
            file.read_exact(&mut head).map(|()| head == *SQLITE)
        })
        .unwrap_or(false);
    if !is_a_database {
        return Vec::new();
    }
    let store = fs::canonicalize(store).unwrap_or_else(|_| store.to_owned());
    let Some((file, folder)) = Found::at(&store)
        .and_then(|file| Some((file, Found::at(store.parent().unwrap_or(Path::new(".")))?)))
    else {
        return Vec::new();
    };
    let beside: Vec<Found> = ["-wal", "-shm"]
        .into_iter()
        .filter_map(|end| {
            let mut name = store.as_os_str().to_owned();
            name.push(end);
            Found::at(Path::new(&name))
        })
        .collect();
    let above: Vec<Found> = folder.path.ancestors().skip(1).filter_map(Found::at).collect();
    let us = rustix::process::geteuid().as_raw();
    judged(&file, &folder, &beside, &above, us, &Names::read())
}

fn broken(problem: String, next_step: String) -> Diagnosis {
    Diagnosis {
        what: "who can change it".to_owned(),
        verdict: Verdict::Bad { problem: Untrusted::new(problem), next_step },
    }
}

fn odd(problem: String, next_step: &str) -> Diagnosis {
    warning("who can change it", problem, next_step)
}

fn judged(
    file: &Found,
    folder: &Found,
    beside: &[Found],
    above: &[Found],
    us: u32,
    names: &Names,
) -> Vec<Diagnosis> {
    let shared = folder.has(GROUP_WRITES) || file.has(GROUP_WRITES);
    let mut checks = Vec::new();
    if folder.has(OTHERS_WRITE) {
        let can = if folder.has(STICKY) { "put files beside" } else { "delete or replace" };
        checks.push(broken(
            format!(
                "every user of this machine can {can} the store: {} is {:04o}",
                folder.name(),
                folder.mode
            ),
            format!("chmod o-w {}", folder.name()),
        ));
    }
    if shared {
        as_shared(file, folder, beside, names, &mut checks);
    }
    if file.mode & 0o004 != 0 && folder.mode & 0o001 != 0 {
        checks.push(odd(
            format!(
                "every user of this machine can read what waits: {} is {:04o}",
                file.name(),
                file.mode
            ),
            "take that away with `chmod o-rwx` on the store, its -wal and its -shm",
        ));
    }
    from_above(folder, above, us, names, &mut checks);
    if checks.is_empty() {
        let owner = names.user(file.uid);
        let who = if shared {
            format!(
                "{} and the group {}; to delete it, only {} and {}, and root. Rows can be altered by \
                 each of them: signatures and a witness of the ledger show it",
                owner,
                names.members(folder.gid),
                names.user(folder.uid),
                owner
            )
        } else {
            format!("{owner}, and root")
        };
        checks.push(good("who can change it", who));
    }
    checks
}

/// A store that a group shares.
fn as_shared(
    file: &Found,
    folder: &Found,
    beside: &[Found],
    names: &Names,
    checks: &mut Vec<Diagnosis>,
) {
    let members = names.members(folder.gid);
    if !folder.has(GROUP_WRITES) {
        checks.push(broken(
            format!(
                "the group may write the store, but not its folder {}, where SQLite puts its log",
                folder.name()
            ),
            format!("chmod 3770 {}", folder.name()),
        ));
    } else if !folder.has(STICKY) {
        checks.push(broken(
            format!("everybody in {members} can delete the store, or put another in its place"),
            format!("chmod +t {}, so that only its owner can", folder.name()),
        ));
    }
    if folder.has(GROUP_WRITES) && !folder.has(SETGID) {
        checks.push(odd(
            format!("files made in {} get the group of whoever makes them", folder.name()),
            "set the folder's group on them: chmod g+s on the folder",
        ));
    }
    if file.gid != folder.gid {
        checks.push(broken(
            format!(
                "the store belongs to another group than its folder: {}",
                names.members(file.gid)
            ),
            format!("chgrp {} {}", folder.gid, file.name()),
        ));
    }
    for one in [file].into_iter().chain(beside).filter(|one| one.mode & 0o060 != 0o060) {
        checks.push(broken(
            format!("the group cannot read and write {} ({:04o}): others of it fail with \"attempt to write a readonly database\"", one.name(), one.mode),
            format!("chmod 660 {}", one.name()),
        ));
    }
}

/// Whoever may write a folder above can put another one in the place of the store's.
fn from_above(
    folder: &Found,
    above: &[Found],
    us: u32,
    names: &Names,
    checks: &mut Vec<Diagnosis>,
) {
    if folder.uid != us && folder.uid != 0 && !folder.has(GROUP_WRITES) {
        checks.push(odd(
            format!(
                "{} owns {}, and can put another store there",
                names.user(folder.uid),
                folder.name()
            ),
            "keep the store in a folder of your own, or of root's",
        ));
    }
    for one in above {
        if one.has(OTHERS_WRITE) && !one.has(STICKY) {
            checks.push(broken(
                format!("every user of this machine can put another folder in the place of one below {}", one.name()),
                format!("chmod o-w {}, or chmod +t", one.name()),
            ));
        } else if one.has(GROUP_WRITES) && !one.has(STICKY) && one.gid != 0 {
            checks.push(odd(
                format!(
                    "{} can put another folder in the place of one below {}",
                    names.members(one.gid),
                    one.name()
                ),
                "chmod g-w that folder, or chmod +t",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Names, judged};
    use crate::sources::{Diagnosis, Verdict};
    use std::path::PathBuf;

    fn found(path: &str, uid: u32, gid: u32, mode: u32) -> Found {
        Found { path: PathBuf::from(path), uid, gid, mode }
    }

    fn told(folder: &Found, file: &Found, above: u32) -> Vec<String> {
        let names = Names {
            passwd:
                "root:x:0:0::/:/bin/sh\nkim:x:1001:1001::/:/bin/sh\nada:x:1002:500::/:/bin/sh\n"
                    .to_owned(),
            group: "root:x:0:\noncall:x:500:kim\n".to_owned(),
        };
        let above = [found("/var/lib", 0, 0, above)];
        let word = |one: Diagnosis| match one.verdict {
            Verdict::Good { saw } => format!("good {}", saw.raw()),
            Verdict::Warning { problem, .. } => format!("warn {}", problem.raw()),
            Verdict::Bad { problem, .. } => format!("bad {}", problem.raw()),
        };
        let beside = [found("/var/lib/c/s.db-wal", file.uid, file.gid, file.mode)];
        judged(file, folder, &beside, &above, 1001, &names).into_iter().map(word).collect()
    }

    #[test]
    fn a_store_of_ones_own_and_one_that_is_shared_well_are_good() {
        let own = told(
            &found("/var/lib/c", 1001, 1001, 0o700),
            &found("/var/lib/c/s.db", 1001, 1001, 0o600),
            0o755,
        );
        assert_eq!(own, ["good kim, and root"]);
        let shared = told(
            &found("/var/lib/c", 0, 500, 0o3770),
            &found("/var/lib/c/s.db", 1002, 500, 0o660),
            0o755,
        );
        let [shared] = shared.as_slice() else { panic!("{shared:?}") };
        assert!(shared.starts_with("good ada and the group oncall (ada, kim); to delete it"));
    }

    #[test]
    fn every_way_to_delete_replace_read_or_lose_it_is_named() {
        let store = found("/var/lib/c/s.db", 1002, 500, 0o660);
        let folder = |mode| found("/var/lib/c", 0, 500, mode);
        for (mode, file, above, says) in [
            (0o2770, store.clone(), 0o755, "bad everybody in oncall (ada, kim) can delete"),
            (0o1770, store.clone(), 0o755, "warn files made in /var/lib/c get the group"),
            (0o2750, store.clone(), 0o755, "bad the group may write the store, but not its folder"),
            (0o3777, store.clone(), 0o755, "bad every user of this machine can put files beside"),
            (0o2777, store.clone(), 0o755, "bad every user of this machine can delete or replace"),
            (
                0o3770,
                found("/var/lib/c/s.db", 1002, 500, 0o640),
                0o755,
                "bad the group cannot read",
            ),
            (0o3770, found("/var/lib/c/s.db", 1002, 7, 0o660), 0o755, "bad the store belongs to"),
            (0o3771, found("/var/lib/c/s.db", 1002, 500, 0o664), 0o755, "warn every user of this"),
            (0o3770, store.clone(), 0o777, "bad every user of this machine can put another folder"),
        ] {
            let told = told(&folder(mode), &file, above);
            assert!(told.iter().any(|one| one.starts_with(says)), "{says}: {told:?}");
            assert!(!told.iter().any(|one| one.starts_with("good")), "{told:?}");
        }
    }
}
