//! Who could change a file, by the mode bits: asking the system as root would always say yes.

use rustix::fs::getxattr;
use serde::Serialize;
use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

/// An account, with every group it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Its name; empty where the system has none for the number.
    pub name: String,
    /// Its number.
    pub uid: u32,
    /// Numbers of its groups.
    pub gids: Vec<u32>,
}

impl Account {
    /// The account this runs as.
    pub fn current() -> Self {
        let uid = rustix::process::geteuid().as_raw();
        let mut gids = vec![rustix::process::getegid().as_raw()];
        let others = rustix::process::getgroups().unwrap_or_default();
        gids.extend(others.into_iter().map(rustix::fs::Gid::as_raw));
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let name = entries(&passwd).find(|fields| field(fields, 2) == uid.to_string());
        let name = name.and_then(|fields| fields.first().copied()).unwrap_or_default();
        Self { name: name.to_owned(), uid, gids }
    }

    /// The account of this name, by the texts of `/etc/passwd` and `/etc/group`.
    pub fn named(name: &str, passwd: &str, group: &str) -> Option<Self> {
        let fields = entries(passwd).find(|fields| field(fields, 0) == name)?;
        let (uid, gid) = (field(&fields, 2).parse().ok()?, field(&fields, 3).parse().ok()?);
        let mut gids = vec![gid];
        gids.extend(entries(group).filter_map(|fields| {
            let member = field(&fields, 3).split(',').any(|member| member == name);
            member.then(|| field(&fields, 2).parse::<u32>().ok()).flatten()
        }));
        Some(Self { name: name.to_owned(), uid, gids })
    }

    /// Name and number.
    pub fn shown(&self) -> String {
        match self.name.as_str() {
            "" => format!("uid {}", self.uid),
            name => format!("{name} (uid {})", self.uid),
        }
    }

    /// Whether the mode bits of a file give it this right: 4 read, 2 write, 1 enter.
    fn may(&self, meta: &Metadata, right: u32) -> bool {
        let bits = if meta.uid() == self.uid {
            meta.mode() >> 6
        } else if self.gids.contains(&meta.gid()) {
            meta.mode() >> 3
        } else {
            meta.mode()
        };
        bits & right != 0
    }
}

fn entries(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split(':').collect())
}

fn field<'a>(fields: &[&'a str], at: usize) -> &'a str {
    fields.get(at).copied().unwrap_or_default()
}

/// Whether an account could change a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "because")]
pub enum Access {
    /// It could not, by everything that can be seen.
    No,
    /// Something that was not looked at may allow it.
    Unknown(String),
    /// It could.
    Yes(String),
}

/// Whether an account could change what a path stands for: write the file, put another in its
/// place, or make it where it is not there. Both the way that was named and the one it really
/// takes are walked.
pub fn may_change(path: &Path, account: &Account) -> Access {
    if account.uid == 0 {
        return Access::Yes("root can change everything".to_owned());
    }
    let named = walk(path, account);
    let real = fs::canonicalize(path).map_or(Access::No, |real| walk(&real, account));
    match (named, real) {
        (Access::Yes(why), _) | (_, Access::Yes(why)) => Access::Yes(why),
        (Access::Unknown(why), _) | (_, Access::Unknown(why)) => Access::Unknown(why),
        _ => Access::No,
    }
}

/// From the top down: whoever can write a directory on the way can put another in its place.
fn walk(path: &Path, account: &Account) -> Access {
    let mut unknown = None;
    let steps: Vec<&Path> = path.ancestors().collect();
    for (at, step) in steps.iter().enumerate().rev() {
        let Ok(meta) = fs::metadata(step) else {
            // What is not there cannot be entered either; who may make it was asked above.
            break;
        };
        let shown = step.display();
        if meta.uid() == account.uid {
            return Access::Yes(format!("{} owns {shown}", account.shown()));
        }
        if has_acl(step) {
            unknown = Some(format!("{shown} has an access control list, which is not read here"));
        }
        if !meta.is_dir() {
            if account.may(&meta, 2) {
                return Access::Yes(format!("{} can write {shown}", account.shown()));
            }
            break;
        }
        if !account.may(&meta, 1) {
            break;
        }
        let next = at.checked_sub(1).and_then(|next| steps.get(next));
        if let Some(next) = next
            && account.may(&meta, 2)
            && !is_kept(&meta, next, account)
        {
            return Access::Yes(format!("{} can put files into {shown}", account.shown()));
        }
    }
    unknown.map_or(Access::No, Access::Unknown)
}

/// Whether a sticky directory keeps what is in it for its owner.
fn is_kept(folder: &Metadata, inside: &Path, account: &Account) -> bool {
    const STICKY: u32 = 0o1000;
    folder.mode() & STICKY != 0
        && fs::symlink_metadata(inside).is_ok_and(|meta| meta.uid() != account.uid)
}

fn has_acl(path: &Path) -> bool {
    let mut none: [u8; 0] = [];
    getxattr(path, "system.posix_acl_access", &mut none).is_ok_and(|size| size > 0)
}

#[cfg(test)]
mod tests {
    use super::{Access, Account, may_change};
    use std::{
        fs,
        os::unix::fs::{MetadataExt as _, PermissionsExt as _},
        path::Path,
    };

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nagent:x:1501:1501::/home/agent:/bin/sh\n";
    const GROUP: &str = "root:x:0:\ndocker:x:999:robin,agent\nagents:x:1501:\nother:x:7:agentx\n";

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn an_account_has_all_its_groups() {
        let agent = Account::named("agent", PASSWD, GROUP).unwrap();
        assert_eq!((agent.uid, agent.gids.as_slice()), (1501, &[1501, 999][..]));
        assert_eq!(Account::named("nobody-here", PASSWD, GROUP), None);
    }

    #[test]
    fn a_stranger_cannot_change_what_the_bits_keep() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.db");
        fs::write(&file, "").unwrap();
        let own = fs::metadata(&file).unwrap();
        let stranger =
            Account { name: "agent".into(), uid: own.uid() + 1, gids: vec![own.gid() + 1] };
        mode(folder.path(), 0o755);
        mode(&file, 0o644);
        assert_eq!(may_change(&file, &stranger), Access::No);
        mode(&file, 0o646);
        assert!(matches!(may_change(&file, &stranger), Access::Yes(_)));
        mode(&file, 0o600);
        mode(folder.path(), 0o777);
        assert!(matches!(may_change(&file, &stranger), Access::Yes(_)), "it can be replaced");
        assert!(matches!(may_change(&folder.path().join("new"), &stranger), Access::Yes(_)));
        mode(folder.path(), 0o1777);
        assert_eq!(may_change(&file, &stranger), Access::No, "sticky");
        mode(&file, 0o666);
        mode(folder.path(), 0o700);
        assert_eq!(may_change(&file, &stranger), Access::No, "it cannot get there");
        let grouped = Account { gids: vec![own.gid()], ..stranger };
        mode(folder.path(), 0o770);
        assert!(matches!(may_change(&file, &grouped), Access::Yes(_)), "by its group");
    }

    #[test]
    fn an_owner_and_root_always_can() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy.cedar");
        fs::write(&file, "").unwrap();
        mode(&file, 0o400);
        let meta = fs::metadata(&file).unwrap();
        let owner = Account { name: String::new(), uid: meta.uid(), gids: vec![] };
        assert!(matches!(may_change(&file, &owner), Access::Yes(_)));
        let root = Account { name: "root".into(), uid: 0, gids: vec![0] };
        assert!(matches!(may_change(&file, &root), Access::Yes(_)));
    }
}
