//! Cells of a screen as SVG: a rectangle for every run of one ground, a text for every run of one
//! style, each stretched to its columns so that no font can shift it.

use countersign::console::theme::{Appearance, Role, Theme};
use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

const WIDTH: u32 = 9;
const HEIGHT: u32 = 19;
const MARGIN: u32 = 14;

/// The colours of the sixteen names, for themes that use them.
const NAMED: [(Color, &str); 16] = [
    (Color::Black, "#000000"),
    (Color::Red, "#cd3131"),
    (Color::Green, "#0dbc79"),
    (Color::Yellow, "#e5e510"),
    (Color::Blue, "#2472c8"),
    (Color::Magenta, "#bc3fbc"),
    (Color::Cyan, "#11a8cd"),
    (Color::Gray, "#e5e5e5"),
    (Color::DarkGray, "#666666"),
    (Color::LightRed, "#f14c4c"),
    (Color::LightGreen, "#23d18b"),
    (Color::LightYellow, "#f5f543"),
    (Color::LightBlue, "#3b8eea"),
    (Color::LightMagenta, "#d670d6"),
    (Color::LightCyan, "#29b8db"),
    (Color::White, "#ffffff"),
];

struct Page {
    ink: String,
    paper: String,
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        other => NAMED
            .iter()
            .find(|(named, _)| *named == other)
            .map_or(default, |(_, hex)| *hex)
            .to_owned(),
    }
}

impl Page {
    fn new(theme: &Theme) -> Self {
        let text = theme.style(Role::Text);
        let (ink, paper) = match theme.appearance() {
            Appearance::Dark => ("#d4d4d4", "#101010"),
            Appearance::Light => ("#202020", "#ffffff"),
        };
        Self {
            ink: colour(text.fg.unwrap_or(Color::Reset), ink),
            paper: colour(text.bg.unwrap_or(Color::Reset), paper),
        }
    }

    /// Ink and paper of a cell.
    fn pair(&self, cell: &Cell) -> (String, String) {
        let pair = (colour(cell.fg, &self.ink), colour(cell.bg, &self.paper));
        if cell.modifier.contains(Modifier::REVERSED) { (pair.1, pair.0) } else { pair }
    }
}

/// Draws a screen.
pub fn draw(buffer: &Buffer, theme: &Theme) -> String {
    let page = Page::new(theme);
    let columns = u32::from(buffer.area.width);
    let rows = u32::from(buffer.area.height);
    let (width, height) = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"DejaVu Sans Mono\" font-size=\"15\">\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n",
        page.paper
    );
    for y in 0..buffer.area.height {
        row(&mut svg, buffer, y, &page);
    }
    svg.push_str("</svg>\n");
    svg
}

fn row(svg: &mut String, buffer: &Buffer, y: u16, page: &Page) {
    let cell = |x: u16| &buffer[(x, y)];
    let top = MARGIN + u32::from(y) * HEIGHT;
    let left = |x: u16| MARGIN + u32::from(x) * WIDTH;
    let mut x = 0;
    while x < buffer.area.width {
        let paper = page.pair(cell(x)).1;
        let start = x;
        while x < buffer.area.width && page.pair(cell(x)).1 == paper {
            x += 1;
        }
        if paper != page.paper {
            let _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{top}\" width=\"{}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>",
                left(start),
                u32::from(x - start) * WIDTH
            );
        }
    }
    let mut x = 0;
    while x < buffer.area.width {
        let first = cell(x);
        let (ink, _) = page.pair(first);
        if let Some(line) = ruled(first.symbol(), left(x), top, &ink) {
            svg.push_str(&line);
            x += 1;
            continue;
        }
        let start = x;
        let mut text = String::new();
        while x < buffer.area.width {
            let here = cell(x);
            let same = page.pair(here).0 == ink && here.modifier == first.modifier;
            if !same || ruled(here.symbol(), 0, 0, "").is_some() {
                break;
            }
            text.push_str(here.symbol());
            x += u16::try_from(here.symbol().width().max(1)).unwrap_or(1);
        }
        run(svg, text.trim_end(), &text, (left(start), top), &ink, first.modifier);
    }
}

fn run(svg: &mut String, shown: &str, whole: &str, at: (u32, u32), ink: &str, modifier: Modifier) {
    let underlined = modifier.contains(Modifier::UNDERLINED);
    let text = if underlined { whole } else { shown };
    let lead = text.chars().take_while(|c| *c == ' ').count();
    let text = &text[lead..];
    if text.is_empty() {
        return;
    }
    let columns = u32::try_from(text.width()).unwrap_or(0);
    let x = at.0 + u32::try_from(lead).unwrap_or(0) * WIDTH;
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut style = String::new();
    if modifier.contains(Modifier::BOLD) {
        style.push_str(" font-weight=\"bold\"");
    }
    if modifier.contains(Modifier::ITALIC) {
        style.push_str(" font-style=\"italic\"");
    }
    if underlined {
        style.push_str(" text-decoration=\"underline\"");
    }
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{}\" textLength=\"{}\" fill=\"{ink}\"{style} xml:space=\"preserve\">{escaped}</text>",
        at.1 + 14,
        columns * WIDTH
    );
}

/// Lines of boxes are drawn as lines, so that they meet without gaps.
fn ruled(symbol: &str, x: u32, y: u32, ink: &str) -> Option<String> {
    let (middle, centre) = (y + HEIGHT / 2, x + WIDTH / 2);
    let (right, bottom) = (x + WIDTH, y + HEIGHT);
    let path = match symbol {
        "─" => format!("M{x} {middle}H{right}"),
        "│" => format!("M{centre} {y}V{bottom}"),
        "┬" => format!("M{x} {middle}H{right}M{centre} {middle}V{bottom}"),
        "┴" => format!("M{x} {middle}H{right}M{centre} {y}V{middle}"),
        "╭" => format!("M{right} {middle}Q{centre} {middle} {centre} {bottom}"),
        "╮" => format!("M{x} {middle}Q{centre} {middle} {centre} {bottom}"),
        "╰" => format!("M{right} {middle}Q{centre} {middle} {centre} {y}"),
        "╯" => format!("M{x} {middle}Q{centre} {middle} {centre} {y}"),
        "▌" => {
            return Some(format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{HEIGHT}\" fill=\"{ink}\"/>\n",
                WIDTH / 2
            ));
        }
        _ => return None,
    };
    Some(format!("<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\"/>\n"))
}
