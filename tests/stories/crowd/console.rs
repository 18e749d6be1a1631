//! A console on a terminal of its own, in which somebody approves by typing.

use super::scene::HALT;
use crate::support::{program::Program, pty::Session};
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// Longer than anything may take here.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Desk(Session);

impl Desk {
    /// Opens it; it may be made to stop at a step.
    pub fn open(program: &Program, halt: Option<&str>) -> Self {
        let halt = format!("{HALT}={}", halt.unwrap_or_default());
        let words = [halt.as_str(), env!("CARGO_BIN_EXE_countersign")];
        let session = program.beside_terminal("/usr/bin/env", (140, 60), &words);
        session.wait_for("Queue");
        Self(session)
    }

    /// Opens the dialog that approves the newest request, which has to be this one, and types what
    /// it asks for.
    pub fn opens(&mut self, name: &str) {
        let Self(session) = self;
        session.wait_for(name);
        session.send("g");
        session.send("a");
        session.wait("an armed dialog", |text| {
            text.contains("[ Cancel ]") && !text.contains("arming") && !text.contains("reading it")
        });
        let asked = asked_for(&session.text());
        session.send(&asked);
        session.wait("the typed text", |text| text.matches(asked.as_str()).count() > 1);
    }

    /// Presses Enter.
    pub fn confirms(&mut self) {
        self.0.send("\r");
    }

    pub fn wait_for(&self, text: &str) {
        self.0.wait_for(text);
    }

    /// Waits until it has come to the step it is to stop at.
    pub fn until_it_halts(&self) {
        let end = Instant::now() + PATIENCE;
        while self.0.process_state() != Some('T') {
            assert!(Instant::now() < end, "it never came to that step:\n{}", self.0.text());
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    /// Kills it; what it showed last.
    pub fn kill(mut self) -> String {
        self.0.signal(Signal::KILL);
        self.0.wait_for_end();
        self.0.text()
    }
}

/// The text a dialog wants typed.
fn asked_for(screen: &str) -> String {
    let line = screen.lines().find(|line| line.contains("and press Enter"));
    let line = line.unwrap_or_else(|| panic!("no question:\n{screen}"));
    let after = line.split("Type ").nth(1).unwrap_or_else(|| panic!("nothing to type:\n{screen}"));
    after.split("  and press").next().unwrap_or_default().trim().to_owned()
}
