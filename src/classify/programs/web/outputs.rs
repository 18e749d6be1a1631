//! Files that a download writes.

use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

/// Ends of names of files that run, or let somebody in, once they are written.
const RUNS: &[&str] = &[
    ".bashrc",
    ".bash_profile",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".zprofile",
    "authorized_keys",
    ".gitconfig",
    "/etc/ld.so.preload",
    "/etc/profile",
    "/etc/environment",
    "/etc/crontab",
    "config.fish",
    ".vimrc",
];
/// Folders of the same kind.
const FOLDERS: &[&str] = &[
    "/etc/cron",
    "/etc/systemd/",
    "/etc/profile.d/",
    "/etc/sudoers",
    "/var/spool/cron",
    "/etc/init.d/",
    "/.git/hooks/",
    "/etc/pam.d/",
    "/etc/ssh/",
];

/// Judges a file that is written with what comes from elsewhere.
pub fn written(file: &Word, judge: &mut Judge<'_>) {
    let name = file.text();
    if matches!(name, "-" | "/dev/null" | "/dev/stdout" | "/dev/stderr" | "NUL" | "%") {
        return;
    }
    let resource = judge.name(file);
    if matches!(name, "/etc/passwd" | "/etc/shadow" | "/etc/group" | "/etc/fstab" | "/etc/hosts") {
        let lost = "what the file held is gone";
        return judge.destroys(Verb::Update, "files", resource, file.span(), lost);
    }
    let disks = ["/dev/sd", "/dev/nvme", "/dev/vd", "/dev/xvd", "/dev/mapper/", "/dev/disk"];
    if disks.iter().any(|disk| name.starts_with(disk)) {
        let lost = "what the disk held is gone";
        return judge.destroys(Verb::Delete, "files", resource, file.span(), lost);
    }
    if RUNS.iter().any(|end| name.ends_with(end)) || FOLDERS.iter().any(|part| name.contains(part))
    {
        return judge.opaque(file.span(), "what comes from elsewhere is run, or trusted, later");
    }
    judge.changes(Verb::Create, "files", resource, file.span(), "delete the file it writes");
}
