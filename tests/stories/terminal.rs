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

/// Pages through a dialog until it says no more that there is more.
fn read_to_the_end(session: &mut Session) {
    for _ in 0..10 {
        let before = session.text();
        if !before.contains("read to the end first") {
            return;
        }
        session.send("\u{1b}[6~");
        session.wait("another page", |text| text != before);
    }
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
    read_to_the_end(&mut session);
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
    let text = session.text();
    let ours = text.lines().any(|line| line.contains("decided") && line.contains("uid 0"));
    assert!(!ours, "{text}");
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

/// A key that comes together with a signal is neither lost nor left lying until the next key.
#[test]
fn a_key_pressed_while_the_window_changes_size_is_answered() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    for round in 0..40 {
        let (key, shown) =
            if round % 2 == 0 { ("4", "Where we look") } else { ("1", "Waiting for a second key") };
        // Many, so that the key comes while an earlier one is being drawn, together with another.
        for step in 0..50 {
            session.resize(80 + step, 24 + step % 16);
            std::thread::yield_now();
        }
        session.send(key);
        session.wait_for(shown);
    }
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
}

#[test]
fn what_follows_a_long_paste_is_read() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    let text = "q\ray".repeat(5_000);
    session.send(&format!("\u{1b}[200~{text}\u{1b}[201~4"));
    session.wait_for("Where we look");
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
}

/// Over a slow line Esc and the next key come as one; taken for one key with Alt, as terminals
/// write it, they would confirm what was to be left.
#[test]
fn esc_leaves_a_dialog_also_when_the_next_key_comes_with_it() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    to_the_command(&mut session);
    session.send("a");
    wait_until_armed(&session);
    session.send("\t\t\u{1b}\r");
    session.wait("a closed dialog", |text| !text.contains("[ Cancel ]"));
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
}

fn assert_restored(session: &Session) {
    let is_left = |screen: &vt100::Screen| !screen.alternate_screen();
    session.wait("the alternate screen to be left", |_| session.screen(is_left));
    let shows_cursor = |screen: &vt100::Screen| !screen.hide_cursor();
    session.wait("the cursor", |_| session.screen(shows_cursor));
    let pastes_plainly = |screen: &vt100::Screen| !screen.bracketed_paste();
    session.wait("plain pastes", |_| session.screen(pastes_plainly));
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
fn a_panic_gives_the_terminal_back_before_it_says_what_happened() {
    for (place, status) in [("console", 101), ("background", 1)] {
        let home = home();
        let mut session = demo(&home, (80, 24), &[("COUNTERSIGN_REHEARSE_PANIC", place)]);
        session.send("!");
        assert_eq!(session.wait_for_end().exit_code(), status, "{place}:\n{}", session.text());
        assert_restored(&session);
        assert!(session.text().contains("a rehearsal"), "{place}:\n{}", session.text());
        let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().flatten().collect();
        let left = left
            .iter()
            .filter(|it| it.file_name().to_string_lossy().starts_with("countersign-demo"));
        assert_eq!(left.count(), 0, "{place}: the demo's folder is gone");
    }
}

/// The store of a demo that runs in `home`.
fn store_of_demo(home: &TempDir) -> String {
    let folders = std::fs::read_dir(home.path()).unwrap().flatten();
    let mut stores = folders.map(|it| it.path().join("countersign.db")).filter(|it| it.exists());
    stores.next().expect("the demo's store").to_str().unwrap().to_owned()
}

#[test]
fn two_consoles_on_one_database_see_each_others_decisions() {
    let home = home();
    let mut deciding = demo(&home, (120, 40), &[]);
    let store = store_of_demo(&home);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let arguments = ["--store", store.as_str()];
    let mut watching = Session::start(&arguments, (120, 40), elsewhere.path(), &[]);
    watching.wait_for("storefront#90");
    watching.send("3");
    watching.wait_for("What happened");
    watching.wait_until_quiet(Duration::from_millis(300));
    deciding.send("G");
    deciding.wait_for("storefront#90 ─");
    deciding.send("r");
    wait_until_armed(&deciding);
    deciding.send("the package does not exist");
    deciding.wait_for("body = the package does not exist");
    deciding.send("\r\r");
    deciding.wait_for("Rejected");
    watching.wait_within(Duration::from_secs(10), "the other's decision", |text| {
        text.contains("rejected larkspur/storefront#90")
    });
    watching.send("1");
    // Decided is seen first, answered a moment later.
    watching.wait("a queue without it", |text| {
        text.contains("Waiting for a second key") && !text.contains("storefront#90")
    });
    watching.send("q");
    deciding.send("q");
    assert_eq!(watching.wait_for_end().exit_code(), 0);
    assert_eq!(deciding.wait_for_end().exit_code(), 0);
}

#[test]
fn the_first_start_opens_and_says_what_to_do() {
    let home = home();
    let mut session = Session::start(&[], (80, 24), home.path(), &[]);
    session.wait_for("No sources are configured");
    assert!(session.text().contains("countersign init"), "{}", session.text());
    assert!(session.text().contains("countersign demo"), "{}", session.text());
    session.send("a");
    session.wait_for("nothing to decide");
    session.send("2");
    session.wait_for("No sources are configured");
    // The gate may have been asked by now, and that is the first thing that happened.
    session.send("3");
    session.wait("the page of what happened", |text| {
        text.contains("What happened") || text.contains("No sources are configured")
    });
    // The gate of this host needs no configuration.
    session.send("4");
    session.wait_for("gate/");
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
}

#[test]
fn a_theme_of_ones_own_is_used_and_a_bad_one_names_file_line_and_key() {
    let home = home();
    let theme = home.path().join("mine.toml");
    let config = home.path().join("config.toml");
    let dark = include_str!("../../themes/dark.toml");
    std::fs::write(&theme, dark).unwrap();
    std::fs::write(&config, format!("[ui]\ntheme = {:?}\n", theme.display().to_string())).unwrap();
    let arguments = ["--config", config.to_str().unwrap()];
    let mut session = Session::start(&arguments, (80, 24), home.path(), &[]);
    session.wait_for("No sources are configured");
    session.send("q");
    assert_eq!(session.wait_for_end().exit_code(), 0);
    std::fs::write(&theme, dark.replace("danger", "dnager")).unwrap();
    let mut session = Session::start(&arguments, (120, 24), home.path(), &[]);
    assert_eq!(session.wait_for_end().exit_code(), 1);
    let said = session.text().replace('\n', "");
    assert!(said.contains("mine.toml") && said.contains("dnager"), "{said}");
}

#[test]
fn it_stops_for_the_shell_and_comes_back() {
    let home = home();
    let mut session = demo(&home, (80, 24), &[]);
    session.send("\u{1a}");
    session.wait("a stopped process", |_| session.process_state() == Some('T'));
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
    let is_reversed = |screen: &vt100::Screen| {
        (0..80).all(|column| {
            let cell = screen.cell(3, column).expect("a cell");
            cell.inverse() && cell.fgcolor() == vt100::Color::Default
        })
    };
    session.wait("a reversed row", |_| session.screen(is_reversed));
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
