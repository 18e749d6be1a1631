//! Processes, power, the kernel, and the audit trail of the machine.
//!
//! From the procps, psmisc, sysvinit, kmod and audit manuals (<https://man7.org/linux/man-pages/>), 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    COMMANDS, PLAIN,
};
use crate::{
    classify::{Call, Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::code(&["kill"], kill),
    Program::table(&["pkill", "killall", "killall5", "skill", "xkill"], &KILLALL),
    Program::table(&["fuser"], &FUSER),
    Program::table(&["renice", "cpulimit", "disown", "choom"], &NICE),
    Program::table(
        &["reboot", "shutdown", "halt", "poweroff", "init", "telinit", "pm-suspend", "kexec"],
        &POWER,
    ),
    Program::table(&["sysctl"], &SYSCTL),
    Program::table(
        &[
            "modprobe",
            "rmmod",
            "insmod",
            "depmod",
            "tuned-adm",
            "cpupower",
            "ethtool",
            "alternatives",
            "update-alternatives",
            "locale-gen",
            "dpkg-reconfigure",
            "ntpdate",
            "hwclock",
            "chronyd",
            "setenforce",
            "setsebool",
            "semanage",
            "aa-enforce",
            "aa-complain",
            "aa-disable",
            "apparmor_parser",
            "fail2ban-client",
            "grub-set-default",
            "systemd-tmpfiles",
            "systemd-sysusers",
            "ulimit",
        ],
        &KERNEL,
    ),
    Program::table(&["auditctl"], &AUDITCTL),
    Program::table(
        &[
            "perf", "gdb", "lldb", "bpftrace", "dtrace", "valgrind", "gcore", "jmap", "jstack",
            "jcmd", "py-spy", "rbspy", "dlv",
        ],
        &TRACES,
    ),
];

const STARTED: &str = "start it again";
const LOG_GONE: &str = "the audit trail is gone or not written any more";

/// `kill` has signals that look like options and process groups that look like signals.
fn kill(call: &Call<'_>, judge: &mut Judge<'_>) {
    let words = call.arguments();
    let span = call.span();
    let known = words.first().and_then(Word::known).unwrap_or_default();
    let resource = words.iter().take(8).map(|word| judge.name(word)).collect::<Vec<_>>().join(" ");
    if words.is_empty()
        || matches!(known, "-l" | "-L" | "--list" | "--table" | "--help" | "--version" | "-0")
    {
        return judge.reads("processes", resource, span);
    }
    let zero =
        matches!(known, "-s" | "-n" | "--signal") && words.get(1).is_some_and(|word| word.is("0"));
    if zero {
        return judge.reads("processes", resource, span);
    }
    // Behind a signal, or `--`, `-1` is every process there is.
    let all = words.iter().skip(1).any(|word| word.is("-1"));
    if all {
        let lost = "every process is ended, with whatever it had not saved";
        return judge.destroys(Verb::Delete, "processes", resource, span, lost);
    }
    judge.changes(Verb::Update, "processes", resource, span, STARTED);
}

static KILLALL: Cli = Cli {
    service: "processes",
    abbreviates: false,
    valued: &[
        "-u",
        "--user",
        "-s",
        "--signal",
        "-t",
        "-g",
        "-G",
        "-P",
        "--parent",
        "-F",
        "--pidfile",
        "-U",
        "--euid",
        "--older",
        "--younger",
    ],
    rules: &[Rule::updates("**", STARTED).dry(&["-0", "-l", "--list"])],
    ..PLAIN
};
static FUSER: Cli = Cli {
    service: "processes",
    valued: &["-n", "--namespace"],
    rules: &[Rule::reads("**").when(&[
        ("-k", Does::Changes(Verb::Update, STARTED)),
        ("--kill", Does::Changes(Verb::Update, STARTED)),
    ])],
    ..PLAIN
};
static NICE: Cli = Cli {
    service: "processes",
    valued: &["-n", "-p", "-g", "-u", "-c", "--pid", "--classdata", "--class"],
    rules: &[Rule::asks("**", nice)],
    ..PLAIN
};
static POWER: Cli = Cli {
    service: "system",
    abbreviates: false,
    rules: &[Rule::updates("**", "turn the machine on again")
        .when(&[("-c", Does::Changes(Verb::Update, "shut it down again"))])
        .dry(&["-k", "--show", "-w", "--wtmp-only"])],
    ..PLAIN
};
static SYSCTL: Cli = Cli {
    service: "kernel",
    valued: &["-r", "--pattern"],
    rules: &[Rule::asks("**", sysctl)],
    ..PLAIN
};
static KERNEL: Cli = Cli {
    service: "kernel",
    harmless: &["--help", "--version"],
    abbreviates: false,
    rules: &[
        Rule::reads(
            "status|list|active|recommend|profile_info|frequency-info|idle-info|info|\
             ping|version|get|banned",
        ),
        Rule::asks("**", kernel),
    ],
    ..COMMANDS
};
static AUDITCTL: Cli = Cli {
    service: "audit",
    abbreviates: false,
    valued: &[
        "-a", "-A", "-d", "-W", "-w", "-k", "-F", "-S", "-p", "-b", "-e", "-f", "-r", "-R", "-C",
        "-m", "-t", "-q",
    ],
    rules: &[Rule::asks("**", auditctl)],
    ..PLAIN
};
static TRACES: Cli = Cli { service: "processes", rules: &[Rule::asks("**", traces)], ..PLAIN };

/// `renice` and its kin change a process; `cpulimit -- program` runs one.
fn nice(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    if program == "cpulimit" && !matched.operands.is_empty() {
        let words: Vec<Word> = matched.operands.iter().map(|word| (*word).clone()).collect();
        judge.call(&matched.call.running(&words));
        return;
    }
    matched.does(Does::Changes(Verb::Update, "set the old priority again"), Named::Operands, judge);
}

fn sysctl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let writes = ["-w", "--write", "-p", "--load", "--system", "-f"]
        .iter()
        .any(|option| matched.has(option))
        || matched.operands.iter().any(|word| word.text().contains('='));
    let does =
        if writes { Does::Changes(Verb::Update, "set the old value again") } else { Does::Reads };
    matched.does(does, Named::Operands, judge);
}

fn kernel(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or(program);
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let first = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let looks = match program {
        "modprobe" | "depmod" => {
            has(&["-n", "--dry-run", "--show", "-c", "--showconfig", "--show-depends", "-D"])
        }
        "ethtool" => !has(&[
            "-s",
            "-G",
            "-K",
            "-C",
            "-L",
            "-X",
            "-A",
            "-E",
            "-f",
            "-r",
            "-p",
            "--change",
            "--offload",
            "--set-ring",
            "--coalesce",
            "--flash",
            "--reset",
        ]),
        "alternatives" | "update-alternatives" => {
            has(&["--display", "--list", "--query", "--get-selections"])
        }
        "ntpdate" => has(&["-q", "-d"]),
        "hwclock" => !has(&["-w", "-s", "--systohc", "--hctosys", "--set", "-a", "--adjust"]),
        "semanage" => has(&["-l", "--list", "-E", "--extract"]) || first == "export",
        "systemd-tmpfiles" => has(&["--cat-config", "--dry-run"]),
        "ulimit" => matched.operands.is_empty(),
        _ => false,
    };
    let does = if looks {
        Does::Reads
    } else if program == "systemd-tmpfiles" && has(&["--remove", "--purge", "--clean"]) {
        Does::Destroys(Verb::Delete, "the files its configuration names are gone")
    } else if matches!(
        program,
        "setenforce"
            | "setsebool"
            | "semanage"
            | "aa-disable"
            | "aa-complain"
            | "fail2ban-client"
            | "apparmor_parser"
    ) {
        Does::Changes(Verb::Grant, "set it back")
    } else {
        Does::Changes(Verb::Update, "set it back")
    };
    matched.does(does, Named::Operands, judge);
}

fn auditctl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let off = matched.value("-e").is_some_and(|word| word.is("0"));
    let does = if off || ["-D", "-d", "-W", "-R"].iter().any(|option| matched.has(option)) {
        Does::Destroys(Verb::Delete, LOG_GONE)
    } else if ["-l", "-s", "-v", "-i"].iter().any(|option| matched.has(option))
        && !matched.has("-a")
    {
        Does::Reads
    } else {
        Does::Changes(Verb::Update, "delete the rule again")
    };
    matched.does(does, Named::Operands, judge);
}

/// Tracers look at a process by its number, or run a program.
fn traces(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let first = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let looks = match program {
        "perf" => matches!(
            first,
            "top" | "report" | "list" | "annotate" | "script" | "diff" | "stat-report"
        ),
        "jstack" | "jmap" | "gcore" | "py-spy" | "rbspy" => true,
        _ => false,
    };
    if looks {
        matched.does(Does::Changes(Verb::Run, "stop it"), Named::Operands, judge);
    } else {
        judge.opaque(matched.call.span(), "what the traced program does is not read");
    }
}
