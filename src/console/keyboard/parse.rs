//! Bytes of a terminal into keys and pastes: the encoding of xterm without extensions
//! (<https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>, "PC-Style Function Keys" and
//! "Bracketed Paste Mode"), and of the Linux console where it differs.
//!
//! What it does not know it swallows whole: half a sequence is never taken for keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use std::collections::VecDeque;

/// The longest sequence that is waited for; more is no sequence of a keyboard.
const LONGEST: usize = 1024;

/// As much of a paste is kept; no line of text of the console takes as much.
const LONGEST_PASTE: usize = 64 * 1024;

const ESCAPE: u8 = 0x1b;

/// How a paste ends.
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// What has begun and not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// An escape character: the key, or the beginning of a sequence.
    Escape,
    /// A sequence or a character of several bytes.
    Sequence,
}

/// Takes bytes in and gives events out.
#[derive(Debug, Default)]
pub(super) struct Parser {
    pending: Vec<u8>,
    paste: Option<Paste>,
    events: VecDeque<Event>,
    /// What is pending began before input was discarded, so it counts no more.
    stale: bool,
}

/// A paste that has begun.
#[derive(Debug, Default)]
struct Paste {
    kept: Vec<u8>,
    total: usize,
    /// How many bytes of [`PASTE_ENDS`] came last.
    matched: usize,
    /// It began before input was discarded.
    stale: bool,
}

/// What the pending bytes are.
enum Meaning {
    /// The beginning of something.
    More,
    Key(KeyEvent),
    /// The key Esc, and then what follows it.
    EscapeThen,
    PasteBegins,
    /// Something whole that means nothing here.
    Nothing,
}

impl Parser {
    /// Whether no event waits.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Takes in what was read.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.take(*byte);
        }
    }

    /// What has begun and waits for its end. A paste waits as long as it takes: what follows it
    /// would be taken for commands.
    pub(super) fn unfinished(&self) -> Option<Unfinished> {
        match self.pending.as_slice() {
            [] => None,
            [ESCAPE] => Some(Unfinished::Escape),
            _ => Some(Unfinished::Sequence),
        }
    }

    /// Nothing came for a while: an escape character was the key Esc, and half a sequence nothing.
    pub(super) fn settle(&mut self) {
        if self.pending == [ESCAPE] {
            self.say(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
        }
        self.begin_anew();
    }

    /// Forgets all events, and what is pending once it is whole.
    pub(super) fn discard(&mut self) {
        self.events.clear();
        self.stale = !self.pending.is_empty();
        if let Some(paste) = &mut self.paste {
            paste.stale = true;
        }
    }

    fn take(&mut self, byte: u8) {
        if let Some(paste) = &mut self.paste {
            if paste.take(byte) {
                let ended = self.paste.take().filter(|paste| !paste.stale);
                self.events.extend(ended.map(|paste| Event::Paste(paste.text())));
            }
            return;
        }
        self.pending.push(byte);
        match meaning(&self.pending) {
            Meaning::More if self.pending.len() < LONGEST => {}
            Meaning::More | Meaning::Nothing => self.begin_anew(),
            Meaning::Key(key) => {
                self.say(key);
                self.begin_anew();
            }
            Meaning::EscapeThen => {
                self.say(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
                self.begin_anew();
                self.take(byte);
            }
            Meaning::PasteBegins => {
                self.paste = Some(Paste { stale: self.stale, ..Paste::default() });
                self.begin_anew();
            }
        }
    }

    fn say(&mut self, key: KeyEvent) {
        if !self.stale {
            self.events.push_back(Event::Key(key));
        }
    }

    fn begin_anew(&mut self) {
        self.pending.clear();
        self.stale = false;
    }
}

impl Paste {
    /// Takes in a byte; whether the paste has ended.
    fn take(&mut self, byte: u8) -> bool {
        self.total += 1;
        if self.kept.len() < LONGEST_PASTE {
            self.kept.push(byte);
        }
        self.matched = match PASTE_ENDS.get(self.matched) {
            Some(wanted) if *wanted == byte => self.matched + 1,
            _ => usize::from(byte == ESCAPE),
        };
        self.matched == PASTE_ENDS.len()
    }

    fn text(mut self) -> String {
        self.kept.truncate(self.total - PASTE_ENDS.len());
        String::from_utf8_lossy(&self.kept).into_owned()
    }
}

fn meaning(pending: &[u8]) -> Meaning {
    match pending {
        [] | [ESCAPE] => Meaning::More,
        [ESCAPE, b'[', rest @ ..] => control_sequence(rest),
        [ESCAPE, b'O', rest @ ..] => match rest {
            [] => Meaning::More,
            [last, ..] => key_or_nothing(named(*last), KeyModifiers::NONE),
        },
        // Answers of the terminal: OSC, DCS, APC, PM, SOS, up to their terminator.
        [ESCAPE, b']' | b'P' | b'_' | b'^' | b'X', rest @ ..] => match rest {
            [.., 0x07] | [.., ESCAPE, b'\\'] => Meaning::Nothing,
            _ => Meaning::More,
        },
        // Esc and a key pressed right after it are two keys: Esc leaves before Enter confirms.
        [ESCAPE, 0x00..=0x1f | 0x7f, ..] => Meaning::EscapeThen,
        [ESCAPE, rest @ ..] => character(rest, KeyModifiers::ALT),
        _ => character(pending, KeyModifiers::NONE),
    }
}

/// A character of one or more bytes, or a control character.
fn character(bytes: &[u8], also: KeyModifiers) -> Meaning {
    let control = |character: u8| (KeyCode::Char(char::from(character)), KeyModifiers::CONTROL);
    let (code, modifiers) = match bytes {
        [0x00] => control(b' '),
        [b'\r'] => (KeyCode::Enter, KeyModifiers::NONE),
        [b'\t'] => (KeyCode::Tab, KeyModifiers::NONE),
        [0x08 | 0x7f] => (KeyCode::Backspace, KeyModifiers::NONE),
        [byte @ 0x01..=0x1a] => control(byte - 1 + b'a'),
        [byte @ 0x1c..=0x1f] => control(byte - 0x1c + b'4'),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => match text.chars().next() {
                Some(one) if one.is_uppercase() => (KeyCode::Char(one), KeyModifiers::SHIFT),
                Some(one) => (KeyCode::Char(one), KeyModifiers::NONE),
                None => return Meaning::More,
            },
            Err(error) if error.error_len().is_none() => return Meaning::More,
            Err(_) => return Meaning::Nothing,
        },
    };
    Meaning::Key(KeyEvent::new(code, modifiers | also))
}

/// What follows `ESC [`: parameters, then a final byte.
fn control_sequence(rest: &[u8]) -> Meaning {
    match rest {
        // The Linux console's F1 to F5.
        [b'['] => return Meaning::More,
        [b'[', last, ..] => {
            let number = last.wrapping_sub(b'A').wrapping_add(1);
            let code = (1..=5).contains(&number).then_some(KeyCode::F(number));
            return key_or_nothing(code, KeyModifiers::NONE);
        }
        // A mouse report of the oldest kind: three bytes follow.
        [b'M', report @ ..] if report.len() < 3 => return Meaning::More,
        [b'M', ..] => return Meaning::Nothing,
        _ => {}
    }
    let Some((last, parameters)) = rest.split_last() else { return Meaning::More };
    match last {
        0x20..=0x3f => return Meaning::More,
        0x40..=0x7e => {}
        // No sequence goes on like this.
        _ => return Meaning::Nothing,
    }
    let Ok(parameters) = std::str::from_utf8(parameters) else { return Meaning::Nothing };
    let mut numbers = parameters.split(';').map(|number| number.parse::<u16>().ok());
    let (first, second) = (numbers.next().flatten(), numbers.next().flatten());
    let modifiers = modifiers(second.unwrap_or(1));
    match (last, first) {
        (b'~', Some(200)) => Meaning::PasteBegins,
        (b'~', Some(number)) => key_or_nothing(numbered(number), modifiers),
        (b'Z', _) => key_or_nothing(Some(KeyCode::BackTab), KeyModifiers::SHIFT),
        (last, first) if parameters.is_empty() || first == Some(1) => {
            key_or_nothing(named(*last), modifiers)
        }
        _ => Meaning::Nothing,
    }
}

fn key_or_nothing(code: Option<KeyCode>, modifiers: KeyModifiers) -> Meaning {
    code.map_or(Meaning::Nothing, |code| Meaning::Key(KeyEvent::new(code, modifiers)))
}

/// Keys that end in a letter.
fn named(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

/// Keys that are a number and a tilde.
fn numbered(number: u16) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(u8::try_from(number - 10).ok()?),
        17..=21 => KeyCode::F(u8::try_from(number - 11).ok()?),
        23..=24 => KeyCode::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    })
}

/// The number xterm gives for modifiers is one more than the sum of 1 shift, 2 alt, 4 control and
/// 8 meta.
fn modifiers(number: u16) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::META),
    ]
    .into_iter()
    .filter(|(bit, _)| bits & bit != 0)
    .fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}

#[cfg(test)]
mod tests {
    use super::{Event, KeyCode, KeyModifiers, LONGEST_PASTE, Parser, Unfinished};

    fn read(bytes: &[u8]) -> Vec<Event> {
        let mut parser = Parser::default();
        parser.feed(bytes);
        std::iter::from_fn(|| parser.next()).collect()
    }

    fn keys(bytes: &[u8]) -> Vec<(KeyCode, KeyModifiers)> {
        let key = |event| match event {
            Event::Key(key) => (key.code, key.modifiers),
            other => panic!("{other:?}"),
        };
        read(bytes).into_iter().map(key).collect()
    }

    const NONE: KeyModifiers = KeyModifiers::NONE;

    #[test]
    fn every_key_of_the_console_is_told_apart() {
        for (bytes, code, modifiers) in [
            (&b"a"[..], KeyCode::Char('a'), NONE),
            (b"G", KeyCode::Char('G'), KeyModifiers::SHIFT),
            ("ß".as_bytes(), KeyCode::Char('ß'), NONE),
            ("界".as_bytes(), KeyCode::Char('界'), NONE),
            (b"\r", KeyCode::Enter, NONE),
            (b"\t", KeyCode::Tab, NONE),
            (b"\x7f", KeyCode::Backspace, NONE),
            (b"\x03", KeyCode::Char('c'), KeyModifiers::CONTROL),
            (b"\x1a", KeyCode::Char('z'), KeyModifiers::CONTROL),
            (b"\x1b[A", KeyCode::Up, NONE),
            (b"\x1bOB", KeyCode::Down, NONE),
            (b"\x1b[5~", KeyCode::PageUp, NONE),
            (b"\x1b[6~", KeyCode::PageDown, NONE),
            (b"\x1b[3~", KeyCode::Delete, NONE),
            (b"\x1b[H", KeyCode::Home, NONE),
            (b"\x1bOF", KeyCode::End, NONE),
            (b"\x1b[1~", KeyCode::Home, NONE),
            (b"\x1b[Z", KeyCode::BackTab, KeyModifiers::SHIFT),
            (b"\x1b[1;5C", KeyCode::Right, KeyModifiers::CONTROL),
            (b"\x1b[15~", KeyCode::F(5), NONE),
            (b"\x1b[24~", KeyCode::F(12), NONE),
            (b"\x1bOP", KeyCode::F(1), NONE),
            (b"\x1b[[E", KeyCode::F(5), NONE),
            (b"\x1bx", KeyCode::Char('x'), KeyModifiers::ALT),
        ] {
            assert_eq!(keys(bytes), [(code, modifiers)], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_sequence_may_be_cut_anywhere() {
        let mut parser = Parser::default();
        for byte in "\u{1b}[1;5Cé\u{1b}[200~q\u{1b}[201~x".as_bytes() {
            parser.feed(&[*byte]);
        }
        let events: Vec<_> = std::iter::from_fn(|| parser.next()).collect();
        assert_eq!(events.len(), 4, "{events:?}");
        assert_eq!(events[2], Event::Paste("q".to_owned()));
    }

    #[test]
    fn an_escape_character_alone_is_the_key_once_nothing_follows() {
        let mut parser = Parser::default();
        parser.feed(b"\x1b");
        assert_eq!(parser.next(), None);
        assert_eq!(parser.unfinished(), Some(Unfinished::Escape));
        parser.settle();
        assert!(matches!(parser.next(), Some(Event::Key(key)) if key.code == KeyCode::Esc));
        assert_eq!(parser.unfinished(), None);
    }

    #[test]
    fn esc_and_enter_in_one_go_are_two_keys() {
        assert_eq!(keys(b"\x1b\r"), [(KeyCode::Esc, NONE), (KeyCode::Enter, NONE)]);
        assert_eq!(
            keys(b"\x1b\x1b[A"),
            [(KeyCode::Esc, NONE), (KeyCode::Up, NONE)],
            "and so are Esc and an arrow"
        );
    }

    #[test]
    fn what_means_nothing_here_is_swallowed_whole() {
        for bytes in [
            &b"\x1b[?1;2c"[..],
            b"\x1b[<0;10;20M",
            b"\x1b[Mabc",
            b"\x1b[I",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1b]52;c;YXBwcm92ZQ==\x1b\\",
            b"\x1bP>|term\x1b\\",
            b"\x1b[97;5u",
            b"\xff",
        ] {
            let mut all = bytes.to_vec();
            all.push(b'j');
            assert_eq!(keys(&all), [(KeyCode::Char('j'), NONE)], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_sequence_that_never_ends_is_given_up() {
        let mut endless = vec![b'7'; 5000];
        endless.splice(0..0, *b"\x1b]");
        let mut parser = Parser::default();
        parser.feed(&endless);
        parser.settle();
        assert!(parser.unfinished().is_none());
        let mut half = Parser::default();
        half.feed(b"\x1b[5");
        half.settle();
        assert_eq!(half.next(), None);
    }

    #[test]
    fn a_long_paste_is_one_event_and_keeps_its_beginning() {
        let mut bytes = b"\x1b[200~".to_vec();
        bytes.extend(std::iter::repeat_n(b'q', LONGEST_PASTE + 10));
        bytes.extend(b"\x1b[20\x1b[201~j");
        let events = read(&bytes);
        assert!(matches!(&events[0], Event::Paste(text) if text.len() == LONGEST_PASTE));
        assert!(matches!(events[1], Event::Key(_)), "what follows is a key again");
        assert_eq!(events.len(), 2);
    }

    #[test]
    fn discarding_takes_what_has_begun_with_it() {
        let mut parser = Parser::default();
        parser.feed(b"yy\x1b[");
        parser.discard();
        parser.feed(b"Bj");
        assert!(matches!(parser.next(), Some(Event::Key(key)) if key.code == KeyCode::Char('j')));
        assert_eq!(parser.next(), None);
        parser.feed(b"\x1b[200~y");
        parser.discard();
        parser.feed(b"y\x1b[201~j");
        assert!(matches!(parser.next(), Some(Event::Key(key)) if key.code == KeyCode::Char('j')));
    }
}
