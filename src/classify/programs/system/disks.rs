//! Disks, file systems and volumes.
//!
//! From the util-linux, e2fsprogs, lvm2, mdadm, cryptsetup, parted, btrfs-progs and `OpenZFS` manuals
//! (<https://man7.org/linux/man-pages/>, <https://openzfs.github.io/openzfs-docs/man/>), 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    COMMANDS, PLAIN,
    copy::is_disk,
    remove::is_made_again,
    secrets::passed_on,
};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

const DISK_GONE: &str = "everything on the device is gone";
const VOLUME_GONE: &str = "the volume and everything on it is gone";
const READS: Does = Does::Reads;
const RESIZES: Does = Does::Changes(Verb::Update, "set the old size or setting again");

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["dd", "dcfldd", "ddrescue"], &DD),
    Program::table(
        &[
            "mkfs",
            "mkfs.ext2",
            "mkfs.ext3",
            "mkfs.ext4",
            "mkfs.xfs",
            "mkfs.btrfs",
            "mkfs.vfat",
            "mkfs.fat",
            "mkfs.ntfs",
            "mkfs.f2fs",
            "mkfs.exfat",
            "mke2fs",
            "mkntfs",
            "mkdosfs",
            "mkswap",
            "newfs",
            "newfs_apfs",
            "nwipe",
            "blkdiscard",
            "sg_format",
            "mkfs.minix",
            "mkfs.cramfs",
        ],
        &MKFS,
    ),
    Program::table(&["wipefs"], &WIPEFS),
    Program::table(
        &["fdisk", "sfdisk", "cfdisk", "gdisk", "sgdisk", "cgdisk", "parted", "partx"],
        &FDISK,
    ),
    Program::table(
        &["lvremove", "vgremove", "pvremove", "lvreduce", "vgreduce", "pvcreate"],
        &LVREMOVE,
    ),
    Program::table(
        &[
            "lvs",
            "vgs",
            "pvs",
            "lvdisplay",
            "vgdisplay",
            "pvdisplay",
            "lvscan",
            "vgscan",
            "pvscan",
            "lvmdiskscan",
            "dumpe2fs",
            "xfs_info",
            "smartctl",
            "badblocks",
            "zdb",
            "quota",
            "repquota",
            "lsscsi",
            "udevadm",
        ],
        &LOOKS,
    ),
    Program::table(
        &[
            "lvcreate",
            "vgcreate",
            "lvextend",
            "vgextend",
            "lvrename",
            "vgrename",
            "lvchange",
            "vgchange",
            "pvresize",
            "pvmove",
            "pvchange",
            "lvconvert",
            "vgcfgbackup",
            "xfs_growfs",
            "growpart",
            "fstrim",
            "losetup",
            "mount",
            "umount",
            "swapon",
            "swapoff",
            "fsck",
            "fsck.ext4",
            "e2fsck",
            "xfs_repair",
            "tune2fs",
            "e2label",
            "xfs_admin",
            "partprobe",
            "multipath",
            "iscsiadm",
            "kpartx",
            "quotaon",
            "quotaoff",
            "edquota",
            "setquota",
            "fsfreeze",
            "mount.nfs",
            "mount.cifs",
            "fusermount",
            "veracrypt",
            "udisksctl",
            "eject",
            "mkinitramfs",
            "update-initramfs",
            "dracut",
            "mkinitcpio",
            "grub-install",
            "update-grub",
            "grub-mkconfig",
            "grub2-mkconfig",
            "e4defrag",
        ],
        &CHANGES,
    ),
    Program::table(&["resize2fs", "lvresize", "xfs_db", "debugfs", "hdparm", "nvme"], &RISKY),
    Program::table(&["zfs"], &ZFS),
    Program::table(&["zpool"], &ZPOOL),
    Program::table(&["btrfs"], &BTRFS),
    Program::table(&["cryptsetup"], &CRYPTSETUP),
    Program::table(&["mdadm"], &MDADM),
    Program::table(&["diskutil"], &DISKUTIL),
];

static DD: Cli = Cli { rules: &[Rule::asks("**", dd)], ..PLAIN };
static MKFS: Cli = Cli {
    harmless: &["--help", "--version"],
    valued: &["-t", "-L", "-U", "-b", "-m", "-i", "-o", "-l"],
    rules: &[Rule::deletes("**", DISK_GONE).dry(&["-N", "--dry-run"])],
    ..PLAIN
};
static WIPEFS: Cli = Cli {
    valued: &["-t", "--types", "-o", "--offset", "-O", "--output"],
    rules: &[Rule::reads("**").dry(&["-n", "--no-act"]).when(&[
        ("-a", Does::Destroys(Verb::Delete, DISK_GONE)),
        ("--all", Does::Destroys(Verb::Delete, DISK_GONE)),
        ("-o", Does::Destroys(Verb::Delete, DISK_GONE)),
        ("--offset", Does::Destroys(Verb::Delete, DISK_GONE)),
    ])],
    ..PLAIN
};
static FDISK: Cli = Cli { rules: &[Rule::asks("**", partitions)], ..PLAIN };
static LVREMOVE: Cli = Cli {
    rules: &[Rule::deletes("**", VOLUME_GONE).dry(&["-t", "--test"])],
    valued: &["-L", "--size", "-l", "--extents", "-S", "--select"],
    ..PLAIN
};
static LOOKS: Cli = Cli { rules: &[Rule::reads("**")], ..PLAIN };
static CHANGES: Cli = Cli {
    valued: &["-t", "-o", "-L", "-n", "-l", "--size", "--name", "--options", "--types"],
    rules: &[Rule::asks("**", changes)],
    ..PLAIN
};
static RISKY: Cli = Cli { rules: &[Rule::asks("**", risky)], ..PLAIN };
static ZFS: Cli = Cli {
    service: "zfs",
    valued: &["-o", "-t", "-s", "-S", "-d", "-V", "-b"],
    rules: &[
        Rule::reads("list|get|diff|holds|userspace|groupspace|projectspace|version|help|bookmarks"),
        Rule::reads("send"),
        Rule::deletes("destroy", "the dataset, its snapshots and its clones are gone").dry(&["-n"]),
        Rule::deletes("rollback", "whatever changed since the snapshot is gone"),
        Rule::updates(
            "create|snapshot|snap|clone|promote|rename|set|inherit|mount|unmount|share|\
             unshare|bookmark|hold|release|allow|unallow|upgrade|load-key|unload-key|\
             change-key|wait",
            "set it back",
        ),
        Rule::updates("receive|recv", "destroy what was received")
            .when(&[(
                "-F",
                Does::Destroys(Verb::Delete, "whatever changed since the snapshot is gone"),
            )])
            .dry(&["-n"]),
    ],
    ..COMMANDS
};
static ZPOOL: Cli = Cli {
    service: "zfs",
    valued: &["-o", "-O", "-d", "-R", "-T"],
    rules: &[
        Rule::reads("list|status|get|iostat|history|events|version|help"),
        Rule::deletes("destroy", "the pool and every dataset in it is gone"),
        Rule::deletes("labelclear", DISK_GONE),
        Rule::deletes("create|add|remove", "what the disks held is gone").dry(&["-n"]),
        Rule::updates(
            "scrub|trim|import|export|online|offline|attach|detach|replace|clear|set|\
             upgrade|reguid|reopen|resilver|sync|wait|split|checkpoint|initialize",
            "set it back",
        ),
    ],
    ..COMMANDS
};
static BTRFS: Cli = Cli {
    service: "btrfs",
    rules: &[
        Rule::reads(
            "subvolume|filesystem|device|scrub|balance|qgroup|property|replace|quota|\
             inspect-internal list|show|df|usage|stats|status|du|get|get-default|\
             find-new|sync|dump-super|dump-tree|inode-resolve|logical-resolve|rootid",
        ),
        Rule::deletes("subvolume delete", "the subvolume and everything in it is gone"),
        Rule::updates("subvolume create|snapshot|set-default", "delete it again"),
        Rule::updates("filesystem resize|label|defragment|defrag", "set it back"),
        Rule::updates("device add|scan|remove|delete|ready", "add it again"),
        Rule::updates(
            "scrub|balance|qgroup|property|replace|quota start|cancel|resume|pause|set|\
             create|destroy|assign|remove|enable|disable|limit|rescan",
            "set it back",
        ),
        Rule::reads("check").when(&[(
            "--repair",
            Does::Destroys(Verb::Delete, "what the repair takes for broken is gone"),
        )]),
        Rule::reads("send|version|help"),
        Rule::updates("receive", "delete what was received"),
        Rule::deletes("rescue|restore", "what the repair takes for broken is gone"),
    ],
    ..COMMANDS
};
static CRYPTSETUP: Cli = Cli {
    service: "luks",
    valued: &[
        "-c",
        "-h",
        "-s",
        "-d",
        "--key-file",
        "--type",
        "-S",
        "--key-slot",
        "--header",
        "-n",
        "--token-id",
    ],
    rules: &[
        Rule::reads("status|isLuks|luksUUID|benchmark|luksDump|tcryptDump|bitlkDump|fvault2Dump"),
        Rule::deletes(
            "luksFormat|erase|luksErase",
            "the keys to everything on the device are gone",
        ),
        Rule::deletes(
            "luksKillSlot|luksRemoveKey|luksChangeKey",
            "the key opens the device no more",
        ),
        Rule::deletes("reencrypt|format", DISK_GONE),
        Rule::grants("luksAddKey|luksConvertKey", "remove the key again"),
        Rule::updates(
            "open|luksOpen|create|close|luksClose|remove|resize|refresh|luksSuspend|\
             luksResume|luksHeaderBackup|config|token|repair|convert",
            "close or open it again",
        ),
        Rule::deletes("luksHeaderRestore", "the keys that the old header held are gone"),
    ],
    ..COMMANDS
};
static MDADM: Cli = Cli {
    service: "raid",
    valued: &["-l", "-n", "--level", "--raid-devices"],
    rules: &[Rule::new("**", RESIZES)
        .when(&[
            (
                "--zero-superblock",
                Does::Destroys(Verb::Delete, "the disk belongs to no array any more"),
            ),
            ("-C", Does::Destroys(Verb::Delete, "what the disks held is gone")),
            ("--create", Does::Destroys(Verb::Delete, "what the disks held is gone")),
        ])
        .dry(&["-D", "--detail", "-E", "--examine", "-Q", "--query", "--monitor"])],
    ..PLAIN
};
static DISKUTIL: Cli = Cli {
    service: "disk",
    rules: &[
        Rule::reads("list|info|activity|listFilesystems|verifyVolume|verifyDisk"),
        Rule::reads(
            "apfs|ap|cs|coreStorage|appleRAID list|listUsers|listCryptoUsers|\
             listSnapshots|info",
        ),
        Rule::updates(
            "mount|unmount|umount|mountDisk|unmountDisk|eject|rename|enableJournal|\
             disableJournal|repairVolume|repairDisk|repairPermissions|resizeVolume",
            "mount it again",
        ),
        Rule::deletes("**", DISK_GONE),
    ],
    ..COMMANDS
};

fn dd(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let value = |name: &str| {
        matched
            .operands
            .iter()
            .rev()
            .find(|word| word.text().starts_with(name))
            .map(|word| word.after(name.len()))
    };
    let source = value("if=");
    let Some(target) = value("of=") else {
        if matched.operands.iter().any(|word| word.may_split()) {
            return judge.opaque(matched.call.span(), "where it writes to is not known");
        }
        judge.prints(passed_on(matched.call.stdin, matched.call.span()));
        return matched.does(READS, Named::Operands, judge);
    };
    let span = matched.span().with(target.span());
    let name = judge.name(&target);
    let path = target.text();
    let blank = source.is_some_and(|source| {
        ["/dev/zero", "/dev/null", "/dev/urandom", "/dev/random"].contains(&source.text())
    });
    let swap = path.contains("swap") || !path.starts_with(['/', '~']) || is_made_again(path);
    if target.has_holes() && (target.prefix().is_empty() || is_disk(target.prefix()))
        || is_disk(path)
    {
        judge.destroys(Verb::Delete, "files", name, span, DISK_GONE);
    } else if path.starts_with("/dev/") {
        judge.reads("files", name, span);
    } else if blank && !swap {
        judge.destroys(Verb::Delete, "files", name, span, "what the file held is gone");
    } else {
        judge.changes(Verb::Create, "files", name, span, "remove it, or put the old file back");
    }
}

fn partitions(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let looks = [
        "-l", "--list", "-p", "--print", "-d", "--dump", "-s", "--verify", "-v", "-V", "-J",
        "--json", "-i", "--info", "-L", "-P", "--show", "-F",
    ];
    let writes = [
        "-Z",
        "--zap-all",
        "-z",
        "--zap",
        "-o",
        "--clear",
        "-n",
        "--new",
        "-d",
        "--delete",
        "-t",
        "-A",
        "-g",
        "-R",
        "-w",
        "--wipe",
    ];
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or(program);
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let looks = match program {
        "parted" => {
            let operands: Vec<_> = matched.operands.iter().map(|word| word.text()).collect();
            has(&["-l", "--list"])
                || operands
                    .iter()
                    .skip(1)
                    .any(|word| matches!(*word, "print" | "p" | "align-check" | "help"))
                    && !operands.iter().any(|word| {
                        matches!(
                            *word,
                            "rm" | "mklabel"
                                | "mktable"
                                | "mkpart"
                                | "resizepart"
                                | "rescue"
                                | "name"
                                | "set"
                                | "toggle"
                                | "disk_set"
                        )
                    })
        }
        "sgdisk" => {
            has(&[
                "-p",
                "--print",
                "-i",
                "--info",
                "-v",
                "--verify",
                "-b",
                "--backup",
                "-L",
                "--list-types",
            ]) && !has(&writes)
        }
        "fdisk" => has(&["-l", "--list", "-s", "-x", "-v", "-V"]),
        _ => has(&looks) && !has(&["--delete", "-w", "--wipe"]),
    };
    let does = if looks {
        READS
    } else {
        Does::Destroys(Verb::Delete, "the partitions and what they held are gone")
    };
    matched.does(does, Named::Operands, judge);
}

/// `mount` alone lists, `losetup -a` too.
fn changes(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or(program);
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let looks = match program {
        "mount" => matched.operands.is_empty() && !has(&["-a", "--all"]),
        "losetup" => {
            matched.operands.is_empty()
                || has(&["-a", "-l", "--list", "--all", "-j"]) && !has(&["-D", "-d"])
        }
        "swapon" => {
            has(&["-s", "--show", "--summary"]) || matched.operands.is_empty() && !has(&["-a"])
        }
        "e2fsck" | "fsck" | "fsck.ext4" | "xfs_repair" => has(&["-n", "-N"]),
        "tune2fs" => has(&["-l"]),
        "fstrim" => has(&["-n", "--dry-run"]),
        "growpart" => has(&["-N", "--dry-run"]),
        "multipath" => has(&["-l", "-ll"]),
        _ => has(&["-t", "--test"]) && program.starts_with(['l', 'v', 'p']),
    };
    let does = if looks {
        READS
    } else {
        Does::Changes(Verb::Update, "undo it with the opposite command")
    };
    matched.does(does, Named::Operands, judge);
}

/// What grows can shrink, and what reads can erase.
fn risky(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or(program);
    let first = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let any =
        |start: &str| matched.call.arguments().iter().any(|word| word.text().starts_with(start));
    let does = match program {
        "resize2fs" if matched.has("-P") => READS,
        "resize2fs" if matched.operands.len() < 2 && !matched.has("-M") => RESIZES,
        "lvresize"
            if any("+") || any("-L+") || any("-l+") || any("--size=+") || any("--extents=+") =>
        {
            RESIZES
        }
        "hdparm"
            if any("--security-erase")
                || any("--trim")
                || any("--make-bad")
                || any("--write-sector")
                || any("--yes-i-know") =>
        {
            Does::Destroys(Verb::Delete, DISK_GONE)
        }
        "hdparm"
            if matched.has("-I")
                || matched.has("-i")
                || matched.has("-t")
                || matched.has("-T")
                || matched.has("-C") =>
        {
            READS
        }
        "hdparm" => RESIZES,
        "nvme"
            if matches!(
                first,
                "list"
                    | "smart-log"
                    | "id-ctrl"
                    | "id-ns"
                    | "error-log"
                    | "show-regs"
                    | "list-subsys"
                    | "list-ns"
                    | "list-ctrl"
                    | "get-feature"
                    | "get-log"
                    | "version"
                    | "help"
            ) =>
        {
            READS
        }
        "xfs_db" if matched.has("-r") => READS,
        "debugfs" if !matched.has("-w") => READS,
        "resize2fs" | "lvresize" => {
            Does::Destroys(Verb::Delete, "what does not fit any more is gone")
        }
        _ => Does::Destroys(Verb::Delete, DISK_GONE),
    };
    matched.does(does, Named::Operands, judge);
}
