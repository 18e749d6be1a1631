//! Secrets in files and stores, and ways into machines: `sops`, `age`, `tsh`, `tctl`.
//!
//! From <https://getsops.io/docs/>, <https://github.com/FiloSottile/age/blob/main/doc/age.1.ronn>
//! and <https://goteleport.com/docs/reference/cli/>, 2026-11.

use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Named, Rule},
    },
    domain::{PlaceKind, Verb},
};

const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate the secret");
const CHECKED_OUT: &str = "check the file out again";

/// The table of `sops`.
pub static SOPS: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-k", "--kms", "--gcp-kms", "--azure-kv", "--hc-vault-transit", "-a", "--age", "-p",
        "--pgp", "--config", "--extract", "--output", "--output-type", "--input-type",
        "--unencrypted-suffix", "--encrypted-suffix", "--encrypted-regex", "--unencrypted-regex",
        "--set", "--shamir-secret-sharing-threshold", "--filename-override", "--filename",
        "--add-kms", "--rm-kms", "--add-age", "--rm-age", "--add-pgp", "--rm-pgp", "--keyservice",
        "--aws-profile", "--encryption-context", "--user",
    ],
    #[rustfmt::skip]
    flags: &[
        "-i", "--in-place", "-s", "--show-master-keys", "--verbose", "--ignore-mac", "--background",
        "-y", "--yes", "--pristine", "--same-process",
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads("filestatus|help|completion"),
        Rule::new("decrypt", SHOWN),
        Rule::updates("encrypt|edit|set|unset|rotate|updatekeys|groups|keyservice", CHECKED_OUT),
        Rule::creates("publish", "take it out of the store again"),
        Rule::asks("exec-env|exec-file", script),
        Rule::updates("**", CHECKED_OUT).when(&[("-d", SHOWN), ("--decrypt", SHOWN)]),
    ],
    ..Cli::new("secrets")
};

/// `sops exec-env FILE COMMAND`.
fn script(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.operands.get(1) {
        Some(script) => {
            judge.script(script, matched.call.variables, matched.call.stdin);
        }
        None => judge.opaque(matched.span(), "what it runs is not said"),
    }
}

/// The table of `age` and `rage`.
pub static AGE: Cli = Cli {
    valued: &["-r", "--recipient", "-R", "--recipients-file", "-i", "--identity", "-o", "--output"],
    rules: &[Rule::updates("**", "remove the file").when(&[("-d", SHOWN), ("--decrypt", SHOWN)])],
    ..Cli::new("secrets")
};

/// The table of `tsh`.
pub static TSH: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-l", "--login", "--user", "--ttl", "-i", "--identity", "--auth", "--mfa-mode", "-J",
        "--jumphost", "-L", "-D", "-R", "-p", "--port", "-o", "--format", "-f", "--search",
        "--query", "--roles", "--reason", "--db-user", "--db-name", "--request-id",
    ],
    #[rustfmt::skip]
    flags: &[
        "-d", "--debug", "--insecure", "-A", "-N", "-q", "--tty", "-t", "--local", "-v", "--all",
        "-r", "--recursive",
    ],
    #[rustfmt::skip]
    places: &[
        ("--proxy", PlaceKind::Host), ("TELEPORT_PROXY", PlaceKind::Host),
        ("--cluster", PlaceKind::Context), ("-c", PlaceKind::Context),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads("status|ls|clusters|version|help|recordings|play|kubectl-of|bench|env"),
        Rule::reads(
            "apps|db|kube|request|recordings|mfa|devices|sessions ls|list|show|search|\
             config|env",
        ),
        Rule::updates("login|logout|join|config|proxy", "log in again"),
        Rule::updates("apps|db|kube login|logout", "log in again"),
        Rule::grants("request create|review|drop", "drop the request"),
        Rule::updates("scp|mfa", "copy the earlier file back"),
        Rule::asks("ssh", ssh).ends(1),
        Rule::asks("kubectl", program).ends(0),
        Rule::asks("aws", program).ends(0),
        Rule::opaque("db connect", "what is typed into the connection is not known"),
        Rule::opaque("kube exec|join", "what is typed into it is not known"),
    ],
    ..Cli::new("teleport")
};

/// `tsh ssh USER@HOST COMMAND`.
fn ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(host) = matched.own().first() {
        let text = host.text();
        let skip = text.find('@').map_or(0, |at| at + 1);
        judge.place(PlaceKind::Host, &host.after(skip));
    }
    match matched.rest {
        [] => judge.opaque(matched.span(), "what is typed into the shell is not known"),
        [script] => {
            judge.script(script, matched.call.variables, matched.call.stdin);
        }
        words => {
            judge.call(&matched.call.running(words));
        }
    }
}

/// `tsh kubectl …`: the program, with the way there.
fn program(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.words;
    let start = words.len().saturating_sub(matched.rest.len() + 1);
    judge.call(&matched.call.running(&words[start..]));
}

/// The table of `tctl`.
pub static TCTL: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-c", "--config", "--auth-server", "-i", "--identity", "--format", "--ttl", "--roles",
        "--logins", "--type", "--user", "--role", "--message", "--expires", "--grace-period",
        "--phase", "--reason", "--delegate", "--value", "--out", "--set-roles", "--set-logins",
    ],
    flags: &["-d", "--debug", "--insecure", "-f", "--force", "--manual"],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads("status|get|version|help|top|inventory|alerts|saml|sso"),
        Rule::reads(
            "users|nodes|tokens|requests|bots|acl|db|kube|apps|windows_desktops|devices|\
             recordings|access|loginrule|plugins ls|list|get|show|test",
        ),
        Rule::reads("auth ls|export|crl"),
        Rule::updates("create|edit|update", "apply the earlier resource again"),
        Rule::grants("users|nodes|tokens|bots add|update", "remove it again"),
        Rule::grants("requests approve|create", "deny the request"),
        Rule::updates("requests deny", "create it again"),
        Rule::grants("auth sign", "lock whoever holds it"),
        Rule::overwrites("auth rotate", "certificates that were not renewed open nothing any more"),
        Rule::grants("lock", "remove the lock"),
        Rule::updates("users reset", "invite the user again"),
        Rule::deletes("rm|del", "the resource is gone"),
        Rule::deletes(
            "users|tokens|requests|bots|devices|alerts|plugins|recordings rm|delete|del|ack",
            "whoever uses it is cut off",
        ),
    ],
    ..Cli::new("teleport")
};

/// The table of programs that check or measure and change nothing: `tflint`, `checkov`, `tfsec`.
pub static CHECKS: Cli = Cli {
    valued: &[
        "-d",
        "--directory",
        "-f",
        "--file",
        "--framework",
        "--format",
        "-o",
        "--output",
        "--path",
        "-c",
        "--config",
    ],
    rules: &[Rule::reads("**").when(&[
        ("--fix", Does::Changes(Verb::Update, CHECKED_OUT)),
        ("--init", Does::Changes(Verb::Update, CHECKED_OUT)),
    ])],
    ..Cli::new("files")
};

/// The table of programs that write files which are made again at will.
pub static WRITERS: Cli = Cli {
    rules: &[Rule::reads("list|list-remote|version|current|help"), Rule::asks("**", writes)],
    ..Cli::new("files")
};

fn writes(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    matched.does(Does::Changes(Verb::Update, CHECKED_OUT), Named::Operands, judge);
}
