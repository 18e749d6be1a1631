//! What a diff shows.

use super::{DiffColours, DiffView, Mode, layout::wrap, model::Kind, parse::parse, render};
use crate::domain::{FileStatus, Untrusted};
use proptest::prelude::*;
use ratatui::{
    Frame, Terminal, TerminalOptions, Viewport,
    backend::CrosstermBackend,
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style},
};
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const SAMPLE: &str = "\
diff --git a/infra/main.tf b/infra/main.tf
index 3b18e51..a9c5f20 100644
--- a/infra/main.tf
+++ b/infra/main.tf
@@ -12,7 +12,8 @@ resource \"aws_ecs_service\" \"shop\" {
   cluster = aws_ecs_cluster.prod.id
   name    = \"shop\"
 
-  desired_count = 2
+  desired_count = 0 # pause it
+  force_delete  = true
   launch_type   = \"FARGATE\"
 
 \tnetwork_configuration {
diff --git a/old name.txt b/new name.txt
similarity index 90%
rename from old name.txt
rename to new name.txt
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/logo.png b/logo.png
index 1..2 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/notes.md b/notes.md
new file mode 100644
index 0000000..7c1
--- /dev/null
+++ b/notes.md
@@ -0,0 +1 @@
+a last line without an end, and rather a long one at that, so that it has to go on in the row below
\\ No newline at end of file
";

fn view(text: &str) -> DiffView {
    DiffView::parse(&Untrusted::new(text))
}

fn drawn(view: &DiffView, width: u16, height: u16, scroll: usize, mode: Mode) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    render(&mut buffer, area, view, scroll, mode, &colours());
    buffer
}

fn colours() -> DiffColours {
    DiffColours {
        added: Style::new().fg(Color::Green),
        removed: Style::new().fg(Color::Red),
        added_word: Style::new().add_modifier(Modifier::BOLD),
        removed_word: Style::new().add_modifier(Modifier::UNDERLINED),
        hidden_token: Style::new().fg(Color::Yellow).add_modifier(Modifier::REVERSED),
        keyword: Style::new().fg(Color::Blue),
        string: Style::new().fg(Color::Cyan),
        comment: Style::new().fg(Color::DarkGray),
        number: Style::new().fg(Color::Magenta),
        ..DiffColours::default()
    }
}

fn shown_text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let row: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        writeln!(text, "{}", row.trim_end()).unwrap();
    }
    text
}

/// The text of all cells that a test on their style picks out, row by row.
fn picked(buffer: &Buffer, test: impl Fn(Style) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for y in 0..buffer.area.height {
        let mut run = String::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            if test(cell.style()) {
                run.push_str(cell.symbol());
            } else if !run.is_empty() {
                found.push(std::mem::take(&mut run));
            }
        }
        if !run.is_empty() {
            found.push(run);
        }
    }
    found
}

fn has(modifier: Modifier) -> impl Fn(Style) -> bool {
    move |style| style.add_modifier.contains(modifier)
}

#[test]
fn files_are_listed_with_what_happens_to_them() {
    let view = view(SAMPLE);
    let files: Vec<_> = view
        .files()
        .iter()
        .map(|f| (f.path.as_str(), f.status, f.additions, f.deletions, f.binary))
        .collect();
    assert_eq!(
        files,
        [
            ("infra/main.tf", FileStatus::Modified, 2, 1, false),
            ("new name.txt", FileStatus::Renamed, 0, 0, false),
            ("run.sh", FileStatus::Other, 0, 0, false),
            ("logo.png", FileStatus::Modified, 0, 0, true),
            ("notes.md", FileStatus::Added, 1, 0, false),
        ]
    );
    assert!(!view.has_hidden());
    assert_eq!(view.totals(), (3, 1));
}

#[test]
fn a_unified_diff_at_80_columns() {
    let view = view(SAMPLE);
    let height = u16::try_from(view.rows(80, Mode::Unified)).unwrap();
    insta::assert_snapshot!(shown_text(&drawn(&view, 80, height, 0, Mode::Unified)));
}

#[test]
fn two_sides_at_160_columns() {
    let view = view(SAMPLE);
    let mode = Mode::for_width(160);
    let height = u16::try_from(view.rows(160, mode)).unwrap();
    insta::assert_snapshot!(shown_text(&drawn(&view, 160, height, 0, mode)));
}

#[test]
fn only_the_changed_words_are_marked() {
    let view = view(SAMPLE);
    let buffer = drawn(&view, 80, 20, 0, Mode::Unified);
    assert_eq!(picked(&buffer, has(Modifier::UNDERLINED)), ["2"]);
    assert_eq!(picked(&buffer, has(Modifier::BOLD)), ["0 # pause it"]);
}

#[test]
fn code_is_coloured_by_role() {
    let view = view(SAMPLE);
    let buffer = drawn(&view, 80, 20, 0, Mode::Unified);
    let fg = |colour| picked(&buffer, move |style| style.fg == Some(colour));
    assert!(fg(Color::Cyan).contains(&"\"FARGATE\"".to_owned()), "{:?}", fg(Color::Cyan));
    assert!(fg(Color::DarkGray).contains(&"# pause it".to_owned()), "{:?}", fg(Color::DarkGray));
    assert!(fg(Color::Magenta).contains(&"2".to_owned()), "{:?}", fg(Color::Magenta));
}

#[test]
fn the_languages_of_production_have_colours() {
    for (path, line, role) in [
        ("main.tf", "variable \"x\" {} # note", Color::DarkGray),
        ("Cargo.toml", "name = \"x\" # note", Color::DarkGray),
        ("app.ts", "const x: string = \"x\"; // note", Color::DarkGray),
        ("deploy.yaml", "key: value # note", Color::DarkGray),
        ("Dockerfile", "FROM x # note", Color::Blue),
        ("run.py", "def x(): return 1 # note", Color::DarkGray),
        ("a.sql", "DROP TABLE users; -- note", Color::Blue),
        ("lib.rs", "fn main() {} // note", Color::DarkGray),
    ] {
        let diff = format!("--- a/{path}\n+++ b/{path}\n@@ -0,0 +1 @@\n+{line}\n");
        let buffer = drawn(&view(&diff), 80, 8, 0, Mode::Unified);
        let coloured = picked(&buffer, |style| style.fg == Some(role));
        assert!(!coloured.is_empty(), "{path}: nothing of `{line}` has its colour");
    }
}

#[test]
fn hidden_characters_are_shown_and_told() {
    let diff = "diff --git a/x.rs b/x.rs\n--- a/x.rs\n+++ b/x.rs\n@@ -1,2 +1,2 @@\n ok\n\
                -a\n+a\u{202e} }\u{1b}[2J\u{200b}\u{200b}\n";
    let view = view(diff);
    assert!(view.has_hidden() && view.files()[0].has_hidden);
    let buffer = drawn(&view, 80, 8, 0, Mode::Unified);
    assert!(
        shown_text(&buffer).contains("a<U+202E> }<ESC>[2J<U+200B×2>"),
        "{}",
        shown_text(&buffer)
    );
    let tokens = picked(&buffer, has(Modifier::REVERSED));
    assert_eq!(tokens, ["<U+202E>", "<ESC>", "<U+200B×2>"]);
    assert!(shown_text(&buffer).contains("hidden characters"));
}

#[test]
fn a_hostile_path_is_shown_in_its_title() {
    let diff = "diff --git \"a/\\033[2Jx\" \"b/\\033[2Jx\"\nnew file mode 100644\n";
    let view = view(diff);
    assert_eq!(view.files()[0].path.as_str(), "<ESC>[2Jx");
    assert!(view.has_hidden());
    let buffer = drawn(&view, 80, 4, 0, Mode::Unified);
    assert_eq!(picked(&buffer, has(Modifier::REVERSED)), ["<ESC>"]);
}

#[test]
fn a_line_that_looks_like_a_header_stays_in_its_hunk() {
    let diff = "--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n--- a/note\n+++ b/note\n same\n";
    let view = view(diff);
    assert_eq!(view.files().len(), 1);
    assert_eq!((view.files()[0].additions, view.files()[0].deletions), (1, 1));
}

#[test]
fn a_hunk_may_end_on_either_side_alone() {
    let diff = "diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n\
                @@ -1,3 +0,0 @@\n-a\n-b\n-c\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n\
                @@ -1,3 +1 @@\n same\n-a\n-b\n@@ -9 +7,3 @@\n same\n+a\n+b\n";
    let view = view(diff);
    let files: Vec<_> = view.files().iter().map(|f| (f.status, f.additions, f.deletions)).collect();
    assert_eq!(files, [(FileStatus::Removed, 0, 3), (FileStatus::Modified, 2, 2)]);
    assert!(view.files().iter().all(|file| !file.malformed));
    let shown = shown_text(&drawn(&view, 80, 20, 0, Mode::Unified));
    assert!(shown.contains("  3     - c") && shown.contains("      9 + b"), "{shown}");
}

#[test]
fn a_hunk_that_is_cut_off_is_told() {
    let view = view("--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n same\n-a\n");
    assert!(view.files()[0].malformed);
}

#[test]
fn lines_beyond_a_hunks_count_are_still_shown() {
    let diff = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+rm -rf /\n";
    let view = view(diff);
    let shown = shown_text(&drawn(&view, 80, 10, 0, Mode::Unified));
    assert!(shown.contains("+rm -rf /") && shown.contains("not in git's form"), "{shown}");
}

#[test]
fn header_lines_that_say_more_than_the_title_are_shown() {
    let diff =
        "diff --git a/x b/y\nnew file mode 120000\n--- /dev/null\n+++ b/y\n@@ -0,0 +1 @@\n+/etc\n";
    let shown = shown_text(&drawn(&view(diff), 80, 10, 0, Mode::Unified));
    assert!(shown.contains("diff --git a/x b/y") && shown.contains("120000"), "{shown}");
    assert!(!shown.contains("/dev/null"));
}

#[test]
fn a_header_line_that_hides_something_is_shown() {
    let diff =
        "diff --git a/x b/x\nindex 1..2\u{200b} 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
    let view = view(diff);
    assert!(view.has_hidden());
    let shown = shown_text(&drawn(&view, 80, 10, 0, Mode::Unified));
    assert!(shown.contains("index 1..2<U+200B> 100644"), "{shown}");
}

#[test]
fn text_that_is_no_diff_is_shown_whole_with_a_note() {
    let view = view("<html>\nRate limited\u{7}\n</html>");
    assert!(view.files().is_empty() && view.has_hidden());
    let shown = shown_text(&drawn(&view, 80, 5, 0, Mode::Unified));
    assert_eq!(
        shown,
        "not in git's form: shown as plain text\n <html>\n Rate limited<BEL>\n </html>\n\n"
    );
}

#[test]
fn an_empty_diff_takes_no_rows() {
    let view = view("");
    assert_eq!(view.rows(80, Mode::Unified), 0);
    drawn(&view, 80, 5, 3, Mode::SideBySide);
}

#[test]
fn carriage_returns_are_told_once_where_all_lines_have_them() {
    let all = "--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@\r\n same\r\n-a\r\n+b\r\n";
    let seen = view(all);
    assert!(!seen.has_hidden());
    let shown = shown_text(&drawn(&seen, 80, 8, 0, Mode::Unified));
    assert!(shown.contains("CR LF") && !shown.contains("<CR>"), "{shown}");
    let mixed = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n-a\n+a\r\n";
    let seen = view(mixed);
    assert!(seen.has_hidden());
    assert!(shown_text(&drawn(&seen, 80, 8, 0, Mode::Unified)).contains("a<CR>"));
}

#[test]
fn a_line_of_a_megabyte_is_shown_to_its_end() {
    let mut long = String::new();
    for n in 0..100_000 {
        write!(long, "{n:09} ").unwrap();
    }
    let diff = format!("--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+{long}\n");
    let view = view(&diff);
    assert_eq!(view.files()[0].additions, 1);
    let rows = view.rows(80, Mode::Unified);
    assert!((12_500..16_000).contains(&rows), "{rows}");
    let end = shown_text(&drawn(&view, 80, 4, rows - 4, Mode::Unified));
    assert!(end.contains("000099999"), "{end}");
}

#[test]
fn only_the_visible_rows_of_a_long_diff_are_worked_out() {
    let mut diff =
        String::from("diff --git a/x.rs b/x.rs\n--- a/x.rs\n+++ b/x.rs\n@@ -0,0 +1,100000 @@\n");
    for n in 0..100_000 {
        writeln!(diff, "+let x{n} = \"{n}\";").unwrap();
    }
    let view = view(&diff);
    assert_eq!(view.rows(80, Mode::Unified), 100_002);
    let buffer = drawn(&view, 80, 24, 90_000, Mode::Unified);
    assert!(
        shown_text(&buffer).starts_with("        89999 + let x89998"),
        "{}",
        shown_text(&buffer)
    );
    assert!(!picked(&buffer, |style| style.fg == Some(Color::Cyan)).is_empty());
    assert!(
        view.know(|known, _| known.syntax.stretches()) <= 2,
        "{}",
        view.know(|known, _| known.syntax.stretches())
    );
}

#[test]
fn one_can_jump_between_files_and_hunks() {
    let view = view(SAMPLE);
    view.rows(80, Mode::Unified);
    let second = view.file_row(1).unwrap();
    assert_eq!((view.file_at(second), view.file_at(second - 2)), (Some(1), Some(0)));
    let first = view.hunk_below(0).unwrap();
    let last = view.hunk_below(first).unwrap();
    assert_eq!((view.hunk_above(last), view.hunk_below(last)), (Some(first), None));
    assert_eq!(view.file_row(9), None);
    assert_eq!(view.file_rows(80, Mode::Unified).len(), 5);
}

#[test]
fn it_can_be_drawn_in_any_corner() {
    let view = view(SAMPLE);
    for (width, height) in [(1, 1), (2, 3), (5, 2), (30, 1), (141, 60)] {
        for mode in [Mode::Unified, Mode::SideBySide] {
            for scroll in [0, 1, 7, 5_000] {
                drawn(&view, width, height, scroll, mode);
            }
        }
    }
}

#[test]
fn a_view_can_be_prepared_on_another_thread() {
    let seen = std::thread::spawn(|| {
        let seen = view(SAMPLE);
        seen.warm(80, Mode::Unified);
        seen
    })
    .join()
    .unwrap();
    assert!(seen.rows(80, Mode::Unified) > 10);
}

#[test]
fn a_hostile_diff_leaves_the_terminal_alone() {
    let attack = "\u{1b}]0;owned\u{7}\u{1b}[?1049h\u{1b}[?25l\u{9b}31m\u{202e}\u{1b}[2J";
    let diff = format!(
        "diff --git a/{attack} b/{attack}\nrename from {attack}\n--- a/x\n+++ b/x\n\
         @@ -1 +1 @@ {attack}\n-{attack}\n+{attack}{attack}\n{attack}\n"
    );
    for (width, mode) in [(80, Mode::Unified), (160, Mode::SideBySide)] {
        let mut bytes = Vec::new();
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, 24));
        let options = TerminalOptions { viewport };
        let backend = CrosstermBackend::new(&mut bytes);
        let mut terminal = Terminal::with_options(backend, options).unwrap();
        let view = view(&diff);
        let draw = |frame: &mut Frame<'_>| {
            let area = frame.area();
            render(frame.buffer_mut(), area, &view, 0, mode, &colours());
        };
        terminal.draw(draw).unwrap();
        drop(terminal);
        let sent = String::from_utf8(bytes).unwrap();
        assert!(!sent.contains(['\u{7}', '\u{9b}', '\u{202e}']));
        // What ratatui sends itself: the cursor's place and visibility, colours, nothing else.
        for sequence in sent.split('\u{1b}').skip(1) {
            let end = sequence.find(|c: char| c.is_ascii_alphabetic()).unwrap();
            let own = matches!(&sequence[..=end], "[?25l" | "[?25h")
                || (sequence.starts_with('[') && ["m", "H"].contains(&&sequence[end..=end]));
            assert!(own, "{sequence:?}");
        }
        assert!(sent.contains("owned"), "the attack is shown");
    }
}

/// Lines as they stand in diffs, in any order.
fn diff_like() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("diff --git a/x.rs b/x.rs".to_owned()),
        Just("--- a/x.rs".to_owned()),
        Just("+++ b/x.rs".to_owned()),
        Just("@@ -1,3 +1,4 @@ fn".to_owned()),
        Just("@@ -1 +1,2 @@".to_owned()),
        Just("@@ -4294967295,4294967295 +1 @@".to_owned()),
        Just("@@ -x +y @@".to_owned()),
        Just("\\ No newline at end of file".to_owned()),
        Just("rename to y".to_owned()),
        Just("GIT binary patch".to_owned()),
        Just(String::new()),
        "[ +-]\\PC{0,30}",
        "[ +-][a-z\t\u{202e}\u{1b}漢]{0,200}\r?",
        "\\PC{0,60}",
    ];
    proptest::collection::vec(line, 0..40).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn a_wrapped_line_fits_and_loses_nothing(text in "[a-z 漢字é🙂]{0,80}", width in 2_usize..30) {
        let rows = wrap(&text, width);
        let joined: String = rows.iter().map(|row| &text[row.clone()]).collect();
        prop_assert_eq!(&joined, &text);
        prop_assert!(rows.iter().all(|row| text[row.clone()].width() <= width));
        // No row could have taken the first character of the next one too.
        for pair in rows.windows(2) {
            let next = text[pair[1].clone()].chars().next().unwrap();
            prop_assert!(text[pair[0].clone()].width() + next.width().unwrap() > width);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_line_is_lost(text in diff_like()) {
        let parsed = parse(&text);
        let mut joined = String::new();
        for line in &parsed.lines {
            if !line.continued && line.start > 0 {
                joined.push('\n');
            }
            joined.push_str(&parsed.text[line.start as usize..line.end as usize]);
        }
        prop_assert_eq!(joined.trim_end_matches('\n'), text.trim_end_matches('\n'));
    }

    #[test]
    fn every_line_has_its_row(text in diff_like(), width in 20_u16..200) {
        let view = view(&text);
        for mode in [Mode::Unified, Mode::SideBySide] {
            let rows = view.rows(width, mode);
            let height = u16::try_from(rows + 3).unwrap();
            let all = drawn(&view, width, height, 0, mode);
            // The rows after the last one stay empty, the last one does not.
            let shown = shown_text(&all);
            let shown: Vec<_> = shown.lines().collect();
            prop_assert!(shown[rows..].iter().all(|row| row.is_empty()), "{shown:?}");
            // What is drawn does not depend on where the drawing starts.
            let scroll = rows / 2;
            let below = drawn(&view, width, height, scroll, mode);
            let below = shown_text(&below);
            let below: Vec<_> = below.lines().collect();
            prop_assert_eq!(&below[..height as usize - scroll], &shown[scroll..]);
        }
        let flagged = view.parsed.lines.iter().enumerate().any(|(at, line)| {
            line.kind != Kind::Canonical && view.parsed.shown(at).has_hidden()
        });
        prop_assert!(view.has_hidden() || !flagged);
    }

    #[test]
    fn anything_at_all_can_be_drawn(text in "\\PC{0,300}|[-+ @\\n\\\\a-z0-9,]{0,300}", width in 1_u16..200) {
        let view = view(&text);
        for mode in [Mode::Unified, Mode::SideBySide] {
            view.rows(width, mode);
            drawn(&view, width, 10, 0, mode);
        }
    }
}
