//! How many colours a terminal has.

use ratatui::style::Color;

/// How many colours can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 16 million.
    TrueColor,
    /// The 256-colour palette.
    Ansi256,
    /// The terminal's own sixteen.
    Ansi16,
    /// None: `NO_COLOR` is set, or the terminal has none.
    None,
}

impl Depth {
    /// Reads it from the environment: `NO_COLOR` (any non-empty value, as no-color.org defines
    /// it), then `COLORTERM`, then `TERM`.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        if variable("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Self::None;
        }
        let term = variable("TERM").unwrap_or_default();
        if term == "dumb" {
            return Self::None;
        }
        let colorterm = variable("COLORTERM").unwrap_or_default();
        if matches!(colorterm.as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
            Self::TrueColor
        } else if term.contains("256color") {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }
}

/// The levels of a channel in the 6×6×6 cube of the 256-colour palette.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest colour of the 256-colour palette: cube or grey ramp, whichever is closer.
pub(super) fn to_256(colour: Color) -> Color {
    let Color::Rgb(red, green, blue) = colour else { return colour };
    let step = |value: u8| (0_u8..6).min_by_key(|i| CUBE[usize::from(*i)].abs_diff(value));
    let (Some(r), Some(g), Some(b)) = (step(red), step(green), step(blue)) else { return colour };
    let distance = |other: (u8, u8, u8)| {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(red, other.0) + square(green, other.1) + square(blue, other.2)
    };
    let cube = (CUBE[usize::from(r)], CUBE[usize::from(g)], CUBE[usize::from(b)]);
    let mean = (u16::from(red) + u16::from(green) + u16::from(blue)) / 3;
    let ramp = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(23).min(23);
    let grey = 8 + 10 * ramp;
    if distance((grey, grey, grey)) < distance(cube) {
        Color::Indexed(232 + ramp)
    } else {
        Color::Indexed(16 + 36 * r + 6 * g + b)
    }
}

#[cfg(test)]
mod tests {
    use super::{Depth, to_256};
    use ratatui::style::Color;

    fn with(pairs: &'static [(&str, &str)]) -> Depth {
        Depth::detect(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn no_color_wins_over_everything_unless_it_is_empty() {
        assert_eq!(with(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), Depth::None);
        assert_eq!(with(&[("NO_COLOR", ""), ("COLORTERM", "truecolor")]), Depth::TrueColor);
        assert_eq!(with(&[("TERM", "screen-256color")]), Depth::Ansi256);
        assert_eq!(with(&[("TERM", "linux")]), Depth::Ansi16);
    }

    #[test]
    fn corners_of_the_cube_and_greys_round_to_themselves() {
        assert_eq!(to_256(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(to_256(Color::Rgb(95, 135, 175)), Color::Indexed(67));
        assert_eq!(to_256(Color::Rgb(18, 18, 18)), Color::Indexed(233));
    }
}
