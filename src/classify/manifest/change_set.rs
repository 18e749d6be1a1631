//! A change set of `CloudFormation`, as `aws cloudformation describe-change-set` prints it.
//!
//! Built from the reference of `DescribeChangeSet` and its data types
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html>,
//! 2026-11).

use super::{
    at,
    template::{policies, service, settings_of, terraform_kind},
};
use crate::{
    classify::{
        Judge, Word,
        plan::{
            Types, listed, power,
            settings::{self, Subject},
            snaked,
        },
        tree::{self, Node, Value},
    },
    domain::{PlaceKind, Span, Verb},
};

/// Judges a change set.
pub fn change_set(of: &Word, set: &Node<'_>, judge: &mut Judge<'_>) {
    places(of, set, judge);
    status(of, set, judge);
    if let Some(token) = set.get("NextToken").filter(|token| !token.is_empty()) {
        let because = "only a part of the change set: the other pages are not given";
        judge.opaque(at(of, token), because);
    }
    let changes = set.get("Changes");
    if let Some(changes) = changes.filter(|it| it.list().is_empty() && !it.is_empty()) {
        judge.opaque(at(of, changes), "its changes cannot be read");
    }
    for change in changes.map(Node::list).unwrap_or_default() {
        if !judge.step(1, at(of, change)) {
            return;
        }
        match change.get("ResourceChange") {
            Some(resource) => self::resource(of, resource, judge),
            None => judge.opaque(super::start(of, change.at.start), "a change that is not known"),
        }
        if change.get("HookInvocationCount").and_then(Node::number).is_some_and(|count| count > 0.0)
            && let Some((key, _)) = change.entry("HookInvocationCount")
        {
            judge.reads("cloudformation", "hooks look at this change", at(of, key));
        }
    }
}

/// Where it acts: the name of the stack, and a parameter that says so in as many words.
fn places(of: &Word, set: &Node<'_>, judge: &mut Judge<'_>) {
    if let Some(stack) = set.get("StackName").filter(|stack| stack.text().is_some()) {
        judge.place(PlaceKind::Name, &stack.word(of));
    }
    for parameter in set.get("Parameters").map(Node::list).unwrap_or_default() {
        let key = parameter.text_of("ParameterKey").unwrap_or_default().to_ascii_lowercase();
        if matches!(key.as_str(), "env" | "environment" | "stage" | "envname" | "environmentname")
            && let Some(value) = parameter.get("ParameterValue").filter(|it| it.text().is_some())
        {
            judge.place(PlaceKind::Name, &value.word(of));
        }
    }
}

fn status(of: &Word, set: &Node<'_>, judge: &mut Judge<'_>) {
    if let Some(status) = set.get("Status") {
        match status.text() {
            Some("CREATE_COMPLETE") => {}
            // It fails when there is nothing to change; then it lists nothing, too.
            Some("FAILED") => {
                judge.reads(
                    "cloudformation",
                    "a change set that cannot be executed",
                    at(of, status),
                );
            }
            _ => judge
                .opaque(at(of, status), "the change set is not complete yet, or is being deleted"),
        }
    }
    if let Some(status) = set.get("ExecutionStatus") {
        match status.text() {
            Some("AVAILABLE") => {}
            Some(
                "UNAVAILABLE"
                | "OBSOLETE"
                | "EXECUTE_COMPLETE"
                | "EXECUTE_FAILED"
                | "EXECUTE_IN_PROGRESS",
            ) => {
                let what = "a change set that cannot be executed now";
                judge.reads("cloudformation", what, at(of, status));
            }
            _ => judge
                .opaque(at(of, status), "whether the change set can be executed cannot be read"),
        }
    }
    if let Some((key, _)) =
        set.entry("OnStackFailure").filter(|(_, it)| it.text() == Some("DELETE"))
    {
        judge.reads("cloudformation", "a stack that is deleted if making it fails", at(of, key));
    }
}

fn resource(of: &Word, change: &Node<'_>, judge: &mut Judge<'_>) {
    let kind = change.text_of("ResourceType").unwrap_or_default();
    let named = change.get("LogicalResourceId").or_else(|| change.get("PhysicalResourceId"));
    let name = named.and_then(Node::text).unwrap_or_default();
    let place = at(of, named.unwrap_or(change));
    let service = service(kind);
    let what = Types::known().holds(kind);
    let gone = what.map_or("it is gone for good".to_owned(), |what| format!("{what} are gone"));
    let policy = change.text_of("PolicyAction");
    let keeps = matches!(policy, Some("Retain" | "ReplaceAndRetain"));
    let snapshot = if matches!(policy, Some("Snapshot" | "ReplaceAndSnapshot")) {
        ", except for a last snapshot"
    } else {
        ""
    };
    let retained = "import it again: the thing itself stays, the stack lets go of it";
    match change.text_of("Action") {
        Some("Add") => {
            judge.changes(Verb::Create, service.clone(), name, place, "delete it again");
            settings(of, change, kind, place, judge);
        }
        Some("Import") => {
            let back = "take it out of the stack again, keeping the resource";
            judge.changes(Verb::Update, service.clone(), name, place, back);
        }
        Some("Remove") if keeps => {
            judge.changes(Verb::Update, service.clone(), name, place, retained);
        }
        Some("Remove") => {
            judge.destroys(Verb::Delete, service.clone(), name, place, format!("{gone}{snapshot}"));
        }
        Some("Modify" | "SyncWithActual") => {
            let because = recreating(change);
            match change.text_of("Replacement") {
                Some("True") if keeps => {
                    judge.changes(Verb::Create, service.clone(), name, place, retained);
                }
                Some("True") => {
                    let lost = format!("deleted and made again{because}: {gone}{snapshot}");
                    judge.destroys(Verb::Delete, service.clone(), name, place, lost);
                    let back = "it is what comes in place of the one that is deleted";
                    judge.changes(Verb::Create, service.clone(), name, place, back);
                }
                Some("Conditional") if what.is_some() && !keeps => {
                    let lost =
                        format!("it may be deleted and made again{because}: then {gone}{snapshot}");
                    judge.destroys(Verb::Delete, service.clone(), name, place, lost);
                }
                Some("Conditional") => {
                    let back =
                        format!("use the template from before; it may be made anew{because}");
                    judge.changes(Verb::Update, service.clone(), name, place, back);
                }
                Some("False") | None => {
                    let back = "use the template from before";
                    judge.changes(Verb::Update, service.clone(), name, place, back);
                }
                Some(_) => judge.opaque(place, "whether it is replaced cannot be read"),
            }
            settings(of, change, kind, place, judge);
        }
        Some("Dynamic") => {
            judge.opaque(place, "what happens to it is only known when the change set is executed");
        }
        _ => judge.opaque(place, "it is not known what this change does"),
    }
    if kind == "AWS::CloudFormation::Stack" && change.text_of("Action") != Some("Remove") {
        judge
            .opaque(place, "what happens inside of the nested stack is in a change set of its own");
    }
    if kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource" {
        judge.opaque(place, "a custom resource runs code that is not in the change set");
    }
}

/// The properties because of which it is made again.
fn recreating(change: &Node<'_>) -> String {
    let details = change.get("Details").map(Node::list).unwrap_or_default();
    let names = details.iter().filter_map(|detail| {
        let target = detail.get("Target")?;
        let recreates = target.text_of("RequiresRecreation")?;
        if recreates == "Never" {
            return None;
        }
        target.text_of("Name").or_else(|| target.text_of("Attribute"))
    });
    match listed(names) {
        names if names.is_empty() => String::new(),
        names => format!(" because of {names}"),
    }
}

/// What settings open or take away, as far as the change set has their values.
fn settings(of: &Word, change: &Node<'_>, kind: &str, place: Span, judge: &mut Judge<'_>) {
    let there = terraform_kind(kind);
    let name = change.text_of("LogicalResourceId").unwrap_or_default().to_owned();
    let service = service(kind);
    let Some(text) = change.text_of("AfterContext") else {
        let subject = Subject { of, at: place, service, name, kind: &there };
        return details(of, &subject, change, judge);
    };
    // Places in a text inside of a text are not to be pointed at: all of it is one place.
    let inner = Word::made(text, place);
    let subject = Subject { of: &inner, at: place, service, name, kind: &there };
    let before = change.text_of("BeforeContext").map(tree::json).transpose();
    let (Ok(after), Ok(before)) = (tree::json(text), before) else {
        return judge.opaque(place, "its settings cannot be read");
    };
    let (was, is) = (before.as_ref().and_then(properties), properties(&after));
    settings::judge(&subject, was.as_ref(), is.as_ref(), None, judge);
    policies(&subject, before.as_ref(), &after, judge);
}

/// What a resource is made with, in a context of before or after.
fn properties<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    node.get("Properties").map(settings_of)
}

/// The same from the details, which have values only when somebody asked for them.
fn details(of: &Word, subject: &Subject<'_>, change: &Node<'_>, judge: &mut Judge<'_>) {
    for target in change.get("Details").map(Node::list).unwrap_or_default() {
        let Some(target) = target.get("Target") else { continue };
        let Some(named) = target.get("Name") else { continue };
        let name = snaked(named.text().unwrap_or_default());
        let entry = |value: &str| {
            let value = target.text_of(value)?;
            let key = Node { at: named.at, is: Value::Text(name.as_str().into()), tag: None };
            let value = Node { at: named.at, is: Value::Text(value.into()), tag: None };
            Some(Node { at: named.at, is: Value::Map(vec![(key, value)]), tag: None })
        };
        let place = at(of, named);
        let (was, is) = (entry("BeforeValue"), entry("AfterValue"));
        if was.is_some() || is.is_some() {
            settings::judge(subject, was.as_ref(), is.as_ref(), None, judge);
        } else if power::gives_power(&name) {
            let back = "use the template from before";
            let (service, resource) = (subject.service.clone(), subject.name.clone());
            judge.changes(Verb::Grant, service, resource, place, back);
        } else if change.text_of("Action") != Some("Add") && settings::is_guard(&name, subject.kind)
        {
            let because = "what this guard turns into is not given: describe the change set with \
                           --include-property-values";
            judge.opaque(place, because);
        }
    }
}
