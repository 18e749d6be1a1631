//! awk: harmless but for `system`, pipes and files that it writes.
//!
//! From the gawk manual, "I/O Functions" and "Redirection"
//! (<https://www.gnu.org/software/gawk/manual/html_node/Redirection.html>), 2026-11.

use super::token::{self, Kind, Token};
use crate::{
    classify::{Call, Data, HOLE, Judge, Language, Word},
    domain::Verb,
};

/// Judges a program of awk.
pub(super) fn read(text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(tokens) = token::cut(Language::Awk, text, 0..text.text().len(), judge) else { return };
    let reader = Reader { text, tokens: &tokens.list };
    judge.reads("files", "", text.span());
    if tokens.broken {
        judge.opaque(text.span(), "it is not code that can be read");
    }
    let mut prints = false;
    let mut depth = 0_u32;
    for at in 0..tokens.list.len() {
        match reader.slice(at) {
            ";" | "{" | "}" | "\n" => {
                prints = false;
                depth = 0;
            }
            "print" | "printf" => prints = true,
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "system" if reader.slice(at + 1) == "(" => {
                let script = reader.value(at + 2, &[")"]);
                run(script, text, call, judge);
            }
            "|" | "|&" => {
                let next = if reader.slice(at + 1) == "&" { at + 2 } else { at + 1 };
                if reader.slice(next) == "getline" {
                    run(reader.before(at), text, call, judge);
                } else if prints {
                    run(reader.value(next, &[]), text, call, judge);
                }
            }
            ">" | ">>" if prints && depth == 0 => {
                let file = reader.value(at + 1, &[]);
                let name = file.as_ref().map(Word::text).unwrap_or_default();
                if !name.starts_with("/dev/std") && name != "/dev/null" {
                    let span = text.at(tokens.list[at].at.clone());
                    let name = file.as_ref().map(|file| judge.name(file)).unwrap_or_default();
                    judge.changes(Verb::Update, "files", name, span, "write the file again");
                }
            }
            "@" => {
                let span = text.at(tokens.list[at].at.clone());
                judge.opaque(span, "what this loads or calls is not known");
            }
            _ => {}
        }
    }
}

fn run(script: Option<Word>, text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    match script {
        Some(script) => {
            judge.script(&script, call.variables, &Data::Unknown(text.span()));
        }
        None => judge.opaque(text.span(), "the command that it runs is not known"),
    }
}

struct Reader<'t> {
    text: &'t Word,
    tokens: &'t [Token],
}

impl Reader<'_> {
    fn slice(&self, at: usize) -> &str {
        match self.tokens.get(at) {
            Some(Token { kind: Kind::Name | Kind::Mark | Kind::End, at }) => {
                self.text.text().get(at.clone()).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The texts from here on put together, with holes for what is no text.
    fn value(&self, from: usize, ends: &[&str]) -> Option<Word> {
        let mut text = String::new();
        let mut span = None;
        let mut only = None;
        let mut depth = 0_u32;
        for at in from..self.tokens.len() {
            let slice = self.slice(at);
            match slice {
                ")" if depth == 0 => break,
                "(" => depth += 1,
                ")" => depth -= 1,
                ";" | "}" | "\n" => break,
                _ if ends.contains(&slice) => break,
                _ => {}
            }
            let token = &self.tokens[at];
            let here = self.text.at(token.at.clone());
            span = Some(span.map_or(here, |span: crate::domain::Span| span.with(here)));
            if let Kind::Text(word) = &token.kind {
                text.push_str(word.text());
                only = if only.is_none() && at == from { Some(word.clone()) } else { None };
            } else if !matches!(slice, "(" | ")" | ",") {
                if !text.ends_with(HOLE) {
                    text.push(HOLE);
                }
                only = None;
            }
        }
        only.or_else(|| Some(Word::made(text, span?)))
    }

    /// The text before a pipe.
    fn before(&self, at: usize) -> Option<Word> {
        let token = self.tokens.get(at.checked_sub(1)?)?;
        match &token.kind {
            Kind::Text(word) => Some(word.clone()),
            _ => None,
        }
    }
}
