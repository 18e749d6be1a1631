//! The real program on a real terminal, seen through a terminal emulator.

use crate::support::pty::Session;
use rustix::process::Signal;
use std::time::Duration;
use tempfile::TempDir;

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The demo, once its queue is there.
fn demo(home: &TempDir, size: (u16, u16), environment: &[(&str, &str)]) -> Session {
    let session = Session::start(&["demo"], size, home.path(), environment);
    session.wait_for("Waiting for a second key");
    session.wait_for("Drop the legacy");
    session
}

/// Moves to the command that waits at the gate; it is the newest, so it is on top.
fn to_the_command(session: &mut Session) {
    session.send("g");
    session.wait_for("$ ");
}

fn wait_until_armed(session: &Session) {
    session.wait("an armed dialog", |text| {
        text.contains("[ Cancel ]") && !text.contains("arming") && !text.contains("reading it")
    });
}

/// The text a dialog wants typed.
fn asked_for(screen: &str) -> String {
    let line = screen.lines().find(|line| line.contains("and press Enter")).expect("a question");
    let after = line.split("Type ").nth(1).expect("a text to type");
    after.split("  and press").next().expect("a text to type").trim().to_owned()
}

#[test]
fn an_approved_command_runs_and_says_so() {
    let home = home();
    let mut session = demo(&home, (120, 40), &[]);
    to_the_command(&mut session);
    session.send("a");
    wait_until_armed(&session);
    let name = asked_for(&session.text());
    session.send(&name);
    session.wait("the typed name", |text| text.matches(name.as_str()).count() > 1);
    session.send("\r");
    session.wait_for("Approved");
    session.send("3");
    session.wait_for("decided");
    session.send("q");
    let status = session.wait_for_end();
    assert_eq!(status.exit_code(), 0, "{}", session.text());
}

#[test]
fn enter_on_a_fresh_dialog_cancels() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    to_the_command(&mut session);
    session.send("a");
    wait_until_armed(&session);
    session.send("\r");
    session.wait("a closed dialog", |text| !text.contains("[ Cancel ]"));
    session.send("3");
    session.wait_for("What happened");
    assert!(!session.text().contains("decided"), "{}", session.text());
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
}

#[test]
fn keys_typed_before_the_dialog_is_armed_are_dropped() {
    let home = home();
    let mut session = demo(&home, (120, 40), &[]);
    to_the_command(&mut session);
    // All in one go, as by a hand that was typing something else.
    session.send("ayyyy\t\r");
    wait_until_armed(&session);
    assert!(session.text().contains("[ Cancel ]"));
    session.send("\u{1b}");
    session.wait("a closed dialog", |text| !text.contains("[ Cancel ]"));
    session.send("q");
    session.wait_for_end();
}

#[test]
fn a_paste_is_not_a_command() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    assert!(session.screen(vt100::Screen::bracketed_paste));
    session.send("\u{1b}[200~q\ra\ry\u{1b}[201~");
    session.send("4");
    session.wait_for("Where we look");
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
}

#[test]
fn it_follows_the_size_of_its_window() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    session.resize(140, 40);
    session.wait("list and detail side by side", |text| {
        text.lines().any(|line| line.contains('┬')) && text.lines().count() > 30
    });
    session.resize(50, 12);
    session.wait("the small window", |text| !text.contains('┬') && text.contains("Queue"));
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
}

fn assert_restored(session: &Session) {
    session.screen(|screen| {
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is back");
        assert!(!screen.bracketed_paste(), "pastes are plain again");
    });
}

#[test]
fn quitting_gives_the_terminal_back() {
    for keys in ["q", "\u{3}"] {
        let home = home();
        let mut session = demo(&home, (80, 24), &[]);
        assert!(session.screen(vt100::Screen::alternate_screen));
        session.send(keys);
        assert_eq!(session.wait_for_end().exit_code(), 0);
        assert_restored(&session);
    }
}

#[test]
fn signals_end_it_cleanly_with_the_status_a_shell_expects() {
    for (signal, status) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let home = home();
        let mut session = demo(&home, (80, 24), &[]);
        session.signal(signal);
        assert_eq!(session.wait_for_end().exit_code(), status, "{signal:?}");
        assert_restored(&session);
    }
}

#[test]
fn it_stops_for_the_shell_and_comes_back() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    session.send("\u{1a}");
    session.wait("a stopped process", |_| session.process_state() == Some('T'));
    session.wait_until_quiet(Duration::from_millis(50));
    assert_restored(&session);
    session.signal(Signal::CONT);
    session.wait_for("Waiting for a second key");
    assert!(session.screen(vt100::Screen::alternate_screen));
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
    assert_restored(&session);
}

#[test]
fn without_colour_the_selected_row_is_reversed_from_end_to_end() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[("NO_COLOR", "1")]);
    session.send("g");
    session.wait_until_quiet(Duration::from_millis(300));
    session.screen(|screen| {
        for column in 0..80 {
            let cell = screen.cell(3, column).expect("a cell");
            assert!(cell.inverse(), "column {column}: {:?}", cell.contents());
            assert_eq!(cell.fgcolor(), vt100::Color::Default);
        }
    });
    session.send("q");
    session.wait_for_end();
}

#[test]
fn an_idle_console_writes_nothing() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    session.wait_until_quiet(Duration::from_secs(2));
    session.send("q");
    session.wait_for_end();
}
