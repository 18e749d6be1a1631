//! Comma-separated values (RFC 4180), safe to open in a spreadsheet.

use super::Table;

/// The table as CSV: a heading, CRLF after every record, fields quoted where they have to be.
///
/// A field that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV
/// Injection"): titles and names are chosen by whoever opens a pull request.
pub fn csv(table: &Table) -> String {
    let mut out = record(table.columns.iter().map(|column| column.title));
    for row in &table.rows {
        out.push_str(&record(row.iter().map(super::Cell::machine)));
    }
    out
}

fn record<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    let mut line = fields.map(field).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if formula || text.contains(['"', ',', '\r', '\n']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_that_looks_like_a_formula_is_disarmed() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)"] {
            assert_eq!(field(formula), format!("\"'{formula}\""));
        }
    }

    #[test]
    fn quotes_commas_and_line_breaks_are_quoted() {
        assert_eq!(field("plain"), "plain");
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(field("one\ntwo"), "\"one\ntwo\"");
    }
}
