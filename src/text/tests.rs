//! What `SafeText` promises, told as tests.

use super::{SafeText, Segment};
use crate::{
    domain::Untrusted,
    text::{BLOCK_LIMIT, LINE_LIMIT},
};
use proptest::prelude::*;
use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::CrosstermBackend,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, Cell, Paragraph, Row, Table, Wrap},
};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

fn line(text: &str) -> SafeText {
    SafeText::line(&Untrusted::new(text))
}

fn block(text: &str) -> SafeText {
    SafeText::block(&Untrusted::new(text))
}

#[test]
fn an_escape_sequence_is_shown_and_not_obeyed() {
    let shown = line("ok\u{1b}[2J\u{9b}31mred");
    assert_eq!(shown.as_str(), "ok<ESC>[2J<U+009B>31mred");
    assert!(shown.has_hidden());
    let tokens: Vec<_> =
        shown.segments().filter(|s| matches!(s, Segment::Token(_))).map(Segment::as_str).collect();
    assert_eq!(tokens, ["<ESC>", "<U+009B>"]);
}

#[test]
fn text_that_only_looks_like_a_token_is_plain() {
    let shown = line("<ESC>");
    assert!(!shown.has_hidden());
    assert_eq!(shown.segments().collect::<Vec<_>>(), [Segment::Plain("<ESC>")]);
}

#[test]
fn reversed_text_is_shown_in_the_order_it_came() {
    assert_eq!(line("gpj.\u{202e}exe").as_str(), "gpj.<U+202E>exe");
}

#[test]
fn a_run_of_one_hidden_character_is_counted() {
    let shown = line(&format!("a{}b\u{200b}\u{200c}", "\u{200b}".repeat(12)));
    assert_eq!(shown.as_str(), "a<U+200B×12>b<U+200B><U+200C>");
}

#[test]
fn a_line_shows_its_breaks_and_a_block_keeps_them() {
    assert_eq!(line("a\r\nb\tc").as_str(), "a<CR><LF>b c");
    assert_eq!(block("a\r\nb\tc\rd\n\te").as_str(), "a\nb   c<CR>d\n    e");
}

#[test]
fn marks_beyond_four_are_shown_beside_their_base() {
    let shown = line(&format!("e{}x", "\u{301}".repeat(9)));
    assert_eq!(shown.as_str(), format!("e{}<U+0301×5>x", "\u{301}".repeat(4)));
}

#[test]
fn a_mark_without_a_base_does_not_climb_onto_what_is_before() {
    assert_eq!(line("\u{301}a").as_str(), "<U+0301>a");
    assert_eq!(line("\u{200b}\u{301}").as_str(), "<U+200B><U+0301>");
    assert_eq!(block("a\n\u{301}").as_str(), "a\n<U+0301>");
}

#[test]
fn letters_chained_into_one_cluster_do_not_stay_one() {
    let shown = line(&"\u{1100}".repeat(500));
    assert!(shown.has_hidden());
    assert!(shown.as_str().contains("<U+1100×484>"), "{shown}");
}

#[test]
fn an_emoji_keeps_its_presentation_and_shows_its_joiners() {
    assert!(!line("✔\u{fe0f} done 🙂").has_hidden());
    assert_eq!(line("👩\u{200d}💻").as_str(), "👩<U+200D>💻");
    assert_eq!(line("a\u{fe0f}").as_str(), "a<U+FE0F>");
    assert_eq!(line("x\u{e0100}").as_str(), "x<U+E0100>");
}

#[test]
fn an_overlong_line_says_how_much_is_missing() {
    let shown = line(&"x".repeat(LINE_LIMIT + 1_000));
    assert!(shown.as_str().ends_with("x… (1000 more characters)"), "{}", shown.as_str().len());
    assert!(shown.has_hidden());
    let shown = block(&"y\n".repeat(BLOCK_LIMIT));
    assert!(shown.as_str().ends_with(&format!("… ({BLOCK_LIMIT} more characters)")));
}

#[test]
fn an_overlong_line_of_hidden_characters_is_bounded_too() {
    let hostile: String = (0..LINE_LIMIT).map(|n| ['\u{202e}', '\u{200b}'][n % 2]).collect();
    let shown = line(&hostile);
    let length = shown.as_str().chars().count();
    assert!((LINE_LIMIT - 64..=LINE_LIMIT + 64).contains(&length), "{length}");
    assert!(shown.as_str().ends_with("more characters)"));
}

#[test]
fn lines_of_a_block_keep_their_tokens() {
    let shown = block("a\u{1b}\n\nb\u{7}c");
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.iter().map(SafeText::as_str).collect::<Vec<_>>(), ["a<ESC>", "", "b<BEL>c"]);
    assert_eq!(lines[2].segments().nth(1), Some(Segment::Token("<BEL>")));
    assert!(!lines[1].has_hidden());
}

#[test]
fn clipping_says_so_and_never_cuts_a_token() {
    assert_eq!(line("deploy prod").clipped(8).as_str(), "deploy …");
    assert_eq!(line("ab\u{1b}cd").clipped(5).as_str(), "ab…");
    assert_eq!(line("漢字漢字").clipped(6).as_str(), "漢字…");
    assert_eq!(line("short").clipped(5).as_str(), "short");
    assert_eq!(line("short").clipped(0).as_str(), "");
}

/// Text with far more hostile characters than chance would bring.
fn hostile() -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        Just('\u{1b}'),
        Just('\u{9b}'),
        Just('\u{202e}'),
        Just('\u{200b}'),
        Just('\u{200d}'),
        Just('\u{fe0f}'),
        Just('\u{301}'),
        Just('\u{1100}'),
        Just('\u{94d}'),
        Just('\u{915}'),
        Just('\u{e0041}'),
        Just('\n'),
        Just('\r'),
        Just('\t'),
        Just('🙂'),
        Just('漢'),
        Just('>'),
        proptest::char::range('\u{0}', '\u{2ff}'),
        proptest::char::range('\u{2000}', '\u{20ff}'),
        any::<char>(),
    ];
    proptest::collection::vec(odd, 0..120).prop_map(|chars| chars.into_iter().collect())
}

/// Sequences a hostile title would try, with random text between them.
fn attack() -> impl Strategy<Value = String> {
    let sequence = prop_oneof![
        Just("\u{1b}]0;owned\u{7}"),
        Just("\u{1b}]52;c;b3duZWQ=\u{7}"),
        Just("\u{1b}[?1049l"),
        Just("\u{1b}[?1000h\u{1b}[?2004h"),
        Just("\u{9b}?1h"),
        Just("\u{1b}=\u{1b}[?25l"),
        Just("\u{90}q\u{9c}"),
    ];
    proptest::collection::vec((hostile(), sequence), 1..4)
        .prop_map(|parts| parts.into_iter().map(|(text, attack)| text + attack).collect())
}

fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c.general_category(),
            GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
        )
}

proptest! {
    #[test]
    fn nothing_that_acts_or_hides_comes_through(text in hostile()) {
        prop_assert!(!line(&text).as_str().chars().any(acts));
        prop_assert!(!block(&text).as_str().chars().any(|c| c != '\n' && acts(c)));
    }

    #[test]
    fn printable_ascii_comes_through_unchanged(text in "[ -~]{0,200}") {
        let shown = line(&text);
        prop_assert_eq!(shown.as_str(), &text);
        prop_assert!(!shown.has_hidden());
        prop_assert_eq!(shown.width(), text.len());
    }

    #[test]
    fn filtering_what_is_shown_changes_nothing(text in hostile()) {
        let once = line(&text);
        let again = line(once.as_str());
        prop_assert_eq!(again.as_str(), once.as_str());
        prop_assert!(!again.has_hidden());
        let once = block(&text);
        let again = block(once.as_str());
        prop_assert_eq!(again.as_str(), once.as_str());
    }

    #[test]
    fn segments_are_the_text_and_ranges_are_in_order(text in hostile()) {
        let shown = block(&text);
        let joined: String = shown.segments().map(Segment::as_str).collect();
        prop_assert_eq!(joined, shown.as_str());
        let mut last = 0;
        for &(start, end) in shown.token_ranges() {
            prop_assert!(last <= start && start < end && shown.as_str().is_char_boundary(end));
            prop_assert!(shown.as_str()[start..].starts_with('<'));
            last = end;
        }
        let lines: Vec<_> = shown.lines().map(|l| l.to_string()).collect();
        prop_assert_eq!(lines.join("\n"), shown.as_str());
    }

    #[test]
    fn a_clipped_line_fits(text in hostile(), columns in 0_usize..60) {
        prop_assert!(line(&text).clipped(columns).width() <= columns);
    }

}

proptest! {
    // A whole screen is drawn and read back for each.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_terminal_keeps_its_title_and_modes(text in attack()) {
        let bytes = drawn(&text);
        let mut seen = vt100::Parser::new_with_callbacks(
            24.try_into().unwrap(), 80.try_into().unwrap(), 0, Told::default());
        seen.process(&bytes);
        prop_assert!(seen.callbacks().0.is_empty(), "{:?}", seen.callbacks().0);
        let screen = seen.screen();
        prop_assert!(!screen.alternate_screen());
        prop_assert!(!screen.application_cursor());
        prop_assert!(!screen.application_keypad());
        prop_assert!(!screen.bracketed_paste());
        prop_assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }
}

/// Everything a terminal was told beyond text and colours.
#[derive(Default)]
struct Told(Vec<String>);

impl vt100::Callbacks for Told {
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.0.push(format!("title {title:?}"));
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.0.push(format!("icon {name:?}"));
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.0.push(format!("clipboard {data:?}"));
    }

    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("bell".to_owned());
    }
}

/// The bytes ratatui writes for a screen that shows the text in every kind of place.
fn drawn(text: &str) -> Vec<u8> {
    let (one, many) = (line(text), block(text));
    let mut bytes = Vec::new();
    let area = Rect::new(0, 0, 80, 24);
    let options = TerminalOptions { viewport: Viewport::Fixed(area) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(&mut bytes), options).unwrap();
    terminal
        .draw(|frame| {
            let title = Block::bordered().title(one.as_str());
            frame.render_widget(title, Rect::new(0, 0, 80, 3));
            let spans: Vec<_> = one.segments().map(|s| Span::raw(s.as_str())).collect();
            frame.render_widget(Line::from(spans), Rect::new(0, 3, 80, 1));
            let row = Row::new([Cell::from(one.as_str())]);
            frame.render_widget(Table::new([row], [80]), Rect::new(0, 4, 80, 2));
            let text = Paragraph::new(many.as_str()).wrap(Wrap { trim: false });
            frame.render_widget(text, Rect::new(0, 6, 80, 18));
        })
        .unwrap();
    drop(terminal);
    bytes
}
