//! What applying Kubernetes manifests or a `CloudFormation` template would do.
//!
//! ```text
//!            ┌─ lines of `diff -u` ──────────▶ difference      kubectl diff
//!   text ────┤
//!            └─ JSON or YAML ─▶ tree ─┬─ Changes ───▶ change_set
//!                                     ├─ Resources ─▶ template ──▶ plan::settings
//!                                     └─ kind ──────▶ object ────▶ pod ─▶ the commands in it
//! ```

mod change_set;
mod difference;
mod object;
mod pod;
mod template;

#[cfg(test)]
mod tests;

use super::{
    Judge, Word,
    tree::{self, Node},
};
use crate::domain::Span;
use std::borrow::Cow;

/// Judges manifests, the output of `kubectl diff`, a template or a change set.
pub fn manifest(text: &Word, judge: &mut Judge<'_>) {
    if difference::is_one(text.text()) {
        difference::difference(text, judge);
    } else {
        documents(text, judge);
    }
}

fn documents(of: &Word, judge: &mut Judge<'_>) {
    let text = of.text().trim_start_matches('\u{feff}');
    let start = of.text().len() - text.len();
    let of =
        &if start == 0 { Cow::Borrowed(of) } else { Cow::Owned(of.part(start..of.text().len())) };
    let is_json = text.trim_start().starts_with(['{', '[']);
    let read =
        if is_json { tree::json(of.text()).map(|node| vec![node]) } else { tree::yaml(of.text()) };
    let documents = match read {
        Ok(documents) => documents,
        Err(bad) => {
            let because = format!("{}{}", bad.because, hint(text));
            return judge.opaque(of.at(bad.at.start..bad.at.end), because);
        }
    };
    let mut any = false;
    for document in documents.iter().filter(|document| !document.is_null()) {
        any = true;
        self::document(of, document, judge);
    }
    if !any {
        judge.opaque(self::start(of, 0), "there is nothing in it");
    }
}

fn document(of: &Word, document: &Node<'_>, judge: &mut Judge<'_>) {
    let has = |name: &str| document.get(name).is_some();
    let is_template = has("AWSTemplateFormatVersion")
        || has("Resources")
            && !has("kind")
            && document.get("Resources").is_some_and(|all| {
                all.entries().iter().any(|(_, resource)| resource.get("Type").is_some())
            });
    if has("Changes") && (has("ChangeSetId") || has("ChangeSetName") || has("StackName")) {
        change_set::change_set(of, document, judge);
    } else if is_template {
        template::template(of, document, judge);
    } else if has("kind") || has("apiVersion") {
        object::object(of, document, judge);
    } else if document.list().iter().any(|item| item.get("kind").is_some()) {
        let because = "a list of objects must say so itself (`kind: List`, with `items`)";
        judge.opaque(at(of, document), because);
    } else {
        let because =
            "this is neither a Kubernetes object nor a CloudFormation template or change set";
        let because = format!("{because}{}", hint(of.text()));
        judge.opaque(start(of, document.at.start), because);
    }
}

fn at(of: &Word, node: &Node<'_>) -> Span {
    of.at(node.at.start..node.at.end)
}

/// The first letter of something long.
fn start(of: &Word, from: usize) -> Span {
    let text = of.text();
    of.at(from..text.ceil_char_boundary((from + 1).min(text.len())))
}

/// What a text may be that cannot be read, and what to do about it.
fn hint(text: &str) -> &'static str {
    if text.contains("{{") {
        ": this is a template; render it first, with `helm template` or whatever it is made for"
    } else if text.contains("[-] AWS::") || text.contains("[+] AWS::") || text.contains("[~] AWS::")
    {
        ": this is the output of `cdk diff`; make a change set and describe it"
    } else {
        ""
    }
}
