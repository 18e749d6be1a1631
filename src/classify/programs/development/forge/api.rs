//! `gh api` and `glab api`: a request by method, path and fields.
//!
//! From <https://cli.github.com/manual/gh_api> and <https://docs.github.com/en/rest>, 2026-11.

use super::super::super::{Does, Matched, Named, web};
use crate::{
    classify::{Data, Judge, Word},
    domain::{PlaceKind, Verb},
};

/// Judges `gh api`.
pub(super) fn api(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(path) = matched.operands.first().copied() else {
        return judge.opaque(matched.call.span(), "which path is asked is not known");
    };
    let fields: Vec<Word> =
        matched.values(&["-f", "-F", "--raw-field", "--field"]).cloned().collect();
    if path.text().trim_start_matches('/').ends_with("graphql") {
        return graphql(matched, &fields, judge);
    }
    place(path, judge);
    let method = matched.value("-X").or_else(|| matched.value("--method"));
    let body = !fields.is_empty() || matched.has("--input");
    let method = match method {
        Some(word) => match word.known() {
            Some(method) => method.to_ascii_uppercase(),
            None => return judge.opaque(word.span(), "the method is not known"),
        },
        None if body => "POST".to_owned(),
        None => "GET".to_owned(),
    };
    let does = match method.as_str() {
        "GET" | "HEAD" | "OPTIONS" => Does::Reads,
        "DELETE" => deletes(path.text()),
        _ => writes(path.text(), &fields),
    };
    matched.does(does, Named::Operands, judge);
}

fn place(path: &Word, judge: &mut Judge<'_>) {
    let mut parts = path.text().trim_start_matches('/').split('/');
    if parts.next() == Some("repos")
        && let (Some(owner), Some(name)) = (parts.next(), parts.next())
    {
        judge.place(PlaceKind::Repository, &Word::made(format!("{owner}/{name}"), path.span()));
    }
}

fn deletes(path: &str) -> Does {
    let made_again = [
        "/caches",
        "/subscription",
        "/starred",
        "/reactions",
        "/lock",
        "/labels",
        "/assignees",
        "/requested_reviewers",
        "/threads",
    ];
    if path.contains("/protection") || path.contains("/rulesets") || path.contains("/hooks") {
        Does::Destroys(Verb::Delete, "the guard or hook and its settings are gone")
    } else if made_again.iter().any(|part| path.contains(part)) && !is_label(path) {
        Does::Changes(Verb::Delete, "set it again")
    } else {
        Does::Destroys(Verb::Delete, "what this path names is gone")
    }
}

/// A label of the repository itself, which goes from every issue with it.
fn is_label(path: &str) -> bool {
    path.contains("/labels") && !path.contains("/issues/")
}

fn writes(path: &str, fields: &[Word]) -> Does {
    let has = |wanted: &str| fields.iter().any(|field| field.text().eq_ignore_ascii_case(wanted));
    let repository = path.trim_matches('/').split('/').count() == 3 && path.contains("repos/");
    if (has("visibility=public") || has("private=false")) && (repository || path.contains("/repos"))
    {
        return Does::Destroys(Verb::Reveal, "everything in the repository is public from then on");
    }
    if path.contains("/git/refs") && has("force=true") {
        return Does::Destroys(Verb::Delete, "the commits it replaces are gone from the branch");
    }
    if path.ends_with("/transfer") {
        return Does::Destroys(Verb::Delete, "the repository belongs to somebody else then");
    }
    if path.ends_with("/gists") || path == "gists" {
        return if has("public=true") {
            Does::Destroys(Verb::Reveal, "what is published can be copied by everybody")
        } else {
            Does::Changes(Verb::Create, "delete the gist")
        };
    }
    if path.trim_matches('/') == "markdown" {
        return Does::Reads;
    }
    if path.contains("/protection")
        || path.contains("/rulesets")
        || path.contains("/collaborators")
        || path.contains("/memberships")
    {
        return Does::Changes(Verb::Grant, "put the old rules back");
    }
    Does::Changes(Verb::Update, "send the old values again")
}

fn graphql(matched: &Matched<'_, '_>, fields: &[Word], judge: &mut Judge<'_>) {
    let query = fields.iter().find_map(|field| {
        let rest = field.text().strip_prefix("query=")?;
        Some(field.after(field.text().len() - rest.len()))
    });
    let Some(query) = query else {
        return judge.opaque(matched.call.span(), "the query stands elsewhere");
    };
    let read = query.text().strip_prefix('@').map(|file| judge.file(file));
    let query = match (read, matched.call.stdin) {
        (None, _) => query,
        (Some(_), Data::Text(text)) if query.is("@-") => text.clone(),
        (Some(Some(text)), _) => Word::made(text, query.span()),
        _ => return judge.opaque(query.span(), "the query stands in a file that is not given"),
    };
    web::graphql(&query, judge, matched.cli.service, None);
}
