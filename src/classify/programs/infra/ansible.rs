//! `ansible` and its programs.
//!
//! ```text
//!   ansible web -m shell -a 'systemctl restart nginx'     module and arguments: judged
//!   ansible-playbook site.yml                             its tasks are not given: opaque
//! ```
//!
//! From <https://docs.ansible.com/ansible/latest/command_guide/> and the module index, 2026-11.

use crate::{
    classify::{
        Judge, Word,
        programs::{Cli, Does, Matched, Named, Rule, infra::paths},
    },
    domain::{PlaceKind, Verb},
};

#[rustfmt::skip]
const VALUED: &[&str] = &[
    "-i", "--inventory", "--inventory-file", "-m", "--module-name", "-a", "--args", "-u", "--user",
    "-e", "--extra-vars", "-f", "--forks", "-B", "--background", "-P", "--poll", "-M",
    "--module-path", "--private-key", "--key-file", "-c", "--connection", "-T", "--timeout",
    "--vault-id", "--vault-password-file", "--vault-pass-file", "--become-method", "--become-user",
    "--ssh-common-args", "--sftp-extra-args", "--scp-extra-args", "--ssh-extra-args",
    "--playbook-dir", "--task-timeout", "--become-password-file", "--become-pass-file",
    "--connection-password-file", "--conn-pass-file", "-t", "--tree", "--tags", "--skip-tags",
    "--start-at-task",
];
#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "-v", "--verbose", "-b", "--become", "-k", "--ask-pass", "-K", "--ask-become-pass", "-J",
    "--ask-vault-pass", "--ask-vault-password", "-D", "--diff", "-o", "--one-line", "--step",
    "--flush-cache", "--force-handlers",
];
const PLACES: &[(&str, PlaceKind)] = &[("-l", PlaceKind::Name), ("--limit", PlaceKind::Name)];

/// The table of `ansible`.
pub static ANSIBLE: Cli = Cli {
    valued: VALUED,
    flags: FLAGS,
    places: PLACES,
    abbreviates: true,
    rules: &[Rule::reads(""), Rule::asks("**", module).dry(&["-C", "--check", "--list-hosts"])],
    ..Cli::new("ansible")
};

/// The table of `ansible-playbook`, and of `ansible-pull` and `ansible-console`.
pub static PLAYBOOK: Cli = Cli {
    valued: VALUED,
    flags: FLAGS,
    places: PLACES,
    abbreviates: true,
    rules: &[Rule::asks("**", playbook).dry(&[
        "-C",
        "--check",
        "--syntax-check",
        "--list-hosts",
        "--list-tasks",
        "--list-tags",
    ])],
    ..Cli::new("ansible")
};

/// The table of `ansible-vault`.
pub static VAULT: Cli = Cli {
    valued: &["--vault-id", "--vault-password-file", "--output", "--encrypt-vault-id", "-n"],
    rules: &[
        Rule::reveals("view|decrypt", "rotate the secrets"),
        Rule::updates("encrypt|encrypt_string|create|edit|rekey", "check the file out again"),
    ],
    ..Cli::new("ansible")
};

/// The table of `ansible-galaxy`.
pub static GALAXY: Cli = Cli {
    valued: &[
        "-r",
        "--role-file",
        "-p",
        "--roles-path",
        "--collections-path",
        "-s",
        "--server",
        "--token",
        "--api-key",
    ],
    rules: &[
        Rule::reads("list|search|info"),
        Rule::reads("role|collection list|search|info|verify"),
        Rule::creates(
            "install|init|download|build|setup|login|import",
            "remove what was installed",
        ),
        Rule::creates("role|collection install|init|download|build|import|setup", "remove it"),
        Rule::updates("remove", "install it again"),
        Rule::updates("role|collection remove", "install it again"),
        Rule::leaks("collection publish", "a published collection cannot be called back"),
        Rule::deletes("delete", "the role is gone from the registry"),
        Rule::deletes("role delete", "the role is gone from the registry"),
    ],
    ..Cli::new("ansible")
};

/// The table of the programs that only look: `ansible-inventory`, `ansible-doc`, `ansible-lint`.
pub static LOOKING: Cli = Cli {
    valued: VALUED,
    places: PLACES,
    rules: &[Rule::reads("**").when(&[
        ("--fix", Does::Changes(Verb::Update, "check the files out again")),
        ("--write", Does::Changes(Verb::Update, "check the files out again")),
    ])],
    ..Cli::new("ansible")
};

fn places(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for inventory in matched.values(&["-i", "--inventory", "--inventory-file"]) {
        paths::at(inventory, judge);
    }
}

fn playbook(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    places(matched, judge);
    let why = Does::Opaque("what the tasks of the playbook do is not given");
    matched.does(why, Named::Operands, judge);
}

/// One module on some machines.
fn module(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    places(matched, judge);
    if let Some(hosts) = matched.operands.first() {
        paths::at(hosts, judge);
    }
    let module = matched.value("-m").or(matched.value("--module-name"));
    let arguments = matched.value("-a").or(matched.value("--args"));
    let Some(name) = module.map_or(Some("command"), Word::known) else {
        return judge.opaque(matched.span(), "which module runs is not known");
    };
    let name = name.rsplit('.').next().unwrap_or(name);
    match (name, arguments) {
        ("command" | "shell" | "raw" | "win_shell" | "win_command" | "expect", Some(script)) => {
            let script = without_settings(script);
            judge.script(&script, matched.call.variables, matched.call.stdin);
        }
        _ => matched.does(does(name, arguments), Named::Operands, judge),
    }
}

/// Modules that look only, or whose script is judged elsewhere.
#[rustfmt::skip]
const LOOKS: &[&str] = &[
    "ping", "win_ping", "setup", "gather_facts", "debug", "stat", "slurp", "find", "getent",
    "assert", "wait_for", "wait_for_connection", "service_facts", "package_facts", "command",
    "shell", "raw", "fail", "pause", "validate_argument_spec", "set_fact", "group_by",
];

/// Modules that start and stop.
#[rustfmt::skip]
const SERVICES: &[&str] = &[
    "service", "systemd", "systemd_service", "sysvinit", "win_service", "reboot", "supervisorctl",
    "win_reboot",
];

/// Modules that install and remove.
#[rustfmt::skip]
const PACKAGES: &[&str] = &[
    "apt", "yum", "dnf", "package", "pip", "npm", "gem", "apk", "zypper", "pacman", "snap",
    "homebrew", "win_package", "win_chocolatey", "dnf5", "apt_repository", "yum_repository",
    "apt_key", "rpm_key",
];

/// Modules that write files.
#[rustfmt::skip]
const FILES: &[&str] = &[
    "copy", "template", "lineinfile", "blockinfile", "replace", "file", "git", "unarchive",
    "get_url", "archive", "synchronize", "fetch", "assemble", "ini_file", "win_copy", "win_file",
    "win_template", "tempfile", "xml",
];

/// Modules that set something.
#[rustfmt::skip]
const SETTINGS: &[&str] = &[
    "cron", "hostname", "sysctl", "user", "group", "authorized_key", "timezone", "alternatives",
    "mount", "known_hosts", "ufw", "firewalld", "iptables", "seboolean", "selinux", "modprobe",
    "locale_gen", "add_host", "docker_container", "docker_image", "docker_network",
    "docker_compose_v2", "at", "pam_limits",
];

/// What a module does with its arguments.
fn does(module: &str, arguments: Option<&Word>) -> Does {
    let text = arguments.map(Word::text).unwrap_or_default();
    let plain: String = text.replace(|c: char| c.is_whitespace() || matches!(c, '"' | '\''), "");
    let has = |settings: &[&str]| settings.iter().any(|setting| plain.contains(setting));
    if LOOKS.contains(&module) || module.ends_with("_info") || module.ends_with("_facts") {
        Does::Reads
    } else if SERVICES.contains(&module) {
        Does::Changes(Verb::Update, "start or stop it again")
    } else if PACKAGES.contains(&module) {
        Does::Changes(Verb::Update, "install or remove it again")
    } else if has(&["state=absent", "state:absent"]) {
        Does::Destroys(Verb::Delete, "what it names is gone from every machine")
    } else if FILES.contains(&module) && !has(&["delete=yes", "delete=true"]) {
        Does::Changes(Verb::Update, "put the earlier files back")
    } else if SETTINGS.contains(&module) {
        Does::Changes(Verb::Update, "set it back")
    } else {
        Does::Opaque("what this module does with these arguments is not known")
    }
}

/// A command without the settings of the module before it: `chdir=/srv rm x`.
fn without_settings(script: &Word) -> Word {
    let text = script.text();
    let mut start = 0;
    loop {
        let rest = &text[start..];
        let skipped = rest.len() - rest.trim_start().len();
        let word = rest.split_whitespace().next().unwrap_or_default();
        let name = word.split_once('=').map(|(name, _)| name);
        start += skipped;
        match name {
            Some("cmd" | "_raw_params") => {
                return bare(script.after(start + word.find('=').map_or(0, |at| at + 1)));
            }
            Some("chdir" | "creates" | "removes" | "executable" | "warn" | "stdin") => {
                start += word.len();
            }
            _ => return script.after(start),
        }
    }
}

/// A value without the quotes around it.
fn bare(value: Word) -> Word {
    let text = value.text();
    let inner = ['"', '\''].iter().find_map(|quote| {
        text.strip_prefix(*quote)?.strip_suffix(*quote).map(|inner| 1..=inner.len())
    });
    match inner {
        Some(range) => value.part(*range.start()..range.end() + 1),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_the_module_are_no_part_of_its_command() {
        let command = |text: &str| without_settings(&Word::exact(text, 0)).text().to_owned();
        assert_eq!(command("rm -rf /srv"), "rm -rf /srv");
        assert_eq!(command(" chdir=/srv  creates=/x rm y"), "rm y");
        assert_eq!(command("cmd='rm y' chdir=/srv"), "'rm y' chdir=/srv");
        assert_eq!(command("cmd=\"rm y\""), "rm y");
        assert_eq!(command("A=1 make"), "A=1 make");
        assert_eq!(command("chdir=/srv"), "");
    }
}
