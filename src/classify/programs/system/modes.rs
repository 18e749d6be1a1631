//! Programs that say who may do what with files.
//!
//! From the GNU coreutils, acl and e2fsprogs manuals, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    PLAIN,
};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["chmod", "gchmod"], &CHMOD),
    Program::table(&["chown", "chgrp", "gchown", "gchgrp"], &CHOWN),
    Program::table(
        &[
            "setfacl",
            "chattr",
            "chcon",
            "restorecon",
            "setcap",
            "chflags",
            "umask",
            "xattr",
            "setfattr",
        ],
        &OTHERS,
    ),
    Program::table(&["getfattr"], &LOOKS),
];

/// Directories whose rights nobody can put back by hand.
const SYSTEM: &[&str] = &[
    "/", "/*", "/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/var", "/home", "/root",
    "/boot", "/dev", "/proc", "/sys", "/opt", "/srv", "/usr/bin", "/usr/lib", "/var/lib", "~",
    "/etc/ssh", "/System", "/Library",
];

const BACK: &str = "set the old rights again";

static CHMOD: Cli = Cli {
    flags: &[
        "--recursive",
        "--changes",
        "--silent",
        "--verbose",
        "--preserve-root",
        "--no-preserve-root",
    ],
    valued: &["--reference"],
    rules: &[Rule::asks("**", chmod)],
    ..PLAIN
};
static CHOWN: Cli = Cli {
    flags: &[
        "--recursive",
        "--no-dereference",
        "--changes",
        "--preserve-root",
        "--no-preserve-root",
    ],
    valued: &["--reference", "--from"],
    rules: &[Rule::asks("**", chown)],
    ..PLAIN
};
static OTHERS: Cli = Cli {
    valued: &["-m", "-M", "-x", "-X", "--modify", "--remove"],
    rules: &[Rule::grants("**", BACK).dry(&["--test", "-n"])],
    ..PLAIN
};
static LOOKS: Cli = Cli { rules: &[Rule::reads("**")], ..PLAIN };

fn of_system(word: &Word) -> bool {
    let path = word.text();
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let inside = path.strip_suffix("/*").filter(|inside| !inside.is_empty());
    SYSTEM.contains(&path) || inside.is_some_and(|inside| SYSTEM.contains(&inside))
}

/// Whether it lies somewhere on the machine rather than in the project.
fn absolute(word: &Word) -> bool {
    let path = word.text();
    path.starts_with('/') && !path.starts_with("/tmp/") && !path.starts_with("/var/tmp/")
}

fn chmod(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let recursive = matched.has("-R") || matched.has("--recursive");
    // `-x`, `-w` and `-rwx` are modes, though they begin with a dash.
    let letters = |given: &&super::super::table::Given| {
        matches!(given.name.as_str(), "-r" | "-w" | "-x" | "-X" | "-s" | "-t")
    };
    let taken = matched.options.iter().any(|given| letters(&given));
    let mode = if taken { "-" } else { matched.operands.first().map_or("", |word| word.text()) };
    let files = matched
        .operands
        .get(usize::from(!taken && !matched.has("--reference"))..)
        .unwrap_or_default();
    let digits = mode.trim_start_matches('0');
    let opens =
        digits.ends_with('7') && digits.len() >= 3 && digits[..digits.len() - 1].ends_with('7')
            || matches!(digits, "666" | "776" | "667")
            || [
                "a+w", "o+w", "a+rw", "o+rw", "a+rwx", "o+rwx", "a=rwx", "ugo+rwx", "+rwx", "a=rw",
                "ugo+w", "go+w", "ugo=rwx",
            ]
            .contains(&mode);
    let locks = !mode.is_empty() && mode.chars().all(|letter| letter == '0')
        || ["a-rwx", "ugo-rwx", "a=", "u-rwx", "a-r", "-rwx", "a-rx", "u=,g=,o="].contains(&mode);
    let locks = locks || (taken && matched.has("-r") && matched.has("-x"));
    let wide = files.iter().any(|word| of_system(word));
    let far = files.iter().any(|word| absolute(word) || word.has_holes());
    let does = if recursive && wide {
        Does::Destroys(Verb::Grant, "the rights of every file of the system are overwritten")
    } else if recursive && opens && far {
        Does::Destroys(
            Verb::Grant,
            "everybody may read and change everything there, and the old rights are gone",
        )
    } else if locks && (wide || recursive && far) {
        Does::Destroys(Verb::Grant, "nobody can use it any more, and the old rights are gone")
    } else if opens {
        Does::Changes(Verb::Grant, BACK)
    } else {
        Does::Changes(Verb::Update, BACK)
    };
    matched.does(does, Named::Operands, judge);
}

fn chown(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let recursive = matched.has("-R") || matched.has("--recursive");
    let files =
        matched.operands.get(usize::from(!matched.has("--reference"))..).unwrap_or_default();
    let does = if recursive && files.iter().any(|word| of_system(word)) {
        Does::Destroys(Verb::Grant, "the owners of every file of the system are overwritten")
    } else {
        Does::Changes(Verb::Grant, "give it its old owner again")
    };
    matched.does(does, Named::Operands, judge);
}
