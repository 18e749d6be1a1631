//! Theme files: TOML with a palette and one entry a role.

use super::{Appearance, BUILT_IN, Role, Theme};
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};
use toml::Spanned;

/// Why a theme could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// Neither a built-in name nor a file that can be read.
    #[error(
        "no theme `{name}`: {why}. Built in are {built_in}; anything else is the path of a theme file"
    )]
    NotFound {
        /// What was asked for.
        name: String,
        /// Why it cannot be read.
        why: String,
        /// The built-in names.
        built_in: String,
    },
    /// The file is not TOML, or not of a theme's form.
    #[error("{file}:{line}: {why}")]
    Malformed {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// One entry is wrong.
    #[error("{file}:{line}: `{key}`: {why}")]
    Entry {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The role or palette entry.
        key: String,
        /// What is wrong, and what would be right.
        why: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: Option<String>,
    inherits: Option<Spanned<String>>,
    appearance: Option<Appearance>,
    #[serde(default)]
    palette: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    roles: BTreeMap<String, Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a colour such as \"#82aaff\" or \"cyan\", or a table with fg, bg, bold, underline, reverse, italic, dim"
)]
enum Entry {
    Foreground(String),
    Full(Full),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key of the file")]
struct Full {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    dim: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underline: bool,
    #[serde(default)]
    reverse: bool,
}

pub(super) fn load(name: &str) -> Result<Theme, ThemeError> {
    if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return parse(&format!("themes/{name}.toml"), text);
    }
    let text = std::fs::read_to_string(Path::new(name)).map_err(|error| ThemeError::NotFound {
        name: name.escape_debug().to_string(),
        why: error.to_string(),
        built_in: Theme::names().collect::<Vec<_>>().join(", "),
    })?;
    parse(&name.escape_debug().to_string(), &text)
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn parse(file: &str, text: &str) -> Result<Theme, ThemeError> {
    let document: Document = toml::from_str(text).map_err(|error| ThemeError::Malformed {
        file: file.to_owned(),
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        why: error.message().to_owned(),
    })?;
    let entry_error = |key: &str, at: usize, why: String| ThemeError::Entry {
        file: file.to_owned(),
        line: line_of(text, at),
        key: key.to_owned(),
        why,
    };
    let mut theme = match &document.inherits {
        // Only built-in themes can be inherited, so there can be no circle.
        Some(base) => {
            let Some((known, text)) = BUILT_IN.iter().find(|(known, _)| known == base.get_ref())
            else {
                let why = format!("`{}` is not a built-in theme", base.get_ref().escape_debug());
                return Err(entry_error("inherits", base.span().start, why));
            };
            parse(known, text)?
        }
        None => Theme {
            name: String::new(),
            appearance: Appearance::Dark,
            styles: [Style::default(); Role::ALL.len()],
        },
    };
    let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    theme.name = document.name.or(stem).unwrap_or_default();
    theme.appearance = document.appearance.unwrap_or(theme.appearance);
    let mut palette = BTreeMap::new();
    for (key, value) in &document.palette {
        let colour = colour(value.get_ref(), &BTreeMap::new())
            .map_err(|why| entry_error(key, value.span().start, why))?;
        palette.insert(key.as_str(), colour);
    }
    for (key, value) in &document.roles {
        let at = value.span().start;
        let role = Role::ALL
            .into_iter()
            .find(|role| role.key() == key)
            .ok_or_else(|| entry_error(key, at, unknown_role(key)))?;
        theme.styles[role as usize] =
            style(value.get_ref(), &palette).map_err(|why| entry_error(key, at, why))?;
    }
    Ok(theme)
}

fn unknown_role(key: &str) -> String {
    let near = Role::ALL
        .into_iter()
        .map(|role| (strsim::damerau_levenshtein(key, role.key()), role.key()))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    match near {
        Some((_, known)) => format!("no such role; did you mean `{known}`?"),
        None => "no such role; themes/dark.toml lists them all".to_owned(),
    }
}

fn style(entry: &Entry, palette: &BTreeMap<&str, Color>) -> Result<Style, String> {
    let full = match entry {
        Entry::Foreground(name) => return Ok(Style::new().fg(colour(name, palette)?)),
        Entry::Full(full) => full,
    };
    let mut style = Style::new();
    if let Some(name) = &full.fg {
        style = style.fg(colour(name, palette)?);
    }
    if let Some(name) = &full.bg {
        style = style.bg(colour(name, palette)?);
    }
    for (wanted, modifier) in [
        (full.bold, Modifier::BOLD),
        (full.dim, Modifier::DIM),
        (full.italic, Modifier::ITALIC),
        (full.underline, Modifier::UNDERLINED),
        (full.reverse, Modifier::REVERSED),
    ] {
        if wanted {
            style = style.add_modifier(modifier);
        }
    }
    Ok(style)
}

fn colour(name: &str, palette: &BTreeMap<&str, Color>) -> Result<Color, String> {
    if let Some(known) = palette.get(name) {
        return Ok(*known);
    }
    if let Some(hex) = name.strip_prefix('#') {
        if hex.len() == 6
            && let Ok(value) = u32::from_str_radix(hex, 16)
        {
            let [_, red, green, blue] = value.to_be_bytes();
            return Ok(Color::Rgb(red, green, blue));
        }
        return Err(format!("`{}` is not #rrggbb", name.escape_debug()));
    }
    Ok(match name {
        "default" => Color::Reset,
        "black" => Color::Black,
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        "white" => Color::Gray,
        "bright-black" => Color::DarkGray,
        "bright-red" => Color::LightRed,
        "bright-green" => Color::LightGreen,
        "bright-yellow" => Color::LightYellow,
        "bright-blue" => Color::LightBlue,
        "bright-magenta" => Color::LightMagenta,
        "bright-cyan" => Color::LightCyan,
        "bright-white" => Color::White,
        _ => {
            return Err(format!(
                "`{}` is neither #rrggbb, nor one of the 16 colour names, nor in [palette]",
                name.escape_debug()
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Role, parse};
    use ratatui::style::Color;

    fn error(text: &str) -> String {
        parse("mine.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn a_misspelt_role_is_named_with_its_line_and_a_guess() {
        let said = error("[roles]\ntext = \"white\"\nacent = \"cyan\"\n");
        assert!(said.contains("mine.toml:3") && said.contains("`accent`"), "{said}");
    }

    #[test]
    fn a_bad_colour_is_named_with_its_key_and_line() {
        let said = error("[roles]\ndim = \"#12345\"\n");
        assert!(said.contains("mine.toml:2: `dim`") && said.contains("#rrggbb"), "{said}");
    }

    #[test]
    fn broken_toml_is_named_with_its_line() {
        assert!(error("name = \"x\"\n[roles\n").contains("mine.toml:2"));
    }

    #[test]
    fn an_inheriting_theme_changes_only_what_it_names() {
        let theme = parse("mine.toml", "inherits = \"dark\"\n[roles]\ndim = \"red\"\n").unwrap();
        let dark = super::load("dark").unwrap();
        assert_eq!(theme.style(Role::Dim).fg, Some(Color::Red));
        assert_eq!(theme.style(Role::Added), dark.style(Role::Added));
    }
}
