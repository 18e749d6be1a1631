//! `git`: what is before the subcommand, aliases given on the line, and the tables by subcommand.
//!
//! ```text
//!   git -C dir -c key=value SUBCOMMAND …      settings: keys whose value is a program are run
//!        └─ globals ┘        │
//!                            ├─ table: one Cli for subcommands that write options alike
//!                            └─ alias.NAME given with -c: `!script`, or other words
//! ```
//!
//! From <https://git-scm.com/docs>, 2026-11.

mod commands;
mod push;
mod settings;
mod table;

use super::super::{Program, table::judge as by_table};
use crate::classify::{Call, Judge, Word};

pub(super) const PROGRAMS: &[Program] = &[Program::code(&["git", "git.exe"], git)];

/// Options before the subcommand that take the next word.
const VALUED: &[&str] = &[
    "-C",
    "-c",
    "--git-dir",
    "--work-tree",
    "--namespace",
    "--super-prefix",
    "--config-env",
    "--attr-source",
];

fn git(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut given = settings::from_variables(call, judge);
    let words = call.arguments();
    let mut at = 0;
    let program = call.words.first().map(Word::span).unwrap_or_default();
    while let Some(word) = words.get(at) {
        let text = word.text();
        if word.has_holes() && word.may_be_option() {
            return judge.opaque(word.span(), "which subcommand of git runs is not known");
        }
        if !text.starts_with('-') {
            break;
        }
        at += 1;
        match text {
            "--help" | "-h" | "--version" | "-v" | "--html-path" | "--man-path" | "--info-path"
            | "--exec-path" => return judge.reads("git", "", call.span()),
            "-c" | "--config-env" => {
                if let Some(setting) = words.get(at) {
                    given.push(setting.clone());
                }
            }
            _ if text.starts_with("--config-env=") => given.push(word.after(13)),
            _ if text.starts_with("--exec-path=") => {
                judge.opaque(word.span(), "the programs of git are taken from this directory");
            }
            _ => {}
        }
        if VALUED.contains(&text) {
            at += 1;
        }
    }
    for setting in &given {
        settings::judge_setting(setting, call, judge);
    }
    let Some(subcommand) = words.get(at) else {
        return judge.reads("git", "", program);
    };
    let mut rest = vec![call.words[0].clone()];
    rest.extend(words[at..].iter().cloned());
    let inner = call.running(&rest);
    let Some(name) = subcommand.known() else {
        return judge.opaque(subcommand.span(), "which subcommand of git runs is not known");
    };
    if let Some(cli) = table::of(name) {
        by_table(cli, &inner, judge);
    } else if let Some(alias) = settings::alias(name, &given) {
        run_alias(&alias, &inner, judge);
    } else {
        judge.opaque(subcommand.span(), "this subcommand is not of git; it may be an alias");
    }
}

/// Runs what an alias stands for, followed by the arguments.
fn run_alias(alias: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let arguments = call.arguments().get(1..).unwrap_or_default();
    if alias.text().starts_with('!') {
        let mut script = alias.text()[1..].to_owned();
        for word in arguments {
            script.push_str(" '");
            script.push_str(&word.text().replace('\'', "'\\''"));
            script.push('\'');
        }
        judge.script(&Word::made(script, alias.span()), call.variables, call.stdin);
        return;
    }
    let mut words = vec![call.words[0].clone()];
    words.extend(alias.text().split_whitespace().map(|part| Word::made(part, alias.span())));
    words.extend(arguments.iter().cloned());
    judge.call(&call.running(&words));
}

/// A command that git would give to a shell: a pager, an editor, a remote helper.
fn runs(command: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let text = command.text();
    let first = text.split_whitespace().next().unwrap_or_default();
    let program = first.rsplit('/').next().unwrap_or(first);
    let simple =
        !text.contains([';', '|', '&', '$', '`', '<', '>', '\n', '(']) && !command.has_holes();
    let harmless = [
        "",
        "cat",
        "less",
        "more",
        "most",
        "delta",
        "bat",
        "true",
        "false",
        ":",
        "vim",
        "vi",
        "nvim",
        "nano",
        "emacs",
        "code",
        "subl",
        "git-upload-pack",
        "git-receive-pack",
        "diff-so-fancy",
        "echo",
    ];
    let ssh = program == "ssh" && !text.contains("Command");
    if simple && (harmless.contains(&program) && !text.contains(" -c") || ssh) {
        return;
    }
    judge.script(command, call.variables, call.stdin);
}
