//! YAML with places, one tree a document. Aliases are followed while that stays small.

use super::{Bad, DEEPEST, Node, Value, twice};
use crate::domain::Span;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use std::{borrow::Cow, collections::HashMap};

/// Values that aliases may repeat; all others stand in the text themselves.
const MOST: usize = 20_000;

/// Reads every document of a text.
pub fn yaml(text: &str) -> Result<Vec<Node<'_>>, Bad> {
    let mut builder = Builder {
        places: Places::new(text),
        text,
        documents: Vec::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        left: MOST,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let start = builder.places.byte(span.start.index());
                let end = builder.places.byte(span.end.index()).max(start);
                builder.event(event, Span::new(start, end))?;
            }
            Err(error) => return Err(builder.unreadable(&error)),
        }
    }
    Ok(builder.documents)
}

/// A list or map that is still being read.
struct Open<'a> {
    start: usize,
    anchor: usize,
    tag: Option<Box<str>>,
    is_map: bool,
    items: Vec<Node<'a>>,
}

struct Builder<'a> {
    text: &'a str,
    places: Places<'a>,
    documents: Vec<Node<'a>>,
    open: Vec<Open<'a>>,
    /// What is behind an anchor, and of how many values it is made.
    anchors: HashMap<usize, (Node<'a>, usize)>,
    left: usize,
}

impl<'a> Builder<'a> {
    fn bad(&self, byte: usize, because: &str) -> Bad {
        Bad::new(self.text, byte, because)
    }

    fn unreadable(&mut self, error: &ScanError) -> Bad {
        let byte = self.places.byte(error.marker().index());
        self.bad(byte, "it is not well-formed YAML")
    }

    fn event(&mut self, event: Event<'a>, at: Span) -> Result<(), Bad> {
        match event {
            Event::Alias(anchor) => {
                // An alias inside of what it names has nothing to stand for yet.
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    return Err(self.bad(at.start, "an alias stands for itself"));
                };
                let (node, size) = (node.clone(), *size);
                let depth = self.open.len() + depth(&node);
                if size > self.left || depth > DEEPEST {
                    return Err(self.bad(at.start, "its aliases repeat more than is read"));
                }
                self.left -= size;
                // It is where the alias is: what it stands for was judged at its own place.
                self.add(node, 0)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                let is = scalar(text, style == ScalarStyle::Plain, tag);
                self.add(Node { at, is, tag: own(tag) }, anchor)
            }
            Event::SequenceStart(anchor, tag) => self.begin(at, anchor, tag.as_deref(), false),
            Event::MappingStart(anchor, tag) => self.begin(at, anchor, tag.as_deref(), true),
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(
        &mut self,
        at: Span,
        anchor: usize,
        tag: Option<&Tag>,
        is_map: bool,
    ) -> Result<(), Bad> {
        if self.open.len() == DEEPEST {
            return Err(self.bad(at.start, "it is nested deeper than is read"));
        }
        let tag = own(tag);
        self.open.push(Open { start: at.start, anchor, tag, is_map, items: Vec::new() });
        Ok(())
    }

    fn end(&mut self, at: Span) -> Result<(), Bad> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        // A block ends where the next thing begins; blanks before that do not belong to it.
        let end = open.items.last().map_or(0, |last| last.at.end).max(open.start);
        let end = if self.text.get(at.start..at.end).is_some_and(|end| end == "]" || end == "}") {
            at.end
        } else {
            end
        };
        let is = if open.is_map { self.map(open.items)? } else { Value::List(open.items) };
        self.add(Node { at: Span::new(open.start, end), is, tag: open.tag }, open.anchor)
    }

    fn map(&self, items: Vec<Node<'a>>) -> Result<Value<'a>, Bad> {
        let mut entries = Vec::with_capacity(items.len() / 2);
        let mut merged = Vec::new();
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            if key.text() == Some("<<") {
                merged.push(value);
            } else {
                entries.push((key, value));
            }
        }
        if let Some(key) = twice(&entries) {
            return Err(self.bad(key.at.start, "a name is written twice"));
        }
        for value in merged {
            let from = if value.list().is_empty() { vec![value] } else { value.list().to_vec() };
            for (key, value) in from.iter().flat_map(Node::entries) {
                if !entries.iter().any(|(known, _)| known.scalar() == key.scalar()) {
                    entries.push((key.clone(), value.clone()));
                }
            }
        }
        Ok(Value::Map(entries))
    }

    fn add(&mut self, node: Node<'a>, anchor: usize) -> Result<(), Bad> {
        if anchor != 0 {
            let size = size(&node);
            if size > self.left {
                return Err(self.bad(node.at.start, "its aliases repeat more than is read"));
            }
            self.left -= size;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
        Ok(())
    }
}

fn children<'n, 'a>(node: &'n Node<'a>) -> Box<dyn Iterator<Item = &'n Node<'a>> + 'n> {
    match &node.is {
        Value::List(items) => Box::new(items.iter()),
        Value::Map(entries) => Box::new(entries.iter().flat_map(|(key, value)| [key, value])),
        _ => Box::new(std::iter::empty()),
    }
}

fn size(node: &Node<'_>) -> usize {
    1 + children(node).map(size).sum::<usize>()
}

fn depth(node: &Node<'_>) -> usize {
    children(node).map(|child| 1 + depth(child)).max().unwrap_or(0)
}

/// A tag that YAML does not know itself.
fn own(tag: Option<&Tag>) -> Option<Box<str>> {
    let tag = tag?;
    (!tag.is_yaml_core_schema()).then(|| format!("{}{}", tag.handle, tag.suffix).into())
}

fn scalar<'a>(text: Cow<'a, str>, plain: bool, tag: Option<&Tag>) -> Value<'a> {
    if !plain || tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str") {
        return Value::Text(text);
    }
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        // Kubernetes and CloudFormation read YAML 1.1, where these are true and false.
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        number
            if number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
                && number.parse::<f64>().is_ok() =>
        {
            Value::Number(text)
        }
        _ => Value::Text(text),
    }
}

/// Turns places counted in characters into bytes. They mostly rise, so each is found from the
/// last one; a step back begins at the nearest mark.
struct Places<'a> {
    text: &'a str,
    /// The byte of every 256th character; empty when every character is one byte.
    marks: Vec<usize>,
}

impl<'a> Places<'a> {
    const EVERY: usize = 256;

    fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(Self::EVERY).map(|(byte, _)| byte).collect()
        };
        Self { text, marks }
    }

    fn byte(&self, index: usize) -> usize {
        if self.marks.is_empty() {
            return index.min(self.text.len());
        }
        let Some(mark) = self.marks.get(index / Self::EVERY) else { return self.text.len() };
        let rest = self.text.get(*mark..).unwrap_or_default();
        rest.char_indices().nth(index % Self::EVERY).map_or(self.text.len(), |(at, _)| mark + at)
    }
}
