//! Programs that run others right where they run themselves: the same machine, the same directory.
//!
//! A script is only read as a file beside the input where everything between them is one of these.
//! `ssh host sh deploy.sh` runs another `deploy.sh` than the one that lies here.

use crate::classify::{Call, Word};

/// They, by the family of what moves them.
const STAY: &[&str] = &[
    // Wrappers.
    "env",
    "sudo",
    "doas",
    "nice",
    "ionice",
    "nohup",
    "time",
    "timeout",
    "gtimeout",
    "stdbuf",
    "setsid",
    "chrt",
    "taskset",
    "watch",
    "flock",
    "xargs",
    "strace",
    "ltrace",
    "unbuffer",
    "find",
    "parallel",
    "hyperfine",
    "entr",
    "busybox",
    "caffeinate",
    "chronic",
    "command",
    "exec",
    // Shells.
    "sh",
    "bash",
    "dash",
    "ash",
    "zsh",
    "ksh",
    // They run what a file of the directory says.
    "make",
    "gmake",
    "npm",
    "npx",
    "pnpm",
    "yarn",
    "bun",
    "bunx",
    "uv",
    "poetry",
    "pipenv",
    "rye",
    "pdm",
    "hatch",
    "bundle",
    "mise",
    "direnv",
    "dotenv",
    "dotenvx",
    // They hand secrets over.
    "op",
    "doppler",
    "aws-vault",
    "chamber",
    "infisical",
    "sops",
    "granted",
    "teller",
    "envchain",
];

/// Options that lead elsewhere, whichever of these programs has them.
const LEAD_AWAY: &[&str] = &[
    "--chdir",
    "--cwd",
    "--directory",
    "--dir",
    "--workdir",
    "--wd",
    "--working-directory",
    "--project-directory",
    "--project",
    "--prefix",
    "--chroot",
    "--login",
    "--workspace",
    "--workspaces",
    "--filter",
    "--recursive",
    "-execdir",
    "-okdir",
    "-C",
    "-w",
];

/// Single letters that do, by program: they may stand in a cluster.
const LETTERS: &[(&str, &str)] =
    &[("env", "C"), ("sudo", "DRi"), ("make", "C"), ("gmake", "C"), ("pnpm", "CFr")];

/// Shells that begin as at a login read start-up files first, which may go elsewhere.
const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh"];

/// Whether what this program runs runs where it does.
pub(in crate::classify) fn stays(call: &Call<'_>) -> bool {
    let Some(name) = call.words.first().and_then(Word::known) else { return false };
    let name = name.rsplit('/').next().unwrap_or(name);
    if !STAY.contains(&name) {
        return false;
    }
    let letters = LETTERS.iter().find(|(program, _)| *program == name).map_or("", |(_, all)| all);
    let letters = if SHELLS.contains(&name) { "li" } else { letters };
    let leads_away = |word: &Word| {
        let Some(text) = word.known() else { return false };
        let option = text.split_once('=').map_or(text, |(option, _)| option);
        let cluster = text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        LEAD_AWAY.contains(&option)
            || cluster.is_some_and(|cluster| cluster.contains(|c| letters.contains(c)))
    };
    !call.words.iter().skip(1).any(leads_away)
}
