//! What the console writes to the terminal, and how much.

use super::PRODUCTION;
use crate::support::screen::{
    Opening, Screen, action_row,
    world::{self, tool},
};
use countersign::{
    console::terminal::{fixed, paint},
    domain::{Action, Confidence, Subject},
    store::ActionRow,
};
use std::io;

/// Counts what is written, and in how many calls.
#[derive(Debug, Default)]
struct Counter {
    bytes: usize,
    writes: usize,
}

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len();
        self.writes += 1;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A queue of so many pull requests.
fn many(count: u64) -> Vec<(ActionRow, Action)> {
    let pattern = world::actions().remove(PRODUCTION);
    let row = action_row(&pattern);
    let numbered = |number: u64| {
        let mut row = row.clone();
        if let Subject::PullRequest { number: of, .. } = &mut row.subject {
            *of = number;
        }
        row.id = row.subject.id(&row.source);
        row.title = format!("Change number {number} of many that wait").into();
        row.tool = tool(
            "kiro",
            "Kiro",
            &[(countersign::domain::ClueKind::GithubLogin, "kiro", Confidence::Observed)],
        );
        (row, pattern.clone())
    };
    (0..count).map(numbered).collect()
}

#[test]
fn a_frame_is_one_write_a_cursor_move_is_small_and_an_idle_frame_is_nothing() {
    let opening = Opening { width: 120, height: 40, ..Opening::default() };
    let mut screen = Screen::open(opening, |contents| {
        contents.actions = many(100_000);
        contents.sources = world::sources();
    });
    let mut terminal = fixed(Counter::default(), 120, 40).unwrap();
    let mut measure = |screen: &mut Screen| {
        let before = (terminal.backend().out().bytes, terminal.backend().out().writes);
        paint(&mut terminal, &mut screen.app).unwrap();
        let out = terminal.backend().out();
        (out.bytes - before.0, out.writes - before.1)
    };
    let (first, writes) = measure(&mut screen);
    assert!(first < 20_000 && writes == 1, "first frame: {first} bytes, {writes} writes");
    assert_eq!(measure(&mut screen), (0, 0), "an idle frame");
    for _ in 0..20 {
        screen.press("j");
        let (bytes, writes) = measure(&mut screen);
        assert!(bytes <= 500 && writes == 1, "cursor move: {bytes} bytes, {writes} writes");
    }
}
