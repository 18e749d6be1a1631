//! Accounts and groups of the machine.
//!
//! From the shadow-utils manuals (<https://man7.org/linux/man-pages/>), 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    PLAIN,
};
use crate::{classify::Judge, domain::Verb};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(
        &[
            "useradd",
            "adduser",
            "usermod",
            "groupadd",
            "addgroup",
            "groupmod",
            "chpasswd",
            "chage",
            "chsh",
            "chfn",
            "newusers",
            "vipw",
            "vigr",
            "gpasswd",
            "newgrp",
            "pwconv",
            "grpconv",
            "subuid",
            "usermod.exe",
            "ssh-copy-id",
            "realm",
            "smbpasswd",
        ],
        &GRANTS,
    ),
    Program::table(&["visudo"], &VISUDO),
    Program::table(&["passwd"], &PASSWD),
    Program::table(&["userdel", "deluser", "groupdel", "delgroup"], &DELETES),
    Program::table(&["pwck", "grpck"], &LOOKS),
];

const BACK: &str = "set the account back as it was";
const GONE: &str = "the account and its access are gone";

static GRANTS: Cli = Cli {
    service: "accounts",
    valued: &[
        "-G",
        "-g",
        "-d",
        "-s",
        "-u",
        "-c",
        "-e",
        "-f",
        "-p",
        "-k",
        "-K",
        "-b",
        "-i",
        "-E",
        "-W",
        "-M",
        "--groups",
        "--gid",
        "--home",
        "--shell",
        "--uid",
        "--comment",
        "--expiredate",
        "--password",
        "--ingroup",
        "--gecos",
    ],
    rules: &[Rule::grants("**", BACK).dry(&["--check"])],
    ..PLAIN
};
static VISUDO: Cli = Cli {
    service: "accounts",
    valued: &["-f", "--file", "-x", "--export"],
    rules: &[Rule::new("**", Does::Changes(Verb::Grant, BACK)).dry(&["-c", "--check"])],
    ..PLAIN
};
static PASSWD: Cli = Cli {
    service: "accounts",
    valued: &["-n", "-x", "-w", "-i"],
    rules: &[Rule::grants("**", "set the password again").dry(&["-S", "--status"])],
    ..PLAIN
};
static DELETES: Cli = Cli { service: "accounts", rules: &[Rule::asks("**", deletes)], ..PLAIN };
static LOOKS: Cli = Cli { service: "accounts", rules: &[Rule::reads("**")], ..PLAIN };

/// `deluser USER GROUP` only takes the user out of the group.
fn deletes(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map_or("", |word| word.text());
    let does = if program.ends_with("deluser") && matched.operands.len() == 2 {
        Does::Changes(Verb::Grant, "add the user to the group again")
    } else {
        Does::Destroys(Verb::Delete, GONE)
    };
    matched.does(does, Named::Operands, judge);
}
