//! Guards that a diff takes away, and power that it gives: protections of infrastructure, IAM
//! statements, roles of a cluster, the hooks that hold an agent back.

use super::unified::{FileDiff, Kind, Line, Status, extension};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

/// A setting that, once it has this value, takes a guard away.
struct Setting {
    name: &'static str,
    value: &'static str,
    lost: &'static str,
}

const fn setting(name: &'static str, value: &'static str, lost: &'static str) -> Setting {
    Setting { name, value, lost }
}

/// Of Terraform, `CloudFormation` and manifests of Kubernetes, in the spelling without `_`, `-` and
/// capitals.
const SETTINGS: &[Setting] = &[
    setting("preventdestroy", "false", "nothing keeps a plan from destroying the resource"),
    setting("deletionprotection", "false", "nothing keeps the resource from being deleted"),
    setting("deletionprotectionenabled", "false", "nothing keeps the resource from being deleted"),
    setting("enabledeletionprotection", "false", "nothing keeps the resource from being deleted"),
    setting("skipfinalsnapshot", "true", "a deletion leaves no snapshot behind"),
    setting("forcedestroy", "true", "a deletion takes everything in it along"),
    setting("forcedelete", "true", "a deletion takes everything in it along"),
    setting("backupretentionperiod", "0", "no backup is made any more"),
    setting("backupretentiondays", "0", "no backup is made any more"),
    setting("pointintimerecoveryenabled", "false", "the data cannot be set back in time any more"),
    setting("publiclyaccessible", "true", "the database is open to the Internet"),
    setting("blockpublicacls", "false", "the bucket may be opened to everybody"),
    setting("blockpublicpolicy", "false", "the bucket may be opened to everybody"),
    setting("restrictpublicbuckets", "false", "the bucket may be opened to everybody"),
    setting("ignorepublicacls", "false", "the bucket may be opened to everybody"),
    setting("acl", "public-read", "everybody can read the bucket"),
    setting("acl", "public-read-write", "everybody can write to the bucket"),
    setting("enablelogging", "false", "nobody can see afterwards who did what"),
    setting("ismultiregiontrail", "false", "other regions are not recorded any more"),
    setting("enablelogfilevalidation", "false", "a changed log cannot be told from a true one"),
    setting("deletionpolicy", "delete", "a deleted stack takes the data along"),
    setting("persistentvolumereclaimpolicy", "delete", "a released volume is deleted"),
    setting("reclaimpolicy", "delete", "a released volume is deleted"),
];

/// Files that decide who may do what here. Parts of paths; a part that begins with `/` is an end.
const PROTECTED: &[(&str, &str)] = &[
    ("CODEOWNERS", "who has to agree to changes is decided there"),
    (".claude/settings", "the hooks that hold an agent back are configured there"),
    (".cursor/hooks.json", "the hooks that hold an agent back are configured there"),
    (".codex/", "the hooks that hold an agent back are configured there"),
    (".gemini/settings.json", "the hooks that hold an agent back are configured there"),
    (".kiro/agents/", "the hooks that hold an agent back are configured there"),
    (".kiro/hooks/", "the hooks that hold an agent back are configured there"),
    (".kiro/settings/", "which tools an agent may call is decided there"),
    (".github/hooks/", "the hooks that hold an agent back are configured there"),
    (".windsurf/hooks.json", "the hooks that hold an agent back are configured there"),
    (".devin/", "the hooks that hold an agent back are configured there"),
    (".mcp.json", "which tools an agent may call is decided there"),
    (".git/hooks/", "it runs on the machine of whoever commits"),
    (".husky/", "it runs on the machine of whoever commits"),
    (".pre-commit-config.yaml", "it runs on the machine of whoever commits"),
    (".npmrc", "where packages come from is decided there"),
    (".pypirc", "where packages go to is decided there"),
    (".cargo/config", "where packages come from is decided there"),
    (".devcontainer/", "it runs on the machine of whoever opens the repository"),
    (".vscode/tasks.json", "it runs on the machine of whoever opens the repository"),
    (".envrc", "it runs on the machine of whoever opens the repository"),
    ("countersign", "who has to sign is decided there"),
];

/// Judges the guards and the power of a file.
pub(super) fn judge(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    protected(file, diff, judge);
    if !is_declarative(file.path()) {
        return;
    }
    settings(file, diff, judge);
    statements(file, diff, judge);
    resources(file, diff, judge);
}

fn is_declarative(path: &str) -> bool {
    let known = ["tf", "tfvars", "hcl", "json", "yml", "yaml", "template", "toml"];
    known.contains(&extension(path))
}

fn protected(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    for path in [file.path(), &file.old] {
        if let Some(why) = reason(path) {
            let at = diff.at(file.head.clone());
            return judge.changes(
                Verb::Grant,
                "protected-file",
                path,
                at,
                format!("revert it; {why}"),
            );
        }
    }
}

/// Why a file decides who may do what, if it does.
pub(in crate::classify) fn reason(path: &str) -> Option<&'static str> {
    let found = PROTECTED.iter().find(|(part, _)| {
        let own = part.ends_with('/') || part.contains('/') || part.starts_with('.');
        if own {
            path.starts_with(part) || path.contains(&format!("/{part}"))
        } else {
            path.rsplit('/').next().is_some_and(|name| name.starts_with(part))
        }
    });
    found.map(|(_, why)| *why)
}

/// `name = value`, `name: value`, `"name": value`: the name in one spelling, and the value.
fn pair(text: &str) -> Option<(String, &str)> {
    let (name, value) = text.trim().trim_start_matches("- ").split_once([':', '='])?;
    let name = name.trim();
    // `"s3:*"` in a list is no name and value.
    let is_open = |quote: char| name.starts_with(quote) != name.ends_with(quote);
    if name.contains(' ') || is_open('"') || is_open('\'') {
        return None;
    }
    let name: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let value = value.split(" #").next().unwrap_or(value);
    Some((name, value.trim_matches(|c: char| c.is_whitespace() || "\"',;".contains(c))))
}

fn settings(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    for line in file.added() {
        let Some((name, value)) = pair(line.text) else { continue };
        let found = SETTINGS
            .iter()
            .find(|setting| setting.name == name && setting.value.eq_ignore_ascii_case(value));
        if let Some(setting) = found {
            destroyed(line, file, diff, judge, setting.lost);
        }
    }
    // A guard whose line goes away without another value is taken away too.
    for line in file.removed() {
        let Some((name, value)) = pair(line.text) else { continue };
        let guards = ["preventdestroy", "deletionprotection", "enabledeletionprotection"];
        let again =
            file.after().any(|line| pair(line.text).is_some_and(|(other, _)| other == name));
        if guards.contains(&name.as_str())
            && value == "true"
            && !again
            && file.status != Status::Deleted
        {
            destroyed(line, file, diff, judge, "nothing keeps the resource from being deleted");
        }
    }
}

fn destroyed(
    line: &Line<'_>,
    file: &FileDiff<'_>,
    diff: &Word,
    judge: &mut Judge<'_>,
    lost: &'static str,
) {
    let text = line.text.trim();
    let start = line.at.start + (line.text.len() - line.text.trim_start().len());
    let at = diff.at(start..start + text.len());
    judge.destroys(Verb::Grant, "guard", format!("{text} in {}", file.path()), at, lost);
}

/// IAM statements, roles of Kubernetes and open networks: whole words that give everything.
fn statements(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    let mut listing = String::new();
    for line in file.after() {
        let text = line.text.trim();
        let (name, value) = pair(text).unwrap_or_default();
        if !name.is_empty() {
            listing.clone_from(&name);
        }
        if line.kind != Kind::Added {
            continue;
        }
        let item = if name.is_empty() { text.trim_start_matches("- ") } else { value };
        let item = item.trim_matches(|c: char| c.is_whitespace() || "\"'[],".contains(c));
        let why = match listing.as_str() {
            "action" | "actions" | "notaction"
                if item == "*" || item == "*:*" || item.ends_with(":*") =>
            {
                "name the actions that are needed"
            }
            "resource" | "resources" if item == "*" => "name the resources it is about",
            "principal" | "principals" | "aws" | "identifiers" if item == "*" => {
                "name who is meant: this is everybody"
            }
            "verbs" | "apigroups" if item == "*" => "name the verbs and groups that are needed",
            "cidrblocks" | "cidr" | "cidrip" | "sourceranges" | "cidripv4"
                if matches!(item, "0.0.0.0/0" | "::/0") =>
            {
                "name the networks that are meant: this is everybody"
            }
            "name" if item == "cluster-admin" => "bind a role with less power",
            _ if text.contains("AdministratorAccess") || text.contains("roles/owner") => {
                "attach a policy with less power"
            }
            _ if item.contains("allUsers") || item.contains("allAuthenticatedUsers") => {
                "name who is meant: this is everybody"
            }
            _ => continue,
        };
        let start = line.at.start + (line.text.len() - line.text.trim_start().len());
        let at = diff.at(start..start + text.len());
        judge.changes(Verb::Grant, "permissions", format!("{text} in {}", file.path()), at, why);
    }
}

/// Resources that a declaration does not have any more: they go away when it is applied.
fn resources(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    let terraform = extension(file.path()) == "tf";
    for line in file.removed().filter(|_| terraform) {
        let text = line.text.trim();
        let Some(named) = text.strip_prefix("resource ") else { continue };
        let named = named.trim_end_matches(['{', ' ']);
        let again =
            file.after().any(|line| line.text.trim().starts_with(&format!("resource {named}")));
        if !again {
            let address = named.replace("\" \"", ".").replace('"', "");
            let at = diff.at(line.at.clone());
            let lost = "applied, this destroys the resource, unless it is moved or forgotten there";
            judge.destroys(
                Verb::Delete,
                "terraform",
                format!("{address} in {}", file.path()),
                at,
                lost,
            );
        }
    }
    let manifest = file.status == Status::Deleted
        && file.removed().any(|line| line.text.starts_with("apiVersion:"));
    if manifest {
        let kind = file.removed().find(|line| line.text.starts_with("kind:"));
        let at = diff.at(kind.map_or(file.head.clone(), |line| line.at.clone()));
        let lost = "where the folder is synchronised with pruning, the objects are deleted";
        judge.destroys(Verb::Delete, "kubernetes", file.path(), at, lost);
    }
}
