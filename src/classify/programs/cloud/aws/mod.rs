//! `aws`: every service of the AWS CLI, by the table of its operations.
//!
//! ```text
//!   aws [global options] SERVICE OPERATION [options]
//!                           │        │         └─ options.rs, rules.rs: what makes it worse
//!                           │        │            statements.rs: SQL and scripts in a value
//!                           └─table──┴─ verdict.rs: access level, verb, exceptions ─▶ Does
//!   aws s3 ls|cp|mv|rm|sync|…        s3.rs
//!   aws configure, history, ddb      here
//! ```
//!
//! Built from the AWS CLI's own command table (1.46) and its reference
//! (<https://docs.aws.amazon.com/cli/latest/reference/>), 2026-11. An SDK's call of the same
//! operation gets the same answer through [`api_call`].

mod options;
mod rules;
mod s3;
mod statements;
mod table;
mod values;
mod verdict;

use super::super::Does;
use crate::{
    classify::{Call, Judge, Word},
    domain::{PlaceKind, Span, Verb, Words},
};
use values::Options;

/// Global options that take a value. They may stand anywhere.
const VALUED: &[&str] = &[
    "--profile",
    "--region",
    "--endpoint-url",
    "--output",
    "--query",
    "--color",
    "--ca-bundle",
    "--cli-read-timeout",
    "--cli-connect-timeout",
    "--cli-binary-format",
    "--cli-error-format",
];

/// Global options that take none.
const FLAGS: &[&str] = &[
    "--debug",
    "--no-verify-ssl",
    "--no-paginate",
    "--no-sign-request",
    "--no-cli-pager",
    "--no-cli-auto-prompt",
    "--cli-auto-prompt",
];

/// Judges an SDK's call of an operation with its parameters, and says whether there is such an
/// operation. Services, operations and parameters may be spelled as any SDK does (`rds`, `RDS`;
/// `delete-db-instance`, `delete_db_instance`, `DeleteDBInstance`). A list or an object among the
/// parameters comes as its letters in the code, or as JSON.
pub fn api_call(
    service: &str,
    operation: &str,
    parameters: &[(String, Word)],
    evidence: Span,
    judge: &mut Judge<'_>,
) -> bool {
    let Some((service, operation)) = table::find(service, operation) else { return false };
    let options = Options::of_parameters(parameters);
    operate(service, operation, &options, evidence, judge);
    true
}

/// Judges a call of the CLI.
pub(super) fn call(call: &Call<'_>, judge: &mut Judge<'_>) {
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        if let Some(profile) = call.variables.get(name) {
            judge.place(PlaceKind::Profile, profile);
        }
    }
    places(call.arguments(), judge);
    let mut names = Names::of(call.arguments());
    let program = call.words.first().map(Word::span).unwrap_or_default();
    let Some(service) = names.next() else {
        return if names.unknown {
            judge.opaque(call.span(), "which operation runs is not known");
        } else {
            judge.reads("aws", "", program);
        };
    };
    let Some(name) = service.known() else {
        return judge.opaque(service.span(), "which service is called is not known");
    };
    match name {
        "help" => return judge.reads("aws", "", program.with(service.span())),
        "s3" => return s3::call(call, names.rest(), program, judge),
        _ => {}
    }
    let Some(operation) = names.next() else {
        return if names.unknown {
            judge.opaque(call.span(), "which operation runs is not known");
        } else if matches!(name, "configure" | "login") {
            judge.changes(Verb::Update, "aws:configure", "", call.span(), "configure it again");
        } else if name == "logout" {
            judge.changes(Verb::Update, "aws:configure", "", call.span(), "log in again");
        } else {
            // Without an operation it prints how it is used.
            judge.reads("aws", "", call.span());
        };
    };
    let evidence = program.with(operation.span());
    let rest = names.rest();
    let Some(verb) = operation.known() else {
        return judge.opaque(operation.span(), "which operation runs is not known");
    };
    // `aws ec2 help`, `aws ec2 run-instances help`.
    if verb == "help" || rest.first().is_some_and(|word| word.is("help")) {
        return judge.reads(service_name(name), "", evidence);
    }
    match (name, verb) {
        ("configure" | "history" | "ddb", _) => return local(name, verb, rest, evidence, judge),
        (_, "wait") if table::service(name).is_some() => {
            let options = Options::of_words(rest);
            return judge.reads(service_name(name), options.resource(judge), evidence);
        }
        _ => {}
    }
    match table::find_exact(name, verb) {
        Some((service, operation)) => {
            let options = Options::of_words(rest);
            operate(service, operation, &options, evidence, judge);
        }
        None if table::service(name).is_some() => {
            judge.opaque(evidence, "this operation of the service is not known");
        }
        None => judge.opaque(service.span(), "this service is not known"),
    }
}

/// Judges an operation with its options.
fn operate(
    service: &'static str,
    operation: table::Operation,
    options: &Options,
    evidence: Span,
    judge: &mut Judge<'_>,
) {
    let resource = options.resource(judge);
    let base = verdict::verdict(service, operation.level, operation.name);
    // `--help` is no option of an operation: the CLI says so and does nothing.
    let idle = options.exactly("--generate-cli-skeleton") || options.exactly("--help");
    if idle || options.dry() {
        return judge.reads(service_name(service), resource, evidence);
    }
    let read = options.with_input(judge);
    let options = read.as_ref().unwrap_or(options);
    if statements::judge(service, operation.name, options, evidence, judge) {
        return;
    }
    options::judge(service, operation.name, base, options, &resource, evidence, judge);
}

/// Adds the effect of what was decided.
fn add(does: Does, service: &str, resource: &str, evidence: Span, judge: &mut Judge<'_>) {
    let service = service_name(service);
    match does {
        Does::Reads => judge.reads(service, resource, evidence),
        Does::Changes(verb, back) => judge.changes(verb, service, resource, evidence, back),
        Does::Destroys(verb, lost) => judge.destroys(verb, service, resource, evidence, lost),
        Does::Opaque(because) => judge.opaque(evidence, because),
        // No table here asks; whatever cannot be told is opaque.
        Does::Asks(_) => judge.opaque(evidence, "what it does is not known"),
    }
}

/// The service of an effect: what the CLI calls `s3api` is S3 all the same.
fn service_name(service: &str) -> Words {
    let name = match service {
        "s3api" | "s3control" => "s3",
        "configservice" => "config",
        "deploy" => "codedeploy",
        other => other,
    };
    format!("aws:{name}").into()
}

/// Commands that stay on this machine, or are no service.
fn local(name: &str, verb: &str, rest: &[Word], evidence: Span, judge: &mut Judge<'_>) {
    let back = "configure it again";
    match (name, verb) {
        ("configure", "get") if rest.iter().any(|word| word.text().contains("secret")) => {
            judge.changes(Verb::Reveal, "aws:configure", "", evidence, "rotate the access key");
        }
        ("configure", "export-credentials") => {
            judge.changes(Verb::Reveal, "aws:configure", "", evidence, "rotate the access key");
        }
        ("configure", "list" | "list-profiles" | "get") | ("history", _) | ("ddb", "select") => {
            judge.reads(format!("aws:{name}"), "", evidence);
        }
        ("configure", _) => judge.changes(Verb::Update, "aws:configure", "", evidence, back),
        ("ddb", "put") => {
            let table = rest.first().map(|word| judge.name(word)).unwrap_or_default();
            judge.changes(Verb::Update, "aws:dynamodb", table, evidence, "put the former items");
        }
        _ => judge.opaque(evidence, "this command is not known"),
    }
}

/// Tells the judge where the call acts.
fn places(words: &[Word], judge: &mut Judge<'_>) {
    for (at, word) in words.iter().enumerate() {
        let text = word.text();
        let (name, value) = match text.find('=') {
            Some(end) => (&text[..end], Some(word.after(end + 1))),
            None => (text, None),
        };
        let kind = match name {
            "--profile" => PlaceKind::Profile,
            "--endpoint-url" => PlaceKind::Host,
            _ => continue,
        };
        let Some(value) = value.or_else(|| words.get(at + 1).cloned()) else { continue };
        if kind == PlaceKind::Profile {
            judge.place(kind, &value);
        } else if let Some(start) = value.text().find("://") {
            let host = &value.text()[start + 3..];
            let end = host.find(['/', ':']).unwrap_or(host.len());
            judge.place(kind, &value.part(start + 3..start + 3 + end));
        }
    }
}

/// The words that are neither global options nor their values, until an operation is reached.
struct Names<'a> {
    words: &'a [Word],
    at: usize,
    unknown: bool,
}

impl<'a> Names<'a> {
    const fn of(words: &'a [Word]) -> Self {
        Self { words, at: 0, unknown: false }
    }

    /// The next of them. Nothing at the end, at an option that is not known, or at a word that may
    /// be several.
    fn next(&mut self) -> Option<&'a Word> {
        while let Some(word) = self.words.get(self.at) {
            let text = word.text();
            if word.may_split() {
                self.unknown = true;
                return None;
            }
            if !text.starts_with("--") {
                self.at += 1;
                return Some(word);
            }
            let name = text.split('=').next().unwrap_or(text);
            if VALUED.contains(&name) {
                self.at += if text.contains('=') { 1 } else { 2 };
            } else if FLAGS.contains(&name) {
                self.at += 1;
            } else {
                self.unknown = !matches!(name, "--version" | "--help");
                return None;
            }
        }
        None
    }

    fn rest(&self) -> &'a [Word] {
        self.words.get(self.at.min(self.words.len())..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{classify::Setting, domain::Class};

    fn called(service: &str, operation: &str, parameters: &[(&str, &str)]) -> Class {
        let setting = Setting::default();
        let mut judge = Judge::new("", &setting);
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Word::made(*value, Span::default())))
            .collect();
        assert!(api_call(service, operation, &parameters, Span::default(), &mut judge));
        judge.finish().class()
    }

    #[test]
    fn an_sdk_gets_the_same_answer() {
        assert_eq!(called("ec2", "describe_instances", &[]), Class::ReadOnly);
        assert_eq!(called("ec2", "terminate_instances", &[]), Class::Destructive);
        let dry = [("InstanceIds", "i-1"), ("DryRun", "True")];
        assert_eq!(called("ec2", "terminate_instances", &dry), Class::ReadOnly);
        let name = ("DBInstanceIdentifier", "orders");
        assert_eq!(called("rds", "ModifyDBInstance", &[name]), Class::Mutating);
        for harm in [("DeletionProtection", "False"), ("BackupRetentionPeriod", "0")] {
            assert_eq!(called("rds", "ModifyDBInstance", &[name, harm]), Class::Destructive);
        }
        let suspended = [("VersioningConfiguration", "{'Status': 'Suspended'}")];
        assert_eq!(called("s3", "put_bucket_versioning", &suspended), Class::Destructive);
    }

    #[test]
    fn parameters_that_are_not_known_may_decide() {
        assert_eq!(called("s3", "put_bucket_versioning", &[]), Class::Opaque);
        assert_eq!(called("dynamodb", "batch_write_item", &[]), Class::Opaque);
        assert_eq!(called("dynamodb", "put_item", &[]), Class::Mutating);
    }

    #[test]
    fn operations_are_known_by_any_spelling() {
        assert_eq!(called("s3", "DeleteBucket", &[]), Class::Destructive);
        assert_eq!(called("S3", "list_buckets", &[]), Class::ReadOnly);
        assert_eq!(called("secrets-manager", "getSecretValue", &[]), Class::Mutating);
        let setting = Setting::default();
        let mut judge = Judge::new("", &setting);
        for (service, operation) in [("s3", "delete_everything"), ("nowhere", "delete_bucket")] {
            assert!(!api_call(service, operation, &[], Span::default(), &mut judge));
        }
    }
}
