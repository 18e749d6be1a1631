//! Cypher, the language of graph databases, by its clauses.

use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

/// Whether a text is likely Cypher.
pub fn looks_like(text: &str) -> bool {
    let first = text.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next();
    let first = first.unwrap_or_default().to_ascii_uppercase();
    matches!(first.as_str(), "MATCH" | "OPTIONAL" | "MERGE" | "UNWIND" | "RETURN" | "DETACH")
        || first == "CREATE" && text.contains("CREATE (")
}

/// Judges a text by the clauses in it, outside of its strings.
pub fn judge(text: &Word, judge: &mut Judge<'_>) {
    if text.may_inject() {
        judge.opaque(text.span(), "part of the query is not known");
    }
    let (mut quote, mut plain) = (None, String::new());
    for letter in text.text().chars() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '\'' | '"' | '`') => quote = Some(letter),
            None => plain.push(letter.to_ascii_uppercase()),
        }
    }
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
    let (mut destroys, mut changes) = (false, false);
    for word in words {
        destroys |= matches!(word, "DELETE" | "DETACH" | "DROP" | "REMOVE");
        changes |= matches!(word, "CREATE" | "MERGE" | "SET" | "LOAD" | "CALL" | "ALTER" | "GRANT");
    }
    let at = text.span();
    if destroys {
        judge.destroys(Verb::Delete, "neo4j", "", at, "the nodes or relations are gone");
    } else if changes {
        judge.changes(Verb::Update, "neo4j", "", at, "change it back");
    } else {
        judge.reads("neo4j", "", at);
    }
}
