//! Calls of the clouds' libraries: `boto3`, the AWS SDK for JavaScript, and the clients of Google
//! and Azure, by the verb that an operation begins with.
//!
//! From <https://docs.aws.amazon.com/boto3/latest/reference/services/>,
//! <https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/>,
//! <https://cloud.google.com/python/docs/reference>,
//! <https://learn.microsoft.com/python/api/overview/azure/>, 2026-11.

use super::meaning::Meaning;
use super::value::Path;
use crate::{
    classify::{Judge, Word, programs::cloud},
    domain::{PlaceKind, Span, Verb},
};

/// Operations that give a secret.
#[rustfmt::skip]
const SHOWS: &[&str] = &[
    "get_secret_value", "batch_get_secret_value", "get_parameter", "get_parameters",
    "get_parameters_by_path", "get_session_token", "assume_role", "get_federation_token",
    "assume_role_with_web_identity", "get_password_data", "get_credentials_for_identity", "decrypt",
    "get_authorization_token", "generate_presigned_url", "access_secret_version", "get_secret",
    "list_keys", "create_access_key", "get_key_pair",
];

/// Operations that lose something, whatever their verb says.
#[rustfmt::skip]
const LOSES: &[&str] = &[
    "stop_logging", "schedule_key_deletion", "disable_key_rotation", "deregister_image",
    "release_address", "release_hosts", "disable_logging", "delete", "terminate",
    "leave_organization", "remove_account_from_organization", "close_account",
    "disable_continuous_backups", "stop_configuration_recorder", "abort_vault_lock",
    "disable_macie", "disassociate_from_master_account", "purge_queue", "forget_device",
];

/// Verbs of operations that look.
#[rustfmt::skip]
const LOOKS: &[&str] = &[
    "describe", "list", "get", "head", "lookup", "search", "query", "scan", "select", "test",
    "check", "validate", "estimate", "preview", "simulate", "can", "count", "filter", "detect",
    "is", "has", "exists", "exist", "read", "fetch", "show", "find", "paginate", "download",
    "verify", "resolve", "view", "inspect", "aggregated", "reload", "stat", "logs", "discover",
];

/// Verbs of operations that delete.
#[rustfmt::skip]
const DELETES: &[&str] = &[
    "delete", "terminate", "destroy", "purge", "drop", "erase", "wipe", "truncate", "remove",
    "prune", "expunge", "empty", "kill",
];

/// Methods of the clients of Google, Azure and others that ask for nothing yet.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "result", "wait", "build", "client", "from_env", "load_kube_config", "config", "bucket", "blob",
    "collection", "document", "database", "table", "dataset", "topic", "subscription", "file",
    "execute", "makeApiClient", "loadFromDefault", "get_default_credential",
    "from_service_account_json", "from_connection_string", "get_container_client",
    "get_blob_client",
];

/// Methods of `boto3` that ask for nothing yet.
#[rustfmt::skip]
const BOTO: &[&str] = &[
    "client", "resource", "Session", "session", "setup_default_session", "get_paginator",
    "get_waiter", "paginate", "wait", "all", "filter", "limit", "page_size", "pages", "load",
    "reload", "search", "can_paginate", "get_available_regions", "get_available_services",
    "get_credentials", "get_session", "build_full_result", "get_available_resources",
    "get_caller_identity", "[]", "decode", "read", "items", "keys", "values", "iter_lines",
    "set_stream_logger", "close",
];

/// An operation of a cloud's library, if the chain is one.
pub(super) fn of(name: &str, path: &Path, step: usize) -> Option<Meaning> {
    let this = path.steps.get(step)?;
    if name.starts_with("boto3.") || name.starts_with("botocore.") || name.starts_with("aioboto3.")
    {
        return Some(boto(path, step));
    }
    let first = path.steps.first()?.name.as_str();
    let javascript = first == "AWS" || first == "aws-sdk" || first.starts_with("@aws-sdk/");
    if javascript {
        let service = first
            .strip_prefix("@aws-sdk/client-")
            .unwrap_or_else(|| path.steps.get(1).map_or("", |step| step.name.as_str()));
        let service = service.to_ascii_lowercase();
        if let Some(operation) = this.name.strip_suffix("Command") {
            return Some(Meaning::Cloud(service, operation.to_owned()));
        }
        let constructor = this.name.starts_with(|c: char| c.is_uppercase());
        let plain = [
            "promise", "send", "config", "update", "then", "catch", "on", "require", "eachPage",
            "destroy", "fromIni", "fromEnv",
        ];
        if constructor || plain.contains(&this.name.as_str()) || step == 0 {
            return Some(Meaning::Harmless);
        }
        return Some(Meaning::Cloud(service, this.name.clone()));
    }
    let other = name.starts_with("google.cloud.")
        || name.starts_with("azure.")
        || name.starts_with("@google-cloud/")
        || name.starts_with("@azure/")
        || name.starts_with("googleapiclient.")
        || name.starts_with("kubernetes.")
        || name.starts_with("@kubernetes/")
        || name.starts_with("docker.")
        || name.starts_with("github.");
    if !other {
        return None;
    }
    let constructor = this.name.starts_with(|c: char| c.is_uppercase());
    if constructor || PLAIN.contains(&this.name.as_str()) {
        return Some(Meaning::Harmless);
    }
    let service = first.split('.').next().unwrap_or(first).trim_start_matches('@');
    Some(Meaning::Cloud(service.to_owned(), this.name.clone()))
}

fn boto(path: &Path, step: usize) -> Meaning {
    let this = &path.steps[step];
    let service = path
        .args_of("client")
        .or_else(|| path.args_of("resource"))
        .and_then(|args| args.first()?.value.text()?.known())
        .unwrap_or_default()
        .to_owned();
    let constructor = this.name.starts_with(|c: char| c.is_uppercase());
    if constructor || BOTO.contains(&this.name.as_str()) {
        Meaning::Harmless
    } else {
        Meaning::Cloud(service, this.name.clone())
    }
}

/// The place that `profile_name=` and its kin name.
pub(super) fn places(path: &Path, judge: &mut Judge<'_>) {
    for step in &path.steps {
        for arg in step.args.iter().flat_map(|args| args.iter()) {
            if let (Some("profile_name"), Some(word)) = (arg.key.as_deref(), arg.value.text()) {
                judge.place(PlaceKind::Profile, word);
            }
        }
    }
}

/// Judges an operation by its name.
pub(super) fn judge(
    service: &str,
    operation: &str,
    parameters: &[(String, Word)],
    span: Span,
    judge: &mut Judge<'_>,
) {
    let known = !matches!(service, "google" | "azure" | "kubernetes" | "docker" | "github");
    if known && cloud::api_call(service, operation, parameters, span, judge) {
        return;
    }
    let service = match service {
        "" => "aws".to_owned(),
        known if known.starts_with(char::is_lowercase) => format!("aws:{known}"),
        other => other.to_owned(),
    };
    let words = words(operation);
    let verb = words.first().map_or("", String::as_str);
    let verb = match verb {
        "begin" | "batch" | "admin" | "async" | "bulk" => words.get(1).map_or(verb, String::as_str),
        other => other,
    };
    let whole = words.join("_");
    let shows = SHOWS.contains(&whole.as_str());
    let lost = LOSES.contains(&whole.as_str());
    let reads = LOOKS.contains(&verb);
    if shows {
        judge.changes(Verb::Reveal, service, operation, span, "rotate what was shown");
    } else if reads {
        judge.reads(service, operation, span);
    } else if lost || DELETES.contains(&verb) {
        judge.destroys(Verb::Delete, service, operation, span, "what it names is gone for good");
    } else {
        judge.changes(
            Verb::Update,
            service,
            operation,
            span,
            "change it back by the same interface",
        );
    }
}

/// `terminateInstances`, `TerminateInstances`, `terminate_instances` as words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut lower = false;
    for letter in name.chars() {
        if letter == '_' {
            lower = false;
            words.push(String::new());
        } else {
            if letter.is_uppercase() && lower || words.is_empty() {
                words.push(String::new());
            }
            lower = letter.is_lowercase() || letter.is_ascii_digit();
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
