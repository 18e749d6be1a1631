//! Reading `data/escalation.toml`, strictly: whatever contradicts itself is an error with the
//! technique's id.

use super::{
    Bring, Catalogue, CatalogueError, Category, Existing, Gives, Lever, Place, Provider, Step,
    Target, Technique, Template, Value, Who,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    technique: Vec<Entry>,
    #[serde(default)]
    kind: BTreeMap<String, Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    is: String,
    arn: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: String,
    category: Category,
    target: TargetEntry,
    steps: Vec<StepEntry>,
    #[serde(default)]
    optional: Vec<String>,
    resource: Option<ResourceEntry>,
    #[serde(default)]
    conditions: Vec<String>,
    #[serde(default)]
    undenied: Vec<String>,
    gives: Gives,
    #[serde(default)]
    composed_of: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetEntry {
    who: Who,
    through: Option<Lever>,
    #[serde(default)]
    trusts: Vec<String>,
    #[serde(default)]
    trusts_role_of: Vec<String>,
    trusts_provider: Option<Provider>,
    #[serde(default)]
    on_instance_profile: bool,
    must_be_editable: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepEntry {
    action: Option<String>,
    #[serde(default)]
    any_of: Vec<String>,
    on: Option<String>,
    created: Option<String>,
    #[serde(default)]
    new: Vec<String>,
    #[serde(default)]
    existing: Vec<String>,
    #[serde(default)]
    with: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    without: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceEntry {
    kind: String,
    runs_as_target: Option<bool>,
}

/// What is wrong with one technique.
type Checked<T> = Result<T, String>;

pub(super) fn parse(text: &str) -> Result<Catalogue, CatalogueError> {
    let file: File = toml::from_str(text).map_err(|e| CatalogueError::Syntax(e.to_string()))?;
    let mut techniques: Vec<Technique> = Vec::with_capacity(file.technique.len());
    for entry in file.technique {
        let id = entry.id.clone();
        let fault = |problem| CatalogueError::Technique { id: id.clone(), problem };
        let technique = technique(entry, &file.kind).map_err(fault)?;
        check(&technique).map_err(fault)?;
        if let Some(twin) = techniques.iter().find(|known| is_twin(known, &technique)) {
            return Err(fault(format!("says the same as `{}`; join the two", twin.id)));
        }
        techniques.push(technique);
    }
    let ids: BTreeSet<&str> = techniques.iter().map(|technique| &*technique.id).collect();
    for technique in &techniques {
        let missing = technique.composed_of.iter().find(|part| {
            &***part != super::ASSUME_ROLE && !ids.contains(&***part) || **part == technique.id
        });
        if let Some(part) = missing {
            return Err(CatalogueError::Technique {
                id: technique.id.to_string(),
                problem: format!("`composed_of` names `{part}`, which is no other technique"),
            });
        }
    }
    if techniques.is_empty() {
        return Err(CatalogueError::Syntax("it has no [[technique]]".to_owned()));
    }
    Ok(Catalogue { techniques })
}

fn technique(entry: Entry, kinds: &BTreeMap<String, Kind>) -> Checked<Technique> {
    let target = Target {
        who: entry.target.who,
        through: entry.target.through,
        trusts: boxed(entry.target.trusts),
        trusts_role_of: boxed(entry.target.trusts_role_of),
        trusts_provider: entry.target.trusts_provider,
        on_instance_profile: entry.target.on_instance_profile,
        must_be_editable: entry.target.must_be_editable.unwrap_or(true),
    };
    let steps = entry
        .steps
        .into_iter()
        .map(|entry| step(entry, &target, kinds))
        .collect::<Checked<Box<[Step]>>>()?;
    let resource = match entry.resource {
        None => None,
        Some(resource) => Some(Existing {
            kind: kind(&resource.kind, kinds)?.is.as_str().into(),
            arn: template(&resource.kind, kinds)?,
            runs_as_target: resource.runs_as_target.unwrap_or(true),
        }),
    };
    Ok(Technique {
        id: entry.id.into(),
        title: entry.title.into(),
        category: entry.category,
        steps,
        optional: boxed(entry.optional),
        target,
        gives: entry.gives,
        resource,
        conditions: boxed(entry.conditions),
        undenied: boxed(entry.undenied),
        composed_of: boxed(entry.composed_of),
        also: boxed(entry.also),
        reason: entry.reason.into(),
    })
}

fn step(entry: StepEntry, target: &Target, kinds: &BTreeMap<String, Kind>) -> Checked<Step> {
    let any_of = match entry.action {
        Some(action) if entry.any_of.is_empty() => [action.into()].into(),
        None if !entry.any_of.is_empty() => boxed(entry.any_of),
        _ => return Err("a step needs either `action` or `any_of`".to_owned()),
    };
    let templates = |names: &[String]| -> Checked<Box<[Template]>> {
        names.iter().map(|name| template(name, kinds)).collect()
    };
    let (new, existing) = (&*entry.new, &*entry.existing);
    let on = match (entry.on.as_deref(), entry.created.as_deref(), new, existing) {
        (Some("target"), None, [], []) => Place::Target,
        (Some("group"), None, [], []) => Place::Group,
        (Some("policy"), None, [], []) => Place::Policy,
        (Some("provider"), None, [], []) => Place::Provider,
        (Some("any"), None, [], []) => Place::Any,
        (Some(other), None, [], []) => return Err(format!("`on` knows no `{other}`")),
        (None, Some(name), [], []) => Place::Created(template(name, kinds)?),
        (None, None, names, []) if !names.is_empty() => Place::New(templates(names)?),
        (None, None, [], names) if !names.is_empty() => Place::Existing(templates(names)?),
        _ => return Err("a step needs one of `on`, `created`, `new` and `existing`".to_owned()),
    };
    let mut with: Vec<Bring> = Vec::with_capacity(entry.with.len() + 1);
    for (key, values) in entry.with {
        let values = values.iter().map(|text| value(text)).collect::<Checked<_>>()?;
        with.push(Bring { key: key.into(), values });
    }
    let passes = any_of.iter().any(|action| &**action == "iam:PassRole");
    if passes && on == Place::Target && !with.iter().any(|b| &*b.key == PASSED_TO) {
        if target.trusts.is_empty() {
            return Err("passes a role to no service; say which it `trusts`".to_owned());
        }
        let values = target.trusts.iter().map(|s| Value::Text(Template(s.clone()))).collect();
        with.push(Bring { key: PASSED_TO.into(), values });
    }
    Ok(Step { any_of, on, with: with.into(), without: boxed(entry.without) })
}

const PASSED_TO: &str = "iam:PassedToService";

fn value(text: &str) -> Checked<Value> {
    Ok(match text {
        "{administrator-policy}" => Value::AdministratorPolicy,
        "{target-boundary}" => Value::TargetBoundary,
        "{target}" => Value::Target,
        text => {
            placeholders(text)?;
            Value::Text(Template(text.into()))
        }
    })
}

fn kind<'a>(name: &str, kinds: &'a BTreeMap<String, Kind>) -> Checked<&'a Kind> {
    kinds.get(name).ok_or_else(|| format!("no [kind.{name}] says what that is"))
}

fn template(name: &str, kinds: &BTreeMap<String, Kind>) -> Checked<Template> {
    let arn = &kind(name, kinds)?.arn;
    if !arn.starts_with("arn:{partition}:") || arn.splitn(6, ':').count() < 6 {
        return Err(format!("[kind.{name}] `{arn}` is no ARN of six parts"));
    }
    placeholders(arn)?;
    Ok(Template(arn.as_str().into()))
}

fn placeholders(text: &str) -> Checked<()> {
    let rest = text.replace("{partition}", "").replace("{account}", "");
    if rest.contains(['{', '}']) {
        return Err(format!("`{text}` has a placeholder other than {{partition}} and {{account}}"));
    }
    Ok(())
}

/// What serde cannot see.
fn check(technique: &Technique) -> Checked<()> {
    let id_is_plain = technique.id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    require(id_is_plain && !technique.id.is_empty(), "an id has letters, digits and hyphens")?;
    require(!technique.title.trim().is_empty(), "it has no title")?;
    require(!technique.reason.trim().is_empty(), "it does not say why it works (`reason`)")?;
    require(!technique.steps.is_empty(), "it has no steps")?;
    let named = technique.steps.iter().flat_map(|step| &*step.any_of);
    for action in named.chain(&*technique.optional).chain(&*technique.undenied) {
        let is_action = action.split_once(':').is_some_and(|(service, name)| {
            !service.is_empty() && !name.is_empty() && !action.contains(['*', '?', ' '])
        });
        require(is_action, &format!("`{action}` is no single action"))?;
    }
    let target = &technique.target;
    let uses = |place: &Place| technique.steps.iter().any(|step| step.on == *place);
    let group = target.through == Some(Lever::Group);
    let policy = matches!(target.through, Some(Lever::Policy | Lever::BoundaryPolicy));
    require(
        uses(&Place::Group) == group,
        "`on = \"group\"` and `through = \"group\"` belong together",
    )?;
    require(
        uses(&Place::Policy) == policy,
        "`on = \"policy\"` and `through` a policy belong together",
    )?;
    if uses(&Place::Provider) {
        require(target.trusts_provider.is_some(), "`on = \"provider\"` needs `trusts_provider`")?;
    }
    let is_role = matches!(target.who, Who::Role | Who::OtherRole);
    let wants_role = !target.trusts.is_empty()
        || !target.trusts_role_of.is_empty()
        || target.trusts_provider.is_some()
        || target.on_instance_profile;
    require(is_role || !wants_role, "only a role trusts services or is on a profile")?;
    let creates = technique.steps.iter().any(|step| matches!(step.on, Place::Created(_)));
    if creates {
        require(target.who == Who::Created, "it creates a principal that is not the target")?;
    }
    let is_unknown = target.who == Who::Unknown;
    require(
        !is_unknown || technique.gives == Gives::Unknown,
        "an unknown target gives nothing known",
    )?;
    let joins = technique.gives == Gives::GroupPolicies;
    require(!joins || group, "`group-policies` come through a group")?;
    let versions = technique.gives == Gives::OtherVersion;
    require(!versions || policy, "`other-version` comes through a policy")
}

fn require(holds: bool, otherwise: &str) -> Checked<()> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

/// Same id, or the same actions for the same target to the same end: one of the two would never be
/// told.
fn is_twin(one: &Technique, other: &Technique) -> bool {
    let says_the_same = || {
        one.action_set() == other.action_set()
            && one.target == other.target
            && one.gives == other.gives
    };
    one.id == other.id || says_the_same()
}

fn boxed(texts: Vec<String>) -> Box<[Box<str>]> {
    texts.into_iter().map(Into::into).collect()
}
