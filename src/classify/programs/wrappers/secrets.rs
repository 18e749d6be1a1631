//! Programs that put secrets into the environment of a command: `op run`, `doppler run`, …
//!
//! From <https://developer.1password.com/docs/cli/reference/>, <https://docs.doppler.com/docs/cli>,
//! <https://infisical.com/docs/cli/overview>, <https://github.com/segmentio/chamber>,
//! <https://github.com/99designs/aws-vault/blob/master/USAGE.md>,
//! <https://github.com/tellerops/teller>, <https://direnv.net/man/direnv.1.html>, 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{
        Call, Judge,
        programs::{Cli, Does, Matched, Named, Rule},
    },
    domain::{PlaceKind, Verb},
};

const ROTATE: &str = "rotate the secrets that were shown";
const SHOWS: Does = Does::Changes(Verb::Reveal, ROTATE);

const fn shows(path: &'static str) -> Rule {
    Rule::new(path, SHOWS)
}

/// `aws-vault exec PROFILE -- COMMAND…`
pub(super) fn aws_vault(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own = Own::new(
        "dtm",
        &[
            "--backend",
            "--prompt",
            "--keychain",
            "--duration",
            "--mfa-token",
            "--region",
            "--profile",
            "--pass-dir",
            "--pass-cmd",
            "--pass-prefix",
            "--file-dir",
            "--secret-service-collection",
        ],
    );
    let mut front = own.read(call.arguments());
    if front.has(&["--help", "--version", "-h"]) {
        return judge.reads("aws", "", call.span());
    }
    let Some(sub) = front.operand() else { return judge.reads("aws", "", call.span()) };
    let mut inner = own.read(front.rest);
    let span = call.words[0].span().with(sub.span());
    let profile = inner.operand();
    if let Some(profile) = profile {
        judge.place(PlaceKind::Profile, profile);
    }
    let name = profile.map(|word| judge.name(word)).unwrap_or_default();
    match sub.known() {
        Some("exec") => {
            let rest = own.read(inner.rest).rest;
            if rest.is_empty() {
                return super::shells::standard_input(call, judge);
            }
            front::run(rest, call, judge);
        }
        Some("list" | "ls" | "help" | "version") => judge.reads("aws", name, span),
        Some("export") => judge.changes(Verb::Reveal, "aws", name, span, ROTATE),
        Some("add" | "login" | "clear") => {
            judge.changes(
                Verb::Update,
                "aws",
                name,
                span,
                "log in again, or take the key out again",
            );
        }
        Some("rotate") => judge.changes(Verb::Update, "aws:iam", name, span, "rotate once more"),
        Some("remove" | "rm") => {
            judge.destroys(Verb::Delete, "aws", name, span, "the stored key is gone");
        }
        _ => judge.opaque(span, "this subcommand is not known"),
    }
}

/// The command behind `run`, or the script given to `--command`.
fn runs(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(script) = matched.value("--command") {
        return front::run_script(script, matched.call, judge);
    }
    let behind = front::behind(matched);
    let after = behind.iter().position(|word| word.is("--"));
    let rest = match after {
        Some(at) => &behind[at + 1..],
        None => {
            Own { short: "", attached: "", digits: "", long: matched.cli.valued }.read(behind).rest
        }
    };
    if rest.is_empty() {
        return front::interactive(matched.call, judge);
    }
    front::run(rest, matched.call, judge);
}

/// `chamber exec SERVICE… -- COMMAND…`
fn chamber_exec(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let behind = front::behind(matched);
    match behind.iter().position(|word| word.is("--")) {
        Some(at) if at + 1 < behind.len() => front::run(&behind[at + 1..], matched.call, judge),
        _ => front::interactive(matched.call, judge),
    }
}

/// `direnv exec DIRECTORY COMMAND…`
fn direnv_exec(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match front::behind(matched).split_first() {
        Some((_, rest)) if !rest.is_empty() => front::run(rest, matched.call, judge),
        _ => judge.opaque(matched.span(), "the command is missing"),
    }
}

/// 1Password.
pub(super) static OP: Cli = Cli {
    valued: &[
        "--account",
        "--config",
        "--encoding",
        "--format",
        "--session",
        "--env-file",
        "--vault",
        "--fields",
        "--tags",
        "--categories",
        "--in-file",
        "-i",
        "--out-file",
        "-o",
        "--file-mode",
        "--title",
        "--template",
        "--category",
        "--environment",
        "--emails",
        "--expires-in",
    ],
    flags: &[
        "--cache",
        "--no-masking",
        "--debug",
        "--no-color",
        "--force",
        "-f",
        "-n",
        "--no-newline",
    ],
    rules: &[
        Rule::asks("run", runs),
        shows("read").named(Named::Operands),
        shows("inject"),
        shows("item get").named(Named::Operands),
        shows("document get"),
        shows("environment read"),
        Rule::reads("item list|ls|template"),
        Rule::reads("item template *"),
        Rule::reads("document list|ls"),
        Rule::reads("vault|user|group|account|events-api|connect list|ls|get"),
        Rule::reads("vault|group user list"),
        Rule::reads("vault group list"),
        Rule::reads("service-account ratelimit"),
        Rule::reads("whoami"),
        Rule::reads("completion"),
        Rule::creates("item create", "delete the item again"),
        Rule::updates("item edit|move", "an earlier version is kept in its history"),
        Rule::leaks("item share", "whoever has the link sees the item"),
        Rule::deletes("item delete|rm|remove", "the item and its secrets are gone")
            .when(&[("--archive", Does::Changes(Verb::Update, "take it out of the archive"))]),
        Rule::creates("document create", "delete the document again"),
        Rule::updates("document edit", "edit it back"),
        Rule::deletes("document delete", "the document is gone")
            .when(&[("--archive", Does::Changes(Verb::Update, "take it out of the archive"))]),
        Rule::creates("vault|group create", "delete it again"),
        Rule::updates("vault|group edit", "edit it back"),
        Rule::deletes("vault delete", "the vault and every item in it are gone"),
        Rule::deletes("group delete", "the group and its grants are gone"),
        Rule::grants("vault user|group grant", "revoke it again"),
        Rule::grants("group user grant", "revoke it again"),
        Rule::updates("vault|group user|group revoke", "grant it again"),
        Rule::updates("user suspend", "reactivate the user"),
        Rule::updates("user provision|confirm|edit|reactivate|recovery", "edit it back"),
        Rule::deletes("user delete", "the user and the private vault are gone"),
        Rule::creates("service-account create", "revoke its token"),
        Rule::updates("signin|signout|update", "sign in again"),
        Rule::updates("account add|forget", "add or forget it again"),
        Rule::opaque("plugin run", "a program with secrets, judged where it runs"),
    ],
    ..Cli::new("1password")
};

/// Doppler.
pub(super) static DOPPLER: Cli = Cli {
    valued: &[
        "--token",
        "-t",
        "--scope",
        "--command",
        "--mount",
        "--mount-format",
        "--fallback",
        "--format",
        "--name-transformer",
        "--passphrase",
        "--preserve-env",
        "--api-host",
        "--attempts",
        "--timeout",
        "--only-secrets",
        "--type",
        "--visibility",
    ],
    places: &[
        ("--project", PlaceKind::Name),
        ("-p", PlaceKind::Name),
        ("--config", PlaceKind::Name),
        ("-c", PlaceKind::Name),
        ("DOPPLER_PROJECT", PlaceKind::Name),
        ("DOPPLER_CONFIG", PlaceKind::Name),
    ],
    flags: &["--json", "--silent", "--plain", "--no-file", "--raw", "--yes", "-y", "--only-names"],
    rules: &[
        Rule::asks("run", runs),
        shows("secrets").when(&[("--only-names", Does::Reads)]),
        shows("secrets get|download|substitute"),
        Rule::reads("secrets notes"),
        Rule::updates("secrets set|upload", "roll the config back"),
        Rule::deletes("secrets delete", "the secrets are gone"),
        Rule::reads("me|activity|projects|configs|environments|changelog|settings|completion"),
        Rule::reads("projects|configs|environments|workplace get"),
        Rule::reads("configs logs|tokens"),
        Rule::reads("configs logs get"),
        Rule::reads("configs tokens get"),
        Rule::updates("configs logs rollback", "roll forward again"),
        Rule::creates("projects|environments|configs create|clone", "delete it again"),
        Rule::updates("projects|environments|configs update|rename|lock|unlock", "change it back"),
        Rule::deletes("projects delete", "the project and its secrets are gone"),
        Rule::deletes("environments delete", "the environment and its secrets are gone"),
        Rule::deletes("configs delete", "the config and its secrets are gone"),
        Rule::new("configs tokens create", SHOWS),
        Rule::deletes("configs tokens revoke|delete", "whoever uses the token is cut off"),
        Rule::updates("login|logout|setup|configure|update|import", "set it up again"),
        Rule::reads("configure get|options|debug"),
    ],
    ..Cli::new("doppler")
};

/// Infisical.
pub(super) static INFISICAL: Cli = Cli {
    valued: &[
        "--command",
        "--token",
        "--path",
        "--projectId",
        "--format",
        "--tags",
        "-t",
        "--domain",
        "--log-level",
        "--project-config-dir",
        "--template",
        "--type",
        "--file",
        "--method",
    ],
    places: &[("--env", PlaceKind::Name), ("-e", PlaceKind::Name)],
    flags: &["--watch", "--recursive", "--include-imports", "--expand", "--plain", "--silent"],
    rules: &[
        Rule::asks("run", runs),
        shows("secrets"),
        shows("secrets get"),
        shows("export"),
        Rule::reads("secrets folders get"),
        Rule::reads("secrets generate-example-env"),
        Rule::reads("scan"),
        Rule::reads("scan git-changes"),
        Rule::updates("secrets set", "set the former values again"),
        Rule::creates("secrets folders create", "delete it again"),
        Rule::deletes("secrets delete", "the secrets are gone"),
        Rule::deletes("secrets folders delete", "the folder and its secrets are gone"),
        Rule::updates("login|init|reset|vault|user", "set it up again"),
        Rule::updates("scan install", "take the hook out again"),
    ],
    ..Cli::new("infisical")
};

/// Chamber.
pub(super) static CHAMBER: Cli = Cli {
    valued: &[
        "--backend",
        "-b",
        "--backend-s3-bucket",
        "--format",
        "-f",
        "--output-file",
        "-o",
        "--retries",
        "-r",
        "--min-throttle-delay",
        "--kms-key-alias",
        "--tags",
        "--version",
        "-v",
    ],
    flags: &["--pristine", "--strict", "--verbose", "-q", "--quiet", "-e", "--expand"],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::asks("exec", chamber_exec),
        shows("read|export|env|find"),
        Rule::reads("list|history|list-services|version|help|completion")
            .when(&[("-e", SHOWS), ("--expand", SHOWS)]),
        Rule::updates("write|import|tag", "an earlier version is kept"),
        Rule::deletes("delete", "the secret and its versions are gone"),
        Rule::deletes("tag delete", "the tag is gone"),
    ],
    ..Cli::new("aws:ssm")
};

/// Teller.
pub(super) static TELLER: Cli = Cli {
    valued: &["--config", "-c", "--command"],
    rules: &[
        Rule::asks("run", runs),
        shows("show|sh|env|yaml|json|export|copy"),
        Rule::reads("scan|redact"),
        Rule::creates("new", "delete the file again"),
        Rule::updates("put", "put the former value again"),
        Rule::deletes("delete", "the secret is gone"),
    ],
    ..Cli::new("teller")
};

/// direnv.
pub(super) static DIRENV: Cli = Cli {
    rules: &[
        Rule::asks("exec", direnv_exec),
        Rule::reads("status|version|help|hook|stdlib|fetchurl|show_dump|log|dump"),
        Rule::opaque("export|reload", "it runs the directory's own script"),
        Rule::grants("allow|permit|grant", "deny it again"),
        Rule::updates("deny|block|revoke|disallow|prune", "allow it again"),
        Rule::opaque("edit", "the script is written by hand"),
    ],
    ..Cli::new("direnv")
};

/// `envchain NAMESPACE COMMAND…`
pub(super) fn envchain(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::NONE.read(call.arguments());
    if front.has(&["--set", "-s"]) {
        return judge.changes(
            Verb::Update,
            "envchain",
            "",
            call.span(),
            "set the former value again",
        );
    }
    if front.has(&["--list", "-l", "--help", "--version"]) {
        return judge.reads("envchain", "", call.span());
    }
    if front.has(&["--unset"]) {
        return judge.destroys(Verb::Delete, "envchain", "", call.span(), "the value is gone");
    }
    match front.rest {
        [_, command @ ..] if !command.is_empty() => front::run(command, call, judge),
        _ => judge.opaque(call.span(), "the command is missing"),
    }
}

/// `dotenv [-f FILE] [run] [--] COMMAND…`, `dotenvx run -- COMMAND…`
pub(super) fn dotenv(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own =
        Own::new("efcv", &["--file", "--env-file", "--env", "--convention", "--quote", "-fk"]);
    let front = own.read(call.arguments());
    if front.has(&["--help", "--version", "-h"]) {
        return judge.reads("files", "", call.span());
    }
    let span = call.span();
    match front.rest.first().and_then(|word| word.known()) {
        Some("run") => {
            let rest = own.read(&front.rest[1..]).rest;
            if rest.is_empty() {
                front::interactive(call, judge);
            } else {
                front::run(rest, call, judge);
            }
        }
        Some("list" | "get") => judge.changes(Verb::Reveal, "files", "", span, ROTATE),
        Some("ls") => judge.reads("files", "", span),
        Some("set" | "encrypt" | "decrypt" | "genexample" | "unset") => {
            judge.changes(Verb::Update, "files", "", span, "write it back");
        }
        Some(_) => front::run(front.rest, call, judge),
        None => front::interactive(call, judge),
    }
}
