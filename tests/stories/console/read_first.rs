//! What is seen is what is agreed to: nothing is confirmed before all of it was on the screen.

use super::{COMMAND, HARMLESS, decisions, preview};
use crate::support::screen::{Opening, Screen, action_row, world};
use countersign::{
    console::{
        Event, Now,
        msg::{Effect, Msg},
    },
    domain::{Subject, Undo, Verdict},
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::time::Duration;

/// Lines of the script that waits.
const STEPS: usize = 60;

const UNREAD: &str = "read to the end first: ↓";

/// The approval of a script that is longer than the window, armed, with the name typed.
fn long_script(width: u16, height: u16) -> Screen {
    let mut action = world::actions().remove(COMMAND);
    let name = action.target.name.raw().to_owned();
    if let Subject::Command { argv, .. } = &mut action.subject {
        let script: Vec<_> = (0..STEPS).map(|number| format!("echo step-{number:02}")).collect();
        *argv = ["sh", "-c", &script.join("\n")].map(Into::into).to_vec();
    }
    let mut screen = Screen::open(Opening { width, height, ..Opening::default() }, |contents| {
        contents.actions = vec![(action_row(&action), action)];
    });
    screen.wait(200);
    screen.press("a");
    screen.wait(700);
    screen.type_text(&name);
    screen
}

#[test]
fn a_long_script_is_read_to_its_end_before_it_is_approved() {
    let mut screen = long_script(80, 24);
    assert!(screen.shows(UNREAD), "{}", screen.text());
    let mut seen = screen.text();
    let mut pages = 0;
    while !screen.shows("nothing is sent.") {
        screen.press("<enter>");
        assert_eq!(decisions(&screen), [], "{}", screen.text());
        assert!(screen.shows(UNREAD), "{}", screen.text());
        screen.press("<pgdn>");
        seen.push_str(&screen.text());
        pages += 1;
        assert!(pages < STEPS, "it has an end:\n{}", screen.text());
    }
    for number in 0..STEPS {
        assert!(seen.contains(&format!("step-{number:02}")), "line {number} was on the screen");
    }
    assert!(!screen.shows(UNREAD));
    screen.press("<up><enter>");
    assert_eq!(decisions(&screen), [(Verdict::Approve, String::new())]);
}

#[test]
fn a_key_that_confirms_alone_waits_for_the_end_as_well() {
    let mut screen = Screen::new(80, 16);
    screen.press(&"j".repeat(HARMLESS));
    screen.wait(100);
    screen.press("a");
    screen.wait(700);
    screen.press("y<tab><enter>");
    assert_eq!(decisions(&screen), [], "{}", screen.text());
    assert!(screen.shows(UNREAD));
    screen.press(&"<down>".repeat(40));
    screen.press("y");
    assert_eq!(decisions(&screen).len(), 1, "{}", screen.text());
}

/// Keys that come together share a frame; what lies between was never on the screen.
#[test]
fn scrolling_faster_than_frames_does_not_count_as_reading() {
    let mut screen = long_script(80, 24);
    let down = KeyEvent::new(KeyCode::Down, KeyModifiers::NONE);
    for _ in 0..500 {
        screen.app.handle(Event::Key(down), Now { wall: world::now(), mono: Duration::ZERO });
    }
    screen.press("<enter>");
    assert_eq!(decisions(&screen), []);
    assert!(screen.shows(UNREAD) && screen.shows("more lines"), "{}", screen.text());
}

#[test]
fn another_width_is_read_anew_unless_all_was_read() {
    let mut screen = long_script(80, 24);
    screen.press("<pgdn>");
    screen.resize(60, 24);
    assert!(screen.shows("step-00"), "from the top: {}", screen.text());
    screen.resize(100, 100);
    assert!(!screen.shows(UNREAD), "all fits: {}", screen.text());
    screen.resize(80, 24);
    screen.press("<enter>");
    assert_eq!(decisions(&screen).len(), 1);
}

#[test]
fn a_window_too_small_to_read_in_says_so_and_confirms_nothing() {
    for (width, height) in [(80, 10), (20, 5)] {
        let mut screen = long_script(80, 24);
        screen.resize(width, height);
        screen.press(&"<down>".repeat(200));
        if height == 10 {
            assert!(screen.shows("too small to read it"), "{}", screen.text());
        }
        screen.press("<enter>");
        assert_eq!(decisions(&screen), [], "{}", screen.text());
    }
}

#[test]
fn a_revocation_is_read_to_its_end_too() {
    let mut screen = Screen::new(80, 16);
    screen.press("2x");
    let id = world::credentials()[0].id.clone();
    let because = "The private half is not kept anywhere.".to_owned();
    screen.answer(Msg::Previewed(id, Ok(preview(Undo::No { because }))));
    screen.wait(700);
    screen.type_text("kiro-deploy").press("<enter>");
    let revoked = |screen: &Screen| {
        screen.asked.iter().filter(|effect| matches!(effect, Effect::Revoke(..))).count()
    };
    assert_eq!(revoked(&screen), 0, "{}", screen.text());
    assert!(screen.shows(UNREAD));
    screen.press(&"<down>".repeat(20));
    assert!(screen.shows("The private half"), "{}", screen.text());
    screen.press("<enter>");
    assert_eq!(revoked(&screen), 1, "{}", screen.text());
}

#[test]
fn a_rejection_needs_a_reason_and_no_scrolling() {
    let mut screen = long_script(80, 24);
    screen.press("<esc>r");
    screen.wait(700);
    screen.press("<tab><tab>").type_text("not now").press("<enter><enter>");
    assert_eq!(decisions(&screen), [(Verdict::Reject, "not now".to_owned())]);
}
