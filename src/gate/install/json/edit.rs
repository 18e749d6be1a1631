//! Adding and taking away, everything else left as it is.

use super::{
    tree::{Kind, Node, TextFault, parse},
    value::{Json, quoted},
};
use std::ops::Range;

/// Adds an element at the end of the list a path leads to. What is missing on the way is made.
pub fn append(text: &str, path: &[&'static str], value: &Json) -> Result<String, TextFault> {
    let root = parse(text)?;
    let mut node = &root;
    for (at, key) in path.iter().enumerate() {
        if !matches!(node.kind, Kind::Object(_)) {
            return Err(no_object(text, node, path.get(..at).unwrap_or_default()));
        }
        let Some(member) = node.get(key) else {
            let rest = path.get(at + 1..).unwrap_or_default();
            return Ok(added(text, &root, node, Some(key), &nested(rest, value)));
        };
        node = &member.value;
    }
    if !matches!(node.kind, Kind::List(_)) {
        let what = format!("`{}` is no list", path.join("."));
        return Err(TextFault::at(text, node.span.start, what));
    }
    Ok(added(text, &root, node, None, value))
}

/// Adds a member at the end of the outermost object.
pub fn member(text: &str, key: &str, value: &Json) -> Result<String, TextFault> {
    let root = parse(text)?;
    if !matches!(root.kind, Kind::Object(_)) {
        return Err(no_object(text, &root, &[]));
    }
    Ok(added(text, &root, &root, Some(key), value))
}

/// Takes an element out of the list a path leads to. A path that leads nowhere changes nothing.
pub fn remove_element(text: &str, node: &Node, index: usize) -> String {
    let spans: Vec<Range<usize>> = node.elements().iter().map(|e| e.span.clone()).collect();
    removed(text, node, &spans, index)
}

/// Takes a member out of the object a path leads to. A path that leads nowhere changes nothing.
pub fn remove_member(text: &str, node: &Node, key: &str) -> String {
    let members = node.members();
    let spans: Vec<Range<usize>> = members.iter().map(|m| m.start..m.value.span.end).collect();
    match members.iter().position(|member| member.key == key) {
        Some(index) => removed(text, node, &spans, index),
        None => text.to_owned(),
    }
}

fn no_object(text: &str, node: &Node, path: &[&str]) -> TextFault {
    let what = match path {
        [] => "expected an object, `{…}`".to_owned(),
        path => format!("`{}` is no object", path.join(".")),
    };
    TextFault::at(text, node.span.start, what)
}

/// `[value]` in objects of these names, outermost first.
fn nested(path: &[&'static str], value: &Json) -> Json {
    let list = Json::List(vec![value.clone()]);
    path.iter().rev().fold(list, |inner, key| Json::Object(vec![(*key, inner)]))
}

fn removed(text: &str, node: &Node, spans: &[Range<usize>], index: usize) -> String {
    let Some(this) = spans.get(index) else { return text.to_owned() };
    let gone = match (index.checked_sub(1).and_then(|at| spans.get(at)), spans.get(index + 1)) {
        (Some(before), _) => before.end..this.end,
        (None, Some(after)) => this.start..after.start,
        (None, None) => node.span.start + 1..node.span.end - 1,
    };
    spliced(text, gone, "")
}

fn spliced(text: &str, gone: Range<usize>, put: &str) -> String {
    let before = text.get(..gone.start).unwrap_or_default();
    let after = text.get(gone.end..).unwrap_or_default();
    format!("{before}{put}{after}")
}

/// The text with one more part at the end of a list or an object.
fn added(text: &str, root: &Node, node: &Node, key: Option<&str>, value: &Json) -> String {
    let style = Style::of(text, root);
    let name = |colon: &str| key.map_or_else(String::new, |key| format!("{}{colon}", quoted(key)));
    let last = match &node.kind {
        Kind::Object(members) => members.last().map(|m| m.start..m.value.span.end),
        Kind::List(elements) => elements.last().map(|e| e.span.clone()),
        _ => None,
    };
    let on_lines =
        |indent: &str| format!("{}{}", name(": "), value.lines(indent, &style.unit, style.newline));
    let (on_line, space) = if style.spaced {
        (format!("{}{}", name(": "), value.line(true)), " ")
    } else {
        (format!("{}{}", name(":"), value.line(false)), "")
    };
    let Some(last) = last else {
        let inside = node.span.start + 1..node.span.end - 1;
        if !style.broken {
            return spliced(text, inside, &on_line);
        }
        let outer = line_indent(text, node.span.start);
        let inner = format!("{outer}{}", style.unit);
        let (newline, written) = (style.newline, on_lines(&inner));
        return spliced(text, inside, &format!("{newline}{inner}{written}{newline}{outer}"));
    };
    let put = match own_line(text, last.start) {
        Some(indent) => format!(",{}{indent}{}", style.newline, on_lines(indent)),
        None => format!(",{space}{on_line}"),
    };
    spliced(text, last.end..last.end, &put)
}

/// How a document is laid out.
struct Style {
    /// What one level is indented by.
    unit: String,
    newline: &'static str,
    /// Whether it stands on several lines.
    broken: bool,
    /// Whether a space follows a colon.
    spaced: bool,
}

impl Style {
    fn of(text: &str, root: &Node) -> Self {
        let first = root.members().first();
        let unit = first.and_then(|member| own_line(text, member.start));
        let spaced = first.is_none_or(|member| {
            text.get(member.start..member.value.span.start)
                .is_some_and(|t| t.ends_with([' ', '\n']))
        });
        let inside = text.get(root.span.clone()).unwrap_or_default();
        Self {
            unit: unit.filter(|unit| !unit.is_empty()).unwrap_or("  ").to_owned(),
            newline: if inside.contains("\r\n") { "\r\n" } else { "\n" },
            broken: inside.contains('\n') || first.is_none(),
            spaced,
        }
    }
}

/// The indentation of what begins at `at`, where nothing stands before it on its line.
fn own_line(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let (_, indent) = before.rsplit_once('\n')?;
    indent.chars().all(|c| c == ' ' || c == '\t').then_some(indent)
}

/// The indentation of the line `at` stands on.
fn line_indent(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}
