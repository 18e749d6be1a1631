//! Settings of git given on the line: some of them are programs that git will run.
//!
//! From <https://git-scm.com/docs/git-config> and <https://git-scm.com/docs/git#_environment_variables>,
//! 2026-11.

use super::runs;
use crate::classify::{Call, Judge, Word};

/// Variables whose value is a command.
const COMMANDS: &[&str] = &[
    "GIT_PAGER",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH_COMMAND",
    "GIT_SSH",
    "GIT_EXTERNAL_DIFF",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "GIT_PROXY_COMMAND",
    "PAGER",
    "EDITOR",
    "VISUAL",
];

/// Judges what variables set, and gives the settings among them as `key=value`.
pub(super) fn from_variables(call: &Call<'_>, judge: &mut Judge<'_>) -> Vec<Word> {
    for name in COMMANDS {
        if let Some(command) = call.variables.get(name) {
            runs(command, call, judge);
        }
    }
    for name in [
        "GIT_EXEC_PATH",
        "GIT_CONFIG_PARAMETERS",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_TEMPLATE_DIR",
    ] {
        if let Some(value) = call.variables.get(name)
            && !value.is("/dev/null")
            && !value.is("")
        {
            judge.opaque(value.span(), "git reads its settings or programs from there");
        }
    }
    let pairs = (0..32).map_while(|at| {
        let key = call.variables.get(&format!("GIT_CONFIG_KEY_{at}"))?;
        let value = call.variables.get(&format!("GIT_CONFIG_VALUE_{at}"))?;
        Some(Word::made(format!("{}={}", key.text(), value.text()), key.span().with(value.span())))
    });
    pairs.collect()
}

/// What an alias set on the line stands for.
pub(super) fn alias(name: &str, given: &[Word]) -> Option<Word> {
    given.iter().rev().find_map(|setting| {
        let (key, _) = setting.text().split_once('=')?;
        let wanted = key.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("alias."))
            && key.get(6..).is_some_and(|rest| rest.eq_ignore_ascii_case(name));
        wanted.then(|| setting.after(key.len() + 1))
    })
}

/// Judges one `key=value`.
pub(super) fn judge_setting(setting: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some((key, text)) = setting.text().split_once('=') else { return };
    let value = setting.after(key.len() + 1);
    let key = key.to_ascii_lowercase();
    if key.contains(crate::classify::is_hole) {
        return judge.opaque(setting.span(), "which setting of git this is is not known");
    }
    match kind(&key) {
        Kind::Plain => {}
        Kind::Command => {
            let command = if text.starts_with('!') { value.after(1) } else { value };
            let switch = ["", "true", "false", "1", "0", "yes", "no"].contains(&command.text());
            if !switch {
                runs(&command, call, judge);
            }
        }
        Kind::Helper => {
            if text.starts_with('!') {
                judge.script(&value.after(1), call.variables, call.stdin);
            } else if text.starts_with('/') {
                runs(&value, call, judge);
            }
        }
        Kind::Elsewhere => {
            if !matches!(text, "" | "/dev/null") {
                judge.opaque(setting.span(), "git runs or reads what lies there");
            }
        }
    }
}

enum Kind {
    Plain,
    /// The value is a command.
    Command,
    /// The value is the name of a helper, a path, or `!command`.
    Helper,
    /// The value is a place with programs or settings.
    Elsewhere,
}

fn kind(key: &str) -> Kind {
    let (section, last) =
        (key.split('.').next().unwrap_or(key), key.rsplit('.').next().unwrap_or(key));
    match (section, last) {
        ("credential", "helper") => Kind::Helper,
        ("core", "hookspath") | ("include" | "includeif", "path") => Kind::Elsewhere,
        (
            "core",
            "pager"
            | "editor"
            | "sshcommand"
            | "fsmonitor"
            | "askpass"
            | "gitproxy"
            | "alternaterefscommand",
        )
        | ("sequence", "editor")
        | ("pager", _)
        | ("diff", "external" | "command" | "textconv")
        | ("difftool" | "mergetool" | "browser" | "man", "cmd" | "path")
        | ("merge", "driver")
        | ("filter", "clean" | "smudge" | "process")
        | ("gpg", "program" | "defaultkeycommand")
        | ("interactive", "difffilter")
        | ("remote", "uploadpack" | "receivepack" | "proxy-command")
        | ("uploadpack", "packobjectshook")
        | ("trailer", "command" | "cmd")
        | ("submodule", "update")
        | ("sendemail", "smtpserver" | "tocmd" | "cccmd" | "sendmailcmd") => Kind::Command,
        _ => Kind::Plain,
    }
}
