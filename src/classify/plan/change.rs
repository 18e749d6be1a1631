//! One change of one resource, as `resource_changes` has it.

use super::{listed, plain_name, service, settings, types::Types};
use crate::{
    classify::{
        Judge, Word,
        tree::{self, Bad},
    },
    domain::{Span, Verb},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A resource and what happens to it.
#[derive(Deserialize)]
pub struct ResourceChange<'a> {
    /// Every plan of Terraform has it; tools that trim plans may not.
    #[serde(borrow, default)]
    address: Option<&'a RawValue>,
    #[serde(default)]
    pub module_address: Option<String>,
    #[serde(default)]
    pub mode: Option<String>,
    #[serde(borrow, rename = "type", default)]
    kind: Option<&'a RawValue>,
    #[serde(default)]
    index: Option<serde_json::Value>,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    deposed: Option<String>,
    #[serde(default)]
    previous_address: Option<String>,
    #[serde(borrow)]
    change: Change<'a>,
    #[serde(default)]
    action_reason: Option<String>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    actions: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    before: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_unknown: Option<&'a RawValue>,
    #[serde(borrow, default)]
    replace_paths: Option<&'a RawValue>,
    #[serde(borrow, default)]
    importing: Option<&'a RawValue>,
}

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nothing.
    Nothing,
    /// A data source is read.
    Read,
    /// It is made.
    Create,
    /// It is changed where it is.
    Update,
    /// It is deleted.
    Delete,
    /// It is deleted and made again, in whatever order.
    Replace,
    /// Terraform forgets it; the thing itself stays.
    Forget,
}

impl Act {
    fn of(actions: &[&str]) -> Option<Self> {
        Some(match actions {
            ["no-op"] => Self::Nothing,
            ["read"] => Self::Read,
            ["create"] => Self::Create,
            ["update"] => Self::Update,
            ["delete"] => Self::Delete,
            ["delete", "create"] | ["create", "delete"] => Self::Replace,
            ["forget"] | ["forget", "create"] | ["create", "forget"] => Self::Forget,
            _ => return None,
        })
    }
}

/// Where a raw value stands in the text it was read from.
pub fn place(raw: &RawValue, of: &Word) -> std::ops::Range<usize> {
    let start = raw.get().as_ptr().addr().saturating_sub(of.text().as_ptr().addr());
    start..start + raw.get().len()
}

impl<'a> ResourceChange<'a> {
    fn act(&self) -> Option<Act> {
        let unquoted = |raw: &&'a RawValue| raw.get().trim_matches('"');
        let actions: Vec<&str> = self.change.actions.iter().map(unquoted).collect();
        Act::of(&actions)
    }

    /// Whether anything happens, also if that is only in the state.
    pub fn does(&self) -> bool {
        self.act().is_none_or(|act| !matches!(act, Act::Nothing | Act::Read))
            || self.change.importing.is_some()
            || self.previous_address.is_some()
    }

    /// The type of the resource.
    pub fn kind(&self) -> Cow<'_, str> {
        self.kind.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }

    /// The address of the resource, as the input has it or as it follows from its parts.
    pub fn address(&self) -> String {
        if let Some(address) = self.address {
            return serde_json::from_str(address.get()).unwrap_or_default();
        }
        let (module, kind) = (self.module_address.as_deref().unwrap_or_default(), self.kind());
        if kind.is_empty() {
            return String::new();
        }
        let dot = if module.is_empty() { "" } else { "." };
        let key = self.index.as_ref().map(|key| format!("[{key}]")).unwrap_or_default();
        format!("{module}{dot}{kind}.{}{key}", self.name)
    }

    /// Where the resource is named.
    pub fn at(&self, of: &Word) -> Span {
        let named = self.address.or(self.kind).or(self.change.actions.first().copied());
        named.map_or(of.span(), |raw| of.at(place(raw, of)))
    }

    /// Says what happens, and gives it back so that its provisioners can be asked.
    pub fn judge(&self, of: &Word, judge: &mut Judge<'_>) -> Act {
        let at = self.at(of);
        let address = self.address();
        let service = service("terraform", &self.kind());
        if address.is_empty() {
            judge.opaque(at, "a change without the address of what it changes");
        }
        let Some(act) = self.act() else {
            judge.opaque(at, "it is not known what this change does");
            return Act::Replace;
        };
        match act {
            Act::Nothing => {}
            Act::Read => judge.reads(service.clone(), address.clone(), at),
            Act::Create => {
                judge.changes(
                    Verb::Create,
                    service.clone(),
                    address.clone(),
                    at,
                    "destroy it again",
                );
                self.settings(self.trees(of), of, judge);
            }
            Act::Update => {
                let trees = self.trees(of);
                let back = match trees.as_ref().map(Trees::changed).unwrap_or_default().as_str() {
                    "" => "apply the configuration from before".to_owned(),
                    names => format!("set back {names}"),
                };
                judge.changes(Verb::Update, service.clone(), address.clone(), at, back);
                self.settings(trees, of, judge);
            }
            Act::Delete | Act::Replace => {
                let lost = self.lost(act, of);
                judge.destroys(Verb::Delete, service.clone(), address.clone(), at, lost);
                if act == Act::Replace {
                    let back = "it is what comes in place of the one that is deleted";
                    judge.changes(Verb::Create, service.clone(), address.clone(), at, back);
                    self.settings(self.trees(of), of, judge);
                }
            }
            Act::Forget => {
                let back = "import it again: the thing itself stays, nobody manages it any more";
                judge.changes(Verb::Update, service.clone(), address.clone(), at, back);
                if self.change.actions.len() > 1 {
                    let back = "destroy it again";
                    judge.changes(Verb::Create, service.clone(), address.clone(), at, back);
                }
            }
        }
        if self.change.importing.is_some() {
            let back = "take it out of the state again: importing changes nothing else";
            judge.changes(Verb::Update, service.clone(), address.clone(), at, back);
        }
        if self.previous_address.as_deref().is_some_and(|previous| previous != address) {
            judge.changes(Verb::Update, service, address, at, "move it back in the state");
        }
        act
    }

    /// That it has changed outside of Terraform: shown, not done.
    pub fn drifted(&self, of: &Word, judge: &mut Judge<'_>) {
        if self.act() != Some(Act::Nothing) {
            judge.reads(service("terraform", &self.kind()), self.address(), self.at(of));
        }
    }

    fn lost(&self, act: Act, of: &Word) -> String {
        let what = match Types::known().holds(&self.kind()) {
            Some(what) => format!("{what} are gone"),
            None => "it is gone for good".to_owned(),
        };
        let mut lost = if self.deposed.is_some() {
            format!("what an earlier replacement left over is deleted: {what}")
        } else if act == Act::Replace {
            let because = self.because(of);
            format!("deleted and made again{because}: {what}")
        } else {
            let because = self.action_reason.as_deref().and_then(reason);
            because.map_or_else(|| what.clone(), |because| format!("{because}: {what}"))
        };
        if let Some(before) = Self::tree(self.change.before, of) {
            if before.get("skip_final_snapshot").is_some_and(tree::Node::is_true) {
                lost.push_str(", without a last snapshot");
            }
            if before.get("force_destroy").is_some_and(tree::Node::is_true) {
                lost.push_str(", even though it is not empty");
            }
        }
        lost
    }

    /// Which attributes, or what else, make it be replaced.
    fn because(&self, of: &Word) -> String {
        let paths = Self::tree(self.change.replace_paths, of);
        let paths = paths.iter().flat_map(tree::Node::list);
        // The last name of a path says most; numbers are places in lists.
        let names: Vec<&str> =
            paths.filter_map(|path| path.list().iter().rev().find_map(tree::Node::text)).collect();
        if !names.is_empty() {
            return format!(" because of {}", listed(names));
        }
        let because = self.action_reason.as_deref().and_then(reason);
        because.map(|because| format!(" because {because}")).unwrap_or_default()
    }

    fn tree<'t>(raw: Option<&RawValue>, of: &'t Word) -> Option<tree::Node<'t>> {
        tree::json_within(of.text(), place(raw?, of).start).ok()
    }

    fn trees<'t>(&self, of: &'t Word) -> Result<Trees<'t>, Bad> {
        let tree = |raw: Option<&RawValue>| {
            raw.map(|raw| tree::json_within(of.text(), place(raw, of).start)).transpose()
        };
        Ok(Trees {
            before: tree(self.change.before)?,
            after: tree(self.change.after)?,
            unknown: tree(self.change.after_unknown)?,
        })
    }

    /// What its settings open or take away.
    fn settings(&self, trees: Result<Trees<'_>, Bad>, of: &Word, judge: &mut Judge<'_>) {
        let trees = match trees {
            Ok(trees) => trees,
            Err(bad) => return super::refuse(of, bad, judge),
        };
        let kind = self.kind();
        let subject = settings::Subject {
            of,
            at: self.at(of),
            service: service("terraform", &kind),
            name: self.address(),
            kind: &kind,
        };
        let Trees { before, after, unknown } = &trees;
        settings::judge(&subject, before.as_ref(), after.as_ref(), unknown.as_ref(), judge);
    }
}

/// What a resource was, will be, and what of that is only known later.
struct Trees<'t> {
    before: Option<tree::Node<'t>>,
    after: Option<tree::Node<'t>>,
    unknown: Option<tree::Node<'t>>,
}

impl Trees<'_> {
    /// The names of attributes whose values differ or are only known later.
    fn changed(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (key, value) in self.after.iter().flat_map(tree::Node::entries) {
            let Some(key) = key.text() else { continue };
            let was = self.before.as_ref().and_then(|before| before.get(key));
            if was.is_none_or(|was| !was.same(value)) {
                names.push(key);
            }
        }
        for (key, value) in self.unknown.iter().flat_map(tree::Node::entries) {
            if value.is_true() {
                names.extend(key.text());
            }
        }
        listed(names)
    }
}

/// What Terraform says about why, in our words.
fn reason(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "replace_because_tainted" => "it is marked as damaged",
        "replace_because_cannot_update" => "it cannot be changed where it is",
        "replace_by_request" => "somebody asked for it",
        "replace_by_triggers" => "something it depends on changes",
        "delete_because_no_resource_config" => "its block is not in the configuration any more",
        "delete_because_wrong_repetition" => "count or for_each was added or taken away",
        "delete_because_count_index" => "count is lower than before",
        "delete_because_each_key" => "its key is not in for_each any more",
        "delete_because_no_module" => "its module is not in the configuration any more",
        "delete_because_no_move_target" => "what it was to be moved to does not exist",
        _ => return None,
    })
}

/// Says what happens to the output of that name; whether anything does.
pub fn output(name: &str, change: &tree::Node<'_>, at: Span, judge: &mut Judge<'_>) -> bool {
    let actions = change.get("actions").map(tree::Node::list).unwrap_or_default();
    let actions: Vec<&str> = actions.iter().filter_map(tree::Node::text).collect();
    let Some(act) = Act::of(&actions) else {
        judge.opaque(at, "it is not known what happens to this output");
        return true;
    };
    let resource = format!("output.{name}");
    let was = change.get("before_sensitive").is_some_and(tree::Node::is_true);
    let hidden = change.get("after_sensitive").is_some_and(|marks| !marks.is_false());
    let verb = match act {
        Act::Nothing | Act::Read => return false,
        Act::Create => Verb::Create,
        Act::Update if was && !hidden => {
            let back = format!("hide {} again, and change the secret", plain_name(name));
            judge.changes(Verb::Reveal, "terraform", resource, at, back);
            return true;
        }
        _ => Verb::Update,
    };
    judge.changes(verb, "terraform", resource, at, "apply the configuration from before");
    true
}
