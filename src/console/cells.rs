//! Changed cells as escape sequences, in as few bytes as a slow line deserves.
//!
//! ```text
//!   (x, y, cell)… ──▶ where the cursor is not: CUP ──▶ what differs from the last cell: one SGR ──▶ text
//! ```
//!
//! Of a blank only what can be seen counts: its ground, its lines and whether it is reversed.
//! Where its other attributes differ from those in force, nothing is written. Sequences are those
//! of ECMA-48 (CUP 8.3.21, SGR 8.3.117) and the usual `38;5` and `38;2` for more colours.

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};
use std::io::{self, Write};

/// Attributes that show on a blank.
const ON_BLANKS: Modifier =
    Modifier::UNDERLINED.union(Modifier::CROSSED_OUT).union(Modifier::REVERSED);

/// Attributes: their bit, how to begin and how to end them. Bold and dim end together.
const MODIFIERS: [(Modifier, u8, u8); 8] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// What the terminal would write next with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

impl Pen {
    /// The pen for a cell, as near to this one as the eye allows.
    fn for_cell(self, cell: &Cell) -> Self {
        let wanted = Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        if cell.symbol() != " " {
            return wanted;
        }
        let seen = wanted.modifier & ON_BLANKS;
        let marked = !seen.is_empty();
        Self {
            // Lines take the colour of the text, and reversed it is the ground.
            fg: if marked { wanted.fg } else { self.fg },
            bg: wanted.bg,
            modifier: if marked { wanted.modifier } else { self.modifier - ON_BLANKS },
        }
    }

    /// One SGR sequence that leads from this pen to another; nothing if they are the same.
    fn change(self, to: Self, out: &mut impl Write) -> io::Result<()> {
        if self == to {
            return Ok(());
        }
        if to == PLAIN {
            return out.write_all(b"\x1b[m");
        }
        let mut codes = String::new();
        let gone = self.modifier - to.modifier;
        let mut have = self.modifier;
        for (modifier, _, end) in MODIFIERS {
            if gone.intersects(modifier) && have.intersects(modifier) {
                push(&mut codes, &end.to_string());
                // What shares its end went with it.
                for (other, _, same) in MODIFIERS {
                    if same == end {
                        have -= other;
                    }
                }
            }
        }
        for (modifier, begin, _) in MODIFIERS {
            if to.modifier.intersects(modifier) && !have.intersects(modifier) {
                push(&mut codes, &begin.to_string());
            }
        }
        if self.fg != to.fg {
            push(&mut codes, &colour(to.fg, false));
        }
        if self.bg != to.bg {
            push(&mut codes, &colour(to.bg, true));
        }
        write!(out, "\x1b[{codes}m")
    }
}

fn push(codes: &mut String, code: &str) {
    if !codes.is_empty() {
        codes.push(';');
    }
    codes.push_str(code);
}

fn colour(colour: Color, ground: bool) -> String {
    let base = if ground { 10 } else { 0 };
    let dark = |index: u8| (30 + base + index).to_string();
    let light = |index: u8| (90 + base + index).to_string();
    match colour {
        Color::Reset => (39 + base).to_string(),
        Color::Black => dark(0),
        Color::Red => dark(1),
        Color::Green => dark(2),
        Color::Yellow => dark(3),
        Color::Blue => dark(4),
        Color::Magenta => dark(5),
        Color::Cyan => dark(6),
        Color::Gray => dark(7),
        Color::DarkGray => light(0),
        Color::LightRed => light(1),
        Color::LightGreen => light(2),
        Color::LightYellow => light(3),
        Color::LightBlue => light(4),
        Color::LightMagenta => light(5),
        Color::LightCyan => light(6),
        Color::White => light(7),
        Color::Indexed(index) => format!("{};5;{index}", 38 + base),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", 38 + base),
    }
}

/// Writes cells, given in the order of rows. The pen is plain before and afterwards.
pub(super) fn write<'a>(
    cells: impl Iterator<Item = (u16, u16, &'a Cell)>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut pen = PLAIN;
    let mut next = None;
    for (x, y, cell) in cells {
        if next != Some((x, y)) {
            write!(out, "\x1b[{};{}H", y + 1, x + 1)?;
        }
        // After a wide character the place is given anew: not all terminals agree on widths.
        next = x.checked_add(1).map(|x| (x, y));
        let wanted = pen.for_cell(cell);
        pen.change(wanted, out)?;
        pen = wanted;
        out.write_all(cell.symbol().as_bytes())?;
    }
    pen.change(PLAIN, out)
}

#[cfg(test)]
mod tests {
    use super::write;
    use ratatui::{
        buffer::Buffer,
        layout::Rect,
        style::{Color, Modifier, Style},
    };

    /// Everything that was written for a row of spans.
    fn written(spans: &[(&str, Style)]) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        let mut x = 0;
        for (text, style) in spans {
            (x, _) = buffer.set_stringn(x, 0, text, 40, *style);
        }
        let cells = buffer.content[..usize::from(x)].iter();
        let mut out = Vec::new();
        write((0_u16..).zip(cells).map(|(x, cell)| (x, 0, cell)), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_differs_is_said() {
        let red = Style::new().fg(Color::Red);
        let text = written(&[("a", red), ("b", red.add_modifier(Modifier::BOLD)), ("c", red)]);
        assert_eq!(text, "\u{1b}[1;1H\u{1b}[31ma\u{1b}[1mb\u{1b}[22mc\u{1b}[m");
    }

    #[test]
    fn a_blank_keeps_the_pen_unless_something_of_it_shows() {
        let red = Style::new().fg(Color::Red).bold();
        let line = Style::new().underlined();
        assert_eq!(
            written(&[("a", red), (" ", Style::new()), ("b", red)]).matches('\u{1b}').count(),
            3
        );
        let text = written(&[("a", red), (" ", line), (" ", Style::new().bg(Color::Blue))]);
        assert_eq!(text, "\u{1b}[1;1H\u{1b}[1;31ma\u{1b}[22;4;39m \u{1b}[24;44m \u{1b}[m");
    }

    #[test]
    fn bold_ends_without_taking_dim_along() {
        let both = Style::new().bold().dim();
        let text = written(&[
            ("a", both),
            ("b", Style::new().dim()),
            ("c", Style::new().fg(Color::Rgb(1, 2, 3))),
        ]);
        assert_eq!(text, "\u{1b}[1;1H\u{1b}[1;2ma\u{1b}[22;2mb\u{1b}[22;38;2;1;2;3mc\u{1b}[m");
    }
}
