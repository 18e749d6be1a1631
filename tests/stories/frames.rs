//! What the console writes to its terminal: one frame at a time, small, and nothing when idle.

use crate::support::screen::{
    Opening, Screen, action_row,
    world::{self, tool},
};
use countersign::{
    console::{
        Event,
        msg::Msg,
        terminal::{fixed, paint},
    },
    domain::{Action, ClueKind, Confidence, Subject},
    store::ActionRow,
};
use std::{io, sync::Arc};

/// The place of a pull request of the invented company.
const PRODUCTION: usize = 3;

#[test]
fn the_clock_changes_the_screen_once_a_minute_and_nothing_else_does() {
    let mut screen = Screen::new(80, 24);
    screen.wait(1000);
    assert!(!screen.app.is_dirty());
    let now = countersign::console::Now {
        wall: world::now() + jiff::SignedDuration::from_secs(30),
        mono: std::time::Duration::from_secs(30),
    };
    let roster = Arc::clone(&screen.app.state().roster);
    screen.app.handle(Event::Answer(Msg::NothingNew(roster)), now);
    screen.app.handle(Event::Tick, now);
    assert!(!screen.app.is_dirty(), "the same minute");
    let later = countersign::console::Now {
        wall: world::now() + jiff::SignedDuration::from_secs(65),
        ..now
    };
    screen.app.handle(Event::Tick, later);
    assert!(screen.app.is_dirty(), "another minute");
}

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
        row.tool = tool("kiro", "Kiro", &[(ClueKind::GithubLogin, "kiro", Confidence::Observed)]);
        (row, pattern.clone())
    };
    (0..count).map(numbered).collect()
}

#[test]
fn a_frame_is_one_write_a_cursor_move_is_small_and_an_idle_frame_is_nothing() {
    frames_are_small((120, 40), 100_000, 14_000);
    // A theme with a ground of its own writes every one of the 10,000 cells.
    frames_are_small((200, 50), 100, 24_000);
}

/// Measures frames of a window of this size with so many actions.
fn frames_are_small((width, height): (u16, u16), actions: u64, most: usize) {
    let opening = Opening { width, height, ..Opening::default() };
    let mut screen = Screen::open(opening, |contents| {
        contents.actions = many(actions);
        contents.sources = world::sources();
    });
    let mut terminal = fixed(Counter::default(), width, height).unwrap();
    let mut measure = |screen: &mut Screen| {
        let before = (terminal.backend().out().bytes, terminal.backend().out().writes);
        paint(&mut terminal, &mut screen.app).unwrap();
        let out = terminal.backend().out();
        (out.bytes - before.0, out.writes - before.1)
    };
    let (first, writes) = measure(&mut screen);
    assert!(first <= most && writes == 1, "first frame: {first} bytes, {writes} writes");
    assert_eq!(measure(&mut screen), (0, 0), "an idle frame");
    for _ in 0..20 {
        screen.press("j");
        let (bytes, writes) = measure(&mut screen);
        assert!(bytes <= 500 && writes == 1, "cursor move: {bytes} bytes, {writes} writes");
    }
}
