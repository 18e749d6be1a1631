//! One question to Cedar: facts as entities, and what the answer means.

use super::{
    Staging,
    facts::{Facts, Whole},
};
use crate::{
    domain::{Class, Environment},
    policy::Circumstances,
};
use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId, PolicySet, Request,
    RestrictedExpression as Value, Schema,
};
use jiff::{civil::Weekday, tz::TimeZone};
use std::{
    collections::{HashMap, HashSet},
    str::FromStr as _,
};

/// What Cedar says of one question: which rules match, or that it could not tell.
pub(super) type Answer = Result<Vec<PolicyId>, String>;

/// The same for every question about an action.
pub(super) struct Asking {
    types: Types,
    requester: Entity,
    principal: EntityUid,
    context: Context,
}

/// Names of the schema's types.
struct Types {
    action: EntityTypeName,
    class: EntityTypeName,
    effect: EntityTypeName,
    environment: EntityTypeName,
    isolation: EntityTypeName,
    kind: EntityTypeName,
    requester: EntityTypeName,
    source: EntityTypeName,
    staging: EntityTypeName,
    tool: EntityTypeName,
    weekday: EntityTypeName,
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Types {
    fn new() -> Result<Self, String> {
        let name = |text: &str| EntityTypeName::from_str(text).map_err(told);
        Ok(Self {
            action: name("Action")?,
            class: name("Class")?,
            effect: name("Effect")?,
            environment: name("Environment")?,
            isolation: name("Isolation")?,
            kind: name("Kind")?,
            requester: name("Requester")?,
            source: name("Source")?,
            staging: name("Staging")?,
            tool: name("Tool")?,
            weekday: name("Weekday")?,
        })
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn one_of(kind: &EntityTypeName, id: &str) -> Value {
    Value::new_entity_uid(uid(kind, id))
}

fn text(value: &str) -> Value {
    Value::new_string(value.to_owned())
}

fn count(value: usize) -> Value {
    Value::new_long(i64::try_from(value).unwrap_or(i64::MAX))
}

fn record<const N: usize>(fields: [(&str, Value); N]) -> Result<Value, String> {
    Value::new_record(fields.map(|(key, value)| (key.to_owned(), value))).map_err(told)
}

fn attributes<const N: usize>(fields: [(&str, Value); N]) -> HashMap<String, Value> {
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn environment(found: Environment) -> &'static str {
    match found {
        Environment::Production => "production",
        Environment::NonProduction => "non-production",
        Environment::Unknown => "unknown",
    }
}

fn class(found: Class) -> &'static str {
    match found {
        Class::ReadOnly => "read-only",
        Class::Mutating => "mutating",
        Class::Opaque => "opaque",
        Class::Destructive => "destructive",
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

impl Asking {
    /// Prepares what all questions about an action share.
    pub fn new(
        whole: &Whole,
        circumstances: &Circumstances,
        zone: &TimeZone,
        hidden: bool,
    ) -> Result<Self, String> {
        let types = Types::new()?;
        let principal = uid(&types.requester, &whole.account);
        let requester = attributes([
            ("tool", one_of(&types.tool, &whole.tool)),
            ("account", text(&whole.account)),
            ("host", text(&whole.host)),
            ("isolation", one_of(&types.isolation, &whole.isolation.to_string())),
        ]);
        let requester = Entity::new(principal.clone(), requester, HashSet::new()).map_err(told)?;
        let clock = |zone: &TimeZone| {
            let time = circumstances.now.to_zoned(zone.clone());
            record([
                ("hour", Value::new_long(time.hour().into())),
                ("minute", Value::new_long(time.minute().into())),
                ("weekday", one_of(&types.weekday, weekday(time.weekday()))),
            ])
        };
        let staging = match circumstances.staging {
            Staging::Succeeded => "succeeded",
            Staging::NotSeen => "not-seen",
            Staging::Unknown => "unknown",
        };
        let (target, place) = &whole.target;
        let fields = [
            ("class", one_of(&types.class, class(whole.class))),
            (
                "target",
                record([
                    ("name", text(target)),
                    ("environment", one_of(&types.environment, environment(*place))),
                ])?,
            ),
            ("resources", count(whole.resources)),
            ("services", count(whole.services)),
            ("opaque", Value::new_bool(whole.opaque)),
            ("hidden", Value::new_bool(hidden)),
            ("staging", one_of(&types.staging, staging)),
            ("frozen", Value::new_bool(whole.freeze.is_some())),
            ("freeze", text(whole.freeze.as_deref().unwrap_or_default())),
            // To the millisecond, which is all that Cedar knows.
            (
                "now",
                Value::new_datetime(
                    circumstances.now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
                ),
            ),
            ("utc", clock(&TimeZone::UTC)?),
            ("here", clock(zone)?),
            ("author", Value::new_bool(whole.author)),
            ("source", one_of(&types.source, whole.source)),
            ("via", text(&whole.via)),
            ("mcp", record([("server", text(&whole.mcp.0)), ("tool", text(&whole.mcp.1))])?),
            ("tool", text(&whole.called)),
        ];
        let fields = fields.map(|(key, value)| (key.to_owned(), value));
        let context = Context::from_pairs(fields).map_err(told)?;
        Ok(Self { types, requester, principal, context })
    }

    /// Asks about one effect.
    pub fn ask(&self, set: &PolicySet, schema: &Schema, facts: &Facts) -> Answer {
        let types = &self.types;
        let resource = uid(&types.effect, "it");
        let effect = attributes([
            ("service", text(&facts.service)),
            ("name", text(&facts.name)),
            ("kind", one_of(&types.kind, facts.kind.as_str())),
            ("environment", one_of(&types.environment, environment(facts.environment))),
            ("reversible", Value::new_bool(facts.reversible)),
            ("local", Value::new_bool(facts.local)),
            ("customer_facing", Value::new_bool(facts.customer_facing)),
            ("protected", Value::new_bool(facts.protected)),
            ("to_itself", Value::new_bool(facts.to_itself)),
        ]);
        let effect = Entity::new(resource.clone(), effect, HashSet::new()).map_err(told)?;
        let action = uid(&types.action, facts.done.as_str());
        // With the schema, the groups of actions are known and every value is checked.
        let entities = Entities::from_entities([self.requester.clone(), effect], Some(schema))
            .map_err(told)?;
        let request = Request::new(
            self.principal.clone(),
            action,
            resource,
            self.context.clone(),
            Some(schema),
        )
        .map_err(told)?;
        let response = cedar_policy::Authorizer::new().is_authorized(&request, set, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(told(error));
        }
        Ok(response.diagnostics().reason().cloned().collect())
    }
}
