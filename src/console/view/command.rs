//! What a waiting process would run: every argument on lines of its own.
//!
//! ```text
//!  command      sh
//!               -c
//!               │ rm -rv production
//!               │ mkdir production
//!  runs in      /srv/quotes
//! ```
//!
//! An argument of several lines stands behind a bar, so that its line breaks are not taken for
//! the ends of arguments; one that begins or ends with a blank, or is empty, stands in quotes.

use super::{call::pinned, diff_pane::role_style, sheet::Sheet};
use crate::{
    console::{msg::Script, theme::Role},
    domain::{Subject, Untrusted},
    text::SafeText,
};
use ratatui::text::Span;

/// The program's name without its folder.
pub(super) fn program(argv: &[Untrusted]) -> &str {
    let first = argv.first().map_or("?", |word| word.raw());
    first.rsplit('/').next().unwrap_or(first)
}

/// The arguments, and where they would run. `brief` where there is room for little: then only
/// what would run, and a script without the words that start it.
pub(super) fn told(sheet: &mut Sheet<'_>, what: &Subject, script: Option<&Script>, brief: bool) {
    let Subject::Command { argv, cwd, program, program_digest, host, pid, pins, .. } = what else {
        return;
    };
    let mut label = "command";
    for (index, word) in argv.iter().enumerate() {
        let coloured = script.filter(|script| script.argument == index);
        if brief && script.is_some() && coloured.is_none() {
            continue;
        }
        for line in argument(sheet, word, coloured) {
            sheet.pair_spans(label, line);
            label = "";
        }
    }
    if brief {
        return;
    }
    sheet.pair("runs in", cwd);
    let mut value = sheet.safe(program, Role::Text);
    value.push(sheet.say(&format!("  sha256 {}", program_digest.short()), Role::Dim));
    sheet.pair_spans("program", value);
    let mut value = sheet.safe(host, Role::Text);
    value.push(sheet.say(&format!(", process {pid}"), Role::Dim));
    sheet.pair_spans("host", value);
    pinned(sheet, pins);
}

fn argument(
    sheet: &Sheet<'_>,
    word: &Untrusted,
    script: Option<&Script>,
) -> Vec<Vec<Span<'static>>> {
    script.map_or_else(|| words(sheet, word), |script| coloured(sheet, script))
}

/// The lines of a script in its colours; several stand behind a bar.
pub(super) fn coloured(sheet: &Sheet<'_>, script: &Script) -> Vec<Vec<Span<'static>>> {
    let several = script.lines.len() > 1;
    let piece = |(text, role): &(String, Option<_>)| {
        let style = role.map_or_else(
            || sheet.theme().style(Role::Text),
            |role| role_style(sheet.theme(), role),
        );
        Span::styled(text.clone(), style)
    };
    let line = |line: &Vec<(String, Option<_>)>| {
        let bar = several.then(|| sheet.say("│ ", Role::Border));
        bar.into_iter().chain(line.iter().map(piece)).collect()
    };
    script.lines.iter().map(line).collect()
}

/// One argument, its lines each behind a bar where it has several.
pub(super) fn words(sheet: &Sheet<'_>, word: &Untrusted) -> Vec<Vec<Span<'static>>> {
    if word.raw().contains('\n') {
        let text = SafeText::block(word);
        let line = |line: SafeText| {
            let mut spans = vec![sheet.say("│ ", Role::Border)];
            spans.extend(sheet.safe_text(&line, Role::Text));
            spans
        };
        return text.lines().map(line).collect();
    }
    let raw = word.raw();
    if raw.is_empty() || raw.starts_with(' ') || raw.ends_with(' ') {
        let quote = || sheet.say("'", Role::Dim);
        let mut line = vec![quote()];
        line.extend(sheet.safe(word, Role::Text));
        line.push(quote());
        return vec![line];
    }
    vec![sheet.safe(word, Role::Text)]
}
