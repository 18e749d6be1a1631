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

use super::{diff_pane::role_style, sheet::Sheet};
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
    let Subject::Command { argv, cwd, program, program_digest, host, pid, .. } = what else {
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
}

fn argument(
    sheet: &Sheet<'_>,
    word: &Untrusted,
    script: Option<&Script>,
) -> Vec<Vec<Span<'static>>> {
    let bar = || sheet.say("│ ", Role::Border);
    if let Some(script) = script {
        let coloured = |line: &Vec<(String, Option<_>)>| {
            let piece = |(text, role): &(String, Option<_>)| {
                let style = role.map_or_else(
                    || sheet.theme().style(Role::Text),
                    |role| role_style(sheet.theme(), role),
                );
                Span::styled(text.clone(), style)
            };
            std::iter::once(bar()).chain(line.iter().map(piece)).collect()
        };
        return script.lines.iter().map(coloured).collect();
    }
    if word.raw().contains('\n') {
        let text = SafeText::block(word);
        let line = |line: SafeText| {
            let mut spans = vec![bar()];
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
