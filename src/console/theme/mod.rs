//! Colours and emphasis by role, so no view names a colour.
//!
//! ```text
//!   themes/*.toml or the user's file ──▶ Theme ──adapt(Depth)──▶ what this terminal can show
//!                                        Role ──style()──▶ ratatui Style
//! ```
//!
//! `NO_COLOR` is a depth of its own: all colours go, emphasis stays, and what colour alone would
//! say (the selected row, changed words) gets reverse or underline instead.

mod depth;
mod file;
mod role;

pub use depth::Depth;
pub use file::ThemeError;
pub use role::Role;

use ratatui::style::{Color, Modifier, Style};

/// The built-in themes: name and text.
const BUILT_IN: [(&str, &str); 4] = [
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("ansi16", include_str!("../../../themes/ansi16.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
];

/// Whether a theme is made for dark or for light surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Appearance {
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
}

/// One style for every role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    appearance: Appearance,
    styles: [Style; Role::ALL.len()],
}

impl Theme {
    /// Loads a built-in theme by name, or a theme file by path. A file may say
    /// `inherits = "dark"` and set only some roles.
    pub fn load(name_or_path: &str) -> Result<Self, ThemeError> {
        file::load(name_or_path)
    }

    /// The names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// What the theme calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is made for dark or light surroundings.
    pub fn appearance(&self) -> Appearance {
        self.appearance
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The same theme as far as a terminal can show it.
    #[must_use]
    pub fn adapt(self, depth: Depth) -> Self {
        match depth {
            Depth::TrueColor => self,
            Depth::Ansi256 => self.map(depth::to_256),
            Depth::Ansi16 => {
                if self.styles.iter().any(|style| {
                    [style.fg, style.bg].iter().flatten().any(|c| matches!(c, Color::Rgb(..)))
                }) {
                    // Rounding a designed palette to sixteen colours makes mud of it.
                    Self::load("ansi16").unwrap_or(self)
                } else {
                    self
                }
            }
            Depth::None => self.without_colour(),
        }
    }

    fn map(mut self, convert: impl Fn(Color) -> Color) -> Self {
        for style in &mut self.styles {
            style.fg = style.fg.map(&convert);
            style.bg = style.bg.map(&convert);
        }
        self
    }

    fn without_colour(self) -> Self {
        let mut plain = self.map(|_| Color::Reset);
        for role in Role::ALL {
            let style = &mut plain.styles[role as usize];
            *style = Style::new().add_modifier(style.add_modifier - Modifier::DIM);
            *style = match role {
                Role::Text => style.fg(Color::Reset).bg(Color::Reset),
                Role::Selection
                | Role::ButtonFocus
                | Role::ButtonDanger
                | Role::Banner
                | Role::HiddenToken => style.add_modifier(Modifier::REVERSED),
                Role::AddedWord | Role::RemovedWord | Role::Input | Role::SelectionIdle => {
                    style.add_modifier(Modifier::UNDERLINED)
                }
                _ => *style,
            };
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::{Depth, Role, Theme};
    use ratatui::style::{Color, Modifier};

    #[test]
    fn every_built_in_theme_loads_and_sets_every_role() {
        for name in Theme::names() {
            let theme = Theme::load(name).unwrap();
            assert_eq!(theme.name(), name);
            for role in Role::ALL {
                assert_ne!(
                    theme.style(role),
                    ratatui::style::Style::default(),
                    "{name} leaves {role:?} open"
                );
            }
        }
    }

    #[test]
    fn without_colour_the_selection_is_reversed_and_nothing_is_coloured() {
        for name in Theme::names() {
            let theme = Theme::load(name).unwrap().adapt(Depth::None);
            assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
            for role in Role::ALL {
                let style = theme.style(role);
                for colour in [style.fg, style.bg].into_iter().flatten() {
                    assert_eq!(colour, Color::Reset, "{name} {role:?}");
                }
            }
        }
    }

    #[test]
    fn a_terminal_of_256_colours_gets_no_rgb() {
        let theme = Theme::load("dark").unwrap().adapt(Depth::Ansi256);
        for role in Role::ALL {
            for colour in [theme.style(role).fg, theme.style(role).bg].into_iter().flatten() {
                assert!(!matches!(colour, Color::Rgb(..)), "{role:?}");
            }
        }
    }
}
