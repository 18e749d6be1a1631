//! Wrappers whose own options come first and whose command follows: `timeout 60 COMMAND…`.
//!
//! From the manual pages of coreutils, util-linux, strace, systemd and the programs' own
//! (<https://man7.org/linux/man-pages/>), 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{Call, Judge, Word},
    domain::Verb,
};

/// What a wrapper does without a command.
#[derive(Clone, Copy)]
enum Alone {
    Reads,
    Changes(&'static str),
    Shell,
}

struct Prefix {
    own: Own,
    /// Words between its options and the command.
    skip: usize,
    alone: Alone,
}

/// The programs judged here.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "nohup", "nice", "ionice", "chrt", "taskset", "timeout", "gtimeout", "stdbuf", "gstdbuf",
    "setsid", "time", "gtime", "strace", "ltrace", "caffeinate", "gosu", "su-exec", "chroot",
    "unshare", "nsenter", "setpriv", "pkexec", "systemd-run", "systemd-inhibit", "systemd-cat",
    "numactl", "prlimit", "setarch", "linux32", "linux64", "i386", "x86_64", "chpst", "setuidgid",
    "softlimit", "envdir", "fakeroot", "eatmydata", "faketime", "torsocks", "torify",
    "proxychains", "proxychains4", "catchsegv", "rlwrap", "dbus-run-session", "xvfb-run", "tini",
    "dumb-init", "catatonit", "s6-setuidgid", "chronic", "ifne", "sshpass", "lockrun", "runcon",
    "cgexec", "trickle", "nocache", "authbind", "logsave", "retry",
];

#[allow(clippy::too_many_lines, reason = "a table")]
fn of(name: &str) -> Option<Prefix> {
    let (own, skip, alone) = match name {
        "nice" => (Own::new("n", &["--adjustment"]), 0, Alone::Reads),
        "ionice" => (
            Own::new("cnpPu", &["--class", "--classdata", "--pid", "--pgid", "--uid"]),
            0,
            Alone::Changes("set the former priority again"),
        ),
        "chrt" => (
            Own::new("TPD", &["--sched-runtime", "--sched-period", "--sched-deadline"]),
            1,
            Alone::Changes("set the former priority again"),
        ),
        "taskset" => (Own::NONE, 1, Alone::Changes("set the former mask again")),
        "timeout" | "gtimeout" => (Own::new("ks", &["--kill-after", "--signal"]), 1, Alone::Reads),
        "stdbuf" | "gstdbuf" => {
            (Own::new("ioe", &["--input", "--output", "--error"]), 0, Alone::Reads)
        }
        "nohup" | "setsid" | "setarch" | "linux32" | "linux64" | "i386" | "x86_64"
        | "eatmydata" | "dbus-run-session" | "chronic" | "ifne" | "torify" | "torsocks"
        | "nocache" | "catchsegv" | "fakeroot" => {
            (Own::NONE, usize::from(name == "setarch"), Alone::Reads)
        }
        "time" | "gtime" => (Own::new("fo", &["--format", "--output"]), 0, Alone::Reads),
        "strace" => (
            Own::new("abeEIoOpPsSuUX", &["--attach", "--trace", "--output", "--env", "--user"]),
            0,
            Alone::Reads,
        ),
        "ltrace" => (Own::new("aAeFlnopsuwxX", &["--output"]), 0, Alone::Reads),
        "caffeinate" => (Own::new("tw", &[]), 0, Alone::Changes("end it")),
        "gosu" | "su-exec" | "setuidgid" | "s6-setuidgid" | "envdir" | "faketime" | "lockrun" => {
            (Own::NONE, 1, Alone::Reads)
        }
        "chroot" => (Own::new("gGu", &["--groups", "--userspec"]), 1, Alone::Shell),
        "unshare" => (
            Own::new(
                "RSGwl",
                &[
                    "--map-user",
                    "--map-group",
                    "--map-users",
                    "--map-groups",
                    "--propagation",
                    "--setgroups",
                    "--root",
                    "--wd",
                    "--setuid",
                    "--setgid",
                    "--monotonic",
                    "--boottime",
                    "--load-interp",
                ],
            ),
            0,
            Alone::Shell,
        ),
        "nsenter" => (
            Own {
                short: "tSG",
                attached: "muinpCUTrwW",
                digits: "",
                long: &["--target", "--setuid", "--setgid"],
            },
            0,
            Alone::Shell,
        ),
        "setpriv" => (
            Own::new(
                "",
                &[
                    "--reuid",
                    "--regid",
                    "--ruid",
                    "--euid",
                    "--rgid",
                    "--egid",
                    "--groups",
                    "--inh-caps",
                    "--ambient-caps",
                    "--bounding-set",
                    "--securebits",
                    "--pdeathsig",
                    "--selinux-label",
                    "--apparmor-profile",
                    "--landlock-access",
                    "--landlock-rule",
                    "--ptracer",
                    "--seccomp-filter",
                ],
            ),
            0,
            Alone::Reads,
        ),
        "pkexec" => (Own::new("", &["--user"]), 0, Alone::Shell),
        "systemd-run" => (
            Own::new(
                "pHMuEC",
                &[
                    "--unit",
                    "--property",
                    "--description",
                    "--slice",
                    "--uid",
                    "--gid",
                    "--nice",
                    "--working-directory",
                    "--setenv",
                    "--service-type",
                    "--on-active",
                    "--on-boot",
                    "--on-startup",
                    "--on-unit-active",
                    "--on-unit-inactive",
                    "--on-calendar",
                    "--timer-property",
                    "--path-property",
                    "--socket-property",
                    "--host",
                    "--machine",
                    "--background",
                    "--job-mode",
                ],
            ),
            0,
            Alone::Shell,
        ),
        "systemd-inhibit" => {
            (Own::new("", &["--what", "--who", "--why", "--mode"]), 0, Alone::Reads)
        }
        "systemd-cat" => (
            Own::new("tp", &["--identifier", "--priority", "--stderr-priority"]),
            0,
            Alone::Changes("nothing is to be turned back"),
        ),
        "numactl" => (
            Own::new(
                "imNCplw",
                &[
                    "--interleave",
                    "--membind",
                    "--cpunodebind",
                    "--physcpubind",
                    "--preferred",
                    "--localalloc",
                    "--weighted-interleave",
                ],
            ),
            0,
            Alone::Reads,
        ),
        "chpst" => (Own::new("uUneo/lLmdfrct", &[]), 0, Alone::Reads),
        "softlimit" => (Own::new("mdslaofcrt", &[]), 0, Alone::Reads),
        "prlimit" => (
            Own { short: "po", attached: "", digits: "", long: &["--pid", "--output"] },
            0,
            Alone::Changes("set the former limits again"),
        ),
        "sshpass" => (Own { short: "fdpP", attached: "e", digits: "", long: &[] }, 0, Alone::Reads),
        "tini" | "dumb-init" | "catatonit" => (Own::new("pre", &["--rewrite"]), 0, Alone::Reads),
        "xvfb-run" => (
            Own::new(
                "efnpsw",
                &["--error-file", "--auth-file", "--server-num", "--server-args", "--wait"],
            ),
            0,
            Alone::Reads,
        ),
        "rlwrap" => (Own::new("bcCfgHlmMNopPqsSStwz", &[]), 0, Alone::Reads),
        "proxychains" | "proxychains4" => (Own::new("f", &[]), 0, Alone::Reads),
        "runcon" => (Own::new("turl", &["--type", "--user", "--role", "--range"]), 1, Alone::Reads),
        "trickle" => (Own::new("udtlLwnp", &[]), 0, Alone::Reads),
        "cgexec" => (Own::new("g", &[]), 0, Alone::Reads),
        "authbind" | "logsave" => (Own::NONE, usize::from(name == "logsave"), Alone::Reads),
        "retry" => {
            (Own::new("dtm", &["--delay", "--times", "--until", "--while"]), 0, Alone::Reads)
        }
        _ => return None,
    };
    Some(Prefix { own, skip, alone })
}

/// Judges such a wrapper.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let name = front::base(&call.words[0]);
    let Some(prefix) = of(name) else {
        return judge.opaque(call.span(), "this program is not known");
    };
    let front = prefix.own.read(call.arguments());
    if front.has(&["--help", "--version"]) {
        return judge.reads("system", "", call.span());
    }
    if name == "ionice" && front.rest.is_empty() && front.value(&["-c", "-n", "--class"]).is_none()
    {
        return judge.reads("system", "", call.span());
    }
    if matches!(name, "chrt" | "taskset") && front.has(&["-p", "--pid"]) {
        return if front.rest.len() > 1 {
            judge.changes(Verb::Update, "system", "", call.span(), "set the former value again");
        } else {
            judge.reads("system", "", call.span());
        };
    }
    if name == "strace"
        && let Some(output) = front.value(&["-o", "--output"])
        && output.text().starts_with(['|', '!'])
    {
        judge.script(&output.after(1), call.variables, call.stdin);
    }
    let rest = front.rest.get(prefix.skip..).unwrap_or_default();
    plain(rest, prefix.alone, call, judge);
}

fn plain(rest: &[Word], alone: Alone, call: &Call<'_>, judge: &mut Judge<'_>) {
    if !rest.is_empty() {
        return front::run(rest, call, judge);
    }
    match alone {
        Alone::Reads => judge.reads("system", "", call.span()),
        Alone::Changes(back) => judge.changes(Verb::Update, "system", "", call.span(), back),
        Alone::Shell => super::shells::standard_input(call, judge),
    }
}
