//! The JSON of `pulumi preview --json`: steps, each with what it does to a resource.
//!
//! Format: `PreviewDigest` and `PreviewStep` in Pulumi's own `display` package, and its list of
//! operations (<https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/>, 2026-11).

use super::{listed, refuse, service, settings, snake, snaked, types::Types};
use crate::{
    classify::{
        Judge, Word,
        tree::{self, Node},
    },
    domain::{PlaceKind, Verb},
};

/// Whether a text looks like a preview: it has steps, and no version of Terraform's format.
pub fn is_preview(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Preview {
        steps: Option<serde::de::IgnoredAny>,
        #[serde(rename = "changeSummary")]
        summary: Option<serde::de::IgnoredAny>,
        format_version: Option<serde::de::IgnoredAny>,
    }
    // Terraform's is by far the larger of the two, and says what it is at its head.
    let head = text.get(..text.floor_char_boundary(2_000)).unwrap_or_default();
    if head.contains("\"format_version\"")
        || !text.contains("\"steps\"") && !text.contains("\"changeSummary\"")
    {
        return false;
    }
    serde_json::from_str::<Preview>(text).is_ok_and(|preview| {
        (preview.steps.is_some() || preview.summary.is_some()) && preview.format_version.is_none()
    })
}

/// Judges a preview.
pub fn preview(of: &Word, judge: &mut Judge<'_>) {
    let preview = match tree::json(of.text()) {
        Ok(preview) => preview,
        Err(bad) => return refuse(of, bad, judge),
    };
    for diagnostic in preview.get("diagnostics").map(Node::list).unwrap_or_default() {
        if let Some(severity) = diagnostic.get("severity").filter(|it| it.text() == Some("error")) {
            let because =
                "the preview ended with an error, so that it is not all that would be done";
            judge.opaque(of.at(severity.at.start..severity.at.end), because);
        }
    }
    let steps = preview.get("steps");
    if let Some(steps) = steps.filter(|steps| steps.list().is_empty() && !steps.is_empty()) {
        judge.opaque(of.at(steps.at.start..steps.at.end), "its steps cannot be read");
    }
    let steps = steps.map(Node::list).unwrap_or_default();
    let stack = steps.iter().find_map(|step| Some((step.get("urn")?, step.text_of("urn")?)));
    if let Some((node, stack)) = stack.and_then(|(node, urn)| Some((node, urn.split("::").next()?)))
        && let Some(name) = stack.strip_prefix("urn:pulumi:")
    {
        let at = of.at(node.at.start..node.at.end);
        judge.place(PlaceKind::Name, &Word::made(name, at));
    }
    if steps.is_empty() {
        // Without steps only the counts are known.
        let counts = preview.get("changeSummary").map(Node::entries).unwrap_or_default();
        if counts.iter().any(|(op, _)| op.text() != Some("same")) {
            judge.opaque(super::start_of(of), "it counts changes but does not say which");
        }
    }
    for step in steps {
        self::step(of, step, judge);
    }
}

fn step(of: &Word, step: &Node<'_>, judge: &mut Judge<'_>) {
    let at = step.get("urn").or_else(|| step.get("op")).map_or(step.at, |node| node.at);
    let at = of.at(at.start..at.end);
    let urn = step.text_of("urn").unwrap_or_default();
    // urn:pulumi:<stack>::<project>::<types, the last its own>::<name>
    let kind =
        urn.split("::").nth(2).and_then(|kinds| kinds.rsplit('$').next()).unwrap_or_default();
    let service = service("pulumi", kind);
    let known = terraform_name(kind);
    let lost = |judge: &mut Judge<'_>, why: String| {
        let what = Types::known().holds(&known);
        let what = what.map_or("it is gone for good".to_owned(), |what| format!("{what} are gone"));
        judge.destroys(Verb::Delete, service.clone(), urn, at, format!("{why}{what}"));
    };
    let retained = ["oldState", "newState"].iter().filter_map(|name| step.get(name));
    let retained =
        retained.clone().any(|state| state.get("retainOnDelete").is_some_and(Node::is_true));
    match step.text_of("op") {
        Some("same" | "refresh" | "read" | "read-discard" | "discard") => {}
        Some(
            "create" | "create-replacement" | "import" | "import-replacement" | "read-replacement",
        ) => {
            judge.changes(Verb::Create, service.clone(), urn, at, "destroy it again");
            settings(of, step, &known, &service, judge);
        }
        Some("update") => {
            let names = step.get("diffReasons").map(Node::list).unwrap_or_default();
            let back = match listed(names.iter().filter_map(Node::text)).as_str() {
                "" => "apply the program from before".to_owned(),
                names => format!("set back {names}"),
            };
            judge.changes(Verb::Update, service.clone(), urn, at, back);
            settings(of, step, &known, &service, judge);
        }
        Some(
            "delete"
            | "delete-replaced"
            | "replace"
            | "discard-replaced"
            | "remove-pending-replace",
        ) if retained => {
            let back = "import it again: the thing itself stays, nobody manages it any more";
            judge.changes(Verb::Update, service.clone(), urn, at, back);
        }
        Some("delete" | "delete-replaced") => lost(judge, String::new()),
        Some("replace") => {
            let names = step.get("replaceReasons").map(Node::list).unwrap_or_default();
            let why = match listed(names.iter().filter_map(Node::text)).as_str() {
                "" => "deleted and made again: ".to_owned(),
                names => format!("deleted and made again because of {names}: "),
            };
            lost(judge, why);
        }
        Some("discard-replaced" | "remove-pending-replace") => {
            let back = "import it again: only the state forgets it";
            judge.changes(Verb::Update, service.clone(), urn, at, back);
        }
        _ => judge.opaque(at, "it is not known what this step does"),
    }
}

/// Its settings under Terraform's names, which most of Pulumi's are made from.
fn settings(
    of: &Word,
    step: &Node<'_>,
    kind: &str,
    service: &crate::domain::Words,
    judge: &mut Judge<'_>,
) {
    let inputs = |state: &str| step.get(state).and_then(|state| state.get("inputs")).map(snake);
    let subject = settings::Subject {
        of,
        at: step.get("urn").map_or(of.span(), |urn| of.at(urn.at.start..urn.at.end)),
        service: service.clone(),
        name: step.text_of("urn").unwrap_or_default().to_owned(),
        kind,
    };
    let (before, after) = (inputs("oldState"), inputs("newState"));
    settings::judge(&subject, before.as_ref(), after.as_ref(), None, judge);
}

/// `aws:s3/bucket:Bucket` as `aws_s3_bucket`: right for most types, and only used for words.
fn terraform_name(kind: &str) -> String {
    let mut parts = kind.split(':');
    let (provider, module, name) = (parts.next(), parts.next(), parts.next());
    let module = module.unwrap_or_default().split('/').next().unwrap_or_default();
    let name = snaked(name.unwrap_or_default());
    let provider = match provider.unwrap_or_default() {
        "gcp" => "google",
        "azure" => "azurerm",
        other => other,
    };
    match (provider, module, name.as_str()) {
        ("aws", "rds", "instance") => "aws_db_instance".to_owned(),
        ("aws", "rds", name) => format!("aws_rds_{name}"),
        ("aws", "s3", name) if name.ends_with("_v2") => {
            format!("aws_s3_{}", name.trim_end_matches("_v2"))
        }
        ("aws", "ec2", name @ ("instance" | "vpc" | "security_group" | "security_group_rule")) => {
            format!("aws_{name}")
        }
        ("kubernetes" | "github" | "digitalocean" | "cloudflare", _, name) => {
            format!("{provider}_{name}")
        }
        (provider, module, name) => format!("{provider}_{module}_{name}"),
    }
}
