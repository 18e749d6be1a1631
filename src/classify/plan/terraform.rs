//! The JSON of `terraform show -json PLAN`, in every version of its format.
//!
//! Format: <https://developer.hashicorp.com/terraform/internals/json-format> (2026-11): 0.1 from
//! Terraform 0.12, 0.2 from 1.0, 1.0 to 1.2 since 1.1. A new minor version only adds to it; a new
//! major one may mean anything. `OpenTofu` writes the same.

use super::{
    change::{ResourceChange, output, place},
    provisioners::Configuration,
    refuse, start_of,
};
use crate::{
    classify::{
        Judge, Word,
        tree::{self, Bad},
    },
    domain::{PlaceKind, Verb},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Plan<'a> {
    #[serde(borrow)]
    format_version: Option<&'a RawValue>,
    #[serde(borrow)]
    planned_values: Option<&'a RawValue>,
    #[serde(borrow)]
    values: Option<&'a RawValue>,
    #[serde(borrow)]
    resource_changes: Option<Vec<ResourceChange<'a>>>,
    #[serde(borrow)]
    resource_drift: Option<Vec<ResourceChange<'a>>>,
    #[serde(borrow)]
    deferred_changes: Option<Vec<Deferred<'a>>>,
    #[serde(borrow)]
    action_invocations: Option<Vec<Invocation<'a>>>,
    #[serde(borrow)]
    output_changes: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    configuration: Option<&'a RawValue>,
    #[serde(borrow)]
    errored: Option<&'a RawValue>,
    #[serde(borrow)]
    complete: Option<&'a RawValue>,
    #[serde(borrow)]
    applyable: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Deferred<'a> {
    #[serde(borrow)]
    resource_change: ResourceChange<'a>,
}

/// An action that providers offer besides their resources, to be run by this plan.
#[derive(Deserialize)]
struct Invocation<'a> {
    #[serde(borrow)]
    address: &'a RawValue,
    #[serde(borrow, rename = "type", default)]
    kind: Cow<'a, str>,
}

/// Judges a plan.
pub fn plan(of: &Word, judge: &mut Judge<'_>) {
    let text = of.text();
    let plan: Plan<'_> = match serde_json::from_str(text) {
        Ok(plan) => plan,
        Err(error) => return refuse(of, Bad::serde(text, &error), judge),
    };
    if !is_known(&plan, of, judge) {
        return;
    }
    places(&plan, of, judge);
    let changes = plan.resource_changes.as_deref().unwrap_or_default();
    let mut configuration = Configuration::new(plan.configuration, of);
    for change in changes {
        let act = change.judge(of, judge);
        configuration.judge(change, act, judge);
    }
    let outputs = outputs(&plan, of, judge);
    for invocation in plan.action_invocations.iter().flatten() {
        invocation.judge(of, judge);
    }
    let drift = plan.resource_drift.as_deref().unwrap_or_default();
    let deferred = plan.deferred_changes.iter().flatten();
    for change in drift.iter().chain(deferred.map(|deferred| &deferred.resource_change)) {
        change.drifted(of, judge);
    }
    let does = outputs || changes.iter().any(ResourceChange::does);
    whole(&plan, of, does, judge);
}

/// Says what happens to outputs; whether anything does.
fn outputs(plan: &Plan<'_>, of: &Word, judge: &mut Judge<'_>) -> bool {
    let Some(raw) = plan.output_changes else { return false };
    match tree::json_within(of.text(), place(raw, of).start) {
        Ok(changes) => {
            let mut any = false;
            for (name, change) in changes.entries() {
                // Pointing at the value could show it.
                let at = of.at(name.at.start..name.at.end);
                any |= output(name.text().unwrap_or_default(), change, at, judge);
            }
            any
        }
        Err(bad) => {
            refuse(of, bad, judge);
            true
        }
    }
}

/// Whether it is a plan in a version that is known.
fn is_known(plan: &Plan<'_>, of: &Word, judge: &mut Judge<'_>) -> bool {
    let version =
        plan.format_version.map(|raw| (raw, serde_json::from_str::<Cow<'_, str>>(raw.get())));
    let Some((raw, version)) = version else {
        let because =
            "it does not say in which format it is: give the JSON of `terraform show -json FILE`";
        judge.opaque(start_of(of), because);
        return false;
    };
    let at = of.at(place(raw, of));
    let major = version.ok().and_then(|version| {
        let (major, minor) = version.split_once('.')?;
        minor.parse::<u32>().ok()?;
        major.parse::<u32>().ok()
    });
    let is_plan = plan.planned_values.is_some()
        || plan.resource_changes.is_some()
        || plan.output_changes.is_some();
    match major {
        Some(0 | 1) if is_plan => true,
        Some(0 | 1) if plan.values.is_some() => {
            judge.opaque(at, "this is a state, not a plan: it says what is, not what would change");
            false
        }
        Some(0 | 1) => {
            judge.opaque(at, "it says nothing of what would change");
            false
        }
        Some(_) => {
            judge.opaque(at, "plans in this version of the format are not known");
            false
        }
        None => {
            judge.opaque(at, "its version of the format cannot be read");
            false
        }
    }
}

/// Where it acts, if a variable says so in as many words.
fn places(plan: &Plan<'_>, of: &Word, judge: &mut Judge<'_>) {
    const NAMES: [&str; 8] = [
        "env",
        "environment",
        "stage",
        "workspace",
        "env_name",
        "environment_name",
        "stage_name",
        "workspace_name",
    ];
    let Some(raw) = plan.variables else { return };
    let Ok(variables) = tree::json_within(of.text(), place(raw, of).start) else { return };
    for (name, variable) in variables.entries() {
        let is_place = name
            .text()
            .is_some_and(|name| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)));
        if let Some(value) =
            variable.get("value").filter(|value| is_place && value.text().is_some())
        {
            judge.place(PlaceKind::Name, &value.word(of));
        }
    }
}

/// What the plan says of itself.
fn whole(plan: &Plan<'_>, of: &Word, does: bool, judge: &mut Judge<'_>) {
    let is = |raw: Option<&RawValue>, what: &str| raw.is_some_and(|raw| raw.get() == what);
    if let Some(raw) = plan.errored.filter(|raw| raw.get() != "false") {
        let because = "planning ended with an error, so that it is not all that would be done";
        judge.opaque(of.at(place(raw, of)), because);
    }
    if let Some(raw) = plan.complete.filter(|raw| raw.get() == "false") {
        // What is left for later is planned and asked for again; this plan does none of it.
        judge.reads("terraform", "what is left for a later plan", of.at(place(raw, of)));
    }
    if let Some(raw) = plan.applyable {
        let at = of.at(place(raw, of));
        if is(plan.applyable, "false") && does {
            judge.reads("terraform", "a plan that Terraform would refuse to apply", at);
        } else if is(plan.applyable, "true") && !does {
            let back = "what is recorded follows the world: plan again";
            judge.changes(Verb::Update, "terraform", "the state", at, back);
        }
    }
}

impl Invocation<'_> {
    fn judge(&self, of: &Word, judge: &mut Judge<'_>) {
        let at = of.at(place(self.address, of));
        let name: String = serde_json::from_str(self.address.get()).unwrap_or_default();
        let service = super::service("terraform", &self.kind);
        let back = match &*self.kind {
            "aws_ec2_stop_instance" => "start it again",
            "aws_cloudfront_create_invalidation" => "the cache fills itself again",
            "aws_codebuild_start_build" => "stop the build",
            "aws_ses_send_email" | "aws_sns_publish" => "send another message that corrects it",
            _ => {
                return judge
                    .opaque(at, "an action of a provider, of which nobody knows what it does");
            }
        };
        judge.changes(Verb::Run, service, name, at, back);
    }
}
