//! Server-sent events, <https://html.spec.whatwg.org/multipage/server-sent-events.html>, as far as
//! MCP uses them: data, id, retry.

use std::{mem, time::Duration};

/// One event with data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Its data, lines joined with line breaks.
    pub data: String,
}

/// Reads events from pieces of bytes, however they are cut.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    data: Vec<u8>,
    any: bool,
    after_return: bool,
    limit: usize,
    /// The last id the server gave, for asking from there.
    pub last: Option<String>,
    /// How long the server wants to be left alone before it is asked again.
    pub retry: Option<Duration>,
}

/// An event is longer than it may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Events {
    /// A reader that keeps at most so many bytes of an event.
    pub fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Takes a piece, and gives the events it completes.
    pub fn feed(&mut self, piece: &[u8]) -> Result<Vec<Event>, TooLong> {
        let mut events = Vec::new();
        for &byte in piece {
            let second_half = mem::take(&mut self.after_return) && byte == b'\n';
            match byte {
                _ if second_half => {}
                b'\r' | b'\n' => {
                    self.after_return = byte == b'\r';
                    let line = mem::take(&mut self.line);
                    events.extend(self.line(&line));
                }
                _ if self.line.len() + self.data.len() >= self.limit => return Err(TooLong),
                _ => self.line.push(byte),
            }
        }
        Ok(events)
    }

    fn line(&mut self, line: &[u8]) -> Option<Event> {
        if line.is_empty() {
            let data = mem::take(&mut self.data);
            let event = Event { data: String::from_utf8_lossy(&data).into_owned() };
            return mem::take(&mut self.any).then_some(event);
        }
        let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"data" => {
                if mem::replace(&mut self.any, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"id" if !value.contains(&0) => {
                self.last = Some(String::from_utf8_lossy(value).into_owned());
            }
            b"retry" => {
                let millis = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                self.retry = millis.map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Events, TooLong};
    use std::time::Duration;

    const STREAM: &str = ": hello\r\nevent: message\r\nid: 7\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\n\
                          retry: 500\ndata:x\n\nid: 8\n\ndata: lost";

    #[test]
    fn events_are_the_same_however_they_are_cut() {
        for size in [1, 2, 3, 7, 1000] {
            let mut events = Events::new(100);
            let mut all = Vec::new();
            for piece in STREAM.as_bytes().chunks(size) {
                all.extend(events.feed(piece).unwrap().into_iter().map(|event| event.data));
            }
            assert_eq!(all, ["{\"a\":\n1}", "x"], "in pieces of {size}");
            assert_eq!(events.last.as_deref(), Some("8"));
            assert_eq!(events.retry, Some(Duration::from_millis(500)));
        }
    }

    #[test]
    fn an_event_without_end_is_not_kept() {
        assert_eq!(Events::new(10).feed(b"data: 0123456789"), Err(TooLong));
        let mut lines = Events::new(10);
        assert!((0..9).any(|_| lines.feed(b"data: 01\n").is_err()));
    }
}
