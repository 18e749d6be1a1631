//! Commands that run beside a change: provisioners, and data sources that are programs.
//!
//! A provisioner says in the configuration whether it runs when its resource is made or when it is
//! destroyed, but the plan does not keep that: each counts for both. Only a resource that is still
//! in the configuration has any.

use super::{
    change::{Act, ResourceChange, place},
    refuse,
};
use crate::{
    classify::{
        Call, Data, Judge, Variables, Word,
        tree::{self, Node},
    },
    domain::{Span, Verb},
};
use serde_json::value::RawValue;
use std::collections::HashSet;

/// The configuration of a plan, read only when something in it may run.
pub struct Configuration<'a> {
    raw: Option<&'a RawValue>,
    of: &'a Word,
    tree: Option<Node<'a>>,
    done: HashSet<String>,
}

impl<'a> Configuration<'a> {
    /// The configuration of a plan, if it has one.
    pub fn new(raw: Option<&'a RawValue>, of: &'a Word) -> Self {
        let runs = |raw: &&RawValue| {
            raw.get().contains("\"provisioners\"") || raw.get().contains("\"external\"")
        };
        Self { raw: raw.filter(runs), of, tree: None, done: HashSet::new() }
    }

    /// Judges what runs because of a change.
    pub fn judge(&mut self, change: &ResourceChange<'_>, act: Act, judge: &mut Judge<'_>) {
        let is_external = act == Act::Read && change.kind() == "external";
        if is_external && self.raw.is_none() {
            judge.opaque(change.at(self.of), "a program whose name the plan does not have");
            return;
        }
        if !is_external && !matches!(act, Act::Create | Act::Delete | Act::Replace) {
            return;
        }
        let Some(raw) = self.raw else { return };
        if self.tree.is_none() {
            match tree::json_within(self.of.text(), place(raw, self.of).start) {
                Ok(tree) => self.tree = Some(tree),
                Err(bad) => {
                    refuse(self.of, bad, judge);
                    self.raw = None;
                    return;
                }
            }
        }
        let modules = modules(change.module_address.as_deref().unwrap_or_default());
        let key =
            format!("{}/{:?}/{}.{}", modules.join("/"), change.mode, change.kind(), change.name);
        if !self.done.insert(key) {
            return;
        }
        let Some(module) = self.tree.as_ref().and_then(|tree| module(tree, &modules)) else {
            return;
        };
        let is_data = change.mode.as_deref() == Some("data");
        let resources = module.get("resources").map(Node::list).unwrap_or_default();
        let found = resources.iter().find(|resource| {
            resource.text_of("type") == Some(&*change.kind())
                && resource.text_of("name") == Some(&change.name)
                && (resource.text_of("mode") == Some("data")) == is_data
        });
        let Some(resource) = found else { return };
        if is_external {
            let at = change.at(self.of);
            let program = resource.path("expressions.program.constant_value");
            self.program(program, None, at, judge);
        }
        for provisioner in resource.get("provisioners").map(Node::list).unwrap_or_default() {
            self.provisioner(provisioner, judge);
        }
    }

    fn provisioner(&self, provisioner: &Node<'_>, judge: &mut Judge<'_>) {
        let kind = provisioner.get("type");
        let at = self.at(kind.unwrap_or(provisioner));
        let constant = |name: &str| provisioner.path(&format!("expressions.{name}.constant_value"));
        match kind.and_then(Node::text) {
            Some("local-exec") => {
                let Some(command) = constant("command") else {
                    let because = "a command that is only put together while it is applied";
                    return judge.opaque(at, because);
                };
                if provisioner.path("expressions.interpreter").is_some() {
                    self.program(constant("interpreter"), Some(command), at, judge);
                } else {
                    self.script(command, judge);
                }
            }
            Some("remote-exec") => {
                let Some(lines) = constant("inline") else {
                    let because = "a script that runs on the new machine and is not given here";
                    return judge.opaque(at, because);
                };
                for line in lines.list() {
                    self.script(line, judge);
                }
            }
            Some("file") => {
                judge.changes(
                    Verb::Update,
                    "terraform:file",
                    "",
                    at,
                    "copy the old file there again",
                );
            }
            _ => judge.opaque(at, "a provisioner of which nobody knows what it does"),
        }
    }

    fn at(&self, node: &Node<'_>) -> Span {
        self.of.at(node.at.start..node.at.end)
    }

    fn script(&self, command: &Node<'_>, judge: &mut Judge<'_>) {
        judge.script(&command.word(self.of), &Variables::default(), &Data::Nothing);
    }

    fn program(
        &self,
        program: Option<&Node<'_>>,
        command: Option<&Node<'_>>,
        at: Span,
        judge: &mut Judge<'_>,
    ) {
        let words: Vec<Word> = program
            .map(Node::list)
            .unwrap_or_default()
            .iter()
            .chain(command)
            .map(|word| word.word(self.of))
            .collect();
        if program.is_none_or(|program| program.list().is_empty()) {
            judge.opaque(at, "a program that is only known while it is applied");
            return;
        }
        judge.call(&Call {
            words: &words,
            variables: &Variables::default(),
            stdin: &Data::Nothing,
        });
    }
}

/// The module of the configuration that those names lead to.
fn module<'n, 'a>(configuration: &'n Node<'a>, names: &[String]) -> Option<&'n Node<'a>> {
    names.iter().try_fold(configuration.get("root_module")?, |module, name| {
        module.get("module_calls")?.get(name)?.get("module")
    })
}

/// The names of modules in an address, without their keys: `module.a["x"].module.b` is `a`, `b`.
fn modules(address: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = address;
    while let Some(found) = rest.strip_prefix("module.") {
        let end = found.find(['.', '[']).unwrap_or(found.len());
        names.push(found.get(..end).unwrap_or_default().to_owned());
        rest = found.get(end..).unwrap_or_default();
        if rest.starts_with('[') {
            rest = rest.get(key(rest)..).unwrap_or_default();
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    names
}

/// How long the key in brackets is with which a text begins.
fn key(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::modules;

    #[test]
    fn keys_of_modules_are_no_names() {
        assert_eq!(modules("module.a[0].module.b"), ["a", "b"]);
        assert_eq!(modules(r#"module.a["x].module.y\"]"].module.b["é"]"#), ["a", "b"]);
        assert!(modules("").is_empty());
        assert_eq!(modules("module.a["), ["a"]);
    }
}
