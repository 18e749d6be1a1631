//! Which characters act on a terminal or hide from the reader, and how each is named.

use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};
use unicode_width::UnicodeWidthChar;

/// Names of the C0 controls (ECMA-48, RFC 20), in order of their code.
const C0_NAMES: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US",
];

/// Whether a character is a letter, sign or ideograph of the scripts most text is written in, which
/// stands in cells of its own and needs no closer look: never hidden, never a mark, never joined
/// with its neighbours into one cluster. Far from all such characters are listed; those that are
/// not take the long way and come out the same.
pub(crate) fn is_ordinary(c: char) -> bool {
    matches!(
        c,
        ' '..='~'
            | '\u{a1}'..='\u{ac}'
            | '\u{ae}'..='\u{2ff}'
            | '\u{391}'..='\u{3a1}'
            | '\u{3a3}'..='\u{482}'
            | '\u{48a}'..='\u{52f}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{205e}'
            | '\u{20a0}'..='\u{20bf}'
            | '\u{2190}'..='\u{23ff}'
            | '\u{2500}'..='\u{25ff}'
            | '\u{3001}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}'
            | '\u{309b}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{ff01}'..='\u{ff5e}'
    )
}

/// Whether a character must not be shown as it is.
///
/// By general category (UAX #44): controls, formats (bidi, joiners, tags, annotation), line and
/// paragraph separators, private use and unassigned code points, whose width nobody knows. On
/// top of that `Default_Ignorable_Code_Point` members of other categories, and characters that
/// are assigned and yet leave a blank.
pub(super) fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match c.general_category() {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::PrivateUse
        | GeneralCategory::Surrogate
        | GeneralCategory::Unassigned => true,
        // The ordinary spaces of French and East Asian typesetting stay; spaces of odd widths
        // have no business in an identifier, a command or a diff.
        GeneralCategory::SpaceSeparator => !matches!(c, '\u{a0}' | '\u{202f}' | '\u{3000}'),
        _ => is_ignorable(c) || is_blank(c),
    }
}

/// `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`) outside category Format.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2065}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Visible by category and blank on every screen: the empty Braille cell, the object replacement
/// character, the musical null notehead.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{fffc}' | '\u{1d159}')
}

/// Whether it is a mark that is drawn onto the character before it.
pub(super) fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && (matches!(
            c.general_category(),
            GeneralCategory::NonspacingMark
                | GeneralCategory::SpacingMark
                | GeneralCategory::EnclosingMark
        ) || c.width() == Some(0))
}

/// Whether U+FE0E or U+FE0F may follow it: a pictograph that has two presentations (UTS #51).
/// Digits, `#` and `*` are emoji by the letter of the standard and stay out.
pub(super) fn takes_presentation(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char() && !is_hidden(c)
}

/// Whether it is U+FE0E or U+FE0F.
pub(super) fn is_presentation(c: char) -> bool {
    matches!(c, '\u{fe0e}' | '\u{fe0f}')
}

/// What stands for a run of one hidden character: `<ESC>`, `<U+202E>`, `<U+200B×12>`.
pub(super) fn token(c: char, times: usize) -> String {
    let code = u32::from(c);
    let name = match usize::try_from(code).ok().and_then(|at| C0_NAMES.get(at)) {
        Some(name) => (*name).to_owned(),
        None if c == '\u{7f}' => "DEL".to_owned(),
        None => format!("U+{code:04X}"),
    };
    if times > 1 { format!("<{name}×{times}>") } else { format!("<{name}>") }
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, is_mark, is_ordinary, token};
    use unicode_segmentation::UnicodeSegmentation;
    use unicode_width::UnicodeWidthChar;

    #[test]
    fn everything_that_acts_or_hides_is_known() {
        let listed = [
            0x00..=0x1f,
            0x7f..=0x9f,
            0xad..=0xad,
            0x034f..=0x034f,
            0x061c..=0x061c,
            0x115f..=0x1160,
            0x17b4..=0x17b5,
            0x180b..=0x180f,
            0x200b..=0x200f,
            0x2028..=0x202e,
            0x2060..=0x206f,
            0x3164..=0x3164,
            0xfe00..=0xfe0f,
            0xfeff..=0xfeff,
            0xffa0..=0xffa0,
            0xfff9..=0xfffb,
            0xfffe..=0xffff,
            0xe000..=0xf8ff,
            0xe_0000..=0xe_0fff,
            0x10_fffe..=0x10_ffff,
        ];
        for code in listed.into_iter().flatten() {
            let Some(c) = char::from_u32(code) else { continue };
            assert!(is_hidden(c), "U+{code:04X} would be shown as it is");
        }
    }

    #[test]
    fn ordinary_writing_is_not_hidden() {
        for c in "aé ß中文日本語한국어עבריתالعربيةहिन्दी€—“”…🙂✔→█▲\u{a0}\u{3000}".chars()
        {
            assert!(!is_hidden(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn an_ordinary_character_is_one_by_every_closer_look() {
        let ordinary: Vec<char> = ('\0'..='\u{ffff}').filter(|c| is_ordinary(*c)).collect();
        assert!(ordinary.len() > 30_000);
        for &c in &ordinary {
            let cells = c.width();
            let fine = !is_hidden(c) && !is_mark(c) && matches!(cells, Some(1 | 2));
            assert!(fine, "U+{:04X}", u32::from(c));
        }
        let forwards: String = ordinary.iter().collect();
        let backwards: String = ordinary.iter().rev().collect();
        for text in [forwards, backwards] {
            assert_eq!(text.graphemes(true).count(), ordinary.len());
        }
    }

    #[test]
    fn a_token_names_its_character_and_how_often() {
        assert_eq!(token('\u{1b}', 1), "<ESC>");
        assert_eq!(token('\u{9b}', 1), "<U+009B>");
        assert_eq!(token('\u{7f}', 2), "<DEL×2>");
        assert_eq!(token('\u{200b}', 12), "<U+200B×12>");
        assert_eq!(token('\u{e0041}', 1), "<U+E0041>");
    }
}
