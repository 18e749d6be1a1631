//! On which kind of filesystem a store lies.
//!
//! ```text
//!   statfs ─▶ magic number ─┬─ a network's ─▶ refused
//!                           ├─ FUSE ─▶ which, by mountinfo ─┬─ known to be local ─▶ fine
//!                           └─ another ─▶ fine              └─ anything else ────▶ refused
//! ```
//!
//! Write-ahead logging shares memory between processes, which hosts do not share: two of them would
//! damage the file (<https://www.sqlite.org/wal.html>).

use std::path::Path;

/// Kinds of filesystems that several hosts share, by their number in `statfs(2)`.
const NETWORK: [(u32, &str); 13] = [
    (0x6969, "nfs"),
    (0x517b, "smb"),
    (0xff53_4d42, "cifs"),
    (0xfe53_4d42, "smb2"),
    (0x7375_7245, "coda"),
    (0x5346_414f, "afs"),
    (0x6b41_4653, "kafs"),
    (0x0102_1997, "9p"),
    (0x00c3_6400, "ceph"),
    (0x0bd0_0bd0, "lustre"),
    (0x0116_1970, "gfs2"),
    (0x7461_636f, "ocfs2"),
    (0x4750_4653, "gpfs"),
];

/// The number of whatever a program provides: sshfs, and local ones too.
const FUSE: u32 = 0x6573_5546;

/// Programs behind FUSE that keep their files on this host. Everything else there may be a network.
const LOCAL_FUSE: [&str; 11] = [
    "fuseblk",
    "fuse.fuse-overlayfs",
    "fuse.overlayfs",
    "fuse.bindfs",
    "fuse.mergerfs",
    "fuse.gocryptfs",
    "fuse.encfs",
    "fuse.cryfs",
    "fuse.ext2",
    "fuse.ntfs-3g",
    "fuse.zfs",
];

/// Names a network filesystem: what tests say a file lies on, and what `mountinfo` does.
fn is_network(name: &str) -> bool {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = |(_, network): &(u32, &str)| *network == name || *network == bare;
    let is_fuse = name == "virtiofs" || name.starts_with("fuse");
    NETWORK.iter().any(known) || (is_fuse && !LOCAL_FUSE.contains(&name))
}

/// The kind of network filesystem a path lies on, or will, if it does.
pub(super) fn network(path: &Path) -> Option<String> {
    // For tests of builds that nobody installs: there is no such filesystem to be had there.
    if cfg!(debug_assertions)
        && let Ok(name) = std::env::var("COUNTERSIGN_TEST_FILESYSTEM")
    {
        return is_network(&name).then_some(name);
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.ancestors().find(|path| path.exists()).and_then(kind)
}

#[cfg(target_os = "linux")]
fn kind(path: &Path) -> Option<String> {
    let found = rustix::fs::statfs(path).ok()?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "magic numbers have 32 bits, whatever the width and sign of the field"
    )]
    let number = found.f_type as u32;
    if number != FUSE {
        let known = NETWORK.iter().find(|(known, _)| *known == number);
        return known.map(|(_, name)| (*name).to_owned());
    }
    let name = mounted(path).unwrap_or_else(|| "fuse".to_owned());
    is_network(&name).then_some(name)
}

/// Elsewhere there is no portable way to ask.
#[cfg(not(target_os = "linux"))]
fn kind(_path: &Path) -> Option<String> {
    None
}

/// What `/proc/self/mountinfo` calls the filesystem a path lies on (`proc_pid_mountinfo(5)`).
#[cfg(target_os = "linux")]
fn mounted(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let device = path.metadata().ok()?.dev();
    let device = format!("{}:{}", rustix::fs::major(device), rustix::fs::minor(device));
    let all = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    named(&all, &device)
}

#[cfg(target_os = "linux")]
fn named(mountinfo: &str, device: &str) -> Option<String> {
    let line = mountinfo.lines().find(|line| line.split(' ').nth(2) == Some(device))?;
    let (_, after) = line.split_once(" - ")?;
    after.split(' ').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{is_network, named, network};

    #[test]
    fn what_several_hosts_share_is_told_from_what_is_local() {
        for name in
            ["nfs", "nfs4", "cifs", "smb2", "smb3", "9p", "ceph", "fuse.sshfs", "fuse", "virtiofs"]
        {
            assert!(is_network(name), "{name}");
        }
        for name in ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuse.fuse-overlayfs", "fuseblk"] {
            assert!(!is_network(name), "{name}");
        }
    }

    #[test]
    fn the_line_of_the_device_names_the_program_behind_fuse() {
        let all = "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                   91 24 0:52 / /mnt/a\\040b rw,nosuid shared:9 - fuse.sshfs me@host:/x rw\n";
        assert_eq!(named(all, "0:52").as_deref(), Some("fuse.sshfs"));
        assert_eq!(named(all, "0:53"), None);
    }

    #[test]
    fn a_folder_that_is_still_to_be_made_lies_where_its_parent_does() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(network(&folder.path().join("a/b/c.db")), network(folder.path()));
    }
}
