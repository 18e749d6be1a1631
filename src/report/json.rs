//! One JSON object a command. `docs/json.md` says what is in it.

use super::Report;
use jiff::Timestamp;
use serde::Serialize;
use std::io;

/// Version of the JSON objects. It grows when a field is taken away or changes its meaning; new
/// fields may come without it.
pub const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Envelope<'a, B: Serialize> {
    schema: u32,
    report: &'a str,
    at: Timestamp,
    #[serde(flatten)]
    body: B,
}

/// The report as one JSON object and a line break.
pub fn json<R: Report>(report: &R, at: Timestamp) -> serde_json::Result<String> {
    let envelope =
        Envelope { schema: SCHEMA, report: report.name(), at: seconds(at), body: report.body() };
    line(&envelope)
}

/// The same, written as it is made: a report may be larger than what should be in memory. Below
/// the elements of its lists, nothing is broken into lines.
pub fn write_json<R: Report>(report: &R, at: Timestamp, mut to: impl io::Write) -> io::Result<()> {
    let envelope =
        Envelope { schema: SCHEMA, report: report.name(), at: seconds(at), body: report.body() };
    let visible = Visible { dense_from: 3, ..Visible::default() };
    envelope.serialize(&mut serde_json::Serializer::with_formatter(&mut to, visible))?;
    to.write_all(b"\n")
}

/// Any value as JSON that is safe to look at in a terminal, and a line break.
pub(crate) fn line<T: Serialize>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Visible::default()))?;
    bytes.push(b'\n');
    // serde_json only ever writes UTF-8.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Any value as JSON on a single line that is safe to look at in a terminal, and a line break.
pub(crate) fn single_line<T: Serialize>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, SingleLine))?;
    bytes.push(b'\n');
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A time of ours, without the part of a second nobody needs.
fn seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// JSON without any space, otherwise as [`Visible`].
struct SingleLine;

impl serde_json::ser::Formatter for SingleLine {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_visible(writer, fragment)
    }
}

fn write_visible<W: io::Write + ?Sized>(writer: &mut W, fragment: &str) -> io::Result<()> {
    if fragment.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return writer.write_all(fragment.as_bytes());
    }
    let mut plain_from = 0;
    for (index, c) in fragment.char_indices() {
        // serde_json has already taken out quotes, backslashes and C0 controls.
        let hidden = c != '\'' && c.escape_debug().len() > 1;
        if hidden {
            writer.write_all(&fragment.as_bytes()[plain_from..index])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            plain_from = index + c.len_utf8();
        }
    }
    writer.write_all(&fragment.as_bytes()[plain_from..])
}

/// Pretty JSON in which every character that is not plainly printable is written `\uXXXX`: the
/// value stays exactly what it was, and a terminal that shows the file obeys nothing in it.
struct Visible {
    depth: usize,
    /// Arrays and objects at this depth and below stay on one line.
    dense_from: usize,
    has_value: bool,
}

impl Default for Visible {
    fn default() -> Self {
        Self { depth: 0, dense_from: usize::MAX, has_value: false }
    }
}

impl Visible {
    fn begin<W: io::Write + ?Sized>(&mut self, writer: &mut W, with: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        writer.write_all(with)
    }

    fn end<W: io::Write + ?Sized>(&mut self, writer: &mut W, with: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_value && self.depth + 1 < self.dense_from {
            self.new_line(writer)?;
        }
        self.has_value = true;
        writer.write_all(with)
    }

    fn separate<W: io::Write + ?Sized>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth < self.dense_from {
            return self.new_line(writer);
        }
        if first { Ok(()) } else { writer.write_all(b" ") }
    }

    fn new_line<W: io::Write + ?Sized>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl serde_json::ser::Formatter for Visible {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_visible(writer, fragment)
    }

    fn begin_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn end_array_value<W: io::Write + ?Sized>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: io::Write + ?Sized>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn hidden_characters_are_written_as_escapes_and_read_back_exactly() {
        let hostile = "a\u{1b}[2J\u{9b}31m\u{202e}\u{200b}\u{e0041}é東'\"\\";
        let written = line(&[hostile]).unwrap();
        assert!(written.contains("é東'"), "{written}");
        assert!(!written.chars().any(|c| c.is_control() && c != '\n'), "{written}");
        assert!(!written.contains(['\u{202e}', '\u{200b}', '\u{e0041}']), "{written}");
        let read: Vec<String> = serde_json::from_str(&written).unwrap();
        assert_eq!(read, [hostile]);
    }
}
