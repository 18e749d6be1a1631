//! A table in GitHub-flavoured Markdown.

use super::Table;
use std::fmt::Write as _;

/// The table as Markdown. What would be markup or HTML is escaped: a title can be anything.
pub fn markdown(table: &Table) -> String {
    let mut out = String::new();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&line(table.columns.iter().map(|column| escape(column.title)).collect()));
    let _ = writeln!(out, "|{}", "---|".repeat(table.columns.len()));
    for row in &table.rows {
        out.push_str(&line(row.iter().map(|cell| escape(cell.machine())).collect()));
    }
    out
}

/// Text that Markdown shows as it is.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A mention in a title must not become a notification.
            '@' => out.push_str("&#64;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '!' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    // GitHub links bare addresses by itself.
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_title_cannot_become_markup_a_link_or_a_mention() {
        let shown = escape("a|b <img src=x> [x](https://evil) @team **now** `rm`");
        assert_eq!(
            shown,
            r"a\|b &lt;img src=x&gt; \[x\](https&#58;//evil) &#64;team \*\*now\*\* \`rm\`"
        );
    }
}
