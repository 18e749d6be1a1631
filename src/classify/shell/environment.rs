//! Variables that change what programs do.

use super::Shell;
use crate::classify::{HOLE, PLAIN, Word, is_hole};

/// Variables whose value is a command that some program will run.
const COMMANDS: &[&str] = &[
    "PAGER",
    "MANPAGER",
    "GIT_PAGER",
    "GH_PAGER",
    "AWS_PAGER",
    "PSQL_PAGER",
    "DELTA_PAGER",
    "BAT_PAGER",
    "SYSTEMD_PAGER",
    "EDITOR",
    "VISUAL",
    "GIT_EDITOR",
    "KUBE_EDITOR",
    "GH_EDITOR",
    "FCEDIT",
    "SUDO_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_EXTERNAL_DIFF",
    "KUBECTL_EXTERNAL_DIFF",
    "GIT_SSH_COMMAND",
    "GIT_PROXY_COMMAND",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "BROWSER",
    "PROMPT_COMMAND",
    "LESSOPEN",
    "LESSCLOSE",
    "GIT_SSH",
    "RSYNC_RSH",
    "CVS_RSH",
    "SVN_SSH",
];

/// Variables that make a program run what lies somewhere else.
const LOADS: &[&str] = &[
    "LD_PRELOAD",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "BASH_ENV",
    "ENV",
    "PERL5OPT",
    "PERL5DB",
    "RUBYOPT",
    "PYTHONSTARTUP",
    "JAVA_TOOL_OPTIONS",
    "GIT_EXEC_PATH",
    "GCONV_PATH",
    "GIT_CONFIG",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_PARAMETERS",
    "SHELLOPTS",
    "BASHOPTS",
    "GIT_TEMPLATE_DIR",
    "PYTHONWARNINGS",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "LUA_INIT",
    "PSQLRC",
    "ZDOTDIR",
];

impl Shell<'_, '_> {
    /// Judges what a variable makes programs do.
    pub(super) fn environment(&mut self, name: &str, value: &Word) {
        let span = value.span();
        if COMMANDS.contains(&name) {
            if let Some(command) = value.known() {
                let harmless = command.trim().is_empty()
                    || name.starts_with("GIT_SSH") && is_plain_ssh(command)
                    || name == "RSYNC_RSH" && is_plain_ssh(command)
                    || is_viewer(command);
                if !harmless {
                    self.subshell(|shell| shell.nested(value));
                }
            } else {
                self.judge.opaque(span, "the program that will be run for it is not known");
            }
        } else if LOADS.contains(&name)
            || name.starts_with("BASH_FUNC_")
            || name.starts_with("GIT_CONFIG_VALUE")
        {
            if !value.is("") && !value.is("/dev/null") {
                self.judge.opaque(span, "what is loaded through this variable is not known");
            }
        } else if matches!(name, "PS0" | "PS1" | "PS2" | "PS4") {
            self.run_value(value.text());
        } else if name == "PATH" {
            let usual = value.text().split(':').all(is_usual_directory);
            if !usual {
                self.judge.opaque(span, "programs may come from a place that is not known");
            }
        } else if name == "NODE_OPTIONS"
            && (value.may_inject()
                || [
                    "-r",
                    "--require",
                    "--import",
                    "--loader",
                    "-e",
                    "--eval",
                    "--experimental-loader",
                ]
                .iter()
                .any(|option| value.text().split([' ', '=']).any(|word| word == *option)))
        {
            self.judge.opaque(span, "what is loaded through this variable is not known");
        }
    }
}

/// Programs that only show a text, or that leave it as it is.
fn is_viewer(command: &str) -> bool {
    let mut words = command.split(' ').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let name = first.rsplit('/').next().unwrap_or(first);
    let known = [
        "cat", "less", "more", "most", "head", "bat", "delta", "true", ":", "vim", "vi", "nano",
        "emacs", "code", "nvim", "echo",
    ];
    known.contains(&name)
        && words.all(|word| {
            word.strip_prefix('-').is_some_and(|letters| {
                letters.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '='))
                    && !["c", "-cmd", "o"].contains(&letters)
            })
        })
}

/// `ssh` with options that run nothing.
fn is_plain_ssh(command: &str) -> bool {
    let mut words = command.split(' ').filter(|word| !word.is_empty());
    words.next() == Some("ssh")
        && !command.contains(['`', '$', ';', '|', '&', '<', '>', '\n', '(', '\'', '"', '\\'])
        && !command.to_ascii_lowercase().contains("command")
        && !command.contains("-F")
        && !command.contains("-S")
}

/// A directory in which programs usually lie.
fn is_usual_directory(directory: &str) -> bool {
    let begins = [
        "/usr/",
        "/bin",
        "/sbin",
        "/opt/",
        "/snap/",
        "/nix/",
        "/home/linuxbrew/",
        "/Library/",
        "/run/current-system/",
    ];
    let ends = [
        "/.local/bin",
        "/.cargo/bin",
        "/go/bin",
        "/bin",
        "/sbin",
        "node_modules/.bin",
        "/shims",
        "/scripts",
    ];
    let strange = directory.contains("..")
        || directory.starts_with("/tmp")
        || directory.starts_with("/var/tmp");
    directory == "/usr"
        || directory.chars().all(is_hole) && !directory.is_empty()
        || !strange
            && (begins.iter().any(|begin| directory.starts_with(begin))
                || directory.starts_with([PLAIN, HOLE])
                    && ends.iter().any(|end| directory.ends_with(end))
                || directory.starts_with("/home/")
                    && ends.iter().any(|end| directory.ends_with(end))
                || directory.starts_with("/Users/")
                    && ends.iter().any(|end| directory.ends_with(end))
                || directory.ends_with("node_modules/.bin"))
}
