//! What applying a plan would do: Terraform's (or `OpenTofu`'s) and Pulumi's, as JSON.
//!
//! ```text
//!   terraform show -json ─▶ terraform ─▶ change ─┬─ types      what is lost with it
//!                                │               └─ settings   what guards it
//!                                │                   └─ power, network   who may do what, and reach it
//!                                └─ provisioners: the commands that run beside it
//!   terraform plan -json ─▶ stream      pulumi preview --json ─▶ pulumi
//! ```
//!
//! No value of an attribute is ever shown: effects name addresses and attributes only, and the
//! evidence is the span of a name. So what a plan marks as sensitive cannot come out, nor what an
//! old format forgot to mark.
//!
//! `prevent_destroy` and the other settings of `lifecycle` are not in a plan, neither under
//! `configuration` nor elsewhere (<https://developer.hashicorp.com/terraform/internals/json-format>,
//! 2026-11). Terraform refuses to plan what `prevent_destroy` forbids, so a plan that destroys says
//! that nothing forbade it; that somebody took the guard away shows only in the diff.

mod change;
mod names;
mod network;
pub(in crate::classify) mod power;
mod provisioners;
mod pulumi;
pub(in crate::classify) mod settings;
mod stream;
mod terraform;
mod types;

pub(in crate::classify) use names::{listed, plain_name, service, snake, snaked};
pub(in crate::classify) use types::Types;

use super::{Judge, Word, tree::Bad};
use crate::domain::Span;
use std::borrow::Cow;

/// Judges the JSON of `terraform show -json`, `terraform plan -json` or `pulumi preview --json`.
pub fn plan(plan: &Word, judge: &mut Judge<'_>) {
    let text = plan.text();
    let body = text.trim_start_matches('\u{feff}').trim_start();
    let start = text.len() - body.len();
    if body.starts_with('{') {
        // A plan may be long, and is copied only when it must be.
        let body =
            if start == 0 { Cow::Borrowed(plan) } else { Cow::Owned(plan.part(start..text.len())) };
        let text = body.text();
        let first = text.get(..text.floor_char_boundary(2_000)).unwrap_or_default();
        let first = first.lines().next().unwrap_or_default();
        if first.contains("\"@level\"") || first.contains("\"@message\"") {
            stream::stream(&body, judge);
        } else if pulumi::is_preview(body.text()) {
            pulumi::preview(&body, judge);
        } else {
            terraform::plan(&body, judge);
        }
        return;
    }
    judge.opaque(start_of(plan), other(body));
}

/// What a text is that is no JSON object, and how to get one.
fn other(body: &str) -> &'static str {
    if body.is_empty() {
        "the plan is empty"
    } else if body.starts_with("PK\u{3}\u{4}") || body.contains('\0') {
        "this is a plan as Terraform saves it: convert it with `terraform show -json FILE`"
    } else if body.contains("Terraform will perform")
        || body.contains("OpenTofu will perform")
        || body.contains("\nPlan: ")
        || body.contains("# forces replacement")
        || body.contains("Terraform used the selected providers")
    {
        "this is a plan as people read it: save it with `terraform plan -out=FILE` and convert it \
         with `terraform show -json FILE`"
    } else {
        "this is no plan that can be read: give the JSON of `terraform show -json FILE`"
    }
}

/// The first letters of a text, to point at where no place is better than another.
fn start_of(word: &Word) -> Span {
    let text = word.text();
    word.at(0..text.ceil_char_boundary(text.len().min(1)))
}

/// Says why a text cannot be read.
fn refuse(of: &Word, bad: Bad, judge: &mut Judge<'_>) {
    judge.opaque(of.at(bad.at.start..bad.at.end), bad.because);
}

#[cfg(test)]
mod tests;
