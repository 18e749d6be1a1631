//! However a command is wrapped, quoted or put together, its class does not fall; and what stands
//! beside it does not change what it is.

use countersign::{
    classify::{self, Setting},
    domain::Class,
};
use std::fmt::Write as _;

/// Commands whose class is destructive, each of plain words without quotes.
const DESTRUCTIVE: &[&str] = &[
    "rm -rf /srv/data",
    "aws ec2 terminate-instances --instance-ids i-0a1b2c3d",
    "aws s3 rb s3://acme-prod --force",
    "kubectl delete ns payments",
    "git push --force origin main",
    "git reset --hard HEAD~5",
    "redis-cli -h prod-redis FLUSHALL",
    "helm uninstall payments -n prod",
    "curl -X DELETE https://api.acme.com/v1/projects/42",
    "gh repo delete acme/api --yes",
    "find /srv/data -delete",
    "terraform destroy -auto-approve",
];

/// Commands that look only.
const HARMLESS: &[&str] = &[
    "ls -la",
    "cat README.md",
    "git status",
    "kubectl get pods -n prod",
    "aws s3 ls",
    "echo done",
    "grep -rn main src",
];

fn class(command: &str) -> Class {
    classify::command(command, &Setting::default()).class()
}

/// What any list of commands may be put into, in place of `«`.
const LISTS: &[&str] = &[
    "«",
    "  «  ",
    "«\n",
    "( « )",
    "( ( «\n) )",
    "{ «\n}",
    "if «\nthen :; fi",
    "if true; then «\nfi",
    "if false; then :; else «\nfi",
    "if false; then :; elif true; then «\nfi",
    "while «\ndo break; done",
    "until false; do «\ndone",
    "for i in 1 2 3; do «\ndone",
    "for i in $(seq 3); do «\ndone",
    "for ((i=0; i<1; i++)); do «\ndone",
    "case x in x) «\n;; esac",
    "f() { «\n}; f",
    "function f { «\n}; f",
    "echo \"$( «\n)\"",
    "x=$( «\n)",
    "x=${y:-$( «\n)}",
    "cat <( «\n)",
    "ls > >( «\n)",
    "[[ -n $( «\n) ]]",
    "echo $(( $( «\n) ))",
    "echo ${x[$( «\n)]}",
    "cat <<OUTER\n$( «\n)\nOUTER",
    "sh <<'OUTER'\n«\nOUTER",
    "coproc { «\n}",
    "true && { «\n}",
    "false || { «\n}",
    "ls | { «\n}",
    "{ «\n} | cat",
    "{ «\n} &",
    "#!/bin/sh\n«",
    "set -e\n«",
    "[ -f x ] && {\n«\n}",
];

/// What a script may be put into as a text within `'`, in place of `»`.
const TEXTS: &[&str] = &[
    "eval »",
    "eval \"$(echo »)\"",
    "x=»; eval \"$x\"",
    "trap » EXIT",
    "bash <<< »",
    "echo » | sh",
    "printf '%s\\n' » | bash",
    "printf %s » | cat | bash -s",
    "bash -c »",
    "sh -c »",
    "bash -lc »",
    "bash -c 'eval \"$1\"' _ »",
    "source <(echo »)",
    "bash <(echo »)",
    "echo » > /tmp/x.sh; bash /tmp/x.sh",
    "echo » > x.sh && chmod +x x.sh && sh ./x.sh",
    "busybox sh -c »",
    "ssh host »",
    "ssh -p 22 user@host »",
    "docker run --rm alpine sh -c »",
    "kubectl exec deploy/x -- sh -c »",
    "flock /tmp/lock -c »",
    "su -c » root",
    "watch -n 60 »",
    "sudo -u root bash -c »",
    "env A=1 sh -c »",
    "find . -maxdepth 0 -exec sh -c » \\;",
    "xargs -I{} sh -c » < /dev/null",
];

/// What a program with its arguments may be put behind, or into, in place of `«`.
const WORDS: &[&str] = &[
    "«;",
    "« &",
    "! «",
    "time «",
    "time -p «",
    "f() { \"$@\"; }; f «",
    "f() { $*; }; f «",
    "alias x=»; x",
    "eval «",
    "x=»; $x",
    "x=(«); \"${x[@]}\"",
    "x=(«); ${x[*]}",
    "set -- «; \"$@\"",
    "$(echo «)",
    "`echo «`",
    "bash -c '\"$@\"' _ «",
    "command «",
    "command -p «",
    "exec «",
    "builtin command «",
    "coproc «",
    "LC_ALL=C «",
    "A=1 B=2 «",
    "env «",
    "env A=1 «",
    "/usr/bin/env -i «",
    "sudo «",
    "sudo -u root -- «",
    "doas «",
    "nohup «",
    "nohup nice -n 5 timeout 60 « &",
    "nice «",
    "nice -n 10 «",
    "timeout 60 «",
    "timeout -k 5 60 «",
    "stdbuf -oL «",
    "setsid «",
    "ionice -c 3 «",
    "xargs « < /dev/null",
    "echo x | xargs -n1 «",
    "find . -maxdepth 0 -exec « \\;",
    "parallel » ::: 1",
    "kubectl exec deploy/x -- «",
    "flock /tmp/lock «",
    "« > /dev/null 2>&1",
    "« 2>&1 | tee log.txt",
    "« < /dev/null",
    "> out.txt «",
    "« # a comment\n",
];

fn put(command: &str, around: &str) -> String {
    // A here-document ends at the first line with its word.
    let word = if command.contains("OUTER") { "OUTERMOST" } else { "OUTER" };
    around.replace("OUTER", word).replace('»', &format!("'{command}'")).replace('«', command)
}

/// Ways to write one word that leave it the same word.
fn spelled(word: &str) -> Vec<String> {
    let (first, rest) = word.split_at(1);
    let (mut octal, mut hexadecimal) = (String::new(), String::new());
    for byte in word.bytes() {
        write!(octal, "\\{byte:o}").unwrap();
        write!(hexadecimal, "\\x{byte:x}").unwrap();
    }
    vec![
        format!("'{word}'"),
        format!("\"{word}\""),
        format!("{first}''{rest}"),
        format!("''{word}"),
        format!("{word}\"\""),
        format!("'{first}'{rest}"),
        format!("{first}\"{rest}\""),
        format!("\\{word}"),
        format!("{first}\\\n{rest}"),
        format!("$'{octal}'"),
        format!("$'{hexadecimal}'"),
        format!("$(echo {word})"),
        format!("`echo {word}`"),
        format!("$(printf %s {word})"),
        format!("\"$(echo {word})\""),
        format!("{first}$(echo {rest})"),
        format!("$(true){word}"),
        format!("{word}$(:)"),
    ]
}

fn check(wrong: &mut Vec<String>, changed: &str, least: Class) {
    let found = class(changed);
    if found < least {
        wrong.push(format!("{found}: {changed}"));
    }
}

#[test]
fn the_commands_are_what_they_are_taken_for() {
    for command in DESTRUCTIVE {
        assert_eq!(class(command), Class::Destructive, "{command}");
    }
    for command in HARMLESS {
        assert_eq!(class(command), Class::ReadOnly, "{command}");
    }
}

#[test]
fn no_wrapper_makes_a_command_milder() {
    let around = || LISTS.iter().chain(TEXTS).chain(WORDS);
    assert!(around().count() >= 110);
    let mut wrong = Vec::new();
    for command in DESTRUCTIVE {
        for outer in around() {
            check(&mut wrong, &put(command, outer), Class::Destructive);
        }
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_two_wrappers_make_a_command_milder() {
    let mut wrong = Vec::new();
    let command = DESTRUCTIVE[0];
    for inner in LISTS.iter().chain(TEXTS).chain(WORDS) {
        let once = put(command, inner);
        for outer in LISTS {
            check(&mut wrong, &put(&once, outer), Class::Destructive);
        }
        // A second layer of `'` would end the first.
        for outer in TEXTS.iter().filter(|_| !once.contains('\'')) {
            check(&mut wrong, &put(&once, outer), Class::Destructive);
        }
    }
    // What takes words takes those that a list or a text is not needed for.
    let plain = |around: &&&str| {
        around.starts_with(|first: char| first.is_ascii_lowercase() || first == '/')
            && around.ends_with('«')
            && !around.contains(['=', ';', '"', '|', '<', '(', '!'])
            && !around.starts_with("time")
            && !["coproc", "eval", "exec", "command", "builtin"]
                .iter()
                .any(|w| around.starts_with(w))
    };
    for inner in WORDS.iter().filter(plain) {
        for outer in WORDS {
            check(&mut wrong, &put(&put(command, inner), outer), Class::Destructive);
        }
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_spelling_makes_a_command_milder() {
    let mut wrong = Vec::new();
    for command in DESTRUCTIVE {
        let words: Vec<&str> = command.split(' ').collect();
        for at in 0..words.len() {
            for spelling in spelled(words[at]) {
                let mut changed: Vec<&str> = words.clone();
                changed[at] = &spelling;
                check(&mut wrong, &changed.join(" "), Class::Destructive);
            }
            let named = format!("x={}; {}", words[at], {
                let mut changed = words.clone();
                changed[at] = "\"$x\"";
                changed.join(" ")
            });
            check(&mut wrong, &named, Class::Destructive);
        }
        check(&mut wrong, &words.join("${IFS}"), Class::Destructive);
        check(&mut wrong, &words.join("\t"), Class::Destructive);
        check(&mut wrong, &words.join(" \\\n"), Class::Destructive);
        check(&mut wrong, &format!("{{{}}}", words.join(",")), Class::Destructive);
        check(&mut wrong, &format!("IFS=,; x={}; $x", words.join(",")), Class::Destructive);
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_harmless_command_beside_it_changes_nothing() {
    let mut wrong = Vec::new();
    let commands = DESTRUCTIVE.iter().chain(HARMLESS);
    for command in commands.chain(&["frobnicate --all", "echo x > notes.txt", "$UNKNOWN"]) {
        let alone = class(command);
        for harmless in HARMLESS {
            for joined in [
                format!("{harmless}; {command}"),
                format!("{command}; {harmless}"),
                format!("{harmless} && {command}"),
                format!("{command} && {harmless}"),
                format!("{harmless} || {command}"),
                format!("{command} || {harmless}"),
                format!("{harmless}\n{command}"),
                format!("{command}\n{harmless}"),
                format!("{harmless} & {command}"),
                format!("{command} & {harmless}"),
                format!("{harmless} | {command}"),
                format!("{command} | {harmless}"),
                format!("{harmless} |& {command}"),
                format!("({harmless}); ({command})"),
            ] {
                let found = class(&joined);
                if found != alone {
                    wrong.push(format!("{found}, not {alone}: {joined}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}
