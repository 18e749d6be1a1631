//! From `SafeText` to styled spans, cut and padded to columns.
//!
//! Tokens that stand for hidden characters keep their warning style wherever they appear, and a
//! cut is always marked with `…`, so no text can end without being seen to.

use crate::{
    console::theme::{Role, Theme},
    text::{SafeText, Segment},
};
use ratatui::{
    style::{Modifier, Style},
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Spans of the whole text.
pub fn spans(text: &SafeText, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    text.segments()
        .map(|segment| match segment {
            Segment::Plain(plain) => Span::styled(plain.to_owned(), style),
            Segment::Token(token) => Span::styled(token.to_owned(), theme.style(Role::HiddenToken)),
        })
        .collect()
}

/// Columns of spans.
pub fn width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| span.content.width()).sum()
}

/// Spans cut to at most so many columns.
pub fn cut(spans: Vec<Span<'static>>, columns: usize) -> Vec<Span<'static>> {
    if width(&spans) <= columns {
        return spans;
    }
    let mut left = columns.saturating_sub(1);
    let mut short = Vec::new();
    for span in spans {
        let mut text = String::new();
        let mut full = false;
        for grapheme in span.content.graphemes(true) {
            let columns = grapheme.width();
            if columns > left {
                full = true;
                break;
            }
            left -= columns;
            text.push_str(grapheme);
        }
        let style = span.style;
        if !text.is_empty() {
            short.push(Span::styled(text, style));
        }
        if full {
            if columns > 0 {
                short.push(Span::styled("…", style));
            }
            break;
        }
    }
    short
}

/// Spans of a text in a column of exactly so many columns.
pub fn column(text: &SafeText, columns: usize, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    let mut cut = cut(spans(text, style, theme), columns);
    let used = width(&cut);
    if used < columns {
        cut.push(padding(columns - used, style));
    }
    cut
}

/// Blanks in the style of their column, which spares a change of colours; never underlined.
fn padding(columns: usize, style: Style) -> Span<'static> {
    Span::styled(" ".repeat(columns), style.remove_modifier(Modifier::UNDERLINED))
}

/// Text of our own in a column, to the left or to the right of it.
pub fn own_column(text: &str, columns: usize, style: Style, right: bool) -> Vec<Span<'static>> {
    let mut cut = cut(vec![Span::styled(text.to_owned(), style)], columns);
    let gap = columns.saturating_sub(width(&cut));
    if gap > 0 {
        let blank = padding(gap, style);
        if right {
            cut.insert(0, blank);
        } else {
            cut.push(blank);
        }
    }
    cut
}

/// Breaks spans into lines of at most so many columns, at spaces where there are any.
pub fn wrap(spans: Vec<Span<'static>>, columns: usize) -> Vec<Line<'static>> {
    let columns = columns.max(1);
    let mut lines: Vec<Vec<Span<'static>>> = vec![Vec::new()];
    let mut used = 0;
    for span in spans {
        let style = span.style;
        for (index, part) in span.content.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
                used = 0;
            }
            for word in words(part, columns) {
                let wide = word.width();
                if used + wide > columns && used > 0 {
                    lines.push(Vec::new());
                    used = 0;
                    if word.trim().is_empty() {
                        continue;
                    }
                }
                if wide > columns {
                    for grapheme in word.graphemes(true) {
                        let wide = grapheme.width();
                        if used + wide > columns && used > 0 {
                            lines.push(Vec::new());
                            used = 0;
                        }
                        push(&mut lines, grapheme, style);
                        used += wide;
                    }
                } else {
                    push(&mut lines, word, style);
                    used += wide;
                }
            }
        }
    }
    lines.into_iter().map(Line::from).collect()
}

/// The pieces between which a line may break: what stands between blanks, and the blanks. What
/// is longer than half a line may break inside as well.
fn words(text: &str, columns: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut from = 0;
    let is_blank = |c: char| c == ' ' || c == '\t';
    while from < text.len() {
        let rest = &text[from..];
        let blank = rest.starts_with(is_blank);
        let end = rest.find(|c| is_blank(c) != blank).unwrap_or(rest.len());
        let word = &rest[..end];
        if !blank && word.width() > columns / 2 {
            words.extend(word.split_word_bounds());
        } else {
            words.push(word);
        }
        from += end;
    }
    words
}

fn push(lines: &mut [Vec<Span<'static>>], text: &str, style: Style) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some(last) if last.style == style => last.content.to_mut().push_str(text),
        _ => line.push(Span::styled(text.to_owned(), style)),
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, width, wrap};
    use ratatui::text::Span;

    fn plain(lines: &[ratatui::text::Line<'_>]) -> Vec<String> {
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_cut_is_always_marked() {
        let short = cut(vec![Span::raw("harmless, then "), Span::raw("not")], 9);
        assert_eq!(width(&short), 9);
        assert!(short.last().unwrap().content.ends_with('…'));
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_breaks_what_has_none() {
        let lines = wrap(vec![Span::raw("one two threefourfive")], 7);
        assert_eq!(plain(&lines), ["one two", "threefo", "urfive"]);
        let lines = wrap(vec![Span::raw("to it, then")], 8);
        assert_eq!(plain(&lines), ["to it, ", "then"], "a comma stays with its word");
        let lines = wrap(vec![Span::raw("a\n\nb")], 7);
        assert_eq!(plain(&lines), ["a", "", "b"]);
    }
}
