//! What authorization details do not hold, from files of their own.
//!
//! ```text
//!   --scps               {"accounts": {"<id>": [[policy, …], …]}, "managementAccount": "<id>"}
//!                        levels from the root down; "managementAccount" may be left out
//!   --resource-policies  {"<arn>": policy, …}   or   [{"arn": "…", "policy": policy}, …]
//!                        or either of them under "resourcePolicies"
//!   --resources          [{"arn": "…", "role": "…"}, …]   or what the AWS CLI prints:
//!                        lambda list-functions, ec2 describe-instances, or lists of such under
//!                        "resources", "functions", "instances"
//! ```
//!
//! A policy is an object or a string, plain or URL-encoded; also `{"Name": …, "Content": …}` as
//! AWS Organizations prints it. A file that is not of these forms is an error, because leaving it
//! out would allow more than there is; a single policy that cannot be read is unknown.

use super::{Levels, Problem, Resource, Sides};
use crate::iam::{Document, account_of};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::HashMap, collections::HashSet, fmt};

/// What is wrong with a side file: the place in it, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}{separator}{why}. {form}", separator = if .place.is_empty() { "" } else { ": " })]
pub struct SideError {
    /// `accounts.111122223333[0][2]`; empty for the file as such.
    pub place: String,
    /// What is wrong.
    pub why: String,
    /// What the file should look like.
    pub form: &'static str,
}

const SCPS: &str =
    r#"It has the form {"accounts":{"<id>":[[policy,…],…]}}, the root's policies first"#;
const RESOURCE_POLICIES: &str =
    r#"It has the form {"<arn>":policy,…} or [{"arn":"…","policy":…},…]"#;
const RESOURCES: &str = r#"It has the form [{"arn":"…","role":"…"},…], or is what `aws lambda list-functions` or `aws ec2 describe-instances` prints"#;

/// An object with its members in order, none twice.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> de::Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                let mut seen = HashSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(de::Error::custom(format!(
                            "`{}` is there twice",
                            key.escape_debug()
                        )));
                    }
                    members.push((Cow::Owned(key), map.next_value()?));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl<'a> Object<'a> {
    fn get(&self, names: &[&str]) -> Option<&'a RawValue> {
        names
            .iter()
            .find_map(|name| self.0.iter().find(|(key, _)| key == name).map(|(_, value)| *value))
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        serde_json::from_str(self.get(names)?.get()).ok()
    }
}

/// Reads text of one form, with the place it is at.
#[derive(Clone, Copy)]
struct Form(&'static str);

impl Form {
    fn wrong<T>(self, place: &str, why: impl fmt::Display) -> Result<T, SideError> {
        Err(SideError { place: place.to_owned(), why: why.to_string(), form: self.0 })
    }

    fn parse<'a, T: Deserialize<'a>>(self, text: &'a str, place: &str) -> Result<T, SideError> {
        serde_json::from_str(text).or_else(|error| self.wrong(place, error))
    }
}

/// The document of a policy, and its name if it brings one.
fn policy(text: &str) -> (Option<Box<str>>, Document) {
    if text.starts_with('"') {
        return (
            None,
            serde_json::from_str::<String>(text)
                .map_or_else(|_| Document::from_text(text), |inner| Document::from_text(&inner)),
        );
    }
    let Ok(object) = serde_json::from_str::<Object<'_>>(text) else {
        return (None, Document::from_text(text));
    };
    if let Some(inner) = object.get(&["Policy"]) {
        return policy(inner.get());
    }
    let Some(content) = object.get(&["Content"]) else {
        return (None, Document::from_text(text));
    };
    let summary =
        object.get(&["PolicySummary"]).and_then(|raw| serde_json::from_str(raw.get()).ok());
    let name = summary.as_ref().unwrap_or(&object).text(&["Name"]);
    (name.map(Into::into), policy(content.get()).1)
}

impl Sides {
    /// Takes a file of service control policies.
    pub fn take_scps(&mut self, text: &str) -> Result<(), SideError> {
        let form = Form(SCPS);
        let file: Object<'_> = form.parse(text, "")?;
        let Some(accounts) = file.get(&["accounts"]) else {
            return form.wrong("", "there is no \"accounts\"");
        };
        if let Some(account) = file.text(&["managementAccount"]) {
            self.management_account = Some(account.into());
        }
        let accounts: Object<'_> = form.parse(accounts.get(), "accounts")?;
        let scps = self.scps.get_or_insert_default();
        for (id, levels) in accounts.0 {
            let place = format!("accounts.{id}");
            if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                return form.wrong(&place, "an account id has 12 digits");
            }
            let levels: Vec<Vec<&RawValue>> = form.parse(levels.get(), &place)?;
            if levels.is_empty() {
                return form.wrong(&place, "there is no level. AWS has FullAWSAccess at each");
            }
            let named: Levels = levels.iter().zip(0..).map(level).collect();
            if scps.insert(id.as_ref().into(), named).is_some() {
                return form.wrong(&place, "another file names it too");
            }
        }
        Ok(())
    }

    /// Takes a file of resource policies.
    pub fn take_resource_policies(&mut self, name: &str, text: &str) -> Result<(), SideError> {
        let form = Form(RESOURCE_POLICIES);
        let mut known: HashSet<Box<str>> =
            self.resource_policies.iter().map(|(arn, _)| arn.clone()).collect();
        let mut take = |sides: &mut Self, arn: &str, raw: &RawValue, place: &str| {
            if !arn.starts_with("arn:") {
                return form.wrong(place, "the name of a resource is an ARN");
            }
            if known.insert(arn.into()) {
                sides.resource_policies.push((arn.into(), policy(raw.get()).1));
            } else {
                sides.problem(
                    format!("{name}: {place}"),
                    format!("the policy of {arn} was there already; the first is kept"),
                );
            }
            Ok(())
        };
        let mut text = text;
        if text.trim_start().starts_with('{') {
            let object: Object<'_> = form.parse(text, "")?;
            let Some(inner) = object.get(&["resourcePolicies", "resource_policies"]) else {
                for (arn, raw) in object.0 {
                    take(self, &arn, raw, &arn)?;
                }
                return Ok(());
            };
            text = inner.get();
        }
        if text.trim_start().starts_with('{') {
            let object: Object<'_> = form.parse(text, "resourcePolicies")?;
            for (arn, raw) in object.0 {
                take(self, &arn, raw, &arn)?;
            }
            return Ok(());
        }
        let list: Vec<Object<'_>> = form.parse(text, "")?;
        for (position, item) in list.iter().enumerate() {
            let place = format!("[{position}]");
            let Some(arn) = item.text(&["arn", "Arn"]) else {
                return form.wrong(&place, "it has no \"arn\"");
            };
            let Some(raw) = item.get(&["policy", "Policy"]) else {
                return form.wrong(&place, "it has no \"policy\"");
            };
            take(self, &arn, raw, &place)?;
        }
        Ok(())
    }

    /// Takes a file of resources that are known to exist.
    pub fn take_resources(&mut self, name: &str, text: &str) -> Result<(), SideError> {
        let form = Form(RESOURCES);
        let mut found = Vec::new();
        if text.trim_start().starts_with('[') {
            items(form, text, "", &mut found)?;
        } else {
            let object: Object<'_> = form.parse(text, "")?;
            let mut is_known = false;
            for (key, raw) in &object.0 {
                match &**key {
                    "resources" | "functions" | "Functions" | "instances" | "Instances" => {
                        items(form, raw.get(), key, &mut found)?;
                    }
                    "Reservations" => {
                        let all: Vec<Object<'_>> = form.parse(raw.get(), key)?;
                        for (position, reservation) in all.iter().enumerate() {
                            let place = format!("Reservations[{position}].Instances");
                            let Some(instances) = reservation.get(&["Instances"]) else { continue };
                            items(form, instances.get(), &place, &mut found)?;
                        }
                    }
                    _ => continue,
                }
                is_known = true;
            }
            if !is_known {
                return form.wrong("", "it has none of the lists that name resources");
            }
        }
        let resources = self.resources.get_or_insert_default();
        let mut known: HashSet<Box<str>> = resources.iter().map(|r| r.arn.clone()).collect();
        for resource in found {
            if known.insert(resource.arn.clone()) {
                self.resources.get_or_insert_default().push(resource);
            } else {
                self.problem(
                    name.to_owned(),
                    format!("{} was there already; the first is kept", resource.arn),
                );
            }
        }
        Ok(())
    }

    fn problem(&mut self, r#where: String, what: String) {
        self.problems.push(Problem { r#where, what });
    }
}

fn level((policies, at): (&Vec<&RawValue>, usize)) -> Vec<(Box<str>, Document)> {
    let named = policies.iter().enumerate().map(|(position, raw)| {
        let (name, document) = policy(raw.get());
        (name.unwrap_or_else(|| format!("scp[{at}][{position}]").into()), document)
    });
    named.collect()
}

fn items(form: Form, text: &str, place: &str, found: &mut Vec<Resource>) -> Result<(), SideError> {
    let list: Vec<Object<'_>> = form.parse(text, place)?;
    for (position, item) in list.iter().enumerate() {
        let Some(resource) = resource(item) else {
            return form.wrong(
                &format!("{place}[{position}]"),
                "it has neither an \"arn\", nor a \"FunctionArn\", nor an \"InstanceId\"",
            );
        };
        found.push(resource);
    }
    Ok(())
}

fn resource(item: &Object<'_>) -> Option<Resource> {
    if let Some(arn) =
        item.text(&["arn", "Arn", "FunctionArn", "stateMachineArn", "taskDefinitionArn"])
    {
        let role = item.text(&["role", "Role", "roleArn", "RoleArn", "taskRoleArn", "serviceRole"]);
        return Some(Resource { arn: arn.into(), role: role.map(Into::into) });
    }
    let id = item.text(&["InstanceId"])?;
    // The profile's ARN stands for the role until the accounts are known.
    let profile = item.get(&["IamInstanceProfile"]).and_then(|raw| {
        serde_json::from_str::<String>(raw.get())
            .ok()
            .or_else(|| serde_json::from_str::<Object<'_>>(raw.get()).ok()?.text(&["Arn"]))
    });
    let placement: Option<Object<'_>> =
        item.get(&["Placement"]).and_then(|raw| serde_json::from_str(raw.get()).ok());
    let zone = placement.and_then(|placement| placement.text(&["AvailabilityZone"]));
    let region = zone.as_deref().map_or("*", |zone| zone.trim_end_matches(char::is_alphabetic));
    let partition = profile.as_deref().and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws");
    let account = profile.as_deref().and_then(account_of).unwrap_or("*");
    Some(Resource {
        arn: format!("arn:{partition}:ec2:{region}:{account}:instance/{id}").into(),
        role: profile.map(Into::into),
    })
}

/// Roles by account and name of the instance profile that carries them.
pub(super) type Profiles<'w> = HashMap<(&'w str, &'w str), &'w str>;

/// The role behind an instance profile's ARN.
pub(super) fn role_of_profile<'w>(profiles: &Profiles<'w>, arn: &str) -> Option<&'w str> {
    let (_, path) = arn.split_once(":instance-profile/")?;
    profiles.get(&(account_of(arn)?, path.rsplit('/').next()?)).copied()
}
