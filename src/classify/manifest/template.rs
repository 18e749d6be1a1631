//! A `CloudFormation` template: what it makes or changes, and what about it is worse than that.
//!
//! Built from the template reference
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/>, 2026-11). A template
//! does not say what was there before: what it no longer names is deleted from a stack, and only a
//! change set shows that.

use super::at;
use crate::{
    classify::{
        Judge, Word,
        plan::{
            Types, power,
            settings::{self, Subject},
            snake, snaked,
        },
        tree::{Node, Value},
    },
    domain::{Verb, Words},
};

/// Judges a template.
pub fn template(of: &Word, template: &Node<'_>, judge: &mut Judge<'_>) {
    if let Some((key, value)) = template.entry("Transform") {
        let names = value.list().iter().chain(std::iter::once(value)).filter_map(Node::text);
        let known = ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"];
        if !value.list().is_empty() || value.text().is_some() {
            if names.clone().any(|name| !known.contains(&name)) {
                let because = "a macro rewrites the template before it is used";
                judge.opaque(at(of, key), because);
            }
        } else {
            judge.opaque(at(of, key), "which macro rewrites the template cannot be read");
        }
    }
    let Some(resources) = template.get("Resources") else {
        judge.opaque(super::start(of, template.at.start), "a template without resources");
        return;
    };
    if resources.entries().is_empty() {
        judge.opaque(at(of, resources), "its resources cannot be read");
    }
    for (name, resource) in resources.entries() {
        if !judge.step(1, at(of, name)) {
            return;
        }
        if name.text().is_some_and(|name| name.starts_with("Fn::")) {
            let because = "resources made by a macro or a loop are only known when it is used";
            judge.opaque(at(of, name), because);
            continue;
        }
        self::resource(of, name, resource, judge);
    }
}

/// The service of effects on a type: `AWS::RDS::DBInstance` is `aws:rds`.
pub fn service(kind: &str) -> Words {
    let mut parts = kind.split("::");
    match (parts.next(), parts.next()) {
        (Some("AWS"), Some(service)) if service.chars().all(|c| c.is_ascii_alphanumeric()) => {
            format!("aws:{}", service.to_ascii_lowercase()).into()
        }
        _ => "cloudformation".into(),
    }
}

/// A type as Terraform would roughly name it, for rules that go by type.
pub fn terraform_kind(kind: &str) -> String {
    let mut parts = kind.split("::").skip(1);
    let service = parts.next().unwrap_or_default().to_ascii_lowercase();
    let name = snaked(parts.next().unwrap_or_default());
    match service.as_str() {
        "ec2" => format!("aws_{name}"),
        service => format!("aws_{service}_{name}"),
    }
}

/// Properties without the functions that only fill names in, under the names of settings.
pub fn settings_of<'a>(properties: &Node<'a>) -> Node<'a> {
    snake(&plain(properties))
}

/// `!Sub` and its like as the text they fill in: what ends in `/AdministratorAccess` does so
/// whatever the partition is.
fn plain<'a>(node: &Node<'a>) -> Node<'a> {
    if let [(function, value)] = node.entries() {
        match function.text() {
            Some("Fn::Sub") => {
                let text = value.list().first().unwrap_or(value);
                if text.text().is_some() {
                    return Node { at: node.at, ..text.clone() };
                }
            }
            Some("Fn::Join") => {
                if let [between, parts] = value.list() {
                    // A part that is not known is nothing a rule would look for.
                    let parts = parts.list().iter().map(|part| part.text().unwrap_or("?"));
                    let text = parts.collect::<Vec<_>>().join(between.text().unwrap_or_default());
                    return Node { at: node.at, is: Value::Text(text.into()), tag: None };
                }
            }
            _ => {}
        }
    }
    let is = match &node.is {
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
        other => other.clone(),
    };
    match node.tag.as_deref() {
        Some("!Join") => {
            let list = Node { at: node.at, is, tag: None };
            let key = Node { at: node.at, is: Value::Text("Fn::Join".into()), tag: None };
            plain(&Node { at: node.at, is: Value::Map(vec![(key, list)]), tag: None })
        }
        Some("!Sub") => Node { at: node.at, is, tag: None },
        _ => Node { at: node.at, is, tag: node.tag.clone() },
    }
}

fn resource(of: &Word, name: &Node<'_>, resource: &Node<'_>, judge: &mut Judge<'_>) {
    let place = at(of, name);
    let id = name.text().unwrap_or_default();
    let Some(kind) = resource.text_of("Type") else {
        judge.opaque(place, "a resource that does not say its type");
        return;
    };
    let policy = resource.get("DeletionPolicy");
    let holds = Types::known().holds(kind);
    let mut back = "use the template from before, or delete the stack if it is new".to_owned();
    if let Some(what) = holds.filter(|_| policy.is_none()) {
        back.push_str(
            ". It has no DeletionPolicy: when it leaves the template or the stack goes, ",
        );
        back.push_str(what);
        back.push_str(" may go with it");
    }
    judge.changes(Verb::Update, service(kind), id, place, back);
    opaque_kinds(of, kind, resource, name, judge);
    let grants = |node: &Node<'_>, back: &'static str, judge: &mut Judge<'_>| {
        judge.changes(Verb::Grant, service(kind), id, at(of, node), back);
    };
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        if let Some((key, _)) = resource
            .entry(policy)
            .filter(|(_, value)| holds.is_some() && value.text() == Some("Delete"))
        {
            grants(key, "set it to Retain or Snapshot again", judge);
        }
    }
    let Some(properties) = resource.get("Properties") else { return };
    let after = settings_of(properties);
    let kind_there = terraform_kind(kind);
    let subject =
        Subject { of, at: place, service: service(kind), name: id.to_owned(), kind: &kind_there };
    settings::judge(&subject, None, Some(&after), None, judge);
    policies(&subject, None, properties, judge);
    // Without what was before, these are known to be off, not to be turned off.
    for (property, off, back) in [
        ("DeletionProtection", false, "turn the protection on again"),
        ("PubliclyAccessible", true, "keep it away from the internet again"),
        ("DeletionProtectionEnabled", false, "turn the protection on again"),
        ("EnableTerminationProtection", false, "turn the protection on again"),
    ] {
        let found = properties.entry(property);
        let is_off = |value: &Node<'_>| if off { value.is_true() } else { value.is_false() };
        if let Some((key, _)) = found.filter(|(_, value)| is_off(value)) {
            grants(key, back, judge);
        }
    }
    for (kinds, property, off, lost) in [
        (
            "AWS::CloudTrail::Trail",
            "IsLogging",
            "false",
            "what happens from here on leaves no trace",
        ),
        ("AWS::RDS::DBInstance", "BackupRetentionPeriod", "0", "its automated backups are deleted"),
        ("AWS::GuardDuty::Detector", "Enable", "false", "threats are not noticed any more"),
    ] {
        let found = properties.entry(property).filter(|_| kind == kinds);
        if let Some((key, _)) = found.filter(|(_, value)| value.scalar() == Some(off)) {
            judge.destroys(Verb::Grant, service(kind), id, at(of, key), lost);
        }
    }
    let versions = properties.get("VersioningConfiguration").and_then(|it| it.entry("Status"));
    if let Some((key, _)) = versions.filter(|(_, value)| value.text() == Some("Suspended")) {
        let lost = "overwritten and deleted objects cannot be had back any more";
        judge.destroys(Verb::Grant, service(kind), id, at(of, key), lost);
    }
}

/// Types whose doing is not in the template.
fn opaque_kinds(
    of: &Word,
    kind: &str,
    resource: &Node<'_>,
    name: &Node<'_>,
    judge: &mut Judge<'_>,
) {
    let at = resource.get("Type").map_or(at(of, name), |kind| at(of, kind));
    match kind {
        "AWS::CloudFormation::Stack" | "AWS::Serverless::Application" => {
            judge.opaque(at, "the template of the nested stack is not given here");
        }
        // Written by the CDK itself, and known for what they do.
        "Custom::LogRetention"
        | "Custom::VpcRestrictDefaultSG"
        | "Custom::S3BucketNotifications" => {}
        _ if kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource" => {
            judge.opaque(at, "a custom resource runs code that is not in the template");
        }
        _ => {}
    }
    if resource.path("Properties.Fn::Transform").is_some()
        || resource.get("Fn::Transform").is_some()
    {
        judge.opaque(at, "a macro rewrites the resource before it is used");
    }
}

/// Judges the policies written out in properties, but not those that were there before.
pub fn policies(
    subject: &Subject<'_>,
    before: Option<&Node<'_>>,
    after: &Node<'_>,
    judge: &mut Judge<'_>,
) {
    let (before, after) = (before.map(plain), plain(after));
    let (mut old, mut new) = (Vec::new(), Vec::new());
    if let Some(before) = &before {
        power::policies(before, &mut old);
    }
    power::policies(&after, &mut new);
    for policy in new {
        let Some((key, _)) = policy.entry("Statement") else { continue };
        let at = subject.of.at(key.at.start..key.at.end);
        power::policy_in(subject, "Statement", [&old, &[policy]], at, judge);
    }
}
